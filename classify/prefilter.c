#include "classify/prefilter.h"

#include <hs.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "classify/literals.h"

#define ARENA_MAX ((size_t)256 << 20)

/* One literal, and one pattern that needs it. Sorted by literal. */
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
    size_t *first; /* for each literal, its first need; one more at the end */
    size_t literal_count;
    hs_database_t *database; /* NULL: there are no literals */
    hs_scratch_t *scratch;
};

static int by_literal(const void *a, const void *b)
{
    const struct need *x = a, *y = b;
    int cmp = aw_str_cmp(x->literal, y->literal);

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

/* Drops needs told twice and finds where each literal's needs start. */
static aw_rc index_needs(struct aw_prefilter *p, struct aw_err *err)
{
    size_t kept = 0;

    p->first = aw_arena_array(&p->arena, p->need_count + 1, sizeof *p->first);
    if (!p->first)
        return aw_arena_fail(&p->arena, err);
    if (p->need_count > 0)
        qsort(p->needs, p->need_count, sizeof *p->needs, by_literal);
    for (size_t i = 0; i < p->need_count; i++) {
        if (kept > 0 && by_literal(&p->needs[kept - 1], &p->needs[i]) == 0)
            continue;
        p->needs[kept++] = p->needs[i];
        if (kept == 1 ||
            !aw_str_eq(p->needs[kept - 2].literal, p->needs[kept - 1].literal))
            p->first[p->literal_count++] = kept - 1;
    }
    p->need_count = kept;
    p->first[p->literal_count] = kept;
    return AW_OK;
}

static aw_rc compile(struct aw_prefilter *p, struct aw_err *err)
{
    size_t count = p->literal_count;
    const char **texts = aw_arena_array(&p->arena, count, sizeof *texts);
    size_t *lens = aw_arena_array(&p->arena, count, sizeof *lens);
    unsigned *flags = aw_arena_array(&p->arena, count, sizeof *flags);
    unsigned *ids = aw_arena_array(&p->arena, count, sizeof *ids);
    hs_compile_error_t *failure = NULL;
    aw_rc rc = AW_OK;

    if (!texts || !lens || !flags || !ids)
        return aw_arena_fail(&p->arena, err);
    for (size_t i = 0; i < count; i++) {
        texts[i] = p->needs[p->first[i]].literal.ptr;
        lens[i] = p->needs[p->first[i]].literal.len;
        ids[i] = (unsigned)i;
    }
    if (hs_compile_lit_multi(texts, flags, ids, lens, (unsigned)count,
                             HS_MODE_BLOCK, NULL, &p->database,
                             &failure) != HS_SUCCESS)
        rc = aw_fail(err, AW_FAIL, "vectorscan: %s",
                     failure ? failure->message : "it does not compile");
    else if (hs_alloc_scratch(p->database, &p->scratch) != HS_SUCCESS)
        rc = aw_fail(err, AW_NOMEM, "vectorscan: out of memory");
    (void)hs_free_compile_error(failure);
    return rc;
}

aw_rc aw_prefilter_new(struct aw_prefilter **out,
                       const struct aw_str *patterns, size_t count,
                       struct aw_err *err)
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
    if (rc == AW_OK && p->literal_count > 0)
        rc = compile(p, err);
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
    aw_prefilter_fn *found;
    void *self;
    size_t offset; /* of the piece that is scanned, in the text */
};

static int on_literal(unsigned id, unsigned long long from,
                      unsigned long long to, unsigned flags, void *context)
{
    const struct scan *scan = context;
    const struct aw_prefilter *p = scan->prefilter;
    size_t at = scan->offset + (size_t)to;

    (void)from;
    (void)flags;
    for (size_t i = p->first[id]; i < p->first[id + 1]; i++) {
        const struct need *need = &p->needs[i];
        size_t last = at - need->literal.len;
        size_t first = last > need->before ? last - need->before : 0;
        struct aw_candidate candidate = {need->pattern, {first, last}, at};

        if (!scan->found(scan->self, candidate))
            return 1;
    }
    return 0;
}

bool aw_prefilter_scan(struct aw_prefilter *prefilter, struct aw_str text,
                       aw_prefilter_fn *found, void *self)
{
    struct scan scan = {prefilter, found, self, 0};
    hs_error_t rc;

    if (!prefilter->database || text.len == 0)
        return true;
    if (text.len > UINT_MAX)
        return false;
    rc = hs_scan(prefilter->database, text.ptr, (unsigned)text.len, 0,
                 prefilter->scratch, on_literal, &scan);
    return rc == HS_SUCCESS || rc == HS_SCAN_TERMINATED;
}
