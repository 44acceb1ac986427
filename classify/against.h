/* against.h - two models on the same texts: which is better, and by chance?
 */
#ifndef AW_CLASSIFY_AGAINST_H
#define AW_CLASSIFY_AGAINST_H

#include "classify/eval.h"

#define AW_AGAINST_SHOWN 20 /* texts each way */

/* Texts on which one of the two is right and the other wrong; the first of
 * them in the order of the corpus. */
struct aw_discordant {
    size_t count;
    const struct aw_corpus_text *first[AW_AGAINST_SHOWN];
};

struct aw_against {
    const struct aw_eval_report *other;
    struct aw_interval difference; /* of F1: this one's less the other's */
    struct aw_discordant this_alone, other_alone; /* is right */
    double p; /* aw_mcnemar: how likely by chance */
};

/* Both reports are by aw_eval_model, of the same corpus, and must outlive
 * out. The only failure is memory. */
aw_rc aw_against_make(struct aw_against *out,
                      const struct aw_eval_report *report,
                      const struct aw_eval_report *other,
                      struct aw_err *err) AW_MUST_USE;

#endif
