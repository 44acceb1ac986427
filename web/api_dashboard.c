#include "base/json.h"
#include "reports/dashboard.h"
#include "review/places.h"
#include "review/policy.h"
#include "review/second.h"
#include "web/route.h"

#define DAYS_SHOWN 30 /* where no day is given */

static aw_rc query_day(const struct aw_call *call, const char *name,
                       int64_t *day, struct aw_err *err)
{
    struct aw_str text = aw_http_query(call->request, name);

    if (text.len == 0 || aw_dash_day_parse(text, day))
        return AW_OK;
    return aw_fail(err, AW_INVALID, "'%s' is no day: write 2026-11-26", name);
}

/* A place that is asked for lies within the asker's own. */
static aw_rc query_place(const struct aw_call *call, struct aw_str *place,
                         struct aw_err *err)
{
    struct aw_str asked = aw_http_query(call->request, "place");

    *place = call->user.place;
    if (asked.len == 0)
        return AW_OK;
    if (!aw_str_starts(asked, call->user.place))
        return aw_fail(err, AW_MISSING, "no such place");
    *place = asked;
    return AW_OK;
}

static aw_rc query_span(const struct aw_call *call, struct aw_stats_span *span,
                        struct aw_err *err)
{
    int64_t today = (call->now_ms + AW_BEIJING_MS) / AW_DAY_MS;
    aw_rc rc;

    span->to = today;
    span->veiled_from = aw_second_veil(&call->user);
    rc = query_day(call, "to", &span->to, err);
    span->from = span->to - (DAYS_SHOWN - 1);
    if (rc == AW_OK)
        rc = query_day(call, "from", &span->from, err);
    return rc == AW_OK ? query_place(call, &span->place, err) : rc;
}

static struct aw_str name_of(void *self, struct aw_str place)
{
    return aw_places_name(self, place);
}

static aw_rc put_dashboard(struct aw_call *call,
                           const struct aw_stats_span *span,
                           struct aw_places *places, struct aw_err *err)
{
    struct aw_dashboard dash;
    struct aw_policy policy;
    struct aw_arena arena;
    aw_rc rc = aw_policy_load(call->store, &policy, err);

    aw_arena_init(&arena, AW_DASH_ARENA_MAX);
    if (rc == AW_OK)
        rc = aw_dashboard_make(call->store, span,
                               (double)policy.precision_bound / 100, &arena,
                               &dash, err);
    if (rc == AW_OK) {
        struct aw_buf *out = aw_call_json(call);

        aw_json_open(out, NULL, '{');
        aw_dashboard_json(out, &dash, name_of, places);
        aw_json_close(out, '}');
    }
    aw_arena_deinit(&arena);
    return rc;
}

static aw_rc get_dashboard(struct aw_call *call, struct aw_err *err)
{
    struct aw_stats_span span = {0};
    struct aw_places *places = NULL;
    aw_rc rc = query_span(call, &span, err);

    if (rc == AW_OK)
        rc = aw_places_new(&places, call->web->lexicon_dir, err);
    if (rc == AW_OK)
        rc = put_dashboard(call, &span, places, err);
    aw_places_free(places);
    return rc;
}

static const struct aw_route routes[] = {
    {AW_METHOD_GET, "/api/v1/dashboard", AW_MAY_READ, get_dashboard, 0,
     AW_PACE_QUICK},
};

const struct aw_routes aw_routes_dashboard = {routes,
                                              sizeof routes / sizeof *routes};
