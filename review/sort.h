/* sort.h - each finding is sorted once, before it is shown: what it is like,
 * whose it is, where it belongs, which trade and audience it speaks of, and
 * the text that a search finds it by.
 *
 * Findings are alike, and one group, where they are
 *   - the same picture, byte for byte;
 *   - or almost the same text (simhash.h), whoever's it is;
 *   - or of one publisher and of the same classes, and their texts say too
 *     little to be told apart.
 * Each is held against the findings that lead a group, never against other
 * members: a chain of small changes does not make one group of all.
 */
#ifndef AW_REVIEW_SORT_H
#define AW_REVIEW_SORT_H

#include "review/places.h"
#include "review/trades.h"
#include "store/store.h"

#define AW_SORT_BATCH_MAX 256

/* X(name): the classes of claims, by their bit in aw_sorted_row.classes. New
 * ones are put last. */
#define AW_SORT_CLASS_LIST(X) \
    X(capital_protection)     \
    X(no_risk)                \
    X(guaranteed_return)      \
    X(assured_promise)        \
    X(endorsement)            \
    X(no_risk_warning)

enum aw_sort_class {
#define X(name) AW_SORT_##name,
    AW_SORT_CLASS_LIST(X)
#undef X
        AW_SORT_CLASS_COUNT
};

const char *aw_sort_class_name(int class);
int aw_sort_class(struct aw_str name); /* its bit's number, or -1 */

struct aw_sorter;

/* The tables are those of the caller, and outlive it. It keeps the hashes of
 * all groups in memory, from the first batch on: 16 bytes for each. */
aw_rc aw_sorter_new(struct aw_sorter **out, const struct aw_places *places,
                    const struct aw_trades *trades,
                    struct aw_err *err) AW_MUST_USE;
void aw_sorter_free(struct aw_sorter *sorter); /* NULL is allowed */

/* Sorts the next findings, at most `most` (up to AW_SORT_BATCH_MAX), in a
 * transaction of its own; *done says how many these were, 0: all are sorted.
 */
aw_rc aw_sort_findings(struct aw_sorter *sorter, struct aw_store *store,
                       size_t most, size_t *done,
                       struct aw_err *err) AW_MUST_USE;

#endif
