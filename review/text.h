/* text.h - what people write in, checked before it is kept. */
#ifndef AW_REVIEW_TEXT_H
#define AW_REVIEW_TEXT_H

#include "base/error.h"
#include "base/str.h"

#define AW_WHO_MAX 100 /* code points, of a name */

/* AW_INVALID, and what to do, where the text is not UTF-8, has more than max
 * code points, or holds a control character (white space other than the blank
 * is one: it could forge a line in a report) or a bidi control (it could turn
 * the words round). name is that of the text, for the message. */
aw_rc aw_written_check(const char *name, struct aw_str text, size_t max,
                       struct aw_err *err) AW_MUST_USE;

/* The same for a text of several lines: a line feed may stand in it. */
aw_rc aw_written_check_lines(const char *name, struct aw_str text, size_t max,
                             struct aw_err *err) AW_MUST_USE;

#endif
