/* examples.h - what reviewers decided, as examples to learn from.
 *
 * A confirmed finding is a suspected text with its claims as spans, a
 * dismissed one a lawful text. The text is what the store has of it: each
 * claim's quote with the words around it, a line for each place; a class or a
 * span that a reviewer corrected takes the place of the classifier's. The form
 * is that of the corpus (corpus/README.md), JSON Lines, and beside it
 * `finding`, `by` (who) and `at` (when) of the last decision. Findings of one
 * host are one family.
 *
 * The same decisions make the same bytes.
 */
#ifndef AW_REVIEW_EXAMPLES_H
#define AW_REVIEW_EXAMPLES_H

#include "base/buf.h"
#include "store/store.h"

#define AW_EXAMPLES_MAX ((size_t)64 << 20) /* bytes, all */
#define AW_EXAMPLE_SPANS_MAX 64 /* of one; the others are left out */

struct aw_examples_count {
    int64_t confirmed, dismissed;
    int64_t empty; /* left out: nothing is quoted */
};

/* Appends to out. */
aw_rc aw_examples_put(struct aw_store *store, struct aw_buf *out,
                      struct aw_examples_count *count,
                      struct aw_err *err) AW_MUST_USE;

#endif
