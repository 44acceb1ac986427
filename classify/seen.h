/* seen.h - a text as rules see it, where a person would not think it the same:
 * disguised words put right, marks between characters and invisible ones taken
 * out, traditional characters as simplified ones. What differs in letters of
 * case, width, blanks and the signs of sentences alone is the same.
 */
#ifndef AW_CLASSIFY_SEEN_H
#define AW_CLASSIFY_SEEN_H

#include "base/buf.h"
#include "classify/text.h"

/* Appends the hard view of original, or nothing where it is the same. text is
 * a scratch pad, to be used again. */
aw_rc aw_seen(struct aw_text *text, struct aw_str original, struct aw_buf *out,
              struct aw_err *err) AW_MUST_USE;

/* Likewise, with a scratch pad of its own. */
aw_rc aw_seen_once(struct aw_str original, struct aw_buf *out,
                   struct aw_err *err) AW_MUST_USE;

#endif
