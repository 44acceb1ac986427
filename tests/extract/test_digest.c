#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "extract/digest.h"
#include "extract/extract.h"

static struct aw_err err;

/* The digest of a page; holds until the call after the next. */
static const char *digest(const char *html)
{
    static char digests[2][AW_DOCUMENT_DIGEST_LEN + 1];
    static int turn;
    struct aw_extract_input input = {.content_type = AW_STR("text/html"),
                                     .charset = AW_STR("utf-8"),
                                     .bytes = aw_str_of(html)};
    struct aw_document doc;

    turn = !turn;
    aw_document_init(&doc, AW_CHANNEL_WEB);
    assert_int_equal(aw_extract(&input, &doc, &err), AW_OK);
    assert_true(doc.text_digest.len < sizeof digests[0]);
    memcpy(digests[turn], doc.text_digest.ptr ? doc.text_digest.ptr : "",
           doc.text_digest.len + 1);
    aw_document_deinit(&doc);
    return digests[turn];
}

static void assert_same(const char *a, const char *b)
{
    const char *one = digest(a);

    assert_string_equal(one, digest(b));
}

static void assert_differ(const char *a, const char *b)
{
    const char *one = digest(a);

    assert_string_not_equal(one, digest(b));
}

static const char *squeezed(const char *text)
{
    static struct aw_buf out;

    if (out.max == 0)
        aw_buf_init(&out, 4096);
    aw_buf_reset(&out);
    aw_buf_puts(&out, "");
    aw_digest_text(&out, aw_str_of(text));
    return out.ptr;
}

/* printf '保本abc' | sha256sum */
static void it_is_sha256_of_the_words_without_white_space(void **state)
{
    (void)state;
    assert_string_equal(
        digest("<p>保本<p> a b\n<b>c</b>&nbsp;\xE3\x80\x80"),
        "a16b19023937791bdfdf8532be460dfc46cb6102a0f4f82fbe3728ce9abc0e27");
}

static void what_a_visitor_does_not_read_does_not_change_it(void **state)
{
    static const char page[] = "<title>题</title><p>保本 高息</p>";

    (void)state;
    assert_same(page, "<title>题</title><div class=a><b>保本</b></div>"
                      "<span>\n高息</span>");
    assert_same(page, "<title>题</title><script>x = 17</script><!-- 17 -->"
                      "<p style='color:red'>保本 高息</p>");
    assert_same(page, "<title>题</title><p>保本 高息</p>"
                      "<p style='display:none'>令牌17</p><input type=hidden "
                      "value=令牌17><meta name=description content=新>");
    assert_same(page, "<title>题</title><p title=新 id=x17>保本 高息<img "
                      "alt=新></p><script type='application/ld+json'>"
                      "{\"name\":\"新\"}</script>");
}

static void other_words_or_another_order_change_it(void **state)
{
    (void)state;
    assert_differ("<p>保本 高息</p>", "<p>保本 低息</p>");
    assert_differ("<p>保本 高息</p>", "<p>高息 保本</p>");
    assert_differ("<p>年化18%</p>", "<p>年化19%</p>");
    assert_differ("<title>甲</title><p>保本</p>",
                  "<title>乙</title><p>保本</p>");
    assert_differ("<p>保本</p>", "<p>保本</p><a href=/x>更多</a>");
}

static void a_page_without_words_has_none(void **state)
{
    (void)state;
    assert_string_equal(digest("<p> </p><img alt=保本>"), "");
}

static void clocks_and_counters_are_left_out(void **state)
{
    (void)state;
    assert_same("<p>现在是 2026年11月23日 10:20:30</p><p>保本</p>",
                "<p>现在是 2026年11月24日 9:01:02</p><p>保本</p>");
    assert_same("<p>浏览次数：1,234 次</p><p>保本</p>",
                "<p>浏览次数：1,301 次</p><p>保本</p>");
    assert_string_equal(squeezed("时间 10:20:30 起"), "时间起");
    assert_string_equal(squeezed("访问量(17)人 保本"), "访问保本");
    assert_string_equal(squeezed("今天是2026/1/2 星期五"), "今天是星期五");
}

static void other_figures_stay(void **state)
{
    static const char *const stay[] = {
        "10:20",      "1:2:3",        "10:20:3", "110:20:30", "10:200:30",
        "10:20:300",  "2026年1月2日", "18%",     "1万元",     "人民币17元",
        "在线咨询17", "现金17",       "10::20",  "::",        "1:",
    };

    (void)state;
    for (size_t i = 0; i < sizeof stay / sizeof *stay; i++)
        assert_string_equal(squeezed(stay[i]), stay[i]);
    assert_string_equal(squeezed("浏览"), "浏览");
    assert_string_equal(squeezed("浏\xE8\xA7"), "浏\xE8\xA7");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_sha256_of_the_words_without_white_space),
        cmocka_unit_test(what_a_visitor_does_not_read_does_not_change_it),
        cmocka_unit_test(other_words_or_another_order_change_it),
        cmocka_unit_test(a_page_without_words_has_none),
        cmocka_unit_test(clocks_and_counters_are_left_out),
        cmocka_unit_test(other_figures_stay),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
