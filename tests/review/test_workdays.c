#include "base/clock.h"
#include "review/workdays.h"

#include "tests/store/fixture.h"

static struct aw_workdays *days;

static int set_up(void **state)
{
    (void)fixture_set_up(state);
    ASSERT_OK(aw_workdays_new(&days, "lexicons", &fixture.err));
    return 0;
}

static int tear_down(void **state)
{
    aw_workdays_free(days);
    return fixture_tear_down(state);
}

static int64_t day(const char *text)
{
    int64_t ms = 0;

    assert_true(aw_date_parse(aw_str_of(text), &ms));
    return ms / (INT64_C(24) * 3600 * 1000);
}

static void weekends_are_off_and_weekdays_are_not(void **state)
{
    (void)state;
    assert_true(aw_workdays_is(days, day("2026-11-27")));  /* Friday */
    assert_false(aw_workdays_is(days, day("2026-11-28"))); /* Saturday */
    assert_false(aw_workdays_is(days, day("2026-11-29")));
    assert_true(aw_workdays_is(days, day("2026-11-30")));
}

static void holidays_are_off_and_days_worked_instead_are_not(void **state)
{
    static const char *const off[] = {"2024-02-12", "2024-04-04",
                                      "2024-06-10", "2024-09-17",
                                      "2025-01-28", "2025-05-05",
                                      "2025-10-08", "2026-01-02",
                                      "2026-02-23", "2026-06-19",
                                      "2026-09-25", "2026-10-07"};
    static const char *const worked[] = {"2024-02-04", "2024-02-18",
                                         "2024-10-12", "2025-01-26",
                                         "2025-04-27", "2025-10-11",
                                         "2026-01-04", "2026-02-14",
                                         "2026-02-28", "2026-05-09",
                                         "2026-09-20", "2026-10-10"};

    (void)state;
    for (size_t i = 0; i < sizeof off / sizeof *off; i++)
        if (aw_workdays_is(days, day(off[i])))
            fail_msg("%s is worked", off[i]);
    for (size_t i = 0; i < sizeof worked / sizeof *worked; i++)
        if (!aw_workdays_is(days, day(worked[i])))
            fail_msg("%s is off", worked[i]);
}

/* The calendar has no slips of the pen: each year has as many days off as
 * the notices give. */
static void each_year_has_its_number_of_working_days(void **state)
{
    (void)state;
    assert_int_equal(aw_workdays_between(days, day("2023-12-31"),
                                         day("2024-12-31")),
                     251);
    assert_int_equal(aw_workdays_between(days, day("2024-12-31"),
                                         day("2025-12-31")),
                     248);
    assert_int_equal(aw_workdays_between(days, day("2025-12-31"),
                                         day("2026-12-31")),
                     248);
}

static void the_clock_runs_over_a_long_holiday(void **state)
{
    (void)state;
    /* 2025: off from 1 to 8 October; 28 September and 11 October worked. */
    assert_int_equal(aw_workdays_after(days, day("2025-09-26"), 1),
                     day("2025-09-28"));
    assert_int_equal(aw_workdays_after(days, day("2025-09-26"), 4),
                     day("2025-10-09"));
    assert_int_equal(aw_workdays_after(days, day("2025-09-26"), 15),
                     day("2025-10-23"));
    /* Without a holiday 15 working days are three weeks. */
    assert_int_equal(aw_workdays_after(days, day("2026-11-05"), 15),
                     day("2026-11-26"));
    /* From a day off it begins with the next one that is worked. */
    assert_int_equal(aw_workdays_after(days, day("2026-11-28"), 1),
                     day("2026-11-30"));
}

static void what_is_over_is_counted_below_zero(void **state)
{
    (void)state;
    assert_int_equal(aw_workdays_between(days, day("2026-11-26"),
                                         day("2026-11-26")),
                     0);
    assert_int_equal(aw_workdays_between(days, day("2026-11-26"),
                                         day("2026-12-01")),
                     3);
    assert_int_equal(aw_workdays_between(days, day("2026-12-01"),
                                         day("2026-11-26")),
                     -3);
}

static void after_and_between_agree_on_every_day(void **state)
{
    (void)state;
    for (int64_t from = day("2023-12-20"); from < day("2027-02-01"); from++)
        for (int64_t n = 1; n <= 20; n++) {
            int64_t to = aw_workdays_after(days, from, n);

            assert_true(aw_workdays_is(days, to));
            assert_int_equal(aw_workdays_between(days, from, to), n);
        }
}

static void a_day_begins_in_beijing(void **state)
{
    (void)state;
    /* 15:59:59.999Z is before midnight there, 16:00Z is not. */
    assert_int_equal(aw_beijing_day(INT64_C(1795708799999)),
                     day("2026-11-26"));
    assert_int_equal(aw_beijing_day(INT64_C(1795708800000)),
                     day("2026-11-27"));
    assert_int_equal(aw_beijing_day_end(day("2026-11-26")),
                     INT64_C(1795708799999));
    assert_int_equal(aw_beijing_day(-1), 0);
    assert_int_equal(aw_beijing_day(-INT64_C(28800001)), -1);
}

static void a_year_without_a_notice_is_told(void **state)
{
    (void)state;
    assert_true(aw_workdays_known(days, day("2024-01-01")));
    assert_true(aw_workdays_known(days, day("2026-12-31")));
    assert_false(aw_workdays_known(days, day("2023-12-31")));
    assert_false(aw_workdays_known(days, day("2027-01-01")));
    assert_true(aw_workdays_is(days, day("2027-10-01"))); /* a Friday */
}

static void days_beyond_the_table_do_no_harm(void **state)
{
    (void)state;
    assert_int_equal(aw_workdays_between(days, INT64_C(1) << 40,
                                         INT64_C(1) << 41),
                     0);
    (void)aw_workdays_after(days, INT64_C(1) << 40, 15);
    (void)aw_workdays_after(days, -(INT64_C(1) << 40), 15);
    (void)aw_beijing_day(INT64_MAX / 2);
}

/* ---- the file ------------------------------------------------------------
 */

static void refused(const char *yaml, const char *says)
{
    struct aw_workdays *made = NULL;
    char path[AW_PATH_MAX];
    FILE *out;

    ASSERT_OK(aw_path_join(path, fixture.dir, "calendar.yaml", &fixture.err));
    out = fopen(path, "w");
    assert_non_null(out);
    (void)fputs("calendar:\n  - year: 2026\n    status: general\n"
                "    source: ''\n",
                out);
    (void)fputs(yaml, out);
    (void)fclose(out);
    assert_int_equal(aw_workdays_new(&made, fixture.dir, &fixture.err),
                     AW_CONFIG);
    ASSERT_SAYS(says);
    ASSERT_SAYS("calendar.yaml");
}

static void mistakes_are_told(void **state)
{
    (void)state;
    refused("    holidays: []\n    worked: ['2026-02-30']\n", "2026-02-30");
    refused("    holidays: []\n    worked: ['2025-02-08']\n", "no day of it");
    refused("    holidays: []\n    worked: ['2026-11-26']\n", "no weekend");
    refused("    holidays: [{name: a, from: '2026-02-03', to: '2026-02-01'}]\n"
            "    worked: []\n",
            "before it begins");
    refused("    holidays: 7\n    worked: []\n", "calendar.yaml:");
}

static void a_lexicon_without_calendar_knows_weekends(void **state)
{
    struct aw_workdays *made = NULL;

    (void)state;
    ASSERT_OK(aw_workdays_new(&made, fixture.dir, &fixture.err));
    assert_false(aw_workdays_known(made, day("2026-01-01")));
    assert_true(aw_workdays_is(made, day("2026-01-01")));
    assert_false(aw_workdays_is(made, day("2026-01-04")));
    aw_workdays_free(made);
}

#define DAYS_UNIT(test) \
    cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        DAYS_UNIT(weekends_are_off_and_weekdays_are_not),
        DAYS_UNIT(holidays_are_off_and_days_worked_instead_are_not),
        DAYS_UNIT(each_year_has_its_number_of_working_days),
        DAYS_UNIT(the_clock_runs_over_a_long_holiday),
        DAYS_UNIT(what_is_over_is_counted_below_zero),
        DAYS_UNIT(after_and_between_agree_on_every_day),
        DAYS_UNIT(a_day_begins_in_beijing),
        DAYS_UNIT(a_year_without_a_notice_is_told),
        DAYS_UNIT(days_beyond_the_table_do_no_harm),
        DAYS_UNIT(mistakes_are_told),
        DAYS_UNIT(a_lexicon_without_calendar_knows_weekends),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
