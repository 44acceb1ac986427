#include "web/http.h"

#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "web/patience.h"
#include "web/target.h"

#define ARENA_MAX ((size_t)64 << 20) /* of a reply */
#define DRAIN_MAX ((size_t)1 << 20)  /* bytes read of what is refused */
#define BACKLOG 256
#define TLS_PRIORITIES "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2"

struct aw_http {
    struct aw_http_config config;
    struct MHD_Daemon *daemon;
    int listen_fd, port;
    struct aw_patience patience;
    char *why; /* what libmicrohttpd says while it starts; AW_ERR_MAX */
};

/* One request and its reply. */
struct exchange {
    struct aw_http *http;
    struct MHD_Connection *connection;
    struct aw_arena arena; /* of the request */
    struct aw_str raw;     /* its target, as it came */
    struct aw_target target;
    struct aw_http_request request;
    struct aw_http_reply reply;
    struct aw_buf body;
    size_t drained;
    bool begun;
    char peer[INET6_ADDRSTRLEN];
};

/* ---- connections ---------------------------------------------------------
 */

static struct aw_link *link_of(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection,
                                MHD_CONNECTION_INFO_SOCKET_CONTEXT);

    return info ? info->socket_context : NULL;
}

static void grant(struct aw_http *http, struct MHD_Connection *connection,
                  int factor)
{
    aw_patience_grant(&http->patience, link_of(connection), factor);
}

static int fd_of(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);

    return info ? info->connect_fd : -1;
}

/* The descriptor is closed after this was called with CLOSED. */
static void on_connection(void *self, struct MHD_Connection *connection,
                          void **context,
                          enum MHD_ConnectionNotificationCode code)
{
    struct aw_http *http = self;

    if (code == MHD_CONNECTION_NOTIFY_STARTED)
        *context = aw_patience_add(&http->patience, fd_of(connection));
    else
        aw_patience_drop(&http->patience, *context);
}

/* ---- the request ---------------------------------------------------------
 */

/* The first that is told of a request; NULL ends the connection. */
static void *on_target(void *self, const char *target,
                       struct MHD_Connection *connection)
{
    struct aw_http *http = self;
    struct exchange *x = calloc(1, sizeof *x);
    struct aw_err ignored;

    if (!x)
        return NULL;
    x->http = http;
    x->connection = connection;
    x->request.exchange = x;
    aw_arena_init(&x->arena, AW_HTTP_HEAD_MAX * 8);
    aw_arena_init(&x->reply.arena, ARENA_MAX);
    aw_buf_init(&x->body, http->config.body_max);
    aw_buf_init(&x->reply.body, http->config.reply_max);
    x->reply.status = MHD_HTTP_OK;
    x->reply.fd = -1;
    if (aw_arena_dup(&x->arena, aw_str_of(target), &x->raw, &ignored) != AW_OK)
        x->request.refused = MHD_HTTP_URI_TOO_LONG;
    return x;
}

static void free_exchange(struct exchange *x)
{
    if (x->begun)
        aw_patience_done(&x->http->patience);
    if (x->reply.fd >= 0)
        (void)close(x->reply.fd);
    aw_arena_deinit(&x->reply.arena);
    aw_buf_deinit(&x->reply.body);
    aw_buf_deinit(&x->body);
    aw_arena_deinit(&x->arena);
    free(x);
}

static void on_completed(void *self, struct MHD_Connection *connection,
                         void **context, enum MHD_RequestTerminationCode code)
{
    struct aw_http *http = self;
    struct exchange *x = *context;

    *context = NULL;
    if (x)
        free_exchange(x);
    if (code == MHD_REQUEST_TERMINATED_COMPLETED_OK)
        grant(http, connection, AW_PATIENCE_RECEIVE);
}

static struct aw_str field_of(const struct exchange *x, const char *name)
{
    const char *value = NULL;
    size_t len = 0;

    (void)MHD_lookup_connection_value_n(x->connection, MHD_HEADER_KIND, name,
                                        strlen(name), &value, &len);
    return (struct aw_str){value, value ? len : 0};
}

static bool parse_method(const char *word, enum aw_method *out)
{
    static const char *const words[] = {
#define X(name, word) word,
        AW_METHOD_LIST(X)
#undef X
    };

    *out = AW_METHOD_GET;
    if (strcmp(word, "HEAD") == 0)
        return true;
    for (int i = 0; i < AW_METHOD_COUNT; i++) {
        if (strcmp(word, words[i]) == 0) {
            *out = (enum aw_method)i;
            return true;
        }
    }
    return false;
}

static void put_peer(struct exchange *x)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(x->connection,
                                MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    const struct sockaddr *address = info ? info->client_addr : NULL;
    socklen_t len = address && address->sa_family == AF_INET6
                        ? sizeof(struct sockaddr_in6)
                        : sizeof(struct sockaddr_in);

    if (address)
        (void)getnameinfo(address, len, x->peer, sizeof x->peer, NULL, 0,
                          NI_NUMERICHOST);
    x->request.peer = aw_str_of(x->peer);
}

/* Fields that tell where a request ends and whom it is for: two of them are
 * read one way here and another way by a proxy. */
struct seen {
    int host, length, encoding, origin, forwarded;
};

static enum MHD_Result see_field(void *self, enum MHD_ValueKind kind,
                                 const char *name, const char *value)
{
    struct seen *seen = self;

    (void)kind;
    (void)value;
    seen->host += strcasecmp(name, "Host") == 0;
    seen->length += strcasecmp(name, "Content-Length") == 0;
    seen->encoding += strcasecmp(name, "Transfer-Encoding") == 0;
    seen->origin += strcasecmp(name, "Origin") == 0;
    seen->forwarded += strcasecmp(name, "X-Forwarded-For") == 0;
    return MHD_YES;
}

static bool is_ambiguous(const struct exchange *x)
{
    struct seen seen = {0};

    (void)MHD_get_connection_values(x->connection, MHD_HEADER_KIND, see_field,
                                    &seen);
    return seen.host > 1 || seen.origin > 1 || seen.forwarded > 1 ||
           seen.length + seen.encoding > 1;
}

static size_t head_size(const struct exchange *x)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(x->connection,
                                MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);

    return info ? info->header_size : 0;
}

/* 0, or the status that says why the head cannot be answered. */
static int check_head(struct exchange *x, const char *method)
{
    struct aw_err ignored;

    if (x->request.refused)
        return x->request.refused;
    if (head_size(x) > AW_HTTP_HEAD_MAX)
        return MHD_HTTP_REQUEST_HEADER_FIELDS_TOO_LARGE;
    if (!parse_method(method, &x->request.method))
        return MHD_HTTP_NOT_IMPLEMENTED;
    if (is_ambiguous(x) ||
        aw_target_parse(&x->target, x->raw, &x->arena, &ignored) != AW_OK)
        return MHD_HTTP_BAD_REQUEST;
    x->request.path = x->target.path;
    x->request.target = &x->target;
    return 0;
}

/* Is there so much more to come that it is not even read? */
static bool is_hopeless(const struct exchange *x, int64_t length)
{
    return length > (int64_t)(x->http->config.body_max + DRAIN_MAX) ||
           (x->request.refused && field_of(x, "Expect").len > 0);
}

static enum MHD_Result answer(struct exchange *x);

static enum MHD_Result begin(struct exchange *x, const char *method)
{
    int64_t length = 0;

    x->begun = true;
    aw_patience_busy(&x->http->patience);
    put_peer(x);
    x->request.refused = check_head(x, method);
    (void)aw_str_to_int(field_of(x, "Content-Length"), &length);
    if (!x->request.refused && length > (int64_t)x->http->config.body_max)
        x->request.refused = MHD_HTTP_CONTENT_TOO_LARGE;
    return is_hopeless(x, length) ? answer(x) : MHD_YES;
}

/* What is refused is still read, up to a limit: a client that writes does not
 * read why. */
static enum MHD_Result take_body(struct exchange *x, const char *bytes,
                                 size_t len)
{
    if (!x->request.refused)
        aw_buf_append(&x->body, bytes, len);
    if (!x->request.refused && x->body.rc != AW_OK)
        x->request.refused = MHD_HTTP_CONTENT_TOO_LARGE;
    if (!x->request.refused)
        return MHD_YES;
    x->drained += len;
    return x->drained > x->http->config.body_max + DRAIN_MAX ? MHD_NO
                                                             : MHD_YES;
}

/* ---- the reply -----------------------------------------------------------
 */

static struct MHD_Response *response_of(struct aw_http_reply *reply)
{
    struct MHD_Response *response;
    struct stat file;

    if (reply->fd < 0)
        return MHD_create_response_from_buffer(reply->body.len,
                                               reply->body.ptr,
                                               MHD_RESPMEM_PERSISTENT);
    if (fstat(reply->fd, &file) != 0)
        return NULL;
    response =
        MHD_create_response_from_fd64((uint64_t)file.st_size, reply->fd);
    if (response)
        reply->fd = -1; /* the response closes it */
    return response;
}

static bool put_fields(struct MHD_Response *response,
                       const struct aw_http_reply *reply, bool last)
{
    bool ok = true;

    if (reply->type)
        ok = MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE,
                                     reply->type) == MHD_YES;
    for (size_t i = 0; ok && i < reply->field_count; i++)
        ok = MHD_add_response_header(response, reply->fields[i].name,
                                     reply->fields[i].value.ptr) == MHD_YES;
    if (ok && last)
        ok = MHD_add_response_header(response, MHD_HTTP_HEADER_CONNECTION,
                                     "close") == MHD_YES;
    return ok;
}

static enum MHD_Result queue(struct exchange *x)
{
    struct MHD_Response *response = response_of(&x->reply);
    enum MHD_Result result = MHD_NO;

    if (!response)
        return MHD_NO;
    if (put_fields(response, &x->reply,
                   aw_patience_is_ending(&x->http->patience)))
        result = MHD_queue_response(x->connection, (unsigned)x->reply.status,
                                    response);
    MHD_destroy_response(response);
    grant(x->http, x->connection, AW_PATIENCE_SEND);
    return result;
}

static enum MHD_Result answer(struct exchange *x)
{
    const struct aw_http_config *config = &x->http->config;

    grant(x->http, x->connection, AW_PATIENCE_ANY);
    x->request.body = aw_buf_str(&x->body);
    config->answer(config->self, &x->request, &x->reply);
    return queue(x);
}

/* Called once for the head, then for each piece of the body, then for its
 * end. */
static enum MHD_Result on_request(void *self,
                                  struct MHD_Connection *connection,
                                  const char *path, const char *method,
                                  const char *version, const char *bytes,
                                  size_t *len, void **context)
{
    struct exchange *x = *context;
    size_t taken = *len;

    (void)self;
    (void)connection;
    (void)path;
    (void)version;
    if (!x)
        return MHD_NO;
    if (!x->begun)
        return begin(x, method);
    *len = 0;
    return taken > 0 ? take_body(x, bytes, taken) : answer(x);
}

/* ---- for who answers -----------------------------------------------------
 */

struct aw_str aw_http_field(const struct aw_http_request *request,
                            const char *name)
{
    return request->exchange ? field_of(request->exchange, name)
                             : (struct aw_str){0};
}

struct aw_str aw_http_query(const struct aw_http_request *request,
                            const char *name)
{
    return request->target ? aw_target_query(request->target, name)
                           : (struct aw_str){0};
}

struct aw_str aw_http_cookie(const struct aw_http_request *request,
                             const char *name)
{
    return aw_cookie_find(aw_http_field(request, "Cookie"), name);
}

aw_rc aw_http_reply_field(struct aw_http_reply *reply, const char *name,
                          struct aw_str value, struct aw_err *err)
{
    struct aw_str copy;
    aw_rc rc;

    if (reply->field_count == AW_HTTP_FIELDS_MAX)
        return aw_fail(err, AW_LIMIT, "a reply of more than %d fields",
                       AW_HTTP_FIELDS_MAX);
    for (size_t i = 0; i < value.len; i++)
        if ((unsigned char)value.ptr[i] < 0x20 || value.ptr[i] == 0x7F)
            return aw_fail(err, AW_INVALID, "field %s has a control character",
                           name);
    rc = aw_arena_dup(&reply->arena, value, &copy, err);
    if (rc != AW_OK)
        return rc;
    reply->fields[reply->field_count].name = name;
    reply->fields[reply->field_count++].value = copy;
    return AW_OK;
}

/* ---- start and end -------------------------------------------------------
 */

static aw_rc resolve(const struct aw_http_config *config,
                     struct addrinfo **out, struct aw_err *err)
{
    struct addrinfo hints = {.ai_family = AF_UNSPEC,
                             .ai_socktype = SOCK_STREAM,
                             .ai_flags =
                                 AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE};
    char port[16];

    (void)snprintf(port, sizeof port, "%d", config->port);
    if (getaddrinfo(config->bind, port, &hints, out) != 0)
        return aw_fail(err, AW_INVALID,
                       "'%s' is no address, such as 127.0.0.1 or ::1",
                       config->bind);
    return AW_OK;
}

static aw_rc bind_to(struct aw_http *http, const struct addrinfo *address,
                     struct aw_err *err)
{
    int on = 1;
    int fd = socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);

    http->listen_fd = fd;
    if (fd < 0)
        return aw_fail_errno(err, AW_IO, "cannot make a socket");
    (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(fd, address->ai_addr, address->ai_addrlen) == 0 &&
        listen(fd, BACKLOG) == 0)
        return AW_OK;
    return aw_fail_errno(err, errno == EADDRINUSE ? AW_BUSY : AW_IO,
                         "cannot listen on %s port %d", http->config.bind,
                         http->config.port);
}

static aw_rc read_port(struct aw_http *http, struct aw_err *err)
{
    union {
        struct sockaddr any;
        struct sockaddr_in v4;
        struct sockaddr_in6 v6;
    } bound = {.v6 = {0}};
    socklen_t len = sizeof bound;

    if (getsockname(http->listen_fd, &bound.any, &len) != 0)
        return aw_fail_errno(err, AW_IO, "cannot tell the port");
    http->port = ntohs(bound.any.sa_family == AF_INET6 ? bound.v6.sin6_port
                                                       : bound.v4.sin_port);
    return AW_OK;
}

static aw_rc open_port(struct aw_http *http, struct aw_err *err)
{
    struct addrinfo *address = NULL;
    aw_rc rc = resolve(&http->config, &address, err);

    if (rc == AW_OK)
        rc = bind_to(http, address, err);
    if (rc == AW_OK)
        rc = read_port(http, err);
    if (address)
        freeaddrinfo(address);
    return rc;
}

static void on_log(void *self, const char *fmt, va_list args)
{
    struct aw_http *http = self;

    if (http->why)
        (void)vsnprintf(http->why, AW_ERR_MAX, fmt, args);
}

static aw_rc start_daemon(struct aw_http *http, struct aw_err *err)
{
    const struct aw_http_config *c = &http->config;
    struct MHD_OptionItem tls[] = {
        {MHD_OPTION_HTTPS_MEM_CERT, 0, (void *)(uintptr_t)c->certificate},
        {MHD_OPTION_HTTPS_MEM_KEY, 0, (void *)(uintptr_t)c->key},
        {MHD_OPTION_HTTPS_PRIORITIES, 0, TLS_PRIORITIES},
        {MHD_OPTION_END, 0, NULL}};
    unsigned flags = MHD_USE_THREAD_PER_CONNECTION |
                     MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_POLL |
                     MHD_USE_ITC | MHD_USE_ERROR_LOG;
    char why[AW_ERR_MAX] = "";

    http->why = why;
    http->daemon = MHD_start_daemon(
        c->certificate ? flags | MHD_USE_TLS : flags, 0, NULL, NULL,
        on_request, http, MHD_OPTION_EXTERNAL_LOGGER, on_log, http,
        MHD_OPTION_LISTEN_SOCKET, http->listen_fd, MHD_OPTION_URI_LOG_CALLBACK,
        on_target, http, MHD_OPTION_NOTIFY_COMPLETED, on_completed, http,
        MHD_OPTION_NOTIFY_CONNECTION, on_connection, http,
        MHD_OPTION_CONNECTION_LIMIT, (unsigned)c->connections_max,
        MHD_OPTION_PER_IP_CONNECTION_LIMIT, (unsigned)c->address_max,
        MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)c->idle_s,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, AW_HTTP_HEAD_MAX * 2,
        MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_ARRAY,
        c->certificate ? tls : &tls[sizeof tls / sizeof *tls - 1],
        MHD_OPTION_END);
    http->why = NULL;
    if (http->daemon)
        return AW_OK;
    return aw_fail(err, AW_INVALID, "the server does not start: %s%s", why,
                   c->certificate ? " (look at certificate and key)" : "");
}

aw_rc aw_http_new(struct aw_http **out, const struct aw_http_config *config,
                  struct aw_err *err)
{
    struct aw_http *http = calloc(1, sizeof *http);
    aw_rc rc;

    if (!http)
        return aw_fail(err, AW_NOMEM, "out of memory");
    http->config = *config;
    http->listen_fd = -1;
    aw_patience_init(&http->patience, config->idle_s);
    rc = open_port(http, err);
    if (rc != AW_OK) {
        aw_http_free(http);
        return rc;
    }
    *out = http;
    return AW_OK;
}

aw_rc aw_http_start(struct aw_http *http, struct aw_err *err)
{
    aw_rc rc = aw_patience_start(&http->patience, err);

    return rc == AW_OK ? start_daemon(http, err) : rc;
}

static void stop(struct aw_http *http)
{
    if (http->daemon)
        (void)MHD_quiesce_daemon(http->daemon);
    aw_patience_end(&http->patience);
    if (http->daemon)
        MHD_stop_daemon(http->daemon);
}

void aw_http_free(struct aw_http *http)
{
    if (!http)
        return;
    stop(http);
    if (http->listen_fd >= 0)
        (void)close(http->listen_fd);
    aw_patience_deinit(&http->patience);
    free(http);
}

int aw_http_port(const struct aw_http *http)
{
    return http->port;
}
