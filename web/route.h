/* route.h - which function answers what, and who may ask it.
 *
 * One table for each area (api_*.c), listed in routes.c. The server
 * (server.h) looks the path up, finds the session, checks the role, the
 * origin and the token against forgery (for all but GET), gives the call a
 * store of its own, and then makes it. A function fills call->reply or
 * returns an error, which becomes a status and
 *
 *     {"error":{"code":"invalid","message":"..."}}
 *
 * INVALID 400, MISSING 404, BUSY 409, LIMIT 413, others 500 (whose message
 * stays in the log).
 */
#ifndef AW_WEB_ROUTE_H
#define AW_WEB_ROUTE_H

#include "base/clock.h"
#include "base/config.h"
#include "base/log.h"
#include "reports/provisions.h"
#include "review/user.h"
#include "store/store.h"
#include "web/http.h"

#define AW_ROUTE_IDS_MAX 2
#define AW_ROUTE_JSON_MAX ((size_t)1 << 20) /* bytes of a body, unless told \
                                             */

/* What is the same for all calls, while the server lives. Not written to
 * after the start, but for what has its own lock. */
struct aw_web {
    const struct aw_clock *clock;
    const struct aw_log *log;
    const struct aw_config *config;
    const struct aw_provisions *provisions;
    const char *workspace, *archive_dir, *lexicon_dir, *model_path;
    const char *program;          /* of this adwatch, for its readers */
    struct aw_str origin;         /* "https://127.0.0.1:8710" */
    struct aw_str capture_origin; /* where captured pages are shown */
    struct aw_queue *queue;       /* review/queue.h */
    struct aw_sight *sight;       /* sight.h: captures, read in a cell */
};

/* One request while it is answered. */
struct aw_call {
    const struct aw_web *web;
    const struct aw_http_request *request;
    struct aw_http_reply *reply;
    struct aw_store *store; /* of this call alone, in no transaction */
    struct aw_arena *arena; /* dies with the reply */
    struct aw_user user;    /* who asks; id 0 on a route for anybody */
    int64_t now_ms;
    int64_t ids[AW_ROUTE_IDS_MAX]; /* of {id} in the path, in order */
    struct aw_str session_key;     /* of the session; empty: none */
};

typedef aw_rc aw_route_fn(struct aw_call *call, struct aw_err *err);

/* Who may: by role, see AW_ROLE_LIST in review/user.h. */
#define AW_MAY(role) (1u << AW_ROLE_##role)
#define AW_MAY_READ                                                           \
    (AW_MAY(REVIEWER) | AW_MAY(SECOND) | AW_MAY(SUPERVISOR) | AW_MAY(ADMIN) | \
     AW_MAY(AUDITOR))
#define AW_MAY_DECIDE (AW_MAY(REVIEWER) | AW_MAY(SECOND) | AW_MAY(SUPERVISOR))
#define AW_MAY_SUPERVISE (AW_MAY(SUPERVISOR) | AW_MAY(ADMIN))
#define AW_MAY_ANYBODY 0u /* without a session */

struct aw_route {
    enum aw_method method;
    const char *path; /* "/api/v1/findings/{id}"; {id} is a number */
    unsigned may;
    aw_route_fn *answer;
    size_t body_max; /* 0: AW_ROUTE_JSON_MAX */
};

struct aw_routes {
    const struct aw_route *routes;
    size_t count;
};

/* Each api_*.c exports one. */
extern const struct aw_routes aw_routes_session; /* and users */
extern const struct aw_routes aw_routes_findings;
extern const struct aw_routes aw_routes_finding;
extern const struct aw_routes aw_routes_decisions;
extern const struct aw_routes aw_routes_audit;
extern const struct aw_routes aw_routes_dashboard;
extern const struct aw_routes aw_routes_exports;
extern const struct aw_routes aw_routes_page; /* the files of the page */

/* All of them; ended by NULL. */
extern const struct aw_routes *const aw_routes_all[];

/* ---- for the functions that answer -------------------------------------- */

/* Begins a JSON reply: reply->body is written to by base/json.h, and
 * reply->type is set. */
struct aw_buf *aw_call_json(struct aw_call *call);

/* The request's body, which must be a JSON object; members are read by
 * pointer-like getters. AW_INVALID says which member is wrong. */
struct aw_body;
aw_rc aw_call_body(struct aw_call *call, struct aw_body **out,
                   struct aw_err *err) AW_MUST_USE; /* dies with the call */
aw_rc aw_body_text(const struct aw_body *body, const char *name, bool needed,
                   struct aw_str *out, struct aw_err *err) AW_MUST_USE;
aw_rc aw_body_int(const struct aw_body *body, const char *name, bool needed,
                  int64_t least, int64_t most, int64_t *out,
                  struct aw_err *err) AW_MUST_USE;
aw_rc aw_body_bool(const struct aw_body *body, const char *name, bool needed,
                   bool *out, struct aw_err *err) AW_MUST_USE;
bool aw_body_has(const struct aw_body *body, const char *name);
/* The members of an array of objects, one after the other; false: no more. */
size_t aw_body_count(const struct aw_body *body, const char *name);
const struct aw_body *aw_body_at(const struct aw_body *body, const char *name,
                                 size_t i);

/* A number of the query, where it is given; AW_INVALID where it is none. */
aw_rc aw_call_query_int(const struct aw_call *call, const char *name,
                        int64_t least, int64_t most, int64_t *out,
                        struct aw_err *err) AW_MUST_USE;

#endif
