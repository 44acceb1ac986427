#include "archive/warc_private.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

#define MIME_MAX 128 /* bytes of a media type that the index shows */
#define TIMESTAMP_LEN 14

static void put_escaped(struct aw_buf *out, unsigned char c)
{
    if (c == '"' || c == '\\')
        aw_buf_printf(out, "\\%c", c);
    else
        aw_buf_printf(out, "\\u%04x", c);
}

static bool is_json_plain(unsigned char c)
{
    return c >= ' ' && c != 0x7F && c != '"' && c != '\\';
}

static void put_json_valid(struct aw_buf *out, struct aw_str text)
{
    size_t from = 0;

    aw_buf_putc(out, '"');
    for (size_t i = 0; i < text.len; i++) {
        if (is_json_plain((unsigned char)text.ptr[i]))
            continue;
        aw_buf_put(out, aw_str_sub(text, from, i - from));
        put_escaped(out, (unsigned char)text.ptr[i]);
        from = i + 1;
    }
    aw_buf_put(out, aw_str_sub(text, from, text.len));
    aw_buf_putc(out, '"');
}

static void put_json(struct aw_buf *out, struct aw_str text)
{
    struct aw_buf clean;

    if (aw_utf8_valid(text)) {
        put_json_valid(out, text);
        return;
    }
    aw_buf_init(&clean, text.len * 3); /* U+FFFD is three bytes */
    aw_utf8_clean(&clean, text);
    put_json_valid(out, aw_buf_str(&clean));
    if (clean.rc != AW_OK)
        out->rc = clean.rc;
    aw_buf_deinit(&clean);
}

/* pywb knows a revisit by this media type. */
static void put_mime(struct aw_buf *out, const struct aw_warc_record *record)
{
    struct aw_str mime = aw_str_sub(record->mime, 0, MIME_MAX);
    char lower[MIME_MAX];

    if (record->type == AW_WARC_REVISIT)
        mime = AW_STR("warc/revisit");
    if (mime.len == 0)
        return;
    for (size_t i = 0; i < mime.len; i++)
        lower[i] = aw_ascii_lower(mime.ptr[i]);
    aw_buf_puts(out, ",\"mime\":");
    put_json(out, (struct aw_str){lower, mime.len});
}

static void put_status(struct aw_buf *out, const struct aw_warc_record *record)
{
    /* A resource has no status; a replay serves it as found. */
    int status = record->type == AW_WARC_RESOURCE ? 200 : record->status;

    if (status > 0)
        aw_buf_printf(out, ",\"status\":\"%d\"", status);
}

void aw_cdxj_put(struct aw_buf *out, const struct aw_warc_record *record,
                 const struct aw_warc_place *place)
{
    char timestamp[AW_TIME_MAX];

    if (!aw_warc_has_payload(record))
        return;
    aw_time_compact(record->date_ms, timestamp);
    aw_surt_put(out, record->target_uri);
    aw_buf_printf(out, " %.*s {\"url\":", TIMESTAMP_LEN, timestamp);
    put_json(out, record->target_uri);
    put_mime(out, record);
    put_status(out, record);
    if (record->payload_digest[0] != '\0')
        aw_buf_printf(out, ",\"digest\":\"sha256:%s\"",
                      record->payload_digest);
    aw_buf_printf(out,
                  ",\"length\":\"%" PRId64 "\",\"offset\":\"%" PRId64
                  "\",\"filename\":",
                  place->length, place->offset);
    put_json(out, aw_str_of(place->file));
    aw_buf_puts(out, "}\n");
}

static int cmp_line(const void *a, const void *b)
{
    return aw_str_cmp(*(const struct aw_str *)a, *(const struct aw_str *)b);
}

aw_rc aw_cdxj_sort(struct aw_str in, struct aw_buf *out, struct aw_err *err)
{
    struct aw_buf list;
    struct aw_str line, *lines;
    size_t count;
    aw_rc rc;

    aw_buf_init(&list, SIZE_MAX);
    while (aw_str_split(&in, '\n', &line))
        if (line.len > 0)
            aw_buf_append(&list, &line, sizeof line);
    lines = (struct aw_str *)(void *)list.ptr;
    count = list.len / sizeof line;
    if (count > 1)
        qsort(lines, count, sizeof line, cmp_line);
    for (size_t i = 0; i < count; i++) {
        aw_buf_put(out, lines[i]);
        aw_buf_putc(out, '\n');
    }
    rc = aw_buf_check(&list, err);
    aw_buf_deinit(&list);
    return rc == AW_OK ? aw_buf_check(out, err) : rc;
}
