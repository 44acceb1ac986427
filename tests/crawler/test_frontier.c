/* Which URL is next, and when. */
#include "tests/crawler/frontier_fixture.h"

#define DAY (INT64_C(24) * 3600 * 1000)

static enum aw_url_taken add_row(struct aw_url_row *row, bool force)
{
    enum aw_url_taken taken = AW_URL_KNOWN;

    row->source = fixture_source("s");
    ASSERT_OK(
        aw_frontier_add(frontier, row, WALL, force, &taken, &fixture.err));
    return taken;
}

/* Of a priority that a new site does not better. */
static enum aw_url_taken add(const char *url, int64_t priority)
{
    struct aw_url_row row = {.url = aw_str_of(url), .priority = priority};

    return add_row(&row, false);
}

/* The URL that is due at now, "" where none is, stays with the caller. */
static struct taken take(int64_t now, const char *url)
{
    struct taken taken = next_at(now);

    if (!taken.host)
        assert_string_equal("", url);
    else if (!aw_str_eq(taken.row.url, aw_str_of(url)))
        fail_msg("%.*s, not %s", AW_STR_ARG(taken.row.url), url);
    return taken;
}

/* Takes the URL that is due and ends it: its host is free again at once. */
static void assert_next(const char *url)
{
    struct taken taken = take(NOW, url);

    if (!taken.host)
        return;
    end(taken, "done", 64);
    give_back(taken, NOW, NOW);
}

static bool may_connect(struct taken taken, const char *address, int64_t now)
{
    return aw_frontier_may_connect(frontier, taken.host, address, now);
}

/* What the store knows of a host from an earlier run. */
static void know(const char *name, const char *address, int64_t level,
                 int64_t until_ms)
{
    struct aw_host_row row;

    ASSERT_OK(aw_store_host_get(fixture.store, aw_str_of(name),
                                aw_str_of(name), WALL - 30 * DAY, &row,
                                &fixture.err));
    (void)snprintf(row.address, sizeof row.address, "%s", address);
    row.backoff_level = level;
    row.backoff_until_ms = until_ms;
    ASSERT_OK(aw_store_host_put(fixture.store, &row, &fixture.err));
}

/* ---- one host ---------------------------------------------------------- */

static void an_empty_frontier_is_never_due(void **state)
{
    (void)state;
    assert_int_equal(aw_frontier_due(frontier), AW_FRONTIER_NEVER);
    assert_next("");
}

static void the_best_priority_comes_first_then_the_oldest(void **state)
{
    (void)state;
    (void)add("http://a.example/last", 9);
    (void)add("http://a.example/second", 3);
    (void)add("http://a.example/third", 3);
    (void)add("http://a.example/first", 2);
    assert_next("http://a.example/first");
    assert_next("http://a.example/second");
    assert_next("http://a.example/third");
    assert_next("http://a.example/last");
    assert_next("");
}

static void a_host_is_given_out_to_one_request_at_a_time(void **state)
{
    struct taken first;

    (void)state;
    (void)add("http://a.example/1", 2);
    (void)add("http://a.example/2", 2);
    first = take(NOW, "http://a.example/1");
    (void)take(NOW, "");
    (void)add("http://a.example/3", 0);
    (void)take(NOW, "");
    assert_int_equal(aw_frontier_due(frontier), AW_FRONTIER_NEVER);
    give_back(first, NOW, NOW);
    assert_next("http://a.example/3");
    assert_next("http://a.example/2");
}

static void a_host_of_two_ports_is_one_host(void **state)
{
    (void)state;
    (void)add("http://a.example/", 2);
    (void)add("http://a.example:8080/", 2);
    (void)take(NOW, "http://a.example/");
    (void)take(NOW, "");
}

static void a_host_rests_for_its_pause(void **state)
{
    struct taken taken;

    (void)state;
    (void)add("http://a.example/1", 2);
    (void)add("http://a.example/2", 2);
    taken = take(NOW, "http://a.example/1");
    end(taken, "done", 64);
    give_back(taken, NOW + 500, NOW);
    assert_int_equal(aw_frontier_due(frontier), NOW + 500);
    (void)take(NOW + 499, "");
    (void)take(NOW + 500, "http://a.example/2");
}

static void a_new_url_does_not_cut_a_pause_short(void **state)
{
    struct taken taken;

    (void)state;
    (void)add("http://a.example/1", 2);
    taken = take(NOW, "http://a.example/1");
    end(taken, "done", 64);
    give_back(taken, NOW + 500, NOW);
    (void)add("http://a.example/2", 0);
    (void)take(NOW + 499, "");
    (void)take(NOW + 500, "http://a.example/2");
}

static void a_host_without_urls_waits_for_nothing(void **state)
{
    struct taken taken;

    (void)state;
    (void)add("http://a.example/", 2);
    taken = take(NOW, "http://a.example/");
    end(taken, "done", 64);
    give_back(taken, NOW + 3600000, NOW);
    assert_int_equal(aw_frontier_due(frontier), AW_FRONTIER_NEVER);
}

static void hosts_come_in_the_order_of_their_times(void **state)
{
    static const int64_t waits[] = {70, 10, 50, 30, 90, 20};
    struct taken taken[6];
    char url[64];
    int64_t last = 0;

    (void)state;
    for (int i = 0; i < 6; i++) {
        for (int page = 0; page < 2; page++) {
            (void)snprintf(url, sizeof url, "http://h%d.example/%d", i, page);
            (void)add(url, 2);
        }
    }
    for (int i = 0; i < 6; i++) {
        taken[i] = next_at(NOW);
        assert_non_null(taken[i].host);
    }
    for (int i = 0; i < 6; i++)
        give_back(taken[i], NOW + waits[i], NOW);
    for (int i = 0; i < 6; i++) {
        int64_t due = aw_frontier_due(frontier);

        assert_true(due > last);
        (void)take(due - 1, "");
        assert_non_null(next_at(due).host);
        last = due;
    }
    assert_int_equal(last, NOW + 90);
}

static void it_is_due_at_once_while_a_host_is(void **state)
{
    struct taken taken;

    (void)state;
    (void)add("http://a.example/", 2);
    (void)add("http://b.example/", 2);
    assert_int_equal(aw_frontier_due(frontier), NOW);
    taken = take(NOW + 5, "http://a.example/");
    assert_int_equal(aw_frontier_due(frontier), 0); /* b was woken as well */
    (void)take(NOW + 5, "http://b.example/");
    assert_int_equal(aw_frontier_due(frontier), AW_FRONTIER_NEVER);
    aw_frontier_put_back(taken.host);
    give_back(taken, NOW + 7, NOW);
    assert_int_equal(aw_frontier_due(frontier), NOW + 7);
}

/* ---- hosts against each other ------------------------------------------ */

static void a_better_priority_comes_first_among_hosts(void **state)
{
    (void)state;
    (void)add("http://a.example/", 60);
    (void)add("http://b.example/", 2);
    (void)add("http://c.example/", 30);
    assert_next("http://b.example/");
    assert_next("http://c.example/");
    assert_next("http://a.example/");
}

static void a_point_of_priority_is_worth_a_second_of_waiting(void **state)
{
    struct taken first;
    struct taken second;

    (void)state;
    (void)add("http://a.example/1", 10);
    (void)add("http://a.example/2", 10);
    (void)add("http://b.example/1", 5);
    (void)add("http://b.example/2", 5);
    first = take(NOW, "http://b.example/1");
    second = take(NOW, "http://a.example/1");
    give_back(second, NOW, NOW);
    give_back(first, NOW + 5001, NOW); /* waits 5 s less for 5 points */
    first = take(NOW + 9000, "http://a.example/2");
    second = take(NOW + 9000, "http://b.example/2");
    aw_frontier_put_back(first.host);
    give_back(first, NOW, NOW);
    aw_frontier_put_back(second.host);
    give_back(second, NOW + 4999, NOW);
    (void)take(NOW + 9000, "http://b.example/2");
    (void)take(NOW + 9000, "http://a.example/2");
}

static void a_better_url_lifts_a_host_that_waits(void **state)
{
    (void)state;
    (void)add("http://a.example/", 3);
    (void)add("http://b.example/worse", 60);
    (void)add("http://b.example/better", 1);
    assert_next("http://b.example/better");
    assert_next("http://a.example/");
    assert_next("http://b.example/worse");
}

static void a_better_url_does_not_wait_for_a_batch_to_end(void **state)
{
    (void)state;
    (void)add("http://a.example/1", 5);
    (void)add("http://a.example/2", 5);
    (void)add("http://a.example/3", 5);
    assert_next("http://a.example/1"); /* 2 and 3 lie in memory now */
    (void)add("http://a.example/better", 4);
    (void)add("http://a.example/same", 5);
    assert_next("http://a.example/better");
    assert_next("http://a.example/2");
    assert_next("http://a.example/3");
    assert_next("http://a.example/same");
    assert_next("");
}

static void a_better_url_that_comes_during_a_request_is_next(void **state)
{
    struct taken taken;

    (void)state;
    (void)add("http://a.example/1", 5);
    (void)add("http://a.example/2", 5);
    taken = take(NOW, "http://a.example/1");
    (void)add("http://a.example/better", 4);
    assert_true(aw_str_eq(taken.row.url, AW_STR("http://a.example/1")));
    aw_frontier_put_back(taken.host);
    give_back(taken, NOW, NOW);
    assert_next("http://a.example/better");
    assert_next("http://a.example/1");
    assert_next("http://a.example/2");
}

static void
a_better_url_is_not_forgotten_when_the_best_is_put_back(void **state)
{
    struct taken taken;

    (void)state;
    (void)add("http://a.example/1", 3);
    (void)add("http://a.example/2", 5);
    taken = take(NOW, "http://a.example/1");
    (void)add("http://a.example/between", 4);
    aw_frontier_put_back(taken.host);
    give_back(taken, NOW, NOW);
    assert_next("http://a.example/1");
    assert_next("http://a.example/between");
    assert_next("http://a.example/2");
}

static void what_a_host_had_does_not_better_what_it_gets(void **state)
{
    (void)state;
    (void)add("http://a.example/", 2);
    assert_next("http://a.example/");
    (void)add("http://a.example/deep", 60);
    (void)add("http://b.example/", 50);
    assert_next("http://b.example/");
    assert_next("http://a.example/deep");
}

static void a_new_site_comes_before_a_known_one(void **state)
{
    struct aw_url_row row = {.url = AW_STR("http://new.example/"),
                             .priority = AW_PRIORITY_LINK + 1};

    (void)state;
    know("known.example", "", 0, 0);
    (void)add("http://known.example/", AW_PRIORITY_LINK);
    assert_int_equal(add_row(&row, false), AW_URL_NEW);
    assert_int_equal(row.priority, AW_PRIORITY_NEW_SITE + 1);
    assert_next("http://new.example/");
    assert_next("http://known.example/");
}

static void a_new_host_of_a_known_site_is_not_new(void **state)
{
    struct aw_url_row row = {.url = AW_STR("http://m.known.example/"),
                             .priority = AW_PRIORITY_LINK};

    (void)state;
    know("known.example", "", 0, 0);
    assert_int_equal(add_row(&row, false), AW_URL_NEW);
    assert_int_equal(row.priority, AW_PRIORITY_LINK);
}

static void a_site_is_new_for_a_week(void **state)
{
    static const struct {
        const char *host, *url;
        int64_t days, priority, want;
    } cases[] = {
        {"a.example", "http://a.example/", 6, AW_PRIORITY_LINK,
         AW_PRIORITY_NEW_SITE},
        {"b.example", "http://b.example/", 8, AW_PRIORITY_LINK,
         AW_PRIORITY_LINK},
        {"c.example", "http://c.example/", 6, AW_PRIORITY_START,
         AW_PRIORITY_START},
        /* would come among what is known */
        {"d.example", "http://d.example/", 6, AW_PRIORITY_LAST,
         AW_PRIORITY_LAST},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct aw_url_row row = {.url = aw_str_of(cases[i].url),
                                 .priority = cases[i].priority};
        struct aw_str name = aw_str_of(cases[i].host);
        struct aw_host_row host;

        ASSERT_OK(aw_store_host_get(fixture.store, name, name,
                                    WALL - cases[i].days * DAY, &host,
                                    &fixture.err));
        assert_int_equal(add_row(&row, false), AW_URL_NEW);
        assert_int_equal(row.priority, cases[i].want);
    }
}

/* ---- giving back, trying again ----------------------------------------- */

static void what_was_put_back_comes_next(void **state)
{
    struct taken taken;

    (void)state;
    (void)add("http://a.example/1", 2);
    (void)add("http://a.example/2", 2);
    taken = take(NOW, "http://a.example/1");
    aw_frontier_put_back(taken.host);
    give_back(taken, NOW, NOW);
    assert_next("http://a.example/1");
    assert_next("http://a.example/2");
    assert_next("");
}

static void the_last_one_can_be_put_back(void **state)
{
    struct taken taken;

    (void)state;
    (void)add("http://a.example/", 2);
    taken = take(NOW, "http://a.example/");
    aw_frontier_put_back(taken.host);
    give_back(taken, NOW + 5, NOW);
    assert_int_equal(aw_frontier_due(frontier), NOW + 5);
    (void)take(NOW + 5, "http://a.example/");
}

static void a_url_in_work_is_not_given_out_again(void **state)
{
    struct taken first;
    struct taken second;

    (void)state;
    (void)add("http://a.example/1", 2);
    (void)add("http://a.example/2", 2);
    (void)add("http://a.example/3", 2);
    first = take(NOW, "http://a.example/1");
    give_back(first, NOW, NOW);
    (void)add("http://a.example/better", 1); /* the queue is read anew */
    second = take(NOW, "http://a.example/better");
    give_back(second, NOW, NOW);
    assert_next("http://a.example/2");
    assert_next("http://a.example/3");
    assert_next("");
    end(first, "done", 64);
    end(second, "done", 64);
    assert_next("");
    assert_int_equal(fixture_number(
                         "SELECT count(*) FROM url WHERE state = 'queued'"),
                     0);
}

static void a_url_to_try_again_is_given_out_again(void **state)
{
    struct taken taken;

    (void)state;
    (void)add("http://a.example/", 2);
    taken = take(NOW, "http://a.example/");
    assert_int_equal(taken.row.tries, 0);
    end(taken, "queued", 2);
    give_back(taken, NOW + 500, NOW);
    (void)take(NOW + 499, "");
    taken = take(NOW + 500, "http://a.example/");
    assert_int_equal(taken.row.tries, 1);
    give_back(taken, NOW + 500, NOW);
    (void)take(NOW + 500, "");
    end(taken, "queued", 2); /* after the host was given back */
    taken = take(NOW + 500, "http://a.example/");
    assert_int_equal(taken.row.tries, 2);
}

static void a_url_is_taken_up_once_in_a_run(void **state)
{
    (void)state;
    assert_int_equal(add("http://a.example/", 2), AW_URL_NEW);
    assert_int_equal(add("http://a.example/", 2), AW_URL_KNOWN);
    assert_next("http://a.example/");
    assert_int_equal(add("http://a.example/", 2), AW_URL_KNOWN);
    assert_next("");
}

static void what_was_seen_is_known_without_the_store(void **state)
{
    (void)state;
    assert_false(aw_frontier_has_seen(frontier, AW_STR("http://a.example/")));
    (void)add("http://a.example/", 2);
    assert_true(aw_frontier_has_seen(frontier, AW_STR("http://a.example/")));
    reopen_frontier(1);
    assert_false(aw_frontier_has_seen(frontier, AW_STR("http://a.example/")));
    assert_int_equal(add("http://a.example/", 2), AW_URL_KNOWN);
}

static enum aw_url_taken add_at(const char *url, int64_t depth)
{
    struct aw_url_row row = {.url = aw_str_of(url),
                             .via = AW_VIA_LINK,
                             .priority = AW_PRIORITY_AGAIN + depth,
                             .depth = depth};

    return add_row(&row, false);
}

static void a_shorter_way_counts_in_memory_and_after_a_crash(void **state)
{
    struct taken taken;

    (void)state;
    (void)add_at("http://a.example/1", 1);
    (void)add_at("http://a.example/far", 9);
    (void)add_at("http://a.example/2", 3);
    assert_next("http://a.example/1"); /* the others are in its batch */
    assert_int_equal(add_at("http://a.example/far", 9), AW_URL_KNOWN);
    assert_int_equal(add_at("http://a.example/far", 2), AW_URL_NEARER);
    assert_int_equal(add_at("http://a.example/far", 4), AW_URL_KNOWN);
    taken = take(NOW, "http://a.example/far");
    assert_int_equal(taken.row.depth, 2);
    reopen_frontier(1);
    taken = take(NOW, "http://a.example/far");
    assert_int_equal(taken.row.depth, 2);
    end(taken, "done", 64);
    give_back(taken, NOW, NOW);
    assert_int_equal(add_at("http://a.example/far", 1), AW_URL_WAS_FAR);
    assert_next("http://a.example/2");
    assert_next("");
}

static void how_near_a_url_is_is_known_without_the_store(void **state)
{
    struct aw_url_row row = {.url = AW_STR("http://a.example/"),
                             .via = AW_VIA_LINK,
                             .depth = 4};

    (void)state;
    assert_false(aw_frontier_is_as_near(frontier, &row));
    (void)add_at("http://a.example/", 3);
    assert_true(aw_frontier_is_as_near(frontier, &row));
    row.depth = 2;
    assert_false(aw_frontier_is_as_near(frontier, &row));
}

static void a_url_that_is_not_due_is_taken_up_by_force_alone(void **state)
{
    struct aw_url_row row = {.url = AW_STR("http://a.example/"),
                             .priority = 2};

    (void)state;
    (void)add("http://a.example/", 2);
    assert_next("http://a.example/");
    fixture_tamper("UPDATE url SET due_ms = 1795399980001");
    reopen_frontier(2);
    assert_int_equal(add("http://a.example/", 2), AW_URL_NOT_DUE);
    assert_next("");
    assert_int_equal(add_row(&row, true), AW_URL_AGAIN);
    assert_next("http://a.example/");
    assert_int_equal(add_row(&row, true), AW_URL_KNOWN);
    assert_next("");
}

static void the_next_run_takes_it_up_again(void **state)
{
    (void)state;
    (void)add("http://a.example/", 2);
    assert_next("http://a.example/");
    reopen_frontier(2);
    assert_int_equal(add("http://a.example/", 2), AW_URL_AGAIN);
    assert_next("http://a.example/");
}

static void a_refused_url_is_kept_and_never_given_out(void **state)
{
    struct aw_url_row row = {.url = AW_STR("http://a.example/over")};
    enum aw_url_taken taken = AW_URL_KNOWN;

    (void)state;
    row.source = fixture_source("s");
    ASSERT_OK(aw_frontier_refuse(frontier, &row, "over", WALL, &taken,
                                 &fixture.err));
    assert_int_equal(taken, AW_URL_NEW);
    assert_int_equal(add("http://a.example/over", 2), AW_URL_KNOWN);
    assert_int_equal(aw_frontier_due(frontier), AW_FRONTIER_NEVER);
    assert_int_equal(add("http://a.example/known", 2), AW_URL_NEW);
    row.url = AW_STR("http://a.example/known");
    ASSERT_OK(aw_frontier_refuse(frontier, &row, "over", WALL, &taken,
                                 &fixture.err));
    assert_int_equal(taken, AW_URL_KNOWN);
    assert_next("http://a.example/known");
}

static void a_url_that_is_none_is_refused(void **state)
{
    struct aw_url_row row = {.url = AW_STR("no url")};
    enum aw_url_taken taken;

    (void)state;
    row.source = fixture_source("s");
    assert_int_not_equal(aw_frontier_add(frontier, &row, WALL, false, &taken,
                                         &fixture.err),
                         AW_OK);
    assert_next("");
}

/* ---- many -------------------------------------------------------------- */

static void more_pages_than_a_batch_come_all_and_in_order(void **state)
{
    char url[64];
    int pages = AW_FRONTIER_BATCH * 2 + 7;

    (void)state;
    for (int i = 0; i < pages; i++) {
        (void)snprintf(url, sizeof url, "http://a.example/%d", i);
        (void)add(url, 2);
    }
    for (int i = 0; i < pages; i++) {
        (void)snprintf(url, sizeof url, "http://a.example/%d", i);
        assert_next(url);
    }
    assert_next("");
}

static void with_many_hosts_batches_are_small_and_nothing_is_lost(void **state)
{
    struct taken taken;
    char url[64];
    int hosts = AW_FRONTIER_ROWS / 8; /* 7 rows for each */
    int count = 0;

    (void)state;
    ASSERT_OK(aw_store_begin(fixture.store, &fixture.err));
    for (int i = 0; i < hosts; i++) {
        (void)snprintf(url, sizeof url, "http://h%d.example/", i);
        (void)add(url, 3);
    }
    for (int i = 0; i < 30; i++) {
        (void)snprintf(url, sizeof url, "http://h5.example/%d", i);
        (void)add(url, 2);
    }
    for (int i = 0; i < 30; i++) {
        (void)snprintf(url, sizeof url, "http://h5.example/%d", i);
        assert_next(url);
    }
    while ((taken = next_at(NOW)).host) {
        end(taken, "done", 64);
        give_back(taken, NOW, NOW);
        count++;
    }
    assert_int_equal(count, hosts);
    ASSERT_OK(aw_store_commit(fixture.store, &fixture.err));
    assert_int_equal(fixture_number(
                         "SELECT count(*) FROM url WHERE state = 'queued'"),
                     0);
}

/* ---- addresses --------------------------------------------------------- */

static void hosts_of_a_known_address_are_asked_one_at_a_time(void **state)
{
    struct taken taken;

    (void)state;
    know("a.example", "192.0.2.1", 0, 0);
    know("b.example", "192.0.2.1", 0, 0);
    know("c.example", "192.0.2.2", 0, 0);
    (void)add("http://a.example/", 1);
    (void)add("http://b.example/", 2);
    (void)add("http://c.example/", 3);
    taken = take(NOW, "http://a.example/");
    (void)take(NOW, "http://c.example/");
    (void)take(NOW, "");
    assert_int_equal(aw_frontier_due(frontier), AW_FRONTIER_NEVER);
    assert_true(may_connect(taken, "192.0.2.1", NOW));
    end(taken, "done", 64);
    give_back(taken, NOW + 900, NOW + 40);
    assert_int_equal(aw_frontier_due(frontier), NOW + 40);
    (void)take(NOW + 39, "");
    (void)take(NOW + 40, "http://b.example/");
}

static void the_pause_of_an_address_is_never_cut_short(void **state)
{
    struct taken taken;

    (void)state;
    know("a.example", "192.0.2.1", 0, 0);
    know("b.example", "192.0.2.1", 0, 0);
    (void)add("http://a.example/", 1);
    taken = take(NOW, "http://a.example/");
    end(taken, "done", 64);
    give_back(taken, NOW, NOW + 40);
    (void)add("http://b.example/", 2);
    taken = take(NOW + 40, "http://b.example/");
    aw_frontier_put_back(taken.host);
    give_back(taken, NOW, 0); /* nothing was sent */
    assert_int_equal(aw_frontier_due(frontier), NOW + 40);
}

/* a and b, given out while nobody knew that they share an address. */
static void take_two(struct taken *a, struct taken *b)
{
    (void)add("http://a.example/", 1);
    (void)add("http://b.example/", 2);
    *a = take(NOW, "http://a.example/");
    *b = take(NOW, "http://b.example/");
}

static void an_address_that_is_being_asked_is_refused(void **state)
{
    struct taken a;
    struct taken b;

    (void)state;
    take_two(&a, &b);
    assert_true(may_connect(a, "192.0.2.1", NOW));
    assert_false(may_connect(b, "192.0.2.1", NOW));
    aw_frontier_put_back(b.host);
    give_back(b, 0, 0);
    (void)take(NOW, "");
    assert_int_equal(aw_frontier_due(frontier), AW_FRONTIER_NEVER);
    end(a, "done", 64);
    give_back(a, NOW + 900, NOW + 40);
    assert_int_equal(aw_frontier_due(frontier), NOW + 40);
    b = take(NOW + 40, "http://b.example/");
    assert_true(may_connect(b, "192.0.2.1", NOW + 40));
}

static void an_address_in_its_pause_is_refused(void **state)
{
    struct taken a;
    struct taken b;

    (void)state;
    take_two(&a, &b);
    assert_true(may_connect(a, "192.0.2.1", NOW));
    end(a, "done", 64);
    give_back(a, NOW, NOW + 40);
    assert_false(may_connect(b, "192.0.2.1", NOW + 39));
    assert_false(may_connect(b, "192.0.2.1", NOW + 39)); /* still */
    assert_true(may_connect(b, "192.0.2.1", NOW + 40));
    assert_true(may_connect(b, "192.0.2.1", NOW + 40)); /* its own now */
}

static void a_refused_host_does_not_free_the_address(void **state)
{
    struct taken a;
    struct taken b;
    struct taken c;

    (void)state;
    take_two(&a, &b);
    (void)add("http://c.example/", 3);
    c = take(NOW, "http://c.example/");
    assert_true(may_connect(a, "192.0.2.1", NOW));
    assert_false(may_connect(b, "192.0.2.1", NOW));
    assert_false(may_connect(b, "192.0.2.1", NOW)); /* asks again */
    assert_true(may_connect(b, "192.0.2.2", NOW));  /* tries its other one */
    assert_false(may_connect(c, "192.0.2.1", NOW)); /* which a still has */
    assert_false(may_connect(c, "192.0.2.2", NOW));
    end(b, "done", 64);
    give_back(b, NOW, NOW);
    assert_true(may_connect(c, "192.0.2.2", NOW));
}

/* IPv6 and IPv4 of one name are tried side by side. */
static void a_second_attempt_that_is_refused_takes_nothing_away(void **state)
{
    struct taken a;
    struct taken b;

    (void)state;
    take_two(&a, &b);
    assert_true(may_connect(a, "192.0.2.1", NOW));
    assert_true(may_connect(b, "192.0.2.2", NOW));
    assert_false(may_connect(a, "192.0.2.2", NOW)); /* b has it */
    assert_false(may_connect(b, "192.0.2.1", NOW)); /* a has it still */
    end(a, "done", 64);
    give_back(a, NOW, NOW + 40);
    end(b, "done", 64);
    give_back(b, NOW, NOW);
    (void)add("http://a.example/2", 1);
    (void)take(NOW + 39, ""); /* a waits with the address that it had */
    (void)take(NOW + 40, "http://a.example/2");
}

static void a_host_that_moves_leaves_its_address_to_others(void **state)
{
    struct taken a;

    (void)state;
    know("a.example", "192.0.2.1", 0, 0);
    know("b.example", "192.0.2.1", 0, 0);
    know("c.example", "192.0.2.2", 0, 0);
    (void)add("http://a.example/", 1);
    (void)add("http://b.example/", 2);
    (void)add("http://c.example/", 3);
    a = take(NOW, "http://a.example/");
    assert_true(may_connect(a, "192.0.2.2", NOW));
    (void)take(NOW, "http://b.example/");
    (void)take(NOW, ""); /* c has the address that a is at now */
    end(a, "done", 64);
    give_back(a, NOW, NOW + 40);
    (void)take(NOW + 39, "");
    (void)take(NOW + 40, "http://c.example/");
}

static void a_host_that_was_refused_waits_with_its_new_address(void **state)
{
    struct taken a;
    struct taken b;

    (void)state;
    take_two(&a, &b);
    assert_true(may_connect(a, "192.0.2.1", NOW));
    end(a, "done", 64);
    give_back(a, NOW, NOW + 40);
    assert_false(may_connect(b, "192.0.2.1", NOW));
    aw_frontier_put_back(b.host);
    give_back(b, 0, 0);
    (void)add("http://a.example/better", 0);
    (void)take(NOW + 39, "");
    (void)take(NOW + 40, "http://b.example/"); /* its turn was first */
    (void)take(NOW + 40, "");
}

/* ---- claims ------------------------------------------------------------ */

static struct aw_frontier_host *claim_at(struct taken asker, const char *name,
                                         int64_t now, int64_t *due)
{
    struct aw_frontier_host *host = NULL;

    ASSERT_OK(aw_frontier_claim(frontier, asker.host, aw_str_of(name), now,
                                &host, due, &fixture.err));
    return host;
}

static void a_claimed_host_is_given_out_to_nobody_else(void **state)
{
    struct taken a;
    struct taken b = {0};
    int64_t due;

    (void)state;
    (void)add("http://a.example/", 1);
    (void)add("http://b.example/", 2);
    a = take(NOW, "http://a.example/");
    b.host = claim_at(a, "b.example", NOW, &due);
    assert_non_null(b.host);
    (void)take(NOW, "");
    give_back(b, NOW + 50, NOW + 10);
    (void)take(NOW + 49, "");
    (void)take(NOW + 50, "http://b.example/");
}

static void a_host_without_urls_can_be_claimed(void **state)
{
    struct taken a;
    struct taken b = {0};
    int64_t due;

    (void)state;
    (void)add("http://a.example/", 1);
    a = take(NOW, "http://a.example/");
    b.host = claim_at(a, "b.example", NOW, &due);
    assert_non_null(b.host);
    give_back(b, NOW + 50, NOW);
    (void)take(NOW + 50, "");
    assert_null(claim_at(a, "b.example", NOW + 49, &due));
    assert_int_equal(due, NOW + 50);
    assert_non_null(claim_at(a, "b.example", NOW + 50, &due));
}

static void a_host_that_is_being_asked_is_not_claimed(void **state)
{
    struct taken a;
    struct taken b;
    int64_t due;

    (void)state;
    take_two(&a, &b);
    assert_null(claim_at(a, "b.example", NOW, &due));
    assert_true(due > NOW);
}

static void a_back_off_holds_for_claims(void **state)
{
    struct taken a;
    int64_t due;

    (void)state;
    know("b.example", "", 1, WALL + 5000);
    (void)add("http://a.example/", 1);
    a = take(NOW, "http://a.example/");
    assert_null(claim_at(a, "b.example", NOW, &due));
    assert_int_equal(due, NOW + 5000);
}

/* Its own URLs would be given out the moment its time comes, each time. */
static void what_a_claim_waits_for_is_kept_free(void **state)
{
    struct taken a;
    struct taken b;
    int64_t due;

    (void)state;
    take_two(&a, &b);
    end(b, "done", 64);
    give_back(b, NOW + 100, NOW);
    (void)add("http://b.example/2", 0);
    assert_null(claim_at(a, "b.example", NOW, &due));
    assert_int_equal(due, NOW + 100);
    aw_frontier_put_back(a.host);
    give_back(a, due, 0);
    a = take(NOW + 100, "http://a.example/");
    assert_non_null(claim_at(a, "b.example", NOW + 100, &due));
}

static void what_no_claim_comes_for_goes_on(void **state)
{
    struct taken a;
    struct taken b;
    int64_t due;

    (void)state;
    take_two(&a, &b);
    end(b, "done", 64);
    give_back(b, NOW + 100, NOW);
    (void)add("http://b.example/2", 0);
    assert_null(claim_at(a, "b.example", NOW, &due));
    (void)take(NOW + 100, "");
    (void)take(NOW + 10000, "http://b.example/2");
}

/* a and c share an address, and so may a and what it claims. */
static void an_asker_leaves_its_address_to_others(void **state)
{
    struct taken a;
    struct taken b = {0};
    struct taken c;
    int64_t due;

    (void)state;
    know("a.example", "192.0.2.1", 0, 0);
    know("b.example", "192.0.2.1", 0, 0);
    know("c.example", "192.0.2.1", 0, 0);
    (void)add("http://a.example/", 1);
    (void)add("http://c.example/", 3);
    a = take(NOW, "http://a.example/");
    b.host = claim_at(a, "b.example", NOW, &due);
    assert_non_null(b.host);
    assert_true(may_connect(b, "192.0.2.1", NOW));
    (void)take(NOW, "");
    give_back(b, NOW, NOW + 40);
    aw_frontier_put_back(a.host);
    give_back(a, NOW + 90, 0);
    (void)take(NOW + 39, "");
    c = take(NOW + 40, "http://c.example/");
    assert_null(claim_at(c, "b.example", NOW + 39, &due));
    assert_int_equal(due, NOW + 40);
}

/* ---- what the next run knows ------------------------------------------- */

static void a_back_off_is_not_over_because_the_run_is(void **state)
{
    struct taken taken;

    (void)state;
    (void)add("http://a.example/", 2);
    taken = take(NOW, "http://a.example/");
    aw_frontier_pace(taken.host)->level = 2;
    aw_frontier_pace(taken.host)->until_ms = WALL + 5000;
    ASSERT_OK(aw_frontier_keep(frontier, taken.host, WALL, &fixture.err));
    reopen_frontier(2);
    assert_int_equal(aw_frontier_due(frontier), NOW + 5000);
    (void)take(NOW + 4999, "");
    taken = take(NOW + 5000, "http://a.example/");
    assert_int_equal(aw_frontier_pace(taken.host)->level, 2);
}

static void a_new_back_off_of_the_same_level_is_kept(void **state)
{
    struct taken taken;

    (void)state;
    know("a.example", "", 1, WALL - DAY);
    (void)add("http://a.example/", 2);
    taken = take(NOW, "http://a.example/");
    aw_frontier_pace(taken.host)->until_ms = WALL + 5000;
    ASSERT_OK(aw_frontier_keep(frontier, taken.host, WALL, &fixture.err));
    reopen_frontier(2);
    assert_int_equal(aw_frontier_due(frontier), NOW + 5000);
}

/* As a Crawl-delay, or Retry-After with a good answer. */
static void a_long_wait_without_failures_is_kept(void **state)
{
    struct taken taken;

    (void)state;
    (void)add("http://a.example/", 2);
    taken = take(NOW, "http://a.example/");
    aw_frontier_pace(taken.host)->until_ms = WALL + 60001;
    ASSERT_OK(aw_frontier_keep(frontier, taken.host, WALL, &fixture.err));
    reopen_frontier(2);
    assert_int_equal(aw_frontier_due(frontier), NOW + 60001);
    taken = take(NOW + 60001, "http://a.example/");
    assert_int_equal(aw_frontier_pace(taken.host)->level, 0);
}

static void a_short_pause_is_not_written(void **state)
{
    struct taken taken;

    (void)state;
    (void)add("http://a.example/", 2);
    taken = take(NOW, "http://a.example/");
    fixture_tamper("UPDATE host SET address = 'as it was'");
    aw_frontier_pace(taken.host)->until_ms = WALL + 60000;
    ASSERT_OK(aw_frontier_keep(frontier, taken.host, WALL, &fixture.err));
    assert_int_equal(fixture_number("SELECT count(*) FROM host"
                                    " WHERE address = 'as it was'"),
                     1);
}

static void a_back_off_delays_a_host_that_is_met_again(void **state)
{
    (void)state;
    know("a.example", "", 1, WALL + 700);
    know("b.example", "", 1, WALL - 700);
    (void)add("http://a.example/", 2);
    (void)add("http://b.example/", 2);
    (void)take(NOW, "http://b.example/");
    (void)take(NOW + 699, "");
    (void)take(NOW + 700, "http://a.example/");
}

static void an_address_is_kept_for_the_next_run(void **state)
{
    struct taken a;
    struct taken b;

    (void)state;
    take_two(&a, &b);
    assert_true(may_connect(a, "192.0.2.1", NOW));
    assert_false(may_connect(b, "192.0.2.1", NOW));
    ASSERT_OK(aw_frontier_keep(frontier, a.host, WALL, &fixture.err));
    ASSERT_OK(aw_frontier_keep(frontier, b.host, WALL, &fixture.err));
    reopen_frontier(1);
    (void)take(NOW, "http://a.example/");
    (void)take(NOW, "");
}

static void only_what_changed_is_written(void **state)
{
    struct taken a;
    struct taken b;

    (void)state;
    take_two(&a, &b);
    fixture_tamper("UPDATE host SET address = 'as it was'");
    ASSERT_OK(aw_frontier_keep(frontier, a.host, WALL, &fixture.err));
    assert_true(may_connect(b, "192.0.2.1", NOW));
    ASSERT_OK(aw_frontier_keep(frontier, b.host, WALL, &fixture.err));
    assert_int_equal(fixture_number("SELECT count(*) FROM host"
                                    " WHERE address = 'as it was'"),
                     1);
    fixture_tamper("UPDATE host SET address = 'as it was'");
    ASSERT_OK(aw_frontier_keep(frontier, b.host, WALL, &fixture.err));
    aw_frontier_pace(a.host)->level = 1;
    ASSERT_OK(aw_frontier_keep(frontier, a.host, WALL, &fixture.err));
    assert_int_equal(fixture_number("SELECT count(*) FROM host"
                                    " WHERE address = 'as it was'"),
                     1);
    assert_int_equal(fixture_number("SELECT max(backoff_level) FROM host"), 1);
}

static void what_a_crash_left_in_memory_comes_again(void **state)
{
    (void)state;
    (void)add("http://a.example/done", 2);
    (void)add("http://a.example/asked", 2);
    (void)add("http://a.example/batch", 2);
    assert_next("http://a.example/done");
    (void)take(NOW, "http://a.example/asked"); /* and now the power fails */
    aw_frontier_free(frontier);
    fixture_reopen();
    open_frontier(1);
    assert_next("http://a.example/asked");
    assert_next("http://a.example/batch");
    assert_next("");
}

static void what_is_counted_of_a_host_stays_with_it(void **state)
{
    struct taken taken;

    (void)state;
    (void)add("http://a.example/1", 2);
    (void)add("http://a.example/2", 2);
    taken = take(NOW, "http://a.example/1");
    assert_int_equal(aw_frontier_tally(taken.host)->pages, 0);
    aw_frontier_tally(taken.host)->pages = 7;
    give_back(taken, NOW, NOW);
    taken = take(NOW, "http://a.example/2");
    assert_int_equal(aw_frontier_tally(taken.host)->pages, 7);
    assert_true(
        aw_str_eq(aw_frontier_host_name(taken.host), AW_STR("a.example")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_empty_frontier_is_never_due),
        TEST(the_best_priority_comes_first_then_the_oldest),
        TEST(a_host_is_given_out_to_one_request_at_a_time),
        TEST(a_host_of_two_ports_is_one_host),
        TEST(a_host_rests_for_its_pause),
        TEST(a_new_url_does_not_cut_a_pause_short),
        TEST(a_host_without_urls_waits_for_nothing),
        TEST(hosts_come_in_the_order_of_their_times),
        TEST(it_is_due_at_once_while_a_host_is),
        TEST(a_better_priority_comes_first_among_hosts),
        TEST(a_point_of_priority_is_worth_a_second_of_waiting),
        TEST(a_better_url_lifts_a_host_that_waits),
        TEST(a_better_url_does_not_wait_for_a_batch_to_end),
        TEST(a_better_url_that_comes_during_a_request_is_next),
        TEST(a_better_url_is_not_forgotten_when_the_best_is_put_back),
        TEST(what_a_host_had_does_not_better_what_it_gets),
        TEST(a_new_site_comes_before_a_known_one),
        TEST(a_new_host_of_a_known_site_is_not_new),
        TEST(a_site_is_new_for_a_week),
        TEST(what_was_put_back_comes_next),
        TEST(the_last_one_can_be_put_back),
        TEST(a_url_in_work_is_not_given_out_again),
        TEST(a_url_to_try_again_is_given_out_again),
        TEST(a_url_is_taken_up_once_in_a_run),
        TEST(what_was_seen_is_known_without_the_store),
        TEST(a_shorter_way_counts_in_memory_and_after_a_crash),
        TEST(how_near_a_url_is_is_known_without_the_store),
        TEST(a_url_that_is_not_due_is_taken_up_by_force_alone),
        TEST(the_next_run_takes_it_up_again),
        TEST(a_refused_url_is_kept_and_never_given_out),
        TEST(a_url_that_is_none_is_refused),
        TEST(more_pages_than_a_batch_come_all_and_in_order),
        TEST(with_many_hosts_batches_are_small_and_nothing_is_lost),
        TEST(hosts_of_a_known_address_are_asked_one_at_a_time),
        TEST(the_pause_of_an_address_is_never_cut_short),
        TEST(an_address_that_is_being_asked_is_refused),
        TEST(an_address_in_its_pause_is_refused),
        TEST(a_refused_host_does_not_free_the_address),
        TEST(a_second_attempt_that_is_refused_takes_nothing_away),
        TEST(a_host_that_moves_leaves_its_address_to_others),
        TEST(a_host_that_was_refused_waits_with_its_new_address),
        TEST(a_claimed_host_is_given_out_to_nobody_else),
        TEST(a_host_without_urls_can_be_claimed),
        TEST(a_host_that_is_being_asked_is_not_claimed),
        TEST(a_back_off_holds_for_claims),
        TEST(what_a_claim_waits_for_is_kept_free),
        TEST(what_no_claim_comes_for_goes_on),
        TEST(an_asker_leaves_its_address_to_others),
        TEST(a_back_off_is_not_over_because_the_run_is),
        TEST(a_new_back_off_of_the_same_level_is_kept),
        TEST(a_long_wait_without_failures_is_kept),
        TEST(a_short_pause_is_not_written),
        TEST(a_back_off_delays_a_host_that_is_met_again),
        TEST(an_address_is_kept_for_the_next_run),
        TEST(only_what_changed_is_written),
        TEST(what_a_crash_left_in_memory_comes_again),
        TEST(what_is_counted_of_a_host_stays_with_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
