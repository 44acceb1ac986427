/* What a run did for each source, and what people should know of it. */
#include "tests/store/fixture.h"

static int64_t crawl(const char *end)
{
    struct aw_run run = {.kind = AW_STR("crawl"), .started_ms = 1};
    bool resumed;

    ASSERT_OK(aw_store_run_begin(fixture.store, &run, &resumed, &fixture.err));
    if (end)
        ASSERT_OK(
            aw_store_run_end(fixture.store, run.id, 2, end, &fixture.err));
    return run.id;
}

/* Each count is another number. */
static struct aw_coverage coverage_of(int64_t run, const char *source,
                                      int64_t first)
{
    struct aw_coverage row = {.run = run, .source = fixture_source(source)};

#define X(name) row.name = first++;
    AW_COVERAGE_LIST(X)
#undef X
    return row;
}

static void put(const struct aw_coverage *row)
{
    ASSERT_OK(aw_store_coverage_put(fixture.store, row, &fixture.err));
}

struct rows {
    struct aw_coverage rows[4];
    char names[4][16];
    size_t count;
};

static aw_rc note_coverage(void *self, const struct aw_coverage *row,
                           struct aw_err *err)
{
    struct rows *rows = self;

    (void)err;
    (void)snprintf(rows->names[rows->count], sizeof rows->names[0], "%.*s",
                   AW_STR_ARG(row->name));
    rows->rows[rows->count++] = *row;
    return AW_OK;
}

static struct rows coverages(int64_t run)
{
    struct rows rows = {.count = 0};

    ASSERT_OK(aw_store_coverages(fixture.store, run, note_coverage, &rows,
                                 &fixture.err));
    return rows;
}

static void assert_same(const struct aw_coverage *a,
                        const struct aw_coverage *b)
{
    assert_int_equal(a->run, b->run);
    assert_int_equal(a->source, b->source);
#define X(name) assert_int_equal(a->name, b->name);
    AW_COVERAGE_LIST(X)
#undef X
}

static void a_run_has_a_row_for_each_source_by_name(void **state)
{
    int64_t run = crawl("done");
    struct aw_coverage b = coverage_of(run, "b", 100);
    struct aw_coverage a = coverage_of(run, "a", 200);
    struct aw_coverage other = coverage_of(crawl("done"), "a", 300);
    struct rows rows;

    (void)state;
    put(&b);
    put(&a);
    put(&other);
    rows = coverages(run);
    assert_int_equal(rows.count, 2);
    assert_string_equal(rows.names[0], "a");
    assert_string_equal(rows.names[1], "b");
    assert_same(&rows.rows[0], &a);
    assert_same(&rows.rows[1], &b);
}

static void a_row_is_kept_as_put_last(void **state)
{
    int64_t run = crawl("done");
    struct aw_coverage row = coverage_of(run, "a", 100);

    (void)state;
    put(&row);
    row = coverage_of(run, "a", 500);
    put(&row);
    assert_int_equal(coverages(run).count, 1);
    assert_same(&coverages(run).rows[0], &row);
}

static void a_run_that_did_nothing_has_no_rows(void **state)
{
    (void)state;
    assert_int_equal(coverages(7).count, 0);
}

/* ---- the run before ---------------------------------------------------- */

static void the_run_before_is_the_last_crawl_that_ended(void **state)
{
    int64_t first = crawl("done");
    int64_t second = crawl("done");
    int64_t before = 0;
    int64_t now;

    (void)state;
    (void)crawl("broken");
    (void)fixture_run(); /* an ingest */
    now = crawl(NULL);
    ASSERT_OK(
        aw_store_run_end(fixture.store, fixture.run, 2, "done", &fixture.err));
    ASSERT_OK(aw_store_run_before(fixture.store, now, &before, &fixture.err));
    assert_int_equal(before, second);
    ASSERT_OK(
        aw_store_run_before(fixture.store, second, &before, &fixture.err));
    assert_int_equal(before, first);
    assert_int_equal(aw_store_run_before(fixture.store, first, &before,
                                         &fixture.err),
                     AW_MISSING);
}

/* ---- notes ------------------------------------------------------------- */

static bool add_note(int64_t run, const char *source, const char *text)
{
    bool added = false;

    ASSERT_OK(aw_store_note_add(fixture.store, run, fixture_source(source),
                                text, &added, &fixture.err));
    return added;
}

static aw_rc put_note(void *self, struct aw_str source, struct aw_str text,
                      struct aw_err *err)
{
    char *all = self;
    size_t len = strlen(all);

    (void)err;
    (void)snprintf(all + len, 200 - len, "%.*s:%.*s;", AW_STR_ARG(source),
                   AW_STR_ARG(text));
    return AW_OK;
}

static void a_note_is_kept_once_for_a_run_and_source(void **state)
{
    int64_t run = crawl("done");
    int64_t other = crawl("done");
    char all[200] = "";

    (void)state;
    assert_true(add_note(run, "b", "a trap"));
    assert_true(add_note(run, "a", "takes all"));
    assert_true(add_note(run, "a", "a trap"));
    assert_false(add_note(run, "a", "a trap"));
    assert_true(add_note(other, "a", "a trap"));
    ASSERT_OK(aw_store_notes(fixture.store, run, put_note, all, &fixture.err));
    assert_string_equal(all, "a:a trap;a:takes all;b:a trap;");
    all[0] = '\0';
    ASSERT_OK(
        aw_store_notes(fixture.store, other, put_note, all, &fixture.err));
    assert_string_equal(all, "a:a trap;");
}

/* ---- counts ------------------------------------------------------------ */

static aw_rc put_count(void *self, struct aw_str source, struct aw_str state,
                       struct aw_str reason, int64_t count, struct aw_err *err)
{
    char *all = self;
    size_t len = strlen(all);

    (void)err;
    (void)snprintf(all + len, 200 - len, "%.*s/%.*s/%.*s=%lld;",
                   AW_STR_ARG(source), AW_STR_ARG(state), AW_STR_ARG(reason),
                   (long long)count);
    return AW_OK;
}

static void urls_are_counted_by_source_state_and_reason(void **state)
{
    struct aw_url_row other = fixture_url("http://a.example/other");
    char all[200] = "";

    (void)state;
    fixture_end(fixture_queue("http://a.example/1"), "done", "", 0, 20);
    fixture_end(fixture_queue("http://a.example/2"), "skipped", "robots", 0,
                20);
    fixture_end(fixture_queue("http://a.example/3"), "done", "", 0, 20);
    other.source = fixture_source("other");
    assert_int_equal(fixture_add_row(&other, 1, 10), AW_URL_NEW);
    fixture_end(other.id, "failed", "timeout", 0, 20);
    ASSERT_OK(
        aw_store_url_counts(fixture.store, 1, put_count, all, &fixture.err));
    assert_string_equal(all, "jinhui/done/=2;jinhui/skipped/robots=1;"
                             "other/failed/timeout=1;");
}

static void a_run_counts_what_is_queued_and_not_what_others_ended(void **state)
{
    char all[200] = "";

    (void)state;
    fixture_end(fixture_queue("http://a.example/1"), "done", "", 0, 20);
    (void)fixture_queue("http://a.example/2");
    ASSERT_OK(
        aw_store_url_counts(fixture.store, 2, put_count, all, &fixture.err));
    assert_string_equal(all, "jinhui/queued/=1;");
}

static void findings_are_counted_by_state(void **state)
{
    char all[200] = "";

    (void)state;
    (void)fixture_simple("f");
    (void)fixture_simple("g");
    (void)fixture_simple("h");
    fixture_tamper("UPDATE finding SET state = 'confirmed' WHERE id = 2");
    ASSERT_OK(
        aw_store_finding_counts(fixture.store, put_count, all, &fixture.err));
    assert_string_equal(all, "/confirmed/=1;/new/=2;");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(a_run_has_a_row_for_each_source_by_name),
        UNIT(a_row_is_kept_as_put_last),
        UNIT(a_run_that_did_nothing_has_no_rows),
        UNIT(the_run_before_is_the_last_crawl_that_ended),
        UNIT(a_note_is_kept_once_for_a_run_and_source),
        UNIT(urls_are_counted_by_source_state_and_reason),
        UNIT(a_run_counts_what_is_queued_and_not_what_others_ended),
        UNIT(findings_are_counted_by_state),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
