#include "classify/against.h"

#include <math.h>

#include "tests/base/base_test.h"

#define TEXTS 60

static struct aw_corpus_text texts[TEXTS];
static struct aw_judged a[TEXTS], b[TEXTS];
static struct aw_eval_report report = {.texts = TEXTS, .judged = a};
static struct aw_eval_report other = {.texts = TEXTS, .judged = b};
static struct aw_against against;

/* Both are right on all texts; two of three are suspected. */
static int set_up(void **state)
{
    (void)state;
    for (size_t i = 0; i < TEXTS; i++) {
        bool is = i % 3 != 0;

        a[i] = b[i] = (struct aw_judged){&texts[i], is ? .9 : .1, is, is};
    }
    return 0;
}

static void compare(void)
{
    struct aw_err err;

    assert_int_equal(aw_against_make(&against, &report, &other, &err), AW_OK);
    assert_ptr_equal(against.other, &other);
}

static void flip(struct aw_judged *judged)
{
    judged->found = !judged->found;
}

static void test_the_same_judgements_do_not_part(void **state)
{
    (void)state;
    flip(&a[5]);
    flip(&b[5]); /* wrong together */
    compare();
    assert_int_equal(against.this_alone.count, 0);
    assert_int_equal(against.other_alone.count, 0);
    assert_float_equal(against.difference.value, 0, 0);
    assert_float_equal(against.difference.low, 0, 0);
    assert_float_equal(against.p, 1, 0);
}

static void test_who_is_right_alone_is_told_each_way(void **state)
{
    (void)state;
    flip(&a[3]); /* a false alarm of this one */
    flip(&b[1]); /* misses of the other */
    flip(&b[2]);
    flip(&b[6]); /* a false alarm of the other */
    compare();
    assert_int_equal(against.this_alone.count, 3);
    assert_ptr_equal(against.this_alone.first[0], &texts[1]);
    assert_ptr_equal(against.this_alone.first[1], &texts[2]);
    assert_ptr_equal(against.this_alone.first[2], &texts[6]);
    assert_int_equal(against.other_alone.count, 1);
    assert_ptr_equal(against.other_alone.first[0], &texts[3]);
    assert_true(fabs(against.p - 2.0 * (1 + 4) / 16) < 1e-9);
    /* 40 of 40 and a false alarm; 38 of 40 and a false alarm */
    assert_true(fabs(against.difference.value - (80.0 / 81 - 76.0 / 79)) <
                1e-9);
}

static void test_no_more_than_so_many_are_named(void **state)
{
    (void)state;
    for (size_t i = 0; i < 30; i++)
        flip(&b[i]);
    compare();
    assert_int_equal(against.this_alone.count, 30);
    assert_ptr_equal(against.this_alone.first[AW_AGAINST_SHOWN - 1],
                     &texts[AW_AGAINST_SHOWN - 1]);
    assert_int_equal(against.other_alone.count, 0);
    assert_true(against.p < 1e-8);
    assert_true(against.difference.low > 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, set_up)
    const struct CMUnitTest tests[] = {
        TEST(test_the_same_judgements_do_not_part),
        TEST(test_who_is_right_alone_is_told_each_way),
        TEST(test_no_more_than_so_many_are_named),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
