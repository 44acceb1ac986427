#include "review/fold.h"

#include "review/plain.h"
#include "store/sorting.h"

#define BATCH_MAX 256
#define FINDING_MAX ((size_t)64 << 20)
#define TEXT_MAX ((size_t)4 << 20) /* bytes of a column */

/* One text after the other, in the form that searches have. */
struct folding {
    aw_fold_fn *fold;
    struct aw_buf folded; /* of one text */
    struct aw_buf title, claims;
};

static aw_rc put(struct folding *f, struct aw_buf *out, struct aw_str text,
                 struct aw_err *err)
{
    aw_rc rc;

    aw_buf_reset(&f->folded);
    rc = f->fold(text, &f->folded, err);
    if (rc != AW_OK || f->folded.len == 0)
        return rc;
    if (out->len > 0)
        aw_buf_putc(out, '\n');
    aw_plain_put(out, aw_buf_str(&f->folded), AW_PLAIN_TEXT);
    return aw_buf_check(out, err);
}

/* The sentence that a claim stands in, as it is sorted by. */
static aw_rc put_claim(struct folding *f, const struct aw_claim_row *claim,
                       struct aw_err *err)
{
    struct aw_buf passage;
    aw_rc rc;

    aw_buf_init(&passage, TEXT_MAX);
    aw_buf_put(&passage, claim->before);
    aw_buf_put(&passage, claim->quote);
    aw_buf_put(&passage, claim->after);
    rc = aw_buf_check(&passage, err);
    if (rc == AW_OK)
        rc = put(f, &f->claims, aw_buf_str(&passage), err);
    aw_buf_deinit(&passage);
    return rc;
}

static aw_rc fold_read(struct folding *f, struct aw_store *store,
                       const struct aw_finding *finding, struct aw_err *err)
{
    struct aw_sorted_text text = {.title = {0}};
    aw_rc rc = put(f, &f->title, finding->title, err);

    for (size_t i = 0; i < finding->claim_count && rc == AW_OK; i++)
        rc = put_claim(f, &finding->claims[i], err);
    text.title = aw_buf_str(&f->title);
    text.claims = aw_buf_str(&f->claims);
    if (rc != AW_OK || text.title.len + text.claims.len == 0)
        return rc;
    return aw_store_fold_add(store, finding->id, &text, err);
}

static aw_rc fold_one(aw_fold_fn *fold, struct aw_store *store, int64_t id,
                      struct aw_err *err)
{
    struct folding f = {.fold = fold};
    struct aw_finding finding = {0};
    struct aw_arena arena;
    aw_rc rc;

    aw_arena_init(&arena, FINDING_MAX);
    aw_buf_init(&f.folded, TEXT_MAX);
    aw_buf_init(&f.title, TEXT_MAX);
    aw_buf_init(&f.claims, TEXT_MAX);
    rc = aw_store_finding_get(store, &arena, id, &finding, err);
    if (rc == AW_OK)
        rc = fold_read(&f, store, &finding, err);
    aw_buf_deinit(&f.folded);
    aw_buf_deinit(&f.title);
    aw_buf_deinit(&f.claims);
    aw_arena_deinit(&arena);
    return rc == AW_OK ? AW_OK
                       : aw_fail_in(err, "finding %lld", (long long)id);
}

static aw_rc fold_batch(aw_fold_fn *fold, struct aw_store *store, size_t most,
                        size_t *done, struct aw_err *err)
{
    int64_t ids[BATCH_MAX];
    int64_t upto = 0;
    aw_rc rc = aw_store_folded(store, &upto, err);

    if (rc == AW_OK)
        rc =
            aw_store_unfolded(store, upto, most < BATCH_MAX ? most : BATCH_MAX,
                              ids, done, err);
    for (size_t i = 0; i < *done && rc == AW_OK; i++)
        rc = fold_one(fold, store, ids[i], err);
    if (rc == AW_OK && *done > 0)
        rc = aw_store_folded_put(store, ids[*done - 1], err);
    return rc;
}

aw_rc aw_fold_findings(aw_fold_fn *fold, struct aw_store *store, size_t most,
                       size_t *done, struct aw_err *err)
{
    int64_t upto = 0, next = 0;
    size_t left = 0;
    aw_rc rc = aw_store_folded(store, &upto, err);

    *done = 0;
    if (rc == AW_OK)
        rc = aw_store_unfolded(store, upto, 1, &next, &left, err);
    if (rc != AW_OK || left == 0)
        return rc; /* nothing is to be written */
    rc = aw_store_begin(store, err);
    if (rc == AW_OK)
        rc =
            aw_store_end(store, fold_batch(fold, store, most, done, err), err);
    if (rc != AW_OK)
        *done = 0;
    return rc;
}
