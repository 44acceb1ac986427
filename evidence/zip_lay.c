#include "evidence/zip.h"

#include <time.h>

#include <zlib.h>

/* One header of an entry, as it stands before its data (short) and in the
 * central directory (long). APPNOTE 4.3.7, 4.3.12. */
#define LOCAL_MAGIC 0x04034B50u
#define CENTRAL_MAGIC 0x02014B50u
#define END_MAGIC 0x06054B50u
#define NEEDED 10u /* version 1.0: a stored file */
#define MADE_BY (3u << 8 | NEEDED)
#define FLAG_UTF8 0x0800u
#define REGULAR_0644 (0100644u << 16)
#define EPOCH 1980 /* of MS-DOS */
#define EPOCH_DATE (1u << 5 | 1u)
#define YEAR_LAST 2107

struct header {
    struct aw_str name;
    uint32_t crc, size, offset;
    unsigned date, time;
};

static void put16(struct aw_buf *out, unsigned value)
{
    aw_buf_putc(out, (char)(unsigned char)(value & 0xFF));
    aw_buf_putc(out, (char)(unsigned char)(value >> 8 & 0xFF));
}

static void put32(struct aw_buf *out, uint32_t value)
{
    put16(out, value & 0xFFFF);
    put16(out, value >> 16);
}

/* MS-DOS has no time zone: UTC, so that every machine makes the same. */
static void set_time(struct header *h, int64_t wall_ms)
{
    time_t seconds = (time_t)(wall_ms / 1000);
    struct tm at = {0};
    int year;

    (void)gmtime_r(&seconds, &at);
    year = at.tm_year + 1900;
    h->date = EPOCH_DATE;
    if (year < EPOCH || year > YEAR_LAST)
        return;
    h->date =
        (unsigned)((year - EPOCH) << 9 | (at.tm_mon + 1) << 5 | at.tm_mday);
    h->time = (unsigned)(at.tm_hour << 11 | at.tm_min << 5 | at.tm_sec / 2);
}

/* What both headers have in common. */
static void put_common(struct aw_buf *out, const struct header *h)
{
    put16(out, NEEDED);
    put16(out, FLAG_UTF8);
    put16(out, 0); /* stored */
    put16(out, h->time);
    put16(out, h->date);
    put32(out, h->crc);
    put32(out, h->size); /* as it lies there */
    put32(out, h->size); /* and unpacked */
    put16(out, (unsigned)h->name.len);
    put16(out, 0); /* no extra fields */
}

static void put_local(struct aw_buf *out, const struct header *h)
{
    put32(out, LOCAL_MAGIC);
    put_common(out, h);
    aw_buf_put(out, h->name);
}

static void put_central(struct aw_buf *out, const struct header *h)
{
    put32(out, CENTRAL_MAGIC);
    put16(out, MADE_BY);
    put_common(out, h);
    put16(out, 0); /* no comment */
    put16(out, 0); /* disk */
    put16(out, 0); /* internal attributes */
    put32(out, REGULAR_0644);
    put32(out, h->offset);
    aw_buf_put(out, h->name);
}

static void put_end(struct aw_buf *out, size_t count, size_t start, size_t len)
{
    put32(out, END_MAGIC);
    put32(out, 0); /* disks */
    put16(out, (unsigned)count);
    put16(out, (unsigned)count);
    put32(out, (uint32_t)len);
    put32(out, (uint32_t)start);
    put16(out, 0); /* no comment */
}

static aw_rc put_entry(struct aw_buf *out, const struct aw_zip_entry *entry,
                       size_t start, struct header *h, struct aw_err *err)
{
    struct aw_str data = entry->data;

    if (data.len > AW_ZIP_MAX || out->len - start > AW_ZIP_MAX)
        return aw_fail(err, AW_LIMIT, "a zip of more than %zu bytes",
                       AW_ZIP_MAX);
    h->name = entry->name;
    h->crc = (uint32_t)crc32_z(0, (const Bytef *)data.ptr, data.len);
    h->size = (uint32_t)data.len;
    h->offset = (uint32_t)(out->len - start);
    put_local(out, h);
    aw_buf_put(out, data);
    return AW_OK;
}

aw_rc aw_zip_lay(struct aw_buf *out, const struct aw_zip_entry *entries,
                 size_t count, int64_t wall_ms, struct aw_err *err)
{
    struct header headers[AW_ZIP_ENTRIES_MAX] = {0};
    size_t start = out->len;
    size_t central;
    aw_rc rc = AW_OK;

    if (count > AW_ZIP_ENTRIES_MAX)
        return aw_fail(err, AW_LIMIT, "%zu entries: more than %d", count,
                       AW_ZIP_ENTRIES_MAX);
    for (size_t i = 0; i < count && rc == AW_OK; i++) {
        set_time(&headers[i], wall_ms);
        rc = put_entry(out, &entries[i], start, &headers[i], err);
    }
    if (rc != AW_OK)
        return rc;
    central = out->len;
    for (size_t i = 0; i < count; i++)
        put_central(out, &headers[i]);
    put_end(out, count, central - start, out->len - central);
    return aw_buf_check(out, err);
}
