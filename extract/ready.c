#include "extract/ready.h"

#include <cjson/cJSON.h>
#include <math.h>

#include "base/json.h"
#include "base/utf8.h"

#define BOX_NUMBERS 4

bool aw_ready_sniff(struct aw_str head)
{
    struct aw_str inner;

    if (!aw_str_starts(head, AW_STR("{")))
        return false;
    inner = aw_str_trim(aw_str_sub(head, 1, head.len));
    if (!aw_str_starts(inner, AW_STR("\"regions\"")))
        return false;
    inner =
        aw_str_trim(aw_str_sub(inner, sizeof "\"regions\"" - 1, inner.len));
    return aw_str_starts(inner, AW_STR(":"));
}

/* missing where it is no number from least to most. */
static int whole(const cJSON *item, int least, int most, int missing)
{
    if (!cJSON_IsNumber(item) || !isfinite(item->valuedouble) ||
        item->valuedouble < least || item->valuedouble > most)
        return missing;
    return (int)lround(item->valuedouble);
}

static struct aw_region place_of(const cJSON *region)
{
    const cJSON *box = cJSON_GetObjectItemCaseSensitive(region, "box");
    const cJSON *sure = cJSON_GetObjectItemCaseSensitive(region, "confidence");
    const cJSON *page = cJSON_GetObjectItemCaseSensitive(region, "page");
    struct aw_region place = {.confidence = whole(sure, 0, 100, -1),
                              .page = whole(page, 1, AW_REGION_PAGE_MAX, 0)};
    int *const sides[BOX_NUMBERS] = {&place.x, &place.y, &place.w, &place.h};

    if (!cJSON_IsArray(box) || cJSON_GetArraySize(box) != BOX_NUMBERS)
        return place;
    for (int i = 0; i < BOX_NUMBERS; i++)
        *sides[i] =
            whole(cJSON_GetArrayItem(box, i), 0, AW_REGION_SIDE_MAX, -1);
    return place;
}

static aw_rc add_region(const cJSON *region, struct aw_document *doc,
                        struct aw_err *err)
{
    const cJSON *text = cJSON_GetObjectItemCaseSensitive(region, "text");
    struct aw_str view;

    if (!cJSON_IsString(text))
        return aw_fail(err, AW_INVALID, "a region without \"text\"");
    view = aw_str_of(text->valuestring);
    if (!aw_utf8_valid(view)) /* half of a surrogate pair */
        return aw_fail(err, AW_INVALID, "a region's \"text\" is no UTF-8");
    return aw_document_add_region(doc, view, place_of(region), err);
}

static aw_rc read_root(const cJSON *root, struct aw_document *doc,
                       struct aw_err *err)
{
    const cJSON *regions = cJSON_GetObjectItemCaseSensitive(root, "regions");
    const cJSON *region;
    aw_rc rc = AW_OK;

    if (!cJSON_IsArray(regions))
        return aw_fail(err, AW_INVALID, "OCR text: \"regions\" is no array");
    cJSON_ArrayForEach (region, regions) {
        rc = add_region(region, doc, err);
        if (rc != AW_OK)
            return rc == AW_LIMIT ? AW_OK : rc;
    }
    return AW_OK;
}

aw_rc aw_ready_read(struct aw_str json, struct aw_document *doc,
                    struct aw_err *err)
{
    cJSON *root;
    aw_rc rc;

    if (json.len > AW_READY_BYTES_MAX)
        return aw_fail(err, AW_LIMIT, "OCR text of more than %zu bytes",
                       AW_READY_BYTES_MAX);
    if (aw_json_too_many(json, AW_READY_VALUES_MAX))
        return aw_fail(err, AW_LIMIT, "OCR text of more than %zu values",
                       AW_READY_VALUES_MAX);
    root = cJSON_ParseWithLength(json.ptr, json.len);
    if (!root)
        return aw_fail(err, AW_INVALID, "OCR text is not JSON");
    rc = read_root(root, doc, err);
    cJSON_Delete(root);
    return rc;
}
