/* length.h - numbers and lengths of CSS. (CSS Values and Units 4)
 *
 * In hundredths: of a pixel for lengths, of a percent for shares. What is too
 * large is cut at AW_LENGTH_MAX.
 */
#ifndef AW_EXTRACT_LENGTH_H
#define AW_EXTRACT_LENGTH_H

#include "base/str.h"

#define AW_LENGTH_MAX 20000000   /* hundredths of a pixel */
#define AW_LENGTH_NONE INT32_MIN /* auto, calc(), var(): not a length */
#define AW_LENGTH_EM 1600        /* what an em is where nothing is said */

struct aw_number {
    int32_t hundredths;
    struct aw_str unit; /* "px", "%" or empty */
};

/* Takes a number with its unit off the front of *rest; false where none
 * stands there. */
bool aw_number_take(struct aw_str *rest, struct aw_number *out);

/* In hundredths of a pixel: ten pixels for a percent, as of a box of a
 * thousand. */
int32_t aw_length_parse(struct aw_str text);

/* A font's size: in hundredths of a pixel, or below zero hundredths of a
 * percent of the parent's: "80%" is -8000. */
int32_t aw_length_font(struct aw_str text);

#endif
