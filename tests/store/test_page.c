/* What is known of the page behind a URL. */
#include "tests/store/fixture.h"

static struct aw_page_row page_of(int64_t url, int64_t capture)
{
    return (struct aw_page_row){
        .url = url,
        .etag = AW_STR("W/\"7-a\""),
        .last_modified = AW_STR("Mon, 23 Nov 2026 02:13:00 GMT"),
        .payload_digest = AW_STR("pd"),
        .text_digest = AW_STR("td"),
        .canonical = AW_STR("http://a.example/c"),
        .rules = AW_STR("l m"),
        .record = AW_STR("<urn:uuid:1>"),
        .record_ms = 11,
        .capture = capture,
        .interval_s = 86400,
        .changed_ms = 12,
        .has_finding = true,
        .grew = 4,
        .still = 2,
    };
}

static void put(const struct aw_page_row *row)
{
    ASSERT_OK(aw_store_page_put(fixture.store, row, &fixture.err));
}

static void assert_page(const struct aw_page_row *want)
{
    struct aw_page_row row = {0};

    ASSERT_OK(aw_store_page_get(fixture.store, &fixture.arena, want->url, &row,
                                &fixture.err));
    assert_int_equal(row.url, want->url);
    assert_true(aw_str_eq(row.etag, want->etag));
    assert_true(aw_str_eq(row.last_modified, want->last_modified));
    assert_true(aw_str_eq(row.payload_digest, want->payload_digest));
    assert_true(aw_str_eq(row.text_digest, want->text_digest));
    assert_true(aw_str_eq(row.canonical, want->canonical));
    assert_true(aw_str_eq(row.rules, want->rules));
    assert_true(aw_str_eq(row.record, want->record));
    assert_int_equal(row.record_ms, want->record_ms);
    assert_int_equal(row.capture, want->capture);
    assert_int_equal(row.interval_s, want->interval_s);
    assert_int_equal(row.changed_ms, want->changed_ms);
    assert_int_equal(row.has_finding, want->has_finding);
    assert_int_equal(row.grew, want->grew);
    assert_int_equal(row.still, want->still);
}

static void a_page_comes_back_as_it_was(void **state)
{
    struct aw_page_row row = page_of(fixture_queue("http://a.example/"),
                                     fixture_capture((struct aw_capture){0}));

    (void)state;
    put(&row);
    fixture_reopen();
    assert_page(&row);
}

static void a_page_is_kept_as_of_its_last_visit(void **state)
{
    int64_t url = fixture_queue("http://a.example/");
    struct aw_page_row row =
        page_of(url, fixture_capture((struct aw_capture){0}));
    struct aw_page_row other =
        page_of(fixture_queue("http://a.example/2"), row.capture);

    (void)state;
    put(&row);
    put(&other);
    row = (struct aw_page_row){
        .url = url,
        .etag = AW_STR("\"8\""),
        .last_modified = AW_STR("Tue"),
        .payload_digest = AW_STR("pd2"),
        .text_digest = AW_STR("td2"),
        .canonical = AW_STR("http://a.example/d"),
        .rules = AW_STR("l2 m2"),
        .record = AW_STR("<urn:uuid:2>"),
        .record_ms = 21,
        .capture = fixture_capture((struct aw_capture){0}),
        .interval_s = 3600,
        .changed_ms = 22,
    };
    put(&row);
    assert_page(&row);
    assert_page(&other);
    assert_int_equal(fixture_number("SELECT count(*) FROM page"), 2);
}

static void a_page_that_is_not_there_is_missing(void **state)
{
    struct aw_page_row row = {0};

    (void)state;
    assert_int_equal(aw_store_page_get(fixture.store, &fixture.arena, 7, &row,
                                       &fixture.err),
                     AW_MISSING);
    ASSERT_SAYS("no page 7");
}

static void a_page_without_its_capture_is_refused(void **state)
{
    struct aw_page_row row = page_of(fixture_queue("http://a.example/"), 99);

    (void)state;
    assert_int_equal(aw_store_page_put(fixture.store, &row, &fixture.err),
                     AW_STORE);
    ASSERT_SAYS("FOREIGN KEY");
}

static int64_t due_of(int64_t url)
{
    char sql[100];

    (void)snprintf(sql, sizeof sql, "SELECT due_ms FROM url WHERE id = %lld",
                   (long long)url);
    return fixture_number(sql);
}

static void outdated(const char *rules)
{
    ASSERT_OK(aw_store_pages_outdated(fixture.store, fixture_source("jinhui"),
                                      rules, &fixture.err));
}

static void pages_that_other_rules_read_are_due_once(void **state)
{
    int64_t url = fixture_queue("http://a.example/");
    int64_t unread = fixture_queue("http://a.example/unread");
    struct aw_page_row row =
        page_of(url, fixture_capture((struct aw_capture){0}));
    struct aw_url_end end = {.state = "done", .reason = "", .due_ms = 500};

    (void)state;
    put(&row);
    ASSERT_OK(aw_store_url_end(fixture.store, url, 1, &end, 1, &fixture.err));
    ASSERT_OK(
        aw_store_url_end(fixture.store, unread, 1, &end, 1, &fixture.err));
    outdated("l m");
    assert_int_equal(due_of(url), 500);
    outdated("l2 m");
    assert_int_equal(due_of(url), 0);
    assert_int_equal(due_of(unread), 500);
    ASSERT_OK(aw_store_url_end(fixture.store, url, 1, &end, 1, &fixture.err));
    outdated("l2 m");
    assert_int_equal(due_of(url), 500);
}

/* It is read anyway, and is not by the index. */
static void what_waits_is_not_made_due(void **state)
{
    int64_t url = fixture_queue("http://a.example/");
    struct aw_page_row row =
        page_of(url, fixture_capture((struct aw_capture){0}));
    struct aw_url_end end = {.state = "queued", .reason = "", .due_ms = 500};

    (void)state;
    put(&row);
    ASSERT_OK(aw_store_url_end(fixture.store, url, 1, &end, 1, &fixture.err));
    outdated("l2 m");
    assert_int_equal(due_of(url), 500);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(a_page_comes_back_as_it_was),
        UNIT(a_page_is_kept_as_of_its_last_visit),
        UNIT(a_page_that_is_not_there_is_missing),
        UNIT(a_page_without_its_capture_is_refused),
        UNIT(pages_that_other_rules_read_are_due_once),
        UNIT(what_waits_is_not_made_due),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
