/* colour.h - colours as pages write them. (CSS Color 4; HTML Living Standard,
 * 2.3.6)
 *
 * What is told is whether two are so near that text of one is not seen on the
 * other. Names are the sixteen of HTML and those that are common beside; what
 * cannot be read is AW_COLOUR_UNKNOWN, and near to nothing.
 */
#ifndef AW_EXTRACT_COLOUR_H
#define AW_EXTRACT_COLOUR_H

#include "base/str.h"

/* 0xRRGGBB, or one of these. */
#define AW_COLOUR_CLEAR 0x1000000   /* transparent */
#define AW_COLOUR_UNKNOWN 0x2000000 /* not to be read */

#define AW_COLOUR_NEAR 12 /* the most that a channel may differ by */

/* "#fff", "#FFFFFF80", "rgb(1, 2, 3)", "rgba(0 0 0 / 0)", "red",
 * "transparent". */
int32_t aw_colour_parse(struct aw_str text);

/* Of an attribute: six digits need no "#". */
int32_t aw_colour_parse_attr(struct aw_str text);

bool aw_colour_near(int32_t a, int32_t b);

#endif
