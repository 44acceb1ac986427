/* urls.h - the frontier as it lies on disk: sources, hosts, URLs, and what is
 * known of the pages behind them.
 *
 * A URL is found by a keyed hash of its text (SipHash-2-4, with a key of the
 * store's own, so that nobody can make two URLs meet) and then by the text.
 * Its state is `queued` until its work is committed: after a crash nothing has
 * to be put back. In the next run it is queued again once it is due.
 *
 * Part of the interface in store.h, which includes it.
 */
#ifndef AW_STORE_URLS_H
#define AW_STORE_URLS_H

#include "base/arena.h"

struct aw_store;

/* ---- sources and hosts ------------------------------------------------- */

/* The id of a source of this name, which is made where it is new. */
aw_rc aw_store_source_id(struct aw_store *store, struct aw_str name,
                         int64_t *id, struct aw_err *err) AW_MUST_USE;

/* AW_MISSING where it is unknown. */
aw_rc aw_store_source_find(struct aw_store *store, struct aw_str name,
                           int64_t *id, struct aw_err *err) AW_MUST_USE;

#define AW_HOST_ADDRESS_MAX 64 /* bytes of an IP address as text, with NUL */

struct aw_host_row {
    int64_t id;
    struct aw_str name;   /* the caller's, or until the visit ends */
    int64_t site_seen_ms; /* when a host of its site was seen first */
    int64_t priority;     /* of its next URL; by hosts_queued alone */
    char address[AW_HOST_ADDRESS_MAX]; /* connected to last, or empty */
    int64_t backoff_level;             /* see crawler/pace.h */
    int64_t backoff_until_ms;          /* wall */
};

/* The host of this name, which is made where it is new; site is the domain
 * that it belongs to (crawler/site.h). */
aw_rc aw_store_host_get(struct aw_store *store, struct aw_str name,
                        struct aw_str site, int64_t now_ms,
                        struct aw_host_row *row,
                        struct aw_err *err) AW_MUST_USE;

/* Keeps address and back-off of the host row->id. */
aw_rc aw_store_host_put(struct aw_store *store, const struct aw_host_row *row,
                        struct aw_err *err) AW_MUST_USE;

/* Calls visit for each host that has queued URLs. */
typedef aw_rc aw_store_host_fn(void *self, const struct aw_host_row *row,
                               struct aw_err *err);
aw_rc aw_store_hosts_queued(struct aw_store *store, aw_store_host_fn *visit,
                            void *self, struct aw_err *err) AW_MUST_USE;

/* robots.txt as it was fetched last; AW_MISSING where it never was. */
struct aw_robots_row {
    int64_t fetched_ms;
    int status; /* HTTP, or 0: could not be reached */
    struct aw_str body;
    int64_t
        failing_ms; /* since when there was no usable answer; 0: there is */
};
aw_rc aw_store_robots_get(struct aw_store *store, struct aw_arena *arena,
                          struct aw_str origin, struct aw_robots_row *row,
                          struct aw_err *err) AW_MUST_USE;
aw_rc aw_store_robots_put(struct aw_store *store, struct aw_str origin,
                          const struct aw_robots_row *row,
                          struct aw_err *err) AW_MUST_USE;

/* ---- URLs -------------------------------------------------------------- */

/* How a URL came into the queue. */
#define AW_VIA_LIST(X)      \
    X(START, "start")       \
    X(LINK, "link")         \
    X(REDIRECT, "redirect") \
    X(LANDING, "landing")   \
    X(SITEMAP, "sitemap")   \
    X(IMAGE, "image")

enum aw_via {
#define X(name, text) AW_VIA_##name,
    AW_VIA_LIST(X)
#undef X
        AW_VIA_COUNT
};

const char *aw_via_name(enum aw_via via);

struct aw_url_row {
    int64_t id, host, source;
    int64_t found_on; /* id of the URL where it was found, or 0 */
    int64_t hash;     /* aw_store_url_hash */
    struct aw_str url;
    enum aw_via via;
    int64_t priority; /* low ones first */
    int64_t depth;    /* links from a start page */
    int64_t hops;     /* redirects in a row */
    int64_t tries;
    bool was_visited;   /* as it is read: in this run or an earlier one */
    int64_t changed_ms; /* it is said to have changed then: due if that was
                         * after the last visit; or 0. Only when it is added */
};

int64_t aw_store_url_hash(const struct aw_store *store, struct aw_str url);

enum aw_url_taken {
    AW_URL_NEW,     /* never seen before: queued */
    AW_URL_AGAIN,   /* known, and due: queued */
    AW_URL_KNOWN,   /* this run has taken it up already */
    AW_URL_NOT_DUE, /* known, and to be looked at on a later day */
    AW_URL_NEARER,  /* known, by a longer way: it is still to be visited */
    AW_URL_WAS_FAR  /* likewise, but it was visited: the next run does again */
};

/* Queues row->url for this run; force: due or not. Fills row->id. Where it is
 * known, and row is a link, redirect or sitemap's entry of the same source
 * with fewer links from a start page, it has that way and depth from now on;
 * what was visited is due at once and is read then, whatever its bytes, since
 * its links are nearer as well. */
aw_rc aw_store_url_add(struct aw_store *store, struct aw_url_row *row,
                       int64_t run, int64_t now_ms, bool force,
                       enum aw_url_taken *taken,
                       struct aw_err *err) AW_MUST_USE;

/* Keeps row->url for this run as skipped, with the reason. No later run queues
 * it, unless it is found again and added. */
#define AW_DUE_WHEN_FOUND INT64_MAX
aw_rc aw_store_url_refuse(struct aw_store *store, struct aw_url_row *row,
                          int64_t run, const char *reason, int64_t now_ms,
                          enum aw_url_taken *taken,
                          struct aw_err *err) AW_MUST_USE;

/* The first `limit` queued URLs of a host, by priority; *more becomes false
 * in visit to end the walk. Texts last until visit returns. */
typedef aw_rc aw_store_url_fn(void *self, const struct aw_url_row *row,
                              bool *more, struct aw_err *err);
aw_rc aw_store_urls_queued(struct aw_store *store, int64_t host, int64_t limit,
                           aw_store_url_fn *visit, void *self,
                           struct aw_err *err) AW_MUST_USE;

aw_rc aw_store_url_get(struct aw_store *store, struct aw_arena *arena,
                       int64_t id, struct aw_url_row *row,
                       struct aw_err *err) AW_MUST_USE;

struct aw_url_end {
    const char *state; /* done, failed, skipped, or queued to try again */
    const char *reason;
    int status;       /* HTTP, or 0 */
    bool asked;       /* there was a request: it counts as a try */
    int64_t due_ms;   /* wall: when a later run queues it again */
    int64_t priority; /* for then */
};
aw_rc aw_store_url_end(struct aw_store *store, int64_t id, int64_t run,
                       const struct aw_url_end *end, int64_t now_ms,
                       struct aw_err *err) AW_MUST_USE;

/* Queues for this run all URLs of the source that are due. What an earlier run
 * left queued is this run's as well, once it ends there. */
aw_rc aw_store_urls_requeue(struct aw_store *store, int64_t run,
                            int64_t source, int64_t now_ms,
                            struct aw_err *err) AW_MUST_USE;

/* How many URLs are queued, by source. */
typedef aw_rc aw_store_queued_fn(void *self, int64_t source, int64_t count,
                                 struct aw_err *err);
aw_rc aw_store_queued_counts(struct aw_store *store, aw_store_queued_fn *visit,
                             void *self, struct aw_err *err) AW_MUST_USE;

/* The page at `url`, which was added, is one click beyond the advertisement
 * whose URL has the id `ad`. */
aw_rc aw_store_landing_add(struct aw_store *store, int64_t ad,
                           struct aw_str url, struct aw_err *err) AW_MUST_USE;

/* And so is the one at `url`, to which the page with the id `from` redirects.
 */
aw_rc aw_store_landing_moved(struct aw_store *store, int64_t from,
                             struct aw_str url,
                             struct aw_err *err) AW_MUST_USE;

/* ---- what is known of a page ------------------------------------------- */

/* A page whose answer was read, as of its last visit. */
struct aw_page_row {
    int64_t url;
    struct aw_str etag, last_modified; /* for the next request; or empty */
    struct aw_str payload_digest;      /* SHA-256, hex */
    struct aw_str text_digest;         /* of its visible text, likewise */
    struct aw_str canonical;           /* rel=canonical, a fact; or empty */
    struct aw_str rules;               /* lexicon and model it was read with */
    struct aw_str record;              /* WARC-Record-ID of the full answer */
    int64_t record_ms;                 /* and its date */
    int64_t capture;                   /* the one with that record */
    int64_t interval_s;                /* between visits */
    int64_t changed_ms;                /* when its text was seen to change */
    bool has_finding;
    int64_t grew; /* of a start page: visits in a row that brought new links */
    int64_t still; /* and since then: visits that did not */
};
aw_rc aw_store_page_get(struct aw_store *store, struct aw_arena *arena,
                        int64_t url, struct aw_page_row *row,
                        struct aw_err *err) AW_MUST_USE;
aw_rc aw_store_page_put(struct aw_store *store, const struct aw_page_row *row,
                        struct aw_err *err) AW_MUST_USE;

/* Makes all pages of the source due that were read with other rules. The
 * rules are remembered: nothing is looked for while they stay the same. */
aw_rc aw_store_pages_outdated(struct aw_store *store, int64_t source,
                              const char *rules,
                              struct aw_err *err) AW_MUST_USE;

#endif
