#include "store/private.h"

/* ---- its row -------------------------------------------------------------
 */

static aw_rc drop_stale(struct aw_store *store,
                        const struct aw_rescan_row *row, struct aw_err *err)
{
    aw_rc rc = aw_db_exec(store->db, err,
                          "DELETE FROM rescan_told WHERE rescan IN"
                          " (SELECT id FROM rescan WHERE lexicon_hash <> ?"
                          " OR model_hash <> ?)",
                          "ss", row->lexicon_hash, row->model_hash);

    if (rc != AW_OK)
        return rc;
    return aw_db_exec(store->db, err,
                      "DELETE FROM rescan WHERE lexicon_hash <> ?"
                      " OR model_hash <> ?",
                      "ss", row->lexicon_hash, row->model_hash);
}

static aw_rc take_up(struct aw_store *store, struct aw_rescan_row *row,
                     bool *resumed, struct aw_err *err)
{
    struct aw_rows *rows = NULL;
    bool more = false;
    aw_rc rc = aw_db_query(store->db, err, &rows,
                           "SELECT id, started_ms, last_capture,"
                           " most_capture, read, failed FROM rescan"
                           " WHERE key = ?",
                           "s", row->key);

    if (rc == AW_OK)
        rc = aw_rows_next(rows, &more, err);
    if (rc == AW_OK && more) {
        row->id = aw_rows_int(rows, 0);
        row->started_ms = aw_rows_int(rows, 1);
        row->last_capture = aw_rows_int(rows, 2);
        row->most_capture = aw_rows_int(rows, 3);
        row->read = aw_rows_int(rows, 4);
        row->failed = aw_rows_int(rows, 5);
    }
    aw_rows_end(rows);
    *resumed = more;
    return rc;
}

static aw_rc begin_new(struct aw_store *store, struct aw_rescan_row *row,
                       struct aw_err *err)
{
    aw_rc rc = aw_db_int(store->db, err, &row->most_capture,
                         "SELECT coalesce(max(id), 0) FROM capture", "");

    row->last_capture = row->read = row->failed = 0;
    if (rc != AW_OK)
        return rc;
    return aw_db_insert(store->db, err, &row->id,
                        "INSERT INTO rescan (key, lexicon_hash, model_hash,"
                        " started_ms, most_capture) VALUES (?, ?, ?, ?, ?)",
                        "sssii", row->key, row->lexicon_hash, row->model_hash,
                        row->started_ms, row->most_capture);
}

static aw_rc begin(struct aw_store *store, struct aw_rescan_row *row,
                   bool *resumed, struct aw_err *err)
{
    aw_rc rc = drop_stale(store, row, err);

    if (rc == AW_OK)
        rc = take_up(store, row, resumed, err);
    return rc == AW_OK && !*resumed ? begin_new(store, row, err) : rc;
}

aw_rc aw_store_rescan_begin(struct aw_store *store, struct aw_rescan_row *row,
                            bool *resumed, struct aw_err *err)
{
    aw_rc rc = aw_store_begin(store, err);

    if (rc != AW_OK)
        return rc;
    rc = begin(store, row, resumed, err);
    if (rc == AW_OK)
        return aw_store_commit(store, err);
    aw_store_rollback(store);
    return rc;
}

aw_rc aw_store_rescan_step(struct aw_store *store,
                           const struct aw_rescan_row *row, struct aw_err *err)
{
    return aw_db_exec(store->db, err,
                      "UPDATE rescan SET last_capture = ?, read = ?,"
                      " failed = ? WHERE id = ?",
                      "iiii", row->last_capture, row->read, row->failed,
                      row->id);
}

aw_rc aw_store_rescan_end(struct aw_store *store, int64_t rescan,
                          struct aw_err *err)
{
    aw_rc rc = aw_store_begin(store, err);

    if (rc != AW_OK)
        return rc;
    rc = aw_db_exec(store->db, err, "DELETE FROM rescan_told WHERE rescan = ?",
                    "i", rescan);
    if (rc == AW_OK)
        rc = aw_db_exec(store->db, err, "DELETE FROM rescan WHERE id = ?", "i",
                        rescan);
    if (rc == AW_OK)
        return aw_store_commit(store, err);
    aw_store_rollback(store);
    return rc;
}

/* ---- what is read --------------------------------------------------------
 */

aw_rc aw_store_rescan_next(struct aw_store *store,
                           const struct aw_rescan_scope *scope, int64_t after,
                           int64_t most, struct aw_arena *arena, int64_t *id,
                           struct aw_str *channel, struct aw_err *err)
{
    struct aw_rows *rows = NULL;
    bool more = false;
    aw_rc rc = aw_db_query(
        store->db, err, &rows,
        "SELECT c.id, coalesce((SELECT h.channel FROM hand_in AS h"
        " WHERE h.url = c.url AND h.capture = c.id ORDER BY h.id LIMIT 1), '')"
        " FROM capture AS c WHERE c.id > ?1 AND c.id <= ?2"
        " AND (?3 IS NULL OR c.source = ?3)"
        " AND c.fetched_ms >= ?4 AND c.fetched_ms < ?5"
        " AND c.reader NOT IN ('skipped', 'as before', 'manifest', 'no text')"
        " AND NOT EXISTS (SELECT 1 FROM hand_in AS s WHERE s.url = c.url"
        " AND s.capture = c.id AND s.same = 'text') ORDER BY c.id LIMIT 1",
        "iizii", after, most, scope->source, scope->since_ms, scope->until_ms);

    if (rc == AW_OK)
        rc = aw_rows_next(rows, &more, err);
    if (rc == AW_OK && !more)
        rc = aw_fail(err, AW_MISSING, "no capture behind %lld",
                     (long long)after);
    if (rc == AW_OK) {
        *id = aw_rows_int(rows, 0);
        rc = aw_rows_dup(rows, 1, arena, channel, err);
    }
    aw_rows_end(rows);
    return rc;
}

/* ---- what is told --------------------------------------------------------
 */

aw_rc aw_store_rescan_tell(struct aw_store *store, int64_t rescan,
                           const struct aw_rescan_told *t, bool *is_new,
                           struct aw_err *err)
{
    int64_t changed = 0;
    aw_rc rc = aw_db_change(
        store->db, err, &changed,
        "INSERT INTO rescan_told (rescan, key, kind, capture, finding, state,"
        " url, before, after) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (rescan, key) DO NOTHING",
        "issiissss", rescan, t->key, t->kind, t->capture, t->finding, t->state,
        t->url, t->before, t->after);

    if (rc == AW_OK)
        *is_new = changed > 0;
    return rc;
}

struct told_visit {
    aw_rescan_told_fn *visit;
    void *self;
};

static aw_rc visit_told(void *self, struct aw_rows *rows, struct aw_err *err)
{
    const struct told_visit *v = self;
    struct aw_rescan_told told = {
        .capture = aw_rows_int(rows, 0),
        .finding = aw_rows_int(rows, 1),
        .key = aw_rows_str(rows, 2),
        .kind = aw_rows_str(rows, 3),
        .state = aw_rows_str(rows, 4),
        .url = aw_rows_str(rows, 5),
        .before = aw_rows_str(rows, 6),
        .after = aw_rows_str(rows, 7),
    };

    return v->visit(v->self, &told, err);
}

aw_rc aw_store_rescan_told(struct aw_store *store, int64_t rescan,
                           struct aw_str url, aw_rescan_told_fn *visit,
                           void *self, struct aw_err *err)
{
    struct told_visit v = {visit, self};
    struct aw_rows *rows = NULL;
    aw_rc rc;

    if (url.len > 0)
        rc = aw_db_query(store->db, err, &rows,
                         "SELECT capture, finding, key, kind, state, url,"
                         " before, after FROM rescan_told"
                         " WHERE rescan = ? AND url = ? ORDER BY id",
                         "is", rescan, url);
    else
        rc = aw_db_query(store->db, err, &rows,
                         "SELECT capture, finding, key, kind, state, url,"
                         " before, after FROM rescan_told"
                         " WHERE rescan = ? ORDER BY id",
                         "i", rescan);
    return rc == AW_OK ? aw_rows_each(rows, visit_told, &v, err) : rc;
}

aw_rc aw_store_rescan_gone(struct aw_store *store, int64_t rescan,
                           struct aw_str url, int64_t capture, int64_t now_ms,
                           struct aw_err *err)
{
    return aw_db_exec(
        store->db, err,
        "UPDATE finding SET gone_ms = ?, gone_why = ?"
        " WHERE url = ? AND gone_ms = 0 AND last_capture <> ?"
        " AND (SELECT plain FROM capture WHERE id = last_capture) = 0"
        " AND fingerprint IN (SELECT key FROM rescan_told WHERE rescan = ?"
        " AND url = finding.url)",
        "izsii", now_ms, "the page no longer says so", url, capture, rescan);
}
