/* mistakes.h - the worst mistakes of an evaluation: false alarms of highest
 * score and misses of lowest, with what the verdict said.
 *
 * A mistake is a copy and owns all of it: models and documents may go away.
 * The corpus must stay.
 */
#ifndef AW_CLASSIFY_MISTAKES_H
#define AW_CLASSIFY_MISTAKES_H

#include "classify/corpus.h"

#define AW_MISTAKES_MAX 1000 /* of each kind */

struct aw_mistake {
    const struct aw_corpus_text *text;
    struct aw_verdict verdict;
};

/* The worst first; of equal score the one that was taken first. */
struct aw_mistake_list {
    struct aw_mistake *items;
    size_t count;
};

struct aw_mistakes {
    size_t most; /* of each kind; 0: none are kept */
    struct aw_mistake_list alarms, misses;
};

/* most is at most AW_MISTAKES_MAX. The caller deinits it also after a
 * failure. */
aw_rc aw_mistakes_init(struct aw_mistakes *mistakes, size_t most,
                       struct aw_err *err) AW_MUST_USE;
void aw_mistakes_deinit(struct aw_mistakes *mistakes);

/* Keeps a copy where the verdict is a mistake, and worse than one of those
 * kept or there is room. */
aw_rc aw_mistakes_take(struct aw_mistakes *mistakes,
                       const struct aw_corpus_text *text,
                       const struct aw_verdict *verdict,
                       struct aw_err *err) AW_MUST_USE;

#endif
