#include "classify/classify.h"

#include "base/rng.h"
#include "base/utf8.h"
#include "classify/train.h"
#include "fixture.h"

static char dir[PATH_MAX], model_path[PATH_MAX];
static struct aw_classifier *rules_alone, *with_model;
static struct aw_document doc;
static struct aw_verdict verdict;

static int set_up_group(void **state)
{
    struct aw_classifier_config config = {.lexicon_dir = dir};
    struct aw_train_report report;
    struct aw_err err = {0};

    (void)state;
    make_temp(dir);
    put_lexicon(dir, rules_yaml);
    put_corpus(in_dir(dir, "corpus.jsonl"), 120);
    (void)snprintf(model_path, sizeof model_path, "%s", in_dir(dir, "model"));
    if (aw_train(&(struct aw_train_config){.corpus_path =
                                               in_dir(dir, "corpus.jsonl"),
                                           .lexicon_dir = dir,
                                           .model_path = model_path},
                 &report, &err) != AW_OK ||
        aw_classifier_new(&rules_alone, &config, &err) != AW_OK)
        fail_msg("%s", err.msg);
    config.model_path = model_path;
    if (aw_classifier_new(&with_model, &config, &err) != AW_OK)
        fail_msg("%s", err.msg);
    return 0;
}

static int tear_down_group(void **state)
{
    (void)state;
    aw_classifier_free(rules_alone);
    aw_classifier_free(with_model);
    drop_temp(dir);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    aw_verdict_deinit(&verdict);
    aw_document_deinit(&doc);
    return 0;
}

static void add(struct aw_str text)
{
    struct aw_err err;

    assert_int_equal(aw_document_add_block(&doc, AW_BLOCK_BODY, false, text,
                                           &err),
                     AW_OK);
}

static void run(struct aw_classifier *classifier)
{
    struct aw_err err = {0};

    if (aw_classifier_run(classifier, &doc, &verdict, &err) != AW_OK)
        fail_msg("%s", err.msg);
}

static void judge(struct aw_classifier *classifier, const char *text)
{
    (void)tear_down(NULL);
    aw_document_init(&doc, AW_CHANNEL_WEB);
    add(aw_str_of(text));
    run(classifier);
}

static void assert_why(const struct aw_claim *claim, const char *part)
{
    for (size_t i = 0; i < claim->why_count; i++)
        if (aw_str_find(claim->why[i], aw_str_of(part)) >= 0)
            return;
    fail_msg("no reason says %s", part);
}

static void test_a_claim_says_what_where_by_which_rule_and_why(void **state)
{
    const struct aw_claim *claim;

    (void)state;
    judge(rules_alone, "年年保·本·保息");
    assert_int_equal(verdict.kind, AW_VERDICT_SUSPECTED);
    assert_int_equal(verdict.claim_count, 1);
    claim = verdict.claims;
    assert_int_equal(claim->class, AW_CLAIM_CAPITAL_PROTECTION);
    assert_str(claim->quote, "保·本·保息");
    assert_int_equal(claim->start, 2);
    assert_int_equal(claim->end, 8);
    assert_str(claim->rule, "CP-001");
    assert_str(claim->rule_version, "2");
    assert_str(claim->code, "ZH39");
    assert_str(claim->law[0], "law-1");
    assert_int_equal(claim->severity, 3);
    assert_why(claim, "说保本");
    assert_why(claim, "去掉字间的空格");
}

/* Below .4 a kind is hardly likelier than the others, and makes no report. */
static void test_a_weak_kind_exempts_nothing(void **state)
{
    (void)state;
    judge(with_model, "会议保本");
    assert_int_equal(verdict.doc_kind, AW_DOC_NEWS);
    assert_true(verdict.doc_score < 0.4 && verdict.score < 0.9);
    assert_int_equal(verdict.kind, AW_VERDICT_SUSPECTED);
    judge(with_model, "民警保本");
    assert_int_equal(verdict.doc_kind, AW_DOC_WARNING);
    assert_true(verdict.doc_score > 0.4);
    assert_int_equal(verdict.kind, AW_VERDICT_EXEMPT);
}

static void test_a_claim_in_disguise_says_how_it_was_read(void **state)
{
    const struct aw_claim *claim;

    (void)state;
    judge(rules_alone, "年年亻呆·本bao息");
    assert_int_equal(verdict.kind, AW_VERDICT_SUSPECTED);
    assert_int_equal(verdict.claim_count, 1);
    claim = verdict.claims;
    assert_str(claim->quote, "亻呆·本bao息");
    assert_int_equal(claim->start, 2);
    assert_int_equal(claim->end, 10);
    assert_why(claim, "还原后读作：保本保息");
    judge(rules_alone, "保夲"); /* both views have the same length */
    assert_int_equal(verdict.claim_count, 1);
    assert_why(verdict.claims, "还原后读作：保本");
}

static void test_contexts_make_it_clear_exempt_or_weaker(void **state)
{
    double alone;

    (void)state;
    judge(rules_alone, "本产品不保本");
    assert_int_equal(verdict.kind, AW_VERDICT_CLEAR);
    assert_int_equal(verdict.claim_count, 0);
    judge(rules_alone, "警惕保本的骗局");
    assert_int_equal(verdict.kind, AW_VERDICT_EXEMPT);
    assert_str(verdict.claims[0].exempt_by, "warning-near");
    assert_why(&verdict.claims[0], "警示");
    assert_true(verdict.score <= 0);
    judge(rules_alone, "这里保本");
    alone = verdict.score;
    judge(rules_alone, "据说这里保本");
    assert_true(verdict.score < alone);
    assert_why(&verdict.claims[0], "听说");
}

static void test_overlapping_hits_of_a_class_are_one_claim(void **state)
{
    (void)state;
    judge(rules_alone, "确保本金，保本保息");
    assert_int_equal(verdict.claim_count, 2);
    assert_str(verdict.claims[0].quote, "确保本金");
    assert_str(verdict.claims[1].quote, "保本保息");
}

static void test_an_absent_warning_has_no_quote(void **state)
{
    (void)state;
    judge(rules_alone, "零风险，年化8%");
    assert_int_equal(verdict.claim_count, 2);
    assert_int_equal(verdict.claims[0].class, AW_CLAIM_NO_RISK_WARNING);
    assert_int_equal(verdict.claims[0].end, 0);
    assert_str(verdict.claims[0].quote, "");
}

static void test_blocks_have_offsets_of_their_own(void **state)
{
    (void)state;
    (void)tear_down(NULL);
    aw_document_init(&doc, AW_CHANNEL_WEB);
    add(AW_STR("第一段没有什么"));
    add(AW_STR("第二段零风险"));
    add(AW_STR("🔥保本"));
    run(rules_alone);
    assert_int_equal(verdict.claim_count, 2);
    assert_int_equal(verdict.claims[0].block, 1);
    assert_int_equal(verdict.claims[0].start, 3);
    assert_int_equal(verdict.claims[1].block, 2);
    assert_int_equal(verdict.claims[1].start, 1);
    assert_str(verdict.claims[1].quote, "保本");
}

static void test_the_model_tells_adverts_from_warnings(void **state)
{
    (void)state;
    judge(with_model, "稳盈二号火热认购，保本保息，年化9%，扫码加微信");
    assert_int_equal(verdict.kind, AW_VERDICT_SUSPECTED);
    assert_int_equal(verdict.doc_kind, AW_DOC_ADVERT);
    assert_true(verdict.score > 0.7);
    assert_why(&verdict.claims[0], "文本特征：");
    assert_why(&verdict.claims[0], "全文判断：广告");
    assert_why(&verdict.claims[0], "分值构成：");
    assert_why(&verdict.claims[0], "合计+");
    judge(with_model, "社区提醒：保本保息的骗局，第七期");
    assert_int_equal(verdict.kind, AW_VERDICT_EXEMPT);
    assert_int_equal(verdict.doc_kind, AW_DOC_WARNING);
    assert_str(verdict.claims[0].exempt_by, "document-warning");
}

static void test_the_model_finds_sentences_without_a_rule(void **state)
{
    (void)state;
    judge(with_model, "稳盈一号火热认购，保准保息，扫码加微信。"
                      "养老投资没风险，存一万送大米，名额有限");
    for (size_t i = 0; i < verdict.claim_count; i++) {
        assert_str(verdict.claims[i].rule, "model");
        assert_int_equal(verdict.claims[i].class, AW_CLAIM_ASSURED_PROMISE);
        assert_true(verdict.claims[i].why_count > 0);
    }
}

static void test_nothing_is_clear(void **state)
{
    (void)state;
    (void)tear_down(NULL);
    aw_document_init(&doc, AW_CHANNEL_SMS);
    run(with_model);
    assert_int_equal(verdict.kind, AW_VERDICT_CLEAR);
    judge(with_model, "\n");
    assert_int_equal(verdict.kind, AW_VERDICT_CLEAR);
}

/* Judges by a threshold of its own. */
static void judge_at(double threshold, const char *text)
{
    struct aw_classifier_config config = {.lexicon_dir = dir,
                                          .model_path = model_path,
                                          .threshold = threshold};
    struct aw_classifier *classifier = NULL;
    struct aw_err err = {0};

    if (aw_classifier_new(&classifier, &config, &err) != AW_OK)
        fail_msg("%s", err.msg);
    judge(classifier, text);
    aw_classifier_free(classifier);
}

static void assert_leans(const char *text)
{
    double leaning;

    judge_at(0.89, text);
    leaning = verdict.leaning;
    assert_true(verdict.kind != AW_VERDICT_SUSPECTED);
    assert_true(leaning > 0 && leaning < 0.89);
    judge_at(leaning * 0.999, text);
    assert_int_equal(verdict.kind, AW_VERDICT_SUSPECTED);
    assert_true(verdict.leaning >= verdict.score &&
                verdict.leaning <= verdict.score);
    judge_at(leaning * 1.001, text);
    assert_true(verdict.kind != AW_VERDICT_SUSPECTED);
}

static void test_what_is_not_suspected_tells_how_near_it_was(void **state)
{
    (void)state;
    assert_leans("据说这里保本");               /* a claim by itself */
    assert_leans("据说社区提醒：稳盈一号保本"); /* all together */
    judge(with_model, "今天食堂吃红烧肉");
    assert_true(verdict.leaning <= 0);
}

static void test_what_no_threshold_would_suspect_is_not_near(void **state)
{
    (void)state;
    judge(rules_alone, "警惕保本的骗局");
    assert_int_equal(verdict.kind, AW_VERDICT_EXEMPT);
    assert_true(verdict.leaning <= 0);
    judge(rules_alone, "他说“保本”"); /* quoted: that asks for more */
    assert_int_equal(verdict.kind, AW_VERDICT_CLEAR);
    assert_true(verdict.leaning <= 0);
}

/* Else one mark before all of it would ask more of an advertisement. */
static void test_a_mark_that_nobody_closes_quotes_nothing(void **state)
{
    (void)state;
    judge(rules_alone, "“稳盈一号”保本");
    assert_int_equal(verdict.kind, AW_VERDICT_SUSPECTED);
    judge(rules_alone, "“稳盈一号保本，“老客户”都知道");
    assert_int_equal(verdict.kind, AW_VERDICT_SUSPECTED);
    judge(rules_alone, "“稳盈一号保本，‘老客户’都知道”");
    assert_int_equal(verdict.kind, AW_VERDICT_CLEAR);
}

static void test_a_large_text_is_read_and_bounded(void **state)
{
    struct aw_buf large;

    (void)state;
    (void)tear_down(NULL);
    aw_buf_init(&large, (size_t)16 << 20);
    while (large.len < (size_t)10 << 20)
        aw_buf_puts(&large, "零·风·险的年年保本保息确保您的本金，年化8%。");
    aw_document_init(&doc, AW_CHANNEL_WEB);
    add(aw_buf_str(&large));
    run(with_model);
    assert_true(verdict.claim_count <= AW_CLAIMS_MAX);
    assert_true(verdict.claim_count > 10);
    for (size_t i = 1; i < verdict.claim_count; i++)
        assert_true(verdict.claims[i].start >= verdict.claims[i - 1].start);
    aw_buf_deinit(&large);
}

static void test_quotes_are_exact_in_any_text(void **state)
{
    static const char *const words[] = {"保本", "零", "风险", "·",
                                        "🔥",    "\n", "不",   "警惕",
                                        "国债", "包", "本金", "，",
                                        "　",   "é",  "ﷺ",    "0\uFE0F\u20E3"};
    struct aw_rng rng;

    (void)state;
    aw_rng_init(&rng, 9);
    for (int round = 0; round < 500; round++) {
        char text[1024] = "";

        for (int i = 0; i < 30; i++)
            (void)strcat(text, words[aw_rng_below(&rng, 16)]);
        judge(round % 2 ? with_model : rules_alone, text);
        for (size_t i = 0; i < verdict.claim_count; i++) {
            const struct aw_claim *claim = &verdict.claims[i];
            struct aw_str all = aw_str_of(text);
            size_t from = aw_utf8_offset(all, claim->start);
            size_t to = aw_utf8_offset(all, claim->end);

            assert_true(
                aw_str_eq(claim->quote, aw_str_sub(all, from, to - from)));
        }
    }
}

static void test_any_bytes_are_survived(void **state)
{
    struct aw_rng rng;
    char bytes[300];

    (void)state;
    aw_rng_init(&rng, 2);
    for (int round = 0; round < 2000; round++) {
        size_t len = aw_rng_below(&rng, sizeof bytes);

        for (size_t i = 0; i < len; i++)
            bytes[i] = (char)aw_rng_next(&rng);
        (void)tear_down(NULL);
        aw_document_init(&doc, AW_CHANNEL_WEB);
        add((struct aw_str){bytes, len});
        run(with_model);
    }
}

static void test_bad_rules_and_models_are_config_errors(void **state)
{
    struct aw_classifier_config config = {.lexicon_dir = dir,
                                          .model_path = dir};
    struct aw_classifier *classifier = NULL;
    struct aw_err err;

    (void)state;
    assert_int_equal(aw_classifier_new(&classifier, &config, &err), AW_CONFIG);
    config = (struct aw_classifier_config){.lexicon_dir = model_path};
    assert_int_not_equal(aw_classifier_new(&classifier, &config, &err), AW_OK);
    config.lexicon_dir = in_dir(dir, "none");
    assert_int_equal(aw_classifier_new(&classifier, &config, &err), AW_CONFIG);
    assert_null(classifier);
}

static void test_hashes_are_those_of_files(void **state)
{
    char digest[AW_SHA256_HEX_MAX];
    struct aw_err err;

    (void)state;
    assert_int_equal(aw_sha256_file(model_path, digest, &err), AW_OK);
    assert_string_equal(aw_classifier_model_hash(with_model), digest);
    assert_string_equal(aw_classifier_model_hash(rules_alone), "");
    assert_int_equal(strlen(aw_classifier_lexicon_hash(rules_alone)), 64);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_teardown(name, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_a_claim_says_what_where_by_which_rule_and_why),
        TEST(test_a_weak_kind_exempts_nothing),
        TEST(test_a_claim_in_disguise_says_how_it_was_read),
        TEST(test_contexts_make_it_clear_exempt_or_weaker),
        TEST(test_overlapping_hits_of_a_class_are_one_claim),
        TEST(test_an_absent_warning_has_no_quote),
        TEST(test_blocks_have_offsets_of_their_own),
        TEST(test_the_model_tells_adverts_from_warnings),
        TEST(test_the_model_finds_sentences_without_a_rule),
        TEST(test_nothing_is_clear),
        TEST(test_what_is_not_suspected_tells_how_near_it_was),
        TEST(test_what_no_threshold_would_suspect_is_not_near),
        TEST(test_a_mark_that_nobody_closes_quotes_nothing),
        TEST(test_a_large_text_is_read_and_bounded),
        TEST(test_quotes_are_exact_in_any_text),
        TEST(test_any_bytes_are_survived),
        TEST(test_bad_rules_and_models_are_config_errors),
        TEST(test_hashes_are_those_of_files)};

    return cmocka_run_group_tests(tests, set_up_group, tear_down_group);
}
