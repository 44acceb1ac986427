#include "web/server.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "web/guard.h"
#include "web/replay.h"
#include "web/stores.h"

#define CONNECTIONS_MAX 256
#define STORES_MAX 8
#define IDLE_S 30
#define REPLY_MAX ((size_t)64 << 20)
#define CAPTURE_BODY_MAX ((size_t)1 << 10) /* nothing is written there */
#define ORIGIN_MAX 300

struct aw_server {
    struct aw_web web;
    struct aw_provisions *provisions;
    const struct aw_routes *const *routes;
    struct aw_stores *stores;
    struct aw_http *http, *captures;
    char origin[ORIGIN_MAX], capture_origin[ORIGIN_MAX];
    char policy[ORIGIN_MAX + 512];
};

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

static void put_fields(const struct aw_server *server,
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

    put_field(reply, "Content-Security-Policy", server->policy);
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        put_field(reply, fields[i][0], fields[i][1]);
    if (server->web.secure)
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

static void answer_route(struct aw_server *server, struct aw_call *call,
                         const struct aw_route *route)
{
    struct aw_err err = {0};

    if (route->method != AW_METHOD_GET &&
        !aw_guard_origin(call->request, call->web, call->reply))
        return;
    if (aw_stores_take(server->stores, &call->store, &err) != AW_OK) {
        fail(call, &err);
        return;
    }
    call_route(call, route);
    aw_stores_give(server->stores, call->store);
}

static void answer_api(struct aw_server *server, struct aw_call *call)
{
    const struct aw_http_request *request = call->request;
    unsigned allowed;
    const struct aw_route *route =
        aw_route_find(server->routes, request->method, request->path,
                      call->ids, &allowed);

    if (route)
        answer_route(server, call, route);
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

static void dispatch(struct aw_server *server, struct aw_call *call)
{
    const struct aw_http_request *request = call->request;

    if (request->refused)
        refuse_request(request->refused, call->reply);
    else if (!aw_guard_host(call->web, request, call->reply))
        return;
    else if (aw_str_starts(request->path, AW_STR("/api/")))
        answer_api(server, call);
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

static void answer(void *self, const struct aw_http_request *request,
                   struct aw_http_reply *reply)
{
    struct aw_server *server = self;
    int64_t began = aw_clock_mono(server->web.clock);
    struct aw_call call = {
        .web = &server->web,
        .request = request,
        .reply = reply,
        .arena = &reply->arena,
        .now_ms = aw_clock_wall(server->web.clock),
        .peer = aw_guard_peer(&server->web, request),
    };

    dispatch(server, &call);
    put_fields(server, reply);
    if (reply->body.rc != AW_OK)
        aw_call_refuse(reply, 500, "failed", "the reply is too large");
    log_request(&call, began);
}

static void answer_capture(void *self, const struct aw_http_request *request,
                           struct aw_http_reply *reply)
{
    const struct aw_server *server = self;

    aw_frames_answer(server->web.frames, request, reply);
}

/* ---- start and end -------------------------------------------------------
 */

static size_t body_max(const struct aw_routes *const *all)
{
    size_t most = 0;

    for (; *all; all++)
        for (size_t i = 0; i < (*all)->count; i++)
            if (body_max_of(&(*all)->routes[i]) > most)
                most = body_max_of(&(*all)->routes[i]);
    return most;
}

static aw_rc listen_on(struct aw_server *server,
                       const struct aw_server_config *config, bool captures,
                       struct aw_err *err)
{
    struct aw_http_config http = {
        .bind = config->bind,
        .port = captures ? config->capture_port : config->port,
        .certificate = config->certificate,
        .key = config->key,
        .connections_max = CONNECTIONS_MAX,
        .idle_s = IDLE_S,
        .body_max = captures ? CAPTURE_BODY_MAX : body_max(server->routes),
        .reply_max = REPLY_MAX,
        .answer = captures ? answer_capture : answer,
        .self = server};

    return aw_http_new(captures ? &server->captures : &server->http, &http,
                       err);
}

static bool is_loopback(const char *address)
{
    return strncmp(address, "127.", 4) == 0 || strcmp(address, "::1") == 0;
}

/* What browsers call a port, unless they are told otherwise: scheme and host
 * of the origin that is given, or of the address. */
static void put_origin(char out[ORIGIN_MAX],
                       const struct aw_server_config *config, int port)
{
    struct aw_str given = aw_str_of(config->origin);
    ptrdiff_t host = aw_str_find(given, AW_STR("://"));
    ptrdiff_t end = -1;
    bool v6 = strchr(config->bind, ':') != NULL;

    if (host < 0) {
        (void)snprintf(out, ORIGIN_MAX, "%s://%s%s%s:%d",
                       config->certificate ? "https" : "http", v6 ? "[" : "",
                       config->bind, v6 ? "]" : "", port);
        return;
    }
    for (size_t i = (size_t)host + 3; i < given.len; i++)
        if (given.ptr[i] == ':' && !strchr(given.ptr + i, ']'))
            end = (ptrdiff_t)i;
    (void)snprintf(out, ORIGIN_MAX, "%.*s:%d",
                   end < 0 ? (int)given.len : (int)end, given.ptr, port);
}

/* Before the first request: what the ports are called. */
static void name_origins(struct aw_server *server,
                         const struct aw_server_config *config)
{
    struct aw_web *web = &server->web;
    int port = aw_http_port(server->http);
    int capture_port = aw_http_port(server->captures);

    if (config->origin)
        (void)snprintf(server->origin, ORIGIN_MAX, "%s", config->origin);
    else
        put_origin(server->origin, config, port);
    if (config->capture_origin)
        (void)snprintf(server->capture_origin, ORIGIN_MAX, "%s",
                       config->capture_origin);
    else
        put_origin(server->capture_origin, config, capture_port);
    (void)snprintf(server->policy, sizeof server->policy,
                   "default-src 'none'; script-src 'self'; style-src 'self'; "
                   "img-src 'self' data:; connect-src 'self'; frame-src %s; "
                   "form-action 'self'; base-uri 'none'; "
                   "frame-ancestors 'none'",
                   server->capture_origin);
    web->origin = aw_str_of(server->origin);
    web->capture_origin = aw_str_of(server->capture_origin);
    web->proxied = config->origin && !config->certificate;
    web->secure = aw_str_starts(web->origin, AW_STR("https://"));
    web->local_port = is_loopback(config->bind) && !config->origin ? port : 0;
}

static void fill_web(struct aw_server *server,
                     const struct aw_server_config *config)
{
    struct aw_web *web = &server->web;

    web->clock = config->clock;
    web->log = config->log;
    web->config = config->config;
    web->provisions = server->provisions;
    web->workspace = config->workspace;
    web->archive_dir = config->archive_dir;
    web->lexicon_dir = config->lexicon_dir;
    web->model_path = config->model_path;
    web->program = config->program;
}

/* What shows captures; it knows the origins. */
static aw_rc start_sight(struct aw_web *web, struct aw_err *err)
{
    struct aw_sight_config sight = {.program = web->program,
                                    .lexicon_dir = web->lexicon_dir,
                                    .model_path = web->model_path,
                                    .limits = &web->config->crawl,
                                    .clock = web->clock,
                                    .log = web->log};
    struct aw_frames_config frames = {.archive_dir = web->archive_dir,
                                      .config = web->config,
                                      .clock = web->clock,
                                      .origin = web->origin,
                                      .capture_origin = web->capture_origin};
    aw_rc rc = aw_sight_new(&web->sight, &sight, err);

    frames.sight = web->sight;
    return rc == AW_OK ? aw_frames_new(&web->frames, &frames, err) : rc;
}

/* The ports are opened before they are named, and named before they answer. */
static aw_rc start(struct aw_server *server,
                   const struct aw_server_config *config, struct aw_err *err)
{
    aw_rc rc =
        aw_stores_new(&server->stores, config->store_path, STORES_MAX, err);

    if (rc == AW_OK)
        rc = aw_provisions_new(&server->provisions, config->lexicon_dir, err);
    fill_web(server, config);
    if (rc == AW_OK)
        rc = listen_on(server, config, false, err);
    if (rc == AW_OK)
        rc = listen_on(server, config, true, err);
    if (rc != AW_OK)
        return rc;
    name_origins(server, config);
    rc = start_sight(&server->web, err);
    if (rc == AW_OK)
        rc = aw_http_start(server->captures, err);
    return rc == AW_OK ? aw_http_start(server->http, err) : rc;
}

aw_rc aw_server_new(struct aw_server **out,
                    const struct aw_server_config *config, struct aw_err *err)
{
    struct aw_server *server = calloc(1, sizeof *server);
    aw_rc rc;

    if (!server)
        return aw_fail(err, AW_NOMEM, "out of memory");
    server->routes = config->routes ? config->routes : aw_routes_all;
    rc = start(server, config, err);
    if (rc == AW_OK)
        *out = server;
    else
        aw_server_free(server);
    return rc;
}

void aw_server_free(struct aw_server *server)
{
    if (!server)
        return;
    aw_http_free(server->http);
    aw_http_free(server->captures);
    aw_frames_free(server->web.frames);
    aw_sight_free(server->web.sight);
    aw_stores_free(server->stores);
    aw_provisions_free(server->provisions);
    free(server);
}

struct aw_str aw_server_origin(const struct aw_server *server)
{
    return server->web.origin;
}

struct aw_str aw_server_capture_origin(const struct aw_server *server)
{
    return server->web.capture_origin;
}
