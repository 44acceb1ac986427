#include "classify/measure.h"

#include <math.h>

#include "tests/base/base_test.h"

/* Five texts; the two of .8 have no order. */
static const struct aw_judged five[] = {{NULL, .9, true, true},
                                        {NULL, .8, false, true},
                                        {NULL, .8, true, true},
                                        {NULL, .4, true, false},
                                        {NULL, .2, false, false}};
#define FIVE (sizeof five / sizeof *five)

static void assert_near(double got, double expected)
{
    if (!(fabs(got - expected) < 1e-9))
        fail_msg("%.12g is not %.12g", got, expected);
}

static struct aw_eval_counts counts_of(const struct aw_judged *items,
                                       size_t count)
{
    struct aw_eval_counts counts = {0};

    for (size_t i = 0; i < count; i++)
        aw_eval_count(&counts, items[i].is, items[i].found);
    return counts;
}

static void test_shares_are_of_what_was_found_and_of_what_is(void **state)
{
    struct aw_eval_counts counts = counts_of(five, FIVE);

    (void)state;
    assert_int_equal(counts.right, 2);
    assert_int_equal(counts.wrong, 1);
    assert_int_equal(counts.missed, 1);
    assert_int_equal(counts.rest, 1);
    assert_near(aw_eval_precision(&counts), 2.0 / 3);
    assert_near(aw_eval_recall(&counts), 2.0 / 3);
    assert_near(aw_eval_f1(&counts), 2.0 / 3);
}

static void test_intervals_are_wilsons(void **state)
{
    struct aw_interval i = aw_wilson(8, 10);

    (void)state;
    assert_true(i.low > 0.4901 && i.low < 0.4903);
    assert_true(i.high > 0.9432 && i.high < 0.9434);
    i = aw_wilson(0, 0);
    assert_true(i.low <= 0 && i.high >= 1);
}

static void test_an_interval_of_f1_lies_around_it(void **state)
{
    struct aw_judged items[200];
    struct aw_interval i;
    struct aw_err err;

    (void)state;
    for (size_t n = 0; n < 200; n++)
        items[n] = five[n % FIVE];
    assert_int_equal(aw_eval_f1_interval(items, 200, &i, &err), AW_OK);
    assert_near(i.value, 2.0 / 3);
    /* F1 here is 1 - errors / (2 * right + errors); its standard error, by the
     * delta method, is .0365 */
    assert_true(i.low > 0.57 && i.low < 0.62);
    assert_true(i.high > 0.71 && i.high < 0.76);
    assert_int_equal(aw_eval_f1_interval(items, 0, &i, &err), AW_OK);
    assert_near(i.value, 0);
}

static void test_two_judges_are_drawn_together(void **state)
{
    struct aw_judged a[100], b[100];
    struct aw_interval i;
    struct aw_err err;

    (void)state;
    for (size_t n = 0; n < 100; n++)
        a[n] = b[n] = five[n % FIVE];
    assert_int_equal(aw_eval_f1_difference(a, b, 100, &i, &err), AW_OK);
    assert_near(i.value, 0);
    assert_near(i.low, 0); /* drawn apart, it would not be */
    assert_near(i.high, 0);
    for (size_t n = 0; n < 100; n++)
        b[n].found = false;
    assert_int_equal(aw_eval_f1_difference(a, b, 100, &i, &err), AW_OK);
    assert_near(i.value, 2.0 / 3);
    assert_true(i.low > 0.5 && i.low < i.value && i.high > i.value);
    assert_int_equal(aw_eval_f1_difference(b, a, 100, &i, &err), AW_OK);
    assert_near(i.value, -2.0 / 3);
}

static void test_mcnemar_is_a_binomial_of_two_sides(void **state)
{
    (void)state;
    assert_near(aw_mcnemar(1, 5), 2.0 * (1 + 6) / 64);
    assert_near(aw_mcnemar(5, 1), 2.0 * (1 + 6) / 64);
    assert_near(aw_mcnemar(0, 6), 2.0 / 64);
    assert_near(aw_mcnemar(0, 0), 1);
    assert_near(aw_mcnemar(4, 4), 1);
    /* 2 to the power of -5000 is no double any more */
    assert_true(aw_mcnemar(2400, 2600) > 0.0048 &&
                aw_mcnemar(2400, 2600) < 0.0050);
}

static void test_calibration_is_by_ten_bins(void **state)
{
    static const struct aw_judged items[] = {{NULL, .05, false, false},
                                             {NULL, .95, true, true},
                                             {NULL, .91, false, true},
                                             {NULL, 1, true, true}};
    struct aw_calibration c = aw_calibrate(items, 4);

    (void)state;
    assert_int_equal(c.count, 4);
    assert_near(c.brier, (.05 * .05 + .05 * .05 + .91 * .91) / 4);
    assert_near(c.ece, (.05 + .86) / 4);
    assert_int_equal(c.bins[0].count, 1);
    assert_int_equal(c.bins[9].count, 3);
    assert_int_equal(c.bins[9].yes, 2);
    assert_near(c.bins[9].sum, 2.86);
    for (int b = 1; b < 9; b++)
        assert_int_equal(c.bins[b].count, 0);
}

static void test_each_tenth_begins_a_bin(void **state)
{
    (void)state;
    for (int b = 0; b < AW_CALIBRATION_BINS; b++) {
        struct aw_judged item = {NULL, b / 10.0, true, true};
        struct aw_calibration c = aw_calibrate(&item, 1);

        assert_int_equal(c.bins[b].count, 1);
    }
}

static void test_no_text_is_no_figure(void **state)
{
    struct aw_calibration c = aw_calibrate(NULL, 0);
    struct aw_capacity capacity = aw_capacity_at(NULL, 0, 10);

    (void)state;
    assert_near(c.brier, 0);
    assert_near(c.ece, 0);
    assert_int_equal(capacity.looked, 0);
    assert_true(isnan(capacity.recall));
    assert_true(isnan(aw_average_precision(NULL, 0)));
    assert_true(isnan(aw_average_precision(five + 4, 1)));
}

static void test_the_highest_score_comes_first(void **state)
{
    struct aw_judged items[FIVE];

    (void)state;
    for (size_t i = 0; i < FIVE; i++)
        items[i] = five[FIVE - 1 - i];
    aw_judged_rank(items, FIVE);
    for (size_t i = 0; i < FIVE; i++)
        assert_near(items[i].score, five[i].score);
}

static void test_a_curve_has_a_point_for_each_score(void **state)
{
    static const struct {
        double score, precision, recall;
    } points[] = {{.9, 1, 1.0 / 3},
                  {.8, 2.0 / 3, 2.0 / 3},
                  {.4, 3.0 / 4, 1},
                  {.2, 3.0 / 5, 1}};
    struct aw_curve curve;

    (void)state;
    aw_curve_init(&curve, five, FIVE);
    for (size_t i = 0; i < sizeof points / sizeof *points; i++) {
        assert_true(aw_curve_next(&curve));
        assert_near(curve.score, points[i].score);
        assert_near(curve.precision, points[i].precision);
        assert_near(curve.recall, points[i].recall);
    }
    assert_false(aw_curve_next(&curve));
}

static void test_average_precision_is_over_the_steps_of_recall(void **state)
{
    (void)state;
    assert_near(aw_average_precision(five, FIVE), (1 + 2.0 / 3 + 3.0 / 4) / 3);
}

static void test_at_capacity_equals_count_by_their_mean(void **state)
{
    struct aw_capacity c = aw_capacity_at(five, FIVE, 2);

    (void)state;
    assert_int_equal(c.looked, 2);
    assert_near(c.right, 1.5);
    assert_near(c.precision, .75);
    assert_near(c.recall, .5);
    assert_near(c.last, .8);
    c = aw_capacity_at(five, FIVE, 3);
    assert_near(c.right, 2);
    c = aw_capacity_at(five, FIVE, 100);
    assert_int_equal(c.looked, FIVE);
    assert_near(c.precision, .6);
    assert_near(c.recall, 1);
    assert_near(c.last, .2);
}

static void test_capacities_grow_by_one_two_five(void **state)
{
    static const size_t steps[] = {10, 20, 50, 100, 200, 500, 1000};
    size_t at = 0;

    (void)state;
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        at = aw_capacity_step(at);
        assert_int_equal(at, steps[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_shares_are_of_what_was_found_and_of_what_is),
        cmocka_unit_test(test_intervals_are_wilsons),
        cmocka_unit_test(test_an_interval_of_f1_lies_around_it),
        cmocka_unit_test(test_two_judges_are_drawn_together),
        cmocka_unit_test(test_mcnemar_is_a_binomial_of_two_sides),
        cmocka_unit_test(test_calibration_is_by_ten_bins),
        cmocka_unit_test(test_each_tenth_begins_a_bin),
        cmocka_unit_test(test_no_text_is_no_figure),
        cmocka_unit_test(test_the_highest_score_comes_first),
        cmocka_unit_test(test_a_curve_has_a_point_for_each_score),
        cmocka_unit_test(test_average_precision_is_over_the_steps_of_recall),
        cmocka_unit_test(test_at_capacity_equals_count_by_their_mean),
        cmocka_unit_test(test_capacities_grow_by_one_two_five),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
