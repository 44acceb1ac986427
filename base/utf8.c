#include "base/utf8.h"

#include <string.h>

/* The lowest code point that may be written with n continuation bytes. */
static const uint32_t least[] = {0, 0x80, 0x800, 0x10000};

static size_t continuation_bytes(unsigned char lead)
{
    if (lead >= 0xC2 && lead <= 0xDF)
        return 1;
    if (lead >= 0xE0 && lead <= 0xEF)
        return 2;
    return lead >= 0xF0 && lead <= 0xF4 ? 3 : 0;
}

static bool is_scalar(uint32_t cp)
{
    return cp <= 0x10FFFF && (cp < 0xD800 || cp > 0xDFFF);
}

/* True where a well-formed character of several bytes starts at pos. */
static bool decode_long(struct aw_str s, size_t pos, size_t more, uint32_t *cp)
{
    unsigned char lead = (unsigned char)s.ptr[pos];

    if (more == 0 || s.len - pos <= more)
        return false;
    *cp = lead & (0x3Fu >> more);
    for (size_t i = 1; i <= more; i++) {
        unsigned char byte = (unsigned char)s.ptr[pos + i];

        if ((byte & 0xC0) != 0x80)
            return false;
        *cp = *cp << 6 | (byte & 0x3Fu);
    }
    return *cp >= least[more] && is_scalar(*cp);
}

struct aw_utf8_char aw_utf8_rare(struct aw_str s, size_t pos)
{
    size_t more = continuation_bytes((unsigned char)s.ptr[pos]);
    uint32_t cp;

    if (!decode_long(s, pos, more, &cp))
        return (struct aw_utf8_char){AW_REPLACEMENT, 1};
    return (struct aw_utf8_char){cp, (uint32_t)more + 1};
}

void aw_utf8_put(struct aw_buf *out, uint32_t cp)
{
    char bytes[4];
    size_t len = 0;

    if (!is_scalar(cp))
        cp = AW_REPLACEMENT;
    if (cp < 0x80) {
        bytes[len++] = (char)cp;
    } else if (cp < 0x800) {
        bytes[len++] = (char)(0xC0 | cp >> 6);
    } else if (cp < 0x10000) {
        bytes[len++] = (char)(0xE0 | cp >> 12);
        bytes[len++] = (char)(0x80 | (cp >> 6 & 0x3F));
    } else {
        bytes[len++] = (char)(0xF0 | cp >> 18);
        bytes[len++] = (char)(0x80 | (cp >> 12 & 0x3F));
        bytes[len++] = (char)(0x80 | (cp >> 6 & 0x3F));
    }
    if (cp >= 0x80)
        bytes[len++] = (char)(0x80 | (cp & 0x3F));
    aw_buf_append(out, bytes, len);
}

size_t aw_utf8_count(struct aw_str s)
{
    size_t count = 0;

    for (size_t pos = 0; pos < s.len; count++)
        (void)aw_utf8_next(s, &pos);
    return count;
}

size_t aw_utf8_offset(struct aw_str s, size_t n)
{
    size_t pos = 0;

    while (pos < s.len && n-- > 0)
        (void)aw_utf8_next(s, &pos);
    return pos;
}

size_t aw_utf8_skip_ascii(struct aw_str s, size_t pos)
{
    uint64_t word; /* eight bytes at a time */

    while (s.len - pos >= sizeof word) {
        memcpy(&word, s.ptr + pos, sizeof word);
        if (word & 0x8080808080808080u)
            break;
        pos += sizeof word;
    }
    while (pos < s.len && (unsigned char)s.ptr[pos] < 0x80)
        pos++;
    return pos;
}

/* The place of the next byte at or behind pos that is none of a well-formed
 * character of three bytes, or near the end. */
static size_t skip_three(struct aw_str s, size_t pos)
{
    uint32_t word;

    while (s.len - pos >= sizeof word) {
        memcpy(&word, s.ptr + pos, sizeof word);
        if (!aw_utf8_is_three(le32toh(word)))
            break;
        pos += 3;
    }
    return pos;
}

size_t aw_utf8_align(struct aw_str s, size_t pos)
{
    while (pos < s.len && ((unsigned char)s.ptr[pos] & 0xC0) == 0x80)
        pos++;
    return pos;
}

bool aw_utf8_valid(struct aw_str s)
{
    size_t pos = 0;

    while ((pos = skip_three(s, aw_utf8_skip_ascii(s, pos))) < s.len) {
        size_t start = pos;

        if (aw_utf8_next(s, &pos) == AW_REPLACEMENT && pos - start == 1)
            return false;
    }
    return true;
}

struct aw_str aw_utf8_cut(struct aw_str s, size_t max)
{
    if (s.len <= max)
        return s;
    for (size_t start = max; start > 0 && max - start < 4;) {
        size_t next = --start;

        if (((unsigned char)s.ptr[start] & 0xC0) == 0x80)
            continue;
        (void)aw_utf8_next(s, &next);
        if (next > max)
            max = start;
        break;
    }
    s.len = max;
    return s;
}

void aw_utf8_clean(struct aw_buf *out, struct aw_str s)
{
    for (size_t pos = 0; pos < s.len;)
        aw_utf8_put(out, aw_utf8_next(s, &pos));
}

bool aw_is_han(uint32_t cp)
{
    return (cp >= 0x4E00 && cp <= 0x9FFF) || (cp >= 0x3400 && cp <= 0x4DBF) ||
           (cp >= 0xF900 && cp <= 0xFAFF) || (cp >= 0x20000 && cp <= 0x323AF);
}
