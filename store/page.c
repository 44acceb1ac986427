#include "store/private.h"

aw_rc aw_store_page_get(struct aw_store *store, struct aw_arena *arena,
                        int64_t url, struct aw_page_row *row,
                        struct aw_err *err)
{
    struct aw_str *const texts[] = {&row->etag,           &row->last_modified,
                                    &row->payload_digest, &row->text_digest,
                                    &row->canonical,      &row->rules,
                                    &row->record};
    struct aw_rows *rows = NULL;
    aw_rc rc = aw_db_query(
        store->db, err, &rows,
        "SELECT record_ms, capture, interval_s, changed_ms, has_finding, grew,"
        " still, etag, last_modified, payload_digest, text_digest, canonical, "
        "rules,"
        " record FROM page WHERE url = ?",
        "i", url);

    if (rc == AW_OK)
        rc = aw_rows_one(rows, "page", url, err);
    if (rc == AW_OK) {
        row->url = url;
        row->record_ms = aw_rows_int(rows, 0);
        row->capture = aw_rows_int(rows, 1);
        row->interval_s = aw_rows_int(rows, 2);
        row->changed_ms = aw_rows_int(rows, 3);
        row->has_finding = aw_rows_int(rows, 4) != 0;
        row->grew = aw_rows_int(rows, 5);
        row->still = aw_rows_int(rows, 6);
        rc = aw_rows_dup_all(rows, 7, 7, arena, texts, err);
    }
    aw_rows_end(rows);
    return rc;
}

static aw_rc insert_page(struct aw_store *store, const struct aw_page_row *row,
                         int64_t *inserted, struct aw_err *err)
{
    return aw_db_change(
        store->db, err, inserted,
        "INSERT INTO page (record_ms, capture, interval_s, changed_ms,"
        " has_finding, grew, still, etag, last_modified, payload_digest,"
        " text_digest, canonical, rules, record, url) VALUES (?, ?, ?, ?, ?,"
        " ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (url) DO NOTHING",
        "iiiiiiisssssssi", row->record_ms, row->capture, row->interval_s,
        row->changed_ms, (int64_t)row->has_finding, row->grew, row->still,
        row->etag, row->last_modified, row->payload_digest, row->text_digest,
        row->canonical, row->rules, row->record, row->url);
}

static aw_rc update_page(struct aw_store *store, const struct aw_page_row *row,
                         struct aw_err *err)
{
    return aw_db_exec(
        store->db, err,
        "UPDATE page SET record_ms = ?, capture = ?, interval_s = ?,"
        " changed_ms = ?, has_finding = ?, grew = ?, still = ?, etag = ?,"
        " last_modified = ?, payload_digest = ?, text_digest = ?,"
        " canonical = ?, rules = ?, record = ? WHERE url = ?",
        "iiiiiiisssssssi", row->record_ms, row->capture, row->interval_s,
        row->changed_ms, (int64_t)row->has_finding, row->grew, row->still,
        row->etag, row->last_modified, row->payload_digest, row->text_digest,
        row->canonical, row->rules, row->record, row->url);
}

/* In one statement (DO UPDATE) SQLite would open a savepoint for the foreign
 * key that an update may break: with a page that is new as well. */
aw_rc aw_store_page_put(struct aw_store *store, const struct aw_page_row *row,
                        struct aw_err *err)
{
    int64_t inserted = 0;
    aw_rc rc = insert_page(store, row, &inserted, err);

    return rc == AW_OK && inserted == 0 ? update_page(store, row, err) : rc;
}

aw_rc aw_store_pages_outdated(struct aw_store *store, int64_t source,
                              const char *rules, struct aw_err *err)
{
    int64_t changed = 0;
    aw_rc rc =
        aw_db_change(store->db, err, &changed,
                     "INSERT INTO setting VALUES ('rules of source ' || ?, ?)"
                     " ON CONFLICT (key) DO UPDATE SET value = excluded.value"
                     " WHERE value <> excluded.value",
                     "iz", source, rules);

    if (rc != AW_OK || changed == 0)
        return rc;
    /* By its index, url_due: what waits is read anyway. */
    return aw_db_exec(store->db, err,
                      "UPDATE url SET due_ms = 0 WHERE source = ? AND due_ms >"
                      " 0 AND state <> 'queued' AND EXISTS (SELECT 1 FROM page"
                      " WHERE page.url = url.id AND page.rules <> ?)",
                      "iz", source, rules);
}
