#include "store/team.h"

#include "store/private.h"

#define ROW_MAX ((size_t)1 << 20) /* bytes, of all texts of one */

/* ---- leases ------------------------------------------------------------- */

aw_rc aw_store_lease_put(struct aw_store *store, int64_t finding, int64_t user,
                         int64_t until_ms, struct aw_err *err)
{
    return aw_db_exec(store->db, err,
                      "INSERT INTO lease VALUES (?1, ?2, ?3)"
                      " ON CONFLICT (finding) DO UPDATE"
                      " SET user = ?2, until_ms = ?3",
                      "iii", finding, user, until_ms);
}

aw_rc aw_store_lease_drop(struct aw_store *store, int64_t finding,
                          int64_t user, struct aw_err *err)
{
    return aw_db_exec(store->db, err,
                      "DELETE FROM lease WHERE finding = ? AND user = ?", "ii",
                      finding, user);
}

aw_rc aw_store_assign(struct aw_store *store, int64_t finding, int64_t user,
                      struct aw_err *err)
{
    return aw_db_exec(store->db, err,
                      "UPDATE finding SET assigned = ? WHERE id = ?", "ii",
                      user, finding);
}

/* ---- comments ----------------------------------------------------------- */

aw_rc aw_store_comment_add(struct aw_store *store, struct aw_comment *comment,
                           struct aw_err *err)
{
    return aw_db_insert(store->db, err, &comment->id,
                        "INSERT INTO comment (finding, at_ms, who, text)"
                        " VALUES (?, ?, ?, ?)",
                        "iiss", comment->finding, comment->at_ms, comment->who,
                        comment->text);
}

struct commenting {
    aw_store_comment_fn *visit;
    void *self;
    struct aw_arena arena; /* of one row */
};

static aw_rc visit_comment(void *self, struct aw_rows *rows,
                           struct aw_err *err)
{
    struct commenting *v = self;
    struct aw_comment comment = {.id = aw_rows_int(rows, 0),
                                 .finding = aw_rows_int(rows, 1),
                                 .at_ms = aw_rows_int(rows, 2)};
    struct aw_str *const texts[] = {&comment.who, &comment.text};
    aw_rc rc;

    aw_arena_reset(&v->arena);
    rc = aw_rows_dup_all(rows, 3, 2, &v->arena, texts, err);
    return rc == AW_OK ? v->visit(v->self, &comment, err) : rc;
}

aw_rc aw_store_comments(struct aw_store *store, int64_t finding,
                        aw_store_comment_fn *visit, void *self,
                        struct aw_err *err)
{
    struct commenting v = {.visit = visit, .self = self};
    struct aw_rows *rows = NULL;
    aw_rc rc = aw_db_query(store->db, err, &rows,
                           "SELECT id, finding, at_ms, who, text FROM comment"
                           " WHERE finding = ? ORDER BY id",
                           "i", finding);

    if (rc != AW_OK)
        return rc;
    aw_arena_init(&v.arena, ROW_MAX);
    rc = aw_rows_each(rows, visit_comment, &v, err);
    aw_arena_deinit(&v.arena);
    return rc;
}

/* ---- corrections -------------------------------------------------------- */

aw_rc aw_store_correction_add(struct aw_store *store,
                              struct aw_correction *correction,
                              struct aw_err *err)
{
    aw_rc rc =
        aw_db_insert(store->db, err, &correction->id,
                     "INSERT INTO correction (finding, claim, at_ms,"
                     " start, end, who, class, quote)"
                     " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                     "iiiiisss", correction->finding, correction->claim,
                     correction->at_ms, correction->start, correction->end,
                     correction->who, correction->class, correction->quote);

    return rc == AW_OK ? aw_db_exec(store->db, err,
                                    "UPDATE finding"
                                    " SET version = version + 1 WHERE id = ?",
                                    "i", correction->finding)
                       : rc;
}

struct correcting {
    aw_store_correction_fn *visit;
    void *self;
    struct aw_arena arena; /* of one row */
};

static aw_rc visit_correction(void *self, struct aw_rows *rows,
                              struct aw_err *err)
{
    struct correcting *v = self;
    struct aw_correction correction = {.id = aw_rows_int(rows, 0),
                                       .finding = aw_rows_int(rows, 1),
                                       .claim = aw_rows_int(rows, 2),
                                       .at_ms = aw_rows_int(rows, 3),
                                       .start = aw_rows_int(rows, 4),
                                       .end = aw_rows_int(rows, 5)};
    struct aw_str *const texts[] = {&correction.who, &correction.class,
                                    &correction.quote};
    aw_rc rc;

    aw_arena_reset(&v->arena);
    rc = aw_rows_dup_all(rows, 6, 3, &v->arena, texts, err);
    return rc == AW_OK ? v->visit(v->self, &correction, err) : rc;
}

aw_rc aw_store_corrections(struct aw_store *store, int64_t finding,
                           aw_store_correction_fn *visit, void *self,
                           struct aw_err *err)
{
    struct correcting v = {.visit = visit, .self = self};
    struct aw_rows *rows = NULL;
    aw_rc rc = aw_db_query(store->db, err, &rows,
                           "SELECT id, finding, claim, at_ms, start, end, who,"
                           " class, quote FROM correction WHERE finding = ?"
                           " ORDER BY id",
                           "i", finding);

    if (rc != AW_OK)
        return rc;
    aw_arena_init(&v.arena, ROW_MAX);
    rc = aw_rows_each(rows, visit_correction, &v, err);
    aw_arena_deinit(&v.arena);
    return rc;
}

aw_rc aw_store_claim_get(struct aw_store *store, struct aw_arena *arena,
                         int64_t finding, int64_t claim,
                         struct aw_claim_row *out, struct aw_err *err)
{
    struct aw_str *const texts[] = {&out->class, &out->quote, &out->before,
                                    &out->after};
    struct aw_rows *rows = NULL;
    aw_rc rc = aw_db_query(store->db, err, &rows,
                           "SELECT id, block, start, end, class, quote,"
                           " before, after FROM claim"
                           " WHERE finding = ? AND id = ?",
                           "ii", finding, claim);

    if (rc == AW_OK)
        rc = aw_rows_one(rows, "claim", claim, err);
    if (rc == AW_OK) {
        out->id = aw_rows_int(rows, 0);
        out->block = aw_rows_int(rows, 1);
        out->start = aw_rows_int(rows, 2);
        out->end = aw_rows_int(rows, 3);
        rc = aw_rows_dup_all(rows, 4, 4, arena, texts, err);
    }
    aw_rows_end(rows);
    return rc;
}
