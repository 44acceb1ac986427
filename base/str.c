#include "base/str.h"

struct aw_str aw_str_of(const char *text)
{
    return (struct aw_str){text, text ? strlen(text) : 0};
}

int aw_hex_value(char c)
{
    c = aw_ascii_lower(c);
    if (aw_ascii_digit(c))
        return c - '0';
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool aw_str_eq(struct aw_str a, struct aw_str b)
{
    return a.len == b.len && (a.len == 0 || !memcmp(a.ptr, b.ptr, a.len));
}

bool aw_str_eq_nocase(struct aw_str a, struct aw_str b)
{
    return a.len == b.len && aw_str_starts_nocase(a, b);
}

bool aw_str_starts_nocase(struct aw_str s, struct aw_str prefix)
{
    if (s.len < prefix.len)
        return false;
    for (size_t i = 0; i < prefix.len; i++)
        if (aw_ascii_lower(s.ptr[i]) != aw_ascii_lower(prefix.ptr[i]))
            return false;
    return true;
}

bool aw_str_ends(struct aw_str s, struct aw_str suffix)
{
    return s.len >= suffix.len &&
           aw_str_eq(aw_str_sub(s, s.len - suffix.len, suffix.len), suffix);
}

int aw_str_cmp(struct aw_str a, struct aw_str b)
{
    size_t len = a.len < b.len ? a.len : b.len;
    int order = len ? memcmp(a.ptr, b.ptr, len) : 0;

    if (order != 0)
        return order;
    return (a.len > b.len) - (a.len < b.len);
}

ptrdiff_t aw_str_find(struct aw_str s, struct aw_str needle)
{
    const char *at;

    if (needle.len == 0)
        return 0;
    if (s.len < needle.len)
        return -1;
    at = memmem(s.ptr, s.len, needle.ptr, needle.len);
    return at ? at - s.ptr : -1;
}

ptrdiff_t aw_str_find_nocase(struct aw_str s, struct aw_str needle)
{
    for (size_t i = 0; i + needle.len <= s.len; i++)
        if (aw_str_starts_nocase(aw_str_sub(s, i, s.len - i), needle))
            return (ptrdiff_t)i;
    return -1;
}

struct aw_str aw_str_trim(struct aw_str s)
{
    while (s.len > 0 && aw_ascii_space(s.ptr[0]))
        s = aw_str_sub(s, 1, s.len - 1);
    while (s.len > 0 && aw_ascii_space(s.ptr[s.len - 1]))
        s.len--;
    return s;
}

bool aw_str_split(struct aw_str *rest, char sep, struct aw_str *part)
{
    const char *at;

    if (!rest->ptr)
        return false;
    at = rest->len ? memchr(rest->ptr, sep, rest->len) : NULL;
    if (!at) {
        *part = *rest;
        *rest = (struct aw_str){0};
        return true;
    }
    part->ptr = rest->ptr;
    part->len = (size_t)(at - rest->ptr);
    rest->len -= part->len + 1;
    rest->ptr = at + 1;
    return true;
}

bool aw_str_to_int(struct aw_str s, int64_t *out)
{
    bool negative = s.len > 0 && s.ptr[0] == '-';
    int64_t value = 0;

    s = aw_str_sub(s, negative, s.len);
    if (s.len == 0)
        return false;
    for (size_t i = 0; i < s.len; i++) {
        if (!aw_ascii_digit(s.ptr[i]) ||
            __builtin_mul_overflow(value, 10, &value) ||
            __builtin_sub_overflow(value, s.ptr[i] - '0', &value))
            return false;
    }
    if (!negative && __builtin_sub_overflow(0, value, &value))
        return false;
    *out = value;
    return true;
}
