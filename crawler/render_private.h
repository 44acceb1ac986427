/* render_private.h - what the files of the browser pool share, in reading
 * order:
 *
 *     render.c          the pool: browsers are started, watched, replaced
 *     render_page.c     a page's way through a browser, step by step
 *     render_fetch.c    its requests, stopped in the browser and made here
 *     render_frames.c   its frames and windows: let go, closed, read
 *     render_script.c   what is asked of the page in a world of our own
 *     render_process.c  the browser's processes
 *     devtools.c        the pipe
 */
#ifndef AW_CRAWLER_RENDER_PRIVATE_H
#define AW_CRAWLER_RENDER_PRIVATE_H

#include "base/arena.h"
#include "crawler/devtools.h"
#include "crawler/render.h"
#include "crawler/render_process.h"

#define AW_RENDER_NOTE_MAX 256
#define AW_RENDER_COMMAND_MAX ((size_t)32 << 20)

enum aw_render_phase {
    AW_RENDER_IDLE,   /* there is no page */
    AW_RENDER_QUEUED, /* its browser is to come up */
    AW_RENDER_OPENING,
    AW_RENDER_LOADING,
    AW_RENDER_SCROLLING,
    AW_RENDER_SETTLING, /* scrolled: what that brought is loaded */
    AW_RENDER_READING,  /* stopped; its HTML is asked for */
    AW_RENDER_FRAMES,   /* then that of its frames */
    AW_RENDER_WAITING,  /* for aw_render_mark */
    AW_RENDER_MARKING   /* boxes, screenshots */
};

struct aw_render_browser;

/* A request of the page. */
struct aw_render_fetch {
    struct aw_render_fetch *next; /* of its page */
    struct aw_render_page *page;
    bool is_main, started;
    bool makes_text; /* what it brings may be text, or hide some */
    char session[AW_DEVTOOLS_ID_MAX], id[AW_DEVTOOLS_ID_MAX];
    struct aw_buf url;
    struct aw_buf fields; /* "name: value" lines */
};

/* A screenshot that is being made, or is. */
struct aw_render_view {
    struct aw_buf png;
    int width, height;
    struct aw_render_box *boxes; /* of the page's arena */
    size_t box_count;
};

/* One to be read, and who is asked for it. */
struct aw_render_frame {
    char session[AW_DEVTOOLS_ID_MAX], id[AW_DEVTOOLS_ID_MAX];
};

struct aw_render_page {
    struct aw_render_browser *browser;
    void *job;
    enum aw_render_phase phase;
    struct aw_arena arena; /* of texts and boxes */
    struct aw_str url;
    bool is_given;
    struct aw_render_given given;
    char context[AW_DEVTOOLS_ID_MAX], target[AW_DEVTOOLS_ID_MAX];
    char session[AW_DEVTOOLS_ID_MAX];
    int64_t world; /* of our scripts; dies with each navigation */
    int64_t started_ms, began_ms; /* wall; mono */
    int64_t opened_ms;            /* mono: when it began to load */
    int64_t waited_ms;            /* for aw_render_mark, all in all */
    int64_t quiet_ms;             /* mono: since when nothing is asked for */
    bool committed;               /* there is a document of the page */
    bool loaded;
    bool lacks; /* a part that makes text was not had */
    int asked;  /* how often its HTML was */
    int navigations;
    int status;
    char main_why[AW_RENDER_NOTE_MAX]; /* why the page itself was not had */
    struct aw_render_fetch *fetches;
    int fetching;
    int64_t requests; /* that were taken up */
    int64_t resources, refused, bytes;
    char note[AW_RENDER_NOTE_MAX];
    struct aw_str final_url, title;
    struct aw_buf html; /* with that of its frames behind it */
    bool html_cut;
    /* Sessions of frames that have a process of their own. */
    char children[AW_RENDER_FRAMES_MAX][AW_DEVTOOLS_ID_MAX];
    size_t child_count;
    size_t trees; /* of frames, that are waited for */
    struct aw_render_frame frames[AW_RENDER_FRAMES_MAX];
    size_t frame_count, frame; /* frame: the one that is being read */
    int64_t frames_until_ms;   /* mono */
    int64_t page_height;
    const struct aw_str *quotes;
    size_t quote_count;
    struct aw_render_view views[2];
    size_t view; /* the one that is being made */
};

struct aw_render_browser {
    struct aw_render_pool *pool;
    struct aw_browser_process process;
    struct aw_devtools *devtools; /* NULL: it is not running */
    bool ready;
    char agent[512];                 /* its own User-Agent */
    char product[128];               /* "HeadlessChrome/156.0.8078.108" */
    char doomed[AW_RENDER_NOTE_MAX]; /* why it is to be replaced, or "" */
    bool is_crashed;                 /* that is not the page's doing alone */
    int64_t since_ms;                /* mono: of its start or end */
    int64_t looked_ms;               /* mono: at its memory */
    int pages;                       /* that it had */
    struct aw_render_page page;
};

struct aw_render_pool {
    struct aw_render_pool_config config;
    struct aw_fetcher *fetcher;
    struct aw_render_browser *browsers;
    int failed_starts; /* in a row */
};

/* ---- render.c ----------------------------------------------------------- */

int64_t aw_render_now(const struct aw_render_page *page); /* mono */

/* The browser is ended and replaced at the next tick; the first reason
 * counts. Its page, if any, is told as failed then. */
void aw_render_doom(struct aw_render_browser *browser, bool crashed,
                    const char *why);

/* ---- render_page.c ------------------------------------------------------ */

/* Sends a command to the page, to another session ("": the browser). */
void aw_render_send(struct aw_render_page *page, const char *method,
                    struct aw_str params, aw_devtools_reply_fn *on_reply);

void aw_render_send_to(struct aw_render_page *page, const char *session,
                       const char *method, struct aw_str params,
                       aw_devtools_reply_fn *on_reply);

/* Appends the params of Page.createIsolatedWorld. */
void aw_render_world_params(struct aw_buf *out, const char *frame);

/* All of its HTML is there: the caller gets it. */
void aw_render_tell_dom(struct aw_render_page *page);

void aw_render_open(struct aw_render_page *page);
void aw_render_event(struct aw_render_page *page, struct aw_str method,
                     const struct aw_devtools_message *event);
void aw_render_look(struct aw_render_page *page); /* at its times */

/* Tells it as failed, or done (why NULL), and forgets it. */
void aw_render_end(struct aw_render_page *page, const char *why, bool crashed);

/* What was left out; the first such thing is told. */
void aw_render_note(struct aw_render_page *page, const char *text);

/* A part that makes the page's text is not had, and why. */
void aw_render_lack(struct aw_render_page *page, const char *why);

/* ---- render_fetch.c ----------------------------------------------------- */

void aw_render_paused(struct aw_render_page *page,
                      const struct aw_devtools_message *event);
void aw_render_fetched(void *self, const struct aw_fetch_result *result);

/* The page is over: what it asked for is ended. */
void aw_render_drop_fetches(struct aw_render_page *page);

/* ---- render_frames.c ---------------------------------------------------- */

/* A target was attached to the page, and is gone; a window was opened. */
void aw_render_on_child(struct aw_render_page *page,
                        const struct aw_devtools_message *event);
void aw_render_on_child_gone(struct aw_render_page *page,
                             const struct aw_devtools_message *event);
void aw_render_on_window(struct aw_render_page *page,
                         const struct aw_devtools_message *event);

/* Frames stand still as the page does. */
void aw_render_stop_children(struct aw_render_page *page);

/* The page's own HTML is in page->html: its frames come behind it, each as an
 * iframe with src and srcdoc; then aw_render_tell_dom. */
void aw_render_read_frames(struct aw_render_page *page);
void aw_render_look_at_frames(struct aw_render_page *page); /* at its time */

/* ---- render_script.c ---------------------------------------------------- */

/* Each appends the params of Runtime.evaluate in page->world; that of a frame,
 * in the world that is given, for so many units of its text. */
void aw_render_script_scroll(struct aw_buf *out,
                             const struct aw_render_page *page);
void aw_render_script_dom(struct aw_buf *out,
                          const struct aw_render_page *page);
void aw_render_script_frame(struct aw_buf *out, int64_t world, int64_t most);
void aw_render_script_boxes(struct aw_buf *out,
                            const struct aw_render_page *page);

/* Reads what the last one answers: lines of "quote x y width height". */
aw_rc aw_render_read_boxes(struct aw_str lines, struct aw_render_page *page,
                           struct aw_render_view *view,
                           struct aw_err *err) AW_MUST_USE;

#endif
