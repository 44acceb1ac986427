#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crawler/crawl_private.h"
#include "crawler/url.h"

#define PAGE_ARENA_MAX ((size_t)1 << 20)
#define RETRY_FIRST_MS 1000
#define RETRY_MOST_MS 60000
#define RETRY_AFTER_MOST_MS 600000 /* of a Retry-After, in one run */
#define REASON_MAX 512

void aw_page_free(struct aw_page *page)
{
    if (page->prev)
        page->prev->next = page->next;
    else
        page->crawl->pages = page->next;
    if (page->next)
        page->next->prev = page->prev;
    aw_arena_deinit(&page->arena);
    free(page);
}

static aw_rc new_page(struct aw_crawl *c, struct aw_frontier_host *host,
                      struct aw_beat *scope, const struct aw_url_row *row,
                      struct aw_page **out, struct aw_err *err)
{
    struct aw_page *page = calloc(1, sizeof *page);
    struct aw_url_parts parts;
    aw_rc rc;

    if (!page)
        return aw_fail(err, AW_NOMEM, "out of memory");
    aw_arena_init(&page->arena, PAGE_ARENA_MAX);
    page->crawl = c;
    page->next = c->pages;
    if (c->pages)
        c->pages->prev = page;
    c->pages = page;
    page->host = host;
    page->scope = scope;
    page->row = *row;
    rc = aw_arena_dup(&page->arena, row->url, &page->row.url, err);
    if (rc == AW_OK)
        rc = aw_arena_dup(&page->arena, row->source, &page->row.source, err);
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

/* ---- before the request ------------------------------------------------ */

static aw_rc end_unasked(struct aw_crawl *c, struct aw_frontier_host *host,
                         const struct aw_url_row *row, const char *state,
                         const char *reason, struct aw_err *err)
{
    bool failed = strcmp(state, "failed") == 0;
    aw_rc rc = aw_store_url_end_unasked(c->in->store, row->id, state, reason,
                                        aw_clock_wall(c->in->clock), err);

    c->stats->failed += failed;
    c->stats->skipped += !failed;
    if (row->depth == 0 && row->hops == 0) {
        c->stats->starts_failed++;
        aw_log(c->in->log, AW_LOG_WARN, "start page not fetched", "url",
               row->url.ptr, "why", reason, (char *)NULL);
    }
    if (rc == AW_OK)
        rc = aw_frontier_done(c->frontier, host, 0, err);
    return rc;
}

static aw_rc send_request(struct aw_page *page, struct aw_err *err)
{
    struct aw_crawl *c = page->crawl;
    struct aw_buf url;
    aw_rc rc;

    aw_buf_init(&url, AW_URL_MAX);
    if (page->is_robots) {
        aw_buf_put(&url, page->origin);
        aw_buf_puts(&url, "/robots.txt");
    } else {
        aw_buf_put(&url, page->row.url);
    }
    rc = aw_buf_check(&url, err);
    if (rc == AW_OK && page->is_robots)
        rc = aw_arena_dup(&page->arena, aw_buf_str(&url), &page->row.url, err);
    if (rc == AW_OK)
        rc = aw_fetch_start(c->fetcher,
                            &(struct aw_fetch_request){
                                .url = aw_buf_str(&url),
                                .robots = page->is_robots,
                                .host = page->host,
                                .tag = page,
                            },
                            err);
    aw_buf_deinit(&url);
    c->fetching += rc == AW_OK;
    return rc;
}

static aw_rc request(struct aw_crawl *c, struct aw_frontier_host *host,
                     struct aw_beat *scope, const struct aw_url_row *row,
                     bool robots, struct aw_err *err)
{
    struct aw_page *page = NULL;
    aw_rc rc = new_page(c, host, scope, row, &page, err);

    if (rc != AW_OK)
        return rc;
    page->is_robots = robots;
    if (robots)
        aw_frontier_put_back(host);
    else
        scope->pages++;
    rc = send_request(page, err);
    if (rc != AW_OK)
        aw_page_free(page);
    return rc;
}

static aw_rc ask_robots(struct aw_crawl *c, const struct aw_beat *scope,
                        const struct aw_url_row *row,
                        enum aw_robots_answer *answer, struct aw_buf *reason,
                        struct aw_err *err)
{
    struct aw_url_parts parts;
    aw_rc rc = aw_url_parse(row->url, &parts, err);

    *answer = AW_ROBOTS_ALLOWED;
    if (rc != AW_OK || scope->source->robots == AW_ROBOTS_IGNORE)
        return rc;
    return aw_robots_ask(c, parts.origin, parts.target, answer, reason, err);
}

static bool over_budget(const struct aw_beat *scope)
{
    return scope->source->pages_max > 0 &&
           scope->pages >= scope->source->pages_max;
}

static aw_rc start_by_robots(struct aw_crawl *c, struct aw_frontier_host *host,
                             struct aw_beat *scope,
                             const struct aw_url_row *row, struct aw_err *err)
{
    enum aw_robots_answer answer;
    struct aw_buf reason;
    aw_rc rc;

    aw_buf_init(&reason, REASON_MAX);
    rc = ask_robots(c, scope, row, &answer, &reason, err);
    if (rc != AW_OK)
        ;
    else if (answer == AW_ROBOTS_DENIED)
        rc = end_unasked(c, host, row, "skipped", reason.ptr, err);
    else if (answer == AW_ROBOTS_CLOSED)
        rc = end_unasked(c, host, row, "failed", reason.ptr, err);
    else
        rc = request(c, host, scope, row, answer == AW_ROBOTS_UNKNOWN, err);
    aw_buf_deinit(&reason);
    return rc;
}

aw_rc aw_page_start(struct aw_crawl *c, struct aw_frontier_host *host,
                    const struct aw_url_row *row, struct aw_err *err)
{
    struct aw_beat *scope = aw_scope_find(c, row->source);

    if (!scope)
        return end_unasked(c, host, row, "skipped",
                           "its source is no longer configured", err);
    if (over_budget(scope))
        return end_unasked(c, host, row, "skipped", "pages_max of its source",
                           err);
    return start_by_robots(c, host, scope, row, err);
}

/* ---- after the request ------------------------------------------------- */

static int64_t pause_after(struct aw_page *page)
{
    int64_t robots = aw_robots_pause(page->crawl, page->origin);
    int64_t pause = page->scope->source->pause_ms;

    return robots > pause ? robots : pause;
}

static aw_rc give_host_back(struct aw_page *page, int64_t wait_ms,
                            struct aw_err *err)
{
    struct aw_frontier_host *host = page->host;
    int64_t now = aw_clock_mono(page->crawl->in->clock);

    page->host = NULL;
    if (wait_ms > 0)
        wait_ms++; /* the clock's milliseconds are cut off: never too soon */
    return aw_frontier_done(page->crawl->frontier, host, now + wait_ms, err);
}

/* How long until a page is asked for again: doubling, and never sooner than
 * the server asked or the host's pause. */
static int64_t retry_wait(struct aw_page *page, int64_t tries, int64_t told_ms)
{
    int64_t wait = (int64_t)RETRY_FIRST_MS << (tries & 15);
    int64_t pause = pause_after(page);

    if (wait > RETRY_MOST_MS)
        wait = RETRY_MOST_MS;
    if (wait < told_ms)
        wait = told_ms;
    return wait < pause ? pause : wait;
}

/* True where it is worth asking again in this run. A server that asks for
 * more patience than RETRY_AFTER_MOST_MS has it until the next run. */
static bool may_retry(const struct aw_page *page,
                      const struct aw_fetch_result *r)
{
    return !r->lasting && r->retry_after_ms <= RETRY_AFTER_MOST_MS &&
           page->row.tries + 1 < page->crawl->in->config->crawl.tries_max;
}

/* No answer, or one that is meant for now: the page is asked for again later,
 * or given up. */
static aw_rc retry_or_fail(struct aw_page *page,
                           const struct aw_fetch_result *r, const char *reason,
                           struct aw_err *err)
{
    struct aw_crawl *c = page->crawl;
    bool again = may_retry(page, r);
    aw_rc rc = aw_store_url_end(c->in->store, page->row.id,
                                again ? "queued" : "failed", reason, r->status,
                                aw_clock_wall(c->in->clock), err);

    aw_log(c->in->log, again ? AW_LOG_INFO : AW_LOG_WARN,
           again ? "page will be asked for again" : "page not fetched", "url",
           page->row.url.ptr, "why", reason, (char *)NULL);
    if (!again) {
        c->stats->failed++;
        c->stats->starts_failed += page->row.depth == 0;
    }
    if (rc == AW_OK && again)
        rc = aw_frontier_more(c->frontier, page->host, err);
    if (rc == AW_OK)
        rc = give_host_back(
            page, retry_wait(page, page->row.tries, r->retry_after_ms), err);
    return rc;
}

/* A record that the archive refuses ends its page; an archive that cannot be
 * written ends the run. */
static bool is_refused(aw_rc rc)
{
    return rc == AW_INVALID || rc == AW_LIMIT;
}

/* True where robots.txt is to be asked for again: one bad moment of the
 * network must not close a host for the night. */
static bool is_worth_retry(struct aw_page *page,
                           const struct aw_fetch_result *r)
{
    int *fails = aw_frontier_host_fails(page->host);
    bool again = r->rc != AW_OK && !r->lasting &&
                 *fails + 1 < page->crawl->in->config->crawl.tries_max;

    *fails = again ? *fails + 1 : 0;
    return again;
}

static aw_rc robots_fetched(struct aw_page *page,
                            const struct aw_fetch_result *r,
                            struct aw_err *err)
{
    struct aw_crawl *c = page->crawl;
    aw_rc rc = AW_OK;

    if (r->rc == AW_OK)
        rc = aw_page_archive(page, r, err);
    if (r->rc != AW_OK || is_refused(rc))
        aw_log(c->in->log, AW_LOG_WARN, "robots.txt not fetched", "url",
               page->row.url.ptr, "why", r->rc == AW_OK ? err->msg : r->why,
               (char *)NULL);
    if (is_worth_retry(page, r))
        return give_host_back(
            page, retry_wait(page, *aw_frontier_host_fails(page->host) - 1, 0),
            err);
    if (is_refused(rc))
        rc = aw_robots_learn(c, page->origin, 0, AW_STR(""), err->msg, err);
    else if (rc == AW_OK)
        rc = aw_robots_learn(c, page->origin, r->status, r->body, r->why, err);
    if (rc == AW_OK)
        rc = give_host_back(page, pause_after(page), err);
    return rc;
}

/* True where url stands already in the chain of redirects that ends in row. */
static aw_rc is_loop(struct aw_page *page, struct aw_str url, bool *loop,
                     struct aw_err *err)
{
    struct aw_url_row at = page->row;
    aw_rc rc = AW_OK;

    *loop = aw_str_eq(at.url, url);
    while (rc == AW_OK && !*loop && at.hops > 0) {
        rc = aw_store_url_get(page->crawl->in->store, &page->arena,
                              at.found_on, &at, err);
        *loop = rc == AW_OK && aw_str_eq(at.url, url);
    }
    return rc;
}

static aw_rc follow_redirect(struct aw_page *page, struct aw_str location,
                             const char **problem, struct aw_err *err)
{
    struct aw_crawl *c = page->crawl;
    struct aw_url_row row = page->row;
    struct aw_err false_url;
    struct aw_buf url;
    bool loop = false;
    aw_rc rc = AW_OK;

    aw_buf_init(&url, AW_URL_MAX);
    row.found_on = page->row.id;
    row.hops = page->row.hops + 1;
    if (aw_url_canonical(page->row.url, location, &url, &false_url) != AW_OK) {
        *problem = "redirect to no http address";
        goto out;
    }
    row.url = aw_buf_str(&url);
    rc = is_loop(page, row.url, &loop, err);
    if (loop)
        *problem = "redirect loop";
    else if (rc == AW_OK)
        rc = aw_scope_queue(c, page->scope, &row, err);
out:
    aw_buf_deinit(&url);
    return rc;
}

/* A capture that no reader sees: its URL is done or failed at once. */
static aw_rc end_unread(struct aw_page *page, const char *state,
                        const char *reason, struct aw_err *err)
{
    struct aw_crawl *c = page->crawl;
    aw_rc rc = aw_store_capture_add(c->in->store, &page->capture, err);

    if (strcmp(state, "failed") == 0) {
        c->stats->failed++;
        c->stats->starts_failed += page->row.depth == 0;
        aw_log(c->in->log, AW_LOG_INFO, "page not to be had", "url",
               page->row.url.ptr, "why", reason, (char *)NULL);
    }
    if (rc == AW_OK)
        rc = aw_store_url_end(c->in->store, page->row.id, state, reason,
                              page->capture.status,
                              aw_clock_wall(c->in->clock), err);
    return rc;
}

static aw_rc redirected(struct aw_page *page, const struct aw_fetch_result *r,
                        struct aw_err *err)
{
    int most = page->crawl->in->config->crawl.redirects_max;
    const char *problem = NULL;
    char reason[64];
    aw_rc rc = AW_OK;

    if (page->row.hops >= most) {
        (void)snprintf(reason, sizeof reason,
                       "more than %d redirects in a row", most);
        problem = reason;
    } else {
        rc = follow_redirect(page, r->location, &problem, err);
    }
    if (rc != AW_OK)
        return rc;
    return problem ? end_unread(page, "failed", problem, err)
                   : end_unread(page, "done", "redirect", err);
}

static bool is_text(struct aw_str mime)
{
    static const char *const prefixes[] = {"text/",
                                           "application/json",
                                           "application/ld+json",
                                           "application/xhtml",
                                           "application/javascript",
                                           "application/octet-stream"};

    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
        if (aw_str_starts(mime, aw_str_of(prefixes[i])))
            return true;
    return mime.len == 0;
}

static aw_rc hand_to_reader(struct aw_page *page,
                            const struct aw_fetch_result *r,
                            struct aw_err *err)
{
    struct aw_crawl *c = page->crawl;
    struct aw_extract_input input = {
        .url = page->row.url,
        .content_type = r->content_type,
        .content_encoding = r->content_encoding,
        .channel = AW_CHANNEL_WEB,
        .bytes = r->body,
    };
    aw_rc rc = aw_reader_pool_ask(c->readers, &input, page, err);

    page->is_read = rc == AW_OK;
    c->reading += rc == AW_OK;
    return rc;
}

/* An answer that cannot be archived is none: there is no capture. */
static aw_rc end_refused(struct aw_page *page, const char *why,
                         struct aw_err *err)
{
    struct aw_crawl *c = page->crawl;
    char reason[AW_ERR_MAX];

    (void)snprintf(reason, sizeof reason, "%s", why);
    c->stats->failed++;
    c->stats->starts_failed += page->row.depth == 0;
    aw_log(c->in->log, AW_LOG_WARN, "page not archived", "url",
           page->row.url.ptr, "why", reason, (char *)NULL);
    return aw_store_url_end(c->in->store, page->row.id, "failed", reason, 0,
                            aw_clock_wall(c->in->clock), err);
}

static aw_rc answered(struct aw_page *page, const struct aw_fetch_result *r,
                      struct aw_err *err)
{
    char reason[64];
    aw_rc rc = give_host_back(page, pause_after(page), err);

    if (rc == AW_OK)
        rc = aw_page_archive(page, r, err);
    if (is_refused(rc))
        return end_refused(page, err->msg, err);
    if (rc != AW_OK)
        return rc;
    (void)snprintf(reason, sizeof reason, "http %d", r->status);
    if (r->status >= 300 && r->status < 400 && r->location.len > 0)
        return redirected(page, r, err);
    if (r->status < 200 || r->status >= 300)
        return end_unread(page, "failed", reason, err);
    if (r->body.len == 0 || !is_text(page->capture.mime))
        return end_unread(page, "done", "no text", err);
    return hand_to_reader(page, r, err);
}

static bool is_for_now(int status)
{
    return status == 429 || status == 502 || status == 503 || status == 504;
}

static aw_rc page_fetched(struct aw_page *page,
                          const struct aw_fetch_result *r, struct aw_err *err)
{
    char reason[64];

    page->is_cut = r->truncated[0] != '\0';
    if (page->is_cut)
        aw_log(page->crawl->in->log, AW_LOG_WARN,
               "page is longer than body_max and was cut", "url",
               page->row.url.ptr, (char *)NULL);
    /* The last of such answers is archived as any other. */
    if (r->rc == AW_OK && !(is_for_now(r->status) && may_retry(page, r)))
        return answered(page, r, err);
    (void)snprintf(reason, sizeof reason, "http %d", r->status);
    return retry_or_fail(page, r, r->rc == AW_OK ? reason : r->why, err);
}

void aw_page_fetched(void *self, const struct aw_fetch_result *r)
{
    struct aw_crawl *c = self;
    struct aw_page *page = r->tag;
    struct aw_err err;
    aw_rc rc;

    c->fetching--;
    c->uncommitted++;
    c->stats->fetched += r->rc == AW_OK && !page->is_robots;
    c->stats->bytes += (int64_t)r->body.len;
    rc = page->is_robots ? robots_fetched(page, r, &err)
                         : page_fetched(page, r, &err);
    if (rc != AW_OK)
        aw_crawl_fatal(c, &err);
    if (!page->is_read)
        aw_page_free(page);
}
