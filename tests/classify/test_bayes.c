#include "classify/bayes.h"

#include <math.h>
#include <sys/stat.h>

#include "base/fs.h"
#include "base/rng.h"
#include "classify/model.h"
#include "classify/text.h"
#include "tests/base/base_test.h"

static char dir[PATH_MAX];
static struct aw_word_bag bag;
static struct aw_bayes_counts counts;
static aw_bayes_row *table;

static int set_up(void **state)
{
    struct aw_err err;

    (void)state;
    make_temp(dir);
    assert_int_equal(aw_word_bag_init(&bag, &err), AW_OK);
    assert_int_equal(aw_bayes_counts_init(&counts, &err), AW_OK);
    table = calloc(AW_FEATURES, sizeof *table);
    assert_non_null(table);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    aw_word_bag_deinit(&bag);
    aw_bayes_counts_deinit(&counts);
    free(table);
    drop_temp(dir);
    return 0;
}

static void fill_bag(const char *text)
{
    aw_word_bag_reset(&bag);
    aw_word_bag_add(&bag, aw_str_of(text));
}

static void learn(const char *text, bool claim)
{
    fill_bag(text);
    aw_bayes_add(&counts, bag.ids, bag.count, AW_COLUMN_PASSAGE, claim);
    aw_bayes_add_kind(&counts, bag.ids, bag.count,
                      claim ? AW_DOC_ADVERT : AW_DOC_NEWS);
}

static void learn_all(void)
{
    learn("保本保息稳赚不赔", true);
    learn("到期稳赚本息无忧", true);
    learn("会议纪要请各科室阅存", false);
    learn("请各位记者查阅会议材料", false);
    aw_bayes_make(&counts, table);
}

static struct aw_bayes_sums score(const char *text)
{
    fill_bag(text);
    return aw_bayes_score(table, bag.ids, bag.count);
}

static void test_features_are_a_set_without_spaces_and_marks(void **state)
{
    size_t plain;

    (void)state;
    fill_bag("保本保息");
    assert_int_equal(bag.count, 3 + 3 + 2);
    plain = bag.count;
    fill_bag("保·本 保\n息");
    assert_int_equal(bag.count, plain);
    fill_bag("保本8");
    plain = bag.count;
    fill_bag("保本128");
    assert_int_equal(bag.count, plain);
    fill_bag("");
    assert_int_equal(bag.count, 0);
}

static int by_number(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

    return (x > y) - (x < y);
}

/* The bag has just the features that are gone through one by one. */
static void assert_bag_is_of(struct aw_str text)
{
    bool *there = calloc(AW_FEATURES, sizeof *there);
    struct aw_grams grams;
    struct aw_str gram;
    uint32_t feature;
    size_t count = 0;

    assert_non_null(there);
    aw_grams_init(&grams, text);
    while (aw_grams_next(&grams, &feature, &gram)) {
        count += !there[feature];
        there[feature] = true;
    }
    assert_int_equal(bag.count, count);
    qsort(bag.ids, bag.count, sizeof *bag.ids, by_number);
    for (size_t i = 0; i < bag.count; i++) {
        assert_true(there[bag.ids[i]]);
        assert_true(i == 0 || bag.ids[i] != bag.ids[i - 1]);
    }
    free(there);
}

/* Texts of any length around that of the pieces which a bag reads. */
static void test_a_bag_has_the_features_of_all_n_grams(void **state)
{
    static const char *const parts[] = {"保", "本", "息", "8",  "12", "a",
                                        " ",  "·",  "，", "零", "稳", "赚"};
    struct aw_rng rng;
    struct aw_text text;
    struct aw_buf made;
    struct aw_err err;

    (void)state;
    aw_rng_init(&rng, 11);
    aw_text_init(&text);
    aw_buf_init(&made, 1 << 16);
    for (size_t len = 0; len < 1600; len += len < 8 ? 1 : 53) {
        struct aw_normal *plain = &text.view[AW_VIEW_PLAIN];
        struct aw_str all;

        aw_buf_reset(&made);
        for (size_t i = 0; i < len; i++)
            aw_buf_puts(&made, parts[aw_rng_below(&rng, 12)]);
        assert_int_equal(aw_text_read_one(&text, aw_buf_str(&made), &err),
                         AW_OK);
        all = aw_normal_str(plain, text.blocks[0].place[AW_VIEW_PLAIN]);
        aw_word_bag_reset(&bag);
        aw_word_bag_add(&bag, all);
        assert_bag_is_of(all);
        aw_word_bag_reset(&bag);
        aw_word_bag_add_letters(&bag, plain->letters, plain->letter_count);
        assert_bag_is_of(all);
    }
    aw_buf_deinit(&made);
    aw_text_deinit(&text);
}

/* As many as make emptying it by a stroke faster than one by one. */
static void test_a_bag_is_empty_after_a_reset(void **state)
{
    static uint32_t letters[5000];

    (void)state;
    for (uint32_t i = 0; i < 5000; i++)
        letters[i] = 0x4E00 + i;
    for (size_t count = 10; count <= 5000; count += 4990) {
        aw_word_bag_add_letters(&bag, letters, count);
        assert_true(bag.count > count);
        aw_word_bag_reset(&bag);
        assert_int_equal(bag.count, 0);
        for (size_t i = 0; i < AW_FEATURES / 64; i++)
            assert_true(bag.seen[i] == 0);
    }
}

static void test_what_was_learned_is_told_apart(void **state)
{
    struct aw_bayes_sums claim, other;

    (void)state;
    learn_all();
    claim = score("稳赚本息");
    other = score("科室会议");
    assert_true(claim.passage > 1);
    assert_true(other.passage < -1);
    assert_true(claim.kind[AW_DOC_ADVERT] > claim.kind[AW_DOC_NEWS]);
    assert_true(other.kind[AW_DOC_NEWS] > other.kind[AW_DOC_ADVERT]);
}

static void test_what_was_never_seen_says_nothing(void **state)
{
    struct aw_bayes_sums sums;

    (void)state;
    learn_all();
    sums = score("xyz");
    assert_int_equal(sums.known, 0);
    for (int k = 0; k < AW_DOC_KIND_COUNT; k++)
        assert_true(fabs(sums.kind[k]) < 1e-9);
    assert_true(fabs(sums.suspect) < 1e-9 && fabs(sums.passage) < 1e-9);
}

static void test_a_passage_has_the_class_of_its_like(void **state)
{
    static aw_bayes_classes classes[AW_FEATURES];
    struct aw_bayes_counts by_class;
    struct aw_word_bag one;
    struct aw_err problem;

    (void)state;
    assert_int_equal(aw_bayes_counts_init(&by_class, &problem), AW_OK);
    assert_int_equal(aw_word_bag_init(&one, &problem), AW_OK);
    aw_word_bag_add(&one, AW_STR("本金分文不少"));
    aw_bayes_add_class(&by_class, one.ids, one.count,
                       AW_CLAIM_CAPITAL_PROTECTION);
    aw_word_bag_reset(&one);
    aw_word_bag_add(&one, AW_STR("专家教授推荐"));
    aw_bayes_add_class(&by_class, one.ids, one.count, AW_CLAIM_ENDORSEMENT);
    aw_bayes_make_classes(&by_class, classes);
    assert_int_equal(aw_bayes_class((const aw_bayes_classes *)classes, one.ids,
                                    one.count),
                     AW_CLAIM_ENDORSEMENT);
    aw_word_bag_reset(&one);
    aw_word_bag_add(&one, AW_STR("分文不少"));
    assert_int_equal(aw_bayes_class((const aw_bayes_classes *)classes, one.ids,
                                    one.count),
                     AW_CLAIM_CAPITAL_PROTECTION);
    assert_int_equal(aw_bayes_class((const aw_bayes_classes *)classes, one.ids,
                                    0),
                     AW_CLAIM_ASSURED_PROMISE);
    aw_word_bag_deinit(&one);
    aw_bayes_counts_deinit(&by_class);
}

static void test_reasons_are_the_strongest_and_apart(void **state)
{
    struct aw_str grams[3];
    size_t count;

    (void)state;
    learn_all();
    count = aw_bayes_reasons(table, AW_STR("科室的人说稳赚，本息都有"),
                             AW_COLUMN_PASSAGE, grams, 3);
    assert_int_equal(count, 2);
    assert_str(grams[0], "稳赚");
    assert_str(grams[1], "本息");
}

static const struct aw_model_params good = {.threshold = 0.5,
                                            .document_threshold = 0.5,
                                            .claim.weight = {1.25}};

static void save_params(const char *name, const struct aw_model_params *params,
                        struct aw_model_rule *rules, size_t rule_count)
{
    static aw_bayes_classes classes[AW_FEATURES];
    struct aw_model model = {.params = *params,
                             .table = (const aw_bayes_row *)table,
                             .classes = (const aw_bayes_classes *)classes,
                             .rules = rules,
                             .rule_count = rule_count};
    struct aw_err err = {0};

    if (aw_model_save(&model, in_dir(dir, name), &err) != AW_OK)
        fail_msg("%s", err.msg);
}

static void save(const char *name, struct aw_model_rule *rules,
                 size_t rule_count)
{
    save_params(name, &good, rules, rule_count);
}

static void test_a_model_comes_back_as_it_was(void **state)
{
    struct aw_model_rule rules[] = {{"CP-001", 1.5, 10, 8},
                                    {"NR-002", -0.5, 4, 1}};
    struct aw_model model;
    struct aw_err err;
    char digest[AW_SHA256_HEX_MAX];

    (void)state;
    learn_all();
    save("a", rules, 2);
    assert_int_equal(aw_model_load(&model, in_dir(dir, "a"), &err), AW_OK);
    assert_memory_equal(model.table, table, AW_FEATURES * sizeof *table);
    assert_true(fabs(model.params.claim.weight[0] - 1.25) < 1e-12);
    assert_int_equal(aw_model_rule(&model, AW_STR("NR-002"))->hits, 4);
    assert_null(aw_model_rule(&model, AW_STR("NR-003")));
    assert_int_equal(aw_sha256_file(in_dir(dir, "a"), digest, &err), AW_OK);
    assert_string_equal(aw_model_hash(&model), digest);
    aw_model_unload(&model);
}

static void assert_refused(const char *bytes, size_t len, const char *why)
{
    struct aw_model model;
    struct aw_err err = {0};

    put_file(in_dir(dir, "bad"), bytes, len);
    assert_int_equal(aw_model_load(&model, in_dir(dir, "bad"), &err),
                     AW_CONFIG);
    assert_has(err.msg, why);
    assert_has(err.msg, "adwatch train");
}

static void read_model(struct aw_buf *bytes)
{
    struct aw_err err;

    aw_buf_init(bytes, AW_MODEL_MAX);
    assert_int_equal(aw_file_read(in_dir(dir, "a"), bytes, &err), AW_OK);
}

static void test_a_torn_model_is_refused(void **state)
{
    struct aw_buf bytes;
    static const size_t lengths[] = {0, 1, 7, 8, 40, 63, 64, 72, 4096};

    (void)state;
    save("a", NULL, 0);
    read_model(&bytes);
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++)
        assert_refused(bytes.ptr, lengths[i], "model '");
    assert_refused(bytes.ptr, bytes.len - 1, "cut off");
    bytes.ptr[bytes.len - 9] ^= 1;
    assert_refused(bytes.ptr, bytes.len, "checksum");
    aw_buf_deinit(&bytes);
}

static void test_a_hostile_head_is_refused(void **state)
{
    struct aw_buf bytes;
    struct aw_rng rng;

    (void)state;
    save("a", NULL, 0);
    read_model(&bytes);
    aw_rng_init(&rng, 5);
    for (int round = 0; round < 60; round++) {
        size_t at = aw_rng_below(&rng, 57); /* behind it is padding */
        char old = bytes.ptr[at];

        bytes.ptr[at] = (char)(old ^ (1 + (int)aw_rng_below(&rng, 255)));
        assert_refused(bytes.ptr, bytes.len, "model '");
        bytes.ptr[at] = old;
    }
    bytes.ptr[8] = 99;
    assert_refused(bytes.ptr, bytes.len, "of another version");
    aw_buf_deinit(&bytes);
}

static void test_values_that_are_none_are_refused(void **state)
{
    struct aw_model_rule rules[] = {{"CP-001", 0, 1, 1}};
    struct aw_model model;
    struct aw_err err = {0};

    (void)state;
    rules[0].strength = NAN;
    save("a", rules, 1);
    assert_int_equal(aw_model_load(&model, in_dir(dir, "a"), &err), AW_CONFIG);
    assert_has(err.msg, "values that are none");
}

static void assert_no_values(const struct aw_model_params *params)
{
    struct aw_model model;
    struct aw_err err = {0};

    save_params("a", params, NULL, 0);
    assert_int_equal(aw_model_load(&model, in_dir(dir, "a"), &err), AW_CONFIG);
    assert_has(err.msg, "values that are none");
}

/* Sums of very large numbers are none either. */
static void test_no_parameter_is_beyond_numbers(void **state)
{
    struct aw_model_params bad = good;
    double *const values[] = {&bad.kind_scale,
                              &bad.kind_bias[AW_DOC_KIND_COUNT - 1],
                              &bad.claim.weight[AW_LOGIT_INPUTS - 1],
                              &bad.sentence.weight[0],
                              &bad.absent.weight[0],
                              &bad.document.weight[0],
                              &bad.threshold,
                              &bad.document_threshold};

    (void)state;
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        double was = *values[i];

        *values[i] = NAN;
        assert_no_values(&bad);
        *values[i] = -1e308;
        assert_no_values(&bad);
        *values[i] = was;
    }
    bad.threshold = 1;
    assert_no_values(&bad);
}

static void test_no_model_says_what_to_do(void **state)
{
    struct aw_model model;
    struct aw_err err;

    (void)state;
    assert_int_equal(aw_model_load(&model, in_dir(dir, "none"), &err),
                     AW_CONFIG);
    assert_has(err.msg, "run 'adwatch train'");
    assert_int_equal(aw_model_load(&model, dir, &err), AW_CONFIG);
}

static void test_a_fit_finds_the_weights(void **state)
{
    struct aw_logit_case cases[400] = {{{0}, 0, false}};
    struct aw_logit logit = {{0}};
    struct aw_rng rng;

    (void)state;
    aw_rng_init(&rng, 1);
    for (size_t i = 0; i < 400; i++) {
        double x = (double)aw_rng_below(&rng, 2000) / 1000 - 1;
        double p = aw_sigmoid(4 * x - 1);

        cases[i].input[0] = 1;
        cases[i].input[1] = x;
        cases[i].weight = 1;
        cases[i].yes = (double)aw_rng_below(&rng, 10000) < p * 10000;
    }
    aw_logit_fit(&logit, cases, 400, 0.01);
    assert_true(fabs(logit.weight[1] - 4) < 1);
    assert_true(fabs(logit.weight[0] + 1) < 0.6);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_features_are_a_set_without_spaces_and_marks),
        TEST(test_a_bag_has_the_features_of_all_n_grams),
        TEST(test_a_bag_is_empty_after_a_reset),
        TEST(test_what_was_learned_is_told_apart),
        TEST(test_what_was_never_seen_says_nothing),
        TEST(test_a_passage_has_the_class_of_its_like),
        TEST(test_reasons_are_the_strongest_and_apart),
        TEST(test_a_model_comes_back_as_it_was),
        TEST(test_a_torn_model_is_refused),
        TEST(test_a_hostile_head_is_refused),
        TEST(test_values_that_are_none_are_refused),
        TEST(test_no_parameter_is_beyond_numbers),
        TEST(test_no_model_says_what_to_do),
        TEST(test_a_fit_finds_the_weights)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
