#include "tests/store/fixture.h"

#include <sys/stat.h>
#include <sys/wait.h>

#include "store/schema.h"

/* ---- opening ----------------------------------------------------------- */

static void reopen(void)
{
    aw_store_close(fixture.store);
    fixture.store = NULL;
    ASSERT_OK(aw_store_open(&fixture.store, fixture.path, &fixture.err));
}

static aw_rc open_other(const char *path)
{
    struct aw_store *other = NULL;
    aw_rc rc = aw_store_open(&other, path, &fixture.err);

    if (rc != AW_OK)
        assert_null(other);
    aw_store_close(other);
    return rc;
}

static int64_t number(const char *sql)
{
    struct aw_db *db = NULL;
    int64_t value = -1;

    ASSERT_OK(aw_db_open(&db, fixture.path, 1000, &fixture.err));
    ASSERT_OK(aw_db_int(db, &fixture.err, &value, sql, ""));
    aw_db_close(db);
    return value;
}

static void migrations_bring_an_empty_store_to_the_newest(void **state)
{
    (void)state;
    assert_int_equal(number("SELECT max(version) FROM schema_version"),
                     aw_schema_newest());
    assert_int_equal(number("SELECT count(*) FROM schema_version"),
                     aw_schema_newest());
    assert_int_equal(number("SELECT count(*) FROM finding"), 0);
}

static void a_store_opened_again_keeps_its_rows(void **state)
{
    int64_t id = fixture_simple("f");
    struct aw_finding finding = {0};

    (void)state;
    reopen();
    ASSERT_OK(aw_store_finding_get(fixture.store, &fixture.arena, id, &finding,
                                   &fixture.err));
    assert_int_equal(number("SELECT count(*) FROM schema_version"),
                     aw_schema_newest());
}

static void a_newer_store_is_refused(void **state)
{
    (void)state;
    fixture_tamper("INSERT INTO schema_version VALUES (99)");
    assert_int_equal(open_other(fixture.path), AW_STORE);
    ASSERT_SAYS("version 99");
    ASSERT_SAYS("use a newer adwatch");
    ASSERT_SAYS(fixture.path);
}

static void a_migration_that_fails_leaves_nothing_behind(void **state)
{
    char path[AW_PATH_MAX];
    struct aw_db *db = NULL;
    int64_t tables = -1;

    (void)state;
    ASSERT_OK(aw_path_join(path, fixture.dir, "half.db", &fixture.err));
    ASSERT_OK(aw_db_open(&db, path, 1000, &fixture.err));
    ASSERT_OK(aw_db_script(db, "CREATE TABLE claim (x)", &fixture.err));
    assert_int_equal(open_other(path), AW_STORE);
    ASSERT_SAYS("migration 1");
    ASSERT_OK(aw_db_int(db, &fixture.err, &tables,
                        "SELECT count(*) FROM sqlite_schema"
                        " WHERE name IN ('run', 'host', 'finding')",
                        ""));
    assert_int_equal(tables, 0);
    aw_db_close(db);
}

static void a_file_that_is_no_database_is_a_store_error(void **state)
{
    char path[AW_PATH_MAX];

    (void)state;
    ASSERT_OK(aw_path_join(path, fixture.dir, "torn.db", &fixture.err));
    ASSERT_OK(aw_file_write(path,
                            AW_STR("not a database, but long enough for "
                                   "the header of one, which has a hundred "
                                   "bytes and begins with its name ......"),
                            &fixture.err));
    assert_int_equal(open_other(path), AW_STORE);
    ASSERT_SAYS("file is not a database");
    ASSERT_SAYS("torn.db");
}

static void
a_store_in_a_folder_that_is_not_there_is_a_store_error(void **state)
{
    char path[AW_PATH_MAX];

    (void)state;
    ASSERT_OK(
        aw_path_join(path, fixture.dir, "none/adwatch.db", &fixture.err));
    assert_int_equal(open_other(path), AW_STORE);
    ASSERT_SAYS("cannot open");
}

/* ---- transactions ------------------------------------------------------ */

static void a_rollback_drops_all(void **state)
{
    (void)state;
    (void)fixture_run();
    ASSERT_OK(aw_store_begin(fixture.store, &fixture.err));
    (void)fixture_simple("f");
    aw_store_rollback(fixture.store);
    assert_int_equal(number("SELECT (SELECT count(*) FROM finding) +"
                            " (SELECT count(*) FROM claim) +"
                            " (SELECT count(*) FROM capture)"),
                     0);
}

static void what_is_not_committed_is_gone_after_a_close(void **state)
{
    (void)state;
    (void)fixture_run();
    ASSERT_OK(aw_store_begin(fixture.store, &fixture.err));
    (void)fixture_simple("f");
    reopen();
    assert_int_equal(number("SELECT count(*) FROM finding"), 0);
}

static void a_commit_is_seen_by_others(void **state)
{
    (void)state;
    (void)fixture_run();
    ASSERT_OK(aw_store_begin(fixture.store, &fixture.err));
    (void)fixture_simple("f");
    assert_int_equal(number("SELECT count(*) FROM finding"), 0);
    ASSERT_OK(aw_store_commit(fixture.store, &fixture.err));
    assert_int_equal(number("SELECT count(*) FROM finding"), 1);
}

static void a_rollback_without_a_transaction_does_nothing(void **state)
{
    (void)state;
    aw_store_rollback(fixture.store);
    ASSERT_OK(aw_store_begin(fixture.store, &fixture.err));
    ASSERT_OK(aw_store_commit(fixture.store, &fixture.err));
}

static void a_second_writer_is_told_that_the_store_is_busy(void **state)
{
    struct aw_db *other = NULL;

    (void)state;
    ASSERT_OK(aw_db_open(&other, fixture.path, 20, &fixture.err));
    ASSERT_OK(aw_store_begin(fixture.store, &fixture.err));
    assert_int_equal(aw_db_begin(other, &fixture.err), AW_BUSY);
    ASSERT_OK(aw_store_commit(fixture.store, &fixture.err));
    ASSERT_OK(aw_db_begin(other, &fixture.err));
    aw_db_rollback(other);
    aw_db_close(other);
}

static void a_row_that_refers_to_nothing_is_refused(void **state)
{
    struct aw_finding finding = fixture_finding("f", 77, NULL);
    bool added;

    (void)state;
    assert_int_equal(aw_store_finding_add(fixture.store, &finding, &added,
                                          &fixture.err),
                     AW_STORE);
    ASSERT_SAYS("FOREIGN KEY");
}

/* ---- runs -------------------------------------------------------------- */

static struct aw_run begin_run(const char *kind, bool *resumed)
{
    struct aw_run run = {.kind = aw_str_of(kind),
                         .started_ms = 1000,
                         .lexicon_hash = AW_STR("lexicon"),
                         .model_hash = AW_STR("model"),
                         .tool = AW_STR("adwatch test")};

    ASSERT_OK(aw_store_run_begin(fixture.store, &run, resumed, &fixture.err));
    return run;
}

static void end_run(int64_t run, const char *end)
{
    ASSERT_OK(aw_store_run_end(fixture.store, run, 2000, end, &fixture.err));
}

static void a_crawl_that_did_not_end_is_taken_up(void **state)
{
    bool resumed;
    int64_t first = begin_run("crawl", &resumed).id;

    (void)state;
    assert_false(resumed);
    reopen();
    assert_int_equal(begin_run("crawl", &resumed).id, first);
    assert_true(resumed);
    end_run(first, "stopped");
    assert_int_equal(begin_run("crawl", &resumed).id, first);
    assert_true(resumed);
}

static void a_crawl_that_ended_is_followed_by_a_new_one(void **state)
{
    bool resumed;
    int64_t first = begin_run("crawl", &resumed).id;

    (void)state;
    end_run(first, "done");
    assert_int_not_equal(begin_run("crawl", &resumed).id, first);
    assert_false(resumed);
}

static void an_ingest_between_does_not_hide_a_broken_crawl(void **state)
{
    bool resumed;
    int64_t crawl = begin_run("crawl", &resumed).id;
    int64_t ingest = begin_run("ingest", &resumed).id;

    (void)state;
    assert_false(resumed);
    assert_int_not_equal(begin_run("ingest", &resumed).id, ingest);
    assert_int_equal(begin_run("crawl", &resumed).id, crawl);
    assert_true(resumed);
}

static void the_newest_crawl_is_the_last_run(void **state)
{
    struct aw_run run = {0};
    bool resumed;

    (void)state;
    assert_int_equal(aw_store_run_last(fixture.store, &fixture.arena, &run,
                                       &fixture.err),
                     AW_MISSING);
    end_run(begin_run("crawl", &resumed).id, "done");
    ASSERT_OK(
        aw_store_run_last(fixture.store, &fixture.arena, &run, &fixture.err));
    assert_int_equal(run.started_ms, 1000);
    assert_int_equal(run.ended_ms, 2000);
    assert_true(aw_str_eq(run.state, AW_STR("done")));
    assert_true(aw_str_eq(run.lexicon_hash, AW_STR("lexicon")));
}

/* ---- the frontier ------------------------------------------------------ */

static int64_t host(const char *name)
{
    int64_t id = 0;

    ASSERT_OK(
        aw_store_host_id(fixture.store, aw_str_of(name), &id, &fixture.err));
    return id;
}

static bool add_url(const char *url, int64_t on_host, int64_t depth,
                    int64_t run)
{
    struct aw_url_row row = {.host = on_host,
                             .url = aw_str_of(url),
                             .source = AW_STR("jinhui"),
                             .depth = depth,
                             .hops = 1,
                             .found_on = 5};
    bool added;

    ASSERT_OK(
        aw_store_url_add(fixture.store, &row, run, 10, &added, &fixture.err));
    return added;
}

static size_t take(int64_t on_host, struct aw_url_row *rows, size_t max)
{
    size_t count = 99;

    ASSERT_OK(aw_store_url_take(fixture.store, on_host, &fixture.arena, rows,
                                max, &count, &fixture.err));
    return count;
}

static void end_url(int64_t id, const char *end, const char *reason)
{
    ASSERT_OK(aw_store_url_end(fixture.store, id, end, reason, 200, 20,
                               &fixture.err));
}

static void a_host_has_one_id(void **state)
{
    int64_t first = host("a.example");

    (void)state;
    assert_int_equal(host("a.example"), first);
    assert_int_not_equal(host("b.example"), first);
}

static void urls_are_taken_nearest_first_and_only_once(void **state)
{
    struct aw_url_row rows[4] = {0};
    int64_t a = host("a.example");

    (void)state;
    assert_true(add_url("http://a.example/deep", a, 2, 1));
    assert_true(add_url("http://a.example/", a, 0, 1));
    assert_true(add_url("http://a.example/near", a, 1, 1));
    assert_int_equal(take(a, rows, 2), 2);
    assert_true(aw_str_eq(rows[0].url, AW_STR("http://a.example/")));
    assert_true(aw_str_eq(rows[1].url, AW_STR("http://a.example/near")));
    assert_int_equal(rows[1].hops, 1);
    assert_int_equal(rows[1].found_on, 5);
    assert_true(aw_str_eq(rows[1].source, AW_STR("jinhui")));
    assert_int_equal(take(a, rows, 4), 1);
    assert_int_equal(take(a, rows, 4), 0);
}

static void a_host_gives_its_own_urls_alone(void **state)
{
    struct aw_url_row rows[4] = {0};

    (void)state;
    assert_true(add_url("http://a.example/", host("a.example"), 0, 1));
    assert_int_equal(take(host("b.example"), rows, 4), 0);
}

static void a_url_is_queued_once_a_run(void **state)
{
    struct aw_url_row rows[2] = {0};
    int64_t a = host("a.example");

    (void)state;
    assert_true(add_url("http://a.example/", a, 0, 1));
    assert_false(add_url("http://a.example/", a, 0, 1));
    assert_int_equal(take(a, rows, 2), 1);
    end_url(rows[0].id, "done", "");
    assert_false(add_url("http://a.example/", a, 0, 1));
    assert_true(add_url("http://a.example/", a, 0, 2));
    assert_int_equal(take(a, rows, 2), 1);
    assert_int_equal(rows[0].tries, 0);
}

static void a_url_put_back_is_taken_again_and_counts_its_tries(void **state)
{
    struct aw_url_row rows[2] = {0};
    int64_t a = host("a.example");

    (void)state;
    assert_true(add_url("http://a.example/", a, 0, 1));
    assert_int_equal(take(a, rows, 2), 1);
    end_url(rows[0].id, "queued", "timeout");
    assert_int_equal(take(a, rows, 2), 1);
    assert_int_equal(rows[0].tries, 1);
}

static aw_rc note_taken(void *self, struct aw_str source, int64_t urls,
                        int64_t requests, struct aw_err *err)
{
    int64_t *taken = self;

    (void)err;
    assert_true(aw_str_eq(source, AW_STR("jinhui")));
    taken[0] = urls;
    taken[1] = requests;
    return AW_OK;
}

static void what_a_run_has_taken_and_asked_is_counted(void **state)
{
    struct aw_url_row rows[3] = {0};
    struct aw_url_row over = {.url = AW_STR("http://a.example/4"),
                              .source = AW_STR("jinhui")};
    int64_t taken[2] = {0};
    bool added = false;

    (void)state;
    over.host = host("a.example");
    assert_true(add_url("http://a.example/1", over.host, 0, 1));
    assert_true(add_url("http://a.example/2", over.host, 0, 1));
    assert_true(add_url("http://a.example/3", over.host, 0, 1));
    assert_true(add_url("http://a.example/other-run", over.host, 0, 2));
    assert_int_equal(take(over.host, rows, 3), 3);
    end_url(rows[0].id, "queued", "timeout");
    end_url(rows[0].id, "done", "");
    ASSERT_OK(aw_store_url_end_unasked(fixture.store, rows[1].id, "skipped",
                                       "robots", 20, &fixture.err));
    ASSERT_OK(aw_store_url_refuse(fixture.store, &over, 1, "over", 20, &added,
                                  &fixture.err));
    assert_true(added);
    ASSERT_OK(aw_store_urls_taken(fixture.store, 1, note_taken, taken,
                                  &fixture.err));
    assert_int_equal(taken[0], 4);
    assert_int_equal(taken[1], 2);
}

static void what_a_broken_run_had_in_memory_is_queued_again(void **state)
{
    struct aw_url_row rows[4] = {0};
    int64_t a = host("a.example");
    bool resumed;
    int64_t run = begin_run("crawl", &resumed).id;

    (void)state;
    assert_true(add_url("http://a.example/1", a, 0, run));
    assert_true(add_url("http://a.example/2", a, 0, run));
    assert_int_equal(take(a, rows, 4), 2);
    end_url(rows[0].id, "done", "");
    reopen();
    (void)begin_run("crawl", &resumed);
    assert_true(resumed);
    assert_int_equal(take(a, rows, 4), 1);
    assert_true(aw_str_eq(rows[0].url, AW_STR("http://a.example/2")));
}

static aw_rc count_host(void *self, int64_t id, struct aw_str name,
                        struct aw_err *err)
{
    int *count = self;

    (void)err;
    assert_int_equal(id, host("b.example"));
    assert_true(aw_str_eq(name, AW_STR("b.example")));
    ++*count;
    return AW_OK;
}

static void only_hosts_with_queued_urls_are_visited(void **state)
{
    struct aw_url_row row;
    int64_t a = host("a.example");
    int count = 0;

    (void)state;
    assert_true(add_url("http://a.example/", a, 0, 1));
    assert_int_equal(take(a, &row, 1), 1);
    assert_true(add_url("http://b.example/", host("b.example"), 0, 1));
    ASSERT_OK(aw_store_hosts_queued(fixture.store, count_host, &count,
                                    &fixture.err));
    assert_int_equal(count, 1);
}

static aw_rc stop_here(void *self, int64_t id, struct aw_str name,
                       struct aw_err *err)
{
    (void)self;
    (void)id;
    (void)name;
    return aw_fail(err, AW_LIMIT, "enough");
}

static void a_visitor_that_fails_ends_the_walk(void **state)
{
    (void)state;
    assert_true(add_url("http://b.example/", host("b.example"), 0, 1));
    assert_int_equal(aw_store_hosts_queued(fixture.store, stop_here, NULL,
                                           &fixture.err),
                     AW_LIMIT);
    ASSERT_SAYS("enough");
}

static void robots_txt_is_kept_as_fetched_last(void **state)
{
    struct aw_robots_row row = {.fetched_ms = 1, .status = 404};
    struct aw_str origin = AW_STR("http://a.example");

    (void)state;
    assert_int_equal(aw_store_robots_get(fixture.store, &fixture.arena, origin,
                                         &row, &fixture.err),
                     AW_MISSING);
    ASSERT_OK(aw_store_robots_put(fixture.store, origin, &row, &fixture.err));
    row = (struct aw_robots_row){2, 200, {"User-agent: *\0x", 15}};
    ASSERT_OK(aw_store_robots_put(fixture.store, origin, &row, &fixture.err));
    row = (struct aw_robots_row){0};
    ASSERT_OK(aw_store_robots_get(fixture.store, &fixture.arena, origin, &row,
                                  &fixture.err));
    assert_int_equal(row.fetched_ms, 2);
    assert_int_equal(row.status, 200);
    assert_int_equal(row.body.len, 15);
    assert_memory_equal(row.body.ptr, "User-agent: *\0x", 15);
}

/* ---- captures ---------------------------------------------------------- */

static void a_capture_comes_back_as_it_was(void **state)
{
    struct aw_capture in = {.run = fixture_run(),
                            .fetched_ms = 1,
                            .url = AW_STR("http://a.example/"),
                            .source = AW_STR("s"),
                            .status = 206,
                            .mime = AW_STR("text/html"),
                            .ip = AW_STR("192.0.2.7"),
                            .protocol = AW_STR("h2"),
                            .warc_file = AW_STR("x.warc.gz"),
                            .warc_offset = INT64_C(5000000000),
                            .warc_length = 3,
                            .request_offset = 4,
                            .request_length = 5,
                            .payload_digest = AW_STR("ab"),
                            .body_bytes = 6,
                            .elapsed_ms = 7,
                            .reader = AW_STR("ok"),
                            .charset = AW_STR("gb18030"),
                            .charset_why = AW_STR("meta"),
                            .title = AW_STR("题"),
                            .verdict = AW_STR("clear"),
                            .doc_kind = AW_STR("news"),
                            .doc_score = 0.25};
    struct aw_capture out = {0};

    (void)state;
    ASSERT_OK(aw_store_capture_add(fixture.store, &in, &fixture.err));
    ASSERT_OK(aw_store_capture_get(fixture.store, &fixture.arena, in.id, &out,
                                   &fixture.err));
    assert_int_equal(out.status, 206);
    assert_int_equal(out.warc_offset, INT64_C(5000000000));
    assert_int_equal(out.warc_length, 3);
    assert_int_equal(out.request_offset, 4);
    assert_int_equal(out.request_length, 5);
    assert_int_equal(out.body_bytes, 6);
    assert_int_equal(out.elapsed_ms, 7);
    assert_true(aw_str_eq(out.ip, in.ip));
    assert_true(aw_str_eq(out.protocol, in.protocol));
    assert_true(aw_str_eq(out.warc_file, in.warc_file));
    assert_true(aw_str_eq(out.charset_why, in.charset_why));
    assert_true(aw_str_eq(out.title, in.title));
    assert_true(aw_str_eq(out.doc_kind, in.doc_kind));
    assert_true(out.doc_score > 0.24 && out.doc_score < 0.26);
}

static void a_capture_that_is_not_there_is_missing(void **state)
{
    struct aw_capture out = {0};

    (void)state;
    assert_int_equal(aw_store_capture_get(fixture.store, &fixture.arena, 7,
                                          &out, &fixture.err),
                     AW_MISSING);
    ASSERT_SAYS("no capture 7");
}

static void the_newest_capture_read_of_a_payload_is_found(void **state)
{
    struct aw_str digest = AW_STR("d1");
    int64_t id = 0;
    int64_t newest;

    (void)state;
    assert_int_equal(aw_store_capture_by_digest(fixture.store, digest, &id,
                                                &fixture.err),
                     AW_MISSING);
    (void)fixture_capture((struct aw_capture){.payload_digest = digest,
                                              .verdict = AW_STR("clear")});
    newest = fixture_capture((struct aw_capture){.payload_digest = digest,
                                                 .verdict = AW_STR("clear")});
    (void)fixture_capture((struct aw_capture){.payload_digest = digest});
    (void)fixture_capture((struct aw_capture){.payload_digest = AW_STR("d")});
    ASSERT_OK(
        aw_store_capture_by_digest(fixture.store, digest, &id, &fixture.err));
    assert_int_equal(id, newest);
}

/* ---- findings ---------------------------------------------------------- */

static void a_finding_comes_back_with_its_claims(void **state)
{
    struct aw_claim_row claims[2] = {fixture_claim(), fixture_claim()};
    struct aw_finding finding =
        fixture_finding("f", fixture_capture((struct aw_capture){0}), claims);
    struct aw_finding out = {0};

    (void)state;
    claims[1].rule = AW_STR("GR-002");
    claims[1].block = 3;
    finding.claim_count = 2;
    (void)fixture_add(&finding);
    ASSERT_OK(aw_store_finding_get(fixture.store, &fixture.arena, finding.id,
                                   &out, &fixture.err));
    assert_int_equal(out.claim_count, 2);
    assert_true(aw_str_eq(out.state, AW_STR("new")));
    assert_true(aw_str_eq(out.title, finding.title));
    assert_true(aw_str_eq(out.parties, finding.parties));
    assert_int_equal(out.severity, 3);
    assert_true(aw_str_eq(out.claims[0].quote, claims[0].quote));
    assert_true(aw_str_eq(out.claims[0].before, claims[0].before));
    assert_true(aw_str_eq(out.claims[0].law, claims[0].law));
    assert_int_equal(out.claims[0].start, 5);
    assert_int_equal(out.claims[0].end, 9);
    assert_true(aw_str_eq(out.claims[1].rule, AW_STR("GR-002")));
    assert_int_equal(out.claims[1].block, 3);
}

static void the_same_finding_twice_is_one_row_seen_later(void **state)
{
    struct aw_claim_row claim = fixture_claim();
    int64_t first = fixture_capture((struct aw_capture){0});
    struct aw_finding finding = fixture_finding("f", first, &claim);
    struct aw_finding out = {0};
    bool added = true;

    (void)state;
    (void)fixture_add(&finding);
    finding.id = 0;
    finding.last_capture = fixture_capture((struct aw_capture){0});
    finding.last_seen_ms += 86400000;
    ASSERT_OK(
        aw_store_finding_add(fixture.store, &finding, &added, &fixture.err));
    assert_false(added);
    ASSERT_OK(aw_store_finding_get(fixture.store, &fixture.arena, finding.id,
                                   &out, &fixture.err));
    assert_int_equal(out.first_capture, first);
    assert_int_equal(out.last_capture, finding.last_capture);
    assert_int_equal(out.last_seen_ms - out.first_seen_ms, 86400000);
    assert_int_equal(out.claim_count, 1);
    assert_int_equal(number("SELECT count(*) FROM finding"), 1);
}

static void a_decided_finding_seen_again_keeps_its_state(void **state)
{
    struct aw_finding out = {0};
    int64_t id = fixture_simple("f");

    (void)state;
    fixture_tamper("UPDATE finding SET state = 'dismissed'");
    assert_int_equal(fixture_simple("f"), id);
    ASSERT_OK(aw_store_finding_get(fixture.store, &fixture.arena, id, &out,
                                   &fixture.err));
    assert_true(aw_str_eq(out.state, AW_STR("dismissed")));
}

static int64_t urgent(const char *fingerprint, double urgency)
{
    struct aw_claim_row claim = fixture_claim();
    struct aw_finding finding =
        fixture_finding(fingerprint, fixture_capture((struct aw_capture){0}),
                        &claim);

    finding.urgency = urgency;
    return fixture_add(&finding);
}

struct seen {
    int64_t ids[8];
    size_t count;
};

static aw_rc note_finding(void *self, const struct aw_finding *finding,
                          struct aw_err *err)
{
    struct seen *seen = self;

    (void)err;
    assert_int_equal(finding->claim_count, 1);
    seen->ids[seen->count++] = finding->id;
    return AW_OK;
}

static void the_queue_has_the_most_urgent_first(void **state)
{
    int64_t low = urgent("a", 0.1);
    int64_t high = urgent("b", 0.9);
    int64_t same = urgent("c", 0.9);
    struct seen seen = {0};

    (void)state;
    ASSERT_OK(aw_store_findings(fixture.store, NULL, 0, note_finding, &seen,
                                &fixture.err));
    assert_int_equal(seen.count, 3);
    assert_int_equal(seen.ids[0], high);
    assert_int_equal(seen.ids[1], same);
    assert_int_equal(seen.ids[2], low);
}

static void the_queue_is_cut_by_state_and_limit(void **state)
{
    int64_t kept = urgent("a", 0.1);
    struct seen seen = {0};

    (void)state;
    (void)urgent("b", 0.9);
    fixture_tamper("UPDATE finding SET state = 'confirmed' WHERE id = 2");
    ASSERT_OK(aw_store_findings(fixture.store, "new", 5, note_finding, &seen,
                                &fixture.err));
    assert_int_equal(seen.count, 1);
    assert_int_equal(seen.ids[0], kept);
    ASSERT_OK(aw_store_findings(fixture.store, NULL, 1, note_finding, &seen,
                                &fixture.err));
    assert_int_equal(seen.count, 2);
    assert_int_equal(seen.ids[1], 2);
}

/* ---- decisions and counts ---------------------------------------------- */

static void decide(int64_t finding, const char *hash, const char *to)
{
    struct aw_decision_row row = {.finding = finding,
                                  .at_ms = 5,
                                  .who = AW_STR("王芳"),
                                  .action = AW_STR("confirm"),
                                  .reason = AW_STR(""),
                                  .previous = AW_STR("p"),
                                  .hash = aw_str_of(hash)};

    ASSERT_OK(aw_store_decision_add(fixture.store, &row, to, &fixture.err));
}

static aw_rc note_decision(void *self, const struct aw_decision_row *row,
                           struct aw_err *err)
{
    struct seen *seen = self;

    (void)err;
    assert_true(aw_str_eq(row->who, AW_STR("王芳")));
    seen->ids[seen->count++] = row->id;
    return AW_OK;
}

static void decisions_come_in_their_order_and_move_the_finding(void **state)
{
    int64_t one = fixture_simple("f");
    int64_t two = fixture_simple("g");
    struct aw_decision_row last = {0};
    struct seen seen = {0};

    (void)state;
    assert_int_equal(aw_store_decision_last(fixture.store, &fixture.arena,
                                            &last, &fixture.err),
                     AW_MISSING);
    decide(one, "h1", "confirmed");
    decide(two, "h2", "dismissed");
    decide(one, "h3", "escalated");
    ASSERT_OK(aw_store_decision_last(fixture.store, &fixture.arena, &last,
                                     &fixture.err));
    assert_true(aw_str_eq(last.hash, AW_STR("h3")));
    ASSERT_OK(aw_store_decisions(fixture.store, 0, note_decision, &seen,
                                 &fixture.err));
    assert_int_equal(seen.count, 3);
    ASSERT_OK(aw_store_decisions(fixture.store, one, note_decision, &seen,
                                 &fixture.err));
    assert_int_equal(seen.count, 5);
    assert_int_equal(seen.ids[4], 3);
    assert_int_equal(number("SELECT count(*) FROM finding"
                            " WHERE id = 1 AND state = 'escalated'"),
                     1);
}

struct tally {
    int64_t rows, sum;
};

static aw_rc add_up(void *self, struct aw_str source, struct aw_str state,
                    struct aw_str reason, int64_t count, struct aw_err *err)
{
    struct tally *tally = self;

    (void)source;
    (void)err;
    if (aw_str_eq(reason, AW_STR("robots")))
        assert_true(aw_str_eq(state, AW_STR("skipped")));
    tally->rows++;
    tally->sum += count;
    return AW_OK;
}

static void urls_are_counted_by_state_and_reason(void **state)
{
    struct aw_url_row rows[4] = {0};
    struct tally tally = {0};
    int64_t a = host("a.example");

    (void)state;
    for (int i = 0; i < 4; i++) {
        char url[32];

        (void)snprintf(url, sizeof url, "http://a.example/%d", i);
        assert_true(add_url(url, a, 0, 1));
    }
    assert_true(add_url("http://a.example/other-run", a, 9, 2));
    assert_int_equal(take(a, rows, 3), 3);
    end_url(rows[0].id, "done", "");
    end_url(rows[1].id, "skipped", "robots");
    end_url(rows[2].id, "done", "");
    ASSERT_OK(
        aw_store_url_counts(fixture.store, 1, add_up, &tally, &fixture.err));
    assert_int_equal(tally.rows, 3);
    assert_int_equal(tally.sum, 4);
}

static void findings_are_counted_by_state(void **state)
{
    struct tally tally = {0};

    (void)state;
    (void)fixture_simple("f");
    (void)fixture_simple("g");
    fixture_tamper("UPDATE finding SET state = 'confirmed' WHERE id = 2");
    ASSERT_OK(
        aw_store_finding_counts(fixture.store, add_up, &tally, &fixture.err));
    assert_int_equal(tally.rows, 2);
    assert_int_equal(tally.sum, 2);
}

/* ---- without the right to write ---------------------------------------- */

/* Runs in a process of its own, for the rights that root has: counts the one
 * finding. */
static int read_as_nobody(const char *path)
{
    struct aw_store *store = NULL;
    struct aw_err err = {0};
    struct tally tally = {0};
    aw_rc rc = AW_FAIL;

    if (geteuid() != 0 || setuid(65534) == 0)
        rc = aw_store_open(&store, path, &err);
    if (rc == AW_OK)
        rc = aw_store_finding_counts(store, add_up, &tally, &err);
    if (rc == AW_OK && tally.sum != 1)
        rc = AW_MISSING;
    aw_store_close(store);
    (void)printf("%s\n", err.msg);
    return (int)rc;
}

/* What one who may read the store, and no more, is told: in fixture.err. */
static aw_rc opened_by_a_reader(void)
{
    int ends[2];
    int status;
    pid_t child;

    assert_int_equal(chmod(fixture.path, 0444), 0);
    assert_int_equal(chmod(fixture.dir, 0555), 0);
    assert_int_equal(pipe(ends), 0);
    child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        (void)dup2(ends[1], STDOUT_FILENO);
        (void)execl("/proc/self/exe", "test_store", fixture.path, NULL);
        _exit(127);
    }
    memset(&fixture.err, 0, sizeof fixture.err);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(read(ends[0], fixture.err.msg, AW_ERR_MAX - 1) > 0);
    (void)close(ends[0]);
    (void)close(ends[1]);
    assert_int_equal(chmod(fixture.dir, 0700), 0);
    assert_true(WIFEXITED(status));
    return (aw_rc)WEXITSTATUS(status);
}

static void a_store_that_may_not_be_written_is_read(void **state)
{
    (void)state;
    (void)fixture_simple("f");
    aw_store_close(fixture.store);
    fixture.store = NULL;
    assert_int_equal(opened_by_a_reader(), AW_OK);
}

static void a_store_that_another_writes_is_read(void **state)
{
    (void)state;
    (void)fixture_simple("f");
    assert_int_equal(opened_by_a_reader(), AW_OK);
}

static void a_log_that_cannot_be_read_is_told_with_what_to_do(void **state)
{
    char index[AW_PATH_MAX + 8];

    (void)state;
    (void)fixture_simple("f");
    (void)snprintf(index, sizeof index, "%s-shm", fixture.path);
    assert_int_equal(unlink(index), 0);
    assert_int_equal(opened_by_a_reader(), AW_STORE);
    ASSERT_SAYS("run this as who may");
}

static void an_older_store_that_may_not_be_written_is_told(void **state)
{
    (void)state;
    fixture_tamper("DELETE FROM schema_version");
    aw_store_close(fixture.store);
    fixture.store = NULL;
    assert_int_equal(opened_by_a_reader(), AW_STORE);
    ASSERT_SAYS("of an older adwatch");
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        UNIT(migrations_bring_an_empty_store_to_the_newest),
        UNIT(a_store_opened_again_keeps_its_rows),
        UNIT(a_newer_store_is_refused),
        UNIT(a_migration_that_fails_leaves_nothing_behind),
        UNIT(a_file_that_is_no_database_is_a_store_error),
        UNIT(a_store_in_a_folder_that_is_not_there_is_a_store_error),
        UNIT(a_rollback_drops_all),
        UNIT(what_is_not_committed_is_gone_after_a_close),
        UNIT(a_commit_is_seen_by_others),
        UNIT(a_rollback_without_a_transaction_does_nothing),
        UNIT(a_second_writer_is_told_that_the_store_is_busy),
        UNIT(a_row_that_refers_to_nothing_is_refused),
        UNIT(a_crawl_that_did_not_end_is_taken_up),
        UNIT(a_crawl_that_ended_is_followed_by_a_new_one),
        UNIT(an_ingest_between_does_not_hide_a_broken_crawl),
        UNIT(the_newest_crawl_is_the_last_run),
        UNIT(a_host_has_one_id),
        UNIT(urls_are_taken_nearest_first_and_only_once),
        UNIT(a_host_gives_its_own_urls_alone),
        UNIT(a_url_is_queued_once_a_run),
        UNIT(a_url_put_back_is_taken_again_and_counts_its_tries),
        UNIT(what_a_run_has_taken_and_asked_is_counted),
        UNIT(what_a_broken_run_had_in_memory_is_queued_again),
        UNIT(only_hosts_with_queued_urls_are_visited),
        UNIT(a_visitor_that_fails_ends_the_walk),
        UNIT(robots_txt_is_kept_as_fetched_last),
        UNIT(a_capture_comes_back_as_it_was),
        UNIT(a_capture_that_is_not_there_is_missing),
        UNIT(the_newest_capture_read_of_a_payload_is_found),
        UNIT(a_finding_comes_back_with_its_claims),
        UNIT(the_same_finding_twice_is_one_row_seen_later),
        UNIT(a_decided_finding_seen_again_keeps_its_state),
        UNIT(the_queue_has_the_most_urgent_first),
        UNIT(the_queue_is_cut_by_state_and_limit),
        UNIT(decisions_come_in_their_order_and_move_the_finding),
        UNIT(urls_are_counted_by_state_and_reason),
        UNIT(findings_are_counted_by_state),
        UNIT(a_store_that_may_not_be_written_is_read),
        UNIT(a_store_that_another_writes_is_read),
        UNIT(a_log_that_cannot_be_read_is_told_with_what_to_do),
        UNIT(an_older_store_that_may_not_be_written_is_told),
    };

    if (argc == 2)
        return read_as_nobody(argv[1]);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
