#include "evidence/zip.h"

#include <string.h>

#include <zlib.h>

#include "base/utf8.h"

/* Sizes of the fixed parts. */
#define LOCAL_LEN 30u
#define CENTRAL_LEN 46u
#define DESCRIPTOR_LEN 16u
#define END_LEN 22u

#define FLAG_DESCRIPTOR 0x0008u
#define FLAG_UTF8 0x0800u
#define MADE_BY_UNIX 3u
#define UNIX_REGULAR 0100000u
#define UNIX_TYPE 0170000u

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

static unsigned u16(const char *at)
{
    const unsigned char *b = (const unsigned char *)at;

    return b[0] | (unsigned)b[1] << 8;
}

static uint32_t u32(const char *at)
{
    return u16(at) | (uint32_t)u16(at + 2) << 16;
}

static bool has_magic(struct aw_str bytes, size_t at, const char *magic,
                      size_t len)
{
    return at <= bytes.len && bytes.len - at >= len &&
           memcmp(bytes.ptr + at, magic, 4) == 0;
}

/* --- the end record ---------------------------------------------------- */

static aw_rc read_end(struct reader *reader, size_t *count, struct aw_err *err)
{
    struct aw_str bytes = reader->bytes;
    const char *at;

    if (bytes.len < END_LEN ||
        !has_magic(bytes, bytes.len - END_LEN, "PK\5\6", END_LEN))
        return aw_fail(err, AW_INVALID,
                       "the file does not end with a zip's end record: it is "
                       "cut off, or bytes follow");
    reader->end = bytes.len - END_LEN;
    at = bytes.ptr + reader->end;
    reader->central = u32(at + 16);
    *count = u16(at + 10);
    if (u32(at + 4) != 0 || u16(at + 8) != *count || u16(at + 20) != 0)
        return aw_fail(err, AW_INVALID, "the zip's end record is false");
    if (*count > AW_ZIP_ENTRIES_MAX)
        return aw_fail(err, AW_LIMIT, "%zu entries: more than %d", *count,
                       AW_ZIP_ENTRIES_MAX);
    if (reader->central > reader->end ||
        u32(at + 12) != reader->end - reader->central)
        return aw_fail(err, AW_INVALID,
                       "the central directory is not where the end record "
                       "says");
    return AW_OK;
}

/* --- names ------------------------------------------------------------- */

static bool is_bad_part(struct aw_str part)
{
    return part.len == 0 || aw_str_eq(part, AW_STR(".")) ||
           aw_str_eq(part, AW_STR(".."));
}

static bool is_bad_name(struct aw_str name)
{
    struct aw_str part;

    if (name.len > AW_ZIP_NAME_MAX || !aw_utf8_valid(name) ||
        aw_str_find(name, AW_STR("\\")) >= 0 ||
        aw_str_find(name, AW_STR(":")) >= 0 ||
        aw_str_starts(name, AW_STR("/")) || aw_str_ends(name, AW_STR("/")))
        return true;
    for (size_t i = 0; i < name.len; i++)
        if ((unsigned char)name.ptr[i] < 0x20 || name.ptr[i] == 0x7F)
            return true;
    while (aw_str_split(&name, '/', &part))
        if (is_bad_part(part))
            return true;
    return false;
}

static aw_rc check_name(struct aw_str name, const struct aw_zip_entry *entries,
                        size_t count, struct aw_err *err)
{
    if (name.len == 0 || is_bad_name(name))
        return aw_fail(err, AW_INVALID, "entry %zu has a name that is refused",
                       count + 1);
    for (size_t i = 0; i < count; i++)
        if (aw_str_eq(name, entries[i].name))
            return aw_fail(err, AW_INVALID, "'%.*s' stands twice",
                           AW_STR_ARG(name));
    return AW_OK;
}

/* --- one entry --------------------------------------------------------- */

static aw_rc read_central(struct reader *reader, struct header *h,
                          struct aw_err *err)
{
    const char *at = reader->bytes.ptr + reader->central;
    size_t room;

    if (!has_magic(reader->bytes, reader->central, "PK\1\2", CENTRAL_LEN))
        return aw_fail(err, AW_INVALID, "the central directory is false");
    *h =
        (struct header){u16(at + 4),  u16(at + 6),  u16(at + 8),  u16(at + 10),
                        u16(at + 12), u16(at + 14), u32(at + 16), u32(at + 20),
                        u32(at + 24), u32(at + 38), u32(at + 42), u16(at + 36),
                        u16(at + 34), u16(at + 32), {0},          {0}};
    room = reader->end - reader->central;
    if (room < CENTRAL_LEN + u16(at + 28) + u16(at + 30))
        return aw_fail(err, AW_INVALID, "the central directory is false");
    h->name = (struct aw_str){at + CENTRAL_LEN, u16(at + 28)};
    h->extra = (struct aw_str){h->name.ptr + h->name.len, u16(at + 30)};
    reader->central += CENTRAL_LEN + h->name.len + h->extra.len;
    return AW_OK;
}

/* What stands in the central header alone must be as aw_zip_write puts it. */
static aw_rc check_central(const struct reader *reader, const struct header *h,
                           struct aw_err *err)
{
    unsigned mode = h->external >> 16;

    if (h->method != 0 || h->stored != h->size)
        return aw_fail(err, AW_INVALID, "it is compressed");
    if ((mode & UNIX_TYPE) != UNIX_REGULAR)
        return aw_fail(err, AW_INVALID, "it is a folder or a link");
    if (mode != (UNIX_REGULAR | 0644u) || (h->external & 0xFFFF) != 0)
        return aw_fail(err, AW_INVALID, "its rights are not those of a file");
    if (h->made_by != (MADE_BY_UNIX << 8 | h->needed) || h->internal != 0 ||
        h->disk != 0 || h->comment_len != 0 ||
        (h->flags & ~(FLAG_DESCRIPTOR | FLAG_UTF8)) != 0)
        return aw_fail(err, AW_INVALID, "its central header is false");
    if (h->offset != reader->local)
        return aw_fail(err, AW_INVALID,
                       "it does not follow the entry before: there are bytes "
                       "between, or it overlaps");
    return AW_OK;
}

/* A descriptor repeats crc and sizes behind the data; crc is 0 before. */
static aw_rc check_descriptor(struct reader *reader, const struct header *h,
                              struct aw_err *err)
{
    const char *at = reader->bytes.ptr + reader->local;

    if (!(h->flags & FLAG_DESCRIPTOR))
        return AW_OK;
    if (!has_magic(reader->bytes, reader->local, "PK\7\10", DESCRIPTOR_LEN) ||
        u32(at + 4) != h->crc || u32(at + 8) != h->size ||
        u32(at + 12) != h->size)
        return aw_fail(err, AW_INVALID, "its data descriptor is false");
    reader->local += DESCRIPTOR_LEN;
    return AW_OK;
}

static bool same_header(const char *local, const struct header *h)
{
    uint32_t crc = h->flags & FLAG_DESCRIPTOR ? 0 : h->crc;

    return u16(local + 4) == h->needed && u16(local + 6) == h->flags &&
           u16(local + 8) == h->method && u16(local + 10) == h->time &&
           u16(local + 12) == h->date && u32(local + 14) == crc &&
           u32(local + 18) == h->size && u32(local + 22) == h->size &&
           u16(local + 26) == h->name.len && u16(local + 28) == h->extra.len;
}

/* Compares the local header with the central one, and takes the data. */
static aw_rc read_local(struct reader *reader, const struct header *h,
                        struct aw_str *data, struct aw_err *err)
{
    struct aw_str bytes = reader->bytes;
    size_t head = LOCAL_LEN + h->name.len + h->extra.len;
    struct aw_str at = aw_str_sub(bytes, reader->local, bytes.len);

    if (!has_magic(bytes, reader->local, "PK\3\4", LOCAL_LEN) || !at.ptr ||
        at.len < head + h->size || !same_header(at.ptr, h) ||
        !aw_str_eq(aw_str_sub(at, LOCAL_LEN, h->name.len), h->name) ||
        !aw_str_eq(aw_str_sub(at, LOCAL_LEN + h->name.len, h->extra.len),
                   h->extra))
        return aw_fail(err, AW_INVALID,
                       "its local header is not that of the central "
                       "directory");
    *data = aw_str_sub(at, head, h->size);
    reader->local += head + h->size;
    if (crc32_z(0, (const Bytef *)data->ptr, data->len) != h->crc)
        return aw_fail(err, AW_INVALID, "its bytes were changed (CRC-32)");
    return check_descriptor(reader, h, err);
}

static aw_rc read_entry(struct reader *reader, struct aw_zip_entry *entries,
                        size_t count, struct aw_err *err)
{
    struct aw_zip_entry *entry = &entries[count];
    struct header h = {0};
    aw_rc rc = read_central(reader, &h, err);

    if (rc == AW_OK)
        rc = check_name(h.name, entries, count, err);
    if (rc != AW_OK)
        return rc;
    entry->name = h.name;
    rc = check_central(reader, &h, err);
    if (rc == AW_OK)
        rc = read_local(reader, &h, &entry->data, err);
    return rc == AW_OK ? AW_OK : aw_fail_in(err, "'%.*s'", AW_STR_ARG(h.name));
}

aw_rc aw_zip_read(struct aw_str bytes, struct aw_zip_entry *entries,
                  size_t *count, struct aw_err *err)
{
    struct reader reader = {.bytes = bytes};
    size_t start;
    size_t most = 0;
    aw_rc rc;

    if (bytes.len > AW_ZIP_MAX)
        return aw_fail(err, AW_LIMIT, "more than %zu bytes", AW_ZIP_MAX);
    rc = read_end(&reader, &most, err);
    start = reader.central;
    for (size_t i = 0; i < most && rc == AW_OK; i++)
        rc = read_entry(&reader, entries, i, err);
    if (rc == AW_OK && (reader.local != start || reader.central != reader.end))
        rc = aw_fail(err, AW_INVALID,
                     "there are bytes that belong to no entry");
    if (rc == AW_OK)
        *count = most;
    return rc;
}
