#include "store/private.h"

#include <unistd.h>

static aw_rc resume_last(struct aw_store *store, struct aw_run *run,
                         struct aw_err *err)
{
    aw_rc rc = aw_db_int(store->db, err, &run->id,
                         "SELECT id FROM run WHERE kind = 'crawl'"
                         " AND state IN ('running', 'stopped')"
                         " AND id = (SELECT max(id) FROM run"
                         " WHERE kind = 'crawl')",
                         "");

    if (rc != AW_OK)
        return rc;
    return aw_db_exec(store->db, err,
                      "UPDATE run SET state = 'running', pid = ?,"
                      " lexicon_hash = ?, model_hash = ?, tool = ?"
                      " WHERE id = ?",
                      "isssi", (int64_t)getpid(), run->lexicon_hash,
                      run->model_hash, run->tool, run->id);
}

static aw_rc begin_new(struct aw_store *store, struct aw_run *run,
                       struct aw_err *err)
{
    return aw_db_int(store->db, err, &run->id,
                     "INSERT INTO run (kind, state, started_ms, pid,"
                     " lexicon_hash, model_hash, tool)"
                     " VALUES (?, 'running', ?, ?, ?, ?, ?) RETURNING id",
                     "siisss", run->kind, run->started_ms, (int64_t)getpid(),
                     run->lexicon_hash, run->model_hash, run->tool);
}

aw_rc aw_store_run_begin(struct aw_store *store, struct aw_run *run,
                         bool *resumed, struct aw_err *err)
{
    aw_rc rc = AW_MISSING;

    if (aw_str_eq(run->kind, AW_STR("crawl")))
        rc = resume_last(store, run, err);
    *resumed = rc == AW_OK;
    return rc == AW_MISSING ? begin_new(store, run, err) : rc;
}

aw_rc aw_store_run_end(struct aw_store *store, int64_t run, int64_t ended_ms,
                       const char *state, struct aw_err *err)
{
    return aw_db_exec(store->db, err,
                      "UPDATE run SET state = ?, ended_ms = ? WHERE id = ?",
                      "zii", state, ended_ms, run);
}

aw_rc aw_store_run_last(struct aw_store *store, struct aw_arena *arena,
                        struct aw_run *run, struct aw_err *err)
{
    struct aw_rows *rows = NULL;
    struct aw_str *const texts[] = {&run->kind, &run->state,
                                    &run->lexicon_hash, &run->model_hash,
                                    &run->tool};
    bool more = false;
    aw_rc rc = aw_db_query(store->db, err, &rows,
                           "SELECT id, started_ms, coalesce(ended_ms, 0),"
                           " kind, state, lexicon_hash, model_hash, tool"
                           " FROM run WHERE kind = 'crawl'"
                           " ORDER BY id DESC LIMIT 1",
                           "");

    if (rc == AW_OK)
        rc = aw_rows_next(rows, &more, err);
    if (rc == AW_OK && !more)
        rc = aw_fail(err, AW_MISSING, "there was no run yet");
    if (rc == AW_OK) {
        run->id = aw_rows_int(rows, 0);
        run->started_ms = aw_rows_int(rows, 1);
        run->ended_ms = aw_rows_int(rows, 2);
        rc = aw_rows_dup_all(rows, 3, 5, arena, texts, err);
    }
    aw_rows_end(rows);
    return rc;
}

aw_rc aw_store_run_success(struct aw_store *store, int64_t *ended_ms,
                           struct aw_err *err)
{
    return aw_db_int(store->db, err, ended_ms,
                     "SELECT coalesce(max(ended_ms), 0) FROM run"
                     " WHERE kind = 'crawl' AND state = 'done'",
                     "");
}

static aw_rc visit_run(struct aw_rows *rows, aw_store_run_fn *visit,
                       void *self, struct aw_err *err)
{
    const struct aw_run run = {
        .id = aw_rows_int(rows, 0),
        .started_ms = aw_rows_int(rows, 1),
        .ended_ms = aw_rows_int(rows, 2),
        .kind = aw_rows_str(rows, 3),
        .state = aw_rows_str(rows, 4),
        .lexicon_hash = aw_rows_str(rows, 5),
        .model_hash = aw_rows_str(rows, 6),
        .tool = aw_rows_str(rows, 7),
    };

    return visit(self, &run, err);
}

aw_rc aw_store_runs(struct aw_store *store, int64_t from, int64_t limit,
                    aw_store_run_fn *visit, void *self, struct aw_err *err)
{
    struct aw_rows *rows = NULL;
    bool more = true;
    aw_rc rc = aw_db_query(store->db, err, &rows,
                           "SELECT id, started_ms, coalesce(ended_ms, 0),"
                           " kind, state, lexicon_hash, model_hash, tool"
                           " FROM run WHERE id >= ? ORDER BY id LIMIT ?",
                           "ii", from, limit);

    while (rc == AW_OK && more) {
        rc = aw_rows_next(rows, &more, err);
        if (rc == AW_OK && more)
            rc = visit_run(rows, visit, self, err);
    }
    aw_rows_end(rows);
    return rc;
}
