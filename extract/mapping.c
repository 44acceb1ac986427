#include "extract/mapping.h"

#include <cjson/cJSON.h>
#include <stddef.h>

#include "base/json.h"
#include "base/pointer.h"

#define POINTER(field, text)         \
    {                                \
        field,                       \
        {                            \
            (text), sizeof(text) - 1 \
        }                            \
    }

const struct aw_mapping aw_mapping_apple = {
    .store = {"apple", 5},
    .apps = {"/results", 8},
    .id = {"/trackId", 8},
    .has_id = true,
    .rules = {POINTER(AW_APP_NAME, "/trackName"),
              POINTER(AW_APP_DESCRIPTION, "/description"),
              POINTER(AW_APP_WHATS_NEW, "/releaseNotes"),
              POINTER(AW_APP_DEVELOPER, "/sellerName"),
              POINTER(AW_APP_DEVELOPER, "/artistName"),
              POINTER(AW_APP_CATEGORY, "/genres"),
              POINTER(AW_APP_LINK, "/trackViewUrl"),
              POINTER(AW_MAPPING_SITE, "/sellerUrl")},
    .rule_count = 8,
};

void aw_mapping_put(struct aw_buf *out, const struct aw_listing_config *config,
                    const char *name)
{
    aw_json_open(out, NULL, '{');
    aw_json_text(out, "store",
                 aw_str_of(config->store ? config->store : name));
#define X(key)       \
    if (config->key) \
        aw_json_text(out, #key, aw_str_of(config->key));
    AW_LISTING_POINTERS(X)
#undef X
    aw_json_close(out, '}');
}

/* In the order of a listing: what it is, who is behind it. */
static const struct {
    const char *key;
    int what;
} ruled[] = {
    {"name", AW_APP_NAME},           {"description", AW_APP_DESCRIPTION},
    {"whats_new", AW_APP_WHATS_NEW}, {"developer", AW_APP_DEVELOPER},
    {"category", AW_APP_CATEGORY},   {"link", AW_APP_LINK},
    {"reviews", AW_MAPPING_REVIEWS},
};

static aw_rc get(const cJSON *from, const char *key, struct aw_arena *arena,
                 struct aw_str *out, bool *given, struct aw_err *err)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(from, key);
    const char *text = cJSON_GetStringValue(item);

    *given = text != NULL;
    if (item && !text)
        return aw_fail(err, AW_INVALID, "mapping: '%s' is no text", key);
    return aw_arena_dup(arena, aw_str_of(text), out, err);
}

static aw_rc get_rules(const cJSON *from, struct aw_arena *arena,
                       struct aw_mapping *out, struct aw_err *err)
{
    aw_rc rc = AW_OK;

    for (size_t i = 0; i < sizeof ruled / sizeof ruled[0] && rc == AW_OK;
         i++) {
        struct aw_mapping_rule *rule = &out->rules[out->rule_count];
        bool given;

        rule->what = ruled[i].what;
        rc = get(from, ruled[i].key, arena, &rule->pointer, &given, err);
        out->rule_count += rc == AW_OK && given;
    }
    return rc;
}

aw_rc aw_mapping_parse(struct aw_mapping *out, struct aw_str json,
                       struct aw_arena *arena, struct aw_err *err)
{
    struct aw_mapping got = {.named = true};
    bool given;
    cJSON *root = cJSON_ParseWithLength(json.ptr, json.len);
    aw_rc rc = cJSON_IsObject(root)
                   ? get(root, "store", arena, &got.store, &given, err)
                   : aw_fail(err, AW_INVALID, "mapping is no JSON object");

    if (rc == AW_OK)
        rc = get(root, "apps", arena, &got.apps, &given, err);
    if (rc == AW_OK)
        rc = get(root, "id", arena, &got.id, &got.has_id, err);
    if (rc == AW_OK)
        rc = get(root, "review", arena, &got.review, &given, err);
    if (rc == AW_OK)
        rc = get_rules(root, arena, &got, err);
    if (rc == AW_OK)
        *out = got;
    cJSON_Delete(root);
    return rc;
}
