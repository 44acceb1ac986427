#include "store/private.h"

/* ---- seen ----------------------------------------------------------------
 */

static aw_rc find_listing(struct aw_store *store,
                          const struct aw_listing_sight *sight,
                          const struct aw_app *app, int64_t *id,
                          struct aw_err *err)
{
    aw_rc rc = aw_db_int(
        store->db, err, id,
        "UPDATE listing SET last_seen_ms = ?, last_capture = ?, source = ?,"
        " name = ?, link = ? WHERE key = ? AND page = ? RETURNING id",
        "iisssss", sight->at_ms, sight->capture, sight->source,
        app->fields[AW_APP_NAME], app->fields[AW_APP_LINK], app->key,
        sight->page);

    if (rc != AW_MISSING)
        return rc;
    return aw_db_insert(
        store->db, err, id,
        "INSERT INTO listing (first_seen_ms, last_seen_ms, last_capture, key,"
        " page, source, name, link) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        "iiisssss", sight->at_ms, sight->at_ms, sight->capture, app->key,
        sight->page, sight->source, app->fields[AW_APP_NAME],
        app->fields[AW_APP_LINK]);
}

/* A field that never had a text has no version. */
static aw_rc add_version(struct aw_store *store, int64_t listing, int field,
                         const struct aw_listing_sight *sight,
                         const char *digest, struct aw_str text,
                         struct aw_err *err)
{
    int64_t before;
    aw_rc rc = aw_db_int(store->db, err, &before,
                         "SELECT count(*) FROM listing_version"
                         " WHERE listing = ? AND field = ?",
                         "ii", listing, (int64_t)field);

    if (rc != AW_OK || (before == 0 && text.len == 0))
        return rc;
    return aw_db_exec(
        store->db, err,
        "INSERT INTO listing_version (listing, field, first_seen_ms,"
        " last_seen_ms, first_capture, last_capture, digest, text)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        "iiiiiizs", listing, (int64_t)field, sight->at_ms, sight->at_ms,
        sight->capture, sight->capture, digest, text);
}

static aw_rc see_field(struct aw_store *store, int64_t listing, int field,
                       const struct aw_listing_sight *sight,
                       struct aw_str text, struct aw_err *err)
{
    char digest[AW_SHA256_HEX_MAX];
    int64_t same = 0;
    aw_rc rc;

    aw_sha256_hex(text, digest);
    rc = aw_db_change(
        store->db, err, &same,
        "UPDATE listing_version SET last_seen_ms = ?, last_capture = ?"
        " WHERE digest = ? AND id = (SELECT max(id) FROM listing_version"
        " WHERE listing = ? AND field = ?)",
        "iizii", sight->at_ms, sight->capture, digest, listing,
        (int64_t)field);
    if (rc != AW_OK || same > 0)
        return rc;
    return add_version(store, listing, field, sight, digest, text, err);
}

aw_rc aw_store_listing_seen(struct aw_store *store,
                            const struct aw_listing_sight *sight,
                            const struct aw_app *app, struct aw_err *err)
{
    int64_t id = 0;
    aw_rc rc = find_listing(store, sight, app, &id, err);

    for (int field = 0; field < AW_APP_FIELD_COUNT && rc == AW_OK; field++)
        rc = see_field(store, id, field, sight, app->fields[field], err);
    return rc;
}

aw_rc aw_store_listings_same(struct aw_store *store, struct aw_str page,
                             int64_t capture, int64_t now_ms,
                             struct aw_err *err)
{
    int64_t listings = 0;
    aw_rc rc = aw_db_change(store->db, err, &listings,
                            "UPDATE listing SET last_seen_ms = ?"
                            " WHERE page = ? AND last_capture = ?",
                            "isi", now_ms, page, capture);

    if (rc != AW_OK || listings == 0)
        return rc;
    return aw_db_exec(store->db, err,
                      "UPDATE listing_version SET last_seen_ms = ?"
                      " WHERE last_capture = ? AND listing IN"
                      " (SELECT id FROM listing WHERE page = ?)",
                      "iis", now_ms, capture, page);
}

/* ---- told ----------------------------------------------------------------
 */

struct listing_visit {
    aw_store_listing_fn *visit;
    void *self;
};

static aw_rc visit_listing(void *self, struct aw_rows *rows,
                           struct aw_err *err)
{
    const struct listing_visit *v = self;
    struct aw_listing listing = {
        .id = aw_rows_int(rows, 0),
        .first_seen_ms = aw_rows_int(rows, 1),
        .last_seen_ms = aw_rows_int(rows, 2),
        .last_capture = aw_rows_int(rows, 3),
        .versions = aw_rows_int(rows, 4),
        .changes = aw_rows_int(rows, 5),
        .changed_ms = aw_rows_int(rows, 6),
        .key = aw_rows_str(rows, 7),
        .page = aw_rows_str(rows, 8),
        .source = aw_rows_str(rows, 9),
        .name = aw_rows_str(rows, 10),
        .link = aw_rows_str(rows, 11),
    };

    return v->visit(v->self, &listing, err);
}

/* Each field's first version replaces nothing. */
#define LISTINGS_SQL                                                          \
    "SELECT l.id, l.first_seen_ms, l.last_seen_ms, l.last_capture,"           \
    " count(v.id), count(v.id) - count(DISTINCT v.field),"                    \
    " coalesce(max(CASE WHEN v.id > (SELECT min(w.id) FROM listing_version"   \
    " AS w WHERE w.listing = v.listing AND w.field = v.field)"                \
    " THEN v.first_seen_ms END), 0), l.key, l.page, l.source, l.name, l.link" \
    " FROM listing AS l LEFT JOIN listing_version AS v ON v.listing = l.id "

aw_rc aw_store_listings(struct aw_store *store, const char *what,
                        aw_store_listing_fn *visit, void *self,
                        struct aw_err *err)
{
    struct listing_visit v = {visit, self};
    struct aw_rows *rows = NULL;
    int64_t id = -1;
    aw_rc rc;

    if (!what)
        rc = aw_db_query(store->db, err, &rows,
                         LISTINGS_SQL "GROUP BY l.id ORDER BY l.id", "");
    else {
        (void)aw_str_to_int(aw_str_of(what), &id);
        rc = aw_db_query(store->db, err, &rows,
                         LISTINGS_SQL "WHERE l.id = ?1 OR l.key = ?2"
                                      " OR l.page = ?2 OR l.link = ?2"
                                      " GROUP BY l.id ORDER BY l.id",
                         "iz", id, what);
    }
    return rc == AW_OK ? aw_rows_each(rows, visit_listing, &v, err) : rc;
}

struct version_visit {
    aw_store_version_fn *visit;
    void *self;
};

static aw_rc visit_version(void *self, struct aw_rows *rows,
                           struct aw_err *err)
{
    const struct version_visit *v = self;
    struct aw_listing_version version = {
        .field = (enum aw_app_field)aw_rows_int(rows, 0),
        .first_seen_ms = aw_rows_int(rows, 1),
        .last_seen_ms = aw_rows_int(rows, 2),
        .first_capture = aw_rows_int(rows, 3),
        .last_capture = aw_rows_int(rows, 4),
        .digest = aw_rows_str(rows, 5),
        .text = aw_rows_str(rows, 6),
    };

    return v->visit(v->self, &version, err);
}

aw_rc aw_store_listing_versions(struct aw_store *store, int64_t listing,
                                aw_store_version_fn *visit, void *self,
                                struct aw_err *err)
{
    struct version_visit v = {visit, self};
    struct aw_rows *rows = NULL;
    aw_rc rc = aw_db_query(store->db, err, &rows,
                           "SELECT field, first_seen_ms, last_seen_ms,"
                           " first_capture, last_capture, digest, text"
                           " FROM listing_version WHERE listing = ?"
                           " AND field BETWEEN 0 AND ? ORDER BY field, id",
                           "ii", listing, (int64_t)AW_APP_FIELD_COUNT - 1);

    return rc == AW_OK ? aw_rows_each(rows, visit_version, &v, err) : rc;
}
