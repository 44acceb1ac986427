#include "store/sorting.h"

#include "store/private.h"
#include "store/spots.h"

/* A search for one or two characters looks for trigrams that begin so: behind
 * the last character stand two that no text has. */
#define TEXT_END "\x02\x02"
#define TEXT_MAX ((size_t)4 << 20) /* bytes of a column */

/* What no row says is 0. */
static aw_rc or_none(aw_rc rc, int64_t *value)
{
    if (rc != AW_MISSING)
        return rc;
    *value = 0;
    return AW_OK;
}

static aw_rc take_ids(aw_rc rc, struct aw_rows *rows, size_t most,
                      int64_t *out, size_t *count, struct aw_err *err)
{
    bool more = true;
    size_t n = 0;

    while (rc == AW_OK && n < most) {
        rc = aw_rows_next(rows, &more, err);
        if (rc != AW_OK || !more)
            break;
        out[n++] = aw_rows_int(rows, 0);
    }
    aw_rows_end(rows);
    *count = n;
    return rc;
}

aw_rc aw_store_unsorted(struct aw_store *store, size_t most, int64_t *out,
                        size_t *count, struct aw_err *err)
{
    struct aw_rows *rows = NULL;
    aw_rc rc = aw_db_query(store->db, err, &rows,
                           "SELECT id FROM finding WHERE id >"
                           " (SELECT coalesce(max(finding), 0) FROM sorted)"
                           " ORDER BY id LIMIT ?",
                           "i", (int64_t)most);

    return take_ids(rc, rows, most, out, count, err);
}

aw_rc aw_store_unfolded(struct aw_store *store, int64_t above, size_t most,
                        int64_t *out, size_t *count, struct aw_err *err)
{
    struct aw_rows *rows = NULL;
    aw_rc rc = aw_db_query(store->db, err, &rows,
                           "SELECT finding FROM sorted WHERE finding > ?"
                           " ORDER BY finding LIMIT ?",
                           "ii", above, (int64_t)most);

    return take_ids(rc, rows, most, out, count, err);
}

aw_rc aw_store_folded(struct aw_store *store, int64_t *upto,
                      struct aw_err *err)
{
    return or_none(aw_db_int(store->db, err, upto,
                             "SELECT CAST(value AS INTEGER) FROM setting"
                             " WHERE key = 'folded'",
                             ""),
                   upto);
}

aw_rc aw_store_folded_put(struct aw_store *store, int64_t upto,
                          struct aw_err *err)
{
    return aw_db_exec(store->db, err,
                      "INSERT INTO setting VALUES ('folded', ?1)"
                      " ON CONFLICT (key) DO UPDATE SET value = ?1",
                      "i", upto);
}

static aw_rc add_text(struct aw_store *store, int64_t finding,
                      const struct aw_sorted_text *text, struct aw_err *err)
{
    const struct aw_str parts[] = {text->title, text->claims, text->parties};
    struct aw_buf columns[3];
    aw_rc rc = AW_OK;

    for (size_t i = 0; i < 3; i++) {
        aw_buf_init(&columns[i], TEXT_MAX);
        aw_buf_put(&columns[i], parts[i]);
        if (parts[i].len > 0)
            aw_buf_puts(&columns[i], TEXT_END);
    }
    for (size_t i = 0; i < 3 && rc == AW_OK; i++)
        rc = aw_buf_check(&columns[i], err);
    if (rc == AW_OK)
        rc = aw_db_exec(store->db, err,
                        "INSERT INTO finding_text (rowid, title, claims,"
                        " parties) VALUES (?, ?, ?, ?)",
                        "isss", finding, aw_buf_str(&columns[0]),
                        aw_buf_str(&columns[1]), aw_buf_str(&columns[2]));
    if (rc == AW_OK)
        rc = aw_store_fresh_add(store, finding, aw_buf_str(&columns[0]),
                                aw_buf_str(&columns[1]),
                                aw_buf_str(&columns[2]), err);
    for (size_t i = 0; i < 3; i++)
        aw_buf_deinit(&columns[i]);
    return rc;
}

aw_rc aw_store_sorted_add(struct aw_store *store,
                          const struct aw_sorted_row *row,
                          const struct aw_sorted_text *text,
                          struct aw_err *err)
{
    aw_rc rc = add_text(store, row->finding, text, err);

    if (rc != AW_OK)
        return rc;
    return aw_db_exec(store->db, err,
                      "INSERT INTO sorted (finding, bunch, simhash, creative,"
                      " publisher, classes, sectors, place, audience, adverts)"
                      " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                      "iiisiisssi", row->finding, row->bunch,
                      (int64_t)row->simhash, row->creative, row->publisher,
                      row->classes, row->sectors, row->place, row->audience,
                      row->adverts);
}

/* A finding has two rows at most: its own, and under its id below zero what it
 * says in disguise. Rows of the index cannot be changed. */
aw_rc aw_store_fold_add(struct aw_store *store, int64_t finding,
                        const struct aw_sorted_text *text, struct aw_err *err)
{
    return add_text(store, -finding, text, err);
}

aw_rc aw_store_leaders(struct aw_store *store, int64_t above,
                       aw_leader_fn *visit, void *self, struct aw_err *err)
{
    struct aw_rows *rows = NULL;
    bool more = true;
    aw_rc rc = aw_db_query(store->db, err, &rows,
                           "SELECT finding, simhash FROM sorted"
                           " WHERE finding > ? AND bunch = finding"
                           " ORDER BY finding",
                           "i", above);

    while (rc == AW_OK && more) {
        rc = aw_rows_next(rows, &more, err);
        if (rc == AW_OK && more)
            rc = visit(self, aw_rows_int(rows, 0),
                       (uint64_t)aw_rows_int(rows, 1), err);
    }
    aw_rows_end(rows);
    return rc;
}

aw_rc aw_store_creative_bunch(struct aw_store *store, struct aw_str creative,
                              int64_t *bunch, struct aw_err *err)
{
    return or_none(aw_db_int(store->db, err, bunch,
                             "SELECT bunch FROM sorted WHERE creative = ?"
                             " AND creative <> '' ORDER BY finding LIMIT 1",
                             "s", creative),
                   bunch);
}

aw_rc aw_store_terse_bunch(struct aw_store *store, int64_t publisher,
                           int64_t classes, int64_t *bunch, struct aw_err *err)
{
    return or_none(aw_db_int(store->db, err, bunch,
                             "SELECT bunch FROM sorted WHERE simhash = 0"
                             " AND publisher = ? AND publisher <> 0"
                             " AND classes = ? ORDER BY finding LIMIT 1",
                             "ii", publisher, classes),
                   bunch);
}

aw_rc aw_store_creative_of(struct aw_store *store, int64_t capture,
                           struct aw_arena *arena, struct aw_str *out,
                           struct aw_err *err)
{
    struct aw_rows *rows = NULL;
    bool more = false;
    aw_rc rc = aw_db_query(store->db, err, &rows,
                           "SELECT payload_digest FROM capture WHERE id = ?"
                           " AND mime LIKE 'image/%'",
                           "i", capture);

    *out = (struct aw_str){0};
    if (rc == AW_OK)
        rc = aw_rows_next(rows, &more, err);
    if (rc == AW_OK && more)
        rc = aw_rows_dup(rows, 0, arena, out, err);
    aw_rows_end(rows);
    return rc;
}

aw_rc aw_store_adverts_of(struct aw_store *store, struct aw_str url,
                          int64_t *count, struct aw_err *err)
{
    return aw_db_int(store->db, err, count,
                     "SELECT count(*) FROM landing WHERE url ="
                     " (SELECT id FROM url WHERE hash = ? AND url = ?)",
                     "is", aw_store_url_hash(store, url), url);
}

/* ---- publishers --------------------------------------------------------- */

static aw_rc publisher_of(struct aw_store *store, struct aw_str key,
                          int64_t *id, struct aw_err *err)
{
    return or_none(aw_db_int(store->db, err, id,
                             "SELECT publisher FROM publisher_key"
                             " WHERE key = ?",
                             "s", key),
                   id);
}

/* Has it a key of the same kind, up to the colon? */
static aw_rc has_kind(struct aw_store *store, int64_t id, struct aw_str key,
                      bool *has, struct aw_err *err)
{
    ptrdiff_t colon = aw_str_find(key, AW_STR(":"));
    int64_t count = 0;
    aw_rc rc = aw_db_int(store->db, err, &count,
                         "SELECT count(*) FROM publisher_key"
                         " WHERE publisher = ?1"
                         " AND substr(key, 1, length(?2)) = ?2",
                         "is", id, aw_str_sub(key, 0, (size_t)(colon + 1)));

    *has = count > 0;
    return rc;
}

static aw_rc find_publisher(struct aw_store *store, const struct aw_str *keys,
                            size_t count, int64_t *id, struct aw_err *err)
{
    aw_rc rc = AW_OK;

    *id = 0;
    for (size_t i = 0; i < count && rc == AW_OK && *id == 0; i++) {
        bool is_other = false;

        rc = publisher_of(store, keys[i], id, err);
        if (rc == AW_OK && i > 0 && *id != 0)
            rc = has_kind(store, *id, keys[0], &is_other, err);
        if (is_other)
            *id = 0;
    }
    return rc;
}

aw_rc aw_store_publisher(struct aw_store *store, const struct aw_str *keys,
                         size_t count, struct aw_str name, int64_t now_ms,
                         int64_t *id, struct aw_err *err)
{
    aw_rc rc = find_publisher(store, keys, count, id, err);

    if (rc == AW_OK && *id == 0)
        rc = aw_db_insert(store->db, err, id,
                          "INSERT INTO publisher (key, name, first_seen_ms)"
                          " VALUES (?, ?, ?)",
                          "ssi", keys[0], name, now_ms);
    for (size_t i = 0; i < count && rc == AW_OK; i++)
        rc = aw_db_exec(store->db, err,
                        "INSERT OR IGNORE INTO publisher_key (key, publisher)"
                        " VALUES (?, ?)",
                        "si", keys[i], *id);
    return rc;
}
