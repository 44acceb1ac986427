#include "evidence/parsed.h"

#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"

/* cJSON takes 64 bytes for a value: what is small in the bundle must not be
 * large here. A capture has four files or more, and some hundred values. */
#define BYTES_MAX ((size_t)256 << 20)
#define VALUES_FREE ((size_t)200000)
#define VALUES_OF_FILE ((size_t)1000)
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

/* ---- a key that stands twice --------------------------------------------
 */

static int by_name(const void *a, const void *b)
{
    return strcmp((*(const cJSON *const *)a)->string,
                  (*(const cJSON *const *)b)->string);
}

/* *twice: the key, or NULL. */
static aw_rc find_twice_in(const cJSON *object, const char **twice,
                           struct aw_err *err)
{
    size_t count = (size_t)cJSON_GetArraySize(object);
    const cJSON **members;
    const cJSON *item;
    size_t at = 0;

    if (count < 2)
        return AW_OK;
    members = malloc(count * sizeof *members);
    if (!members)
        return aw_fail(err, AW_NOMEM, "no memory for the keys of an object");
    cJSON_ArrayForEach (item, object)
        members[at++] = item;
    qsort(members, count, sizeof *members, by_name);
    for (at = 1; at < count && !*twice; at++)
        if (strcmp(members[at - 1]->string, members[at]->string) == 0)
            *twice = members[at]->string;
    free(members);
    return AW_OK;
}

/* As deep as cJSON goes: CJSON_NESTING_LIMIT. */
static aw_rc find_twice(const cJSON *json, const char **twice,
                        struct aw_err *err)
{
    aw_rc rc = cJSON_IsObject(json) ? find_twice_in(json, twice, err) : AW_OK;
    const cJSON *item;

    cJSON_ArrayForEach (item, json) {
        if (rc != AW_OK || *twice)
            break;
        if (item->child)
            rc = find_twice(item, twice, err);
    }
    return rc;
}

/* One reader takes the first of them, another the last. */
static aw_rc check_keys(const cJSON *json, struct aw_str name,
                        struct aw_err *err)
{
    const char *twice = NULL;
    aw_rc rc = find_twice(json, &twice, err);

    return rc == AW_OK && twice
               ? aw_fail(err, AW_INVALID,
                         "'%.*s' has the key '%s' twice in one object",
                         AW_STR_ARG(name), twice)
               : rc;
}

/* ---- a file -------------------------------------------------------------
 */

aw_rc aw_parsed_load(const struct aw_bag_view *bag, struct aw_str name,
                     struct aw_parsed **out, struct aw_err *err)
{
    struct aw_str data = {0};
    const char *end = NULL;
    cJSON *json;
    aw_rc rc;

    if (!aw_bag_find(bag, name, &data))
        return aw_fail(err, AW_INVALID, "there is no '%.*s'",
                       AW_STR_ARG(name));
    if (data.len > BYTES_MAX ||
        aw_json_too_many(data, VALUES_FREE + VALUES_OF_FILE * bag->count))
        return aw_fail(err, AW_LIMIT,
                       "'%.*s' is more than a bundle of %zu files tells",
                       AW_STR_ARG(name), bag->count);
    json = cJSON_ParseWithLengthOpts(data.ptr, data.len, &end, false);
    if (!cJSON_IsObject(json) || end + 1 != data.ptr + data.len ||
        *end != '\n') {
        cJSON_Delete(json);
        return aw_fail(err, AW_INVALID, "'%.*s' is not JSON",
                       AW_STR_ARG(name));
    }
    rc = check_keys(json, name, err);
    if (rc != AW_OK) {
        cJSON_Delete(json);
        return rc;
    }
    *out = (struct aw_parsed *)json;
    return AW_OK;
}

void aw_parsed_free(struct aw_parsed *json)
{
    cJSON_Delete((cJSON *)json);
}

static bool is_whole(double value)
{
    return value <= EXACT_MAX && value >= -EXACT_MAX &&
           (double)(int64_t)value == value;
}

enum aw_parsed_kind aw_parsed_kind(const struct aw_parsed *item)
{
    static const struct {
        cJSON_bool (*is)(const cJSON *item);
        enum aw_parsed_kind kind;
    } kinds[] = {{cJSON_IsNull, AW_PARSED_NULL},
                 {cJSON_IsString, AW_PARSED_TEXT},
                 {cJSON_IsBool, AW_PARSED_TRUTH},
                 {cJSON_IsArray, AW_PARSED_ARRAY},
                 {cJSON_IsObject, AW_PARSED_OBJECT}};

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (kinds[i].is(in(item)))
            return kinds[i].kind;
    if (!cJSON_IsNumber(in(item)))
        return AW_PARSED_NONE;
    return is_whole(in(item)->valuedouble) ? AW_PARSED_WHOLE
                                           : AW_PARSED_NUMBER;
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

struct aw_str aw_parsed_text(const struct aw_parsed *item)
{
    return aw_str_of(cJSON_GetStringValue(in(item)));
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
