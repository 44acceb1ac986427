/* party_fold.h - letters and digits in disguise, as the ASCII they stand for.
 *
 * Full-width, circled, squared and mathematical ones, small capitals and Greek
 * or Cyrillic letters that look like v, w and x. One code point becomes one
 * code point, so that places stay. What only decorates (emoji, joiners, the
 * frame of a keycap) becomes AW_PARTY_NOTHING.
 */
#ifndef AW_EXTRACT_PARTY_FOLD_H
#define AW_EXTRACT_PARTY_FOLD_H

#include <stdint.h>

#define AW_PARTY_NOTHING 1 /* no text has this control character */

/* cp itself where it is no disguise. */
uint32_t aw_party_fold(uint32_t cp);

/* The digit (0 to 9) that a Chinese numeral stands for where figures are read
 * out one by one ("一三八", "幺", "壹", "〇"), or that ASCII is; else -1. */
int aw_party_digit(uint32_t cp);

#endif
