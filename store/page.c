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
        "SELECT record_ms, capture, interval_s, changed_ms, has_finding, etag,"
        " last_modified, payload_digest, text_digest, canonical, rules,"
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
        rc = aw_rows_dup_all(rows, 5, 7, arena, texts, err);
    }
    aw_rows_end(rows);
    return rc;
}

aw_rc aw_store_page_put(struct aw_store *store, const struct aw_page_row *row,
                        struct aw_err *err)
{
    return aw_db_exec(
        store->db, err,
        "INSERT INTO page (url, record_ms, capture, interval_s, changed_ms,"
        " has_finding, etag, last_modified, payload_digest, text_digest,"
        " canonical, rules, record) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
        " ?, ?, ?) ON CONFLICT (url) DO UPDATE SET record_ms ="
        " excluded.record_ms, capture = excluded.capture, interval_s ="
        " excluded.interval_s, changed_ms = excluded.changed_ms,"
        " has_finding = excluded.has_finding, etag = excluded.etag,"
        " last_modified = excluded.last_modified, payload_digest ="
        " excluded.payload_digest, text_digest = excluded.text_digest,"
        " canonical = excluded.canonical, rules = excluded.rules, record ="
        " excluded.record",
        "iiiiiisssssss", row->url, row->record_ms, row->capture,
        row->interval_s, row->changed_ms, (int64_t)row->has_finding, row->etag,
        row->last_modified, row->payload_digest, row->text_digest,
        row->canonical, row->rules, row->record);
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
