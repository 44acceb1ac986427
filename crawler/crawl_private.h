/* crawl_private.h - what the files of one run share; for crawl*.c alone. */
#ifndef AW_CRAWLER_CRAWL_PRIVATE_H
#define AW_CRAWLER_CRAWL_PRIVATE_H

#include "archive/warc.h"
#include "base/loop.h"
#include "crawler/crawl.h"
#include "crawler/fetch.h"
#include "crawler/frontier.h"
#include "crawler/scope.h"
#include "reader/pool.h"

/* Beside its start pages a source may queue this many URLs a run for each of
 * its pages_max, since some cannot be had; or so many where it has none. */
#define AW_SOURCE_URLS_FACTOR 4
#define AW_SOURCE_URLS_MAX ((int64_t)10 * 1000 * 1000)

/* A source, made ready for asking whether a URL lies on its beat. */
struct aw_beat {
    const struct aw_source *source;
    struct aw_scope *scope;
    struct aw_str *starts; /* canonical; they live as long as scope */
    int64_t pages;         /* asked for in this run */
    int64_t urls;          /* taken up in this run */
    int64_t urls_max;      /* no link is queued beyond */
};

struct aw_crawl {
    const struct aw_crawl_input *in;
    struct aw_crawl_stats *stats;
    int64_t run;
    struct aw_arena arena; /* of the run */
    struct aw_address_policy policy;
    char *user_agent;
    struct aw_sites *sites;
    struct aw_beat *scopes; /* by name */
    size_t scope_count;
    void *origins; /* robots.txt by origin: tree of tsearch(3) */
    struct aw_loop *loop;
    struct aw_fetcher *fetcher;
    struct aw_reader_pool *readers;
    struct aw_frontier *frontier;
    struct aw_warc_writer *warc;
    struct aw_page *pages; /* all that are under way */
    int64_t fetching;      /* requests under way */
    int64_t reading;       /* pages with the readers */
    int64_t uncommitted;
    int64_t committed_ms; /* mono */
    bool in_transaction;
    aw_rc fatal; /* what ended the run, noted in a callback */
    struct aw_err err;
};

/* One request, and the page that comes of it. */
struct aw_page {
    struct aw_crawl *crawl;
    struct aw_page *prev, *next;   /* in crawl->pages */
    struct aw_frontier_host *host; /* NULL once it was given back */
    struct aw_beat *scope;
    struct aw_url_row row; /* texts in the arena below */
    struct aw_str origin;
    bool is_robots;
    bool is_cut;  /* its body was longer than body_max */
    bool is_read; /* a reader has it, who frees it in the end */
    struct aw_arena arena;
    struct aw_capture capture; /* once there is an answer */
};

/* Notes what ends the run; the first failure stays. */
void aw_crawl_fatal(struct aw_crawl *c, const struct aw_err *err);

/* crawl_scope.c */
aw_rc aw_scopes_init(struct aw_crawl *c, struct aw_err *err) AW_MUST_USE;
void aw_scopes_deinit(struct aw_crawl *c);
struct aw_beat *aw_scope_find(struct aw_crawl *c, struct aw_str name);
/* Counts what a run that is taken up again has done already. */
aw_rc aw_scopes_recall(struct aw_crawl *c, struct aw_err *err) AW_MUST_USE;
/* Queues a start page of the source, or a link or redirect found on its beat:
 * these up to urls_max. The first one over it is kept as skipped, and told. */
aw_rc aw_scope_queue_start(struct aw_crawl *c, struct aw_beat *scope,
                           struct aw_url_row *row,
                           struct aw_err *err) AW_MUST_USE;
aw_rc aw_scope_queue(struct aw_crawl *c, struct aw_beat *scope,
                     struct aw_url_row *row, struct aw_err *err) AW_MUST_USE;

/* crawl_robots.c */
enum aw_robots_answer {
    AW_ROBOTS_ALLOWED,
    AW_ROBOTS_DENIED,
    AW_ROBOTS_UNKNOWN, /* robots.txt has to be fetched first */
    AW_ROBOTS_CLOSED   /* it cannot be had for now: 5xx, unreachable */
};
aw_rc aw_robots_ask(struct aw_crawl *c, struct aw_str origin,
                    struct aw_str target, enum aw_robots_answer *answer,
                    struct aw_buf *reason, struct aw_err *err) AW_MUST_USE;
int64_t aw_robots_pause(struct aw_crawl *c, struct aw_str origin);
/* why: where status is 0, why it could not be had. */
aw_rc aw_robots_learn(struct aw_crawl *c, struct aw_str origin, int status,
                      struct aw_str body, const char *why,
                      struct aw_err *err) AW_MUST_USE;
void aw_robots_forget_all(struct aw_crawl *c);

/* crawl_page.c */
aw_rc aw_page_start(struct aw_crawl *c, struct aw_frontier_host *host,
                    const struct aw_url_row *row,
                    struct aw_err *err) AW_MUST_USE;
void aw_page_fetched(void *self, const struct aw_fetch_result *result);
void aw_page_free(struct aw_page *page);

/* crawl_archive.c: writes request and response, fills page->capture. */
aw_rc aw_page_archive(struct aw_page *page,
                      const struct aw_fetch_result *result,
                      struct aw_err *err) AW_MUST_USE;

/* crawl_answer.c */
void aw_page_answered(void *self, void *job, aw_rc rc,
                      const struct aw_answer *answer, const char *why);

#endif
