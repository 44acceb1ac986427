/* parts.h - a set of what a page loads, each known by a number: a keyed hash
 * of its URL (passes.h). At most AW_PARTS_MAX; what comes behind these, or
 * finds no memory, is left out, and so is not shown.
 */
#ifndef AW_WEB_PARTS_H
#define AW_WEB_PARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define AW_PARTS_MAX 4096

/* All zero is an empty one. */
struct aw_parts {
    uint64_t *marks; /* open addressing; 0: nothing is there */
    size_t count, room;
};

void aw_parts_add(struct aw_parts *parts, uint64_t mark); /* not 0 */
void aw_parts_add_all(struct aw_parts *parts, const struct aw_parts *from);
bool aw_parts_has(const struct aw_parts *parts, uint64_t mark);
void aw_parts_free(struct aw_parts *parts); /* it is empty then */

#endif
