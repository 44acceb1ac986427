#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crawler/crawl_render.h"
#include "crawler/head.h"
#include "crawler/render_process.h"
#include "crawler/render_record.h"
#include "crawler/robots.h"
#include "crawler/url.h"
#include "extract/inflate.h"

#define SHOWN_FEW 200   /* code points: a page of scripts shows no more */
#define WAITING_MOST 64 /* jobs, for their hosts */
#define JOB_ARENA_MAX ((size_t)64 << 20)

/* ---- which pages -------------------------------------------------------- */

static bool is_html(const struct aw_page *page, const struct aw_answer *answer)
{
    struct aw_str mime = page->capture.mime;

    return page->row.via != AW_VIA_SITEMAP && answer->sitemap.len == 0 &&
           (mime.len == 0 || aw_str_eq(mime, AW_STR("text/html")) ||
            aw_str_starts(mime, AW_STR("application/xhtml")));
}

static bool shows_little(const struct aw_answer *answer)
{
    return answer->scripts > 0 && answer->shown < SHOWN_FEW;
}

/* Why a browser is to look at the page; empty: it is not. */
static aw_rc find_cause(struct aw_page *page, const struct aw_answer *answer,
                        struct aw_str *cause, struct aw_err *err)
{
    enum aw_render_way way = page->beat->source->render;
    bool seen = false;
    aw_rc rc = AW_OK;

    *cause = AW_STR("");
    if (way == AW_RENDER_NO || !is_html(page, answer))
        return AW_OK;
    if (page->is_known)
        rc = aw_store_is_seen_rendered(page->crawl->in->store, page->row.url,
                                       &seen, err);
    if (way == AW_RENDER_YES)
        *cause = AW_STR("source");
    else if (shows_little(answer))
        *cause = AW_STR("scripts");
    else if (seen)
        *cause = AW_STR("seen so before");
    else if (page->is_new_finding)
        *cause = AW_STR("finding");
    return rc;
}

bool aw_render_is_scripted(struct aw_str cause)
{
    return !aw_str_eq(cause, AW_STR("finding"));
}

aw_rc aw_render_want(struct aw_page *page, const struct aw_answer *answer,
                     struct aw_err *err)
{
    struct aw_crawl *c = page->crawl;
    struct aw_renders *renders = c->renders;
    struct aw_render_row row = {.capture = page->capture.id,
                                .url = page->row.id,
                                .state = AW_STR("queued")};
    aw_rc rc = AW_OK;

    if (!renders->pool && !renders->why[0])
        return AW_OK;
    rc = find_cause(page, answer, &row.cause, err);
    if (rc != AW_OK || row.cause.len == 0)
        return rc;
    if (!renders->pool) {
        row.state = AW_STR("skipped");
        row.reason = aw_str_of(renders->why);
        page->beat->unrendered++;
        AW_COUNT(c, page->beat, unrendered, 1);
    }
    rc = aw_store_render_add(c->in->store, &row, err);
    if (rc == AW_OK && renders->pool) {
        renders->queued = row.id;
        rc = aw_render_enqueue(c, page->beat, row.id, row.cause, err);
    }
    page->to_render = true;
    page->is_scripted = aw_render_is_scripted(row.cause);
    return rc;
}

aw_rc aw_render_wanted(struct aw_page *page, struct aw_err *err)
{
    return page->is_scripted
               ? aw_store_page_is_scripted(page->crawl->in->store,
                                           page->row.id, err)
               : AW_OK;
}

/* ---- a job -------------------------------------------------------------- */

static void drop_job(struct aw_render_job *job)
{
    if (job->page)
        aw_page_free(job->page);
    aw_render_answers_deinit(&job->answers);
    aw_arena_deinit(&job->arena);
    free(job);
}

void aw_render_job_free(struct aw_render_job *job)
{
    if (job->prev)
        job->prev->next = job->next;
    else
        job->crawl->renders->jobs = job->next;
    if (job->next)
        job->next->prev = job->prev;
    drop_job(job);
}

void aw_render_fail(struct aw_render_job *job, aw_rc rc,
                    const struct aw_err *err)
{
    if (rc != AW_OK)
        aw_crawl_fatal(job->crawl, err);
}

void aw_render_end_row(struct aw_render_job *job, const char *state,
                       const char *reason)
{
    struct aw_crawl *c = job->crawl;
    struct aw_err err;

    job->row.state = aw_str_of(state);
    job->row.reason = aw_str_of(reason);
    aw_render_fail(job, aw_store_render_end(c->in->store, &job->row, &err),
                   &err);
    c->uncommitted++;
    if (job->beat && strcmp(state, "done") == 0)
        AW_COUNT(c, job->beat, rendered, 1);
    else if (job->beat)
        AW_COUNT(c, job->beat, unrendered, 1);
    if (strcmp(state, "done") != 0)
        aw_log(c->in->log, AW_LOG_WARN, "page not rendered", "url",
               job->plain.url.ptr, "why", reason, (char *)NULL);
}

/* What the server says of the page's links holds for those of scripts too. */
static aw_rc take_nofollow(struct aw_render_job *job, struct aw_err *err)
{
    const char *agent = job->crawl->in->config->agent.name;
    struct aw_buf values;
    aw_rc rc;

    aw_buf_init(&values, AW_FETCH_ROBOTS_TAG_MAX);
    aw_head_join(job->head, AW_STR("x-robots-tag"), "\n", &values);
    rc = aw_buf_check(&values, err);
    if (rc == AW_OK)
        job->page->nofollow =
            aw_robots_tag_nofollow(aw_buf_str(&values), aw_str_of(agent));
    aw_buf_deinit(&values);
    return rc;
}

/* The page as the archive has it, its coding undone. */
static aw_rc take_record(struct aw_render_job *job,
                         const struct aw_warc_record *record,
                         struct aw_err *err)
{
    size_t most = (size_t)job->crawl->in->config->crawl.decoded_max;
    struct aw_str coding =
        aw_warc_http_field(record->head, AW_STR("content-encoding"));
    struct aw_buf plain;
    aw_rc rc = aw_arena_dup(&job->arena, record->head, &job->head, err);

    job->status = record->status;
    job->is_cut = record->truncated.len > 0;
    if (rc != AW_OK || job->own)
        return rc;
    if (coding.len == 0)
        return aw_arena_dup(&job->arena, record->body, &job->body, err);
    aw_buf_init(&plain, 2 * most);
    rc = aw_inflate(coding, record->body, most, &plain, err);
    if (rc == AW_OK)
        rc = aw_arena_dup(&job->arena, aw_buf_str(&plain), &job->body, err);
    aw_buf_deinit(&plain);
    return rc;
}

aw_rc aw_render_read_plain(struct aw_render_job *job, struct aw_err *err)
{
    struct aw_warc_place place = {.offset = job->plain.warc_offset,
                                  .length = job->plain.warc_length};
    struct aw_warc_reader *reader = NULL;
    struct aw_warc_record record;
    aw_rc rc;

    (void)snprintf(place.file, sizeof place.file, "%.*s",
                   AW_STR_ARG(job->plain.warc_file));
    rc = aw_warc_open_place(&reader, job->crawl->in->archive_dir, &place, err);
    if (rc == AW_OK)
        rc = aw_warc_next(reader, &record, NULL, err);
    if (rc == AW_OK)
        rc = take_record(job, &record, err);
    if (rc == AW_OK)
        rc = take_nofollow(job, err);
    aw_warc_reader_free(reader);
    return rc;
}

/* The page that comes of it: it holds no host, and was found where the page
 * as fetched was. */
static aw_rc make_page(struct aw_render_job *job, struct aw_err *err)
{
    struct aw_crawl *c = job->crawl;
    struct aw_url_row row;
    struct aw_beat *beat;
    bool newest = false;
    aw_rc rc =
        aw_store_url_get(c->in->store, &job->arena, job->row.url, &row, err);

    if (rc == AW_OK)
        rc = aw_store_capture_get(c->in->store, &job->arena, job->row.capture,
                                  &job->plain, err);
    if (rc != AW_OK)
        return rc;
    rc = aw_store_render_is_newest(c->in->store, &job->plain, &newest, err);
    if (rc == AW_OK && !newest)
        rc = aw_fail(err, AW_MISSING, "the page was visited again since");
    if (rc != AW_OK)
        return rc;
    beat = aw_beat_find(c, row.source);
    if (!beat || beat->source->render == AW_RENDER_NO)
        return aw_fail(err, AW_MISSING, "its source is no longer rendered");
    job->beat = beat;
    rc = aw_page_new(c, NULL, beat, &row, &job->page, err);
    if (rc != AW_OK)
        return rc;
    job->page->holds_host = false;
    job->page->render = job;
    rc = aw_render_own_decide(job, err);
    return rc == AW_OK ? aw_render_read_plain(job, err) : rc;
}

static aw_rc hand_over(struct aw_render_job *job, struct aw_err *err)
{
    const struct aw_render_given given = {job->status, job->head, job->body};

    job->waits = false;
    aw_render_answers_reset(&job->answers);
    job->answers.given = !job->own;
    return aw_render_ask(job->crawl->renders->pool, job->page->row.url,
                         job->own ? NULL : &given, job, err);
}

/* False where it is over with that. */
static bool ask_browser(struct aw_render_job *job)
{
    struct aw_crawl *c = job->crawl;
    struct aw_err err;
    bool ready = true;
    aw_rc rc = job->own ? aw_render_own_take_host(job, &ready, &err) : AW_OK;

    job->waits = !ready;
    if (rc == AW_OK && ready)
        rc = hand_over(job, &err);
    if (rc == AW_OK)
        return true;
    aw_render_own_give_back(job, NULL);
    aw_render_end_row(job, "failed", err.msg);
    c->rendering--;
    aw_render_job_free(job);
    return false;
}

static aw_rc start_job(struct aw_crawl *c, const struct aw_render_row *row,
                       struct aw_err *err)
{
    struct aw_render_job *job = calloc(1, sizeof *job);
    struct aw_err why;

    if (!job)
        return aw_fail(err, AW_NOMEM, "out of memory");
    aw_arena_init(&job->arena, JOB_ARENA_MAX);
    aw_render_answers_init(&job->answers, &c->chains, true);
    job->crawl = c;
    job->row = (struct aw_render_row){.id = row->id,
                                      .capture = row->capture,
                                      .url = row->url,
                                      .state = AW_STR("queued"),
                                      .tries = row->tries};
    job->next = c->renders->jobs;
    if (job->next)
        job->next->prev = job;
    c->renders->jobs = job;
    c->rendering++;
    if (aw_arena_dup(&job->arena, row->cause, &job->row.cause, err) != AW_OK)
        return err->rc;
    if (make_page(job, &why) == AW_OK) {
        (void)ask_browser(job);
        return AW_OK;
    }
    aw_render_end_row(job, why.rc == AW_MISSING ? "skipped" : "failed",
                      why.msg);
    c->rendering--;
    aw_render_job_free(job);
    return AW_OK;
}

/* ---- what the browser calls --------------------------------------------- */

/* A script that leads elsewhere is a redirect: its target is a page of its
 * own, with robots.txt and the pace of its host. */
static const char *queue_target(struct aw_page *page, struct aw_str url)
{
    struct aw_crawl *c = page->crawl;
    struct aw_url_row row = {
        .url = url,
        .via = AW_VIA_REDIRECT,
        .priority = page->row.priority,
        .depth = page->row.depth,
        .hops = page->row.hops + 1,
        .found_on = page->row.id,
    };
    struct aw_err err;

    if (page->row.hops >= c->in->config->crawl.redirects_max)
        return "it leads on, after redirects_max in a row";
    if (aw_beat_queue(c, page->beat, &row, page->row.url, true, &err) != AW_OK)
        aw_crawl_fatal(c, &err);
    return "it leads on to a page that is queued";
}

/* The same page again, as after a cookie was set, is let through. */
static const char *on_may_visit(void *self, void *job_, struct aw_str url)
{
    const struct aw_render_job *job = job_;
    const char *why = NULL;
    struct aw_buf canonical;
    struct aw_err err;

    (void)self;
    aw_buf_init(&canonical, AW_URL_MAX);
    if (aw_url_canonical(AW_STR(""), url, &canonical, &err) != AW_OK)
        why = "it leads to no http address";
    else if (!aw_str_eq(aw_buf_str(&canonical), job->page->row.url))
        why = queue_target(job->page, aw_buf_str(&canonical));
    aw_buf_deinit(&canonical);
    return why;
}

static void on_fetched(void *self, void *job_,
                       const struct aw_render_fetched *fetched)
{
    struct aw_crawl *c = self;
    struct aw_render_job *job = job_;
    struct aw_err err;
    aw_rc rc = aw_render_put_answer(c->warc, &job->answers, fetched,
                                    job->page->row.url, &err);

    AW_COUNT(c, job->page->beat, bytes, (int64_t)fetched->answer->body.len);
    if (fetched->is_page)
        aw_render_own_give_back(job, fetched->answer);
    c->uncommitted++;
    if (!aw_render_refused(rc))
        aw_render_fail(job, rc, &err);
}

/* ---- the run ------------------------------------------------------------ */

void aw_render_give_up(struct aw_crawl *c, const char *why)
{
    struct aw_renders *renders = c->renders;

    if (renders->why[0])
        return;
    (void)snprintf(renders->why, sizeof renders->why, "%s", why);
    aw_log(c->in->log, AW_LOG_WARN, "pages are not rendered", "why", why,
           (char *)NULL);
}

static aw_rc open_pool(struct aw_crawl *c, const char *program,
                       struct aw_err *err)
{
    struct aw_render_pool_config config = {
        .limits = &c->in->config->render,
        .program = program,
        .fetch = aw_crawl_fetch_config(c),
        .calls = {on_may_visit, on_fetched, aw_rendered_dom, aw_rendered_done},
        .self = c,
    };

    return aw_render_pool_new(&c->renders->pool, &config, err);
}

static bool wants_any(const struct aw_crawl *c)
{
    const struct aw_config *config = c->in->config;

    for (unsigned i = 0; i < config->source_count; i++)
        if (config->sources[i].render != AW_RENDER_NO)
            return config->render.browsers > 0;
    return false;
}

/* What an earlier run, or process, left. */
static aw_rc take_queued(void *self, int64_t id, int64_t source,
                         struct aw_str cause, struct aw_err *err)
{
    struct aw_crawl *c = self;
    const struct aw_beat *beat = aw_beat_find(c, source);

    c->renders->queued = c->renders->committed = id;
    return beat ? aw_render_enqueue(c, beat, id, cause, err) : AW_OK;
}

aw_rc aw_renders_start(struct aw_crawl *c, struct aw_err *err)
{
    char program[AW_PATH_MAX];
    struct aw_err missing;
    aw_rc rc;

    c->renders = aw_arena_alloc(&c->arena, sizeof *c->renders);
    if (!c->renders)
        return aw_arena_fail(&c->arena, err);
    rc = aw_render_turns_init(c, err);
    if (rc != AW_OK || !wants_any(c))
        return rc;
    if (aw_browser_find(c->in->config->render.program, program, &missing) !=
        AW_OK) {
        aw_render_give_up(c, missing.msg);
        return AW_OK;
    }
    rc = aw_arena_dup(&c->arena, aw_str_of(program), &c->browser, err);
    if (rc == AW_OK)
        rc = open_pool(c, c->browser.ptr, err);
    return rc == AW_OK
               ? aw_store_render_queued(c->in->store, take_queued, c, err)
               : rc;
}

void aw_renders_free(struct aw_crawl *c)
{
    if (!c->renders)
        return;
    aw_render_pool_free(c->renders->pool);
    while (c->renders->jobs) {
        struct aw_render_job *job = c->renders->jobs;

        c->renders->jobs = job->next;
        drop_job(job);
    }
    aw_render_turns_deinit(c);
}

void aw_renders_committed(struct aw_crawl *c)
{
    if (c->renders)
        c->renders->committed = c->renders->queued;
}

/* One whose time has come; *waiting counts all that wait. */
static struct aw_render_job *due_job(const struct aw_crawl *c, int *waiting)
{
    int64_t now = aw_clock_mono(c->in->clock);
    struct aw_render_job *due = NULL;

    *waiting = 0;
    for (struct aw_render_job *job = c->renders->jobs; job; job = job->next) {
        *waiting += job->waits;
        if (job->waits && job->due_ms <= now)
            due = job; /* the last one is the oldest */
    }
    return due;
}

static aw_rc start_row(struct aw_crawl *c, int64_t id, struct aw_err *err)
{
    struct aw_render_row row;
    struct aw_arena arena;
    aw_rc rc;

    aw_arena_init(&arena, 1 << 20);
    rc = aw_store_render_row(c->in->store, &arena, id, &row, err);
    if (rc == AW_OK)
        rc = start_job(c, &row, err);
    aw_arena_deinit(&arena);
    return rc;
}

/* Rows are taken up once they are committed: what they point at is on disk
 * then. */
static aw_rc start_due(struct aw_crawl *c, struct aw_err *err)
{
    struct aw_renders *renders = c->renders;
    aw_rc rc = AW_OK;

    while (rc == AW_OK && aw_render_has_room(renders->pool)) {
        int waiting;
        struct aw_render_job *job = due_job(c, &waiting);
        int64_t id = 0;

        if (job && !ask_browser(job))
            break;
        if (job)
            continue;
        if (waiting < WAITING_MOST)
            id = aw_render_dequeue(c, renders->committed);
        if (id == 0)
            break;
        rc = start_row(c, id, err);
    }
    return rc;
}

aw_rc aw_renders_turn(struct aw_crawl *c, int *wait_ms, struct aw_err *err)
{
    aw_rc rc = AW_OK;
    int wait = *wait_ms;

    if (!c->renders->pool)
        return AW_OK;
    if (!c->winds_up)
        rc = start_due(c, err);
    aw_render_tick(c->renders->pool, &wait);
    if (wait < *wait_ms)
        *wait_ms = wait;
    return rc;
}

static aw_rc note_unrendered(struct aw_crawl *c, const struct aw_beat *beat,
                             struct aw_err *err)
{
    char note[AW_REASON_MAX];

    if (beat->unrendered == 0)
        return AW_OK;
    (void)snprintf(note, sizeof note, "%lld pages were not rendered: %s",
                   (long long)beat->unrendered, c->renders->why);
    return aw_beat_note(c, beat, note, err);
}

static aw_rc note_left(struct aw_crawl *c, const struct aw_beat *beat,
                       struct aw_err *err)
{
    int64_t left = aw_render_left(c, beat);
    const char *why = aw_render_over(c, beat);
    char note[AW_REASON_MAX];

    if (left == 0)
        return AW_OK;
    (void)snprintf(note, sizeof note,
                   "%lld pages are left to be rendered in the next run: %s%s",
                   (long long)left, why ? "over " : "the run was ended",
                   why ? why : "");
    return aw_beat_note(c, beat, note, err);
}

aw_rc aw_renders_note(struct aw_crawl *c, struct aw_err *err)
{
    aw_rc rc = AW_OK;

    for (size_t i = 0; i < c->beat_count && rc == AW_OK; i++) {
        rc = note_unrendered(c, &c->beats[i], err);
        if (rc == AW_OK)
            rc = note_left(c, &c->beats[i], err);
    }
    return rc;
}
