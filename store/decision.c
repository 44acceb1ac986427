#include "store/private.h"

static aw_rc read_decision(struct aw_rows *rows, struct aw_arena *arena,
                           struct aw_decision_row *d, struct aw_err *err)
{
    struct aw_str *const texts[] = {&d->who, &d->action, &d->reason,
                                    &d->previous, &d->hash};

    d->id = aw_rows_int(rows, 0);
    d->finding = aw_rows_int(rows, 1);
    d->at_ms = aw_rows_int(rows, 2);
    return aw_rows_dup_all(rows, 3, 5, arena, texts, err);
}

aw_rc aw_store_decision_last(struct aw_store *store, struct aw_arena *arena,
                             struct aw_decision_row *row, struct aw_err *err)
{
    struct aw_rows *rows = NULL;
    aw_rc rc = aw_db_query(store->db, err, &rows,
                           "SELECT id, finding, at_ms, who, action, reason,"
                           " previous, hash FROM decision"
                           " ORDER BY id DESC LIMIT 1",
                           "");

    if (rc == AW_OK)
        rc = aw_rows_one(rows, "decision", 0, err);
    if (rc == AW_OK)
        rc = read_decision(rows, arena, row, err);
    aw_rows_end(rows);
    return rc;
}

aw_rc aw_store_decision_add(struct aw_store *store,
                            const struct aw_decision_row *row,
                            const char *state, struct aw_err *err)
{
    aw_rc rc = aw_db_exec(store->db, err,
                          "INSERT INTO decision (finding, at_ms, who, action,"
                          " reason, previous, hash)"
                          " VALUES (?, ?, ?, ?, ?, ?, ?)",
                          "iisssss", row->finding, row->at_ms, row->who,
                          row->action, row->reason, row->previous, row->hash);

    if (rc != AW_OK)
        return rc;
    return aw_db_exec(store->db, err,
                      "UPDATE finding SET state = ? WHERE id = ?", "zi", state,
                      row->finding);
}

aw_rc aw_store_decisions(struct aw_store *store, int64_t finding,
                         aw_store_decision_fn *visit, void *self,
                         struct aw_err *err)
{
    struct aw_rows *rows = NULL;
    struct aw_arena arena;
    bool more = false;
    aw_rc rc = aw_db_query(store->db, err, &rows,
                           "SELECT id, finding, at_ms, who, action, reason,"
                           " previous, hash FROM decision"
                           " WHERE ?1 = 0 OR finding = ?1 ORDER BY id",
                           "i", finding);

    aw_arena_init(&arena, (size_t)1 << 20);
    while (rc == AW_OK) {
        struct aw_decision_row row = {0};

        rc = aw_rows_next(rows, &more, err);
        if (rc != AW_OK || !more)
            break;
        aw_arena_reset(&arena);
        rc = read_decision(rows, &arena, &row, err);
        if (rc == AW_OK)
            rc = visit(self, &row, err);
    }
    aw_rows_end(rows);
    aw_arena_deinit(&arena);
    return rc;
}
