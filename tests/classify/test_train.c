#include "classify/train.h"

#include "base/fs.h"
#include "classify/model.h"
#include "fixture.h"

static char dir[PATH_MAX];

static int set_up(void **state)
{
    (void)state;
    make_temp(dir);
    put_lexicon(dir, rules_yaml);
    put_corpus(in_dir(dir, "corpus.jsonl"), 120);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    drop_temp(dir);
    return 0;
}

static struct aw_train_report train_for(const char *name, double precision)
{
    struct aw_train_report report;
    struct aw_err err = {0};
    char corpus[PATH_MAX];

    (void)snprintf(corpus, sizeof corpus, "%s", in_dir(dir, "corpus.jsonl"));
    if (aw_train(&(struct aw_train_config){.corpus_path = corpus,
                                           .lexicon_dir = dir,
                                           .model_path = in_dir(dir, name),
                                           .precision = precision},
                 &report, &err) != AW_OK)
        fail_msg("%s", err.msg);
    return report;
}

static void train(const char *name)
{
    struct aw_train_report report = train_for(name, 0);

    assert_int_equal(report.documents, 120);
    assert_int_equal(report.families, 120);
    assert_int_equal(report.by_label[AW_VERDICT_SUSPECTED], 60);
}

static void test_the_same_corpus_makes_the_same_bytes(void **state)
{
    char a[AW_SHA256_HEX_MAX], b[AW_SHA256_HEX_MAX];
    struct aw_err err;

    (void)state;
    train("a.model");
    train("b.model");
    assert_int_equal(aw_sha256_file(in_dir(dir, "a.model"), a, &err), AW_OK);
    assert_int_equal(aw_sha256_file(in_dir(dir, "b.model"), b, &err), AW_OK);
    assert_string_equal(a, b);
}

/* The fixture's claims are told apart with ease: all precision can be had. */
static void test_a_precision_is_reached_where_it_can_be(void **state)
{
    struct aw_train_report plain = train_for("a.model", 0);
    struct aw_train_report strict = train_for("b.model", 0.99);

    (void)state;
    assert_true(plain.threshold < 0.9);
    assert_true(strict.precision >= 0.99 && strict.precision <= 1);
    assert_true(strict.recall > 0 && strict.recall <= plain.recall);
    assert_true(strict.document_threshold >= plain.document_threshold);
    assert_true(strict.threshold >= plain.threshold);
}

static void test_a_model_knows_how_right_its_rules_were(void **state)
{
    struct aw_model model;
    struct aw_err err;
    const struct aw_model_rule *rule;

    (void)state;
    train("a.model");
    assert_int_equal(aw_model_load(&model, in_dir(dir, "a.model"), &err),
                     AW_OK);
    rule = aw_model_rule(&model, AW_STR("NR-001"));
    assert_int_equal(rule->hits, 30);
    assert_int_equal(rule->right, 30);
    assert_true(rule->strength > 2);
    aw_model_unload(&model);
}

static void assert_corpus_error(const char *line, const char *message)
{
    struct aw_corpus corpus;
    struct aw_err err = {0};

    put_text(dir, "bad.jsonl", line);
    assert_int_equal(aw_corpus_read(&corpus, in_dir(dir, "bad.jsonl"), &err),
                     AW_CONFIG);
    assert_has(err.msg, message);
    aw_corpus_deinit(&corpus);
}

#define LINE(label, spans)                                                \
    "\n{\"id\":\"web-1\",\"channel\":\"web\",\"kind\":\"advert\","        \
    "\"label\":\"" label "\",\"text\":\"保本，也保本\",\"spans\":[" spans \
    "]}\n"

static void test_errors_of_the_corpus_name_file_and_line(void **state)
{
    (void)state;
    assert_corpus_error("{\n", "bad.jsonl:1: it is no JSON");
    assert_corpus_error("[]\n", "bad.jsonl:1: it is no JSON object");
    assert_corpus_error("\xFF\n", "bad.jsonl:1: it is not UTF-8");
    assert_corpus_error("", "holds no texts");
    assert_corpus_error(LINE("dubious", ""), "bad.jsonl:2: web-1: label");
    assert_corpus_error(LINE("suspected", ""),
                        "bad.jsonl:2: web-1: a text has spans");
    assert_corpus_error(LINE("clear",
                             "{\"class\":\"no_risk\",\"quote\":\"保本\"}"),
                        "a text has spans where it is suspected");
    assert_corpus_error(LINE("suspected",
                             "{\"class\":\"no_risk\",\"quote\":\"保息\"}"),
                        "the text does not hold the quote 保息");
    assert_corpus_error(LINE("suspected",
                             "{\"class\":\"risk\",\"quote\":\"保本\"}"),
                        "no class that is known");
    assert_corpus_error(LINE("suspected",
                             "{\"class\":\"no_risk\",\"quote\":\"\"}"),
                        "only a span of no_risk_warning");
    assert_corpus_error(
        LINE("suspected",
             "{\"class\":\"no_risk\",\"quote\":\"保本\",\"nth\":3}"),
        "does not hold the quote");
}

static void test_spans_count_code_points(void **state)
{
    struct aw_corpus corpus;
    struct aw_err err;

    (void)state;
    put_text(dir, "one.jsonl",
             LINE("suspected", "{\"class\":\"capital_protection\",\"quote\":"
                               "\"保本\",\"nth\":2}"));
    assert_int_equal(aw_corpus_read(&corpus, in_dir(dir, "one.jsonl"), &err),
                     AW_OK);
    assert_int_equal(corpus.texts[0].spans[0].start, 4);
    assert_int_equal(corpus.texts[0].spans[0].end, 6);
    assert_str(corpus.texts[0].family, "web-1");
    aw_corpus_deinit(&corpus);
}

static void test_an_id_that_is_there_twice_is_told(void **state)
{
    (void)state;
    assert_corpus_error(LINE("clear", "") LINE("clear", ""),
                        "web-1: this id is there twice");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_the_same_corpus_makes_the_same_bytes),
        TEST(test_a_precision_is_reached_where_it_can_be),
        TEST(test_a_model_knows_how_right_its_rules_were),
        TEST(test_errors_of_the_corpus_name_file_and_line),
        TEST(test_spans_count_code_points),
        TEST(test_an_id_that_is_there_twice_is_told)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
