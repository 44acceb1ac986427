#include "store/private.h"

/* URLs with their newest capture. */
#define URLS_SQL                                                             \
    "SELECT url.url, source.name, url.state, url.reason,"                    \
    " coalesce(origin.url, ''), coalesce(capture.title, ''),"                \
    " coalesce(capture.charset, ''), coalesce(capture.verdict, ''),"         \
    " coalesce(capture.doc_kind, ''), coalesce(page.canonical, ''),"         \
    " url.depth, url.status, coalesce(capture.id, 0),"                       \
    " coalesce((SELECT max(finding.id) FROM finding"                         \
    " WHERE finding.url = url.url"                                           \
    " AND finding.last_capture IN (capture.id, capture.plain)), 0),"         \
    " url.via, url.due_ms, coalesce(capture.tls_organisation, '')"           \
    " FROM url JOIN source ON source.id = url.source"                        \
    " LEFT JOIN url AS origin ON origin.id = url.found_on"                   \
    " LEFT JOIN page ON page.url = url.id"                                   \
    " LEFT JOIN capture ON capture.id = (SELECT max(c.id) FROM capture AS c" \
    " WHERE c.url = url.url) "

/* What was handed in has no URL row. */
#define HANDED_IN_SQL                                                         \
    "SELECT capture.url, capture.source, 'handed in',"                        \
    " CASE capture.reader WHEN 'ok' THEN '' ELSE capture.reader END, '',"     \
    " capture.title, capture.charset, capture.verdict, capture.doc_kind, ''," \
    " 0, 0, capture.id, coalesce((SELECT max(finding.id) FROM finding"        \
    " WHERE finding.url = capture.url), 0), -1, 0, ''"                        \
    " FROM capture JOIN run ON run.id = capture.run"                          \
    " AND run.kind = 'ingest' "

static struct aw_url_report read_report(struct aw_rows *rows)
{
    int64_t via = aw_rows_int(rows, 14);

    return (struct aw_url_report){
        .url = aw_rows_str(rows, 0),
        .source = aw_rows_str(rows, 1),
        .state = aw_rows_str(rows, 2),
        .reason = aw_rows_str(rows, 3),
        .found_on = aw_rows_str(rows, 4),
        .title = aw_rows_str(rows, 5),
        .charset = aw_rows_str(rows, 6),
        .verdict = aw_rows_str(rows, 7),
        .doc_kind = aw_rows_str(rows, 8),
        .canonical = aw_rows_str(rows, 9),
        .depth = aw_rows_int(rows, 10),
        .status = aw_rows_int(rows, 11),
        .capture = aw_rows_int(rows, 12),
        .finding = aw_rows_int(rows, 13),
        .via = via < 0 ? AW_STR("") : aw_str_of(aw_via_name((enum aw_via)via)),
        .due_ms = aw_rows_int(rows, 15),
        .tls_organisation = aw_rows_str(rows, 16),
    };
}

struct report_visit {
    aw_store_report_fn *visit;
    void *self;
};

static aw_rc visit_report(void *self, struct aw_rows *rows, struct aw_err *err)
{
    const struct report_visit *v = self;
    struct aw_url_report report = read_report(rows);

    return v->visit(v->self, &report, err);
}

aw_rc aw_store_url_reports(struct aw_store *store, const char *url,
                           const char *state, aw_store_report_fn *visit,
                           void *self, struct aw_err *err)
{
    struct report_visit v = {visit, self};
    struct aw_rows *rows = NULL;
    aw_rc rc;

    if (url)
        rc = aw_db_query(store->db, err, &rows,
                         URLS_SQL "WHERE url.hash = ?1 AND url.url = ?2"
                                  " AND (?3 IS NULL OR url.state = ?3)"
                                  " UNION ALL " HANDED_IN_SQL
                                  "WHERE capture.url = ?2 AND ?3 IS NULL",
                         "izz", aw_store_url_hash(store, aw_str_of(url)), url,
                         state);
    else
        rc = aw_db_query(store->db, err, &rows,
                         URLS_SQL "WHERE ?1 IS NULL OR url.state = ?1"
                                  " UNION ALL " HANDED_IN_SQL
                                  "WHERE ?1 IS NULL",
                         "z", state);
    return rc == AW_OK ? aw_rows_each(rows, visit_report, &v, err) : rc;
}

/* ---- what was not fetched ----------------------------------------------- */

static aw_rc visit_unfetched(void *self, struct aw_rows *rows,
                             struct aw_err *err)
{
    const struct report_visit *v = self;
    struct aw_url_report report = {
        .url = aw_rows_str(rows, 0),
        .source = aw_rows_str(rows, 1),
        .state = aw_rows_str(rows, 2),
        .reason = aw_rows_str(rows, 3),
    };

    return v->visit(v->self, &report, err);
}

aw_rc aw_store_urls_unfetched(struct aw_store *store, int64_t run,
                              int64_t source, aw_store_report_fn *visit,
                              void *self, struct aw_err *err)
{
    struct report_visit v = {visit, self};
    struct aw_rows *rows = NULL;
    aw_rc rc = aw_db_query(
        store->db, err, &rows,
        "SELECT url, name, state, reason FROM url"
        " JOIN source ON source.id = url.source"
        " WHERE (state = 'queued' OR (run = ?1"
        " AND state IN ('failed', 'skipped'))) AND (?2 = 0 OR source = ?2)",
        "ii", run, source);

    return rc == AW_OK ? aw_rows_each(rows, visit_unfetched, &v, err) : rc;
}

/* ---- landing pages ------------------------------------------------------ */

struct landing_visit {
    aw_store_landing_fn *visit;
    void *self;
};

static aw_rc visit_landing(void *self, struct aw_rows *rows,
                           struct aw_err *err)
{
    const struct landing_visit *v = self;

    return v->visit(v->self, aw_rows_str(rows, 0), aw_rows_int(rows, 1) != 0,
                    err);
}

aw_rc aw_store_landings(struct aw_store *store, struct aw_str url,
                        aw_store_landing_fn *visit, void *self,
                        struct aw_err *err)
{
    struct landing_visit v = {visit, self};
    struct aw_rows *rows = NULL;
    aw_rc rc = aw_db_query(
        store->db, err, &rows,
        "SELECT other.url, 0 FROM url JOIN landing ON landing.ad = url.id"
        " JOIN url AS other ON other.id = landing.url"
        " WHERE url.hash = ?1 AND url.url = ?2 UNION ALL"
        " SELECT other.url, 1 FROM url JOIN landing ON landing.url = url.id"
        " JOIN url AS other ON other.id = landing.ad"
        " WHERE url.hash = ?1 AND url.url = ?2",
        "is", aw_store_url_hash(store, url), url);

    return rc == AW_OK ? aw_rows_each(rows, visit_landing, &v, err) : rc;
}

/* ---- how long findings were up ------------------------------------------ */

struct span_visit {
    aw_store_span_fn *visit;
    void *self;
};

static aw_rc visit_span(void *self, struct aw_rows *rows, struct aw_err *err)
{
    const struct span_visit *v = self;
    struct aw_finding_span span = {
        .id = aw_rows_int(rows, 0),
        .first_seen_ms = aw_rows_int(rows, 1),
        .last_seen_ms = aw_rows_int(rows, 2),
        .gone_ms = aw_rows_int(rows, 3),
        .state = aw_rows_str(rows, 4),
        .gone_why = aw_rows_str(rows, 5),
    };

    return v->visit(v->self, &span, err);
}

aw_rc aw_store_finding_spans(struct aw_store *store, struct aw_str url,
                             aw_store_span_fn *visit, void *self,
                             struct aw_err *err)
{
    struct span_visit v = {visit, self};
    struct aw_rows *rows = NULL;
    aw_rc rc = aw_db_query(store->db, err, &rows,
                           "SELECT id, first_seen_ms, last_seen_ms, gone_ms,"
                           " state, gone_why FROM finding WHERE url = ?"
                           " ORDER BY id",
                           "s", url);

    return rc == AW_OK ? aw_rows_each(rows, visit_span, &v, err) : rc;
}
