/* resolve.h - names to addresses, many at once, in the caller's loop.
 *
 * By the machine's own resolver (getaddrinfo: hosts file, DNS), so that the
 * answer that is connected to is the one that is written down; libcurl keeps
 * its own to itself. Each name that is being asked has a thread, for
 * getaddrinfo waits. An answer serves for AW_RESOLVE_KEEP_MS, as libcurl's
 * does; that there is none is asked anew.
 *
 * Calls come from aw_loop_wait alone. A thread that is still waiting when the
 * resolver is freed ends by itself.
 */
#ifndef AW_CRAWLER_RESOLVE_H
#define AW_CRAWLER_RESOLVE_H

#include "base/clock.h"
#include "base/loop.h"

#define AW_RESOLVE_KEEP_MS 60000
#define AW_RESOLVE_HOST_MAX 254     /* bytes of a name, with the NUL */
#define AW_RESOLVE_ADDRESSES_MAX 64 /* of a name; more are left out */
#define AW_RESOLVE_TEXT_MAX 4096    /* bytes of them all */
#define AW_RESOLVE_NAMES_MAX 4096   /* kept; then all are forgotten */

struct aw_lookup {
    char host[AW_RESOLVE_HOST_MAX];
    /* All that the name gave, in its order, with commas: "192.0.2.7,
     * 2001:db8::1" without the space; empty: there is none. */
    char addresses[AW_RESOLVE_TEXT_MAX];
    const char *source; /* "hosts file", "resolver" */
    int64_t asked_ms;   /* wall */
};

/* A view that lives until the next call of aw_resolver_ask. */
typedef void aw_resolved_fn(void *self, const struct aw_lookup *lookup);

struct aw_resolver_config {
    struct aw_loop *loop;
    const struct aw_clock *clock;
    aw_resolved_fn *done;
    void *self;
};

struct aw_resolver;

aw_rc aw_resolver_new(struct aw_resolver **out,
                      const struct aw_resolver_config *config,
                      struct aw_err *err) AW_MUST_USE;
void aw_resolver_free(struct aw_resolver *resolver); /* NULL is fine */

/* *answer is what is known of the host, or NULL: then done is called once for
 * it, however often it was asked for meanwhile. AW_LIMIT: too long a name. */
aw_rc aw_resolver_ask(struct aw_resolver *resolver, struct aw_str host,
                      const struct aw_lookup **answer,
                      struct aw_err *err) AW_MUST_USE;

/* Does the hosts file (/etc/hosts) name the host? Then that counts, and no
 * server is asked. */
bool aw_hosts_file_names(struct aw_str host);

#endif
