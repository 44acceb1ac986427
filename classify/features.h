/* features.h - a text as the set of its character 1- to 3-grams, hashed.
 *
 * Chinese needs no words for this. Spaces and marks are left out (so that
 * both views of a text have the same features), a run of digits counts as one
 * zero. Features are numbers below AW_FEATURES; each is in a bag once
 * (binary), in order of appearance.
 */
#ifndef AW_CLASSIFY_FEATURES_H
#define AW_CLASSIFY_FEATURES_H

#include "base/error.h"
#include "base/str.h"

#define AW_FEATURE_BITS 18
#define AW_FEATURES (1u << AW_FEATURE_BITS)
#define AW_GRAM_MAX 3 /* characters */

struct aw_word_bag {
    uint64_t *seen; /* a bit for each feature: small enough to stay in cache */
    uint32_t *ids;  /* room for one more than there can be */
    size_t count;
};

aw_rc aw_word_bag_init(struct aw_word_bag *bag,
                       struct aw_err *err) AW_MUST_USE;
void aw_word_bag_deinit(struct aw_word_bag *bag);
void aw_word_bag_reset(struct aw_word_bag *bag);

/* Adds the features of normalised text. */
void aw_word_bag_add(struct aw_word_bag *bag, struct aw_str text);

/* The same for its letters, as normalise.h finds them. */
void aw_word_bag_add_letters(struct aw_word_bag *bag, const uint32_t *letters,
                             size_t count);

/* Goes through the n-grams of a text one by one, with where they stand. */
struct aw_grams {
    struct aw_str text;
    size_t pos;
    uint32_t last[AW_GRAM_MAX]; /* the latest characters, newest first */
    size_t start[AW_GRAM_MAX];  /* where they start */
    size_t have;                /* how many of them there are */
    size_t next;                /* the length to give out next */
};

void aw_grams_init(struct aw_grams *grams, struct aw_str text);

/* False at the end. */
bool aw_grams_next(struct aw_grams *grams, uint32_t *feature,
                   struct aw_str *gram);

#endif
