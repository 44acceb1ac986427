/* hints.h - which of many patterns may match in a piece of text?
 *
 * Contexts ask dozens of patterns about a few words around each hit, and most
 * match nothing there. Hints look for the literals (literals.h) of all of them
 * at once and say where a pattern need not be tried. A pattern without
 * literals may always match.
 *
 * Used by one thread at a time.
 */
#ifndef AW_CLASSIFY_HINTS_H
#define AW_CLASSIFY_HINTS_H

#include "classify/normalise.h"

#define AW_HINTS_MAX                                       \
    256 /* literals of one piece; with more, all may match \
         */

struct aw_hints;

/* The patterns must compile with PCRE2, but for empty ones, of which nothing
 * is said; they may go away afterwards. */
aw_rc aw_hints_new(struct aw_hints **out, const struct aw_str *patterns,
                   size_t count, struct aw_err *err) AW_MUST_USE;
void aw_hints_free(struct aw_hints *hints);

/* Reads the piece of text in `range`; what was read before is forgotten. */
void aw_hints_read(struct aw_hints *hints, struct aw_str text,
                   struct aw_range range);

/* False where the pattern surely matches nothing in `window`, which lies
 * within the range that was read. */
bool aw_hints_may_match(const struct aw_hints *hints, size_t pattern,
                        struct aw_range window);

#endif
