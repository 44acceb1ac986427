/* disguise_table.h - the words of claims, and what is written for their
 * characters so that no filter finds them.
 *
 * Linked into adwatch (disguise.c) and into gen/fold_gen.c, which marks in the
 * folding table the characters that may begin a disguise.
 */
#ifndef AW_CLASSIFY_DISGUISE_TABLE_H
#define AW_CLASSIFY_DISGUISE_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#define AW_DISGUISE_BYTES 3 /* of each character of a word, in UTF-8 */

#define AW_DISGUISE_WAYS 2

struct aw_disguise {
    const char *right;  /* the character */
    const char *strong; /* characters that stand for it wherever they are */
    const char *weak;   /* those that have a life of their own */
    const char *splits[AW_DISGUISE_WAYS]; /* its parts, one by one; or NULL */
    const char *latin[AW_DISGUISE_WAYS];  /* pinyin; or NULL */
};

struct aw_disguised_word {
    const char *word;
    bool weak;            /* may its characters be weak ones? */
    bool latin;           /* may it be pinyin alone? */
    const char *initials; /* of its pinyin, that stand for it; or NULL */
};

/* No character stands in `strong` or `weak` of two rows. */
extern const struct aw_disguise aw_disguises[];
extern const size_t aw_disguise_count;

/* Longer words before shorter ones. */
extern const struct aw_disguised_word aw_disguised_words[];
extern const size_t aw_disguised_word_count;

/* Brackets that are put around each character: one after the other, those
 * that open and those that close. */
extern const char aw_disguise_open[], aw_disguise_close[];

#endif
