#include "store/looks.h"

#include "store/private.h"

#define LOOK_MAX ((size_t)64 << 10) /* bytes, of all texts of one */

#define COLUMNS                                                            \
    "l.id, l.finding, l.blind, l.first_ms, l.first_decision, l.second_ms," \
    " l.second_decision, l.why, l.state, l.first_who, l.first_action,"     \
    " l.first_class, l.second_who, l.second_action, l.second_class"

static aw_rc read_look(struct aw_rows *rows, struct aw_arena *arena,
                       struct aw_look *l, struct aw_err *err)
{
    struct aw_str *const texts[] = {&l->why,           &l->state,
                                    &l->first_who,     &l->first_action,
                                    &l->first_class,   &l->second_who,
                                    &l->second_action, &l->second_class};

    l->id = aw_rows_int(rows, 0);
    l->finding = aw_rows_int(rows, 1);
    l->blind = aw_rows_int(rows, 2) != 0;
    l->first_ms = aw_rows_int(rows, 3);
    l->first_decision = aw_rows_int(rows, 4);
    l->second_ms = aw_rows_int(rows, 5);
    l->second_decision = aw_rows_int(rows, 6);
    return aw_rows_dup_all(rows, 7, sizeof texts / sizeof *texts, arena, texts,
                           err);
}

aw_rc aw_store_look_add(struct aw_store *store, struct aw_look *look,
                        struct aw_err *err)
{
    look->state = AW_STR("open");
    return aw_db_insert(store->db, err, &look->id,
                        "INSERT INTO second_look (finding, blind, first_ms,"
                        " first_decision, why, first_who, first_action,"
                        " first_class) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                        "iiiissss", look->finding, (int64_t)look->blind,
                        look->first_ms, look->first_decision, look->why,
                        look->first_who, look->first_action,
                        look->first_class);
}

aw_rc aw_store_look_newest(struct aw_store *store, struct aw_arena *arena,
                           int64_t finding, struct aw_look *out,
                           struct aw_err *err)
{
    struct aw_rows *rows = NULL;
    aw_rc rc = aw_db_query(store->db, err, &rows,
                           "SELECT " COLUMNS " FROM second_look l"
                           " WHERE l.finding = ? ORDER BY l.id DESC LIMIT 1",
                           "i", finding);

    if (rc == AW_OK)
        rc = aw_rows_one(rows, "second look at finding", finding, err);
    if (rc == AW_OK)
        rc = read_look(rows, arena, out, err);
    aw_rows_end(rows);
    return rc;
}

aw_rc aw_store_look_put(struct aw_store *store, const struct aw_look *look,
                        struct aw_err *err)
{
    return aw_db_exec(store->db, err,
                      "UPDATE second_look SET state = ?, second_ms = ?,"
                      " second_decision = ?, second_who = ?,"
                      " second_action = ?, second_class = ? WHERE id = ?",
                      "siisssi", look->state, look->second_ms,
                      look->second_decision, look->second_who,
                      look->second_action, look->second_class, look->id);
}

struct visiting {
    aw_store_look_fn *visit;
    void *self;
    struct aw_arena arena; /* of one row */
};

static aw_rc visit_row(void *self, struct aw_rows *rows, struct aw_err *err)
{
    struct visiting *v = self;
    struct aw_look look = {0};
    aw_rc rc;

    aw_arena_reset(&v->arena);
    rc = read_look(rows, &v->arena, &look, err);
    return rc == AW_OK ? v->visit(v->self, &look, err) : rc;
}

/* Visits the rows of a query that was begun with rc. */
static aw_rc visit_all(aw_rc rc, struct aw_rows *rows, aw_store_look_fn *visit,
                       void *self, struct aw_err *err)
{
    struct visiting v = {.visit = visit, .self = self};

    if (rc != AW_OK)
        return rc;
    aw_arena_init(&v.arena, LOOK_MAX);
    rc = aw_rows_each(rows, visit_row, &v, err);
    aw_arena_deinit(&v.arena);
    return rc;
}

aw_rc aw_store_looks_open(struct aw_store *store, struct aw_str not_by,
                          struct aw_str within, int64_t limit,
                          aw_store_look_fn *visit, void *self,
                          struct aw_err *err)
{
    struct aw_rows *rows = NULL;
    aw_rc rc = aw_db_query(store->db, err, &rows,
                           "SELECT " COLUMNS " FROM second_look l"
                           " LEFT JOIN sorted s ON s.finding = l.finding"
                           " WHERE l.state = 'open' AND l.first_who <> ?1"
                           " AND substr(coalesce(s.place, ''), 1,"
                           " length(?2)) = ?2 ORDER BY l.id LIMIT ?3",
                           "ssi", not_by, within, limit);

    return visit_all(rc, rows, visit, self, err);
}

aw_rc aw_store_looks_answered(struct aw_store *store, int64_t from_ms,
                              int64_t to_ms, struct aw_str within,
                              aw_store_look_fn *visit, void *self,
                              struct aw_err *err)
{
    struct aw_rows *rows = NULL;
    aw_rc rc = aw_db_query(
        store->db, err, &rows,
        "SELECT l.id, l.finding, l.blind, l.first_ms, l.first_decision,"
        " l.second_ms, l.second_decision, l.why, l.state, l.first_who,"
        " l.first_action, CASE WHEN l.first_class <> '' THEN l.first_class"
        " ELSE coalesce((SELECT c.class FROM claim c WHERE c.finding ="
        " l.finding ORDER BY c.id LIMIT 1), '') END, l.second_who,"
        " l.second_action, l.second_class FROM second_look l"
        " LEFT JOIN sorted s ON s.finding = l.finding"
        " WHERE l.state IN ('agreed', 'opposed') AND l.second_ms >= ?1"
        " AND l.second_ms < ?2 AND substr(coalesce(s.place, ''), 1,"
        " length(?3)) = ?3 ORDER BY l.id",
        "iis", from_ms, to_ms, within);

    return visit_all(rc, rows, visit, self, err);
}
