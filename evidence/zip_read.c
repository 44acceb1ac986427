#include <stdlib.h>

#include "evidence/zip_private.h"

#define SCRATCH_MAX ((size_t)1 << 10) /* bytes of one header */

struct reader {
    struct aw_zip *zip;
    struct aw_zip_directory directory;
    uint64_t local;   /* where the next local header must stand */
    uint64_t central; /* where the next central header must stand */
    struct aw_buf scratch;
};

void aw_zip_deinit(struct aw_zip *zip)
{
    free(zip->entries);
    *zip = (struct aw_zip){0};
}

/* The header that was put in scratch stands at that place. */
static bool stands_at(const struct reader *reader, uint64_t at)
{
    struct aw_str want = aw_buf_str(&reader->scratch);

    return want.len > 0 &&
           aw_str_eq(aw_str_sub(reader->zip->bytes, at, want.len), want);
}

/* --- the end record ---------------------------------------------------- */

static bool has_magic(struct aw_str bytes, uint64_t at, const char *magic)
{
    return aw_str_starts(aw_str_sub(bytes, at, 4), (struct aw_str){magic, 4});
}

/* A comment may be behind the end record: is that all? */
static bool has_comment(struct aw_str bytes)
{
    for (size_t len = 1; len <= 0xFFFF && len + AW_ZIP_END_LEN <= bytes.len;
         len++) {
        size_t at = bytes.len - AW_ZIP_END_LEN - len;

        if (has_magic(bytes, at, "PK\5\6") &&
            aw_zip_u16(bytes.ptr + at + 20) == len)
            return true;
    }
    return false;
}

static aw_rc no_end(struct aw_str bytes, struct aw_err *err)
{
    if (has_comment(bytes))
        return aw_fail(err, AW_INVALID,
                       "the zip has a comment behind its end record, or "
                       "bytes follow");
    return aw_fail(err, AW_INVALID,
                   "the file does not end with a zip's end record: it is "
                   "cut off, or bytes follow");
}

/* Whether the numbers are in zip64's record is known by those in the end
 * record; that all the others are right, by making both anew. */
static aw_rc read_directory(struct aw_str bytes, struct aw_zip_directory *d,
                            struct aw_err *err)
{
    const char *end;

    if (bytes.len < AW_ZIP_END_LEN ||
        !has_magic(bytes, bytes.len - AW_ZIP_END_LEN, "PK\5\6"))
        return no_end(bytes, err);
    end = bytes.ptr + bytes.len - AW_ZIP_END_LEN;
    *d = (struct aw_zip_directory){aw_zip_u16(end + 10), aw_zip_u32(end + 16),
                                   aw_zip_u32(end + 12)};
    if ((d->count == AW_ZIP_COUNT_64 || d->offset == AW_ZIP_64 ||
         d->len == AW_ZIP_64) &&
        bytes.len >= AW_ZIP_END64_LEN + AW_ZIP_END_LEN) {
        const char *end64 = end - AW_ZIP_END64_LEN;

        *d = (struct aw_zip_directory){aw_zip_u64(end64 + 32),
                                       aw_zip_u64(end64 + 48),
                                       aw_zip_u64(end64 + 40)};
    }
    if (d->count > AW_ZIP_ENTRIES_MAX)
        return aw_fail(err, AW_LIMIT, "%llu entries: more than %zu",
                       (unsigned long long)d->count, AW_ZIP_ENTRIES_MAX);
    return AW_OK;
}

static aw_rc check_directory(struct reader *reader, struct aw_err *err)
{
    const struct aw_zip_directory *d = &reader->directory;
    size_t len = reader->zip->bytes.len;

    aw_buf_reset(&reader->scratch);
    aw_zip_directory_put(&reader->scratch, d);
    if (d->offset > len || d->len > len - d->offset ||
        reader->scratch.len != len - d->offset - d->len)
        return aw_fail(err, AW_INVALID,
                       "the central directory is not where the end record "
                       "says");
    if (!stands_at(reader, d->offset + d->len))
        return aw_fail(err, AW_INVALID, "the zip's end record is false");
    if (d->count > d->len / AW_ZIP_CENTRAL_LEN)
        return aw_fail(err, AW_INVALID,
                       "the central directory has no room for %llu entries",
                       (unsigned long long)d->count);
    return AW_OK;
}

/* --- one entry --------------------------------------------------------- */

static aw_rc bad_central(struct aw_err *err)
{
    return aw_fail(err, AW_INVALID, "the central directory is false");
}

/* What the central header says that it alone knows; its place must be. */
static aw_rc read_head(const struct reader *reader, struct aw_zip_head *head,
                       struct aw_err *err)
{
    struct aw_str bytes = reader->zip->bytes;
    uint64_t end = reader->directory.offset + reader->directory.len;
    const char *at = bytes.ptr + reader->central;
    struct aw_str extra;

    if (end - reader->central < AW_ZIP_CENTRAL_LEN ||
        !has_magic(bytes, reader->central, "PK\1\2") ||
        end - reader->central < AW_ZIP_CENTRAL_LEN +
                                    (uint64_t)aw_zip_u16(at + 28) +
                                    aw_zip_u16(at + 30))
        return bad_central(err);
    *head =
        (struct aw_zip_head){{at + AW_ZIP_CENTRAL_LEN, aw_zip_u16(at + 28)},
                             aw_zip_u32(at + 24),
                             reader->local,
                             aw_zip_u32(at + 16),
                             aw_zip_u16(at + 12),
                             aw_zip_u16(at + 14)};
    extra = aw_str_sub(bytes,
                       reader->central + AW_ZIP_CENTRAL_LEN + head->name.len,
                       aw_zip_u16(at + 30));
    if (head->size == AW_ZIP_64 && extra.len >= 12)
        head->size = aw_zip_u64(extra.ptr + 4);
    return AW_OK;
}

static bool is_no_file(const char *central)
{
    unsigned mode = aw_zip_u16(central + 40);

    return (mode & AW_ZIP_UNIX_TYPE) != AW_ZIP_UNIX_REGULAR;
}

/* Why a central header is not the one that the writer would have put: the
 * first of these that fits. */
static const char *central_fault(const char *at, uint64_t offset)
{
    unsigned flags = aw_zip_u16(at + 8);
    unsigned method = aw_zip_u16(at + 10);

    if (flags & AW_ZIP_FLAG_ENCRYPTED)
        return "it is encrypted";
    if (method != 0 || aw_zip_u32(at + 20) != aw_zip_u32(at + 24))
        return "it is compressed";
    if (flags & AW_ZIP_FLAG_DESCRIPTOR)
        return "it has a data descriptor";
    if (is_no_file(at))
        return "it is a folder or a link";
    if (aw_zip_u16(at + 32) != 0)
        return "it has a comment";
    if (aw_zip_u32(at + 42) != (offset < AW_ZIP_64 ? offset : AW_ZIP_64))
        return "it does not follow the entry before: there are bytes "
               "between, or it overlaps";
    return "its central header is false";
}

static aw_rc check_central(struct reader *reader,
                           const struct aw_zip_head *head, struct aw_err *err)
{
    const char *at = reader->zip->bytes.ptr + reader->central;

    aw_buf_reset(&reader->scratch);
    aw_zip_central_put(&reader->scratch, head);
    if (!stands_at(reader, reader->central))
        return aw_fail(err, AW_INVALID, "%s", central_fault(at, head->offset));
    reader->central += reader->scratch.len;
    return AW_OK;
}

static aw_rc check_local(struct reader *reader, const struct aw_zip_head *head,
                         struct aw_str *data, struct aw_err *err)
{
    uint64_t room = reader->directory.offset - reader->local;
    size_t len = aw_zip_local_len(head);

    aw_buf_reset(&reader->scratch);
    aw_zip_local_put(&reader->scratch, head);
    if (!stands_at(reader, reader->local) || room < len)
        return aw_fail(err, AW_INVALID,
                       "its local header is not that of the central "
                       "directory");
    if (head->size > room - len)
        return aw_fail(err, AW_INVALID,
                       "it is said to be longer than the file");
    *data = aw_str_sub(reader->zip->bytes, reader->local + len, head->size);
    reader->local += len + head->size;
    return AW_OK;
}

/* Times stand outside all digests: so there is one, which what is in the
 * files can be held against. */
static aw_rc check_time(const struct reader *reader,
                        const struct aw_zip_head *head, struct aw_err *err)
{
    const struct aw_zip_entry *first = reader->zip->entries;

    return reader->zip->count == 0 ||
                   (head->time == first->time && head->date == first->date)
               ? AW_OK
               : aw_fail(err, AW_INVALID,
                         "it is of another time than the first entry");
}

static aw_rc read_entry(struct reader *reader, struct aw_zip_entry *entry,
                        struct aw_err *err)
{
    struct aw_zip_head head = {0};
    const char *fault;
    aw_rc rc = read_head(reader, &head, err);

    if (rc != AW_OK)
        return rc;
    fault = aw_zip_name_fault(head.name);
    if (fault)
        return aw_fail(err, AW_INVALID,
                       "entry %zu has a name that is refused: %s",
                       (size_t)(entry - reader->zip->entries) + 1, fault);
    rc = check_central(reader, &head, err);
    if (rc == AW_OK)
        rc = check_local(reader, &head, &entry->data, err);
    if (rc == AW_OK)
        rc = check_time(reader, &head, err);
    if (rc != AW_OK)
        return aw_fail_in(err, "'%.*s'", AW_STR_ARG(head.name));
    entry->name = head.name;
    entry->crc32 = head.crc32;
    entry->time = head.time;
    entry->date = head.date;
    return AW_OK;
}

static aw_rc read_entries(struct reader *reader, struct aw_err *err)
{
    const struct aw_zip_directory *d = &reader->directory;
    struct aw_zip *zip = reader->zip;
    aw_rc rc = AW_OK;

    for (; zip->count < d->count && rc == AW_OK; zip->count++)
        rc = read_entry(reader, &zip->entries[zip->count], err);
    if (rc == AW_OK &&
        (reader->local != d->offset || reader->central != d->offset + d->len))
        rc = aw_fail(err, AW_INVALID,
                     "there are bytes that belong to no entry");
    return rc;
}

static aw_rc check_names(const struct aw_zip *zip, struct aw_err *err)
{
    struct aw_str *names = calloc(zip->count + 1, sizeof *names);
    aw_rc rc;

    if (!names)
        return aw_fail(err, AW_NOMEM, "out of memory");
    for (size_t i = 0; i < zip->count; i++)
        names[i] = zip->entries[i].name;
    rc = aw_zip_check_names(names, zip->count, err);
    free(names);
    return rc;
}

/* --- the whole --------------------------------------------------------- */

/* The first entry tells which layout it is; all others must have it. */
static bool has_descriptors(const struct reader *reader)
{
    const char *at = reader->zip->bytes.ptr + reader->directory.offset;

    return reader->directory.len >= AW_ZIP_CENTRAL_LEN &&
           (aw_zip_u16(at + 8) & AW_ZIP_FLAG_DESCRIPTOR) != 0;
}

static aw_rc read_zip(struct reader *reader, struct aw_err *err)
{
    struct aw_zip *zip = reader->zip;
    aw_rc rc = read_directory(zip->bytes, &reader->directory, err);

    if (rc == AW_OK)
        rc = check_directory(reader, err);
    if (rc != AW_OK)
        return rc;
    zip->entries = calloc(reader->directory.count + 1, sizeof *zip->entries);
    if (!zip->entries)
        return aw_fail(err, AW_NOMEM, "out of memory");
    reader->central = reader->directory.offset;
    if (has_descriptors(reader)) {
        zip->layout = AW_ZIP_DESCRIPTORS;
        rc = aw_zip_read_first(zip, &reader->directory, err);
    } else {
        rc = read_entries(reader, err);
    }
    if (rc == AW_OK)
        rc = check_names(zip, err);
    return rc;
}

aw_rc aw_zip_read(struct aw_zip *out, struct aw_str bytes, struct aw_err *err)
{
    struct reader reader = {.zip = out};
    aw_rc rc;

    *out = (struct aw_zip){.bytes = bytes};
    if (bytes.len > AW_ZIP_MAX)
        return aw_fail(err, AW_LIMIT, "more than %zu bytes", AW_ZIP_MAX);
    aw_buf_init(&reader.scratch, SCRATCH_MAX);
    rc = read_zip(&reader, err);
    aw_buf_deinit(&reader.scratch);
    if (rc != AW_OK)
        aw_zip_deinit(out);
    return rc;
}
