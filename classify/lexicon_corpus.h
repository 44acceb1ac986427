/* lexicon_corpus.h - what the labelled corpus says of the rules.
 *
 * A rule that nothing in the corpus hits has not been tried; one whose every
 * hit lies within a hit of another rule of its class adds nothing that the
 * corpus shows. Both are warnings: a rule may wait for what is still to come.
 */
#ifndef AW_CLASSIFY_LEXICON_CORPUS_H
#define AW_CLASSIFY_LEXICON_CORPUS_H

#include "classify/corpus.h"
#include "classify/match.h"

#define AW_SHADOW_HITS_LEAST 3 /* of a rule, before it is called shadowed */

/* Adds a warning for each such rule, with file and line. The matcher is one
 * of the lexicon. */
aw_rc aw_lexicon_corpus_check(const struct aw_lexicon *lexicon,
                              struct aw_matcher *matcher,
                              const struct aw_corpus *corpus,
                              struct aw_problems *problems,
                              struct aw_err *err) AW_MUST_USE;

#endif
