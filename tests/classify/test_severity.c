#include "classify/lexicon_check.h"
#include "problems.h"

static const char severity_yaml[] =
    "severity:\n"
    "  - {part: class, id: capital_protection, points: 2, why: 承诺保本}\n"
    "  - {part: class, id: no_risk, points: 1, why: 称无风险}\n"
    "  - {part: class, id: guaranteed_return, points: 0, why: c}\n"
    "  - {part: class, id: assured_promise, points: 0, why: d}\n"
    "  - {part: class, id: endorsement, points: 0, why: e}\n"
    "  - {part: class, id: no_risk_warning, points: 0, why: 缺提示}\n"
    "  - {part: wording, id: hint, points: 0, why: 含蓄}\n"
    "  - {part: wording, id: clear, points: 1, why: 明确}\n"
    "  - {part: wording, id: grave, points: 2, why: 直白}\n"
    "  - {part: audience, id: rural, points: 1, why: 对村民, words: [村民]}\n"
    "  - part: audience\n"
    "    id: elderly\n"
    "    points: 3\n"
    "    why: 对老人\n"
    "    words: [老年人, 大爷大妈]\n"
    "  - {part: audience, id: pupils, points: 3, why: 对学生, words: [学生]}\n"
    "  - {part: channel, id: web, points: 1, why: 网页}\n"
    "  - {part: channel, id: poster, points: 0, why: g}\n"
    "  - {part: channel, id: app, points: 0, why: g}\n"
    "  - {part: channel, id: sms, points: 0, why: g}\n"
    "  - {part: channel, id: call, points: -2, why: 电话}\n"
    "  - {part: channel, id: seminar, points: 0, why: g}\n"
    "  - {part: kind, id: other, points: 1, why: 其他文体}\n"
    "  - {part: sector, id: coins, points: 2, why: 币, words: [usdt, 挖矿]}\n"
    "  - {part: grade, id: clear, points: 6}\n"
    "  - {part: grade, id: grave, points: 9}\n";

static char dir[PATH_MAX];
static struct aw_classifier *classifier;
static struct aw_document doc;
static struct aw_verdict verdict;

static int set_up(void **state)
{
    (void)state;
    make_temp(dir);
    put_lexicon(dir, rules_yaml);
    put_text(dir, "severity.yaml", severity_yaml);
    aw_document_init(&doc, AW_CHANNEL_WEB);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    aw_verdict_deinit(&verdict);
    aw_document_deinit(&doc);
    aw_classifier_free(classifier);
    classifier = NULL;
    drop_temp(dir);
    return 0;
}

static void add(enum aw_block_kind kind, enum aw_hidden hidden,
                const char *text)
{
    struct aw_err err;

    assert_int_equal(aw_document_add_block(&doc, kind, hidden, aw_str_of(text),
                                           &err),
                     AW_OK);
}

static void run(void)
{
    struct aw_classifier_config config = {.lexicon_dir = dir};
    struct aw_err err = {0};

    if (aw_classifier_new(&classifier, &config, &err) != AW_OK ||
        aw_classifier_run(classifier, &doc, &verdict, &err) != AW_OK)
        fail_msg("%s", err.msg);
}

static const struct aw_claim *judge(const char *text)
{
    add(AW_BLOCK_BODY, AW_HIDDEN_NONE, text);
    run();
    assert_int_equal(verdict.claim_count, 1);
    return &verdict.claims[0];
}

/* The part with that name, or NULL. */
static const struct aw_claim_part *part_of(const struct aw_claim *claim,
                                           const char *part)
{
    for (size_t i = 0; i < claim->part_count; i++)
        if (strcmp(claim->parts[i].part, part) == 0)
            return &claim->parts[i];
    return NULL;
}

static void assert_part(const struct aw_claim *claim, const char *name,
                        const char *id, int points, const char *word)
{
    const struct aw_claim_part *part = part_of(claim, name);

    assert_non_null(part);
    assert_str(part->id, id);
    assert_int_equal(part->points, points);
    assert_str(part->word, word);
}

static void test_without_a_table_it_is_the_rules(void **state)
{
    const struct aw_claim *claim;

    (void)state;
    (void)remove(in_dir(dir, "severity.yaml"));
    claim = judge("大爷大妈，挖矿保本");
    assert_int_equal(claim->severity, 3);
    assert_int_equal(claim->part_count, 0);
}

static void test_all_parts_are_added_up_and_told(void **state)
{
    const struct aw_claim *claim;

    (void)state;
    claim = judge("大爷大妈，挖矿保本");
    assert_part(claim, "class", "capital_protection", 2, "");
    assert_part(claim, "wording", "grave", 2, "");
    assert_part(claim, "audience", "elderly", 3, "大爷大妈");
    assert_part(claim, "channel", "web", 1, "");
    assert_part(claim, "kind", "other", 1, "");
    assert_part(claim, "sector", "coins", 2, "挖矿");
    assert_int_equal(claim->points, 11);
    assert_int_equal(claim->severity, 3);
    assert_str(claim->why[claim->why_count - 1],
               "严重程度3级：承诺保本+2，直白+2，对老人（‘大爷大妈’）+3，"
               "网页+1，其他文体+1，币（‘挖矿’）+2，合计11分（6分起2级，9分起"
               "3级）");
}

static void test_grades_begin_at_their_points(void **state)
{
    static const struct {
        const char *text;
        int points, severity;
    } cases[] = {{"零风险", 4, 1},
                 {"村民零风险", 5, 1},
                 {"保本", 6, 2},
                 {"挖矿保本", 8, 2},
                 {"老年人保本", 9, 3}};

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct aw_claim *claim = judge(cases[i].text);

        assert_int_equal(claim->points, cases[i].points);
        assert_int_equal(claim->severity, cases[i].severity);
        (void)tear_down(state);
        (void)set_up(state);
    }
}

static void test_of_several_audiences_the_gravest_counts(void **state)
{
    (void)state;
    assert_part(judge("村民和学生、老年人，保本"), "audience", "elderly", 3,
                "老年人");
}

static void test_points_may_be_taken_away(void **state)
{
    const struct aw_claim *claim;

    (void)state;
    doc.channel = AW_CHANNEL_CALL;
    claim = judge("保本");
    assert_part(claim, "channel", "call", -2, "");
    assert_int_equal(claim->points, 3);
}

static void test_words_are_read_as_rules_read_them(void **state)
{
    (void)state;
    assert_part(judge("ＵＳＤＴ保本"), "sector", "coins", 2, "usdt");
}

/* A link's words are of the page that it leads to. */
static void test_words_that_nobody_reads_here_do_not_count(void **state)
{
    const struct aw_claim *claim;

    (void)state;
    add(AW_BLOCK_LINK, AW_HIDDEN_NONE, "老年人大学");
    add(AW_BLOCK_BODY, AW_HIDDEN_DISPLAY, "学生");
    add(AW_BLOCK_META, AW_HIDDEN_NONE, "挖矿");
    claim = judge("保本");
    assert_null(part_of(claim, "audience"));
    assert_null(part_of(claim, "sector"));
}

static void test_a_claim_that_does_not_count_has_no_grade(void **state)
{
    (void)state;
    add(AW_BLOCK_BODY, AW_HIDDEN_NONE, "警惕保本骗局。零风险");
    run();
    assert_int_equal(verdict.claim_count, 2);
    assert_true(verdict.claims[0].exempt_by.len > 0);
    assert_int_equal(verdict.claims[0].part_count, 0);
    assert_int_equal(verdict.claims[1].points, 4);
}

static void test_an_absent_warning_has_one_too(void **state)
{
    const struct aw_claim *claim;

    (void)state;
    claim = judge("年化8%，老年人专享");
    assert_int_equal(claim->class, AW_CLAIM_NO_RISK_WARNING);
    assert_part(claim, "class", "no_risk_warning", 0, "");
    assert_int_equal(claim->points, 5);
}

/* Mistakes. */

static void assert_problem(const char *message)
{
    assert_problem_in(dir, message);
}

/* The table with the first `from` put as `to`. */
static void change(const char *from, const char *to)
{
    char text[2 * sizeof severity_yaml];
    const char *at = strstr(severity_yaml, from);

    assert_non_null(at);
    (void)snprintf(text, sizeof text, "%.*s%s%s", (int)(at - severity_yaml),
                   severity_yaml, to, at + strlen(from));
    put_text(dir, "severity.yaml", text);
}

static void test_mistakes_are_told_with_their_line(void **state)
{
    static const struct {
        const char *from, *to, *problem;
    } cases[] = {
        {"part: class, id: no_risk,", "part: clas, id: no_risk,",
         "severity.yaml:3: part 'clas' is not one of class, wording"},
        {"part: class, id: no_risk,", "part: class, id: risk,",
         "severity.yaml:3: class has no 'risk'"},
        {"part: class, id: no_risk,", "part: kind, id: other,",
         "severity.yaml:1: class no_risk is missing"},
        {"id: endorsement", "id: no_risk",
         "severity.yaml:6: class no_risk is there already"},
        {"points: 2, why: 承诺保本", "points: 21, why: 承诺保本",
         "severity.yaml:2: class capital_protection: points are not within"},
        {", why: 承诺保本", "",
         "severity.yaml:2: class capital_protection: why"},
        {", why: 承诺保本", ", why: a, words: [保本]",
         "severity.yaml:2: class capital_protection: words belong to"},
        {", words: [村民]", "", "severity.yaml:11: audience rural: words"},
        {"[老年人, 大爷大妈]", "[老年人, 老年人]",
         "severity.yaml:16: '老年人' stands in elderly already"},
        {"[老年人, 大爷大妈]", "[老年人, ＡＢ]",
         "severity.yaml:16: 'ＡＢ' is read as 'ab': write it so"},
        {"[老年人, 大爷大妈]", "[老年人, 老]",
         "severity.yaml:16: '老' is shorter than 2 characters"},
        {"[学生]", "[学生, 村民]",
         "severity.yaml:17: '村民' stands in rural already"},
        {"grave, points: 9", "grave, points: 6",
         "severity.yaml:27: grade grave begins no higher than clear"},
        {"  - {part: grade, id: grave, points: 9}\n", "",
         "severity.yaml:1: grade grave is missing"},
        {"points: 2, why: 承诺保本", "points: two, why: 承诺保本",
         "severity.yaml:2: "},
        {"points: 2, why: 承诺保本", "score: 2, why: 承诺保本",
         "severity.yaml:2: "},
        {"severity:", "grades:", "severity.yaml:1: "}};

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        change(cases[i].from, cases[i].to);
        assert_problem(cases[i].problem);
    }
}

static void test_a_good_table_has_no_problem(void **state)
{
    struct aw_lexicon_report report;
    struct aw_err err = {0};

    (void)state;
    assert_int_equal(aw_lexicon_check(dir, NULL, &report, &err), AW_OK);
    assert_int_equal(report.severities, 22);
    aw_lexicon_report_deinit(&report);
}

static void test_a_bad_table_stops_the_classifier(void **state)
{
    struct aw_classifier_config config = {.lexicon_dir = dir};
    struct aw_err err = {0};

    (void)state;
    change("[学生]", "[学生, 村民]");
    assert_int_equal(aw_classifier_new(&classifier, &config, &err), AW_CONFIG);
    assert_has(err.msg, "severity.yaml:17: '村民' stands in rural already");
}

static void test_an_empty_table_is_none(void **state)
{
    (void)state;
    put_text(dir, "severity.yaml", "");
    assert_problem("severity.yaml:1: ");
    put_text(dir, "severity.yaml", "severity: []\n");
    assert_problem("severity.yaml:1: class capital_protection is missing");
}

int main(void)
{
#define TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_without_a_table_it_is_the_rules),
        TEST(test_all_parts_are_added_up_and_told),
        TEST(test_grades_begin_at_their_points),
        TEST(test_of_several_audiences_the_gravest_counts),
        TEST(test_points_may_be_taken_away),
        TEST(test_words_are_read_as_rules_read_them),
        TEST(test_words_that_nobody_reads_here_do_not_count),
        TEST(test_a_claim_that_does_not_count_has_no_grade),
        TEST(test_an_absent_warning_has_one_too),
        TEST(test_a_good_table_has_no_problem),
        TEST(test_mistakes_are_told_with_their_line),
        TEST(test_a_bad_table_stops_the_classifier),
        TEST(test_an_empty_table_is_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
