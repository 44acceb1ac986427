/* eval.h - how well verdicts agree with labels.
 *
 * Either by cross-validation over a corpus (each text is judged by a model
 * that never saw it, nor a version of it: folds are by family), or a given
 * model over a given labelled file.
 *
 * Intervals of precision and recall are Wilson's (1927), those of F1 by
 * bootstrap over texts (Efron, 1979) from a fixed seed; all 95 %.
 */
#ifndef AW_CLASSIFY_EVAL_H
#define AW_CLASSIFY_EVAL_H

#include "base/buf.h"
#include "classify/corpus.h"

#define AW_EVAL_FOLDS 10
#define AW_EVAL_RESAMPLES 2000

struct aw_eval_counts {
    size_t right;  /* found, and there */
    size_t wrong;  /* found, and not there */
    size_t missed; /* there, and not found */
    size_t rest;   /* neither */
};

struct aw_interval {
    double value, low, high;
};

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

double aw_eval_precision(const struct aw_eval_counts *counts);
double aw_eval_recall(const struct aw_eval_counts *counts);
double aw_eval_f1(const struct aw_eval_counts *counts);
struct aw_interval aw_wilson(size_t yes, size_t of);

aw_rc aw_eval_cross(struct aw_eval_report *report, const char *corpus_path,
                    const char *lexicon_dir, struct aw_err *err) AW_MUST_USE;

aw_rc aw_eval_file(struct aw_eval_report *report, const char *corpus_path,
                   const struct aw_classifier_config *config,
                   struct aw_err *err) AW_MUST_USE;

/* Appends the report, as a table for people or as one line of JSON. */
void aw_eval_text(const struct aw_eval_report *report, struct aw_buf *out);
void aw_eval_json(const struct aw_eval_report *report, struct aw_buf *out);

#endif
