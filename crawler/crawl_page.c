#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crawler/crawl_private.h"
#include "crawler/url.h"

#define PAGE_ARENA_MAX ((size_t)1 << 20)
#define IDLE_PAGES 64 /* whose memory is kept for the next ones */
#define OVER_FORMAT "over %s: %.*s alone had %lld of %lld requests"

static void unlink_page(struct aw_page *page)
{
    if (page->prev)
        page->prev->next = page->next;
    else
        page->crawl->pages = page->next;
    if (page->next)
        page->next->prev = page->prev;
}

static void discard(struct aw_page *page)
{
    aw_arena_deinit(&page->arena);
    free(page);
}

/* Its memory waits for the next page. */
void aw_page_free(struct aw_page *page)
{
    struct aw_crawl *c = page->crawl;

    unlink_page(page);
    if (c->idle_count == IDLE_PAGES) {
        discard(page);
        return;
    }
    aw_arena_reset(&page->arena);
    page->next = c->idle;
    c->idle = page;
    c->idle_count++;
}

static void discard_all(struct aw_page *page)
{
    while (page) {
        struct aw_page *next = page->next;

        discard(page);
        page = next;
    }
}

void aw_pages_free(struct aw_crawl *c)
{
    discard_all(c->pages);
    discard_all(c->idle);
    c->pages = c->idle = NULL;
}

/* NULL without memory. */
static struct aw_page *take_page(struct aw_crawl *c)
{
    struct aw_page *page = c->idle;

    if (page) {
        c->idle = page->next;
        c->idle_count--;
        *page = (struct aw_page){.arena = page->arena};
        return page;
    }
    page = calloc(1, sizeof *page);
    if (page)
        aw_arena_init(&page->arena, PAGE_ARENA_MAX);
    return page;
}

static void link_page(struct aw_crawl *c, struct aw_page *page)
{
    page->crawl = c;
    page->next = c->pages;
    if (c->pages)
        c->pages->prev = page;
    c->pages = page;
}

aw_rc aw_page_new(struct aw_crawl *c, struct aw_frontier_host *host,
                  struct aw_beat *beat, const struct aw_url_row *row,
                  struct aw_page **out, struct aw_err *err)
{
    struct aw_page *page = take_page(c);
    struct aw_url_parts parts;
    aw_rc rc;

    if (!page)
        return aw_fail(err, AW_NOMEM, "out of memory");
    link_page(c, page);
    page->host = host;
    page->holds_host = true;
    page->beat = beat;
    page->row = *row;
    rc = aw_arena_dup(&page->arena, row->url, &page->row.url, err);
    if (rc == AW_OK)
        rc = aw_url_parse(page->row.url, &parts, err);
    if (rc != AW_OK) {
        aw_page_free(page);
        return rc;
    }
    page->origin = parts.origin;
    *out = page;
    return AW_OK;
}

/* ---- the request -------------------------------------------------------- */

static aw_rc send_request(struct aw_page *page, struct aw_err *err)
{
    struct aw_crawl *c = page->crawl;
    bool conditional = !page->is_robots && aw_visit_may_skip(page);
    struct aw_fetch_request request = {
        .url = page->row.url,
        .robots = page->is_robots,
        .if_none_match = conditional ? page->known.etag : AW_STR(""),
        .if_modified_since =
            conditional ? page->known.last_modified : AW_STR(""),
        .host = page->host,
        .tag = page,
    };
    aw_rc rc = aw_fetch_start(c->fetcher, &request, err);

    c->fetching += rc == AW_OK;
    return rc;
}

static void count_page(struct aw_beat *beat, struct aw_frontier_host *host)
{
    struct aw_str name = aw_frontier_host_name(host);
    int64_t pages = ++aw_frontier_tally(host)->pages;

    if (pages <= beat->greedy_pages)
        return;
    beat->greedy_pages = pages;
    (void)snprintf(beat->greedy, sizeof beat->greedy, "%.*s",
                   AW_STR_ARG(name));
}

static aw_rc request(struct aw_crawl *c, struct aw_frontier_host *host,
                     struct aw_beat *beat, const struct aw_url_row *row,
                     struct aw_err *err)
{
    struct aw_page *page = NULL;
    aw_rc rc = aw_page_new(c, host, beat, row, &page, err);

    if (rc != AW_OK)
        return rc;
    rc = aw_visit_recall(page, err);
    if (rc == AW_OK)
        rc = send_request(page, err);
    if (rc != AW_OK) {
        aw_page_free(page);
        return rc;
    }
    AW_COUNT(c, beat, requests, 1);
    count_page(beat, host);
    return AW_OK;
}

/* The page that asks for robots.txt has its URL instead of the row's, and the
 * host of that. */
static aw_rc request_robots(struct aw_crawl *c, struct aw_frontier_host *host,
                            struct aw_frontier_host *target,
                            struct aw_beat *beat, const struct aw_url_row *row,
                            struct aw_str url, struct aw_err *err)
{
    struct aw_page *page = NULL;
    aw_rc rc = aw_page_new(c, target, beat, row, &page, err);

    if (rc != AW_OK)
        return rc;
    page->is_robots = true;
    page->asker = target == host ? NULL : host;
    aw_frontier_put_back(host);
    rc = aw_arena_dup(&page->arena, url, &page->row.url, err);
    if (rc == AW_OK)
        rc = send_request(page, err);
    if (rc != AW_OK)
        aw_page_free(page);
    return rc;
}

/* ---- before the request ------------------------------------------------- */

/* A URL that is not asked for, with the reason. */
static aw_rc end_unasked(struct aw_crawl *c, struct aw_frontier_host *host,
                         const struct aw_url_row *row, const char *state,
                         const char *reason, struct aw_err *err)
{
    struct aw_url_end end = {.state = state,
                             .reason = reason,
                             .priority = row->priority};
    aw_rc rc = aw_frontier_end(c->frontier, host, row->id, &end,
                               aw_clock_wall(c->in->clock), err);

    c->stats->queued--;
    c->uncommitted++;
    if (row->via == AW_VIA_START) {
        c->stats->starts_failed++;
        aw_log(c->in->log, AW_LOG_WARN, "start page not fetched", "url",
               row->url.ptr, "why", reason, (char *)NULL);
    }
    return rc == AW_OK ? aw_frontier_done(c->frontier, host, 0, 0, err) : rc;
}

static aw_rc skip(struct aw_crawl *c, struct aw_frontier_host *host,
                  struct aw_beat *beat, const struct aw_url_row *row,
                  const char *reason, struct aw_err *err)
{
    AW_COUNT(c, beat, skipped, 1);
    return end_unasked(c, host, row, "skipped", reason, err);
}

/* Told once for each host. */
static aw_rc tell_host_over(struct aw_crawl *c, struct aw_frontier_host *host,
                            struct aw_beat *beat, struct aw_err *err)
{
    struct aw_host_tally *tally = aw_frontier_tally(host);
    struct aw_str name =
        aw_str_sub(aw_frontier_host_name(host), 0, AW_NAME_SHOWN);
    char note[AW_REASON_MAX];

    if (tally->is_told)
        return AW_OK;
    tally->is_told = true;
    (void)snprintf(note, sizeof note, OVER_FORMAT, AW_OVER_HOST,
                   AW_STR_ARG(name), (long long)tally->pages,
                   (long long)beat->did.requests);
    return aw_beat_note_host(c, beat, AW_HOST_OVER, note, err);
}

/* Told once for each budget of a source, with the host that had most of it:
 * one that takes all the requests shows in it, whose turn it may be now. */
static aw_rc tell_over(struct aw_crawl *c, struct aw_beat *beat,
                       const char *budget, struct aw_err *err)
{
    char note[AW_REASON_MAX];

    if (beat->told_of == budget)
        return AW_OK;
    beat->told_of = budget;
    if (beat->greedy_pages == 0) /* an earlier process had it all */
        (void)snprintf(note, sizeof note, "over %s", budget);
    else
        (void)snprintf(note, sizeof note, OVER_FORMAT, budget,
                       AW_STR_ARG(aw_str_of(beat->greedy)),
                       (long long)beat->greedy_pages,
                       (long long)beat->did.requests);
    return aw_beat_note(c, beat, note, err);
}

static aw_rc skip_over_budget(struct aw_crawl *c,
                              struct aw_frontier_host *host,
                              struct aw_beat *beat,
                              const struct aw_url_row *row, const char *budget,
                              struct aw_err *err)
{
    aw_rc rc = strcmp(budget, AW_OVER_HOST) == 0
                   ? tell_host_over(c, host, beat, err)
                   : tell_over(c, beat, budget, err);

    return rc == AW_OK ? skip(c, host, beat, row, budget, err) : rc;
}

static aw_rc ask_robots(struct aw_crawl *c, const struct aw_beat *beat,
                        const struct aw_url_parts *parts,
                        enum aw_robots_answer *answer, struct aw_buf *reason,
                        struct aw_err *err)
{
    *answer = AW_ROBOTS_ALLOWED;
    if (beat->source->robots == AW_ROBOTS_IGNORE)
        return AW_OK;
    return aw_robots_ask(c, parts->origin, parts->target, answer, reason, err);
}

/* An earlier process may have asked the host just before it ended, or was
 * killed: its pause is waited for once, Crawl-delay as well. No longer than
 * patience_ms, or this run would leave its pages too; waits of more than a
 * minute are in the store. */
static bool is_too_soon(struct aw_crawl *c, struct aw_frontier_host *host,
                        const struct aw_beat *beat, struct aw_str origin,
                        int64_t *until)
{
    struct aw_host_tally *tally = aw_frontier_tally(host);
    int64_t most = c->in->config->crawl.patience_ms - 1;
    int64_t pause = beat->source->pause_ms;
    int64_t delay = aw_robots_pause(c, origin);
    bool first = !tally->had_turn;

    tally->had_turn = true;
    pause = delay > pause ? delay : pause;
    *until = c->began_mono_ms + (pause < most ? pause : most);
    return first && pause > 0 && aw_clock_mono(c->in->clock) <= *until;
}

aw_rc aw_page_claim_host(struct aw_crawl *c, struct aw_frontier_host *host,
                         const struct aw_beat *beat, struct aw_str url,
                         struct aw_frontier_host **target, int64_t *due_ms,
                         struct aw_err *err)
{
    struct aw_url_parts parts;
    int64_t until;
    aw_rc rc = aw_url_parse(url, &parts, err);

    *target = host;
    if (rc != AW_OK ||
        (host && aw_str_eq(parts.host, aw_frontier_host_name(host))))
        return rc;
    rc = aw_frontier_claim(c->frontier, host, parts.host,
                           aw_clock_mono(c->in->clock), target, due_ms, err);
    if (rc != AW_OK || !*target ||
        !is_too_soon(c, *target, beat, parts.origin, &until))
        return rc;
    *due_ms = until + 1;
    rc = aw_frontier_done(c->frontier, *target, *due_ms, 0, err);
    *target = NULL;
    return rc;
}

/* The pages of host wait as long as the other one has to. */
static aw_rc wait_for_target(struct aw_crawl *c, struct aw_frontier_host *host,
                             struct aw_beat *beat, struct aw_str origin,
                             int64_t due_ms, struct aw_err *err)
{
    int64_t wait = due_ms - aw_clock_mono(c->in->clock);
    char note[AW_REASON_MAX];
    aw_rc rc;

    aw_frontier_put_back(host);
    rc = aw_frontier_done(c->frontier, host, due_ms, 0, err);
    if (rc != AW_OK || wait <= c->in->config->crawl.patience_ms)
        return rc;
    (void)snprintf(note, sizeof note,
                   "robots.txt of %.*s lies on a host that may not be asked "
                   "for %lld minutes",
                   (int)(origin.len < 255 ? origin.len : 255), origin.ptr,
                   (long long)(wait / 60000));
    return aw_beat_note(c, beat, note, err);
}

static aw_rc ask_for_robots(struct aw_crawl *c, struct aw_frontier_host *host,
                            struct aw_beat *beat, const struct aw_url_row *row,
                            struct aw_str origin, struct aw_err *err)
{
    struct aw_frontier_host *target = NULL;
    struct aw_buf url;
    int64_t due_ms = 0;
    aw_rc rc;

    aw_buf_init(&url, AW_URL_MAX);
    rc = aw_robots_url(c, origin, &url, err);
    if (rc == AW_OK)
        rc = aw_page_claim_host(c, host, beat, aw_buf_str(&url), &target,
                                &due_ms, err);
    if (rc == AW_OK && target)
        rc = request_robots(c, host, target, beat, row, aw_buf_str(&url), err);
    else if (rc == AW_OK)
        rc = wait_for_target(c, host, beat, origin, due_ms, err);
    aw_buf_deinit(&url);
    return rc;
}

static aw_rc start_by_robots(struct aw_crawl *c, struct aw_frontier_host *host,
                             struct aw_beat *beat,
                             const struct aw_url_row *row,
                             struct aw_buf *reason, struct aw_err *err)
{
    enum aw_robots_answer answer = AW_ROBOTS_ALLOWED;
    struct aw_url_parts parts;
    bool trap = false;
    int64_t until;
    aw_rc rc = aw_url_parse(row->url, &parts, err);

    if (rc == AW_OK)
        rc = ask_robots(c, beat, &parts, &answer, reason, err);
    if (rc == AW_OK && is_too_soon(c, host, beat, parts.origin, &until)) {
        aw_frontier_put_back(host);
        return aw_frontier_done(c->frontier, host, until + 1, 0, err);
    }
    if (rc == AW_OK && answer == AW_ROBOTS_ALLOWED)
        rc = aw_beat_check_trap(c, beat, row, reason, &trap, err);
    if (rc != AW_OK)
        return rc;
    if (trap)
        return skip(c, host, beat, row, reason->ptr, err);
    if (answer == AW_ROBOTS_DENIED) {
        AW_COUNT(c, beat, refused, 1);
        return end_unasked(c, host, row, "skipped", reason->ptr, err);
    }
    if (answer == AW_ROBOTS_CLOSED) {
        AW_COUNT(c, beat, failed, 1);
        return end_unasked(c, host, row, "failed", reason->ptr, err);
    }
    return answer == AW_ROBOTS_UNKNOWN
               ? ask_for_robots(c, host, beat, row, parts.origin, err)
               : request(c, host, beat, row, err);
}

/* Redirects, landing pages and sitemaps may lie off the beat; what was found
 * on it may have left it since, by another config. */
static bool is_bound_to_beat(const struct aw_url_row *row)
{
    return row->via == AW_VIA_LINK;
}

aw_rc aw_page_start(struct aw_crawl *c, struct aw_frontier_host *host,
                    const struct aw_url_row *row, struct aw_err *err)
{
    struct aw_beat *beat = aw_beat_find(c, row->source);
    const char *why = NULL;
    struct aw_buf reason;
    aw_rc rc;

    if (!beat)
        return end_unasked(c, host, row, "skipped",
                           "its source is no longer configured", err);
    why = aw_beat_over(c, beat, host);
    if (why)
        return skip_over_budget(c, host, beat, row, why, err);
    if (is_bound_to_beat(row) && !aw_scope_holds(beat->scope, row->url, &why))
        return skip(c, host, beat, row, why, err);
    aw_buf_init(&reason, AW_REASON_MAX);
    rc = start_by_robots(c, host, beat, row, &reason, err);
    aw_buf_deinit(&reason);
    return rc;
}
