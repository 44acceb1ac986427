#include <stdlib.h>
#include <string.h>

#include "crawler/crawl_private.h"
#include "crawler/url.h"

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
        return aw_fail_in(err, "source '%s': start '%s'", scope->source->name,
                          text);
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
