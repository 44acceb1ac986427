/* Text in scripts: what they write as literals, and the data they are given.
 */
#include <stdlib.h>

#include "base/clock.h"
#include "extract/html.h"
#include "extract/literal.h"
#include "tests/base/base_test.h"

#define SLOW_MS 20000 /* under sanitizers, on a busy machine */

static struct aw_document doc;

static void read_page(struct aw_str html)
{
    struct aw_err err;

    aw_document_deinit(&doc);
    aw_document_init(&doc, AW_CHANNEL_WEB);
    doc.url = AW_STR("http://a.example/");
    assert_int_equal(aw_html_read(html, AW_STR(""), &doc, &err), AW_OK);
}

/* The page's blocks: "kind text|kind text|", those that are hidden with "!".
 */
static void assert_blocks(const char *html, const char *blocks)
{
    struct aw_buf all;

    aw_buf_init(&all, 1 << 20);
    read_page(aw_str_of(html));
    aw_buf_puts(&all, "");
    for (size_t i = 0; i < doc.block_count; i++)
        aw_buf_printf(&all, "%s%s %s|", doc.blocks[i].hidden ? "!" : "",
                      aw_block_kind_name(doc.blocks[i].kind),
                      doc.blocks[i].text.ptr);
    if (strcmp(all.ptr, blocks) != 0)
        fail_msg("%s:\n  %s\nnot\n  %s", html, all.ptr, blocks);
    aw_buf_deinit(&all);
}

static void what_is_written_stands_where_its_script_is(void **state)
{
    (void)state;
    assert_blocks("<p>保<script>document.write('本')</script>保息</p>尾",
                  "body 保保息|script 保本保息|body 尾|");
    assert_blocks("<p>一</p><script>document.write('<p>二</p>三')</script>四",
                  "body 一|script 二|body 四|script 三四|");
    assert_blocks("<script>document.write(\"<h2>一</h2>\");document.writeln"
                  "('<p title=\"二\">三</p>')</script>",
                  "script 一|script 三|attribute 二|");
    assert_blocks("<a href=b>一</a><script>document.write('<a href=c>二</a>')"
                  "</script>",
                  "link 一|script 一 二|");
    assert_int_equal(doc.link_count, 2);
    assert_string_equal(doc.links[1].url.ptr, "http://a.example/c");
}

static void what_is_put_together_gives_its_literals(void **state)
{
    (void)state;
    assert_blocks("<script>document.write('<b>一' + name(1, '二') + \"三\", "
                  "`四`); x('五')</script>",
                  "script 一二三四|");
    assert_blocks("<script>document.write('<a hr'+'ef=\"/q\">一<\\/a>')"
                  "</script>",
                  "script 一|");
    assert_string_equal(doc.links[0].url.ptr, "http://a.example/q");
    assert_blocks("<script>document.write(unescape('%u4FDD%u672C'));"
                  "document.write(decodeURIComponent( '%E6%81%AF' ))</script>",
                  "script 保本息|");
    assert_blocks("<script>document.write('\\u4fdd\\x41\\n\\u{672C}')"
                  "</script>",
                  "script 保A 本|");
}

static void what_is_written_into_an_element_is_a_block(void **state)
{
    (void)state;
    assert_blocks("<p>一<script>box.innerHTML = '<b>二</b>&#19977;';"
                  "$('#x').html(\"四\");e.textContent+='五';e.html('six');"
                  "if (e.innerHTML == '七') e.html(x)</script>",
                  "body 一|script 二三|script 四|script 五|");
}

static void what_only_looks_like_writing_is_none(void **state)
{
    (void)state;
    assert_blocks(
        "<script>file.write('一');document.writer('二');// document\n"
        "document.write;document.write(x);'document.write'"
        "</script>三",
        "body 三|");
    assert_blocks("<script type=text/plain>document.write('一')</script>二",
                  "body 二|");
}

static void elements_that_are_written_stay_open(void **state)
{
    (void)state;
    assert_blocks("<script>document.write('<div style=display:none>')"
                  "</script><p>一</p><script>document.write('</div>')"
                  "</script>二",
                  "!body 一|body 二|");
    assert_blocks("<script>document.write('<style>.a{display:none}</style>')"
                  "</script><p class=a>一",
                  "!body 一|");
    assert_blocks("<script>document.write('<scr'+'ipt>document.write(\"一\")"
                  "</scr'+'ipt>二')</script>",
                  "script 二|");
}

static void data_of_scripts_is_told_behind_the_page(void **state)
{
    (void)state;
    assert_blocks("<script>window.__STATE__ = {title: '一', \"键\":\"二\",\n"
                  "  list:[1.5, null, -2, true, {a:\"<p>三</p>&lt;四\"}], "
                  "en:'five'}</script><p>页",
                  "body 页|!state 一|!state 二|!state 三 <四|");
}

static void json_scripts_are_data(void **state)
{
    (void)state;
    assert_blocks("<script type=application/json id=__NEXT_DATA__>"
                  "{\"a\":{\"b\":[\"\\u4e00\",\"two\"]},\"c\":\"三\"}"
                  "</script>页",
                  "body 页|!state 一|!state 三|");
    assert_blocks("<script type='application/json'>{\"a\":\"一\",\"b\":"
                  "\"二</script>页",
                  "body 页|!state 一|");
}

static void data_in_strings_is_undone(void **state)
{
    (void)state;
    assert_blocks(
        "<script>x = JSON.parse('{\"a\":\"一\"}');"
        "self.f.push([1,\"5:[\\\"$\\\",{\\\"c\\\":\\\"二\\\"}]\\n\"]);"
        "</script>页",
        "body 页|!state 一|!state 二|");
}

static void code_is_no_data(void **state)
{
    (void)state;
    assert_blocks(
        "<script>f = {a:function(){alert('一')}};if (x == '二') "
        "alert('三'); var s = '四'; g = a[0] ? '五' : '六'</script>页",
        "body 页|");
    assert_blocks(
        "<script>d = {/* '一' */ a: '二' // '三'\n, b: '四'}</script>",
        "!state 二|!state 四|");
}

static void templates_in_scripts_are_read(void **state)
{
    (void)state;
    assert_blocks("<script type=text/x-template><li>一<b>二</b></li><li>"
                  "{{x}}三</li></script>",
                  "!state 一二 {{x}}三|");
}

static void literals_are_taken_whole_or_not_at_all(void **state)
{
    struct aw_str code = AW_STR("'a\\'b\\\\'rest");
    struct aw_buf out;

    (void)state;
    aw_buf_init(&out, 1000);
    assert_true(aw_literal_take(&code, &out));
    assert_str(aw_buf_str(&out), "a'b\\");
    assert_str(code, "rest");
    aw_buf_reset(&out);
    code = AW_STR("'ab\ncd'");
    assert_false(aw_literal_take(&code, &out));
    assert_int_equal(out.len, 0);
    code = AW_STR("\"\\ud83d\\ude00\\ud83d\\uZ\"");
    assert_true(aw_literal_take(&code, &out));
    assert_str(aw_buf_str(&out), "\xF0\x9F\x98\x80\xEF\xBF\xBDuZ");
    aw_buf_reset(&out);
    aw_literal_unescape(&out, AW_STR("%u4FDD%uD83D%uDE00%E6%9C%AC%FF%zz%"));
    assert_str(aw_buf_str(&out), "保\xF0\x9F\x98\x80本\xEF\xBF\xBD%zz%");
    aw_buf_deinit(&out);
}

static void read_many(const char *head, const char *text, size_t count)
{
    const struct aw_clock *clock = aw_clock_system();
    struct aw_buf html;
    int64_t start;

    aw_buf_init(&html, (size_t)32 << 20);
    aw_buf_puts(&html, head);
    for (size_t i = 0; i < count; i++)
        aw_buf_puts(&html, text);
    assert_int_equal(html.rc, AW_OK);
    start = aw_clock_mono(clock);
    read_page(aw_buf_str(&html));
    assert_true(aw_clock_mono(clock) - start < SLOW_MS);
    aw_buf_deinit(&html);
}

static void crafted_scripts_take_bounded_time(void **state)
{
    (void)state;
    read_many("<script>", "document.write(", 200000);
    read_many("<script>", "document.write('<b>一');", 100000);
    read_many("<script>", "a.html/*", 300000);
    read_many("<script>一", "=[", 1000000);
    read_many("<script>一", "=['\\'", 300000);
    read_many("<script>一", "=[\"\\\"`", 300000);
    read_many("<script>一", "({a:'一'/*", 300000);
    read_many("<script>一x=['", "\\\"", 1000000);
    read_many("", "<script>document.write('<div>')</script>", 50000);
    read_many("", "<script>x={a:'一'}</script>", 50000);
    read_many("", "<iframe srcdoc='<iframe srcdoc=&quot;", 100000);
}

static int teardown(void **state)
{
    (void)state;
    aw_document_deinit(&doc);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_stands_where_its_script_is),
        cmocka_unit_test(what_is_put_together_gives_its_literals),
        cmocka_unit_test(what_is_written_into_an_element_is_a_block),
        cmocka_unit_test(what_only_looks_like_writing_is_none),
        cmocka_unit_test(elements_that_are_written_stay_open),
        cmocka_unit_test(data_of_scripts_is_told_behind_the_page),
        cmocka_unit_test(json_scripts_are_data),
        cmocka_unit_test(data_in_strings_is_undone),
        cmocka_unit_test(code_is_no_data),
        cmocka_unit_test(templates_in_scripts_are_read),
        cmocka_unit_test(literals_are_taken_whole_or_not_at_all),
        cmocka_unit_test(crafted_scripts_take_bounded_time),
    };

    return cmocka_run_group_tests(tests, NULL, teardown);
}
