/* why.h - the reasons of a claim, in Chinese, for the reviewer.
 */
#ifndef AW_CLASSIFY_WHY_H
#define AW_CLASSIFY_WHY_H

#include "classify/score.h"

struct aw_why {
    struct aw_claim *claim; /* reasons are added to it, AW_CLAIM_WHY_MAX */
    struct aw_arena *arena;
    const struct aw_lexicon *lexicon;
    const struct aw_model *model; /* or NULL */
    const struct aw_text *text;
    const struct aw_document_score *document; /* or NULL */
};

/* Of a rule's hit: the rule's own reason, the view, the contexts, what the
 * model read in the words around, the kind of document. */
aw_rc aw_why_hit(const struct aw_why *why, const struct aw_hit *hit,
                 struct aw_err *err) AW_MUST_USE;

/* The parts of the sum, in log-odds, that the claim's score comes from. */
aw_rc aw_why_sum(const struct aw_why *why, const struct aw_weighing *weighing,
                 struct aw_err *err) AW_MUST_USE;

/* The same of the whole document's, where the claim counts for that, and the
 * contexts that it was weighed with. */
aw_rc aw_why_whole(const struct aw_why *why, const struct aw_hit *contexts,
                   const struct aw_weighing *weighing,
                   struct aw_err *err) AW_MUST_USE;

/* Of a sentence that the model alone found. */
aw_rc aw_why_sentence(const struct aw_why *why, size_t block,
                      struct aw_range place, struct aw_err *err) AW_MUST_USE;

#endif
