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
 * stays in the log). What was in the reply by then is dropped, and a
 * transaction that is open is rolled back. For another status a function
 * calls aw_call_refuse and returns AW_OK.
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
#include "web/stores.h"

#define AW_ROUTE_IDS_MAX 2
#define AW_ROUTE_JSON_MAX                             \
    ((size_t)1 << 20) /* bytes of a body, unless told \
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
    int local_port; /* where this machine's own names lead here; or 0 */
    bool proxied;   /* a proxy stands in front, and has the TLS */
    bool secure;    /* the browser speaks TLS */
    struct aw_queue *queue;   /* review/queue.h */
    struct aw_sight *sight;   /* sight.h: captures, read in a cell */
    struct aw_frames *frames; /* replay.h: captured pages, shown */
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
    struct aw_str csrf;            /* its token against forgery */
    int64_t session_expires_ms;
    struct aw_str peer; /* the address that asks, behind a proxy too */
    void *json;         /* of call.c: what aw_call_end drops */
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
    enum aw_pace pace;
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
extern const struct aw_routes aw_routes_office;
extern const struct aw_routes aw_routes_audit;
extern const struct aw_routes aw_routes_dashboard;
extern const struct aw_routes aw_routes_exports;

/* All of them; ended by NULL. */
extern const struct aw_routes *const aw_routes_all[];

/* The route of a path. NULL: there is none of that method, and *allowed has
 * the bits (1u << method) of those that there are. */
const struct aw_route *aw_route_find(const struct aw_routes *const *all,
                                     enum aw_method method, struct aw_str path,
                                     int64_t ids[AW_ROUTE_IDS_MAX],
                                     unsigned *allowed);
const char *aw_method_word(enum aw_method method);

/* What GET gets for every path outside of /api/ (api_page.c): the page's
 * files. */
aw_rc aw_page_answer(struct aw_call *call, struct aw_err *err) AW_MUST_USE;

/* ---- for the functions that answer -------------------------------------- */

/* Begins a JSON reply: reply->body is written to by base/json.h, and
 * reply->type is set. */
struct aw_buf *aw_call_json(struct aw_call *call);

/* The reply becomes an error of that status: see above. */
void aw_call_refuse(struct aw_http_reply *reply, int status, const char *code,
                    const char *fmt, ...) AW_PRINTF(4, 5);

/* Drops what call.c keeps for the call; the server does, and a test that made
 * a call of its own. */
void aw_call_end(struct aw_call *call);

/* The request's body, which must be a JSON object in UTF-8; members are read
 * by pointer-like getters. What is not needed and not there, or null, leaves
 * *out as it is. AW_INVALID says which member is wrong. A name of NULL is the
 * value itself: [7, 8]. Texts end with a NUL that is not counted. */
struct aw_body;
aw_rc aw_call_body(struct aw_call *call, struct aw_body **out,
                   struct aw_err *err) AW_MUST_USE; /* dies with the call */
aw_rc aw_body_text(const struct aw_body *body, const char *name, bool needed,
                   struct aw_str *out, struct aw_err *err) AW_MUST_USE;
aw_rc aw_body_int(const struct aw_body *body, const char *name, bool needed,
                  int64_t least, int64_t most, int64_t *out,
                  struct aw_err *err) AW_MUST_USE;
aw_rc aw_body_real(const struct aw_body *body, const char *name, bool needed,
                   double least, double most, double *out,
                   struct aw_err *err) AW_MUST_USE;
aw_rc aw_body_bool(const struct aw_body *body, const char *name, bool needed,
                   bool *out, struct aw_err *err) AW_MUST_USE;
bool aw_body_has(const struct aw_body *body, const char *name);
/* The members of an array: how many (0 where it is none), and each; NULL:
 * there is no such one. */
size_t aw_body_count(const struct aw_body *body, const char *name);
const struct aw_body *aw_body_at(const struct aw_body *body, const char *name,
                                 size_t i);

/* A number of the query, where it is given; AW_INVALID where it is none. */
aw_rc aw_call_query_int(const struct aw_call *call, const char *name,
                        int64_t least, int64_t most, int64_t *out,
                        struct aw_err *err) AW_MUST_USE;

#endif
