#include "extract/html.h"

#include <stdlib.h>

#include "extract/discover.h"
#include "extract/entity.h"
#include "extract/flow.h"
#include "extract/hide.h"
#include "extract/jsonld.h"
#include "extract/link.h"
#include "extract/microdata.h"
#include "extract/text.h"
#include "extract/token.h"

#define VALUE_MAX ((size_t)64 << 20) /* one attribute's value, undone */

/* How far up a tag looks for what it closes: with it the time for a page of
 * nothing but unmatched tags stays linear. */
#define CLOSE_LEVELS_MAX 256

/* An open element. */
struct open {
    const struct aw_tag *tag;
    uint32_t name; /* hash: tells elements that are not in the table apart */
    struct aw_how how; /* with what its parents add */
};

struct page {
    struct aw_document *doc;
    struct aw_str agent;
    struct aw_err *err;
    aw_rc rc; /* the first failure sticks */
    struct aw_flow flow;
    struct aw_discover links;
    struct aw_hide hide;
    struct aw_buf value;
    struct open stack[AW_HTML_DEPTH_MAX];
    size_t depth;
    size_t over; /* elements open beyond the stack */
    bool script_is_jsonld;
    bool script_runs;
    struct aw_str jsonld[AW_HTML_JSONLD_MAX];
    size_t jsonld_count;
};

static struct aw_how page_how(const struct page *page)
{
    return page->depth > 0 ? page->stack[page->depth - 1].how
                           : (struct aw_how){0};
}

/* What is on the page and is not shown. */
static struct aw_how unseen(enum aw_hidden why)
{
    return (struct aw_how){.hidden = why};
}

/* An attribute's value with its references undone; valid until the next. */
static struct aw_str value_of(struct page *page, const struct aw_token *token,
                              enum aw_attr_id id)
{
    aw_buf_reset(&page->value);
    aw_entity_decode(&page->value, aw_token_attr(token, id), true);
    if (page->rc == AW_OK && page->value.rc == AW_NOMEM)
        page->rc = aw_buf_check(&page->value, page->err);
    return aw_buf_str(&page->value);
}

static bool attr_is(const struct aw_token *token, enum aw_attr_id id,
                    struct aw_str text)
{
    return aw_str_eq_nocase(aw_str_trim(aw_token_attr(token, id)), text);
}

/* --- the stack of open elements --- */

static size_t lowest_level(const struct page *page)
{
    return page->depth > CLOSE_LEVELS_MAX ? page->depth - CLOSE_LEVELS_MAX : 0;
}

/* Ends the elements of these groups, with all inside them, but looks no
 * further than one that stops: a group or a flag. */
static void close_group(struct page *page, unsigned groups, unsigned stops,
                        unsigned stop_flags)
{
    size_t low = lowest_level(page);

    for (size_t i = page->depth; i-- > low;) {
        const struct aw_tag *tag = page->stack[i].tag;

        if (tag->group & groups)
            page->depth = i;
        else if (tag->group & stops || tag->flags & stop_flags)
            return;
    }
}

static void close_implied(struct page *page, const struct aw_tag *tag)
{
    if (tag->flags & AW_TAG_BLOCK && !(tag->flags & AW_TAG_TABLE))
        close_group(page, AW_GROUP_P, 0, AW_TAG_SCOPE);
    if (tag->closes)
        close_group(page, tag->closes, tag->stops, 0);
}

static uint32_t name_hash(struct aw_str name)
{
    uint32_t hash = 2166136261u;

    for (size_t i = 0; i < name.len; i++)
        hash = (hash ^ (unsigned char)aw_ascii_lower(name.ptr[i])) * 16777619u;
    return hash;
}

static void push(struct page *page, const struct aw_token *token,
                 struct aw_how how)
{
    if (page->depth == AW_HTML_DEPTH_MAX) {
        page->over++;
        return;
    }
    page->stack[page->depth++] =
        (struct open){token->tag, name_hash(token->text), how};
}

/* May an end tag of `tag` close something outside of `open`? */
static bool stops_end_tag(const struct aw_tag *tag, const struct aw_tag *open)
{
    if (tag->flags & AW_TAG_TABLE)
        return (open->group & AW_GROUP_TABLE) != 0;
    return (open->flags &
            (tag->flags & AW_TAG_BLOCK ? AW_TAG_SCOPE : AW_TAG_BLOCK)) != 0;
}

static void pop(struct page *page, const struct aw_token *token)
{
    uint32_t name = name_hash(token->text);
    size_t low = lowest_level(page);

    if (page->over > 0) {
        page->over--;
        return;
    }
    for (size_t i = page->depth; i-- > low;) {
        const struct open *open = &page->stack[i];

        if (open->tag == token->tag && open->name == name) {
            page->depth = i;
            return;
        }
        if (stops_end_tag(token->tag, open->tag))
            return;
    }
}

/* --- links --- */

static bool is_nofollow(const struct aw_token *token)
{
    return aw_str_find_nocase(aw_token_attr(token, AW_ATTR_REL),
                              AW_STR("nofollow")) >= 0;
}

static void on_anchor(struct page *page, const struct aw_token *token,
                      struct aw_how how)
{
    struct aw_str href;

    (void)how;
    if (!aw_token_has(token, AW_ATTR_HREF))
        return;
    aw_flow_gap(&page->flow);
    href = aw_str_trim(value_of(page, token, AW_ATTR_HREF));
    if (aw_str_starts_nocase(href, AW_STR("javascript:")))
        aw_discover_script(&page->links, href);
    else
        aw_discover_add(&page->links, href, AW_LINK_LINK, is_nofollow(token));
}

static void on_frame(struct page *page, const struct aw_token *token,
                     struct aw_how how)
{
    (void)how;
    aw_discover_add(&page->links, value_of(page, token, AW_ATTR_SRC),
                    AW_LINK_EMBEDDED, false);
}

static void on_link(struct page *page, const struct aw_token *token,
                    struct aw_how how)
{
    (void)how;
    if (aw_token_has(token, AW_ATTR_REL) && aw_token_has(token, AW_ATTR_HREF))
        aw_discover_rel(&page->links, aw_token_attr(token, AW_ATTR_REL),
                        aw_token_attr(token, AW_ATTR_TYPE),
                        value_of(page, token, AW_ATTR_HREF));
}

/* What is written into the page itself is no address. */
static void on_image(struct page *page, const struct aw_token *token,
                     struct aw_how how)
{
    (void)how;
    if (aw_token_has(token, AW_ATTR_SRC) &&
        !aw_str_starts_nocase(aw_token_attr(token, AW_ATTR_SRC),
                              AW_STR("data:")))
        aw_discover_add(&page->links, value_of(page, token, AW_ATTR_SRC),
                        AW_LINK_IMAGE, false);
    if (aw_token_has(token, AW_ATTR_SRCSET))
        aw_discover_srcset(&page->links,
                           value_of(page, token, AW_ATTR_SRCSET));
}

/* Links that any element may have. */
static void add_script_links(struct page *page, const struct aw_token *token)
{
    static const enum aw_attr_id data[] = {AW_ATTR_DATA_HREF,
                                           AW_ATTR_DATA_URL};

    if (aw_token_has(token, AW_ATTR_ONCLICK))
        aw_discover_script(&page->links,
                           value_of(page, token, AW_ATTR_ONCLICK));
    for (size_t i = 0; i < sizeof data / sizeof data[0]; i++)
        if (aw_token_has(token, data[i]))
            aw_discover_data_attr(&page->links,
                                  value_of(page, token, data[i]));
}

static void on_base(struct page *page, const struct aw_token *token,
                    struct aw_how how)
{
    (void)how;
    if (aw_token_has(token, AW_ATTR_HREF))
        aw_linker_base(page->links.linker,
                       value_of(page, token, AW_ATTR_HREF));
}

/* --- meta --- */

/* "5; url='next.html'": the part that is the URL. (HTML Living Standard,
 * 4.2.5.3) */
static struct aw_str refresh_url(struct aw_str content)
{
    struct aw_str url = aw_str_trim(content);
    char quote;

    while (url.len > 0 && (aw_ascii_digit(url.ptr[0]) || url.ptr[0] == '.'))
        url = aw_str_sub(url, 1, url.len);
    url = aw_str_trim(url);
    if (url.len == 0 || (url.ptr[0] != ';' && url.ptr[0] != ','))
        return (struct aw_str){0};
    url = aw_str_trim(aw_str_sub(url, 1, url.len));
    if (aw_str_starts_nocase(url, AW_STR("url"))) {
        struct aw_str more = aw_str_trim(aw_str_sub(url, 3, url.len));

        if (aw_str_starts(more, AW_STR("=")))
            url = aw_str_trim(aw_str_sub(more, 1, more.len));
    }
    quote = url.len > 0 ? url.ptr[0] : '\0';
    if (quote == '"' || quote == '\'') {
        struct aw_str quoted = aw_str_sub(url, 1, url.len);

        (void)aw_str_split(&quoted, quote, &url);
    }
    return url;
}

static bool is_described_by(struct aw_str name)
{
    static const struct aw_str names[] = {
        {"description", 11},
        {"keywords", 8},
        {"og:title", 8},
        {"og:description", 14},
    };

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (aw_str_eq_nocase(name, names[i]))
            return true;
    return false;
}

static struct aw_str meta_name(const struct aw_token *token)
{
    static const enum aw_attr_id ids[] = {AW_ATTR_NAME, AW_ATTR_PROPERTY,
                                          AW_ATTR_ITEMPROP};

    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++)
        if (aw_token_has(token, ids[i]))
            return aw_str_trim(aw_token_attr(token, ids[i]));
    return (struct aw_str){0};
}

static void on_robots(struct page *page, struct aw_str content)
{
    struct aw_str part;

    while (aw_str_split(&content, ',', &part)) {
        part = aw_str_trim(part);
        if (aw_str_eq_nocase(part, AW_STR("nofollow")) ||
            aw_str_eq_nocase(part, AW_STR("none")))
            page->doc->nofollow = true;
    }
}

/* The names that are there to be read always count, others (author,
 * copyright, anything a site invents) where they hold Chinese. */
static void on_meta(struct page *page, const struct aw_token *token,
                    struct aw_how how)
{
    struct aw_str content = value_of(page, token, AW_ATTR_CONTENT);
    struct aw_str name = meta_name(token);

    (void)how;
    if (attr_is(token, AW_ATTR_HTTP_EQUIV, AW_STR("refresh")))
        aw_discover_add(&page->links, refresh_url(content), AW_LINK_EMBEDDED,
                        false);
    else if (aw_str_eq_nocase(name, AW_STR("robots")) ||
             (name.len > 0 && aw_str_eq_nocase(name, page->agent)))
        on_robots(page, content);
    else if (is_described_by(name) || aw_text_has_han(content))
        aw_flow_aside(&page->flow, AW_BLOCK_META, unseen(AW_HIDDEN_ELEMENT),
                      content);
}

/* --- text in attributes --- */

static void add_attr(struct page *page, const struct aw_token *token,
                     enum aw_attr_id id, struct aw_how how)
{
    if (aw_token_has(token, id))
        aw_flow_aside(&page->flow, AW_BLOCK_ATTRIBUTE, how,
                      value_of(page, token, id));
}

static void on_input(struct page *page, const struct aw_token *token,
                     struct aw_how how)
{
    if (attr_is(token, AW_ATTR_TYPE, AW_STR("hidden")))
        how = unseen(AW_HIDDEN_ATTRIBUTE);
    add_attr(page, token, AW_ATTR_VALUE, how);
}

static void add_attrs(struct page *page, const struct aw_token *token,
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

static void on_break(struct page *page, const struct aw_token *token,
                     struct aw_how how)
{
    (void)token;
    aw_flow_line(&page->flow, how);
}

static void on_script(struct page *page, const struct aw_token *token,
                      struct aw_how how)
{
    (void)how;
    page->script_is_jsonld =
        attr_is(token, AW_ATTR_TYPE, AW_STR("application/ld+json"));
    page->script_runs =
        aw_str_trim(aw_token_attr(token, AW_ATTR_TYPE)).len == 0 ||
        aw_str_find_nocase(aw_token_attr(token, AW_ATTR_TYPE),
                           AW_STR("javascript")) >= 0;
}

typedef void open_fn(struct page *page, const struct aw_token *token,
                     struct aw_how how);

static open_fn *const on_open[] = {
    [AW_TAG_A] = on_anchor,      [AW_TAG_BASE] = on_base,
    [AW_TAG_BR] = on_break,      [AW_TAG_FRAME] = on_frame,
    [AW_TAG_IMAGE] = on_image,   [AW_TAG_INPUT] = on_input,
    [AW_TAG_LINK_REL] = on_link, [AW_TAG_META] = on_meta,
    [AW_TAG_ROOT] = NULL,        [AW_TAG_SCRIPT] = on_script,
    [AW_TAG_STYLE] = NULL,       [AW_TAG_TITLE] = NULL,
    [AW_TAG_OTHER] = NULL,
};

static enum aw_hidden hides(struct page *page, const struct aw_token *token)
{
    enum aw_hidden why;

    if (token->tag->id == AW_TAG_ROOT)
        return AW_HIDDEN_NONE;
    if (token->tag->flags & AW_TAG_HIDES)
        return AW_HIDDEN_ELEMENT;
    if (aw_token_has(token, AW_ATTR_HIDDEN))
        return AW_HIDDEN_ATTRIBUTE;
    if (aw_token_has(token, AW_ATTR_STYLE)) {
        why = aw_hide_style(value_of(page, token, AW_ATTR_STYLE));
        if (why != AW_HIDDEN_NONE)
            return why;
    }
    return aw_hide_match(&page->hide, token->text,
                         aw_token_attr(token, AW_ATTR_CLASS),
                         aw_token_attr(token, AW_ATTR_ID));
}

static struct aw_how how_of(struct page *page, const struct aw_token *token)
{
    unsigned flags = token->tag->flags;
    struct aw_how how = page_how(page);

    if (how.hidden == AW_HIDDEN_NONE)
        how.hidden = hides(page, token);
    if (flags & AW_TAG_LINK && aw_token_has(token, AW_ATTR_HREF))
        how.flags |= AW_FLOW_LINK;
    if (flags & AW_TAG_HEADING)
        how.flags |= AW_FLOW_HEADING;
    if (flags & AW_TAG_PRE)
        how.flags |= AW_FLOW_PRE;
    return how;
}

/* "<x/>" closes itself in SVG and Office markup only, which is not in the
 * table. */
static bool has_content(const struct aw_token *token)
{
    const struct aw_tag *tag = token->tag;

    if (tag->id == AW_TAG_ROOT || tag->flags & AW_TAG_VOID)
        return false;
    return tag->name[0] != '\0' || !token->self_closing;
}

static void open_element(struct page *page, const struct aw_token *token)
{
    const struct aw_tag *tag = token->tag;
    struct aw_how how;

    if (tag->flags & AW_TAG_BLOCK)
        aw_flow_end(&page->flow);
    close_implied(page, tag);
    how = how_of(page, token);
    if (token->has)
        add_attrs(page, token, how);
    if (token->has)
        add_script_links(page, token);
    if (on_open[tag->id])
        on_open[tag->id](page, token, how);
    if (has_content(token))
        push(page, token, how);
}

static void close_element(struct page *page, const struct aw_token *token)
{
    if (token->tag->flags & AW_TAG_BLOCK)
        aw_flow_end(&page->flow);
    if (token->tag->id == AW_TAG_BR) /* "</br>" is read as "<br>" */
        on_break(page, token, page_how(page));
    else
        pop(page, token);
}

/* --- content of title, script, style, textarea --- */

static void read_title(struct page *page, struct aw_str text)
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

static void read_raw(struct page *page, const struct aw_token *token)
{
    switch (token->tag->id) {
    case AW_TAG_TITLE:
        read_title(page, token->text);
        break;
    case AW_TAG_STYLE:
        aw_hide_sheet(&page->hide, token->text);
        break;
    case AW_TAG_SCRIPT:
        if (page->script_is_jsonld && page->jsonld_count < AW_HTML_JSONLD_MAX)
            page->jsonld[page->jsonld_count++] = token->text;
        else if (page->script_runs)
            aw_discover_script(&page->links, token->text);
        break;
    default:
        aw_flow_text(&page->flow, page_how(page), token->text);
        break;
    }
}

static void read_token(struct page *page, const struct aw_token *token)
{
    switch (token->kind) {
    case AW_TOKEN_TEXT:
        aw_flow_text(&page->flow, page_how(page), token->text);
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

static aw_rc read_page(struct page *page, struct aw_str html)
{
    struct aw_tokenizer tokens;
    struct aw_token token;

    aw_tokenizer_init(&tokens, html);
    while (page->rc == AW_OK && page->links.rc == AW_OK &&
           aw_tokenizer_next(&tokens, &token))
        read_token(page, &token);
    aw_flow_end(&page->flow);
    if (page->rc == AW_OK)
        page->rc = aw_flow_check(&page->flow);
    aw_linker_charset(page->links.linker, AW_STR("utf-8"));
    for (size_t i = 0; i < page->jsonld_count && page->rc == AW_OK; i++)
        page->rc = aw_jsonld_read(page->jsonld[i], &page->links, page->err);
    if (page->rc == AW_OK)
        page->rc = aw_microdata_read(html, &page->links, page->err);
    return page->rc == AW_OK ? page->links.rc : page->rc;
}

aw_rc aw_html_read(struct aw_str html, struct aw_str agent,
                   struct aw_document *doc, struct aw_err *err)
{
    struct page *page = calloc(1, sizeof *page);
    aw_rc rc;

    if (!page)
        return aw_fail(err, AW_NOMEM, "out of memory");
    page->doc = doc;
    page->agent = agent;
    page->err = err;
    aw_buf_init(&page->value, VALUE_MAX);
    aw_flow_init(&page->flow, doc, err);
    rc = aw_discover_init(&page->links, doc, err);
    if (rc == AW_OK) {
        aw_linker_charset(page->links.linker, doc->charset);
        rc = read_page(page, html);
    }
    aw_discover_deinit(&page->links);
    aw_flow_deinit(&page->flow);
    aw_buf_deinit(&page->value);
    free(page);
    return rc;
}
