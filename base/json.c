#include "base/json.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

static void put_escaped(struct aw_buf *out, uint32_t cp)
{
    static const char named[] = "\b\t\n\f\r\"\\";
    static const char letters[] = "btnfr\"\\";
    const char *at = cp > 0 && cp < 0x80 ? strchr(named, (int)cp) : NULL;

    if (at)
        aw_buf_printf(out, "\\%c", letters[at - named]);
    else if (cp < 0x20)
        aw_buf_printf(out, "\\u%04x", (unsigned)cp);
    else
        aw_utf8_put(out, cp);
}

/* Where what stands for itself ends, from pos on: nearly all of a text. */
static size_t skip_plain(struct aw_str text, size_t pos)
{
    while (pos < text.len) {
        char c = text.ptr[pos];
        size_t next = pos;

        if ((unsigned char)c < 0x20 || c == '"' || c == '\\')
            return pos;
        if (aw_utf8_next(text, &next) == AW_REPLACEMENT && next - pos == 1)
            return pos;
        pos = next;
    }
    return pos;
}

static void put_string(struct aw_buf *out, struct aw_str text)
{
    aw_buf_putc(out, '"');
    for (size_t pos = 0; pos < text.len;) {
        size_t end = skip_plain(text, pos);

        aw_buf_put(out, aw_str_sub(text, pos, end - pos));
        pos = end;
        if (pos < text.len)
            put_escaped(out, aw_utf8_next(text, &pos));
    }
    aw_buf_putc(out, '"');
}

/* A comma where a value stands before, then the name. */
static void put_name(struct aw_buf *out, const char *name)
{
    char last = '\n';

    if (out->len > 0)
        last = out->ptr[out->len - 1];
    if (last != '{' && last != '[' && last != '\n')
        aw_buf_putc(out, ',');
    if (!name)
        return;
    put_string(out, aw_str_of(name));
    aw_buf_putc(out, ':');
}

void aw_json_open(struct aw_buf *out, const char *name, char bracket)
{
    put_name(out, name);
    aw_buf_putc(out, bracket);
}

void aw_json_close(struct aw_buf *out, char bracket)
{
    aw_buf_putc(out, bracket);
}

void aw_json_text(struct aw_buf *out, const char *name, struct aw_str value)
{
    put_name(out, name);
    put_string(out, value);
}

void aw_json_int(struct aw_buf *out, const char *name, int64_t value)
{
    put_name(out, name);
    aw_buf_printf(out, "%lld", (long long)value);
}

void aw_json_real(struct aw_buf *out, const char *name, double value)
{
    char text[32];

    put_name(out, name);
    if (!isfinite(value)) {
        aw_buf_puts(out, "null");
        return;
    }
    (void)snprintf(text, sizeof text, "%.15g", value);
    if (strtod(text, NULL) < value || strtod(text, NULL) > value)
        (void)snprintf(text, sizeof text, "%.17g", value);
    aw_buf_puts(out, text);
}

void aw_json_bool(struct aw_buf *out, const char *name, bool value)
{
    put_name(out, name);
    aw_buf_puts(out, value ? "true" : "false");
}

void aw_json_raw(struct aw_buf *out, const char *name, struct aw_str value)
{
    put_name(out, name);
    aw_buf_put(out, value);
}

static size_t find(struct aw_str json, size_t from, size_t end, char c)
{
    const char *at =
        from < end ? memchr(json.ptr + from, c, end - from) : NULL;

    return at ? (size_t)(at - json.ptr) : end;
}

/* The place behind the text that starts at `from`, behind its quote. Most of a
 * text is without escapes: its end is looked for first. */
static size_t skip_text(struct aw_str json, size_t from)
{
    size_t end = find(json, from, json.len, '"');
    size_t escape;

    while ((escape = find(json, from, end, '\\')) < end) {
        from = escape + 2;
        if (from > end)
            end = find(json, from, json.len, '"');
    }
    return end + 1;
}

bool aw_json_too_many(struct aw_str json, size_t most)
{
    size_t count = 0;

    for (size_t i = 0; i < json.len && count <= most; i++) {
        char c = json.ptr[i];

        if (c == '"')
            i = skip_text(json, i + 1) - 1;
        else
            count += c == '[' || c == '{' || c == ',';
    }
    return count > most;
}
