#include "classify/lexicon_check.h"

#include "classify/literals.h"
#include "problems.h"

static char dir[PATH_MAX];

static int set_up(void **state)
{
    (void)state;
    make_temp(dir);
    put_lexicon(dir, rules_yaml);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    drop_temp(dir);
    return 0;
}

/* The fixture's rules with the first `from` put as `to`. */
static void change_rules(const char *from, const char *to)
{
    char text[2 * sizeof rules_yaml + 20000];
    const char *at = strstr(rules_yaml, from);

    assert_non_null(at);
    (void)snprintf(text, sizeof text, "%.*s%s%s", (int)(at - rules_yaml),
                   rules_yaml, to, at + strlen(from));
    put_text(dir, "claims/a.yaml", text);
}

static void assert_error(const char *message)
{
    struct aw_lexicon *lexicon = NULL;
    struct aw_err err = {0};

    assert_int_equal(aw_lexicon_new(&lexicon, dir, &err), AW_CONFIG);
    assert_null(lexicon);
    assert_has(err.msg, message);
}

static void assert_problem(const char *message)
{
    assert_problem_in(dir, message);
}

/* A disk that was full leaves files of no bytes: no rules go unnoticed. */
static void test_a_file_with_nothing_in_it_is_an_error(void **state)
{
    (void)state;
    put_text(dir, "claims/b.yaml", "");
    assert_error(
        "claims/b.yaml:1: there is nothing in it: begin with 'rules:'");
    put_text(dir, "claims/b.yaml", "# rules:\n");
    assert_error("claims/b.yaml:1: there is nothing in it");
    put_text(dir, "claims/b.yaml", "rules: []\n");
    put_text(dir, "contexts/b.yaml", "");
    assert_error("contexts/b.yaml:1: there is nothing in it: begin with "
                 "'contexts:'");
}

static void test_the_whole_is_only_doubted(void **state)
{
    (void)state;
    put_text(dir, "contexts/b.yaml",
             "contexts:\n"
             "  - {id: games, version: 1, effect: weigh, weight: 0.5,\n"
             "     where: whole, all: ['玩家'], why: '游戏'}\n");
    assert_problem("contexts/b.yaml:2: context games: weight is not within "
                   "-20 and 0");
}

static void test_the_whole_neither_voids_nor_exempts(void **state)
{
    (void)state;
    put_text(dir, "contexts/b.yaml",
             "contexts:\n"
             "  - {id: games, version: 1, effect: void,\n"
             "     where: whole, all: ['玩家'], why: '游戏'}\n");
    assert_problem(
        "contexts/b.yaml:2: context games: where whole only weighs: "
        "its effect must be weigh");
    put_text(dir, "exemptions/b.yaml",
             "exemptions:\n"
             "  - {id: plays, version: 1, effect: exempt,\n"
             "     where: whole, all: ['玩家'], why: '游戏'}\n");
    assert_problem("exemptions/b.yaml:2: context plays: where whole only "
                   "weighs: its effect must be weigh");
}

static void test_no_rule_names_the_whole(void **state)
{
    (void)state;
    put_text(dir, "contexts/b.yaml",
             "contexts:\n"
             "  - {id: games, version: 1, effect: weigh, weight: -1,\n"
             "     where: whole, all: ['玩家'], why: '游戏'}\n");
    change_rules("contexts: [negation", "contexts: [games, negation");
    assert_problem("rule CP-001: 'games' is of where whole, and goes with no "
                   "rule");
}

static void test_a_good_lexicon_has_no_problem(void **state)
{
    struct aw_lexicon_report report;
    struct aw_err err = {0};
    aw_rc rc = aw_lexicon_check(dir, NULL, &report, &err);

    (void)state;
    if (rc != AW_OK)
        fail_msg("%.*s", AW_STR_ARG(report.problems.items[0].text));
    assert_int_equal(report.rules, 3);
    assert_int_equal(report.contexts, 3);
    assert_int_equal(report.exemptions, 1);
    assert_int_equal(report.examples, 6);
    aw_lexicon_report_deinit(&report);
}

static void test_a_list_is_put_in_escaped_and_longest_first(void **state)
{
    struct aw_lexicon *lexicon;
    struct aw_err err;

    (void)state;
    assert_int_equal(aw_lexicon_new(&lexicon, dir, &err), AW_OK);
    assert_true(aw_str_find(lexicon->rules[0].pattern_text,
                            AW_STR("(?:保证|确保|a\\.b|包)")) >= 0);
    assert_str(lexicon->rules[0].version, "2");
    aw_lexicon_free(lexicon);
}

static void test_the_hash_follows_every_file(void **state)
{
    struct aw_lexicon *a, *b;
    struct aw_err err;

    (void)state;
    assert_int_equal(aw_lexicon_new(&a, dir, &err), AW_OK);
    change_rules("说保本", "说保本的");
    assert_int_equal(aw_lexicon_new(&b, dir, &err), AW_OK);
    assert_string_not_equal(a->hash, b->hash);
    aw_lexicon_free(a);
    aw_lexicon_free(b);
}

static enum aw_pattern_answer find(struct aw_pattern *pattern,
                                   const char *text)
{
    struct aw_pattern_scratch *scratch;
    enum aw_pattern_answer answer;
    struct aw_range found;
    struct aw_err err;

    assert_int_equal(aw_pattern_scratch_new(&scratch, &err), AW_OK);
    answer = aw_pattern_find(pattern, scratch, aw_str_of(text), 0,
                             strlen(text), &found);
    aw_pattern_scratch_free(scratch);
    return answer;
}

static void test_patterns_match_warm_and_cold(void **state)
{
    struct aw_lexicon *lexicon;
    struct aw_err err;

    (void)state;
    for (int warm = 0; warm < 2; warm++) {
        assert_int_equal(aw_lexicon_new(&lexicon, dir, &err), AW_OK);
        if (warm)
            aw_lexicon_warm(lexicon);
        assert_int_equal(find(lexicon->rules[0].pattern, "年年保本保息"),
                         AW_PATTERN_FOUND);
        assert_int_equal(find(lexicon->rules[0].pattern, "年年有余"),
                         AW_PATTERN_NONE);
        assert_int_equal(find(lexicon->contexts[0].all[0], "并不"),
                         AW_PATTERN_FOUND);
        aw_lexicon_free(lexicon);
    }
}

static void test_lines_are_known_where_they_are_asked_for(void **state)
{
    struct aw_lexicon *lexicon;
    struct aw_err err;

    (void)state;
    assert_int_equal(aw_lexicon_read(&lexicon, dir, &err), AW_OK);
    assert_int_equal(lexicon->rules[0].line, 2);
    assert_int_equal(lexicon->rules[0].hits[0].line, 13);
    aw_lexicon_free(lexicon);
}

static void test_errors_name_file_and_line(void **state)
{
    static const struct {
        const char *from, *to, *message;
    } cases[] = {
        {"class: capital_protection", "class: principal",
         "claims/a.yaml:4: class 'principal' is not one of capital_"},
        {"severity: 3", "severity: 4",
         "claims/a.yaml:5: rule CP-001: severity is 1, 2 or 3"},
        {"provision: law-1", "provision: law-9",
         "claims/a.yaml:6: rule CP-001: provision 'law-9' is not in"},
        {"保本(?:保息)?", "保本(?:保息",
         "claims/a.yaml:8: pattern at offset "},
        {"{{assure}}", "{{insure}}",
         "claims/a.yaml:8: there is no list 'insure' in lists.yaml"},
        {"[negation, warning-near, doubt]", "[negation, nothing]",
         "claims/a.yaml:10: rule CP-001: 'nothing' is not in contexts/"},
        {"exemptions: [bonds]", "exemptions: [negation]",
         "claims/a.yaml:11: rule CP-001: 'negation' is not in exemptions/"},
        {"id: NR-001", "id: CP-001",
         "claims/a.yaml:17: rule CP-001: an id of class no_risk is NR"},
        {"absent: '有风险'\n", "\n", "rule RW-001: absent belongs to"},
        {"severity: 3", "severity: three", "claims/a.yaml:5: "},
        {"severity: 3", "gravity: 3", "claims/a.yaml:"},
        {"'[零0]风险'", "'[零0]?'", "matches the empty text"},
        {"rules:", "rules: [", "claims/a.yaml:"}};

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        change_rules(cases[i].from, cases[i].to);
        assert_error(cases[i].message);
    }
}

static void test_an_id_is_used_once(void **state)
{
    char twice[2 * sizeof rules_yaml];

    (void)state;
    (void)snprintf(twice, sizeof twice, "%s%s", rules_yaml,
                   strchr(rules_yaml, '\n') + 1);
    put_text(dir, "claims/a.yaml", twice);
    assert_error("rule CP-001 is there already, in ");
}

static void test_check_tells_of_all_and_of_examples(void **state)
{
    (void)state;
    change_rules("年年保本保息", "年年有余");
    assert_problem("claims/a.yaml:13: rule CP-001: hit example 1 does not "
                   "match");
    change_rules("确保您的本金", "不确保您的本金");
    assert_problem("a.yaml:14: rule CP-001: hit example 2 is taken away by "
                   "negation");
    change_rules("本产品不保本", "本产品保本");
    assert_problem("a.yaml:16: rule CP-001: miss example 1 matches");
}

static void test_limits_hold(void **state)
{
    char *large = malloc(AW_LEXICON_FILE_MAX + 2);
    char text[AW_LEXICON_TEXT_MAX + 8];

    (void)state;
    assert_non_null(large);
    memset(large, '#', AW_LEXICON_FILE_MAX + 1);
    large[AW_LEXICON_FILE_MAX + 1] = '\0';
    put_text(dir, "claims/b.yaml", large);
    assert_error("claims/b.yaml:1: the file is larger than");
    assert_int_equal(remove(in_dir(dir, "claims/b.yaml")), 0);
    free(large);
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    change_rules("说保本", text);
    assert_error("claims/a.yaml:");
}

static void test_a_missing_part_is_named(void **state)
{
    struct aw_lexicon *lexicon;
    struct aw_err err;

    (void)state;
    assert_int_equal(remove(in_dir(dir, "lists.yaml")), 0);
    assert_int_equal(aw_lexicon_new(&lexicon, dir, &err), AW_MISSING);
    assert_has(err.msg, "lists.yaml");
}

static void test_a_catastrophic_pattern_is_an_error(void **state)
{
    (void)state;
    change_rules("'[零0]风险'", "'(?:零|0|零零|0零|零0){1,40}风险'");
    assert_problem("claims/a.yaml:17: rule NR-001: a pattern takes more than");
}

static void test_a_catastrophic_context_is_an_error(void **state)
{
    char text[sizeof contexts_yaml + 200];
    const char *at = strstr(contexts_yaml, "'警惕'");

    (void)state;
    (void)snprintf(text, sizeof text, "%.*s'(?:警|惕|警惕|惕警){1,60}！'%s",
                   (int)(at - contexts_yaml), contexts_yaml,
                   at + strlen("'警惕'"));
    put_text(dir, "contexts/a.yaml", text);
    assert_problem("contexts/a.yaml:10: context warning-near: a pattern");
}

/* Four texts: CP-002 below hits thrice, each time within a hit of CP-001;
 * NR-001 never. */
static const char few_texts[] =
    "{\"id\":\"web-1\",\"channel\":\"web\",\"kind\":\"advert\","
    "\"label\":\"suspected\",\"text\":\"年年保本保息一\",\"spans\":"
    "[{\"class\":\"capital_protection\",\"quote\":\"保本保息\"}]}\n"
    "{\"id\":\"web-2\",\"channel\":\"web\",\"kind\":\"advert\","
    "\"label\":\"suspected\",\"text\":\"月月保本保息二\",\"spans\":"
    "[{\"class\":\"capital_protection\",\"quote\":\"保本保息\"}]}\n"
    "{\"id\":\"web-3\",\"channel\":\"web\",\"kind\":\"advert\","
    "\"label\":\"suspected\",\"text\":\"天天保本保息三\",\"spans\":"
    "[{\"class\":\"capital_protection\",\"quote\":\"保本保息\"}]}\n"
    "{\"id\":\"web-4\",\"channel\":\"web\",\"kind\":\"other\","
    "\"label\":\"clear\",\"text\":\"今天开会，年化8%\",\"spans\":[]}\n";

static const char narrow_rule[] = "rules:\n"
                                  "  - id: CP-002\n"
                                  "    version: 1\n"
                                  "    class: capital_protection\n"
                                  "    severity: 3\n"
                                  "    provision: law-1\n"
                                  "    pattern: '保息'\n"
                                  "    why: '说保息'\n"
                                  "    hit:\n"
                                  "      - '我们保息'\n";

static bool report_says(const struct aw_lexicon_report *report,
                        const char *message)
{
    for (size_t i = 0; i < report->problems.count; i++)
        if (aw_str_find(report->problems.items[i].text, aw_str_of(message)) >=
            0)
            return report->problems.items[i].is_warning;
    return false;
}

static void test_the_corpus_tells_of_rules_that_add_nothing(void **state)
{
    struct aw_lexicon_report report;
    struct aw_err err = {0};
    char corpus[PATH_MAX];

    (void)state;
    put_text(dir, "claims/b.yaml", narrow_rule);
    put_text(dir, "few.jsonl", few_texts);
    (void)snprintf(corpus, sizeof corpus, "%s", in_dir(dir, "few.jsonl"));
    if (aw_lexicon_check(dir, corpus, &report, &err) != AW_OK)
        fail_msg("%s", err.msg);
    assert_int_equal(report.texts, 4);
    assert_true(report_says(&report, "claims/a.yaml:17: rule NR-001: nothing "
                                     "in the corpus is hit by it"));
    assert_true(report_says(&report,
                            "claims/b.yaml:2: rule CP-002: all its 3 hits in "
                            "the corpus lie within hits of CP-001"));
    assert_int_equal(report.problems.warnings, 2);
    aw_lexicon_report_deinit(&report);
}

static void test_a_corpus_that_is_bad_is_told(void **state)
{
    struct aw_lexicon_report report;
    struct aw_err err = {0};
    char corpus[PATH_MAX];

    (void)state;
    put_text(dir, "few.jsonl", "{\"id\":7}\n");
    (void)snprintf(corpus, sizeof corpus, "%s", in_dir(dir, "few.jsonl"));
    assert_int_equal(aw_lexicon_check(dir, corpus, &report, &err), AW_CONFIG);
    assert_has(err.msg, "few.jsonl:1");
    aw_lexicon_report_deinit(&report);
}

static void put_set(struct aw_buf *out, const struct aw_literals *set)
{
    for (size_t i = 0; i < set->count; i++) {
        aw_buf_puts(out, i ? " " : "");
        aw_buf_put(out, set->items[i]);
    }
}

/* The sets that a match needs, with " + " between them. */
static void assert_literals(const char *pattern, const char *expected)
{
    struct aw_arena arena;
    struct aw_needs needs;
    struct aw_buf got;
    struct aw_err err;
    aw_rc rc;

    aw_arena_init(&arena, (size_t)1 << 20);
    aw_buf_init(&got, 4096);
    rc = aw_literals_of(&needs, aw_str_of(pattern), &arena, &err);
    for (size_t i = 0; rc == AW_OK && i < needs.count; i++) {
        aw_buf_puts(&got, i ? " + " : "");
        put_set(&got, &needs.set[i]);
    }
    assert_str(aw_buf_str(&got), expected);
    aw_buf_deinit(&got);
    aw_arena_deinit(&arena);
}

static void test_literals_are_those_a_match_must_hold(void **state)
{
    (void)state;
    assert_literals("保本", "保本");
    assert_literals("保(?:本|息)", "保本 保息");
    assert_literals("百分之?百", "百分之百 百分百");
    assert_literals("(?<!确)保本(?!点)", "保本");
    assert_literals("[零0]风险", "零风险 0风险");
    assert_literals("赚[^，]{0,4}稳定收益", "稳定收益");
    assert_literals("(?:人|家|户)[^，]{0,4}(?:赚|获利|盈利|回本)",
                    "赚 获利 盈利 回本");
    assert_literals("年化\\d{1,2}%", "年化");
    assert_literals("(?:a|bc)*保+", "保");
    assert_literals("a{2,3}b|c{1}", "a c");
    assert_literals("[^，]{1,4}", "");
    assert_literals("保本|.{3}", "");
    assert_literals("(?i)保本", "");
    assert_literals("(保)\\1", "");
}

static void test_all_that_a_match_must_hold_is_told(void **state)
{
    (void)state;
    assert_literals("保证[^，]{0,4}稳定收益", "稳定收益 + 保证");
    assert_literals("(?:保证.收益|承诺.{2}回报)", "保证 承诺 + 收益 回报");
    assert_literals("(?:保证.收益|承诺)", "保证 承诺");
    assert_literals("保证(?:.收益)?", "保证");
    assert_literals("(?:保证.)+收益", "保证 + 收益");
    /* One Chinese character is met everywhere. */
    assert_literals("赚[^，]{0,4}稳定收益", "稳定收益");
}

static size_t width_of(const char *pattern)
{
    struct aw_arena arena;
    struct aw_needs needs;
    struct aw_err err;

    aw_arena_init(&arena, (size_t)1 << 20);
    assert_int_equal(aw_literals_of(&needs, aw_str_of(pattern), &arena, &err),
                     AW_OK);
    aw_arena_deinit(&arena);
    return needs.width;
}

static void test_a_match_is_no_longer_than_its_width(void **state)
{
    (void)state;
    assert_int_equal(width_of("保证"), 6);
    assert_int_equal(width_of("保证.{0,2}收益"), 6 + 2 * 4 + 6);
    assert_int_equal(width_of("保(?:证|本息)"), 3 + 6);
    /* That is no repeat: the brace stands for itself. */
    assert_int_equal(width_of("保{,1}证"), 3 + 4 + 3);
    assert_true(width_of("保证.*") == SIZE_MAX);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_the_whole_is_only_doubted),
        TEST(test_the_whole_neither_voids_nor_exempts),
        TEST(test_no_rule_names_the_whole),
        TEST(test_a_good_lexicon_has_no_problem),
        TEST(test_a_file_with_nothing_in_it_is_an_error),
        TEST(test_a_list_is_put_in_escaped_and_longest_first),
        TEST(test_the_hash_follows_every_file),
        TEST(test_patterns_match_warm_and_cold),
        TEST(test_lines_are_known_where_they_are_asked_for),
        TEST(test_errors_name_file_and_line),
        TEST(test_an_id_is_used_once),
        TEST(test_check_tells_of_all_and_of_examples),
        TEST(test_limits_hold),
        TEST(test_a_missing_part_is_named),
        TEST(test_a_catastrophic_pattern_is_an_error),
        TEST(test_a_catastrophic_context_is_an_error),
        TEST(test_the_corpus_tells_of_rules_that_add_nothing),
        TEST(test_a_corpus_that_is_bad_is_told),
        TEST(test_literals_are_those_a_match_must_hold),
        TEST(test_all_that_a_match_must_hold_is_told),
        TEST(test_a_match_is_no_longer_than_its_width)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
