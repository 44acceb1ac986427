#include "web/answer.h"

#include <stdio.h>
#include <string.h>

#include "web/guard.h"

/* ---- what all replies have -----------------------------------------------
 */

static bool has_field(const struct aw_http_reply *reply, const char *name)
{
    for (size_t i = 0; i < reply->field_count; i++)
        if (strcasecmp(reply->fields[i].name, name) == 0)
            return true;
    return false;
}

/* A reply that cannot have them all is not sent. */
static void put_field(struct aw_http_reply *reply, const char *name,
                      const char *value)
{
    struct aw_err err;

    if (!has_field(reply, name) &&
        aw_http_reply_field(reply, name, aw_str_of(value), &err) != AW_OK)
        aw_call_refuse(reply, 500, "failed", "%s", err.msg);
}

static void put_fields(const struct aw_answers *answers,
                       struct aw_http_reply *reply)
{
    static const char *const fields[][2] = {
        {"X-Content-Type-Options", "nosniff"},
        {"X-Frame-Options", "DENY"},
        {"Referrer-Policy", "no-referrer"},
        {"Cross-Origin-Opener-Policy", "same-origin"},
        {"Cross-Origin-Resource-Policy", "same-origin"},
        {"Permissions-Policy",
         "camera=(), geolocation=(), microphone=(), payment=(), usb=()"},
        {"Cache-Control", "no-store"}};

    put_field(reply, "Content-Security-Policy", answers->policy);
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        put_field(reply, fields[i][0], fields[i][1]);
    if (answers->web.secure)
        put_field(reply, "Strict-Transport-Security", "max-age=31536000");
}

/* ---- errors --------------------------------------------------------------
 */

static const struct {
    aw_rc rc;
    int status;
    const char *code;
} statuses[] = {{AW_INVALID, 400, "invalid"},
                {AW_MISSING, 404, "missing"},
                {AW_BUSY, 409, "busy"},
                {AW_LIMIT, 413, "limit"}};

static void fail(const struct aw_call *call, const struct aw_err *err)
{
    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++) {
        if (statuses[i].rc == err->rc) {
            aw_call_refuse(call->reply, statuses[i].status, statuses[i].code,
                           "%s", err->msg);
            return;
        }
    }
    aw_log(call->web->log, AW_LOG_ERROR, "call failed", "why", err->msg,
           (char *)NULL);
    aw_call_refuse(call->reply, 500, "failed",
                   "this did not work; the log of the server says why");
}

/* What http.c could not take. */
static void refuse_request(int status, struct aw_http_reply *reply)
{
    static const struct {
        int status;
        const char *code, *message;
    } causes[] = {{413, "limit", "the body is too large"},
                  {414, "limit", "the address is too long"},
                  {431, "limit", "the head is too large"},
                  {501, "method", "the method is not known"}};

    for (size_t i = 0; i < sizeof causes / sizeof *causes; i++) {
        if (causes[i].status == status) {
            aw_call_refuse(reply, status, causes[i].code, "%s",
                           causes[i].message);
            return;
        }
    }
    aw_call_refuse(reply, 400, "invalid", "the request is malformed");
}

static void refuse_method(unsigned allowed, struct aw_http_reply *reply)
{
    struct aw_buf words;
    struct aw_err err;
    aw_rc rc;

    aw_buf_init(&words, 100);
    for (int i = 0; i < AW_METHOD_COUNT; i++)
        if (allowed & 1u << i)
            aw_buf_printf(&words, "%s%s", words.len > 0 ? ", " : "",
                          aw_method_word((enum aw_method)i));
    rc = aw_http_reply_field(reply, "Allow", aw_buf_str(&words), &err);
    aw_buf_deinit(&words);
    aw_call_refuse(reply, rc == AW_OK ? 405 : 500, "method",
                   "the method is not for this address");
}

/* ---- one request ---------------------------------------------------------
 */

static size_t body_max_of(const struct aw_route *route)
{
    return route->body_max ? route->body_max : AW_ROUTE_JSON_MAX;
}

static void call_route(struct aw_call *call, const struct aw_route *route)
{
    struct aw_err err = {0};

    if (!aw_guard_user(call, route))
        return;
    if (call->request->body.len > body_max_of(route))
        aw_call_refuse(call->reply, 413, "limit", "the body is too large");
    else if (route->answer(call, &err) != AW_OK)
        fail(call, &err);
    aw_call_end(call);
}

/* There was no store for the call. */
static void refuse_now(const struct aw_call *call, const struct aw_err *err)
{
    struct aw_err ignored;

    if (err->rc != AW_BUSY ||
        aw_http_reply_field(call->reply, "Retry-After", AW_STR("5"),
                            &ignored) != AW_OK)
        fail(call, err);
    else
        aw_call_refuse(call->reply, 503, "busy", "%s", err->msg);
}

static void answer_route(struct aw_answers *answers, struct aw_call *call,
                         const struct aw_route *route)
{
    struct aw_err err = {0};

    if (route->method != AW_METHOD_GET &&
        !aw_guard_origin(call->request, call->web, call->reply))
        return;
    if (aw_stores_take(answers->stores, route->pace, &call->store, &err) !=
        AW_OK) {
        refuse_now(call, &err);
        return;
    }
    call_route(call, route);
    aw_stores_give(answers->stores, route->pace, call->store);
}

static void answer_api(struct aw_answers *answers, struct aw_call *call)
{
    const struct aw_http_request *request = call->request;
    unsigned allowed;
    const struct aw_route *route =
        aw_route_find(answers->routes, request->method, request->path,
                      call->ids, &allowed);

    if (route)
        answer_route(answers, call, route);
    else if (allowed)
        refuse_method(allowed, call->reply);
    else
        aw_call_refuse(call->reply, 404, "missing",
                       "there is nothing at this address");
}

static void answer_page(struct aw_call *call)
{
    struct aw_err err = {0};

    if (call->request->method != AW_METHOD_GET)
        refuse_method(1u << AW_METHOD_GET, call->reply);
    else if (aw_page_answer(call, &err) != AW_OK)
        fail(call, &err);
}

static void dispatch(struct aw_answers *answers, struct aw_call *call)
{
    const struct aw_http_request *request = call->request;

    if (request->refused)
        refuse_request(request->refused, call->reply);
    else if (!aw_guard_host(call->web, request, call->reply))
        return;
    else if (aw_str_starts(request->path, AW_STR("/api/")))
        answer_api(answers, call);
    else
        answer_page(call);
}

static void log_request(const struct aw_call *call, int64_t began_ms)
{
    const struct aw_http_request *request = call->request;
    const struct aw_web *web = call->web;
    char status[16], took[24], user[24], path[256];

    (void)snprintf(status, sizeof status, "%d", call->reply->status);
    (void)snprintf(took, sizeof took, "%lld",
                   (long long)(aw_clock_mono(web->clock) - began_ms));
    (void)snprintf(user, sizeof user, "%lld", (long long)call->user.id);
    (void)snprintf(path, sizeof path, "%.*s", AW_STR_ARG(request->path));
    aw_log(web->log, AW_LOG_INFO, "request", "method",
           request->refused ? "-" : aw_method_word(request->method), "path",
           path, "status", status, "ms", took, "user", user, (char *)NULL);
}

void aw_answer(void *self, const struct aw_http_request *request,
               struct aw_http_reply *reply)
{
    struct aw_answers *answers = self;
    int64_t began = aw_clock_mono(answers->web.clock);
    struct aw_call call = {
        .web = &answers->web,
        .request = request,
        .reply = reply,
        .arena = &reply->arena,
        .now_ms = aw_clock_wall(answers->web.clock),
        .peer = aw_guard_peer(&answers->web, request),
    };

    dispatch(answers, &call);
    put_fields(answers, reply);
    if (reply->body.rc != AW_OK)
        aw_call_refuse(reply, 500, "failed", "the reply is too large");
    log_request(&call, began);
}

size_t aw_answer_body_max(const struct aw_routes *const *all)
{
    size_t most = 0;

    for (; *all; all++)
        for (size_t i = 0; i < (*all)->count; i++)
            if (body_max_of(&(*all)->routes[i]) > most)
                most = body_max_of(&(*all)->routes[i]);
    return most;
}
