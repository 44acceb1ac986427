#include "classify/prefilter.h"

#include <hs.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cache.h"
#include "base/hash.h"
#include "classify/literals.h"

#define ARENA_MAX ((size_t)256 << 20)

/* Vectorscan looks for the last bytes of a literal, three Chinese characters:
 * that makes half as many keys, takes half as long to compile, and finds no
 * more places (decision 0024). The rest is compared here. */
#define KEY_MAX ((size_t)9)

/* With fewer keys than these compiling is faster than reading a file. */
#define CACHED_LEAST 200

/* One literal, and one pattern that needs it. Sorted by key and literal. */
struct need {
    struct aw_str literal;
    size_t pattern;
    size_t before;
};

struct aw_prefilter {
    struct aw_arena arena;
    const char **refused; /* for each pattern */
    struct need *needs;
    size_t need_count, need_cap;
    size_t *first; /* for each key, its first need; one more at the end */
    size_t key_count;
    hs_database_t *database; /* NULL: there are no literals */
    hs_scratch_t *scratch;
};

static struct aw_str key_of(const struct need *need)
{
    struct aw_str literal = need->literal;

    return literal.len > KEY_MAX
               ? aw_str_sub(literal, literal.len - KEY_MAX, KEY_MAX)
               : literal;
}

static int by_key(const void *a, const void *b)
{
    const struct need *x = a, *y = b;
    int cmp = aw_str_cmp(key_of(x), key_of(y));

    if (cmp == 0)
        cmp = aw_str_cmp(x->literal, y->literal);
    if (cmp != 0)
        return cmp;
    return (x->pattern > y->pattern) - (x->pattern < y->pattern);
}

static aw_rc add_needs(struct aw_prefilter *p, size_t pattern,
                       const struct aw_literals *literals, struct aw_err *err)
{
    for (size_t i = 0; i < literals->count; i++) {
        void *needs = p->needs;
        aw_rc rc = aw_arena_grow(&p->arena, &needs, p->need_count,
                                 &p->need_cap, sizeof *p->needs, err);

        if (rc != AW_OK)
            return rc;
        p->needs = needs;
        p->needs[p->need_count++] =
            (struct need){literals->items[i], pattern, literals->before};
    }
    return AW_OK;
}

static aw_rc add_pattern(struct aw_prefilter *p, size_t pattern,
                         struct aw_str text, struct aw_err *err)
{
    struct aw_literals literals;
    struct aw_err why;
    struct aw_str reason;
    aw_rc rc = aw_arena_dup(&p->arena, text, &text, err);

    if (rc != AW_OK)
        return rc;
    if (aw_literals_of(&literals, text, &p->arena, &why) == AW_OK)
        return add_needs(p, pattern, &literals, err);
    rc = aw_arena_dup(&p->arena, aw_str_of(why.msg), &reason, err);
    if (rc == AW_OK)
        p->refused[pattern] = reason.ptr;
    return rc;
}

/* Drops needs told twice and finds where each key's needs start. */
static aw_rc index_needs(struct aw_prefilter *p, struct aw_err *err)
{
    size_t kept = 0;

    p->first = aw_arena_array(&p->arena, p->need_count + 1, sizeof *p->first);
    if (!p->first)
        return aw_arena_fail(&p->arena, err);
    if (p->need_count > 0)
        qsort(p->needs, p->need_count, sizeof *p->needs, by_key);
    for (size_t i = 0; i < p->need_count; i++) {
        if (kept > 0 && by_key(&p->needs[kept - 1], &p->needs[i]) == 0)
            continue;
        p->needs[kept++] = p->needs[i];
        if (kept == 1 || !aw_str_eq(key_of(&p->needs[kept - 2]),
                                    key_of(&p->needs[kept - 1])))
            p->first[p->key_count++] = kept - 1;
    }
    p->need_count = kept;
    p->first[p->key_count] = kept;
    return AW_OK;
}

static aw_rc compile(struct aw_prefilter *p, struct aw_err *err)
{
    size_t count = p->key_count;
    const char **texts = aw_arena_array(&p->arena, count, sizeof *texts);
    size_t *lens = aw_arena_array(&p->arena, count, sizeof *lens);
    unsigned *flags = aw_arena_array(&p->arena, count, sizeof *flags);
    unsigned *ids = aw_arena_array(&p->arena, count, sizeof *ids);
    hs_compile_error_t *failure = NULL;
    aw_rc rc = AW_OK;

    if (!texts || !lens || !flags || !ids)
        return aw_arena_fail(&p->arena, err);
    for (size_t i = 0; i < count; i++) {
        struct aw_str key = key_of(&p->needs[p->first[i]]);

        texts[i] = key.ptr;
        lens[i] = key.len;
        ids[i] = (unsigned)i;
    }
    if (hs_compile_lit_multi(texts, flags, ids, lens, (unsigned)count,
                             HS_MODE_BLOCK, NULL, &p->database,
                             &failure) != HS_SUCCESS)
        rc = aw_fail(err, AW_FAIL, "vectorscan: %s",
                     failure ? failure->message : "it does not compile");
    (void)hs_free_compile_error(failure);
    return rc;
}

/* All that the database depends on: the keys in their order, the library,
 * the processor. */
static bool name_of(const struct aw_prefilter *p,
                    char out[AW_SHA256_HEX_MAX + 16])
{
    char digest[AW_SHA256_HEX_MAX];
    hs_platform_info_t platform;
    struct aw_buf all;
    bool ok;

    if (hs_populate_platform(&platform) != HS_SUCCESS)
        return false;
    aw_buf_init(&all, ARENA_MAX);
    aw_buf_printf(&all, "%s %u %llu\n", hs_version(), platform.tune,
                  platform.cpu_features);
    for (size_t i = 0; i < p->key_count; i++) {
        struct aw_str key = key_of(&p->needs[p->first[i]]);

        aw_buf_printf(&all, "%zu ", key.len);
        aw_buf_put(&all, key);
    }
    ok = all.rc == AW_OK;
    aw_sha256_hex(aw_buf_str(&all), digest);
    aw_buf_deinit(&all);
    (void)snprintf(out, AW_SHA256_HEX_MAX + 16, "prefilter-%s", digest);
    return ok;
}

static bool take_kept(struct aw_prefilter *p, const char *dir,
                      const char *name)
{
    struct aw_buf bytes;
    bool ok;

    aw_buf_init(&bytes, AW_CACHE_FILE_MAX);
    ok = aw_cache_get(dir, name, &bytes) &&
         hs_deserialize_database(bytes.ptr, bytes.len, &p->database) ==
             HS_SUCCESS;
    aw_buf_deinit(&bytes);
    return ok;
}

static void keep(const struct aw_prefilter *p, const char *dir,
                 const char *name)
{
    char *bytes = NULL;
    size_t len = 0;

    if (hs_serialize_database(p->database, &bytes, &len) == HS_SUCCESS)
        aw_cache_put(dir, name, (struct aw_str){bytes, len});
    free(bytes);
}

static aw_rc make_database(struct aw_prefilter *p, const char *cache_dir,
                           struct aw_err *err)
{
    char name[AW_SHA256_HEX_MAX + 16];
    bool cached =
        cache_dir && p->key_count >= CACHED_LEAST && name_of(p, name);
    bool found = cached && take_kept(p, cache_dir, name);
    aw_rc rc = found ? AW_OK : compile(p, err);

    if (rc == AW_OK && cached && !found)
        keep(p, cache_dir, name);
    if (rc == AW_OK && hs_alloc_scratch(p->database, &p->scratch))
        rc = aw_fail(err, AW_NOMEM, "vectorscan: out of memory");
    return rc;
}

aw_rc aw_prefilter_new(struct aw_prefilter **out,
                       const struct aw_str *patterns, size_t count,
                       const char *cache_dir, struct aw_err *err)
{
    struct aw_prefilter *p = calloc(1, sizeof *p);
    aw_rc rc = AW_OK;

    if (!p)
        return aw_fail(err, AW_NOMEM, "out of memory");
    aw_arena_init(&p->arena, ARENA_MAX);
    p->refused = aw_arena_array(&p->arena, count, sizeof *p->refused);
    if (!p->refused)
        rc = aw_arena_fail(&p->arena, err);
    for (size_t i = 0; rc == AW_OK && i < count; i++)
        rc = add_pattern(p, i, patterns[i], err);
    if (rc == AW_OK)
        rc = index_needs(p, err);
    if (rc == AW_OK && p->key_count > 0)
        rc = make_database(p, cache_dir, err);
    if (rc == AW_OK)
        *out = p;
    else
        aw_prefilter_free(p);
    return rc;
}

void aw_prefilter_free(struct aw_prefilter *prefilter)
{
    if (!prefilter)
        return;
    (void)hs_free_scratch(prefilter->scratch);
    (void)hs_free_database(prefilter->database);
    aw_arena_deinit(&prefilter->arena);
    free(prefilter);
}

const char *aw_prefilter_refused(const struct aw_prefilter *prefilter,
                                 size_t pattern)
{
    return prefilter->refused[pattern];
}

struct scan {
    const struct aw_prefilter *prefilter;
    struct aw_str text;
    aw_prefilter_fn *found;
    void *self;
};

/* The text ends with the literal's key. */
static bool ends_with(struct aw_str text, struct aw_str literal)
{
    return literal.len <= KEY_MAX || aw_str_ends(text, literal);
}

static int on_key(unsigned id, unsigned long long from, unsigned long long to,
                  unsigned flags, void *context)
{
    const struct scan *scan = context;
    const struct aw_prefilter *p = scan->prefilter;
    size_t at = (size_t)to;

    (void)from;
    (void)flags;
    for (size_t i = p->first[id]; i < p->first[id + 1]; i++) {
        const struct need *need = &p->needs[i];
        struct aw_candidate candidate = {.pattern = need->pattern, .at = at};
        size_t last = at - need->literal.len;

        if (!ends_with(aw_str_sub(scan->text, 0, at), need->literal))
            continue;
        candidate.start.start = last > need->before ? last - need->before : 0;
        candidate.start.end = last;
        if (!scan->found(scan->self, candidate))
            return 1;
    }
    return 0;
}

bool aw_prefilter_scan(struct aw_prefilter *prefilter, struct aw_str text,
                       aw_prefilter_fn *found, void *self)
{
    struct scan scan = {prefilter, text, found, self};
    hs_error_t rc;

    if (!prefilter->database || text.len == 0)
        return true;
    if (text.len > UINT_MAX)
        return false;
    rc = hs_scan(prefilter->database, text.ptr, (unsigned)text.len, 0,
                 prefilter->scratch, on_key, &scan);
    return rc == HS_SUCCESS || rc == HS_SCAN_TERMINATED;
}
