/* frontier.h - which URL is next, and not too soon.
 *
 * The URLs lie in the store. In memory are the hosts, each below the IP
 * address that it was last reached at (below one of its own while that is not
 * known), and a short batch of URLs of each host that is at work:
 *
 *     addresses that wait   a heap by the time when each may be asked again
 *     addresses that are due   a heap by priority and waiting time
 *         hosts of an address  a heap by the time when each may be asked again
 *             URLs of a host   in the store, by priority; a batch in memory
 *
 * Nothing is ever scanned. A host is given out to one request at a time, and
 * so is an address: aw_frontier_next takes both, aw_frontier_done gives them
 * back with the time of their next turn. A point of priority is worth a
 * second of waiting, so that nothing waits for ever.
 *
 * Which address a name leads to is seen when the socket is made: ask
 * aw_frontier_may_connect there.
 *
 * Not thread-safe. All changes to the store are in the caller's transaction.
 */
#ifndef AW_CRAWLER_FRONTIER_H
#define AW_CRAWLER_FRONTIER_H

#include "crawler/pace.h"
#include "crawler/site.h"
#include "store/store.h"

#define AW_FRONTIER_BATCH 64
#define AW_FRONTIER_ROWS 65536 /* of all batches, when all hosts have one */
#define AW_FRONTIER_NEVER INT64_MAX

/* Of URLs; low ones first. Where the depth (links from a start page) is added
 * it counts as AW_PRIORITY_DEPTHS at most. What was never visited comes before
 * what was: a source with more pages than it may ask for in a run is seen
 * whole after some runs. */
#define AW_PRIORITY_FINDING 0 /* had one at its last visit */
#define AW_PRIORITY_LANDING 1
#define AW_PRIORITY_START 2
#define AW_PRIORITY_SITEMAP 3
#define AW_PRIORITY_NEW_SITE 8 /* and its depth: first seen within a week */
#define AW_PRIORITY_LINK 64    /* and its depth */
#define AW_PRIORITY_AGAIN 128  /* and its depth: visited before */
#define AW_PRIORITY_DEPTHS 63
#define AW_PRIORITY_LAST (AW_PRIORITY_AGAIN + AW_PRIORITY_DEPTHS)

struct aw_frontier;
struct aw_frontier_host;

struct aw_frontier_config {
    struct aw_store *store;
    int64_t run;
    int64_t now_ms;      /* wall, at the beginning of the run */
    int64_t now_mono_ms; /* at the same moment */
    const struct aw_sites *sites;
};

/* Takes over the hosts that have queued URLs in the store. */
aw_rc aw_frontier_new(struct aw_frontier **out,
                      const struct aw_frontier_config *config,
                      struct aw_err *err) AW_MUST_USE;
void aw_frontier_free(struct aw_frontier *frontier);

/* Queues row->url (canonical), unless this run has taken it up already or it
 * is not due (force: due or not). Fills hash, host and id, and betters the
 * priority where its site is new. A shorter way to a URL that is known counts
 * from now on (aw_store_url_add); a row that was given out already is the
 * caller's to change, by aw_url_row_nearer. */
aw_rc aw_frontier_add(struct aw_frontier *frontier, struct aw_url_row *row,
                      int64_t now_ms, bool force, enum aw_url_taken *taken,
                      struct aw_err *err) AW_MUST_USE;

/* This run has taken the URL up for sure, or seen that it is not due; false
 * where it may have or not. */
bool aw_frontier_has_seen(const struct aw_frontier *frontier,
                          struct aw_str url);

/* Likewise, and as few links from a start page as the row says, or fewer. */
bool aw_frontier_is_as_near(const struct aw_frontier *frontier,
                            const struct aw_url_row *row);

/* The way of row becomes that of there. */
void aw_url_row_nearer(struct aw_url_row *there, const struct aw_url_row *row);

/* Keeps row->url as skipped, with the reason, unless this run has taken it up
 * already. */
aw_rc aw_frontier_refuse(struct aw_frontier *frontier, struct aw_url_row *row,
                         const char *reason, int64_t now_ms,
                         enum aw_url_taken *taken,
                         struct aw_err *err) AW_MUST_USE;

/* The next URL of a host whose time has come (mono ms), or *host is NULL. The
 * row's text lasts until aw_frontier_done. */
aw_rc aw_frontier_next(struct aw_frontier *frontier, int64_t now_ms,
                       struct aw_frontier_host **host, struct aw_url_row *row,
                       struct aw_err *err) AW_MUST_USE;

/* Gives out a host that another one, asker, leads to, without a URL: for a
 * request on behalf of asker's. asker stays given out but leaves its address
 * to others; give both back. Without an asker (NULL) it is a request beside
 * those of the frontier. *host is NULL where that host or its address is
 * being asked or in its pause: then *due_ms (mono) is when to try again, and
 * until a little after that it is kept free, so that its own URLs do not
 * always come first. Not for a URL of asker's own name. */
aw_rc aw_frontier_claim(struct aw_frontier *frontier,
                        struct aw_frontier_host *asker, struct aw_str name,
                        int64_t now_ms, struct aw_frontier_host **host,
                        int64_t *due_ms, struct aw_err *err) AW_MUST_USE;

/* Gives the URL that was taken last from this host back: it comes next. */
void aw_frontier_put_back(struct aw_frontier_host *host);

/* May this host, which was given out, connect to this address now (mono ms)?
 * It belongs to that address from now on. No, where another host of the
 * address is being asked, or its pause is not over; then it belongs to it all
 * the same, so that it waits there, but only if that is the first address that
 * it tries in this turn: of one that it has, a second attempt takes nothing
 * away. */
bool aw_frontier_may_connect(struct aw_frontier *frontier,
                             struct aw_frontier_host *host,
                             const char *address, int64_t now_ms);

/* The host may be asked again from next_ms (mono) on, its address from
 * address_ms on. */
aw_rc aw_frontier_done(struct aw_frontier *frontier,
                       struct aw_frontier_host *host, int64_t next_ms,
                       int64_t address_ms, struct aw_err *err) AW_MUST_USE;

/* Ends the work on a URL that aw_frontier_next gave out, also after the host
 * was given back: until then it is given out to nobody else. */
aw_rc aw_frontier_end(struct aw_frontier *frontier,
                      struct aw_frontier_host *host, int64_t url,
                      const struct aw_url_end *end, int64_t now_ms,
                      struct aw_err *err) AW_MUST_USE;

/* When the next host's time comes; AW_FRONTIER_NEVER where none waits. */
int64_t aw_frontier_due(const struct aw_frontier *frontier);

/* How fast the host may be asked: the caller's to change. aw_frontier_keep
 * writes a changed back-off, any other wait of more than a minute, and a new
 * address into the store; now_ms is on the wall clock. */
struct aw_pace *aw_frontier_pace(struct aw_frontier_host *host);
aw_rc aw_frontier_keep(struct aw_frontier *frontier,
                       struct aw_frontier_host *host, int64_t now_ms,
                       struct aw_err *err) AW_MUST_USE;

/* Of one host in this run: the caller's to count. */
struct aw_host_tally {
    int robots_fails; /* in a row */
    int broken;       /* requests without an answer, in a row; but time-outs */
    int64_t pages;    /* asked for */
    bool is_told;     /* people were told that it is over its budget */
    bool had_turn;    /* in this process */
};
struct aw_host_tally *aw_frontier_tally(struct aw_frontier_host *host);
struct aw_str aw_frontier_host_name(const struct aw_frontier_host *host);

#endif
