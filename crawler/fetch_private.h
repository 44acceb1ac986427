/* fetch_private.h - what fetch.c, fetch_names.c and fetch_result.c share: a
 * request under way.
 */
#ifndef AW_CRAWLER_FETCH_PRIVATE_H
#define AW_CRAWLER_FETCH_PRIVATE_H

#include <curl/curl.h>

#include "crawler/fetch.h"
#include "crawler/peer.h"
#include "crawler/resolve.h"
#include "crawler/url.h"

enum aw_naming {
    AW_NAMING_DONE,   /* libcurl has it, or needs none */
    AW_NAMING_ASKED,  /* the resolver is at it: libcurl has nothing yet */
    AW_NAMING_FAILED, /* it gave no address */
};

struct aw_transfer {
    struct aw_fetcher *fetcher;
    struct aw_transfer *next; /* in the list of idle ones */
    struct aw_transfer *active_prev, *active_next;
    void *easy;                 /* of libcurl */
    struct curl_slist *headers; /* of a conditional request */
    void *host, *tag;
    bool head_is_whole;
    /* What became of its addresses. */
    bool refused; /* one, by the address policy */
    bool busy;    /* one, by may_connect */
    bool tried;   /* one was connected to, or it was tried */
    bool over_head, over_lines, over_body, too_slow, flooded;
    int64_t messages; /* of TLS, since the last piece of head or body */
    int64_t unseen;   /* bytes of a body, likewise */
    int fd;           /* of its connection, or -1 */
    int64_t lines;
    int64_t started_ms, started_mono_ms;
    int64_t span_ms, span_bytes; /* since when the speed is taken; mono */
    /* What the name of its host gave. */
    enum aw_naming naming;
    char name[AW_RESOLVE_HOST_MAX]; /* of the host, where it is asked for */
    uint16_t port;
    struct curl_slist *resolve; /* the same for libcurl */
    struct aw_buf dns;          /* addresses with commas between */
    const char *dns_source;
    int64_t dns_ms; /* wall */
    struct aw_buf request, head, body, robots_tag, coding, organisation;
    /* Of TLS; empty where there is none. */
    struct aw_buf chain;
    char chain_sha256[AW_SHA256_HEX_MAX];
    char tls_protocol[AW_PEER_NAME_MAX], tls_cipher[AW_PEER_NAME_MAX];
    char why[CURL_ERROR_SIZE];
};

struct aw_fetcher {
    struct aw_fetch_config config;
    void *multi; /* of libcurl */
    struct curl_slist *resolve;
    struct curl_slist *headers;
    struct curl_slist *robots_headers;
    struct aw_transfer *idle;
    struct aw_transfer *active;
    struct aw_resolver *resolver;
    int failed_names;     /* transfers that are to be told of it */
    int64_t timer_ms;     /* mono; -1: none */
    int64_t ticked_ms;    /* mono */
    int64_t speed_due_ms; /* mono */
    unsigned char is_connection[AW_LOOP_FDS_MAX]; /* by descriptor */
};

/* ---- fetch_names.c -------------------------------------------------------
 */

aw_rc aw_fetch_names_new(struct aw_fetcher *fetcher,
                         struct aw_err *err) AW_MUST_USE;

/* Sends the request, or asks for its host's name first. False: it cannot be
 * begun. */
bool aw_transfer_begin(struct aw_transfer *t, struct aw_str url);

/* ---- fetch_result.c ------------------------------------------------------
 */

/* Tells the caller what came of the transfer, or why nothing did. */
void aw_transfer_tell(struct aw_transfer *t, CURLcode code);

#endif
