/* head.h - what a response head says, by the names of its fields.
 *
 * A head is the bytes of a status line and of header lines, as they came;
 * lines end with CR LF or with LF. Values are views into it, without white
 * space around them; a field that is not there gives the empty view. Names
 * are compared without case. (RFC 9110, 5)
 */
#ifndef AW_CRAWLER_HEAD_H
#define AW_CRAWLER_HEAD_H

#include "base/buf.h"

#define AW_VALIDATOR_MAX 1024 /* bytes of an ETag or Last-Modified */

/* The value of the first field of that name. */
struct aw_str aw_head_value(struct aw_str head, struct aw_str name);

/* Appends the values of all fields of that name, with `between` between them:
 * ", " says the same as one field (RFC 9110, 5.3). A value that goes beyond
 * out's limit is left out, with those that follow. */
void aw_head_join(struct aw_str head, struct aw_str name, const char *between,
                  struct aw_buf *out);

/* True where value can be sent back in a conditional request: not empty, at
 * most AW_VALIDATOR_MAX bytes, no control characters. */
bool aw_head_is_validator(struct aw_str value);

/* Appends the head as it is archived. libcurl has undone chunking, so that
 * Transfer-Encoding no longer tells of the body that follows: it is kept
 * under another name. */
void aw_head_put_archived(struct aw_buf *out, struct aw_str head);

#endif
