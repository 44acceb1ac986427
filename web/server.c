#include "web/server.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "classify/seen.h"
#include "reader/sight.h"
#include "review/queue.h"
#include "web/answer.h"
#include "web/replay.h"

#define CONNECTIONS_MAX 256
#define ADDRESS_MAX 128 /* an office may have one address */
#define STORES_MAX 8
#define IDLE_S 30
#define REPLY_MAX ((size_t)64 << 20)
#define CAPTURE_BODY_MAX ((size_t)1 << 10) /* nothing is written there */
#define ORIGIN_MAX 300

struct aw_server {
    struct aw_answers answers;
    struct aw_provisions *provisions;
    struct aw_http *http, *captures;
    char origin[ORIGIN_MAX], capture_origin[ORIGIN_MAX];
};

static void answer_capture(void *self, const struct aw_http_request *request,
                           struct aw_http_reply *reply)
{
    const struct aw_server *server = self;

    aw_frames_answer(server->answers.web.frames, request, reply);
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
        /* All come from the proxy, where there is one. */
        .address_max =
            config->origin && !config->certificate ? 0 : ADDRESS_MAX,
        .idle_s = IDLE_S,
        .body_max = captures ? CAPTURE_BODY_MAX
                             : aw_answer_body_max(server->answers.routes),
        .reply_max = REPLY_MAX,
        .answer = captures ? answer_capture : aw_answer,
        .self = captures ? (void *)server : &server->answers};

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
    struct aw_web *web = &server->answers.web;
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
    (void)snprintf(server->answers.policy, sizeof server->answers.policy,
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
    struct aw_web *web = &server->answers.web;

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

/* The queue is filled before the first question. */
static aw_rc make_queue(struct aw_server *server,
                        const struct aw_server_config *config,
                        struct aw_err *err)
{
    struct aw_queue_config queue = {config->lexicon_dir, config->clock,
                                    config->threshold, aw_seen_once};
    struct aw_store *store = NULL;
    aw_rc rc =
        aw_stores_take(server->answers.stores, AW_PACE_QUICK, &store, err);

    if (rc == AW_OK)
        rc = aw_queue_new(&server->answers.web.queue, &queue, store, err);
    aw_stores_give(server->answers.stores, AW_PACE_QUICK, store);
    if (rc == AW_OK)
        rc = aw_queue_keep(server->answers.web.queue, config->store_path,
                           aw_stores_writers(server->answers.stores),
                           config->log, err);
    return rc;
}

/* What shows captures; it knows the origins. */
static aw_rc start_sight(struct aw_answers *answers, struct aw_err *err)
{
    struct aw_web *web = &answers->web;
    struct aw_sight_config sight = {.program = web->program,
                                    .lexicon_dir = web->lexicon_dir,
                                    .model_path = web->model_path,
                                    .limits = &web->config->crawl,
                                    .clock = web->clock,
                                    .log = web->log};
    struct aw_frames_config frames = {.archive_dir = web->archive_dir,
                                      .config = web->config,
                                      .clock = web->clock,
                                      .stores = answers->stores,
                                      .origin = web->origin,
                                      .capture_origin = web->capture_origin};
    aw_rc rc = aw_sight_new(&web->sight, &sight, err);

    frames.sight = web->sight;
    return rc == AW_OK ? aw_frames_new(&web->frames, &frames, err) : rc;
}

/* The ports are opened before they are named, and named before they answer. */
static aw_rc open_ports(struct aw_server *server,
                        const struct aw_server_config *config,
                        struct aw_err *err)
{
    aw_rc rc = listen_on(server, config, false, err);

    if (rc == AW_OK)
        rc = listen_on(server, config, true, err);
    if (rc == AW_OK)
        name_origins(server, config);
    return rc;
}

static aw_rc start(struct aw_server *server,
                   const struct aw_server_config *config, struct aw_err *err)
{
    aw_rc rc = aw_stores_new(&server->answers.stores, config->store_path,
                             STORES_MAX, err);

    if (rc == AW_OK)
        rc = aw_provisions_new(&server->provisions, config->lexicon_dir, err);
    fill_web(server, config);
    if (rc == AW_OK)
        rc = open_ports(server, config, err);
    if (rc == AW_OK)
        rc = make_queue(server, config, err);
    if (rc == AW_OK)
        rc = start_sight(&server->answers, err);
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
    server->answers.routes = config->routes ? config->routes : aw_routes_all;
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
    aw_frames_free(server->answers.web.frames);
    aw_sight_free(server->answers.web.sight);
    aw_queue_free(server->answers.web.queue);
    aw_stores_free(server->answers.stores);
    aw_provisions_free(server->provisions);
    free(server);
}

int aw_server_port(const struct aw_server *server)
{
    return aw_http_port(server->http);
}

struct aw_str aw_server_origin(const struct aw_server *server)
{
    return server->answers.web.origin;
}

struct aw_str aw_server_capture_origin(const struct aw_server *server)
{
    return server->answers.web.capture_origin;
}
