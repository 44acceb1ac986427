/* prefilter.h - where each of many patterns is worth trying (Vectorscan).
 *
 * Looks for the literals (literals.h) of all patterns at once and names the
 * places at which a match may start. It may name too many and misses none:
 * pattern.h confirms. A pattern without literals is to be tried everywhere.
 *
 * Used by one thread at a time.
 */
#ifndef AW_CLASSIFY_PREFILTER_H
#define AW_CLASSIFY_PREFILTER_H

#include "base/arena.h"
#include "classify/normalise.h"

struct aw_prefilter;

/* A match of pattern may start from place.start to place.end; it holds the
 * byte before `at`. False ends the scan. */
struct aw_candidate {
    size_t pattern;
    struct aw_range start;
    size_t at;
};
typedef bool aw_prefilter_fn(void *self, struct aw_candidate candidate);

/* The patterns must compile with PCRE2; they may go away afterwards.
 * cache_dir (base/cache.h), or NULL: there Vectorscan's database is kept for
 * the next start, by all that it depends on. */
aw_rc aw_prefilter_new(struct aw_prefilter **out,
                       const struct aw_str *patterns, size_t count,
                       const char *cache_dir, struct aw_err *err) AW_MUST_USE;
void aw_prefilter_free(struct aw_prefilter *prefilter);

/* NULL, or why this pattern must be tried everywhere. */
const char *aw_prefilter_refused(const struct aw_prefilter *prefilter,
                                 size_t pattern);

/* Calls found for each place of each pattern that has literals, in order of
 * `at`. False where Vectorscan failed: try everything. */
bool aw_prefilter_scan(struct aw_prefilter *prefilter, struct aw_str text,
                       aw_prefilter_fn *found, void *self);

#endif
