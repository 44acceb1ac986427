#include "tests/base/base_test.h"

#include "base/clock_check.h"

static void the_kernel_is_asked_and_nothing_is_changed(void **state)
{
    struct aw_clock clock = aw_clock_manual(INT64_C(1795399980123));
    struct aw_clock_check check;

    (void)state;
    aw_clock_check(&clock, &check);
    assert_int_equal(check.wall_ms, INT64_C(1795399980123));
    assert_true(check.known); /* any process may read it */
    assert_true(check.error_most_us >= 0);
    assert_non_null(check.keeper);
}

static void assert_fields(const struct aw_clock_check *check, const char *want)
{
    struct aw_buf out;

    aw_buf_init(&out, 4096);
    aw_clock_check_fields(&out, check);
    assert_int_equal(out.rc, AW_OK);
    assert_string_equal(out.ptr, want);
    aw_buf_deinit(&out);
}

static void what_is_known_is_written_as_fields(void **state)
{
    const struct aw_clock_check check = {
        .wall_ms = INT64_C(1795399980123),
        .known = true,
        .synchronised = true,
        .offset_us = -12,
        .error_us = 40,
        .error_most_us = 5210,
        .keeper = "chronyd",
    };

    (void)state;
    assert_fields(&check, "clock-time: 2026-11-23T02:13:00.123Z\r\n"
                          "clock-time-beijing: 2026-11-23 10:13:00 +08:00\r\n"
                          "clock-synchronised: yes\r\n"
                          "clock-offset-us: -12\r\n"
                          "clock-error-us: 40\r\n"
                          "clock-error-most-us: 5210\r\n"
                          "clock-keeper: chronyd\r\n");
}

static void what_is_not_known_is_said(void **state)
{
    const struct aw_clock_check check = {.keeper = ""};

    (void)state;
    assert_fields(&check, "clock-time: 1970-01-01T00:00:00.000Z\r\n"
                          "clock-time-beijing: 1970-01-01 08:00:00 +08:00\r\n"
                          "clock-synchronised: not known\r\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_kernel_is_asked_and_nothing_is_changed),
        cmocka_unit_test(what_is_known_is_written_as_fields),
        cmocka_unit_test(what_is_not_known_is_said),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
