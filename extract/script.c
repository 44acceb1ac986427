#include "extract/script.h"

#include <string.h>

static bool is_name_char(char c)
{
    return aw_ascii_alpha(c) || aw_ascii_digit(c) || c == '_' || c == '$' ||
           (unsigned char)c >= 0x80;
}

static struct aw_str skip_space(struct aw_str s)
{
    while (s.len > 0 && aw_ascii_space(s.ptr[0]))
        s = aw_str_sub(s, 1, s.len);
    return s;
}

static bool take(struct aw_str *s, struct aw_str word)
{
    if (!aw_str_starts(*s, word))
        return false;
    *s = aw_str_sub(*s, word.len, s->len);
    return true;
}

/* "=" but not "==". */
static bool take_assignment(struct aw_str *s)
{
    *s = skip_space(*s);
    return take(s, AW_STR("=")) && !aw_str_starts(*s, AW_STR("="));
}

static bool take_call(struct aw_str *s)
{
    *s = skip_space(*s);
    return take(s, AW_STR("("));
}

/* *s stands behind "location": up to where a literal must begin. */
static bool take_location(struct aw_str *s)
{
    if (take(s, AW_STR(".href")))
        return take_assignment(s);
    if (take(s, AW_STR(".replace")) || take(s, AW_STR(".assign")))
        return take_call(s);
    return take_assignment(s);
}

static const struct {
    struct aw_str word;
    size_t before_o;
    bool (*rest)(struct aw_str *s);
} places[] = {
    {{"location", 8}, 1, take_location},
    {{"open", 4}, 0, take_call},
};

/* Is what stands before a word part of it, or an object of another kind
 * ("xhr.open", "geolocation")? */
static bool is_of_window(struct aw_str before)
{
    static const char *const objects[] = {"window.", "document.", "self.",
                                          "top.",    "parent.",   "this."};
    char last = before.len > 0 ? before.ptr[before.len - 1] : ' ';

    if (last != '.')
        return !is_name_char(last);
    for (size_t i = 0; i < sizeof objects / sizeof objects[0]; i++)
        if (aw_str_ends(before, aw_str_of(objects[i])))
            return true;
    return false;
}

static bool is_filled_in(struct aw_str text)
{
    return aw_str_find(text, AW_STR("{")) >= 0 ||
           aw_str_find(text, AW_STR("<")) >= 0;
}

bool aw_script_is_address(struct aw_str text)
{
    static const char *const starts[] = {"http:", "https:", "/",
                                         "./",    "../",    "?"};

    for (size_t i = 0; i < text.len; i++)
        if (aw_ascii_space(text.ptr[i]))
            return false;
    if (is_filled_in(text) || aw_str_starts(text, AW_STR("/*")) ||
        text.len < 2)
        return false;
    for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++)
        if (aw_str_starts_nocase(text, aw_str_of(starts[i])))
            return true;
    return false;
}

/* "list.html" behind location is one as well. */
static bool is_target(struct aw_str text)
{
    bool file = aw_str_find(text, AW_STR(".")) > 0 ||
                aw_str_find(text, AW_STR("/")) > 0;

    return aw_script_is_address(text) || (file && !is_filled_in(text));
}

static bool ends_expression(struct aw_str rest)
{
    rest = skip_space(rest);
    return rest.len == 0 || rest.ptr[0] == ';' || rest.ptr[0] == ',' ||
           rest.ptr[0] == ')' || rest.ptr[0] == '}' ||
           is_name_char(rest.ptr[0]);
}

/* The literal at the front of s, whole and plain. */
static bool read_literal(struct aw_str s, char *room, size_t size,
                         struct aw_str *url)
{
    size_t len = 0;
    char quote;

    s = skip_space(s);
    quote = s.len > 0 ? s.ptr[0] : ' ';
    if (quote != '"' && quote != '\'' && quote != '`')
        return false;
    for (size_t i = 1; i < s.len && len < size; i++) {
        char c = s.ptr[i];

        if (c == quote) {
            *url = (struct aw_str){room, len};
            return ends_expression(aw_str_sub(s, i + 1, s.len)) &&
                   is_target(*url);
        }
        if (c == '\n' ||
            (c == '\\' && (i + 1 == s.len || s.ptr[i + 1] != '/')))
            return false;
        if (c != '\\')
            room[len++] = c;
    }
    return false;
}

/* The next of the words in code, of which *place says which; -1: none. Both
 * hold an "o", so that one pass finds both. */
static ptrdiff_t find_place(struct aw_str code, size_t *place)
{
    const char *at = code.len ? code.ptr : "";
    const char *end = at + code.len;

    while (at < end && (at = memchr(at, 'o', (size_t)(end - at)))) {
        size_t n = code.len - (size_t)(end - at);

        for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
            size_t before = places[i].before_o;

            if (n >= before &&
                aw_str_starts(aw_str_sub(code, n - before, code.len),
                              places[i].word)) {
                *place = i;
                return (ptrdiff_t)(n - before);
            }
        }
        at++;
    }
    return -1;
}

bool aw_script_next(struct aw_str *code, char *room, size_t size,
                    struct aw_str *url)
{
    struct aw_str all = *code;
    size_t from = 0;
    size_t place = 0;
    ptrdiff_t at;

    while ((at = find_place(aw_str_sub(all, from, all.len), &place)) >= 0) {
        size_t start = from + (size_t)at;
        struct aw_str rest;

        from = start + places[place].word.len;
        rest = aw_str_sub(all, from, all.len);
        *code = rest;
        if (is_of_window(aw_str_sub(all, 0, start)) &&
            places[place].rest(&rest) && read_literal(rest, room, size, url))
            return true;
    }
    return false;
}
