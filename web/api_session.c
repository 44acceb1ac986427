#include <stdio.h>

#include "base/json.h"
#include "review/policy.h"
#include "review/session.h"
#include "web/guard.h"
#include "web/route.h"

/* ---- what is told of people ----------------------------------------------
 */

static void put_time(struct aw_buf *out, const char *name, int64_t wall_ms)
{
    char text[AW_TIME_MAX];

    aw_time_iso(wall_ms, text);
    aw_json_text(out, name, aw_str_of(text));
}

/* The members that all are told of a user. */
static void put_user(struct aw_buf *out, const struct aw_user *user)
{
    aw_json_int(out, "id", user->id);
    aw_json_text(out, "name", user->name);
    aw_json_text(out, "role", aw_str_of(aw_role_code(user->role)));
    aw_json_text(out, "place", user->place);
    aw_json_text(out, "certificate", user->certificate);
}

/* The members that the page needs to work. */
static void put_session(struct aw_buf *out, const struct aw_user *user,
                        struct aw_str csrf, int64_t expires_ms)
{
    aw_json_open(out, "user", '{');
    put_user(out, user);
    aw_json_close(out, '}');
    aw_json_text(out, "csrf", csrf);
    put_time(out, "expires", expires_ms);
}

static aw_rc get_session(struct aw_call *call, struct aw_err *err)
{
    const struct aw_web *web = call->web;
    struct aw_buf *out = aw_call_json(call);
    struct aw_policy policy;
    aw_rc rc = aw_policy_load(call->store, &policy, err);

    if (rc != AW_OK)
        return rc;
    aw_json_open(out, NULL, '{');
    put_session(out, &call->user, call->csrf, call->session_expires_ms);
    aw_json_text(out, "office", aw_str_of(web->config->name));
    aw_json_text(out, "version", AW_STR(AW_VERSION));
    put_time(out, "now", call->now_ms);
    aw_json_text(out, "capture_origin", web->capture_origin);
    aw_policy_json(out, "policy", &policy);
    aw_json_close(out, '}');
    return AW_OK;
}

/* ---- coming in and going out ---------------------------------------------
 */

/* A token of NULL takes the cookie away. */
static aw_rc set_cookie(struct aw_call *call, const char *token,
                        struct aw_err *err)
{
    char cookie[256];

    (void)snprintf(cookie, sizeof cookie,
                   "%s=%s; Path=/; HttpOnly; SameSite=Strict%s%s",
                   aw_guard_cookie(call->web), token ? token : "",
                   call->web->secure ? "; Secure" : "",
                   token ? "" : "; Max-Age=0");
    return aw_http_reply_field(call->reply, "Set-Cookie", aw_str_of(cookie),
                               err);
}

/* A wait and a wrong password are told with statuses of their own. */
static aw_rc refuse_try(struct aw_call *call, aw_rc rc, int status,
                        int64_t wait_ms, struct aw_err *err)
{
    char seconds[24];

    if (rc == AW_INVALID) {
        aw_call_refuse(call->reply, status, "password", "%s", err->msg);
        return AW_OK;
    }
    if (rc != AW_BUSY)
        return rc;
    aw_call_refuse(call->reply, 429, "wait", "%s", err->msg);
    (void)snprintf(seconds, sizeof seconds, "%lld",
                   (long long)((wait_ms + 999) / 1000));
    return aw_http_reply_field(call->reply, "Retry-After", aw_str_of(seconds),
                               err);
}

static aw_rc enter(struct aw_call *call, const struct aw_login *login,
                   struct aw_err *err)
{
    struct aw_session session;
    struct aw_user user = {0};
    struct aw_buf *out;
    char token[AW_TOKEN_MAX];
    int64_t wait_ms = 0;
    aw_rc rc =
        aw_session_login(call->store, call->web->clock, login, call->arena,
                         &user, &session, token, &wait_ms, err);

    if (rc != AW_OK)
        return refuse_try(call, rc, 401, wait_ms, err);
    call->user = user;
    rc = set_cookie(call, token, err);
    out = aw_call_json(call);
    aw_json_open(out, NULL, '{');
    put_session(out, &user, aw_str_of(session.csrf), session.expires_ms);
    aw_json_close(out, '}');
    return rc;
}

static aw_rc post_login(struct aw_call *call, struct aw_err *err)
{
    struct aw_login login = {.peer = call->peer};
    struct aw_policy policy;
    struct aw_body *body = NULL;
    aw_rc rc = aw_policy_load(call->store, &policy, err);

    if (rc != AW_OK)
        return rc;
    login.hours = (int)policy.session_hours;
    rc = aw_call_body(call, &body, err);
    if (rc == AW_OK)
        rc = aw_body_text(body, "name", true, &login.name, err);
    if (rc == AW_OK)
        rc = aw_body_text(body, "password", true, &login.password, err);
    return rc == AW_OK ? enter(call, &login, err) : rc;
}

static aw_rc post_logout(struct aw_call *call, struct aw_err *err)
{
    aw_rc rc = aw_session_logout(call->store, call->web->clock, &call->user,
                                 call->session_key, err);

    call->reply->status = 204;
    return rc == AW_OK ? set_cookie(call, NULL, err) : rc;
}

static aw_rc post_password(struct aw_call *call, struct aw_err *err)
{
    struct aw_login login = {.name = call->user.name, .peer = call->peer};
    struct aw_str fresh = {0};
    struct aw_body *body = NULL;
    int64_t wait_ms = 0;
    aw_rc rc = aw_call_body(call, &body, err);

    if (rc == AW_OK)
        rc = aw_body_text(body, "old", true, &login.password, err);
    if (rc == AW_OK)
        rc = aw_body_text(body, "new", true, &fresh, err);
    if (rc != AW_OK)
        return rc;
    call->reply->status = 204;
    rc =
        aw_session_password(call->store, call->web->clock, &login, &call->user,
                            fresh, call->session_key, &wait_ms, err);
    return rc == AW_OK ? AW_OK : refuse_try(call, rc, 400, wait_ms, err);
}

/* ---- users ---------------------------------------------------------------
 */

static aw_rc put_row(void *self, const struct aw_user *user,
                     int64_t open_sessions, struct aw_err *err)
{
    struct aw_buf *out = self;

    (void)err;
    aw_json_open(out, NULL, '{');
    put_user(out, user);
    aw_json_bool(out, "active", user->active);
    aw_json_int(out, "open_sessions", open_sessions);
    aw_json_close(out, '}');
    return AW_OK;
}

static aw_rc put_person(void *self, const struct aw_user *user,
                        int64_t open_sessions, struct aw_err *err)
{
    struct aw_buf *out = self;

    (void)err;
    (void)open_sessions;
    if (!user->active)
        return AW_OK;
    aw_json_open(out, NULL, '{');
    aw_json_int(out, "id", user->id);
    aw_json_text(out, "name", user->name);
    aw_json_text(out, "role", aw_str_of(aw_role_code(user->role)));
    aw_json_close(out, '}');
    return AW_OK;
}

static aw_rc list(struct aw_call *call, aw_user_fn *put, struct aw_err *err)
{
    struct aw_buf *out = aw_call_json(call);
    aw_rc rc;

    aw_json_open(out, NULL, '{');
    aw_json_open(out, "items", '[');
    rc = aw_users(call->store, call->web->clock, put, out, err);
    aw_json_close(out, ']');
    aw_json_close(out, '}');
    return rc;
}

static aw_rc get_users(struct aw_call *call, struct aw_err *err)
{
    return list(call, put_row, err);
}

static aw_rc get_people(struct aw_call *call, struct aw_err *err)
{
    return list(call, put_person, err);
}

static aw_rc read_role(const struct aw_body *body, bool needed,
                       enum aw_role *out, struct aw_err *err)
{
    struct aw_str code = {0};
    aw_rc rc = aw_body_text(body, "role", needed, &code, err);

    if (rc != AW_OK || !aw_body_has(body, "role"))
        return rc;
    if (!aw_role_parse(code, out))
        return aw_fail(err, AW_INVALID, "'%.*s' is no role", AW_STR_ARG(code));
    return AW_OK;
}

static aw_rc tell_user(struct aw_call *call, int64_t id, struct aw_err *err)
{
    struct aw_user user = {0};
    struct aw_buf *out;
    aw_rc rc = aw_user_get(call->store, call->arena, id, &user, err);

    if (rc != AW_OK)
        return rc;
    out = aw_call_json(call);
    aw_json_open(out, NULL, '{');
    put_user(out, &user);
    aw_json_bool(out, "active", user.active);
    aw_json_close(out, '}');
    return AW_OK;
}

/* Who keeps the users of a place gives out no more than it. */
static aw_rc check_place(const struct aw_call *call, struct aw_str place,
                         struct aw_err *err)
{
    if (aw_str_starts(place, call->user.place))
        return AW_OK;
    return aw_fail(err, AW_INVALID,
                   "your place is '%.*s': a user of yours has that or one "
                   "within it",
                   AW_STR_ARG(call->user.place));
}

/* AW_MISSING: there is none, or it is of another place. */
static aw_rc check_user(const struct aw_call *call, int64_t id,
                        struct aw_err *err)
{
    struct aw_user user = {0};
    aw_rc rc = aw_user_get(call->store, call->arena, id, &user, err);

    if (rc == AW_OK && !aw_str_starts(user.place, call->user.place))
        rc = aw_fail(err, AW_MISSING, "there is no user %lld", (long long)id);
    return rc;
}

static aw_rc post_user(struct aw_call *call, struct aw_err *err)
{
    struct aw_user user = {.active = true};
    struct aw_str password = {0};
    struct aw_body *body = NULL;
    aw_rc rc = aw_call_body(call, &body, err);

    if (rc == AW_OK)
        rc = aw_body_text(body, "name", true, &user.name, err);
    if (rc == AW_OK)
        rc = read_role(body, true, &user.role, err);
    if (rc == AW_OK)
        rc = aw_body_text(body, "place", false, &user.place, err);
    if (rc == AW_OK)
        rc = aw_body_text(body, "certificate", false, &user.certificate, err);
    if (rc == AW_OK)
        rc = aw_body_text(body, "password", true, &password, err);
    if (rc == AW_OK)
        rc = check_place(call, user.place, err);
    if (rc == AW_OK)
        rc = aw_user_add(call->store, call->web->clock, call->user.name, &user,
                         password, err);
    if (rc != AW_OK)
        return rc;
    call->reply->status = 201;
    return tell_user(call, user.id, err);
}

/* What a change points to. */
struct wish {
    struct aw_user user;
    struct aw_str password;
};

static aw_rc read_wish(const struct aw_body *body, struct wish *wish,
                       struct aw_user_change *change, struct aw_err *err)
{
    aw_rc rc = read_role(body, false, &wish->user.role, err);

    if (rc == AW_OK)
        rc = aw_body_text(body, "place", false, &wish->user.place, err);
    if (rc == AW_OK)
        rc = aw_body_text(body, "certificate", false, &wish->user.certificate,
                          err);
    if (rc == AW_OK)
        rc = aw_body_bool(body, "active", false, &wish->user.active, err);
    if (rc == AW_OK)
        rc = aw_body_text(body, "password", false, &wish->password, err);
    *change = (struct aw_user_change){
        .role = aw_body_has(body, "role") ? &wish->user.role : NULL,
        .place = aw_body_has(body, "place") ? &wish->user.place : NULL,
        .certificate =
            aw_body_has(body, "certificate") ? &wish->user.certificate : NULL,
        .active = aw_body_has(body, "active") ? &wish->user.active : NULL,
        .password = aw_body_has(body, "password") ? &wish->password : NULL};
    return rc;
}

static aw_rc patch_user(struct aw_call *call, struct aw_err *err)
{
    struct aw_user_change change = {0};
    struct aw_body *body = NULL;
    struct wish wish = {0};
    int64_t id = call->ids[0];
    aw_rc rc = aw_call_body(call, &body, err);

    if (rc == AW_OK)
        rc = read_wish(body, &wish, &change, err);
    if (rc == AW_OK)
        rc = check_user(call, id, err);
    if (rc == AW_OK && change.place)
        rc = check_place(call, *change.place, err);
    if (rc == AW_OK && id == call->user.id &&
        (change.role || change.place || change.active || change.password))
        rc = aw_fail(
            err, AW_INVALID,
            "your own role, place, password and state are not changed "
            "here: ask another administrator, or use /session/password");
    if (rc == AW_OK && id == call->user.id)
        change.keep_session = call->session_key;
    if (rc == AW_OK)
        rc = aw_user_change(call->store, call->web->clock, call->user.name, id,
                            &change, err);
    return rc == AW_OK ? tell_user(call, id, err) : rc;
}

#define API "/api/v1"

static const struct aw_route routes[] = {
    {AW_METHOD_POST, API "/login", AW_MAY_ANYBODY, post_login, 4096,
     AW_PACE_HASHING},
    {AW_METHOD_POST, API "/logout", AW_MAY_READ, post_logout, 4096,
     AW_PACE_QUICK},
    {AW_METHOD_GET, API "/session", AW_MAY_READ, get_session, 0,
     AW_PACE_QUICK},
    {AW_METHOD_POST, API "/session/password", AW_MAY_READ, post_password, 4096,
     AW_PACE_HASHING},
    {AW_METHOD_GET, API "/people", AW_MAY_READ, get_people, 0, AW_PACE_QUICK},
    {AW_METHOD_GET, API "/users", AW_MAY_SUPERVISE, get_users, 0,
     AW_PACE_QUICK},
    {AW_METHOD_POST, API "/users", AW_MAY(ADMIN), post_user, 4096,
     AW_PACE_HASHING},
    {AW_METHOD_PATCH, API "/users/{id}", AW_MAY(ADMIN), patch_user, 4096,
     AW_PACE_HASHING},
};

const struct aw_routes aw_routes_session = {routes,
                                            sizeof routes / sizeof *routes};
