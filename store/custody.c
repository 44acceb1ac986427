#include "store/custody.h"

#include "store/private.h"

aw_rc aw_store_custody_add(struct aw_store *store, struct aw_custody_row *row,
                           struct aw_err *err)
{
    return aw_db_insert(
        store->db, err, &row->id,
        "INSERT INTO handover (bundle, manifest, digest, at_ms, who, action,"
        " recipient, person, contact, purpose, path, receipt_of, receipt_no,"
        " receipt_day, receipt_digest)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        "sssisssssssisss", row->bundle, row->manifest, row->digest, row->at_ms,
        row->who, row->action, row->recipient, row->person, row->contact,
        row->purpose, row->path, row->receipt_of, row->receipt_no,
        row->receipt_day, row->receipt_digest);
}

struct visiting {
    aw_store_custody_fn *visit;
    void *self;
};

static aw_rc visit_row(void *self, struct aw_rows *rows, struct aw_err *err)
{
    const struct visiting *v = self;
    struct aw_custody_row row = {.id = aw_rows_int(rows, 0),
                                 .at_ms = aw_rows_int(rows, 1),
                                 .receipt_of = aw_rows_int(rows, 2)};
    struct aw_str *const texts[] = {
        &row.bundle,         &row.manifest,  &row.digest,     &row.who,
        &row.action,         &row.recipient, &row.person,     &row.contact,
        &row.purpose,        &row.path,      &row.receipt_no, &row.receipt_day,
        &row.receipt_digest,
    };

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        *texts[i] = aw_rows_str(rows, 3 + (int)i);
    return v->visit(v->self, &row, err);
}

aw_rc aw_store_custody(struct aw_store *store, struct aw_str bundle,
                       aw_store_custody_fn *visit, void *self,
                       struct aw_err *err)
{
    struct visiting v = {visit, self};
    struct aw_rows *rows = NULL;
    aw_rc rc = aw_db_query(
        store->db, err, &rows,
        "SELECT id, at_ms, receipt_of, bundle, manifest, digest, who, action,"
        " recipient, person, contact, purpose, path, receipt_no, receipt_day,"
        " receipt_digest FROM handover WHERE bundle = ? ORDER BY id",
        "s", bundle);

    return rc == AW_OK ? aw_rows_each(rows, visit_row, &v, err) : rc;
}
