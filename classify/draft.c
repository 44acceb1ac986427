#include "classify/draft.h"

#include <stdlib.h>

#define MERGED_MAX 60 /* code points of a merged claim */

static int compare(size_t a, size_t b)
{
    return (a > b) - (a < b);
}

static int by_place(const void *a, const void *b)
{
    const struct aw_draft *x = a, *y = b;
    int order = compare(x->block, y->block);

    if (order == 0)
        order = compare(x->origin.start, y->origin.start);
    if (order == 0)
        order = compare(x->origin.end, y->origin.end);
    if (order == 0)
        order = compare(x->class, y->class);
    return order ? order : compare(x->hit, y->hit);
}

static bool is_same_claim(const struct aw_draft *a, const struct aw_draft *b)
{
    if (a->class != b->class || a->block != b->block)
        return false;
    if (a->class == AW_CLAIM_NO_RISK_WARNING)
        return true;
    return a->origin.start < b->origin.end && b->origin.start < a->origin.end;
}

static bool is_stronger(const struct aw_draft *a, const struct aw_draft *b)
{
    if (!a->exempt_by != !b->exempt_by)
        return !a->exempt_by;
    if (a->score > b->score || a->score < b->score)
        return a->score > b->score;
    return a->severity > b->severity;
}

/* The stronger stays, one that counts before one that is exempt; it takes
 * the span of both while that is no more than a phrase. */
static void merge(struct aw_draft *into, const struct aw_draft *other)
{
    struct aw_range both = {into->origin.start < other->origin.start
                                ? into->origin.start
                                : other->origin.start,
                            into->origin.end > other->origin.end
                                ? into->origin.end
                                : other->origin.end};
    bool same_side = !into->exempt_by == !other->exempt_by;

    if (is_stronger(other, into))
        *into = *other;
    if (same_side && both.end - both.start <= MERGED_MAX)
        into->origin = both;
}

static size_t merge_all(struct aw_draft *drafts, size_t count)
{
    size_t kept = 0;

    qsort(drafts, count, sizeof *drafts, by_place);
    for (size_t i = 0; i < count; i++) {
        size_t k = kept;

        while (k > 0 && !is_same_claim(&drafts[k - 1], &drafts[i]))
            k--;
        if (k > 0)
            merge(&drafts[k - 1], &drafts[i]);
        else
            drafts[kept++] = drafts[i];
    }
    return kept;
}

static int strongest_first(const void *a, const void *b)
{
    const struct aw_draft *x = a, *y = b;

    if (is_stronger(x, y) != is_stronger(y, x))
        return is_stronger(x, y) ? -1 : 1;
    return by_place(a, b);
}

size_t aw_drafts_settle(struct aw_draft *drafts, size_t count)
{
    if (count == 0)
        return 0;
    count = merge_all(drafts, count);
    if (count > AW_CLAIMS_MAX) {
        qsort(drafts, count, sizeof *drafts, strongest_first);
        count = AW_CLAIMS_MAX;
    }
    qsort(drafts, count, sizeof *drafts, by_place);
    return count;
}
