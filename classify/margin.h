/* margin.h - a linear support vector machine over a document's features.
 *
 * Naive Bayes counts each feature as if it stood alone; this weighs them
 * against one another. It knows the texts it was trained on far better and
 * strange ones less well: so it is one piece of evidence among others, and not
 * the judge (docs/decisions/0041).
 *
 * L2-regularised, squared hinge loss, by dual coordinate descent (Hsieh et
 * al., 2008). A document is its known features, each 1 / sqrt(their number):
 * what it scores is the sum of their weights, divided likewise.
 */
#ifndef AW_CLASSIFY_MARGIN_H
#define AW_CLASSIFY_MARGIN_H

#include "classify/bayes.h"

struct aw_margin_case {
    const uint32_t *ids;
    size_t count;
    bool yes;
};

struct aw_margin; /* room for so many cases */

aw_rc aw_margin_new(struct aw_margin **out, size_t most,
                    struct aw_err *err) AW_MUST_USE;
void aw_margin_free(struct aw_margin *margin);

/* Adds a case; its ids must stay until the fit. */
void aw_margin_add(struct aw_margin *margin, struct aw_margin_case one);

/* Fits all cases added since the last fit, and writes the weights into the
 * table's column for it. Features that say nothing of a document there
 * (AW_COLUMN_KNOWN) take no part. Deterministic. */
void aw_margin_fit(struct aw_margin *margin, aw_bayes_row *table);

#endif
