/* fold.h - what findings say in disguise is made searchable: who looks for
 * 保本 finds 保·本.
 *
 * How a text is put right is not known here: a function is given for it, which
 * appends to `out` the text as rules see it, or nothing where that is the
 * same. Each sorted finding is looked at once, those from before likewise.
 */
#ifndef AW_REVIEW_FOLD_H
#define AW_REVIEW_FOLD_H

#include "base/buf.h"
#include "store/store.h"

typedef aw_rc aw_fold_fn(struct aw_str text, struct aw_buf *out,
                         struct aw_err *err);

/* The next sorted findings, at most `most`, in a transaction of its own; *done
 * says how many these were, 0: all were looked at. */
aw_rc aw_fold_findings(aw_fold_fn *fold, struct aw_store *store, size_t most,
                       size_t *done, struct aw_err *err) AW_MUST_USE;

#endif
