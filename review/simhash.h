/* simhash.h - texts that are almost the same have hashes that are almost the
 * same. (Charikar, 2002; Manku, Jain, Das Sarma, 2007)
 *
 * The features of a text are its pairs of Chinese characters, each counted
 * once. Numbers, letters and marks are left out, and so are firms' names: the
 * same advertisement with another telephone, another rate or another firm has
 * the same features.
 *
 * A hash near another one says where to look; whether the texts are the same
 * is told by their features (docs/decisions/0044).
 */
#ifndef AW_REVIEW_SIMHASH_H
#define AW_REVIEW_SIMHASH_H

#include "base/error.h"
#include "base/str.h"

#define AW_SIMHASH_FEATURES_MAX 8192 /* of a text; more are not read */

/* Hashes of texts that are the same differ in no more bits ... */
#define AW_SIMHASH_NEAR 12
/* ... and of their features together, so many are in both. */
#define AW_SIMHASH_SAME 0.6
/* A text with fewer says too little to be told from others. */
#define AW_SIMHASH_FEATURES_LEAST 12

struct aw_simhash;

aw_rc aw_simhash_new(struct aw_simhash **out, struct aw_err *err) AW_MUST_USE;
void aw_simhash_free(struct aw_simhash *simhash); /* NULL is allowed */

/* Begins a text: forgets all, the names too. */
void aw_simhash_begin(struct aw_simhash *simhash);

/* A name to leave out; before the texts. */
void aw_simhash_name(struct aw_simhash *simhash, struct aw_str name);

/* A passage; each is a text of its own: nothing runs over its end. */
void aw_simhash_add(struct aw_simhash *simhash, struct aw_str text);

/* The hash of all of it; *features: how many different ones it has. */
uint64_t aw_simhash_end(struct aw_simhash *simhash, size_t *features);

int aw_simhash_distance(uint64_t a, uint64_t b);

/* The share of features that both have, of those that either has; after the
 * end of both. */
double aw_simhash_overlap(const struct aw_simhash *a,
                          const struct aw_simhash *b);

#endif
