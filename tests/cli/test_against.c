#include "cli/against.h"

#include "tests/base/base_test.h"

static struct aw_corpus_text texts[3] = {
    {.id = {"web-1", 5}, .label = AW_VERDICT_SUSPECTED},
    {.id = {"web-2\x1b[31m", 10}, .label = AW_VERDICT_EXEMPT},
    {.id = {"web-3", 5}, .label = AW_VERDICT_CLEAR}};
static struct aw_eval_report report, other;
static struct aw_against against;
static struct aw_buf out;

static int set_up(void **state)
{
    (void)state;
    report = (struct aw_eval_report){.verdict = {8, 2, 2, 8},
                                     .f1 = {.8, .7, .9},
                                     .average_precision = .85};
    other = (struct aw_eval_report){.verdict = {6, 0, 4, 10},
                                    .f1 = {.75, .6, .85},
                                    .average_precision = .7};
    against = (struct aw_against){.other = &other,
                                  .difference = {.05, -.01, .11},
                                  .this_alone = {2, {&texts[0], &texts[1]}},
                                  .other_alone = {1, {&texts[2]}},
                                  .p = .625};
    aw_buf_init(&out, 65536);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    aw_buf_deinit(&out);
    return 0;
}

static void assert_says(const char *part)
{
    aw_buf_reset(&out);
    aw_against_text(&report, &against, AW_STR("old.awm"), &out);
    assert_int_equal(out.rc, AW_OK);
    assert_has(out.ptr, part);
}

static void test_models_stand_side_by_side(void **state)
{
    (void)state;
    assert_says("\nagainst old.awm\n");
    assert_says("\nrecall (95 %)                0.800 [0.490, 0.943]   0.600 "
                "[0.313, 0.832]\n");
    assert_says("\nF1 (95 %)                    0.800 [0.700, 0.900]   0.750 "
                "[0.600, 0.850]\n");
    assert_says("\naverage precision            0.8500                 "
                "0.7000\n");
    assert_says("\nfalse alarms                 2                      0\n");
}

static void test_the_difference_has_its_sign_and_its_chance(void **state)
{
    (void)state;
    assert_says("less the other's: +0.050 [-0.010, +0.110]\n"
                "McNemar's exact test: p = 0.625\n");
}

static void test_texts_that_part_them_are_named_with_their_label(void **state)
{
    (void)state;
    assert_says("\nthis model alone is right on 2 texts:\n"
                "  web-1 (suspected)\n"
                "  web-2\xEF\xBF\xBD[31m (exempt)\n"
                "\nthe other alone is right on 1 texts:\n"
                "  web-3 (clear)\n");
}

static void test_many_texts_are_cut(void **state)
{
    (void)state;
    against.other_alone = (struct aw_discordant){0};
    against.this_alone.count = AW_AGAINST_SHOWN + 1;
    for (size_t i = 0; i < AW_AGAINST_SHOWN; i++)
        against.this_alone.first[i] = &texts[0];
    assert_says("right on 21 texts, of which the first 20:\n");
    assert_says("  web-1 (suspected)\n\nthe other alone is right on 0 "
                "texts\n");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_models_stand_side_by_side),
        TEST(test_the_difference_has_its_sign_and_its_chance),
        TEST(test_texts_that_part_them_are_named_with_their_label),
        TEST(test_many_texts_are_cut),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
