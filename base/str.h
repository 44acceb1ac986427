/* str.h - a view of bytes: pointer and length, not ended by NUL.
 *
 * A struct aw_str owns nothing; who made the bytes keeps them alive. Text in
 * it is UTF-8 unless the name says otherwise. An empty view may have a NULL
 * pointer.
 */
#ifndef AW_BASE_STR_H
#define AW_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct aw_str {
    const char *ptr;
    size_t len;
};

/* A view of a string literal, and the pair for printf's "%.*s". */
#define AW_STR(literal) ((struct aw_str){(literal), sizeof(literal) - 1})
#define AW_STR_ARG(s) (int)(s).len, (s).len ? (s).ptr : ""

/* A view of a NUL-ended string; NULL gives the empty view. */
struct aw_str aw_str_of(const char *text);

bool aw_str_eq(struct aw_str a, struct aw_str b);
bool aw_str_eq_nocase(struct aw_str a, struct aw_str b); /* ASCII case */
static inline bool aw_str_starts(struct aw_str s, struct aw_str prefix)
{
    return s.len >= prefix.len &&
           (prefix.len == 0 || !memcmp(s.ptr, prefix.ptr, prefix.len));
}
bool aw_str_starts_nocase(struct aw_str s, struct aw_str prefix);
bool aw_str_ends(struct aw_str s, struct aw_str suffix);
int aw_str_cmp(struct aw_str a, struct aw_str b); /* by bytes */

/* The place of needle in s, or -1. */
ptrdiff_t aw_str_find(struct aw_str s, struct aw_str needle);
ptrdiff_t aw_str_find_nocase(struct aw_str s, struct aw_str needle);

/* The part of s from byte `from`, at most len bytes; clamped to s. */
static inline struct aw_str aw_str_sub(struct aw_str s, size_t from,
                                       size_t len)
{
    if (from >= s.len)
        return (struct aw_str){0};
    if (len > s.len - from)
        len = s.len - from;
    return (struct aw_str){s.ptr + from, len};
}

/* s without ASCII white space at both ends. */
struct aw_str aw_str_trim(struct aw_str s);

/* Cuts the text before the next sep off *rest into *part; the sep is eaten.
 * False when *rest was used up. "a,,b" gives "a", "", "b". */
bool aw_str_split(struct aw_str *rest, char sep, struct aw_str *part);

/* Reads a whole decimal number; false where s is anything else or it does
 * not fit. */
bool aw_str_to_int(struct aw_str s, int64_t *out);

/* ASCII, without the locale. */
static inline char aw_ascii_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

static inline bool aw_ascii_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static inline bool aw_ascii_digit(char c)
{
    return c >= '0' && c <= '9';
}

static inline bool aw_ascii_alpha(char c)
{
    c = aw_ascii_lower(c);
    return c >= 'a' && c <= 'z';
}

/* The value of a hexadecimal digit, or -1. */
int aw_hex_value(char c);

#endif
