#include "tests/base/base_test.h"

#include "base/clock.h"

/* Instants that `date -u -d @SECONDS` confirms. */
static const struct {
    int64_t ms;
    const char *iso, *iso_ms, *compact, *beijing;
} instants[] = {
    {0, "1970-01-01T00:00:00Z", "1970-01-01T00:00:00.000Z",
     "19700101000000000", "1970-01-01 08:00:00 +08:00"},
    {INT64_C(1795399980123), "2026-11-23T02:13:00Z",
     "2026-11-23T02:13:00.123Z", "20261123021300123",
     "2026-11-23 10:13:00 +08:00"},
    {INT64_C(1709251199999), "2024-02-29T23:59:59Z",
     "2024-02-29T23:59:59.999Z", "20240229235959999",
     "2024-03-01 07:59:59 +08:00"},
    {INT64_C(951782400001), "2000-02-29T00:00:00Z", "2000-02-29T00:00:00.001Z",
     "20000229000000001", "2000-02-29 08:00:00 +08:00"},
    {-1, "1969-12-31T23:59:59Z", "1969-12-31T23:59:59.999Z",
     "19691231235959999", "1970-01-01 07:59:59 +08:00"},
    {-1000, "1969-12-31T23:59:59Z", "1969-12-31T23:59:59.000Z",
     "19691231235959000", "1970-01-01 07:59:59 +08:00"},
    {INT64_C(-2203891200001), "1900-02-28T23:59:59Z",
     "1900-02-28T23:59:59.999Z", "19000228235959999",
     "1900-03-01 07:59:59 +08:00"},
    {INT64_C(-62135596800000), "0001-01-01T00:00:00Z",
     "0001-01-01T00:00:00.000Z", "00010101000000000",
     "0001-01-01 08:00:00 +08:00"},
};

static void known_instants_are_written_in_every_format(void **s)
{
    char text[AW_TIME_MAX];

    (void)s;
    for (size_t i = 0; i < sizeof instants / sizeof *instants; i++) {
        aw_time_iso(instants[i].ms, text);
        assert_string_equal(text, instants[i].iso);
        aw_time_iso_ms(instants[i].ms, text);
        assert_string_equal(text, instants[i].iso_ms);
        aw_time_compact(instants[i].ms, text);
        assert_string_equal(text, instants[i].compact);
        aw_time_beijing(instants[i].ms, text);
        assert_string_equal(text, instants[i].beijing);
    }
}

static void times_out_of_four_digits_are_shown_as_first_or_last(void **s)
{
    char text[AW_TIME_MAX];

    (void)s;
    aw_time_iso_ms(INT64_MAX, text);
    assert_string_equal(text, "9999-12-31T23:59:59.999Z");
    aw_time_iso_ms(INT64_MIN, text);
    assert_string_equal(text, "0000-01-01T00:00:00.000Z");
    aw_time_beijing(INT64_MAX, text);
    assert_string_equal(text, "9999-12-31 23:59:59 +08:00");
    aw_time_beijing(INT64_MIN, text);
    assert_string_equal(text, "0000-01-01 08:00:00 +08:00");
    aw_time_compact(INT64_MAX, text);
    assert_string_equal(text, "99991231235959999");
}

static void every_day_of_400_years_is_read_as_it_is_written(void **s)
{
    const int64_t day = 86400000;

    (void)s;
    for (int64_t ms = -70 * 366 * day; ms < 330 * 366 * day; ms += day) {
        char text[AW_TIME_MAX];
        int64_t back = -1;

        aw_time_iso(ms, text);
        if (!aw_date_parse((struct aw_str){text, 10}, &back) || back != ms)
            fail_msg("%s is not read", text);
    }
}

static void days_that_are_none_are_refused(void **s)
{
    const char *bad[] = {"2026-02-30",  "2026-02-29", "1900-02-29",
                         "2026-00-10",  "2026-13-01", "2026-01-00",
                         "2026-01-32",  "2026-04-31", "2026-1-01",
                         "2026-01-1",   "26-01-01",   "2026/01/01",
                         "2026-01-01 ", "",           "2026-01-0a",
                         "-026-01-01",  "2026--1-01", "2026-01--1",
                         "2026-01-01T", "2026-+1-01", "2026 01 01",
                         "20260101",    "２026-01-0"};
    int64_t ms = 42;

    (void)s;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (aw_date_parse(aw_str_of(bad[i]), &ms))
            fail_msg("'%s' is read as a day", bad[i]);
    assert_int_equal(ms, 42);
    assert_true(aw_date_parse(AW_STR("2024-02-29"), &ms));
    assert_true(aw_date_parse(AW_STR("2000-02-29"), &ms));
}

static void a_manual_clock_stands_still_until_it_is_set(void **s)
{
    struct aw_clock clock = aw_clock_manual(1000);

    (void)s;
    assert_int_equal(aw_clock_wall(&clock), 1000);
    assert_int_equal(aw_clock_mono(&clock), 1000);
    clock.manual_ms = -5;
    assert_int_equal(aw_clock_wall(&clock), -5);
    assert_int_equal(aw_clock_mono(&clock), -5);
}

static void days_of_beijing_begin_at_16_utc_of_the_day_before(void **s)
{
    int64_t from = 1, to = 2;

    (void)s;
    assert_true(aw_beijing_days_parse(AW_STR(""), AW_STR(""), &from, &to));
    assert_int_equal(from, 1);
    assert_int_equal(to, 2);
    assert_true(aw_beijing_days_parse(AW_STR("2026-11-24"),
                                      AW_STR("2026-11-24"), &from, &to));
    assert_int_equal(from, INT64_C(1795449600000)); /* 23rd, 16:00 UTC */
    assert_int_equal(to - from, 24 * 3600 * 1000);
    assert_false(
        aw_beijing_days_parse(AW_STR("24.11."), AW_STR(""), &from, &to));
    assert_false(
        aw_beijing_days_parse(AW_STR(""), AW_STR("2026-13-01"), &from, &to));
}

static void the_system_clock_goes_on_and_never_back(void **s)
{
    const struct aw_clock *clock = aw_clock_system();
    int64_t first = aw_clock_mono(clock);

    (void)s;
    (void)usleep(3000);
    assert_true(aw_clock_mono(clock) >= first + 2);
    assert_true(aw_clock_wall(clock) > INT64_C(1700000000000));
}

static void processor_time_passes_with_work_alone(void **s)
{
    const struct aw_clock *clock = aw_clock_processor();
    int64_t began = aw_clock_mono(clock);
    volatile unsigned work = 0;

    (void)s;
    while (aw_clock_mono(clock) < began + 20)
        work++;
    assert_true(work > 0);
    assert_true(aw_clock_wall(clock) > INT64_C(1700000000000));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(processor_time_passes_with_work_alone),
        cmocka_unit_test(known_instants_are_written_in_every_format),
        cmocka_unit_test(times_out_of_four_digits_are_shown_as_first_or_last),
        cmocka_unit_test(every_day_of_400_years_is_read_as_it_is_written),
        cmocka_unit_test(days_that_are_none_are_refused),
        cmocka_unit_test(days_of_beijing_begin_at_16_utc_of_the_day_before),
        cmocka_unit_test(a_manual_clock_stands_still_until_it_is_set),
        cmocka_unit_test(the_system_clock_goes_on_and_never_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
