#include "classify/normalise.h"

#include "base/rng.h"
#include "base/utf8.h"
#include "classify/text.h"
#include "tests/base/base_test.h"

static struct aw_text text;

static int set_up(void **state)
{
    (void)state;
    aw_text_init(&text);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    aw_text_deinit(&text);
    return 0;
}

static void read_text(const char *original)
{
    struct aw_err err;

    assert_int_equal(aw_text_read_one(&text, aw_str_of(original), &err),
                     AW_OK);
}

static struct aw_str seen(enum aw_view view)
{
    return aw_normal_str(&text.view[view], text.blocks[0].place[view]);
}

static void assert_views(const char *original, const char *plain,
                         const char *hard)
{
    read_text(original);
    assert_str(seen(AW_VIEW_PLAIN), plain);
    assert_str(seen(AW_VIEW_HARD), hard);
}

/* The original words under `words` in the hard view. */
static void assert_quote(const char *original, const char *words,
                         const char *quote)
{
    struct aw_str all = aw_str_of(original);
    struct aw_range at, origin;
    size_t from, to;
    ptrdiff_t place;

    read_text(original);
    place = aw_str_find(seen(AW_VIEW_HARD), aw_str_of(words));
    assert_true(place >= 0);
    at.start = text.blocks[0].place[AW_VIEW_HARD].start + (size_t)place;
    at.end = at.start + strlen(words);
    origin = aw_normal_origin(&text.view[AW_VIEW_HARD], at);
    from = aw_utf8_offset(all, origin.start);
    to = aw_utf8_offset(all, origin.end);
    assert_str(aw_str_sub(all, from, to - from), quote);
}

static void test_letters_and_digits_become_half_width(void **state)
{
    (void)state;
    assert_views("ＡＢＣ１２３％", "abc123%", "abc123%");
    assert_views("①❷⓪⑳㈡", "12020二", "12020二");
    assert_views("٣৪", "34", "34");
}

static void test_numerals_have_one_form(void **state)
{
    (void)state;
    assert_views("Ⅻ期 ⅳ级", "12期 4级", "12期4级");
    assert_views("〇风险", "零风险", "零风险");
    assert_views("㊀⑴⒈㈠一𝟙１", "一11.一一11", "一11.一一11");
    assert_views("㉈㊿", "1050", "1050");
}

static void test_a_hundred_per_cent_has_one_form(void **state)
{
    static const char *const forms[] = {"100%",          "１００％",
                                        "100 %",         "100  %",
                                        "百分百",        "百分之百",
                                        "⑩0﹪",          "百分\u200b百",
                                        "百\u200b分之百"};
    char original[64];

    (void)state;
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        (void)snprintf(original, sizeof original, "保证%s回本", forms[i]);
        assert_views(original, "保证100%回本", "保证100%回本");
        assert_views(forms[i], "100%", "100%");
        (void)snprintf(original, sizeof original, "5·%s 回本", forms[i]);
        assert_views(original, "5·100% 回本", "5·100%回本");
        (void)snprintf(original, sizeof original, "保%sa", forms[i]);
        assert_views(original, "保100%a", "保100%a");
    }
    assert_views("保证 百分百 回本", "保证 100% 回本", "保证100%回本");
    assert_views("保·证·百分百", "保·证·100%", "保证100%");
    assert_views("百分百百分百", "100%100%", "100%100%");
}

static void test_other_numbers_stay(void **state)
{
    static const char *const others[] = {"1100 %",    "3.100 %",    "1,100 %",
                                         "100   %",   "100‰",       "三百分百",
                                         "5百分百",   "百分之一百", "百分之九",
                                         "百分 之百", "一百",       "分百"};

    (void)state;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        read_text(others[i]);
        assert_str(seen(AW_VIEW_PLAIN), others[i]);
    }
}

static void test_radicals_become_characters(void **state)
{
    (void)state;
    assert_views("⻛险 ⻓期 ⻅⻚ ⻮⻆", "风险 长期 见页 齿角",
                 "风险长期见页齿角");
    assert_views("⽊⽉⾯ 樂 金", "木月面 乐 金", "木月面乐金");
    assert_views("⺅呆", "亻呆", "亻呆");
}

static void test_letters_that_look_alike_become_latin(void **state)
{
    (void)state;
    assert_views("ВАО车 ьао", "bao车 bao", "bao车 bao");
    assert_views("ΑΒΟ ɡɑ", "abo ga", "abo ga");
    assert_views("Ｉ І Ι", "i i i", "i i i");
    assert_views("α收益 βγ", "α收益 βγ", "α收益 βγ");
    assert_views("привет", "пpиbet", "пpиbet");
}

static void test_traditional_becomes_simplified(void **state)
{
    (void)state;
    assert_views("保證無風險，穩賺不賠", "保证无风险，稳赚不赔",
                 "保证无风险，稳赚不赔");
    assert_views("⼀⾦", "一金", "一金");
    assert_views("収益 零風険 高額", "收益 零风险 高额", "收益零风险高额");
    assert_views("芸香 余额 欠缺", "芸香 余额 欠缺", "芸香余额欠缺");
}

static void
test_words_written_downwards_are_words_in_the_hard_view(void **state)
{
    (void)state;
    assert_views("零\n风\n险\n稳\n赚", "零\n风\n险\n稳\n赚", "零风险稳赚");
    assert_views("保\r\n\r\n本\t息", "保\n\n本 息", "保本息");
}

static void test_invisible_characters_go(void **state)
{
    (void)state;
    assert_views("保\u200B本\u202E息\uFEFF", "保本息", "保本息");
    assert_views("稳\u0336赚\u20DD", "稳赚", "稳赚");
    assert_views("0\uFE0F\u20E3风险", "0风险", "0风险");
}

static void test_punctuation_takes_its_chinese_form(void **state)
{
    (void)state;
    assert_views("保本,保息!(真的)", "保本，保息！（真的）",
                 "保本，保息！（真的）");
    assert_views("1,000元 10:30 http://a.b/c?d=1",
                 "1,000元 10:30 http://a.b/c?d=1",
                 "1,000元10:30 http://a.b/c?d=1");
}

static void
test_marks_between_chinese_characters_go_in_the_hard_view(void **state)
{
    (void)state;
    assert_views("保·本 保*息", "保·本 保*息", "保本保息");
    assert_views("保🔥本\n保~~息", "保🔥本\n保~~息", "保本保息");
    assert_views("保，本。息", "保，本。息", "保，本。息");
    assert_views("“保本”（保息）", "“保本”（保息）", "“保本”（保息）");
    assert_views("年化 12 %，5G·网", "年化 12 %，5g·网", "年化12 %，5g·网");
}

static void test_a_long_run_of_marks_divides(void **state)
{
    (void)state;
    assert_views("确保--------------------------------本期",
                 "确保--------------------------------本期",
                 "确保--------------------------------本期");
}

static void test_quotes_are_the_original_words(void **state)
{
    (void)state;
    assert_quote("保证100 %回本", "100%", "100 %");
    assert_quote("保证百分之百回本", "100%", "百分之百");
    assert_quote("保证百分之百回本", "%回", "百回");
    assert_quote("保证百分百 回本", "证100%回", "证百分百 回");
    assert_quote("我们保·本·保·息的", "保本保息", "保·本·保·息");
    assert_quote("零　風　險！", "零风险", "零　風　險");
    assert_quote("年化0\uFE0F\u20E3风险", "0风险", "0\uFE0F\u20E3风险");
    assert_quote("ﷺ保\u200B本", "保本", "保\u200B本");
}

static void test_every_byte_maps_to_its_code_point(void **state)
{
    (void)state;
    read_text("a保🔥本b");
    for (int view = 0; view < 2; view++) {
        struct aw_range block = text.blocks[0].place[view];
        const uint32_t *map = text.view[view].map;

        for (size_t i = block.start + 1; i < block.end; i++)
            assert_true(map[i] >= map[i - 1]);
        assert_int_equal(map[block.start], 0);
        assert_int_equal(map[block.end - 1], 4);
    }
}

static void test_places_go_both_ways(void **state)
{
    struct aw_range origin = {2, 5}, at;

    (void)state;
    read_text("我们保·本吧");
    at = aw_normal_place(&text.view[AW_VIEW_HARD],
                         text.blocks[0].place[AW_VIEW_HARD], origin);
    assert_str(aw_normal_str(&text.view[AW_VIEW_HARD], at), "保本");
}

static void test_sentences_end_at_marks_and_line_breaks(void **state)
{
    struct aw_range at;
    ptrdiff_t place;

    (void)state;
    read_text("第一句。第二句保本的话！第三句\n第四句");
    place = aw_str_find(seen(AW_VIEW_PLAIN), AW_STR("保本"));
    at = (struct aw_range){(size_t)place, (size_t)place + 6};
    at = aw_text_sentence(&text.view[AW_VIEW_PLAIN],
                          text.blocks[0].place[AW_VIEW_PLAIN], at);
    assert_str(aw_normal_str(&text.view[AW_VIEW_PLAIN], at), "第二句保本的话");
}

static void test_a_closing_mark_is_of_the_sentence_before(void **state)
{
    static const char *const sentences[] = {"“收益有保证", "她又加五万",
                                            "“真的吗", "真"};
    size_t pos = 0;

    (void)state;
    read_text("“收益有保证。”她又加五万！」』「真的吗？」\n真");
    for (size_t i = 0; i < sizeof sentences / sizeof *sentences; i++) {
        struct aw_range next = {0, 0};

        while (next.start == next.end)
            next = aw_text_next_sentence(&text.view[AW_VIEW_PLAIN],
                                         text.blocks[0].place[AW_VIEW_PLAIN],
                                         &pos);
        assert_str(aw_normal_str(&text.view[AW_VIEW_PLAIN], next),
                   sentences[i]);
    }
    assert_int_equal(pos, text.blocks[0].place[AW_VIEW_PLAIN].end);
}

static void test_any_bytes_are_survived(void **state)
{
    struct aw_rng rng;
    char bytes[257];
    struct aw_err err;

    (void)state;
    aw_rng_init(&rng, 7);
    for (int round = 0; round < 3000; round++) {
        size_t len = aw_rng_below(&rng, sizeof bytes);

        for (size_t i = 0; i < len; i++)
            bytes[i] = (char)aw_rng_next(&rng);
        assert_int_equal(aw_text_read_one(&text, (struct aw_str){bytes, len},
                                          &err),
                         AW_OK);
        assert_true(aw_utf8_valid(seen(AW_VIEW_PLAIN)));
        assert_true(aw_utf8_valid(seen(AW_VIEW_HARD)));
    }
}

static void test_every_code_point_folds_to_text(void **state)
{
    struct aw_buf all;
    struct aw_err err;
    struct aw_range block;
    uint32_t last;

    (void)state;
    aw_buf_init(&all, (size_t)8 << 20);
    for (uint32_t cp = 1; cp < 0x110000; cp++)
        if (cp < 0xD800 || cp > 0xDFFF)
            aw_utf8_put(&all, cp);
    assert_int_equal(aw_text_read_one(&text, aw_buf_str(&all), &err), AW_OK);
    assert_true(aw_utf8_valid(seen(AW_VIEW_PLAIN)));
    block = text.blocks[0].place[AW_VIEW_PLAIN];
    last = text.view[AW_VIEW_PLAIN].map[block.end - 1];
    assert_true(last < aw_utf8_count(aw_buf_str(&all)));
    aw_buf_deinit(&all);
}

static void assert_letters(const char *original, const char *letters)
{
    struct aw_normal *plain = &text.view[AW_VIEW_PLAIN];
    struct aw_buf got;

    read_text(original);
    aw_buf_init(&got, 4096);
    assert_int_equal(text.blocks[0].letters.start, 0);
    assert_int_equal(text.blocks[0].letters.end, plain->letter_count);
    for (size_t i = 0; i < plain->letter_count; i++)
        aw_utf8_put(&got, plain->letters[i]);
    assert_str(aw_buf_str(&got), letters);
    aw_buf_deinit(&got);
}

static void test_letters_are_without_spaces_marks_and_digits(void **state)
{
    (void)state;
    assert_letters("保·本 保*息\n好", "保本保息好");
    assert_letters("年化12.5%,Ａ①", "年化0%，a0");
    assert_letters("1 2 3", "0");
    assert_letters("保百分百本", "保0本");
    assert_letters("百分之百", "0");
    assert_letters("100 %，5 百分百a", "0，0a");
    assert_letters("5·百分百", "0");
    assert_letters("之百分百分百", "之0分百");
    assert_letters("", "");
    assert_letters("🔥 ~~", "");
}

static void test_there_are_no_more_letters_than_the_limit(void **state)
{
    struct aw_buf all;
    struct aw_err err;

    (void)state;
    aw_buf_init(&all, (size_t)1 << 20);
    for (size_t i = 0; i < AW_NORMAL_LETTERS_MAX + 9; i++)
        aw_buf_puts(&all, "保");
    assert_int_equal(aw_text_read_one(&text, aw_buf_str(&all), &err), AW_OK);
    assert_int_equal(text.view[AW_VIEW_PLAIN].letter_count,
                     AW_NORMAL_LETTERS_MAX);
    assert_int_equal(seen(AW_VIEW_PLAIN).len, all.len);
    aw_buf_deinit(&all);
}

static void add_block(struct aw_document *doc, const char *words)
{
    struct aw_err err;

    assert_int_equal(aw_document_add_block(doc, AW_BLOCK_BODY, false,
                                           aw_str_of(words), &err),
                     AW_OK);
}

/* The hard view is written from the first block on in which it differs. */
static void test_views_differ_from_any_block_on(void **state)
{
    static const char *const plain[] = {"安全 a b", "保本", "保·本", "好",
                                        "零 风险"};
    static const char *const hard[] = {"安全 a b", "保本", "保本", "好",
                                       "零风险"};
    struct aw_document doc;
    struct aw_err err;

    (void)state;
    aw_document_init(&doc, AW_CHANNEL_WEB);
    for (size_t count = 1; count <= 5; count++) {
        add_block(&doc, plain[count - 1]);
        assert_int_equal(aw_text_read(&text, &doc, &err), AW_OK);
        assert_int_equal(text.count, count);
        for (size_t i = 0; i < count; i++) {
            assert_str(aw_normal_str(&text.view[AW_VIEW_PLAIN],
                                     text.blocks[i].place[AW_VIEW_PLAIN]),
                       plain[i]);
            assert_str(aw_normal_str(&text.view[AW_VIEW_HARD],
                                     text.blocks[i].place[AW_VIEW_HARD]),
                       hard[i]);
        }
        assert_int_equal(text.view[AW_VIEW_HARD].len ==
                             text.view[AW_VIEW_PLAIN].len,
                         count < 3);
    }
    aw_document_deinit(&doc);
}

static void test_a_text_folds_only_once(void **state)
{
    char once[512];
    struct aw_str plain;

    (void)state;
    read_text("ＡＢｃ①保證㈱…“x”,y!½ﬁ");
    plain = seen(AW_VIEW_PLAIN);
    assert_true(plain.len < sizeof once);
    (void)snprintf(once, sizeof once, "%.*s", AW_STR_ARG(plain));
    read_text(once);
    assert_str(seen(AW_VIEW_PLAIN), once);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_letters_and_digits_become_half_width),
        TEST(test_numerals_have_one_form),
        TEST(test_a_hundred_per_cent_has_one_form),
        TEST(test_other_numbers_stay),
        TEST(test_radicals_become_characters),
        TEST(test_letters_that_look_alike_become_latin),
        TEST(test_traditional_becomes_simplified),
        TEST(test_words_written_downwards_are_words_in_the_hard_view),
        TEST(test_invisible_characters_go),
        TEST(test_punctuation_takes_its_chinese_form),
        TEST(test_marks_between_chinese_characters_go_in_the_hard_view),
        TEST(test_a_long_run_of_marks_divides),
        TEST(test_quotes_are_the_original_words),
        TEST(test_every_byte_maps_to_its_code_point),
        TEST(test_places_go_both_ways),
        TEST(test_sentences_end_at_marks_and_line_breaks),
        TEST(test_a_closing_mark_is_of_the_sentence_before),
        TEST(test_any_bytes_are_survived),
        TEST(test_every_code_point_folds_to_text),
        TEST(test_letters_are_without_spaces_marks_and_digits),
        TEST(test_there_are_no_more_letters_than_the_limit),
        TEST(test_views_differ_from_any_block_on),
        TEST(test_a_text_folds_only_once)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
