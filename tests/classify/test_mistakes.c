#include "classify/mistakes.h"

#include "tests/base/base_test.h"

#define MOST 2

static struct aw_mistakes mistakes;
static struct aw_err err;

static const struct aw_corpus_text lawful = {.id = {"lawful", 6},
                                             .label = AW_VERDICT_EXEMPT};
static const struct aw_corpus_text offer = {.id = {"offer", 5},
                                            .label = AW_VERDICT_SUSPECTED};

static int set_up(void **state)
{
    (void)state;
    assert_int_equal(aw_mistakes_init(&mistakes, MOST, &err), AW_OK);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    aw_mistakes_deinit(&mistakes);
    return 0;
}

static void take(const struct aw_corpus_text *text, enum aw_verdict_kind kind,
                 double leaning)
{
    struct aw_verdict verdict = {.kind = kind, .leaning = leaning};

    assert_int_equal(aw_mistakes_take(&mistakes, text, &verdict, &err), AW_OK);
}

static void assert_scores(const struct aw_mistake_list *list, double first,
                          double second)
{
    assert_int_equal(list->count, MOST);
    assert_float_equal(list->items[0].verdict.leaning, first, 0);
    assert_float_equal(list->items[1].verdict.leaning, second, 0);
}

static void test_what_is_right_is_no_mistake(void **state)
{
    (void)state;
    take(&offer, AW_VERDICT_SUSPECTED, .9);
    take(&lawful, AW_VERDICT_CLEAR, .1);
    take(&lawful, AW_VERDICT_EXEMPT, .1); /* exempt is as good as clear */
    assert_int_equal(mistakes.alarms.count, 0);
    assert_int_equal(mistakes.misses.count, 0);
}

static void test_the_highest_alarms_are_kept_the_worst_first(void **state)
{
    static const double scores[] = {.5, .7, .3, .9, .8};

    (void)state;
    for (size_t i = 0; i < sizeof scores / sizeof *scores; i++)
        take(&lawful, AW_VERDICT_SUSPECTED, scores[i]);
    assert_scores(&mistakes.alarms, .9, .8);
    assert_int_equal(mistakes.misses.count, 0);
}

static void test_the_lowest_misses_are_kept_the_worst_first(void **state)
{
    static const double scores[] = {.2, .1, .3, .05, .15};

    (void)state;
    for (size_t i = 0; i < sizeof scores / sizeof *scores; i++)
        take(&offer, AW_VERDICT_CLEAR, scores[i]);
    assert_scores(&mistakes.misses, .05, .1);
    assert_int_equal(mistakes.alarms.count, 0);
}

static void test_of_equals_the_first_stays(void **state)
{
    struct aw_corpus_text texts[3] = {offer, offer, offer};

    (void)state;
    for (size_t i = 0; i < 3; i++)
        take(&texts[i], AW_VERDICT_CLEAR, 0);
    assert_ptr_equal(mistakes.misses.items[0].text, &texts[0]);
    assert_ptr_equal(mistakes.misses.items[1].text, &texts[1]);
}

/* The verdict that it was taken from is gone, and its memory written over. */
static void test_a_mistake_owns_what_it_says(void **state)
{
    char quote[] = "保本", why[] = "说保本", law[] = "law-1";
    struct aw_claim claim = {.class = AW_CLAIM_CAPITAL_PROTECTION,
                             .quote = {quote, sizeof quote - 1},
                             .rule = AW_STR("CP-001"),
                             .law = {{law, sizeof law - 1}},
                             .law_count = 1,
                             .why = {{why, sizeof why - 1}},
                             .why_count = 1,
                             .score = .8};
    struct aw_verdict verdict = {.kind = AW_VERDICT_SUSPECTED,
                                 .leaning = .8,
                                 .claims = &claim,
                                 .claim_count = 1};
    const struct aw_claim *kept;

    (void)state;
    assert_int_equal(aw_mistakes_take(&mistakes, &lawful, &verdict, &err),
                     AW_OK);
    memset(quote, 'x', sizeof quote);
    memset(why, 'x', sizeof why);
    memset(law, 'x', sizeof law);
    memset(&claim, 'x', sizeof claim);
    assert_int_equal(mistakes.alarms.items[0].verdict.claim_count, 1);
    kept = &mistakes.alarms.items[0].verdict.claims[0];
    assert_str(kept->quote, "保本");
    assert_str(kept->rule, "CP-001");
    assert_str(kept->law[0], "law-1");
    assert_str(kept->why[0], "说保本");
    assert_int_equal(kept->exempt_by.len, 0);
}

static void test_none_are_kept_where_none_are_wanted(void **state)
{
    (void)state;
    aw_mistakes_deinit(&mistakes);
    assert_int_equal(aw_mistakes_init(&mistakes, 0, &err), AW_OK);
    take(&lawful, AW_VERDICT_SUSPECTED, .9);
    take(&offer, AW_VERDICT_CLEAR, .1);
    assert_int_equal(mistakes.alarms.count, 0);
    assert_int_equal(mistakes.misses.count, 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_what_is_right_is_no_mistake),
        TEST(test_the_highest_alarms_are_kept_the_worst_first),
        TEST(test_the_lowest_misses_are_kept_the_worst_first),
        TEST(test_of_equals_the_first_stays),
        TEST(test_a_mistake_owns_what_it_says),
        TEST(test_none_are_kept_where_none_are_wanted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
