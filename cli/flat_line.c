#include "cli/flat_line.h"

#include <string.h>

#define ID_DIGITS_MAX 15 /* a double holds them all */

const char *const aw_flat_names[AW_FLAT_MEMBERS] = {"id",   "channel",
                                                    "url",  "title",
                                                    "text", "html"};

static void skip_blanks(struct aw_str line, size_t *at)
{
    while (*at < line.len && line.ptr[*at] == ' ')
        ++*at;
}

static bool take(struct aw_str line, size_t *at, char c)
{
    skip_blanks(line, at);
    if (*at == line.len || line.ptr[*at] != c)
        return false;
    ++*at;
    return true;
}

static bool take_string(struct aw_str line, size_t *at, struct aw_str *out)
{
    const char *start, *end;

    if (!take(line, at, '"') || *at == line.len)
        return false;
    start = line.ptr + *at;
    end = memchr(start, '"', line.len - *at);
    if (!end)
        return false;
    *out = (struct aw_str){start, (size_t)(end - start)};
    *at += out->len + 1;
    return !memchr(start, '\\', out->len) && !memchr(start, '\0', out->len);
}

static bool take_number(struct aw_str line, size_t *at, struct aw_str *out)
{
    size_t end = *at;

    while (end < line.len && aw_ascii_digit(line.ptr[end]))
        end++;
    *out = aw_str_sub(line, *at, end - *at);
    *at = end;
    return out->len > 0 && out->len <= ID_DIGITS_MAX &&
           (out->len == 1 || out->ptr[0] != '0');
}

static int member_of(struct aw_str name)
{
    for (int i = 0; i < AW_FLAT_MEMBERS; i++)
        if (aw_str_eq(name, aw_str_of(aw_flat_names[i])))
            return i;
    return AW_FLAT_MEMBERS;
}

static bool take_member(struct aw_flat_line *out, struct aw_str line,
                        size_t *at)
{
    struct aw_str name, value;
    int member;
    bool ok;

    if (!take_string(line, at, &name) || !take(line, at, ':'))
        return false;
    member = member_of(name);
    skip_blanks(line, at);
    if (member == AW_FLAT_ID && *at < line.len && line.ptr[*at] != '"')
        ok = take_number(line, at, &value);
    else
        ok = take_string(line, at, &value);
    if (!ok || member == AW_FLAT_MEMBERS)
        return ok;
    ok = !out->is_there[member];
    out->value[member] = value;
    out->is_there[member] = true;
    return ok;
}

bool aw_flat_line_read(struct aw_flat_line *out, struct aw_str line)
{
    size_t at = 0;

    *out = (struct aw_flat_line){0};
    if (!take(line, &at, '{'))
        return false;
    do {
        if (!take_member(out, line, &at))
            return false;
    } while (take(line, &at, ','));
    return take(line, &at, '}') && at == line.len;
}
