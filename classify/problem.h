/* problem.h - what is wrong with a lexicon, collected so that all of it can be
 * shown at once.
 *
 * A text begins with the file and the line: "lexicons/claims/capital.yaml:14:
 * rule CP-003: example 2 is not found". An error makes the lexicon of no use;
 * a warning is for who writes rules.
 */
#ifndef AW_CLASSIFY_PROBLEM_H
#define AW_CLASSIFY_PROBLEM_H

#include "base/arena.h"

#define AW_LEXICON_PROBLEMS_MAX 1000 /* the rest is only counted */

struct aw_problem {
    struct aw_str text;
    bool is_warning;
};

/* Texts lie in the arena, which whoever makes this sets. */
struct aw_problems {
    struct aw_arena *arena;
    struct aw_problem *items;
    size_t count, cap;
    size_t errors, warnings;
};

/* Counts it, and keeps its text as far as there is room and memory. */
void aw_problem_add(struct aw_problems *problems, bool is_warning,
                    const char *fmt, ...) AW_PRINTF(3, 4);

#endif
