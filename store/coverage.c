#include "store/private.h"

aw_rc aw_store_coverage_put(struct aw_store *store,
                            const struct aw_coverage *c, struct aw_err *err)
{
    return aw_db_exec(
        store->db, err,
        "INSERT INTO coverage (run, source, planned, requests, fetched,"
        " unchanged, read, refused, skipped, failed, left_over, findings,"
        " bytes, read_bytes, taken, rendered, unrendered)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT"
        " (run, source) DO UPDATE SET planned = excluded.planned, requests"
        " = excluded.requests, fetched = excluded.fetched, unchanged ="
        " excluded.unchanged, read = excluded.read, refused ="
        " excluded.refused, skipped = excluded.skipped, failed ="
        " excluded.failed, left_over = excluded.left_over, findings ="
        " excluded.findings, bytes = excluded.bytes,"
        " read_bytes = excluded.read_bytes, taken = excluded.taken,"
        " rendered = excluded.rendered, unrendered = excluded.unrendered",
        "iiiiiiiiiiiiiiiii", c->run, c->source, c->planned, c->requests,
        c->fetched, c->unchanged, c->read, c->refused, c->skipped, c->failed,
        c->left, c->findings, c->bytes, c->read_bytes, c->taken, c->rendered,
        c->unrendered);
}

/* The columns that read_coverage expects, in its order. */
#define COVERAGE_COLUMNS                                                 \
    "run, source, planned, requests, fetched, unchanged, read, refused," \
    " skipped, failed, left_over, findings, bytes, read_bytes,"          \
    " taken, rendered, unrendered"

static struct aw_coverage read_coverage(struct aw_rows *rows)
{
    return (struct aw_coverage){
        .run = aw_rows_int(rows, 0),
        .source = aw_rows_int(rows, 1),
        .planned = aw_rows_int(rows, 2),
        .requests = aw_rows_int(rows, 3),
        .fetched = aw_rows_int(rows, 4),
        .unchanged = aw_rows_int(rows, 5),
        .read = aw_rows_int(rows, 6),
        .refused = aw_rows_int(rows, 7),
        .skipped = aw_rows_int(rows, 8),
        .failed = aw_rows_int(rows, 9),
        .left = aw_rows_int(rows, 10),
        .findings = aw_rows_int(rows, 11),
        .bytes = aw_rows_int(rows, 12),
        .read_bytes = aw_rows_int(rows, 13),
        .taken = aw_rows_int(rows, 14),
        .rendered = aw_rows_int(rows, 15),
        .unrendered = aw_rows_int(rows, 16),
    };
}

struct coverage_visit {
    aw_store_coverage_fn *visit;
    void *self;
};

static aw_rc visit_coverage(void *self, struct aw_rows *rows,
                            struct aw_err *err)
{
    const struct coverage_visit *v = self;
    struct aw_coverage c = read_coverage(rows);

    c.name = aw_rows_str(rows, 17);
    return v->visit(v->self, &c, err);
}

aw_rc aw_store_coverages(struct aw_store *store, int64_t run,
                         aw_store_coverage_fn *visit, void *self,
                         struct aw_err *err)
{
    struct coverage_visit v = {visit, self};
    struct aw_rows *rows = NULL;
    aw_rc rc = aw_db_query(store->db, err, &rows,
                           "SELECT " COVERAGE_COLUMNS ", name FROM coverage"
                           " JOIN source ON source.id = coverage.source"
                           " WHERE run = ? ORDER BY name",
                           "i", run);

    return rc == AW_OK ? aw_rows_each(rows, visit_coverage, &v, err) : rc;
}

aw_rc aw_store_coverage_rich(struct aw_store *store, int64_t run,
                             int64_t source, int64_t least_read,
                             struct aw_coverage *out, struct aw_err *err)
{
    struct aw_rows *rows = NULL;
    aw_rc rc =
        aw_db_query(store->db, err, &rows,
                    "SELECT " COVERAGE_COLUMNS " FROM coverage JOIN run"
                    " ON run.id = coverage.run WHERE source = ? AND run.id < ?"
                    " AND kind = 'crawl' AND state = 'done' AND read >= ?"
                    " ORDER BY run.id DESC LIMIT 1",
                    "iii", source, run, least_read);

    if (rc == AW_OK)
        rc = aw_rows_one(rows, "earlier run of the source", source, err);
    if (rc == AW_OK)
        *out = read_coverage(rows);
    aw_rows_end(rows);
    return rc;
}

aw_rc aw_store_run_before(struct aw_store *store, int64_t run, int64_t *before,
                          struct aw_err *err)
{
    return aw_db_int(store->db, err, before,
                     "SELECT id FROM run WHERE kind = 'crawl'"
                     " AND state = 'done' AND id < ? ORDER BY id DESC LIMIT 1",
                     "i", run);
}

/* ---- notes -------------------------------------------------------------- */

aw_rc aw_store_note_add(struct aw_store *store, int64_t run, int64_t source,
                        const char *text, bool *added, struct aw_err *err)
{
    int64_t changed = 0;
    aw_rc rc =
        aw_db_change(store->db, err, &changed,
                     "INSERT INTO note (run, source, text) VALUES (?, ?, ?)"
                     " ON CONFLICT DO NOTHING",
                     "iiz", run, source, text);

    if (rc == AW_OK)
        *added = changed > 0;
    return rc;
}

struct note_visit {
    aw_store_note_fn *visit;
    void *self;
};

static aw_rc visit_note(void *self, struct aw_rows *rows, struct aw_err *err)
{
    const struct note_visit *v = self;

    return v->visit(v->self, aw_rows_str(rows, 0), aw_rows_str(rows, 1), err);
}

aw_rc aw_store_notes(struct aw_store *store, int64_t run,
                     aw_store_note_fn *visit, void *self, struct aw_err *err)
{
    struct note_visit v = {visit, self};
    struct aw_rows *rows = NULL;
    aw_rc rc = aw_db_query(store->db, err, &rows,
                           "SELECT name, text FROM note"
                           " JOIN source ON source.id = note.source"
                           " WHERE run = ? ORDER BY name, text",
                           "i", run);

    return rc == AW_OK ? aw_rows_each(rows, visit_note, &v, err) : rc;
}

/* ---- counts ------------------------------------------------------------- */

struct count_visit {
    aw_store_count_fn *visit;
    void *self;
};

static aw_rc visit_count(void *self, struct aw_rows *rows, struct aw_err *err)
{
    const struct count_visit *v = self;

    return v->visit(v->self, aw_rows_str(rows, 0), aw_rows_str(rows, 1),
                    aw_rows_str(rows, 2), aw_rows_int(rows, 3), err);
}

aw_rc aw_store_finding_counts(struct aw_store *store, aw_store_count_fn *visit,
                              void *self, struct aw_err *err)
{
    struct count_visit v = {visit, self};
    struct aw_rows *rows = NULL;
    aw_rc rc = aw_db_query(store->db, err, &rows,
                           "SELECT '', state, '', count(*) FROM finding"
                           " GROUP BY state ORDER BY state",
                           "");

    return rc == AW_OK ? aw_rows_each(rows, visit_count, &v, err) : rc;
}
