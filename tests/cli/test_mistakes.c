#include "cli/mistakes.h"

#include "tests/base/base_test.h"

static struct aw_corpus_text text;
static struct aw_claim claims[3];
static struct aw_mistake mistake;
static struct aw_mistakes mistakes;
static struct aw_buf out;

/* A false alarm with two claims that count and one that is exempt. */
static int set_up(void **state)
{
    (void)state;
    text = (struct aw_corpus_text){.id = AW_STR("web-0142"),
                                   .text = AW_STR("警惕\n保本\x1b[31m保息"),
                                   .kind = AW_DOC_WARNING,
                                   .label = AW_VERDICT_EXEMPT};
    claims[0] = (struct aw_claim){.class = AW_CLAIM_NO_RISK,
                                  .rule = AW_STR("NR-001"),
                                  .score = .95,
                                  .exempt_by = AW_STR("negation")};
    claims[1] = (struct aw_claim){.class = AW_CLAIM_CAPITAL_PROTECTION,
                                  .rule = AW_STR("CP-001"),
                                  .quote = AW_STR("保本"),
                                  .score = .9,
                                  .why = {AW_STR("说保本"), AW_STR("合计+2")},
                                  .why_count = 2};
    claims[2] = (struct aw_claim){.rule = AW_STR("CP-002"), .score = .5};
    mistake = (struct aw_mistake){.text = &text,
                                  .verdict = {.kind = AW_VERDICT_SUSPECTED,
                                              .leaning = .9,
                                              .doc_kind = AW_DOC_ADVERT,
                                              .doc_score = .8,
                                              .claims = claims,
                                              .claim_count = 3}};
    mistakes = (struct aw_mistakes){.most = 1, .alarms = {&mistake, 1}};
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
    aw_mistakes_text(&mistakes, &out);
    assert_int_equal(out.rc, AW_OK);
    assert_has(out.ptr, part);
}

static void test_label_and_verdict_stand_side_by_side(void **state)
{
    (void)state;
    assert_says("  web-0142  score 0.9000, labelled exempt, warning; judged "
                "suspected, advert (0.80)\n");
    assert_says("missed, the lowest score first:\n  none\n");
}

static void test_the_strongest_claim_that_counts_says_why(void **state)
{
    (void)state;
    assert_says("    capital_protection by CP-001, 0.900: 保本 (and 2 more)\n"
                "      说保本\n"
                "      合计+2\n");
}

static void test_where_none_counts_the_exempt_one_does(void **state)
{
    (void)state;
    mistake.verdict.claim_count = 1;
    assert_says("    no_risk by NR-001, 0.950, exempt by negation\n");
    mistake.verdict.claim_count = 0;
    assert_says("    no claim found\n");
}

static void test_text_is_one_line_that_does_no_harm(void **state)
{
    (void)state;
    assert_says("    警惕 保本\xEF\xBF\xBD[31m保息\n");
}

static void test_text_is_cut_after_80_characters(void **state)
{
    char eighty[80 * 3 + 1] = "";
    struct aw_buf long_text;

    (void)state;
    for (int i = 0; i < 80; i++)
        memcpy(eighty + (size_t)i * 3, "葱", 4);
    aw_buf_init(&long_text, 1000);
    aw_buf_puts(&long_text, eighty);
    text.text = aw_buf_str(&long_text);
    assert_says(eighty);
    assert_null(strstr(out.ptr, "…"));
    aw_buf_puts(&long_text, "葱葱");
    text.text = aw_buf_str(&long_text);
    assert_says("葱…\n");
    aw_buf_deinit(&long_text);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_label_and_verdict_stand_side_by_side),
        TEST(test_the_strongest_claim_that_counts_says_why),
        TEST(test_where_none_counts_the_exempt_one_does),
        TEST(test_text_is_one_line_that_does_no_harm),
        TEST(test_text_is_cut_after_80_characters),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
