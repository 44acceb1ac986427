#include <string.h>

#include "extract/colour.h"
#include "extract/hint.h"
#include "extract/html_page.h"
#include "extract/length.h"

void aw_page_forget_defaults(struct aw_page *page)
{
    const struct aw_look linked = aw_look_root(true);
    const struct aw_look alone = aw_look_root(false);

    if (page->root.colour == alone.colour)
        page->root.colour = linked.colour;
    if (page->root.ground == alone.ground)
        page->root.ground = linked.ground;
}

#define CLASSES_MAX 1024 /* bytes of a class attribute that are looked at */

static struct aw_element element_of(const struct aw_token *token)
{
    return (struct aw_element){token->text,
                               aw_str_trim(aw_token_attr(token, AW_ATTR_ID)),
                               aw_str_sub(aw_token_attr(token, AW_ATTR_CLASS),
                                          0, CLASSES_MAX)};
}

/* The element's style: attributes, rules, then its own declarations. The last
 * of the path is the element. */
static void style_of(struct aw_page *page, const struct aw_token *token,
                     size_t path_count, struct aw_style *style)
{
    style->set = style->important = 0;
    aw_hint_style(style, token);
    aw_sheet_style(&page->sheet, page->path, path_count, style);
    if (aw_token_has(token, AW_ATTR_STYLE)) {
        struct aw_style own;

        own.set = own.important = 0;
        aw_style_declare(&own, aw_page_value(page, token, AW_ATTR_STYLE));
        aw_style_over(style, &own);
    }
}

/* What browsers do before any style: a link has a colour of its own, a heading
 * a size of its own. */
static void apply_defaults(struct aw_look *look, const struct aw_token *token,
                           const struct aw_style *style)
{
    static const int32_t percent[] = {200, 150, 117, 100, 83, 67};

    if (token->tag->flags & AW_TAG_LINK && aw_token_has(token, AW_ATTR_HREF) &&
        !aw_style_has(style, AW_CSS_COLOUR))
        look->colour = AW_COLOUR_UNKNOWN;
    if (token->tag->flags & AW_TAG_HEADING &&
        !aw_style_has(style, AW_CSS_FONT_SIZE) &&
        look->font < AW_LENGTH_MAX / 2)
        look->font = look->font * percent[token->tag->name[1] - '1'] / 100;
}

struct aw_look aw_page_look_of(struct aw_page *page,
                               const struct aw_token *token)
{
    size_t last = AW_PAGE_ROOTS + page->depth;
    const struct aw_look *parent = aw_page_look(page);
    struct aw_style style;
    struct aw_look look;

    page->path[last] = element_of(token);
    style_of(page, token, last + 1, &style);
    look = aw_look_inside(parent, &style);
    apply_defaults(&look, token, &style);
    if (parent->box != AW_HIDDEN_NONE)
        return look;
    if (token->tag->flags & AW_TAG_HIDES)
        look.box = AW_HIDDEN_ELEMENT;
    else if (aw_token_has(token, AW_ATTR_HIDDEN))
        look.box = AW_HIDDEN_ATTRIBUTE;
    return look;
}

/* html and body: what hides them is taken back by a script, or there would be
 * no page. */
void aw_page_open_root(struct aw_page *page, const struct aw_token *token)
{
    size_t at = aw_str_eq_nocase(token->text, AW_STR("body"));
    struct aw_style style;

    if (!at && !aw_str_eq_nocase(token->text, AW_STR("html")))
        return;
    page->path[at] = element_of(token);
    style_of(page, token, at + 1, &style);
    page->root = aw_look_inside(&page->root, &style);
    page->root.box = AW_HIDDEN_NONE;
    page->root.invisible = false;
}

struct aw_how aw_page_how_of(const struct aw_page *page,
                             const struct aw_token *token,
                             const struct aw_look *look)
{
    unsigned flags = token->tag->flags;
    struct aw_how how = aw_page_how(page);

    how.hidden = aw_look_hidden(look);
    how.font_px = aw_look_font_px(look);
    if (flags & AW_TAG_LINK && aw_token_has(token, AW_ATTR_HREF))
        how.flags |= AW_FLOW_LINK;
    if (flags & AW_TAG_HEADING)
        how.flags |= AW_FLOW_HEADING;
    if (flags & AW_TAG_PRE)
        how.flags |= AW_FLOW_PRE;
    return how;
}

void aw_page_on_style(struct aw_page *page, const struct aw_token *token,
                      struct aw_how how)
{
    (void)how;
    page->skip_sheet =
        aw_str_trim(aw_token_attr(token, AW_ATTR_MEDIA)).len > 0 &&
        aw_str_find_nocase(aw_token_attr(token, AW_ATTR_MEDIA),
                           AW_STR("screen")) < 0 &&
        aw_str_find_nocase(aw_token_attr(token, AW_ATTR_MEDIA),
                           AW_STR("all")) < 0;
}

void aw_page_read_sheet(struct aw_page *page, struct aw_str css)
{
    if (page->skip_sheet)
        return;
    if (aw_str_find_nocase(css, AW_STR("@import")) >= 0)
        aw_page_forget_defaults(page);
    if (page->rc == AW_OK)
        page->rc = aw_sheet_add(&page->sheet, css, page->err);
}

/* Does a style element stand behind the beginning of the body? */
static bool has_late_sheet(struct aw_str html)
{
    const char *at = html.len ? html.ptr : "";
    const char *end = at + html.len;
    bool body = false;

    while (at < end && (at = memchr(at, '<', (size_t)(end - at)))) {
        struct aw_str rest = {at + 1, (size_t)(end - at) - 1};
        char first = rest.len > 0 ? aw_ascii_lower(rest.ptr[0]) : ' ';

        if (first == 'b')
            body = body || aw_str_starts_nocase(rest, AW_STR("body"));
        else if (first == 's' && body &&
                 aw_str_starts_nocase(rest, AW_STR("style")))
            return true;
        at++;
    }
    return false;
}

void aw_page_read_sheets_first(struct aw_page *page, struct aw_str html)
{
    struct aw_tokenizer tokens;
    struct aw_token token;

    page->sheets_read = html.len > 0 && has_late_sheet(html);
    if (!page->sheets_read)
        return;
    aw_tokenizer_init(&tokens, html);
    while (page->rc == AW_OK && aw_tokenizer_next(&tokens, &token)) {
        if (token.kind == AW_TOKEN_OPEN && token.tag->id == AW_TAG_STYLE)
            aw_page_on_style(page, &token, (struct aw_how){0});
        if (token.kind == AW_TOKEN_RAW && token.tag->id == AW_TAG_STYLE)
            aw_page_read_sheet(page, token.text);
    }
}
