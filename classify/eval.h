/* eval.h - how well verdicts agree with labels.
 *
 * Either by cross-validation over a corpus (each text is judged by a model
 * that never saw it, nor a version of it: folds are by family), or by a given
 * model. The figures' definitions are measure.h's. A text's score is its
 * verdict's leaning (classify.h).
 */
#ifndef AW_CLASSIFY_EVAL_H
#define AW_CLASSIFY_EVAL_H

#include "base/buf.h"
#include "classify/corpus.h"
#include "classify/measure.h"
#include "classify/mistakes.h"

#define AW_EVAL_FOLDS 10

struct aw_against;

struct aw_eval_report {
    size_t texts;
    struct aw_eval_counts verdict;                      /* suspected or not */
    struct aw_interval f1;                              /* of it */
    struct aw_eval_counts by_channel[AW_CHANNEL_COUNT]; /* as verdict */
    struct aw_eval_counts by_kind[AW_DOC_KIND_COUNT]; /* by label; likewise */
    struct aw_eval_counts by_class[AW_CLAIM_CLASS_COUNT]; /* in a text */
    size_t spans, spans_found; /* a claim lies over it */
    size_t of_label[AW_VERDICT_COUNT];
    size_t suspected_of_label[AW_VERDICT_COUNT];
    size_t kinds[AW_DOC_KIND_COUNT][AW_DOC_KIND_COUNT]; /* label, verdict */
    struct aw_judged *judged; /* in the order in which they were judged */
    struct aw_judged *ranked; /* the same, highest score first */
    struct aw_calibration calibration;
    double average_precision; /* NAN where no text is suspected */
    struct aw_mistakes mistakes;
};

/* Both fill report, which need not be initialised before; the caller deinits
 * it also after a failure. The corpus must outlive it. worst: so many mistakes
 * of each kind are kept, at most AW_MISTAKES_MAX. */
aw_rc aw_eval_cross(struct aw_eval_report *report,
                    const struct aw_corpus *corpus, const char *lexicon_dir,
                    size_t worst, struct aw_err *err) AW_MUST_USE;

aw_rc aw_eval_model(struct aw_eval_report *report,
                    const struct aw_corpus *corpus,
                    const struct aw_classifier_config *config, size_t worst,
                    struct aw_err *err) AW_MUST_USE;
void aw_eval_deinit(struct aw_eval_report *report);

/* What a report shows besides. */
struct aw_eval_shown {
    size_t capacity; /* of what reviewers manage this row alone; 0: a table */
    const struct aw_against *against; /* against.h; or NULL */
};

/* Appends the report, as tables for people or as one line of JSON
 * (docs/04-commands.md). The JSON has all; the tables are without texts, and
 * so without mistakes and the comparison. */
void aw_eval_text(const struct aw_eval_report *report,
                  const struct aw_eval_shown *shown, struct aw_buf *out);
void aw_eval_json(const struct aw_eval_report *report,
                  const struct aw_eval_shown *shown, struct aw_buf *out);

#endif
