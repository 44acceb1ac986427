#include "store/private.h"

/* The columns that read_render expects, in its order. */
#define RENDER_COLUMNS                                                      \
    "id, capture, url, tries, rendered, mobile, resources, refused, bytes," \
    " elapsed_ms, cause, state, reason, note"

aw_rc aw_store_render_add(struct aw_store *store, struct aw_render_row *row,
                          struct aw_err *err)
{
    return aw_db_insert(store->db, err, &row->id,
                        "INSERT INTO render (capture, url, cause, state,"
                        " reason) VALUES (?, ?, ?, ?, ?)",
                        "iisss", row->capture, row->url, row->cause,
                        row->state, row->reason);
}

static aw_rc read_render(struct aw_rows *rows, struct aw_arena *arena,
                         struct aw_render_row *row, struct aw_err *err)
{
    struct aw_str *const texts[] = {&row->cause, &row->state, &row->reason,
                                    &row->note};

    row->id = aw_rows_int(rows, 0);
    row->capture = aw_rows_int(rows, 1);
    row->url = aw_rows_int(rows, 2);
    row->tries = aw_rows_int(rows, 3);
    row->rendered = aw_rows_int(rows, 4);
    row->mobile = aw_rows_int(rows, 5) != 0;
    row->resources = aw_rows_int(rows, 6);
    row->refused = aw_rows_int(rows, 7);
    row->bytes = aw_rows_int(rows, 8);
    row->elapsed_ms = aw_rows_int(rows, 9);
    return aw_rows_dup_all(rows, 10, 4, arena, texts, err);
}

static aw_rc take_render(struct aw_rows *rows, aw_rc rc,
                         struct aw_arena *arena, struct aw_render_row *row,
                         struct aw_err *err)
{
    if (rc == AW_OK)
        rc = aw_rows_one(rows, "rendering", 0, err);
    if (rc == AW_OK)
        rc = read_render(rows, arena, row, err);
    aw_rows_end(rows);
    return rc;
}

aw_rc aw_store_render_row(struct aw_store *store, struct aw_arena *arena,
                          int64_t id, struct aw_render_row *row,
                          struct aw_err *err)
{
    struct aw_rows *rows = NULL;
    aw_rc rc = aw_db_query(store->db, err, &rows,
                           "SELECT " RENDER_COLUMNS " FROM render"
                           " WHERE id = ?",
                           "i", id);

    return take_render(rows, rc, arena, row, err);
}

aw_rc aw_store_render_queued(struct aw_store *store,
                             aw_store_queued_render_fn *visit, void *self,
                             struct aw_err *err)
{
    struct aw_rows *rows = NULL;
    bool more = false;
    aw_rc rc = aw_db_query(store->db, err, &rows,
                           "SELECT render.id, source, cause FROM render JOIN"
                           " url ON url.id = render.url WHERE render.state ="
                           " 'queued' ORDER BY render.id",
                           "");

    while (rc == AW_OK) {
        rc = aw_rows_next(rows, &more, err);
        if (rc != AW_OK || !more)
            break;
        rc = visit(self, aw_rows_int(rows, 0), aw_rows_int(rows, 1),
                   aw_rows_str(rows, 2), err);
    }
    aw_rows_end(rows);
    return rc;
}

aw_rc aw_store_render_is_newest(struct aw_store *store,
                                const struct aw_capture *plain, bool *newest,
                                struct aw_err *err)
{
    int64_t later = 0;
    aw_rc rc = aw_db_int(store->db, err, &later,
                         "SELECT EXISTS (SELECT 1 FROM capture WHERE url = ?"
                         " AND id > ? AND plain = 0 AND reader <>"
                         " 'as before')",
                         "si", plain->url, plain->id);

    *newest = later == 0;
    return rc;
}

aw_rc aw_store_render_end(struct aw_store *store,
                          const struct aw_render_row *row, struct aw_err *err)
{
    return aw_db_exec(store->db, err,
                      "UPDATE render SET state = ?, reason = ?, note = ?,"
                      " tries = ?, rendered = ?, mobile = ?, resources = ?,"
                      " refused = ?, bytes = ?, elapsed_ms = ? WHERE id = ?",
                      "sssiiiiiiii", row->state, row->reason, row->note,
                      row->tries, row->rendered, (int64_t)row->mobile,
                      row->resources, row->refused, row->bytes,
                      row->elapsed_ms, row->id);
}

aw_rc aw_store_render_get(struct aw_store *store, struct aw_arena *arena,
                          int64_t capture, struct aw_render_row *row,
                          struct aw_err *err)
{
    struct aw_rows *rows = NULL;
    aw_rc rc = aw_db_query(store->db, err, &rows,
                           "SELECT " RENDER_COLUMNS " FROM render WHERE"
                           " capture = ?1 OR capture = (SELECT plain FROM"
                           " capture WHERE id = ?1)",
                           "i", capture);

    return take_render(rows, rc, arena, row, err);
}

/* ---- screenshots -------------------------------------------------------- */

aw_rc aw_store_shot_add(struct aw_store *store, struct aw_shot_row *s,
                        struct aw_err *err)
{
    aw_rc rc = aw_db_insert(
        store->db, err, &s->id,
        "INSERT INTO screenshot (capture, warc_offset, warc_length, width,"
        " height, kind, uri, warc_file, digest)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        "iiiiissss", s->capture, s->warc_offset, s->warc_length, s->width,
        s->height, s->kind, s->uri, s->warc_file, s->digest);

    for (size_t i = 0; i < s->box_count && rc == AW_OK; i++)
        rc = aw_db_exec(store->db, err,
                        "INSERT INTO box (screenshot, claim, n, x, y, width,"
                        " height) VALUES (?, ?, ?, ?, ?, ?, ?)",
                        "iiiiiii", s->id, s->boxes[i].claim, (int64_t)i,
                        s->boxes[i].x, s->boxes[i].y, s->boxes[i].width,
                        s->boxes[i].height);
    return rc;
}

/* The claim's index in the finding. */
static int64_t index_of(const struct aw_finding *finding, int64_t claim)
{
    for (size_t i = 0; i < finding->claim_count; i++)
        if (finding->claims[i].id == claim)
            return (int64_t)i;
    return -1;
}

static aw_rc add_box(struct aw_rows *rows, struct aw_arena *arena,
                     const struct aw_finding *finding,
                     struct aw_shot_row *shot, size_t *cap, struct aw_err *err)
{
    void *boxes = shot->boxes;
    struct aw_box_row box = {
        .claim = index_of(finding, aw_rows_int(rows, 0)),
        .x = aw_rows_int(rows, 1),
        .y = aw_rows_int(rows, 2),
        .width = aw_rows_int(rows, 3),
        .height = aw_rows_int(rows, 4),
    };
    aw_rc rc;

    if (box.claim < 0)
        return AW_OK;
    rc = aw_arena_grow(arena, &boxes, shot->box_count, cap,
                       sizeof *shot->boxes, err);
    shot->boxes = boxes;
    if (rc == AW_OK)
        shot->boxes[shot->box_count++] = box;
    return rc;
}

/* Another finding of the same page may have claims in the picture as well. */
static aw_rc read_boxes(struct aw_store *store, struct aw_arena *arena,
                        const struct aw_finding *finding,
                        struct aw_shot_row *shot, struct aw_err *err)
{
    struct aw_rows *rows = NULL;
    bool more = false;
    size_t cap = 0;
    aw_rc rc =
        aw_db_query(store->db, err, &rows,
                    "SELECT claim, x, y, width, height FROM box WHERE"
                    " screenshot = ? AND claim IN (SELECT id FROM"
                    " claim WHERE finding = ?) ORDER BY claim, n"
                    " LIMIT ?",
                    "iii", shot->id, finding->id, (int64_t)AW_BOXES_MAX);

    while (rc == AW_OK) {
        rc = aw_rows_next(rows, &more, err);
        if (rc != AW_OK || !more)
            break;
        rc = add_box(rows, arena, finding, shot, &cap, err);
    }
    aw_rows_end(rows);
    return rc;
}

static aw_rc read_shot(struct aw_rows *rows, struct aw_arena *arena,
                       struct aw_shot_row *s, struct aw_err *err)
{
    struct aw_str *const texts[] = {&s->kind, &s->uri, &s->warc_file,
                                    &s->digest};

    s->id = aw_rows_int(rows, 0);
    s->capture = aw_rows_int(rows, 1);
    s->warc_offset = aw_rows_int(rows, 2);
    s->warc_length = aw_rows_int(rows, 3);
    s->width = aw_rows_int(rows, 4);
    s->height = aw_rows_int(rows, 5);
    return aw_rows_dup_all(rows, 6, 4, arena, texts, err);
}

aw_rc aw_store_shots_of(struct aw_store *store, struct aw_arena *arena,
                        const struct aw_finding *finding, int64_t capture,
                        struct aw_shot_row **out, size_t *count,
                        struct aw_err *err)
{
    struct aw_shot_row *shots =
        aw_arena_array(arena, AW_SHOTS_MAX, sizeof *shots);
    struct aw_rows *rows = NULL;
    bool more = false;
    size_t n = 0;
    aw_rc rc;

    if (!shots)
        return aw_arena_fail(arena, err);
    rc = aw_db_query(store->db, err, &rows,
                     "SELECT id, capture, warc_offset, warc_length, width,"
                     " height, kind, uri, warc_file, digest FROM screenshot"
                     " WHERE capture = ? ORDER BY id LIMIT ?",
                     "ii", capture, (int64_t)AW_SHOTS_MAX);
    while (rc == AW_OK) {
        rc = aw_rows_next(rows, &more, err);
        if (rc != AW_OK || !more || n == AW_SHOTS_MAX)
            break;
        rc = read_shot(rows, arena, &shots[n++], err);
    }
    aw_rows_end(rows);
    for (size_t i = 0; i < n && rc == AW_OK; i++)
        rc = read_boxes(store, arena, finding, &shots[i], err);
    *out = shots;
    *count = n;
    return rc;
}

/* Of the newest rendering of a page that showed the finding. */
aw_rc aw_finding_read_shots(struct aw_store *store, struct aw_arena *arena,
                            struct aw_finding *f, struct aw_err *err)
{
    int64_t capture = 0;
    aw_rc rc = aw_db_int(
        store->db, err, &capture,
        "SELECT coalesce(max(capture), 0) FROM screenshot WHERE capture IN"
        " (?1, ?2) OR capture IN (SELECT id FROM capture WHERE plain > 0 AND"
        " plain IN (?1, ?2))",
        "ii", f->first_capture, f->last_capture);

    return rc == AW_OK ? aw_store_shots_of(store, arena, f, capture, &f->shots,
                                           &f->shot_count, err)
                       : rc;
}

/* ---- findings ----------------------------------------------------------- */

aw_rc aw_store_claims_shown(struct aw_store *store, int64_t plain,
                            int64_t rendered, aw_store_claim_fn *visit,
                            void *self, struct aw_err *err)
{
    struct aw_rows *rows = NULL;
    bool more = false;
    aw_rc rc = aw_db_query(
        store->db, err, &rows,
        "SELECT claim.id, class, quote, last_capture FROM finding JOIN claim"
        " ON claim.finding = finding.id WHERE finding.url = (SELECT url FROM"
        " capture WHERE id = ?1) AND last_capture IN (?1, ?2)"
        " ORDER BY claim.id",
        "ii", plain, rendered);

    while (rc == AW_OK) {
        rc = aw_rows_next(rows, &more, err);
        if (rc != AW_OK || !more)
            break;
        rc = visit(self, aw_rows_int(rows, 0), aw_rows_str(rows, 1),
                   aw_rows_str(rows, 2), aw_rows_int(rows, 3), err);
    }
    aw_rows_end(rows);
    return rc;
}

aw_rc aw_store_findings_gone_rendered(struct aw_store *store,
                                      struct aw_str url, int64_t plain,
                                      int64_t rendered, const char *why,
                                      int64_t now_ms, struct aw_err *err)
{
    return aw_db_exec(store->db, err,
                      "UPDATE finding SET gone_ms = ?, gone_why = ?"
                      " WHERE url = ? AND gone_ms = 0"
                      " AND last_capture NOT IN (?, ?)",
                      "izsii", now_ms, why, url, plain, rendered);
}

aw_rc aw_store_is_seen_rendered(struct aw_store *store, struct aw_str url,
                                bool *seen, struct aw_err *err)
{
    int64_t count = 0;
    aw_rc rc = aw_db_int(store->db, err, &count,
                         "SELECT EXISTS (SELECT 1 FROM finding JOIN capture"
                         " ON capture.id = last_capture WHERE finding.url = ?"
                         " AND gone_ms = 0 AND plain > 0)",
                         "s", url);

    *seen = count != 0;
    return rc;
}

aw_rc aw_store_page_is_scripted(struct aw_store *store, int64_t url,
                                struct aw_err *err)
{
    return aw_db_exec(store->db, err,
                      "UPDATE page SET record = '' WHERE url = ?", "i", url);
}

aw_rc aw_store_page_findings(struct aw_store *store, int64_t url,
                             struct aw_err *err)
{
    return aw_db_exec(store->db, err,
                      "UPDATE page SET has_finding = EXISTS (SELECT 1 FROM"
                      " finding JOIN url ON url.url = finding.url WHERE"
                      " url.id = ?1 AND gone_ms = 0) WHERE url = ?1",
                      "i", url);
}
