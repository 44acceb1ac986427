#include "store/private.h"

/* ---- added ----------------------------------------------------------------
 */

static aw_rc insert(struct aw_store *store, struct aw_hand_in *h,
                    struct aw_err *err)
{
    return aw_db_int(
        store->db, err, &h->id,
        "INSERT INTO hand_in (run, capture, at_ms, first, manifest, line,"
        " seen_ms, seen_unit, key, url, text_digest, same, place, who,"
        " channel, note, source, file, name, reading, apps) VALUES (?, ?, ?,"
        " ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (key) DO UPDATE SET"
        " capture = excluded.capture, url = excluded.url,"
        " text_digest = excluded.text_digest, reading = excluded.reading,"
        " apps = excluded.apps RETURNING id",
        "iiiiiiisssssssssssssi", h->run, h->capture, h->at_ms, h->first,
        h->manifest, h->line, h->seen_ms, h->seen_unit, h->key, h->url,
        h->text_digest, h->same, h->place, h->who, h->channel, h->note,
        h->source, h->file, h->name, h->reading, h->apps);
}

aw_rc aw_store_hand_in_add(struct aw_store *store, struct aw_hand_in *hand_in,
                           struct aw_err *err)
{
    aw_rc rc = insert(store, hand_in, err);

    if (rc != AW_OK || hand_in->first != 0)
        return rc;
    hand_in->first = hand_in->id;
    return aw_db_exec(store->db, err,
                      "UPDATE hand_in SET first = id WHERE id = ?"
                      " AND first = 0",
                      "i", hand_in->id);
}

/* ---- known ----------------------------------------------------------------
 */

/* ?1 and ?2: reading and tool. */
#define KNOWN_SQL                                               \
    "SELECT h.id, h.first, h.capture, f.capture, h.apps,"       \
    " h.reading = ?1 AND (c.verdict <> '' OR"                   \
    " (c.reader = 'no text' AND r.tool = ?2)) AS is_read,"      \
    " EXISTS (SELECT 1 FROM finding WHERE finding.url = c.url)" \
    " FROM hand_in AS h JOIN capture AS c ON c.id = h.capture"  \
    " JOIN run AS r ON r.id = c.run JOIN hand_in AS f ON f.id = h.first "

static aw_rc read_known(struct aw_rows *rows, struct aw_hand_in_known *out,
                        struct aw_err *err)
{
    bool more = false;
    aw_rc rc = aw_rows_next(rows, &more, err);

    if (rc == AW_OK && !more)
        rc = aw_fail(err, AW_MISSING, "it was not handed in before");
    if (rc == AW_OK)
        *out = (struct aw_hand_in_known){
            .id = aw_rows_int(rows, 0),
            .first = aw_rows_int(rows, 1),
            .capture = aw_rows_int(rows, 2),
            .first_capture = aw_rows_int(rows, 3),
            .apps = aw_rows_int(rows, 4),
            .is_read = aw_rows_int(rows, 5) != 0,
            .has_finding = aw_rows_int(rows, 6) != 0,
        };
    aw_rows_end(rows);
    return rc;
}

aw_rc aw_store_hand_in_by_key(struct aw_store *store, struct aw_str key,
                              const struct aw_hand_in_reader *reader,
                              struct aw_hand_in_known *out, struct aw_err *err)
{
    struct aw_rows *rows = NULL;
    aw_rc rc = aw_db_query(store->db, err, &rows, KNOWN_SQL "WHERE h.key = ?3",
                           "sss", reader->reading, reader->tool, key);

    return rc == AW_OK ? read_known(rows, out, err) : rc;
}

aw_rc aw_store_hand_in_by_url(struct aw_store *store, struct aw_str url,
                              const struct aw_hand_in_reader *reader,
                              struct aw_hand_in_known *out, struct aw_err *err)
{
    struct aw_rows *rows = NULL;
    aw_rc rc = aw_db_query(store->db, err, &rows,
                           KNOWN_SQL "WHERE h.url = ?3"
                                     " ORDER BY is_read DESC, h.id DESC"
                                     " LIMIT 1",
                           "sss", reader->reading, reader->tool, url);

    return rc == AW_OK ? read_known(rows, out, err) : rc;
}

aw_rc aw_store_hand_in_by_text(struct aw_store *store,
                               struct aw_str text_digest, struct aw_str url,
                               struct aw_hand_in_known *out,
                               struct aw_err *err)
{
    struct aw_rows *rows = NULL;
    aw_rc rc = aw_db_query(store->db, err, &rows,
                           KNOWN_SQL "WHERE h.text_digest = ?3"
                                     " AND h.text_digest <> ''"
                                     " AND h.url <> ?4"
                                     " ORDER BY h.id LIMIT 1",
                           "ssss", AW_STR(""), AW_STR(""), text_digest, url);

    return rc == AW_OK ? read_known(rows, out, err) : rc;
}

aw_rc aw_store_hand_in_times(struct aw_store *store, int64_t first,
                             int64_t *times, struct aw_err *err)
{
    return aw_db_int(store->db, err, times,
                     "SELECT count(*) FROM hand_in WHERE first = ?", "i",
                     first);
}

/* ---- told -----------------------------------------------------------------
 */

struct hand_in_visit {
    aw_store_hand_in_fn *visit;
    void *self;
};

static aw_rc visit_hand_in(void *self, struct aw_rows *rows,
                           struct aw_err *err)
{
    const struct hand_in_visit *v = self;
    struct aw_hand_in hand_in = {
        .id = aw_rows_int(rows, 0),
        .run = aw_rows_int(rows, 1),
        .capture = aw_rows_int(rows, 2),
        .at_ms = aw_rows_int(rows, 3),
        .first = aw_rows_int(rows, 4),
        .manifest = aw_rows_int(rows, 5),
        .line = aw_rows_int(rows, 6),
        .seen_ms = aw_rows_int(rows, 7),
        .seen_unit = aw_rows_str(rows, 8),
        .key = aw_rows_str(rows, 9),
        .url = aw_rows_str(rows, 10),
        .text_digest = aw_rows_str(rows, 11),
        .same = aw_rows_str(rows, 12),
        .place = aw_rows_str(rows, 13),
        .who = aw_rows_str(rows, 14),
        .channel = aw_rows_str(rows, 15),
        .note = aw_rows_str(rows, 16),
        .source = aw_rows_str(rows, 17),
        .file = aw_rows_str(rows, 18),
        .name = aw_rows_str(rows, 19),
        .reading = aw_rows_str(rows, 20),
        .apps = aw_rows_int(rows, 21),
    };

    return v->visit(v->self, &hand_in, err);
}

aw_rc aw_store_hand_ins(struct aw_store *store, struct aw_str url,
                        int64_t limit, aw_store_hand_in_fn *visit, void *self,
                        struct aw_err *err)
{
    struct hand_in_visit v = {visit, self};
    struct aw_rows *rows = NULL;
    aw_rc rc = aw_db_query(
        store->db, err, &rows,
        "SELECT id, run, capture, at_ms, first, manifest, line, seen_ms,"
        " seen_unit, key, url, text_digest, same, place, who, channel, note,"
        " source, file, name, reading, apps FROM hand_in WHERE first IN"
        " (SELECT first FROM hand_in WHERE url = ?) ORDER BY id LIMIT ?",
        "si", url, limit > 0 ? limit : -1);

    return rc == AW_OK ? aw_rows_each(rows, visit_hand_in, &v, err) : rc;
}

/* By the index: SQLite would put a digest that is compared as it stands into
 * substr() as well, and then no longer know the index. */
aw_rc aw_store_manifest_find(struct aw_store *store, struct aw_str digest,
                             int64_t *capture, struct aw_err *err)
{
    return aw_db_int(store->db, err, capture,
                     "SELECT id FROM capture"
                     " WHERE substr(payload_digest, 1, 16) = substr(?, 1, 16)"
                     " AND payload_digest || '' = ? AND reader = 'manifest'"
                     " ORDER BY id LIMIT 1",
                     "ss", digest, digest);
}

aw_rc aw_store_manifest_file_known(struct aw_store *store, int64_t capture,
                                   struct aw_str digest, bool *known,
                                   struct aw_err *err)
{
    int64_t count;
    aw_rc rc = aw_db_int(store->db, err, &count,
                         "SELECT count(*) FROM manifest_file"
                         " WHERE capture = ? AND digest = ?",
                         "is", capture, digest);

    if (rc == AW_OK)
        *known = count > 0;
    return rc;
}

aw_rc aw_store_manifest_file_add(struct aw_store *store, int64_t capture,
                                 struct aw_str digest, struct aw_err *err)
{
    return aw_db_exec(store->db, err,
                      "INSERT INTO manifest_file (capture, digest)"
                      " VALUES (?, ?) ON CONFLICT DO NOTHING",
                      "is", capture, digest);
}

aw_rc aw_store_ingests_broken(struct aw_store *store, int64_t *count,
                              struct aw_err *err)
{
    int64_t found;
    aw_rc rc = aw_db_change(store->db, err, &found,
                            "UPDATE run SET state = 'broken'"
                            " WHERE kind = 'ingest' AND state = 'running'",
                            "");

    return rc == AW_OK ? aw_db_int(store->db, err, count,
                                   "SELECT count(*) FROM run WHERE kind ="
                                   " 'ingest' AND state = 'broken'",
                                   "")
                       : rc;
}
