#include "extract/listing.h"

#include <cjson/cJSON.h>

#include "base/json.h"
#include "base/pointer.h"
#include "base/utf8.h"
#include "extract/html.h"
#include "extract/link.h"
#include "extract/party.h"

#define FIELD_MAX (4 * AW_APP_TEXT_MAX) /* bytes, before it is cut */
#define NOTHING "no app where the mapping of its source looks for one"

/* One listing on its way into a document. */
struct listing {
    const struct aw_mapping *mapping;
    struct aw_document *doc;
    struct aw_err *err;
    struct aw_linker *linker;
    struct aw_buf part; /* of a pointer */
    /* Of the app under way: its fields, several values by lines. */
    struct aw_buf fields[AW_APP_FIELD_COUNT];
    size_t apps; /* with any text */
};

bool aw_listing_sniff(struct aw_str head)
{
    ptrdiff_t at;
    struct aw_str after;

    head = aw_str_trim(head);
    if (!aw_str_starts(head, AW_STR("{")))
        return false;
    if (aw_str_find(head, AW_STR("\"trackName\"")) >= 0)
        return true;
    at = aw_str_find(head, AW_STR("\"results\""));
    if (at < 0)
        return false;
    after = aw_str_trim(aw_str_sub(head, (size_t)at + 9, head.len));
    if (!aw_str_starts(after, AW_STR(":")))
        return false;
    after = aw_str_trim(aw_str_sub(after, 1, after.len));
    return aw_str_starts(after, AW_STR("["));
}

/* ---- what lies behind a pointer ------------------------------------------
 */

static const cJSON *member(const cJSON *value, struct aw_str name)
{
    int index;

    if (cJSON_IsObject(value))
        return cJSON_GetObjectItemCaseSensitive(value,
                                                name.len ? name.ptr : "");
    index = cJSON_IsArray(value) ? aw_pointer_index(name) : -1;
    return index < 0 ? NULL : cJSON_GetArrayItem(value, index);
}

/* NULL: there is nothing. */
static const cJSON *look_up(struct listing *to, const cJSON *value,
                            struct aw_str pointer)
{
    while (value && aw_pointer_next(&pointer, &to->part))
        value =
            to->part.rc == AW_OK ? member(value, aw_buf_str(&to->part)) : NULL;
    return value;
}

static struct aw_str text_of(const cJSON *value)
{
    return aw_str_trim(aw_str_of(cJSON_GetStringValue(value)));
}

/* ---- the fields ----------------------------------------------------------
 */

static aw_rc add_block(struct listing *to, enum aw_block_kind kind,
                       struct aw_str text)
{
    aw_rc rc = aw_document_add_block(to->doc, kind, false, text, to->err);

    return rc == AW_LIMIT ? AW_OK : rc;
}

static void keep(struct listing *to, int field, struct aw_str text)
{
    struct aw_buf *out = &to->fields[field];

    if (text.len > 0 && out->len > 0)
        aw_buf_putc(out, '\n');
    aw_buf_put(out, aw_str_sub(text, 0, AW_APP_TEXT_MAX + 4));
}

static aw_rc add_name(struct listing *to, struct aw_str text)
{
    size_t before = to->doc->block_count;
    aw_rc rc = add_block(to, AW_BLOCK_LISTING, text);

    if (to->doc->title.len == 0 && to->doc->block_count > before)
        to->doc->title = to->doc->blocks[before].text;
    return rc;
}

static aw_rc add_developer(struct listing *to, struct aw_str text)
{
    struct aw_party party = {.kind = AW_PARTY_DEVELOPER,
                             .value = text,
                             .block = to->doc->block_count,
                             .end = aw_utf8_count(text)};
    aw_rc rc = add_block(to, AW_BLOCK_LISTING, text);

    if (rc != AW_OK || to->doc->block_count == party.block)
        return rc;
    return aw_party_add(to->doc, party, to->err);
}

static aw_rc add_text(struct listing *to, struct aw_str text)
{
    return add_block(to, AW_BLOCK_LISTING, text);
}

static aw_rc add_review(struct listing *to, struct aw_str text)
{
    return add_block(to, AW_BLOCK_REVIEW, text);
}

static aw_rc add_link(struct listing *to, struct aw_str text)
{
    struct aw_link link = {0};
    aw_rc rc;

    if (!aw_str_starts_nocase(text, AW_STR("https://")) &&
        !aw_str_starts_nocase(text, AW_STR("http://")))
        return AW_OK;
    if (!aw_linker_resolve(to->linker, text, &link.url))
        return aw_linker_check(to->linker, to->err);
    rc = aw_document_add_link(to->doc, link, to->err);
    return rc == AW_LIMIT ? AW_OK : rc;
}

static aw_rc (*const adders[])(struct listing *, struct aw_str) = {
    [AW_APP_NAME] = add_name,        [AW_APP_DEVELOPER] = add_developer,
    [AW_APP_DESCRIPTION] = add_text, [AW_APP_WHATS_NEW] = add_text,
    [AW_APP_CATEGORY] = add_text,    [AW_APP_LINK] = add_link,
    [AW_MAPPING_SITE] = add_link,    [AW_MAPPING_REVIEWS] = add_review,
};

static aw_rc add_plain(struct listing *to, int what, struct aw_str text)
{
    if (what < AW_APP_FIELD_COUNT)
        keep(to, what, text);
    return adders[what](to, text);
}

/* Some stores write HTML into their JSON. */
static bool is_markup(struct aw_str text)
{
    static const char *const signs[] = {"</", "<br", "<p>"};

    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++)
        if (aw_str_find_nocase(text, aw_str_of(signs[i])) >= 0)
            return true;
    return false;
}

/* What a visitor would read of it, block by line. */
static aw_rc read_markup(struct listing *to, struct aw_str html,
                         struct aw_buf *out)
{
    struct aw_document doc;
    aw_rc rc;

    aw_document_init(&doc, AW_CHANNEL_APP);
    rc = aw_html_read(html, AW_STR(""), &doc, to->err);
    for (size_t i = 0; i < doc.block_count; i++) {
        if (!aw_block_visible(&doc.blocks[i]))
            continue;
        if (out->len > 0)
            aw_buf_putc(out, '\n');
        aw_buf_put(out, doc.blocks[i].text);
    }
    aw_document_deinit(&doc);
    return rc == AW_OK ? aw_buf_check(out, to->err) : rc;
}

static aw_rc add_value(struct listing *to, int what, const cJSON *value)
{
    struct aw_str text = text_of(value);
    struct aw_buf plain;
    aw_rc rc;

    if (what == AW_APP_LINK || what == AW_MAPPING_SITE || !is_markup(text))
        return add_plain(to, what, text);
    aw_buf_init(&plain, AW_LISTING_BYTES_MAX);
    rc = read_markup(to, text, &plain);
    if (rc == AW_OK)
        rc = add_plain(to, what, aw_buf_str(&plain));
    aw_buf_deinit(&plain);
    return rc;
}

/* A text, or an array of texts; of reviews each is looked for in its item. */
static aw_rc add_values(struct listing *to, const struct aw_mapping_rule *rule,
                        const cJSON *app)
{
    const cJSON *value = look_up(to, app, rule->pointer);
    const cJSON *item;
    int count = 0;
    aw_rc rc = AW_OK;

    if (!cJSON_IsArray(value))
        return add_value(to, rule->what, value);
    cJSON_ArrayForEach (item, value) {
        const cJSON *text = rule->what == AW_MAPPING_REVIEWS
                                ? look_up(to, item, to->mapping->review)
                                : item;

        rc = add_value(to, rule->what, text);
        if (rc != AW_OK || ++count == AW_LISTING_REVIEWS_MAX)
            break;
    }
    return rc;
}

/* ---- an app --------------------------------------------------------------
 */

/* "store:id"; else its page; else "store:name". A number is written without
 * a fraction. */
static void put_key(struct listing *to, const cJSON *app, struct aw_buf *out)
{
    const cJSON *id =
        to->mapping->has_id ? look_up(to, app, to->mapping->id) : NULL;
    struct aw_str link = aw_buf_str(&to->fields[AW_APP_LINK]);
    struct aw_str text = text_of(id);

    if (text.len == 0 && !cJSON_IsNumber(id) && link.len > 0) {
        aw_buf_put(out, link);
        return;
    }
    aw_buf_printf(out, "%.*s:", AW_STR_ARG(to->mapping->store));
    if (cJSON_IsNumber(id))
        aw_buf_printf(out, "%.0f", cJSON_GetNumberValue(id));
    else
        aw_buf_put(out,
                   text.len > 0 ? text : aw_buf_str(&to->fields[AW_APP_NAME]));
}

static aw_rc keep_app(struct listing *to, const cJSON *json)
{
    struct aw_app app = {0};
    struct aw_buf key;
    aw_rc rc;

    aw_buf_init(&key, AW_APP_KEY_MAX + AW_APP_TEXT_MAX);
    put_key(to, json, &key);
    rc = key.rc == AW_NOMEM ? aw_buf_check(&key, to->err) : AW_OK;
    app.key = aw_buf_str(&key);
    for (int i = 0; i < AW_APP_FIELD_COUNT && rc == AW_OK; i++) {
        app.fields[i] = aw_buf_str(&to->fields[i]);
        if (to->fields[i].rc == AW_NOMEM)
            rc = aw_buf_check(&to->fields[i], to->err);
    }
    if (rc == AW_OK)
        rc = aw_document_add_app(to->doc, &app, to->err);
    aw_buf_deinit(&key);
    return rc == AW_LIMIT ? AW_OK : rc;
}

static aw_rc add_app(struct listing *to, const cJSON *app)
{
    const struct aw_mapping *mapping = to->mapping;
    size_t before = to->doc->block_count;
    aw_rc rc = AW_OK;

    for (int i = 0; i < AW_APP_FIELD_COUNT; i++)
        aw_buf_reset(&to->fields[i]);
    for (size_t i = 0; rc == AW_OK && i < mapping->rule_count; i++)
        rc = add_values(to, &mapping->rules[i], app);
    if (rc != AW_OK || to->doc->block_count == before)
        return rc;
    to->apps++;
    return keep_app(to, app);
}

static aw_rc add_apps(struct listing *to, const cJSON *root)
{
    const cJSON *apps = look_up(to, root, to->mapping->apps);
    const cJSON *app;
    aw_rc rc = AW_OK;

    if (!apps && !to->mapping->named)
        apps = root; /* one app without the frame around it */
    if (cJSON_IsArray(apps)) {
        cJSON_ArrayForEach (app, apps) {
            rc = add_app(to, app);
            if (rc != AW_OK)
                break;
        }
    } else if (apps) {
        rc = add_app(to, apps);
    }
    if (to->apps == 0 && to->mapping->named)
        to->doc->note = AW_STR(NOTHING);
    return rc;
}

static aw_rc read_root(const cJSON *root, const struct aw_mapping *mapping,
                       struct aw_document *doc, struct aw_err *err)
{
    struct listing to = {.mapping = mapping, .doc = doc, .err = err};
    aw_rc rc;

    aw_buf_init(&to.part, AW_POINTER_MAX);
    for (int i = 0; i < AW_APP_FIELD_COUNT; i++)
        aw_buf_init(&to.fields[i], FIELD_MAX);
    rc = aw_linker_new(&to.linker, AW_STR(""), err);
    if (rc == AW_OK)
        rc = add_apps(&to, root);
    aw_linker_free(to.linker);
    for (int i = 0; i < AW_APP_FIELD_COUNT; i++)
        aw_buf_deinit(&to.fields[i]);
    aw_buf_deinit(&to.part);
    return rc;
}

aw_rc aw_listing_read(struct aw_str json, const struct aw_mapping *mapping,
                      struct aw_document *doc, struct aw_err *err)
{
    cJSON *root;
    aw_rc rc;

    if (json.len > AW_LISTING_BYTES_MAX)
        return aw_fail(err, AW_LIMIT, "listing of more than %zu bytes",
                       AW_LISTING_BYTES_MAX);
    if (aw_json_too_many(json, AW_LISTING_VALUES_MAX))
        return aw_fail(err, AW_LIMIT, "listing of more than %zu values",
                       AW_LISTING_VALUES_MAX);
    root = cJSON_ParseWithLength(json.ptr, json.len);
    if (!root)
        return aw_fail(err, AW_INVALID, "listing is not JSON");
    doc->channel = AW_CHANNEL_APP;
    rc = read_root(root, mapping, doc, err);
    cJSON_Delete(root);
    return rc;
}
