#include "evidence/redact_private.h"

#include "base/utf8.h"
#include "extract/entity.h"

#define ENTITY_MAX 64 /* bytes that are looked at */
#define ESCAPED_BYTES 4
#define CSS_DIGITS 6
#define BACKSLASHES 8 /* JSON within JSON within a script */

/* So many hexadecimal digits at pos at least and at most; their number. */
static size_t read_hex(struct aw_str text, size_t pos, size_t least,
                       size_t most, uint32_t *value)
{
    size_t len = 0;

    *value = 0;
    while (len < most && pos + len < text.len &&
           aw_hex_value(text.ptr[pos + len]) >= 0)
        *value = *value * 16 + (uint32_t)aw_hex_value(text.ptr[pos + len++]);
    return len >= least ? len : 0;
}

/* "%31", "%2531" and what is escaped oftener: bytes, and the byte. */
static size_t read_percent(struct aw_str text, size_t pos, uint32_t *byte)
{
    size_t len = 1;

    if (pos >= text.len || text.ptr[pos] != '%')
        return 0;
    while (aw_str_eq(aw_str_sub(text, pos + len, 2), AW_STR("25")) &&
           read_hex(text, pos + len + 2, 2, 2, byte) > 0)
        len += 2;
    return read_hex(text, pos + len, 2, 2, byte) > 0 ? len + 2 : 0;
}

/* All bytes of one character. */
static size_t unpercent(struct aw_str text, size_t pos, uint32_t *cp)
{
    char bytes[ESCAPED_BYTES];
    size_t count = 0;
    size_t ends[ESCAPED_BYTES];
    size_t end = pos;
    size_t used = 0;
    uint32_t byte;
    size_t len;

    while (count < ESCAPED_BYTES &&
           (len = read_percent(text, end, &byte)) > 0) {
        end += len;
        bytes[count] = (char)byte;
        ends[count++] = end;
    }
    if (count == 0)
        return 0;
    *cp = aw_utf8_next((struct aw_str){bytes, count}, &used);
    return ends[used - 1] - pos;
}

/* "\u0031", "\u{31}", "\x31" of scripts, "\31 " of style sheets; behind as
 * many backslashes as there are. */
static size_t unslash(struct aw_str text, size_t pos, uint32_t *cp)
{
    size_t at = pos;
    size_t len;
    char c;

    while (at < text.len && at - pos < BACKSLASHES && text.ptr[at] == '\\')
        at++;
    c = at < text.len ? text.ptr[at] : '\0';
    if (c == 'u' && at + 1 < text.len && text.ptr[at + 1] == '{') {
        len = read_hex(text, at + 2, 1, CSS_DIGITS, cp);
        return len > 0 && at + 2 + len < text.len &&
                       text.ptr[at + 2 + len] == '}'
                   ? at + 3 + len - pos
                   : 0;
    }
    if (c == 'u' || c == 'x') {
        len = c == 'u' ? 4 : 2;
        return read_hex(text, at + 1, len, len, cp) > 0 ? at + 1 + len - pos
                                                        : 0;
    }
    len = read_hex(text, at, 2, CSS_DIGITS, cp);
    if (len == 0)
        return 0;
    at += len;
    return at + (at < text.len && text.ptr[at] == ' ') - pos;
}

size_t aw_redact_escape(struct aw_str text, size_t pos, uint32_t *cp)
{
    uint32_t meant = 0;
    size_t len = 0;

    if (text.ptr[pos] == '&')
        len = aw_entity_read(aw_str_sub(text, pos, ENTITY_MAX), false, &meant);
    else if (text.ptr[pos] == '%')
        len = unpercent(text, pos, &meant);
    else if (text.ptr[pos] == '\\')
        len = unslash(text, pos, &meant);
    if (len > 0)
        *cp = meant;
    return len;
}
