#include "evidence/parsed.h"

#include <cjson/cJSON.h>

#define EXACT_MAX 9007199254740991.0 /* integers that a double holds */

/* A struct aw_parsed is a cJSON, whose name stays in here. */
static const cJSON *in(const struct aw_parsed *json)
{
    return (const cJSON *)json;
}

static const struct aw_parsed *out_of(const cJSON *json)
{
    return (const struct aw_parsed *)json;
}

aw_rc aw_parsed_load(const struct aw_bag_view *bag, struct aw_str name,
                     struct aw_parsed **out, struct aw_err *err)
{
    struct aw_str data = {0};
    const char *end = NULL;
    cJSON *json;

    if (!aw_bag_find(bag, name, &data))
        return aw_fail(err, AW_INVALID, "there is no '%.*s'",
                       AW_STR_ARG(name));
    json = cJSON_ParseWithLengthOpts(data.ptr, data.len, &end, false);
    if (!cJSON_IsObject(json) || end + 1 != data.ptr + data.len ||
        *end != '\n') {
        cJSON_Delete(json);
        return aw_fail(err, AW_INVALID, "'%.*s' is not JSON",
                       AW_STR_ARG(name));
    }
    *out = (struct aw_parsed *)json;
    return AW_OK;
}

void aw_parsed_free(struct aw_parsed *json)
{
    cJSON_Delete((cJSON *)json);
}

const struct aw_parsed *aw_parsed_member(const struct aw_parsed *object,
                                         const char *name)
{
    return out_of(cJSON_GetObjectItemCaseSensitive(in(object), name));
}

const struct aw_parsed *aw_parsed_array(const struct aw_parsed *object,
                                        const char *name)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(in(object), name);

    return cJSON_IsArray(item) ? out_of(item) : NULL;
}

const struct aw_parsed *aw_parsed_first(const struct aw_parsed *array)
{
    return array ? out_of(in(array)->child) : NULL;
}

const struct aw_parsed *aw_parsed_next(const struct aw_parsed *item)
{
    return out_of(in(item)->next);
}

const struct aw_parsed *aw_parsed_at(const struct aw_parsed *array,
                                     int64_t index)
{
    return index >= 0 && index <= INT32_MAX
               ? out_of(cJSON_GetArrayItem(in(array), (int)index))
               : NULL;
}

int aw_parsed_count(const struct aw_parsed *array)
{
    return cJSON_GetArraySize(in(array));
}

struct aw_str aw_parsed_str(const struct aw_parsed *object, const char *name)
{
    return aw_str_of(cJSON_GetStringValue(
        cJSON_GetObjectItemCaseSensitive(in(object), name)));
}

bool aw_parsed_whole(const struct aw_parsed *object, const char *name,
                     int64_t *out)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(in(object), name);

    if (!cJSON_IsNumber(item) || item->valuedouble > EXACT_MAX ||
        item->valuedouble < -EXACT_MAX)
        return false;
    *out = (int64_t)item->valuedouble;
    return true;
}

bool aw_parsed_true(const struct aw_parsed *object, const char *name)
{
    return cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(in(object), name));
}

bool aw_parsed_same(const struct aw_parsed *a, const struct aw_parsed *b)
{
    return cJSON_Compare(in(a), in(b), true);
}
