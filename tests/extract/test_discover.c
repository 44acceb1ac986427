/* Where links stand: the tests give a page, and the list of what is found in
 * it, "kind url" one a line.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/clock.h"
#include "extract/discover.h"
#include "extract/extract.h"
#include "extract/mention.h"

#define SLOW_MS 20000 /* under sanitizers, on a busy machine */

static struct aw_document doc;
static struct aw_err err;
static struct aw_buf list;

static int teardown(void **state)
{
    (void)state;
    aw_document_deinit(&doc);
    aw_buf_deinit(&list);
    return 0;
}

static void read_bytes(const char *type, struct aw_str bytes)
{
    struct aw_extract_input input = {.url = AW_STR("http://a.example/d/"),
                                     .content_type = aw_str_of(type),
                                     .bytes = bytes};

    aw_document_deinit(&doc);
    aw_document_init(&doc, AW_CHANNEL_WEB);
    if (aw_extract(&input, &doc, &err) != AW_OK)
        fail_msg("%s", err.msg);
}

/* The links of doc in one text. */
static const char *listed(void)
{
    aw_buf_deinit(&list);
    aw_buf_init(&list, 1 << 20);
    aw_buf_puts(&list, "");
    for (size_t i = 0; i < doc.link_count; i++)
        aw_buf_printf(&list, "%s %s%s\n", aw_link_kind_name(doc.links[i].kind),
                      doc.links[i].url.ptr,
                      doc.links[i].nofollow ? " nofollow" : "");
    return list.ptr;
}

static void assert_links(const char *html, const char *expected)
{
    read_bytes("text/html; charset=utf-8", aw_str_of(html));
    assert_string_equal(listed(), expected);
}

static void assert_text(const char *text, const char *expected)
{
    read_bytes("text/plain; charset=utf-8", aw_str_of(text));
    assert_string_equal(listed(), expected);
}

/* --- <link>, images --- */

static void alternates_next_and_previous_are_links(void **state)
{
    (void)state;
    assert_links("<link rel=alternate type=application/rss+xml href=/rss>"
                 "<link rel=ALTERNATE hreflang=en href=/en>"
                 "<link rel='next nofollow' href='?p=3'>"
                 "<link rel=prev type='text/html' href='?p=1'>",
                 "alternate http://a.example/rss\n"
                 "alternate http://a.example/en\n"
                 "alternate http://a.example/d/?p=3 nofollow\n"
                 "alternate http://a.example/d/?p=1\n");
}

static void style_sheets_icons_and_interfaces_are_no_links(void **state)
{
    (void)state;
    assert_links("<link rel=stylesheet href=/a.css><link rel=icon href=/b>"
                 "<link rel='alternate stylesheet' href=/c.css>"
                 "<link rel=alternate type=application/json href=/d>"
                 "<link rel=alternate type=text/xml+oembed href=/e>"
                 "<link rel=next><link href=/f><link rel=preload href=/g>",
                 "");
}

static void images_are_found_in_src_and_srcset(void **state)
{
    (void)state;
    assert_links("<img src=a.png srcset='b.png 1x, c.png 2x,d.png'>"
                 "<picture><source srcset=' , e.png 100w (x, y) , f,g.png,'>"
                 "</picture><img src='data:image/png;base64,AAAA'><img>",
                 "image http://a.example/d/a.png\n"
                 "image http://a.example/d/b.png\n"
                 "image http://a.example/d/c.png\n"
                 "image http://a.example/d/d.png\n"
                 "image http://a.example/d/e.png\n"
                 "image http://a.example/d/f,g.png\n");
}

static void images_have_a_limit_of_their_own(void **state)
{
    struct aw_buf page;

    (void)state;
    aw_buf_init(&page, 1 << 20);
    for (int i = 0; i < AW_DISCOVER_IMAGES_MAX + 10; i++)
        aw_buf_puts(&page, "<img src=i>");
    aw_buf_puts(&page, "<a href=last>x</a>");
    read_bytes("text/html", aw_buf_str(&page));
    assert_int_equal(doc.link_count, AW_DISCOVER_IMAGES_MAX + 1);
    assert_int_equal(doc.links[AW_DISCOVER_IMAGES_MAX].kind, AW_LINK_LINK);
    assert_false(doc.links_cut);
    aw_buf_deinit(&page);
}

static void a_page_with_too_many_links_says_so(void **state)
{
    struct aw_buf page;

    (void)state;
    aw_buf_init(&page, 1 << 20);
    for (int i = 0; i < AW_DOCUMENT_LINKS_MAX; i++)
        aw_buf_puts(&page, "<a href=b>");
    read_bytes("text/html", aw_buf_str(&page));
    assert_int_equal(doc.link_count, AW_DOCUMENT_LINKS_MAX);
    assert_false(doc.links_cut);
    aw_buf_puts(&page, "<a href=b>");
    read_bytes("text/html", aw_buf_str(&page));
    assert_int_equal(doc.link_count, AW_DOCUMENT_LINKS_MAX);
    assert_true(doc.links_cut);
    aw_buf_deinit(&page);
}

/* --- scripts --- */

static void plain_onclicks_are_links(void **state)
{
    (void)state;
    assert_links("<p onclick=\"location.href='/1?x=1&amp;y=2'\">a</p>"
                 "<p onclick='window.open(\"2.html\", \"_blank\")'>a</p>"
                 "<p onclick=\"window.location = '/3'; return false\">a</p>"
                 "<p onclick=\"open(`http://b.example/4`)\">a</p>"
                 "<p onclick=\"top.location.replace('/5')\">a</p>"
                 "<a href=\"javascript:location.assign('../6')\">a</a>"
                 "<a href=\" JavaScript:window.open('7.html');\">a</a>",
                 "script http://a.example/1?x=1&y=2\n"
                 "script http://a.example/d/2.html\n"
                 "script http://a.example/3\n"
                 "script http://b.example/4\n"
                 "script http://a.example/5\n"
                 "script http://a.example/6\n"
                 "script http://a.example/d/7.html\n");
}

static void what_is_put_together_or_something_else_is_no_link(void **state)
{
    static const char *const codes[] = {
        "location.href='/a?id='+id",
        "location.href=base+'/a'",
        "location=='/a'",
        "if (location.href == '/a')",
        "location.hash='/a'",
        "location.href='/a/{{id}}'",
        "location.href='<%= url %>'",
        "location.href='/a\\x41'",
        "location.href='/a\n'",
        "location.href='/a",
        "location.href='",
        "location.href=",
        "location",
        "mylocation='/a'",
        "xhr.open('GET', '/a')",
        "reopen('/a')",
        "window.open()",
        "window.open('')",
        "window.open(url)",
        "window.open('about')",
        "obj.location = '/a'",
        "location = '北京'",
        "location.href='javascript:void(0)'",
        "location.href='#top'",
    };
    char html[200];

    (void)state;
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        (void)snprintf(html, sizeof html, "<script>%s</script>", codes[i]);
        read_bytes("text/html", aw_str_of(html));
        if (doc.link_count > 0)
            fail_msg("'%s' gives %s", codes[i], listed());
    }
}

static void a_jump_in_a_script_of_the_page_is_a_link(void **state)
{
    (void)state;
    assert_links("<script>var u='/no';\nwindow.location.href = "
                 "\"http:\\/\\/b.example\\/jump\"\nfoo()</script>"
                 "<script type=text/javascript>self.location='/2';"
                 "location.replace ( '/3' )</script>"
                 "<script type=text/template>location='/no'</script>"
                 "<script type=application/json>{\"a\":\"location='/no'\"}"
                 "</script>",
                 "script http://b.example/jump\n"
                 "script http://a.example/2\n"
                 "script http://a.example/3\n");
}

static void data_attributes_that_look_like_addresses_are_links(void **state)
{
    (void)state;
    assert_links("<li data-href='/1'>a</li><tr><td data-url=' //b.example/2 '>"
                 "<p data-url='https://b.example/3' data-href='./4'>a</p>"
                 "<p data-href='five' data-url='/a b'>a</p>"
                 "<p data-url='/x/{id}' data-href='/'>a</p>",
                 "script http://a.example/1\n"
                 "script http://b.example/2\n"
                 "script http://a.example/d/4\n"
                 "script https://b.example/3\n");
}

static void scripts_take_linear_time(void **state)
{
    static const char *const units[] = {"location", "open(", "o", "location='",
                                        "open('x"};
    const struct aw_clock *clock = aw_clock_system();
    struct aw_buf page;

    (void)state;
    aw_buf_init(&page, 1 << 24);
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        int64_t start = aw_clock_mono(clock);

        aw_buf_reset(&page);
        while (page.len < 4000000) {
            size_t to = page.len + AW_DISCOVER_SCRIPT_MAX;

            aw_buf_puts(&page, "<script>");
            while (page.len < to)
                aw_buf_puts(&page, units[i]);
            aw_buf_puts(&page, "</script>");
        }
        read_bytes("text/html", aw_buf_str(&page));
        assert_true(aw_clock_mono(clock) - start < SLOW_MS);
    }
    aw_buf_deinit(&page);
}

/* --- JSON-LD --- */

static void json_ld_names_pages_by_url_and_id(void **state)
{
    (void)state;
    assert_links(
        "<meta charset=gbk><script type=application/ld+json>{\"@graph\":[{"
        "\"@type\":\"Product\",\"@id\":\"http://b.example/#p\","
        "\"url\":\"http://b.example/u?q=保\",\"image\":{\"url\":"
        "\"http://b.example/i.png\"},\"logo\":\"http://b.example/l.png\","
        "\"offers\":{\"url\":\"https://c.example/\"}},"
        "{\"@id\":\"#x\",\"url\":\"/relative\",\"item\":"
        "\"http://b.example/item\",\"mainEntityOfPage\":{\"@id\":"
        "\"http://b.example/main\"},\"text\":\"http://b.example/no\"}]}"
        "</script>",
        "data http://b.example/\n"
        "data http://b.example/u?q=%E4%BF%9D\n"
        "data https://c.example/\n"
        "data http://b.example/item\n"
        "data http://b.example/main\n");
}

/* --- in text --- */

static void addresses_in_text_are_links(void **state)
{
    (void)state;
    assert_text("请访问www.b.example/保本，或 HTTP://b.example:80/1。\n\n"
                "（https://c.example/a?b=1&c=2）见http://c.example/x,"
                "“www.d.example”!www.e-f.example/(g) (www.h.example/i)",
                "text http://b.example:80/1\n"
                "text http://www.b.example/\n"
                "text https://c.example/a?b=1&c=2\n"
                "text http://c.example/x\n"
                "text http://www.d.example/\n"
                "text http://www.e-f.example/(g)\n"
                "text http://www.h.example/i\n");
}

static void what_only_looks_like_an_address_is_none(void **state)
{
    (void)state;
    assert_text("http:// https:/b.example http://x xhttp:b.example ftp://b.ex "
                "a@www.b.example x.www.b.example www. www..b wwww.b.example "
                "http://-/ http://.b 时间：10:20 www.b http:b.example",
                "");
}

static void a_text_link_that_is_a_link_already_is_not_told_twice(void **state)
{
    (void)state;
    assert_links("<a href='http://b.example/'>http://b.example/</a>"
                 "<p>http://b.example/ www.c.example www.c.example</p>"
                 "<p hidden>www.d.example</p><p title=www.e.example>x</p>"
                 "<meta name=description content=www.f.example>",
                 "link http://b.example/\n"
                 "text http://www.c.example/\n");
}

static void mentions_have_a_limit(void **state)
{
    struct aw_buf text;

    (void)state;
    aw_buf_init(&text, 1 << 20);
    for (int i = 0; i < AW_MENTIONS_MAX + 10; i++)
        aw_buf_printf(&text, "http://b.example/%d ", i);
    read_bytes("text/plain", aw_buf_str(&text));
    assert_int_equal(doc.link_count, AW_MENTIONS_MAX);
    aw_buf_deinit(&text);
}

#define UNIT(test) cmocka_unit_test_teardown(test, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(alternates_next_and_previous_are_links),
        UNIT(style_sheets_icons_and_interfaces_are_no_links),
        UNIT(images_are_found_in_src_and_srcset),
        UNIT(images_have_a_limit_of_their_own),
        UNIT(a_page_with_too_many_links_says_so),
        UNIT(plain_onclicks_are_links),
        UNIT(what_is_put_together_or_something_else_is_no_link),
        UNIT(a_jump_in_a_script_of_the_page_is_a_link),
        UNIT(data_attributes_that_look_like_addresses_are_links),
        UNIT(scripts_take_linear_time),
        UNIT(json_ld_names_pages_by_url_and_id),
        UNIT(addresses_in_text_are_links),
        UNIT(what_only_looks_like_an_address_is_none),
        UNIT(a_text_link_that_is_a_link_already_is_not_told_twice),
        UNIT(mentions_have_a_limit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
