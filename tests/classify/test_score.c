#include "classify/score.h"

#include <math.h>

#include "fixture.h"

static struct aw_document_score of_features(size_t features)
{
    struct aw_document_score score = {.features = features};

    score.kind[AW_DOC_ADVERT] = 0.9;
    return score;
}

static void test_the_whole_is_doubted_where_there_is_enough_of_it(void **state)
{
    struct aw_document_score shorter = of_features(80);
    struct aw_document_score longer = of_features(800);

    (void)state;
    assert_true(fabs(aw_score_sentence(&longer, -1.2, -0.6) + 1.8) < 1e-9);
    assert_true(fabs(aw_score_sentence(&shorter, -1.2, -0.6) + 1.2) < 1e-9);
}

static void test_a_doubted_sentence_must_be_stronger(void **state)
{
    struct aw_document_score longer = of_features(800);
    double weak = -1.2, strong = -0.5;

    (void)state;
    assert_true(aw_score_may_count(&longer, AW_SCORE_NONE, weak));
    assert_false(aw_score_may_count(&longer, AW_SCORE_NONE,
                                    aw_score_sentence(&longer, weak, -0.6)));
    assert_true(aw_score_may_count(&longer, AW_SCORE_NONE,
                                   aw_score_sentence(&longer, strong, -0.6)));
    /* a rule's hit is not doubted */
    assert_true(aw_score_may_count(&longer, 0,
                                   aw_score_sentence(&longer, weak, -0.6)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            test_the_whole_is_doubted_where_there_is_enough_of_it),
        cmocka_unit_test(test_a_doubted_sentence_must_be_stronger)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
