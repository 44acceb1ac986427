#include "store/private.h"

/* URLs with their newest capture, then what was handed in, which has no URL
 * row. */
#define REPORT_SQL                                                           \
    "SELECT url.url, url.source, url.state, url.reason,"                     \
    " coalesce(origin.url, ''), coalesce(capture.title, ''),"                \
    " coalesce(capture.charset, ''), coalesce(capture.verdict, ''),"         \
    " coalesce(capture.doc_kind, ''), url.depth, url.status,"                \
    " coalesce(capture.id, 0),"                                              \
    " coalesce((SELECT max(finding.id) FROM finding"                         \
    " WHERE finding.url = url.url"                                           \
    " AND finding.last_capture = capture.id), 0)"                            \
    " FROM url LEFT JOIN url AS origin ON origin.id = url.found_on"          \
    " LEFT JOIN capture ON capture.id = (SELECT max(c.id) FROM capture AS c" \
    " WHERE c.url = url.url) WHERE ?1 IS NULL OR url.url = ?1"               \
    " UNION ALL SELECT capture.url, capture.source, 'handed in',"            \
    " CASE capture.reader WHEN 'ok' THEN '' ELSE capture.reader END, '',"    \
    " capture.title, capture.charset, capture.verdict, capture.doc_kind, 0," \
    " 0, capture.id, coalesce((SELECT max(finding.id) FROM finding"          \
    " WHERE finding.url = capture.url), 0)"                                  \
    " FROM capture JOIN run ON run.id = capture.run"                         \
    " AND run.kind = 'ingest' WHERE ?1 IS NULL OR capture.url = ?1"

static struct aw_url_report read_report(struct aw_rows *rows)
{
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
        .depth = aw_rows_int(rows, 9),
        .status = aw_rows_int(rows, 10),
        .capture = aw_rows_int(rows, 11),
        .finding = aw_rows_int(rows, 12),
    };
}

aw_rc aw_store_url_reports(struct aw_store *store, const char *url,
                           aw_store_report_fn *visit, void *self,
                           struct aw_err *err)
{
    struct aw_rows *rows = NULL;
    bool more = false;
    aw_rc rc = aw_db_query(store->db, err, &rows, REPORT_SQL, "z", url);

    while (rc == AW_OK) {
        struct aw_url_report report;

        rc = aw_rows_next(rows, &more, err);
        if (rc != AW_OK || !more)
            break;
        report = read_report(rows);
        rc = visit(self, &report, err);
    }
    aw_rows_end(rows);
    return rc;
}
