#include "cli/why.h"

#include <stdio.h>

#include "crawler/scope.h"
#include "crawler/url.h"

#define SCOPES_MAX ((size_t)256 << 20) /* bytes of the sources' patterns */

/* What the sources say of the URL; a reason lasts as long as its scope, so
 * that it is told at once. */
struct judgement {
    const struct aw_config *config;
    struct aw_sites *sites;
    struct aw_arena arena;
    struct aw_str url;
    const struct aw_source *holder; /* whose beat it is on */
    char excluded[AW_ERR_MAX];      /* by whom; empty: by none */
};

static aw_rc ask_source(struct judgement *j, unsigned i, struct aw_err *err)
{
    const struct aw_source *source = &j->config->sources[i];
    struct aw_scope *scope = NULL;
    const char *why = NULL;
    aw_rc rc = aw_scope_new(&scope, j->config, i, j->sites, &j->arena, err);

    if (rc != AW_OK)
        return rc;
    if (aw_scope_holds(scope, j->url, &why))
        j->holder = source;
    else if (!j->excluded[0] &&
             aw_str_starts(aw_str_of(why), AW_STR("excluded")))
        (void)snprintf(j->excluded, sizeof j->excluded, "%s, '%s'", why,
                       source->name);
    aw_scope_free(scope);
    return rc;
}

static aw_rc tell(const struct judgement *j, struct aw_err *err)
{
    if (j->holder)
        return aw_fail(err, AW_MISSING,
                       "'%.*s' was never queued: it is on the beat of source "
                       "'%s', but no page that was read leads to it within "
                       "%d links, or its link was not followed (nofollow, or "
                       "more links than are taken)",
                       AW_STR_ARG(j->url), j->holder->name, j->holder->depth);
    return aw_fail(err, AW_MISSING, "'%.*s' was never queued: %s",
                   AW_STR_ARG(j->url),
                   j->excluded[0] ? j->excluded
                                  : "it is off the beat of every source");
}

static aw_rc ask_all(struct judgement *j, struct aw_err *err)
{
    aw_rc rc = aw_sites_new(&j->sites, err);

    for (unsigned i = 0;
         i < j->config->source_count && rc == AW_OK && !j->holder; i++) {
        aw_arena_reset(&j->arena);
        rc = ask_source(j, i, err);
    }
    aw_sites_free(j->sites);
    return rc;
}

aw_rc aw_why_never(const struct aw_config *config, struct aw_str url,
                   struct aw_err *err)
{
    struct judgement j = {.config = config, .url = url};
    struct aw_url_parts parts;
    struct aw_err ignored = {0};
    aw_rc rc;

    if (aw_url_parse(url, &parts, &ignored) != AW_OK)
        return aw_fail(err, AW_MISSING,
                       "'%.*s' was never queued: it is no http or https URL, "
                       "and nothing of that name was handed in",
                       AW_STR_ARG(url));
    aw_arena_init(&j.arena, SCOPES_MAX);
    rc = ask_all(&j, err);
    if (rc == AW_OK)
        rc = tell(&j, err);
    aw_arena_deinit(&j.arena);
    return rc;
}
