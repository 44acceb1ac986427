/* crawl_render.h - what the files of a run that render share:
 *
 *     crawl_render.c    which pages, the browser's requests
 *     crawl_render_own.c  pages that the browser asks for by itself
 *     crawl_render_turns.c  whose turn it is, and how long
 *     crawl_rendered.c  what the browser showed: records, findings, rows
 */
#ifndef AW_CRAWLER_CRAWL_RENDER_H
#define AW_CRAWLER_CRAWL_RENDER_H

#include "crawler/crawl_private.h"
#include "crawler/render_record.h"

/* A claim of the page as fetched, or of what the browser made of it. */
struct aw_render_claim {
    int64_t id;
    struct aw_str class, quote; /* quote: without white space */
};

/* A page in a browser. It lives until both the browser and the reader are
 * done with it. */
struct aw_render_job {
    struct aw_crawl *crawl;
    struct aw_render_job *prev, *next; /* in renders->jobs */
    struct aw_arena arena;
    struct aw_render_row row;
    struct aw_capture plain;
    struct aw_beat *beat;             /* of its source; NULL: that is gone */
    struct aw_page *page;             /* as rendered: of crawl->pages */
    struct aw_str head, body;         /* of the page as fetched */
    struct aw_render_answers answers; /* that the browser got */
    int status;
    bool is_cut;    /* that was longer than body_max */
    bool own;       /* the browser asks for it by itself */
    bool waits;     /* for a browser, or for its host */
    int64_t due_ms; /* mono: and till then for its host */
    bool reading;   /* a reader has its HTML */
    bool has_dom;   /* it was archived: there is no second try */
    bool is_whole;  /* and lacks nothing that may be text */
    bool over;      /* the browser is done with it */
    struct aw_render_claim *claims;
    size_t claim_count;
    struct aw_shot_row shots[2]; /* in the archive; a row each in the end */
    size_t shot_count;
};

/* Rows of a source, by their ids, that wait for a browser. */
struct aw_render_queue {
    int64_t *ids;
    size_t next, count, cap;
};

enum { AW_RENDER_FINDINGS, AW_RENDER_OTHERS, AW_RENDER_QUEUES };

struct aw_render_turn { /* of a source */
    struct aw_render_queue queues[AW_RENDER_QUEUES];
    int64_t taken; /* since this start of the run */
};

struct aw_renders {
    struct aw_render_pool *pool; /* NULL: nothing is rendered */
    char why[AW_REASON_MAX / 2]; /* then why, or empty: so it was wanted */
    struct aw_render_job *jobs;
    int64_t queued;    /* id of the last row that is */
    int64_t committed; /* the same, as of the last commit: its bytes are on
                        * disk */
    struct aw_render_turn *turns; /* as crawl->beats */
    size_t turn;                  /* whose is next */
    int64_t spent_ms; /* by browsers, since this start of the run */
};

/* A record that the archive refuses concerns itself alone. */
static inline bool aw_render_refused(aw_rc rc)
{
    return rc == AW_INVALID || rc == AW_LIMIT;
}

/* ---- crawl_render.c ----------------------------------------------------- */

/* The page shows less to us than to a browser: the same bytes may be another
 * page. */
bool aw_render_is_scripted(struct aw_str cause);

void aw_render_job_free(struct aw_render_job *job);

/* Ends the run where rc is none that it can go on with. */
void aw_render_fail(struct aw_render_job *job, aw_rc rc,
                    const struct aw_err *err);

/* What became of the page, as its row has it. */
void aw_render_end_row(struct aw_render_job *job, const char *state,
                       const char *reason);

/* No browser comes up: all pages that wait are told so. */
void aw_render_give_up(struct aw_crawl *c, const char *why);

/* Reads the page as fetched; without its body where the browser asks for it
 * by itself. */
aw_rc aw_render_read_plain(struct aw_render_job *job,
                           struct aw_err *err) AW_MUST_USE;

/* ---- crawl_render_own.c ------------------------------------------------- */

/* Decides job->own. A new finding is to be seen twice: as fetched, and as the
 * browser fetches it, each for itself. */
aw_rc aw_render_own_decide(struct aw_render_job *job,
                           struct aw_err *err) AW_MUST_USE;

/* Takes the page's host, whose pause holds for the browser too. Not *ready:
 * the job waits till job->due_ms. Where that takes too long or the source is
 * over its budget the browser is given the page as fetched. */
aw_rc aw_render_own_take_host(struct aw_render_job *job, bool *ready,
                              struct aw_err *err) AW_MUST_USE;

/* The page's answer came, or (NULL) the browser is done without one. Nothing
 * is done where the host is not held. */
void aw_render_own_give_back(struct aw_render_job *job,
                             const struct aw_fetch_result *answer);

/* The browser did not get it by itself: it is given it as fetched. */
bool aw_render_own_fall_back(struct aw_render_job *job,
                             const struct aw_render_result *result);

/* ---- crawl_render_turns.c ----------------------------------------------- */

aw_rc aw_render_turns_init(struct aw_crawl *c, struct aw_err *err) AW_MUST_USE;
void aw_render_turns_deinit(struct aw_crawl *c);

/* A row of the source waits, for that cause. */
aw_rc aw_render_enqueue(struct aw_crawl *c, const struct aw_beat *beat,
                        int64_t id, struct aw_str cause,
                        struct aw_err *err) AW_MUST_USE;

/* Whose turn it is, of the rows up to `last`; 0: there is none. */
int64_t aw_render_dequeue(struct aw_crawl *c, int64_t last);

/* The budget for which no more pages of the source are rendered in this run;
 * NULL: they are. Its rows wait for the next one. */
const char *aw_render_over(const struct aw_crawl *c,
                           const struct aw_beat *beat);

/* How many rows of the source wait. */
int64_t aw_render_left(const struct aw_crawl *c, const struct aw_beat *beat);

/* ---- crawl_rendered.c: calls of the pool -------------------------------- */

void aw_rendered_dom(void *self, void *job, struct aw_str html, bool whole);
void aw_rendered_done(void *self, void *job,
                      const struct aw_render_result *result);

#endif
