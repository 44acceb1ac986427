#include "store/about.h"

#include "store/private.h"

#define LOOKED_AT_MAX 500 /* claims, or members of a bunch: the newest */

/* Who asks is ?2 and ?3 in all that follows: the place, and the name that
 * blind looks are veiled from. */
#define OF_PLACE(finding)                                     \
    " (length(?2) = 0 OR EXISTS (SELECT 1 FROM sorted AS at"  \
    " WHERE at.finding = " finding " AND substr(at.place, 1," \
    " length(?2)) = ?2))"

/* The finding's state, as who asks may know it. */
#define STATE                                                           \
    " CASE WHEN ?3 <> '' AND EXISTS (SELECT 1 FROM second_look AS look" \
    " WHERE look.finding = finding.id AND look.state = 'open'"          \
    " AND look.blind AND look.first_who <> ?3) THEN 'second'"           \
    " ELSE finding.state END"

aw_rc aw_store_finding_is_of(struct aw_store *store, int64_t id,
                             struct aw_str place, bool *is_of,
                             struct aw_err *err)
{
    int64_t count = 0;
    aw_rc rc = aw_db_int(store->db, err, &count,
                         "SELECT count(*) FROM finding WHERE id = ?1"
                         " AND" OF_PLACE("finding.id"),
                         "is", id, place);

    if (rc == AW_OK)
        *is_of = count != 0;
    return rc;
}

/* ---- captures ----------------------------------------------------------- */

struct capture_visit {
    struct aw_store *store;
    aw_store_capture_fn *visit;
    void *self;
    struct aw_arena arena; /* of one */
};

static aw_rc visit_capture(void *self, struct aw_rows *rows,
                           struct aw_err *err)
{
    struct capture_visit *v = self;
    struct aw_capture capture;
    aw_rc rc;

    aw_arena_reset(&v->arena);
    rc = aw_store_capture_get(v->store, &v->arena, aw_rows_int(rows, 0),
                              &capture, err);
    return rc == AW_OK ? v->visit(v->self, &capture, err) : rc;
}

aw_rc aw_store_captures(struct aw_store *store, struct aw_str url,
                        aw_store_capture_fn *visit, void *self,
                        struct aw_err *err)
{
    struct capture_visit v = {.store = store, .visit = visit, .self = self};
    struct aw_rows *rows = NULL;
    aw_rc rc = aw_db_query(store->db, err, &rows,
                           "SELECT id FROM capture WHERE url = ?"
                           " ORDER BY id DESC LIMIT ?",
                           "si", url, (int64_t)AW_ABOUT_CAPTURES_MAX);

    aw_arena_init(&v.arena, (size_t)1 << 20);
    if (rc == AW_OK)
        rc = aw_rows_each(rows, visit_capture, &v, err);
    aw_arena_deinit(&v.arena);
    return rc;
}

aw_rc aw_store_capture_before(struct aw_store *store,
                              const struct aw_capture *capture,
                              int64_t *before, struct aw_err *err)
{
    return aw_db_int(store->db, err, before,
                     "SELECT coalesce(max(id), 0) FROM capture WHERE url = ?"
                     " AND id < ? AND (plain > 0) = ?",
                     "sii", capture->url, capture->id,
                     (int64_t)(capture->plain > 0));
}

aw_rc aw_store_capture_rendered(struct aw_store *store, int64_t capture,
                                int64_t *rendered, struct aw_err *err)
{
    return aw_db_int(store->db, err, rendered,
                     "SELECT coalesce(max(id), 0) FROM capture"
                     " WHERE plain > 0 AND plain = ?",
                     "i", capture);
}

aw_rc aw_store_shot_get(struct aw_store *store, struct aw_arena *arena,
                        int64_t id, struct aw_shot_row *s, struct aw_err *err)
{
    struct aw_str *const texts[] = {&s->kind, &s->uri, &s->warc_file,
                                    &s->digest};
    struct aw_rows *rows = NULL;
    aw_rc rc = aw_db_query(store->db, err, &rows,
                           "SELECT capture, warc_offset, warc_length, width,"
                           " height, kind, uri, warc_file, digest"
                           " FROM screenshot WHERE id = ?",
                           "i", id);

    if (rc == AW_OK)
        rc = aw_rows_one(rows, "screenshot", id, err);
    if (rc == AW_OK) {
        *s = (struct aw_shot_row){.id = id,
                                  .capture = aw_rows_int(rows, 0),
                                  .warc_offset = aw_rows_int(rows, 1),
                                  .warc_length = aw_rows_int(rows, 2),
                                  .width = aw_rows_int(rows, 3),
                                  .height = aw_rows_int(rows, 4)};
        rc = aw_rows_dup_all(rows, 5, 4, arena, texts, err);
    }
    aw_rows_end(rows);
    return rc;
}

aw_rc aw_store_capture_newest(struct aw_store *store, struct aw_str url,
                              int64_t *capture, struct aw_err *err)
{
    return aw_db_int(store->db, err, capture,
                     "SELECT coalesce(max(id), 0) FROM capture WHERE url = ?",
                     "s", url);
}

aw_rc aw_store_capture_nearest(struct aw_store *store, struct aw_str url,
                               int64_t at_ms, int64_t *capture,
                               struct aw_err *err)
{
    return aw_db_int(store->db, err, capture,
                     "SELECT coalesce((SELECT id FROM capture WHERE url = ?"
                     " AND plain = 0 ORDER BY abs(fetched_ms - ?), id"
                     " LIMIT 1), 0)",
                     "si", url, at_ms);
}

struct id_visit {
    aw_store_finding_id_fn *visit;
    void *self;
};

static aw_rc visit_id(void *self, struct aw_rows *rows, struct aw_err *err)
{
    const struct id_visit *v = self;

    return v->visit(v->self, aw_rows_int(rows, 0), err);
}

aw_rc aw_store_confirmed(struct aw_store *store, int64_t from_ms,
                         int64_t to_ms, aw_store_finding_id_fn *visit,
                         void *self, struct aw_err *err)
{
    struct id_visit v = {visit, self};
    struct aw_rows *rows = NULL;
    aw_rc rc = aw_db_query(
        store->db, err, &rows,
        "SELECT id FROM finding WHERE state = 'confirmed' AND id IN"
        " (SELECT finding FROM decision WHERE action = 'confirm'"
        " AND at_ms >= ? AND at_ms < ?) ORDER BY url, id",
        "ii", from_ms, to_ms);

    return rc == AW_OK ? aw_rows_each(rows, visit_id, &v, err) : rc;
}

aw_rc aw_store_finding_url(struct aw_store *store, int64_t finding,
                           struct aw_buf *out, struct aw_err *err)
{
    struct aw_rows *rows = NULL;
    aw_rc rc =
        aw_db_query(store->db, err, &rows,
                    "SELECT url FROM finding WHERE id = ?", "i", finding);

    if (rc == AW_OK)
        rc = aw_rows_one(rows, "finding", finding, err);
    if (rc == AW_OK) {
        aw_buf_put(out, aw_rows_str(rows, 0));
        rc = aw_buf_check(out, err);
    }
    aw_rows_end(rows);
    return rc;
}

aw_rc aw_store_finding_of_url(struct aw_store *store, struct aw_str url,
                              struct aw_str place, int64_t *finding,
                              struct aw_err *err)
{
    return aw_db_int(store->db, err, finding,
                     "SELECT coalesce(max(id), 0) FROM finding"
                     " WHERE url = ?1 AND" OF_PLACE("finding.id"),
                     "ss", url, place);
}

aw_rc aw_store_is_viewed(struct aw_store *store, struct aw_str who,
                         struct aw_str subject, struct aw_str words,
                         int64_t since_ms, bool *viewed, struct aw_err *err)
{
    int64_t count = 0;
    aw_rc rc = aw_db_int(store->db, err, &count,
                         "SELECT EXISTS (SELECT 1 FROM audit WHERE"
                         " action = 'view' AND subject = ? AND who = ?"
                         " AND at_ms >= ? AND instr(detail, ?) > 0)",
                         "ssis", subject, who, since_ms, words);

    if (rc == AW_OK)
        *viewed = count != 0;
    return rc;
}

/* ---- publisher, and the same elsewhere ---------------------------------- */

aw_rc aw_store_publisher_of(struct aw_store *store, struct aw_arena *arena,
                            int64_t finding, struct aw_publisher_row *out,
                            struct aw_err *err)
{
    struct aw_str *const texts[] = {&out->key, &out->name};
    struct aw_rows *rows = NULL;
    aw_rc rc = aw_db_query(store->db, err, &rows,
                           "SELECT id, key, name FROM publisher WHERE id ="
                           " (SELECT publisher FROM sorted WHERE finding = ?)",
                           "i", finding);

    if (rc == AW_OK)
        rc = aw_rows_one(rows, "publisher of finding", finding, err);
    if (rc == AW_OK) {
        *out = (struct aw_publisher_row){.id = aw_rows_int(rows, 0)};
        rc = aw_rows_dup_all(rows, 1, 2, arena, texts, err);
    }
    aw_rows_end(rows);
    return rc;
}

struct other_visit {
    aw_store_other_fn *visit;
    void *self;
    int64_t told;
};

static aw_rc visit_other(void *self, struct aw_rows *rows, struct aw_err *err)
{
    struct other_visit *v = self;
    struct aw_other_row other = {.id = aw_rows_int(rows, 0),
                                 .first_seen_ms = aw_rows_int(rows, 1),
                                 .state = aw_rows_str(rows, 2),
                                 .url = aw_rows_str(rows, 3),
                                 .host = aw_rows_str(rows, 4),
                                 .title = aw_rows_str(rows, 5),
                                 .quote = aw_rows_str(rows, 6)};

    v->told++;
    return v->visit(v->self, &other, err);
}

#define OTHERS \
    "SELECT finding.id, first_seen_ms," STATE ", finding.url, host, title,"

/* Tells the rows of a query that begins with OTHERS: ?1 is what it is about,
 * ?4 the finding that is not told or how many are looked at, ?5 how many are
 * told. */
static aw_rc tell_others(struct aw_store *store, const char *sql,
                         int64_t about, const struct aw_viewer *viewer,
                         int64_t four, int64_t most, struct other_visit *v,
                         struct aw_err *err)
{
    struct aw_rows *rows = NULL;
    aw_rc rc = aw_db_query(store->db, err, &rows, sql, "issii", about,
                           viewer->place, viewer->veiled_from, four, most);

    return rc == AW_OK ? aw_rows_each(rows, visit_other, v, err) : rc;
}

aw_rc aw_store_publisher_recent(struct aw_store *store, int64_t publisher,
                                int64_t finding,
                                const struct aw_viewer *viewer,
                                aw_store_other_fn *visit, void *self,
                                struct aw_err *err)
{
    static const char sql[] =
        OTHERS " '' FROM sorted JOIN finding ON finding.id = sorted.finding"
               " WHERE sorted.publisher = ?1 AND finding.id <> ?4"
               " AND substr(sorted.place, 1, length(?2)) = ?2"
               " ORDER BY sorted.finding DESC LIMIT ?5";
    struct other_visit v = {visit, self, 0};

    return tell_others(store, sql, publisher, viewer, finding,
                       AW_ABOUT_RECENT_MAX, &v, err);
}

/* The claims with the same beginning come from an index, the newest first, and
 * are looked at until there are enough: words that stand on every page cost no
 * more than others. */
static aw_rc same_words(struct aw_store *store, int64_t finding,
                        const struct aw_viewer *viewer, struct other_visit *v,
                        struct aw_err *err)
{
    static const char sql[] = OTHERS
        " min(mine.quote) FROM claim AS mine JOIN finding ON finding.id IN"
        " (SELECT DISTINCT other.finding FROM (SELECT finding, quote"
        " FROM claim WHERE substr(quote, 1, 12) = substr(mine.quote, 1, 12)"
        " ORDER BY finding DESC LIMIT ?4) AS other"
        " WHERE other.quote = mine.quote AND other.finding <> ?1"
        " AND" OF_PLACE(
            "other.finding") " LIMIT ?5)"
                             " WHERE mine.finding = ?1 AND mine.quote <> ''"
                             " GROUP BY finding.id ORDER BY finding.id DESC "
                             "LIMIT ?5";

    return tell_others(store, sql, finding, viewer, LOOKED_AT_MAX,
                       AW_ABOUT_ELSEWHERE_MAX, v, err);
}

static aw_rc same_bunch(struct aw_store *store, int64_t finding,
                        const struct aw_viewer *viewer, struct other_visit *v,
                        struct aw_err *err)
{
    static const char sql[] = OTHERS
        " '' FROM (SELECT finding AS id FROM sorted WHERE bunch ="
        " (SELECT bunch FROM sorted WHERE finding = ?1)"
        " AND substr(place, 1, length(?2)) = ?2"
        " ORDER BY finding DESC LIMIT ?4) AS alike"
        " JOIN finding ON finding.id = alike.id WHERE finding.id <> ?1"
        " AND NOT EXISTS (SELECT 1 FROM claim AS mine JOIN claim AS other"
        " ON other.quote = mine.quote WHERE mine.finding = ?1"
        " AND mine.quote <> '' AND other.finding = finding.id)"
        " ORDER BY finding.id DESC LIMIT ?5";

    return tell_others(store, sql, finding, viewer, LOOKED_AT_MAX,
                       AW_ABOUT_ELSEWHERE_MAX - v->told, v, err);
}

aw_rc aw_store_elsewhere(struct aw_store *store, int64_t finding,
                         const struct aw_viewer *viewer,
                         aw_store_other_fn *visit, void *self,
                         struct aw_err *err)
{
    struct other_visit v = {visit, self, 0};
    aw_rc rc = same_words(store, finding, viewer, &v, err);

    return rc == AW_OK && v.told < AW_ABOUT_ELSEWHERE_MAX
               ? same_bunch(store, finding, viewer, &v, err)
               : rc;
}
