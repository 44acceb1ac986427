/* draft.h - claims in the making, before overlapping ones become one.
 */
#ifndef AW_CLASSIFY_DRAFT_H
#define AW_CLASSIFY_DRAFT_H

#include "classify/classify.h"
#include "classify/normalise.h"
#include "classify/score.h"

#define AW_DRAFT_NO_HIT SIZE_MAX

/* A claim in the making. */
struct aw_draft {
    size_t hit; /* its number, or AW_DRAFT_NO_HIT: a sentence by the model */
    enum aw_claim_class class;
    size_t block;
    struct aw_range place;  /* plain view; of a sentence only */
    struct aw_range origin; /* code points; both 0: absent warning */
    double score;
    struct aw_weighing weighing; /* that the score comes from, with a model */
    double least; /* a score from which on it counts by itself */
    int severity;
    const char *exempt_by; /* NULL: it counts */
    size_t exempt_len;
};

/* Merges those of one class that overlap: the stronger one stays, one that
 * counts before one that is exempt, with the span of both while that is no
 * more than a phrase. Keeps the AW_CLAIMS_MAX strongest, in order of block and
 * place, and returns how many they are. */
size_t aw_drafts_settle(struct aw_draft *drafts, size_t count);

#endif
