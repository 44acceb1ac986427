/* prefilter.h - where each of many patterns is worth trying (Vectorscan).
 *
 * Looks for the literals (literals.h) of all patterns at once, in one pass of
 * a text, and then says of any pattern and any window of that text at which
 * places a match may start. It may name too many and misses none: pattern.h
 * confirms. A pattern without literals is to be tried everywhere.
 *
 * Used by one thread at a time.
 */
#ifndef AW_CLASSIFY_PREFILTER_H
#define AW_CLASSIFY_PREFILTER_H

#include "base/arena.h"
#include "classify/normalise.h"

/* Literals of one set in one text; where there are more, patterns that need it
 * are to be tried everywhere. */
#define AW_SIGHTS_MAX 8192

struct aw_prefilter;
struct aw_sights; /* where the literals of one text stand */

/* The patterns must compile with PCRE2, but for empty ones, of which nothing
 * is said; they may go away afterwards. cache_dir (base/cache.h), or NULL:
 * there Vectorscan's database is kept for the next start, by all that it
 * depends on. */
aw_rc aw_prefilter_new(struct aw_prefilter **out,
                       const struct aw_str *patterns, size_t count,
                       const char *cache_dir, struct aw_err *err) AW_MUST_USE;
void aw_prefilter_free(struct aw_prefilter *prefilter);

/* NULL, or why this pattern must be tried everywhere. */
const char *aw_prefilter_refused(const struct aw_prefilter *prefilter,
                                 size_t pattern);

/* For texts that this prefilter reads; it must outlive them. */
aw_rc aw_sights_new(struct aw_sights **out, struct aw_prefilter *prefilter,
                    struct aw_err *err) AW_MUST_USE;
void aw_sights_free(struct aw_sights *sights);

/* Reads a text; what was read before is forgotten. */
aw_rc aw_sights_read(struct aw_sights *sights, struct aw_str text,
                     struct aw_err *err) AW_MUST_USE;

/* The first place at or behind `from` where a match of the pattern may lie:
 * that of a literal which it must hold. False where there is none. */
bool aw_sights_seek(const struct aw_sights *sights, size_t pattern,
                    size_t from, size_t *at);

/* May the pattern match anywhere? A look at counts, before windows are made.
 */
bool aw_sights_may(const struct aw_sights *sights, size_t pattern);

/* The numbers of those patterns that may match somewhere, in order. */
const uint32_t *aw_sights_patterns(const struct aw_sights *sights,
                                   size_t *count);

/* Goes through the stretches in which matches of the pattern may start that
 * lie within the window, in order. Set up with aw_stretches_of. */
struct aw_stretches {
    const struct aw_sights *sights;
    size_t pattern;
    struct aw_range window;
    size_t at; /* the next sight to look at */
    bool all;  /* it is the window as a whole */
};

struct aw_stretches aw_stretches_of(const struct aw_sights *sights,
                                    size_t pattern, struct aw_range window);

/* False at the end. `last` is where the last match may end. */
bool aw_stretches_next(struct aw_stretches *stretches, struct aw_range *start,
                       size_t *last);

#endif
