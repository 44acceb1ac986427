/* samples.h - the corpus as the model sees it: features, hits and labels.
 *
 * Made once; training and cross-validation then work on numbers alone.
 */
#ifndef AW_CLASSIFY_SAMPLES_H
#define AW_CLASSIFY_SAMPLES_H

#include "classify/corpus.h"
#include "classify/score.h"

struct aw_ids {
    uint32_t *items;
    size_t count;
};

/* A rule's hit that no context took away. */
struct aw_sample_hit {
    size_t rule;
    struct aw_ids passage;
    double context; /* log-odds of weighing contexts */
    bool is_quoted;
    bool is_absent; /* of a rule on the whole document */
    bool is_claim;  /* a span of the corpus lies over it */
    bool is_known;  /* false: in a suspected text, but no span is over it */
};

/* Words around a place, for the passage model. */
struct aw_sample_passage {
    struct aw_ids ids;
    bool is_claim;
    bool has_class; /* a span of the corpus, which says its class */
    enum aw_claim_class class;
    struct aw_ids sentence; /* of such a span: the sentence that it is in */
    bool is_sentence;       /* a sentence in which no rule hits */
    bool in_training;       /* false: only to fit how sentences are weighed */
};

struct aw_sample {
    const struct aw_corpus_text *text;
    uint64_t family; /* equal for texts that are never to be parted */
    struct aw_ids document;
    double context; /* log-odds of the contexts of the whole */
    struct aw_sample_hit *hits;
    size_t hit_count, hit_cap;
    struct aw_sample_passage *passages;
    size_t passage_count, passage_cap;
};

struct aw_samples {
    struct aw_arena arena;
    const struct aw_lexicon *lexicon;
    struct aw_sample *items;
    size_t count;
};

/* corpus and lexicon must outlive the samples; the caller deinits them also
 * after a failure. */
aw_rc aw_samples_make(struct aw_samples *samples,
                      const struct aw_corpus *corpus,
                      const struct aw_lexicon *lexicon,
                      struct aw_err *err) AW_MUST_USE;
void aw_samples_deinit(struct aw_samples *samples);

#endif
