/* frontier_private.h - what frontier.c and frontier_urls.c share: the frontier
 * inside, and the URLs of one host that are in memory.
 */
#ifndef AW_CRAWLER_FRONTIER_PRIVATE_H
#define AW_CRAWLER_FRONTIER_PRIVATE_H

#include "base/buf.h"
#include "crawler/frontier.h"
#include "crawler/heap.h"
#include "crawler/seen.h"

/* An IP address, or the place of one host whose address is not known. */
struct aw_address_turn {
    char name[AW_HOST_ADDRESS_MAX]; /* empty: not known */
    int64_t next_ms;
    int64_t held_ms; /* till then it is kept for a claim */
    const struct aw_frontier_host *asked; /* given out now, or NULL */
    struct aw_heap hosts;                 /* that have URLs and wait */
    struct aw_heap *queue; /* waiting or due, of the frontier; or NULL */
    size_t place;          /* in that */
};

/* URLs of one host, read from the store together. */
struct aw_url_batch {
    struct aw_buf text;
    size_t pos, count, cap;
    struct aw_url_row rows[];
};

struct aw_frontier_host {
    struct aw_address_turn *address; /* own, or one that is shared */
    struct aw_address_turn own;
    struct aw_str name;
    int64_t id;
    int64_t site_seen_ms;
    int64_t next_ms;
    int64_t held_ms;  /* till then it is kept for a claim */
    int64_t priority; /* of its next URL */
    size_t place;     /* in address->hosts */
    bool busy;
    bool has_tried; /* an address, since it was given out */
    bool more;      /* the store may hold queued URLs of it */
    bool is_stale;  /* and a better one than the batch has */
    struct aw_host_tally tally;
    struct aw_pace pace;
    int32_t kept_level; /* of pace, in the store */
    int64_t kept_until_ms;
    bool has_moved;             /* to another address than the store has */
    struct aw_url_batch *batch; /* or NULL */
    int64_t *open; /* ids of URLs given out whose work has not ended */
    size_t open_count, open_cap;
};

struct aw_frontier {
    struct aw_frontier_config config;
    void *hosts;     /* tree of tsearch(3), by name */
    void *addresses; /* likewise, those that are known */
    size_t host_count;
    struct aw_heap waiting; /* addresses by the time of their next turn */
    struct aw_heap due;     /* addresses whose time has come, best first */
    struct aw_seen *seen;   /* URLs that this run has surely taken up */
};

/* ---- frontier_urls.c -----------------------------------------------------
 */

/* In the batch, or perhaps in the store. */
bool aw_host_has_work(const struct aw_frontier_host *host);

/* Reads the next batch of the host from the store, without URLs that are
 * given out: the more hosts there are, the fewer rows it has. */
aw_rc aw_host_load(struct aw_frontier *f, struct aw_frontier_host *host,
                   struct aw_err *err) AW_MUST_USE;
void aw_host_drop_batch(struct aw_frontier_host *host);

/* The URL of this id is given out, until its work ends: aw_host_close. */
aw_rc aw_host_open(struct aw_frontier_host *host, int64_t id,
                   struct aw_err *err) AW_MUST_USE;
void aw_host_close(struct aw_frontier_host *host, int64_t id);

#endif
