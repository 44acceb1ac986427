/* lexicon_check.h - everything that is wrong with a lexicon, at once.
 *
 * Reads all files and tries each rule on its own hit and miss texts, with its
 * contexts and exemptions, without the model; tries each pattern on hostile
 * text (lexicon_hostile.h); and asks what a corpus says of the rules
 * (lexicon_corpus.h).
 */
#ifndef AW_CLASSIFY_LEXICON_CHECK_H
#define AW_CLASSIFY_LEXICON_CHECK_H

#include "classify/lexicon.h"

struct aw_lexicon_report {
    struct aw_arena arena;
    struct aw_problems problems; /* errors and warnings, in order of reading */
    size_t files, rules, contexts, exemptions, provisions, lists;
    size_t severities; /* entries of severity.yaml */
    size_t examples;   /* tried */
    size_t texts;      /* of the corpus, read */
};

/* corpus: as in corpus.h, or NULL. Fills report, which need not be initialised
 * before; the caller deinits it also after a failure. AW_CONFIG where there is
 * any error: they are in the report, and err says how many. */
aw_rc aw_lexicon_check(const char *dir, const char *corpus,
                       struct aw_lexicon_report *report,
                       struct aw_err *err) AW_MUST_USE;
void aw_lexicon_report_deinit(struct aw_lexicon_report *report);

#endif
