#include "archive/warc_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PREFIX_MAX 60
#define SERIAL_MAX 99999u
#define FLUSH_AT ((size_t)1 << 20) /* bytes that wait before a write */
/* Bytes of index that fill a file too: long URLs pack well, so that their
 * lines can outgrow the records, and the index is sorted in memory. */
#define INDEX_FULL ((int64_t)128 << 20)
#define PLAIN_KEEP_MAX ((size_t)8 << 20)

struct aw_warc_writer {
    char dir[AW_PATH_MAX];
    char prefix[PREFIX_MAX + 1];
    struct aw_buf info;
    int64_t file_max;
    const struct aw_clock *clock;
    struct aw_rng *rng;
    struct aw_gzip *gzip;
    struct aw_buf plain; /* one record before it is packed */
    unsigned serial;
    /* The open file; none where warc.fd is -1. */
    char name[AW_WARC_NAME_MAX];
    char info_id[AW_UUID_URN_MAX];
    struct aw_grow warc, index;
    bool sealing; /* it takes no more records: sealing it failed midway */
};

/* --- making and freeing ------------------------------------------------ */

static aw_rc check_config(const struct aw_warc_config *config,
                          struct aw_err *err)
{
    size_t len = strlen(config->prefix);

    if (len == 0 || len > PREFIX_MAX || config->prefix[0] == '.')
        return aw_fail(err, AW_INVALID,
                       "the archive's prefix '%.80s' must have 1 to %d bytes "
                       "and not start with a dot",
                       config->prefix, PREFIX_MAX);
    for (size_t i = 0; i < len; i++) {
        char c = config->prefix[i];

        if (!aw_ascii_alpha(c) && !aw_ascii_digit(c) && c != '-' && c != '_')
            return aw_fail(err, AW_INVALID,
                           "the archive's prefix '%s' may have letters, "
                           "digits, '-' and '_'",
                           config->prefix);
    }
    if (config->level < 0 || config->level > 12 || config->file_max < 0)
        return aw_fail(err, AW_INVALID,
                       "gzip level %d: take 0 to 12, and a size above 0",
                       config->level);
    return AW_OK;
}

static aw_rc fill_writer(struct aw_warc_writer *writer,
                         const struct aw_warc_config *config,
                         struct aw_err *err)
{
    aw_rc rc = aw_path_join(writer->dir, config->dir, "", err);

    if (rc != AW_OK)
        return rc;
    (void)snprintf(writer->dir, sizeof writer->dir, "%s", config->dir);
    (void)snprintf(writer->prefix, sizeof writer->prefix, "%s",
                   config->prefix);
    writer->file_max =
        config->file_max > 0 ? config->file_max : AW_WARC_FILE_MAX;
    writer->clock = config->clock;
    writer->rng = config->rng;
    aw_buf_puts(&writer->info, config->info
                                   ? config->info
                                   : "format: WARC File Format 1.1\r\n");
    rc = aw_gzip_new(&writer->gzip, config->level, err);
    return rc == AW_OK ? aw_buf_check(&writer->info, err) : rc;
}

aw_rc aw_warc_writer_new(struct aw_warc_writer **out,
                         const struct aw_warc_config *config,
                         struct aw_err *err)
{
    struct aw_warc_writer *writer;
    aw_rc rc = check_config(config, err);

    if (rc == AW_OK)
        rc = aw_mkdirs(config->dir, err);
    if (rc != AW_OK)
        return rc;
    writer = calloc(1, sizeof *writer);
    if (!writer)
        return aw_fail(err, AW_NOMEM, "out of memory");
    aw_buf_init(&writer->info, AW_WARC_INFO_MAX);
    aw_buf_init(&writer->plain, AW_WARC_RECORD_MAX + 2 * AW_WARC_HEADER_MAX);
    aw_grow_init(&writer->warc, 2 * AW_WARC_RECORD_MAX);
    aw_grow_init(&writer->index, AW_CDXJ_MAX);
    rc = fill_writer(writer, config, err);
    if (rc == AW_OK)
        *out = writer;
    else
        aw_warc_writer_free(writer);
    return rc;
}

void aw_warc_writer_free(struct aw_warc_writer *writer)
{
    if (!writer)
        return;
    aw_grow_deinit(&writer->warc);
    aw_grow_deinit(&writer->index);
    aw_buf_deinit(&writer->plain);
    aw_buf_deinit(&writer->info);
    aw_gzip_free(writer->gzip);
    free(writer);
}

static bool is_open(const struct aw_warc_writer *writer)
{
    return writer->warc.fd >= 0;
}

/* --- one record -------------------------------------------------------- */

static void fill_payload_digest(struct aw_warc_record *record)
{
    if (!aw_warc_has_payload(record))
        record->payload_digest[0] = '\0';
    else if (record->type != AW_WARC_REVISIT || record->body.len > 0)
        aw_sha256_hex(record->body, record->payload_digest);
    for (char *c = record->payload_digest; *c; c++)
        *c = aw_ascii_lower(*c);
}

static void fill_block_digest(struct aw_warc_record *record)
{
    const struct aw_str parts[] = {record->head, record->body};

    if (record->type == AW_WARC_REVISIT) /* its body is not in the block */
        aw_sha256_hex(record->head, record->block_digest);
    else
        aw_sha256_parts(parts, 2, record->block_digest);
}

static aw_rc check_digests(const struct aw_warc_record *record,
                           struct aw_err *err)
{
    bool needed =
        aw_warc_has_payload(record) && record->profile != AW_WARC_NOT_MODIFIED;

    if (record->block_digest[0] == '\0' ||
        (needed && record->payload_digest[0] == '\0'))
        return aw_fail(err, AW_NOMEM, "no memory for a digest");
    return AW_OK;
}

/* Lays the record out in writer->plain. */
static aw_rc lay_out(struct aw_warc_writer *writer,
                     struct aw_warc_record *record, const char *file,
                     struct aw_err *err)
{
    struct aw_buf *plain = &writer->plain;
    aw_rc rc;

    if (record->id[0] == '\0')
        aw_rng_uuid_urn(writer->rng, record->id);
    if (record->date_ms == 0)
        record->date_ms = aw_clock_wall(writer->clock);
    aw_warc_describe(record);
    fill_payload_digest(record);
    fill_block_digest(record);
    rc = check_digests(record, err);
    if (rc != AW_OK)
        return rc;
    aw_buf_reset(plain);
    aw_warc_head_put(plain, record, writer->info_id, file);
    if (plain->len > AW_WARC_HEADER_MAX)
        return aw_fail(err, AW_LIMIT, "a WARC header of more than %zu bytes",
                       AW_WARC_HEADER_MAX);
    aw_buf_put(plain, record->head);
    if (record->type != AW_WARC_REVISIT)
        aw_buf_put(plain, record->body);
    aw_buf_puts(plain, "\r\n\r\n");
    return aw_buf_check(plain, err);
}

/* A record that fits nowhere leaves no trace in either buffer. */
static aw_rc add_record(struct aw_warc_writer *writer,
                        struct aw_warc_record *record, const char *file,
                        struct aw_warc_place *place, struct aw_err *err)
{
    struct aw_warc_place made = {.offset = aw_grow_size(&writer->warc)};
    struct aw_buf *lines = &writer->index.wait;
    size_t lines_len = lines->len;
    size_t len = 0;
    aw_rc rc = lay_out(writer, record, file, err);

    if (rc == AW_OK)
        rc = aw_gzip_pack(writer->gzip, aw_buf_str(&writer->plain),
                          &writer->warc.wait, &len, err);
    memcpy(made.file, writer->name, sizeof made.file);
    made.length = (int64_t)len;
    if (rc == AW_OK) {
        aw_cdxj_put(lines, record, &made);
        rc = aw_buf_check(lines, err);
    }
    if (rc == AW_OK) {
        writer->warc.wait.len += len;
        *place = made;
    } else {
        lines->len = lines_len;
        lines->rc = AW_OK;
        writer->warc.wait.rc = AW_OK;
    }
    if (writer->plain.cap > PLAIN_KEEP_MAX) {
        size_t max = writer->plain.max;

        aw_buf_deinit(&writer->plain);
        aw_buf_init(&writer->plain, max);
    }
    return rc;
}

/* --- files -------------------------------------------------------------- */

static void close_files(struct aw_warc_writer *writer)
{
    aw_grow_close(&writer->warc);
    aw_grow_close(&writer->index);
    writer->sealing = false;
}

/* Back to the last sync. A file that never was synced goes away. */
static void cut_back(struct aw_warc_writer *writer)
{
    aw_grow_cut(&writer->warc);
    aw_grow_cut(&writer->index);
    if (writer->warc.kept > 0)
        return;
    (void)unlink(writer->index.path);
    (void)unlink(writer->warc.path);
    close_files(writer);
}

static void next_name(struct aw_warc_writer *writer)
{
    char stamp[AW_TIME_MAX];

    aw_time_compact(aw_clock_wall(writer->clock), stamp);
    (void)snprintf(writer->name, sizeof writer->name,
                   "%.*s-%.17s-%05u" AW_WARC_SUFFIX, PREFIX_MAX,
                   writer->prefix, stamp, writer->serial % (SERIAL_MAX + 1));
    writer->serial++;
}

/* AW_BUSY where the name is taken, by a finished file too. */
static aw_rc open_named(struct aw_warc_writer *writer, struct aw_err *err)
{
    char warc[AW_PATH_MAX], warc_open[AW_PATH_MAX], index[AW_PATH_MAX];
    aw_rc rc = aw_warc_path(warc, writer->dir, writer->name, "", err);

    if (rc == AW_OK)
        rc = aw_warc_path(warc_open, writer->dir, writer->name, AW_OPEN_SUFFIX,
                          err);
    if (rc == AW_OK)
        rc = aw_cdxj_path(index, writer->dir, writer->name, AW_OPEN_SUFFIX,
                          err);
    if (rc == AW_OK && aw_path_exists(warc))
        rc = aw_fail(err, AW_BUSY, "'%s' is there already", warc);
    if (rc == AW_OK)
        rc = aw_grow_open(&writer->warc, warc_open, err);
    if (rc != AW_OK)
        return rc;
    rc = aw_grow_open(&writer->index, index, err);
    if (rc == AW_OK)
        rc = aw_warc_sync_dir(writer->dir, err);
    if (rc == AW_OK)
        return AW_OK;
    if (writer->index.fd >= 0)
        (void)unlink(index);
    (void)unlink(warc_open);
    close_files(writer);
    return rc;
}

static aw_rc add_warcinfo(struct aw_warc_writer *writer, struct aw_err *err)
{
    struct aw_warc_place place;
    struct aw_warc_record record = {
        .type = AW_WARC_WARCINFO,
        .date_ms = aw_clock_wall(writer->clock),
        .content_type = AW_STR(AW_WARC_INFO_TYPE),
        .body = aw_buf_str(&writer->info),
    };
    aw_rc rc = add_record(writer, &record, writer->name, &place, err);

    memcpy(writer->info_id, record.id, sizeof writer->info_id);
    return rc;
}

static aw_rc open_file(struct aw_warc_writer *writer, struct aw_err *err)
{
    aw_rc rc = AW_BUSY;

    for (unsigned i = 0; rc == AW_BUSY && i <= SERIAL_MAX; i++) {
        next_name(writer);
        rc = open_named(writer, err);
    }
    if (rc != AW_OK)
        return rc;
    rc = add_warcinfo(writer, err);
    if (rc != AW_OK)
        cut_back(writer);
    return rc;
}

static aw_rc flush(struct aw_warc_writer *writer, struct aw_err *err)
{
    aw_rc rc = aw_grow_flush(&writer->warc, err);

    return rc == AW_OK ? aw_grow_flush(&writer->index, err) : rc;
}

/* The index needs no fdatasync: recovery makes it anew from the records. */
static aw_rc flush_and_sync(struct aw_warc_writer *writer, struct aw_err *err)
{
    aw_rc rc = flush(writer, err);

    if (rc == AW_OK && writer->warc.kept == writer->warc.written)
        return AW_OK;
    if (rc == AW_OK && fdatasync(writer->warc.fd) != 0)
        rc = aw_fail_errno(err, AW_IO, "cannot fdatasync '%s'",
                           writer->warc.path);
    if (rc != AW_OK)
        return rc;
    writer->warc.kept = writer->warc.written;
    writer->index.kept = writer->index.written;
    return AW_OK;
}

aw_rc aw_warc_sync(struct aw_warc_writer *writer, struct aw_err *err)
{
    aw_rc rc;

    if (!is_open(writer))
        return AW_OK;
    rc = flush_and_sync(writer, err);
    if (rc != AW_OK)
        cut_back(writer);
    return rc;
}

aw_rc aw_warc_close(struct aw_warc_writer *writer, struct aw_err *err)
{
    struct aw_buf lines;
    aw_rc rc = aw_warc_sync(writer, err);

    if (rc != AW_OK || !is_open(writer))
        return rc;
    writer->sealing = true;
    aw_buf_init(&lines, AW_CDXJ_MAX);
    if (aw_path_exists(writer->index.path))
        rc = aw_file_read(writer->index.path, &lines, err);
    if (rc == AW_OK)
        rc = aw_warc_seal(writer->dir, writer->name, aw_buf_str(&lines), err);
    aw_buf_deinit(&lines);
    if (rc == AW_OK)
        close_files(writer);
    return rc;
}

static bool is_full(const struct aw_warc_writer *writer)
{
    return writer->sealing ||
           aw_grow_size(&writer->warc) >= writer->file_max ||
           aw_grow_size(&writer->index) >= INDEX_FULL;
}

static bool much_waits(const struct aw_warc_writer *writer)
{
    return writer->warc.wait.len >= FLUSH_AT ||
           writer->index.wait.len >= FLUSH_AT;
}

/* An open file with room, and not too much that waits. */
static aw_rc make_room(struct aw_warc_writer *writer, struct aw_err *err)
{
    aw_rc rc = AW_OK;

    if (is_open(writer) && is_full(writer))
        rc = aw_warc_close(writer, err);
    if (rc == AW_OK && is_open(writer) && much_waits(writer)) {
        rc = flush(writer, err);
        if (rc != AW_OK)
            cut_back(writer);
    }
    if (rc == AW_OK && !is_open(writer))
        rc = open_file(writer, err);
    return rc;
}

aw_rc aw_warc_append(struct aw_warc_writer *writer,
                     struct aw_warc_record *record,
                     struct aw_warc_place *place, struct aw_err *err)
{
    aw_rc rc = aw_warc_record_check(record, err);

    if (rc == AW_OK)
        rc = make_room(writer, err);
    return rc == AW_OK ? add_record(writer, record, NULL, place, err) : rc;
}
