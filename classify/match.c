#include "classify/match.h"

#include <stdlib.h>
#include <string.h>

#include "classify/context.h"
#include "classify/prefilter.h"

#define CANDIDATES_MAX ((size_t)1 << 22)

/* A stretch of one block in which one rule is worth trying. */
struct stretch {
    size_t rule;
    size_t block;
    struct aw_range start; /* where matches may start */
};

/* A stretch of a rule with `absent`: it is tried after all others. */
struct waiting {
    struct stretch stretch;
    enum aw_view view;
};

struct aw_matcher {
    const struct aw_lexicon *lexicon;
    struct aw_prefilter *prefilter;
    struct aw_pattern_scratch *scratch;
    struct aw_contexts contexts;
    struct stretch *stretches;
    size_t stretch_count, stretch_cap;
    size_t *last;        /* by rule: its latest stretch, plus one */
    size_t *counts;      /* by rule: hits in this view */
    size_t *voids;       /* by rule: those that a context took away */
    signed char *warned; /* by rule with `absent`: -1 not known yet */
    struct waiting *waiting;
    size_t waiting_count, waiting_cap;
    struct aw_hit *hits;
    size_t hit_count, hit_cap;
    size_t gave_up;
    /* while scanning */
    const struct aw_text *text;
    enum aw_view view;
    size_t block;
    bool no_memory;
};

static aw_rc make_prefilter(struct aw_matcher *m, const char *cache_dir,
                            struct aw_err *err)
{
    size_t count = m->lexicon->rule_count;
    struct aw_str *patterns = calloc(count + 1, sizeof *patterns);
    aw_rc rc;

    if (!patterns)
        return aw_fail(err, AW_NOMEM, "out of memory");
    for (size_t i = 0; i < count; i++)
        patterns[i] = m->lexicon->rules[i].pattern_text;
    rc = aw_prefilter_new(&m->prefilter, patterns, count, cache_dir, err);
    free(patterns);
    return rc;
}

aw_rc aw_matcher_new(struct aw_matcher **out, const struct aw_lexicon *lexicon,
                     const char *cache_dir, struct aw_err *err)
{
    struct aw_matcher *m = calloc(1, sizeof *m);
    aw_rc rc;

    if (!m)
        return aw_fail(err, AW_NOMEM, "out of memory");
    m->lexicon = lexicon;
    m->last = calloc(lexicon->rule_count + 1, sizeof *m->last);
    m->counts = calloc(lexicon->rule_count + 1, sizeof *m->counts);
    m->voids = calloc(lexicon->rule_count + 1, sizeof *m->voids);
    m->warned = calloc(lexicon->rule_count + 1, sizeof *m->warned);
    rc = m->last && m->counts && m->voids && m->warned
             ? AW_OK
             : aw_fail(err, AW_NOMEM, "out of memory");
    if (rc == AW_OK)
        rc = aw_pattern_scratch_new(&m->scratch, err);
    if (rc == AW_OK)
        rc = aw_contexts_init(&m->contexts, lexicon, m->scratch, err);
    if (rc == AW_OK)
        rc = make_prefilter(m, cache_dir, err);
    if (rc == AW_OK)
        *out = m;
    else
        aw_matcher_free(m);
    return rc;
}

void aw_matcher_free(struct aw_matcher *matcher)
{
    if (!matcher)
        return;
    aw_prefilter_free(matcher->prefilter);
    aw_contexts_deinit(&matcher->contexts);
    aw_pattern_scratch_free(matcher->scratch);
    free(matcher->stretches);
    free(matcher->last);
    free(matcher->counts);
    free(matcher->voids);
    free(matcher->warned);
    free(matcher->waiting);
    free(matcher->hits);
    free(matcher);
}

/* Room for one more item; the array doubles. */
static bool grow(void **items, size_t count, size_t *cap, size_t size)
{
    size_t more = *cap ? *cap * 2 : 256;
    void *grown;

    if (count < *cap)
        return true;
    grown = realloc(*items, more * size);
    if (!grown)
        return false;
    *items = grown;
    *cap = more;
    return true;
}

static struct aw_range block_of(const struct aw_matcher *m, size_t block)
{
    return m->text->blocks[block].place[m->view];
}

/* Joins the stretch to the rule's latest where they touch. */
static bool join(struct aw_matcher *m, struct stretch stretch)
{
    struct stretch *last;

    if (m->last[stretch.rule] == 0)
        return false;
    last = &m->stretches[m->last[stretch.rule] - 1];
    if (last->block != stretch.block || stretch.start.start > last->start.end)
        return false;
    if (stretch.start.end > last->start.end)
        last->start.end = stretch.start.end;
    if (stretch.start.start < last->start.start)
        last->start.start = stretch.start.start;
    return true;
}

static bool add_stretch(struct aw_matcher *m, struct stretch stretch)
{
    void *items = m->stretches;

    if (join(m, stretch))
        return true;
    if (m->stretch_count >= CANDIDATES_MAX)
        return false;
    if (!grow(&items, m->stretch_count, &m->stretch_cap,
              sizeof *m->stretches)) {
        m->no_memory = true;
        return false;
    }
    m->stretches = items;
    m->stretches[m->stretch_count++] = stretch;
    m->last[stretch.rule] = m->stretch_count;
    return true;
}

static bool on_candidate(void *self, struct aw_candidate candidate)
{
    struct aw_matcher *m = self;
    struct aw_range start = candidate.start;
    struct aw_range block;

    while (m->block + 1 < m->text->count &&
           block_of(m, m->block).end < candidate.at)
        m->block++;
    block = block_of(m, m->block);
    if (start.end < block.start || candidate.at > block.end)
        return true; /* it lies across the end of a block */
    if (start.start < block.start)
        start.start = block.start;
    return add_stretch(m,
                       (struct stretch){candidate.pattern, m->block, start});
}

/* Stretches over everything: for rules that the prefilter cannot help. */
static bool add_whole(struct aw_matcher *m, size_t rule)
{
    for (size_t b = 0; b < m->text->count; b++)
        if (!add_stretch(m, (struct stretch){rule, b, block_of(m, b)}))
            return false;
    return true;
}

static void collect(struct aw_matcher *m)
{
    const struct aw_normal *view = &m->text->view[m->view];
    struct aw_str all = {view->text, view->len};
    bool ok;

    m->stretch_count = 0;
    m->block = 0;
    memset(m->last, 0, m->lexicon->rule_count * sizeof *m->last);
    ok = aw_prefilter_scan(m->prefilter, all, on_candidate, m);
    for (size_t i = 0; i < m->lexicon->rule_count; i++)
        if (!ok || aw_prefilter_refused(m->prefilter, i))
            (void)add_whole(m, i);
}

/* Hits that a context takes away have a quota of their own: a page of denials
 * must not use up a rule before its claim is reached. */
static bool is_full(const struct aw_matcher *m, size_t rule)
{
    return m->counts[rule] >= AW_RULE_HITS_MAX ||
           m->voids[rule] >= AW_RULE_VOIDS_MAX || m->hit_count >= AW_HITS_MAX;
}

static bool add_hit(struct aw_matcher *m, const struct stretch *stretch,
                    struct aw_range place)
{
    void *items = m->hits;
    struct aw_hit *hit;

    if (is_full(m, stretch->rule))
        return false;
    if (!grow(&items, m->hit_count, &m->hit_cap, sizeof *m->hits)) {
        m->no_memory = true;
        return false;
    }
    m->hits = items;
    hit = &m->hits[m->hit_count];
    *hit = (struct aw_hit){.rule = stretch->rule,
                           .block = stretch->block,
                           .view = m->view,
                           .place = place,
                           .origin = aw_normal_origin(&m->text->view[m->view],
                                                      place)};
    aw_contexts_apply(&m->contexts, m->text, hit);
    if (!hit->void_by)
        m->counts[stretch->rule]++;
    else if (++m->voids[stretch->rule] > AW_RULE_HITS_MAX)
        return true; /* seen, and not kept */
    m->hit_count++;
    return true;
}

/* To the next place where a character starts. */
static size_t align(struct aw_str text, size_t at)
{
    while (at < text.len && ((unsigned char)text.ptr[at] & 0xC0) == 0x80)
        at++;
    return at;
}

/* Adds the rule's hits that start in the stretch, up to `most`. */
static void try_stretch(struct aw_matcher *m, const struct stretch *stretch,
                        size_t most)
{
    struct aw_pattern *pattern = m->lexicon->rules[stretch->rule].pattern;
    struct aw_range block = block_of(m, stretch->block);
    struct aw_str subject = aw_normal_str(&m->text->view[m->view], block);
    size_t from = align(subject, stretch->start.start - block.start);
    size_t last = stretch->start.end - block.start;

    while (pattern && from <= last && most-- > 0) {
        struct aw_range found;
        enum aw_pattern_answer answer =
            aw_pattern_find(pattern, m->scratch, subject, from, last, &found);

        if (answer == AW_PATTERN_GAVE_UP)
            m->gave_up++;
        if (answer != AW_PATTERN_FOUND || found.end == found.start)
            return;
        from = found.end;
        found.start += block.start;
        found.end += block.start;
        if (!add_hit(m, stretch, found))
            return;
    }
}

static void wait(struct aw_matcher *m, const struct stretch *stretch)
{
    void *items = m->waiting;

    if (!grow(&items, m->waiting_count, &m->waiting_cap, sizeof *m->waiting)) {
        m->no_memory = true;
        return;
    }
    m->waiting = items;
    m->waiting[m->waiting_count++] = (struct waiting){*stretch, m->view};
}

static void match_view(struct aw_matcher *m, const struct aw_text *text,
                       enum aw_view view)
{
    m->text = text;
    m->view = view;
    memset(m->counts, 0, m->lexicon->rule_count * sizeof *m->counts);
    memset(m->voids, 0, m->lexicon->rule_count * sizeof *m->voids);
    collect(m);
    for (size_t i = 0; i < m->stretch_count && !m->no_memory; i++) {
        size_t rule = m->stretches[i].rule;

        if (m->lexicon->rules[rule].absent)
            wait(m, &m->stretches[i]);
        else
            try_stretch(m, &m->stretches[i], SIZE_MAX);
    }
}

static int compare(size_t a, size_t b)
{
    return (a > b) - (a < b);
}

static int by_place(const void *a, const void *b)
{
    const struct aw_hit *x = a, *y = b;
    int order = compare(x->block, y->block);

    if (order == 0)
        order = compare(x->origin.start, y->origin.start);
    if (order == 0)
        order = compare(x->origin.end, y->origin.end);
    if (order == 0)
        order = compare(x->rule, y->rule);
    return order ? order : compare(x->view, y->view);
}

static int by_rule(const void *a, const void *b)
{
    const struct aw_hit *x = a, *y = b;
    int order = compare(x->rule, y->rule);

    if (order == 0)
        order = compare(x->view, y->view);
    return order ? order : by_place(a, b);
}

static bool overlap(const struct aw_hit *a, const struct aw_hit *b)
{
    return a->block == b->block && a->origin.start < b->origin.end &&
           b->origin.start < a->origin.end;
}

/* Drops hits of the hard view where the same rule hit in the plain one, and
 * those told twice since two stretches of a rule overlapped. */
static void drop_doubles(struct aw_matcher *m)
{
    size_t kept = 0, first = 0;

    if (m->hit_count > 0)
        qsort(m->hits, m->hit_count, sizeof *m->hits, by_rule);
    for (size_t i = 0; i < m->hit_count; i++) {
        bool is_double = false;

        if (kept > first && m->hits[kept - 1].rule != m->hits[i].rule)
            first = kept;
        for (size_t k = first; k < kept && !is_double; k++)
            is_double = overlap(&m->hits[k], &m->hits[i]);
        if (!is_double)
            m->hits[kept++] = m->hits[i];
    }
    m->hit_count = kept;
}

static bool is_waiting(const struct aw_matcher *m, size_t rule)
{
    for (size_t i = 0; m->lexicon->rules[rule].absent && i < m->waiting_count;
         i++)
        if (m->waiting[i].stretch.rule == rule)
            return true;
    return false;
}

static bool is_anywhere(struct aw_matcher *m, const struct aw_text *text,
                        size_t rule)
{
    return aw_contexts_find_absent(&m->contexts, text, AW_VIEW_PLAIN, rule) ||
           (text->differ &&
            aw_contexts_find_absent(&m->contexts, text, AW_VIEW_HARD, rule));
}

/* Is what must not be there for the rule? Rules that share it ask once. */
static bool is_warned(struct aw_matcher *m, const struct aw_text *text,
                      size_t rule)
{
    const struct aw_rule *rules = m->lexicon->rules;
    size_t first = 0;

    while (!rules[first].absent ||
           !aw_str_eq(rules[first].absent_text, rules[rule].absent_text))
        first++;
    if (m->warned[first] < 0)
        m->warned[first] = is_anywhere(m, text, first);
    return m->warned[first] != 0;
}

/* The first hit of a rule in any block, in the plain view if it can be: that
 * one's stretches come first. */
static void find_first(struct aw_matcher *m, size_t rule)
{
    size_t before = m->hit_count;

    for (size_t i = 0; i < m->waiting_count && m->hit_count == before; i++) {
        m->view = m->waiting[i].view;
        if (m->waiting[i].stretch.rule == rule)
            try_stretch(m, &m->waiting[i].stretch, 1);
    }
}

aw_rc aw_matcher_run(struct aw_matcher *matcher, const struct aw_text *text,
                     struct aw_err *err)
{
    matcher->hit_count = 0;
    matcher->gave_up = 0;
    matcher->no_memory = false;
    matcher->waiting_count = 0;
    aw_contexts_reset(&matcher->contexts);
    match_view(matcher, text, AW_VIEW_PLAIN);
    if (text->differ)
        match_view(matcher, text, AW_VIEW_HARD);
    if (matcher->no_memory)
        return aw_fail(err, AW_NOMEM, "out of memory");
    drop_doubles(matcher);
    if (matcher->hit_count > 0)
        qsort(matcher->hits, matcher->hit_count, sizeof *matcher->hits,
              by_place);
    return AW_OK;
}

aw_rc aw_matcher_run_absent(struct aw_matcher *m, const struct aw_text *text,
                            struct aw_err *err)
{
    m->text = text;
    memset(m->counts, 0, m->lexicon->rule_count * sizeof *m->counts);
    memset(m->voids, 0, m->lexicon->rule_count * sizeof *m->voids);
    memset(m->warned, -1, m->lexicon->rule_count * sizeof *m->warned);
    for (size_t i = 0; i < m->lexicon->rule_count; i++) {
        if (is_waiting(m, i) && !is_warned(m, text, i))
            find_first(m, i);
    }
    return m->no_memory ? aw_fail(err, AW_NOMEM, "out of memory") : AW_OK;
}

const struct aw_hit *aw_matcher_hits(const struct aw_matcher *matcher,
                                     size_t *count)
{
    *count = matcher->hit_count;
    return matcher->hits;
}

size_t aw_matcher_gave_up(const struct aw_matcher *matcher)
{
    return matcher->gave_up;
}

const char *aw_matcher_unfiltered(const struct aw_matcher *matcher,
                                  size_t rule)
{
    return aw_prefilter_refused(matcher->prefilter, rule);
}
