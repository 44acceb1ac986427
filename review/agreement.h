/* agreement.h - how far two officers agree on the same finding.
 *
 * Each second look that was answered is a pair: what the first one wanted, and
 * what the second one did: confirm, dismiss or escalate. Of all pairs it is
 * told how many agreed. The coefficients are of the blind ones alone: of the
 * others the first opinion was always to confirm, and the second officer knew
 * it, so that agreement beyond chance means nothing there.
 *
 * kappa: J. Cohen, A coefficient of agreement for nominal scales (1960); the
 * first officers are one rater, the second ones the other. alpha: K.
 * Krippendorff, Content Analysis (2004), chapter 11, nominal data: the order
 * of the two does not count, and small numbers are allowed for.
 */
#ifndef AW_REVIEW_AGREEMENT_H
#define AW_REVIEW_AGREEMENT_H

#include "base/arena.h"
#include "base/buf.h"
#include "store/store.h"

#define AW_OPINIONS 3 /* confirm, dismiss, escalate */

/* How often the first said the row, and the second the column. */
struct aw_opinions {
    int64_t n[AW_OPINIONS][AW_OPINIONS];
};

/* False where it is not defined: no pairs, or all of one opinion. */
bool aw_kappa(const struct aw_opinions *opinions, double *out);
bool aw_alpha(const struct aw_opinions *opinions, double *out);

struct aw_agreed {
    struct aw_str name, other; /* a class; or two reviewers, in order */
    int64_t pairs, agreed;
    struct aw_opinions blind;
};

struct aw_agreement {
    struct aw_arena *arena;
    struct aw_agreed all;
    struct aw_agreed *classes, *reviewers;
    size_t class_count, class_cap, reviewer_count, reviewer_cap;
};

/* Of the looks that were answered from from_ms on and before to_ms, at
 * findings whose place begins with `within`. All lives in the arena. */
aw_rc aw_agreement_load(struct aw_agreement *out, struct aw_store *store,
                        struct aw_arena *arena, int64_t from_ms, int64_t to_ms,
                        struct aw_str within, struct aw_err *err) AW_MUST_USE;

/* Appends {"classes":[{"class","pairs","agreed","blind","kappa","alpha"}],
 * "reviewers":[{"a","b","pairs","agreed","blind","kappa","alpha"}],
 * "all":{...}}; kappa and alpha are null where they are not defined. */
void aw_agreement_json(struct aw_buf *out,
                       const struct aw_agreement *agreement);

#endif
