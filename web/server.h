/* server.h - `adwatch serve`: the page and its API on one port, captured pages
 * on another.
 *
 * The second port is another origin: what a captured page does there, it does
 * to nobody. No cookie is read on it and none is set.
 */
#ifndef AW_WEB_SERVER_H
#define AW_WEB_SERVER_H

#include "web/route.h"

struct aw_server;

struct aw_server_config {
    const struct aw_clock *clock;
    const struct aw_log *log;
    const struct aw_config *config;
    const char *workspace, *archive_dir, *lexicon_dir, *model_path;
    const char *program;
    const char *store_path;
    double threshold;       /* the classifier's, for the queue's order */
    const char *bind;       /* an address */
    int port, capture_port; /* 0: any that is free */
    const char *certificate, *key; /* PEM, as text; NULL: no TLS */
    /* As browsers name them, "https://adwatch.example"; NULL: by bind and
     * port. With an origin and no certificate there is a proxy in front,
     * whose X-Forwarded-For is believed if it asks from this machine. */
    const char *origin, *capture_origin;
    const struct aw_routes *const *routes; /* NULL: aw_routes_all */
};

/* Answers until it is freed. AW_BUSY: a port is taken. */
aw_rc aw_server_new(struct aw_server **out,
                    const struct aw_server_config *config,
                    struct aw_err *err) AW_MUST_USE;

/* Answers what is asked by then. NULL is allowed. */
void aw_server_free(struct aw_server *server);

/* Where the page listens. */
int aw_server_port(const struct aw_server *server);

/* "http://127.0.0.1:8710", and that of captures. */
struct aw_str aw_server_origin(const struct aw_server *server);
struct aw_str aw_server_capture_origin(const struct aw_server *server);

#endif
