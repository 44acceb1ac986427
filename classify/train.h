/* train.h - from corpus and lexicon to a model file.
 *
 * The same corpus, lexicon and program make the same bytes.
 */
#ifndef AW_CLASSIFY_TRAIN_H
#define AW_CLASSIFY_TRAIN_H

#include "classify/corpus.h"

struct aw_train_report {
    size_t documents, families, spans, passages, hits;
    size_t by_channel[AW_CHANNEL_COUNT];
    size_t by_kind[AW_DOC_KIND_COUNT];
    size_t by_label[AW_VERDICT_COUNT];
    double threshold, document_threshold; /* struct aw_model_params */
    double precision, recall;
};

struct aw_train_config {
    const char *corpus_path, *lexicon_dir;
    const char *model_path; /* to write */
    double precision;       /* of what is found (fit.h); or 0 */
};

/* AW_CONFIG with file and line where corpus or lexicon are wrong. The model
 * is written so that a crash leaves the old file or the new one. */
aw_rc aw_train(const struct aw_train_config *config,
               struct aw_train_report *report, struct aw_err *err) AW_MUST_USE;

#endif
