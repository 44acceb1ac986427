#include "tests/base/base_test.h"

#include "base/mask.h"
#include "base/utf8.h"

static void assert_masked(const char *text, const char *expected)
{
    struct aw_buf out;

    aw_buf_init(&out, 10000);
    aw_mask_put(&out, aw_str_of(text));
    assert_int_equal(out.rc, AW_OK);
    assert_string_equal(out.ptr, expected);
    aw_buf_deinit(&out);
}

static void telephones_keep_their_first_and_last_digits(void **s)
{
    (void)s;
    assert_masked("tel=13800001234&a", "tel=138****1234&a");
    assert_masked("138-0000-1234", "138-****-1234");
    assert_masked("a 138 0000 1234.", "a 138 **** 1234.");
    assert_masked("0537-5550123", "053*-***0123");
    assert_masked("400-000-1234", "40*-***-**34");
    assert_masked("55501234", "55****34");
}

static void codes_keep_three_and_four_characters(void **s)
{
    (void)s;
    assert_masked("代码91370811MA00X1Y2N7。", "代码913***********Y2N7。");
    assert_masked("x/11010119900307123X/y", "x/110***********123X/y");
}

static void firms_keep_two_characters_and_what_they_are(void **s)
{
    (void)s;
    assert_masked("济宁样例投资有限公司", "济宁**有限公司");
    assert_masked("/posters/济宁样例（集团）有限责任公司.jpg",
                  "/posters/济宁**有限责任公司.jpg");
    assert_masked("甲乙有限公司与丙丁农民合作社", "甲**有限公司与丙**合作社");
    assert_masked("ABC有限公司", "AB**有限公司");
    assert_masked("甲有限公司", "**有限公司");
}

static void what_names_nobody_stays(void **s)
{
    static const char *const stay[] = {
        "http://10.200.100.100:8080/a?b=1234567",
        "2026-11-26 02:13:07",
        "adwatch-20261126021307-00001.warc.gz",
        "20261126",
        "timeout",
        "有限公司",
        "页面无法读取",
    };

    (void)s;
    for (size_t i = 0; i < sizeof stay / sizeof *stay; i++)
        assert_masked(stay[i], stay[i]);
}

static void what_looks_like_a_date_but_is_none_is_masked(void **s)
{
    (void)s;
    assert_masked("20999999", "20****99");
    assert_masked("2026-1126-12", "20**-****-12");
}

static void bytes_that_are_no_text_go_through_without_harm(void **s)
{
    (void)s;
    assert_masked("\xFF\xC3 13800001234", "\xFF\xC3 138****1234");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(telephones_keep_their_first_and_last_digits),
        cmocka_unit_test(codes_keep_three_and_four_characters),
        cmocka_unit_test(firms_keep_two_characters_and_what_they_are),
        cmocka_unit_test(what_names_nobody_stays),
        cmocka_unit_test(what_looks_like_a_date_but_is_none_is_masked),
        cmocka_unit_test(bytes_that_are_no_text_go_through_without_harm),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
