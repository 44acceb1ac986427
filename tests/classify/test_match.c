#include "classify/match.h"

#include "base/rng.h"
#include "base/utf8.h"
#include "fixture.h"

static char dir[PATH_MAX];
static struct aw_lexicon *lexicon;
static struct aw_matcher *matcher;
static struct aw_text text;

static void load(const char *rules)
{
    struct aw_err err = {0};

    put_lexicon(dir, rules);
    if (aw_lexicon_new(&lexicon, dir, &err) != AW_OK ||
        aw_matcher_new(&matcher, lexicon, NULL, &err) != AW_OK)
        fail_msg("%s", err.msg);
}

static int set_up(void **state)
{
    (void)state;
    make_temp(dir);
    aw_text_init(&text);
    load(rules_yaml);
    return 0;
}

static void unload(void)
{
    aw_matcher_free(matcher);
    aw_lexicon_free(lexicon);
    matcher = NULL;
    lexicon = NULL;
}

static int tear_down(void **state)
{
    (void)state;
    unload();
    aw_text_deinit(&text);
    drop_temp(dir);
    return 0;
}

static bool claims = true; /* told to aw_matcher_run_absent */

static size_t run_bytes(const char *bytes, size_t len)
{
    struct aw_err err;
    size_t count;

    assert_int_equal(aw_text_read_one(&text, (struct aw_str){bytes, len},
                                      &err),
                     AW_OK);
    assert_int_equal(aw_matcher_run(matcher, &text, &err), AW_OK);
    assert_int_equal(aw_matcher_run_absent(matcher, &text, claims, &err),
                     AW_OK);
    (void)aw_matcher_hits(matcher, &count);
    return count;
}

static size_t run(const char *one)
{
    return run_bytes(one, strlen(one));
}

static const struct aw_hit *hit(size_t number)
{
    size_t count;
    const struct aw_hit *hits = aw_matcher_hits(matcher, &count);

    assert_true(number < count);
    return &hits[number];
}

static void test_hits_tell_their_place_in_the_original(void **state)
{
    (void)state;
    assert_int_equal(run("年年保本保息，零风险"), 2);
    assert_int_equal(hit(0)->origin.start, 2);
    assert_int_equal(hit(0)->origin.end, 6);
    assert_int_equal(hit(1)->origin.start, 7);
    assert_int_equal(hit(0)->view, AW_VIEW_PLAIN);
}

static void test_a_disguise_hits_in_the_hard_view_alone(void **state)
{
    (void)state;
    assert_int_equal(run("年年保·本·保 息"), 1);
    assert_int_equal(hit(0)->view, AW_VIEW_HARD);
    assert_int_equal(hit(0)->origin.start, 2);
    assert_int_equal(hit(0)->origin.end, 9);
}

static void test_a_place_seen_in_both_views_is_one_hit(void **state)
{
    (void)state;
    assert_int_equal(run("产 品 保本保息 好"), 1);
    assert_int_equal(hit(0)->view, AW_VIEW_PLAIN);
}

static void test_contexts_have_their_windows(void **state)
{
    (void)state;
    assert_int_equal(run("本产品不保本"), 1);
    assert_non_null(hit(0)->void_by);
    assert_int_equal(run("不保险。它保本"), 1);
    assert_null(hit(0)->void_by);
    assert_int_equal(run("不但保本"), 1);
    assert_null(hit(0)->void_by);
    assert_int_equal(run("大家警惕，他说保本的"), 1);
    assert_str(hit(0)->exempt_by->id, "warning-near");
    assert_int_equal(run("大家警惕。他说保本的"), 1);
    assert_null(hit(0)->exempt_by);
    assert_int_equal(run("保本。买国债"), 1);
    assert_str(hit(0)->exempt_by->id, "bonds");
    assert_int_equal(run("保本保息吗。\n很久以前据说如此"), 1);
    assert_true(hit(0)->weight < -1);
    assert_int_equal(hit(0)->weighed_count, 1);
}

static void test_a_warning_anywhere_settles_what_is_absent(void **state)
{
    (void)state;
    assert_int_equal(run("年化8%，年化9%"), 1);
    assert_int_equal(run("年化8%，不过。\n投 资 有 风 险"), 0);
}

static void test_what_goes_with_a_claim_needs_one(void **state)
{
    static const char rules[] = "rules:\n"
                                "  - id: RW-001\n"
                                "    version: 1\n"
                                "    class: no_risk_warning\n"
                                "    severity: 1\n"
                                "    provision: law-1\n"
                                "    pattern: '元'\n"
                                "    absent: '有风险'\n"
                                "    beside: yes\n"
                                "    why: '没有风险提示'\n"
                                "    hit: ['三万元一份']\n";

    (void)state;
    unload();
    load(rules);
    claims = false;
    assert_int_equal(run("三万元一份"), 0);
    claims = true;
    assert_int_equal(run("三万元一份"), 1);
    assert_int_equal(run("三万元一份，有风险"), 0);
}

static void test_blocks_are_matched_each_alone(void **state)
{
    struct aw_document doc;
    struct aw_err err;
    size_t count;

    (void)state;
    aw_document_init(&doc, AW_CHANNEL_WEB);
    assert_int_equal(aw_document_add_block(&doc, AW_BLOCK_BODY, false,
                                           AW_STR("年年保"), &err),
                     AW_OK);
    assert_int_equal(aw_document_add_block(&doc, AW_BLOCK_BODY, false,
                                           AW_STR("本，但保本"), &err),
                     AW_OK);
    assert_int_equal(aw_text_read(&text, &doc, &err), AW_OK);
    assert_int_equal(aw_matcher_run(matcher, &text, &err), AW_OK);
    (void)aw_matcher_hits(matcher, &count);
    assert_int_equal(count, 1);
    assert_int_equal(hit(0)->block, 1);
    assert_int_equal(hit(0)->origin.start, 3);
    aw_document_deinit(&doc);
}

/* One rule with a pattern of its own. */
static void load_pattern(const char *pattern)
{
    char rules[1024];

    unload();
    (void)snprintf(rules, sizeof rules,
                   "rules:\n  - id: CP-001\n    version: 1\n"
                   "    class: capital_protection\n    severity: 1\n"
                   "    provision: law-1\n    pattern: '%s'\n    why: 'x'\n"
                   "    hit: ['x']\n",
                   pattern);
    load(rules);
}

static bool is_hit_from(size_t origin)
{
    size_t count;
    const struct aw_hit *hits = aw_matcher_hits(matcher, &count);

    for (size_t i = 0; i < count; i++)
        if (hits[i].view == AW_VIEW_PLAIN && hits[i].origin.start == origin)
            return true;
    return false;
}

static void test_the_prefilter_loses_no_hit(void **state)
{
    static const char *const patterns[] = {
        "保本|零风险",
        "(?:稳|包)[^，]{0,3}赚",
        "[一二三\\d]倍收益?",
        "(?<!确)保本(?!点)",
        "赚.{0,5}钱",
        "(?:a|b)?本金{1,2}",
        "(?:保(?:本|息)){2,3}",
        "稳(?=赚)|赚(?<=稳赚)钱",
        "百分之?百|100%",
        ".(?:收益|息收益金)",
        "本.{0,2}赚|(?:稳|保本).{0,6}(?:包赚|收益)",
        "(?:一|保)(?:倍|本息?)?(?:.{0,3}(?:百分|钱)){1,2}"};
    static const char *const words[] = {"保", "本", "息",   "稳", "赚",
                                        "钱", "，", "一",   "倍", "收益",
                                        "金", "包", "确",   "点", "百分",
                                        "百", "之", "100%", "\n", "息收益金"};
    struct aw_rng rng;

    (void)state;
    aw_rng_init(&rng, 11);
    for (size_t p = 0; p < sizeof patterns / sizeof patterns[0]; p++) {
        struct aw_pattern_scratch *scratch;
        struct aw_err err;

        load_pattern(patterns[p]);
        assert_null(aw_matcher_unfiltered(matcher, 0));
        assert_int_equal(aw_pattern_scratch_new(&scratch, &err), AW_OK);
        for (int round = 0; round < 300; round++) {
            char one[1024] = "";
            struct aw_range found;
            struct aw_str plain;
            bool is_there;

            for (int i = 0; i < 30; i++)
                (void)strcat(one, words[aw_rng_below(&rng, 20)]);
            (void)run(one);
            plain = aw_normal_str(&text.view[AW_VIEW_PLAIN],
                                  text.blocks[0].place[AW_VIEW_PLAIN]);
            is_there =
                aw_pattern_find(lexicon->rules[0].pattern, scratch, plain, 0,
                                plain.len, &found) == AW_PATTERN_FOUND;
            if (is_there)
                assert_true(
                    is_hit_from(text.view[AW_VIEW_PLAIN].map[found.start]));
        }
        aw_pattern_scratch_free(scratch);
    }
}

static void test_a_pattern_without_literals_is_tried_everywhere(void **state)
{
    (void)state;
    load_pattern("[一-十]{3}");
    assert_non_null(aw_matcher_unfiltered(matcher, 0));
    assert_int_equal(run("abc 一一一 xyz"), 1);
}

static void test_a_pattern_that_explodes_is_given_up(void **state)
{
    char many[4096];

    (void)state;
    load_pattern("(?:a+)+(?:a+)+(?:a+)+保本");
    memset(many, 'a', sizeof many);
    (void)memcpy(many + sizeof many - 7, "保息保", 7);
    many[2048] = ' ';
    (void)snprintf(many + sizeof many - 16, 16, "a保a本");
    (void)run(many);
    load_pattern("(?:(?:a|aa)+)+$|保本");
    (void)snprintf(many + sizeof many - 16, 16, "aa保本b");
    (void)run(many);
    assert_true(aw_matcher_gave_up(matcher) > 0);
}

static void test_a_text_full_of_hits_is_bounded(void **state)
{
    struct aw_buf many;

    (void)state;
    aw_buf_init(&many, (size_t)16 << 20);
    while (many.len < (size_t)10 << 20)
        aw_buf_puts(&many, "保本保息零·风·险年化8%，");
    assert_true(run_bytes(many.ptr, many.len) <= AW_HITS_MAX);
    aw_buf_deinit(&many);
}

/* Rules are not asked, nor do they ask. */
static void test_contexts_of_the_whole_weigh_beside_rules(void **state)
{
    struct aw_hit whole;
    struct aw_err err;

    (void)state;
    put_text(dir, "contexts/b.yaml",
             "contexts:\n"
             "  - {id: games, version: 1, effect: weigh, weight: -0.75,\n"
             "     where: whole, all: ['玩家'], none: ['提现'], why: '游戏'}\n"
             "  - {id: shops, version: 1, effect: weigh, weight: -0.25,\n"
             "     where: whole, all: ['包邮'], why: '购物'}\n");
    unload();
    load(rules_yaml);
    assert_int_equal(run("玩家来了，首日包邮"), 0);
    assert_int_equal(aw_matcher_weigh_whole(matcher, &text, &whole, &err),
                     AW_OK);
    assert_int_equal(whole.weighed_count, 2);
    assert_true(whole.weight < -0.99 && whole.weight > -1.01);
    assert_int_equal(run("玩家来了，当日提现，保本"), 1);
    assert_int_equal(aw_matcher_weigh_whole(matcher, &text, &whole, &err),
                     AW_OK);
    assert_int_equal(whole.weighed_count, 0);
    assert_true(whole.weight >= 0);
    assert_int_equal(run("玩家来了，保本"), 1);
    assert_true(aw_matcher_hits(matcher, &(size_t){0})[0].weighed_count == 0);
}

static void test_any_bytes_are_survived(void **state)
{
    static const char *const words[] = {"保",     "本",   "零",       "风险",
                                        "年化8%", "\xC3", "\xE4\xBF", "",
                                        "·",      "不"};
    struct aw_rng rng;

    (void)state;
    aw_rng_init(&rng, 3);
    for (int round = 0; round < 3000; round++) {
        char one[1024];
        size_t len = 0;

        for (int i = 0; i < 40; i++) {
            const char *word = words[aw_rng_below(&rng, 10)];

            memcpy(one + len, word, strlen(word));
            len += strlen(word);
            if (aw_rng_below(&rng, 8) == 0)
                one[len++] = (char)aw_rng_next(&rng);
        }
        (void)run_bytes(one, len);
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_hits_tell_their_place_in_the_original),
        TEST(test_a_disguise_hits_in_the_hard_view_alone),
        TEST(test_a_place_seen_in_both_views_is_one_hit),
        TEST(test_contexts_have_their_windows),
        TEST(test_a_warning_anywhere_settles_what_is_absent),
        TEST(test_what_goes_with_a_claim_needs_one),
        TEST(test_blocks_are_matched_each_alone),
        TEST(test_the_prefilter_loses_no_hit),
        TEST(test_a_pattern_without_literals_is_tried_everywhere),
        TEST(test_a_pattern_that_explodes_is_given_up),
        TEST(test_a_text_full_of_hits_is_bounded),
        TEST(test_contexts_of_the_whole_weigh_beside_rules),
        TEST(test_any_bytes_are_survived)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
