#include "classify/match.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "classify/context.h"
#include "classify/prefilter.h"

/* Places of the hard view that lie further than this from where it differs
 * are as in the plain one, also for look-around. */
#define NEAR_SEAM ((size_t)90) /* bytes */

struct aw_matcher {
    const struct aw_lexicon *lexicon;
    struct aw_prefilter *prefilter;
    struct aw_sights *sights[2]; /* by enum aw_view */
    struct aw_pattern_scratch *scratch;
    struct aw_contexts contexts;
    signed char *warned; /* by rule with `absent`: -1 not known yet */
    bool *is_told;       /* by such a rule: it has a hit */
    struct aw_hit *hits;
    size_t hit_count, hit_cap;
    size_t gave_up;
    /* while matching */
    const struct aw_text *text;
    enum aw_view view;
    size_t rule_hits;  /* of the rule in this view */
    size_t rule_voids; /* those that a context took away */
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
    for (int view = 0; rc == AW_OK && view < 2; view++)
        rc = aw_sights_new(&m->sights[view], m->prefilter, err);
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
    m->warned = calloc(lexicon->rule_count + 1, sizeof *m->warned);
    m->is_told = calloc(lexicon->rule_count + 1, sizeof *m->is_told);
    rc = m->warned && m->is_told ? AW_OK
                                 : aw_fail(err, AW_NOMEM, "out of memory");
    if (rc == AW_OK)
        rc = aw_pattern_scratch_new(&m->scratch, err);
    if (rc == AW_OK)
        rc = aw_contexts_init(&m->contexts, lexicon, m->scratch, cache_dir,
                              err);
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
    aw_sights_free(matcher->sights[AW_VIEW_PLAIN]);
    aw_sights_free(matcher->sights[AW_VIEW_HARD]);
    aw_prefilter_free(matcher->prefilter);
    aw_contexts_deinit(&matcher->contexts);
    aw_pattern_scratch_free(matcher->scratch);
    free(matcher->warned);
    free(matcher->is_told);
    free(matcher->hits);
    free(matcher);
}

aw_rc aw_matcher_warm(struct aw_matcher *matcher, struct aw_err *err)
{
    return aw_contexts_warm(&matcher->contexts, err);
}

static struct aw_range block_of(const struct aw_matcher *m, size_t block)
{
    return m->text->blocks[block].place[m->view];
}

/* The block in which, or right behind which, that byte lies. */
static size_t block_at(const struct aw_matcher *m, size_t at)
{
    size_t low = 0, high = m->text->count;

    while (high - low > 1) {
        size_t mid = low + (high - low) / 2;

        if (block_of(m, mid).start <= at)
            low = mid;
        else
            high = mid;
    }
    return low;
}

/* Hits that a context takes away have a quota of their own: a page of denials
 * must not use up a rule before its claim is reached. */
static bool is_full(const struct aw_matcher *m)
{
    return m->rule_hits >= AW_RULE_HITS_MAX ||
           m->rule_voids >= AW_RULE_VOIDS_MAX || m->hit_count >= AW_HITS_MAX;
}

static bool grow(struct aw_matcher *m)
{
    size_t more = m->hit_cap ? m->hit_cap * 2 : 256;
    struct aw_hit *grown;

    if (m->hit_count < m->hit_cap)
        return true;
    grown = realloc(m->hits, more * sizeof *grown);
    m->no_memory = !grown;
    if (!grown)
        return false;
    m->hits = grown;
    m->hit_cap = more;
    return true;
}

static bool add_hit(struct aw_matcher *m, size_t rule, size_t block,
                    struct aw_range place)
{
    struct aw_hit *hit;

    if (is_full(m) || !grow(m))
        return false;
    hit = &m->hits[m->hit_count];
    *hit = (struct aw_hit){.rule = rule,
                           .block = block,
                           .view = m->view,
                           .place = place,
                           .origin = aw_normal_origin(&m->text->view[m->view],
                                                      place)};
    aw_contexts_apply(&m->contexts, m->text, hit);
    if (!hit->void_by)
        m->rule_hits++;
    else if (++m->rule_voids > AW_RULE_HITS_MAX)
        return true; /* seen, and not kept */
    m->hit_count++;
    return true;
}

/* Adds the rule's hits of the block that start in the range, up to `most`;
 * false where that is reached. */
static bool try_range(struct aw_matcher *m, size_t rule, size_t number,
                      struct aw_range start, size_t most)
{
    struct aw_pattern *pattern = m->lexicon->rules[rule].pattern;
    struct aw_range block = block_of(m, number);
    struct aw_str subject = aw_normal_str(&m->text->view[m->view], block);
    size_t from = aw_utf8_align(subject, start.start - block.start);
    size_t last = start.end - block.start;
    size_t before = m->hit_count;

    while (pattern && from <= last) {
        struct aw_range found;
        enum aw_pattern_answer answer =
            aw_pattern_find(pattern, m->scratch, subject, from, last, &found);

        if (answer == AW_PATTERN_GAVE_UP)
            m->gave_up++;
        if (answer != AW_PATTERN_FOUND || found.end == found.start)
            return true;
        from = found.end;
        found.start += block.start;
        found.end += block.start;
        if (!add_hit(m, rule, number, found) || m->hit_count - before == most)
            return false;
    }
    return true;
}

/* May the hard view have a hit there that the plain one has not? */
static bool is_worth(const struct aw_matcher *m, struct aw_range start,
                     size_t last)
{
    struct aw_range near = {start.start > NEAR_SEAM ? start.start - NEAR_SEAM
                                                    : 0,
                            last + NEAR_SEAM};

    return m->view == AW_VIEW_PLAIN ||
           aw_normal_has_seam(&m->text->view[AW_VIEW_HARD], near);
}

static bool try_block(struct aw_matcher *m, size_t rule, size_t block,
                      size_t most)
{
    struct aw_stretches stretches =
        aw_stretches_of(m->sights[m->view], rule, block_of(m, block));
    struct aw_range start;
    size_t last;

    while (aw_stretches_next(&stretches, &start, &last))
        if (is_worth(m, start, last) &&
            !try_range(m, rule, block, start, most))
            return false;
    return true;
}

/* Adds the rule's hits in this view, up to `most` in one block. */
static void try_rule(struct aw_matcher *m, size_t rule, size_t most)
{
    size_t at = 0;

    m->rule_hits = m->rule_voids = 0;
    while (aw_sights_seek(m->sights[m->view], rule, at, &at)) {
        size_t block = block_at(m, at);

        if (!try_block(m, rule, block, most))
            return;
        at = block_of(m, block).end + 1;
    }
}

static aw_rc match_view(struct aw_matcher *m, const struct aw_text *text,
                        enum aw_view view, struct aw_err *err)
{
    const struct aw_normal *normal = &text->view[view];
    const uint32_t *rules;
    size_t count;
    aw_rc rc = aw_sights_read(m->sights[view],
                              (struct aw_str){normal->text, normal->len}, err);

    if (rc != AW_OK)
        return rc;
    m->text = text;
    m->view = view;
    rules = aw_sights_patterns(m->sights[view], &count);
    for (size_t i = 0; i < count && !m->no_memory; i++)
        if (!m->lexicon->rules[rules[i]].absent)
            try_rule(m, rules[i], SIZE_MAX);
    return AW_OK;
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

static aw_rc failure_of(const struct aw_matcher *m, struct aw_err *err)
{
    if (m->no_memory)
        return aw_fail(err, AW_NOMEM, "out of memory");
    if (m->contexts.err.rc != AW_OK)
        *err = m->contexts.err;
    return m->contexts.err.rc;
}

aw_rc aw_matcher_run(struct aw_matcher *matcher, const struct aw_text *text,
                     struct aw_err *err)
{
    aw_rc rc;

    matcher->hit_count = 0;
    matcher->gave_up = 0;
    matcher->no_memory = false;
    aw_contexts_reset(&matcher->contexts);
    rc = match_view(matcher, text, AW_VIEW_PLAIN, err);
    if (rc == AW_OK && text->differ)
        rc = match_view(matcher, text, AW_VIEW_HARD, err);
    if (rc == AW_OK)
        rc = failure_of(matcher, err);
    if (rc != AW_OK)
        return rc;
    drop_doubles(matcher);
    if (matcher->hit_count > 0)
        qsort(matcher->hits, matcher->hit_count, sizeof *matcher->hits,
              by_place);
    return AW_OK;
}

/* The first hit in this view of each rule with `absent` that has none yet. */
static void find_absent(struct aw_matcher *m, enum aw_view view, bool claims)
{
    size_t count;
    const uint32_t *rules = aw_sights_patterns(m->sights[view], &count);

    m->view = view;
    for (size_t i = 0; i < count; i++) {
        const struct aw_rule *rule = &m->lexicon->rules[rules[i]];
        size_t before = m->hit_count;

        if (!rule->absent || (rule->beside && !claims) || m->is_told[rules[i]])
            continue;
        try_rule(m, rules[i], 1);
        /* Most have no hit: then nobody need know of a warning. */
        if (m->hit_count > before && is_warned(m, m->text, rules[i]))
            m->hit_count = before;
        m->is_told[rules[i]] = m->hit_count > before;
    }
}

static int by_rule_alone(const void *a, const void *b)
{
    const struct aw_hit *x = a, *y = b;

    return compare(x->rule, y->rule);
}

aw_rc aw_matcher_run_absent(struct aw_matcher *m, const struct aw_text *text,
                            bool claims, struct aw_err *err)
{
    size_t before = m->hit_count;

    m->text = text;
    memset(m->warned, -1, m->lexicon->rule_count * sizeof *m->warned);
    memset(m->is_told, 0, m->lexicon->rule_count * sizeof *m->is_told);
    find_absent(m, AW_VIEW_PLAIN, claims);
    if (text->differ)
        find_absent(m, AW_VIEW_HARD, claims);
    if (m->hit_count > before)
        qsort(m->hits + before, m->hit_count - before, sizeof *m->hits,
              by_rule_alone);
    return failure_of(m, err);
}

aw_rc aw_matcher_weigh_whole(struct aw_matcher *matcher,
                             const struct aw_text *text, struct aw_hit *whole,
                             struct aw_err *err)
{
    *whole = (struct aw_hit){0};
    aw_contexts_weigh_whole(&matcher->contexts, text, whole);
    return failure_of(matcher, err);
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
