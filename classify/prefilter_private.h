/* prefilter_private.h - what the files of the prefilter share:
 *
 *     prefilter.c   literals of patterns to keys, and Vectorscan's database
 *     sights.c      where they stand in a text, and what is worth trying there
 */
#ifndef AW_CLASSIFY_PREFILTER_PRIVATE_H
#define AW_CLASSIFY_PREFILTER_PRIVATE_H

#include "classify/literals.h"
#include "classify/prefilter.h"

/* Vectorscan looks for the last bytes of a literal, three Chinese characters:
 * that makes half as many keys, takes half as long to compile, and finds no
 * more places (decision 0024). The rest is compared here. */
#define AW_KEY_MAX ((size_t)9)

/* One literal, and one set of literals that it is of. Sorted by key and
 * literal. */
struct aw_entry {
    struct aw_str literal;
    uint32_t set;
};

struct aw_need {
    uint32_t set;
    size_t before;
};

/* A pattern, and what a match of it must hold. */
struct aw_subject {
    const char *refused;
    struct aw_need needs[AW_NEEDS_MAX];
    size_t need_count;
    size_t width;
};

struct aw_prefilter {
    struct aw_arena arena;
    struct aw_subject *subjects; /* by pattern */
    size_t pattern_count;
    uint32_t *users;      /* patterns by the set of their first need, those
                           * that have none in front */
    uint32_t *first_user; /* by set; those without are set 0, others from 1 */
    struct aw_literals *sets; /* each is told once */
    size_t set_count, set_cap;
    struct aw_entry *entries;
    size_t entry_count;
    size_t *first; /* for each key, its first entry; one more at the end */
    size_t key_count;
    struct hs_database *database; /* NULL: there are no literals */
    struct hs_scratch *scratch;
};

#endif
