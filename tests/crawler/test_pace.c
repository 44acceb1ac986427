/* How long a host is left alone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "crawler/pace.h"

#define MINUTE 60000
#define DAY (24 * 60 * MINUTE)
#define START INT64_C(1790000000000)

static struct aw_crawl_config config;
static struct aw_source source;
static struct aw_pace pace;
static struct aw_rng rng;
static int64_t now;

static int set_up(void **state)
{
    (void)state;
    config = (struct aw_crawl_config){
        .pause_most_ms = 30000,
        .pause_factor = 2,
        .backoff_first_ms = MINUTE,
        .backoff_most_ms = DAY,
    };
    source = (struct aw_source){.pause_ms = 1000};
    pace = (struct aw_pace){0};
    now = START;
    aw_rng_init(&rng, 1);
    return 0;
}

/* Tells pace of an event now; the clock then stands where the wait ends. */
static int64_t after(enum aw_pace_outcome outcome, int64_t elapsed,
                     int64_t crawl_delay, int64_t retry_after)
{
    struct aw_pace_event event = {outcome, now, elapsed, crawl_delay,
                                  retry_after};
    int64_t wait = aw_pace_after(&pace, &config, &source, &event, &rng);

    assert_int_equal(pace.until_ms, now + wait);
    now += wait;
    return wait;
}

static int64_t ok(int64_t elapsed)
{
    return after(AW_PACE_OK, elapsed, -1, -1);
}

static int64_t failed(void)
{
    return after(AW_PACE_FAILED, 30000, -1, -1);
}

static int64_t slow_down(int64_t retry_after)
{
    return after(AW_PACE_SLOW_DOWN, 10, -1, retry_after);
}

static void assert_about(int64_t got, int64_t want)
{
    assert_in_range(got, want * 8 / 10, want * 12 / 10);
}

static void a_quick_host_is_asked_at_its_pause(void **state)
{
    (void)state;
    assert_int_equal(ok(10), 1000);
    assert_int_equal(ok(500), 1000);
    assert_int_equal(ok(0), 1000);
    assert_int_equal(ok(-5), 1000);
}

static void slow_answers_stretch_the_pause_within_its_bounds(void **state)
{
    (void)state;
    assert_int_equal(ok(3000), 6000);
    assert_int_equal(ok(3000), 6000);
    for (int i = 0; i < 20; i++)
        (void)ok(25000);
    assert_int_equal(ok(25000), 30000);
    assert_int_equal(ok(INT64_MAX), 30000);
}

static void one_slow_answer_alone_does_little(void **state)
{
    (void)state;
    for (int i = 0; i < 5; i++)
        (void)ok(400);
    assert_in_range(ok(4400), 2700, 2900); /* twice 400 + 4000 / 4 */
    assert_in_range(ok(400), 2200, 2400);
    for (int i = 0; i < 20; i++)
        (void)ok(400);
    assert_int_equal(ok(400), 1000);
}

static void a_pause_or_a_factor_of_0_stretches_nothing(void **state)
{
    (void)state;
    source.pause_ms = 0;
    assert_int_equal(ok(5000), 0);
    source.pause_ms = 1000;
    config.pause_factor = 0;
    assert_int_equal(ok(5000), 1000);
}

static void a_pause_above_the_most_stays(void **state)
{
    (void)state;
    source.pause_ms = 45000;
    assert_int_equal(ok(100), 45000);
    assert_int_equal(ok(60000), 45000);
}

static void a_crawl_delay_counts_if_it_is_longer(void **state)
{
    (void)state;
    assert_int_equal(after(AW_PACE_OK, 10, 500, -1), 1000);
    assert_int_equal(after(AW_PACE_OK, 10, 40000, -1), 40000);
    source.pause_ms = 0;
    assert_int_equal(after(AW_PACE_OK, 10, 40000, -1), 40000);
}

static void failures_double_the_wait_up_to_its_most(void **state)
{
    int64_t want = MINUTE;

    (void)state;
    for (int i = 0; i < 11; i++, want *= 2)
        assert_about(i % 2 ? failed() : slow_down(-1), want);
    for (int i = 0; i < 100; i++)
        assert_in_range(failed(), DAY * 8 / 10, DAY);
    assert_int_equal(pace.level, AW_PACE_LEVEL_MAX);
}

static void chance_spreads_the_wait_over_its_range(void **state)
{
    int64_t low = INT64_MAX, high = 0;

    (void)state;
    for (int i = 0; i < 1000; i++) {
        int64_t wait;

        pace = (struct aw_pace){0};
        wait = failed();
        low = wait < low ? wait : low;
        high = wait > high ? wait : high;
    }
    assert_in_range(low, 48000, 48600);
    assert_in_range(high, 71400, 72000);
}

static void a_failure_waits_no_shorter_than_the_pause(void **state)
{
    (void)state;
    config.backoff_first_ms = 10;
    config.backoff_most_ms = 20;
    assert_int_equal(failed(), 1000);
    assert_int_equal(after(AW_PACE_SLOW_DOWN, 10, 5000, -1), 5000);
}

static void the_time_of_a_time_out_is_no_answer_time(void **state)
{
    (void)state;
    (void)failed();
    assert_int_equal(ok(10), 1000);
}

static void retry_after_is_taken_whole(void **state)
{
    (void)state;
    assert_int_equal(slow_down(5000), 5000);
    pace = (struct aw_pace){0};
    assert_int_equal(slow_down(3 * (int64_t)DAY), 3 * (int64_t)DAY);
    assert_int_equal(slow_down(INT64_MAX), AW_PACE_RETRY_MOST_MS);
    pace = (struct aw_pace){0};
    assert_int_equal(after(AW_PACE_OK, 10, -1, 90000), 90000);
    assert_int_equal(slow_down(0), 1000);
}

static void a_retry_after_that_does_not_help_backs_off(void **state)
{
    (void)state;
    assert_int_equal(slow_down(5000), 5000);
    assert_about(slow_down(5000), MINUTE);
    assert_about(slow_down(5000), 2 * MINUTE);
    assert_int_equal(slow_down(20 * MINUTE), 20 * MINUTE);
}

static void good_answers_halve_the_level(void **state)
{
    (void)state;
    for (int i = 0; i < 6; i++)
        (void)failed();
    assert_int_equal(ok(10), 1000);
    assert_int_equal(pace.level, 3);
    assert_about(failed(), 8 * MINUTE);
    (void)ok(10);
    (void)ok(10);
    (void)ok(10);
    assert_int_equal(pace.level, 0);
    assert_about(failed(), MINUTE);
}

static void quiet_forgets_the_level(void **state)
{
    (void)state;
    for (int i = 0; i < 3; i++)
        (void)failed();
    now += AW_PACE_QUIET_MS - 1;
    assert_about(failed(), 8 * MINUTE);
    now += AW_PACE_QUIET_MS;
    assert_about(failed(), MINUTE);
}

static void a_long_back_off_takes_as_long_a_quiet_to_forget(void **state)
{
    (void)state;
    for (int i = 0; i < 12; i++)
        (void)failed();
    now += DAY - 1;
    assert_in_range(failed(), DAY * 8 / 10, DAY);
    now += DAY;
    assert_about(failed(), MINUTE);
}

static void the_wait_that_is_left_shrinks_to_nothing(void **state)
{
    (void)state;
    assert_int_equal(aw_pace_wait(&pace, START), 0);
    assert_int_equal(slow_down(5000), 5000);
    assert_int_equal(aw_pace_wait(&pace, START), 5000);
    assert_int_equal(aw_pace_wait(&pace, START + 4999), 1);
    assert_int_equal(aw_pace_wait(&pace, START + 6000), 0);
    assert_int_equal(aw_pace_wait(&pace, 0), AW_PACE_RETRY_MOST_MS);
}

static void a_stored_pace_goes_on_where_it_was(void **state)
{
    struct aw_pace before;

    (void)state;
    for (int i = 0; i < 3; i++)
        (void)failed();
    before = pace;
    pace = aw_pace_restored(before.level, before.until_ms, now);
    assert_int_equal(pace.until_ms, before.until_ms);
    assert_about(failed(), 8 * MINUTE);
    pace = aw_pace_restored(-7, -1, now);
    assert_int_equal(pace.level, 0);
    assert_int_equal(aw_pace_wait(&pace, now), 0);
    pace = aw_pace_restored(INT64_MAX, INT64_MAX, now);
    assert_int_equal(pace.level, AW_PACE_LEVEL_MAX);
    assert_int_equal(aw_pace_wait(&pace, now), AW_PACE_RETRY_MOST_MS);
}

#define UNIT(test) cmocka_unit_test_setup(test, set_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(a_quick_host_is_asked_at_its_pause),
        UNIT(slow_answers_stretch_the_pause_within_its_bounds),
        UNIT(one_slow_answer_alone_does_little),
        UNIT(a_pause_or_a_factor_of_0_stretches_nothing),
        UNIT(a_pause_above_the_most_stays),
        UNIT(a_crawl_delay_counts_if_it_is_longer),
        UNIT(failures_double_the_wait_up_to_its_most),
        UNIT(chance_spreads_the_wait_over_its_range),
        UNIT(a_failure_waits_no_shorter_than_the_pause),
        UNIT(the_time_of_a_time_out_is_no_answer_time),
        UNIT(retry_after_is_taken_whole),
        UNIT(a_retry_after_that_does_not_help_backs_off),
        UNIT(good_answers_halve_the_level),
        UNIT(quiet_forgets_the_level),
        UNIT(a_long_back_off_takes_as_long_a_quiet_to_forget),
        UNIT(the_wait_that_is_left_shrinks_to_nothing),
        UNIT(a_stored_pace_goes_on_where_it_was),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
