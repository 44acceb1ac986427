#include <time.h>

#include "evidence/zip_private.h"

#define BEIJING_S INT64_C(28800)
#define NEEDED 20u    /* version 2.0 to unpack */
#define NEEDED_64 45u /* with zip64 */
#define MADE_BY_UNIX (3u << 8)
#define MODE ((AW_ZIP_UNIX_REGULAR | 0644u) << 16)
#define EXTRA_64 0x0001u

static void put16(struct aw_buf *out, unsigned value)
{
    aw_buf_putc(out, (char)(value & 0xFF));
    aw_buf_putc(out, (char)(value >> 8 & 0xFF));
}

static void put32(struct aw_buf *out, uint32_t value)
{
    put16(out, value & 0xFFFF);
    put16(out, value >> 16);
}

static void put64(struct aw_buf *out, uint64_t value)
{
    put32(out, (uint32_t)value);
    put32(out, (uint32_t)(value >> 32));
}

/* What stands in a field of 32 bits. */
static uint32_t low(uint64_t value)
{
    return value < AW_ZIP_64 ? (uint32_t)value : AW_ZIP_64;
}

/* Two seconds apart, from 1980 to 2107. */
void aw_zip_set_time(struct aw_zip_head *head, int64_t wall_ms)
{
    time_t seconds = (time_t)(wall_ms / 1000 + BEIJING_S);
    struct tm tm = {0};

    (void)gmtime_r(&seconds, &tm);
    if (tm.tm_year < 80)
        tm = (struct tm){.tm_year = 80, .tm_mday = 1};
    if (tm.tm_year > 207)
        tm = (struct tm){.tm_year = 207, .tm_mon = 11, .tm_mday = 31};
    head->time = (unsigned)(tm.tm_hour << 11 | tm.tm_min << 5 |
                            (tm.tm_sec < 59 ? tm.tm_sec : 59) / 2);
    head->date =
        (unsigned)((tm.tm_year - 80) << 9 | (tm.tm_mon + 1) << 5 | tm.tm_mday);
}

/* The part that local and central header have in common. */
static void put_common(struct aw_buf *out, const struct aw_zip_head *head,
                       unsigned needed, size_t extra_len)
{
    put16(out, needed);
    put16(out, AW_ZIP_FLAG_UTF8);
    put16(out, 0); /* stored */
    put16(out, head->time);
    put16(out, head->date);
    put32(out, head->crc32);
    put32(out, low(head->size));
    put32(out, low(head->size));
    put16(out, (unsigned)head->name.len);
    put16(out, (unsigned)extra_len);
}

static size_t local_extra(const struct aw_zip_head *head)
{
    return head->size < AW_ZIP_64 ? 0 : 4 + 16;
}

size_t aw_zip_local_len(const struct aw_zip_head *head)
{
    return AW_ZIP_LOCAL_LEN + head->name.len + local_extra(head);
}

static void put_sizes64(struct aw_buf *out, const struct aw_zip_head *head)
{
    put64(out, head->size);
    put64(out, head->size); /* stored in as many bytes */
}

void aw_zip_local_put(struct aw_buf *out, const struct aw_zip_head *head)
{
    size_t extra = local_extra(head);

    aw_buf_append(out, "PK\3\4", 4);
    put_common(out, head, extra ? NEEDED_64 : NEEDED, extra);
    aw_buf_put(out, head->name);
    if (!extra)
        return;
    put16(out, EXTRA_64);
    put16(out, (unsigned)extra - 4);
    put_sizes64(out, head);
}

void aw_zip_central_put(struct aw_buf *out, const struct aw_zip_head *head)
{
    size_t sizes = head->size < AW_ZIP_64 ? 0 : 16;
    size_t offset = head->offset < AW_ZIP_64 ? 0 : 8;
    size_t extra = sizes + offset > 0 ? 4 + sizes + offset : 0;
    unsigned needed = extra ? NEEDED_64 : NEEDED;

    aw_buf_append(out, "PK\1\2", 4);
    put16(out, MADE_BY_UNIX | needed);
    put_common(out, head, needed, extra);
    put16(out, 0); /* bytes of a comment */
    put16(out, 0); /* disk */
    put16(out, 0); /* internal attributes */
    put32(out, MODE);
    put32(out, low(head->offset));
    aw_buf_put(out, head->name);
    if (!extra)
        return;
    put16(out, EXTRA_64);
    put16(out, (unsigned)extra - 4);
    if (sizes)
        put_sizes64(out, head);
    if (offset)
        put64(out, head->offset);
}

static void put_directory64(struct aw_buf *out,
                            const struct aw_zip_directory *directory)
{
    aw_buf_append(out, "PK\6\6", 4);
    put64(out, 44); /* bytes of the rest of it */
    put16(out, MADE_BY_UNIX | NEEDED_64);
    put16(out, NEEDED_64);
    put32(out, 0); /* disk */
    put32(out, 0);
    put64(out, directory->count);
    put64(out, directory->count);
    put64(out, directory->len);
    put64(out, directory->offset);
    aw_buf_append(out, "PK\6\7", 4);
    put32(out, 0);
    put64(out, directory->offset + directory->len);
    put32(out, 1); /* disks */
}

void aw_zip_directory_put(struct aw_buf *out,
                          const struct aw_zip_directory *directory)
{
    unsigned count = directory->count < AW_ZIP_COUNT_64
                         ? (unsigned)directory->count
                         : AW_ZIP_COUNT_64;

    if (count == AW_ZIP_COUNT_64 || directory->offset >= AW_ZIP_64 ||
        directory->len >= AW_ZIP_64)
        put_directory64(out, directory);
    aw_buf_append(out, "PK\5\6", 4);
    put16(out, 0); /* disk */
    put16(out, 0);
    put16(out, count);
    put16(out, count);
    put32(out, low(directory->len));
    put32(out, low(directory->offset));
    put16(out, 0); /* bytes of a comment */
}
