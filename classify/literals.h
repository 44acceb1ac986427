/* literals.h - the words that any match of a pattern must contain.
 *
 * A pattern is read as far as needed to say: "whatever it matches holds at
 * least one of these literals, at most so many bytes behind its start; and one
 * of those; it is at most so long". Look-around is left out and classes are
 * widened, so the answer may be too wide and is never too narrow. Patterns
 * with back references, recursion, inline options or other rare constructs get
 * no answer.
 *
 * Why not give whole patterns to Vectorscan in its prefilter mode: 104 rules
 * took it 8 to 12 s to compile, at each start; literals take milliseconds.
 */
#ifndef AW_CLASSIFY_LITERALS_H
#define AW_CLASSIFY_LITERALS_H

#include "base/arena.h"

#define AW_LITERALS_MAX 512     /* of one pattern */
#define AW_LITERAL_BYTES_MAX 48 /* of one literal */

#define AW_NEEDS_MAX 4 /* sets of one pattern */

/* A match holds one of the items. */
struct aw_literals {
    struct aw_str *items; /* in the arena; none is empty */
    size_t count;
    size_t before; /* bytes of a match before that one; SIZE_MAX: no bound */
};

/* And it holds one of each set. */
struct aw_needs {
    struct aw_literals set[AW_NEEDS_MAX]; /* the rarest first */
    size_t count;                         /* at least 1 */
    size_t width; /* bytes of a match, at most; SIZE_MAX: no bound */
};

/* AW_MISSING where no literal must be there, with the reason. The pattern
 * must compile with PCRE2. */
aw_rc aw_literals_of(struct aw_needs *out, struct aw_str pattern,
                     struct aw_arena *arena, struct aw_err *err) AW_MUST_USE;

#endif
