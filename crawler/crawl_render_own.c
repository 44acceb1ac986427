#include "crawler/crawl_render.h"
#include "crawler/url.h"

/* What was allowed a moment ago may be from an earlier run by now. */
static aw_rc is_allowed(struct aw_render_job *job, bool *allowed,
                        struct aw_err *err)
{
    enum aw_robots_answer answer = AW_ROBOTS_UNKNOWN;
    struct aw_url_parts parts;
    struct aw_buf reason;
    aw_rc rc;

    *allowed = job->beat->source->robots == AW_ROBOTS_IGNORE;
    if (*allowed)
        return AW_OK;
    aw_buf_init(&reason, AW_REASON_MAX);
    rc = aw_url_parse(job->page->row.url, &parts, err);
    if (rc == AW_OK)
        rc = aw_robots_ask(job->crawl, parts.origin, parts.target, &answer,
                           &reason, err);
    *allowed = rc == AW_OK && answer == AW_ROBOTS_ALLOWED;
    aw_buf_deinit(&reason);
    return rc;
}

aw_rc aw_render_own_decide(struct aw_render_job *job, struct aw_err *err)
{
    job->own = false;
    if (aw_render_is_scripted(job->row.cause))
        return AW_OK;
    return is_allowed(job, &job->own, err);
}

static aw_rc give_plain(struct aw_render_job *job, struct aw_err *err)
{
    job->own = false;
    return aw_render_read_plain(job, err);
}

static aw_rc start(struct aw_render_job *job, struct aw_frontier_host *host,
                   struct aw_err *err)
{
    struct aw_page *page = job->page;

    page->host = host;
    page->holds_host = true;
    if (!aw_beat_over(job->crawl, job->beat, host))
        return AW_OK;
    aw_render_own_give_back(job, NULL);
    return give_plain(job, err);
}

aw_rc aw_render_own_take_host(struct aw_render_job *job, bool *ready,
                              struct aw_err *err)
{
    struct aw_crawl *c = job->crawl;
    int64_t now = aw_clock_mono(c->in->clock);
    struct aw_frontier_host *host = NULL;
    aw_rc rc = aw_page_claim_host(c, NULL, job->beat, job->page->row.url,
                                  &host, &job->due_ms, err);

    *ready = true;
    if (rc != AW_OK)
        return rc;
    if (host)
        return start(job, host, err);
    if (job->due_ms - now > c->in->config->crawl.patience_ms)
        return give_plain(job, err);
    *ready = false;
    return AW_OK;
}

void aw_render_own_give_back(struct aw_render_job *job,
                             const struct aw_fetch_result *answer)
{
    struct aw_page *page = job->page;
    struct aw_err err;

    if (!page || !page->holds_host)
        return;
    aw_render_fail(job, aw_page_give_host_back(page, answer, &err), &err);
    page->host = NULL;
}

bool aw_render_own_fall_back(struct aw_render_job *job,
                             const struct aw_render_result *result)
{
    struct aw_err err;

    if (!job->own || job->has_dom || result->rc == AW_OK || result->no_browser)
        return false;
    if (give_plain(job, &err) != AW_OK)
        return false;
    job->waits = true;
    job->due_ms = 0;
    return true;
}
