#include "extract/listing.h"

#include <cjson/cJSON.h>

#include "base/json.h"
#include "extract/party.h"

struct listing {
    struct aw_document *doc;
    struct aw_err *err;
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

static struct aw_str text_of(const cJSON *value)
{
    if (!cJSON_IsString(value))
        return (struct aw_str){0};
    return aw_str_trim(aw_str_of(value->valuestring));
}

static aw_rc add_text(struct listing *to, const cJSON *value)
{
    aw_rc rc = aw_document_add_block(to->doc, AW_BLOCK_LISTING, false,
                                     text_of(value), to->err);

    return rc == AW_LIMIT ? AW_OK : rc;
}

static aw_rc add_texts(struct listing *to, const cJSON *values)
{
    const cJSON *value;
    aw_rc rc = AW_OK;

    cJSON_ArrayForEach (value, values) {
        rc = add_text(to, value);
        if (rc != AW_OK)
            break;
    }
    return rc;
}

static aw_rc add_title(struct listing *to, const cJSON *value)
{
    size_t before = to->doc->block_count;
    aw_rc rc = add_text(to, value);

    if (to->doc->title.len == 0 && to->doc->block_count > before)
        to->doc->title = to->doc->blocks[before].text;
    return rc;
}

static aw_rc add_developer(struct listing *to, const cJSON *value)
{
    struct aw_party party = {.kind = AW_PARTY_DEVELOPER,
                             .value = text_of(value),
                             .block = to->doc->block_count};
    aw_rc rc = add_text(to, value);

    if (rc != AW_OK || to->doc->block_count == party.block)
        return rc;
    return aw_party_add(to->doc, party, to->err);
}

static aw_rc add_url(struct listing *to, const cJSON *value)
{
    struct aw_link link = {.url = text_of(value)};
    aw_rc rc;

    if (!aw_str_starts_nocase(link.url, AW_STR("https://")) &&
        !aw_str_starts_nocase(link.url, AW_STR("http://")))
        return AW_OK;
    rc = aw_document_add_link(to->doc, link, to->err);
    return rc == AW_LIMIT ? AW_OK : rc;
}

static const struct {
    const char *key;
    aw_rc (*add)(struct listing *to, const cJSON *value);
} fields[] = {
    {"trackName", add_title},      {"description", add_text},
    {"releaseNotes", add_text},    {"sellerName", add_developer},
    {"artistName", add_developer}, {"genres", add_texts},
    {"trackViewUrl", add_url},     {"sellerUrl", add_url},
};

static aw_rc add_app(struct listing *to, const cJSON *app)
{
    aw_rc rc = AW_OK;

    for (size_t i = 0; rc == AW_OK && i < sizeof fields / sizeof fields[0];
         i++)
        rc =
            fields[i].add(to, cJSON_GetObjectItemCaseSensitive(app,
                                                               fields[i].key));
    return rc;
}

static aw_rc add_apps(struct listing *to, const cJSON *root)
{
    const cJSON *results = cJSON_GetObjectItemCaseSensitive(root, "results");
    const cJSON *app;
    aw_rc rc = AW_OK;

    if (!results)
        return add_app(to, root);
    cJSON_ArrayForEach (app, results) {
        rc = add_app(to, app);
        if (rc != AW_OK)
            break;
    }
    return rc;
}

aw_rc aw_listing_read(struct aw_str json, struct aw_document *doc,
                      struct aw_err *err)
{
    struct listing to = {doc, err};
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
    rc = add_apps(&to, root);
    cJSON_Delete(root);
    return rc;
}
