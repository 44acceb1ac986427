#include "store/audit.h"

#include "store/private.h"

#define ROW_MAX ((size_t)1 << 20) /* bytes, of all texts of a row */

#define COLUMNS "id, at_ms, who, action, subject, detail, previous, hash"
/* The finding that a row is about: NULL where it is not known by now, 0 where
 * the row is about none. */
#define FINDING                                                          \
    " CASE WHEN subject LIKE 'finding %'"                                \
    " THEN CAST(substr(subject, 9) AS INTEGER)"                          \
    " WHEN subject LIKE 'decision %' THEN (SELECT finding FROM decision" \
    " WHERE decision.id = CAST(substr(subject, 10) AS INTEGER))"         \
    " WHEN subject LIKE 'capture %' OR subject LIKE 'shot %'"            \
    " THEN CASE WHEN json_valid(audit.detail)"                           \
    " THEN json_extract(audit.detail, '$.finding') END ELSE 0 END"
#define WITHIN                                                        \
    " AND (?7 = '' OR" FINDING " = 0 OR EXISTS (SELECT 1 FROM sorted" \
    " WHERE sorted.finding =" FINDING                                 \
    " AND substr(sorted.place, 1, length(?7)) = ?7))"
#define VEILED                                                       \
    " AND (?8 = '' OR NOT EXISTS (SELECT 1 FROM second_look AS look" \
    " WHERE look.finding =" FINDING " AND look.state = 'open'"       \
    " AND look.blind AND look.first_who <> ?8"                       \
    " AND (audit.at_ms >= look.first_ms"                             \
    " OR subject = 'decision ' || look.first_decision)))"
#define FILTERED                                              \
    "SELECT " COLUMNS " FROM audit"                           \
    " WHERE id > ?1 AND id < ?2"                              \
    " AND (?3 = '' OR who = ?3) AND (?4 = '' OR action = ?4)" \
    " AND (?5 = '' OR subject = ?5)"                          \
    " AND (?9 = 0 OR at_ms >= ?9) AND (?10 = 0 OR at_ms < ?10)" WITHIN VEILED

static aw_rc read_row(struct aw_rows *rows, struct aw_arena *arena,
                      struct aw_audit_row *row, struct aw_err *err)
{
    struct aw_str *const texts[] = {&row->who,      &row->action,
                                    &row->subject,  &row->detail,
                                    &row->previous, &row->hash};

    row->id = aw_rows_int(rows, 0);
    row->at_ms = aw_rows_int(rows, 1);
    return aw_rows_dup_all(rows, 2, sizeof texts / sizeof *texts, arena, texts,
                           err);
}

aw_rc aw_store_audit_last(struct aw_store *store, struct aw_arena *arena,
                          struct aw_audit_row *row, struct aw_err *err)
{
    struct aw_rows *rows = NULL;
    aw_rc rc =
        aw_db_query(store->db, err, &rows,
                    "SELECT " COLUMNS " FROM audit ORDER BY id DESC LIMIT 1",
                    "");

    if (rc == AW_OK)
        rc = aw_rows_one(rows, "audit row", 0, err);
    if (rc == AW_OK)
        rc = read_row(rows, arena, row, err);
    aw_rows_end(rows);
    return rc;
}

aw_rc aw_store_audit_add(struct aw_store *store,
                         const struct aw_audit_row *row, struct aw_err *err)
{
    return aw_db_exec(store->db, err,
                      "INSERT INTO audit (" COLUMNS ")"
                      " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                      "iissssss", row->id, row->at_ms, row->who, row->action,
                      row->subject, row->detail, row->previous, row->hash);
}

struct visiting {
    aw_store_audit_fn *visit;
    void *self;
    struct aw_arena arena; /* of one row */
};

static aw_rc visit_row(void *self, struct aw_rows *rows, struct aw_err *err)
{
    struct visiting *v = self;
    struct aw_audit_row row = {0};
    aw_rc rc;

    aw_arena_reset(&v->arena);
    rc = read_row(rows, &v->arena, &row, err);
    return rc == AW_OK ? v->visit(v->self, &row, err) : rc;
}

struct bounds {
    int64_t after, before; /* ids between */
};

/* Rows of some days lie near each other, but a clock may have been set back:
 * between the least and the greatest id of theirs lie all of them. */
static aw_rc read_days(struct aw_store *store, const struct aw_audit_filter *f,
                       struct bounds *days, struct aw_err *err)
{
    struct aw_rows *rows = NULL;
    aw_rc rc =
        aw_db_query(store->db, err, &rows,
                    "SELECT coalesce(min(id), 1) - 1,"
                    " coalesce(max(id), 0) + 1 FROM audit"
                    " WHERE at_ms >= ?1 AND at_ms < ?2",
                    "ii", f->from_ms, f->to_ms != 0 ? f->to_ms : INT64_MAX);

    if (rc == AW_OK)
        rc = aw_rows_one(rows, "audit row", 0, err);
    if (rc == AW_OK)
        *days = (struct bounds){aw_rows_int(rows, 0), aw_rows_int(rows, 1)};
    aw_rows_end(rows);
    return rc;
}

static aw_rc find_bounds(struct aw_store *store,
                         const struct aw_audit_filter *f, struct bounds *out,
                         struct aw_err *err)
{
    struct bounds days = {0, INT64_MAX};
    aw_rc rc = AW_OK;

    if (f->from_ms != 0 || f->to_ms != 0)
        rc = read_days(store, f, &days, err);
    *out = (struct bounds){f->after, f->before != 0 ? f->before : INT64_MAX};
    if (days.after > out->after)
        out->after = days.after;
    if (days.before < out->before)
        out->before = days.before;
    return rc;
}

aw_rc aw_store_audits(struct aw_store *store,
                      const struct aw_audit_filter *filter,
                      aw_store_audit_fn *visit, void *self, struct aw_err *err)
{
    static const char *const orders[] = {
        FILTERED " ORDER BY id LIMIT ?6",
        FILTERED " ORDER BY id DESC LIMIT ?6",
    };
    static const struct aw_audit_filter all = {0};
    const struct aw_audit_filter *f = filter ? filter : &all;
    struct visiting v = {.visit = visit, .self = self};
    struct aw_rows *rows = NULL;
    struct bounds ids;
    aw_rc rc = find_bounds(store, f, &ids, err);

    if (rc == AW_OK)
        rc = aw_db_query(store->db, err, &rows, orders[f->newest_first],
                         "iisssissii", ids.after, ids.before, f->who,
                         f->action, f->subject, f->limit > 0 ? f->limit : -1,
                         f->within, f->veiled_from, f->from_ms, f->to_ms);
    if (rc != AW_OK)
        return rc;
    aw_arena_init(&v.arena, ROW_MAX);
    rc = aw_rows_each(rows, visit_row, &v, err);
    aw_arena_deinit(&v.arena);
    return rc;
}
