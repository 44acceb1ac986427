#include "store/users.h"

#include "store/private.h"

#define USER_COLUMNS                                            \
    "user.id, user.created_ms, user.active, name, role, place," \
    " certificate, password"

static aw_rc read_user(struct aw_rows *rows, struct aw_arena *arena,
                       struct aw_user_row *row, struct aw_err *err)
{
    struct aw_str *const texts[] = {&row->name, &row->role, &row->place,
                                    &row->certificate, &row->password};

    row->id = aw_rows_int(rows, 0);
    row->created_ms = aw_rows_int(rows, 1);
    row->active = aw_rows_int(rows, 2) != 0;
    return aw_rows_dup_all(rows, 3, 5, arena, texts, err);
}

static aw_rc check_free(struct aw_store *store, struct aw_str name,
                        struct aw_err *err)
{
    int64_t id;
    aw_rc rc = aw_db_int(store->db, err, &id,
                         "SELECT id FROM user WHERE name = ?", "s", name);

    if (rc == AW_OK)
        return aw_fail(err, AW_INVALID, "there is a user '%.*s' already",
                       AW_STR_ARG(name));
    return rc == AW_MISSING ? AW_OK : rc;
}

aw_rc aw_store_user_add(struct aw_store *store, struct aw_user_row *row,
                        struct aw_err *err)
{
    aw_rc rc = check_free(store, row->name, err);

    if (rc != AW_OK)
        return rc;
    return aw_db_insert(store->db, err, &row->id,
                        "INSERT INTO user (name, role, place, certificate,"
                        " password, active, created_ms)"
                        " VALUES (?, ?, ?, ?, ?, ?, ?)",
                        "sssssii", row->name, row->role, row->place,
                        row->certificate, row->password, (int64_t)row->active,
                        row->created_ms);
}

aw_rc aw_store_user_set(struct aw_store *store, const struct aw_user_row *row,
                        struct aw_err *err)
{
    return aw_db_exec(store->db, err,
                      "UPDATE user SET role = ?, place = ?, certificate = ?,"
                      " password = ?, active = ? WHERE id = ?",
                      "ssssii", row->role, row->place, row->certificate,
                      row->password, (int64_t)row->active, row->id);
}

aw_rc aw_store_user_get(struct aw_store *store, struct aw_arena *arena,
                        int64_t id, struct aw_user_row *row,
                        struct aw_err *err)
{
    struct aw_rows *rows = NULL;
    aw_rc rc =
        aw_db_query(store->db, err, &rows,
                    "SELECT " USER_COLUMNS " FROM user WHERE id = ?", "i", id);

    if (rc == AW_OK)
        rc = aw_rows_one(rows, "user", id, err);
    if (rc == AW_OK)
        rc = read_user(rows, arena, row, err);
    aw_rows_end(rows);
    return rc;
}

aw_rc aw_store_user_find(struct aw_store *store, struct aw_arena *arena,
                         struct aw_str name, struct aw_user_row *row,
                         struct aw_err *err)
{
    struct aw_rows *rows = NULL;
    bool more = false;
    aw_rc rc = aw_db_query(store->db, err, &rows,
                           "SELECT " USER_COLUMNS " FROM user WHERE name = ?",
                           "s", name);

    if (rc == AW_OK)
        rc = aw_rows_next(rows, &more, err);
    if (rc == AW_OK && !more)
        rc = aw_fail(err, AW_MISSING, "there is no user '%.*s'",
                     AW_STR_ARG(name));
    if (rc == AW_OK)
        rc = read_user(rows, arena, row, err);
    aw_rows_end(rows);
    return rc;
}

struct visit {
    aw_store_user_fn *call;
    void *self;
    struct aw_arena arena;
};

static aw_rc visit_user(void *self, struct aw_rows *rows, struct aw_err *err)
{
    struct visit *visit = self;
    struct aw_user_row row = {0};
    aw_rc rc;

    aw_arena_reset(&visit->arena);
    rc = read_user(rows, &visit->arena, &row, err);
    row.open_sessions = aw_rows_int(rows, 8);
    return rc == AW_OK ? visit->call(visit->self, &row, err) : rc;
}

aw_rc aw_store_users(struct aw_store *store, int64_t now_ms, int64_t seen_ms,
                     aw_store_user_fn *visit, void *self, struct aw_err *err)
{
    struct visit each = {.call = visit, .self = self};
    struct aw_rows *rows = NULL;
    aw_rc rc = aw_db_query(
        store->db, err, &rows,
        "SELECT " USER_COLUMNS ", (SELECT count(*) FROM session"
        " WHERE session.user = user.id AND expires_ms > ? AND seen_ms >= ?)"
        " FROM user ORDER BY name",
        "ii", now_ms, seen_ms);

    aw_arena_init(&each.arena, (size_t)1 << 20);
    if (rc == AW_OK)
        rc = aw_rows_each(rows, visit_user, &each, err);
    aw_arena_deinit(&each.arena);
    return rc;
}

/* ---- sessions ------------------------------------------------------------
 */

aw_rc aw_store_session_add(struct aw_store *store,
                           const struct aw_session_row *row,
                           struct aw_err *err)
{
    return aw_db_exec(store->db, err,
                      "INSERT INTO session (key, user, csrf, created_ms,"
                      " seen_ms, expires_ms) VALUES (?, ?, ?, ?, ?, ?)",
                      "sisiii", row->key, row->user, row->csrf,
                      row->created_ms, row->seen_ms, row->expires_ms);
}

aw_rc aw_store_session_get(struct aw_store *store, struct aw_arena *arena,
                           struct aw_str key, struct aw_session_row *row,
                           struct aw_user_row *user, struct aw_err *err)
{
    struct aw_rows *rows = NULL;
    aw_rc rc = aw_db_query(store->db, err, &rows,
                           "SELECT " USER_COLUMNS ", csrf, session.created_ms,"
                           " seen_ms, expires_ms FROM session"
                           " JOIN user ON user.id = session.user"
                           " WHERE key = ?",
                           "s", key);

    if (rc == AW_OK)
        rc = aw_rows_one(rows, "session", 0, err);
    if (rc == AW_OK)
        rc = read_user(rows, arena, user, err);
    if (rc == AW_OK)
        rc = aw_rows_dup(rows, 8, arena, &row->csrf, err);
    if (rc == AW_OK)
        rc = aw_arena_dup(arena, key, &row->key, err);
    if (rc == AW_OK) {
        row->user = user->id;
        row->created_ms = aw_rows_int(rows, 9);
        row->seen_ms = aw_rows_int(rows, 10);
        row->expires_ms = aw_rows_int(rows, 11);
    }
    aw_rows_end(rows);
    return rc;
}

aw_rc aw_store_session_seen(struct aw_store *store, struct aw_str key,
                            int64_t seen_ms, struct aw_err *err)
{
    return aw_db_exec(store->db, err,
                      "UPDATE session SET seen_ms = max(seen_ms, ?)"
                      " WHERE key = ?",
                      "is", seen_ms, key);
}

aw_rc aw_store_session_drop(struct aw_store *store, struct aw_str key,
                            struct aw_err *err)
{
    return aw_db_exec(store->db, err, "DELETE FROM session WHERE key = ?", "s",
                      key);
}

aw_rc aw_store_sessions_drop_of(struct aw_store *store, int64_t user,
                                struct aw_str but, struct aw_err *err)
{
    return aw_db_exec(store->db, err,
                      "DELETE FROM session WHERE user = ? AND key <> ?", "is",
                      user, but);
}

aw_rc aw_store_sessions_drop_over(struct aw_store *store, int64_t now_ms,
                                  int64_t seen_ms, struct aw_err *err)
{
    return aw_db_exec(store->db, err,
                      "DELETE FROM session"
                      " WHERE expires_ms <= ? OR seen_ms < ?",
                      "ii", now_ms, seen_ms);
}

/* ---- waits ---------------------------------------------------------------
 */

aw_rc aw_store_wait_get(struct aw_store *store, struct aw_wait_row *row,
                        struct aw_err *err)
{
    struct aw_rows *rows = NULL;
    bool more = false;
    aw_rc rc = aw_db_query(store->db, err, &rows,
                           "SELECT failures, last_ms, closed_until_ms"
                           " FROM login_wait WHERE key = ?",
                           "s", row->key);

    if (rc == AW_OK)
        rc = aw_rows_next(rows, &more, err);
    if (rc == AW_OK) {
        row->failures = more ? aw_rows_int(rows, 0) : 0;
        row->last_ms = more ? aw_rows_int(rows, 1) : 0;
        row->closed_until_ms = more ? aw_rows_int(rows, 2) : 0;
    }
    aw_rows_end(rows);
    return rc;
}

aw_rc aw_store_wait_put(struct aw_store *store, const struct aw_wait_row *row,
                        struct aw_err *err)
{
    if (row->failures == 0)
        return aw_db_exec(store->db, err,
                          "DELETE FROM login_wait WHERE key = ?", "s",
                          row->key);
    return aw_db_exec(store->db, err,
                      "INSERT INTO login_wait"
                      " (key, failures, last_ms, closed_until_ms)"
                      " VALUES (?, ?, ?, ?) ON CONFLICT (key) DO UPDATE SET"
                      " failures = excluded.failures,"
                      " last_ms = excluded.last_ms,"
                      " closed_until_ms = excluded.closed_until_ms",
                      "siii", row->key, row->failures, row->last_ms,
                      row->closed_until_ms);
}

aw_rc aw_store_waits_drop(struct aw_store *store, int64_t last_ms,
                          int64_t most, struct aw_err *err)
{
    aw_rc rc =
        aw_db_exec(store->db, err, "DELETE FROM login_wait WHERE last_ms < ?",
                   "i", last_ms);

    if (rc != AW_OK)
        return rc;
    return aw_db_exec(store->db, err,
                      "DELETE FROM login_wait WHERE last_ms <"
                      " (SELECT last_ms FROM login_wait"
                      " ORDER BY last_ms DESC LIMIT 1 OFFSET ?)",
                      "i", most);
}
