#include "extract/entity.h"
#include "extract/html_page.h"
#include "extract/jsonld.h"
#include "extract/state.h"
#include "extract/text.h"
#include "extract/written.h"

#define TEXT_MAX                                               \
    ((size_t)4 << 20) /* of one value, or one script's writing \
                       */
#define STATE_MIN 8   /* bytes; shorter scripts hold no data */

static const struct {
    struct aw_str part; /* of the type attribute */
    enum aw_page_script script;
} types[] = {
    {AW_STR("ld+json"), AW_SCRIPT_JSONLD},
    {AW_STR("json"), AW_SCRIPT_JSON},
    {AW_STR("javascript"), AW_SCRIPT_CODE},
    {AW_STR("ecmascript"), AW_SCRIPT_CODE},
    {AW_STR("module"), AW_SCRIPT_CODE},
    {AW_STR("template"), AW_SCRIPT_TEMPLATE},
    {AW_STR("html"), AW_SCRIPT_TEMPLATE},
    {AW_STR("handlebars"), AW_SCRIPT_TEMPLATE},
};

static enum aw_page_script script_of(struct aw_str type)
{
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        if (aw_str_find_nocase(type, types[i].part) >= 0)
            return types[i].script;
    return type.len == 0 ? AW_SCRIPT_CODE : AW_SCRIPT_OTHER;
}

void aw_page_on_script(struct aw_page *page, const struct aw_token *token,
                       struct aw_how how)
{
    struct aw_str type = aw_str_trim(aw_token_attr(token, AW_ATTR_TYPE));

    (void)how;
    page->script = script_of(type);
    if (page->script == AW_SCRIPT_CODE && page->doc->scripts < UINT16_MAX)
        page->doc->scripts++;
}

/* The text of a piece of HTML, as one line. */
static void put_text(struct aw_buf *out, struct aw_str html)
{
    struct aw_tokenizer tokens;
    struct aw_token token;

    aw_tokenizer_init(&tokens, html);
    while (aw_tokenizer_next(&tokens, &token)) {
        if (token.kind == AW_TOKEN_TEXT)
            aw_entity_decode(out, token.text, false);
        else if (token.kind != AW_TOKEN_RAW && token.tag->flags & AW_TAG_BLOCK)
            aw_buf_putc(out, '\n');
    }
}

/* A text beside the page's own, with tags taken off. Only Chinese counts: of
 * scripts most strings are not for reading. */
static void add_aside(struct aw_page *page, enum aw_block_kind kind,
                      struct aw_how how, struct aw_str html)
{
    struct aw_buf text;

    if (!aw_text_has_han(html) && aw_str_find(html, AW_STR("&#")) < 0)
        return;
    aw_buf_init(&text, TEXT_MAX);
    put_text(&text, html);
    if (aw_text_has_han(aw_buf_str(&text)))
        aw_flow_aside(&page->flow, kind, how, aw_buf_str(&text));
    aw_buf_deinit(&text);
}

/* document.write goes into the page where the script stands, and what it opens
 * stays open. */
static void read_here(struct aw_page *page, struct aw_str html)
{
    if (html.len == 0 ||
        aw_arena_dup(&page->sheet.arena, html, &html, page->err) != AW_OK)
        return; /* over the limit: scripts of many MB */
    page->inner = page->flow.written = true;
    aw_page_read(page, html);
    page->inner = page->flow.written = false;
}

static void read_written(struct aw_page *page, struct aw_str code)
{
    struct aw_buf here, there;
    bool is_here = false;

    aw_buf_init(&here, TEXT_MAX);
    aw_buf_init(&there, TEXT_MAX);
    while (here.rc == AW_OK && aw_written_next(&code, &there, &is_here)) {
        if (is_here)
            aw_buf_put(&here, aw_buf_str(&there));
        else
            add_aside(page, AW_BLOCK_SCRIPT, aw_page_how(page),
                      aw_buf_str(&there));
        aw_buf_reset(&there);
    }
    read_here(page, aw_buf_str(&here));
    aw_buf_deinit(&here);
    aw_buf_deinit(&there);
}

static void note_state(struct aw_page *page, struct aw_str text, bool json)
{
    if (page->state_count < AW_HTML_STATES_MAX && text.len >= STATE_MIN)
        page->states[page->state_count++] = (struct aw_page_state){text, json};
}

void aw_page_read_script(struct aw_page *page, struct aw_str script)
{
    if (page->inner)
        return;
    switch (page->script) {
    case AW_SCRIPT_JSONLD:
        if (page->jsonld_count < AW_HTML_JSONLD_MAX)
            page->jsonld[page->jsonld_count++] = script;
        break;
    case AW_SCRIPT_JSON:
        note_state(page, script, true);
        break;
    case AW_SCRIPT_CODE:
        aw_discover_script(&page->links, script);
        read_written(page, script);
        note_state(page, script, false);
        break;
    case AW_SCRIPT_TEMPLATE:
        add_aside(page, AW_BLOCK_STATE, aw_page_unseen(AW_HIDDEN_ELEMENT),
                  script);
        break;
    case AW_SCRIPT_OTHER:
        break;
    }
}

/* A value that holds data is looked through once more, and not again. */
static void add_value(struct aw_page *page, struct aw_str value)
{
    struct aw_state inner;
    struct aw_buf text;

    if (!aw_state_holds_data(value)) {
        add_aside(page, AW_BLOCK_STATE, aw_page_unseen(AW_HIDDEN_ELEMENT),
                  value);
        return;
    }
    aw_buf_init(&text, TEXT_MAX);
    aw_state_init(&inner, value, true);
    while (aw_state_next(&inner, &text))
        add_aside(page, AW_BLOCK_STATE, aw_page_unseen(AW_HIDDEN_ELEMENT),
                  aw_buf_str(&text));
    aw_buf_deinit(&text);
}

static void read_state(struct aw_page *page, const struct aw_page_state *from)
{
    struct aw_state state;
    struct aw_buf value;

    if (!aw_text_has_han(from->text) &&
        aw_str_find(from->text, AW_STR("\\u")) < 0)
        return;
    aw_buf_init(&value, TEXT_MAX);
    aw_state_init(&state, from->text, from->json);
    while (aw_state_next(&state, &value))
        add_value(page, aw_buf_str(&value));
    aw_flow_end(&page->flow);
    aw_buf_deinit(&value);
}

void aw_page_read_data(struct aw_page *page)
{
    for (size_t i = 0; i < page->jsonld_count && page->rc == AW_OK; i++)
        page->rc = aw_jsonld_read(page->jsonld[i], &page->links, page->err);
    for (size_t i = 0; i < page->state_count && page->rc == AW_OK; i++)
        read_state(page, &page->states[i]);
    if (page->rc == AW_OK)
        page->rc = aw_flow_check(&page->flow);
}
