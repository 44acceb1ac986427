#include "evidence/pack.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "crawler/captured.h"
#include "crawler/url.h"
#include "evidence/records.h"

#define INFO_PREFIX "urn:pageinfo:"
#define INFO_BYTES_MAX ((size_t)4 << 20)
#define INFO_VALUES_MAX 40000
#define RESOURCES_MAX 1000 /* of one page */

/* ---- the page itself ----------------------------------------------------
 */

static aw_rc add_capture(struct aw_records *records,
                         const struct aw_capture *capture,
                         enum aw_record_role role, struct aw_err *err)
{
    struct aw_captured_at at = aw_captured_at(capture);
    aw_rc rc = aw_records_add(records, &at.place, role, at.digest, err);

    /* Where it does not lie behind its response. */
    at.place.offset = capture->request_offset;
    at.place.length = capture->request_length;
    if (rc == AW_OK && capture->request_length > 0)
        rc = aw_records_add(records, &at.place, role, AW_STR(""), err);
    return rc;
}

static aw_rc add_plain(struct aw_packing *p, struct aw_records *records,
                       const struct aw_case_capture *capture,
                       struct aw_err *err)
{
    for (size_t i = 0; i < p->c->capture_count; i++)
        if (p->c->captures[i].capture.id == capture->capture.plain)
            return add_capture(records, &p->c->captures[i].capture,
                               AW_RECORD_PLAIN, err);
    return AW_OK;
}

/* The way to the page and away from it: of the page that it stands for. */
static aw_rc add_ways(struct aw_packing *p, struct aw_records *records,
                      const struct aw_case_capture *capture,
                      struct aw_err *err)
{
    aw_rc rc = AW_OK;

    for (size_t i = 0; i < p->c->capture_count && rc == AW_OK; i++) {
        const struct aw_case_capture *other = &p->c->captures[i];

        if (other->of != capture->of)
            continue;
        if (other->part == AW_PART_REDIRECT)
            rc =
                add_capture(records, &other->capture, AW_RECORD_REDIRECT, err);
        else if (other->part == AW_PART_LANDING)
            rc = add_capture(records, &other->capture, AW_RECORD_LANDING, err);
    }
    return rc;
}

static aw_rc add_robots(struct aw_records *records,
                        const struct aw_capture *capture, struct aw_err *err)
{
    struct aw_url_parts parts;
    struct aw_err ignored;
    char url[AW_URL_MAX + 16];
    size_t missing = records->left_out;
    aw_rc rc;

    if (aw_url_parse(capture->url, &parts, &ignored) != AW_OK)
        return AW_OK;
    (void)snprintf(url, sizeof url, "%.*s/robots.txt",
                   AW_STR_ARG(parts.origin));
    rc = aw_records_find(records, aw_str_of(url), capture->fetched_ms,
                         AW_RECORD_ROBOTS, err);
    records->left_out = missing; /* a host may have none */
    return rc;
}

/* ---- what the browser loaded --------------------------------------------
 */

static aw_rc add_shots(struct aw_records *records,
                       const struct aw_case_capture *capture,
                       struct aw_err *err)
{
    aw_rc rc = AW_OK;

    for (size_t i = 0; i < capture->shot_count && rc == AW_OK; i++) {
        const struct aw_shot_row *shot = &capture->shots[i];
        struct aw_warc_place place = {.offset = shot->warc_offset,
                                      .length = shot->warc_length};

        (void)snprintf(place.file, sizeof place.file, "%.*s",
                       AW_STR_ARG(shot->warc_file));
        rc = aw_records_add(records, &place, AW_RECORD_SCREENSHOT,
                            shot->digest, err);
    }
    return rc;
}

static aw_rc add_listed(struct aw_records *records,
                        const struct aw_capture *capture, const cJSON *info,
                        struct aw_err *err)
{
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(info, "resources");
    const cJSON *item;
    int count = 0;
    aw_rc rc = AW_OK;

    cJSON_ArrayForEach (item, list) {
        const char *url = cJSON_GetStringValue(
            cJSON_GetObjectItemCaseSensitive(item, "url"));

        if (!url || ++count > RESOURCES_MAX)
            continue;
        rc = aw_records_find(records, aw_str_of(url), capture->fetched_ms,
                             AW_RECORD_RESOURCE, err);
        if (rc != AW_OK)
            break;
    }
    return rc;
}

/* The browser's own list is in the record that tells of the rendering. */
static aw_rc read_info(struct aw_packing *p, struct aw_records *records,
                       const struct aw_capture *capture, struct aw_err *err)
{
    const struct aw_case_record *item = &records->items[records->count - 1];
    struct aw_captured_at at = {
        .place = {.offset = item->from_offset, .length = item->length}};
    struct aw_captured captured = {0};
    cJSON *info = NULL;
    aw_rc rc;

    (void)snprintf(at.place.file, sizeof at.place.file, "%.*s",
                   AW_STR_ARG(item->from));
    rc = aw_captured_open(&captured, p->config->archive_dir, &at, err);
    if (rc == AW_OK && captured.body.len <= INFO_BYTES_MAX &&
        !aw_json_too_many(captured.body, INFO_VALUES_MAX))
        info = cJSON_ParseWithLength(captured.body.ptr, captured.body.len);
    aw_captured_close(&captured);
    if (rc == AW_OK && info)
        rc = add_listed(records, capture, info, err);
    cJSON_Delete(info);
    return rc;
}

static aw_rc add_loaded(struct aw_packing *p, struct aw_records *records,
                        const struct aw_case_capture *capture,
                        struct aw_err *err)
{
    char uri[sizeof INFO_PREFIX + AW_URL_MAX];
    size_t before;
    aw_rc rc = add_shots(records, capture, err);

    (void)snprintf(uri, sizeof uri, INFO_PREFIX "%.*s",
                   AW_STR_ARG(capture->capture.url));
    before = records->count;
    if (rc == AW_OK)
        rc = aw_records_find(records, aw_str_of(uri),
                             capture->capture.fetched_ms, AW_RECORD_PAGEINFO,
                             err);
    return rc == AW_OK && records->count > before
               ? read_info(p, records, &capture->capture, err)
               : rc;
}

/* ---- all ----------------------------------------------------------------
 */

static aw_rc add_page_parts(struct aw_packing *p, struct aw_records *records,
                            const struct aw_case_capture *capture,
                            struct aw_err *err)
{
    aw_rc rc = AW_OK;

    if (capture->rendered)
        rc = add_plain(p, records, capture, err);
    if (rc == AW_OK && capture->rendered)
        rc = add_loaded(p, records, capture, err);
    if (rc == AW_OK)
        rc = add_ways(p, records, capture, err);
    return rc == AW_OK ? add_robots(records, &capture->capture, err) : rc;
}

static bool is_page(enum aw_capture_part part)
{
    return part == AW_PART_PAGE || part == AW_PART_PLAIN ||
           part == AW_PART_RENDERED;
}

aw_rc aw_pack_records(struct aw_packing *p, struct aw_packed *packed,
                      struct aw_err *err)
{
    struct aw_case_capture *capture = packed->capture;
    struct aw_records records;
    aw_rc rc;

    aw_records_init(&records, &p->c->arena, p->config->archive_dir);
    rc = add_capture(&records, &capture->capture, AW_RECORD_MAIN, err);
    if (rc == AW_OK && is_page(capture->part))
        rc = add_page_parts(p, &records, capture, err);
    if (rc == AW_OK)
        rc = aw_packing_name(p, &packed->warc, err,
                             AW_BUNDLE_CAPTURES_DIR "capture-%lld.warc.gz",
                             (long long)capture->capture.id);
    if (rc == AW_OK)
        rc = aw_packing_put(p, packed->warc.ptr, aw_buf_str(&records.bytes),
                            capture->capture.fetched_ms, err);
    capture->records = records.items;
    capture->record_count = records.count;
    packed->left_out = records.left_out;
    aw_records_deinit(&records);
    return rc;
}
