#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "extract/extract.h"
#include "extract/link.h"
#include "extract/query.h"

static struct aw_err err;

/* href on the page at url; "" where it is no link. */
static const char *resolve(const char *url, const char *base, const char *href)
{
    static char out[AW_LINK_BYTES_MAX + 1];
    struct aw_linker *linker = NULL;
    struct aw_str got = {0};

    assert_int_equal(aw_linker_new(&linker, aw_str_of(url), &err), AW_OK);
    if (base)
        aw_linker_base(linker, aw_str_of(base));
    if (!aw_linker_resolve(linker, aw_str_of(href), &got))
        got = AW_STR("");
    assert_true(got.len < sizeof out);
    (void)snprintf(out, sizeof out, "%.*s", AW_STR_ARG(got));
    aw_linker_free(linker);
    return out;
}

struct link_case {
    const char *href, *url;
};

static void assert_resolved(const char *url, const char *base,
                            const struct link_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const char *got = resolve(url, base, cases[i].href);

        if (strcmp(got, cases[i].url) != 0)
            fail_msg("'%s' gives '%s', not '%s'", cases[i].href, got,
                     cases[i].url);
    }
}

#define ASSERT_RESOLVED(url, base, cases) \
    assert_resolved(url, base, cases, sizeof(cases) / sizeof *(cases))

static void plain_links_are_joined_as_all_others_are(void **state)
{
    static const struct link_case cases[] = {
        {"e.html", "http://a.example:81/b/c/e.html"},
        {"/e/f.html?g=h&i=%e4+1", "http://a.example:81/e/f.html?g=h&i=%e4+1"},
        {"e/", "http://a.example:81/b/c/e/"},
        {"e?f=/../g", "http://a.example:81/b/c/e?f=/../g"},
        {"/", "http://a.example:81/"},
        {"./e", "http://a.example:81/b/c/e"},
        {"../e", "http://a.example:81/b/e"},
        {"../../../e", "http://a.example:81/e"},
        {"/e/./f/../g", "http://a.example:81/e/g"},
        {"e/.", "http://a.example:81/b/c/e/"},
        {"?x=1", "http://a.example:81/b/c/d.html?x=1"},
        {"e;f", "http://a.example:81/b/c/e;f"},
        {"e:f", ""},
        {"./e:f", "http://a.example:81/b/c/e:f"},
    };

    (void)state;
    ASSERT_RESOLVED("http://a.example:81/b/c/d.html?q=/r/s#t/u", NULL, cases);
    ASSERT_RESOLVED("http://a.example:81/b/c/d.html", NULL, cases);
    ASSERT_RESOLVED("http://x.example/", "http://a.example:81/b/c/d.html",
                    cases);
}

static void slashes_and_schemes_are_mended_as_browsers_do(void **state)
{
    static const struct link_case cases[] = {
        {"//c.example/d", "http://c.example/d"},
        {"\\\\c.example\\d", "http://c.example/d"},
        {"///c.example/d", "http://c.example/d"},
        {"http:////c.example/d", "http://c.example/d"},
        {"http:\\\\c.example/d", "http://c.example/d"},
        {"http:d", "http://a.example/b/d"},
        {"HTTP:/d", "http://a.example/d"},
        {"https:c.example/d", "https://c.example/d"},
        {"https:/c.example/d", "https://c.example/d"},
        {"ht\ntp://c.exa\tmple/\r\nd", "http://c.example/d"},
        {" \x01 /d\x1f ", "http://a.example/d"},
        {"/d\\e?f\\g#h\\i", "http://a.example/d/e?f\\g"},
        {"http:", ""},
        {"http://", ""},
        {"//", ""},
    };

    (void)state;
    ASSERT_RESOLVED("http://a.example/b/", NULL, cases);
}

static void a_base_is_resolved_itself_and_of_http_alone(void **state)
{
    static const struct link_case in_c[] = {{"d", "http://a.example/c/d"},
                                            {"/d", "http://a.example/d"}};
    static const struct link_case on_b[] = {{"d", "https://b.example/c/d"},
                                            {"//e/", "https://e/"}};
    static const struct link_case own[] = {{"d", "http://a.example/b/d"}};

    (void)state;
    ASSERT_RESOLVED("http://a.example/b/", "../c/x", in_c);
    ASSERT_RESOLVED("http://a.example/b/", "https://b.example/c/?q#f", on_b);
    ASSERT_RESOLVED("http://a.example/b/", "ftp://b.example/", own);
    ASSERT_RESOLVED("http://a.example/b/", "javascript:alert(1)", own);
    ASSERT_RESOLVED("http://a.example/b/", "data:text/html,", own);
    ASSERT_RESOLVED("http://a.example/b/", "", own);
    ASSERT_RESOLVED("http://a.example/b/", "http://c%BF.example/", own);
    assert_string_equal(resolve("", "c/", "d"), "d");
    assert_string_equal(resolve("", "http://a.example/c/", "d"),
                        "http://a.example/c/d");
}

static void a_host_of_bytes_that_are_no_text_is_no_link(void **state)
{
    static const struct link_case cases[] = {
        {"http://c%BF.example/x", ""},
        {"//c.example%BF", ""},
        {"http://c.example/%BF", "http://c.example/%BF"},
    };

    (void)state;
    ASSERT_RESOLVED("http://a.example/b/", NULL, cases);
}

static void what_is_too_long_is_no_link(void **state)
{
    char href[AW_LINK_BYTES_MAX + 8];

    (void)state;
    memset(href, 'a', sizeof href);
    href[AW_LINK_BYTES_MAX + 1] = '\0';
    assert_string_equal(resolve("", NULL, href), "");
    href[AW_LINK_BYTES_MAX] = '\0';
    assert_string_equal(resolve("", NULL, href), href);
    assert_string_equal(resolve("http://a.example/", NULL, href), "");
    memcpy(href, "https:", 6); /* two slashes too long when mended */
    assert_string_equal(resolve("http://a.example/", NULL, href), "");
    href[AW_LINK_BYTES_MAX - 3] = '\0';
    assert_int_equal(strlen(resolve("http://a.example/", NULL, href)),
                     AW_LINK_BYTES_MAX);
    href[1000] = '?';
    href[AW_LINK_BYTES_MAX - 4] = '"'; /* becomes three bytes */
    assert_string_equal(resolve("http://a.example/", NULL, href), "");
}

static const char *query(const char *charset, const char *text)
{
    static struct aw_buf out;
    struct aw_query *coder = NULL;

    if (out.max == 0)
        aw_buf_init(&out, 4096);
    aw_buf_reset(&out);
    aw_query_new(&coder, aw_str_of(charset));
    aw_query_put(coder, &out, aw_str_of(text));
    aw_query_free(coder);
    return out.ptr;
}

static void a_query_is_written_in_the_charset_of_the_page(void **state)
{
    static const struct {
        const char *charset, *text, *out;
    } cases[] = {
        {"gb18030", "?q=保本&r=a", "?q=%B1%A3%B1%BE&r=a"},
        {"big5", "?q=保本", "?q=%ABO%A5%BB"},
        {"utf-8", "?q=保本", "?q=%E4%BF%9D%E6%9C%AC"},
        {"", "保", "%E4%BF%9D"},
        {"no-such-charset", "保", "%E4%BF%9D"},
        {"utf-16le", "保", "%E4%BF%9D"},
        {"shift_jis", "保", "%95%DB"},
        {"euc-kr", "保", "%DC%C1"},
        {"windows-1252", "é€", "%E9%80"},
        {"gb18030", "€", "%80"},
        {"windows-1252", "保", "%26%2320445%3B"},
        {"gb18030", "😀", "%26%23128512%3B"},
        {"big5", "😀", "%26%23128512%3B"},
        {"big5", "㐂", "%26%2313314%3B"},
        {"utf-8", "a b\"<>'%&+;", "a%20b%22%3C%3E%27%&+;"},
        {"gb18030", "a b\x7f", "a%20b%7F"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(query(cases[i].charset, cases[i].text),
                            cases[i].out);
}

static void assert_page_link(struct aw_str html, const char *url)
{
    struct aw_extract_input input = {.url = AW_STR("http://a.example/"),
                                     .content_type = AW_STR("text/html"),
                                     .bytes = html};
    struct aw_document doc;

    aw_document_init(&doc, AW_CHANNEL_WEB);
    assert_int_equal(aw_extract(&input, &doc, &err), AW_OK);
    assert_int_equal(doc.link_count, 1);
    assert_string_equal(doc.links[0].url.ptr, url);
    aw_document_deinit(&doc);
}

static void pages_of_gbk_and_big5_ask_in_their_own_bytes(void **state)
{
    (void)state;
    assert_page_link(AW_STR("<meta charset=gb2312><a href='/\xB1\xA3?q="
                            "\xB1\xA3\xB1\xBE'>\xB1\xA3\xB1\xBE</a>"),
                     "http://a.example/%e4%bf%9d?q=%B1%A3%B1%BE");
    assert_page_link(AW_STR("<meta charset=big5><a href='/s?q="
                            "\xAB\x4F\xA5\xBB'>\xAB\x4F\xA5\xBB</a>"),
                     "http://a.example/s?q=%ABO%A5%BB");
    assert_page_link(AW_STR("<meta charset=gbk><a href='?q=&#20445;&eacute;'>"
                            "\xB1\xA3\xB1\xBE\xB1\xA3\xB1\xBE</a>"),
                     "http://a.example/?q=%B1%A3%A8%A6");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_links_are_joined_as_all_others_are),
        cmocka_unit_test(slashes_and_schemes_are_mended_as_browsers_do),
        cmocka_unit_test(a_base_is_resolved_itself_and_of_http_alone),
        cmocka_unit_test(a_host_of_bytes_that_are_no_text_is_no_link),
        cmocka_unit_test(what_is_too_long_is_no_link),
        cmocka_unit_test(a_query_is_written_in_the_charset_of_the_page),
        cmocka_unit_test(pages_of_gbk_and_big5_ask_in_their_own_bytes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
