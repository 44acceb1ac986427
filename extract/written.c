#include "extract/written.h"

#include <string.h>

#include "extract/literal.h"

static const struct {
    struct aw_str word; /* behind the dot */
    bool here;
    bool call; /* else an assignment */
} places[] = {
    {AW_STR("write"), true, true},
    {AW_STR("writeln"), true, true},
    {AW_STR("innerHTML"), false, false},
    {AW_STR("outerHTML"), false, false},
    {AW_STR("innerText"), false, false},
    {AW_STR("textContent"), false, false},
    {AW_STR("html"), false, true},
    {AW_STR("append"), false, true},
    {AW_STR("insertAdjacentHTML"), false, true},
};

static bool is_name_char(char c)
{
    return aw_ascii_alpha(c) || aw_ascii_digit(c) || c == '_' || c == '$';
}

static struct aw_str take_name(struct aw_str *code)
{
    struct aw_str name = *code;
    size_t n = 0;

    while (n < code->len && is_name_char(code->ptr[n]))
        n++;
    name.len = n;
    *code = aw_str_sub(*code, n, code->len);
    return name;
}

/* Without comments: one that does not end would be looked through again and
 * again. */
static struct aw_str skip_space(struct aw_str code)
{
    size_t n = 0;

    while (n < code.len && aw_ascii_space(code.ptr[n]))
        n++;
    return aw_str_sub(code, n, code.len);
}

/* "(", or "=" and "+=" but not "==". */
static bool take_opening(struct aw_str *code, bool call)
{
    struct aw_str rest = skip_space(*code);

    if (!call && aw_str_starts(rest, AW_STR("+")))
        rest = aw_str_sub(rest, 1, rest.len);
    if (!aw_str_starts(rest, call ? AW_STR("(") : AW_STR("=")))
        return false;
    *code = aw_str_sub(rest, 1, rest.len);
    return !aw_str_starts(*code, AW_STR("="));
}

static bool is_decoder(struct aw_str name)
{
    return aw_str_eq(name, AW_STR("unescape")) ||
           aw_str_eq(name, AW_STR("decodeURIComponent")) ||
           aw_str_eq(name, AW_STR("decodeURI"));
}

static void take_literal(struct aw_str *code, bool escaped,
                         struct aw_buf *html)
{
    struct aw_buf plain;

    if (!escaped) {
        (void)aw_literal_take(code, html);
        return;
    }
    aw_buf_init(&plain, AW_LITERAL_MAX * 4);
    if (aw_literal_take(code, &plain))
        aw_literal_unescape(html, aw_buf_str(&plain));
    aw_buf_deinit(&plain);
}

/* The expression up to its ";" or closing bracket. */
static void take_expression(struct aw_str *code, struct aw_buf *html)
{
    size_t limit =
        code->len > AW_WRITTEN_CODE_MAX ? code->len - AW_WRITTEN_CODE_MAX : 0;
    struct aw_str name = {0};
    int depth = 0;

    while (code->len > limit) {
        char c = code->ptr[0];

        if (aw_literal_begins(*code)) {
            take_literal(code, is_decoder(name), html);
            continue;
        }
        if (is_name_char(c)) {
            name = take_name(code);
            continue;
        }
        depth += (c == '(' || c == '[' || c == '{') -
                 (c == ')' || c == ']' || c == '}');
        if (depth < 0 || (c == ';' && depth == 0))
            return;
        if (c != '(' && !aw_ascii_space(c))
            name = (struct aw_str){0};
        *code = aw_str_sub(*code, 1, code->len);
    }
}

/* code stands behind a dot; `before` is what is before it. */
static bool take_place(struct aw_str *code, struct aw_str before, bool *here)
{
    struct aw_str rest = *code;
    struct aw_str name = take_name(&rest);

    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        if (!aw_str_eq(name, places[i].word))
            continue;
        if (places[i].here && !aw_str_ends(before, AW_STR("document")))
            return false;
        *here = places[i].here;
        *code = rest;
        return take_opening(code, places[i].call);
    }
    return false;
}

bool aw_written_next(struct aw_str *code, struct aw_buf *html, bool *here)
{
    size_t before = html->len;
    struct aw_str all = *code;
    const char *dot;

    while (code->len > 0 && (dot = memchr(code->ptr, '.', code->len))) {
        size_t at = (size_t)(dot - all.ptr);

        *code = aw_str_sub(all, at + 1, all.len);
        if (!take_place(code, aw_str_sub(all, 0, at), here))
            continue;
        take_expression(code, html);
        if (html->len > before)
            return true;
    }
    return false;
}
