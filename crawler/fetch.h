/* fetch.h - HTTP by libcurl, many at once, in the caller's loop.
 *
 * HTTP/1.1 and HTTP/2, connections kept. Redirects are not followed: each hop
 * is a request of its own to the crawler. Names are looked up here (resolve.h)
 * so that all answers are known; libcurl connects to one of them. Every
 * connection asks address.h, with the address that is connected to. The body
 * is handed over as it came, content-coding not undone; every size and time
 * has a limit. A proxy named in the environment is not used.
 */
#ifndef AW_CRAWLER_FETCH_H
#define AW_CRAWLER_FETCH_H

#include "base/buf.h"
#include "base/clock.h"
#include "base/loop.h"
#include "crawler/address.h"
#include "crawler/fetch_facts.h"

#define AW_FETCH_SPEED_MS 30000
#define AW_FETCH_LINES_MAX 20000 /* of all heads and trailers of a request */
#define AW_FETCH_ROBOTS_TAG_MAX 8192

/* A line of a request's head. */
struct aw_fetch_field {
    struct aw_str name, value;
};

/* What is asked for. The views need not outlive the call. */
struct aw_fetch_request {
    struct aw_str url;
    /* No coding is offered, so that no hostile stream need be undone out of a
     * reader. */
    bool robots;
    /* Sent as they are, so that they must be what a server gave (etag,
     * last_modified); those that no server can have given are not sent, nor
     * any with robots. */
    struct aw_str if_none_match, if_modified_since;
    /* Beside the agent's name and, as with robots, no coding; in the place of
     * all other lines. Those with control characters are left out. */
    const struct aw_fetch_field *fields;
    size_t field_count;
    void *host, *tag; /* come back in the result */
};

/* Views that die with the call of done. */
struct aw_fetch_result {
    void *host, *tag;
    aw_rc rc;          /* AW_OK: an answer came, whatever its status */
    const char *why;   /* where rc is not AW_OK: "connection refused" ... */
    bool timed_out;    /* no answer in time, or too slow a one */
    bool lasting;      /* and asking again soon would be no use */
    bool address_busy; /* AW_NET, since may_connect said no: nothing was sent,
                        * nothing is wrong with the host */
    int status;
    struct aw_str request_head;  /* as sent */
    struct aw_str response_head; /* as it came; h2 written as HTTP/1.1 */
    struct aw_str body;
    struct aw_str ip;       /* connected to, or tried last; empty: none */
    struct aw_str protocol; /* WARC-Protocol: "http/1.0", "http/1.1", "h2" */
    struct aw_str tls_organisation; /* of the certificate's subject, or
                                     * empty; see peer.h */
    struct aw_fetch_facts facts;    /* how it came; for the archive */
    struct aw_str content_type, location;
    struct aw_str content_encoding;    /* all of them, joined by ", " */
    struct aw_str etag, last_modified; /* empty where they are no use */
    struct aw_str x_robots_tag;        /* all of them, a line each */
    int64_t retry_after_ms;            /* 0: not told */
    const char *truncated;             /* "length", or "" */
    int64_t started_ms;                /* wall */
    int64_t elapsed_ms;
};

/* May a connection to that address be made now, for the request with that
 * tag? Asked after the address policy said yes, once for each address that is
 * tried: one request may ask for several (IPv6 and IPv4), and ip in its
 * result tells which it was. A connection that is kept from an earlier
 * request to the same host asks nothing. Must not call the fetcher. */
typedef bool aw_fetch_may_connect_fn(void *self, void *tag,
                                     const char *address_text);

typedef void aw_fetch_done_fn(void *self,
                              const struct aw_fetch_result *result);

struct aw_fetch_config {
    struct aw_loop *loop;
    const struct aw_clock *clock;
    const struct aw_address_policy *policy;
    const char *user_agent;
    const char *const *resolve; /* "host:port:address[,address...]" */
    size_t resolve_count;
    const char *ca_file; /* or NULL */
    int64_t timeout_ms;  /* of a request, whole */
    int64_t body_max;    /* bytes on the wire; what is longer is cut there */
    int64_t head_max;
    int64_t lines_max; /* heads and trailers; 0: AW_FETCH_LINES_MAX */
    /* Given up where a span of speed_ms (0: AW_FETCH_SPEED_MS) brings less
     * than speed_min bytes a second, waiting for the first one included.
     * speed_min 0: never. */
    int64_t speed_min, speed_ms;
    int connections;                      /* kept open at most */
    aw_fetch_may_connect_fn *may_connect; /* or NULL: always */
    aw_fetch_done_fn *done;
    void *self;
};

struct aw_fetcher;

/* AW_CONFIG where entry is no "host:port:address"; of addresses there may be
 * several, with commas between. */
aw_rc aw_fetch_check_resolve(const char *entry,
                             struct aw_err *err) AW_MUST_USE;

/* AW_CONFIG where resolve or ca_file is none. */
aw_rc aw_fetcher_new(struct aw_fetcher **out,
                     const struct aw_fetch_config *config,
                     struct aw_err *err) AW_MUST_USE;

/* Ends what is under way without calling done. */
void aw_fetcher_free(struct aw_fetcher *fetcher);

/* Starts a request; done is called later, never from here. AW_LIMIT on a URL
 * over AW_URL_MAX. */
aw_rc aw_fetch_start(struct aw_fetcher *fetcher,
                     const struct aw_fetch_request *request,
                     struct aw_err *err) AW_MUST_USE;

/* Ends the requests with that tag: done is not called for them. Not to be
 * called from there. */
void aw_fetch_cancel(struct aw_fetcher *fetcher, const void *tag);

/* Sends what was started, as far as that goes at once. Never calls done, and
 * may be called from there: the server then works on the next request while
 * its last answer is. */
void aw_fetch_push(struct aw_fetcher *fetcher);

/* Does what is due; calls done. *wait_ms: when to call again at the latest. */
void aw_fetch_tick(struct aw_fetcher *fetcher, int *wait_ms);

#endif
