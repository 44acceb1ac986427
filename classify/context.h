/* context.h - does a context hold for a hit?
 *
 * The windows are those of lexicons/README.md, in the view that the hit is of.
 * What `document` contexts say is the same for all hits of a document: it is
 * found once and remembered until aw_contexts_reset. Patterns whose literals
 * are not there (hints.h) are not tried.
 */
#ifndef AW_CLASSIFY_CONTEXT_H
#define AW_CLASSIFY_CONTEXT_H

#include "classify/hints.h"
#include "classify/match.h"

struct aw_contexts {
    const struct aw_lexicon *lexicon;
    struct aw_pattern_scratch *scratch; /* the caller's */
    signed char *document;              /* by context: -1 not known yet */
    size_t *first;        /* by context: the number of its first pattern */
    size_t pattern_count; /* behind them: by rule, what must be absent */
    size_t within;        /* code points of the widest window `around` */
    struct aw_hints *hints;
    bool near_read; /* hints are of the words around the hit asked about */
    int whole_view; /* hints are of that view of the document; or -1 */
};

aw_rc aw_contexts_init(struct aw_contexts *contexts,
                       const struct aw_lexicon *lexicon,
                       struct aw_pattern_scratch *scratch,
                       struct aw_err *err) AW_MUST_USE;
void aw_contexts_deinit(struct aw_contexts *contexts);
void aw_contexts_reset(struct aw_contexts *contexts);

/* Is what must not be there for the rule, which has `absent`, in that view? */
bool aw_contexts_find_absent(struct aw_contexts *contexts,
                             const struct aw_text *text, enum aw_view view,
                             size_t rule);

/* Fills void_by, exempt_by and the weights of hit. */
void aw_contexts_apply(struct aw_contexts *contexts,
                       const struct aw_text *text, struct aw_hit *hit);

#endif
