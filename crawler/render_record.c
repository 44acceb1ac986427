#include "crawler/render_record.h"

#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "crawler/head.h"
#include "crawler/url.h"

#define HEAD_MAX ((size_t)17 << 20)
#define INFO_MAX (AW_RENDER_LISTED_BYTES + ((size_t)256 << 10))

/* ---- what the page asked for -------------------------------------------- */

/* head is filled: the record's type, when it was written, is a view into it.
 */
static aw_rc put_response(struct aw_warc_writer *warc, struct aw_str url,
                          const struct aw_fetch_result *r, struct aw_buf *head,
                          struct aw_warc_record *record, struct aw_err *err)
{
    struct aw_warc_place place;
    aw_rc rc;

    aw_head_put_archived(head, r->response_head);
    rc = aw_buf_check(head, err);
    *record = (struct aw_warc_record){
        .type = AW_WARC_RESPONSE,
        .date_ms = r->started_ms,
        .target_uri = url,
        .ip = r->ip,
        .protocol = r->protocol,
        .content_type = AW_STR("application/http;msgtype=response"),
        .truncated = aw_str_of(r->truncated),
        .head = aw_buf_str(head),
        .body = r->body,
        .status = r->status,
    };
    return rc == AW_OK ? aw_warc_append(warc, record, &place, err) : rc;
}

static aw_rc put_request(struct aw_warc_writer *warc, struct aw_str url,
                         const struct aw_fetch_result *r, struct aw_str of,
                         struct aw_err *err)
{
    struct aw_warc_place place;
    struct aw_warc_record record = {
        .type = AW_WARC_REQUEST,
        .date_ms = r->started_ms,
        .target_uri = url,
        .ip = r->ip,
        .protocol = r->protocol,
        .content_type = AW_STR("application/http;msgtype=request"),
        .concurrent_to = of,
        .head = r->request_head,
    };

    return aw_warc_append(warc, &record, &place, err);
}

static aw_rc put_way(struct aw_warc_writer *warc, struct aw_str url,
                     struct aw_str via, const struct aw_fetch_result *r,
                     struct aw_str of, struct aw_err *err)
{
    struct aw_warc_place place;
    struct aw_warc_record record = {
        .type = AW_WARC_METADATA,
        .date_ms = r->started_ms,
        .target_uri = url,
        .content_type = AW_STR("application/warc-fields"),
        .concurrent_to = of,
    };
    struct aw_buf fields;
    aw_rc rc;

    aw_buf_init(&fields, AW_WARC_HEADER_MAX);
    aw_buf_printf(&fields,
                  "via: %.*s\r\nfoundAs: rendered\r\nfetchTimeMs: %lld\r\n",
                  AW_STR_ARG(via), (long long)r->elapsed_ms);
    aw_fetch_put_facts(&fields, &r->facts);
    record.body = aw_buf_str(&fields);
    rc = aw_buf_check(&fields, err);
    if (rc == AW_OK)
        rc = aw_warc_append(warc, &record, &place, err);
    aw_buf_deinit(&fields);
    return rc;
}

/* ---- what it got -------------------------------------------------------- */

void aw_render_answers_init(struct aw_render_answers *answers,
                            struct aw_fetch_chains *chains, bool given)
{
    *answers = (struct aw_render_answers){.chains = chains, .given = given};
    aw_buf_init(&answers->list, AW_RENDER_LISTED_BYTES);
}

void aw_render_answers_deinit(struct aw_render_answers *answers)
{
    aw_buf_deinit(&answers->list);
}

void aw_render_answers_reset(struct aw_render_answers *answers)
{
    aw_buf_reset(&answers->list);
    answers->count = 0;
    answers->cut = false;
    answers->page_record[0] = answers->page_digest[0] = '\0';
    answers->page_status = 0;
}

static void list_answer(struct aw_render_answers *answers,
                        const struct aw_render_fetched *fetched,
                        const struct aw_warc_record *response)
{
    struct aw_buf *list = &answers->list;
    size_t before = list->len;

    answers->cut = answers->cut || answers->count >= AW_RENDER_LISTED_MAX;
    if (answers->cut)
        return;
    aw_json_open(list, NULL, '{');
    aw_json_text(list, "url", fetched->url);
    aw_json_text(list, "record", aw_str_of(response->id));
    aw_json_int(list, "status", response->status);
    aw_json_text(list, "mime", response->mime);
    aw_json_int(list, "bytes", (int64_t)fetched->answer->body.len);
    aw_json_close(list, '}');
    answers->count++;
    if (list->rc == AW_OK)
        return;
    answers->cut = true; /* full: without the one that does not fit */
    list->len = before;
    list->rc = AW_OK;
}

static void note_page(struct aw_render_answers *answers,
                      const struct aw_warc_record *response)
{
    (void)snprintf(answers->page_record, sizeof answers->page_record, "%s",
                   response->id);
    (void)snprintf(answers->page_digest, sizeof answers->page_digest, "%s",
                   response->payload_digest);
    answers->page_status = response->status;
}

aw_rc aw_render_put_answer(struct aw_warc_writer *warc,
                           struct aw_render_answers *answers,
                           const struct aw_render_fetched *fetched,
                           struct aw_str via, struct aw_err *err)
{
    const struct aw_fetch_result *r = fetched->answer;
    struct aw_warc_record response;
    struct aw_buf head;
    aw_rc rc = aw_fetch_put_chain(answers->chains, warc, &r->facts,
                                  r->started_ms, err);

    aw_buf_init(&head, HEAD_MAX);
    if (rc == AW_OK)
        rc = put_response(warc, fetched->url, r, &head, &response, err);
    if (rc == AW_OK)
        list_answer(answers, fetched, &response);
    if (rc == AW_OK && fetched->is_page)
        note_page(answers, &response);
    if (rc == AW_OK)
        rc = put_request(warc, fetched->url, r, aw_str_of(response.id), err);
    if (rc == AW_OK)
        rc = put_way(warc, fetched->url, via, r, aw_str_of(response.id), err);
    aw_buf_deinit(&head);
    return rc;
}

/* ---- what it looked like ------------------------------------------------ */

static aw_rc put_resource(struct aw_warc_writer *warc, const char *prefix,
                          struct aw_str url, struct aw_str type,
                          struct aw_str body, struct aw_render_record *record,
                          struct aw_err *err)
{
    struct aw_warc_record resource = {
        .type = AW_WARC_RESOURCE,
        .content_type = type,
        .mime = type,
        .body = body,
    };
    aw_rc rc;

    if (url.len > AW_URL_MAX)
        return aw_fail(err, AW_LIMIT, "a URL is longer than %d", AW_URL_MAX);
    (void)snprintf(record->uri, sizeof record->uri, "%s%.*s", prefix,
                   AW_STR_ARG(url));
    resource.target_uri = aw_str_of(record->uri);
    rc = aw_warc_append(warc, &resource, &record->place, err);
    record->date_ms = resource.date_ms;
    (void)snprintf(record->digest, sizeof record->digest, "%s",
                   resource.payload_digest);
    return rc;
}

aw_rc aw_render_put_dom(struct aw_warc_writer *warc, struct aw_str url,
                        struct aw_str html, struct aw_render_record *record,
                        struct aw_err *err)
{
    return put_resource(warc, "urn:dom:", url,
                        AW_STR("text/html; charset=utf-8"), html, record, err);
}

aw_rc aw_render_put_shot(struct aw_warc_writer *warc, struct aw_str url,
                         const struct aw_render_shot *shot,
                         struct aw_render_record *record, struct aw_err *err)
{
    bool full = strcmp(shot->kind, "full") == 0;

    return put_resource(warc, full ? "urn:fullPage:" : "urn:view:", url,
                        AW_STR("image/png"), shot->png, record, err);
}

void aw_render_info(struct aw_buf *out, const struct aw_render_result *r)
{
    aw_json_text(out, "url", r->url);
    aw_json_text(out, "title", r->title);
    aw_json_int(out, "status", r->status);
    aw_json_open(out, "viewport", '{');
    aw_json_int(out, "width", r->viewport_width);
    aw_json_int(out, "height", r->viewport_height);
    aw_json_bool(out, "mobile", r->mobile);
    aw_json_close(out, '}');
    aw_json_text(out, "failed", aw_str_of(r->why));
    aw_json_text(out, "note", aw_str_of(r->note));
    aw_json_text(out, "browser", r->browser);
    aw_json_int(out, "refused", r->refused);
    aw_json_int(out, "bytes", r->bytes);
    aw_json_int(out, "ms", r->elapsed_ms);
}

static void put_shot_info(struct aw_buf *out,
                          const struct aw_render_shot *shot)
{
    aw_json_open(out, NULL, '{');
    aw_json_text(out, "kind", aw_str_of(shot->kind));
    aw_json_int(out, "width", shot->width);
    aw_json_int(out, "height", shot->height);
    aw_json_close(out, '}');
}

static void put_answers(struct aw_buf *out, const struct aw_render_result *r,
                        const struct aw_render_answers *answers)
{
    aw_json_bool(out, "page_given", answers->given);
    aw_json_text(out, "page_record", aw_str_of(answers->page_record));
    aw_json_text(out, "page_digest", aw_str_of(answers->page_digest));
    aw_json_int(out, "page_status", answers->page_status);
    aw_json_int(out, "answers", r->resources);
    aw_json_open(out, "resources", '[');
    aw_buf_put(out, aw_buf_str(&answers->list));
    aw_json_close(out, ']');
    aw_json_bool(out, "resources_cut", answers->cut);
}

aw_rc aw_render_put_info(struct aw_warc_writer *warc, struct aw_str url,
                         const struct aw_render_result *r,
                         const struct aw_render_answers *answers,
                         struct aw_render_record *record, struct aw_err *err)
{
    struct aw_buf json;
    aw_rc rc;

    aw_buf_init(&json, INFO_MAX);
    aw_json_open(&json, NULL, '{');
    aw_render_info(&json, r);
    put_answers(&json, r, answers);
    aw_json_open(&json, "screenshots", '[');
    for (size_t i = 0; i < r->shot_count; i++)
        put_shot_info(&json, &r->shots[i]);
    aw_json_close(&json, ']');
    aw_json_close(&json, '}');
    rc = aw_buf_check(&json, err);
    if (rc == AW_OK)
        rc = put_resource(warc, "urn:pageinfo:", url,
                          AW_STR("application/json"), aw_buf_str(&json),
                          record, err);
    aw_buf_deinit(&json);
    return rc;
}
