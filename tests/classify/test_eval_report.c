#include "classify/against.h"

#include <cjson/cJSON.h>
#include <math.h>

#include "tests/base/base_test.h"

/* Five texts of which three are suspected; the rest of the report follows. */
static struct aw_judged judged[] = {{NULL, .95, true, true},
                                    {NULL, .85, false, true},
                                    {NULL, .65, true, true},
                                    {NULL, .25, true, false},
                                    {NULL, .05, false, false}};
#define TEXTS (sizeof judged / sizeof *judged)

static struct aw_eval_report report;
static struct aw_buf out;

static int set_up(void **state)
{
    (void)state;
    report = (struct aw_eval_report){
        .texts = TEXTS,
        .verdict = {2, 1, 1, 1},
        .by_kind =
            {[AW_DOC_ADVERT] = {2, 0, 1, 1}, [AW_DOC_NEWS] = {0, 1, 0, 0}},
        .kinds = {[AW_DOC_ADVERT] = {3, 1, 0, 0, 0},
                  [AW_DOC_NEWS] = {1, 0, 0, 0, 0}},
        .judged = judged,
        .ranked = judged,
        .calibration = aw_calibrate(judged, TEXTS),
        .average_precision = aw_average_precision(judged, TEXTS)};
    aw_buf_init(&out, 65536);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    aw_buf_deinit(&out);
    return 0;
}

static void assert_says(const char *line)
{
    assert_int_equal(out.rc, AW_OK);
    assert_has(out.ptr, line);
}

static void test_a_kind_has_its_recall_and_its_false_alarms(void **state)
{
    (void)state;
    aw_eval_text(&report, &(struct aw_eval_shown){0, NULL}, &out);
    assert_says("\nadvert           2 of     3 0.667 [0.208, 0.939]"
                "       0 of     1 0.000 [0.000, 0.793]\n");
    assert_says("\nnews             0 of     0 -                   "
                "       1 of     1 1.000 [0.207, 1.000]\n");
}

static void test_kinds_by_label_stand_against_those_of_verdicts(void **state)
{
    (void)state;
    aw_eval_text(&report, &(struct aw_eval_shown){0, NULL}, &out);
    assert_says("kinds right: 3 of 5");
    assert_says("\njudged as    advert  warning     news   notice    other\n"
                "advert            3        1        0        0        0\n");
}

static void test_calibration_is_a_table_of_ten(void **state)
{
    (void)state;
    aw_eval_text(&report, &(struct aw_eval_shown){0, NULL}, &out);
    /* (.05^2 + .85^2 + .35^2 + .75^2 + .05^2) / 5, and the roots' mean */
    assert_says("Brier score 0.2825, expected calibration error 0.4100\n");
    assert_says("\n0.6 to 0.7        1      0.650      1.000\n");
    assert_says("\n0.7 to 0.8        0          -          -\n");
}

static void test_capacity_is_a_table_that_ends_with_all(void **state)
{
    (void)state;
    aw_eval_text(&report, &(struct aw_eval_shown){0, NULL}, &out);
    assert_says("average precision    0.806\n");
    assert_says("last score\n        5       3.0     0.600     1.000     "
                "0.0500\n");
}

static void test_a_given_capacity_is_the_only_row(void **state)
{
    (void)state;
    aw_eval_text(&report, &(struct aw_eval_shown){2, NULL}, &out);
    assert_says("last score\n        2       1.0     0.500     0.333     "
                "0.8500\n");
    assert_null(strstr(out.ptr, "        5       3.0"));
}

static const cJSON *at(const cJSON *json, const char *name)
{
    const cJSON *found = cJSON_GetObjectItem(json, name);

    if (!found)
        fail_msg("no \"%s\"", name);
    return found;
}

static double number(const cJSON *json, const char *name)
{
    return at(json, name)->valuedouble;
}

static void test_json_has_the_same_figures(void **state)
{
    const cJSON *kind, *row, *bin;
    cJSON *json;

    (void)state;
    aw_eval_json(&report, &(struct aw_eval_shown){3, NULL}, &out);
    assert_int_equal(out.rc, AW_OK);
    json = cJSON_ParseWithOpts(out.ptr, NULL, true);
    assert_non_null(json);
    assert_int_equal(number(json, "texts"), TEXTS);
    kind = at(at(json, "by_kind"), "advert");
    assert_int_equal(number(kind, "missed"), 1);
    assert_int_equal(number(at(kind, "judged_as"), "warning"), 1);
    assert_true(fabs(number(json, "average_precision") - .8056) < 1e-9);
    assert_true(fabs(number(at(json, "calibration"), "ece") - .41) < 1e-9);
    bin = cJSON_GetArrayItem(at(at(json, "calibration"), "bins"), 2);
    assert_true(fabs(number(bin, "mean_score") - .25) < 1e-9);
    assert_int_equal(number(bin, "suspected"), 1);
    bin = cJSON_GetArrayItem(at(at(json, "calibration"), "bins"), 3);
    assert_true(cJSON_IsNull(at(bin, "suspected")));
    assert_int_equal(cJSON_GetArraySize(at(json, "capacity")), 1);
    row = cJSON_GetArrayItem(at(json, "capacity"), 0);
    assert_true(fabs(number(row, "precision") - .6667) < 1e-9);
    cJSON_Delete(json);
}

static void test_json_has_the_mistakes_whole(void **state)
{
    struct aw_corpus_text text = {.id = AW_STR("web-1"),
                                  .text = AW_STR("今天\n吃葱"),
                                  .label = AW_VERDICT_CLEAR};
    struct aw_claim claim = {.rule = AW_STR("CP-001"), .quote = AW_STR("葱")};
    struct aw_mistake mistake = {&text,
                                 {.kind = AW_VERDICT_SUSPECTED,
                                  .leaning = .75,
                                  .claims = &claim,
                                  .claim_count = 1}};
    const cJSON *one, *said;
    cJSON *json;

    (void)state;
    report.mistakes = (struct aw_mistakes){1, {&mistake, 1}, {NULL, 0}};
    aw_eval_json(&report, &(struct aw_eval_shown){0, NULL}, &out);
    json = cJSON_ParseWithOpts(out.ptr, NULL, true);
    assert_non_null(json);
    assert_int_equal(cJSON_GetArraySize(at(json, "missed")), 0);
    one = cJSON_GetArrayItem(at(json, "false_alarms"), 0);
    assert_string_equal(at(one, "id")->valuestring, "web-1");
    assert_string_equal(at(one, "label")->valuestring, "clear");
    assert_string_equal(at(one, "text")->valuestring, "今天\n吃葱");
    assert_float_equal(number(one, "score"), .75, 0);
    said = cJSON_GetArrayItem(at(at(one, "verdict"), "claims"), 0);
    assert_string_equal(at(said, "rule")->valuestring, "CP-001");
    cJSON_Delete(json);
}

static void test_json_has_the_other_model(void **state)
{
    struct aw_corpus_text text = {.id = AW_STR("web-1")};
    struct aw_eval_report other = {.texts = TEXTS, .verdict = {1, 0, 2, 2}};
    struct aw_against against = {.other = &other,
                                 .difference = {.25, .125, .5},
                                 .this_alone = {1, {&text}},
                                 .p = 1e-9};
    const cJSON *got, *first;
    cJSON *json;

    (void)state;
    aw_eval_json(&report, &(struct aw_eval_shown){0, &against}, &out);
    json = cJSON_ParseWithOpts(out.ptr, NULL, true);
    assert_non_null(json);
    assert_null(cJSON_GetObjectItem(json, "missed")); /* none was to be kept */
    got = at(json, "against");
    assert_int_equal(number(at(got, "suspected"), "missed"), 2);
    assert_float_equal(
        cJSON_GetArrayItem(at(got, "difference"), 1)->valuedouble, .125, 0);
    assert_float_equal(number(got, "mcnemar_p"), 1e-9, 1e-15);
    assert_int_equal(number(at(got, "this_alone"), "texts"), 1);
    first = cJSON_GetArrayItem(at(at(got, "this_alone"), "first"), 0);
    assert_string_equal(first->valuestring, "web-1");
    assert_int_equal(number(at(got, "other_alone"), "texts"), 0);
    cJSON_Delete(json);
}

static void test_without_suspected_texts_there_is_no_recall(void **state)
{
    (void)state;
    report.texts = 1;
    report.ranked = judged + 4;
    report.average_precision = aw_average_precision(judged + 4, 1);
    aw_eval_text(&report, &(struct aw_eval_shown){0, NULL}, &out);
    assert_says("average precision        -\n");
    assert_says("        1       0.0     0.000         -     0.0500\n");
    aw_buf_reset(&out);
    aw_eval_json(&report, &(struct aw_eval_shown){0, NULL}, &out);
    assert_says("\"average_precision\":null");
    assert_says("\"recall\":null");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_a_kind_has_its_recall_and_its_false_alarms),
        TEST(test_kinds_by_label_stand_against_those_of_verdicts),
        TEST(test_calibration_is_a_table_of_ten),
        TEST(test_capacity_is_a_table_that_ends_with_all),
        TEST(test_a_given_capacity_is_the_only_row),
        TEST(test_json_has_the_same_figures),
        TEST(test_json_has_the_mistakes_whole),
        TEST(test_json_has_the_other_model),
        TEST(test_without_suspected_texts_there_is_no_recall),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
