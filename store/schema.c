#include "store/schema.h"

/* Times are UTC milliseconds. url.state: queued (waits), active (a crawler
 * has it in memory; queued again at the next start), done, failed, skipped.
 * url.run is the run for which it was queued last, so that every page is
 * taken up once a run. A finding is one document with its claims; its
 * fingerprint makes the same claims on the same page one finding for ever.
 */
static const char *const migrations[] = {
    "CREATE TABLE run ("
    " id INTEGER PRIMARY KEY, kind TEXT NOT NULL, state TEXT NOT NULL,"
    " started_ms INTEGER NOT NULL, ended_ms INTEGER, pid INTEGER NOT NULL,"
    " lexicon_hash TEXT NOT NULL, model_hash TEXT NOT NULL,"
    " tool TEXT NOT NULL);"
    "CREATE TABLE host ("
    " id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE,"
    " fails INTEGER NOT NULL DEFAULT 0);"
    "CREATE TABLE robots ("
    " origin TEXT PRIMARY KEY, fetched_ms INTEGER NOT NULL,"
    " status INTEGER NOT NULL, body TEXT NOT NULL);"
    "CREATE TABLE url ("
    " id INTEGER PRIMARY KEY, url TEXT NOT NULL UNIQUE,"
    " host INTEGER NOT NULL REFERENCES host(id), source TEXT NOT NULL,"
    " depth INTEGER NOT NULL, hops INTEGER NOT NULL, run INTEGER NOT NULL,"
    " state TEXT NOT NULL, reason TEXT NOT NULL DEFAULT '',"
    " status INTEGER NOT NULL DEFAULT 0, tries INTEGER NOT NULL DEFAULT 0,"
    " found_on INTEGER, added_ms INTEGER NOT NULL, visited_ms INTEGER);"
    "CREATE INDEX url_queued ON url (host, depth, id)"
    " WHERE state = 'queued';"
    "CREATE TABLE capture ("
    " id INTEGER PRIMARY KEY, run INTEGER NOT NULL REFERENCES run(id),"
    " url TEXT NOT NULL, source TEXT NOT NULL, fetched_ms INTEGER NOT NULL,"
    " status INTEGER NOT NULL, mime TEXT NOT NULL, ip TEXT NOT NULL,"
    " protocol TEXT NOT NULL, warc_file TEXT NOT NULL,"
    " warc_offset INTEGER NOT NULL, warc_length INTEGER NOT NULL,"
    " request_offset INTEGER NOT NULL, request_length INTEGER NOT NULL,"
    " payload_digest TEXT NOT NULL, body_bytes INTEGER NOT NULL,"
    " elapsed_ms INTEGER NOT NULL, reader TEXT NOT NULL,"
    " charset TEXT NOT NULL DEFAULT '', charset_why TEXT NOT NULL DEFAULT '',"
    " title TEXT NOT NULL DEFAULT '', verdict TEXT NOT NULL DEFAULT '',"
    " doc_kind TEXT NOT NULL DEFAULT '', doc_score REAL NOT NULL DEFAULT 0);"
    "CREATE INDEX capture_url ON capture (url, id);"
    "CREATE INDEX capture_digest ON capture (payload_digest);"
    "CREATE TABLE finding ("
    " id INTEGER PRIMARY KEY, fingerprint TEXT NOT NULL UNIQUE,"
    " first_capture INTEGER NOT NULL REFERENCES capture(id),"
    " last_capture INTEGER NOT NULL REFERENCES capture(id),"
    " first_seen_ms INTEGER NOT NULL, last_seen_ms INTEGER NOT NULL,"
    " url TEXT NOT NULL, host TEXT NOT NULL, source TEXT NOT NULL,"
    " channel TEXT NOT NULL, title TEXT NOT NULL, doc_kind TEXT NOT NULL,"
    " doc_score REAL NOT NULL, score REAL NOT NULL,"
    " severity INTEGER NOT NULL, urgency REAL NOT NULL,"
    " parties TEXT NOT NULL, lexicon_hash TEXT NOT NULL,"
    " model_hash TEXT NOT NULL, tool TEXT NOT NULL,"
    " state TEXT NOT NULL DEFAULT 'new');"
    "CREATE INDEX finding_queue ON finding (state, urgency DESC, id);"
    "CREATE INDEX finding_url ON finding (url);"
    "CREATE TABLE claim ("
    " id INTEGER PRIMARY KEY,"
    " finding INTEGER NOT NULL REFERENCES finding(id),"
    " class TEXT NOT NULL, quote TEXT NOT NULL, block INTEGER NOT NULL,"
    " start INTEGER NOT NULL, end INTEGER NOT NULL, before TEXT NOT NULL,"
    " after TEXT NOT NULL, rule TEXT NOT NULL, rule_version TEXT NOT NULL,"
    " code TEXT NOT NULL, law TEXT NOT NULL, severity INTEGER NOT NULL,"
    " score REAL NOT NULL, why TEXT NOT NULL);"
    "CREATE INDEX claim_finding ON claim (finding);"
    "CREATE TABLE decision ("
    " id INTEGER PRIMARY KEY,"
    " finding INTEGER NOT NULL REFERENCES finding(id),"
    " at_ms INTEGER NOT NULL, who TEXT NOT NULL, action TEXT NOT NULL,"
    " reason TEXT NOT NULL, previous TEXT NOT NULL, hash TEXT NOT NULL);"
    "CREATE INDEX decision_finding ON decision (finding, id);",
};

int64_t aw_schema_newest(void)
{
    return (int64_t)(sizeof migrations / sizeof *migrations);
}

static aw_rc version_of(struct aw_db *db, int64_t *version, struct aw_err *err)
{
    aw_rc rc = AW_OK;

    if (!aw_db_is_readonly(db))
        rc = aw_db_script(
            db, "CREATE TABLE IF NOT EXISTS schema_version (version INTEGER)",
            err);
    *version = 0;
    if (rc == AW_OK)
        rc = aw_db_int(db, err, version,
                       "SELECT coalesce(max(version), 0) FROM schema_version",
                       "");
    return rc;
}

static aw_rc apply(struct aw_db *db, int64_t version, struct aw_err *err)
{
    aw_rc rc = aw_db_begin(db, err);

    if (rc == AW_OK)
        rc = aw_db_script(db, migrations[version - 1], err);
    if (rc == AW_OK)
        rc = aw_db_exec(db, err, "INSERT INTO schema_version VALUES (?)", "i",
                        version);
    if (rc == AW_OK)
        rc = aw_db_commit(db, err);
    if (rc != AW_OK) {
        aw_db_rollback(db);
        return aw_fail_in(err, "migration %lld", (long long)version);
    }
    return AW_OK;
}

aw_rc aw_schema_migrate(struct aw_db *db, struct aw_err *err)
{
    int64_t version;
    aw_rc rc = version_of(db, &version, err);

    if (rc == AW_OK && version > aw_schema_newest())
        return aw_fail(err, AW_STORE,
                       "store '%s' has version %lld, this program knows %lld: "
                       "use a newer adwatch",
                       aw_db_path(db), (long long)version,
                       (long long)aw_schema_newest());
    if (rc == AW_OK && version < aw_schema_newest() && aw_db_is_readonly(db))
        return aw_fail(err, AW_STORE,
                       "store '%s' is of an older adwatch and may not be "
                       "written: run this once as who may write it",
                       aw_db_path(db));
    while (rc == AW_OK && version < aw_schema_newest())
        rc = apply(db, ++version, err);
    return rc;
}
