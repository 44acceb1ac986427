/* fetch.h - HTTP by libcurl, many at once, in the caller's loop.
 *
 * HTTP/1.1 and HTTP/2, connections kept. Redirects are not followed (but for
 * robots.txt): each hop is a page of its own to the crawler. Every connection
 * asks address.h, with the address that is connected to. The body is handed
 * over as it came, content-coding not undone; every size and time has a
 * limit. A proxy named in the environment is not used.
 */
#ifndef AW_CRAWLER_FETCH_H
#define AW_CRAWLER_FETCH_H

#include "base/buf.h"
#include "base/clock.h"
#include "base/loop.h"
#include "crawler/address.h"

#define AW_FETCH_ROBOTS_HOPS 5

/* Views that die with the call of done. */
struct aw_fetch_result {
    void *tag;
    aw_rc rc;        /* AW_OK: an answer came, whatever its status */
    const char *why; /* where rc is not AW_OK: "connection refused" ... */
    bool lasting;    /* and asking again soon would be no use */
    int status;
    struct aw_str request_head;  /* as sent */
    struct aw_str response_head; /* as it came; h2 written as HTTP/1.1 */
    struct aw_str body;
    struct aw_str ip;
    struct aw_str protocol; /* WARC-Protocol: "http/1.1", "h2" */
    struct aw_str content_type, content_encoding, location;
    int64_t retry_after_ms; /* 0: not told */
    const char *truncated;  /* "length", or "" */
    int64_t started_ms;     /* wall */
    int64_t elapsed_ms;
};

typedef void aw_fetch_done_fn(void *self,
                              const struct aw_fetch_result *result);

struct aw_fetch_config {
    struct aw_loop *loop;
    const struct aw_clock *clock;
    const struct aw_address_policy *policy;
    const char *user_agent;
    const char *const *resolve; /* "host:port:address" */
    size_t resolve_count;
    const char *ca_file; /* or NULL */
    int64_t timeout_ms;
    int64_t body_max; /* bytes on the wire; what is longer is cut there */
    int64_t head_max;
    int connections; /* kept open at most */
    aw_fetch_done_fn *done;
    void *self;
};

struct aw_fetcher;

/* AW_CONFIG where entry is no "host:port:address". */
aw_rc aw_fetch_check_resolve(const char *entry,
                             struct aw_err *err) AW_MUST_USE;

/* AW_CONFIG where resolve or ca_file is none. */
aw_rc aw_fetcher_new(struct aw_fetcher **out,
                     const struct aw_fetch_config *config,
                     struct aw_err *err) AW_MUST_USE;

/* Ends what is under way without calling done. */
void aw_fetcher_free(struct aw_fetcher *fetcher);

/* Starts a request; done is called later, never from here. robots: redirects
 * are followed, up to AW_FETCH_ROBOTS_HOPS. */
aw_rc aw_fetch_start(struct aw_fetcher *fetcher, struct aw_str url,
                     bool robots, void *tag, struct aw_err *err) AW_MUST_USE;

/* Does what is due; calls done. *wait_ms: when to call again at the latest. */
void aw_fetch_tick(struct aw_fetcher *fetcher, int *wait_ms);

#endif
