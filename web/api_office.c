#include <stdio.h>

#include "base/json.h"
#include "review/agreement.h"
#include "review/policy.h"
#include "review/queue.h"
#include "review/second.h"
#include "web/route.h"
#include "web/row.h"

#define SECOND_MOST 200 /* looks in one answer */

/* ---- policy ---------------------------------------------------------------
 */

static aw_rc get_policy(struct aw_call *call, struct aw_err *err)
{
    struct aw_policy policy = {0};
    aw_rc rc = aw_policy_load(call->store, &policy, err);

    if (rc == AW_OK)
        aw_policy_json(aw_call_json(call), NULL, &policy);
    return rc;
}

static aw_rc read_percent(const struct aw_body *body, int64_t *out,
                          struct aw_err *err)
{
    double share = (double)*out / 100;
    aw_rc rc = aw_body_real(body, "precision_bound", false, 0, 1, &share, err);

    *out = (int64_t)(share * 100 + 0.5);
    return rc;
}

/* What is not given stays as it is. */
static aw_rc read_policy(const struct aw_body *body, struct aw_policy *policy,
                         struct aw_err *err)
{
    bool new_publisher = policy->second_new_publisher != 0;
    aw_rc rc = aw_body_int(body, "second_severity", false, 0, 9,
                           &policy->second_severity, err);

    if (rc == AW_OK)
        rc = aw_body_bool(body, "second_new_publisher", false, &new_publisher,
                          err);
    if (rc == AW_OK)
        rc = aw_body_int(body, "second_random_percent", false, 0, 100,
                         &policy->second_random_percent, err);
    if (rc == AW_OK)
        rc = aw_body_int(body, "session_hours", false, 1, 168,
                         &policy->session_hours, err);
    if (rc == AW_OK)
        rc = read_percent(body, &policy->precision_bound, err);
    policy->second_new_publisher = new_publisher;
    return rc;
}

static aw_rc put_policy(struct aw_call *call, struct aw_err *err)
{
    struct aw_policy policy = {0};
    struct aw_body *body = NULL;
    aw_rc rc = aw_call_body(call, &body, err);

    if (rc == AW_OK)
        rc = aw_policy_load(call->store, &policy, err);
    if (rc == AW_OK)
        rc = read_policy(body, &policy, err);
    if (rc == AW_OK)
        rc = aw_policy_save(call->store, call->web->clock, call->user.name,
                            &policy, err);
    return rc == AW_OK ? get_policy(call, err) : rc;
}

/* ---- second looks ---------------------------------------------------------
 */

struct looks {
    struct aw_call *call;
    struct aw_buf *out;
    struct aw_look *items; /* SECOND_MOST */
    size_t count;
};

/* What is not to be seen of a blind one: who, and what it was decided to be.
 */
static void put_look(struct aw_buf *out, const struct aw_look *look)
{
    aw_json_open(out, "second", '{');
    aw_json_int(out, "id", look->id);
    aw_json_bool(out, "needed", true);
    aw_json_text(out, "why", look->why);
    aw_json_bool(out, "blind", look->blind);
    aw_json_bool(out, "open", true);
    if (!look->blind) {
        aw_json_text(out, "first_who", look->first_who);
        aw_json_text(out, "first_action", look->first_action);
        aw_json_text(out, "first_class", look->first_class);
    }
    aw_json_close(out, '}');
}

static aw_rc take_look(void *self, const struct aw_look *look,
                       struct aw_err *err)
{
    struct looks *looks = self;
    struct aw_arena *arena = looks->call->arena;
    struct aw_look *kept = &looks->items[looks->count++];
    aw_rc rc = aw_arena_dup(arena, look->why, &kept->why, err);

    kept->id = look->id;
    kept->finding = look->finding;
    kept->blind = look->blind;
    if (rc == AW_OK)
        rc = aw_arena_dup(arena, look->first_who, &kept->first_who, err);
    if (rc == AW_OK)
        rc = aw_arena_dup(arena, look->first_action, &kept->first_action, err);
    return rc == AW_OK ? aw_arena_dup(arena, look->first_class,
                                      &kept->first_class, err)
                       : rc;
}

/* The row asks the store for the open looks again: it is not asked from within
 * the same question. */
static aw_rc put_second(const struct looks *looks, const struct aw_look *look,
                        struct aw_err *err)
{
    struct aw_call *call = looks->call;
    struct aw_queue_item item = {0};
    aw_rc rc = aw_queue_item(call->web->queue, call->store, look->finding,
                             call->user.place, call->user.name, call->arena,
                             &item, err);

    if (rc == AW_MISSING)
        return AW_OK;
    if (rc != AW_OK)
        return rc;
    aw_json_open(looks->out, NULL, '{');
    rc = aw_row_json(looks->out, call->store, &item, call->now_ms, call->arena,
                     err);
    put_look(looks->out, look);
    aw_json_close(looks->out, '}');
    return rc;
}

static aw_rc get_second(struct aw_call *call, struct aw_err *err)
{
    struct looks looks = {call, aw_call_json(call),
                          aw_arena_array(call->arena, SECOND_MOST,
                                         sizeof *looks.items),
                          0};
    aw_rc rc;

    if (!looks.items)
        return aw_arena_fail(call->arena, err);
    rc = aw_store_looks_open(call->store, call->user.name, call->user.place,
                             SECOND_MOST, take_look, &looks, err);
    aw_json_open(looks.out, NULL, '{');
    aw_json_open(looks.out, "items", '[');
    for (size_t i = 0; i < looks.count && rc == AW_OK; i++)
        rc = put_second(&looks, &looks.items[i], err);
    aw_json_close(looks.out, ']');
    aw_json_close(looks.out, '}');
    return rc;
}

/* ---- agreement ------------------------------------------------------------
 */

static aw_rc get_agreement(struct aw_call *call, struct aw_err *err)
{
    struct aw_agreement agreement;
    int64_t from = 0;
    int64_t to = call->now_ms + 1;
    aw_rc rc;

    if (!aw_beijing_days_parse(aw_http_query(call->request, "from"),
                               aw_http_query(call->request, "to"), &from, &to))
        return aw_fail(err, AW_INVALID,
                       "'from' and 'to' must be days, YYYY-MM-DD");
    rc = aw_agreement_load(&agreement, call->store, call->arena, from, to,
                           call->user.place, err);
    if (rc == AW_OK)
        aw_agreement_json(aw_call_json(call), &agreement);
    return rc;
}

static const struct aw_route routes[] = {
    {AW_METHOD_GET, "/api/v1/policy", AW_MAY_READ, get_policy, 0,
     AW_PACE_QUICK},
    {AW_METHOD_PUT, "/api/v1/policy", AW_MAY(ADMIN), put_policy, 0,
     AW_PACE_QUICK},
    {AW_METHOD_GET, "/api/v1/second", AW_MAY(SECOND) | AW_MAY(SUPERVISOR),
     get_second, 0, AW_PACE_QUICK},
    {AW_METHOD_GET, "/api/v1/agreement", AW_MAY_SUPERVISE | AW_MAY(AUDITOR),
     get_agreement, 0, AW_PACE_QUICK},
};

const struct aw_routes aw_routes_office = {routes,
                                           sizeof routes / sizeof *routes};
