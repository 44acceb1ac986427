/* Sources, hosts, and their robots.txt. */
#include "tests/store/fixture.h"

static struct aw_host_row host_of(const char *name, const char *site,
                                  int64_t now_ms)
{
    struct aw_host_row row;

    ASSERT_OK(aw_store_host_get(fixture.store, aw_str_of(name),
                                aw_str_of(site), now_ms, &row, &fixture.err));
    return row;
}

static void a_source_has_one_id(void **state)
{
    int64_t id = fixture_source("jinhui");

    (void)state;
    assert_true(id > 0);
    assert_int_equal(fixture_source("jinhui"), id);
    assert_int_not_equal(fixture_source("other"), id);
    fixture_reopen();
    assert_int_equal(fixture_source("jinhui"), id);
}

static void a_new_host_is_one_of_which_nothing_is_known(void **state)
{
    struct aw_host_row row = host_of("www.a.example", "a.example", 50);

    (void)state;
    assert_true(row.id > 0);
    assert_true(aw_str_eq(row.name, AW_STR("www.a.example")));
    assert_int_equal(row.site_seen_ms, 50);
    assert_string_equal(row.address, "");
    assert_int_equal(row.backoff_level, 0);
    assert_int_equal(row.backoff_until_ms, 0);
}

static void a_host_has_one_id(void **state)
{
    int64_t first = fixture_host("a.example");

    (void)state;
    assert_int_equal(fixture_host("a.example"), first);
    assert_int_not_equal(fixture_host("b.example"), first);
}

static void hosts_of_a_site_were_seen_with_its_first(void **state)
{
    (void)state;
    (void)host_of("www.a.example", "a.example", 50);
    assert_int_equal(host_of("m.a.example", "a.example", 90).site_seen_ms, 50);
    assert_int_equal(host_of("b.example", "b.example", 90).site_seen_ms, 90);
    assert_int_equal(host_of("m.a.example", "a.example", 99).site_seen_ms, 50);
}

static void a_host_keeps_its_address_and_back_off(void **state)
{
    struct aw_host_row row = host_of("a.example", "a.example", 50);

    (void)state;
    (void)snprintf(row.address, sizeof row.address, "2001:db8::7");
    row.backoff_level = 3;
    row.backoff_until_ms = INT64_C(1795399980000);
    ASSERT_OK(aw_store_host_put(fixture.store, &row, &fixture.err));
    (void)host_of("b.example", "b.example", 50);
    fixture_reopen();
    row = host_of("a.example", "a.example", 90);
    assert_string_equal(row.address, "2001:db8::7");
    assert_int_equal(row.backoff_level, 3);
    assert_int_equal(row.backoff_until_ms, INT64_C(1795399980000));
    assert_int_equal(row.site_seen_ms, 50);
    assert_string_equal(host_of("b.example", "b.example", 90).address, "");
}

static void an_address_that_is_too_long_is_cut(void **state)
{
    (void)state;
    (void)host_of("a.example", "a.example", 50);
    fixture_tamper("UPDATE host SET address = hex(randomblob(100))");
    assert_int_equal(strlen(host_of("a.example", "a.example", 90).address),
                     AW_HOST_ADDRESS_MAX - 1);
}

/* ---- hosts with work --------------------------------------------------- */

struct seen {
    struct aw_host_row rows[4];
    size_t count;
};

static aw_rc note_host(void *self, const struct aw_host_row *row,
                       struct aw_err *err)
{
    struct seen *seen = self;

    (void)err;
    assert_true(aw_str_eq(row->name, AW_STR("a.example")) ||
                aw_str_eq(row->name, AW_STR("c.example")));
    seen->rows[seen->count++] = *row;
    return AW_OK;
}

static void queue_on(const char *host, const char *url, int64_t priority,
                     bool is_done)
{
    struct aw_url_row row = fixture_url(url);

    row.host = fixture_host(host);
    row.priority = priority;
    assert_int_equal(fixture_add_row(&row, 1, 10), AW_URL_NEW);
    if (is_done)
        fixture_end(row.id, "done", "", 0, 20);
}

static void only_hosts_with_queued_urls_are_visited(void **state)
{
    struct seen seen = {0};
    struct aw_host_row row = host_of("c.example", "c.example", 7);

    (void)state;
    (void)snprintf(row.address, sizeof row.address, "192.0.2.7");
    row.backoff_level = 2;
    row.backoff_until_ms = 99;
    ASSERT_OK(aw_store_host_put(fixture.store, &row, &fixture.err));
    queue_on("a.example", "http://a.example/", 64, false);
    queue_on("b.example", "http://b.example/", 1, true);
    queue_on("c.example", "http://c.example/", 70, false);
    queue_on("c.example", "http://c.example/best", 3, false);
    queue_on("c.example", "http://c.example/done", 0, true);
    (void)fixture_host("d.example");
    ASSERT_OK(
        aw_store_hosts_queued(fixture.store, note_host, &seen, &fixture.err));
    assert_int_equal(seen.count, 2);
    assert_int_equal(seen.rows[0].id, row.id); /* made first */
    assert_int_equal(seen.rows[0].priority, 3);
    assert_int_equal(seen.rows[0].site_seen_ms, 7);
    assert_int_equal(seen.rows[0].backoff_level, 2);
    assert_int_equal(seen.rows[0].backoff_until_ms, 99);
    assert_string_equal(seen.rows[0].address, "192.0.2.7");
    assert_int_equal(seen.rows[1].id, fixture_host("a.example"));
    assert_int_equal(seen.rows[1].priority, 64);
    assert_string_equal(seen.rows[1].address, "");
}

static aw_rc stop_here(void *self, const struct aw_host_row *row,
                       struct aw_err *err)
{
    (void)self;
    (void)row;
    return aw_fail(err, AW_LIMIT, "enough");
}

static void a_visitor_that_fails_ends_the_walk(void **state)
{
    (void)state;
    queue_on("a.example", "http://a.example/", 64, false);
    assert_int_equal(aw_store_hosts_queued(fixture.store, stop_here, NULL,
                                           &fixture.err),
                     AW_LIMIT);
    ASSERT_SAYS("enough");
}

/* ---- robots.txt -------------------------------------------------------- */

static void robots_txt_is_kept_as_fetched_last(void **state)
{
    struct aw_robots_row row = {.fetched_ms = 1, .failing_ms = 1};
    struct aw_str origin = AW_STR("http://a.example");

    (void)state;
    assert_int_equal(aw_store_robots_get(fixture.store, &fixture.arena, origin,
                                         &row, &fixture.err),
                     AW_MISSING);
    ASSERT_OK(aw_store_robots_put(fixture.store, origin, &row, &fixture.err));
    row = (struct aw_robots_row){.fetched_ms = 2,
                                 .status = 200,
                                 .body = {"User-agent: *\0x", 15}};
    ASSERT_OK(aw_store_robots_put(fixture.store, origin, &row, &fixture.err));
    row = (struct aw_robots_row){.failing_ms = 9};
    ASSERT_OK(aw_store_robots_get(fixture.store, &fixture.arena, origin, &row,
                                  &fixture.err));
    assert_int_equal(row.fetched_ms, 2);
    assert_int_equal(row.status, 200);
    assert_int_equal(row.failing_ms, 0);
    assert_int_equal(row.body.len, 15);
    assert_memory_equal(row.body.ptr, "User-agent: *\0x", 15);
}

static void robots_txt_that_fails_tells_since_when(void **state)
{
    struct aw_robots_row row = {.fetched_ms = 90,
                                .status = 503,
                                .failing_ms = 50};
    struct aw_str origin = AW_STR("https://a.example:8443");

    (void)state;
    ASSERT_OK(aw_store_robots_put(fixture.store, origin, &row, &fixture.err));
    row = (struct aw_robots_row){0};
    ASSERT_OK(aw_store_robots_get(fixture.store, &fixture.arena, origin, &row,
                                  &fixture.err));
    assert_int_equal(row.status, 503);
    assert_int_equal(row.failing_ms, 50);
    assert_int_equal(row.body.len, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(a_source_has_one_id),
        UNIT(a_new_host_is_one_of_which_nothing_is_known),
        UNIT(a_host_has_one_id),
        UNIT(hosts_of_a_site_were_seen_with_its_first),
        UNIT(a_host_keeps_its_address_and_back_off),
        UNIT(an_address_that_is_too_long_is_cut),
        UNIT(only_hosts_with_queued_urls_are_visited),
        UNIT(a_visitor_that_fails_ends_the_walk),
        UNIT(robots_txt_is_kept_as_fetched_last),
        UNIT(robots_txt_that_fails_tells_since_when),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
