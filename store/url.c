#include "store/private.h"

aw_rc aw_store_host_id(struct aw_store *store, struct aw_str name, int64_t *id,
                       struct aw_err *err)
{
    aw_rc rc = aw_db_int(store->db, err, id,
                         "SELECT id FROM host WHERE name = ?", "s", name);

    if (rc != AW_MISSING)
        return rc;
    return aw_db_int(store->db, err, id,
                     "INSERT INTO host (name) VALUES (?) RETURNING id", "s",
                     name);
}

static aw_rc take_up(struct aw_store *store, const struct aw_url_row *row,
                     int64_t run, const char *state, const char *reason,
                     int64_t now_ms, bool *added, struct aw_err *err)
{
    int64_t changed = 0;
    aw_rc rc = aw_db_change(
        store->db, err, &changed,
        "INSERT INTO url (url, host, source, depth, hops, run, state,"
        " reason, found_on, added_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (url) DO UPDATE SET state = excluded.state,"
        " reason = excluded.reason,"
        " source = excluded.source, depth = excluded.depth,"
        " hops = excluded.hops, run = excluded.run, tries = 0,"
        " found_on = excluded.found_on WHERE url.run <> excluded.run",
        "sisiiizzii", row->url, row->host, row->source, row->depth, row->hops,
        run, state, reason, row->found_on, now_ms);

    if (rc == AW_OK)
        *added = changed > 0;
    return rc;
}

aw_rc aw_store_url_add(struct aw_store *store, const struct aw_url_row *row,
                       int64_t run, int64_t now_ms, bool *added,
                       struct aw_err *err)
{
    return take_up(store, row, run, "queued", "", now_ms, added, err);
}

aw_rc aw_store_url_refuse(struct aw_store *store, const struct aw_url_row *row,
                          int64_t run, const char *reason, int64_t now_ms,
                          bool *added, struct aw_err *err)
{
    return take_up(store, row, run, "skipped", reason, now_ms, added, err);
}

static aw_rc copy_row(struct aw_rows *rows, int64_t host,
                      struct aw_arena *arena, struct aw_url_row *row,
                      struct aw_err *err)
{
    struct aw_str *const texts[] = {&row->url, &row->source};

    row->id = aw_rows_int(rows, 0);
    row->depth = aw_rows_int(rows, 1);
    row->hops = aw_rows_int(rows, 2);
    row->tries = aw_rows_int(rows, 3);
    row->found_on = aw_rows_int(rows, 4);
    row->host = host;
    return aw_rows_dup_all(rows, 5, 2, arena, texts, err);
}

aw_rc aw_store_url_get(struct aw_store *store, struct aw_arena *arena,
                       int64_t id, struct aw_url_row *row, struct aw_err *err)
{
    struct aw_rows *rows = NULL;
    aw_rc rc = aw_db_query(store->db, err, &rows,
                           "SELECT id, depth, hops, tries, found_on, url,"
                           " source, host FROM url WHERE id = ?",
                           "i", id);

    if (rc == AW_OK)
        rc = aw_rows_one(rows, "URL", id, err);
    if (rc == AW_OK)
        rc = copy_row(rows, aw_rows_int(rows, 7), arena, row, err);
    aw_rows_end(rows);
    return rc;
}

static aw_rc mark_active(struct aw_store *store, int64_t id,
                         struct aw_err *err)
{
    return aw_db_exec(store->db, err,
                      "UPDATE url SET state = 'active' WHERE id = ?", "i", id);
}

aw_rc aw_store_url_take(struct aw_store *store, int64_t host,
                        struct aw_arena *arena, struct aw_url_row *rows,
                        size_t max, size_t *count, struct aw_err *err)
{
    struct aw_rows *found = NULL;
    bool more = false;
    size_t n = 0;
    aw_rc rc = aw_db_query(store->db, err, &found,
                           "SELECT id, depth, hops, tries, found_on, url,"
                           " source FROM url WHERE state = 'queued'"
                           " AND host = ? ORDER BY depth, id LIMIT ?",
                           "ii", host, (int64_t)max);

    while (rc == AW_OK && n < max) {
        rc = aw_rows_next(found, &more, err);
        if (rc != AW_OK || !more)
            break;
        rc = copy_row(found, host, arena, &rows[n], err);
        n += rc == AW_OK;
    }
    aw_rows_end(found);
    for (size_t i = 0; i < n && rc == AW_OK; i++)
        rc = mark_active(store, rows[i].id, err);
    if (rc == AW_OK)
        *count = n;
    return rc;
}

aw_rc aw_store_url_end(struct aw_store *store, int64_t id, const char *state,
                       const char *reason, int status, int64_t now_ms,
                       struct aw_err *err)
{
    return aw_db_exec(store->db, err,
                      "UPDATE url SET state = ?, reason = ?, status = ?,"
                      " visited_ms = ?, tries = tries + 1 WHERE id = ?",
                      "zziii", state, reason, (int64_t)status, now_ms, id);
}

aw_rc aw_store_url_end_unasked(struct aw_store *store, int64_t id,
                               const char *state, const char *reason,
                               int64_t now_ms, struct aw_err *err)
{
    return aw_db_exec(store->db, err,
                      "UPDATE url SET state = ?, reason = ?, status = 0,"
                      " visited_ms = ? WHERE id = ?",
                      "zzii", state, reason, now_ms, id);
}

aw_rc aw_store_hosts_queued(struct aw_store *store, aw_store_host_fn *visit,
                            void *self, struct aw_err *err)
{
    struct aw_rows *rows = NULL;
    bool more = false;
    aw_rc rc = aw_db_query(store->db, err, &rows,
                           "SELECT id, name FROM host WHERE EXISTS (SELECT 1"
                           " FROM url WHERE url.host = host.id"
                           " AND url.state = 'queued') ORDER BY id",
                           "");

    while (rc == AW_OK) {
        rc = aw_rows_next(rows, &more, err);
        if (rc != AW_OK || !more)
            break;
        rc = visit(self, aw_rows_int(rows, 0), aw_rows_str(rows, 1), err);
    }
    aw_rows_end(rows);
    return rc;
}

aw_rc aw_store_robots_get(struct aw_store *store, struct aw_arena *arena,
                          struct aw_str origin, struct aw_robots_row *row,
                          struct aw_err *err)
{
    struct aw_rows *rows = NULL;
    aw_rc rc = aw_db_query(store->db, err, &rows,
                           "SELECT fetched_ms, status, body FROM robots"
                           " WHERE origin = ?",
                           "s", origin);

    if (rc == AW_OK)
        rc = aw_rows_one(rows, "robots.txt", 0, err);
    if (rc == AW_OK) {
        row->fetched_ms = aw_rows_int(rows, 0);
        row->status = (int)aw_rows_int(rows, 1);
        rc = aw_rows_dup(rows, 2, arena, &row->body, err);
    }
    aw_rows_end(rows);
    return rc;
}

aw_rc aw_store_robots_put(struct aw_store *store, struct aw_str origin,
                          const struct aw_robots_row *row, struct aw_err *err)
{
    return aw_db_exec(store->db, err,
                      "INSERT INTO robots (origin, fetched_ms, status, body)"
                      " VALUES (?, ?, ?, ?) ON CONFLICT (origin) DO UPDATE"
                      " SET fetched_ms = excluded.fetched_ms,"
                      " status = excluded.status, body = excluded.body",
                      "siis", origin, row->fetched_ms, (int64_t)row->status,
                      row->body);
}

static aw_rc visit_counts(struct aw_rows *rows, aw_store_count_fn *visit,
                          void *self, struct aw_err *err)
{
    bool more = false;

    for (;;) {
        aw_rc rc = aw_rows_next(rows, &more, err);

        if (rc != AW_OK || !more)
            return rc;
        rc = visit(self, aw_rows_str(rows, 0), aw_rows_str(rows, 1),
                   aw_rows_str(rows, 2), aw_rows_int(rows, 3), err);
        if (rc != AW_OK)
            return rc;
    }
}

aw_rc aw_store_url_counts(struct aw_store *store, int64_t run,
                          aw_store_count_fn *visit, void *self,
                          struct aw_err *err)
{
    struct aw_rows *rows = NULL;
    aw_rc rc = aw_db_query(store->db, err, &rows,
                           "SELECT source, state, reason, count(*) FROM url"
                           " WHERE run = ? GROUP BY source, state, reason"
                           " ORDER BY source, state, reason",
                           "i", run);

    if (rc == AW_OK)
        rc = visit_counts(rows, visit, self, err);
    aw_rows_end(rows);
    return rc;
}

static aw_rc visit_taken(struct aw_rows *rows, aw_store_taken_fn *visit,
                         void *self, struct aw_err *err)
{
    bool more = false;

    for (;;) {
        aw_rc rc = aw_rows_next(rows, &more, err);

        if (rc != AW_OK || !more)
            return rc;
        rc = visit(self, aw_rows_str(rows, 0), aw_rows_int(rows, 1),
                   aw_rows_int(rows, 2), err);
        if (rc != AW_OK)
            return rc;
    }
}

aw_rc aw_store_urls_taken(struct aw_store *store, int64_t run,
                          aw_store_taken_fn *visit, void *self,
                          struct aw_err *err)
{
    struct aw_rows *rows = NULL;
    aw_rc rc = aw_db_query(store->db, err, &rows,
                           "SELECT source, count(*), sum(tries) FROM url"
                           " WHERE run = ? GROUP BY source",
                           "i", run);

    if (rc == AW_OK)
        rc = visit_taken(rows, visit, self, err);
    aw_rows_end(rows);
    return rc;
}

aw_rc aw_store_finding_counts(struct aw_store *store, aw_store_count_fn *visit,
                              void *self, struct aw_err *err)
{
    struct aw_rows *rows = NULL;
    aw_rc rc = aw_db_query(store->db, err, &rows,
                           "SELECT '', state, '', count(*) FROM finding"
                           " GROUP BY state ORDER BY state",
                           "");

    if (rc == AW_OK)
        rc = visit_counts(rows, visit, self, err);
    aw_rows_end(rows);
    return rc;
}
