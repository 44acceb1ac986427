/* frontier.h - which URL is next, and not too soon.
 *
 * The URLs lie in the store; in memory are the hosts, in a heap by the time
 * when each may be asked again, and a short batch of URLs of each host that
 * is at work. A host is given out to one request at a time: aw_frontier_next
 * takes it, aw_frontier_done gives it back with the time of its next turn.
 *
 * Not thread-safe. All changes to the store are in the caller's transaction.
 */
#ifndef AW_CRAWLER_FRONTIER_H
#define AW_CRAWLER_FRONTIER_H

#include "store/store.h"

#define AW_FRONTIER_BATCH 64
#define AW_FRONTIER_NEVER INT64_MAX

struct aw_frontier;
struct aw_frontier_host;

/* Takes over the hosts that have queued URLs in the store. */
aw_rc aw_frontier_new(struct aw_frontier **out, struct aw_store *store,
                      int64_t run, struct aw_err *err) AW_MUST_USE;
void aw_frontier_free(struct aw_frontier *frontier);

/* Queues row->url (canonical) unless this run has taken it up already.
 * row->host is filled. *added may be NULL. */
aw_rc aw_frontier_add(struct aw_frontier *frontier, struct aw_url_row *row,
                      int64_t now_ms, bool *added,
                      struct aw_err *err) AW_MUST_USE;

/* Keeps row->url as skipped, with the reason, unless this run has taken it up
 * already. */
aw_rc aw_frontier_refuse(struct aw_frontier *frontier, struct aw_url_row *row,
                         const char *reason, int64_t now_ms, bool *added,
                         struct aw_err *err) AW_MUST_USE;

/* The next URL of a host whose time has come (mono ms), or *host is NULL. The
 * row's text lasts until aw_frontier_done. */
aw_rc aw_frontier_next(struct aw_frontier *frontier, int64_t now_ms,
                       struct aw_frontier_host **host, struct aw_url_row *row,
                       struct aw_err *err) AW_MUST_USE;

/* Gives the URL that was taken last from this host back: it comes next. */
void aw_frontier_put_back(struct aw_frontier_host *host);

/* The host may be asked again from next_ms (mono) on. */
aw_rc aw_frontier_done(struct aw_frontier *frontier,
                       struct aw_frontier_host *host, int64_t next_ms,
                       struct aw_err *err) AW_MUST_USE;

/* A URL of the host was queued again in the store by the caller. */
aw_rc aw_frontier_more(struct aw_frontier *frontier,
                       struct aw_frontier_host *host,
                       struct aw_err *err) AW_MUST_USE;

/* When the next host's time comes; AW_FRONTIER_NEVER where none waits. */
int64_t aw_frontier_due(const struct aw_frontier *frontier);

/* Failures in a row, the caller's to count. */
int *aw_frontier_host_fails(struct aw_frontier_host *host);
struct aw_str aw_frontier_host_name(const struct aw_frontier_host *host);

#endif
