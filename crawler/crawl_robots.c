#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crawler/crawl_private.h"
#include "crawler/robots.h"

#define CACHE_MS (INT64_C(24) * 3600 * 1000) /* RFC 9309, 2.4 */
#define ROW_ARENA_MAX ((size_t)1 << 20)

struct origin {
    struct aw_str name;
    struct aw_robots *robots; /* NULL: closed */
    int status;               /* HTTP, or 0: unreachable */
    char why[128];            /* where it was unreachable */
};

static int compare_origins(const void *a, const void *b)
{
    return aw_str_cmp(((const struct origin *)a)->name,
                      ((const struct origin *)b)->name);
}

static struct origin *find_origin(struct aw_crawl *c, struct aw_str name)
{
    struct origin key = {.name = name};
    struct origin **found = tfind(&key, &c->origins, compare_origins);

    return found ? *found : NULL;
}

static void free_origin(void *node)
{
    struct origin *origin = node;

    aw_robots_free(origin->robots);
    free(origin);
}

void aw_robots_forget_all(struct aw_crawl *c)
{
    tdestroy(c->origins, free_origin);
    c->origins = NULL;
}

/* RFC 9309, 2.3.1: 2xx is read; 4xx allows all; 5xx, other answers and no
 * answer at all close the site for now. */
static aw_rc read_robots(struct origin *origin, int status, struct aw_str body,
                         struct aw_err *err)
{
    origin->status = status;
    if (status >= 200 && status < 300)
        return aw_robots_new(&origin->robots, body, err);
    if (status >= 400 && status < 500)
        return aw_robots_new(&origin->robots, AW_STR(""), err);
    return AW_OK;
}

static aw_rc add_origin(struct aw_crawl *c, struct aw_str name, int status,
                        struct aw_str body, const char *why,
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
    rc = read_robots(origin, status, body, err);
    if (rc == AW_OK && !tsearch(origin, &c->origins, compare_origins))
        rc = aw_fail(err, AW_NOMEM, "out of memory");
    if (rc != AW_OK)
        free_origin(origin);
    else
        *out = origin;
    return rc;
}

/* The copy of the last day, where the store has one that was an answer. */
static aw_rc recall(struct aw_crawl *c, struct aw_str name,
                    struct origin **out, struct aw_err *err)
{
    struct aw_robots_row row;
    struct aw_arena arena;
    aw_rc rc;

    aw_arena_init(&arena, ROW_ARENA_MAX);
    rc = aw_store_robots_get(c->in->store, &arena, name, &row, err);
    if (rc == AW_OK &&
        aw_clock_wall(c->in->clock) - row.fetched_ms < CACHE_MS &&
        row.status >= 200 && row.status < 500)
        rc = add_origin(c, name, row.status, row.body, "", out, err);
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
    aw_rc rc = origin ? AW_OK : recall(c, name, &origin, err);

    if (rc != AW_OK)
        return rc;
    if (!origin) {
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

    if (!origin || !origin->robots)
        return 0;
    return aw_robots_delay_ms(origin->robots,
                              aw_str_of(c->in->config->agent.name));
}

aw_rc aw_robots_learn(struct aw_crawl *c, struct aw_str name, int status,
                      struct aw_str body, const char *why, struct aw_err *err)
{
    struct aw_robots_row row = {aw_clock_wall(c->in->clock), status,
                                aw_str_sub(body, 0, AW_ROBOTS_MAX)};
    struct origin *origin = NULL;
    aw_rc rc = aw_store_robots_put(c->in->store, name, &row, err);

    return rc == AW_OK ? add_origin(c, name, status, body, why, &origin, err)
                       : rc;
}
