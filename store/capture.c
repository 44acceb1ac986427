#include "store/private.h"

aw_rc aw_store_capture_add(struct aw_store *store, struct aw_capture *c,
                           struct aw_err *err)
{
    return aw_db_insert(
        store->db, err, &c->id,
        "INSERT INTO capture (run, fetched_ms, status, warc_offset,"
        " warc_length, request_offset, request_length, body_bytes,"
        " elapsed_ms, doc_score, url, source, mime, ip, protocol, warc_file,"
        " payload_digest, reader, charset, charset_why, title, verdict,"
        " doc_kind, plain, tls_organisation) VALUES (?, ?, ?, ?, ?, ?, ?, ?, "
        "?, ?, ?, ?, ?, ?,"
        " ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        "iiiiiiiiirsssssssssssssis", c->run, c->fetched_ms, (int64_t)c->status,
        c->warc_offset, c->warc_length, c->request_offset, c->request_length,
        c->body_bytes, c->elapsed_ms, c->doc_score, c->url, c->source, c->mime,
        c->ip, c->protocol, c->warc_file, c->payload_digest, c->reader,
        c->charset, c->charset_why, c->title, c->verdict, c->doc_kind,
        c->plain, c->tls_organisation);
}

static aw_rc read_capture(struct aw_rows *rows, struct aw_arena *arena,
                          struct aw_capture *c, struct aw_err *err)
{
    struct aw_str *const texts[] = {
        &c->url,      &c->source,          &c->mime,           &c->ip,
        &c->protocol, &c->warc_file,       &c->payload_digest, &c->reader,
        &c->charset,  &c->charset_why,     &c->title,          &c->verdict,
        &c->doc_kind, &c->tls_organisation};

    c->id = aw_rows_int(rows, 0);
    c->run = aw_rows_int(rows, 1);
    c->fetched_ms = aw_rows_int(rows, 2);
    c->status = (int)aw_rows_int(rows, 3);
    c->warc_offset = aw_rows_int(rows, 4);
    c->warc_length = aw_rows_int(rows, 5);
    c->request_offset = aw_rows_int(rows, 6);
    c->request_length = aw_rows_int(rows, 7);
    c->body_bytes = aw_rows_int(rows, 8);
    c->elapsed_ms = aw_rows_int(rows, 9);
    c->doc_score = aw_rows_real(rows, 10);
    c->plain = aw_rows_int(rows, 25);
    return aw_rows_dup_all(rows, 11, 14, arena, texts, err);
}

aw_rc aw_store_capture_get(struct aw_store *store, struct aw_arena *arena,
                           int64_t id, struct aw_capture *capture,
                           struct aw_err *err)
{
    struct aw_rows *rows = NULL;
    aw_rc rc = aw_db_query(
        store->db, err, &rows,
        "SELECT id, run, fetched_ms, status, warc_offset, warc_length,"
        " request_offset, request_length, body_bytes, elapsed_ms, doc_score,"
        " url, source, mime, ip, protocol, warc_file, payload_digest, reader,"
        " charset, charset_why, title, verdict, doc_kind, tls_organisation, "
        "plain"
        " FROM capture"
        " WHERE id = ?",
        "i", id);

    if (rc == AW_OK)
        rc = aw_rows_one(rows, "capture", id, err);
    if (rc == AW_OK)
        rc = read_capture(rows, arena, capture, err);
    aw_rows_end(rows);
    return rc;
}
