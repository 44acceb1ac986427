#include "extract/jsonld.h"

#include <cjson/cJSON.h>

#include "base/json.h"
#include "extract/link.h"
#include "extract/party.h"
#include "extract/text.h"

struct walk {
    struct aw_discover *links;
    struct aw_document *doc;
    struct aw_err *err;
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
    static const char *const types[] = {"SoftwareApplication",
                                        "MobileApplication", "WebApplication",
                                        NULL};

    return cJSON_IsString(type) && is_one_of(type->valuestring, types);
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
    aw_rc rc = aw_document_add_block(walk->doc, AW_BLOCK_JSONLD,
                                     AW_HIDDEN_ELEMENT, text, walk->err);

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

static aw_rc take_text(struct walk *walk, const char *key, const char *value)
{
    struct aw_str text = aw_str_trim(aw_str_of(value));

    if (is_link_key(key) && aw_link_absolute(text))
        aw_discover_add(walk->links, text, AW_LINK_DATA, false);
    return is_text_key(key) || aw_text_has_han(text) ? add_block(walk, text)
                                                     : AW_OK;
}

/* Recursive: cJSON parses no deeper than CJSON_NESTING_LIMIT. In a picture the
 * key is that of the picture. */
static aw_rc walk_value(struct walk *walk, const char *key, const cJSON *value)
{
    bool app = cJSON_IsObject(value) && is_app(value);
    const cJSON *child;
    aw_rc rc = AW_OK;

    if (cJSON_IsString(value))
        return take_text(walk, key, value->valuestring);
    cJSON_ArrayForEach (child, value) {
        const char *name = child->string ? child->string : key;

        if (app && is_maker_key(child->string))
            rc = add_makers(walk, child);
        else
            rc =
                walk_value(walk,
                           is_image_key(key) && is_link_key(name) ? key : name,
                           child);
        if (rc != AW_OK)
            break;
    }
    return rc;
}

aw_rc aw_jsonld_read(struct aw_str json, struct aw_discover *links,
                     struct aw_err *err)
{
    struct walk walk = {links, links->doc, err};
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
