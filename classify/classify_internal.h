/* classify_internal.h - a classifier with a model that is still in memory:
 * for evaluation, which trains one for each fold.
 */
#ifndef AW_CLASSIFY_INTERNAL_H
#define AW_CLASSIFY_INTERNAL_H

#include "classify/lexicon.h"
#include "classify/model.h"

/* lexicon and model (or NULL) must outlive the classifier. */
aw_rc aw_classifier_new_with(struct aw_classifier **out,
                             const struct aw_lexicon *lexicon,
                             const struct aw_model *model, double threshold,
                             struct aw_err *err) AW_MUST_USE;

#endif
