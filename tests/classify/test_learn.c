#include "classify/learn.h"

#include "base/fs.h"
#include "base/hash.h"
#include "classify/model.h"
#include "fixture.h"

#define TEXTS 120

static char dir[PATH_MAX];
static struct aw_learn_report report;
static struct aw_err err;

static int set_up(void **state)
{
    (void)state;
    make_temp(dir);
    put_lexicon(dir, rules_yaml);
    put_corpus(in_dir(dir, "corpus.jsonl"), TEXTS);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    drop_temp(dir);
    return 0;
}

/* So many findings with that text that were dismissed. */
static void put_dismissed(size_t count, const char *text)
{
    FILE *out = fopen(in_dir(dir, "decisions.jsonl"), "w");

    assert_non_null(out);
    for (size_t i = 0; i < count; i++)
        (void)fprintf(out,
                      "{\"id\":\"decision-%zu\",\"channel\":\"web\",\"kind\":"
                      "\"advert\",\"label\":\"clear\",\"text\":\"%s 第%zu期\","
                      "\"spans\":[],\"finding\":%zu,\"by\":\"R-01\",\"at\":"
                      "\"2026-11-26T00:00:00Z\"}\n",
                      i, text, i, i);
    assert_int_equal(fclose(out), 0);
}

static aw_rc learn(const char *model)
{
    return aw_learn(in_dir(dir, "corpus.jsonl"),
                    in_dir(dir, "decisions.jsonl"), dir, in_dir(dir, model),
                    &report, &err);
}

static size_t texts_of(const struct aw_eval_counts *c)
{
    return c->right + c->wrong + c->missed + c->rest;
}

static void test_the_test_part_is_never_trained_on(void **state)
{
    struct aw_model model;

    (void)state;
    put_dismissed(7, "今天的会议纪要");
    assert_int_equal(learn("a.model"), AW_OK);
    assert_int_equal(report.corpus, TEXTS);
    assert_int_equal(report.decisions, 7);
    assert_in_range(report.test, 1, TEXTS / 4);
    assert_int_equal(texts_of(&report.before), report.test);
    assert_int_equal(texts_of(&report.after), report.test);
    assert_int_equal(aw_model_load(&model, in_dir(dir, "a.model"), &err),
                     AW_OK);
    assert_int_equal(model.params.documents, TEXTS - report.test + 7);
    aw_model_unload(&model);
}

/* The corpus says of half of its adverts that they claim no risk; reviewers
 * who dismiss what says just that must be seen in the figures. */
static void test_what_decisions_change_is_shown(void **state)
{
    (void)state;
    put_dismissed(400, "养老投资零风险，存9万送大米，名额有限");
    assert_int_equal(learn("a.model"), AW_OK);
    assert_true(report.before.right > report.after.right);
    assert_true(aw_eval_recall(&report.before) >
                aw_eval_recall(&report.after));
}

static void test_the_same_input_makes_the_same_bytes(void **state)
{
    char a[AW_SHA256_HEX_MAX], b[AW_SHA256_HEX_MAX];

    (void)state;
    put_dismissed(3, "今天的会议纪要");
    assert_int_equal(learn("a.model"), AW_OK);
    assert_int_equal(learn("b.model"), AW_OK);
    assert_int_equal(aw_sha256_file(in_dir(dir, "a.model"), a, &err), AW_OK);
    assert_int_equal(aw_sha256_file(in_dir(dir, "b.model"), b, &err), AW_OK);
    assert_string_equal(a, b);
}

static void test_bad_decisions_are_told_with_their_line(void **state)
{
    (void)state;
    put_text(dir, "decisions.jsonl", "{\"id\":\"decision-1\"}\n");
    assert_int_equal(learn("c.model"), AW_CONFIG);
    assert_has(err.msg, "decisions.jsonl:1: decision-1");
    assert_false(aw_path_exists(in_dir(dir, "c.model")));
}

static void test_a_decision_with_the_id_of_an_example_is_refused(void **state)
{
    (void)state;
    put_text(dir, "decisions.jsonl",
             "{\"id\":\"web-0001\",\"channel\":\"web\",\"kind\":\"other\","
             "\"label\":\"clear\",\"text\":\"甲\",\"spans\":[]}\n");
    assert_int_equal(learn("a.model"), AW_CONFIG);
    assert_has(err.msg, "web-0001");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_test_part_is_never_trained_on),
        cmocka_unit_test(test_what_decisions_change_is_shown),
        cmocka_unit_test(test_the_same_input_makes_the_same_bytes),
        cmocka_unit_test(test_bad_decisions_are_told_with_their_line),
        cmocka_unit_test(test_a_decision_with_the_id_of_an_example_is_refused),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
