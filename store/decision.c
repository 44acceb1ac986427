#include "store/deciding.h"
#include "store/private.h"

#define COLUMNS                                                       \
    "id, finding, at_ms, batch, undoes, who, action, reason, class, " \
    "code, previous, hash"
#define SELECT "SELECT " COLUMNS " FROM decision"

static aw_rc read_decision(struct aw_rows *rows, struct aw_arena *arena,
                           struct aw_decision_row *d, struct aw_err *err)
{
    struct aw_str *const texts[] = {&d->who,   &d->action, &d->reason,
                                    &d->class, &d->code,   &d->previous,
                                    &d->hash};

    d->id = aw_rows_int(rows, 0);
    d->finding = aw_rows_int(rows, 1);
    d->at_ms = aw_rows_int(rows, 2);
    d->batch = aw_rows_int(rows, 3);
    d->undoes = aw_rows_int(rows, 4);
    return aw_rows_dup_all(rows, 5, sizeof texts / sizeof *texts, arena, texts,
                           err);
}

/* The one row of a query that was begun with rc; ends it. */
static aw_rc take_one(aw_rc rc, struct aw_rows *rows, int64_t id,
                      struct aw_arena *arena, struct aw_decision_row *out,
                      struct aw_err *err)
{
    if (rc == AW_OK)
        rc = aw_rows_one(rows, "decision", id, err);
    if (rc == AW_OK)
        rc = read_decision(rows, arena, out, err);
    aw_rows_end(rows);
    return rc;
}

aw_rc aw_store_decision_last(struct aw_store *store, struct aw_arena *arena,
                             struct aw_decision_row *row, struct aw_err *err)
{
    struct aw_rows *rows = NULL;
    aw_rc rc = aw_db_query(store->db, err, &rows,
                           SELECT " ORDER BY id DESC LIMIT 1", "");

    return take_one(rc, rows, 0, arena, row, err);
}

aw_rc aw_store_decision_get(struct aw_store *store, struct aw_arena *arena,
                            int64_t id, struct aw_decision_row *out,
                            struct aw_err *err)
{
    struct aw_rows *rows = NULL;
    aw_rc rc =
        aw_db_query(store->db, err, &rows, SELECT " WHERE id = ?", "i", id);

    return take_one(rc, rows, id, arena, out, err);
}

aw_rc aw_store_decision_newest(struct aw_store *store, struct aw_arena *arena,
                               int64_t finding, struct aw_decision_row *out,
                               struct aw_err *err)
{
    struct aw_rows *rows = NULL;
    aw_rc rc = aw_db_query(store->db, err, &rows,
                           SELECT " WHERE finding = ?"
                                  " ORDER BY id DESC LIMIT 1",
                           "i", finding);

    return take_one(rc, rows, 0, arena, out, err);
}

aw_rc aw_store_decision_of_batch(struct aw_store *store,
                                 struct aw_arena *arena, int64_t batch,
                                 int64_t finding, struct aw_decision_row *out,
                                 struct aw_err *err)
{
    struct aw_rows *rows = NULL;
    aw_rc rc = aw_db_query(store->db, err, &rows,
                           SELECT " WHERE batch = ? AND finding = ?"
                                  " ORDER BY id DESC LIMIT 1",
                           "ii", batch, finding);

    return take_one(rc, rows, 0, arena, out, err);
}

aw_rc aw_store_decision_undone(struct aw_store *store, int64_t id, bool *out,
                               struct aw_err *err)
{
    int64_t found = 0;
    aw_rc rc =
        aw_db_int(store->db, err, &found,
                  "SELECT EXISTS (SELECT 1 FROM decision WHERE undoes = ?"
                  " AND undoes > 0)",
                  "i", id);

    *out = found != 0;
    return rc;
}

aw_rc aw_store_decision_add(struct aw_store *store,
                            struct aw_decision_row *row, const char *state,
                            struct aw_err *err)
{
    aw_rc rc = aw_db_insert(
        store->db, err, &row->id,
        "INSERT INTO decision (finding, at_ms, batch, undoes, who, action,"
        " reason, class, code, previous, hash)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        "iiiisssssss", row->finding, row->at_ms, row->batch, row->undoes,
        row->who, row->action, row->reason, row->class, row->code,
        row->previous, row->hash);

    if (rc == AW_OK)
        rc = aw_db_exec(store->db, err,
                        "UPDATE finding SET state = ?,"
                        " version = version + 1 WHERE id = ?",
                        "zi", state, row->finding);
    if (rc == AW_OK)
        rc = aw_db_exec(store->db, err, "DELETE FROM lease WHERE finding = ?",
                        "i", row->finding);
    return rc;
}

struct visiting {
    aw_store_decision_fn *visit;
    void *self;
    struct aw_arena arena; /* of one row */
};

static aw_rc visit_row(void *self, struct aw_rows *rows, struct aw_err *err)
{
    struct visiting *v = self;
    struct aw_decision_row row = {0};
    aw_rc rc;

    aw_arena_reset(&v->arena);
    rc = read_decision(rows, &v->arena, &row, err);
    return rc == AW_OK ? v->visit(v->self, &row, err) : rc;
}

/* Visits the rows of a query that was begun with rc. */
static aw_rc visit_all(aw_rc rc, struct aw_rows *rows,
                       aw_store_decision_fn *visit, void *self,
                       struct aw_err *err)
{
    struct visiting v = {.visit = visit, .self = self};

    if (rc != AW_OK)
        return rc;
    aw_arena_init(&v.arena, (size_t)1 << 20);
    rc = aw_rows_each(rows, visit_row, &v, err);
    aw_arena_deinit(&v.arena);
    return rc;
}

aw_rc aw_store_decisions(struct aw_store *store, int64_t finding,
                         aw_store_decision_fn *visit, void *self,
                         struct aw_err *err)
{
    struct aw_rows *rows = NULL;
    aw_rc rc;

    if (finding > 0)
        rc =
            aw_db_query(store->db, err, &rows,
                        SELECT " WHERE finding = ? ORDER BY id", "i", finding);
    else
        rc = aw_db_query(store->db, err, &rows, SELECT " ORDER BY id", "");
    return visit_all(rc, rows, visit, self, err);
}

aw_rc aw_store_decisions_by_finding(struct aw_store *store,
                                    aw_store_decision_fn *visit, void *self,
                                    struct aw_err *err)
{
    struct aw_rows *rows = NULL;
    aw_rc rc =
        aw_db_query(store->db, err, &rows, SELECT " ORDER BY finding, id", "");

    return visit_all(rc, rows, visit, self, err);
}

aw_rc aw_store_undecided_but_moved(struct aw_store *store, int64_t *finding,
                                   struct aw_err *err)
{
    return aw_db_int(store->db, err, finding,
                     "SELECT id FROM finding WHERE state <> 'new' AND NOT"
                     " EXISTS (SELECT 1 FROM decision"
                     " WHERE finding = finding.id) LIMIT 1",
                     "");
}
