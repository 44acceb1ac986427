/* eval.h - how well verdicts agree with labels.
 *
 * Either by cross-validation over a corpus (each text is judged by a model
 * that never saw it, nor a version of it: folds are by family), or a given
 * model over a given labelled file.
 */
#ifndef AW_CLASSIFY_EVAL_H
#define AW_CLASSIFY_EVAL_H

#include "base/buf.h"
#include "classify/corpus.h"
#include "classify/measure.h"

#define AW_EVAL_FOLDS 10

struct aw_eval_report {
    size_t texts;
    struct aw_eval_counts verdict;                      /* suspected or not */
    struct aw_interval f1;                              /* of it */
    struct aw_eval_counts by_channel[AW_CHANNEL_COUNT]; /* as verdict */
    struct aw_eval_counts by_class[AW_CLAIM_CLASS_COUNT]; /* in a text */
    size_t spans, spans_found; /* a claim lies over it */
    size_t of_label[AW_VERDICT_COUNT];
    size_t suspected_of_label[AW_VERDICT_COUNT];
    size_t kinds_right;
};

aw_rc aw_eval_cross(struct aw_eval_report *report, const char *corpus_path,
                    const char *lexicon_dir, struct aw_err *err) AW_MUST_USE;

aw_rc aw_eval_file(struct aw_eval_report *report, const char *corpus_path,
                   const struct aw_classifier_config *config,
                   struct aw_err *err) AW_MUST_USE;

/* Appends the report, as a table for people or as one line of JSON. */
void aw_eval_text(const struct aw_eval_report *report, struct aw_buf *out);
void aw_eval_json(const struct aw_eval_report *report, struct aw_buf *out);

#endif
