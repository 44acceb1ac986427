/* When a page is looked at again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "crawler/schedule.h"

#define HOUR 3600
#define FIRST (20 * HOUR)
#define MOST (14 * 24 * HOUR)
#define NOW INT64_C(1790000000000)

static struct aw_crawl_config config;

static int set_up(void **state)
{
    (void)state;
    config = (struct aw_crawl_config){.revisit_first_s = FIRST,
                                      .revisit_most_s = MOST};
    return 0;
}

static int64_t next(struct aw_visit_facts facts)
{
    struct aw_next_visit visit;

    facts.now_ms = NOW;
    visit = aw_schedule(&config, &facts);
    assert_int_equal(visit.due_ms, NOW + visit.interval_s * 1000);
    return visit.interval_s;
}

#define NEXT(...) next((struct aw_visit_facts){__VA_ARGS__})

static bool has_stopped(const char *visits)
{
    struct aw_list_visits list = {0, 0};

    for (; *visits; visits++)
        aw_list_visited(&list, *visits == '+');
    return aw_list_has_stopped(&list);
}

static void a_list_that_grew_each_time_and_then_no_more_has_stopped(void **s)
{
    (void)s;
    assert_false(has_stopped(""));
    assert_false(has_stopped("+++"));
    assert_false(has_stopped("+++--"));
    assert_true(has_stopped("+++---"));
    assert_true(has_stopped("+++++-----"));
    assert_false(has_stopped("+++---+"));
    assert_false(has_stopped("+++---++---"));
    assert_true(has_stopped("+++---+++---"));
}

static void a_list_that_grows_now_and_then_has_not(void **s)
{
    (void)s;
    assert_false(has_stopped("---------"));
    assert_false(has_stopped("+--------"));
    assert_false(has_stopped("+-+-+-+----"));
    assert_false(has_stopped("++--++-----"));
}

static void a_page_that_never_changes_is_left_alone_longer_and_longer(void **s)
{
    static const int64_t hours[] = {0, 20, 30, 45};
    int64_t interval = -1;

    (void)s;
    for (int i = 0; i < 4; i++) {
        interval = NEXT(.first = i == 0, .interval_s = interval);
        assert_int_equal(interval, hours[i] * HOUR);
    }
    for (int i = 0; i < 100; i++) {
        int64_t longer = NEXT(.interval_s = interval);

        assert_true(longer > interval || longer == MOST);
        interval = longer;
    }
    assert_int_equal(interval, MOST);
}

static void a_page_that_always_changes_is_visited_in_every_run(void **s)
{
    (void)s;
    assert_int_equal(NEXT(.first = true, .changed = true), 0);
    assert_int_equal(NEXT(.changed = true), 0);
}

static void a_change_halves_the_interval(void **s)
{
    (void)s;
    assert_int_equal(NEXT(.changed = true, .interval_s = MOST), MOST / 2);
    assert_int_equal(NEXT(.changed = true, .interval_s = 40 * HOUR), FIRST);
    assert_int_equal(NEXT(.changed = true, .interval_s = 40 * HOUR - 2), 0);
}

static void start_pages_and_findings_are_visited_in_every_run(void **s)
{
    (void)s;
    assert_int_equal(NEXT(.is_start = true, .interval_s = MOST), 0);
    assert_int_equal(NEXT(.has_finding = true, .interval_s = MOST), 0);
    assert_int_equal(NEXT(.has_finding = true, .gone = true), 0);
}

static void a_page_that_failed_for_now_is_asked_again_in_the_next_run(void **s)
{
    (void)s;
    assert_int_equal(NEXT(.failed_for_now = true, .interval_s = MOST), 0);
    assert_int_equal(NEXT(.failed_for_now = true, .first = true), 0);
}

static void a_page_that_is_gone_doubles_its_interval(void **s)
{
    (void)s;
    assert_int_equal(NEXT(.gone = true, .first = true), FIRST);
    assert_int_equal(NEXT(.gone = true), FIRST);
    assert_int_equal(NEXT(.gone = true, .interval_s = FIRST), 2 * FIRST);
    assert_int_equal(NEXT(.gone = true, .interval_s = MOST - 2), MOST);
    assert_int_equal(NEXT(.gone = true, .changed = true, .interval_s = FIRST),
                     2 * FIRST);
}

static void a_first_interval_of_0_visits_all_in_every_run(void **s)
{
    (void)s;
    config.revisit_first_s = 0;
    assert_int_equal(NEXT(.interval_s = 0), 0);
    assert_int_equal(NEXT(.gone = true), 0);
    assert_int_equal(NEXT(.changed = true), 0);
}

static void an_interval_over_a_lowered_most_comes_down(void **s)
{
    (void)s;
    config.revisit_most_s = 25 * HOUR;
    assert_int_equal(NEXT(.interval_s = MOST), 25 * HOUR);
    assert_int_equal(NEXT(.interval_s = INT64_MAX), 25 * HOUR);
    assert_int_equal(NEXT(.gone = true, .interval_s = INT64_MAX), 25 * HOUR);
}

#define UNIT(test) cmocka_unit_test_setup(test, set_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(a_list_that_grew_each_time_and_then_no_more_has_stopped),
        UNIT(a_list_that_grows_now_and_then_has_not),
        UNIT(a_page_that_never_changes_is_left_alone_longer_and_longer),
        UNIT(a_page_that_always_changes_is_visited_in_every_run),
        UNIT(a_change_halves_the_interval),
        UNIT(start_pages_and_findings_are_visited_in_every_run),
        UNIT(a_page_that_failed_for_now_is_asked_again_in_the_next_run),
        UNIT(a_page_that_is_gone_doubles_its_interval),
        UNIT(a_first_interval_of_0_visits_all_in_every_run),
        UNIT(an_interval_over_a_lowered_most_comes_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
