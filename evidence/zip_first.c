#include "evidence/zip_private.h"

/* The layout of bundles of format 1, as libarchive 3.6 wrote it: each entry
 * has a data descriptor, and extra fields (Info-ZIP's times and owner) that
 * local and central header have alike. */

#define DESCRIPTOR_LEN 16u
#define ENTRIES_MAX ((size_t)256)
#define BYTES_MAX ((size_t)1 << 30)
#define MADE_BY_UNIX 3u

struct reader {
    struct aw_str bytes;
    size_t local;   /* where the next local header must stand */
    size_t central; /* where the next central header must stand */
    size_t end;     /* where the end record stands */
};

/* What a central header says. */
struct header {
    unsigned made_by, needed, flags, method, time, date;
    uint32_t crc, stored, size, external, offset;
    unsigned internal, disk, comment_len;
    struct aw_str name, extra;
};

static bool has_magic(struct aw_str bytes, size_t at, const char *magic,
                      size_t len)
{
    return at <= bytes.len && bytes.len - at >= len &&
           memcmp(bytes.ptr + at, magic, 4) == 0;
}

static aw_rc read_central(struct reader *reader, struct header *h,
                          struct aw_err *err)
{
    const char *at = reader->bytes.ptr + reader->central;

    if (reader->end - reader->central < AW_ZIP_CENTRAL_LEN ||
        !has_magic(reader->bytes, reader->central, "PK\1\2",
                   AW_ZIP_CENTRAL_LEN) ||
        reader->end - reader->central <
            AW_ZIP_CENTRAL_LEN + aw_zip_u16(at + 28) + aw_zip_u16(at + 30))
        return aw_fail(err, AW_INVALID, "the central directory is false");
    *h = (struct header){.made_by = aw_zip_u16(at + 4),
                         .needed = aw_zip_u16(at + 6),
                         .flags = aw_zip_u16(at + 8),
                         .method = aw_zip_u16(at + 10),
                         .time = aw_zip_u16(at + 12),
                         .date = aw_zip_u16(at + 14),
                         .crc = aw_zip_u32(at + 16),
                         .stored = aw_zip_u32(at + 20),
                         .size = aw_zip_u32(at + 24),
                         .comment_len = aw_zip_u16(at + 32),
                         .disk = aw_zip_u16(at + 34),
                         .internal = aw_zip_u16(at + 36),
                         .external = aw_zip_u32(at + 38),
                         .offset = aw_zip_u32(at + 42)};
    h->name = (struct aw_str){at + AW_ZIP_CENTRAL_LEN, aw_zip_u16(at + 28)};
    h->extra = (struct aw_str){h->name.ptr + h->name.len, aw_zip_u16(at + 30)};
    reader->central += AW_ZIP_CENTRAL_LEN + h->name.len + h->extra.len;
    return AW_OK;
}

/* What stands in the central header alone must be as libarchive put it. */
static const char *central_fault(const struct reader *reader,
                                 const struct header *h)
{
    unsigned mode = h->external >> 16;

    if (h->flags & AW_ZIP_FLAG_ENCRYPTED)
        return "it is encrypted";
    if (h->method != 0 || h->stored != h->size)
        return "it is compressed";
    if ((mode & AW_ZIP_UNIX_TYPE) != AW_ZIP_UNIX_REGULAR)
        return "it is a folder or a link";
    if (h->comment_len != 0)
        return "it has a comment";
    if (mode != (AW_ZIP_UNIX_REGULAR | 0644u) || (h->external & 0xFFFF) != 0)
        return "its rights are not those of a file";
    if (h->made_by != (MADE_BY_UNIX << 8 | h->needed) || h->internal != 0 ||
        h->disk != 0 || !(h->flags & AW_ZIP_FLAG_DESCRIPTOR) ||
        (h->flags & ~(AW_ZIP_FLAG_DESCRIPTOR | AW_ZIP_FLAG_UTF8)) != 0)
        return "its central header is false";
    if (h->offset != reader->local)
        return "it does not follow the entry before: there are bytes "
               "between, or it overlaps";
    return NULL;
}

/* A descriptor repeats crc and sizes behind the data; crc is 0 before. */
static aw_rc check_descriptor(struct reader *reader, const struct header *h,
                              struct aw_err *err)
{
    const char *at = reader->bytes.ptr + reader->local;

    if (!has_magic(reader->bytes, reader->local, "PK\7\10", DESCRIPTOR_LEN) ||
        aw_zip_u32(at + 4) != h->crc || aw_zip_u32(at + 8) != h->size ||
        aw_zip_u32(at + 12) != h->size)
        return aw_fail(err, AW_INVALID, "its data descriptor is false");
    reader->local += DESCRIPTOR_LEN;
    return AW_OK;
}

static bool same_header(const char *local, const struct header *h)
{
    return aw_zip_u16(local + 4) == h->needed &&
           aw_zip_u16(local + 6) == h->flags &&
           aw_zip_u16(local + 8) == h->method &&
           aw_zip_u16(local + 10) == h->time &&
           aw_zip_u16(local + 12) == h->date && aw_zip_u32(local + 14) == 0 &&
           aw_zip_u32(local + 18) == h->size &&
           aw_zip_u32(local + 22) == h->size &&
           aw_zip_u16(local + 26) == h->name.len &&
           aw_zip_u16(local + 28) == h->extra.len;
}

/* Compares the local header with the central one, and takes the data. */
static aw_rc read_local(struct reader *reader, const struct header *h,
                        struct aw_str *data, struct aw_err *err)
{
    struct aw_str bytes = reader->bytes;
    size_t head = AW_ZIP_LOCAL_LEN + h->name.len + h->extra.len;
    struct aw_str at = aw_str_sub(bytes, reader->local, bytes.len);

    if (!has_magic(bytes, reader->local, "PK\3\4", AW_ZIP_LOCAL_LEN) ||
        at.len < head + h->size || !same_header(at.ptr, h) ||
        !aw_str_eq(aw_str_sub(at, AW_ZIP_LOCAL_LEN, h->name.len), h->name) ||
        !aw_str_eq(aw_str_sub(at, AW_ZIP_LOCAL_LEN + h->name.len,
                              h->extra.len),
                   h->extra))
        return aw_fail(err, AW_INVALID,
                       "its local header is not that of the central "
                       "directory");
    *data = aw_str_sub(at, head, h->size);
    reader->local += head + h->size;
    return check_descriptor(reader, h, err);
}

static aw_rc read_entry(struct reader *reader, struct aw_zip *zip,
                        struct aw_err *err)
{
    struct aw_zip_entry *entry = &zip->entries[zip->count];
    struct header h = {0};
    const char *fault;
    aw_rc rc = read_central(reader, &h, err);

    if (rc != AW_OK)
        return rc;
    fault = aw_zip_name_fault(h.name);
    if (fault)
        return aw_fail(err, AW_INVALID,
                       "entry %zu has a name that is refused: %s",
                       zip->count + 1, fault);
    *entry = (struct aw_zip_entry){.name = h.name,
                                   .crc32 = h.crc,
                                   .time = h.time,
                                   .date = h.date};
    fault = central_fault(reader, &h);
    rc = fault ? aw_fail(err, AW_INVALID, "%s", fault)
               : read_local(reader, &h, &entry->data, err);
    return rc == AW_OK ? AW_OK : aw_fail_in(err, "'%.*s'", AW_STR_ARG(h.name));
}

aw_rc aw_zip_read_first(struct aw_zip *zip,
                        const struct aw_zip_directory *directory,
                        struct aw_err *err)
{
    struct reader reader = {.bytes = zip->bytes,
                            .central = directory->offset,
                            .end = directory->offset + directory->len};
    aw_rc rc = AW_OK;

    if (zip->bytes.len > BYTES_MAX || directory->count > ENTRIES_MAX)
        return aw_fail(err, AW_LIMIT,
                       "a zip with data descriptors has more than %zu bytes "
                       "or %zu entries",
                       BYTES_MAX, ENTRIES_MAX);
    for (; zip->count < directory->count && rc == AW_OK; zip->count++)
        rc = read_entry(&reader, zip, err);
    if (rc == AW_OK &&
        (reader.local != directory->offset || reader.central != reader.end))
        rc = aw_fail(err, AW_INVALID,
                     "there are bytes that belong to no entry");
    return rc;
}
