/* fit.h - a model from samples.
 *
 * The tables are counted on all samples in use. How their scores are weighed
 * is fitted on scores that come from tables which had not seen the text: the
 * samples are split into folds by family, and each fold is scored by tables
 * of the others. The same samples give the same model, bit for bit.
 */
#ifndef AW_CLASSIFY_FIT_H
#define AW_CLASSIFY_FIT_H

#include "classify/samples.h"

#define AW_FIT_FOLDS 5

struct aw_fitter;

aw_rc aw_fitter_new(struct aw_fitter **out, const struct aw_samples *samples,
                    struct aw_err *err) AW_MUST_USE;
void aw_fitter_free(struct aw_fitter *fitter);

/* From now on of what counts so many shall be right, as the folds tell, from 0
 * to 1; 0, as at first: what fit.c holds for good. */
void aw_fitter_ask_precision(struct aw_fitter *fitter, double precision);

/* Fits on the samples for which use is true (NULL: all). The model lives in
 * the fitter until its next run. */
void aw_fitter_run(struct aw_fitter *fitter, const bool *use,
                   struct aw_model *model);

#endif
