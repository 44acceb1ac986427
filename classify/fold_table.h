/* fold_table.h - what each code point folds to, made at build time.
 *
 * gen/fold_gen.c prints the table from ICU (NFKC_Casefold, general categories)
 * and OpenCC (traditional to simplified), so that the program itself needs
 * neither for this. The code point's entry is found in two steps; it holds
 * what becomes of it (kind and value) and what it is where it stands in folded
 * text (flags).
 */
#ifndef AW_CLASSIFY_FOLD_TABLE_H
#define AW_CLASSIFY_FOLD_TABLE_H

#include <stdint.h>

#define AW_FOLD_BLOCK_BITS 8
#define AW_FOLD_BLOCK (1u << AW_FOLD_BLOCK_BITS)
#define AW_FOLD_BLOCKS (0x110000u >> AW_FOLD_BLOCK_BITS)

/* Bits 0 to 20: a code point, or a place in aw_fold_sequences. */
#define AW_FOLD_VALUE(entry) ((entry)&0x1FFFFFu)

/* Bits 21 and 22. */
#define AW_FOLD_KIND(entry) ((entry) >> 21 & 3u)
#define AW_FOLD_KINDS (3u << 21)
#define AW_FOLD_SELF 0u /* stays */
#define AW_FOLD_DROP 1u /* goes: zero width, bidi, combining, control */
#define AW_FOLD_ONE 2u  /* becomes the code point in the value */
#define AW_FOLD_MANY 3u /* becomes a sequence: its length, then its items */

#define AW_FOLD_HAN (1u << 24)
#define AW_FOLD_SPACE (1u << 25) /* line breaks too */
#define AW_FOLD_MARK                                                          \
    (1u << 26)                    /* no letter, digit or sentence punctuation \
                                   */
#define AW_FOLD_STOP (1u << 27)   /* ,!?;: unless inside a number or a URL */
#define AW_FOLD_DIGIT (1u << 28)  /* 0 to 9 */
#define AW_FOLD_LETTER (1u << 29) /* a to z */
/* A disguise may begin with it; where it stays, its value is the number of its
 * row in disguise_table.h plus one, or 0 for its `splits` and for brackets. */
#define AW_FOLD_GUISE (1u << 30)
#define AW_FOLD_WHOLE (1u << 31) /* may end a hundred per cent: % and 百 */

extern const uint16_t aw_fold_blocks[AW_FOLD_BLOCKS];
extern const uint32_t aw_fold_entries[];
extern const uint32_t aw_fold_sequences[];

/* By the first letter, a to z: a bit for each second one with which pinyin or
 * initials of disguise_table.h begin; none of them is a letter alone. */
#define AW_FOLD_LATIN 26u
extern const uint32_t aw_fold_latin[AW_FOLD_LATIN];

/* By row of disguise_table.h: a bit for each of its words that has the row's
 * character. */
extern const uint64_t aw_fold_row_words[];

static inline uint32_t aw_fold_entry(uint32_t cp)
{
    uint32_t block = aw_fold_blocks[cp >> AW_FOLD_BLOCK_BITS];

    return aw_fold_entries[block * AW_FOLD_BLOCK + (cp & (AW_FOLD_BLOCK - 1))];
}

#endif
