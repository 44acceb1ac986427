#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/utf8.h"
#include "evidence/redact.h"

static struct aw_redact *redact;
static struct aw_arena arena;
static struct aw_redact_places places;
static struct aw_buf out;
static struct aw_err err;

#define ASSERT_OK(call)                         \
    do {                                        \
        if ((call) != AW_OK)                    \
            fail_msg("%s: %s", #call, err.msg); \
    } while (0)

static int set_up(void **state)
{
    (void)state;
    ASSERT_OK(aw_redact_new(&redact, &err));
    aw_arena_init(&arena, (size_t)8 << 20);
    aw_buf_init(&out, (size_t)8 << 20);
    places = (struct aw_redact_places){.arena = &arena};
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    aw_redact_free(redact);
    aw_arena_deinit(&arena);
    aw_buf_deinit(&out);
    return 0;
}

/* Learns the text, and redacts it. */
static const char *taken(const char *text, enum aw_redact_form form)
{
    aw_buf_reset(&out);
    places.count = 0;
    ASSERT_OK(aw_redact_learn(redact, aw_str_of(text), form, &err));
    ASSERT_OK(
        aw_redact_text(redact, aw_str_of(text), form, &out, &places, &err));
    if (form != AW_REDACT_JSON)
        assert_int_equal(aw_utf8_count(aw_str_of(text)),
                         aw_utf8_count(aw_buf_str(&out)));
    return out.ptr;
}

/* Is all of the mark's run, and nothing else, of this kind? */
static void takes(enum aw_redact_kind kind, const char *text, const char *rest)
{
    assert_string_equal(taken(text, AW_REDACT_TEXT), rest);
    assert_int_equal(places.count, 1);
    assert_int_equal(places.items[0].kind, kind);
}

static void stays(const char *text)
{
    assert_string_equal(taken(text, AW_REDACT_TEXT), text);
    assert_int_equal(places.count, 0);
}

#define M11 "■■■■■■■■■■■"

/* Of the 30th of February: nobody's. */
#define ID_GOOD "370811198002300000"
#define ID_BAD "370811198002300001"
#define ID_SPACED "370811 19800230 0000"
#define ID_X "37081119800230006X"
#define ID_SMALL_X "37081119800230006x"
#define CARD "6222021600000012340"
#define CARD_BAD "6222021600000012341"
#define CARD_SPACED "6222 0216 0000 0012 340"
#define CARD_SPACED_TAKEN "■■■■■■■■■■■■■■■■■■■■■■■"
#define CARD_OTHER "9558800000123456782"

static void mobile_numbers_are_taken_however_they_are_written(void **state)
{
    (void)state;
    takes(AW_REDACT_MOBILE, "甲 13800001234 乙", "甲 " M11 " 乙");
    takes(AW_REDACT_MOBILE, "(138-0000-1234)", "(■■■■■■■■■■■■■)");
    takes(AW_REDACT_MOBILE, "甲138 0000 1234。", "甲■■■■■■■■■■■■■。");
    takes(AW_REDACT_MOBILE, "+86 13800001234", "+86 " M11);
    takes(AW_REDACT_MOBILE, "+8613800001234", "+86" M11);
    takes(AW_REDACT_MOBILE, "008613800001234", "0086" M11);
    takes(AW_REDACT_MOBILE, "１３８０００⓪１２３４", M11);
    takes(AW_REDACT_MOBILE, "138·0000·1234", "■■■■■■■■■■■■■");
    takes(AW_REDACT_MOBILE, "1380000l23O", M11);
    takes(AW_REDACT_MOBILE, "甲一三八零零零零一二三四", "甲" M11);
    takes(AW_REDACT_MOBILE, "甲幺三八〇〇〇〇一二三四", "甲" M11);
}

/* Nothing that a machine reads as the number is left. */
static void is_gone(const char *text, enum aw_redact_form form)
{
    (void)taken(text, form);
    if (places.count != 1 || !strstr(out.ptr, "■"))
        fail_msg("%s became %s", text, out.ptr);
}

static void escaped_numbers_are_taken(void **state)
{
    (void)state;
    is_gone("http://a.example/?t=%31%33%38%30%30%30%30%31%32%33%34",
            AW_REDACT_TEXT);
    is_gone("http://a.example/?t=%25313800001234", AW_REDACT_TEXT);
    is_gone("http://a.example/?n=%E5%BC%A0%E5%A5%B3%E5%A3%AB", AW_REDACT_TEXT);
    is_gone("mailto:wang%40qq.com", AW_REDACT_TEXT);
    is_gone("x=\"\\u0031\\u0033800001234\"", AW_REDACT_TEXT);
    is_gone("x='\\x313800001234'", AW_REDACT_TEXT);
    is_gone("x='\\u{31}3800001234'", AW_REDACT_TEXT);
    is_gone("p:before{content:'\\31 3800001234'}", AW_REDACT_TEXT);
    is_gone("{\"a\":\"{\\\"b\\\":\\\"\\\\u00313800001234\\\"}\"}",
            AW_REDACT_JSON);
    is_gone("<a href=\"tel:&#49;3800001234\">x</a>", AW_REDACT_HTML);
    is_gone("<td>138</td><td>0000</td><td>1234</td>", AW_REDACT_HTML);
    is_gone("{\"13800001234\":1}", AW_REDACT_JSON);
    is_gone("{\"decisions\":[{\"reason\":\"13800001234\"}]}", AW_REDACT_JSON);
}

static void numbers_half_in_numerals_are_taken(void **state)
{
    (void)state;
    takes(AW_REDACT_MOBILE, "甲139一二三四五六七八", "甲" M11);
    takes(AW_REDACT_MOBILE, "甲一三9零零零零1234", "甲" M11);
    takes(AW_REDACT_MOBILE, "86139 12345675", "86■■■■■■■■■■■■");
    takes(AW_REDACT_NAME, "李 明 女士", "■■■ 女士");
    takes(AW_REDACT_NAME, "李明 女士", "■■ 女士");
}

static void a_person_s_telephone_is_no_offer(void **state)
{
    (void)state;
    assert_string_equal(taken("李女士电话：13800138001 已赚三万",
                              AW_REDACT_TEXT),
                        "■女士电话：" M11 " 已赚三万");
}

static void whom_the_advertiser_names_beside_its_own_number_stays(void **state)
{
    (void)state;
    stays("联系人：钱经理 咨询热线：13800001234");
    stays("咨询热线：13800001234 联系人：钱多多");
    assert_string_equal(taken("钱先生买了", AW_REDACT_TEXT), "■先生买了");
    assert_string_equal(taken("联系人：赵四", AW_REDACT_TEXT), "联系人：■■");
    assert_string_equal(taken("客户联系人：孙某 电话：13800001299",
                              AW_REDACT_TEXT),
                        "客户联系人：■■ 电话：" M11);
}

static void what_is_no_mobile_number_stays(void **state)
{
    (void)state;
    stays("订单号：13800001234");
    stays("订单号 No.13800001234");
    stays("138000012345");
    stays("1380000123");
    stays("A13800001234");
    stays("12800001234");
    stays("13800001234元");
    stays("0.13800001234");
    stays("13800001234.55");
    stays("20261126021300123");
    stays("urn:uuid:13800001-1234-4abc-8def-138000012345");
    stays("3f13800001234a0c");
    stays("400-123-4567, 0537-2345678");
}

static void two_numbers_in_a_row_are_two(void **state)
{
    (void)state;
    assert_string_equal(taken("13800001234 13900005678", AW_REDACT_TEXT),
                        M11 " " M11);
    assert_int_equal(places.count, 2);
    assert_int_equal(places.items[1].start, 12);
    assert_int_equal(places.items[1].end, 23);
}

static void identity_cards_need_their_check_digit(void **state)
{
    (void)state;
    takes(AW_REDACT_ID_CARD, "证 " ID_GOOD "。", "证 ■■■■■■■■■■■■■■■■■■。");
    takes(AW_REDACT_ID_CARD, ID_SPACED, "■■■■■■■■■■■■■■■■■■■■");
    takes(AW_REDACT_ID_CARD, ID_X, "■■■■■■■■■■■■■■■■■■");
    takes(AW_REDACT_ID_CARD, ID_SMALL_X, "■■■■■■■■■■■■■■■■■■");
    stays(ID_BAD);
    stays("91370811MA00X1Y2N7");
}

static void bank_cards_need_theirs_and_a_beginning_or_a_word(void **state)
{
    (void)state;
    takes(AW_REDACT_BANK_CARD, CARD, "■■■■■■■■■■■■■■■■■■■");
    takes(AW_REDACT_BANK_CARD, "卡 " CARD_SPACED, "卡 " CARD_SPACED_TAKEN);
    takes(AW_REDACT_BANK_CARD, "账号：" CARD_OTHER,
          "账号：■■■■■■■■■■■■■■■■■■■");
    stays(CARD_OTHER);
    stays("订单号 " CARD);
    stays(CARD_BAD);
}

static void mailboxes_of_everybody_are_taken(void **state)
{
    (void)state;
    takes(AW_REDACT_MAILBOX, "甲 Wang.Fang@QQ.com 乙",
          "甲 ■■■■■■■■■■■■■■■■ 乙");
    takes(AW_REDACT_MAILBOX, "wangfang＠vip.163.com。",
          "■■■■■■■■■■■■■■■■■■■■。");
    stays("info@jinhui-wealth.example");
    stays("@qq.com");
}

static void names_are_taken_where_they_are_plain(void **state)
{
    (void)state;
    takes(AW_REDACT_NAME, "来自济宁的张先生说", "来自济宁的■先生说");
    takes(AW_REDACT_NAME, "王建国先生", "■■■先生");
    takes(AW_REDACT_NAME, "欧阳女士", "■■女士");
    takes(AW_REDACT_NAME, "联系人：王芳，", "联系人：■■，");
    takes(AW_REDACT_NAME, "联系人王芳电话", "联系人■■电话");
    takes(AW_REDACT_NAME, "客户：李小明", "客户：■■■");
    stays("各位先生女士");
    stays("客户经理");
    stays("户名：金汇财富管理有限公司");
    stays("户名：金汇财富");
    stays("联系人员");
}

static void a_long_name_is_taken_everywhere(void **state)
{
    (void)state;
    assert_string_equal(taken("联系人：王建国\n次日王建国又说",
                              AW_REDACT_TEXT),
                        "联系人：■■■\n次日■■■又说");
    assert_string_equal(taken("王建国", AW_REDACT_TEXT), "■■■");
}

static void what_the_advertiser_offers_is_kept_everywhere(void **state)
{
    struct aw_redact_kept kept;
    size_t at = 0;

    (void)state;
    stays("咨询热线：13800001234");
    stays("甲 138-0000-1234");
    assert_true(aw_redact_kept(redact, &at, &kept));
    assert_int_equal(kept.kind, AW_REDACT_MOBILE);
    assert_true(aw_str_eq(kept.value, AW_STR("13800001234")));
    assert_false(aw_redact_kept(redact, &at, &kept));
    takes(AW_REDACT_MOBILE, "客户李某（电话13900001234）",
          "客户李某（电话" M11 "）");
}

static void what_somebody_names_is_kept(void **state)
{
    (void)state;
    ASSERT_OK(aw_redact_keep(redact, AW_STR("+86 139-0000-1234"), &err));
    ASSERT_OK(aw_redact_keep(redact, AW_STR("A@qq.com"), &err));
    ASSERT_OK(aw_redact_keep(redact, AW_STR("王芳"), &err));
    stays("客户13900001234 a@QQ.com 联系人：王芳");
    assert_int_equal(aw_redact_keep(redact, AW_STR("12"), &err), AW_INVALID);
}

static void html_is_looked_at_across_tags_and_entities(void **state)
{
    (void)state;
    assert_string_equal(taken("<p>138<b>0000</b>1234</p>", AW_REDACT_HTML),
                        "<p>■■■<b>■■■■</b>■■■■</p>");
    assert_string_equal(taken("&#49;38&nbsp;00001234", AW_REDACT_HTML),
                        "■■■■■■■■■■■■■■■■■■■■■");
    assert_string_equal(taken("<a href=\"x:13800001234\">甲</a>",
                              AW_REDACT_HTML),
                        "<a href=\"x:" M11 "\">甲</a>");
    assert_string_equal(taken("<td>138</td><td>00001234</td>", AW_REDACT_HTML),
                        "<td>138</td><td>00001234</td>");
}

static void json_is_redacted_in_its_texts_alone(void **state)
{
    (void)state;
    assert_string_equal(
        taken("{\"n\":13800001234,\"t\":\"a\\n\\u0031380000\\u002d1234\\\"\"}",
              AW_REDACT_JSON),
        "{\"n\":13800001234,\"t\":\"a\\n■■■■■■■■■■■■\\\"\"}");
    assert_string_equal(
        taken("{\"decisions\" : [{\"r\":\"13800001234]\"}],\"t\":\"x\"}",
              AW_REDACT_JSON),
        "{\"decisions\" : [{\"r\":\"" M11 "]\"}],\"t\":\"x\"}");
    assert_int_equal(aw_redact_learn(redact, AW_STR("{\"a"), AW_REDACT_JSON,
                                     &err),
                     AW_INVALID);
    assert_int_equal(aw_redact_learn(redact, AW_STR("{\"decisions"),
                                     AW_REDACT_JSON, &err),
                     AW_INVALID);
}

static void bytes_that_are_no_text_go_through(void **state)
{
    const struct aw_str text = AW_STR("\xFF\0\xE4\xBD 13800001234 \xC3");

    (void)state;
    ASSERT_OK(aw_redact_learn(redact, text, AW_REDACT_HTML, &err));
    ASSERT_OK(
        aw_redact_text(redact, text, AW_REDACT_HTML, &out, &places, &err));
    assert_true(
        aw_str_eq(aw_buf_str(&out), AW_STR("\xFF\0\xE4\xBD " M11 " \xC3")));
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(mobile_numbers_are_taken_however_they_are_written),
        TEST(escaped_numbers_are_taken),
        TEST(numbers_half_in_numerals_are_taken),
        TEST(a_person_s_telephone_is_no_offer),
        TEST(whom_the_advertiser_names_beside_its_own_number_stays),
        TEST(what_is_no_mobile_number_stays),
        TEST(two_numbers_in_a_row_are_two),
        TEST(identity_cards_need_their_check_digit),
        TEST(bank_cards_need_theirs_and_a_beginning_or_a_word),
        TEST(mailboxes_of_everybody_are_taken),
        TEST(names_are_taken_where_they_are_plain),
        TEST(a_long_name_is_taken_everywhere),
        TEST(what_the_advertiser_offers_is_kept_everywhere),
        TEST(what_somebody_names_is_kept),
        TEST(html_is_looked_at_across_tags_and_entities),
        TEST(json_is_redacted_in_its_texts_alone),
        TEST(bytes_that_are_no_text_go_through),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
