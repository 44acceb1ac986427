/* guess.h - what the bytes themselves say of their charset.
 *
 * UTF-8 proves itself. GB18030 and Big5 share their byte ranges, so the pairs
 * are counted that fall on each one's everyday characters and punctuation:
 * of Chinese text these are above nine in ten in the right one, and about
 * half in the other. What is neither is left to ICU's detector.
 */
#ifndef AW_EXTRACT_GUESS_H
#define AW_EXTRACT_GUESS_H

#include "base/str.h"

struct aw_guess {
    bool utf8;        /* all of it is well-formed UTF-8 */
    size_t utf8_bad;  /* bytes that are malformed as UTF-8 */
    size_t utf8_wide; /* well-formed characters of three or four bytes */
    size_t pairs;     /* pairs of bytes, and high bytes that are in none */
    size_t gb;        /* pairs that are everyday in GB18030 */
    size_t big5;      /* pairs that are everyday in Big5 */
    size_t lone;      /* high bytes that are in no pair */
};

/* Linear in bytes. A character that the end cuts off is not counted. Where it
 * becomes clear that they are not UTF-8, utf8_bad and utf8_wide are those of
 * the bytes up to there. */
void aw_guess_measure(struct aw_guess *guess, struct aw_str bytes);

/* Many characters of UTF-8, and hardly a bad byte. */
bool aw_guess_is_utf8(const struct aw_guess *guess);

/* "gb18030" or "big5" where the pairs are clearly that, else NULL. */
const char *aw_guess_chinese(const struct aw_guess *guess);

/* The name of a charset, whatever the bytes are; a static string or one of
 * ICU's. */
const char *aw_guess_charset(const struct aw_guess *guess,
                             struct aw_str bytes);

/* "utf-16le" or "utf-16be" where at least every fifth of the first units
 * is ASCII in that order, else NULL. */
const char *aw_guess_utf16(struct aw_str bytes);

#endif
