#include "base/json.h"
#include "reports/finding_json.h"
#include "web/api_capture.h"
#include "web/finding_put.h"
#include "web/row.h"

/* What must not be seen does not show in its state either. */
static aw_rc put_row(struct aw_told *told, struct aw_err *err)
{
    struct aw_call *call = told->call;
    struct aw_queue_item item;
    aw_rc rc = aw_queue_item(call->web->queue, call->store, call->ids[0],
                             call->user.place, aw_second_veil(&call->user),
                             call->arena, &item, err);

    if (rc != AW_OK)
        return rc;
    item.publisher = AW_ROW_PUBLISHER_APART;
    return aw_row_json(told->out, call->store, &item, call->now_ms,
                       call->arena, err);
}

static aw_rc put_document(struct aw_told *told, struct aw_err *err)
{
    const struct aw_finding *f = &told->finding;
    struct aw_buf *out = told->out;

    aw_json_open(out, "document", '{');
    aw_json_text(out, "kind", f->doc_kind);
    aw_json_real(out, "score", f->doc_score);
    aw_json_close(out, '}');
    aw_json_text(out, "lexicon", f->lexicon_hash);
    aw_json_text(out, "model", f->model_hash);
    aw_json_text(out, "tool", f->tool);
    return aw_json_kept(out, "parties", f->parties, "{}", err);
}

static aw_rc put_parts(struct aw_told *told, struct aw_err *err)
{
    static aw_rc (*const parts[])(struct aw_told *, struct aw_err *) = {
        put_document,      aw_told_claims,   aw_told_captures,
        aw_told_decisions, aw_told_comments, aw_told_publisher,
        aw_told_elsewhere, aw_told_landing};
    aw_rc rc = AW_OK;

    for (size_t i = 0; i < sizeof parts / sizeof parts[0] && rc == AW_OK; i++)
        rc = parts[i](told, err);
    aw_told_shots(told);
    aw_told_hand_ins(told);
    aw_told_up(told);
    aw_told_second(told);
    return rc;
}

/* The newest look, and whether it keeps what was decided from who asks. */
static aw_rc read_look(struct aw_told *told, struct aw_look *look,
                       struct aw_err *err)
{
    struct aw_call *call = told->call;
    struct aw_err none;
    aw_rc rc = aw_store_look_newest(call->store, call->arena, call->ids[0],
                                    look, &none);

    if (rc == AW_MISSING)
        return AW_OK;
    if (rc != AW_OK) {
        *err = none;
        return rc;
    }
    told->look = look;
    return aw_second_hides(call->store, &call->user, call->ids[0],
                           &told->hides, err);
}

static aw_rc get_finding(struct aw_call *call, struct aw_err *err)
{
    struct aw_told told = {.call = call};
    struct aw_look look;
    aw_rc rc = aw_store_finding_get(call->store, call->arena, call->ids[0],
                                    &told.finding, err);

    if (rc == AW_OK)
        rc = read_look(&told, &look, err);
    if (rc != AW_OK)
        return rc;
    told.out = aw_call_json(call);
    aw_json_open(told.out, NULL, '{');
    rc = put_row(&told, err);
    if (rc == AW_OK)
        rc = put_parts(&told, err);
    aw_json_close(told.out, '}');
    return rc == AW_OK ? aw_buf_check(told.out, err) : rc;
}

#define FINDING "/api/v1/findings/{id}"

static const struct aw_route routes[] = {
    {AW_METHOD_GET, FINDING, AW_MAY_READ, get_finding, 0, AW_PACE_QUICK},
    {AW_METHOD_GET, FINDING "/text", AW_MAY_READ, aw_api_text, 0,
     AW_PACE_SLOW},
    {AW_METHOD_GET, FINDING "/source", AW_MAY_READ, aw_api_source, 0,
     AW_PACE_SLOW},
    {AW_METHOD_GET, FINDING "/difference", AW_MAY_READ, aw_api_difference, 0,
     AW_PACE_SLOW},
    {AW_METHOD_POST, FINDING "/frame", AW_MAY_READ, aw_api_frame, 0,
     AW_PACE_SLOW},
    {AW_METHOD_GET, "/api/v1/shots/{id}", AW_MAY_READ, aw_api_shot, 0,
     AW_PACE_SLOW},
};

const struct aw_routes aw_routes_finding = {routes,
                                            sizeof routes / sizeof *routes};
