/* boxes.h - boxes with numbers, drawn on a copy of a screenshot.
 *
 * A PNG is decoded, each box gets a red frame and its label, and a PNG is
 * written: by Leptonica, and the same bytes for the same input. What was under
 * the lines is lost: the copy is to look at, the screenshot is the evidence.
 *
 * It decodes what a browser made of a hostile page, so that it runs in a cell
 * (reader/boxed.h).
 */
#ifndef AW_EXTRACT_BOXES_H
#define AW_EXTRACT_BOXES_H

#include "base/buf.h"

/* Four bytes each while it is drawn on, and as many in reading. */
#define AW_BOXES_PIXELS_MAX ((int64_t)40 * 1000 * 1000)
#define AW_BOXES_LABEL_MAX 9999

struct aw_boxes_item {
    int64_t label; /* from 1 */
    int64_t x, y, width, height;
};

/* Loads the library and a font, once for the process: what draws afterwards
 * opens no file. Not thread-safe. AW_CONFIG. */
aw_rc aw_boxes_prepare(struct aw_err *err) AW_MUST_USE;

/* Appends the PNG. What lies outside of the picture is cut. AW_LIMIT: too many
 * pixels; AW_INVALID: it is no PNG. Needs aw_boxes_prepare. */
aw_rc aw_boxes_draw(struct aw_str png, const struct aw_boxes_item *items,
                    size_t count, struct aw_buf *out,
                    struct aw_err *err) AW_MUST_USE;

#endif
