#include <stdlib.h>
#include <string.h>

#include "crawler/crawl_private.h"

#define URLS_OVER "not queued, as all further links: urls_max of its source"

static aw_rc init_scope(struct aw_crawl *c, struct aw_beat *scope, unsigned i,
                        struct aw_err *err)
{
    const struct aw_source *source = &c->in->config->sources[i];
    unsigned n = source->start_count;
    aw_rc rc;

    scope->source = source;
    scope->urls_max =
        n + (source->pages_max > 0 ? source->pages_max * AW_SOURCE_URLS_FACTOR
                                   : AW_SOURCE_URLS_MAX);
    scope->starts = aw_arena_array(&c->arena, n, sizeof *scope->starts);
    if (!scope->starts)
        return aw_arena_fail(&c->arena, err);
    rc = aw_scope_new(&scope->scope, c->in->config, i, c->sites, &c->arena,
                      err);
    for (unsigned k = 0; k < n && rc == AW_OK; k++)
        scope->starts[k] = aw_scope_start(scope->scope, k);
    return rc;
}

static int compare_scopes(const void *a, const void *b)
{
    return strcmp(((const struct aw_beat *)a)->source->name,
                  ((const struct aw_beat *)b)->source->name);
}

aw_rc aw_scopes_init(struct aw_crawl *c, struct aw_err *err)
{
    const struct aw_config *config = c->in->config;
    aw_rc rc = aw_sites_new(&c->sites, err);

    if (rc != AW_OK)
        return rc;
    c->scopes =
        aw_arena_array(&c->arena, config->source_count, sizeof *c->scopes);
    if (!c->scopes)
        return aw_arena_fail(&c->arena, err);
    c->scope_count = config->source_count;
    for (unsigned i = 0; i < config->source_count && rc == AW_OK; i++)
        rc = init_scope(c, &c->scopes[i], i, err);
    if (rc == AW_OK)
        qsort(c->scopes, c->scope_count, sizeof *c->scopes, compare_scopes);
    return rc;
}

void aw_scopes_deinit(struct aw_crawl *c)
{
    for (size_t i = 0; i < c->scope_count; i++)
        aw_scope_free(c->scopes[i].scope);
    aw_sites_free(c->sites);
}

struct aw_beat *aw_scope_find(struct aw_crawl *c, struct aw_str name)
{
    size_t low = 0;
    size_t high = c->scope_count;

    while (low < high) {
        size_t mid = low + (high - low) / 2;
        int order = aw_str_cmp(aw_str_of(c->scopes[mid].source->name), name);

        if (order == 0)
            return &c->scopes[mid];
        if (order < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return NULL;
}

static aw_rc recall(void *self, struct aw_str source, int64_t urls,
                    int64_t requests, struct aw_err *err)
{
    struct aw_beat *scope = aw_scope_find(self, source);

    (void)err;
    if (scope) {
        scope->urls = urls;
        scope->pages = requests;
    }
    return AW_OK;
}

aw_rc aw_scopes_recall(struct aw_crawl *c, struct aw_err *err)
{
    return aw_store_urls_taken(c->in->store, c->run, recall, c, err);
}

aw_rc aw_scope_queue_start(struct aw_crawl *c, struct aw_beat *scope,
                           struct aw_url_row *row, struct aw_err *err)
{
    bool added = false;
    aw_rc rc = aw_frontier_add(c->frontier, row, aw_clock_wall(c->in->clock),
                               &added, err);

    scope->urls += added;
    return rc;
}

static aw_rc refuse(struct aw_crawl *c, struct aw_beat *scope,
                    struct aw_url_row *row, struct aw_err *err)
{
    bool added = false;
    aw_rc rc = aw_frontier_refuse(c->frontier, row, URLS_OVER,
                                  aw_clock_wall(c->in->clock), &added, err);

    if (!added)
        return rc;
    scope->urls++;
    c->stats->skipped++;
    aw_log(c->in->log, AW_LOG_WARN,
           "urls of a source are at their limit: further links are not queued",
           "source", scope->source->name, "url", row->url.ptr, (char *)NULL);
    return rc;
}

aw_rc aw_scope_queue(struct aw_crawl *c, struct aw_beat *scope,
                     struct aw_url_row *row, struct aw_err *err)
{
    if (scope->urls < scope->urls_max)
        return aw_scope_queue_start(c, scope, row, err);
    if (scope->urls == scope->urls_max)
        return refuse(c, scope, row, err);
    return AW_OK;
}
