/* answer_shown.h - the last fields of an answer: what a person wants to look
 * at. For answer_put.c and answer_get.c.
 */
#ifndef AW_READER_ANSWER_SHOWN_H
#define AW_READER_ANSWER_SHOWN_H

#include "reader/protocol.h"
#include "reader/wire.h"

/* doc NULL: no texts. */
void aw_answer_shown_put(struct aw_buf *out, const struct aw_document *doc,
                         struct aw_str source);

void aw_answer_shown_get(struct aw_wire *wire, struct aw_answer *answer);

#endif
