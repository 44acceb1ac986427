/* normalise.h - text as rules see it, with a map back to the original.
 *
 * The plain view: NFKC case folding, simplified characters, half-width letters
 * and digits, Chinese sentence punctuation in its own form (，！？；：（）,
 * also where ASCII was written, unless inside a number or a URL); 100 %,
 * 百分百 and 百分之百 as 100%; no zero-width, bidi, control or combining
 * characters; line breaks stay.
 *
 * The hard view, made from the plain one: spaces, line breaks and marks
 * (symbols, emoji, dashes, dots) between two Chinese characters are taken
 * out, and blanks between a Chinese character and a digit; claim words that
 * were disguised are put right (disguise.h).
 *
 * A struct aw_normal holds the texts of all blocks of a document one behind
 * the other, each ended by a line break, so that one buffer serves all and
 * is used again for the next document. Everything is in bytes of that buffer;
 * the map gives, for each byte, the code point of its own block that it came
 * from.
 *
 * Besides, the plain view has its letters: the code points of its text without
 * spaces and marks, of a run of digits one zero; the first of them alone.
 * They are what features.h counts, and the same for both views.
 */
#ifndef AW_CLASSIFY_NORMALISE_H
#define AW_CLASSIFY_NORMALISE_H

#include "base/error.h"
#include "base/str.h"

#define AW_NORMAL_MAX ((size_t)128 << 20) /* bytes of one document's text */

/* More than the model reads of a document. */
#define AW_NORMAL_LETTERS_MAX ((size_t)1 << 16)

/* A longer run of marks divides: a ruler across the page disguises nothing. */
#define AW_NORMAL_RUN_MAX 24 /* code points */

/* Places in a document's text that are looked at for disguises; a text with
 * more is made to keep us busy. */
#define AW_NORMAL_ODDS_MAX ((size_t)1 << 18)

/* Characters of a word that disguise.h puts right. */
#define AW_GUISE_CHARS 4

enum aw_view { AW_VIEW_PLAIN, AW_VIEW_HARD };

struct aw_range {
    size_t start, end; /* end is behind the last */
};

/* A disguised word in the plain view. */
struct aw_guise {
    const char *word; /* what it stands for, three bytes a character */
    size_t count;     /* its characters */
    struct aw_range at[AW_GUISE_CHARS]; /* where each stands */
};

struct aw_normal {
    char *text;
    uint32_t *map; /* one for each byte of text */
    size_t len, cap;
    uint32_t *letters;   /* of the plain view; or NULL */
    size_t letter_count; /* at most AW_NORMAL_LETTERS_MAX */
    struct aw_range
        *gaps; /* what the hard view of the last block is without */
    size_t gap_count, gap_cap;
    size_t *odds; /* bytes of the last block where a disguise may be */
    size_t odd_count, odd_cap;
    size_t odds_left;        /* of AW_NORMAL_ODDS_MAX */
    struct aw_guise *guises; /* of the last block, in order */
    size_t guise_count, guise_cap;
    size_t *mends; /* bytes at which confusion.h (plain view) or disguise.h
                    * (hard view) put another character */
    size_t mend_count, mend_cap;
    size_t *seams; /* of the hard view: bytes where it differs */
    size_t seam_count, seam_cap;
    bool cut; /* AW_NORMAL_MAX was reached: what came behind is not in it */
};

void aw_normal_init(struct aw_normal *normal);
void aw_normal_deinit(struct aw_normal *normal);
void aw_normal_reset(struct aw_normal *normal); /* keeps the memory */

/* Appends one block's text in the plain view, and tells where it lies
 * (without the line break that ends it). Malformed bytes count as one code
 * point each. The only failure is memory. */
aw_rc aw_normalise(struct aw_normal *plain, struct aw_str text,
                   struct aw_range *block, struct aw_err *err) AW_MUST_USE;

/* Appends the hard view of the last block of plain, with its guises put right;
 * hard->mends says where. A character that stands for several begins at the
 * first of them and ends at the last. */
aw_rc aw_normal_harden(struct aw_normal *hard, const struct aw_normal *plain,
                       struct aw_range plain_block, struct aw_range *block,
                       struct aw_err *err) AW_MUST_USE;

/* Does the hard view differ from the plain one within the range, or at its
 * ends? */
bool aw_normal_has_seam(const struct aw_normal *hard, struct aw_range range);

/* Makes hard, which is empty, a copy of the first len bytes of plain. */
aw_rc aw_normal_copy(struct aw_normal *hard, const struct aw_normal *plain,
                     size_t len, struct aw_err *err) AW_MUST_USE;

struct aw_str aw_normal_str(const struct aw_normal *normal,
                            struct aw_range range);

/* The code points that the bytes of range came from; range is not empty. */
struct aw_range aw_normal_origin(const struct aw_normal *normal,
                                 struct aw_range range);

/* The bytes within block that came from those code points: the other way
 * round, and empty where they were all taken out. */
struct aw_range aw_normal_place(const struct aw_normal *normal,
                                struct aw_range block, struct aw_range origin);

#endif
