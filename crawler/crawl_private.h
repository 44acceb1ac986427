/* crawl_private.h - what the files of one run share, in reading order:
 *
 *     crawl.c          a run: setting up, turning, committing, ending
 *     crawl_beat.c     a source in this run: what is on its beat, its budgets
 *     crawl_page.c     a URL whose turn has come: may it be asked, the request
 *     crawl_robots.c   robots.txt by origin
 *     crawl_fetched.c  an answer or none: redirects, tries, back-off
 *     crawl_archive.c  the answer's records
 *     crawl_visit.c    an answer against the visits before, the next visit
 *     crawl_answer.c   what the reader says: finding, links, landing pages
 *     crawl_render.h   pages that a browser looks at as well: two files more
 */
#ifndef AW_CRAWLER_CRAWL_PRIVATE_H
#define AW_CRAWLER_CRAWL_PRIVATE_H

#include "archive/warc.h"
#include "base/loop.h"
#include "crawler/crawl.h"
#include "crawler/fetch.h"
#include "crawler/frontier.h"
#include "crawler/render.h"
#include "crawler/scope.h"
#include "crawler/seen.h"
#include "crawler/trap.h"
#include "reader/pool.h"

/* Beside its start pages a source may queue this many URLs a run for each of
 * its pages_max, since some cannot be had; or so many where it has none. */
#define AW_SOURCE_URLS_FACTOR 4
#define AW_SOURCE_URLS_MAX ((int64_t)10 * 1000 * 1000)

#define AW_IMAGES_MAX 6       /* of one page, that are read as posters */
#define AW_LANDINGS_MAX 20    /* links followed off the beat of one page */
#define AW_SITEMAP_NESTING 8  /* indexes of indexes, and redirects */
#define AW_REASON_MAX 512     /* bytes of why a page is not asked for */
#define AW_HOST_NOTES_MAX 100 /* of a source and run, of each kind */
#define AW_NAME_SHOWN 255     /* bytes of a host's name in a note */
#define AW_RULES_PART 16      /* hex digits of a hash */
#define AW_RULES_MAX ((size_t)3 * AW_RULES_PART + 3)

/* Notes that there may be of each host. */
enum aw_host_notes { AW_HOST_TRAP, AW_HOST_OVER, AW_HOST_NOTES };

/* A source in this run. */
struct aw_beat {
    const struct aw_source *source;
    struct aw_scope *scope;
    struct aw_str mapping; /* of its listings (extract/mapping.h), or empty */
    char follows[AW_RULES_PART + 1]; /* digest of which links it follows */
    int64_t began_ms;   /* wall, of its first request in this run */
    int64_t urls_max;   /* no link is queued beyond */
    int64_t added;      /* URLs never seen before, since this start */
    int64_t dropped;    /* links beyond, since this start of the run */
    int64_t unrendered; /* pages, for want of a browser, likewise */
    struct aw_coverage did;
    bool changed;        /* did, since the last commit */
    const char *told_of; /* the budget that people were told of */
    int notes[AW_HOST_NOTES];
    int64_t greedy_pages; /* of the host that was asked for most of them */
    char greedy[AW_NAME_SHOWN + 1]; /* its name */
};

struct aw_crawl {
    const struct aw_crawl_input *in;
    struct aw_crawl_stats *stats;
    int64_t run;
    int64_t began_mono_ms;
    struct aw_arena arena; /* of the run */
    struct aw_address_policy policy;
    char *user_agent;
    struct aw_beat *beats; /* by id of their source */
    size_t beat_count;
    struct aw_sites *sites;
    struct aw_seen *looked_at; /* links, as they stand on pages */
    struct aw_seen *trapped;   /* hosts whose first trap was told */
    void *origins;             /* robots.txt by origin: tree of tsearch(3) */
    size_t origin_bytes;       /* of their rules, at most */
    bool forgot_origins;       /* there were too many once */
    struct aw_trap *trap;
    struct aw_loop *loop;
    struct aw_fetcher *fetcher;
    struct aw_reader_pool *readers;
    struct aw_frontier *frontier;
    struct aw_warc_writer *warc;
    struct aw_fetch_chains chains; /* that are in it */
    int64_t via;                   /* id of the URL below, or 0 */
    struct aw_buf via_url; /* looked up last, for many are found on it */
    struct aw_page *pages; /* all that are under way */
    struct aw_page *idle;  /* for the next ones */
    int idle_count;
    int64_t fetching;           /* requests under way */
    int64_t reading;            /* pages with the readers */
    struct aw_renders *renders; /* of crawl_render.c */
    struct aw_str browser;      /* path */
    int64_t rendering;          /* pages in browsers */
    int64_t uncommitted;
    int64_t committed_ms; /* mono */
    int64_t commit_ms;    /* from one commit to the next */
    bool in_transaction;
    bool winds_up; /* nothing more is started */
    aw_rc fatal;   /* what ended the run, noted in a callback */
    struct aw_err err;
};

/* One request, and the page that comes of it. */
struct aw_page {
    struct aw_crawl *crawl;
    struct aw_page *prev, *next;    /* in crawl->pages */
    struct aw_frontier_host *host;  /* of its URL */
    struct aw_frontier_host *asker; /* whose robots.txt lies there; or NULL */
    bool holds_host;                /* it was not given back yet */
    struct aw_beat *beat;
    struct aw_url_row row; /* texts in the arena below */
    struct aw_str origin;
    bool is_robots;
    bool is_cut;         /* its body was longer than body_max */
    bool is_read;        /* a reader has it, who frees it in the end */
    bool nofollow;       /* X-Robots-Tag says so */
    bool is_new_finding; /* what was found on it is */
    bool to_render;      /* a browser is to look at it as well */
    bool is_scripted;    /* for it shows more to a browser */
    struct aw_render_job *render; /* it is what a browser showed; or NULL */
    struct aw_arena arena;
    bool is_known;            /* it was read before: as in known */
    struct aw_page_row known; /* becomes what is known after this visit */
    /* What is known of the answer, once it was read. */
    struct aw_str etag, last_modified, record;
    int64_t record_ms;
    struct aw_capture capture; /* once there is an answer */
};

/* Notes what ends the run; the first failure stays. */
void aw_crawl_fatal(struct aw_crawl *c, const struct aw_err *err);

/* Starts what is due and sends it, before the answer that made it due is
 * worked on. */
aw_rc aw_crawl_go_on(struct aw_crawl *c, struct aw_err *err) AW_MUST_USE;

/* What all of its requests have in common; without may_connect and done. */
struct aw_fetch_config aw_crawl_fetch_config(const struct aw_crawl *c);

/* ---- crawl_beat.c ------------------------------------------------------- */

/* Adds to what the source and the whole run did. */
#define AW_COUNT(c, beat, what, n)                         \
    ((c)->stats->did.what += (n), (beat)->did.what += (n), \
     (beat)->changed = true)

aw_rc aw_beats_init(struct aw_crawl *c, struct aw_err *err) AW_MUST_USE;
void aw_beats_deinit(struct aw_crawl *c);

/* Before there is a frontier: queues what is due in a new run; recalls what
 * one that is taken up again has done. */
aw_rc aw_beats_recall(struct aw_crawl *c, struct aw_err *err) AW_MUST_USE;

/* And then the start pages. */
aw_rc aw_beats_start(struct aw_crawl *c, struct aw_err *err) AW_MUST_USE;

/* Writes what changed into the store; at the end of the run also what is left
 * for the next one. */
aw_rc aw_beats_keep(struct aw_crawl *c, struct aw_err *err) AW_MUST_USE;
aw_rc aw_beats_end(struct aw_crawl *c, struct aw_err *err) AW_MUST_USE;

/* NULL where no source of the config has this id. */
struct aw_beat *aw_beat_find(struct aw_crawl *c, int64_t source);

/* The one budget that is a host's. */
#define AW_OVER_HOST "host_pages_max of its source"

/* Why no more pages of the source, or of this host, are asked for in this
 * run; NULL: they are. */
const char *aw_beat_over(struct aw_crawl *c, struct aw_beat *beat,
                         struct aw_frontier_host *host);

/* Queues a URL that was found for the source, unless it is part of a trap
 * (found_on is the URL of the page) or the source has too many: then it is
 * kept as skipped. Fills row->id, 0 where it was passed over. */
aw_rc aw_beat_queue(struct aw_crawl *c, struct aw_beat *beat,
                    struct aw_url_row *row, struct aw_str found_on, bool force,
                    struct aw_err *err) AW_MUST_USE;

/* The same question before a URL is asked for that an earlier run queued, or
 * refused: traps are told anew in each run. Not of a page with a finding. */
aw_rc aw_beat_check_trap(struct aw_crawl *c, struct aw_beat *beat,
                         const struct aw_url_row *row, struct aw_buf *reason,
                         bool *trap, struct aw_err *err) AW_MUST_USE;

/* Tells people of it, once a run. */
aw_rc aw_beat_note(struct aw_crawl *c, const struct aw_beat *beat,
                   const char *text, struct aw_err *err) AW_MUST_USE;

/* The same of one host of many: after AW_HOST_NOTES_MAX hosts it says that
 * there are more, and then nothing. */
aw_rc aw_beat_note_host(struct aw_crawl *c, struct aw_beat *beat,
                        enum aw_host_notes kind, const char *text,
                        struct aw_err *err) AW_MUST_USE;

/* The priority of a URL that was found. */
int64_t aw_url_priority(enum aw_via via, int64_t depth);

/* ---- crawl_robots.c ----------------------------------------------------- */

enum aw_robots_answer {
    AW_ROBOTS_ALLOWED,
    AW_ROBOTS_DENIED,
    AW_ROBOTS_UNKNOWN, /* robots.txt has to be fetched first */
    AW_ROBOTS_CLOSED   /* it cannot be had for now: 5xx, unreachable */
};
aw_rc aw_robots_ask(struct aw_crawl *c, struct aw_str origin,
                    struct aw_str target, enum aw_robots_answer *answer,
                    struct aw_buf *reason, struct aw_err *err) AW_MUST_USE;

/* Crawl-delay in ms; -1: none. */
int64_t aw_robots_pause(struct aw_crawl *c, struct aw_str origin);

/* Where robots.txt of this origin is to be asked for: where the last answer
 * led, or at the origin itself. */
aw_rc aw_robots_url(const struct aw_crawl *c, struct aw_str origin,
                    struct aw_buf *url, struct aw_err *err) AW_MUST_USE;

/* The page, which asked for robots.txt, was sent on to location: that is asked
 * next. *problem is why not, or NULL. */
aw_rc aw_robots_hop(struct aw_page *page, struct aw_str location,
                    const char **problem, struct aw_err *err) AW_MUST_USE;

/* Takes the answer of page, which asked for robots.txt, and queues the
 * sitemaps that it names. why: where status is 0, why there was none. */
aw_rc aw_robots_learn(struct aw_page *page, int status, struct aw_str body,
                      const char *why, struct aw_err *err) AW_MUST_USE;
void aw_robots_forget_all(struct aw_crawl *c);

/* ---- crawl_page.c ------------------------------------------------------- */

/* host may be NULL where nothing is asked of it. */
aw_rc aw_page_new(struct aw_crawl *c, struct aw_frontier_host *host,
                  struct aw_beat *beat, const struct aw_url_row *row,
                  struct aw_page **out, struct aw_err *err) AW_MUST_USE;
aw_rc aw_page_start(struct aw_crawl *c, struct aw_frontier_host *host,
                    const struct aw_url_row *row,
                    struct aw_err *err) AW_MUST_USE;
void aw_page_free(struct aw_page *page);

/* Takes the host that a URL lies at, on behalf of asker's page or (NULL) of
 * none: asker itself, where it is its own. Else it is asked as any other, at
 * its own pace; *target NULL: not now, but at *due_ms. */
aw_rc aw_page_claim_host(struct aw_crawl *c, struct aw_frontier_host *asker,
                         const struct aw_beat *beat, struct aw_str url,
                         struct aw_frontier_host **target, int64_t *due_ms,
                         struct aw_err *err) AW_MUST_USE;

/* At the end of the run: all that are under way, and the idle ones. */
void aw_pages_free(struct aw_crawl *c);

/* ---- crawl_fetched.c ---------------------------------------------------- */

void aw_page_fetched(void *self, const struct aw_fetch_result *result);
bool aw_page_may_connect(void *self, void *tag, const char *address);

/* Gives the host that the page holds back, to be left alone as long as after
 * that answer; NULL: as after one of which nothing is known. */
aw_rc aw_page_give_host_back(struct aw_page *page,
                             const struct aw_fetch_result *result,
                             struct aw_err *err) AW_MUST_USE;

/* ---- crawl_archive.c ---------------------------------------------------- */

/* Writes the answer's records and fills page->capture. full: the payload is
 * written; else a revisit of the record in page->known. */
aw_rc aw_page_archive(struct aw_page *page,
                      const struct aw_fetch_result *result, bool full,
                      struct aw_err *err) AW_MUST_USE;

/* ---- crawl_visit.c ------------------------------------------------------ */

/* What the reading of a page hangs on, in short: lexicon and model of the
 * readers, and which links its source follows. */
void aw_visit_rules(const struct aw_crawl *c, const struct aw_beat *beat,
                    char out[AW_RULES_MAX]);

/* Recalls earlier visits before the page is asked for. */
aw_rc aw_visit_recall(struct aw_page *page, struct aw_err *err) AW_MUST_USE;

/* The page as it was read may stand for what it is now, if the server says
 * so: no finding on it, read with the rules of this run. */
bool aw_visit_may_skip(const struct aw_page *page);

/* The body is what was read at the last visit, byte for byte. */
bool aw_visit_is_same(struct aw_page *page,
                      const struct aw_fetch_result *result);

/* Ends a page that is as it was at its last visit, after its archiving. */
aw_rc aw_visit_unchanged(struct aw_page *page, struct aw_err *err) AW_MUST_USE;

/* Ends a page that a reader read. */
aw_rc aw_visit_read(struct aw_page *page, const struct aw_answer *answer,
                    const char *reason, struct aw_err *err) AW_MUST_USE;

/* So many URLs were found on it that nobody knew: of a start page that says
 * whether it is still kept. */
aw_rc aw_visit_linked(struct aw_page *page, int64_t new_links,
                      struct aw_err *err) AW_MUST_USE;

/* Its links were not all taken: it is read again at its next visit, whatever
 * its server says. */
aw_rc aw_visit_read_again(struct aw_page *page,
                          struct aw_err *err) AW_MUST_USE;

/* Ends a page without one: redirect, no text, or failed. Its capture, where
 * it has one, is kept. */
aw_rc aw_visit_end(struct aw_page *page, const char *state, const char *reason,
                   struct aw_err *err) AW_MUST_USE;

/* ---- crawl_answer.c ----------------------------------------------------- */

void aw_page_answered(void *self, void *job, aw_rc rc,
                      const struct aw_answer *answer, const char *why);

/* Of a page whose capture is in the store. */
aw_rc aw_page_add_finding(struct aw_page *page, const struct aw_answer *answer,
                          struct aw_err *err) AW_MUST_USE;
aw_rc aw_page_add_links(struct aw_page *page, const struct aw_answer *answer,
                        struct aw_err *err) AW_MUST_USE;

/* ---- crawl_render.c ----------------------------------------------------- */

/* Once the run has begun; frees nothing of the run's. */
aw_rc aw_renders_start(struct aw_crawl *c, struct aw_err *err) AW_MUST_USE;
void aw_renders_free(struct aw_crawl *c);

/* Decides whether a browser looks at the page, which was read and found on;
 * and, once what is known of it was kept, that it shows more to a browser. */
aw_rc aw_render_want(struct aw_page *page, const struct aw_answer *answer,
                     struct aw_err *err) AW_MUST_USE;
aw_rc aw_render_wanted(struct aw_page *page, struct aw_err *err) AW_MUST_USE;

/* All that was archived is on disk. */
void aw_renders_committed(struct aw_crawl *c);

/* Starts and looks after pages in browsers; *wait_ms becomes no longer. */
aw_rc aw_renders_turn(struct aw_crawl *c, int *wait_ms,
                      struct aw_err *err) AW_MUST_USE;

/* Pages wait for a browser. */
bool aw_renders_wait(const struct aw_crawl *c);

/* What a reader says of page, which has a render job. */
void aw_render_answered(struct aw_page *page, aw_rc rc,
                        const struct aw_answer *answer, const char *why);

/* At the end of a run: tells what was not rendered, and why. */
aw_rc aw_renders_note(struct aw_crawl *c, struct aw_err *err) AW_MUST_USE;

#endif
