#include "crawler/scope.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "crawler/url.h"

#define OFF_BEAT "off the beat of its source"
#define SHOWN_MAX 200 /* bytes of a pattern in a reason */

/* A URL with what patterns look at. */
struct asked {
    struct aw_str url, host, site;
};

struct pattern {
    const struct kind *kind;
    struct aw_str text; /* in the form in which it is compared */
    pcre2_code *code;   /* of a regex */
    const char *reason;
};

struct patterns {
    struct pattern *items;
    unsigned count;
};

/* Sorted, and looked up by halves. */
struct texts {
    struct aw_str *items;
    size_t count;
};

struct aw_scope {
    struct aw_arena *arena;
    const struct aw_source *source;
    const struct aw_sites *sites;
    struct aw_str *starts; /* in the config's order */
    struct texts pages;    /* the same, sorted */
    struct texts covered;  /* hosts, sites or folders: what scope says */
    struct patterns include, exclude;
    bool looks_at_sites;
    pcre2_match_data *match;
    pcre2_match_context *limits;
};

/* ---- sorted texts ---- */

static int compare(const void *a, const void *b)
{
    return aw_str_cmp(*(const struct aw_str *)a, *(const struct aw_str *)b);
}

/* How many of texts are not above text. */
static size_t count_up_to(const struct texts *texts, struct aw_str text)
{
    size_t low = 0;
    size_t high = texts->count;

    while (low < high) {
        size_t mid = low + (high - low) / 2;

        if (aw_str_cmp(texts->items[mid], text) <= 0)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

static bool has_text(const struct texts *texts, struct aw_str text)
{
    size_t n = count_up_to(texts, text);

    return n > 0 && aw_str_eq(texts->items[n - 1], text);
}

/* Whether one of texts begins text; none of texts begins another one. */
static bool has_prefix(const struct texts *texts, struct aw_str text)
{
    size_t n = count_up_to(texts, text);

    return n > 0 && aw_str_starts(text, texts->items[n - 1]);
}

/* Sorts texts and drops those that another one begins. */
static void sort_prefixes(struct texts *texts)
{
    size_t kept = 0;

    qsort(texts->items, texts->count, sizeof *texts->items, compare);
    for (size_t i = 0; i < texts->count; i++)
        if (kept == 0 ||
            !aw_str_starts(texts->items[i], texts->items[kept - 1]))
            texts->items[kept++] = texts->items[i];
    texts->count = kept;
}

/* ---- kinds of patterns ---- */

/* Makes pattern->text of what stands behind the kind's word. */
typedef aw_rc read_fn(struct aw_scope *scope, struct aw_str given,
                      struct pattern *pattern, struct aw_err *err);
typedef bool holds_fn(const struct aw_scope *scope,
                      const struct pattern *pattern,
                      const struct asked *asked);

struct kind {
    const char *word;
    read_fn *read;
    holds_fn *holds;
};

/* Puts given, in canonical form, into the arena. */
static aw_rc dup_canonical(struct aw_scope *scope, struct aw_str given,
                           struct aw_str *out, struct aw_err *err)
{
    struct aw_buf url;
    aw_rc rc;

    aw_buf_init(&url, AW_URL_MAX);
    rc = aw_url_canonical(AW_STR(""), given, &url, err);
    if (rc == AW_OK)
        rc = aw_arena_dup(scope->arena, aw_buf_str(&url), out, err);
    aw_buf_deinit(&url);
    return rc;
}

static aw_rc read_host(struct aw_scope *scope, struct aw_str given,
                       struct pattern *pattern, struct aw_err *err)
{
    struct aw_url_parts parts = {0};
    struct aw_str url = {0};
    struct aw_buf text;
    aw_rc rc;

    aw_buf_init(&text, AW_URL_MAX);
    aw_buf_puts(&text, "http://");
    aw_buf_put(&text, given);
    rc = aw_buf_check(&text, err);
    if (rc == AW_OK)
        rc = dup_canonical(scope, aw_buf_str(&text), &url, err);
    aw_buf_deinit(&text);
    if (rc == AW_OK)
        rc = aw_url_parse(url, &parts, err);
    if (rc == AW_OK && (parts.port != 80 || parts.target.len != 1))
        return aw_fail(err, AW_INVALID, "only the name of a host goes here");
    pattern->text = parts.host;
    return rc;
}

static aw_rc read_site(struct aw_scope *scope, struct aw_str given,
                       struct pattern *pattern, struct aw_err *err)
{
    struct aw_str site;
    aw_rc rc = read_host(scope, given, pattern, err);

    if (rc != AW_OK)
        return rc;
    scope->looks_at_sites = true;
    site = aw_site_of(scope->sites, pattern->text);
    if (aw_site_is_suffix(scope->sites, pattern->text))
        return aw_fail(err, AW_INVALID,
                       "anyone registers names under it: it is no site");
    if (site.len < pattern->text.len)
        return aw_fail(err, AW_INVALID,
                       "the site of it is '%.*s': name that, or use 'host:'",
                       AW_STR_ARG(site));
    return AW_OK;
}

static aw_rc read_prefix(struct aw_scope *scope, struct aw_str given,
                         struct pattern *pattern, struct aw_err *err)
{
    return dup_canonical(scope, given, &pattern->text, err);
}

static aw_rc read_regex(struct aw_scope *scope, struct aw_str given,
                        struct pattern *pattern, struct aw_err *err)
{
    char text[256] = "";
    size_t at = 0;
    int error = 0;

    (void)scope;
    pattern->code =
        pcre2_compile((PCRE2_SPTR)given.ptr, given.len, 0, &error, &at, NULL);
    if (pattern->code) {
        /* Without the compiler it is slower, and the same. */
        (void)pcre2_jit_compile(pattern->code, PCRE2_JIT_COMPLETE);
        return AW_OK;
    }
    (void)pcre2_get_error_message(error, (PCRE2_UCHAR *)text, sizeof text);
    return aw_fail(err, AW_INVALID, "after %zu bytes: %s", at, text);
}

/* Whether a URL can begin as text does, up to its first wildcard. */
static bool begins_a_url(struct aw_str text)
{
    static const char *const begins[] = {"http://", "https://"};
    size_t len = 0;

    while (len < text.len && text.ptr[len] != '*' && text.ptr[len] != '?')
        len++;
    text.len = len;
    for (size_t i = 0; i < 2; i++) {
        struct aw_str begin = aw_str_of(begins[i]);

        if (aw_str_starts(text, begin) || aw_str_starts(begin, text))
            return true;
    }
    return false;
}

static aw_rc read_glob(struct aw_scope *scope, struct aw_str given,
                       struct pattern *pattern, struct aw_err *err)
{
    struct aw_buf text;
    aw_rc rc;

    if (!begins_a_url(given))
        return aw_fail(err, AW_INVALID,
                       "no URL is like that: begin with host:, site:, "
                       "prefix:, regex:, http or *");
    aw_buf_init(&text, (size_t)4 * AW_URL_MAX);
    for (size_t i = 0; i < given.len; i++)
        if ((unsigned char)given.ptr[i] < 0x80)
            aw_buf_putc(&text, given.ptr[i]);
        else
            aw_buf_printf(&text, "%%%02X", (unsigned char)given.ptr[i]);
    rc = aw_buf_check(&text, err);
    if (rc == AW_OK)
        rc =
            aw_arena_dup(scope->arena, aw_buf_str(&text), &pattern->text, err);
    aw_buf_deinit(&text);
    return rc;
}

static bool holds_host(const struct aw_scope *scope,
                       const struct pattern *pattern,
                       const struct asked *asked)
{
    (void)scope;
    return aw_str_eq(pattern->text, asked->host);
}

static bool holds_site(const struct aw_scope *scope,
                       const struct pattern *pattern,
                       const struct asked *asked)
{
    (void)scope;
    return aw_str_eq(pattern->text, asked->site);
}

static bool holds_prefix(const struct aw_scope *scope,
                         const struct pattern *pattern,
                         const struct asked *asked)
{
    (void)scope;
    return aw_str_starts(asked->url, pattern->text);
}

static bool holds_regex(const struct aw_scope *scope,
                        const struct pattern *pattern,
                        const struct asked *asked)
{
    return pcre2_match(pattern->code, (PCRE2_SPTR)asked->url.ptr,
                       asked->url.len, 0, 0, scope->match, scope->limits) >= 0;
}

/* Where a piece behind a star does not fit, the last star takes one more. */
static bool holds_glob(const struct aw_scope *scope,
                       const struct pattern *pattern,
                       const struct asked *asked)
{
    struct aw_str glob = pattern->text;
    struct aw_str url = asked->url;
    size_t g = 0, u = 0, star = SIZE_MAX, taken = 0;

    (void)scope;
    while (u < url.len) {
        if (g < glob.len && glob.ptr[g] == '*') {
            star = g++;
            taken = u;
        } else if (g < glob.len &&
                   (glob.ptr[g] == '?' || glob.ptr[g] == url.ptr[u])) {
            g++;
            u++;
        } else if (star != SIZE_MAX) {
            g = star + 1;
            u = ++taken;
        } else {
            return false;
        }
    }
    while (g < glob.len && glob.ptr[g] == '*')
        g++;
    return g == glob.len;
}

/* The last one takes what no word begins. */
static const struct kind kinds[] = {
    {"host:", read_host, holds_host},
    {"site:", read_site, holds_site},
    {"prefix:", read_prefix, holds_prefix},
    {"regex:", read_regex, holds_regex},
    {"", read_glob, holds_glob},
};

/* ---- making ---- */

static aw_rc put_reason(struct aw_scope *scope, const char *text,
                        struct pattern *pattern, struct aw_err *err)
{
    struct aw_str given = aw_str_of(text);
    struct aw_str kept = {0};
    struct aw_buf reason;
    aw_rc rc;

    aw_buf_init(&reason, SHOWN_MAX + 100);
    aw_buf_printf(&reason, "excluded by '%.*s%s' of its source",
                  AW_STR_ARG(aw_str_sub(given, 0, SHOWN_MAX)),
                  given.len > SHOWN_MAX ? "..." : "");
    rc = aw_buf_check(&reason, err);
    if (rc == AW_OK)
        rc = aw_arena_dup(scope->arena, aw_buf_str(&reason), &kept, err);
    pattern->reason = kept.ptr;
    aw_buf_deinit(&reason);
    return rc;
}

static aw_rc read_pattern(struct aw_scope *scope, const char *text,
                          struct pattern *pattern, struct aw_err *err)
{
    const struct kind *kind = kinds;
    struct aw_str given = aw_str_of(text);
    aw_rc rc = put_reason(scope, text, pattern, err);

    if (rc != AW_OK)
        return rc;
    while (!aw_str_starts(given, aw_str_of(kind->word)))
        kind++;
    pattern->kind = kind;
    given = aw_str_sub(given, strlen(kind->word), given.len);
    if (given.len == 0)
        return aw_fail(err, AW_INVALID, "nothing stands behind it");
    return kind->read(scope, given, pattern, err);
}

/* key: "include" or "exclude". */
static aw_rc read_patterns(struct aw_scope *scope,
                           const struct aw_config *config, const char *key,
                           char *const *texts, unsigned count,
                           struct patterns *out, struct aw_err *err)
{
    aw_rc rc = AW_OK;

    if (count == 0)
        return AW_OK;
    out->items = aw_arena_array(scope->arena, count, sizeof *out->items);
    if (!out->items)
        return aw_arena_fail(scope->arena, err);
    while (out->count < count && rc == AW_OK) {
        rc = read_pattern(scope, texts[out->count], &out->items[out->count],
                          err);
        out->count++;
    }
    if (rc == AW_OK || rc == AW_NOMEM)
        return rc;
    err->rc = AW_CONFIG;
    (void)aw_fail_in(err, "source '%s': %s '%.*s'", scope->source->name, key,
                     SHOWN_MAX, texts[out->count - 1]);
    return aw_config_fail_at(config, err, "sources[%zu].%s[%u]",
                             (size_t)(scope->source - config->sources), key,
                             out->count - 1);
}

/* What a start page puts on the beat. */
static struct aw_str cover_of(const struct aw_scope *scope, struct aw_str url,
                              const struct aw_url_parts *parts)
{
    struct aw_str folder = url;

    if (scope->source->scope == AW_SCOPE_HOST)
        return parts->host;
    if (scope->source->scope == AW_SCOPE_SITE)
        return aw_site_of(scope->sites, parts->host);
    folder.len -= parts->query.len + (parts->query.len > 0);
    while (folder.ptr[folder.len - 1] != '/')
        folder.len--;
    return folder;
}

static aw_rc read_start(struct aw_scope *scope, const struct aw_config *config,
                        unsigned i, struct aw_err *err)
{
    const char *text = scope->source->start[i];
    struct aw_url_parts parts;
    aw_rc rc = dup_canonical(scope, aw_str_of(text), &scope->starts[i], err);

    if (rc == AW_OK)
        rc = aw_url_parse(scope->starts[i], &parts, err);
    if (rc == AW_NOMEM)
        return rc;
    if (rc != AW_OK) {
        err->rc = AW_CONFIG;
        (void)aw_fail_in(err, "source '%s': start '%s'", scope->source->name,
                         text);
        return aw_config_fail_at(config, err, "sources[%zu].start[%u]",
                                 (size_t)(scope->source - config->sources), i);
    }
    scope->pages.items[i] = scope->starts[i];
    scope->covered.items[i] = cover_of(scope, scope->starts[i], &parts);
    return AW_OK;
}

static aw_rc read_starts(struct aw_scope *scope,
                         const struct aw_config *config, struct aw_err *err)
{
    unsigned n = scope->source->start_count;
    struct aw_str *texts =
        aw_arena_array(scope->arena, (size_t)n * 3, sizeof *texts);
    aw_rc rc = AW_OK;

    if (!texts)
        return aw_arena_fail(scope->arena, err);
    scope->starts = texts;
    scope->pages = (struct texts){texts + n, n};
    scope->covered = (struct texts){texts + 2 * (size_t)n, n};
    for (unsigned i = 0; i < n && rc == AW_OK; i++)
        rc = read_start(scope, config, i, err);
    if (rc != AW_OK)
        return rc;
    qsort(scope->pages.items, n, sizeof *texts, compare);
    if (scope->source->scope == AW_SCOPE_PREFIX)
        sort_prefixes(&scope->covered);
    else
        qsort(scope->covered.items, n, sizeof *texts, compare);
    return AW_OK;
}

static aw_rc set_up_matching(struct aw_scope *scope, struct aw_err *err)
{
    scope->match = pcre2_match_data_create(1, NULL);
    scope->limits = pcre2_match_context_create(NULL);
    if (!scope->match || !scope->limits)
        return aw_fail(err, AW_NOMEM, "%s", aw_rc_text(AW_NOMEM));
    (void)pcre2_set_match_limit(scope->limits, AW_SCOPE_STEPS);
    (void)pcre2_set_depth_limit(scope->limits, AW_SCOPE_STEPS);
    (void)pcre2_set_heap_limit(scope->limits, AW_SCOPE_HEAP);
    return AW_OK;
}

static aw_rc read_all(struct aw_scope *scope, const struct aw_config *config,
                      struct aw_err *err)
{
    const struct aw_source *source = scope->source;
    aw_rc rc = set_up_matching(scope, err);

    if (rc == AW_OK)
        rc = read_starts(scope, config, err);
    if (rc == AW_OK)
        rc = read_patterns(scope, config, "include", source->include,
                           source->include_count, &scope->include, err);
    if (rc == AW_OK)
        rc = read_patterns(scope, config, "exclude", source->exclude,
                           source->exclude_count, &scope->exclude, err);
    return rc;
}

aw_rc aw_scope_new(struct aw_scope **out, const struct aw_config *config,
                   unsigned index, const struct aw_sites *sites,
                   struct aw_arena *arena, struct aw_err *err)
{
    struct aw_scope *scope = calloc(1, sizeof *scope);
    aw_rc rc;

    if (!scope)
        return aw_fail(err, AW_NOMEM, "%s", aw_rc_text(AW_NOMEM));
    scope->arena = arena;
    scope->source = &config->sources[index];
    scope->looks_at_sites = scope->source->scope == AW_SCOPE_SITE;
    scope->sites = sites;
    rc = read_all(scope, config, err);
    if (rc == AW_OK)
        *out = scope;
    else
        aw_scope_free(scope);
    return rc;
}

static void free_codes(struct patterns *patterns)
{
    for (unsigned i = 0; i < patterns->count; i++)
        pcre2_code_free(patterns->items[i].code);
}

void aw_scope_free(struct aw_scope *scope)
{
    if (!scope)
        return;
    free_codes(&scope->include);
    free_codes(&scope->exclude);
    pcre2_match_data_free(scope->match);
    pcre2_match_context_free(scope->limits);
    free(scope);
}

/* ---- asking ---- */

/* The first pattern that holds, or NULL. */
static const struct pattern *find(const struct aw_scope *scope,
                                  const struct patterns *patterns,
                                  const struct asked *asked)
{
    for (unsigned i = 0; i < patterns->count; i++) {
        const struct pattern *pattern = &patterns->items[i];

        if (pattern->kind->holds(scope, pattern, asked))
            return pattern;
    }
    return NULL;
}

static bool is_covered(const struct aw_scope *scope, const struct asked *asked)
{
    switch (scope->source->scope) {
    case AW_SCOPE_HOST:
        return has_text(&scope->covered, asked->host);
    case AW_SCOPE_SITE:
        return has_text(&scope->covered, asked->site);
    case AW_SCOPE_PREFIX:
        return has_prefix(&scope->covered, asked->url);
    case AW_SCOPE_LISTED:
        break;
    }
    return false;
}

/* Why the URL is off the beat, or NULL. */
static const char *reason_against(const struct aw_scope *scope,
                                  struct aw_str url)
{
    const struct pattern *pattern;
    struct asked asked = {.url = url};
    struct aw_url_parts parts;
    struct aw_err ignored;

    if (has_text(&scope->pages, url))
        return NULL;
    if (aw_url_parse(url, &parts, &ignored) != AW_OK)
        return OFF_BEAT;
    asked.host = parts.host;
    if (scope->looks_at_sites)
        asked.site = aw_site_of(scope->sites, parts.host);
    pattern = find(scope, &scope->exclude, &asked);
    if (pattern)
        return pattern->reason;
    if (is_covered(scope, &asked) || find(scope, &scope->include, &asked))
        return NULL;
    return OFF_BEAT;
}

bool aw_scope_holds(const struct aw_scope *scope, struct aw_str url,
                    const char **why)
{
    const char *reason = reason_against(scope, url);

    if (reason && why)
        *why = reason;
    return !reason;
}

struct aw_str aw_scope_start(const struct aw_scope *scope, unsigned index)
{
    return scope->starts[index];
}
