#include <cjson/cJSON.h>
#include <fnmatch.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/pointer.h"
#include "evidence/transfer.h"

#define VALUES_MAX ((size_t)1 << 20) /* of one JSON */

static const struct {
    const char *code, *word;
} states[] = {
    [AW_TRANSFER_THERE] = {"there", "已附"},
    [AW_TRANSFER_BY_HAND] = {"by_hand", "须人工办理"},
    [AW_TRANSFER_ABSENT] = {"absent", "未附，可不附"},
    [AW_TRANSFER_MISSING] = {"missing", "缺"},
};

const char *aw_transfer_code(enum aw_transfer_state state)
{
    return states[state].code;
}

const char *aw_transfer_word(enum aw_transfer_state state)
{
    return states[state].word;
}

/* ---- a field ------------------------------------------------------------ */

static const cJSON *child(const cJSON *of, struct aw_str part)
{
    int index = aw_pointer_index(part);
    char name[AW_POINTER_MAX + 1];

    if (cJSON_IsArray(of))
        return index >= 0 ? cJSON_GetArrayItem(of, index) : NULL;
    (void)snprintf(name, sizeof name, "%.*s", AW_STR_ARG(part));
    return cJSON_GetObjectItemCaseSensitive(of, name);
}

/* Says something: an empty text or list does not. */
static bool is_filled(const cJSON *value)
{
    if (cJSON_IsString(value))
        return aw_str_trim(aw_str_of(value->valuestring)).len > 0;
    if (cJSON_IsArray(value) || cJSON_IsObject(value))
        return value->child != NULL;
    return cJSON_IsNumber(value) || cJSON_IsBool(value);
}

static aw_rc has_field(struct aw_str json, struct aw_str pointer, bool *out,
                       struct aw_err *err)
{
    const cJSON *at;
    cJSON *root = NULL;
    struct aw_buf part;

    *out = false;
    if (json.len > AW_TRANSFER_JSON_MAX || aw_json_too_many(json, VALUES_MAX))
        return aw_fail(err, AW_LIMIT, "a JSON that is too large to look into");
    at = root = cJSON_ParseWithLength(json.ptr ? json.ptr : "", json.len);
    aw_buf_init(&part, AW_POINTER_MAX);
    while (at && aw_pointer_next(&pointer, &part))
        at = child(at, aw_buf_str(&part));
    *out = at && is_filled(at);
    aw_buf_deinit(&part);
    cJSON_Delete(root);
    return AW_OK;
}

/* ---- an item ------------------------------------------------------------ */

#define MORE " 等"     /* where no more files can be named */
#define FIELD_ROOM 512 /* bytes */

/* Room is kept for MORE, and for the field that they lack. */
static bool add_word(char why[AW_TRANSFER_WHY_MAX], struct aw_str word)
{
    size_t len = strlen(why);

    if (len + word.len + sizeof MORE + FIELD_ROOM > AW_TRANSFER_WHY_MAX)
        return false;
    (void)snprintf(why + len, AW_TRANSFER_WHY_MAX - len, "%.*s",
                   AW_STR_ARG(word));
    return true;
}

/* Names one more file that lacks the field. */
static void name_file(char why[AW_TRANSFER_WHY_MAX], struct aw_str name)
{
    size_t len = strlen(why);

    if (aw_str_ends(aw_str_of(why), AW_STR(MORE)))
        return;
    if ((len == 0 || add_word(why, AW_STR("、"))) && add_word(why, name))
        return;
    (void)snprintf(why + len, AW_TRANSFER_WHY_MAX - len, "%s", MORE);
}

static bool has_name(struct aw_str name, const char *pattern)
{
    char text[AW_ZIP_NAME_MAX + 1];

    if (name.len >= sizeof text)
        return false;
    (void)snprintf(text, sizeof text, "%.*s", AW_STR_ARG(name));
    return fnmatch(pattern, text, FNM_PATHNAME | FNM_NOESCAPE) == 0;
}

static aw_rc look(const struct aw_transfer_item *item,
                  const struct aw_bag_view *bag, struct aw_transfer_found *out,
                  struct aw_err *err)
{
    struct aw_str field = aw_str_of(item->field);
    aw_rc rc = AW_OK;

    for (size_t i = 0; i < bag->count && rc == AW_OK; i++) {
        const struct aw_bag_file *file = &bag->files[i];
        bool filled = true;

        if (!has_name(file->name, item->file))
            continue;
        out->files++;
        if (field.len > 0)
            rc = has_field(file->bytes, field, &filled, err);
        if (!filled)
            name_file(out->why, file->name);
    }
    return rc;
}

static aw_rc check_item(const struct aw_transfer_item *item,
                        const struct aw_bag_view *bag,
                        struct aw_transfer_found *out, struct aw_err *err)
{
    bool has_file = item->file && *item->file;
    size_t len;
    aw_rc rc;

    *out = (struct aw_transfer_found){.item = item};
    rc = has_file ? look(item, bag, out, err) : AW_OK;
    if (rc != AW_OK)
        return rc;
    len = strlen(out->why);
    if (has_file && out->files == 0)
        (void)snprintf(out->why, sizeof out->why, "包内没有文件 %s",
                       item->file);
    else if (len > 0)
        (void)snprintf(out->why + len, sizeof out->why - len, " 未填 %s",
                       item->field);
    if (*out->why)
        out->state = item->needed ? AW_TRANSFER_MISSING : AW_TRANSFER_ABSENT;
    else
        out->state = item->hand ? AW_TRANSFER_BY_HAND : AW_TRANSFER_THERE;
    return AW_OK;
}

aw_rc aw_transfer_check(const struct aw_transfer_list *list,
                        const struct aw_bag_view *bag, aw_transfer_fn *tell,
                        void *self, size_t *missing, struct aw_err *err)
{
    size_t count = 0;

    for (unsigned i = 0; i < list->items_count; i++) {
        struct aw_transfer_found found;
        aw_rc rc = check_item(&list->items[i], bag, &found, err);

        if (rc == AW_OK)
            rc = tell(self, &found, err);
        if (rc != AW_OK)
            return aw_fail_in(err, "%s", list->items[i].id);
        count += found.state == AW_TRANSFER_MISSING;
    }
    *missing = count;
    return AW_OK;
}
