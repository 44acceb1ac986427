#include <stdio.h>

#include "store/private.h"

aw_rc aw_store_source_find(struct aw_store *store, struct aw_str name,
                           int64_t *id, struct aw_err *err)
{
    return aw_db_int(store->db, err, id,
                     "SELECT id FROM source WHERE name = ?", "s", name);
}

aw_rc aw_store_source_id(struct aw_store *store, struct aw_str name,
                         int64_t *id, struct aw_err *err)
{
    aw_rc rc = aw_store_source_find(store, name, id, err);

    if (rc != AW_MISSING)
        return rc;
    return aw_db_int(store->db, err, id,
                     "INSERT INTO source (name) VALUES (?) RETURNING id", "s",
                     name);
}

/* The columns that read_host expects, in its order. */
#define HOST_COLUMNS \
    "host.id, site_seen_ms, backoff_level, backoff_until_ms, address"

static void read_host(struct aw_rows *rows, struct aw_host_row *host)
{
    struct aw_str address = aw_rows_str(rows, 4);

    host->id = aw_rows_int(rows, 0);
    host->site_seen_ms = aw_rows_int(rows, 1);
    host->backoff_level = aw_rows_int(rows, 2);
    host->backoff_until_ms = aw_rows_int(rows, 3);
    (void)snprintf(host->address, sizeof host->address, "%.*s",
                   AW_STR_ARG(address));
}

/* AW_MISSING where there is none. */
static aw_rc find_host(struct aw_store *store, struct aw_str name,
                       struct aw_host_row *host, struct aw_err *err)
{
    struct aw_rows *rows = NULL;
    aw_rc rc = aw_db_query(store->db, err, &rows,
                           "SELECT " HOST_COLUMNS " FROM host WHERE name = ?",
                           "s", name);

    if (rc == AW_OK)
        rc = aw_rows_one(rows, "host", 0, err);
    if (rc == AW_OK)
        read_host(rows, host);
    aw_rows_end(rows);
    return rc;
}

aw_rc aw_store_host_get(struct aw_store *store, struct aw_str name,
                        struct aw_str site, int64_t now_ms,
                        struct aw_host_row *row, struct aw_err *err)
{
    aw_rc rc = find_host(store, name, row, err);

    row->name = name;
    if (rc != AW_MISSING)
        return rc;
    *row = (struct aw_host_row){.name = name};
    rc = aw_db_int(store->db, err, &row->site_seen_ms,
                   "SELECT coalesce(min(site_seen_ms), ?) FROM host"
                   " WHERE site = ?",
                   "is", now_ms, site);
    if (rc != AW_OK)
        return rc;
    return aw_db_int(store->db, err, &row->id,
                     "INSERT INTO host (name, site, site_seen_ms)"
                     " VALUES (?, ?, ?) RETURNING id",
                     "ssi", name, site, row->site_seen_ms);
}

aw_rc aw_store_host_put(struct aw_store *store, const struct aw_host_row *row,
                        struct aw_err *err)
{
    return aw_db_exec(store->db, err,
                      "UPDATE host SET address = ?, backoff_level = ?,"
                      " backoff_until_ms = ? WHERE id = ?",
                      "ziii", row->address, row->backoff_level,
                      row->backoff_until_ms, row->id);
}

struct host_visit {
    aw_store_host_fn *visit;
    void *self;
};

static aw_rc visit_host(void *self, struct aw_rows *rows, struct aw_err *err)
{
    const struct host_visit *v = self;
    struct aw_host_row host = {.name = aw_rows_str(rows, 5),
                               .priority = aw_rows_int(rows, 6)};

    read_host(rows, &host);
    return v->visit(v->self, &host, err);
}

aw_rc aw_store_hosts_queued(struct aw_store *store, aw_store_host_fn *visit,
                            void *self, struct aw_err *err)
{
    struct host_visit v = {visit, self};
    struct aw_rows *rows = NULL;
    aw_rc rc =
        aw_db_query(store->db, err, &rows,
                    "SELECT " HOST_COLUMNS
                    ", name, (SELECT min(priority) FROM url"
                    " WHERE url.host = host.id AND state = 'queued') AS first"
                    " FROM host WHERE first IS NOT NULL ORDER BY host.id",
                    "");

    return rc == AW_OK ? aw_rows_each(rows, visit_host, &v, err) : rc;
}

aw_rc aw_store_robots_get(struct aw_store *store, struct aw_arena *arena,
                          struct aw_str origin, struct aw_robots_row *row,
                          struct aw_err *err)
{
    struct aw_rows *rows = NULL;
    aw_rc rc = aw_db_query(store->db, err, &rows,
                           "SELECT fetched_ms, status, failing_ms, body"
                           " FROM robots WHERE origin = ?",
                           "s", origin);

    if (rc == AW_OK)
        rc = aw_rows_one(rows, "robots.txt", 0, err);
    if (rc == AW_OK) {
        row->fetched_ms = aw_rows_int(rows, 0);
        row->status = (int)aw_rows_int(rows, 1);
        row->failing_ms = aw_rows_int(rows, 2);
        rc = aw_rows_dup(rows, 3, arena, &row->body, err);
    }
    aw_rows_end(rows);
    return rc;
}

aw_rc aw_store_robots_put(struct aw_store *store, struct aw_str origin,
                          const struct aw_robots_row *row, struct aw_err *err)
{
    return aw_db_exec(store->db, err,
                      "INSERT INTO robots (origin, fetched_ms, status,"
                      " failing_ms, body) VALUES (?, ?, ?, ?, ?)"
                      " ON CONFLICT (origin) DO UPDATE"
                      " SET fetched_ms = excluded.fetched_ms,"
                      " status = excluded.status, body = excluded.body,"
                      " failing_ms = excluded.failing_ms",
                      "siiis", origin, row->fetched_ms, (int64_t)row->status,
                      row->failing_ms, row->body);
}
