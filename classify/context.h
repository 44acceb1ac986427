/* context.h - does a context hold for a hit?
 *
 * The windows are those of lexicons/README.md, in the view that the hit is of.
 * What `document` contexts say is the same for all hits of a document: it is
 * found once and remembered until aw_contexts_reset. Patterns are tried only
 * where their literals are (prefilter.h).
 */
#ifndef AW_CLASSIFY_CONTEXT_H
#define AW_CLASSIFY_CONTEXT_H

#include "classify/match.h"
#include "classify/prefilter.h"

/* Some patterns, and where they may match. All is made and a view is read once
 * it is wanted, since most documents have no hit. */
struct aw_asked_patterns {
    struct aw_str *texts;
    size_t count;
    struct aw_prefilter *prefilter;
    struct aw_sights *sights[2]; /* by enum aw_view */
    bool is_read[2];
};

struct aw_contexts {
    const struct aw_lexicon *lexicon;
    struct aw_pattern_scratch *scratch; /* the caller's */
    char *cache_dir;                    /* or NULL */
    struct aw_asked_patterns absent;    /* by rule, what must be so */
    struct aw_asked_patterns patterns;  /* of the contexts */
    signed char *document;              /* by context: -1 not known yet */
    size_t *first;     /* by context: the number of its first pattern */
    struct aw_err err; /* the first failure since aw_contexts_reset */
};

/* cache_dir as in prefilter.h. */
aw_rc aw_contexts_init(struct aw_contexts *contexts,
                       const struct aw_lexicon *lexicon,
                       struct aw_pattern_scratch *scratch,
                       const char *cache_dir, struct aw_err *err) AW_MUST_USE;
void aw_contexts_deinit(struct aw_contexts *contexts);
/* Makes ready what else is made when it is first asked for: where there is no
 * file to be opened later. */
aw_rc aw_contexts_warm(struct aw_contexts *contexts,
                       struct aw_err *err) AW_MUST_USE;
void aw_contexts_reset(struct aw_contexts *contexts);

/* Is what must not be there for the rule, which has `absent`, in that view? */
bool aw_contexts_find_absent(struct aw_contexts *contexts,
                             const struct aw_text *text, enum aw_view view,
                             size_t rule);

/* Fills void_by, exempt_by and the weights of hit. */
void aw_contexts_apply(struct aw_contexts *contexts,
                       const struct aw_text *text, struct aw_hit *hit);

/* Fills the weights of whole, which has none, with the contexts of the whole
 * that hold in the plain view. */
void aw_contexts_weigh_whole(struct aw_contexts *contexts,
                             const struct aw_text *text, struct aw_hit *whole);

#endif
