#include "extract/jsonld.h"

#include <cjson/cJSON.h>

#include "base/json.h"
#include "base/utf8.h"
#include "extract/link.h"
#include "extract/party.h"
#include "extract/schema_app.h"
#include "extract/text.h"

#define FIELD_MAX (4 * AW_APP_TEXT_MAX) /* bytes, before it is cut */

struct walk {
    struct aw_discover *links;
    struct aw_document *doc;
    struct aw_err *err;
    enum aw_block_kind kind; /* of the strings here */
};

static bool is_one_of(const char *name, const char *const *list)
{
    for (; name && *list; list++)
        if (aw_str_eq_nocase(aw_str_of(name), aw_str_of(*list)))
            return true;
    return false;
}

static bool is_text_key(const char *key)
{
    static const char *const keys[] = {"name", "headline", "description",
                                       NULL};

    return is_one_of(key, keys);
}

static bool is_maker_key(const char *key)
{
    static const char *const keys[] = {"author", "creator", "publisher", NULL};

    return is_one_of(key, keys);
}

/* Keys whose text is the address of a page, where it is absolute. */
static bool is_link_key(const char *key)
{
    static const char *const keys[] = {
        "url",  "@id", "mainEntityOfPage", "downloadUrl", "installUrl",
        "item", NULL};

    return is_one_of(key, keys);
}

/* What lies in these is a picture. */
static bool is_image_key(const char *key)
{
    static const char *const keys[] = {"image", "logo", "thumbnail", "photo",
                                       NULL};

    return is_one_of(key, keys);
}

static bool is_app_type(const cJSON *type)
{
    return cJSON_IsString(type) &&
           aw_schema_is_app(aw_str_of(type->valuestring));
}

static bool is_app(const cJSON *object)
{
    const cJSON *type = cJSON_GetObjectItem(object, "@type");
    const cJSON *one;

    cJSON_ArrayForEach (one, type)
        if (is_app_type(one))
            return true;
    return is_app_type(type);
}

static aw_rc add_block(struct walk *walk, struct aw_str text)
{
    aw_rc rc = aw_document_add_block(walk->doc, walk->kind, AW_HIDDEN_ELEMENT,
                                     text, walk->err);

    return rc == AW_LIMIT ? AW_OK : rc;
}

/* The name of an author: a string, or an object with a name. Its block is
 * added here, so that the party can point at it. */
static aw_rc add_maker(struct walk *walk, const cJSON *maker)
{
    const cJSON *name =
        cJSON_IsObject(maker) ? cJSON_GetObjectItem(maker, "name") : maker;
    struct aw_party party = {.kind = AW_PARTY_DEVELOPER};
    size_t before = walk->doc->block_count;
    aw_rc rc;

    if (!cJSON_IsString(name))
        return AW_OK;
    party.value = aw_str_trim(aw_str_of(name->valuestring));
    rc = add_block(walk, party.value);
    if (rc != AW_OK || walk->doc->block_count == before)
        return rc;
    party.block = before;
    party.end = aw_utf8_count(party.value);
    return aw_party_add(walk->doc, party, walk->err);
}

static aw_rc add_makers(struct walk *walk, const cJSON *makers)
{
    const cJSON *maker;
    aw_rc rc = AW_OK;

    if (!cJSON_IsArray(makers))
        return add_maker(walk, makers);
    cJSON_ArrayForEach (maker, makers) {
        rc = add_maker(walk, maker);
        if (rc != AW_OK)
            break;
    }
    return rc;
}

/* ---- an app ------------------------------------------------------------- */

/* Strings, those of an array and the names of objects, by lines. */
static void put_values(struct aw_buf *out, const cJSON *value, int levels)
{
    const cJSON *item;
    struct aw_str text;

    if (cJSON_IsObject(value))
        value = cJSON_GetObjectItem(value, "name");
    if (cJSON_IsArray(value) && levels > 0) {
        cJSON_ArrayForEach (item, value) {
            put_values(out, item, levels - 1);
        }
        return;
    }
    if (!cJSON_IsString(value))
        return;
    text = aw_str_trim(aw_str_of(value->valuestring));
    if (text.len > 0 && out->len > 0)
        aw_buf_putc(out, '\n');
    aw_buf_put(out, aw_str_sub(text, 0, AW_APP_TEXT_MAX + 4));
}

static void put_fields(struct aw_buf *fields, const cJSON *object)
{
    const cJSON *child;

    cJSON_ArrayForEach (child, object) {
        enum aw_app_field field = aw_schema_field(aw_str_of(child->string));

        if (field != AW_APP_FIELD_COUNT)
            put_values(&fields[field], child, 1);
    }
}

/* Its own address: url, or else @id, where it is absolute. */
static struct aw_str url_of(const cJSON *object)
{
    static const char *const keys[] = {"url", "@id"};

    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        const cJSON *url = cJSON_GetObjectItem(object, keys[i]);

        if (cJSON_IsString(url) &&
            aw_link_absolute(aw_str_of(url->valuestring)))
            return aw_str_of(url->valuestring);
    }
    return (struct aw_str){0};
}

static aw_rc keep_app(struct walk *walk, const cJSON *object)
{
    struct aw_buf fields[AW_APP_FIELD_COUNT];
    struct aw_app app = {0};
    aw_rc rc = AW_OK;

    for (int i = 0; i < AW_APP_FIELD_COUNT; i++)
        aw_buf_init(&fields[i], FIELD_MAX);
    put_fields(fields, object);
    for (int i = 0; i < AW_APP_FIELD_COUNT; i++) {
        app.fields[i] = aw_buf_str(&fields[i]);
        if (fields[i].rc == AW_NOMEM)
            rc = aw_buf_check(&fields[i], walk->err);
    }
    if (rc == AW_OK)
        rc = aw_schema_add_app(walk->doc, &app, url_of(object), walk->err);
    for (int i = 0; i < AW_APP_FIELD_COUNT; i++)
        aw_buf_deinit(&fields[i]);
    return rc;
}

/* ---- all ---------------------------------------------------------------- */

static aw_rc take_text(struct walk *walk, const char *key, const char *value)
{
    struct aw_str text = aw_str_trim(aw_str_of(value));

    if (is_link_key(key) && aw_link_absolute(text))
        aw_discover_add(walk->links, text, AW_LINK_DATA, false);
    return is_text_key(key) || aw_text_has_han(text) ? add_block(walk, text)
                                                     : AW_OK;
}

static aw_rc walk_value(struct walk *walk, const char *key,
                        const cJSON *value);

/* In a picture the key is that of the picture; in an app its makers and what
 * its users wrote are told apart. */
static aw_rc walk_child(struct walk *walk, const char *key, bool app,
                        const cJSON *child)
{
    const char *name = child->string ? child->string : key;
    enum aw_block_kind kind = walk->kind;
    aw_rc rc;

    if (app && is_maker_key(child->string))
        return add_makers(walk, child);
    if (app && aw_schema_is_review(aw_str_of(child->string)))
        walk->kind = AW_BLOCK_REVIEW;
    rc = walk_value(walk, is_image_key(key) && is_link_key(name) ? key : name,
                    child);
    walk->kind = kind;
    return rc;
}

/* Recursive: cJSON parses no deeper than CJSON_NESTING_LIMIT. */
static aw_rc walk_value(struct walk *walk, const char *key, const cJSON *value)
{
    bool app = cJSON_IsObject(value) && is_app(value);
    enum aw_block_kind kind = walk->kind;
    const cJSON *child;
    aw_rc rc = AW_OK;

    if (cJSON_IsString(value))
        return take_text(walk, key, value->valuestring);
    if (app) {
        walk->kind = AW_BLOCK_LISTING;
        rc = keep_app(walk, value);
    }
    cJSON_ArrayForEach (child, value) {
        if (rc != AW_OK)
            break;
        rc = walk_child(walk, key, app, child);
    }
    walk->kind = kind;
    return rc;
}

aw_rc aw_jsonld_read(struct aw_str json, struct aw_discover *links,
                     struct aw_err *err)
{
    struct walk walk = {links, links->doc, err, AW_BLOCK_JSONLD};
    cJSON *root = NULL;
    aw_rc rc;

    json = aw_str_trim(json);
    if (json.len <= AW_JSONLD_BYTES_MAX &&
        !aw_json_too_many(json, AW_JSONLD_VALUES_MAX))
        root = cJSON_ParseWithLength(json.ptr, json.len);
    rc = root ? walk_value(&walk, NULL, root) : add_block(&walk, json);
    cJSON_Delete(root);
    return rc;
}
