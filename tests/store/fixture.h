/* fixture.h - a store in a folder of its own, with a few rows, for tests. */
#ifndef AW_TESTS_STORE_FIXTURE_H
#define AW_TESTS_STORE_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/fs.h"
#include "store/db.h"
#include "store/store.h"

#define ASSERT_OK(call)                                 \
    do {                                                \
        if ((call) != AW_OK)                            \
            fail_msg("%s: %s", #call, fixture.err.msg); \
    } while (0)

#define ASSERT_SAYS(part) assert_non_null(strstr(fixture.err.msg, (part)))

struct fixture {
    char dir[64];
    char path[AW_PATH_MAX]; /* of the store */
    struct aw_store *store;
    struct aw_arena arena;
    struct aw_err err;
    int64_t run;
};

static struct fixture fixture;

static inline int fixture_set_up(void **state)
{
    (void)state;
    memset(&fixture, 0, sizeof fixture);
    (void)snprintf(fixture.dir, sizeof fixture.dir, "/tmp/aw-test-XXXXXX");
    assert_non_null(mkdtemp(fixture.dir));
    ASSERT_OK(
        aw_path_join(fixture.path, fixture.dir, "adwatch.db", &fixture.err));
    ASSERT_OK(aw_store_open(&fixture.store, fixture.path, &fixture.err));
    aw_arena_init(&fixture.arena, (size_t)16 << 20);
    return 0;
}

static inline int fixture_tear_down(void **state)
{
    char command[128];

    (void)state;
    aw_store_close(fixture.store);
    aw_arena_deinit(&fixture.arena);
    (void)snprintf(command, sizeof command, "rm -rf '%s'", fixture.dir);
    assert_int_equal(system(command), 0);
    return 0;
}

static inline void fixture_reopen(void)
{
    aw_store_close(fixture.store);
    fixture.store = NULL;
    ASSERT_OK(aw_store_open(&fixture.store, fixture.path, &fixture.err));
}

/* SQL behind the store's back, as a person with a database tool would. */
static inline void fixture_tamper(const char *sql)
{
    struct aw_db *db = NULL;

    ASSERT_OK(aw_db_open(&db, fixture.path, 1000, &fixture.err));
    ASSERT_OK(aw_db_script(db, sql, &fixture.err));
    aw_db_close(db);
}

/* What another connection to the store sees. */
static inline int64_t fixture_number(const char *sql)
{
    struct aw_db *db = NULL;
    int64_t value = -1;

    ASSERT_OK(aw_db_open(&db, fixture.path, 1000, &fixture.err));
    ASSERT_OK(aw_db_int(db, &fixture.err, &value, sql, ""));
    aw_db_close(db);
    return value;
}

static inline int64_t fixture_run(void)
{
    struct aw_run run = {.kind = AW_STR("ingest"),
                         .started_ms = 1,
                         .lexicon_hash = AW_STR("l"),
                         .model_hash = AW_STR("m"),
                         .tool = AW_STR("adwatch test")};
    bool resumed;

    if (fixture.run == 0) {
        ASSERT_OK(
            aw_store_run_begin(fixture.store, &run, &resumed, &fixture.err));
        fixture.run = run.id;
    }
    return fixture.run;
}

/* ---- the frontier's rows ----------------------------------------------- */

static inline int64_t fixture_source(const char *name)
{
    int64_t id = 0;

    ASSERT_OK(
        aw_store_source_id(fixture.store, aw_str_of(name), &id, &fixture.err));
    return id;
}

/* A host that is a site of its own. */
static inline int64_t fixture_host(const char *name)
{
    struct aw_host_row row;

    ASSERT_OK(aw_store_host_get(fixture.store, aw_str_of(name),
                                aw_str_of(name), 1, &row, &fixture.err));
    return row.id;
}

/* A URL of source "jinhui" on host "a.example", for the caller to change. */
static inline struct aw_url_row fixture_url(const char *url)
{
    struct aw_str text = aw_str_of(url);

    return (struct aw_url_row){
        .host = fixture_host("a.example"),
        .source = fixture_source("jinhui"),
        .hash = aw_store_url_hash(fixture.store, text),
        .url = text,
        .via = AW_VIA_LINK,
        .priority = 64,
    };
}

static inline enum aw_url_taken fixture_add_row(struct aw_url_row *row,
                                                int64_t run, int64_t now_ms)
{
    enum aw_url_taken taken = AW_URL_KNOWN;

    ASSERT_OK(aw_store_url_add(fixture.store, row, run, now_ms, false, &taken,
                               &fixture.err));
    return taken;
}

/* Queues it for run 1; its id. */
static inline int64_t fixture_queue(const char *url)
{
    struct aw_url_row row = fixture_url(url);

    assert_int_equal(fixture_add_row(&row, 1, 10), AW_URL_NEW);
    return row.id;
}

static inline void fixture_end(int64_t id, const char *state,
                               const char *reason, int64_t due_ms,
                               int64_t now_ms)
{
    struct aw_url_end end = {.state = state,
                             .reason = reason,
                             .status = 200,
                             .asked = true,
                             .due_ms = due_ms,
                             .priority = 64};

    ASSERT_OK(
        aw_store_url_end(fixture.store, id, 1, &end, now_ms, &fixture.err));
}

/* ---- captures and findings --------------------------------------------- */

/* A capture of url; the caller may have filled in more. */
static inline int64_t fixture_capture(struct aw_capture capture)
{
    capture.run = fixture_run();
    if (capture.url.len == 0)
        capture.url = AW_STR("http://www.jinhui-wealth.example/");
    if (capture.source.len == 0)
        capture.source = AW_STR("jinhui");
    ASSERT_OK(aw_store_capture_add(fixture.store, &capture, &fixture.err));
    return capture.id;
}

static inline struct aw_claim_row fixture_claim(void)
{
    return (struct aw_claim_row){.class = AW_STR("capital_protection"),
                                 .quote = AW_STR("保本保息"),
                                 .before = AW_STR("本公司产品"),
                                 .after = AW_STR("，随存随取"),
                                 .start = 5,
                                 .end = 9,
                                 .rule = AW_STR("CP-001"),
                                 .rule_version = AW_STR("1"),
                                 .code = AW_STR("ZH39"),
                                 .law = AW_STR("[\"advertising-law-25-1\"]"),
                                 .why = AW_STR("[\"同时承诺保住本金和收益\"]"),
                                 .severity = 3,
                                 .score = 0.98};
}

static inline struct aw_finding fixture_finding(const char *fingerprint,
                                                int64_t capture,
                                                struct aw_claim_row *claim)
{
    return (struct aw_finding){
        .first_capture = capture,
        .last_capture = capture,
        .first_seen_ms = INT64_C(1795399980000), /* 2026-11-23T02:13:00Z */
        .last_seen_ms = INT64_C(1795399980000),
        .fingerprint = aw_str_of(fingerprint),
        .url = AW_STR("http://www.jinhui-wealth.example/"),
        .host = AW_STR("www.jinhui-wealth.example"),
        .source = AW_STR("jinhui"),
        .channel = AW_STR("web"),
        .title = AW_STR("金汇财富"),
        .doc_kind = AW_STR("advert"),
        .doc_score = 0.9,
        .score = 0.97,
        .urgency = 0.8,
        .severity = 3,
        .parties = AW_STR("{\"names\":[\"济宁金汇财富管理有限公司\"]}"),
        .lexicon_hash = AW_STR("l"),
        .model_hash = AW_STR("m"),
        .tool = AW_STR("adwatch test"),
        .claims = claim,
        .claim_count = claim ? 1 : 0};
}

static inline int64_t fixture_add(struct aw_finding *finding)
{
    bool added;

    ASSERT_OK(
        aw_store_finding_add(fixture.store, finding, &added, &fixture.err));
    return finding->id;
}

/* One new finding with one claim. */
static inline int64_t fixture_simple(const char *fingerprint)
{
    struct aw_claim_row claim = fixture_claim();
    struct aw_finding finding =
        fixture_finding(fingerprint, fixture_capture((struct aw_capture){0}),
                        &claim);

    return fixture_add(&finding);
}

#define UNIT(test) \
    cmocka_unit_test_setup_teardown(test, fixture_set_up, fixture_tear_down)

#endif
