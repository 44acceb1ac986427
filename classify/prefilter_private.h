/* prefilter_private.h - what the files of the prefilter share:
 *
 *     prefilter.c        literals of patterns to tables, and to the keys that
 *                        Vectorscan looks for
 *     prefilter_kept.c   both kept for the next start
 *     sights.c           where they stand in a text, and what is worth trying
 *                        there
 */
#ifndef AW_CLASSIFY_PREFILTER_PRIVATE_H
#define AW_CLASSIFY_PREFILTER_PRIVATE_H

#include "base/cache.h"
#include "base/hash.h"
#include "classify/literals.h"
#include "classify/prefilter.h"

/* Vectorscan looks for the last bytes of a literal, three Chinese characters:
 * that makes half as many keys, takes half as long to compile, and finds no
 * more places (decision 0024). The rest is compared here. */
#define AW_KEY_MAX ((size_t)9)

/* One literal, and one set of literals that it is of. Sorted by key and
 * literal. */
struct aw_entry {
    uint32_t at, len; /* of the literal, in the texts */
    uint32_t set;
};

struct aw_need {
    uint32_t set;
    size_t before;
};

/* A pattern, and what a match of it must hold. */
struct aw_subject {
    size_t refused; /* where in the texts the reason lies; 0: it is not */
    struct aw_need needs[AW_NEEDS_MAX];
    size_t need_count;
    size_t width;
};

/* What is known of the patterns: arrays without pointers, so that they are
 * used as they lie in a file of the cache. */
struct aw_tables {
    const struct aw_subject *subjects; /* by pattern */
    const uint32_t *users;      /* patterns by the set of their first need,
                                 * those that have none in front */
    const uint32_t *first_user; /* by set: those without are set 0, others
                                 * from 1; one more at the end */
    const struct aw_entry *entries;
    const uint32_t *first; /* for each key, its first entry; likewise */
    const char *texts;     /* literals and reasons; starts with a NUL */
    size_t pattern_count, set_count, entry_count, key_count, text_len;
};

struct aw_prefilter {
    struct aw_arena arena; /* holds the tables that were made here */
    struct aw_cached kept; /* or those that were found */
    struct aw_tables tables;
    struct hs_database *database; /* NULL: there are no literals */
    struct hs_scratch *scratch;
};

/* ---- prefilter_kept.c --------------------------------------------------- */

#define AW_PREFILTER_NAME_MAX (AW_SHA256_HEX_MAX + 16)

/* The name of what is kept for these patterns: from all that it depends on,
 * which is their texts, this program's reading of them, Vectorscan and the
 * processor. False where it cannot be told. */
bool aw_prefilter_name(const struct aw_str *patterns, size_t count,
                       char out[AW_PREFILTER_NAME_MAX]);

/* Fills tables and database; false, with neither, where nothing is kept. */
bool aw_prefilter_take(struct aw_prefilter *prefilter, const char *dir,
                       const char *name);
void aw_prefilter_keep(const struct aw_prefilter *prefilter, const char *dir,
                       const char *name);

#endif
