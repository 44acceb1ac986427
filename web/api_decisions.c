#include <stdio.h>

#include "base/json.h"
#include "review/batch.h"
#include "review/second.h"
#include "review/team.h"
#include "web/call_finding.h"
#include "web/route.h"

#define ID_MOST INT64_C(9007199254740991)
#define LIST_MAX ((size_t)8 << 20) /* bytes, of one list of an answer */

static void put_time(struct aw_buf *out, const char *name, int64_t wall_ms)
{
    char text[AW_TIME_MAX];

    aw_time_iso(wall_ms, text);
    aw_json_text(out, name, aw_str_of(text));
}

/* ---- what became of each finding -----------------------------------------
 */

/* Three lists that grow side by side. */
struct answer {
    struct aw_call *call;
    const char *done_name;
    struct aw_buf done, clashes, failed;
};

static void answer_init(struct answer *a, struct aw_call *call,
                        const char *done_name)
{
    struct aw_buf *const lists[] = {&a->done, &a->clashes, &a->failed};

    a->call = call;
    a->done_name = done_name;
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        aw_buf_init(lists[i], LIST_MAX);
        aw_json_open(lists[i], NULL, '[');
    }
}

static void answer_deinit(struct answer *a)
{
    aw_buf_deinit(&a->done);
    aw_buf_deinit(&a->clashes);
    aw_buf_deinit(&a->failed);
}

static void put_done(struct aw_buf *out, const struct aw_outcome *o)
{
    aw_json_open(out, NULL, '{');
    aw_json_int(out, "finding", o->finding);
    aw_json_int(out, "decision", o->decided.row.id);
    aw_json_text(out, "action", o->decided.row.action);
    aw_json_text(out, "state", o->decided.state);
    aw_json_int(out, "version", o->decided.version);
    aw_json_close(out, '}');
}

static void put_other(struct aw_buf *out, const struct aw_decision_row *row)
{
    if (row->id == 0) {
        aw_json_raw(out, "decision", AW_STR("null"));
        return;
    }
    aw_json_open(out, "decision", '{');
    aw_json_int(out, "id", row->id);
    aw_json_text(out, "who", row->who);
    aw_json_text(out, "action", row->action);
    put_time(out, "at", row->at_ms);
    aw_json_text(out, "reason", row->reason);
    aw_json_close(out, '}');
}

/* Who is to answer blind learns of a clash, and not what was decided. */
static aw_rc put_clash(struct answer *a, const struct aw_outcome *o,
                       struct aw_err *err)
{
    static const struct aw_decision_row nothing;
    struct aw_buf *out = &a->clashes;
    struct aw_err own; /* err has the message that is told */
    bool hidden = false;
    aw_rc rc = aw_second_hides(a->call->store, &a->call->user, o->finding,
                               &hidden, &own);

    if (rc != AW_OK) {
        *err = own;
        return rc;
    }
    aw_json_open(out, NULL, '{');
    aw_json_int(out, "finding", o->finding);
    aw_json_int(out, "version", o->decided.version);
    aw_json_text(out, "state", hidden ? AW_STR("second") : o->decided.state);
    aw_json_text(out, "message", aw_str_of(o->message));
    put_other(out, hidden ? &nothing : &o->decided.row);
    aw_json_close(out, '}');
    return AW_OK;
}

static void put_failed(struct aw_buf *out, const struct aw_outcome *o)
{
    aw_json_open(out, NULL, '{');
    aw_json_int(out, "finding", o->finding);
    aw_json_text(out, "message", aw_str_of(o->message));
    aw_json_close(out, '}');
}

static aw_rc note_outcome(void *self, const struct aw_outcome *o,
                          struct aw_err *err)
{
    struct answer *a = self;

    if (o->rc == AW_OK)
        put_done(&a->done, o);
    else if (o->rc == AW_BUSY)
        return put_clash(a, o, err);
    else
        put_failed(&a->failed, o);
    return AW_OK;
}

static aw_rc put_list(struct aw_buf *out, const char *name,
                      struct aw_buf *list, struct aw_err *err)
{
    aw_json_close(list, ']');
    aw_json_raw(out, name, aw_buf_str(list));
    return aw_buf_check(list, err);
}

static aw_rc put_answer(struct answer *a, struct aw_buf *out,
                        struct aw_err *err)
{
    aw_rc rc = put_list(out, a->done_name, &a->done, err);

    if (rc == AW_OK)
        rc = put_list(out, "clashes", &a->clashes, err);
    return rc == AW_OK ? put_list(out, "failed", &a->failed, err) : rc;
}

/* ---- deciding -------------------------------------------------------------
 */

static aw_rc read_items(struct aw_call *call, const struct aw_body *body,
                        struct aw_order *order, struct aw_err *err)
{
    size_t count = aw_body_count(body, "items");
    struct aw_member *items =
        aw_arena_array(call->arena, count > 0 ? count : 1, sizeof *items);

    if (!items)
        return aw_arena_fail(call->arena, err);
    for (size_t i = 0; i < count; i++) {
        const struct aw_body *item = aw_body_at(body, "items", i);
        aw_rc rc = aw_body_int(item, "finding", true, 1, ID_MOST,
                               &items[i].finding, err);

        if (rc == AW_OK)
            rc = aw_body_int(item, "version", true, 0, ID_MOST,
                             &items[i].version, err);
        if (rc != AW_OK)
            return rc;
    }
    order->items = items;
    order->count = count;
    return AW_OK;
}

/* All open members: their versions are those of now. */
static aw_rc read_group(struct aw_call *call, const struct aw_body *body,
                        struct aw_order *order, struct aw_err *err)
{
    struct aw_member *items = NULL;
    int64_t group = 0;
    aw_rc rc = aw_body_int(body, "group", true, 1, ID_MOST, &group, err);

    if (aw_body_has(body, "items"))
        return aw_fail(err, AW_INVALID, "give items or a group, not both");
    if (rc == AW_OK)
        rc = aw_store_members_open(call->store, call->arena, group,
                                   call->user.place, AW_ORDER_MOST + 1, &items,
                                   &order->count, err);
    order->items = items;
    if (rc == AW_OK && order->count == 0)
        rc = aw_fail(err, AW_INVALID, "group %lld has no open finding",
                     (long long)group);
    return rc;
}

static aw_rc read_order(struct aw_call *call, const struct aw_body *body,
                        struct aw_order *order, struct aw_err *err)
{
    aw_rc rc = aw_body_text(body, "action", true, &order->action, err);

    if (rc == AW_OK)
        rc = aw_body_text(body, "reason", false, &order->reason, err);
    if (rc == AW_OK)
        rc = aw_body_text(body, "code", false, &order->code, err);
    if (rc == AW_OK)
        rc = aw_body_text(body, "class", false, &order->class, err);
    if (rc == AW_OK)
        rc = aw_body_int(body, "typed", false, 0, ID_MOST, &order->typed, err);
    if (rc != AW_OK)
        return rc;
    return aw_body_has(body, "group") ? read_group(call, body, order, err)
                                      : read_items(call, body, order, err);
}

static aw_rc post_decisions(struct aw_call *call, struct aw_err *err)
{
    struct aw_order order = {.who = call->user.name,
                             .by = &call->user,
                             .as_seen = true,
                             .key = aw_http_field(call->request,
                                                  "Idempotency-Key")};
    struct aw_body *body = NULL;
    struct answer answer;
    int64_t batch = 0;
    aw_rc rc = aw_call_body(call, &body, err);

    if (rc == AW_OK)
        rc = read_order(call, body, &order, err);
    if (rc != AW_OK)
        return rc;
    answer_init(&answer, call, "done");
    rc = aw_order_carry_out(call->store, call->web->clock, &order,
                            note_outcome, &answer, &batch, err);
    if (rc == AW_OK) {
        struct aw_buf *out = aw_call_json(call);

        aw_json_open(out, NULL, '{');
        aw_json_int(out, "batch", batch);
        rc = put_answer(&answer, out, err);
        aw_json_close(out, '}');
    }
    answer_deinit(&answer);
    return rc;
}

static aw_rc post_undo(struct aw_call *call, struct aw_err *err)
{
    struct aw_undo undo = {.who = call->user.name,
                           .by = &call->user,
                           .key = aw_http_field(call->request,
                                                "Idempotency-Key")};
    struct answer answer;
    int64_t left = 0;
    aw_rc rc;

    answer_init(&answer, call, "undone");
    rc = aw_order_undo(call->store, call->web->clock, &undo, note_outcome,
                       &answer, &left, err);
    if (rc == AW_OK) {
        struct aw_buf *out = aw_call_json(call);

        aw_json_open(out, NULL, '{');
        rc = put_answer(&answer, out, err);
        aw_json_int(out, "left", left);
        aw_json_close(out, '}');
    }
    answer_deinit(&answer);
    return rc;
}

/* ---- leases ---------------------------------------------------------------
 */

static void put_lease(struct aw_buf *out, const struct aw_lease *lease)
{
    aw_json_open(out, "lease", '{');
    aw_json_int(out, "id", lease->user);
    aw_json_text(out, "name", lease->name);
    put_time(out, "until", lease->until_ms);
    aw_json_close(out, '}');
}

/* A lease that another has is an answer: who, and until when. */
static aw_rc post_lease(struct aw_call *call, struct aw_err *err)
{
    struct aw_lease lease = {0};
    struct aw_buf *out;
    aw_rc rc = aw_lease_take(call->store, call->web->clock, call->arena,
                             &call->user, call->ids[0], &lease, err);

    if (rc != AW_OK && rc != AW_BUSY)
        return rc;
    out = aw_call_json(call);
    aw_json_open(out, NULL, '{');
    if (rc == AW_BUSY) {
        call->reply->status = 409;
        aw_json_open(out, "error", '{');
        aw_json_text(out, "code", AW_STR("busy"));
        aw_json_text(out, "message", aw_str_of(err->msg));
        aw_json_close(out, '}');
    }
    put_lease(out, &lease);
    aw_json_close(out, '}');
    return AW_OK;
}

static aw_rc put_empty(struct aw_call *call)
{
    struct aw_buf *out = aw_call_json(call);

    aw_json_open(out, NULL, '{');
    aw_json_close(out, '}');
    return AW_OK;
}

static aw_rc delete_lease(struct aw_call *call, struct aw_err *err)
{
    aw_rc rc = aw_lease_drop(call->store, &call->user, call->ids[0], err);

    return rc == AW_OK ? put_empty(call) : rc;
}

/* ---- comments, assignment, corrections ------------------------------------
 */

static aw_rc post_comment(struct aw_call *call, struct aw_err *err)
{
    struct aw_body *body = NULL;
    struct aw_str text = {0};
    struct aw_buf *out;
    int64_t id = 0;
    aw_rc rc = aw_call_body(call, &body, err);

    if (rc == AW_OK)
        rc = aw_body_text(body, "text", true, &text, err);
    if (rc == AW_OK)
        rc = aw_comment_add(call->store, call->web->clock, &call->user,
                            call->ids[0], text, &id, err);
    if (rc != AW_OK)
        return rc;
    out = aw_call_json(call);
    aw_json_open(out, NULL, '{');
    aw_json_int(out, "id", id);
    put_time(out, "at", call->now_ms);
    aw_json_text(out, "who", call->user.name);
    aw_json_text(out, "text", text);
    aw_json_close(out, '}');
    return AW_OK;
}

static aw_rc post_assignment(struct aw_call *call, struct aw_err *err)
{
    struct aw_body *body = NULL;
    int64_t user = 0;
    aw_rc rc = aw_call_body(call, &body, err);

    if (rc == AW_OK)
        rc = aw_body_int(body, "user", true, 0, ID_MOST, &user, err);
    if (rc == AW_OK)
        rc = aw_assign(call->store, call->web->clock, &call->user,
                       call->ids[0], user, err);
    return rc == AW_OK ? put_empty(call) : rc;
}

static aw_rc read_correction(const struct aw_body *body,
                             struct aw_correction_input *input,
                             struct aw_err *err)
{
    aw_rc rc =
        aw_body_int(body, "claim", true, 1, ID_MOST, &input->claim, err);

    input->has_span = aw_body_has(body, "start") || aw_body_has(body, "end");
    input->has_version = aw_body_has(body, "version");
    if (rc == AW_OK)
        rc = aw_body_text(body, "class", false, &input->class, err);
    if (rc == AW_OK)
        rc = aw_body_int(body, "start", input->has_span, 0, ID_MOST,
                         &input->start, err);
    if (rc == AW_OK)
        rc = aw_body_int(body, "end", input->has_span, 0, ID_MOST, &input->end,
                         err);
    if (rc == AW_OK)
        rc = aw_body_int(body, "version", false, 0, ID_MOST, &input->version,
                         err);
    return rc;
}

static void put_correction(struct aw_buf *out, const struct aw_correction *c,
                           int64_t version)
{
    aw_json_open(out, NULL, '{');
    aw_json_open(out, "correction", '{');
    aw_json_int(out, "id", c->id);
    aw_json_int(out, "claim", c->claim);
    aw_json_text(out, "class", c->class);
    aw_json_text(out, "quote", c->quote);
    aw_json_int(out, "start", c->start);
    aw_json_int(out, "end", c->end);
    aw_json_text(out, "who", c->who);
    put_time(out, "at", c->at_ms);
    aw_json_close(out, '}');
    aw_json_int(out, "version", version);
    aw_json_close(out, '}');
}

static aw_rc post_correction(struct aw_call *call, struct aw_err *err)
{
    struct aw_correction_input input = {.finding = call->ids[0]};
    struct aw_correction made = {0};
    struct aw_body *body = NULL;
    int64_t version = 0;
    aw_rc rc = aw_call_body(call, &body, err);

    if (rc == AW_OK)
        rc = read_correction(body, &input, err);
    if (rc == AW_OK)
        rc = aw_correct(call->store, call->web->clock, call->arena,
                        &call->user, &input, &made, &version, err);
    if (rc == AW_OK)
        put_correction(aw_call_json(call), &made, version);
    return rc;
}

static const struct aw_route routes[] = {
    {AW_METHOD_POST, "/api/v1/decisions", AW_MAY_DECIDE, post_decisions, 0,
     AW_PACE_QUICK},
    {AW_METHOD_POST, "/api/v1/decisions/undo", AW_MAY_DECIDE, post_undo, 0,
     AW_PACE_QUICK},
    {AW_METHOD_POST, "/api/v1/findings/{id}/lease", AW_MAY_DECIDE, post_lease,
     0, AW_PACE_QUICK},
    {AW_METHOD_DELETE, "/api/v1/findings/{id}/lease", AW_MAY_DECIDE,
     delete_lease, 0, AW_PACE_QUICK},
    {AW_METHOD_POST, "/api/v1/findings/{id}/comments", AW_MAY_DECIDE,
     post_comment, 0, AW_PACE_QUICK},
    {AW_METHOD_POST, "/api/v1/findings/{id}/assignment", AW_MAY_DECIDE,
     post_assignment, 0, AW_PACE_QUICK},
    {AW_METHOD_POST, "/api/v1/findings/{id}/corrections", AW_MAY_DECIDE,
     post_correction, 0, AW_PACE_QUICK},
};

const struct aw_routes aw_routes_decisions = {routes,
                                              sizeof routes / sizeof *routes};
