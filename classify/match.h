/* match.h - the rules' hits in a document, weighed with their contexts.
 *
 * A matcher holds a lexicon's patterns ready. Each block is looked at in both
 * views; a place that a rule hits in both is one hit, of the plain view. Each
 * hit says what its rule's contexts and exemptions made of it; nothing is
 * scored here.
 *
 * Used by one thread at a time; hits are valid until the next run.
 */
#ifndef AW_CLASSIFY_MATCH_H
#define AW_CLASSIFY_MATCH_H

#include "classify/lexicon.h"
#include "classify/text.h"

#define AW_HITS_MAX 8192       /* of one document */
#define AW_RULE_HITS_MAX 64    /* of one rule in one view of a document */
#define AW_RULE_VOIDS_MAX 4096 /* tries of one rule that contexts void */
#define AW_HIT_WEIGHS_MAX 8

struct aw_hit {
    size_t rule; /* its number in the lexicon */
    size_t block;
    enum aw_view view;
    struct aw_range place;              /* bytes of that view */
    struct aw_range origin;             /* code points of the block */
    const struct aw_context *void_by;   /* it is no claim; or NULL */
    const struct aw_context *exempt_by; /* it is a lawful one; or NULL */
    double weight;                      /* log-odds of the weighing ones */
    const struct aw_context *weighed[AW_HIT_WEIGHS_MAX];
    size_t weighed_count;
};

struct aw_matcher;

/* The lexicon must outlive the matcher; cache_dir as in prefilter.h. */
aw_rc aw_matcher_new(struct aw_matcher **out, const struct aw_lexicon *lexicon,
                     const char *cache_dir, struct aw_err *err) AW_MUST_USE;
void aw_matcher_free(struct aw_matcher *matcher);

/* Makes ready what else is made when a text first needs it. */
aw_rc aw_matcher_warm(struct aw_matcher *matcher,
                      struct aw_err *err) AW_MUST_USE;

/* Finds the hits of all rules but those with `absent`, in order of block and
 * place. */
aw_rc aw_matcher_run(struct aw_matcher *matcher, const struct aw_text *text,
                     struct aw_err *err) AW_MUST_USE;

/* After aw_matcher_run on the same text: adds behind the others, for each
 * rule with `absent` that hits while its `absent` is nowhere, the first hit;
 * of those with `beside` only where something is claimed besides. This looks
 * through the whole text, and few documents need it. */
aw_rc aw_matcher_run_absent(struct aw_matcher *matcher,
                            const struct aw_text *text, bool claims,
                            struct aw_err *err) AW_MUST_USE;

/* After aw_matcher_run on the same text: what the contexts of the whole say of
 * it. whole is a hit of no rule and no place that has these weights alone. */
aw_rc aw_matcher_weigh_whole(struct aw_matcher *matcher,
                             const struct aw_text *text, struct aw_hit *whole,
                             struct aw_err *err) AW_MUST_USE;

const struct aw_hit *aw_matcher_hits(const struct aw_matcher *matcher,
                                     size_t *count);

/* How many places were given up, since a pattern cost too much there. */
size_t aw_matcher_gave_up(const struct aw_matcher *matcher);

/* NULL, or why the prefilter is of no use for this rule. */
const char *aw_matcher_unfiltered(const struct aw_matcher *matcher,
                                  size_t rule);

#endif
