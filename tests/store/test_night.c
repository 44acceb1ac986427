#include "base/buf.h"
#include "tests/store/fixture.h"

/* What visits gave, one line each. */
static struct aw_buf lines;

static int set_up(void **state)
{
    aw_buf_init(&lines, 65536);
    return fixture_set_up(state);
}

static int tear_down(void **state)
{
    aw_buf_deinit(&lines);
    return fixture_tear_down(state);
}

static void assert_lines(const char *wanted)
{
    assert_int_equal(lines.rc, AW_OK);
    assert_string_equal(lines.len > 0 ? lines.ptr : "", wanted);
    aw_buf_reset(&lines);
}

static int64_t begin_crawl(void)
{
    struct aw_run run = {.kind = AW_STR("crawl"), .started_ms = 1};
    bool resumed;

    ASSERT_OK(aw_store_run_begin(fixture.store, &run, &resumed, &fixture.err));
    return run.id;
}

static void end_crawl(int64_t run, int64_t ended_ms, const char *state)
{
    ASSERT_OK(
        aw_store_run_end(fixture.store, run, ended_ms, state, &fixture.err));
}

static int64_t source_of(const char *name)
{
    int64_t id = 0;

    ASSERT_OK(
        aw_store_source_id(fixture.store, aw_str_of(name), &id, &fixture.err));
    return id;
}

/* A URL that the run queued; state NULL: and left so. Its id. */
static int64_t add(int64_t run, const char *source, const char *url,
                   const char *state, const char *reason)
{
    struct aw_url_end end = {.state = state, .reason = reason};
    struct aw_url_row row = {.url = aw_str_of(url),
                             .source = source_of(source)};
    struct aw_host_row host;
    enum aw_url_taken taken;

    ASSERT_OK(aw_store_host_get(fixture.store, AW_STR("a.example"),
                                AW_STR("a.example"), 1, &host, &fixture.err));
    row.host = host.id;
    row.hash = aw_store_url_hash(fixture.store, row.url);
    ASSERT_OK(aw_store_url_add(fixture.store, &row, run, 1, false, &taken,
                               &fixture.err));
    if (state)
        ASSERT_OK(aw_store_url_end(fixture.store, row.id, run, &end, 1,
                                   &fixture.err));
    return row.id;
}

/* ---- what was not fetched ----------------------------------------------- */

static aw_rc put_url(void *self, const struct aw_url_report *r,
                     struct aw_err *err)
{
    (void)self;
    (void)err;
    aw_buf_printf(&lines, "%.*s %.*s %.*s %.*s\n", AW_STR_ARG(r->url),
                  AW_STR_ARG(r->source), AW_STR_ARG(r->state),
                  AW_STR_ARG(r->reason));
    return AW_OK;
}

static void what_was_not_fetched_is_listed(void **state)
{
    int64_t first = begin_crawl();
    int64_t second;

    (void)state;
    add(first, "a", "http://a.example/old", "failed", "http 500");
    end_crawl(first, 5, "done");
    second = begin_crawl();
    add(second, "a", "http://a.example/1", "done", "");
    add(second, "a", "http://a.example/2", "failed", "http 404");
    add(second, "b", "http://a.example/3", "skipped", "robots.txt");
    add(second, "b", "http://a.example/4", NULL, NULL);
    ASSERT_OK(aw_store_urls_unfetched(fixture.store, second, 0, put_url, NULL,
                                      &fixture.err));
    assert_lines("http://a.example/2 a failed http 404\n"
                 "http://a.example/3 b skipped robots.txt\n"
                 "http://a.example/4 b queued \n");
    ASSERT_OK(aw_store_urls_unfetched(fixture.store, second, source_of("a"),
                                      put_url, NULL, &fixture.err));
    assert_lines("http://a.example/2 a failed http 404\n");
}

static void a_source_is_found_and_not_made(void **state)
{
    int64_t made = source_of("a");
    int64_t found = 0;

    (void)state;
    ASSERT_OK(aw_store_source_find(fixture.store, AW_STR("a"), &found,
                                   &fixture.err));
    assert_int_equal(found, made);
    for (int i = 0; i < 2; i++)
        assert_int_equal(aw_store_source_find(fixture.store, AW_STR("b"),
                                              &found, &fixture.err),
                         AW_MISSING);
}

static aw_rc put_count(void *self, struct aw_str source, struct aw_str state,
                       struct aw_str reason, int64_t count, struct aw_err *err)
{
    const char *fails_at = self;

    aw_buf_printf(&lines, "%s %s %s %lld\n", source.ptr, state.ptr, reason.ptr,
                  (long long)count);
    if (fails_at && aw_str_eq(reason, aw_str_of(fails_at)))
        return aw_fail(err, AW_IO, "enough");
    return AW_OK;
}

static int64_t add_some(void)
{
    int64_t run = begin_crawl();

    add(run, "b", "http://a.example/1", "failed", "http 404");
    add(run, "a", "http://a.example/2", "done", "");
    add(run, "a", "http://a.example/3", "failed", "http 500");
    add(run, "a", "http://a.example/4", "failed", "http 404");
    add(run, "a", "http://a.example/5", NULL, NULL);
    add(run, "a", "http://a.example/6", "failed", "http 404");
    return run;
}

static void urls_are_counted_by_source_state_and_reason(void **state)
{
    int64_t run = add_some();

    (void)state;
    ASSERT_OK(aw_store_url_counts(fixture.store, run, put_count, NULL,
                                  &fixture.err));
    assert_lines("a done  1\na failed http 404 2\na failed http 500 1\n"
                 "a queued  1\nb failed http 404 1\n");
    ASSERT_OK(aw_store_url_counts(fixture.store, run + 1, put_count, NULL,
                                  &fixture.err));
    assert_lines("a queued  1\n");
}

static void a_visit_that_fails_ends_the_counts(void **state)
{
    int64_t run = add_some();

    (void)state;
    assert_int_equal(aw_store_url_counts(fixture.store, run, put_count,
                                         "http 500", &fixture.err),
                     AW_IO);
    assert_lines("a done  1\na failed http 404 2\na failed http 500 1\n");
}

/* ---- landing pages ------------------------------------------------------ */

static aw_rc put_landing(void *self, struct aw_str other, bool is_ad,
                         struct aw_err *err)
{
    (void)self;
    (void)err;
    aw_buf_printf(&lines, "%s %.*s\n", is_ad ? "ad" : "landing",
                  AW_STR_ARG(other));
    return AW_OK;
}

static void assert_landings(const char *url, const char *wanted)
{
    ASSERT_OK(aw_store_landings(fixture.store, aw_str_of(url), put_landing,
                                NULL, &fixture.err));
    assert_lines(wanted);
}

static void an_advertisement_and_its_landing_page_know_each_other(void **state)
{
    int64_t run = begin_crawl();
    int64_t ad = add(run, "a", "http://a.example/ad", "done", "");

    (void)state;
    add(run, "a", "http://a.example/buy", "done", "");
    ASSERT_OK(aw_store_landing_add(fixture.store, ad,
                                   AW_STR("http://a.example/buy"),
                                   &fixture.err));
    assert_landings("http://a.example/ad", "landing http://a.example/buy\n");
    assert_landings("http://a.example/buy", "ad http://a.example/ad\n");
    assert_landings("http://a.example/other", "");
}

/* ---- how long findings were up ------------------------------------------ */

static aw_rc put_span(void *self, const struct aw_finding_span *s,
                      struct aw_err *err)
{
    (void)self;
    (void)err;
    aw_buf_printf(&lines, "%lld %.*s %lld %lld %lld %.*s\n", (long long)s->id,
                  AW_STR_ARG(s->state), (long long)s->first_seen_ms,
                  (long long)s->last_seen_ms, (long long)s->gone_ms,
                  AW_STR_ARG(s->gone_why));
    return AW_OK;
}

static void a_finding_tells_how_long_it_was_up(void **state)
{
    const struct aw_str url = AW_STR("http://www.jinhui-wealth.example/");

    (void)state;
    fixture_simple("f1");
    ASSERT_OK(aw_store_finding_spans(fixture.store, url, put_span, NULL,
                                     &fixture.err));
    assert_lines("1 new 1795399980000 1795399980000 0 \n");
    ASSERT_OK(aw_store_findings_gone(fixture.store, url, 0, "http 404",
                                     INT64_C(1795400000000), &fixture.err));
    ASSERT_OK(aw_store_finding_spans(fixture.store, url, put_span, NULL,
                                     &fixture.err));
    assert_lines("1 new 1795399980000 1795399980000 1795400000000 http 404\n");
}

/* ---- runs --------------------------------------------------------------- */

static void put_read(int64_t run, int64_t read)
{
    struct aw_coverage c = {.run = run,
                            .source = source_of("a"),
                            .read = read,
                            .read_bytes = read * 100};

    ASSERT_OK(aw_store_coverage_put(fixture.store, &c, &fixture.err));
}

static void the_newest_run_with_enough_pages_is_found(void **state)
{
    static const int64_t reads[] = {20, 30, 9};
    struct aw_coverage rich = {0};
    int64_t run;

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        run = begin_crawl();
        put_read(run, reads[i]);
        end_crawl(run, 5, "done");
    }
    run = begin_crawl();
    put_read(run, 40);
    ASSERT_OK(aw_store_coverage_rich(fixture.store, run, source_of("a"), 10,
                                     &rich, &fixture.err));
    assert_int_equal(rich.run, 2);
    assert_int_equal(rich.read, 30);
    assert_int_equal(rich.read_bytes, 3000);
    assert_int_equal(aw_store_coverage_rich(fixture.store, run, source_of("a"),
                                            31, &rich, &fixture.err),
                     AW_MISSING);
}

static void the_last_success_is_a_run_that_is_done(void **state)
{
    int64_t ended_ms = -1;
    int64_t run;

    (void)state;
    ASSERT_OK(aw_store_run_success(fixture.store, &ended_ms, &fixture.err));
    assert_int_equal(ended_ms, 0);
    run = begin_crawl();
    end_crawl(run, 5, "done");
    run = begin_crawl();
    end_crawl(run, 9, "stopped");
    ASSERT_OK(aw_store_run_success(fixture.store, &ended_ms, &fixture.err));
    assert_int_equal(ended_ms, 5);
}

#define REPORT(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        REPORT(what_was_not_fetched_is_listed),
        REPORT(a_source_is_found_and_not_made),
        REPORT(urls_are_counted_by_source_state_and_reason),
        REPORT(a_visit_that_fails_ends_the_counts),
        REPORT(an_advertisement_and_its_landing_page_know_each_other),
        REPORT(a_finding_tells_how_long_it_was_up),
        REPORT(the_newest_run_with_enough_pages_is_found),
        REPORT(the_last_success_is_a_run_that_is_done),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
