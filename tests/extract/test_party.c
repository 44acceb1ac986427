#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <time.h>

#include "base/utf8.h"
#include "extract/party.h"

static struct aw_document doc;

static void scan(const char *text)
{
    struct aw_err err;

    aw_document_deinit(&doc);
    aw_document_init(&doc, AW_CHANNEL_WEB);
    assert_int_equal(aw_document_add_block(&doc, AW_BLOCK_BODY, false,
                                           aw_str_of(text), &err),
                     AW_OK);
    assert_int_equal(aw_party_scan(&doc, &err), AW_OK);
}

/* The values of a kind, joined by "|". */
static const char *values(enum aw_party_kind kind)
{
    static char all[4096];
    size_t len = 0;

    all[0] = '\0';
    for (size_t i = 0; i < doc.party_count; i++) {
        struct aw_str value = doc.parties[i].value;

        if (doc.parties[i].kind != kind)
            continue;
        assert_true(len + value.len + 2 < sizeof all);
        if (len > 0)
            all[len++] = '|';
        memcpy(all + len, value.ptr, value.len);
        len += value.len;
        all[len] = '\0';
    }
    return all;
}

static void assert_found(enum aw_party_kind kind, const char *text,
                         const char *expected)
{
    scan(text);
    assert_string_equal(values(kind), expected);
}

static int teardown(void **state)
{
    (void)state;
    aw_document_deinit(&doc);
    return 0;
}

static void firms_are_found_by_their_endings(void **state)
{
    (void)state;
    assert_found(AW_PARTY_NAME, "济宁样例投资管理有限公司",
                 "济宁样例投资管理有限公司");
    assert_found(AW_PARTY_NAME, "出品：样例粮油有限责任公司。",
                 "样例粮油有限责任公司");
    assert_found(AW_PARTY_NAME, "嘉祥县样例农民专业合作社",
                 "嘉祥县样例农民专业合作社");
    assert_found(AW_PARTY_NAME, "样例（上海）股份有限公司",
                 "样例（上海）股份有限公司");
    assert_found(AW_PARTY_NAME, "济宁样例投资中心（有限合伙）",
                 "济宁样例投资中心（有限合伙）");
    assert_found(AW_PARTY_NAME, "样例集团公司", "样例集团公司");
}

static void words_around_a_firm_are_no_part_of_it(void **state)
{
    (void)state;
    assert_found(AW_PARTY_NAME, "本项目由济宁样例担保有限公司提供担保",
                 "济宁样例担保有限公司");
    assert_found(AW_PARTY_NAME, "版权所有 山东样例科技有限公司 电话",
                 "山东样例科技有限公司");
    assert_found(AW_PARTY_NAME, "他是曲阜样例酒业有限公司的老板",
                 "曲阜样例酒业有限公司");
    assert_found(AW_PARTY_NAME, "（委托邹城样例拍卖有限公司）",
                 "邹城样例拍卖有限公司");
}

static void two_firms_side_by_side_are_two(void **state)
{
    (void)state;
    assert_found(AW_PARTY_NAME, "甲乙有限公司与丙丁有限公司、戊己有限公司",
                 "甲乙有限公司|丙丁有限公司|戊己有限公司");
}

static void a_branch_belongs_to_the_name(void **state)
{
    (void)state;
    assert_found(AW_PARTY_NAME, "样例保险股份有限公司济宁分公司",
                 "样例保险股份有限公司济宁分公司");
}

static void bare_endings_are_no_names(void **state)
{
    (void)state;
    assert_found(AW_PARTY_NAME, "有限公司和有限责任公司，加入合作社。本公司",
                 "");
}

static void credit_codes_count_only_with_the_right_check_digit(void **state)
{
    (void)state;
    assert_true(aw_party_is_uscc(AW_STR("91370811MA00X1Y2N7")));
    assert_found(AW_PARTY_USCC, "统一社会信用代码：91370811MA00X1Y2N7。",
                 "91370811MA00X1Y2N7");
    assert_found(AW_PARTY_USCC, "代码91370811ma00x1y2n7",
                 "91370811MA00X1Y2N7");
    assert_found(AW_PARTY_USCC, "代码91370811MA00X1Y2N8", "");
    assert_found(AW_PARTY_USCC, "代码A91370811MA00X1Y2N7", "");
    assert_false(aw_party_is_uscc(AW_STR("91370811MA00000")));
}

static void filings_are_written_in_one_form(void **state)
{
    (void)state;
    assert_found(AW_PARTY_ICP, "鲁ICP备16012345号-2", "鲁ICP备16012345号");
    assert_found(AW_PARTY_ICP, "备案：鲁 icp备 2021012345 号",
                 "鲁ICP备2021012345号");
    assert_found(AW_PARTY_ICP, "京ICP证030173号", "京ICP证030173号");
    assert_found(AW_PARTY_ICP, "ICP备16012345号 国ICP备16012345号", "");
    assert_found(AW_PARTY_PSB, "鲁公网安备 37080002000123号",
                 "鲁公网安备37080002000123号");
}

static void telephones_are_found_in_their_usual_forms(void **state)
{
    (void)state;
    assert_found(AW_PARTY_PHONE, "电话13800001234", "13800001234");
    assert_found(AW_PARTY_PHONE, "138-0000-1234 或 139 0000 1234",
                 "13800001234|13900001234");
    assert_found(AW_PARTY_PHONE, "+86 13800001234，8613800001235",
                 "13800001234|13800001235");
    assert_found(AW_PARTY_PHONE, "0537-5550123 （0537）5550124 010-55501234",
                 "0537-5550123|0537-5550124|010-55501234");
    assert_found(AW_PARTY_PHONE, "05375550125", "0537-5550125");
    assert_found(AW_PARTY_PHONE, "400-000-1234、4000001235、400-0001-236",
                 "400-000-1234|400-000-1235|400-000-1236");
    assert_found(AW_PARTY_PHONE, "１３８００００１２３４", "13800001234");
}

static void other_numbers_are_no_telephones(void **state)
{
    (void)state;
    assert_found(AW_PARTY_PHONE,
                 "2016-04-12 13800001234元 138000012345 a13800001234 "
                 "12800001234 100-200-3000 37080002000123",
                 "");
}

static void handles_are_found_behind_their_words(void **state)
{
    (void)state;
    assert_found(AW_PARTY_WECHAT, "加微信：yang_li88，有礼", "yang_li88");
    assert_found(AW_PARTY_WECHAT, "微信号 abcdef-1 加V zhangsan99",
                 "abcdef-1|zhangsan99");
    assert_found(AW_PARTY_WECHAT, "微信同号13800001234", "13800001234");
    assert_found(AW_PARTY_WECHAT, "微信扫码 weixin.qq.com 微信a1", "");
    assert_found(AW_PARTY_QQ, "QQ:12345678 qq群：87654321",
                 "12345678|87654321");
    assert_found(AW_PARTY_QQ, "QQ 0123 mail@qq.com QQ1234", "");
}

static void disguises_are_seen_through(void **state)
{
    (void)state;
    assert_found(AW_PARTY_PHONE, "①③⑧⓪⓪⓪⓪①②③④", "13800001234");
    assert_found(AW_PARTY_PHONE, "一三八零零零零一二三四", "13800001234");
    assert_found(AW_PARTY_WECHAT, "ᴠx：abcdef1 微❤信：abcdef2",
                 "abcdef1|abcdef2");
    assert_found(AW_PARTY_QQ, "扣扣１２３４５６７８", "12345678");
}

static void addresses_are_found_with_and_without_a_label(void **state)
{
    (void)state;
    assert_found(AW_PARTY_ADDRESS, "我在济宁市任城区样例路6号上班",
                 "济宁市任城区样例路6号");
    assert_found(AW_PARTY_ADDRESS, "地址：样例广场A座3楼，电话",
                 "样例广场A座3楼");
    assert_found(AW_PARTY_ADDRESS, "第6号公告说致富之路，6号楼", "");
}

static void domains_are_registrable_ones(void **state)
{
    (void)state;
    assert_found(AW_PARTY_DOMAIN, "上www.a.b.example.com看，a@qq.com",
                 "example.com");
    assert_found(AW_PARTY_DOMAIN, "http://127.0.0.1/ 3.14 index.html a@b", "");
}

static void the_domain_of_the_url_stands_nowhere_in_the_text(void **state)
{
    struct aw_err err;

    (void)state;
    scan("正文");
    doc.url = AW_STR("https://www.shop.example.com:8443/a?b");
    assert_int_equal(aw_party_add_host(&doc, &err), AW_OK);
    assert_string_equal(values(AW_PARTY_DOMAIN), "example.com");
    assert_int_equal(doc.parties[0].end, 0);
    doc.url = AW_STR("http://192.0.2.7/");
    assert_int_equal(aw_party_add_host(&doc, &err), AW_OK);
    assert_int_equal(doc.party_count, 1);
}

static void a_value_is_added_once_where_it_stands_first(void **state)
{
    (void)state;
    scan("电话：13800001234，再说一遍13800001234");
    assert_int_equal(doc.party_count, 1);
    assert_int_equal(doc.parties[0].block, 0);
    assert_int_equal(doc.parties[0].start, 3);
    assert_int_equal(doc.parties[0].end, 14);
}

static void places_count_code_points_of_the_block_as_it_is(void **state)
{
    (void)state;
    scan("葱😀ａｂ，１３８００００１２３４");
    assert_int_equal(doc.party_count, 1);
    assert_int_equal(doc.parties[0].start, 5);
}

static void over_the_limit_the_first_ones_are_kept(void **state)
{
    struct aw_buf text;

    (void)state;
    aw_buf_init(&text, (size_t)4 << 20);
    for (int i = 0; i < 3000; i++)
        aw_buf_printf(&text, "1380000%04d,", i);
    scan(text.ptr);
    assert_int_equal(doc.party_count, AW_DOCUMENT_PARTIES_MAX);
    aw_buf_deinit(&text);
}

/* Counted anew for each mark, the distances took 20 s in half of this, and
 * grew with its square. */
static void
marks_without_a_stop_take_time_that_grows_with_the_text(void **state)
{
    struct aw_buf text;
    clock_t start;

    (void)state;
    aw_buf_init(&text, (size_t)4 << 20);
    aw_buf_puts(&text, "甲乙路");
    for (int i = 0; i < 80000; i++)
        aw_buf_puts(&text, "丙丁戊己庚辛壬癸子丑寅卯辰路");
    aw_buf_puts(&text, "市号");
    start = clock();
    scan(text.ptr);
    assert_true((clock() - start) / CLOCKS_PER_SEC < 20);
    assert_int_equal(doc.party_count, 0);
    aw_buf_deinit(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(firms_are_found_by_their_endings),
        cmocka_unit_test(words_around_a_firm_are_no_part_of_it),
        cmocka_unit_test(two_firms_side_by_side_are_two),
        cmocka_unit_test(a_branch_belongs_to_the_name),
        cmocka_unit_test(bare_endings_are_no_names),
        cmocka_unit_test(credit_codes_count_only_with_the_right_check_digit),
        cmocka_unit_test(filings_are_written_in_one_form),
        cmocka_unit_test(telephones_are_found_in_their_usual_forms),
        cmocka_unit_test(other_numbers_are_no_telephones),
        cmocka_unit_test(handles_are_found_behind_their_words),
        cmocka_unit_test(disguises_are_seen_through),
        cmocka_unit_test(addresses_are_found_with_and_without_a_label),
        cmocka_unit_test(domains_are_registrable_ones),
        cmocka_unit_test(the_domain_of_the_url_stands_nowhere_in_the_text),
        cmocka_unit_test(a_value_is_added_once_where_it_stands_first),
        cmocka_unit_test(places_count_code_points_of_the_block_as_it_is),
        cmocka_unit_test(over_the_limit_the_first_ones_are_kept),
        cmocka_unit_test(
            marks_without_a_stop_take_time_that_grows_with_the_text),
    };

    return cmocka_run_group_tests(tests, NULL, teardown);
}
