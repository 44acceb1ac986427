#include "extract/hide.h"

#include <string.h>

#include "base/hash.h"

#define SELECTOR_MAX 128 /* bytes; longer ones are ignored */
#define PROBES_MAX 16

static bool is_zero(struct aw_str value)
{
    size_t pos = 0;
    bool zero = false;

    while (pos < value.len && (value.ptr[pos] == '0' || value.ptr[pos] == '.'))
        zero = value.ptr[pos++] == '0' || zero;
    return zero && (pos == value.len || !aw_ascii_digit(value.ptr[pos]));
}

static bool is_none(struct aw_str value)
{
    return aw_str_eq_nocase(value, AW_STR("none"));
}

static bool is_unseen(struct aw_str value)
{
    return aw_str_eq_nocase(value, AW_STR("hidden")) ||
           aw_str_eq_nocase(value, AW_STR("collapse"));
}

static const struct {
    struct aw_str name;
    bool (*hides)(struct aw_str value);
} properties[] = {
    {{"display", 7}, is_none},
    {{"visibility", 10}, is_unseen},
    {{"opacity", 7}, is_zero},
    {{"font-size", 9}, is_zero},
};

/* One declaration; a later one of the same property overrules. */
static void declare(struct aw_str part, unsigned *hidden)
{
    struct aw_str value = part;
    struct aw_str name;
    ptrdiff_t bang;

    if (!aw_str_split(&value, ':', &name))
        return;
    bang = aw_str_find(value, AW_STR("!"));
    value =
        aw_str_trim(aw_str_sub(value, 0, bang < 0 ? value.len : (size_t)bang));
    name = aw_str_trim(name);
    for (size_t i = 0; i < sizeof properties / sizeof properties[0]; i++) {
        if (!aw_str_eq_nocase(name, properties[i].name))
            continue;
        *hidden &= ~(1u << i);
        *hidden |= (unsigned)properties[i].hides(value) << i;
    }
}

bool aw_hide_style(struct aw_str declarations)
{
    unsigned hidden = 0;
    struct aw_str part;

    while (aw_str_split(&declarations, ';', &part))
        declare(part, &hidden);
    return hidden != 0;
}

/* The hash of a selector in two parts; never 0. */
static uint64_t key_of(struct aw_str tag, char mark, struct aw_str name)
{
    char text[SELECTOR_MAX];
    size_t len = 0;

    if (tag.len + name.len + 1 > sizeof text)
        return 1;
    for (size_t i = 0; i < tag.len; i++)
        text[len++] = aw_ascii_lower(tag.ptr[i]);
    if (mark)
        text[len++] = mark;
    if (name.len > 0)
        memcpy(text + len, name.ptr, name.len);
    return aw_hash64((struct aw_str){text, len + name.len}) | 1;
}

/* Probing is short, so that crafted selectors cost no more than others. */
static void add(struct aw_hide *hide, uint64_t key)
{
    for (size_t i = 0; i < PROBES_MAX; i++) {
        uint64_t *slot = &hide->slots[(key >> 8 ^ i) % AW_HIDE_SLOTS];

        if (*slot == key)
            return;
        if (*slot == 0) {
            *slot = key;
            hide->count++;
            return;
        }
    }
}

static bool has(const struct aw_hide *hide, uint64_t key)
{
    for (size_t i = 0; i < PROBES_MAX; i++) {
        uint64_t slot = hide->slots[(key >> 8 ^ i) % AW_HIDE_SLOTS];

        if (slot == key || slot == 0)
            return slot == key;
    }
    return false;
}

static bool is_name_byte(char c)
{
    return aw_ascii_alpha(c) || aw_ascii_digit(c) || c == '-' || c == '_' ||
           (unsigned char)c >= 0x80;
}

static size_t name_len(struct aw_str text)
{
    size_t n = 0;

    while (n < text.len && is_name_byte(text.ptr[n]))
        n++;
    return n;
}

/* Takes "tag", ".class", "#id" or a tag with one of the two. */
static void add_selector(struct aw_hide *hide, struct aw_str selector)
{
    struct aw_str tag = aw_str_sub(selector, 0, name_len(selector));
    struct aw_str more = aw_str_sub(selector, tag.len, selector.len);
    struct aw_str name;

    if (more.len == 0) {
        if (tag.len > 0)
            add(hide, key_of(tag, '\0', more));
        return;
    }
    if (more.ptr[0] != '.' && more.ptr[0] != '#')
        return;
    name = aw_str_sub(more, 1, more.len);
    if (name.len > 0 && name_len(name) == name.len &&
        selector.len < SELECTOR_MAX)
        add(hide, key_of(tag, more.ptr[0], name));
}

static void add_rule(struct aw_hide *hide, struct aw_str selectors,
                     struct aw_str declarations)
{
    struct aw_str selector;

    if (!aw_hide_style(declarations))
        return;
    while (aw_str_split(&selectors, ',', &selector))
        add_selector(hide, aw_str_trim(selector));
}

/* The bytes up to mark, which is eaten; all of them where it is missing. */
static struct aw_str take_to(struct aw_str *css, struct aw_str mark)
{
    ptrdiff_t at = aw_str_find(*css, mark);
    size_t len = at < 0 ? css->len : (size_t)at;
    struct aw_str part = aw_str_sub(*css, 0, len);

    *css = aw_str_sub(*css, len + mark.len, css->len);
    return part;
}

/* An at-rule: up to its ";" or behind its block. */
static void skip_at_rule(struct aw_str *css)
{
    size_t depth = 0;
    size_t pos = 0;

    for (; pos < css->len; pos++) {
        char c = css->ptr[pos];

        depth += c == '{';
        if (c == '}' && depth > 0)
            depth--;
        if (depth == 0 && (c == ';' || c == '}'))
            break;
    }
    *css = aw_str_sub(*css, pos + 1, css->len);
}

void aw_hide_sheet(struct aw_hide *hide, struct aw_str css)
{
    for (;;) {
        css = aw_str_trim(css);
        if (css.len == 0)
            return;
        if (aw_str_starts(css, AW_STR("/*"))) {
            css = aw_str_sub(css, 2, css.len);
            (void)take_to(&css, AW_STR("*/"));
        } else if (css.ptr[0] == '@') {
            skip_at_rule(&css);
        } else {
            struct aw_str selectors = take_to(&css, AW_STR("{"));

            add_rule(hide, selectors, take_to(&css, AW_STR("}")));
        }
    }
}

static bool match_name(const struct aw_hide *hide, struct aw_str tag,
                       char mark, struct aw_str name)
{
    if (name.len == 0 || name.len >= SELECTOR_MAX)
        return false;
    return has(hide, key_of((struct aw_str){0}, mark, name)) ||
           has(hide, key_of(tag, mark, name));
}

static bool match_classes(const struct aw_hide *hide, struct aw_str tag,
                          struct aw_str classes)
{
    while (classes.len > 0) {
        size_t n = 0;

        while (n < classes.len && !aw_ascii_space(classes.ptr[n]))
            n++;
        if (match_name(hide, tag, '.', aw_str_sub(classes, 0, n)))
            return true;
        classes = aw_str_sub(classes, n + 1, classes.len);
    }
    return false;
}

bool aw_hide_match(const struct aw_hide *hide, struct aw_str tag,
                   struct aw_str classes, struct aw_str id)
{
    if (hide->count == 0)
        return false;
    return has(hide, key_of(tag, '\0', (struct aw_str){0})) ||
           match_name(hide, tag, '#', aw_str_trim(id)) ||
           match_classes(hide, tag, classes);
}
