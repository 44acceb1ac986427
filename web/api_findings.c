/* api_findings.c - GET /findings and GET /facets: the queue. */
#include "base/json.h"
#include "web/row.h"

static struct aw_str of_request(void *self, const char *name)
{
    return aw_http_query(self, name);
}

static aw_rc read_question(struct aw_call *call, struct aw_question *out,
                           struct aw_err *err)
{
    /* aw_http_query changes nothing; a query's self may be changed */
    struct aw_http_request request = *call->request;

    return aw_question_read(out, of_request, &request, &call->user, err);
}

static aw_rc put_page(struct aw_call *call, const struct aw_queue_page *page,
                      struct aw_err *err)
{
    struct aw_buf *out = aw_call_json(call);
    aw_rc rc = AW_OK;

    aw_json_open(out, NULL, '{');
    aw_json_open(out, "total", '{');
    aw_json_int(out, "groups", page->groups);
    aw_json_int(out, "findings", page->findings);
    aw_json_close(out, '}');
    if (page->next.len > 0)
        aw_json_text(out, "next", page->next);
    else
        aw_json_raw(out, "next", AW_STR("null"));
    aw_json_open(out, "items", '[');
    for (size_t i = 0; i < page->count && rc == AW_OK; i++) {
        aw_json_open(out, NULL, '{');
        rc = aw_row_json(out, call->store, &page->items[i], call->now_ms,
                         call->arena, err);
        aw_json_close(out, '}');
    }
    aw_json_close(out, ']');
    aw_json_close(out, '}');
    return rc == AW_OK ? aw_buf_check(out, err) : rc;
}

static aw_rc get_findings(struct aw_call *call, struct aw_err *err)
{
    struct aw_question question;
    struct aw_queue_page page;
    aw_rc rc = read_question(call, &question, err);

    if (rc == AW_OK)
        rc = aw_queue_ask(call->web->queue, call->store, &question,
                          call->arena, &page, err);
    return rc == AW_OK ? put_page(call, &page, err) : rc;
}

static void put_counts(struct aw_buf *out, const char *name,
                       const struct aw_queue_count *list, size_t count)
{
    aw_json_open(out, name, '[');
    for (size_t i = 0; i < count; i++) {
        aw_json_open(out, NULL, '{');
        aw_json_text(out, "value", list[i].value);
        if (list[i].name.len > 0)
            aw_json_text(out, "name", list[i].name);
        aw_json_int(out, "count", list[i].count);
        aw_json_close(out, '}');
    }
    aw_json_close(out, ']');
}

static aw_rc get_facets(struct aw_call *call, struct aw_err *err)
{
    struct aw_question question;
    struct aw_facets facets;
    struct aw_buf *out;
    aw_rc rc = read_question(call, &question, err);

    if (rc == AW_OK)
        rc = aw_queue_facets(call->web->queue, call->store, &question,
                             call->arena, &facets, err);
    if (rc != AW_OK)
        return rc;
    out = aw_call_json(call);
    aw_json_open(out, NULL, '{');
#define X(name) put_counts(out, #name, facets.name, facets.name##_count);
    AW_FACET_LIST(X)
#undef X
    aw_json_close(out, '}');
    return aw_buf_check(out, err);
}

static const struct aw_route routes[] = {
    {AW_METHOD_GET, "/api/v1/findings", AW_MAY_READ, get_findings, 0,
     AW_PACE_QUICK},
    {AW_METHOD_GET, "/api/v1/facets", AW_MAY_READ, get_facets, 0,
     AW_PACE_QUICK},
};

const struct aw_routes aw_routes_findings = {routes,
                                             sizeof routes / sizeof *routes};
