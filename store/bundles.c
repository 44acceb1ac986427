#include "store/bundles.h"

#include "store/private.h"

#define ROW_MAX ((size_t)4 << 20) /* bytes, of all texts of a row */

#define COLUMNS                                                         \
    "id, made_ms, stamp_tries, who, name, case_no, findings, manifest," \
    " previous, hash, stamp, stamp_why"
#define SELECT "SELECT " COLUMNS " FROM bundle"

static aw_rc read_bundle(struct aw_rows *rows, struct aw_arena *arena,
                         struct aw_bundle_row *row, struct aw_err *err)
{
    struct aw_str *const texts[] = {&row->who,      &row->name,
                                    &row->case_no,  &row->findings,
                                    &row->manifest, &row->previous,
                                    &row->hash,     &row->stamp,
                                    &row->stamp_why};

    row->id = aw_rows_int(rows, 0);
    row->made_ms = aw_rows_int(rows, 1);
    row->stamp_tries = aw_rows_int(rows, 2);
    return aw_rows_dup_all(rows, 3, sizeof texts / sizeof *texts, arena, texts,
                           err);
}

aw_rc aw_store_bundle_last(struct aw_store *store, struct aw_arena *arena,
                           struct aw_bundle_row *row, struct aw_err *err)
{
    struct aw_rows *rows = NULL;
    aw_rc rc = aw_db_query(store->db, err, &rows,
                           SELECT " ORDER BY id DESC LIMIT 1", "");

    if (rc == AW_OK)
        rc = aw_rows_one(rows, "bundle", 0, err);
    if (rc == AW_OK)
        rc = read_bundle(rows, arena, row, err);
    aw_rows_end(rows);
    return rc;
}

aw_rc aw_store_bundle_find(struct aw_store *store, struct aw_arena *arena,
                           struct aw_str name, struct aw_bundle_row *row,
                           struct aw_err *err)
{
    struct aw_rows *rows = NULL;
    bool more = false;
    aw_rc rc = aw_db_query(store->db, err, &rows, SELECT " WHERE name = ?",
                           "s", name);

    if (rc == AW_OK)
        rc = aw_rows_next(rows, &more, err);
    if (rc == AW_OK && !more)
        rc = aw_fail(err, AW_MISSING, "this workspace made no bundle '%.*s'",
                     AW_STR_ARG(name));
    if (rc == AW_OK)
        rc = read_bundle(rows, arena, row, err);
    aw_rows_end(rows);
    return rc;
}

static aw_rc check_free(struct aw_store *store, struct aw_str name,
                        struct aw_err *err)
{
    int64_t id;
    aw_rc rc = aw_db_int(store->db, err, &id,
                         "SELECT id FROM bundle WHERE name = ?", "s", name);

    if (rc == AW_OK)
        return aw_fail(err, AW_INVALID, "there is a bundle '%.*s' already",
                       AW_STR_ARG(name));
    return rc == AW_MISSING ? AW_OK : rc;
}

aw_rc aw_store_bundle_add(struct aw_store *store,
                          const struct aw_bundle_row *row, struct aw_err *err)
{
    aw_rc rc = check_free(store, row->name, err);

    if (rc != AW_OK)
        return rc;
    return aw_db_exec(store->db, err,
                      "INSERT INTO bundle (" COLUMNS ")"
                      " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                      "iiisssssssss", row->id, row->made_ms, row->stamp_tries,
                      row->who, row->name, row->case_no, row->findings,
                      row->manifest, row->previous, row->hash, row->stamp,
                      row->stamp_why);
}

aw_rc aw_store_bundle_stamp(struct aw_store *store,
                            const struct aw_bundle_row *row,
                            struct aw_err *err)
{
    return aw_db_exec(store->db, err,
                      "UPDATE bundle SET stamp = ?, stamp_tries = ?,"
                      " stamp_why = ? WHERE id = ?",
                      "sisi", row->stamp, row->stamp_tries, row->stamp_why,
                      row->id);
}

struct visit_bundles {
    aw_store_bundle_fn *call;
    void *self;
    struct aw_arena arena; /* of one row */
};

static aw_rc visit_bundle(void *self, struct aw_rows *rows, struct aw_err *err)
{
    struct visit_bundles *visit = self;
    struct aw_bundle_row row = {0};
    aw_rc rc;

    aw_arena_reset(&visit->arena);
    rc = read_bundle(rows, &visit->arena, &row, err);
    return rc == AW_OK ? visit->call(visit->self, &row, err) : rc;
}

aw_rc aw_store_bundles(struct aw_store *store, bool pending,
                       aw_store_bundle_fn *visit, void *self,
                       struct aw_err *err)
{
    static const char *const queries[] = {
        SELECT " ORDER BY id", SELECT " WHERE stamp = 'pending' ORDER BY id"};
    struct visit_bundles each = {.call = visit, .self = self};
    struct aw_rows *rows = NULL;
    aw_rc rc = aw_db_query(store->db, err, &rows, queries[pending], "");

    if (rc != AW_OK)
        return rc;
    aw_arena_init(&each.arena, ROW_MAX);
    rc = aw_rows_each(rows, visit_bundle, &each, err);
    aw_arena_deinit(&each.arena);
    return rc;
}

/* ---- seals ---------------------------------------------------------------
 */

aw_rc aw_store_seal_add(struct aw_store *store, const struct aw_seal_row *row,
                        struct aw_err *err)
{
    return aw_db_exec(store->db, err,
                      "INSERT INTO seal (bundle, officer, certificate, at_ms,"
                      " statement) VALUES (?, ?, ?, ?, ?)",
                      "issis", row->bundle, row->officer, row->certificate,
                      row->at_ms, row->statement);
}

struct visit_seals {
    aw_store_seal_fn *call;
    void *self;
};

static aw_rc visit_seal(void *self, struct aw_rows *rows, struct aw_err *err)
{
    const struct visit_seals *visit = self;
    struct aw_seal_row row = {.bundle = aw_rows_int(rows, 0),
                              .at_ms = aw_rows_int(rows, 1),
                              .officer = aw_rows_str(rows, 2),
                              .certificate = aw_rows_str(rows, 3),
                              .statement = aw_rows_str(rows, 4)};

    return visit->call(visit->self, &row, err);
}

aw_rc aw_store_seals(struct aw_store *store, int64_t bundle,
                     aw_store_seal_fn *visit, void *self, struct aw_err *err)
{
    struct visit_seals each = {visit, self};
    struct aw_rows *rows = NULL;
    aw_rc rc = aw_db_query(store->db, err, &rows,
                           "SELECT bundle, at_ms, officer, certificate,"
                           " statement FROM seal WHERE bundle = ?"
                           " ORDER BY at_ms," /* has seconds: the turn, too */
                           " CASE WHEN json_valid(statement) THEN"
                           " json_extract(statement, '$.officer') END,"
                           " officer",
                           "i", bundle);

    return rc == AW_OK ? aw_rows_each(rows, visit_seal, &each, err) : rc;
}
