#include <stdio.h>

#include "crawler/crawl_render.h"
#include "crawler/finding.h"
#include "crawler/render_record.h"

#define CLAIMS_MAX 1000
#define TRIES_MAX 2 /* of a page whose browser crashed */

/* ---- the page as it stands in the browser ------------------------------- */

static aw_rc fill_capture(struct aw_render_job *job,
                          const struct aw_render_record *record,
                          struct aw_str html, struct aw_err *err)
{
    struct aw_page *page = job->page;
    aw_rc rc;

    page->capture = (struct aw_capture){
        .run = job->crawl->run,
        .fetched_ms = record->date_ms,
        .url = page->row.url,
        .source = aw_str_of(page->beat->source->name),
        .status = job->own ? job->answers.page_status : job->plain.status,
        .mime = AW_STR("text/html"),
        .warc_offset = record->place.offset,
        .warc_length = record->place.length,
        .body_bytes = (int64_t)html.len,
        .reader = AW_STR("skipped"),
        .plain = job->plain.id,
        .tls_organisation = job->plain.tls_organisation,
    };
    rc = aw_arena_dup(&job->arena, aw_str_of(record->place.file),
                      &page->capture.warc_file, err);
    return rc == AW_OK ? aw_arena_dup(&job->arena, aw_str_of(record->digest),
                                      &page->capture.payload_digest, err)
                       : rc;
}

static aw_rc hand_to_reader(struct aw_render_job *job, struct aw_str html,
                            struct aw_err *err)
{
    struct aw_crawl *c = job->crawl;
    struct aw_extract_input input = {
        .url = job->page->row.url,
        .content_type = AW_STR("text/html; charset=utf-8"),
        .charset = AW_STR("utf-8"),
        .channel = AW_CHANNEL_WEB,
        .agent = aw_str_of(c->in->config->agent.name),
        .bytes = html,
    };
    aw_rc rc = aw_reader_pool_ask(c->readers, &input, job->page, err);

    job->reading = rc == AW_OK;
    c->reading += rc == AW_OK;
    return rc;
}

void aw_rendered_dom(void *self, void *job_, struct aw_str html, bool whole)
{
    struct aw_crawl *c = self;
    struct aw_render_job *job = job_;
    struct aw_render_record record;
    struct aw_err err;
    aw_rc rc =
        aw_render_put_dom(c->warc, job->page->row.url, html, &record, &err);

    job->has_dom = true;
    job->is_whole = whole && !job->is_cut;
    c->uncommitted++;
    if (rc == AW_OK)
        rc = fill_capture(job, &record, html, &err);
    if (rc == AW_OK)
        rc = hand_to_reader(job, html, &err);
    if (rc == AW_OK)
        return;
    if (!aw_render_refused(rc))
        aw_render_fail(job, rc, &err);
    aw_render_mark(c->renders->pool, job, NULL, 0);
}

/* ---- what the reader says ----------------------------------------------- */

/* Space within a quote may be another one in the rendered page. */
static aw_rc dup_stripped(struct aw_arena *arena, struct aw_str text,
                          struct aw_str *out, struct aw_err *err)
{
    struct aw_buf kept;
    aw_rc rc;

    aw_buf_init(&kept, text.len);
    for (size_t i = 0; i < text.len; i++)
        if (!aw_ascii_space(text.ptr[i]))
            aw_buf_putc(&kept, text.ptr[i]);
    rc = aw_buf_check(&kept, err);
    if (rc == AW_OK)
        rc = aw_arena_dup(arena, aw_buf_str(&kept), out, err);
    aw_buf_deinit(&kept);
    return rc;
}

static aw_rc take_claim(void *self, int64_t id, struct aw_str class,
                        struct aw_str quote, int64_t capture,
                        struct aw_err *err)
{
    struct aw_render_job *job = self;
    struct aw_render_claim *claim = &job->claims[job->claim_count];
    aw_rc rc;

    (void)capture;
    if (job->claim_count >= CLAIMS_MAX)
        return AW_OK;
    claim->id = id;
    rc = aw_arena_dup(&job->arena, class, &claim->class, err);
    if (rc == AW_OK)
        rc = dup_stripped(&job->arena, quote, &claim->quote, err);
    job->claim_count += rc == AW_OK;
    return rc;
}

/* The claims of what is found on the page; rendered 0: as fetched. */
static aw_rc load_claims(struct aw_render_job *job, int64_t rendered,
                         struct aw_err *err)
{
    job->claim_count = 0;
    if (!job->claims)
        job->claims =
            aw_arena_array(&job->arena, CLAIMS_MAX, sizeof *job->claims);
    if (!job->claims)
        return aw_arena_fail(&job->arena, err);
    return aw_store_claims_shown(job->crawl->in->store, job->plain.id,
                                 rendered, take_claim, job, err);
}

static bool has_claim(const struct aw_render_job *job, struct aw_str class,
                      struct aw_str quote)
{
    for (size_t i = 0; i < job->claim_count; i++)
        if (aw_str_eq(job->claims[i].class, class) &&
            aw_str_eq(job->claims[i].quote, quote))
            return true;
    return false;
}

/* Does the browser show claims that the page as fetched does not have? Then
 * they are a finding of their own; else the one that is there has them. */
static aw_rc shows_more(struct aw_render_job *job,
                        const struct aw_answer *answer, bool *more,
                        struct aw_err *err)
{
    aw_rc rc = load_claims(job, 0, err);

    *more = false;
    for (size_t i = 0; i < answer->claim_count && rc == AW_OK && !*more; i++) {
        struct aw_str quote;

        if (answer->claims[i].exempt_by.len > 0)
            continue;
        rc = dup_stripped(&job->arena, answer->claims[i].quote, &quote, err);
        *more = rc == AW_OK && !has_claim(job, answer->claims[i].class, quote);
    }
    return rc;
}

static aw_rc keep_findings(struct aw_render_job *job,
                           const struct aw_answer *answer, struct aw_err *err)
{
    struct aw_page *page = job->page;
    struct aw_store *store = job->crawl->in->store;
    bool suspected = aw_str_eq(answer->verdict, AW_STR("suspected"));
    bool more = false;
    aw_rc rc = suspected ? shows_more(job, answer, &more, err) : AW_OK;

    page->known.has_finding = suspected;
    if (rc == AW_OK && more)
        rc = aw_page_add_finding(page, answer, err);
    if (rc == AW_OK && job->is_whole)
        rc = aw_store_findings_gone_rendered(store, page->row.url,
                                             job->plain.id, page->capture.id,
                                             "the page no longer says so",
                                             page->capture.fetched_ms, err);
    if (rc == AW_OK && (more || aw_render_is_scripted(job->row.cause)))
        rc = aw_store_page_is_scripted(store, page->row.id, err);
    return rc == AW_OK ? aw_store_page_findings(store, page->row.id, err) : rc;
}

static aw_rc keep_answer(struct aw_render_job *job,
                         const struct aw_answer *answer, struct aw_err *err)
{
    struct aw_page *page = job->page;
    aw_rc rc;

    aw_capture_fill(&page->capture, answer);
    rc = aw_store_capture_add(job->crawl->in->store, &page->capture, err);
    if (rc == AW_OK)
        rc = keep_findings(job, answer, err);
    if (rc == AW_OK)
        rc = aw_page_add_links(page, answer, err);
    return rc;
}

static aw_rc keep_failure(struct aw_render_job *job, const char *why,
                          struct aw_err *err)
{
    job->page->capture.reader = aw_str_of(why);
    return aw_store_capture_add(job->crawl->in->store, &job->page->capture,
                                err);
}

static void mark(struct aw_render_job *job)
{
    struct aw_str quotes[AW_RENDER_QUOTES_MAX];
    size_t count = 0;

    while (count < job->claim_count && count < AW_RENDER_QUOTES_MAX) {
        quotes[count] = job->claims[count].quote;
        count++;
    }
    aw_render_mark(job->crawl->renders->pool, job, quotes, count);
}

/* What they show is a capture by now. */
static aw_rc add_shots(struct aw_render_job *job, struct aw_err *err)
{
    aw_rc rc = AW_OK;

    for (size_t i = 0; i < job->shot_count && rc == AW_OK; i++) {
        job->shots[i].capture = job->row.rendered;
        rc = aw_store_shot_add(job->crawl->in->store, &job->shots[i], err);
    }
    return rc;
}

static void finish(struct aw_render_job *job)
{
    struct aw_crawl *c = job->crawl;
    struct aw_err err;

    c->rendering--;
    aw_render_fail(job, add_shots(job, &err), &err);
    aw_render_end_row(job,
                      aw_str_eq(job->row.state, AW_STR("queued"))
                          ? "done"
                          : job->row.state.ptr,
                      job->row.reason.len > 0 ? job->row.reason.ptr : "");
    aw_render_job_free(job);
}

void aw_render_answered(struct aw_page *page, aw_rc rc,
                        const struct aw_answer *answer, const char *why)
{
    struct aw_render_job *job = page->render;
    struct aw_err err;
    bool ok = rc == AW_OK && answer->ok;

    job->reading = false;
    if (rc == AW_OK && !ok)
        why = answer->error.ptr;
    rc = ok ? keep_answer(job, answer, &err) : keep_failure(job, why, &err);
    job->row.rendered = page->capture.id;
    if (rc == AW_OK)
        rc = load_claims(job, page->capture.id, &err);
    aw_render_fail(job, rc, &err);
    if (job->over)
        finish(job);
    else
        mark(job);
}

/* ---- the end ------------------------------------------------------------ */

static aw_rc copy_boxes(struct aw_render_job *job,
                        const struct aw_render_shot *shot,
                        struct aw_shot_row *row, struct aw_err *err)
{
    row->boxes =
        aw_arena_array(&job->arena, shot->box_count + 1, sizeof *row->boxes);
    if (!row->boxes)
        return aw_arena_fail(&job->arena, err);
    for (size_t i = 0; i < shot->box_count; i++) {
        const struct aw_render_box *box = &shot->boxes[i];

        if (box->quote >= job->claim_count)
            continue;
        row->boxes[row->box_count++] =
            (struct aw_box_row){job->claims[box->quote].id, box->x, box->y,
                                box->width, box->height};
    }
    return AW_OK;
}

static aw_rc copy_record(struct aw_render_job *job,
                         const struct aw_render_record *record,
                         struct aw_shot_row *row, struct aw_err *err)
{
    aw_rc rc =
        aw_arena_dup(&job->arena, aw_str_of(record->uri), &row->uri, err);

    if (rc == AW_OK)
        rc = aw_arena_dup(&job->arena, aw_str_of(record->place.file),
                          &row->warc_file, err);
    if (rc == AW_OK)
        rc = aw_arena_dup(&job->arena, aw_str_of(record->digest), &row->digest,
                          err);
    row->warc_offset = record->place.offset;
    row->warc_length = record->place.length;
    return rc;
}

static aw_rc keep_shot(struct aw_render_job *job,
                       const struct aw_render_shot *shot, struct aw_err *err)
{
    struct aw_render_record record;
    struct aw_shot_row row = {
        .kind = aw_str_of(shot->kind),
        .width = shot->width,
        .height = shot->height,
    };
    aw_rc rc = aw_render_put_shot(job->crawl->warc, job->page->row.url, shot,
                                  &record, err);

    if (rc != AW_OK)
        return aw_render_refused(rc) ? AW_OK : rc;
    rc = copy_record(job, &record, &row, err);
    if (rc == AW_OK)
        rc = copy_boxes(job, shot, &row, err);
    if (rc == AW_OK)
        job->shots[job->shot_count++] = row;
    return rc;
}

static aw_rc keep_result(struct aw_render_job *job,
                         const struct aw_render_result *r, struct aw_err *err)
{
    struct aw_render_record record;
    aw_rc rc = AW_OK;

    for (size_t i = 0; i < r->shot_count && rc == AW_OK; i++)
        rc = keep_shot(job, &r->shots[i], err);
    if (rc == AW_OK)
        rc = aw_render_put_info(job->crawl->warc, job->page->row.url, r,
                                &job->answers, &record, err);
    job->row.mobile = r->mobile;
    job->row.resources = r->resources;
    job->row.refused = r->refused;
    job->row.bytes = r->bytes;
    job->row.elapsed_ms = r->elapsed_ms;
    return aw_render_refused(rc) ? AW_OK : rc;
}

void aw_rendered_done(void *self, void *job_, const struct aw_render_result *r)
{
    struct aw_crawl *c = self;
    struct aw_render_job *job = job_;
    struct aw_err err = {0};
    aw_rc rc;

    job->row.tries++;
    c->renders->spent_ms += r->elapsed_ms;
    aw_render_own_give_back(job, NULL);
    if (r->rc != AW_OK && r->crashed && !job->has_dom &&
        job->row.tries < TRIES_MAX) {
        job->waits = true;
        return;
    }
    if (aw_render_own_fall_back(job, r))
        return;
    job->over = true;
    if (r->no_browser)
        aw_render_give_up(c, r->why);
    if (r->rc != AW_OK)
        job->row.state = r->no_browser ? AW_STR("skipped") : AW_STR("failed");
    job->page->beat->unrendered += r->no_browser;
    rc = aw_arena_dup(&job->arena, aw_str_of(r->why), &job->row.reason, &err);
    if (rc == AW_OK)
        rc = aw_arena_dup(&job->arena, aw_str_of(r->note), &job->row.note,
                          &err);
    if (rc == AW_OK && !r->no_browser)
        rc = keep_result(job, r, &err);
    aw_render_fail(job, rc, &err);
    if (!job->reading)
        finish(job);
}
