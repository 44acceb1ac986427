#include "store/schema.h"

#include "store/private.h"

/* Times are UTC milliseconds. url.state: queued (until its work is committed),
 * done, failed, skipped; url.run is the run for which it was queued last, so
 * that every page is taken up once a run. url.hash is keyed (setting
 * url_hash_key): looked up, then compared by text. A finding is one document
 * with its claims; its fingerprint makes the same claims on the same page one
 * finding for ever. Digests are looked up by 64 bits of theirs and then
 * compared: an index of whole ones would be the largest of all. A capture with
 * plain > 0 is what a browser made of that one; render is the list of pages
 * for it.
 */

/* Adds `by` to each count that a sorted finding stands in: as a whole, and by
 * its channel, classes, rules and sectors. A day is one of Beijing, counted
 * from 1970-01-01. */
#define TALLY(finding, place, sectors, state, by)                           \
    "INSERT INTO tally (kind, day, place, value, state, count)"             \
    " SELECT side.kind, (first_seen_ms + 28800000) / 86400000, " place ","  \
    " side.value, " state ", " by " FROM finding,"                          \
    " (SELECT 'all' AS kind, '' AS value"                                   \
    " UNION ALL SELECT 'channel', channel FROM finding WHERE id = " finding \
    " UNION ALL SELECT DISTINCT 'class', class FROM claim"                  \
    " WHERE finding = " finding                                             \
    " UNION ALL SELECT DISTINCT 'rule', rule FROM claim"                    \
    " WHERE finding = " finding                                             \
    " UNION ALL SELECT 'sector', value FROM " AW_EACH_SECTOR(               \
        sectors) " WHERE value <> '') AS side WHERE finding.id = " finding  \
                 " ON CONFLICT DO UPDATE SET count = count + "              \
                 "excluded.count; "
#define TALLY_SORTED(row, by) \
    TALLY(row ".finding", row ".place", row ".sectors", "state", by)
#define TALLY_OF(column) \
    "(SELECT " column " FROM sorted WHERE finding = NEW.id)"
#define TALLY_STATE(row, by) \
    TALLY("NEW.id", TALLY_OF("place"), TALLY_OF("sectors"), row ".state", by)
#define TALLY_BOTH(change) change("OLD", "-1") change("NEW", "1")
#define TALLY_TRIGGER(name, event, body) \
    "CREATE TRIGGER tally_" name " AFTER " event " BEGIN " body "END;"
#define TALLY_TRIGGERS                                                       \
    TALLY_TRIGGER("sorted", "INSERT ON sorted", TALLY_SORTED("NEW", "1"))    \
    TALLY_TRIGGER("unsorted", "DELETE ON sorted", TALLY_SORTED("OLD", "-1")) \
    TALLY_TRIGGER("sorted_anew", "UPDATE OF place, sectors ON sorted",       \
                  TALLY_BOTH(TALLY_SORTED))                                  \
    TALLY_TRIGGER(                                                           \
        "decided",                                                           \
        "UPDATE OF state ON finding"                                         \
        " WHEN OLD.state <> NEW.state"                                       \
        " AND EXISTS (SELECT 1 FROM sorted WHERE finding = NEW.id)",         \
        TALLY_BOTH(TALLY_STATE))

static const char *const migrations[] = {
    "CREATE TABLE setting (key TEXT PRIMARY KEY, value TEXT NOT NULL);"
    "INSERT INTO setting VALUES ('url_hash_key', lower(hex(randomblob(16))));"
    "CREATE TABLE run ("
    " id INTEGER PRIMARY KEY, kind TEXT NOT NULL, state TEXT NOT NULL,"
    " started_ms INTEGER NOT NULL, ended_ms INTEGER, pid INTEGER NOT NULL,"
    " lexicon_hash TEXT NOT NULL, model_hash TEXT NOT NULL,"
    " tool TEXT NOT NULL);"
    "CREATE TABLE source (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);"
    "CREATE TABLE host ("
    " id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE,"
    " site TEXT NOT NULL, site_seen_ms INTEGER NOT NULL,"
    " address TEXT NOT NULL DEFAULT '',"
    " backoff_level INTEGER NOT NULL DEFAULT 0,"
    " backoff_until_ms INTEGER NOT NULL DEFAULT 0);"
    "CREATE INDEX host_site ON host (site);"
    "CREATE TABLE robots ("
    " origin TEXT PRIMARY KEY, fetched_ms INTEGER NOT NULL,"
    " status INTEGER NOT NULL, body TEXT NOT NULL,"
    " failing_ms INTEGER NOT NULL);"
    "CREATE TABLE url ("
    " id INTEGER PRIMARY KEY, hash INTEGER NOT NULL, url TEXT NOT NULL,"
    " host INTEGER NOT NULL REFERENCES host(id),"
    " source INTEGER NOT NULL REFERENCES source(id),"
    " via INTEGER NOT NULL, priority INTEGER NOT NULL,"
    " depth INTEGER NOT NULL, hops INTEGER NOT NULL, run INTEGER NOT NULL,"
    " state TEXT NOT NULL, reason TEXT NOT NULL DEFAULT '',"
    " status INTEGER NOT NULL DEFAULT 0, tries INTEGER NOT NULL DEFAULT 0,"
    " found_on INTEGER, added_ms INTEGER NOT NULL, visited_ms INTEGER,"
    " due_ms INTEGER NOT NULL DEFAULT 0);"
    "CREATE INDEX url_hash ON url (hash);"
    "CREATE INDEX url_queued ON url (host, priority, id, source)"
    " WHERE state = 'queued';"
    "CREATE INDEX url_due ON url (source, due_ms) WHERE state <> 'queued';"
    "CREATE TABLE landing ("
    " ad INTEGER NOT NULL REFERENCES url(id),"
    " url INTEGER NOT NULL REFERENCES url(id), PRIMARY KEY (ad, url))"
    " WITHOUT ROWID;"
    "CREATE INDEX landing_url ON landing (url);"
    "CREATE TABLE page ("
    " url INTEGER PRIMARY KEY REFERENCES url(id), etag TEXT NOT NULL,"
    " last_modified TEXT NOT NULL, payload_digest TEXT NOT NULL,"
    " text_digest TEXT NOT NULL, canonical TEXT NOT NULL,"
    " rules TEXT NOT NULL, record TEXT NOT NULL, record_ms INTEGER NOT NULL,"
    " capture INTEGER NOT NULL REFERENCES capture(id),"
    " interval_s INTEGER NOT NULL, changed_ms INTEGER NOT NULL,"
    " has_finding INTEGER NOT NULL);"
    "CREATE TABLE coverage ("
    " run INTEGER NOT NULL REFERENCES run(id),"
    " source INTEGER NOT NULL REFERENCES source(id),"
    " planned INTEGER NOT NULL, requests INTEGER NOT NULL,"
    " fetched INTEGER NOT NULL, unchanged INTEGER NOT NULL,"
    " read INTEGER NOT NULL, refused INTEGER NOT NULL,"
    " skipped INTEGER NOT NULL, failed INTEGER NOT NULL,"
    " left_over INTEGER NOT NULL, findings INTEGER NOT NULL,"
    " bytes INTEGER NOT NULL, read_bytes INTEGER NOT NULL,"
    " taken INTEGER NOT NULL, PRIMARY KEY (run, "
    "source)) WITHOUT ROWID;"
    "CREATE TABLE note ("
    " run INTEGER NOT NULL REFERENCES run(id),"
    " source INTEGER NOT NULL REFERENCES source(id), text TEXT NOT NULL,"
    " PRIMARY KEY (run, source, text)) WITHOUT ROWID;"
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
    " doc_kind TEXT NOT NULL DEFAULT '', doc_score REAL NOT NULL DEFAULT 0,"
    " plain INTEGER NOT NULL DEFAULT 0,"
    " tls_organisation TEXT NOT NULL DEFAULT '');"
    "CREATE INDEX capture_plain ON capture (plain) WHERE plain > 0;"
    "CREATE INDEX capture_url ON capture (url);"
    "CREATE INDEX capture_digest ON capture (substr(payload_digest, 1, 16));"
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
    " state TEXT NOT NULL DEFAULT 'new',"
    " gone_ms INTEGER NOT NULL DEFAULT 0, gone_why TEXT NOT NULL DEFAULT '');"
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
    "CREATE TABLE render ("
    " id INTEGER PRIMARY KEY,"
    " capture INTEGER NOT NULL UNIQUE REFERENCES capture(id),"
    " url INTEGER NOT NULL REFERENCES url(id), cause TEXT NOT NULL,"
    " state TEXT NOT NULL DEFAULT 'queued', reason TEXT NOT NULL DEFAULT '',"
    " tries INTEGER NOT NULL DEFAULT 0, note TEXT NOT NULL DEFAULT '',"
    " rendered INTEGER NOT NULL DEFAULT 0,"
    " mobile INTEGER NOT NULL DEFAULT 0, resources INTEGER NOT NULL DEFAULT 0,"
    " refused INTEGER NOT NULL DEFAULT 0, bytes INTEGER NOT NULL DEFAULT 0,"
    " elapsed_ms INTEGER NOT NULL DEFAULT 0);"
    "CREATE INDEX render_queued ON render (id) WHERE state = 'queued';"
    "CREATE TABLE screenshot ("
    " id INTEGER PRIMARY KEY,"
    " capture INTEGER NOT NULL REFERENCES capture(id), kind TEXT NOT NULL,"
    " uri TEXT NOT NULL, warc_file TEXT NOT NULL,"
    " warc_offset INTEGER NOT NULL, warc_length INTEGER NOT NULL,"
    " digest TEXT NOT NULL, width INTEGER NOT NULL, height INTEGER NOT NULL);"
    "CREATE INDEX screenshot_capture ON screenshot (capture);"
    "CREATE TABLE box ("
    " screenshot INTEGER NOT NULL REFERENCES screenshot(id),"
    " claim INTEGER NOT NULL REFERENCES claim(id),"
    " n INTEGER NOT NULL, x INTEGER NOT NULL, y INTEGER NOT NULL,"
    " width INTEGER NOT NULL, height INTEGER NOT NULL,"
    " PRIMARY KEY (screenshot, claim, n)) WITHOUT ROWID;"
    "CREATE TABLE decision ("
    " id INTEGER PRIMARY KEY,"
    " finding INTEGER NOT NULL REFERENCES finding(id),"
    " at_ms INTEGER NOT NULL, who TEXT NOT NULL, action TEXT NOT NULL,"
    " reason TEXT NOT NULL, previous TEXT NOT NULL, hash TEXT NOT NULL);"
    "CREATE INDEX decision_finding ON decision (finding, id);"
    "CREATE TABLE hand_in ("
    " id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE,"
    " run INTEGER NOT NULL REFERENCES run(id),"
    " capture INTEGER NOT NULL REFERENCES capture(id),"
    " at_ms INTEGER NOT NULL, first INTEGER NOT NULL,"
    " manifest INTEGER NOT NULL, line INTEGER NOT NULL,"
    " seen_ms INTEGER NOT NULL, seen_unit TEXT NOT NULL,"
    " url TEXT NOT NULL, text_digest TEXT NOT NULL, same TEXT NOT NULL,"
    " place TEXT NOT NULL, who TEXT NOT NULL, channel TEXT NOT NULL,"
    " note TEXT NOT NULL, source TEXT NOT NULL, file TEXT NOT NULL,"
    " name TEXT NOT NULL, reading TEXT NOT NULL, apps INTEGER NOT NULL);"
    "CREATE INDEX hand_in_url ON hand_in (url);"
    "CREATE INDEX hand_in_text ON hand_in (text_digest, id);"
    "CREATE INDEX hand_in_first ON hand_in (first);"
    "CREATE TABLE manifest_file ("
    " capture INTEGER NOT NULL REFERENCES capture(id),"
    " digest TEXT NOT NULL, PRIMARY KEY (capture, digest)) WITHOUT ROWID;"
    "CREATE TABLE listing ("
    " id INTEGER PRIMARY KEY, key TEXT NOT NULL, page TEXT NOT NULL,"
    " source TEXT NOT NULL, name TEXT NOT NULL, link TEXT NOT NULL,"
    " first_seen_ms INTEGER NOT NULL, last_seen_ms INTEGER NOT NULL,"
    " last_capture INTEGER NOT NULL REFERENCES capture(id),"
    " UNIQUE (page, key));"
    "CREATE INDEX listing_key ON listing (key);"
    "CREATE INDEX listing_link ON listing (link);"
    "CREATE TABLE listing_version ("
    " id INTEGER PRIMARY KEY,"
    " listing INTEGER NOT NULL REFERENCES listing(id),"
    " field INTEGER NOT NULL, digest TEXT NOT NULL, text TEXT NOT NULL,"
    " first_seen_ms INTEGER NOT NULL, last_seen_ms INTEGER NOT NULL,"
    " first_capture INTEGER NOT NULL REFERENCES capture(id),"
    " last_capture INTEGER NOT NULL REFERENCES capture(id));"
    "CREATE INDEX listing_version_field"
    " ON listing_version (listing, field, id);",
    "CREATE TABLE rescan ("
    " id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE,"
    " lexicon_hash TEXT NOT NULL, model_hash TEXT NOT NULL,"
    " started_ms INTEGER NOT NULL, last_capture INTEGER NOT NULL DEFAULT 0,"
    " most_capture INTEGER NOT NULL, read INTEGER NOT NULL DEFAULT 0,"
    " failed INTEGER NOT NULL DEFAULT 0);"
    "CREATE TABLE rescan_told ("
    " id INTEGER PRIMARY KEY, rescan INTEGER NOT NULL REFERENCES rescan(id),"
    " key TEXT NOT NULL, kind TEXT NOT NULL, capture INTEGER NOT NULL,"
    " finding INTEGER NOT NULL, state TEXT NOT NULL, url TEXT NOT NULL,"
    " before TEXT NOT NULL, after TEXT NOT NULL, UNIQUE (rescan, key));"
    "CREATE INDEX rescan_told_url ON rescan_told (rescan, url);",
    /* People: who may come in, and who is in. */
    "CREATE TABLE user ("
    " id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE,"
    " role TEXT NOT NULL, place TEXT NOT NULL, certificate TEXT NOT NULL,"
    " password TEXT NOT NULL, active INTEGER NOT NULL DEFAULT 1,"
    " created_ms INTEGER NOT NULL);"
    "CREATE TABLE login_wait ("
    " key TEXT PRIMARY KEY, failures INTEGER NOT NULL,"
    " last_ms INTEGER NOT NULL, closed_until_ms INTEGER NOT NULL)"
    " WITHOUT ROWID;"
    "CREATE INDEX login_wait_last ON login_wait (last_ms);"
    "CREATE TABLE session ("
    " key TEXT PRIMARY KEY, user INTEGER NOT NULL REFERENCES user(id),"
    " csrf TEXT NOT NULL, created_ms INTEGER NOT NULL,"
    " seen_ms INTEGER NOT NULL, expires_ms INTEGER NOT NULL) WITHOUT ROWID;"
    "CREATE INDEX session_user ON session (user);"
    /* What is done with findings. */
    "ALTER TABLE finding ADD COLUMN version INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE finding ADD COLUMN assigned INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE finding ADD COLUMN touched INTEGER NOT NULL DEFAULT 0;"
    "CREATE INDEX finding_touched ON finding (touched);"
    "ALTER TABLE decision ADD COLUMN class TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE decision ADD COLUMN code TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE decision ADD COLUMN batch INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE decision ADD COLUMN undoes INTEGER NOT NULL DEFAULT 0;"
    "CREATE INDEX decision_who ON decision (who, id);"
    "CREATE INDEX decision_batch ON decision (batch, finding);"
    "CREATE UNIQUE INDEX decision_undoes ON decision (undoes)"
    " WHERE undoes > 0;"
    "CREATE TABLE batch ("
    " id INTEGER PRIMARY KEY, who TEXT NOT NULL, at_ms INTEGER NOT NULL,"
    " action TEXT NOT NULL, key TEXT NOT NULL,"
    " undoes INTEGER NOT NULL DEFAULT 0, closed INTEGER NOT NULL DEFAULT 0);"
    "CREATE INDEX batch_who ON batch (who, id);"
    "CREATE UNIQUE INDEX batch_key ON batch (who, key) WHERE key <> '';"
    "CREATE TABLE lease ("
    " finding INTEGER PRIMARY KEY REFERENCES finding(id),"
    " user INTEGER NOT NULL REFERENCES user(id),"
    " until_ms INTEGER NOT NULL);"
    "CREATE TABLE comment ("
    " id INTEGER PRIMARY KEY,"
    " finding INTEGER NOT NULL REFERENCES finding(id),"
    " at_ms INTEGER NOT NULL, who TEXT NOT NULL, text TEXT NOT NULL);"
    "CREATE INDEX comment_finding ON comment (finding, id);"
    "CREATE TABLE correction ("
    " id INTEGER PRIMARY KEY,"
    " finding INTEGER NOT NULL REFERENCES finding(id),"
    " claim INTEGER NOT NULL REFERENCES claim(id),"
    " at_ms INTEGER NOT NULL, who TEXT NOT NULL, class TEXT NOT NULL,"
    " quote TEXT NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL);"
    "CREATE INDEX correction_finding ON correction (finding, id);"
    "CREATE TABLE second_look ("
    " id INTEGER PRIMARY KEY,"
    " finding INTEGER NOT NULL REFERENCES finding(id), why TEXT NOT NULL,"
    " blind INTEGER NOT NULL, state TEXT NOT NULL DEFAULT 'open',"
    " first_ms INTEGER NOT NULL, first_who TEXT NOT NULL,"
    " first_action TEXT NOT NULL, first_class TEXT NOT NULL,"
    " first_decision INTEGER NOT NULL REFERENCES decision(id),"
    " second_decision INTEGER NOT NULL DEFAULT 0,"
    " second_ms INTEGER NOT NULL DEFAULT 0,"
    " second_who TEXT NOT NULL DEFAULT '',"
    " second_action TEXT NOT NULL DEFAULT '',"
    " second_class TEXT NOT NULL DEFAULT '');"
    "CREATE INDEX second_look_finding ON second_look (finding);"
    "CREATE INDEX second_look_open ON second_look (id) WHERE state = 'open';"
    "CREATE TABLE audit ("
    " id INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, who TEXT NOT NULL,"
    " action TEXT NOT NULL, subject TEXT NOT NULL, detail TEXT NOT NULL,"
    " previous TEXT NOT NULL, hash TEXT NOT NULL);"
    /* Was it looked at today already? */
    "CREATE INDEX audit_view ON audit (subject, who) WHERE action = 'view';"
    /* The same words elsewhere: by how they begin, the newest first. */
    "CREATE INDEX claim_quote ON claim (substr(quote, 1, 12), finding);"
    /* Findings sorted for the queue, once each: what is like what, and whose.
     */
    "CREATE TABLE publisher ("
    " id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, name TEXT NOT NULL,"
    " first_seen_ms INTEGER NOT NULL);"
    "CREATE TABLE publisher_key ("
    " key TEXT PRIMARY KEY,"
    " publisher INTEGER NOT NULL REFERENCES publisher(id)) WITHOUT ROWID;"
    "CREATE INDEX publisher_key_publisher ON publisher_key (publisher);"
    "CREATE TABLE sorted ("
    " finding INTEGER PRIMARY KEY REFERENCES finding(id),"
    " bunch INTEGER NOT NULL, simhash INTEGER NOT NULL,"
    " creative TEXT NOT NULL, publisher INTEGER NOT NULL,"
    " classes INTEGER NOT NULL, sectors TEXT NOT NULL, place TEXT NOT NULL,"
    " audience TEXT NOT NULL, adverts INTEGER NOT NULL);"
    "CREATE INDEX sorted_bunch ON sorted (bunch);"
    "CREATE INDEX sorted_publisher ON sorted (publisher);"
    "CREATE INDEX sorted_creative ON sorted (creative) WHERE creative <> '';"
    "CREATE INDEX sorted_terse ON sorted (publisher, classes, finding)"
    " WHERE simhash = 0;"
    "CREATE VIRTUAL TABLE finding_text USING fts5("
    " title, claims, parties, tokenize = 'trigram', content = '');"
    "CREATE VIRTUAL TABLE finding_gram USING"
    " fts5vocab(finding_text, instance);"
    /* Each change that a queue has to know of gives the finding a number above
     * all others. */
    "CREATE TRIGGER finding_added AFTER INSERT ON finding BEGIN"
    " UPDATE finding SET touched = (SELECT max(touched) + 1 FROM finding)"
    " WHERE id = NEW.id; END;"
    "CREATE TRIGGER finding_changed AFTER UPDATE OF state, version, assigned,"
    " gone_ms ON finding WHEN OLD.state <> NEW.state"
    " OR OLD.version <> NEW.version OR OLD.assigned <> NEW.assigned"
    " OR OLD.gone_ms <> NEW.gone_ms BEGIN"
    " UPDATE finding SET touched = (SELECT max(touched) + 1 FROM finding)"
    " WHERE id = NEW.id; END;"
    "CREATE TRIGGER finding_sorted AFTER INSERT ON sorted BEGIN"
    " UPDATE finding SET touched = (SELECT max(touched) + 1 FROM finding)"
    " WHERE id = NEW.finding; END;"
    "CREATE TRIGGER finding_handed_in AFTER INSERT ON hand_in"
    " WHEN NEW.first <> 0 BEGIN"
    " UPDATE finding SET touched = (SELECT max(touched) + 1 FROM finding)"
    " WHERE url = (SELECT url FROM hand_in WHERE id = NEW.first); END;"
    /* What the dashboard counts, kept as findings are sorted and decided. */
    "CREATE TABLE tally ("
    " kind TEXT NOT NULL, day INTEGER NOT NULL, place TEXT NOT NULL,"
    " value TEXT NOT NULL, state TEXT NOT NULL, count INTEGER NOT NULL,"
    " PRIMARY KEY (kind, day, place, value, state)) WITHOUT ROWID;"
    "CREATE INDEX decision_at ON decision"
    " (at_ms, undoes, who, action, batch, finding);" TALLY_TRIGGERS,
    "ALTER TABLE coverage ADD COLUMN rendered INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE coverage ADD COLUMN unrendered INTEGER NOT NULL DEFAULT 0;",
    "ALTER TABLE page ADD COLUMN grew INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE page ADD COLUMN still INTEGER NOT NULL DEFAULT 0;",
    /* Evidence. Each bundle has the hash of the one before it and its own; its
     * seals and its way through hands stand beside it. */
    "CREATE TABLE bundle ("
    " id INTEGER PRIMARY KEY, made_ms INTEGER NOT NULL, who TEXT NOT NULL,"
    " name TEXT NOT NULL UNIQUE, case_no TEXT NOT NULL,"
    " findings TEXT NOT NULL, manifest TEXT NOT NULL,"
    " previous TEXT NOT NULL, hash TEXT NOT NULL,"
    " stamp TEXT NOT NULL, stamp_tries INTEGER NOT NULL DEFAULT 0,"
    " stamp_why TEXT NOT NULL DEFAULT '');"
    "CREATE INDEX bundle_unstamped ON bundle (id) WHERE stamp = 'pending';"
    "CREATE TABLE seal ("
    " bundle INTEGER NOT NULL REFERENCES bundle(id),"
    " officer TEXT NOT NULL, certificate TEXT NOT NULL,"
    " at_ms INTEGER NOT NULL, statement TEXT NOT NULL,"
    " PRIMARY KEY (bundle, officer)) WITHOUT ROWID;"
    /* By the bundle's name, and by what its bag holds: one that another office
     * made has no row above. */
    "CREATE TABLE handover ("
    " id INTEGER PRIMARY KEY, bundle TEXT NOT NULL, manifest TEXT NOT NULL,"
    " digest TEXT NOT NULL, at_ms INTEGER NOT NULL, who TEXT NOT NULL,"
    " action TEXT NOT NULL, recipient TEXT NOT NULL, person TEXT NOT NULL,"
    " contact TEXT NOT NULL, purpose TEXT NOT NULL, path TEXT NOT NULL,"
    " receipt_of INTEGER NOT NULL, receipt_no TEXT NOT NULL,"
    " receipt_day TEXT NOT NULL, receipt_digest TEXT NOT NULL);"
    "CREATE INDEX handover_bundle ON handover (bundle, id);",
    /* Which rows of the audit are of some days. */
    "CREATE INDEX audit_at ON audit (at_ms);",
    /* spots.h: lists of where each character stands, which one by one take the
     * texts in that came since. Those of before were not kept: the first lists
     * have to hold them all. */
    "CREATE TABLE fresh (id INTEGER PRIMARY KEY, text TEXT NOT NULL);"
    "CREATE TABLE spot (id INTEGER PRIMARY KEY, spots BLOB NOT NULL);"
    "CREATE TABLE spots ("
    " id INTEGER PRIMARY KEY, upto INTEGER NOT NULL, next INTEGER NOT NULL);"
    "INSERT INTO spots SELECT 1, coalesce(max(finding), 0),"
    " iif(count(*) = 0, 1114112, -1) FROM sorted;",
    /* What the rules and provisions said by which a finding was made. */
    "CREATE TABLE wording ("
    " id INTEGER PRIMARY KEY, digest TEXT NOT NULL UNIQUE,"
    " text TEXT NOT NULL);"
    "CREATE TABLE lexicon_wording ("
    " lexicon TEXT NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL,"
    " from_day TEXT NOT NULL, to_day TEXT NOT NULL,"
    " wording INTEGER NOT NULL REFERENCES wording(id),"
    " PRIMARY KEY (lexicon, kind, name, from_day)) WITHOUT ROWID;",
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

static aw_rc run_migration(struct aw_db *db, int64_t version,
                           struct aw_err *err)
{
    aw_rc rc = aw_db_script(db, migrations[version - 1], err);

    return rc == AW_OK
               ? aw_db_exec(db, err, "INSERT INTO schema_version VALUES (?)",
                            "i", version)
               : rc;
}

/* One migration beyond *version. Another process may have been first: what is
 * to do is asked where nobody else writes. */
static aw_rc apply(struct aw_db *db, int64_t *version, struct aw_err *err)
{
    aw_rc rc = aw_db_begin(db, err);

    if (rc == AW_OK)
        rc = version_of(db, version, err);
    if (rc == AW_OK && *version < aw_schema_newest())
        rc = run_migration(db, ++*version, err);
    if (rc == AW_OK)
        rc = aw_db_commit(db, err);
    if (rc != AW_OK) {
        aw_db_rollback(db);
        return aw_fail_in(err, "migration %lld", (long long)*version);
    }
    return AW_OK;
}

static aw_rc too_new(struct aw_db *db, int64_t version, struct aw_err *err)
{
    return aw_fail(err, AW_STORE,
                   "store '%s' has version %lld, this program knows %lld: "
                   "use a newer adwatch",
                   aw_db_path(db), (long long)version,
                   (long long)aw_schema_newest());
}

aw_rc aw_schema_migrate(struct aw_db *db, struct aw_err *err)
{
    int64_t version;
    aw_rc rc = version_of(db, &version, err);

    if (rc == AW_OK && version < aw_schema_newest() && aw_db_is_readonly(db))
        return aw_fail(err, AW_STORE,
                       "store '%s' is of an older adwatch and may not be "
                       "written: run this once as who may write it",
                       aw_db_path(db));
    while (rc == AW_OK && version < aw_schema_newest())
        rc = apply(db, &version, err);
    return rc == AW_OK && version > aw_schema_newest()
               ? too_new(db, version, err)
               : rc;
}
