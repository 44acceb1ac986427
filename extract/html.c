#include "extract/html.h"

#include <stdlib.h>
#include <string.h>

#include "extract/entity.h"
#include "extract/html_page.h"
#include "extract/image.h"
#include "extract/link.h"
#include "extract/microdata.h"

struct aw_how aw_page_how(const struct aw_page *page)
{
    if (page->depth > 0)
        return page->stack[page->depth - 1].how;
    return (struct aw_how){.hidden = aw_look_hidden(&page->root),
                           .font_px = aw_look_font_px(&page->root)};
}

const struct aw_look *aw_page_look(const struct aw_page *page)
{
    return page->depth > 0 ? &page->stack[page->depth - 1].look : &page->root;
}

struct aw_how aw_page_unseen(enum aw_hidden why)
{
    return (struct aw_how){.hidden = why};
}

struct aw_str aw_page_value(struct aw_page *page, const struct aw_token *token,
                            enum aw_attr_id id)
{
    struct aw_str raw = aw_token_attr(token, id);

    if (raw.len == 0 || !memchr(raw.ptr, '&', raw.len))
        return raw;
    aw_buf_reset(&page->value);
    aw_entity_decode(&page->value, raw, true);
    if (page->rc == AW_OK && page->value.rc == AW_NOMEM)
        page->rc = aw_buf_check(&page->value, page->err);
    return aw_buf_str(&page->value);
}

bool aw_page_attr_is(const struct aw_token *token, enum aw_attr_id id,
                     struct aw_str text)
{
    return aw_str_eq_nocase(aw_str_trim(aw_token_attr(token, id)), text);
}

/* --- links --- */

static bool is_nofollow(const struct aw_token *token)
{
    return aw_str_find_nocase(aw_token_attr(token, AW_ATTR_REL),
                              AW_STR("nofollow")) >= 0;
}

static void on_anchor(struct aw_page *page, const struct aw_token *token,
                      struct aw_how how)
{
    struct aw_str href;

    (void)how;
    if (!aw_token_has(token, AW_ATTR_HREF))
        return;
    aw_flow_gap(&page->flow);
    href = aw_str_trim(aw_page_value(page, token, AW_ATTR_HREF));
    if (aw_str_starts_nocase(href, AW_STR("javascript:")))
        aw_discover_script(&page->links, href);
    else
        aw_discover_add(&page->links, href, AW_LINK_LINK, is_nofollow(token));
}

/* Its blocks say where they stood: at the address that the frame had, which a
 * page as a browser shows it still names, or in the page itself. */
static bool enter_frame(struct aw_page *page, const struct aw_token *token)
{
    struct aw_document *doc = page->doc;
    struct aw_str src = aw_str_trim(aw_page_value(page, token, AW_ATTR_SRC));

    if (!aw_link_absolute(src) || src.len > AW_DOCUMENT_URL_MAX)
        src = AW_STR("about:srcdoc");
    page->rc = aw_arena_dup(&doc->arena, src, &doc->frame, page->err);
    if (page->rc != AW_OK || !aw_linker_enter(page->links.linker)) {
        doc->frame = AW_STR("");
        return false;
    }
    return true;
}

/* What a frame says of itself is not said of the page around it. */
static void leave_frame(struct aw_page *page, const struct aw_document *outer)
{
    struct aw_document *doc = page->doc;

    if (doc->nofollow && !outer->nofollow)
        for (size_t i = outer->link_count; i < doc->link_count; i++)
            doc->links[i].nofollow = true;
    doc->nofollow = outer->nofollow;
    doc->canonical = outer->canonical;
    doc->title = outer->title;
    doc->frame = AW_STR("");
    aw_linker_leave(page->links.linker);
}

/* Seen in place of what the iframe element holds. Its elements end with it. */
static void read_srcdoc(struct aw_page *page, const struct aw_token *token)
{
    const struct aw_document outer = *page->doc;
    size_t depth = page->depth;
    size_t over = page->over;
    struct aw_look root = page->root;
    struct aw_str html = aw_page_value(page, token, AW_ATTR_SRCDOC);

    if (aw_arena_dup(&page->sheet.arena, html, &html, page->err) != AW_OK)
        return; /* a page of the limit's size is not in an attribute */
    if (!enter_frame(page, token))
        return;
    page->inner = true;
    aw_page_read(page, html);
    aw_flow_end(&page->flow);
    page->inner = false;
    page->root = root;
    leave_frame(page, &outer);
    if (page->depth > depth)
        page->depth = depth;
    page->over = over;
}

static void on_frame(struct aw_page *page, const struct aw_token *token,
                     struct aw_how how)
{
    (void)how;
    aw_discover_add(&page->links, aw_page_value(page, token, AW_ATTR_SRC),
                    AW_LINK_EMBEDDED, false);
    if (aw_token_has(token, AW_ATTR_SRCDOC) && !page->inner)
        read_srcdoc(page, token);
}

static void on_link(struct aw_page *page, const struct aw_token *token,
                    struct aw_how how)
{
    (void)how;
    if (aw_str_find_nocase(aw_token_attr(token, AW_ATTR_REL),
                           AW_STR("stylesheet")) >= 0)
        aw_page_forget_defaults(page);
    if (aw_token_has(token, AW_ATTR_REL) && aw_token_has(token, AW_ATTR_HREF))
        aw_discover_rel(&page->links, aw_token_attr(token, AW_ATTR_REL),
                        aw_token_attr(token, AW_ATTR_TYPE),
                        aw_page_value(page, token, AW_ATTR_HREF));
}

/* Does the page state fewer pixels than `least`? */
static bool is_below(const struct aw_token *token, enum aw_attr_id attr,
                     int64_t least)
{
    struct aw_str text = aw_str_trim(aw_token_attr(token, attr));
    int64_t pixels = 0;
    size_t digits = 0;

    while (digits < text.len && digits < 6 && aw_ascii_digit(text.ptr[digits]))
        pixels = pixels * 10 + (text.ptr[digits++] - '0');
    return aw_token_has(token, attr) && digits > 0 && pixels < least &&
           !aw_str_ends(text, AW_STR("%"));
}

/* What is written into the page itself is no address. */
static void on_image(struct aw_page *page, const struct aw_token *token,
                     struct aw_how how)
{
    bool small = is_below(token, AW_ATTR_WIDTH, AW_POSTER_WIDTH_MIN) ||
                 is_below(token, AW_ATTR_HEIGHT, AW_POSTER_HEIGHT_MIN);

    (void)how;
    if (aw_token_has(token, AW_ATTR_SRC) &&
        !aw_str_starts_nocase(aw_token_attr(token, AW_ATTR_SRC),
                              AW_STR("data:")))
        aw_discover_add(&page->links, aw_page_value(page, token, AW_ATTR_SRC),
                        AW_LINK_IMAGE, small);
    if (aw_token_has(token, AW_ATTR_SRCSET))
        aw_discover_srcset(&page->links,
                           aw_page_value(page, token, AW_ATTR_SRCSET));
}

/* Links that any element may have. */
static void add_script_links(struct aw_page *page,
                             const struct aw_token *token)
{
    static const enum aw_attr_id data[] = {AW_ATTR_DATA_HREF,
                                           AW_ATTR_DATA_URL};

    if (aw_token_has(token, AW_ATTR_ONCLICK))
        aw_discover_script(&page->links,
                           aw_page_value(page, token, AW_ATTR_ONCLICK));
    for (size_t i = 0; i < sizeof data / sizeof data[0]; i++)
        if (aw_token_has(token, data[i]))
            aw_discover_data_attr(&page->links,
                                  aw_page_value(page, token, data[i]));
}

static void on_base(struct aw_page *page, const struct aw_token *token,
                    struct aw_how how)
{
    (void)how;
    if (aw_token_has(token, AW_ATTR_HREF))
        aw_linker_base(page->links.linker,
                       aw_page_value(page, token, AW_ATTR_HREF));
}

/* --- text in attributes --- */

static void add_attr(struct aw_page *page, const struct aw_token *token,
                     enum aw_attr_id id, struct aw_how how)
{
    if (aw_token_has(token, id))
        aw_flow_aside(&page->flow, AW_BLOCK_ATTRIBUTE, how,
                      aw_page_value(page, token, id));
}

static void on_input(struct aw_page *page, const struct aw_token *token,
                     struct aw_how how)
{
    if (aw_page_attr_is(token, AW_ATTR_TYPE, AW_STR("hidden")))
        how = aw_page_unseen(AW_HIDDEN_ATTRIBUTE);
    add_attr(page, token, AW_ATTR_VALUE, how);
}

static void add_attrs(struct aw_page *page, const struct aw_token *token,
                      struct aw_how how)
{
    static const enum aw_attr_id ids[] = {
        AW_ATTR_ALT,         AW_ATTR_TITLE, AW_ATTR_ARIA_LABEL,
        AW_ATTR_PLACEHOLDER, AW_ATTR_LABEL, AW_ATTR_SUMMARY,
    };

    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++)
        add_attr(page, token, ids[i], how);
}

/* --- elements --- */

static void on_break(struct aw_page *page, const struct aw_token *token,
                     struct aw_how how)
{
    (void)token;
    aw_flow_line(&page->flow, how);
}

/* Labels stand apart in a drawing. */
static void on_svg_text(struct aw_page *page, const struct aw_token *token,
                        struct aw_how how)
{
    (void)token;
    aw_flow_text(&page->flow, how, AW_STR(" "));
}

typedef void open_fn(struct aw_page *page, const struct aw_token *token,
                     struct aw_how how);

static open_fn *const on_open[] = {
    [AW_TAG_A] = on_anchor,
    [AW_TAG_BASE] = on_base,
    [AW_TAG_BR] = on_break,
    [AW_TAG_FRAME] = on_frame,
    [AW_TAG_IMAGE] = on_image,
    [AW_TAG_INPUT] = on_input,
    [AW_TAG_LINK_REL] = on_link,
    [AW_TAG_META] = aw_page_on_meta,
    [AW_TAG_ROOT] = NULL,
    [AW_TAG_SCRIPT] = aw_page_on_script,
    [AW_TAG_STYLE] = aw_page_on_style,
    [AW_TAG_TITLE] = NULL,
    [AW_TAG_OTHER] = NULL,
    [AW_TAG_FONT] = NULL,
    [AW_TAG_SVG_TEXT] = on_svg_text,
};

/* "<x/>" closes itself in XML, and else in SVG and Office markup only, which
 * is not in the table. */
static bool has_content(const struct aw_page *page,
                        const struct aw_token *token)
{
    const struct aw_tag *tag = token->tag;

    if (tag->id == AW_TAG_ROOT || tag->flags & AW_TAG_VOID)
        return false;
    return !token->self_closing || (tag->name[0] != '\0' && !page->xml);
}

static void open_element(struct aw_page *page, const struct aw_token *token)
{
    const struct aw_tag *tag = token->tag;
    struct aw_look look;
    struct aw_how how;

    if (tag->flags & AW_TAG_BLOCK)
        aw_flow_end(&page->flow);
    aw_page_close_implied(page, tag);
    if (tag->id == AW_TAG_ROOT)
        aw_page_open_root(page, token);
    look = tag->id == AW_TAG_ROOT ? *aw_page_look(page)
                                  : aw_page_look_of(page, token);
    how = aw_page_how_of(page, token, &look);
    if (token->has)
        add_attrs(page, token, how);
    if (token->has)
        add_script_links(page, token);
    if (on_open[tag->id])
        on_open[tag->id](page, token, how);
    if (has_content(page, token))
        aw_page_push(page, token, how, &look);
}

static void close_element(struct aw_page *page, const struct aw_token *token)
{
    if (token->tag->flags & AW_TAG_BLOCK)
        aw_flow_end(&page->flow);
    if (token->tag->id == AW_TAG_BR) /* "</br>" is read as "<br>" */
        on_break(page, token, aw_page_how(page));
    else
        aw_page_pop(page, token);
}

/* --- content of title, script, style, textarea --- */

static void read_title(struct aw_page *page, struct aw_str text)
{
    struct aw_document *doc = page->doc;
    size_t before;

    aw_flow_end(&page->flow);
    before = doc->block_count;
    aw_buf_reset(&page->value);
    aw_entity_decode(&page->value, text, false);
    aw_flow_aside(&page->flow, AW_BLOCK_TITLE, (struct aw_how){0},
                  aw_buf_str(&page->value));
    aw_flow_end(&page->flow);
    if (doc->title.len == 0 && doc->block_count > before)
        doc->title = doc->blocks[before].text;
}

static void read_raw(struct aw_page *page, const struct aw_token *token)
{
    switch (token->tag->id) {
    case AW_TAG_TITLE:
        read_title(page, token->text);
        break;
    case AW_TAG_STYLE:
        if (!page->sheets_read)
            aw_page_read_sheet(page, token->text);
        break;
    case AW_TAG_SCRIPT:
        aw_page_read_script(page, token->text);
        break;
    default:
        aw_flow_text(&page->flow, aw_page_how(page), token->text);
        break;
    }
}

static void read_token(struct aw_page *page, const struct aw_token *token)
{
    switch (token->kind) {
    case AW_TOKEN_TEXT:
        aw_flow_text(&page->flow, aw_page_how(page), token->text);
        break;
    case AW_TOKEN_OPEN:
        open_element(page, token);
        break;
    case AW_TOKEN_CLOSE:
        close_element(page, token);
        break;
    case AW_TOKEN_RAW:
        read_raw(page, token);
        break;
    }
}

void aw_page_read(struct aw_page *page, struct aw_str html)
{
    struct aw_tokenizer tokens;
    struct aw_token token;

    aw_tokenizer_init(&tokens, html);
    tokens.xml = page->xml;
    while (page->rc == AW_OK && page->links.rc == AW_OK &&
           aw_tokenizer_next(&tokens, &token))
        read_token(page, &token);
}

static aw_rc read_page(struct aw_page *page, struct aw_str html)
{
    aw_page_read_sheets_first(page, html);
    aw_page_read(page, html);
    aw_flow_end(&page->flow);
    if (page->rc == AW_OK)
        page->rc = aw_flow_check(&page->flow);
    aw_linker_charset(page->links.linker, AW_STR("utf-8"));
    aw_page_read_data(page);
    if (page->rc == AW_OK)
        page->rc = aw_microdata_read(html, &page->links, page->err);
    return page->rc == AW_OK ? page->links.rc : page->rc;
}

static aw_rc read_as(bool xml, struct aw_str html, struct aw_str agent,
                     struct aw_document *doc, struct aw_err *err)
{
    struct aw_page *page = malloc(sizeof *page);
    aw_rc rc;

    if (!page)
        return aw_fail(err, AW_NOMEM, "out of memory");
    memset(page, 0, offsetof(struct aw_page, jsonld));
    page->doc = doc;
    page->agent = agent;
    page->xml = xml;
    page->err = err;
    aw_buf_init(&page->value, AW_PAGE_VALUE_MAX);
    aw_flow_init(&page->flow, doc, err);
    aw_sheet_init(&page->sheet);
    page->root = aw_look_root(false);
    page->path[0] = (struct aw_element){.tag = AW_STR("html")};
    page->path[1] = (struct aw_element){.tag = AW_STR("body")};
    rc = aw_discover_init(&page->links, doc, err);
    if (rc == AW_OK) {
        aw_linker_charset(page->links.linker, doc->charset);
        rc = read_page(page, html);
    }
    aw_discover_deinit(&page->links);
    aw_flow_deinit(&page->flow);
    aw_sheet_deinit(&page->sheet);
    aw_buf_deinit(&page->value);
    free(page);
    return rc;
}

aw_rc aw_html_read(struct aw_str html, struct aw_str agent,
                   struct aw_document *doc, struct aw_err *err)
{
    return read_as(false, html, agent, doc, err);
}

aw_rc aw_html_read_xml(struct aw_str html, struct aw_str agent,
                       struct aw_document *doc, struct aw_err *err)
{
    return read_as(true, html, agent, doc, err);
}
