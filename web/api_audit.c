#include <cjson/cJSON.h>
#include <stdio.h>

#include "base/json.h"
#include "review/audit.h"
#include "review/second.h"
#include "web/route.h"

#define AUDITORS (AW_MAY_SUPERVISE | AW_MAY(AUDITOR))
#define LIMIT_FIRST 100
#define LIMIT_MOST 1000
#define ID_MOST INT64_C(9007199254740991)

struct page {
    struct aw_buf *out;
    int64_t most, count, last; /* last: id of the newest that was put */
    bool more;
};

/* The detail is our own JSON, unless somebody was at the store. */
static void put_detail(struct aw_buf *out, struct aw_str detail)
{
    const char *end = NULL;
    cJSON *json = cJSON_ParseWithLengthOpts(detail.ptr ? detail.ptr : "",
                                            detail.len, &end, false);

    if (cJSON_IsObject(json) && end == detail.ptr + detail.len)
        aw_json_raw(out, "detail", detail);
    else
        aw_json_text(out, "detail", detail);
    cJSON_Delete(json);
}

static aw_rc put_row(void *self, const struct aw_audit_row *row,
                     struct aw_err *err)
{
    struct page *page = self;
    struct aw_buf *out = page->out;
    char at[AW_TIME_MAX];

    (void)err;
    if (page->count == page->most) {
        page->more = true;
        return AW_OK;
    }
    aw_time_iso(row->at_ms, at);
    aw_json_open(out, NULL, '{');
    aw_json_int(out, "id", row->id);
    aw_json_text(out, "at", aw_str_of(at));
    aw_json_text(out, "who", row->who);
    aw_json_text(out, "action", row->action);
    aw_json_text(out, "subject", row->subject);
    put_detail(out, row->detail);
    aw_json_text(out, "hash", row->hash);
    aw_json_close(out, '}');
    page->count++;
    page->last = row->id;
    return AW_OK;
}

/* The newest first; `after` is the `next` of the page before. */
static aw_rc get_audit(struct aw_call *call, struct aw_err *err)
{
    struct aw_audit_filter filter = {
        .who = aw_http_query(call->request, "who"),
        .action = aw_http_query(call->request, "action"),
        .subject = aw_http_query(call->request, "subject"),
        .within = call->user.place,
        .veiled_from = aw_second_veil(&call->user),
        .newest_first = true};
    struct page page = {.out = aw_call_json(call), .most = LIMIT_FIRST};
    aw_rc rc;

    if (!aw_beijing_days_parse(aw_http_query(call->request, "from"),
                               aw_http_query(call->request, "to"),
                               &filter.from_ms, &filter.to_ms))
        return aw_fail(err, AW_INVALID,
                       "'from' and 'to' must be days, YYYY-MM-DD");
    rc = aw_call_query_int(call, "after", 1, ID_MOST, &filter.before, err);
    if (rc == AW_OK)
        rc = aw_call_query_int(call, "limit", 1, LIMIT_MOST, &page.most, err);
    if (rc != AW_OK)
        return rc;
    filter.limit = page.most + 1;
    aw_json_open(page.out, NULL, '{');
    aw_json_open(page.out, "items", '[');
    rc = aw_store_audits(call->store, &filter, put_row, &page, err);
    aw_json_close(page.out, ']');
    if (page.more)
        aw_json_int(page.out, "next", page.last);
    else
        aw_json_raw(page.out, "next", AW_STR("null"));
    aw_json_close(page.out, '}');
    return rc;
}

/* A false chain is an answer, and no failure of the call. */
static aw_rc get_verify(struct aw_call *call, struct aw_err *err)
{
    struct aw_str known_text = aw_http_query(call->request, "head");
    struct aw_audit_head known, head;
    char text[AW_AUDIT_HEAD_MAX];
    struct aw_buf *out;
    int64_t count = 0;
    aw_rc rc;

    if (known_text.len > 0 && !aw_audit_head_parse(known_text, &known))
        return aw_fail(err, AW_INVALID, "'head' must be ID:HASH");
    rc = aw_audit_verify(call->store, known_text.len > 0 ? &known : NULL,
                         &count, &head, err);
    if (rc != AW_OK && rc != AW_INVALID)
        return rc;
    aw_audit_head_text(&head, text);
    out = aw_call_json(call);
    aw_json_open(out, NULL, '{');
    aw_json_bool(out, "ok", rc == AW_OK);
    aw_json_int(out, "count", count);
    aw_json_text(out, "head", aw_str_of(text));
    aw_json_text(out, "message", aw_str_of(rc == AW_OK ? "" : err->msg));
    aw_json_close(out, '}');
    return AW_OK;
}

static const struct aw_route routes[] = {
    {AW_METHOD_GET, "/api/v1/audit", AUDITORS, get_audit, 0, AW_PACE_QUICK},
    {AW_METHOD_GET, "/api/v1/audit/verify", AUDITORS, get_verify, 0,
     AW_PACE_QUICK},
};

const struct aw_routes aw_routes_audit = {routes,
                                          sizeof routes / sizeof *routes};
