#include "extract/microdata.h"

#include <stdlib.h>

#include "base/utf8.h"
#include "extract/entity.h"
#include "extract/flow.h"
#include "extract/link.h"
#include "extract/party.h"
#include "extract/schema_app.h"
#include "extract/token.h"

#define TEXT_MAX \
    (8 * AW_APP_TEXT_MAX)    /* bytes of one property, as it stands */
#define CLOSE_LEVELS_MAX 256 /* as in html.c */

/* Whose properties the elements here are. */
enum scope { OUTSIDE, OF_APP, OF_MAKER, OF_REVIEW, OF_OTHER };

#define DEVELOPERS_MAX 100 /* of a page */

struct open {
    const struct aw_tag *tag;
    struct aw_str name;
    enum scope scope;
    bool captures; /* its text is the property under way */
};

struct micro {
    struct aw_document *doc;
    struct aw_linker *linker;
    struct aw_err *err;
    struct open stack[AW_MICRODATA_DEPTH_MAX];
    size_t depth;
    size_t over;               /* elements open beyond the stack */
    enum aw_app_field capture; /* AW_APP_FIELD_COUNT: none */
    struct aw_buf text;        /* of the property under way */
    struct aw_buf value;
    struct aw_buf fields[AW_APP_FIELD_COUNT];
    size_t developers; /* looked for in all blocks */
    aw_rc rc;
};

static enum scope scope_of(const struct micro *m)
{
    return m->depth > 0 ? m->stack[m->depth - 1].scope : OUTSIDE;
}

static struct aw_str value_of(struct micro *m, const struct aw_token *token,
                              enum aw_attr_id id)
{
    aw_buf_reset(&m->value);
    aw_entity_decode(&m->value, aw_token_attr(token, id), true);
    return aw_str_trim(aw_buf_str(&m->value));
}

/* ---- fields --------------------------------------------------------------
 */

static void keep(struct micro *m, enum aw_app_field field, struct aw_str text)
{
    struct aw_buf *out = &m->fields[field];

    if (text.len == 0)
        return;
    if (out->len > 0)
        aw_buf_putc(out, '\n');
    aw_buf_put(out, aw_str_sub(text, 0, AW_APP_TEXT_MAX + 4));
}

static void keep_address(struct micro *m, struct aw_str href)
{
    struct aw_str url;

    if (aw_linker_resolve(m->linker, href, &url) && aw_link_absolute(url) &&
        m->fields[AW_APP_LINK].len == 0)
        keep(m, AW_APP_LINK, url);
}

/* The field that an element's itemprop names here. */
static enum aw_app_field field_of(const struct micro *m,
                                  const struct aw_token *token)
{
    struct aw_str rest = aw_token_attr(token, AW_ATTR_ITEMPROP);
    enum aw_app_field field = AW_APP_FIELD_COUNT;
    struct aw_str part;

    while (field == AW_APP_FIELD_COUNT && aw_str_split(&rest, ' ', &part))
        field = aw_schema_field(aw_str_trim(part));
    if (scope_of(m) == OF_APP)
        return field;
    return scope_of(m) == OF_MAKER && field == AW_APP_NAME
               ? AW_APP_DEVELOPER
               : AW_APP_FIELD_COUNT;
}

static bool has_content(const struct aw_token *token)
{
    const struct aw_tag *tag = token->tag;

    return tag->id != AW_TAG_ROOT && !(tag->flags & AW_TAG_VOID) &&
           (tag->name[0] != '\0' || !token->self_closing);
}

/* True where the property's value is the text of the element. */
static bool take_property(struct micro *m, const struct aw_token *token,
                          enum aw_app_field field)
{
    if (field == AW_APP_FIELD_COUNT)
        return false;
    if (aw_token_has(token, AW_ATTR_CONTENT)) {
        keep(m, field, value_of(m, token, AW_ATTR_CONTENT));
        return false;
    }
    if (field == AW_APP_LINK) {
        keep_address(m, value_of(m, token, AW_ATTR_HREF));
        return false;
    }
    if (m->capture != AW_APP_FIELD_COUNT || !has_content(token) ||
        m->depth == AW_MICRODATA_DEPTH_MAX)
        return false;
    m->capture = field;
    aw_buf_reset(&m->text);
    return true;
}

static void end_property(struct micro *m)
{
    aw_buf_reset(&m->value);
    aw_flow_collapse(&m->value, aw_buf_str(&m->text));
    keep(m, m->capture, aw_buf_str(&m->value));
    m->capture = AW_APP_FIELD_COUNT;
}

/* ---- an app --------------------------------------------------------------
 */

/* At the first block that names it. */
static void add_developer(struct micro *m, struct aw_str name)
{
    struct aw_party party = {.kind = AW_PARTY_DEVELOPER, .value = name};

    if (name.len == 0 || m->rc != AW_OK || m->developers++ >= DEVELOPERS_MAX)
        return;
    for (size_t i = 0; i < m->doc->block_count; i++) {
        struct aw_str text = m->doc->blocks[i].text;
        ptrdiff_t at = aw_str_find(text, name);

        if (at < 0)
            continue;
        party.block = i;
        party.start = aw_utf8_count(aw_str_sub(text, 0, (size_t)at));
        party.end = party.start + aw_utf8_count(name);
        break;
    }
    m->rc = aw_party_add(m->doc, party, m->err);
}

static void begin_app(struct micro *m)
{
    for (int i = 0; i < AW_APP_FIELD_COUNT; i++)
        aw_buf_reset(&m->fields[i]);
}

static void end_app(struct micro *m)
{
    struct aw_app app = {0};
    struct aw_str rest = aw_buf_str(&m->fields[AW_APP_DEVELOPER]);
    struct aw_str name;

    for (int i = 0; i < AW_APP_FIELD_COUNT; i++) {
        app.fields[i] = aw_buf_str(&m->fields[i]);
        if (m->rc == AW_OK && m->fields[i].rc == AW_NOMEM)
            m->rc = aw_buf_check(&m->fields[i], m->err);
    }
    if (m->rc == AW_OK && app.fields[AW_APP_NAME].len > 0)
        m->rc =
            aw_schema_add_app(m->doc, &app, app.fields[AW_APP_LINK], m->err);
    while (rest.len > 0 && aw_str_split(&rest, '\n', &name))
        add_developer(m, name);
}

/* ---- elements ------------------------------------------------------------
 */

static bool is_maker(const struct aw_token *token)
{
    return aw_schema_field(aw_str_trim(
               aw_token_attr(token, AW_ATTR_ITEMPROP))) == AW_APP_DEVELOPER;
}

static bool is_review(const struct aw_token *token)
{
    struct aw_str rest = aw_token_attr(token, AW_ATTR_ITEMPROP);
    struct aw_str part;

    while (aw_str_split(&rest, ' ', &part))
        if (aw_schema_is_review(aw_str_trim(part)))
            return true;
    return false;
}

/* A review is one with or without an item of its own, and all within it. */
static enum scope new_scope(const struct micro *m,
                            const struct aw_token *token)
{
    enum scope scope = scope_of(m);

    if (scope == OF_REVIEW || (scope != OUTSIDE && is_review(token)))
        return OF_REVIEW;
    if (!aw_token_has(token, AW_ATTR_ITEMSCOPE))
        return scope;
    if (scope == OUTSIDE)
        return aw_schema_is_app(
                   aw_str_trim(aw_token_attr(token, AW_ATTR_ITEMTYPE)))
                   ? OF_APP
                   : OUTSIDE;
    return scope == OF_APP && is_maker(token) ? OF_MAKER : OF_OTHER;
}

static bool is_break(const struct aw_token *token)
{
    return token->tag->flags & AW_TAG_BLOCK || token->tag->id == AW_TAG_BR;
}

static void open_element(struct micro *m, const struct aw_token *token)
{
    struct open open = {token->tag, token->text, new_scope(m, token), false};

    if (m->capture != AW_APP_FIELD_COUNT && is_break(token))
        aw_buf_putc(&m->text, ' ');
    if (open.scope == OF_APP && scope_of(m) == OUTSIDE)
        begin_app(m);
    else if (open.scope != OF_REVIEW &&
             !aw_token_has(token, AW_ATTR_ITEMSCOPE) &&
             aw_token_has(token, AW_ATTR_ITEMPROP))
        open.captures = take_property(m, token, field_of(m, token));
    if (!has_content(token))
        return;
    if (m->depth == AW_MICRODATA_DEPTH_MAX)
        m->over++;
    else
        m->stack[m->depth++] = open;
}

static void pop(struct micro *m)
{
    struct open *open = &m->stack[--m->depth];

    if (open->captures)
        end_property(m);
    if (open->scope == OF_APP && scope_of(m) == OUTSIDE)
        end_app(m);
}

static void close_element(struct micro *m, const struct aw_token *token)
{
    size_t low = m->depth > CLOSE_LEVELS_MAX ? m->depth - CLOSE_LEVELS_MAX : 0;

    if (m->over > 0) {
        m->over--;
        return;
    }
    if (m->capture != AW_APP_FIELD_COUNT && token->tag->flags & AW_TAG_BLOCK)
        aw_buf_putc(&m->text, ' ');
    for (size_t i = m->depth; i-- > low;) {
        const struct open *open = &m->stack[i];

        if (open->tag != token->tag ||
            !aw_str_eq_nocase(open->name, token->text))
            continue;
        while (m->depth > i)
            pop(m);
        return;
    }
}

static void read_token(struct micro *m, const struct aw_token *token)
{
    if (token->kind == AW_TOKEN_OPEN)
        open_element(m, token);
    else if (token->kind == AW_TOKEN_CLOSE)
        close_element(m, token);
    else if (token->kind == AW_TOKEN_TEXT &&
             m->capture != AW_APP_FIELD_COUNT && scope_of(m) != OF_REVIEW)
        aw_entity_decode(&m->text, token->text, false);
}

static aw_rc read_page(struct micro *m, struct aw_str html)
{
    struct aw_tokenizer tokens;
    struct aw_token token;

    aw_tokenizer_init(&tokens, html);
    while (m->rc == AW_OK && aw_tokenizer_next(&tokens, &token))
        read_token(m, &token);
    while (m->depth > 0)
        pop(m);
    return m->rc;
}

/* Most pages have nothing of the kind, which is told fast. */
static bool names_an_app(struct aw_str html)
{
    static const char *const names[] = {"schema.org/SoftwareApplication",
                                        "schema.org/MobileApplication",
                                        "schema.org/WebApplication"};

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (aw_str_find(html, aw_str_of(names[i])) >= 0)
            return true;
    return false;
}

aw_rc aw_microdata_read(struct aw_str html, struct aw_discover *links,
                        struct aw_err *err)
{
    struct micro *m;
    aw_rc rc;

    if (links->doc->app_count > 0 || !names_an_app(html))
        return AW_OK;
    m = calloc(1, sizeof *m);
    if (!m)
        return aw_fail(err, AW_NOMEM, "out of memory");
    m->doc = links->doc;
    m->linker = links->linker;
    m->err = err;
    m->capture = AW_APP_FIELD_COUNT;
    aw_buf_init(&m->text, TEXT_MAX);
    aw_buf_init(&m->value, TEXT_MAX);
    for (int i = 0; i < AW_APP_FIELD_COUNT; i++)
        aw_buf_init(&m->fields[i], 4 * AW_APP_TEXT_MAX);
    rc = read_page(m, html);
    for (int i = 0; i < AW_APP_FIELD_COUNT; i++)
        aw_buf_deinit(&m->fields[i]);
    aw_buf_deinit(&m->value);
    aw_buf_deinit(&m->text);
    free(m);
    return rc;
}
