#include "extract/sheet.h"

#include <string.h>

#include "base/hash.h"

#define MET_MAX 64 /* rules that one element meets; others are left out */

/* "div.a.b#c" and what joins it to the part before it. */
struct part {
    struct aw_str tag, id; /* empty: any */
    struct aw_str classes[AW_SHEET_CLASSES_MAX];
    size_t class_count;
    bool child; /* of the part before it, not only inside of it */
};

struct aw_rule {
    struct part *parts;
    size_t part_count;
    uint32_t specificity;
    uint32_t next; /* in its chain, as heads */
    const struct aw_style *style;
};

void aw_sheet_init(struct aw_sheet *sheet)
{
    *sheet = (struct aw_sheet){0};
    aw_arena_init(&sheet->arena, AW_SHEET_ARENA_MAX);
}

void aw_sheet_deinit(struct aw_sheet *sheet)
{
    aw_arena_deinit(&sheet->arena);
}

/* --- selectors --- */

static bool is_name_byte(char c)
{
    return aw_ascii_alpha(c) || aw_ascii_digit(c) || c == '-' || c == '_' ||
           (unsigned char)c >= 0x80;
}

static struct aw_str take_name(struct aw_str *text)
{
    struct aw_str name = *text;
    size_t n = 0;

    while (n < text->len && is_name_byte(text->ptr[n]))
        n++;
    name.len = n;
    *text = aw_str_sub(*text, n, text->len);
    return name;
}

/* False where the part holds what is not known here. */
static bool read_part(struct aw_str *text, struct part *part)
{
    struct aw_str before = *text;

    if (aw_str_starts(*text, AW_STR("*")))
        *text = aw_str_sub(*text, 1, text->len);
    else
        part->tag = take_name(text);
    while (text->len > 0 && (text->ptr[0] == '.' || text->ptr[0] == '#')) {
        bool class = text->ptr[0] == '.';
        struct aw_str name;

        *text = aw_str_sub(*text, 1, text->len);
        name = take_name(text);
        if (name.len == 0 ||
            (class && part->class_count == AW_SHEET_CLASSES_MAX))
            return false;
        if (class)
            part->classes[part->class_count++] = name;
        else
            part->id = name;
    }
    return text->len < before.len;
}

/* Takes white space and ">". False where another combinator, or a mark that
 * is not known, stands there. */
static bool read_combinator(struct aw_str *text, struct part *next)
{
    *text = aw_str_trim(*text);
    next->child = aw_str_starts(*text, AW_STR(">"));
    if (next->child)
        *text = aw_str_trim(aw_str_sub(*text, 1, text->len));
    return text->len > 0;
}

/* The number of parts; 0 where the selector is passed over. */
static size_t read_selector(struct aw_str text, struct part *parts)
{
    size_t count = 0;

    text = aw_str_trim(text);
    while (count < AW_SHEET_PARTS_MAX && text.len > 0) {
        if (!read_part(&text, &parts[count++]))
            return 0;
        if (text.len == 0)
            return count;
        if (!aw_ascii_space(text.ptr[0]) && text.ptr[0] != '>')
            return 0;
        if (count == AW_SHEET_PARTS_MAX ||
            !read_combinator(&text, &parts[count]))
            return 0;
    }
    return 0;
}

static uint32_t specificity_of(const struct part *parts, size_t count)
{
    uint32_t sum = 0;

    for (size_t i = 0; i < count; i++)
        sum += (parts[i].id.len > 0 ? 0x10000u : 0) +
               (uint32_t)parts[i].class_count * 0x100u +
               (parts[i].tag.len > 0);
    return sum;
}

/* --- chains: by id, else by class, else by tag, else in that of "*" --- */

static size_t slot_of(char mark, struct aw_str name)
{
    uint64_t hash = (unsigned char)mark;

    for (size_t i = 0; i < name.len; i++)
        hash = (hash ^ (unsigned char)aw_ascii_lower(name.ptr[i])) *
               0x100000001B3u;
    return (size_t)(hash ^ hash >> 29) % AW_SHEET_SLOTS;
}

static size_t slot_of_part(const struct part *part)
{
    if (part->id.len > 0)
        return slot_of('#', part->id);
    if (part->class_count > 0)
        return slot_of('.', part->classes[0]);
    return slot_of('<', part->tag);
}

static aw_rc add_rule(struct aw_sheet *sheet, const struct part *parts,
                      size_t count, const struct aw_style *style,
                      struct aw_err *err)
{
    void *rules = sheet->rules;
    struct aw_rule rule = {.part_count = count, .style = style};
    uint32_t *head = &sheet->heads[slot_of_part(&parts[count - 1])];
    aw_rc rc = aw_arena_grow(&sheet->arena, &rules, sheet->count, &sheet->cap,
                             sizeof rule, err);

    sheet->rules = rules;
    if (rc != AW_OK)
        return rc;
    rule.parts = aw_arena_array(&sheet->arena, count, sizeof parts[0]);
    if (!rule.parts)
        return aw_arena_fail(&sheet->arena, err);
    memcpy(rule.parts, parts, count * sizeof parts[0]);
    rule.specificity = specificity_of(parts, count);
    rule.next = *head;
    sheet->rules[sheet->count++] = rule;
    *head = (uint32_t)sheet->count;
    return AW_OK;
}

static aw_rc add_rules(struct aw_sheet *sheet, struct aw_str selectors,
                       struct aw_str declarations, struct aw_err *err)
{
    struct aw_style style = {0};
    struct aw_style *kept = NULL;
    struct aw_str selector;
    aw_rc rc = AW_OK;

    aw_style_declare(&style, declarations);
    if (style.set == 0)
        return AW_OK;
    while (rc == AW_OK && sheet->count < AW_SHEET_RULES_MAX &&
           aw_str_split(&selectors, ',', &selector)) {
        struct part parts[AW_SHEET_PARTS_MAX] = {0};
        size_t count = read_selector(selector, parts);

        if (count == 0)
            continue;
        if (!kept && !(kept = aw_arena_alloc(&sheet->arena, sizeof *kept)))
            return aw_arena_fail(&sheet->arena, err);
        *kept = style;
        rc = add_rule(sheet, parts, count, kept, err);
    }
    return rc;
}

/* --- sheets --- */

/* The bytes up to mark, which is eaten; all of them where it is missing. */
static struct aw_str take_to(struct aw_str *css, char mark)
{
    const char *at = css->len ? memchr(css->ptr, mark, css->len) : NULL;
    size_t len = at ? (size_t)(at - css->ptr) : css->len;
    struct aw_str part = aw_str_sub(*css, 0, len);

    *css = aw_str_sub(*css, len + 1, css->len);
    return part;
}

/* Behind the "}" of the block that css is in. */
static void skip_block(struct aw_str *css)
{
    size_t depth = 1;
    size_t pos = 0;

    for (; pos < css->len && depth > 0; pos++) {
        depth += css->ptr[pos] == '{';
        depth -= css->ptr[pos] == '}';
    }
    *css = aw_str_sub(*css, pos, css->len);
}

static bool is_screen(struct aw_str media)
{
    struct aw_str one;

    if (aw_str_trim(media).len == 0)
        return true;
    while (aw_str_split(&media, ',', &one)) {
        one = aw_str_trim(one);
        if (aw_str_eq_nocase(one, AW_STR("all")) ||
            aw_str_eq_nocase(one, AW_STR("screen")) ||
            aw_str_eq_nocase(one, AW_STR("only screen")))
            return true;
    }
    return false;
}

/* Does the block of an at-rule hold rules that count? */
static bool is_entered(struct aw_str prelude)
{
    if (aw_str_starts_nocase(prelude, AW_STR("@media")))
        return is_screen(aw_str_sub(prelude, 6, prelude.len));
    return aw_str_starts_nocase(prelude, AW_STR("@supports")) ||
           aw_str_starts_nocase(prelude, AW_STR("@layer"));
}

/* "<!--" and "-->" stand around the rules of old pages. */
static bool skip_comment_mark(struct aw_str *css)
{
    size_t n = aw_str_starts(*css, AW_STR("<!--"))  ? 4
               : aw_str_starts(*css, AW_STR("-->")) ? 3
                                                    : 0;

    *css = aw_str_sub(*css, n, css->len);
    return n > 0;
}

/* css stands at "@": up to its ";", into its block or behind it. */
static void read_at_rule(struct aw_str *css, size_t *depth)
{
    size_t n = 0;
    struct aw_str prelude;
    bool has_block;

    while (n < css->len && css->ptr[n] != ';' && css->ptr[n] != '{')
        n++;
    prelude = aw_str_sub(*css, 0, n);
    has_block = n < css->len && css->ptr[n] == '{';
    *css = aw_str_sub(*css, n + 1, css->len);
    if (!has_block)
        return;
    if (*depth < AW_SHEET_DEPTH_MAX && is_entered(prelude))
        ++*depth;
    else
        skip_block(css);
}

/* Takes the text up to a mark off the front, with the mark. */
static struct aw_str take_before(struct aw_str *text, struct aw_str mark)
{
    ptrdiff_t at = aw_str_find(*text, mark);
    size_t len = at < 0 ? text->len : (size_t)at;
    struct aw_str part = aw_str_sub(*text, 0, len);

    *text = aw_str_sub(*text, len + mark.len, text->len);
    return part;
}

/* css without its comments, in the sheet's arena; as it is without any. */
static aw_rc without_comments(struct aw_sheet *sheet, struct aw_str *css,
                              struct aw_err *err)
{
    struct aw_str rest = *css;
    char *copy;
    size_t len = 0;

    if (aw_str_find(rest, AW_STR("/*")) < 0)
        return AW_OK;
    copy = aw_arena_alloc(&sheet->arena, css->len);
    if (!copy)
        return aw_arena_fail(&sheet->arena, err);
    while (rest.len > 0) {
        struct aw_str part = take_before(&rest, AW_STR("/*"));

        if (part.len > 0)
            memcpy(copy + len, part.ptr, part.len);
        len += part.len;
        (void)take_before(&rest, AW_STR("*/"));
    }
    *css = (struct aw_str){copy, len};
    return AW_OK;
}

aw_rc aw_sheet_add(struct aw_sheet *sheet, struct aw_str css,
                   struct aw_err *err)
{
    aw_rc rc = without_comments(sheet, &css, err);
    size_t depth = 0;

    while (rc == AW_OK && sheet->count < AW_SHEET_RULES_MAX) {
        css = aw_str_trim(css);
        if (css.len == 0)
            break;
        if (skip_comment_mark(&css))
            continue;
        if (css.ptr[0] == '@') {
            read_at_rule(&css, &depth);
        } else if (css.ptr[0] == '}') {
            css = aw_str_sub(css, 1, css.len);
            depth -= depth > 0;
        } else {
            struct aw_str selectors = take_to(&css, '{');

            rc = add_rules(sheet, selectors, take_to(&css, '}'), err);
        }
    }
    return rc;
}

/* --- what an element meets --- */

static bool has_class(struct aw_str classes, struct aw_str name)
{
    while (classes.len >= name.len) {
        size_t n = 0;

        while (n < classes.len && !aw_ascii_space(classes.ptr[n]))
            n++;
        if (aw_str_eq(aw_str_sub(classes, 0, n), name))
            return true;
        classes = aw_str_sub(classes, n + 1, classes.len);
    }
    return false;
}

static bool is_met(const struct part *part, const struct aw_element *element)
{
    if (part->tag.len > 0 && !aw_str_eq_nocase(part->tag, element->tag))
        return false;
    if (part->id.len > 0 && !aw_str_eq(part->id, element->id))
        return false;
    for (size_t i = 0; i < part->class_count; i++)
        if (!has_class(element->classes, part->classes[i]))
            return false;
    return true;
}

/* Do these parts lead to the last element of the path? */
static bool leads_to(struct aw_sheet *sheet, const struct part *parts,
                     size_t part_count, const struct aw_element *path,
                     size_t count)
{
    const struct part *last = &parts[part_count - 1];

    if (count == 0 || sheet->tries++ >= AW_SHEET_TRIES_MAX ||
        !is_met(last, &path[count - 1]))
        return false;
    if (part_count == 1)
        return true;
    if (last->child)
        return leads_to(sheet, parts, part_count - 1, path, count - 1);
    while (--count > 0)
        if (leads_to(sheet, parts, part_count - 1, path, count))
            return true;
    return false;
}

struct met {
    const struct aw_rule *rules[MET_MAX];
    size_t count;
};

static bool has_rule(const struct met *met, const struct aw_rule *rule)
{
    for (size_t i = 0; i < met->count; i++)
        if (met->rules[i] == rule)
            return true;
    return false;
}

/* Ordered by specificity, then by place. */
static void insert(struct met *met, const struct aw_rule *rule)
{
    size_t i = met->count;

    if (i == MET_MAX || has_rule(met, rule))
        return;
    for (; i > 0; i--) {
        const struct aw_rule *below = met->rules[i - 1];

        if (below->specificity < rule->specificity ||
            (below->specificity == rule->specificity && below < rule))
            break;
        met->rules[i] = below;
    }
    met->rules[i] = rule;
    met->count++;
}

static void try_chain(struct aw_sheet *sheet, size_t slot,
                      const struct aw_element *path, size_t count,
                      struct met *met)
{
    for (uint32_t at = sheet->heads[slot];
         at != 0 && sheet->tries < AW_SHEET_TRIES_MAX;) {
        const struct aw_rule *rule = &sheet->rules[at - 1];

        if (leads_to(sheet, rule->parts, rule->part_count, path, count))
            insert(met, rule);
        at = rule->next;
    }
}

void aw_sheet_style(struct aw_sheet *sheet, const struct aw_element *path,
                    size_t count, struct aw_style *style)
{
    const struct aw_element *element = &path[count - 1];
    struct aw_str classes = element->classes;
    struct met met;

    met.count = 0;
    if (sheet->count == 0)
        return;
    try_chain(sheet, slot_of('<', (struct aw_str){0}), path, count, &met);
    try_chain(sheet, slot_of('<', element->tag), path, count, &met);
    if (element->id.len > 0)
        try_chain(sheet, slot_of('#', element->id), path, count, &met);
    while (classes.len > 0) {
        size_t n = 0;

        while (n < classes.len && !aw_ascii_space(classes.ptr[n]))
            n++;
        if (n > 0)
            try_chain(sheet, slot_of('.', aw_str_sub(classes, 0, n)), path,
                      count, &met);
        classes = aw_str_sub(classes, n + 1, classes.len);
    }
    for (size_t i = 0; i < met.count; i++)
        aw_style_over(style, met.rules[i]->style);
}
