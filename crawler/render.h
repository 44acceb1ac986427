/* render.h - pages as a browser shows them: a pool of browsers.
 *
 * A page is loaded, its scripts run, it is scrolled through once and then
 * stopped; what it holds by then comes as HTML, its frames, of whatever
 * origin, behind it; and as two screenshots with the boxes of the texts that
 * the caller names. The page's way:
 *
 *     aw_render_ask ... fetched (once for each answer) ... dom ...
 *     aw_render_mark ... done
 *
 * Every request of a page is stopped in the browser (Fetch.requestPaused) and
 * made here, by fetch.h: with its address policy and limits, and no other way
 * out. Only http, https and GET; no video or sound; nothing beyond
 * resources_max and bytes_max. The page itself may be given with the request:
 * then it is not asked for a second time.
 *
 * Each page has a profile of its own, which is gone afterwards. Dialogs are
 * closed, downloads refused, new windows closed. A browser that crashes, hangs
 * or takes too much memory is ended and replaced; its page is told as failed
 * with the cause, and so are all where no browser can be started.
 *
 * Lives in the caller's loop: calls come from aw_loop_wait and aw_render_tick,
 * never from aw_render_ask; done may come from aw_render_mark's page later.
 */
#ifndef AW_CRAWLER_RENDER_H
#define AW_CRAWLER_RENDER_H

#include "base/config.h"
#include "crawler/fetch.h"

#define AW_RENDER_QUOTES_MAX 200
#define AW_RENDER_BOXES_MAX 1000    /* of one screenshot */
#define AW_RENDER_BOXES_OF_QUOTE 20 /* of one text in it */
#define AW_RENDER_PNG_MAX ((size_t)64 << 20)
#define AW_RENDER_TITLE_MAX 1024
#define AW_RENDER_FRAMES_MAX 50     /* of one page, that are read */
#define AW_RENDER_NAVIGATIONS_MAX 5 /* of the page itself */

/* A page that was fetched already. */
struct aw_render_given {
    int status;
    struct aw_str head; /* of HTTP, as it came */
    struct aw_str body; /* content-coding undone */
};

/* Pixels of the page from its left upper corner. */
struct aw_render_box {
    size_t quote; /* index */
    int x, y, width, height;
};

struct aw_render_shot {
    const char *kind; /* "first": the first screen; "full": the whole page */
    struct aw_str png;
    int width, height;
    const struct aw_render_box *boxes;
    size_t box_count;
};

/* Views that die with the call of done. */
struct aw_render_result {
    aw_rc rc;          /* AW_OK, or AW_FAIL with the cause in why */
    const char *why;   /* "no answer within page_ms", "page crashed" ... */
    const char *note;  /* what was left out ("scripts stopped after load_ms"),
                        * or empty */
    bool crashed;      /* the browser ended, or its page: worth a second try */
    bool no_browser;   /* none can be started: others would fail as well */
    struct aw_str url; /* where it ended up */
    struct aw_str title;
    int status;
    int viewport_width, viewport_height;
    bool mobile;
    struct aw_render_shot shots[2];
    size_t shot_count;
    int64_t resources; /* answers that it got */
    int64_t refused;   /* requests that were not made, or had no answer */
    int64_t bytes;     /* of the answers */
    int64_t started_ms, elapsed_ms;
    struct aw_str browser; /* "Chrome/156.0.8078.108", as it says itself */
};

struct aw_render_fetched {
    struct aw_str url;
    bool is_page; /* the page itself, and no part of it */
    const struct aw_fetch_result *answer;
};

struct aw_render_calls {
    /* May the page itself be asked for there? NULL, or why not. Not asked for
     * a page that was given. */
    const char *(*may_visit)(void *self, void *job, struct aw_str url);
    /* An answer, before the page gets it. */
    void (*fetched)(void *self, void *job,
                    const struct aw_render_fetched *fetched);
    /* The page as it stands, UTF-8; each frame that shows text as an iframe
     * with src, where it stands at, and srcdoc. whole false: there is more of
     * it, since html_max cut it, or a part that makes its text (script, style,
     * data, frame) was not had. aw_render_mark is to follow, now or later. */
    void (*dom)(void *self, void *job, struct aw_str html, bool whole);
    void (*done)(void *self, void *job, const struct aw_render_result *result);
};

struct aw_render_pool_config {
    const struct aw_render_config *limits;
    const char *program; /* as aw_browser_find gave it */
    bool network;    /* the browser stays in the machine's network namespace */
    int64_t mark_ms; /* how long to wait for aw_render_mark; then there are
                      * screenshots without boxes. 0: three minutes */
    struct aw_fetch_config fetch; /* without may_connect, done and self */
    struct aw_render_calls calls;
    void *self;
};

struct aw_render_pool;

/* The browsers are started when there is work. */
aw_rc aw_render_pool_new(struct aw_render_pool **out,
                         const struct aw_render_pool_config *config,
                         struct aw_err *err) AW_MUST_USE;

/* Ends all browsers; pages under way are not told. */
void aw_render_pool_free(struct aw_render_pool *pool); /* NULL is fine */

/* Is a browser free for one more page? */
bool aw_render_has_room(const struct aw_render_pool *pool);

/* Hands a page over; all is copied. given may be NULL. Only where there is
 * room. */
aw_rc aw_render_ask(struct aw_render_pool *pool, struct aw_str url,
                    const struct aw_render_given *given, void *job,
                    struct aw_err *err) AW_MUST_USE;

/* What to find in the page of this job, whose dom was told: its screenshots
 * are made now. Texts are found without regard to white space. A job that is
 * over by now is none. */
void aw_render_mark(struct aw_render_pool *pool, const void *job,
                    const struct aw_str *quotes, size_t count);

/* Looks at times and memory, replaces browsers; *wait_ms: when to call again
 * at the latest. */
void aw_render_tick(struct aw_render_pool *pool, int *wait_ms);

/* The process of a browser, for tests; 0: none. */
int aw_render_pid(const struct aw_render_pool *pool, int browser);

#endif
