#include "classify/eval.h"

#include <math.h>

#include "classify/train.h"
#include "fixture.h"

#define TEXTS 120
#define WORST 3

static char dir[PATH_MAX], model_path[PATH_MAX];
static struct aw_corpus corpus;
static struct aw_eval_report report;
static struct aw_err err;

static int set_up_group(void **state)
{
    struct aw_train_report trained;

    (void)state;
    make_temp(dir);
    put_lexicon(dir, rules_yaml);
    put_corpus(in_dir(dir, "corpus.jsonl"), TEXTS);
    (void)snprintf(model_path, sizeof model_path, "%s", in_dir(dir, "model"));
    if (aw_train(&(struct aw_train_config){.corpus_path =
                                               in_dir(dir, "corpus.jsonl"),
                                           .lexicon_dir = dir,
                                           .model_path = model_path},
                 &trained, &err) != AW_OK ||
        aw_corpus_read(&corpus, in_dir(dir, "corpus.jsonl"), &err) != AW_OK)
        fail_msg("%s", err.msg);
    return 0;
}

static int tear_down_group(void **state)
{
    (void)state;
    aw_corpus_deinit(&corpus);
    drop_temp(dir);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    aw_eval_deinit(&report);
    return 0;
}

static void cross(void)
{
    if (aw_eval_cross(&report, &corpus, dir, WORST, &err) != AW_OK)
        fail_msg("%s", err.msg);
}

static void measure(const char *model)
{
    struct aw_classifier_config config = {.lexicon_dir = dir,
                                          .model_path = model};

    if (aw_eval_model(&report, &corpus, &config, WORST, &err) != AW_OK)
        fail_msg("%s", err.msg);
}

static size_t texts_of(const struct aw_eval_counts *c)
{
    return c->right + c->wrong + c->missed + c->rest;
}

static void test_cross_validation_judges_each_text_once(void **state)
{
    bool seen[TEXTS] = {false};

    (void)state;
    cross();
    assert_int_equal(report.texts, TEXTS);
    for (size_t i = 0; i < TEXTS; i++) {
        size_t number = (size_t)(report.judged[i].text - corpus.texts);

        assert_in_range(number, 0, TEXTS - 1);
        assert_false(seen[number]);
        seen[number] = true;
    }
    assert_int_equal(report.verdict.right + report.verdict.missed, 60);
    assert_true(aw_eval_f1(&report.verdict) > 0.95);
    assert_true(report.f1.low <= report.f1.value);
    assert_true(report.f1.value <= report.f1.high);
}

static void test_a_given_model_is_measured_on_a_file(void **state)
{
    (void)state;
    measure(model_path);
    assert_true(aw_eval_recall(&report.verdict) > 0.95);
    assert_int_equal(report.suspected_of_label[AW_VERDICT_CLEAR], 0);
}

static void test_kinds_are_those_of_the_labels(void **state)
{
    static const size_t texts[AW_DOC_KIND_COUNT] = {
        [AW_DOC_ADVERT] = 60, [AW_DOC_WARNING] = 30, [AW_DOC_OTHER] = 30};

    (void)state;
    measure(model_path);
    for (int k = 0; k < AW_DOC_KIND_COUNT; k++) {
        size_t judged = 0;

        for (int as = 0; as < AW_DOC_KIND_COUNT; as++)
            judged += report.kinds[k][as];
        assert_int_equal(judged, texts[k]);
        assert_int_equal(texts_of(&report.by_kind[k]), texts[k]);
    }
    assert_true(report.kinds[AW_DOC_ADVERT][AW_DOC_ADVERT] > 55);
    assert_int_equal(report.by_kind[AW_DOC_ADVERT].right,
                     report.verdict.right);
}

static void test_scores_are_ranked_and_those_of_the_verdicts(void **state)
{
    (void)state;
    cross();
    for (size_t i = 1; i < TEXTS; i++)
        assert_true(report.ranked[i - 1].score >= report.ranked[i].score);
    for (size_t i = 0; i < TEXTS; i++)
        if (report.judged[i].found)
            assert_true(report.judged[i].score > 0);
    assert_int_equal(report.calibration.count, TEXTS);
    assert_true(report.average_precision > 0.95);
}

/* Where nothing is suspected, what is near it still ranks before the rest. */
static void test_a_score_is_not_lost_below_the_threshold(void **state)
{
    struct aw_classifier_config config = {.lexicon_dir = dir,
                                          .model_path = model_path,
                                          .threshold = 2};

    (void)state;
    assert_int_equal(aw_eval_model(&report, &corpus, &config, 0, &err), AW_OK);
    assert_int_equal(report.verdict.right, 0);
    assert_true(report.average_precision > 0.95);
}

static void assert_found_at(const char *model, double threshold,
                            const struct aw_judged *scored)
{
    struct aw_classifier_config config = {.lexicon_dir = dir,
                                          .model_path = model,
                                          .threshold = threshold};
    struct aw_eval_report at = {0};

    assert_int_equal(aw_eval_model(&at, &corpus, &config, 0, &err), AW_OK);
    for (size_t i = 0; i < TEXTS; i++)
        assert_int_equal(at.judged[i].found, scored[i].score >= threshold);
    aw_eval_deinit(&at);
}

static void test_a_score_is_the_threshold_that_it_takes(void **state)
{
    static const double thresholds[] = {.001, .1, .3, .5, .7, .8, .88, .95};
    const char *const models[] = {NULL, model_path};

    (void)state;
    for (size_t m = 0; m < 2; m++) {
        measure(models[m]);
        for (size_t i = 0; i < sizeof thresholds / sizeof *thresholds; i++)
            assert_found_at(models[m], thresholds[i], report.judged);
        aw_eval_deinit(&report);
    }
}

static void test_the_worst_mistakes_are_kept(void **state)
{
    const struct aw_mistake_list *misses = &report.mistakes.misses;

    (void)state;
    measure(NULL); /* rules alone know no other claim than theirs */
    assert_int_equal(misses->count, report.verdict.missed < WORST
                                        ? report.verdict.missed
                                        : WORST);
    for (size_t i = 0; i < misses->count; i++) {
        assert_int_equal(misses->items[i].text->label, AW_VERDICT_SUSPECTED);
        assert_true(misses->items[i].verdict.kind != AW_VERDICT_SUSPECTED);
    }
}

static void test_rules_alone_are_measured_as_well(void **state)
{
    (void)state;
    measure(NULL);
    assert_true(report.verdict.right > 0);
    assert_true(report.kinds[AW_DOC_ADVERT][AW_DOC_OTHER] == 60);
}

static void test_a_model_that_is_not_there_is_told(void **state)
{
    struct aw_classifier_config config = {.lexicon_dir = dir,
                                          .model_path = "/none.awm"};

    (void)state;
    assert_int_equal(aw_eval_model(&report, &corpus, &config, WORST, &err),
                     AW_CONFIG);
    assert_has(err.msg, "/none.awm");
}

static void test_no_text_gives_no_figure(void **state)
{
    struct aw_corpus none = {0};
    struct aw_classifier_config config = {.lexicon_dir = dir};

    (void)state;
    assert_int_equal(aw_eval_model(&report, &none, &config, WORST, &err),
                     AW_OK);
    assert_int_equal(report.texts, 0);
    assert_true(isnan(report.average_precision));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_teardown(name, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_cross_validation_judges_each_text_once),
        TEST(test_a_given_model_is_measured_on_a_file),
        TEST(test_kinds_are_those_of_the_labels),
        TEST(test_scores_are_ranked_and_those_of_the_verdicts),
        TEST(test_a_score_is_not_lost_below_the_threshold),
        TEST(test_a_score_is_the_threshold_that_it_takes),
        TEST(test_the_worst_mistakes_are_kept),
        TEST(test_rules_alone_are_measured_as_well),
        TEST(test_a_model_that_is_not_there_is_told),
        TEST(test_no_text_gives_no_figure),
    };

    return cmocka_run_group_tests(tests, set_up_group, tear_down_group);
}
