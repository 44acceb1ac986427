#include "store/deciding.h"

#include "store/private.h"

/* ---- where a finding stands --------------------------------------------- */

static aw_rc read_stand(struct aw_rows *rows, struct aw_arena *arena,
                        struct aw_stand *s, struct aw_err *err)
{
    struct aw_str *const texts[] = {&s->state, &s->place, &s->lease_name};

    s->finding = aw_rows_int(rows, 0);
    s->version = aw_rows_int(rows, 1);
    s->severity = aw_rows_int(rows, 2);
    s->assigned = aw_rows_int(rows, 3);
    s->publisher = aw_rows_int(rows, 4);
    s->lease_user = aw_rows_int(rows, 5);
    s->lease_until_ms = aw_rows_int(rows, 6);
    return aw_rows_dup_all(rows, 7, sizeof texts / sizeof *texts, arena, texts,
                           err);
}

aw_rc aw_store_stand(struct aw_store *store, struct aw_arena *arena,
                     int64_t finding, struct aw_stand *out, struct aw_err *err)
{
    struct aw_rows *rows = NULL;
    aw_rc rc =
        aw_db_query(store->db, err, &rows,
                    "SELECT f.id, f.version, f.severity, f.assigned,"
                    " coalesce(s.publisher, 0), coalesce(l.user, 0),"
                    " coalesce(l.until_ms, 0), f.state, coalesce(s.place, ''),"
                    " coalesce(u.name, '') FROM finding f"
                    " LEFT JOIN sorted s ON s.finding = f.id"
                    " LEFT JOIN lease l ON l.finding = f.id"
                    " LEFT JOIN user u ON u.id = l.user WHERE f.id = ?",
                    "i", finding);

    if (rc == AW_OK)
        rc = aw_rows_one(rows, "finding", finding, err);
    if (rc == AW_OK)
        rc = read_stand(rows, arena, out, err);
    aw_rows_end(rows);
    return rc;
}

aw_rc aw_store_publisher_confirmed(struct aw_store *store, int64_t publisher,
                                   int64_t finding, bool *out,
                                   struct aw_err *err)
{
    int64_t found = 0;
    aw_rc rc = aw_db_int(store->db, err, &found,
                         "SELECT EXISTS (SELECT 1 FROM sorted s"
                         " JOIN finding f ON f.id = s.finding"
                         " WHERE s.publisher = ? AND s.finding <> ?"
                         " AND f.state = 'confirmed')",
                         "ii", publisher, finding);

    *out = found != 0;
    return rc;
}

aw_rc aw_store_escalated_by(struct aw_store *store, struct aw_arena *arena,
                            int64_t finding, struct aw_str *who,
                            struct aw_err *err)
{
    struct aw_rows *rows = NULL;
    aw_rc rc = aw_db_query(store->db, err, &rows,
                           "SELECT who FROM decision d WHERE finding = ?"
                           " AND action IN ('escalate', 'oppose')"
                           " AND NOT EXISTS (SELECT 1 FROM decision u"
                           " WHERE u.undoes = d.id AND u.undoes > 0)"
                           " ORDER BY id DESC LIMIT 1",
                           "i", finding);

    if (rc == AW_OK)
        rc = aw_rows_one(rows, "escalation of finding", finding, err);
    if (rc == AW_OK)
        rc = aw_rows_dup(rows, 0, arena, who, err);
    aw_rows_end(rows);
    return rc;
}

aw_rc aw_store_members_open(struct aw_store *store, struct aw_arena *arena,
                            int64_t group, struct aw_str within, size_t most,
                            struct aw_member **out, size_t *count,
                            struct aw_err *err)
{
    struct aw_rows *rows = NULL;
    struct aw_member *members = aw_arena_array(arena, most, sizeof *members);
    size_t n = 0;
    bool more = true;
    aw_rc rc;

    if (!members)
        return aw_arena_fail(arena, err);
    rc = aw_db_query(store->db, err, &rows,
                     "SELECT f.id, f.version FROM sorted s"
                     " JOIN finding f ON f.id = s.finding"
                     " WHERE s.bunch = ?1 AND f.state = 'new'"
                     " AND substr(s.place, 1, length(?2)) = ?2"
                     " ORDER BY f.id LIMIT ?3",
                     "isi", group, within, (int64_t)most);
    while (rc == AW_OK && more && n < most) {
        rc = aw_rows_next(rows, &more, err);
        if (rc == AW_OK && more)
            members[n++] =
                (struct aw_member){aw_rows_int(rows, 0), aw_rows_int(rows, 1)};
    }
    aw_rows_end(rows);
    *out = members;
    *count = n;
    return rc;
}

aw_rc aw_store_has_users(struct aw_store *store, bool *out, struct aw_err *err)
{
    int64_t found = 0;
    aw_rc rc = aw_db_int(store->db, err, &found,
                         "SELECT EXISTS (SELECT 1 FROM user)", "");

    *out = found != 0;
    return rc;
}

/* ---- batches ------------------------------------------------------------ */

/* Those of a person that can be taken back: of the last ?2, the open ones with
 * a decision that stands. */
#define UNDOABLE                                                      \
    " FROM (SELECT id, closed FROM batch WHERE who = ?1 AND undoes =" \
    " 0 ORDER BY id DESC LIMIT ?2) b WHERE b.closed = 0 AND EXISTS"   \
    " (SELECT 1 FROM decision d WHERE d.batch = b.id AND NOT EXISTS"  \
    " (SELECT 1 FROM decision u WHERE u.undoes = d.id AND u.undoes >" \
    " 0))"

aw_rc aw_store_batch_add(struct aw_store *store, struct aw_batch *batch,
                         struct aw_err *err)
{
    return aw_db_insert(store->db, err, &batch->id,
                        "INSERT INTO batch (who, at_ms, action, key, undoes)"
                        " VALUES (?, ?, ?, ?, ?)",
                        "sissi", batch->who, batch->at_ms, batch->action,
                        batch->key, batch->undoes);
}

static aw_rc read_batch(struct aw_rows *rows, struct aw_arena *arena,
                        struct aw_batch *b, struct aw_err *err)
{
    struct aw_str *const texts[] = {&b->who, &b->action, &b->key};

    b->id = aw_rows_int(rows, 0);
    b->at_ms = aw_rows_int(rows, 1);
    b->undoes = aw_rows_int(rows, 2);
    return aw_rows_dup_all(rows, 3, sizeof texts / sizeof *texts, arena, texts,
                           err);
}

aw_rc aw_store_batch_find(struct aw_store *store, struct aw_arena *arena,
                          struct aw_str who, struct aw_str key,
                          struct aw_batch *out, struct aw_err *err)
{
    struct aw_rows *rows = NULL;
    aw_rc rc = aw_db_query(store->db, err, &rows,
                           "SELECT id, at_ms, undoes, who, action, key"
                           " FROM batch WHERE who = ? AND key = ?"
                           " AND key <> ''",
                           "ss", who, key);

    if (rc == AW_OK)
        rc = aw_rows_one(rows, "batch", 0, err);
    if (rc == AW_OK)
        rc = read_batch(rows, arena, out, err);
    aw_rows_end(rows);
    return rc;
}

aw_rc aw_store_batch_undoable(struct aw_store *store, struct aw_str who,
                              int64_t most, int64_t *batch, int64_t *left,
                              struct aw_err *err)
{
    aw_rc rc = aw_db_int(store->db, err, left, "SELECT count(*)" UNDOABLE,
                         "si", who, most);

    return rc == AW_OK
               ? aw_db_int(store->db, err, batch,
                           "SELECT b.id" UNDOABLE " ORDER BY b.id DESC", "si",
                           who, most)
               : rc;
}

aw_rc aw_store_batch_close(struct aw_store *store, int64_t batch,
                           struct aw_err *err)
{
    return aw_db_exec(store->db, err,
                      "UPDATE batch SET closed = 1 WHERE id = ?", "i", batch);
}

struct collecting {
    struct aw_arena *arena;
    int64_t *ids;
    size_t count, cap;
};

static aw_rc collect_id(void *self, struct aw_rows *rows, struct aw_err *err)
{
    struct collecting *c = self;
    void *ids = c->ids;
    aw_rc rc =
        aw_arena_grow(c->arena, &ids, c->count, &c->cap, sizeof *c->ids, err);

    if (rc != AW_OK)
        return rc;
    c->ids = ids;
    c->ids[c->count++] = aw_rows_int(rows, 0);
    return AW_OK;
}

aw_rc aw_store_batch_findings(struct aw_store *store, struct aw_arena *arena,
                              int64_t batch, int64_t **out, size_t *count,
                              struct aw_err *err)
{
    struct collecting c = {.arena = arena};
    struct aw_rows *rows = NULL;
    aw_rc rc = aw_db_query(store->db, err, &rows,
                           "SELECT finding FROM decision WHERE batch = ?"
                           " ORDER BY id",
                           "i", batch);

    if (rc == AW_OK)
        rc = aw_rows_each(rows, collect_id, &c, err);
    *out = c.ids;
    *count = c.count;
    return rc;
}
