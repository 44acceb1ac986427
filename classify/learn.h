/* learn.h - a model from the corpus and from what reviewers decided, and what
 * the decisions change.
 *
 * A tenth of the corpus, by the hash of the family, is never trained on here:
 * on it two models are measured, one of the rest of the corpus, and one of
 * that and of the decisions. The second one is what is written: what was
 * measured is what is put into use. The same input makes the same bytes.
 */
#ifndef AW_CLASSIFY_LEARN_H
#define AW_CLASSIFY_LEARN_H

#include "classify/eval.h"

#define AW_LEARN_PARTS 10 /* one of them is the test */

struct aw_learn_report {
    size_t corpus, test, decisions;      /* texts */
    struct aw_eval_counts before, after; /* suspected or not, on the test */
};

/* AW_CONFIG with file and line where corpus, decisions or lexicon are wrong.
 * The model is written so that a crash leaves the old file or the new one. */
aw_rc aw_learn(const char *corpus_path, const char *decisions_path,
               const char *lexicon_dir, const char *model_path,
               struct aw_learn_report *report, struct aw_err *err) AW_MUST_USE;

#endif
