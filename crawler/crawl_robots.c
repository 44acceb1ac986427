#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crawler/crawl_private.h"
#include "crawler/robots.h"
#include "crawler/url.h"

#define CACHE_MS (INT64_C(24) * 3600 * 1000) /* RFC 9309, 2.4 */
#define FAILING_MS (30 * CACHE_MS)           /* RFC 9309, 2.3.1.4 */
#define SITEMAPS_MAX 100                     /* of one robots.txt */
#define HOPS_MAX 5                           /* RFC 9309, 2.3.1.2 */
#define ROW_ARENA_MAX ((size_t)1 << 20)
#define ORIGINS_MAX ((size_t)64 << 20) /* bytes of rules in memory */
#define ORIGIN_LEAST 256               /* one without rules counts as */
#define WHY_FORGOTTEN "could not be had a while ago"

struct origin {
    struct aw_str name;
    struct aw_robots *robots; /* NULL: closed */
    int status;               /* HTTP, or 0: unreachable */
    int64_t fetched_ms;       /* wall */
    char why[128];            /* where it was unreachable */
    char *next;               /* URL to be asked next; NULL: it is known */
    int hops;                 /* up to that */
};

static int compare_origins(const void *a, const void *b)
{
    return aw_str_cmp(((const struct origin *)a)->name,
                      ((const struct origin *)b)->name);
}

static struct origin *find_origin(const struct aw_crawl *c, struct aw_str name)
{
    struct origin key = {.name = name};
    struct origin **found = tfind(&key, &c->origins, compare_origins);

    return found ? *found : NULL;
}

static void free_origin(void *node)
{
    struct origin *origin = node;

    aw_robots_free(origin->robots);
    free(origin->next);
    free(origin);
}

void aw_robots_forget_all(struct aw_crawl *c)
{
    tdestroy(c->origins, free_origin);
    c->origins = NULL;
    c->origin_bytes = 0;
}

/* The store has them all: what is needed again is recalled from it. */
static void make_room(struct aw_crawl *c, size_t bytes)
{
    c->origin_bytes += bytes > ORIGIN_LEAST ? bytes : ORIGIN_LEAST;
    if (c->origin_bytes <= ORIGINS_MAX)
        return;
    aw_robots_forget_all(c);
    c->forgot_origins = true;
}

/* RFC 9309, 2.3.1: 2xx is read; 4xx allows all; 5xx, other answers and no
 * answer at all close the site for now, but not for more than 30 days. */
static aw_rc read_robots(struct origin *origin,
                         const struct aw_robots_row *row, struct aw_err *err)
{
    bool is_old =
        row->failing_ms > 0 && row->fetched_ms - row->failing_ms >= FAILING_MS;

    origin->status = row->status;
    origin->fetched_ms = row->fetched_ms;
    if (row->status >= 200 && row->status < 300)
        return aw_robots_new(&origin->robots, row->body, err);
    if ((row->status >= 400 && row->status < 500) || is_old)
        return aw_robots_new(&origin->robots, AW_STR(""), err);
    return AW_OK;
}

static aw_rc add_origin(struct aw_crawl *c, struct aw_str name,
                        const struct aw_robots_row *row, const char *why,
                        struct origin **out, struct aw_err *err)
{
    struct origin *origin = calloc(1, sizeof *origin + name.len + 1);
    char *copy;
    aw_rc rc;

    if (!origin)
        return aw_fail(err, AW_NOMEM, "out of memory");
    copy = (char *)(origin + 1);
    memcpy(copy, name.ptr, name.len);
    origin->name = (struct aw_str){copy, name.len};
    (void)snprintf(origin->why, sizeof origin->why, "%s", why);
    make_room(c, row->body.len);
    rc = read_robots(origin, row, err);
    if (rc == AW_OK && !tsearch(origin, &c->origins, compare_origins))
        rc = aw_fail(err, AW_NOMEM, "out of memory");
    if (rc != AW_OK)
        free_origin(origin);
    else
        *out = origin;
    return rc;
}

static void forget(struct aw_crawl *c, struct origin *origin)
{
    (void)tdelete(origin, &c->origins, compare_origins);
    free_origin(origin);
}

static bool is_fresh(const struct aw_crawl *c, int64_t fetched_ms)
{
    return aw_clock_wall(c->in->clock) - fetched_ms < CACHE_MS;
}

/* A site that is closed is asked again in the next run, not in this one. */
static bool holds_still(const struct aw_crawl *c,
                        const struct aw_robots_row *row)
{
    return is_fresh(c, row->fetched_ms) &&
           ((row->status >= 200 && row->status < 500) ||
            row->fetched_ms >= c->stats->began_ms);
}

/* The copy of the last day, where the store has one that was an answer, or
 * that came in this run. */
static aw_rc recall(struct aw_crawl *c, struct aw_str name,
                    struct origin **out, struct aw_err *err)
{
    struct aw_robots_row row;
    struct aw_arena arena;
    aw_rc rc;

    aw_arena_init(&arena, ROW_ARENA_MAX);
    rc = aw_store_robots_get(c->in->store, &arena, name, &row, err);
    if (rc == AW_OK && holds_still(c, &row))
        rc = add_origin(c, name, &row, WHY_FORGOTTEN, out, err);
    aw_arena_deinit(&arena);
    return rc == AW_MISSING ? AW_OK : rc;
}

aw_rc aw_robots_ask(struct aw_crawl *c, struct aw_str name,
                    struct aw_str target, enum aw_robots_answer *answer,
                    struct aw_buf *reason, struct aw_err *err)
{
    struct aw_str agent = aw_str_of(c->in->config->agent.name);
    struct origin *origin = find_origin(c, name);
    struct aw_str rule = {0};
    aw_rc rc = AW_OK;

    if (origin && !is_fresh(c, origin->fetched_ms)) {
        forget(c, origin);
        origin = NULL;
    }
    if (!origin)
        rc = recall(c, name, &origin, err);
    if (rc != AW_OK)
        return rc;
    if (!origin || origin->next) {
        *answer = AW_ROBOTS_UNKNOWN;
    } else if (!origin->robots) {
        *answer = AW_ROBOTS_CLOSED;
        aw_buf_puts(reason, "robots.txt: ");
        if (origin->status)
            aw_buf_printf(reason, "http %d: not allowed for now",
                          origin->status);
        else
            aw_buf_printf(reason, "%s: not allowed for now", origin->why);
    } else if (!aw_robots_allowed(origin->robots, agent, target, &rule)) {
        *answer = AW_ROBOTS_DENIED;
        aw_buf_printf(reason, "robots.txt: %.*s", AW_STR_ARG(rule));
    } else {
        *answer = AW_ROBOTS_ALLOWED;
    }
    return AW_OK;
}

int64_t aw_robots_pause(struct aw_crawl *c, struct aw_str name)
{
    struct origin *origin = find_origin(c, name);
    struct aw_err ignored; /* a store that fails ends the run elsewhere */

    if (!origin && c->forgot_origins &&
        recall(c, name, &origin, &ignored) != AW_OK)
        return -1;
    if (!origin || !origin->robots)
        return -1;
    return aw_robots_delay_ms(origin->robots,
                              aw_str_of(c->in->config->agent.name));
}

/* ---- where it is asked for ---------------------------------------------- */

aw_rc aw_robots_url(const struct aw_crawl *c, struct aw_str name,
                    struct aw_buf *url, struct aw_err *err)
{
    const struct origin *origin = find_origin(c, name);

    if (origin && origin->next) {
        aw_buf_puts(url, origin->next);
    } else {
        aw_buf_put(url, name);
        aw_buf_puts(url, "/robots.txt");
    }
    return aw_buf_check(url, err);
}

/* Of which nothing is known yet. */
static aw_rc get_asked(struct aw_crawl *c, struct aw_str name,
                       struct origin **out, struct aw_err *err)
{
    struct aw_robots_row none = {.fetched_ms = aw_clock_wall(c->in->clock)};

    *out = find_origin(c, name);
    return *out ? AW_OK : add_origin(c, name, &none, "", out, err);
}

static aw_rc go_on_to(struct aw_page *page, const char *url,
                      const char **problem, struct aw_err *err)
{
    struct origin *origin = NULL;
    aw_rc rc = get_asked(page->crawl, page->origin, &origin, err);
    char *next;

    if (rc != AW_OK)
        return rc;
    if (origin->hops == HOPS_MAX) {
        *problem = "more than 5 redirects in a row";
        return AW_OK;
    }
    next = strdup(url);
    if (!next)
        return aw_fail(err, AW_NOMEM, "out of memory");
    free(origin->next);
    origin->next = next;
    origin->hops++;
    return AW_OK;
}

aw_rc aw_robots_hop(struct aw_page *page, struct aw_str location,
                    const char **problem, struct aw_err *err)
{
    struct aw_err false_url;
    struct aw_buf url;
    aw_rc rc = AW_OK;

    *problem = NULL;
    aw_buf_init(&url, AW_URL_MAX);
    if (aw_url_canonical(page->row.url, location, &url, &false_url) == AW_OK)
        rc = go_on_to(page, url.ptr, problem, err);
    else
        *problem = "redirect to no http address";
    aw_buf_deinit(&url);
    return rc;
}

/* ---- learning ----------------------------------------------------------- */

/* Since when there was no usable answer: it goes on from what the store has.
 */
static aw_rc count_failing(struct aw_crawl *c, struct aw_str name,
                           struct aw_robots_row *row, struct aw_err *err)
{
    struct aw_robots_row before = {0};
    struct aw_arena arena;
    aw_rc rc;

    if (row->status >= 200 && row->status < 500)
        return AW_OK;
    aw_arena_init(&arena, ROW_ARENA_MAX);
    rc = aw_store_robots_get(c->in->store, &arena, name, &before, err);
    row->failing_ms =
        before.failing_ms > 0 ? before.failing_ms : row->fetched_ms;
    aw_arena_deinit(&arena);
    return rc == AW_MISSING ? AW_OK : rc;
}

/* A sitemap that robots.txt names may lie on any host (sitemaps.org). */
static aw_rc queue_sitemap(struct aw_page *page, struct aw_str base,
                           struct aw_str value, struct aw_err *err)
{
    struct aw_crawl *c = page->crawl;
    struct aw_err false_url;
    struct aw_url_row row = {
        .via = AW_VIA_SITEMAP,
        .priority = AW_PRIORITY_SITEMAP,
    };
    struct aw_buf url;
    aw_rc rc = AW_OK;

    aw_buf_init(&url, AW_URL_MAX);
    if (aw_url_canonical(base, value, &url, &false_url) == AW_OK) {
        row.url = aw_buf_str(&url);
        rc = aw_beat_queue(c, page->beat, &row, base, true, err);
    }
    aw_buf_deinit(&url);
    return rc;
}

/* Of the origins of start pages alone: a host beyond the beat has no sitemap
 * that counts. */
static aw_rc queue_sitemaps(struct aw_page *page, const struct origin *origin,
                            struct aw_err *err)
{
    size_t count =
        origin->robots ? aw_robots_sitemap_count(origin->robots) : 0;
    struct aw_buf base;
    aw_rc rc;

    if (!page->beat->source->sitemaps || page->beat->source->depth == 0)
        return AW_OK;
    aw_buf_init(&base, AW_URL_MAX);
    rc = aw_robots_url(page->crawl, page->origin, &base, err);
    if (rc != AW_OK ||
        !aw_scope_holds(page->beat->scope, aw_buf_str(&base), NULL))
        count = 0;
    for (size_t i = 0; i < count && i < SITEMAPS_MAX && rc == AW_OK; i++)
        rc = queue_sitemap(page, aw_buf_str(&base),
                           aw_robots_sitemap(origin->robots, i), err);
    aw_buf_deinit(&base);
    return rc;
}

aw_rc aw_robots_learn(struct aw_page *page, int status, struct aw_str body,
                      const char *why, struct aw_err *err)
{
    struct aw_crawl *c = page->crawl;
    struct aw_robots_row row = {
        .fetched_ms = aw_clock_wall(c->in->clock),
        .status = status,
        .body = aw_str_sub(body, 0, AW_ROBOTS_MAX),
    };
    struct origin *origin = find_origin(c, page->origin);
    aw_rc rc = count_failing(c, page->origin, &row, err);

    if (origin)
        forget(c, origin);
    if (rc == AW_OK)
        rc = aw_store_robots_put(c->in->store, page->origin, &row, err);
    if (rc == AW_OK)
        rc = add_origin(c, page->origin, &row, why, &origin, err);
    return rc == AW_OK ? queue_sitemaps(page, origin, err) : rc;
}
