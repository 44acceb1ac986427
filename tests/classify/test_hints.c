#include "classify/hints.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "fixture.h"

enum { CAPITAL, WARNING, ANY };

static struct aw_hints *hints;

static int set_up(void **state)
{
    const struct aw_str patterns[] = {
        [CAPITAL] = AW_STR("保(?:本|息)"),
        [WARNING] = AW_STR("风险.{0,3}(?:提示|自担)"),
        [ANY] = AW_STR("[^，]{1,4}"),
    };
    struct aw_err err = {0};

    (void)state;
    if (aw_hints_new(&hints, patterns, 3, &err) != AW_OK)
        fail_msg("%s", err.msg);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    aw_hints_free(hints);
    return 0;
}

static struct aw_range all_of(struct aw_str text)
{
    return (struct aw_range){0, text.len};
}

static void test_only_patterns_whose_literals_are_there_may_match(void **state)
{
    struct aw_str text = AW_STR("投资有风险，风险自担");

    (void)state;
    aw_hints_read(hints, text, all_of(text));
    assert_false(aw_hints_may_match(hints, CAPITAL, all_of(text)));
    assert_true(aw_hints_may_match(hints, WARNING, all_of(text)));
    assert_true(aw_hints_may_match(hints, ANY, all_of(text)));
}

static void
test_a_literal_counts_in_a_window_that_holds_all_of_it(void **state)
{
    struct aw_str text = AW_STR("稳稳保息，放心"); /* it is bytes 6 to 12 */

    (void)state;
    aw_hints_read(hints, text, all_of(text));
    assert_true(aw_hints_may_match(hints, CAPITAL, (struct aw_range){6, 12}));
    assert_false(aw_hints_may_match(hints, CAPITAL, (struct aw_range){0, 11}));
    assert_false(aw_hints_may_match(hints, CAPITAL, (struct aw_range){7, 15}));
}

static void test_places_count_from_the_start_of_the_text(void **state)
{
    struct aw_str text = AW_STR("保本稳稳保息，放心");
    struct aw_range read = {6, text.len};

    (void)state;
    aw_hints_read(hints, text, read);
    assert_true(aw_hints_may_match(hints, CAPITAL, (struct aw_range){12, 18}));
    assert_false(aw_hints_may_match(hints, CAPITAL, (struct aw_range){6, 12}));
}

static void test_what_was_read_before_is_forgotten(void **state)
{
    struct aw_str first = AW_STR("保本"), second = AW_STR("放心");

    (void)state;
    aw_hints_read(hints, first, all_of(first));
    aw_hints_read(hints, second, all_of(second));
    assert_false(aw_hints_may_match(hints, CAPITAL, all_of(second)));
}

/* Where literals were left out, a pattern that was seen may match anywhere. */
static void test_too_many_literals_forbid_nothing(void **state)
{
    struct aw_buf buf;
    struct aw_str text;
    struct aw_range last;

    (void)state;
    aw_buf_init(&buf, 1 << 16);
    for (size_t i = 0; i < AW_HINTS_MAX; i++)
        aw_buf_puts(&buf, "保本");
    aw_buf_puts(&buf, "风险自担");
    text = aw_buf_str(&buf);
    last = (struct aw_range){text.len - 12, text.len};
    aw_hints_read(hints, text, all_of(text));
    assert_true(aw_hints_may_match(hints, WARNING, last));
    assert_true(aw_hints_may_match(hints, CAPITAL, last));
    aw_buf_deinit(&buf);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            test_only_patterns_whose_literals_are_there_may_match, set_up,
            tear_down),
        cmocka_unit_test_setup_teardown(
            test_a_literal_counts_in_a_window_that_holds_all_of_it, set_up,
            tear_down),
        cmocka_unit_test_setup_teardown(
            test_places_count_from_the_start_of_the_text, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_what_was_read_before_is_forgotten,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_too_many_literals_forbid_nothing,
                                        set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
