/* http.h - an HTTP server behind a small interface; libmicrohttpd speaks the
 * protocol.
 *
 * Each connection has a thread of its own. A request is handed over whole,
 * with its body, and is answered by one call; what the answer points at lives
 * until that call's reply was sent.
 *
 * Limits: AW_HTTP_HEAD_MAX bytes of head, a body of body_max bytes,
 * connections_max connections, idle_s seconds of silence; whoever takes
 * longer than 2 * idle_s to ask, or than 20 * idle_s to take the reply, is
 * hung up on, however busy it looks.
 *
 * Paths and queries are decoded once (target.h). What cannot be answered is
 * handed over too, so that all replies are made in one place: see `refused`.
 * What is no HTTP is answered by libmicrohttpd itself.
 */
#ifndef AW_WEB_HTTP_H
#define AW_WEB_HTTP_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"

#define AW_HTTP_HEAD_MAX ((size_t)32 << 10) /* bytes, of a request */
#define AW_HTTP_FIELDS_MAX 16               /* of a reply */

/* X(name, its word) */
#define AW_METHOD_LIST(X) \
    X(GET, "GET")         \
    X(POST, "POST")       \
    X(PUT, "PUT")         \
    X(PATCH, "PATCH")     \
    X(DELETE, "DELETE")

enum aw_method {
#define X(name, word) AW_METHOD_##name,
    AW_METHOD_LIST(X)
#undef X
        AW_METHOD_COUNT
};

struct aw_target;

struct aw_http_request {
    enum aw_method method; /* HEAD is GET whose body is not sent */
    struct aw_str path;    /* "/api/v1/findings/7", without the query */
    struct aw_str body;
    struct aw_str peer; /* the address that asks, without its port */
    int refused;        /* 0, or the status that the reply must have; then only
                           peer can be relied upon */
    const struct aw_target *target; /* the query: target.h; or NULL */
    void *exchange;                 /* of http.c alone; NULL: no fields */
};

/* Each is empty where the request has none. A name that comes twice: the
 * first. Names of fields in any case. */
struct aw_str aw_http_field(const struct aw_http_request *request,
                            const char *name);
struct aw_str aw_http_query(const struct aw_http_request *request,
                            const char *name);
struct aw_str aw_http_cookie(const struct aw_http_request *request,
                             const char *name);

struct aw_http_reply {
    int status;
    const char *type;   /* Content-Type */
    struct aw_buf body; /* sent where fd is -1 */
    int fd;             /* a file, from its start, which is closed; or -1 */
    struct {
        const char *name; /* a literal */
        struct aw_str value;
    } fields[AW_HTTP_FIELDS_MAX];
    size_t field_count;
    struct aw_arena arena; /* dies when the reply was sent */
};

/* Copies value into the reply's arena. AW_LIMIT: too many fields. AW_INVALID:
 * a value with a line break or another control. */
aw_rc aw_http_reply_field(struct aw_http_reply *reply, const char *name,
                          struct aw_str value, struct aw_err *err) AW_MUST_USE;

/* Answers a request; called from many threads at once. reply comes empty,
 * with status 200 and an arena, and must be filled whatever happens. */
typedef void aw_http_fn(void *self, const struct aw_http_request *request,
                        struct aw_http_reply *reply);

struct aw_http_config {
    const char *bind;              /* an address, v4 or v6 */
    int port;                      /* 0: any that is free */
    const char *certificate, *key; /* PEM, as text; NULL: no TLS */
    int connections_max;
    int address_max; /* connections of one address; 0: as many as of all */
    int idle_s;
    size_t body_max;  /* bytes, of any request; routes may allow less */
    size_t reply_max; /* bytes of reply.body */
    aw_http_fn *answer;
    void *self;
};

struct aw_http;

/* Listens, so that the port is known. AW_INVALID: bind is no address.
 * AW_BUSY: the port is taken. */
aw_rc aw_http_new(struct aw_http **out, const struct aw_http_config *config,
                  struct aw_err *err) AW_MUST_USE;

/* Answers from now on, until it is freed. AW_INVALID: the certificate or the
 * key is none. */
aw_rc aw_http_start(struct aw_http *http, struct aw_err *err) AW_MUST_USE;

/* Takes no more connections, and waits until what is asked is answered, or
 * hung up on. NULL is allowed. */
void aw_http_free(struct aw_http *http);

int aw_http_port(const struct aw_http *http);

#endif
