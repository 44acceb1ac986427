#include "classify/margin.h"

#include <math.h>

#include "fixture.h"

static struct aw_margin *margin;
static aw_bayes_row *table;

static int set_up(void **state)
{
    struct aw_err err;

    (void)state;
    table = calloc(AW_FEATURES, sizeof *table);
    assert_non_null(table);
    for (size_t f = 0; f < 100; f++)
        table[f][AW_COLUMN_KNOWN] = 1;
    assert_int_equal(aw_margin_new(&margin, 8, &err), AW_OK);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    aw_margin_free(margin);
    free(table);
    return 0;
}

static void add(const uint32_t *ids, size_t count, bool yes)
{
    aw_margin_add(margin, (struct aw_margin_case){ids, count, yes});
}

static int weight(uint32_t id)
{
    return table[id][AW_COLUMN_MARGIN];
}

static void test_features_of_one_side_weigh_for_it(void **state)
{
    static const uint32_t yes[] = {1, 2, 9}, no[] = {3, 4, 9};

    (void)state;
    add(yes, 3, true);
    add(no, 3, false);
    aw_margin_fit(margin, table);
    assert_true(weight(1) > 0 && weight(2) > 0);
    assert_true(weight(3) < 0 && weight(4) < 0);
    assert_true(abs(weight(9)) < weight(1));
    assert_int_equal(weight(5), 0);
}

/* By counts alone, 1 speaks for yes as much as against it, and so does 3. */
static void test_features_are_weighed_against_one_another(void **state)
{
    static const uint32_t a[] = {1, 2}, b[] = {2, 3}, c[] = {1, 3};

    (void)state;
    add(a, 2, true);
    add(b, 2, true);
    add(c, 2, false);
    add(c, 2, false);
    aw_margin_fit(margin, table);
    assert_true(weight(1) < 0 && weight(3) < 0);
    assert_true(weight(1) + weight(2) > 0 && weight(2) + weight(3) > 0);
}

static void test_what_says_nothing_has_no_part(void **state)
{
    static const uint32_t yes[] = {1, 200}, no[] = {2, 201};

    (void)state;
    add(yes, 2, true);
    add(no, 2, false);
    aw_margin_fit(margin, table);
    assert_true(weight(1) > 0);
    assert_int_equal(weight(200), 0);
    assert_int_equal(weight(201), 0);
}

static void test_a_fit_forgets_the_one_before(void **state)
{
    static const uint32_t yes[] = {1, 2}, no[] = {3, 4};
    int first;

    (void)state;
    add(yes, 2, true);
    add(no, 2, false);
    aw_margin_fit(margin, table);
    first = weight(1);
    add(no, 2, true);
    add(yes, 2, false);
    aw_margin_fit(margin, table);
    assert_true(weight(1) < 0 && weight(3) > 0);
    add(yes, 2, true);
    add(no, 2, false);
    aw_margin_fit(margin, table);
    assert_int_equal(weight(1), first);
}

static void test_more_cases_than_there_is_room_are_left_out(void **state)
{
    static const uint32_t yes[] = {1}, no[] = {2};

    (void)state;
    for (int i = 0; i < 8; i++)
        add(yes, 1, true);
    add(no, 1, false);
    aw_margin_fit(margin, table);
    assert_int_equal(weight(2), 0);
}

static void test_no_cases_weigh_nothing(void **state)
{
    (void)state;
    aw_margin_fit(margin, table);
    for (uint32_t f = 0; f < 100; f++)
        assert_int_equal(weight(f), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_features_of_one_side_weigh_for_it),
        TEST(test_features_are_weighed_against_one_another),
        TEST(test_what_says_nothing_has_no_part),
        TEST(test_a_fit_forgets_the_one_before),
        TEST(test_more_cases_than_there_is_room_are_left_out),
        TEST(test_no_cases_weigh_nothing)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
