/* diff.h - what changed between two texts, sentence by sentence.
 *
 * Texts are cut behind 。！？； and line ends, for a listing's description is
 * often one long line. The longest common row of pieces stays; what is not in
 * it went away or came.
 */
#ifndef AW_REPORTS_DIFF_H
#define AW_REPORTS_DIFF_H

#include "base/error.h"
#include "base/str.h"

/* Beyond so many pieces that differ, all of them went and came. */
#define AW_DIFF_PIECES_MAX 1000

/* A piece without the white space around it; added false: it went away. Those
 * that went come before those that came in their place. */
typedef void aw_diff_fn(void *self, struct aw_str piece, bool added);
aw_rc aw_diff(struct aw_str before, struct aw_str after, aw_diff_fn *visit,
              void *self, struct aw_err *err) AW_MUST_USE;

#endif
