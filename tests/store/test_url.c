/* The frontier's URLs on disk. */
#include "tests/store/fixture.h"

#define A "http://a.example/"

static void assert_column(int64_t id, const char *column, int64_t value)
{
    char sql[128];

    (void)snprintf(sql, sizeof sql, "SELECT %s FROM url WHERE id = %lld",
                   column, (long long)id);
    assert_int_equal(fixture_number(sql), value);
}

static void assert_state(int64_t id, const char *name)
{
    char condition[64];

    (void)snprintf(condition, sizeof condition, "state = '%s'", name);
    assert_column(id, condition, 1);
}

/* Of A, which is on its way already, for another run. */
static enum aw_url_taken add_again(struct aw_url_row row, int64_t run,
                                   int64_t now_ms, int64_t id)
{
    enum aw_url_taken taken;

    row.id = 0;
    taken = fixture_add_row(&row, run, now_ms);
    assert_int_equal(row.id, id);
    return taken;
}

static void add_far(struct aw_url_row *row, int64_t depth)
{
    *row = fixture_url(A "far");
    row->depth = depth;
    row->priority = 64 + depth;
    assert_int_equal(fixture_add_row(row, 1, 10), AW_URL_NEW);
}

static void a_shorter_way_counts_from_then_on(void **state)
{
    struct aw_url_row row;
    struct aw_url_row nearer;
    int64_t id;

    (void)state;
    add_far(&row, 5);
    id = row.id;
    nearer = row;
    nearer.depth = 2;
    nearer.priority = 66;
    nearer.hops = 1;
    nearer.found_on = 77;
    nearer.via = AW_VIA_REDIRECT;
    assert_int_equal(add_again(nearer, 1, 20, id), AW_URL_NEARER);
    assert_column(id, "depth", 2);
    assert_column(id, "priority", 66);
    assert_column(id, "hops", 1);
    assert_column(id, "found_on", 77);
    assert_column(id, "via", AW_VIA_REDIRECT);
    assert_state(id, "queued");
    row.depth = 2;
    assert_int_equal(add_again(row, 1, 20, id), AW_URL_KNOWN);
    row.depth = 1;
    row.via = AW_VIA_LANDING; /* one click beyond, from anywhere */
    assert_int_equal(add_again(row, 1, 20, id), AW_URL_KNOWN);
    assert_column(id, "depth", 2);
    row.via = AW_VIA_LINK;
    row.source = fixture_source("another");
    assert_int_equal(add_again(row, 1, 20, id), AW_URL_KNOWN);
    assert_column(id, "depth", 2);
}

static void
what_was_visited_by_a_longer_way_is_due_and_read_again(void **state)
{
    struct aw_url_end end = {.state = "done",
                             .reason = "",
                             .status = 200,
                             .asked = true,
                             .due_ms = 5000,
                             .priority = 133};
    struct aw_page_row page = {.rules = AW_STR("x"), .interval_s = 9};
    struct aw_url_row row;

    (void)state;
    add_far(&row, 5);
    ASSERT_OK(
        aw_store_url_end(fixture.store, row.id, 1, &end, 20, &fixture.err));
    page.url = row.id;
    page.capture = fixture_capture((struct aw_capture){0});
    ASSERT_OK(aw_store_page_put(fixture.store, &page, &fixture.err));
    row.depth = 3;
    row.priority = 67;
    assert_int_equal(add_again(row, 1, 30, row.id), AW_URL_WAS_FAR);
    assert_state(row.id, "done");
    assert_column(row.id, "depth", 3);
    assert_column(row.id, "priority", 133);
    assert_column(row.id, "due_ms", 0);
    assert_int_equal(fixture_number(
                         "SELECT count(*) FROM page WHERE rules = ''"),
                     1);
}

/* ---- taking up --------------------------------------------------------- */

static void a_new_url_is_queued_with_all_that_is_known(void **state)
{
    struct aw_url_row in = fixture_url(A "deep");
    struct aw_url_row out = {0};

    (void)state;
    in.via = AW_VIA_REDIRECT;
    in.priority = 66;
    in.depth = 2;
    in.hops = 1;
    in.found_on = 5;
    assert_int_equal(fixture_add_row(&in, 1, 10), AW_URL_NEW);
    ASSERT_OK(aw_store_url_get(fixture.store, &fixture.arena, in.id, &out,
                               &fixture.err));
    assert_true(aw_str_eq(out.url, in.url));
    assert_int_equal(out.id, in.id);
    assert_int_equal(out.host, in.host);
    assert_int_equal(out.source, in.source);
    assert_int_equal(out.hash, in.hash);
    assert_int_equal(out.via, AW_VIA_REDIRECT);
    assert_int_equal(out.priority, 66);
    assert_int_equal(out.depth, 2);
    assert_int_equal(out.hops, 1);
    assert_int_equal(out.found_on, 5);
    assert_int_equal(out.tries, 0);
    assert_state(in.id, "queued");
}

static void a_url_that_is_not_there_is_missing(void **state)
{
    struct aw_url_row out = {0};

    (void)state;
    assert_int_equal(aw_store_url_get(fixture.store, &fixture.arena, 7, &out,
                                      &fixture.err),
                     AW_MISSING);
    ASSERT_SAYS("no URL 7");
}

static void a_url_is_queued_once_a_run(void **state)
{
    struct aw_url_row row = fixture_url(A);
    int64_t id = fixture_queue(A);

    (void)state;
    assert_int_equal(add_again(row, 1, 10, id), AW_URL_KNOWN);
    fixture_end(id, "done", "", 0, 20);
    assert_int_equal(add_again(row, 1, 30, id), AW_URL_KNOWN);
    assert_state(id, "done");
    assert_int_equal(add_again(row, 2, 30, id), AW_URL_AGAIN);
    assert_state(id, "queued");
    assert_int_equal(fixture_number("SELECT count(*) FROM url"), 1);
}

static void two_urls_of_one_hash_are_two(void **state)
{
    struct aw_url_row other = fixture_url(A "other");
    int64_t id = fixture_queue(A);

    (void)state;
    other.hash = aw_store_url_hash(fixture.store, AW_STR(A));
    assert_int_equal(fixture_add_row(&other, 1, 10), AW_URL_NEW);
    assert_int_not_equal(other.id, id);
    assert_int_equal(add_again(other, 1, 10, other.id), AW_URL_KNOWN);
}

static void a_url_is_not_queued_before_it_is_due(void **state)
{
    struct aw_url_row row = fixture_url(A);
    int64_t id = fixture_queue(A);

    (void)state;
    fixture_end(id, "done", "", 1000, 20);
    assert_int_equal(add_again(row, 2, 999, id), AW_URL_NOT_DUE);
    assert_state(id, "done");
    assert_column(id, "run", 1);
    assert_int_equal(add_again(row, 2, 1000, id), AW_URL_AGAIN);
    assert_column(id, "run", 2);
}

static void by_force_a_url_is_queued_before_it_is_due(void **state)
{
    struct aw_url_row row = fixture_url(A);
    enum aw_url_taken taken = AW_URL_KNOWN;

    (void)state;
    fixture_end(fixture_queue(A), "done", "", 1000, 20);
    ASSERT_OK(aw_store_url_add(fixture.store, &row, 2, 30, true, &taken,
                               &fixture.err));
    assert_int_equal(taken, AW_URL_AGAIN);
    ASSERT_OK(aw_store_url_add(fixture.store, &row, 2, 30, true, &taken,
                               &fixture.err));
    assert_int_equal(taken, AW_URL_KNOWN);
}

static void what_changed_since_the_last_visit_is_due(void **state)
{
    struct aw_url_row row = fixture_url(A);
    int64_t id = fixture_queue(A);

    (void)state;
    fixture_end(id, "done", "", 1000, 20);
    row.changed_ms = 20;
    assert_int_equal(add_again(row, 2, 30, id), AW_URL_NOT_DUE);
    row.changed_ms = 21;
    assert_int_equal(add_again(row, 2, 30, id), AW_URL_AGAIN);
}

static void a_landing_page_of_another_source_stays_its_own(void **state)
{
    struct aw_url_row row = fixture_url(A);
    int64_t id = fixture_queue(A);
    int64_t source = row.source;

    (void)state;
    fixture_end(id, "done", "", 0, 20);
    row.source = fixture_source("other");
    row.via = AW_VIA_LANDING;
    row.depth = 9;
    assert_int_equal(add_again(row, 2, 30, id), AW_URL_AGAIN);
    assert_state(id, "queued");
    assert_column(id, "source", source);
    assert_column(id, "depth", 0);
}

static void a_url_left_from_an_earlier_run_is_known(void **state)
{
    struct aw_url_row row = fixture_url(A);
    int64_t id = fixture_queue(A);

    (void)state;
    row.depth = 9;
    assert_int_equal(add_again(row, 2, 10, id), AW_URL_KNOWN);
    assert_column(id, "depth", 0);
    assert_state(id, "queued");
}

static void a_url_queued_again_has_its_new_way_and_no_tries(void **state)
{
    struct aw_url_row row = fixture_url(A);
    int64_t id = fixture_queue(A);

    (void)state;
    fixture_end(id, "failed", "timeout", 0, 20);
    assert_column(id, "tries", 1);
    row.via = AW_VIA_SITEMAP;
    row.depth = 3;
    row.hops = 2;
    row.found_on = 8;
    row.source = fixture_source("other");
    assert_int_equal(add_again(row, 2, 30, id), AW_URL_AGAIN);
    assert_column(id, "tries", 0);
    assert_column(id, "via", AW_VIA_SITEMAP);
    assert_column(id, "depth", 3);
    assert_column(id, "hops", 2);
    assert_column(id, "found_on", 8);
    assert_column(id, "source", row.source);
    assert_column(id, "reason = ''", 1);
}

static void a_url_queued_again_keeps_the_better_priority(void **state)
{
    struct aw_url_row row = fixture_url(A);
    int64_t id = fixture_queue(A);

    (void)state;
    fixture_end(id, "done", "", 0, 20); /* and 64 */
    row.priority = 70;
    assert_int_equal(add_again(row, 2, 30, id), AW_URL_AGAIN);
    assert_column(id, "priority", 64);
    fixture_end(id, "done", "", 0, 40);
    row.priority = 3;
    assert_int_equal(add_again(row, 3, 50, id), AW_URL_AGAIN);
    assert_column(id, "priority", 3);
}

static void a_refused_url_is_kept_with_its_reason(void **state)
{
    struct aw_url_row row = fixture_url(A);
    enum aw_url_taken taken = AW_URL_KNOWN;

    (void)state;
    ASSERT_OK(aw_store_url_refuse(fixture.store, &row, 1, "over", 10, &taken,
                                  &fixture.err));
    assert_int_equal(taken, AW_URL_NEW);
    assert_state(row.id, "skipped");
    assert_column(row.id, "reason = 'over'", 1);
    assert_int_equal(add_again(row, 1, 10, row.id), AW_URL_KNOWN);
    assert_state(row.id, "skipped");
    assert_int_equal(add_again(row, 2, 10, row.id), AW_URL_AGAIN);
    assert_state(row.id, "queued");
}

static void a_refused_url_waits_until_it_is_found_again(void **state)
{
    struct aw_url_row row = fixture_url(A);
    enum aw_url_taken taken = AW_URL_KNOWN;

    (void)state;
    ASSERT_OK(aw_store_url_refuse(fixture.store, &row, 1, "trap", 10, &taken,
                                  &fixture.err));
    ASSERT_OK(aw_store_urls_requeue(fixture.store, 2, row.source,
                                    INT64_C(1) << 60, &fixture.err));
    assert_state(row.id, "skipped");
    assert_int_equal(add_again(row, 2, 10, row.id), AW_URL_AGAIN);
    assert_state(row.id, "queued");
}

static void what_this_run_took_up_is_not_refused(void **state)
{
    struct aw_url_row row = fixture_url(A);
    int64_t id = fixture_queue(A);
    enum aw_url_taken taken = AW_URL_NEW;

    (void)state;
    ASSERT_OK(aw_store_url_refuse(fixture.store, &row, 1, "over", 10, &taken,
                                  &fixture.err));
    assert_int_equal(taken, AW_URL_KNOWN);
    assert_state(id, "queued");
    fixture_end(id, "done", "", 1000, 20);
    ASSERT_OK(aw_store_url_refuse(fixture.store, &row, 2, "over", 30, &taken,
                                  &fixture.err));
    assert_int_equal(taken, AW_URL_AGAIN); /* due or not */
    assert_state(id, "skipped");
}

static void a_way_into_the_queue_has_a_name(void **state)
{
    (void)state;
    assert_string_equal(aw_via_name(AW_VIA_START), "start");
    assert_string_equal(aw_via_name(AW_VIA_SITEMAP), "sitemap");
}

/* ---- what is queued ---------------------------------------------------- */

struct list {
    int64_t ids[8];
    size_t count, stop_at; /* 0: at none */
};

static aw_rc note_url(void *self, const struct aw_url_row *row, bool *more,
                      struct aw_err *err)
{
    struct list *list = self;

    (void)err;
    assert_true(row->url.len > sizeof A - 2);
    list->ids[list->count++] = row->id;
    if (list->count == list->stop_at)
        *more = false;
    return AW_OK;
}

static struct list queued(const char *host, int64_t limit, size_t stop_at)
{
    struct list list = {.stop_at = stop_at};

    ASSERT_OK(aw_store_urls_queued(fixture.store, fixture_host(host), limit,
                                   note_url, &list, &fixture.err));
    return list;
}

static int64_t queue_at(const char *url, int64_t priority)
{
    struct aw_url_row row = fixture_url(url);

    row.priority = priority;
    assert_int_equal(fixture_add_row(&row, 1, 10), AW_URL_NEW);
    return row.id;
}

static void queued_urls_come_by_priority_then_by_age(void **state)
{
    int64_t last = queue_at(A "1", 65);
    int64_t third = queue_at(A "2", 64);
    int64_t first = queue_at(A "3", 0);
    int64_t second = queue_at(A "4", 2);
    int64_t fourth = queue_at(A "5", 64);
    struct list list = queued("a.example", 8, 0);

    (void)state;
    assert_int_equal(list.count, 5);
    assert_int_equal(list.ids[0], first);
    assert_int_equal(list.ids[1], second);
    assert_int_equal(list.ids[2], third);
    assert_int_equal(list.ids[3], fourth);
    assert_int_equal(list.ids[4], last);
}

static void a_walk_over_the_queue_can_end_early(void **state)
{
    int64_t first = queue_at(A "1", 1);

    (void)state;
    (void)queue_at(A "2", 2);
    (void)queue_at(A "3", 3);
    assert_int_equal(queued("a.example", 2, 0).count, 2);
    assert_int_equal(queued("a.example", 8, 1).count, 1);
    assert_int_equal(queued("a.example", 8, 1).ids[0], first);
    assert_int_equal(queued("a.example", 0, 0).count, 0);
}

static aw_rc refuse_url(void *self, const struct aw_url_row *row, bool *more,
                        struct aw_err *err)
{
    (void)self;
    (void)row;
    (void)more;
    return aw_fail(err, AW_LIMIT, "enough");
}

static void a_visitor_that_fails_ends_the_walk(void **state)
{
    int64_t id = fixture_queue(A);

    (void)state;
    assert_true(id > 0);
    assert_int_equal(aw_store_urls_queued(fixture.store,
                                          fixture_host("a.example"), 8,
                                          refuse_url, NULL, &fixture.err),
                     AW_LIMIT);
    ASSERT_SAYS("enough");
}

static void a_host_has_its_own_queued_urls_alone(void **state)
{
    int64_t left = fixture_queue(A "left");

    (void)state;
    fixture_end(fixture_queue(A "done"), "done", "", 0, 20);
    assert_int_equal(queued("b.example", 8, 0).count, 0);
    assert_int_equal(queued("a.example", 8, 0).count, 1);
    assert_int_equal(queued("a.example", 8, 0).ids[0], left);
}

static aw_rc note_count(void *self, int64_t source, int64_t count,
                        struct aw_err *err)
{
    int64_t *counts = self;

    (void)err;
    assert_in_range(source, 1, 7);
    counts[source] += count;
    return AW_OK;
}

static void queued_urls_are_counted_by_source(void **state)
{
    struct aw_url_row row = fixture_url(A "other");
    int64_t counts[8] = {0};

    (void)state;
    (void)fixture_queue(A "1");
    (void)fixture_queue(A "2");
    fixture_end(fixture_queue(A "3"), "done", "", 0, 20);
    row.source = fixture_source("other");
    assert_int_equal(fixture_add_row(&row, 2, 10), AW_URL_NEW);
    ASSERT_OK(aw_store_queued_counts(fixture.store, note_count, counts,
                                     &fixture.err));
    assert_int_equal(counts[fixture_source("jinhui")], 2);
    assert_int_equal(counts[row.source], 1);
}

/* ---- ending ------------------------------------------------------------ */

static void
a_url_that_was_asked_for_is_known_to_have_been_visited(void **state)
{
    struct aw_url_end end = {.state = "done", .reason = "", .asked = true};
    struct aw_url_row in = fixture_url(A);
    struct aw_url_row out = {0};

    (void)state;
    assert_int_equal(fixture_add_row(&in, 1, 10), AW_URL_NEW);
    ASSERT_OK(aw_store_url_get(fixture.store, &fixture.arena, in.id, &out,
                               &fixture.err));
    assert_false(out.was_visited);
    ASSERT_OK(
        aw_store_url_end(fixture.store, in.id, 1, &end, 20, &fixture.err));
    ASSERT_OK(aw_store_url_get(fixture.store, &fixture.arena, in.id, &out,
                               &fixture.err));
    assert_true(out.was_visited);
}

static void an_end_is_kept_with_all_that_it_says(void **state)
{
    struct aw_url_end end = {.state = "done",
                             .reason = "same as before",
                             .status = 304,
                             .asked = true,
                             .due_ms = 5000,
                             .priority = 2};
    int64_t id = fixture_queue(A);

    (void)state;
    ASSERT_OK(aw_store_url_end(fixture.store, id, 1, &end, 20, &fixture.err));
    assert_state(id, "done");
    assert_column(id, "reason = 'same as before'", 1);
    assert_column(id, "status", 304);
    assert_column(id, "visited_ms", 20);
    assert_column(id, "due_ms", 5000);
    assert_column(id, "priority", 2);
    assert_column(id, "tries", 1);
}

static void only_what_was_asked_counts_as_a_try(void **state)
{
    struct aw_url_end end = {.state = "queued", .reason = "timeout"};
    struct aw_url_row row = {0};
    int64_t id = fixture_queue(A);

    (void)state;
    ASSERT_OK(aw_store_url_end(fixture.store, id, 1, &end, 20, &fixture.err));
    assert_column(id, "tries", 0);
    assert_column(id, "visited_ms IS NULL", 1);
    end.asked = true;
    ASSERT_OK(aw_store_url_end(fixture.store, id, 1, &end, 20, &fixture.err));
    ASSERT_OK(aw_store_url_end(fixture.store, id, 1, &end, 20, &fixture.err));
    ASSERT_OK(aw_store_url_get(fixture.store, &fixture.arena, id, &row,
                               &fixture.err));
    assert_int_equal(row.tries, 2);
    assert_int_equal(queued("a.example", 8, 0).count, 1);
}

static void what_was_not_committed_is_queued_after_a_crash(void **state)
{
    int64_t done = fixture_queue(A "1");
    int64_t lost = fixture_queue(A "2");

    (void)state;
    fixture_end(done, "done", "", 0, 20);
    ASSERT_OK(aw_store_begin(fixture.store, &fixture.err));
    fixture_end(lost, "done", "", 0, 20);
    fixture_reopen();
    assert_int_equal(queued("a.example", 8, 0).count, 1);
    assert_int_equal(queued("a.example", 8, 0).ids[0], lost);
}

/* ---- the next run ------------------------------------------------------ */

static void requeue(int64_t run, const char *source, int64_t now_ms)
{
    ASSERT_OK(aw_store_urls_requeue(fixture.store, run, fixture_source(source),
                                    now_ms, &fixture.err));
}

static void the_due_urls_of_a_source_are_queued_for_the_next_run(void **state)
{
    struct aw_url_row other = fixture_url(A "other");
    int64_t due = fixture_queue(A "due");
    int64_t failed = fixture_queue(A "failed");
    int64_t later = fixture_queue(A "later");

    (void)state;
    other.source = fixture_source("other");
    assert_int_equal(fixture_add_row(&other, 1, 10), AW_URL_NEW);
    fixture_end(other.id, "done", "", 0, 20);
    fixture_end(due, "done", "same", 1000, 20);
    fixture_end(failed, "failed", "timeout", 999, 20);
    fixture_end(later, "done", "", 1001, 20);
    requeue(2, "jinhui", 1000);
    assert_state(due, "queued");
    assert_column(due, "reason = ''", 1);
    assert_column(due, "run", 2);
    assert_column(due, "tries", 0);
    assert_state(failed, "queued");
    assert_state(later, "done");
    assert_column(later, "run", 1);
    assert_state(other.id, "done");
    assert_int_equal(queued("a.example", 8, 0).count, 2);
}

static void what_a_run_left_queued_is_the_next_ones_when_it_ends(void **state)
{
    struct aw_url_row row = fixture_url(A);
    struct aw_url_end end = {.state = "done", .reason = ""};
    int64_t id = fixture_queue(A);

    (void)state;
    requeue(2, "jinhui", 1000);
    assert_column(id, "run", 1);
    ASSERT_OK(
        aw_store_url_end(fixture.store, id, 2, &end, 1100, &fixture.err));
    assert_column(id, "run", 2);
    assert_int_equal(add_again(row, 2, 1200, id), AW_URL_KNOWN);
}

/* ---- landing pages ----------------------------------------------------- */

static void a_landing_page_is_kept_once_for_each_advertisement(void **state)
{
    int64_t ad = fixture_queue(A "ad");
    int64_t other = fixture_queue(A "other");
    int64_t landing = fixture_queue("http://a.example/landing");
    struct aw_str url = AW_STR("http://a.example/landing");

    (void)state;
    ASSERT_OK(aw_store_landing_add(fixture.store, ad, url, &fixture.err));
    ASSERT_OK(aw_store_landing_add(fixture.store, ad, url, &fixture.err));
    assert_int_equal(fixture_number("SELECT count(*) FROM landing"), 1);
    assert_int_equal(fixture_number("SELECT ad FROM landing"), ad);
    assert_int_equal(fixture_number("SELECT url FROM landing"), landing);
    ASSERT_OK(aw_store_landing_add(fixture.store, other, url, &fixture.err));
    assert_int_equal(fixture_number("SELECT count(*) FROM landing"), 2);
}

static void a_redirect_of_a_landing_page_is_of_the_same_ads(void **state)
{
    int64_t ad = fixture_queue(A);
    int64_t from = fixture_queue("http://a.example/go");
    int64_t to = fixture_queue("http://a.example/landing");
    struct aw_str url = AW_STR("http://a.example/landing");

    (void)state;
    ASSERT_OK(aw_store_landing_moved(fixture.store, from, url, &fixture.err));
    assert_int_equal(fixture_number("SELECT count(*) FROM landing"), 0);
    ASSERT_OK(aw_store_landing_add(fixture.store, ad,
                                   AW_STR("http://a.example/go"),
                                   &fixture.err));
    ASSERT_OK(aw_store_landing_moved(fixture.store, from, url, &fixture.err));
    ASSERT_OK(aw_store_landing_moved(fixture.store, from, url, &fixture.err));
    assert_int_equal(fixture_number("SELECT count(*) FROM landing"), 2);
    assert_int_equal(fixture_number("SELECT max(url) FROM landing"), to);
    assert_int_equal(fixture_number("SELECT max(ad) FROM landing"), ad);
}

static void a_landing_page_that_was_not_added_is_not_kept(void **state)
{
    (void)state;
    ASSERT_OK(aw_store_landing_add(fixture.store, fixture_queue(A),
                                   AW_STR("http://b.example/"), &fixture.err));
    assert_int_equal(fixture_number("SELECT count(*) FROM landing"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(a_new_url_is_queued_with_all_that_is_known),
        UNIT(a_url_that_is_not_there_is_missing),
        UNIT(a_shorter_way_counts_from_then_on),
        UNIT(what_was_visited_by_a_longer_way_is_due_and_read_again),
        UNIT(a_url_is_queued_once_a_run),
        UNIT(two_urls_of_one_hash_are_two),
        UNIT(a_url_is_not_queued_before_it_is_due),
        UNIT(by_force_a_url_is_queued_before_it_is_due),
        UNIT(what_changed_since_the_last_visit_is_due),
        UNIT(a_landing_page_of_another_source_stays_its_own),
        UNIT(a_url_left_from_an_earlier_run_is_known),
        UNIT(a_url_queued_again_has_its_new_way_and_no_tries),
        UNIT(a_url_queued_again_keeps_the_better_priority),
        UNIT(a_refused_url_is_kept_with_its_reason),
        UNIT(a_refused_url_waits_until_it_is_found_again),
        UNIT(what_this_run_took_up_is_not_refused),
        UNIT(a_way_into_the_queue_has_a_name),
        UNIT(queued_urls_come_by_priority_then_by_age),
        UNIT(a_walk_over_the_queue_can_end_early),
        UNIT(a_visitor_that_fails_ends_the_walk),
        UNIT(a_host_has_its_own_queued_urls_alone),
        UNIT(queued_urls_are_counted_by_source),
        UNIT(a_url_that_was_asked_for_is_known_to_have_been_visited),
        UNIT(an_end_is_kept_with_all_that_it_says),
        UNIT(only_what_was_asked_counts_as_a_try),
        UNIT(what_was_not_committed_is_queued_after_a_crash),
        UNIT(the_due_urls_of_a_source_are_queued_for_the_next_run),
        UNIT(what_a_run_left_queued_is_the_next_ones_when_it_ends),
        UNIT(a_landing_page_is_kept_once_for_each_advertisement),
        UNIT(a_redirect_of_a_landing_page_is_of_the_same_ads),
        UNIT(a_landing_page_that_was_not_added_is_not_kept),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
