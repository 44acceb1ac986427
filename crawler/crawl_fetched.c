#include <stdio.h>
#include <string.h>

#include "crawler/crawl_private.h"
#include "crawler/robots.h"
#include "crawler/url.h"
#include "extract/inflate.h"

#define DEAD_AFTER 10 /* broken requests in a row */
#define DEAD_MS 60000
#define RETRY_FIRST_MS 1000
#define RETRY_MOST_MS 60000

/* ---- giving the host back ----------------------------------------------- */

/* Between two requests to one address; 0: addresses are not looked at. */
static int64_t address_pause(const struct aw_page *page)
{
    int64_t pause = page->crawl->in->config->crawl.address_pause_ms;

    return pause < 0 ? page->beat->source->pause_ms / 4 : pause;
}

bool aw_page_may_connect(void *self, void *tag, const char *address)
{
    struct aw_crawl *c = self;
    const struct aw_page *page = tag;

    return address_pause(page) == 0 ||
           aw_frontier_may_connect(c->frontier, page->host, address,
                                   aw_clock_mono(c->in->clock));
}

/* A host that may not be asked again in this run is told: somebody who does
 * not want to be watched can ask for that. */
static aw_rc tell_long_wait(struct aw_page *page, int64_t wait_ms,
                            struct aw_err *err)
{
    struct aw_crawl *c = page->crawl;
    struct aw_str name = aw_str_sub(aw_frontier_host_name(page->host), 0, 255);
    char note[AW_REASON_MAX];

    if (wait_ms <= c->in->config->crawl.patience_ms)
        return AW_OK;
    if (aw_frontier_tally(page->host)->broken >= DEAD_AFTER)
        (void)snprintf(note, sizeof note,
                       "%.*s no longer answers: its pages are left for the "
                       "next run",
                       AW_STR_ARG(name));
    else
        (void)snprintf(note, sizeof note,
                       "%.*s may not be asked for %lld minutes (back-off, "
                       "Retry-After or Crawl-delay)",
                       AW_STR_ARG(name), (long long)(wait_ms / 60000));
    return aw_beat_note(c, page->beat, note, err);
}

/* The host whose robots.txt was asked for elsewhere: its pages may come. */
static aw_rc give_asker_back(struct aw_page *page, struct aw_err *err)
{
    struct aw_crawl *c = page->crawl;
    int64_t delay = aw_robots_pause(c, page->origin);
    int64_t next = delay > 0 ? aw_clock_mono(c->in->clock) + delay + 1 : 0;

    if (!page->asker)
        return AW_OK;
    return aw_frontier_done(c->frontier, page->asker, next, 0, err);
}

/* The clock's milliseconds are cut off: one more, and it is never too soon. */
static aw_rc give_host_back(struct aw_page *page, int64_t wait_ms,
                            struct aw_err *err)
{
    struct aw_crawl *c = page->crawl;
    int64_t now = aw_clock_mono(c->in->clock);
    int64_t pause = address_pause(page);
    aw_rc rc = aw_frontier_keep(c->frontier, page->host,
                                aw_clock_wall(c->in->clock), err);

    if (rc == AW_OK)
        rc = tell_long_wait(page, wait_ms, err);
    page->holds_host = false;
    if (rc != AW_OK)
        return rc;
    rc = aw_frontier_done(c->frontier, page->host,
                          now + wait_ms + (wait_ms > 0),
                          now + pause + (pause > 0), err);
    return rc == AW_OK ? give_asker_back(page, err) : rc;
}

/* Where robots.txt has a 5xx nothing more is asked of its origin in this run:
 * its pages need not wait for that to be told. (Those of a host that it was
 * moved to do.) */
static enum aw_pace_outcome outcome_of(const struct aw_page *page,
                                       const struct aw_fetch_result *r)
{
    if (page->is_robots && !page->asker && r->status >= 500)
        return AW_PACE_OK;
    if (r->rc != AW_OK && r->timed_out)
        return AW_PACE_FAILED;
    return r->status == 429 || r->status == 503 ? AW_PACE_SLOW_DOWN
                                                : AW_PACE_OK;
}

/* A host that no longer answers is not asked once for each page that is known
 * of it: the next run takes it up. (Time-outs and 503 have their back-off.) */
static bool is_dead(struct aw_page *page, const struct aw_fetch_result *r)
{
    struct aw_host_tally *tally = aw_frontier_tally(page->host);

    tally->broken =
        r->rc == AW_OK || r->timed_out || r->lasting ? 0 : tally->broken + 1;
    return tally->broken >= DEAD_AFTER;
}

/* The Crawl-delay of where the request went. Before robots.txt of its origin
 * was read there is none; that of the asker is nobody else's. */
static int64_t delay_of(const struct aw_page *page)
{
    struct aw_url_parts parts;
    struct aw_err ignored;

    if (!page->asker)
        return aw_robots_pause(page->crawl, page->origin);
    return aw_url_parse(page->row.url, &parts, &ignored) == AW_OK
               ? aw_robots_pause(page->crawl, parts.origin)
               : -1;
}

/* How long the host is left alone after this answer. A broken connection says
 * nothing of how fast it may be asked. */
static int64_t wait_after(struct aw_page *page,
                          const struct aw_fetch_result *r)
{
    struct aw_crawl *c = page->crawl;
    struct aw_pace_event event = {
        .outcome = outcome_of(page, r),
        .elapsed_ms = r->elapsed_ms,
        .retry_after_ms = r->retry_after_ms > 0 ? r->retry_after_ms : -1,
        .crawl_delay_ms = delay_of(page),
        .now_ms = aw_clock_wall(c->in->clock),
    };

    if (is_dead(page, r))
        return c->in->config->crawl.patience_ms + DEAD_MS;
    return aw_pace_after(aw_frontier_pace(page->host), &c->in->config->crawl,
                         page->beat->source, &event, c->in->rng);
}

aw_rc aw_page_give_host_back(struct aw_page *page,
                             const struct aw_fetch_result *r,
                             struct aw_err *err)
{
    return give_host_back(page,
                          r ? wait_after(page, r)
                            : page->beat->source->pause_ms,
                          err);
}

/* An answer that is worth another try, but is no reason to leave the host
 * alone for minutes: doubling from a second. */
static int64_t retry_wait(int64_t tries, int64_t wait)
{
    int64_t retry = (int64_t)RETRY_FIRST_MS << (tries & 15);

    if (retry > RETRY_MOST_MS)
        retry = RETRY_MOST_MS;
    return retry > wait ? retry : wait;
}

/* ---- no answer, or one for now ------------------------------------------ */

static bool may_retry(const struct aw_page *page,
                      const struct aw_fetch_result *r)
{
    return !r->lasting &&
           page->row.tries + 1 < page->crawl->in->config->crawl.tries_max;
}

static aw_rc ask_again(struct aw_page *page, const struct aw_fetch_result *r,
                       const char *reason, struct aw_err *err)
{
    struct aw_crawl *c = page->crawl;
    struct aw_url_end end = {
        .state = "queued",
        .reason = reason,
        .status = r->status,
        .asked = true,
        .priority = page->row.priority,
    };
    aw_rc rc = aw_frontier_end(c->frontier, page->host, page->row.id, &end,
                               aw_clock_wall(c->in->clock), err);

    aw_log(c->in->log, AW_LOG_INFO, "page will be asked for again", "url",
           page->row.url.ptr, "why", reason, (char *)NULL);
    if (rc != AW_OK)
        return rc;
    return give_host_back(page,
                          retry_wait(page->row.tries, wait_after(page, r)),
                          err);
}

static aw_rc retry_or_fail(struct aw_page *page,
                           const struct aw_fetch_result *r, const char *reason,
                           struct aw_err *err)
{
    aw_rc rc;

    if (may_retry(page, r))
        return ask_again(page, r, reason, err);
    rc = give_host_back(page, wait_after(page, r), err);
    return rc == AW_OK ? aw_visit_end(page, "failed", reason, err) : rc;
}

/* Another host of its address is being asked: it comes when that is done.
 * Nothing was sent, so that nothing counts. */
static aw_rc wait_for_address(struct aw_page *page, struct aw_err *err)
{
    struct aw_crawl *c = page->crawl;
    aw_rc rc;

    if (!page->is_robots) {
        aw_frontier_put_back(page->host);
        AW_COUNT(c, page->beat, requests, -1);
        aw_frontier_tally(page->host)->pages--;
    }
    page->holds_host = false;
    rc = aw_frontier_done(c->frontier, page->host, 0, 0, err);
    return rc == AW_OK ? give_asker_back(page, err) : rc;
}

/* A record that the archive refuses ends its page; an archive that cannot be
 * written ends the run. */
static bool is_refused(aw_rc rc)
{
    return rc == AW_INVALID || rc == AW_LIMIT;
}

/* ---- robots.txt --------------------------------------------------------- */

static struct aw_host_tally *tally_of_asker(struct aw_page *page)
{
    return aw_frontier_tally(page->asker ? page->asker : page->host);
}

/* One bad moment of the network must not close a host for the night. */
static bool is_worth_retry(struct aw_page *page,
                           const struct aw_fetch_result *r)
{
    int *fails = &tally_of_asker(page)->robots_fails;
    bool again = r->rc != AW_OK && !r->lasting &&
                 *fails + 1 < page->crawl->in->config->crawl.tries_max;

    *fails = again ? *fails + 1 : 0;
    return again;
}

/* It was asked for uncoded, but some servers code what they like. One with a
 * coding that is not known holds no rules that we could read. */
static aw_rc learn_robots(struct aw_page *page,
                          const struct aw_fetch_result *r, struct aw_err *err)
{
    struct aw_buf body;
    struct aw_err unknown;
    aw_rc rc;

    aw_buf_init(&body, 2 * AW_ROBOTS_MAX);
    if (r->content_encoding.len == 0 ||
        aw_inflate(r->content_encoding, r->body, AW_ROBOTS_MAX, &body,
                   &unknown) != AW_OK)
        rc = aw_robots_learn(page, r->status, r->body, r->why, err);
    else
        rc = aw_robots_learn(page, r->status, aw_buf_str(&body), r->why, err);
    aw_buf_deinit(&body);
    return rc;
}

static bool is_redirect(const struct aw_fetch_result *r)
{
    return r->rc == AW_OK && r->status >= 300 && r->status < 400 &&
           r->location.len > 0;
}

static aw_rc follow_robots(struct aw_page *page,
                           const struct aw_fetch_result *r, struct aw_err *err)
{
    const char *problem = NULL;
    aw_rc rc = aw_robots_hop(page, r->location, &problem, err);

    if (rc != AW_OK || !problem)
        return rc;
    aw_log(page->crawl->in->log, AW_LOG_WARN, "robots.txt not fetched", "url",
           page->row.url.ptr, "why", problem, (char *)NULL);
    return aw_robots_learn(page, 0, AW_STR(""), problem, err);
}

static aw_rc robots_fetched(struct aw_page *page,
                            const struct aw_fetch_result *r,
                            struct aw_err *err)
{
    struct aw_crawl *c = page->crawl;
    struct aw_host_tally *tally = tally_of_asker(page);
    aw_rc rc = AW_OK;

    if (r->rc == AW_OK)
        rc = aw_page_archive(page, r, true, err);
    if (r->rc != AW_OK || is_refused(rc))
        aw_log(c->in->log, AW_LOG_WARN, "robots.txt not fetched", "url",
               page->row.url.ptr, "why", r->rc == AW_OK ? err->msg : r->why,
               (char *)NULL);
    if (is_worth_retry(page, r))
        return give_host_back(page,
                              retry_wait(tally->robots_fails - 1,
                                         wait_after(page, r)),
                              err);
    if (is_refused(rc))
        rc = aw_robots_learn(page, 0, AW_STR(""), err->msg, err);
    else if (rc == AW_OK && is_redirect(r))
        rc = follow_robots(page, r, err);
    else if (rc == AW_OK)
        rc = learn_robots(page, r, err);
    return rc == AW_OK ? give_host_back(page, wait_after(page, r), err) : rc;
}

/* ---- redirects ---------------------------------------------------------- */

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

/* Where an advertisement's link leads over hops, all of them are kept with
 * it. */
static aw_rc queue_target(struct aw_page *page, struct aw_str url,
                          struct aw_err *err)
{
    enum aw_via via = page->row.via;
    struct aw_url_row row = {
        .url = url,
        .via = via == AW_VIA_LANDING || via == AW_VIA_SITEMAP ||
                       via == AW_VIA_IMAGE
                   ? via
                   : AW_VIA_REDIRECT,
        .priority = page->row.priority,
        .depth = page->row.depth,
        .hops = page->row.hops + 1,
        .found_on = page->row.id,
    };
    aw_rc rc =
        aw_beat_queue(page->crawl, page->beat, &row, page->row.url, true, err);

    if (rc != AW_OK || page->row.via != AW_VIA_LANDING)
        return rc;
    return aw_store_landing_moved(page->crawl->in->store, page->row.id, url,
                                  err);
}

static aw_rc follow_redirect(struct aw_page *page, struct aw_str location,
                             const char **problem, struct aw_err *err)
{
    struct aw_err false_url;
    struct aw_buf url;
    bool loop = false;
    aw_rc rc = AW_OK;

    aw_buf_init(&url, AW_URL_MAX);
    if (aw_url_canonical(page->row.url, location, &url, &false_url) != AW_OK)
        *problem = "redirect to no http address";
    else
        rc = is_loop(page, aw_buf_str(&url), &loop, err);
    if (loop)
        *problem = "redirect loop";
    else if (rc == AW_OK && !*problem)
        rc = queue_target(page, aw_buf_str(&url), err);
    aw_buf_deinit(&url);
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
    return problem ? aw_visit_end(page, "failed", problem, err)
                   : aw_visit_end(page, "done", "redirect", err);
}

/* ---- an answer ---------------------------------------------------------- */

static bool is_text(const struct aw_page *page)
{
    static const char *const prefixes[] = {"text/",
                                           "application/json",
                                           "application/ld+json",
                                           "application/xhtml",
                                           "application/xml",
                                           "application/rss+xml",
                                           "application/atom+xml",
                                           "application/rdf+xml",
                                           "application/javascript",
                                           "application/octet-stream"};
    struct aw_str mime = page->capture.mime;

    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
        if (aw_str_starts(mime, aw_str_of(prefixes[i])))
            return true;
    return mime.len == 0 || page->row.via == AW_VIA_SITEMAP ||
           page->row.via == AW_VIA_IMAGE;
}

/* What outlasts the result until the reader has answered. */
static aw_rc keep_validators(struct aw_page *page,
                             const struct aw_fetch_result *r,
                             struct aw_err *err)
{
    aw_rc rc;

    if (page->is_cut)
        return AW_OK;
    rc = aw_arena_dup(&page->arena, r->etag, &page->etag, err);
    if (rc == AW_OK)
        rc = aw_arena_dup(&page->arena, r->last_modified, &page->last_modified,
                          err);
    return rc;
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
        .agent = aw_str_of(c->in->config->agent.name),
        .mapping = page->beat->mapping,
        .sitemap = page->row.via == AW_VIA_SITEMAP,
        .decoded_max = c->in->config->crawl.decoded_max,
        .ratio_max = c->in->config->crawl.ratio_max,
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
    char reason[AW_ERR_MAX];

    (void)snprintf(reason, sizeof reason, "%s", why);
    page->capture = (struct aw_capture){0};
    return aw_visit_end(page, "failed", reason, err);
}

static aw_rc archived(struct aw_page *page, const struct aw_fetch_result *r,
                      bool full, struct aw_err *err)
{
    char reason[64];
    aw_rc rc;

    if (!full)
        return aw_visit_unchanged(page, err);
    rc = keep_validators(page, r, err);
    if (rc != AW_OK)
        return rc;
    (void)snprintf(reason, sizeof reason, "http %d", r->status);
    if (is_redirect(r))
        return redirected(page, r, err);
    if (r->status < 200 || r->status >= 300)
        return aw_visit_end(page, "failed", reason, err);
    if (r->body.len == 0 || !is_text(page))
        return aw_visit_end(page, "done", "no text", err);
    return hand_to_reader(page, r, err);
}

static aw_rc answered(struct aw_page *page, const struct aw_fetch_result *r,
                      struct aw_err *err)
{
    struct aw_crawl *c = page->crawl;
    bool full = !aw_visit_is_same(page, r);
    aw_rc rc = give_host_back(page, wait_after(page, r), err);

    if (rc == AW_OK)
        rc = aw_crawl_go_on(c, err);
    page->nofollow =
        aw_robots_tag_nofollow(r->x_robots_tag,
                               aw_str_of(c->in->config->agent.name));
    if (rc == AW_OK)
        rc = aw_page_archive(page, r, full, err);
    if (is_refused(rc))
        return end_refused(page, err->msg, err);
    return rc == AW_OK ? archived(page, r, full, err) : rc;
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
    c->stats->answers += r->rc == AW_OK && !page->is_robots;
    AW_COUNT(c, page->beat, bytes, (int64_t)r->body.len);
    if (r->address_busy)
        rc = wait_for_address(page, &err);
    else if (page->is_robots)
        rc = robots_fetched(page, r, &err);
    else
        rc = page_fetched(page, r, &err);
    if (rc != AW_OK)
        aw_crawl_fatal(c, &err);
    if (!page->is_read)
        aw_page_free(page);
}
