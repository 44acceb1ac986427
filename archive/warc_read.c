#include "archive/warc_private.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ZLIB_CONST /* its input is not ours to change */
#include <zlib.h>

#define INPUT_MAX ((size_t)64 << 10)
#define PIECE_MAX ((size_t)256 << 10) /* bytes unpacked at a time */
#define HEAD_PIECE ((size_t)4 << 10)  /* while the header is looked for */
#define DATA_KEEP_MAX                                             \
    ((size_t)8 << 20)         /* what a next record finds as room \
                               */
#define GZIP_WINDOW (15 + 16) /* zlib: largest window, gzip only */

static const struct aw_str record_end = {"\r\n\r\n", 4};
static const struct aw_str next_record = {"WARC/", 5};

struct aw_warc_reader {
    char name[AW_PATH_MAX]; /* for messages and places */
    int fd;                 /* or -1: all of it is in input */
    int64_t end;            /* read no further */
    int64_t offset;         /* of the byte behind input */
    unsigned char *room;    /* what is read of fd goes here */
    const unsigned char *input;
    size_t at, len; /* what of input is still to be used */
    z_stream z;
    bool gzip;
    bool member_ended;
    bool torn;
    int64_t start; /* of this record */
    struct aw_warc_sums sums;
    struct aw_buf head; /* its header */
    struct aw_buf data; /* all that was unpacked: header, block, end */
};

/* --- making and freeing ------------------------------------------------ */

static aw_rc make_reader(struct aw_warc_reader **out, const char *name,
                         struct aw_err *err)
{
    struct aw_warc_reader *reader = calloc(1, sizeof *reader);

    if (!reader || inflateInit2(&reader->z, GZIP_WINDOW) != Z_OK) {
        free(reader);
        return aw_fail(err, AW_NOMEM, "out of memory");
    }
    (void)snprintf(reader->name, sizeof reader->name, "%s", name);
    reader->fd = -1;
    aw_buf_init(&reader->head, AW_WARC_HEADER_MAX);
    aw_buf_init(&reader->data, AW_WARC_RECORD_MAX + 2 * AW_WARC_HEADER_MAX);
    *out = reader;
    return AW_OK;
}

aw_rc aw_warc_reader_take(struct aw_warc_reader **out, int fd,
                          const char *name, int64_t offset, int64_t end,
                          struct aw_err *err)
{
    struct aw_warc_reader *reader = NULL;
    aw_rc rc = make_reader(&reader, name, err);

    if (rc != AW_OK) {
        (void)close(fd);
        return rc;
    }
    reader->fd = fd;
    reader->offset = offset;
    reader->end = end;
    reader->room = malloc(INPUT_MAX);
    reader->input = reader->room;
    if (!reader->room) {
        aw_warc_reader_free(reader);
        return aw_fail(err, AW_NOMEM, "out of memory");
    }
    *out = reader;
    return AW_OK;
}

aw_rc aw_warc_reader_of(struct aw_warc_reader **out, struct aw_str bytes,
                        const char *name, struct aw_err *err)
{
    struct aw_warc_reader *reader = NULL;
    aw_rc rc = make_reader(&reader, name, err);

    if (rc != AW_OK)
        return rc;
    reader->input = (const unsigned char *)bytes.ptr;
    reader->len = bytes.len;
    reader->offset = (int64_t)bytes.len;
    reader->end = (int64_t)bytes.len;
    *out = reader;
    return AW_OK;
}

aw_rc aw_warc_reader_new(struct aw_warc_reader **out, const char *path,
                         int64_t offset, struct aw_err *err)
{
    int fd;

    if (offset < 0)
        return aw_fail(err, AW_INVALID, "'%s' has no offset %" PRId64, path,
                       offset);
    fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return aw_fail_errno(err, errno == ENOENT ? AW_MISSING : AW_IO,
                             "cannot open '%s'", path);
    return aw_warc_reader_take(out, fd, path, offset, INT64_MAX, err);
}

void aw_warc_reader_free(struct aw_warc_reader *reader)
{
    if (!reader)
        return;
    (void)inflateEnd(&reader->z);
    aw_buf_deinit(&reader->head);
    aw_buf_deinit(&reader->data);
    free(reader->room);
    if (reader->fd >= 0)
        (void)close(reader->fd);
    free(reader);
}

bool aw_warc_reader_torn(const struct aw_warc_reader *reader)
{
    return reader->torn;
}

int64_t aw_warc_reader_start(const struct aw_warc_reader *reader)
{
    return reader->start;
}

int64_t aw_warc_reader_tell(const struct aw_warc_reader *reader)
{
    return reader->offset - (int64_t)(reader->len - reader->at);
}

/* --- bytes -------------------------------------------------------------- */

/* Reads on where input is used up; at the end of the file it stays so. */
static aw_rc fill(struct aw_warc_reader *reader, struct aw_err *err)
{
    int64_t left = reader->end - reader->offset;
    size_t want = left < (int64_t)INPUT_MAX ? (size_t)left : INPUT_MAX;
    ssize_t got;

    if (reader->at < reader->len || reader->fd < 0)
        return AW_OK;
    reader->at = 0;
    reader->len = 0;
    do
        got = pread(reader->fd, reader->room, want, reader->offset);
    while (got < 0 && errno == EINTR);
    if (got < 0)
        return aw_fail_errno(err, AW_IO, "cannot read");
    reader->len = (size_t)got;
    reader->offset += got;
    return AW_OK;
}

static aw_rc torn(struct aw_warc_reader *reader, struct aw_err *err)
{
    reader->torn = true;
    return aw_fail(err, AW_INVALID, "the file ends within the record");
}

static aw_rc inflate_piece(struct aw_warc_reader *reader, char *to, size_t max,
                           size_t *got, struct aw_err *err)
{
    z_stream *z = &reader->z;
    size_t left = reader->len - reader->at;
    uInt given = left < UINT_MAX ? (uInt)left : UINT_MAX;
    int status;

    z->next_in = reader->input + reader->at;
    z->avail_in = given;
    z->next_out = (Bytef *)to;
    z->avail_out = (uInt)max;
    status = inflate(z, Z_NO_FLUSH);
    reader->at += given - z->avail_in;
    *got = max - z->avail_out;
    if (status == Z_STREAM_END)
        reader->member_ended = true;
    else if (status == Z_MEM_ERROR)
        return aw_fail(err, AW_NOMEM, "out of memory");
    else if (status != Z_OK && status != Z_BUF_ERROR)
        return aw_fail(err, AW_INVALID, "gzip: %s",
                       z->msg ? z->msg : "not a whole member");
    return AW_OK;
}

/* Appends up to max (at most PIECE_MAX) bytes to data. *got is 0 only at the
 * end of the gzip member, or of a plain file. */
static aw_rc pull(struct aw_warc_reader *reader, size_t max, size_t *got,
                  struct aw_err *err)
{
    char *to = aw_buf_reserve(&reader->data, max);
    aw_rc rc = AW_OK;

    *got = 0;
    if (!to)
        return aw_buf_check(&reader->data, err);
    while (rc == AW_OK && *got == 0 && !reader->member_ended) {
        rc = fill(reader, err);
        if (rc == AW_OK && reader->at == reader->len)
            return reader->gzip ? torn(reader, err) : AW_OK;
        if (rc == AW_OK && reader->gzip) {
            rc = inflate_piece(reader, to, max, got, err);
        } else if (rc == AW_OK) {
            size_t left = reader->len - reader->at;

            *got = left < max ? left : max;
            memcpy(to, reader->input + reader->at, *got);
            reader->at += *got;
        }
    }
    if (rc == AW_OK)
        reader->data.len += *got;
    return rc;
}

/* --- one record --------------------------------------------------------- */

/* AW_MISSING where there is nothing more. */
static aw_rc start_record(struct aw_warc_reader *reader, struct aw_err *err)
{
    aw_rc rc = fill(reader, err);

    reader->start = aw_warc_reader_tell(reader);
    reader->member_ended = false;
    reader->torn = false;
    if (rc != AW_OK)
        return rc;
    if (reader->at == reader->len)
        return aw_fail(err, AW_MISSING, "no more records");
    reader->gzip = reader->input[reader->at] == 0x1F;
    (void)inflateReset(&reader->z);
    aw_buf_reset(&reader->head);
    aw_buf_reset(&reader->data);
    if (reader->data.cap > DATA_KEEP_MAX) {
        size_t max = reader->data.max;

        aw_buf_deinit(&reader->data);
        aw_buf_init(&reader->data, max);
    }
    return AW_OK;
}

/* Pulls until the header is whole; it goes to reader->head. */
static aw_rc read_head(struct aw_warc_reader *reader, struct aw_err *err)
{
    size_t from = 0, got;

    for (;;) {
        struct aw_str data = aw_buf_str(&reader->data);
        ptrdiff_t at =
            aw_str_find(aw_str_sub(data, from, data.len), record_end);
        aw_rc rc;

        if (at >= 0) {
            aw_buf_append(&reader->head, data.ptr,
                          from + (size_t)at + record_end.len);
            return aw_buf_check(&reader->head, err);
        }
        if (data.len >= AW_WARC_HEADER_MAX)
            return aw_fail(err, AW_LIMIT,
                           "a WARC header of more than %zu bytes",
                           AW_WARC_HEADER_MAX);
        from = data.len >= record_end.len ? data.len - record_end.len + 1 : 0;
        rc = pull(reader, HEAD_PIECE, &got, err);
        if (rc != AW_OK)
            return rc;
        if (got == 0)
            return reader->gzip
                       ? aw_fail(err, AW_INVALID, "the header has no end")
                       : torn(reader, err);
    }
}

/* What was pulled of the next record goes back. Only a plain file gives more
 * than was asked for, and never more than lies in input. */
static void push_back(struct aw_warc_reader *reader, size_t whole)
{
    if (reader->gzip || reader->data.len <= whole)
        return;
    reader->at -= reader->data.len - whole;
    reader->data.len = whole;
}

/* A gzip member has more in it than its record, from byte `whole` on. */
static aw_rc goes_on(const struct aw_warc_reader *reader, size_t whole,
                     struct aw_err *err)
{
    struct aw_str more =
        aw_str_sub(aw_buf_str(&reader->data), whole, next_record.len);

    if (aw_str_starts(next_record, more))
        return aw_fail(err, AW_INVALID,
                       "several records in one gzip member: the file was "
                       "compressed as a whole and not record by record; "
                       "unpack it with gunzip and read what comes out");
    return aw_fail(err, AW_INVALID,
                   "the gzip member goes on behind the record");
}

/* Pulls block and record end. The room grows with what comes, not with what
 * the header says. */
static aw_rc read_block(struct aw_warc_reader *reader, size_t block_len,
                        struct aw_err *err)
{
    size_t whole = reader->head.len + block_len + record_end.len;
    size_t got = 1;

    while (reader->data.len < whole) {
        size_t left = whole - reader->data.len;
        aw_rc rc =
            pull(reader, left < PIECE_MAX ? left : PIECE_MAX, &got, err);

        if (rc != AW_OK)
            return rc;
        if (got == 0)
            return reader->gzip
                       ? aw_fail(err, AW_INVALID,
                                 "the block is shorter than Content-Length")
                       : torn(reader, err);
    }
    push_back(reader, whole);
    if (memcmp(reader->data.ptr + whole - record_end.len, record_end.ptr,
               record_end.len) != 0)
        return aw_fail(err, AW_INVALID,
                       "the record does not end where Content-Length says");
    return reader->data.len > whole ? goes_on(reader, whole, err) : AW_OK;
}

/* The gzip member must end with the record: its checksum is read, and that
 * nothing more is in it. */
static aw_rc end_member(struct aw_warc_reader *reader, struct aw_err *err)
{
    size_t got = 0;
    aw_rc rc = reader->gzip ? pull(reader, next_record.len, &got, err) : AW_OK;

    if (rc == AW_OK && got > 0)
        rc = goes_on(reader, reader->data.len - got, err);
    return rc;
}

static void split_block(struct aw_warc_reader *reader,
                        struct aw_warc_record *record, size_t block_len)
{
    struct aw_str block =
        aw_str_sub(aw_buf_str(&reader->data), reader->head.len, block_len);
    size_t head_len = 0;

    if (aw_warc_is_http(record)) {
        head_len = aw_http_head_len(block);
        if (head_len == 0) /* torn off within the head */
            head_len = block.len;
    }
    record->head = aw_str_sub(block, 0, head_len);
    record->body = aw_str_sub(block, head_len, block.len);
}

/* --- digests ------------------------------------------------------------ */

/* Does what is stated hold of the parts, whose SHA-256 is known already?
 * An algorithm that is not known holds of anything. */
static aw_rc holds(struct aw_warc_reader *reader,
                   const struct aw_warc_digest *stated,
                   const struct aw_str *parts, size_t count,
                   const char *sha256, bool *out, struct aw_err *err)
{
    struct aw_warc_digest made = {.algorithm = stated->algorithm};
    char hex[AW_SHA256_HEX_MAX];
    aw_rc rc = AW_OK;

    *out = true;
    if (!stated->algorithm)
        return AW_OK;
    aw_warc_digest_hex(stated, hex);
    if (hex[0] != '\0') {
        *out = strcmp(hex, sha256) == 0;
    } else {
        rc = aw_warc_digest_make(&made, parts, count, err);
        *out = rc == AW_OK && aw_warc_digest_same(stated, &made);
    }
    reader->sums.digests += *out;
    return rc;
}

static bool is_sha1_of_nothing(const struct aw_warc_digest *stated)
{
    static const struct aw_warc_digest nothing = {
        .len = 20,
        .bytes = {0xDA, 0x39, 0xA3, 0xEE, 0x5E, 0x6B, 0x4B, 0x0D, 0x32, 0x55,
                  0xBF, 0xEF, 0x95, 0x60, 0x18, 0x90, 0xAF, 0xD8, 0x07, 0x09}};

    return aw_warc_digest_same(stated, &nothing);
}

static aw_rc check_block(struct aw_warc_reader *reader,
                         struct aw_warc_record *record,
                         const struct aw_warc_digest *stated,
                         struct aw_err *err)
{
    const struct aw_str parts[] = {record->head, record->body};
    bool same;
    aw_rc rc;

    aw_sha256_parts(parts, 2, record->block_digest);
    if (record->type == AW_WARC_REVISIT && is_sha1_of_nothing(stated)) {
        reader->sums.unknown++;
        return AW_OK;
    }
    rc = holds(reader, stated, parts, 2, record->block_digest, &same, err);
    if (rc == AW_OK && !same)
        rc = aw_fail(err, AW_INVALID,
                     "the block is not the one of WARC-Block-Digest");
    return rc;
}

/* Other writers take the payload's digest before a transfer-coding, or before
 * the payload was cut; then the block's digest alone must be right. That of a
 * segment is one of the whole. */
static bool payload_may_differ(const struct aw_warc_record *record,
                               const struct aw_warc_digest *block)
{
    return record->segment > 0 ||
           (block->algorithm &&
            (record->truncated.len > 0 ||
             aw_warc_http_field(record->head, AW_STR("transfer-encoding"))
                     .len > 0));
}

static aw_rc check_payload(struct aw_warc_reader *reader,
                           struct aw_warc_record *record,
                           const struct aw_warc_digest *stated,
                           const struct aw_warc_digest *block,
                           struct aw_err *err)
{
    char sha256[AW_SHA256_HEX_MAX];
    bool same;
    aw_rc rc;

    if (record->type == AW_WARC_REVISIT) { /* of a payload elsewhere */
        aw_warc_digest_hex(stated, record->payload_digest);
        return AW_OK;
    }
    if (record->head.len == 0)
        memcpy(sha256, record->block_digest, sizeof sha256);
    else
        aw_sha256_hex(record->body, sha256);
    rc = holds(reader, stated, &record->body, 1, sha256, &same, err);
    if (rc == AW_OK && !same && !payload_may_differ(record, block))
        rc = aw_fail(err, AW_INVALID,
                     "the payload is not the one of WARC-Payload-Digest");
    if (rc == AW_OK && aw_warc_has_payload(record))
        memcpy(record->payload_digest, sha256, sizeof sha256);
    return rc;
}

static aw_rc check_digests(struct aw_warc_reader *reader,
                           struct aw_warc_record *record,
                           const struct aw_warc_stated *stated,
                           struct aw_err *err)
{
    struct aw_warc_digest block, payload;
    aw_rc rc = aw_warc_digest_parse(stated->block_digest, &block, err);

    if (rc == AW_OK)
        rc = aw_warc_digest_parse(stated->payload_digest, &payload, err);
    if (rc != AW_OK)
        return rc;
    reader->sums.unknown +=
        (stated->block_digest.len > 0 && !block.algorithm) +
        (stated->payload_digest.len > 0 && !payload.algorithm);
    rc = check_block(reader, record, &block, err);
    if (rc == AW_OK)
        rc = check_payload(reader, record, &payload, &block, err);
    return rc;
}

struct aw_warc_sums aw_warc_reader_sums(const struct aw_warc_reader *reader)
{
    return reader->sums;
}

/* --- the next one ------------------------------------------------------- */

static aw_rc read_record(struct aw_warc_reader *reader,
                         struct aw_warc_record *record, bool *known,
                         struct aw_err *err)
{
    struct aw_warc_stated stated = {0};
    aw_rc rc = read_head(reader, err);

    if (rc == AW_OK)
        rc = aw_warc_head_parse(&reader->head, record, &stated, err);
    if (rc == AW_OK)
        rc = read_block(reader, (size_t)stated.length, err);
    if (rc == AW_OK)
        rc = end_member(reader, err);
    *known = stated.known;
    if (rc != AW_OK || !stated.known)
        return rc;
    split_block(reader, record, (size_t)stated.length);
    aw_warc_describe(record);
    return check_digests(reader, record, &stated, err);
}

static void fill_place(const struct aw_warc_reader *reader,
                       struct aw_warc_place *place)
{
    char dir[AW_PATH_MAX];
    struct aw_err ignored; /* a name that is too long stays empty */

    *place = (struct aw_warc_place){.offset = reader->start};
    place->length = aw_warc_reader_tell(reader) - reader->start;
    if (aw_warc_split_path(reader->name, dir, place->file, &ignored) != AW_OK)
        place->file[0] = '\0';
}

aw_rc aw_warc_next(struct aw_warc_reader *reader,
                   struct aw_warc_record *record, struct aw_warc_place *place,
                   struct aw_err *err)
{
    struct aw_warc_record made;
    bool known = false;

    while (!known) {
        aw_rc rc = start_record(reader, err);

        if (rc == AW_OK)
            rc = read_record(reader, &made, &known, err);
        if (rc == AW_MISSING)
            return rc;
        if (rc != AW_OK)
            return aw_fail_in(err, "'%s' at %" PRId64, reader->name,
                              reader->start);
    }
    *record = made;
    if (place)
        fill_place(reader, place);
    return AW_OK;
}

struct aw_str aw_warc_reader_raw(const struct aw_warc_reader *reader)
{
    return aw_buf_str(&reader->data);
}
