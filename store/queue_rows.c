#include "store/queue_rows.h"

#include "base/utf8.h"
#include "store/private.h"
#include "store/spots.h"

#define GRAM 3 /* characters of what the text index is made of */
#define MATCH_MAX ((size_t)64 << 10)

aw_rc aw_store_touched(struct aw_store *store, int64_t *touched,
                       struct aw_err *err)
{
    return aw_db_int(store->db, err, touched,
                     "SELECT coalesce(max(touched), 0) FROM finding", "");
}

aw_rc aw_store_sorted_last(struct aw_store *store, int64_t *id,
                           struct aw_err *err)
{
    return aw_db_int(store->db, err, id,
                     "SELECT coalesce(max(finding), 0) FROM sorted", "");
}

/* ---- rows ------------------------------------------------------------- */

/* How often a thing was handed in, with those of the same text, is asked for
 * where it was: what came from the web has no such URN. */
#define ROW_SQL                                                           \
    "SELECT f.id, f.touched, f.version, f.assigned, f.first_seen_ms,"     \
    " f.severity, coalesce(s.bunch, 0), coalesce(s.publisher, 0),"        \
    " coalesce(s.classes, 0), coalesce(s.adverts, 0),"                    \
    " CASE WHEN substr(f.url, 1, 4) = 'urn:' THEN (SELECT count(*)"       \
    "  FROM hand_in WHERE first = (SELECT first FROM hand_in"             \
    "  WHERE url = f.url LIMIT 1)) ELSE 0 END,"                           \
    " f.score, f.state, f.channel, f.host, f.source, coalesce(s.sectors," \
    " ''), coalesce(s.place, ''), coalesce(s.audience, '')"               \
    " FROM finding AS f LEFT JOIN sorted AS s ON s.finding = f.id "

static struct aw_queue_row read_row(struct aw_rows *rows)
{
    return (struct aw_queue_row){
        .id = aw_rows_int(rows, 0),
        .touched = aw_rows_int(rows, 1),
        .version = aw_rows_int(rows, 2),
        .assigned = aw_rows_int(rows, 3),
        .first_seen_ms = aw_rows_int(rows, 4),
        .severity = aw_rows_int(rows, 5),
        .bunch = aw_rows_int(rows, 6),
        .publisher = aw_rows_int(rows, 7),
        .classes = aw_rows_int(rows, 8),
        .adverts = aw_rows_int(rows, 9),
        .times = aw_rows_int(rows, 10),
        .score = aw_rows_real(rows, 11),
        .state = aw_rows_str(rows, 12),
        .channel = aw_rows_str(rows, 13),
        .host = aw_rows_str(rows, 14),
        .source = aw_rows_str(rows, 15),
        .sectors = aw_rows_str(rows, 16),
        .place = aw_rows_str(rows, 17),
        .audience = aw_rows_str(rows, 18),
    };
}

struct visiting {
    aw_queue_row_fn *visit;
    aw_queue_hit_fn *hit;
    void *self;
};

static aw_rc visit_row(void *self, struct aw_rows *rows, struct aw_err *err)
{
    const struct visiting *v = self;
    struct aw_queue_row row = read_row(rows);

    return v->visit(v->self, &row, err);
}

aw_rc aw_store_queue_rows(struct aw_store *store, int64_t since,
                          aw_queue_row_fn *visit, void *self,
                          struct aw_err *err)
{
    struct visiting v = {.visit = visit, .self = self};
    struct aw_rows *rows = NULL;
    aw_rc rc;

    if (since < 0)
        rc = aw_db_query(store->db, err, &rows, ROW_SQL "ORDER BY f.id", "");
    else
        rc = aw_db_query(store->db, err, &rows,
                         ROW_SQL "WHERE f.touched > ? ORDER BY f.touched", "i",
                         since);
    return rc == AW_OK ? aw_rows_each(rows, visit_row, &v, err) : rc;
}

/* ---- search -------------------------------------------------------------
 */

static aw_rc visit_hit(void *self, struct aw_rows *rows, struct aw_err *err)
{
    const struct visiting *v = self;

    int64_t row = aw_rows_int(rows, 0);

    return v->hit(v->self, row < 0 ? -row : row, err); /* sorting.c */
}

/* The text as one string of FTS5's language, in which nothing is an operator.
 */
static void put_quoted(struct aw_buf *out, struct aw_str text)
{
    aw_buf_putc(out, '"');
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '"')
            aw_buf_putc(out, '"');
        aw_buf_putc(out, text.ptr[i]);
    }
    aw_buf_putc(out, '"');
}

static aw_rc match(struct aw_store *store, const char *sql,
                   struct aw_str quoted, int64_t bound, struct visiting *v,
                   struct aw_err *err)
{
    struct aw_rows *rows = NULL;
    aw_rc rc = aw_db_query(store->db, err, &rows, sql, "si", quoted, bound);

    return rc == AW_OK ? aw_rows_each(rows, visit_hit, v, err) : rc;
}

/* As it is written, and in disguise: each by a bound of its own, since a range
 * of rows is what the index can look for. */
static aw_rc search_long(struct aw_store *store, struct aw_str text,
                         int64_t above, struct visiting *v, struct aw_err *err)
{
    struct aw_buf quoted;
    aw_rc rc;

    aw_buf_init(&quoted, MATCH_MAX);
    put_quoted(&quoted, text);
    rc = aw_buf_check(&quoted, err);
    if (rc == AW_OK)
        rc = match(store,
                   "SELECT rowid FROM finding_text"
                   " WHERE finding_text MATCH ? AND rowid > ?",
                   aw_buf_str(&quoted), above, v, err);
    if (rc == AW_OK)
        rc = match(store,
                   "SELECT rowid FROM finding_text"
                   " WHERE finding_text MATCH ? AND rowid < ?",
                   aw_buf_str(&quoted), -above, v, err);
    aw_buf_deinit(&quoted);
    return rc;
}

/* Less than a gram: all grams that begin so. Each character of a text begins
 * one (sorting.c). */
static aw_rc search_short(struct aw_store *store, struct aw_str text,
                          int64_t above, struct visiting *v,
                          struct aw_err *err)
{
    struct aw_rows *rows = NULL;
    struct aw_buf end;
    aw_rc rc;

    aw_buf_init(&end, MATCH_MAX);
    aw_buf_put(&end, text);
    aw_buf_puts(&end, "\xF4\x8F\xBF\xBF"); /* U+10FFFF, behind all others */
    rc = aw_buf_check(&end, err);
    if (rc == AW_OK)
        rc = aw_db_query(
            store->db, err, &rows,
            "SELECT doc FROM finding_gram WHERE term >= ?1"
            " AND term <= ?2 AND (?3 = 0 OR doc > ?3 OR doc < -?3)",
            "ssi", text, aw_buf_str(&end), above);
    if (rc == AW_OK)
        rc = aw_rows_each(rows, visit_hit, v, err);
    aw_buf_deinit(&end);
    return rc;
}

aw_rc aw_store_index_search(struct aw_store *store, struct aw_str text,
                            int64_t above, aw_queue_hit_fn *visit, void *self,
                            struct aw_err *err)
{
    struct visiting v = {.hit = visit, .self = self};

    if (text.len == 0 || !aw_utf8_valid(text) || memchr(text.ptr, 0, text.len))
        return aw_fail(err, AW_INVALID, "no text to search for");
    return aw_utf8_count(text) < GRAM
               ? search_short(store, text, above, &v, err)
               : search_long(store, text, above, &v, err);
}

static aw_rc search(struct aw_store *store, struct aw_str text, int64_t above,
                    aw_queue_hit_fn *visit, void *self, struct aw_err *err)
{
    bool found = false;
    aw_rc rc = AW_OK;

    if (aw_utf8_valid(text))
        rc = aw_store_spots_find(store, text, above, visit, self, &found, err);
    return rc == AW_OK && !found
               ? aw_store_index_search(store, text, above, visit, self, err)
               : rc;
}

/* Lists and fresh texts are those of one time. */
aw_rc aw_store_queue_search(struct aw_store *store, struct aw_str text,
                            int64_t above, aw_queue_hit_fn *visit, void *self,
                            struct aw_err *err)
{
    aw_rc rc;

    if (aw_db_in_transaction(store->db))
        return search(store, text, above, visit, self, err);
    rc = aw_db_begin_read(store->db, err);
    if (rc == AW_OK)
        rc = aw_store_end(store, search(store, text, above, visit, self, err),
                          err);
    return rc;
}

/* ---- what a list shows -------------------------------------------------- */

static aw_rc name_of(struct aw_store *store, const char *sql, int64_t id,
                     struct aw_arena *arena, struct aw_str *out,
                     struct aw_err *err)
{
    struct aw_rows *rows = NULL;
    bool more = false;
    aw_rc rc = aw_db_query(store->db, err, &rows, sql, "i", id);

    *out = (struct aw_str){0};
    if (rc == AW_OK)
        rc = aw_rows_next(rows, &more, err);
    if (rc == AW_OK && more)
        rc = aw_rows_dup(rows, 0, arena, out, err);
    aw_rows_end(rows);
    return rc;
}

aw_rc aw_store_publisher_name(struct aw_store *store, int64_t id,
                              struct aw_arena *arena, struct aw_str *out,
                              struct aw_err *err)
{
    return name_of(store, "SELECT name FROM publisher WHERE id = ?", id, arena,
                   out, err);
}

aw_rc aw_store_user_name(struct aw_store *store, int64_t id,
                         struct aw_arena *arena, struct aw_str *out,
                         struct aw_err *err)
{
    return name_of(store, "SELECT name FROM user WHERE id = ?", id, arena, out,
                   err);
}

aw_rc aw_store_shown_row(struct aw_store *store, int64_t id, int64_t now_ms,
                         struct aw_arena *arena, struct aw_shown_row *out,
                         struct aw_err *err)
{
    struct aw_shown_row row = {0};
    struct aw_str *const texts[] = {&row.url,          &row.host,
                                    &row.source,       &row.channel,
                                    &row.title,        &row.class,
                                    &row.quote,        &row.before,
                                    &row.after,        &row.lease_name,
                                    &row.assigned_name};
    struct aw_rows *rows = NULL;
    aw_rc rc = aw_db_query(
        store->db, err, &rows,
        "SELECT f.severity, f.last_seen_ms, f.gone_ms, coalesce(l.user, 0),"
        " coalesce(l.until_ms, 0), f.url, f.host, f.source, f.channel,"
        " f.title, coalesce(c.class, ''), coalesce(c.quote, ''),"
        " coalesce(c.before, ''), coalesce(c.after, ''),"
        " coalesce((SELECT name FROM user WHERE id = l.user), ''),"
        " coalesce((SELECT name FROM user WHERE id = f.assigned), '')"
        " FROM finding AS f LEFT JOIN claim AS c ON c.id = (SELECT id"
        " FROM claim WHERE finding = f.id ORDER BY severity DESC, score DESC,"
        " id LIMIT 1) LEFT JOIN lease AS l ON l.finding = f.id"
        " AND l.until_ms > ?2 WHERE f.id = ?1",
        "ii", id, now_ms);

    if (rc == AW_OK)
        rc = aw_rows_one(rows, "finding", id, err);
    if (rc == AW_OK) {
        row.severity = aw_rows_int(rows, 0);
        row.last_seen_ms = aw_rows_int(rows, 1);
        row.gone_ms = aw_rows_int(rows, 2);
        row.lease_user = aw_rows_int(rows, 3);
        row.lease_until_ms = aw_rows_int(rows, 4);
        rc = aw_rows_dup_all(rows, 5, 11, arena, texts, err);
    }
    aw_rows_end(rows);
    if (rc == AW_OK)
        *out = row;
    return rc;
}
