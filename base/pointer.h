/* pointer.h - JSON Pointer. (RFC 6901)
 *
 * Debian's cJSON comes without its cJSON_Utils, which has one: hence our own.
 * Here are the parts of a pointer; who has the JSON walks along them.
 */
#ifndef AW_BASE_POINTER_H
#define AW_BASE_POINTER_H

#include "base/buf.h"

#define AW_POINTER_MAX ((size_t)512) /* bytes */

/* Is it empty, or does each part begin with "/" and have no "~" but in "~0"
 * and "~1"? */
bool aw_pointer_valid(struct aw_str pointer);

/* Cuts the next part off *rest into out, which is emptied first, with "~0"
 * and "~1" undone; false at the end. */
bool aw_pointer_next(struct aw_str *rest, struct aw_buf *out);

/* A part as the index of an array, digits without a leading zero; or -1. */
int aw_pointer_index(struct aw_str part);

#endif
