#include "extract/literal.h"

#include <string.h>

#include "base/utf8.h"

bool aw_literal_begins(struct aw_str code)
{
    return code.len > 0 &&
           (code.ptr[0] == '"' || code.ptr[0] == '\'' || code.ptr[0] == '`');
}

static size_t space_len(struct aw_str code)
{
    size_t n = 0;

    while (n < code.len && aw_ascii_space(code.ptr[n]))
        n++;
    return n;
}

/* 0 where no comment begins. */
static size_t comment_len(struct aw_str code)
{
    const char *at;
    const char *end;

    if (aw_str_starts(code, AW_STR("//"))) {
        at = memchr(code.ptr, '\n', code.len);
        return at ? (size_t)(at - code.ptr) : code.len;
    }
    if (!aw_str_starts(code, AW_STR("/*")))
        return 0;
    end = code.ptr + code.len;
    for (at = code.ptr + 2;
         at < end && (at = memchr(at, '*', (size_t)(end - at)));) {
        if (++at < end && *at == '/')
            return (size_t)(at - code.ptr) + 1;
    }
    return code.len;
}

struct aw_str aw_literal_skip_space(struct aw_str code)
{
    size_t n;

    do {
        n = space_len(code);
        code = aw_str_sub(code, n, code.len);
        n = comment_len(code);
        code = aw_str_sub(code, n, code.len);
    } while (n > 0);
    return code;
}

/* count hexadecimal digits; false where there are fewer. */
static bool read_hex(struct aw_str text, size_t count, uint32_t *out)
{
    *out = 0;
    if (text.len < count)
        return false;
    for (size_t i = 0; i < count; i++) {
        int digit = aw_hex_value(text.ptr[i]);

        if (digit < 0)
            return false;
        *out = *out * 16 + (uint32_t)digit;
    }
    return true;
}

/* "XXXX" of prefix and four digits, and the second half of a pair behind it.
 * Returns the bytes taken; 0 where there are no digits. */
static size_t read_unit(struct aw_str text, struct aw_str prefix, uint32_t *cp)
{
    uint32_t low;
    struct aw_str more = aw_str_sub(text, 4, text.len);

    if (!read_hex(text, 4, cp))
        return 0;
    if (*cp < 0xD800 || *cp > 0xDBFF || !aw_str_starts(more, prefix) ||
        !read_hex(aw_str_sub(more, prefix.len, more.len), 4, &low) ||
        low < 0xDC00 || low > 0xDFFF)
        return 4;
    *cp = 0x10000 + ((*cp - 0xD800) << 10) + (low - 0xDC00);
    return 8 + prefix.len;
}

/* "{1F600}" */
static size_t read_braces(struct aw_str text, uint32_t *cp)
{
    size_t n = 1;

    *cp = 0;
    if (!aw_str_starts(text, AW_STR("{")))
        return 0;
    while (n < text.len && n < 8 && aw_hex_value(text.ptr[n]) >= 0)
        *cp = *cp * 16 + (uint32_t)aw_hex_value(text.ptr[n++]);
    return n < text.len && text.ptr[n] == '}' ? n + 1 : 0;
}

static char plain_escape(char c)
{
    static const char pairs[] = "n\nt\tr\rb\bf\fv\v";

    for (size_t i = 0; pairs[i]; i += 2)
        if (pairs[i] == c)
            return pairs[i + 1];
    return c;
}

/* text stands behind a backslash, and is not empty. */
static size_t take_escape(struct aw_str text, struct aw_buf *out)
{
    struct aw_str more = aw_str_sub(text, 1, text.len);
    uint32_t cp = 0;
    size_t n = 0;

    if (text.ptr[0] == 'u') {
        n = read_unit(more, AW_STR("\\u"), &cp);
        n = n > 0 ? n : read_braces(more, &cp);
    } else if (text.ptr[0] == 'x' && read_hex(more, 2, &cp)) {
        n = 2;
    }
    if (n > 0)
        aw_utf8_put(out, cp);
    else if (text.ptr[0] != '\n' && text.ptr[0] != '\r')
        aw_buf_putc(out, plain_escape(text.ptr[0]));
    return n + 1;
}

bool aw_literal_take(struct aw_str *code, struct aw_buf *out)
{
    struct aw_str text = aw_str_sub(*code, 1, AW_LITERAL_MAX);
    char quote = code->ptr[0];
    size_t before = out->len;
    size_t from = 0;
    size_t pos = 0;

    while (pos < text.len && text.ptr[pos] != quote &&
           (quote == '`' || text.ptr[pos] != '\n')) {
        if (text.ptr[pos++] != '\\' || pos == text.len)
            continue;
        aw_buf_append(out, text.ptr + from, pos - 1 - from);
        pos += take_escape(aw_str_sub(text, pos, text.len), out);
        from = pos;
    }
    if (pos >= text.len || text.ptr[pos] != quote) {
        if (out->rc == AW_OK)
            out->len = before;
        *code = aw_str_sub(*code, pos + 1, code->len);
        return false;
    }
    aw_buf_append(out, text.ptr + from, pos - from);
    *code = aw_str_sub(*code, pos + 2, code->len);
    return true;
}

void aw_literal_unescape(struct aw_buf *out, struct aw_str text)
{
    struct aw_buf bytes;

    aw_buf_init(&bytes, text.len);
    while (text.len > 0) {
        uint32_t cp = 0;
        size_t n = 0;

        if (aw_str_starts(text, AW_STR("%u")))
            n = read_unit(aw_str_sub(text, 2, text.len), AW_STR("%u"), &cp);
        if (n > 0) {
            n += 2;
            aw_utf8_put(&bytes, cp);
        } else if (text.ptr[0] == '%' &&
                   read_hex(aw_str_sub(text, 1, text.len), 2, &cp)) {
            n = 3;
            aw_buf_putc(&bytes, (char)cp);
        } else {
            n = 1;
            aw_buf_putc(&bytes, text.ptr[0]);
        }
        text = aw_str_sub(text, n, text.len);
    }
    aw_utf8_clean(out, aw_buf_str(&bytes));
    aw_buf_deinit(&bytes);
}
