#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "crawler/render_private.h"

#define PAGES_A_BROWSER 100 /* then a new one takes its place */
#define START_MS 60000      /* for a browser to come up */
#define FAILED_STARTS 3     /* in a row: there is no browser */
#define MEMORY_MS 250       /* from one look to the next */
#define TICK_MS 50          /* while there is a page */
#define PAGE_ARENA_MAX ((size_t)64 << 20)
#define CONNECTIONS 16

void aw_render_doom(struct aw_render_browser *b, bool crashed, const char *why)
{
    if (b->doomed[0])
        return;
    (void)snprintf(b->doomed, sizeof b->doomed, "%s", why);
    b->is_crashed = crashed;
}

static int64_t now_of(const struct aw_render_browser *b)
{
    return aw_clock_mono(b->pool->config.fetch.clock);
}

/* ---- a browser ---------------------------------------------------------- */

static void on_event(void *self, struct aw_str method,
                     const struct aw_devtools_message *event)
{
    struct aw_render_browser *b = self;

    if (!b->doomed[0])
        aw_render_event(&b->page, method, event);
}

static void on_ended(void *self, const char *why)
{
    aw_render_doom(self, true, why);
}

/* "HeadlessChrome/…" is what pages look for that show nothing to machines. */
static void keep_agent(struct aw_render_browser *b, struct aw_str agent)
{
    static const struct aw_str word = {"Headless", 8};
    ptrdiff_t at = aw_str_find(agent, word);
    size_t before = at < 0 ? agent.len : (size_t)at;
    struct aw_str rest = aw_str_sub(agent, before + word.len, agent.len);

    (void)snprintf(b->agent, sizeof b->agent, "%.*s%.*s", (int)before,
                   agent.len ? agent.ptr : "", AW_STR_ARG(rest));
}

static void keep_product(struct aw_render_browser *b, struct aw_str product)
{
    product = aw_utf8_cut(product, sizeof b->product - 1);
    (void)snprintf(b->product, sizeof b->product, "%.*s", AW_STR_ARG(product));
}

static void on_version(void *self, const struct aw_devtools_message *reply,
                       const char *failed)
{
    struct aw_render_browser *b = self;

    if (failed) {
        aw_render_doom(b, true, failed);
        return;
    }
    keep_agent(b, aw_devtools_text(reply, "result.userAgent"));
    keep_product(b, aw_devtools_text(reply, "result.product"));
    b->ready = true;
    b->pool->failed_starts = 0;
}

static aw_rc start_browser(struct aw_render_browser *b, struct aw_err *err)
{
    const struct aw_render_pool_config *config = &b->pool->config;
    struct aw_devtools_config devtools = {.loop = config->fetch.loop,
                                          .event = on_event,
                                          .ended = on_ended,
                                          .self = b};
    aw_rc rc =
        aw_browser_start(&b->process, config->program, config->network, err);

    b->since_ms = b->looked_ms = now_of(b);
    b->ready = false;
    b->pages = 0;
    devtools.fd = b->process.fd;
    if (rc == AW_OK)
        rc = aw_devtools_new(&b->devtools, &devtools, err);
    if (rc != AW_OK) {
        aw_browser_end(&b->process, NULL, 0);
        return rc;
    }
    aw_devtools_send(b->devtools, "", "Browser.getVersion", AW_STR(""),
                     on_version, b);
    aw_devtools_send(b->devtools, "", "Target.setDiscoverTargets",
                     AW_STR("{\"discover\":true}"), NULL, NULL);
    return AW_OK;
}

static void stop_browser(struct aw_render_browser *b, char *cause, size_t size)
{
    aw_devtools_free(b->devtools);
    b->devtools = NULL;
    aw_browser_end(&b->process, cause, size);
    b->ready = false;
    b->since_ms = now_of(b);
}

static bool is_given_up(const struct aw_render_pool *pool)
{
    return pool->failed_starts >= FAILED_STARTS;
}

/* A page that has not been opened yet goes on in the browser's successor. */
static void replace(struct aw_render_browser *b)
{
    char why[AW_RENDER_NOTE_MAX];
    char cause[AW_RENDER_NOTE_MAX] = "";

    (void)snprintf(why, sizeof why, "%s", b->doomed);
    b->pool->failed_starts += !b->ready;
    stop_browser(b, b->is_crashed ? cause : NULL, sizeof cause);
    if (cause[0])
        (void)snprintf(why, sizeof why, "%s", cause);
    b->doomed[0] = '\0';
    if (b->page.phase > AW_RENDER_QUEUED)
        aw_render_end(&b->page, why, b->is_crashed);
}

/* ---- the pool ----------------------------------------------------------- */

aw_rc aw_render_pool_new(struct aw_render_pool **out,
                         const struct aw_render_pool_config *config,
                         struct aw_err *err)
{
    struct aw_render_pool *pool = calloc(1, sizeof *pool);
    struct aw_fetch_config fetch = config->fetch;
    aw_rc rc;

    if (!pool)
        return aw_fail(err, AW_NOMEM, "out of memory");
    pool->config = *config;
    pool->browsers =
        calloc((size_t)config->limits->browsers + 1, sizeof *pool->browsers);
    if (!pool->browsers) {
        free(pool);
        return aw_fail(err, AW_NOMEM, "out of memory");
    }
    for (int i = 0; i < config->limits->browsers; i++) {
        pool->browsers[i].pool = pool;
        pool->browsers[i].page.browser = &pool->browsers[i];
    }
    fetch.connections = CONNECTIONS;
    fetch.may_connect = NULL;
    fetch.done = aw_render_fetched;
    fetch.self = pool;
    rc = aw_fetcher_new(&pool->fetcher, &fetch, err);
    if (rc != AW_OK) {
        aw_render_pool_free(pool);
        return rc;
    }
    aw_browser_sweep();
    *out = pool;
    return AW_OK;
}

static void drop_page(struct aw_render_page *page)
{
    aw_render_drop_fetches(page);
    aw_buf_deinit(&page->html);
    aw_buf_deinit(&page->views[0].png);
    aw_buf_deinit(&page->views[1].png);
    aw_arena_deinit(&page->arena);
}

void aw_render_pool_free(struct aw_render_pool *pool)
{
    if (!pool)
        return;
    for (int i = 0; i < pool->config.limits->browsers; i++) {
        stop_browser(&pool->browsers[i], NULL, 0);
        drop_page(&pool->browsers[i].page);
    }
    aw_fetcher_free(pool->fetcher);
    free(pool->browsers);
    free(pool);
}

bool aw_render_has_room(const struct aw_render_pool *pool)
{
    for (int i = 0; i < pool->config.limits->browsers; i++)
        if (pool->browsers[i].page.phase == AW_RENDER_IDLE &&
            !pool->browsers[i].doomed[0])
            return true;
    return false;
}

static aw_rc copy_page(struct aw_render_page *page, struct aw_str url,
                       const struct aw_render_given *given, struct aw_err *err)
{
    aw_rc rc;

    aw_arena_init(&page->arena, PAGE_ARENA_MAX);
    rc = aw_arena_dup(&page->arena, url, &page->url, err);
    page->is_given = given != NULL;
    if (rc != AW_OK || !given)
        return rc;
    page->given.status = given->status;
    rc = aw_arena_dup(&page->arena, given->head, &page->given.head, err);
    return rc == AW_OK ? aw_arena_dup(&page->arena, given->body,
                                      &page->given.body, err)
                       : rc;
}

static struct aw_render_browser *free_browser(struct aw_render_pool *pool)
{
    struct aw_render_browser *found = NULL;

    for (int i = 0; i < pool->config.limits->browsers; i++) {
        struct aw_render_browser *b = &pool->browsers[i];

        if (b->page.phase == AW_RENDER_IDLE && !b->doomed[0] &&
            (!found || b->ready))
            found = b;
    }
    return found;
}

aw_rc aw_render_ask(struct aw_render_pool *pool, struct aw_str url,
                    const struct aw_render_given *given, void *job,
                    struct aw_err *err)
{
    struct aw_render_browser *b = free_browser(pool);
    aw_rc rc;

    if (!b)
        return aw_fail(err, AW_BUSY, "all browsers are at work");
    rc = copy_page(&b->page, url, given, err);
    if (rc != AW_OK) {
        aw_arena_deinit(&b->page.arena);
        b->page = (struct aw_render_page){.browser = b};
        return rc;
    }
    b->page.job = job;
    b->page.phase = AW_RENDER_QUEUED;
    return AW_OK;
}

/* ---- looking after them ------------------------------------------------- */

static void check_memory(struct aw_render_browser *b, int64_t now)
{
    int64_t most = b->pool->config.limits->memory_max;

    if (!b->page.job || now - b->looked_ms < MEMORY_MS)
        return;
    b->looked_ms = now;
    if (aw_browser_memory(&b->process) > most)
        aw_render_doom(b, false, "the browser took more than memory_max");
}

static void begin_page(struct aw_render_browser *b)
{
    struct aw_err err;

    if (is_given_up(b->pool)) {
        aw_render_end(&b->page, "no browser can be started", false);
        return;
    }
    if (!b->devtools && start_browser(b, &err) != AW_OK) {
        b->pool->failed_starts++;
        return;
    }
    if (b->ready)
        aw_render_open(&b->page);
}

static void look_at(struct aw_render_browser *b)
{
    int64_t now = now_of(b);

    if (b->devtools && !b->ready && now - b->since_ms > START_MS)
        aw_render_doom(b, false, "the browser did not come up");
    if (b->ready && !b->page.job && b->pages >= PAGES_A_BROWSER)
        aw_render_doom(b, false, "it had its share of pages");
    if (b->ready && !b->doomed[0])
        aw_render_look(&b->page);
    if (b->devtools && !b->doomed[0])
        check_memory(b, now);
    if (b->doomed[0])
        replace(b);
    if (b->page.phase == AW_RENDER_QUEUED && !b->doomed[0])
        begin_page(b);
}

void aw_render_tick(struct aw_render_pool *pool, int *wait_ms)
{
    aw_fetch_tick(pool->fetcher, wait_ms);
    for (int i = 0; i < pool->config.limits->browsers; i++) {
        struct aw_render_browser *b = &pool->browsers[i];

        look_at(b);
        if ((b->page.job || b->doomed[0]) && *wait_ms > TICK_MS)
            *wait_ms = TICK_MS;
    }
}

int aw_render_pid(const struct aw_render_pool *pool, int browser)
{
    return browser < pool->config.limits->browsers
               ? (int)pool->browsers[browser].process.pid
               : 0;
}
