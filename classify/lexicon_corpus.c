#include "classify/lexicon_corpus.h"

#include <stdlib.h>

/* Hits of each rule, and how many of them lie within a hit of each other. */
struct tally {
    const struct aw_lexicon *lexicon;
    uint32_t *hits;   /* by rule */
    uint32_t *within; /* by rule, then by the rule around it */
};

static bool lies_within(const struct aw_hit *inner, const struct aw_hit *outer)
{
    return inner->block == outer->block &&
           outer->origin.start <= inner->origin.start &&
           inner->origin.end <= outer->origin.end;
}

/* Counts each rule around the hit once, even where it hits there twice. */
static void count_around(struct tally *tally, const struct aw_hit *hits,
                         size_t count, size_t i)
{
    const struct aw_rule *rules = tally->lexicon->rules;
    uint32_t *row = &tally->within[hits[i].rule * tally->lexicon->rule_count];

    for (size_t k = 0; k < count; k++) {
        bool is_first =
            hits[k].rule != hits[i].rule && !hits[k].void_by &&
            rules[hits[k].rule].class == rules[hits[i].rule].class &&
            lies_within(&hits[i], &hits[k]);

        for (size_t j = 0; j < k && is_first; j++)
            is_first = hits[j].rule != hits[k].rule || hits[j].void_by ||
                       !lies_within(&hits[i], &hits[j]);
        row[hits[k].rule] += is_first;
    }
}

static void count_hits(struct tally *tally, const struct aw_hit *hits,
                       size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (hits[i].void_by)
            continue;
        tally->hits[hits[i].rule]++;
        if (!tally->lexicon->rules[hits[i].rule].absent)
            count_around(tally, hits, count, i);
    }
}

static aw_rc count_corpus(struct tally *tally, struct aw_matcher *matcher,
                          const struct aw_corpus *corpus, struct aw_err *err)
{
    struct aw_text text;
    aw_rc rc = AW_OK;

    aw_text_init(&text);
    for (size_t i = 0; rc == AW_OK && i < corpus->count; i++) {
        size_t count;
        const struct aw_hit *hits;

        rc = aw_text_read_one(&text, corpus->texts[i].text, err);
        if (rc == AW_OK)
            rc = aw_matcher_run(matcher, &text, err);
        if (rc == AW_OK)
            rc = aw_matcher_run_absent(matcher, &text, true, err);
        hits = aw_matcher_hits(matcher, &count);
        if (rc == AW_OK)
            count_hits(tally, hits, count);
    }
    aw_text_deinit(&text);
    return rc;
}

/* The rule that lies around all hits of this one, or NULL. Of two that cover
 * one another, the later one is told. */
static const struct aw_rule *shadow_of(const struct tally *tally, size_t rule)
{
    size_t count = tally->lexicon->rule_count;

    if (tally->hits[rule] < AW_SHADOW_HITS_LEAST)
        return NULL;
    for (size_t i = 0; i < count; i++) {
        bool covers = tally->within[rule * count + i] == tally->hits[rule];
        bool is_covered = tally->within[i * count + rule] == tally->hits[i];

        if (covers && !(is_covered && rule < i))
            return &tally->lexicon->rules[i];
    }
    return NULL;
}

static void tell(const struct tally *tally, size_t number,
                 struct aw_problems *problems)
{
    const struct aw_rule *rule = &tally->lexicon->rules[number];
    const struct aw_rule *shadow = shadow_of(tally, number);

    if (rule->pattern && tally->hits[number] == 0)
        aw_problem_add(problems, true,
                       "%s:%d: rule %.*s: nothing in the corpus is hit by it",
                       rule->file, rule->line, AW_STR_ARG(rule->id));
    if (shadow)
        aw_problem_add(problems, true,
                       "%s:%d: rule %.*s: all its %u hits in the corpus lie "
                       "within hits of %.*s (%s:%d)",
                       rule->file, rule->line, AW_STR_ARG(rule->id),
                       tally->hits[number], AW_STR_ARG(shadow->id),
                       shadow->file, shadow->line);
}

aw_rc aw_lexicon_corpus_check(const struct aw_lexicon *lexicon,
                              struct aw_matcher *matcher,
                              const struct aw_corpus *corpus,
                              struct aw_problems *problems, struct aw_err *err)
{
    size_t count = lexicon->rule_count;
    struct tally tally = {.lexicon = lexicon};
    aw_rc rc;

    tally.hits = calloc(count + 1, sizeof *tally.hits);
    tally.within = calloc(count * count + 1, sizeof *tally.within);
    rc = tally.hits && tally.within
             ? count_corpus(&tally, matcher, corpus, err)
             : aw_fail(err, AW_NOMEM, "out of memory");
    for (size_t i = 0; rc == AW_OK && i < count; i++)
        tell(&tally, i, problems);
    free(tally.hits);
    free(tally.within);
    return rc;
}
