#include "review/parties.h"

#include <cjson/cJSON.h>

#include "base/json.h"
#include "review/plain.h"

#define KEY_MAX 512 /* bytes */

static aw_rc read_list(struct aw_parties_of *out, const cJSON *json,
                       const char *name, struct aw_arena *arena,
                       struct aw_err *err)
{
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(json, name);
    const cJSON *item;
    aw_rc rc = AW_OK;

    if (!cJSON_IsArray(list))
        return AW_OK;
    cJSON_ArrayForEach (item, list)
        if (rc == AW_OK && cJSON_IsString(item) && item->valuestring[0] &&
            out->count < AW_PARTIES_OF_KIND_MAX)
            rc = aw_arena_dup(arena, aw_str_of(item->valuestring),
                              &out->items[out->count++], err);
    return rc;
}

aw_rc aw_parties_read(struct aw_parties *out, struct aw_str json,
                      struct aw_arena *arena, struct aw_err *err)
{
    cJSON *parsed;
    aw_rc rc = AW_OK;

    *out = (struct aw_parties){0};
    if (json.len == 0 || aw_json_too_many(json, AW_PARTIES_JSON_MAX))
        return AW_OK;
    parsed = cJSON_ParseWithLength(json.ptr, json.len);
    if (!parsed)
        return AW_OK;
#define X(name)      \
    if (rc == AW_OK) \
        rc = read_list(&out->name, parsed, #name, arena, err);
    AW_PARTIES_LIST(X)
#undef X
    cJSON_Delete(parsed);
    return rc;
}

/* ---- whose it is ---------------------------------------------------------
 */

static aw_rc add_key(struct aw_publisher_keys *out, const char *kind,
                     struct aw_str value, struct aw_arena *arena,
                     struct aw_err *err)
{
    struct aw_buf key;
    aw_rc rc;

    aw_buf_init(&key, KEY_MAX);
    aw_buf_puts(&key, kind);
    aw_buf_putc(&key, ':');
    aw_plain_put(&key, value, AW_PLAIN_NAME);
    rc = aw_buf_check(&key, err);
    if (rc == AW_OK)
        rc =
            aw_arena_dup(arena, aw_buf_str(&key), &out->keys[out->count], err);
    aw_buf_deinit(&key);
    if (rc == AW_OK)
        out->count++;
    return rc == AW_LIMIT ? AW_OK : rc; /* a name that long is none */
}

/* The registrable domain of the host, where the document named it. */
static struct aw_str site_of(const struct aw_parties *parties,
                             struct aw_str host)
{
    for (size_t i = 0; i < parties->domains.count; i++) {
        struct aw_str domain = parties->domains.items[i];

        if (aw_str_eq(host, domain) ||
            (host.len > domain.len && aw_str_ends(host, domain) &&
             host.ptr[host.len - domain.len - 1] == '.'))
            return domain;
    }
    return host;
}

static struct aw_str first(const struct aw_parties_of *list)
{
    return list->count > 0 ? list->items[0] : (struct aw_str){0};
}

aw_rc aw_publisher_keys_of(struct aw_publisher_keys *out,
                           const struct aw_parties *parties,
                           struct aw_str host, struct aw_arena *arena,
                           struct aw_err *err)
{
    const struct {
        const char *kind;
        struct aw_str value;
        bool is_weak; /* where there is no other */
    } kinds[] = {{"uscc", first(&parties->uscc), false},
                 {"icp", first(&parties->icp), false},
                 {"name", first(&parties->names), false},
                 {"phone", first(&parties->phones), true},
                 {"site", site_of(parties, host), true}};
    aw_rc rc = AW_OK;

    *out = (struct aw_publisher_keys){.name = first(&parties->names)};
    for (size_t i = 0; rc == AW_OK && i < sizeof kinds / sizeof *kinds; i++) {
        if (kinds[i].value.len == 0 || (kinds[i].is_weak && out->count > 0))
            continue;
        if (out->name.len == 0)
            out->name = kinds[i].value;
        rc = add_key(out, kinds[i].kind, kinds[i].value, arena, err);
    }
    return rc;
}
