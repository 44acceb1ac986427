#include <stdlib.h>
#include <string.h>

#include "crawler/crawl_private.h"
#include "crawler/url.h"

#define URLS_OVER "not queued, as all further links: urls_max of its source"

static aw_rc add_start(struct aw_crawl *c, struct aw_beat *scope, unsigned i,
                       struct aw_err *err)
{
    const char *text = scope->source->start[i];
    struct aw_url_parts parts;
    struct aw_buf url;
    aw_rc rc;

    aw_buf_init(&url, AW_URL_MAX);
    rc = aw_url_canonical(AW_STR(""), aw_str_of(text), &url, err);
    if (rc == AW_OK)
        rc = aw_arena_dup(&c->arena, aw_buf_str(&url), &scope->starts[i], err);
    if (rc == AW_OK)
        rc = aw_url_parse(scope->starts[i], &parts, err);
    aw_buf_deinit(&url);
    if (rc != AW_OK) {
        err->rc = AW_CONFIG;
        (void)aw_fail_in(err, "source '%s': start '%s'", scope->source->name,
                         text);
        return aw_config_fail_at(c->in->config, err, "sources[%zu].start[%u]",
                                 (size_t)(scope->source -
                                          c->in->config->sources),
                                 i);
    }
    scope->hosts[i] = parts.host;
    scope->prefixes[i] = scope->starts[i];
    scope->prefixes[i].len -= parts.query.len + (parts.query.len > 0);
    while (scope->prefixes[i].ptr[scope->prefixes[i].len - 1] != '/')
        scope->prefixes[i].len--;
    return AW_OK;
}

static aw_rc init_scope(struct aw_crawl *c, struct aw_beat *scope,
                        const struct aw_source *source, struct aw_err *err)
{
    unsigned n = source->start_count;
    struct aw_str *texts =
        aw_arena_array(&c->arena, (size_t)n * 3, sizeof *texts);
    aw_rc rc = AW_OK;

    if (!texts)
        return aw_arena_fail(&c->arena, err);
    scope->source = source;
    scope->urls_max =
        n + (source->pages_max > 0 ? source->pages_max * AW_SOURCE_URLS_FACTOR
                                   : AW_SOURCE_URLS_MAX);
    scope->starts = texts;
    scope->hosts = texts + n;
    scope->prefixes = texts + 2 * (size_t)n;
    for (unsigned i = 0; i < n && rc == AW_OK; i++)
        rc = add_start(c, scope, i, err);
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
    aw_rc rc = AW_OK;

    c->scopes =
        aw_arena_array(&c->arena, config->source_count, sizeof *c->scopes);
    if (!c->scopes)
        return aw_arena_fail(&c->arena, err);
    for (unsigned i = 0; i < config->source_count && rc == AW_OK; i++)
        rc = init_scope(c, &c->scopes[i], &config->sources[i], err);
    c->scope_count = config->source_count;
    if (rc == AW_OK)
        qsort(c->scopes, c->scope_count, sizeof *c->scopes, compare_scopes);
    return rc;
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

bool aw_scope_holds(const struct aw_beat *scope, struct aw_str url)
{
    bool by_prefix = scope->source->scope == AW_SCOPE_PREFIX;
    struct aw_url_parts parts;
    struct aw_err ignored;

    if (aw_url_parse(url, &parts, &ignored) != AW_OK)
        return false;
    for (unsigned i = 0; i < scope->source->start_count; i++)
        if (by_prefix ? aw_str_starts(url, scope->prefixes[i])
                      : aw_str_eq(parts.host, scope->hosts[i]))
            return true;
    return false;
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
