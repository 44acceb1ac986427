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
    enum aw_hidden why;
} properties[] = {
    {{"display", 7}, is_none, AW_HIDDEN_DISPLAY},
    {{"visibility", 10}, is_unseen, AW_HIDDEN_VISIBILITY},
    {{"opacity", 7}, is_zero, AW_HIDDEN_OPACITY},
    {{"font-size", 9}, is_zero, AW_HIDDEN_SIZE},
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

enum aw_hidden aw_hide_style(struct aw_str declarations)
{
    unsigned hidden = 0;
    struct aw_str part;

    while (aw_str_split(&declarations, ';', &part))
        declare(part, &hidden);
    for (size_t i = 0; i < sizeof properties / sizeof properties[0]; i++)
        if (hidden >> i & 1)
            return properties[i].why;
    return AW_HIDDEN_NONE;
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
static void add(struct aw_hide *hide, uint64_t key, enum aw_hidden why)
{
    for (size_t i = 0; i < PROBES_MAX; i++) {
        size_t at = (key >> 8 ^ i) % AW_HIDE_SLOTS;

        if (hide->slots[at] == key)
            return;
        if (hide->slots[at] == 0) {
            hide->slots[at] = key;
            hide->why[at] = why;
            hide->count++;
            return;
        }
    }
}

static enum aw_hidden find(const struct aw_hide *hide, uint64_t key)
{
    for (size_t i = 0; i < PROBES_MAX; i++) {
        size_t at = (key >> 8 ^ i) % AW_HIDE_SLOTS;

        if (hide->slots[at] == key)
            return hide->why[at];
        if (hide->slots[at] == 0)
            break;
    }
    return AW_HIDDEN_NONE;
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
static void add_selector(struct aw_hide *hide, struct aw_str selector,
                         enum aw_hidden why)
{
    struct aw_str tag = aw_str_sub(selector, 0, name_len(selector));
    struct aw_str more = aw_str_sub(selector, tag.len, selector.len);
    struct aw_str name;

    if (more.len == 0) {
        if (tag.len > 0)
            add(hide, key_of(tag, '\0', more), why);
        return;
    }
    if (more.ptr[0] != '.' && more.ptr[0] != '#')
        return;
    name = aw_str_sub(more, 1, more.len);
    if (name.len > 0 && name_len(name) == name.len &&
        selector.len < SELECTOR_MAX)
        add(hide, key_of(tag, more.ptr[0], name), why);
}

static void add_rule(struct aw_hide *hide, struct aw_str selectors,
                     struct aw_str declarations)
{
    enum aw_hidden why = aw_hide_style(declarations);
    struct aw_str selector;

    if (why == AW_HIDDEN_NONE)
        return;
    while (aw_str_split(&selectors, ',', &selector))
        add_selector(hide, aw_str_trim(selector), why);
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

static enum aw_hidden match_name(const struct aw_hide *hide, struct aw_str tag,
                                 char mark, struct aw_str name)
{
    enum aw_hidden why;

    if (name.len == 0 || name.len >= SELECTOR_MAX)
        return AW_HIDDEN_NONE;
    why = find(hide, key_of((struct aw_str){0}, mark, name));
    return why != AW_HIDDEN_NONE ? why : find(hide, key_of(tag, mark, name));
}

static enum aw_hidden match_classes(const struct aw_hide *hide,
                                    struct aw_str tag, struct aw_str classes)
{
    enum aw_hidden why = AW_HIDDEN_NONE;

    while (classes.len > 0 && why == AW_HIDDEN_NONE) {
        size_t n = 0;

        while (n < classes.len && !aw_ascii_space(classes.ptr[n]))
            n++;
        why = match_name(hide, tag, '.', aw_str_sub(classes, 0, n));
        classes = aw_str_sub(classes, n + 1, classes.len);
    }
    return why;
}

enum aw_hidden aw_hide_match(const struct aw_hide *hide, struct aw_str tag,
                             struct aw_str classes, struct aw_str id)
{
    enum aw_hidden why;

    if (hide->count == 0)
        return AW_HIDDEN_NONE;
    why = find(hide, key_of(tag, '\0', (struct aw_str){0}));
    if (why == AW_HIDDEN_NONE)
        why = match_name(hide, tag, '#', aw_str_trim(id));
    return why != AW_HIDDEN_NONE ? why : match_classes(hide, tag, classes);
}
