/* logit.h - logistic regression on a few inputs: how evidence is put
 * together, and how scores become probabilities (Platt, 1999).
 */
#ifndef AW_CLASSIFY_LOGIT_H
#define AW_CLASSIFY_LOGIT_H

#include "base/error.h"
#include "base/str.h"

#define AW_LOGIT_INPUTS 9 /* the first is the bias: always 1 */

struct aw_logit {
    double weight[AW_LOGIT_INPUTS];
};

/* A case: its inputs, whether it is one, and how much it counts. */
struct aw_logit_case {
    double input[AW_LOGIT_INPUTS];
    double weight;
    bool yes;
};

double aw_sigmoid(double log_odds);
double aw_log_odds(double probability); /* within -12 and 12 */

double aw_logit_log_odds(const struct aw_logit *logit, const double *input);

/* Fits by Newton's method with an L2 penalty on all but the bias. Without
 * cases of both kinds, `logit` is left as it was. Deterministic. */
void aw_logit_fit(struct aw_logit *logit, const struct aw_logit_case *cases,
                  size_t count, double penalty);

#endif
