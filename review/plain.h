/* plain.h - texts put into one form, to be compared and searched.
 *
 * Full-width letters, digits and marks become half-width ones, ASCII letters
 * small; zero-width and control characters go. The text is UTF-8, malformed
 * bytes become U+FFFD.
 */
#ifndef AW_REVIEW_PLAIN_H
#define AW_REVIEW_PLAIN_H

#include "base/buf.h"

enum aw_plain {
    AW_PLAIN_TEXT, /* white space becomes one blank */
    AW_PLAIN_NAME  /* white space and brackets go as well */
};

void aw_plain_put(struct aw_buf *out, struct aw_str text, enum aw_plain how);

#endif
