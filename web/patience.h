/* patience.h - how long a connection may take, and how a server ends.
 *
 * libmicrohttpd knows silence alone: who sends a byte now and then would keep
 * a connection for ever. So each connection has a time until which it is
 * waited for, and a thread that hangs up on those whose time is over: their
 * reads and writes fail then, and whoever serves them closes them. It knows
 * descriptors alone, and closes none.
 *
 * Requests that are not answered yet are counted: the end waits for these, and
 * for nobody else longer than idle_s.
 *
 * All may be called from many threads, but init, start, end and deinit.
 */
#ifndef AW_WEB_PATIENCE_H
#define AW_WEB_PATIENCE_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

/* Times idle_s that a connection has: to ask, to take the reply. */
#define AW_PATIENCE_RECEIVE 2
#define AW_PATIENCE_SEND 20
#define AW_PATIENCE_ANY 0 /* it is our turn */

struct aw_link; /* a connection */

struct aw_patience {
    int idle_s;
    pthread_t watcher;
    bool has_watcher;
    pthread_mutex_t lock; /* for all below */
    pthread_cond_t changed;
    struct aw_link *links;
    int busy; /* requests that are not answered yet */
    bool ending;
    int64_t end_ms; /* monotonic: when the last ones are hung up on */
};

void aw_patience_init(struct aw_patience *p, int idle_s);

/* After the end, when all links were dropped. */
void aw_patience_deinit(struct aw_patience *p);

/* Hangs up from now on. AW_NOMEM: there is no thread for it. */
aw_rc aw_patience_start(struct aw_patience *p, struct aw_err *err) AW_MUST_USE;

/* Returns when the last request was answered. Who does not ask or take his
 * reply within idle_s is hung up on. Without a start it only says that it
 * ends. */
void aw_patience_end(struct aw_patience *p);

/* A new connection, which has the time to ask; NULL: out of memory, it is then
 * waited for as long as libmicrohttpd does. It is dropped before its
 * descriptor is closed. NULL is allowed from here on. */
struct aw_link *aw_patience_add(struct aw_patience *p, int fd);
void aw_patience_drop(struct aw_patience *p, struct aw_link *link);

/* It has so many times idle_s from now on: one of the above. */
void aw_patience_grant(struct aw_patience *p, struct aw_link *link,
                       int factor);

/* A request has begun; it was answered, or given up. */
void aw_patience_busy(struct aw_patience *p);
void aw_patience_done(struct aw_patience *p);

/* Does it end? Replies are the last of their connections then. */
bool aw_patience_is_ending(struct aw_patience *p);

#endif
