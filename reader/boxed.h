/* boxed.h - boxes drawn on a screenshot, by a process of its own in a cell.
 *
 * What it decodes came from a browser that saw a hostile page. The process
 * lives for one picture, has a bounded time and memory, and can do nothing but
 * answer.
 */
#ifndef AW_READER_BOXED_H
#define AW_READER_BOXED_H

#include "extract/boxes.h"

#define AW_BOXED_MS 20000
#define AW_BOXED_BYTES_MAX ((size_t)192 << 20) /* of the answer */
#define AW_BOXED_MEMORY_MAX ((int64_t)2 << 30) /* address space */

/* Appends the PNG. optional: go on where the kernel refuses a wall of the
 * cell. AW_READER: why there is no such copy. */
aw_rc aw_boxed(struct aw_str png, const struct aw_boxes_item *items,
               size_t count, bool optional, struct aw_buf *out,
               struct aw_err *err) AW_MUST_USE;

#endif
