/* Which URL is next, and when.
 *
 * The frontier is compiled into this test with a table of URLs seen that is
 * full after 32: that it forgets must change nothing.
 */
#define SEEN_SLOTS ((size_t)64)
#include "crawler/frontier.c" /* NOLINT(bugprone-suspicious-include) */

#include "tests/store/fixture.h"

#define NOW 1000

static struct aw_frontier *frontier;

static void open_frontier(int64_t run)
{
    ASSERT_OK(aw_frontier_new(&frontier, fixture.store, run, &fixture.err));
}

static int set_up(void **state)
{
    (void)fixture_set_up(state);
    open_frontier(1);
    return 0;
}

static int tear_down(void **state)
{
    aw_frontier_free(frontier);
    return fixture_tear_down(state);
}

static bool add(const char *url, int64_t depth)
{
    struct aw_url_row row = {.url = aw_str_of(url),
                             .source = AW_STR("s"),
                             .depth = depth};
    bool added = false;

    ASSERT_OK(aw_frontier_add(frontier, &row, 0, &added, &fixture.err));
    return added;
}

/* The URL that is due at now, or "" where none is. */
static const char *next_at(int64_t now, struct aw_frontier_host **host,
                           struct aw_url_row *row)
{
    static char url[AW_URL_MAX + 1];

    ASSERT_OK(aw_frontier_next(frontier, now, host, row, &fixture.err));
    (void)snprintf(url, sizeof url, "%.*s", *host ? (int)row->url.len : 0,
                   *host ? row->url.ptr : "");
    return url;
}

static void give_back(struct aw_frontier_host *host, int64_t next_ms)
{
    ASSERT_OK(aw_frontier_done(frontier, host, next_ms, &fixture.err));
}

/* Takes the URL that is due and ends it: its host is free again at once. */
static void assert_next(const char *url)
{
    struct aw_frontier_host *host = NULL;
    struct aw_url_row row;

    assert_string_equal(next_at(NOW, &host, &row), url);
    if (!host)
        return;
    ASSERT_OK(aw_store_url_end(fixture.store, row.id, "done", "", 200, 0,
                               &fixture.err));
    give_back(host, NOW);
}

static void an_empty_frontier_is_never_due(void **state)
{
    (void)state;
    assert_int_equal(aw_frontier_due(frontier), AW_FRONTIER_NEVER);
    assert_next("");
}

static void pages_near_a_start_page_come_first(void **state)
{
    (void)state;
    add("http://a.example/deep", 2);
    add("http://a.example/second", 1);
    add("http://a.example/third", 1);
    add("http://a.example/", 0);
    assert_next("http://a.example/");
    assert_next("http://a.example/second");
    assert_next("http://a.example/third");
    assert_next("http://a.example/deep");
    assert_next("");
}

static void a_host_is_given_out_to_one_request_at_a_time(void **state)
{
    struct aw_frontier_host *host = NULL;
    struct aw_frontier_host *other = NULL;
    struct aw_url_row row;

    (void)state;
    add("http://a.example/1", 0);
    add("http://a.example/2", 0);
    assert_string_equal(next_at(NOW, &host, &row), "http://a.example/1");
    assert_string_equal(next_at(NOW, &other, &row), "");
    add("http://a.example/3", 0);
    assert_string_equal(next_at(NOW, &other, &row), "");
    assert_int_equal(aw_frontier_due(frontier), AW_FRONTIER_NEVER);
    give_back(host, NOW);
    assert_next("http://a.example/2");
}

static void a_host_of_two_ports_is_one_host(void **state)
{
    struct aw_frontier_host *host = NULL;
    struct aw_url_row row;

    (void)state;
    add("http://a.example/", 0);
    add("http://a.example:8080/", 0);
    assert_string_equal(next_at(NOW, &host, &row), "http://a.example/");
    assert_string_equal(next_at(NOW, &host, &row), "");
}

static void a_host_rests_for_its_pause(void **state)
{
    struct aw_frontier_host *host = NULL;
    struct aw_url_row row;

    (void)state;
    add("http://a.example/1", 0);
    add("http://a.example/2", 0);
    (void)next_at(NOW, &host, &row);
    give_back(host, NOW + 500);
    assert_int_equal(aw_frontier_due(frontier), NOW + 500);
    assert_string_equal(next_at(NOW + 499, &host, &row), "");
    assert_string_equal(next_at(NOW + 500, &host, &row), "http://a.example/2");
}

static void a_new_url_does_not_cut_a_pause_short(void **state)
{
    struct aw_frontier_host *host = NULL;
    struct aw_url_row row;

    (void)state;
    add("http://a.example/1", 0);
    (void)next_at(NOW, &host, &row);
    give_back(host, NOW + 500);
    add("http://a.example/2", 0);
    assert_string_equal(next_at(NOW + 499, &host, &row), "");
    assert_string_equal(next_at(NOW + 500, &host, &row), "http://a.example/2");
}

static void hosts_come_in_the_order_of_their_times(void **state)
{
    static const int64_t waits[] = {70, 10, 50, 30, 90, 20};
    struct aw_frontier_host *hosts[6];
    struct aw_url_row row;
    char url[64];
    int64_t last = 0;

    (void)state;
    for (int i = 0; i < 6; i++) {
        for (int page = 0; page < 2; page++) {
            (void)snprintf(url, sizeof url, "http://h%d.example/%d", i, page);
            add(url, 0);
        }
    }
    for (int i = 0; i < 6; i++) {
        (void)next_at(NOW, &hosts[i], &row);
        assert_non_null(hosts[i]);
    }
    for (int i = 0; i < 6; i++)
        give_back(hosts[i], NOW + waits[i]);
    for (int i = 0; i < 6; i++) {
        int64_t due = aw_frontier_due(frontier);

        assert_true(due > last);
        assert_string_equal(next_at(due - 1, &hosts[0], &row), "");
        (void)next_at(due, &hosts[0], &row);
        assert_non_null(hosts[0]);
        last = due;
    }
    assert_int_equal(last, NOW + 90);
}

static void what_was_put_back_comes_next(void **state)
{
    struct aw_frontier_host *host = NULL;
    struct aw_url_row row;

    (void)state;
    add("http://a.example/1", 0);
    add("http://a.example/2", 0);
    (void)next_at(NOW, &host, &row);
    aw_frontier_put_back(host);
    give_back(host, NOW);
    assert_next("http://a.example/1");
    assert_next("http://a.example/2");
    assert_next("");
}

static void the_last_one_can_be_put_back(void **state)
{
    struct aw_frontier_host *host = NULL;
    struct aw_url_row row;

    (void)state;
    add("http://a.example/", 0);
    (void)next_at(NOW, &host, &row);
    aw_frontier_put_back(host);
    give_back(host, NOW + 5);
    assert_int_equal(aw_frontier_due(frontier), NOW + 5);
    assert_string_equal(next_at(NOW + 5, &host, &row), "http://a.example/");
}

static void a_url_is_taken_up_once_in_a_run(void **state)
{
    (void)state;
    assert_true(add("http://a.example/", 0));
    assert_false(add("http://a.example/", 0));
    assert_next("http://a.example/");
    assert_false(add("http://a.example/", 0));
    assert_next("");
}

static void a_refused_url_is_kept_and_never_given_out(void **state)
{
    struct aw_url_row row = {.url = AW_STR("http://a.example/over"),
                             .source = AW_STR("s")};
    bool added = false;

    (void)state;
    ASSERT_OK(
        aw_frontier_refuse(frontier, &row, "over", 0, &added, &fixture.err));
    assert_true(added);
    assert_false(add("http://a.example/over", 0));
    assert_int_equal(aw_frontier_due(frontier), AW_FRONTIER_NEVER);
    assert_true(add("http://a.example/known", 0));
    row.url = AW_STR("http://a.example/known");
    ASSERT_OK(
        aw_frontier_refuse(frontier, &row, "over", 0, &added, &fixture.err));
    assert_false(added);
    assert_next("http://a.example/known");
}

static void the_next_run_takes_it_up_again(void **state)
{
    (void)state;
    add("http://a.example/", 0);
    assert_next("http://a.example/");
    aw_frontier_free(frontier);
    open_frontier(2);
    assert_true(add("http://a.example/", 0));
    assert_next("http://a.example/");
}

static void a_url_that_is_queued_again_is_given_out_again(void **state)
{
    struct aw_frontier_host *host = NULL;
    struct aw_url_row row;

    (void)state;
    add("http://a.example/", 0);
    (void)next_at(NOW, &host, &row);
    assert_int_equal(row.tries, 0);
    ASSERT_OK(aw_store_url_end(fixture.store, row.id, "queued", "http 503",
                               503, 0, &fixture.err));
    ASSERT_OK(aw_frontier_more(frontier, host, &fixture.err));
    give_back(host, NOW + 1000);
    assert_string_equal(next_at(NOW + 999, &host, &row), "");
    assert_string_equal(next_at(NOW + 1000, &host, &row), "http://a.example/");
    assert_int_equal(row.tries, 1);
}

static void more_pages_than_a_batch_come_all_and_in_order(void **state)
{
    char url[64];
    int pages = AW_FRONTIER_BATCH * 2 + 7;

    (void)state;
    for (int i = 0; i < pages; i++) {
        (void)snprintf(url, sizeof url, "http://a.example/%d", i);
        add(url, 1);
    }
    for (int i = 0; i < pages; i++) {
        (void)snprintf(url, sizeof url, "http://a.example/%d", i);
        assert_next(url);
    }
    assert_next("");
}

static void forgetting_what_was_seen_takes_nothing_up_twice(void **state)
{
    char url[64];

    (void)state;
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 200; i++) {
            (void)snprintf(url, sizeof url, "http://h%d.example/", i);
            assert_int_equal(add(url, 0), round == 0);
        }
    }
}

static void what_a_crash_left_in_memory_comes_again(void **state)
{
    struct aw_run run = {.kind = AW_STR("crawl"), .started_ms = 1};
    struct aw_frontier_host *host = NULL;
    struct aw_url_row row;
    bool resumed = false;

    (void)state;
    ASSERT_OK(aw_store_run_begin(fixture.store, &run, &resumed, &fixture.err));
    add("http://a.example/done", 0);
    add("http://a.example/asked", 0);
    add("http://a.example/batch", 0);
    assert_next("http://a.example/done");
    (void)next_at(NOW, &host, &row); /* and now the power fails */
    aw_frontier_free(frontier);
    aw_store_close(fixture.store);
    ASSERT_OK(aw_store_open(&fixture.store, fixture.path, &fixture.err));
    ASSERT_OK(aw_store_run_begin(fixture.store, &run, &resumed, &fixture.err));
    assert_true(resumed);
    open_frontier(run.id);
    assert_next("http://a.example/asked");
    assert_next("http://a.example/batch");
    assert_next("");
}

static void failures_are_counted_for_each_host(void **state)
{
    struct aw_frontier_host *host = NULL;
    struct aw_url_row row;

    (void)state;
    add("http://a.example/", 0);
    (void)next_at(NOW, &host, &row);
    assert_int_equal(*aw_frontier_host_fails(host), 0);
    ++*aw_frontier_host_fails(host);
    assert_int_equal(*aw_frontier_host_fails(host), 1);
    assert_true(aw_str_eq(aw_frontier_host_name(host), AW_STR("a.example")));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_empty_frontier_is_never_due),
        TEST(pages_near_a_start_page_come_first),
        TEST(a_host_is_given_out_to_one_request_at_a_time),
        TEST(a_host_of_two_ports_is_one_host),
        TEST(a_host_rests_for_its_pause),
        TEST(a_new_url_does_not_cut_a_pause_short),
        TEST(hosts_come_in_the_order_of_their_times),
        TEST(what_was_put_back_comes_next),
        TEST(the_last_one_can_be_put_back),
        TEST(a_url_is_taken_up_once_in_a_run),
        TEST(a_refused_url_is_kept_and_never_given_out),
        TEST(the_next_run_takes_it_up_again),
        TEST(a_url_that_is_queued_again_is_given_out_again),
        TEST(more_pages_than_a_batch_come_all_and_in_order),
        TEST(forgetting_what_was_seen_takes_nothing_up_twice),
        TEST(what_a_crash_left_in_memory_comes_again),
        TEST(failures_are_counted_for_each_host),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
