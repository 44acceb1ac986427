/* crawl_render.h - what the two files of a run that render share:
 *
 *     crawl_render.c    which pages, their turn, the browser's requests
 *     crawl_rendered.c  what the browser showed: records, findings, rows
 */
#ifndef AW_CRAWLER_CRAWL_RENDER_H
#define AW_CRAWLER_CRAWL_RENDER_H

#include "crawler/crawl_private.h"

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
    struct aw_page *page;     /* as rendered: of crawl->pages */
    struct aw_str head, body; /* of the page as fetched */
    int status;
    bool waits;   /* for a browser */
    bool reading; /* a reader has its HTML */
    bool has_dom; /* it was archived: there is no second try */
    bool over;    /* the browser is done with it */
    struct aw_render_claim *claims;
    size_t claim_count;
};

struct aw_renders {
    struct aw_render_pool *pool; /* NULL: nothing is rendered */
    char why[AW_REASON_MAX / 2]; /* then why, or empty: so it was wanted */
    struct aw_render_job *jobs;
    int64_t queued;    /* id of the last row that is */
    int64_t committed; /* the same, as of the last commit: its bytes are on
                        * disk */
    int64_t taken;     /* id of the last row that became a job */
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

/* ---- crawl_rendered.c: calls of the pool -------------------------------- */

void aw_rendered_dom(void *self, void *job, struct aw_str html, bool cut);
void aw_rendered_done(void *self, void *job,
                      const struct aw_render_result *result);

#endif
