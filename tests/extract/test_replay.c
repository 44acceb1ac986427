#include "tests/base/base_test.h"

#include "base/clock.h"
#include "extract/replay.h"

#define OUT_MAX ((size_t)64 << 20)
#define A "http%3A%2F%2Fa.example%2F"

static struct aw_buf out;
static bool cut;

static void html_of(struct aw_str page, bool dom)
{
    struct aw_replay_from from = {.url = AW_STR("http://a.example/b/c.html"),
                                  .charset = AW_STR("utf-8"),
                                  .dom = dom};
    struct aw_err err;

    aw_buf_deinit(&out);
    aw_buf_init(&out, OUT_MAX);
    assert_int_equal(aw_replay_html(page, &from, &out, &cut, &err), AW_OK);
}

static const char *html(const char *page)
{
    html_of(aw_str_of(page), false);
    return out.ptr ? out.ptr : "";
}

static const char *css(const char *sheet)
{
    struct aw_replay_from from = {.url = AW_STR("http://a.example/b/c.css")};
    struct aw_err err;

    aw_buf_deinit(&out);
    aw_buf_init(&out, OUT_MAX);
    assert_int_equal(aw_replay_css(aw_str_of(sheet), &from, &out, &cut, &err),
                     AW_OK);
    return out.ptr ? out.ptr : "";
}

struct pair {
    const char *in, *out;
};

static void pages(const struct pair *pairs, size_t count)
{
    for (size_t i = 0; i < count; i++)
        assert_string_equal(html(pairs[i].in), pairs[i].out);
}

#define PAGES(pairs) pages(pairs, sizeof(pairs) / sizeof *(pairs))

static void what_runs_is_left_out(void **state)
{
    static const struct pair pairs[] = {
        {"a<script>alert(1)</script>b", "ab"},
        {"<ScRiPt src=x>", ""},
        {"<img src=x onerror=alert(1)>", "<img src=\"" A "b%2Fx\">"},
        {"<p ONCLICK='x' onclick=y id=k>t", "<p id=\"k\">t"},
        {"<iframe src=x><p>in</p></iframe>out", "out"},
        {"<object data=x><embed src=y>t</object>", "t"},
        {"<meta http-equiv=refresh content='0;url=http://evil.example/'>", ""},
        {"<svg><a><animate attributeName=href values=http://e.example/>t</a>",
         "<svg><a>t</a>"},
        {"<svg><set attributeName=onload to=x />", "<svg>"},
        {"<body onload=x>", "<body>"},
        {"<form action=http://e.example/><button formaction=/x>b</button>",
         "<form><button>b</button>"},
        {"<a\x01=b href=x>", ""},
    };

    (void)state;
    PAGES(pairs);
}

static void what_is_loaded_comes_from_one_folder(void **state)
{
    static const struct pair pairs[] = {
        {"<img src=\"/i.png?a=1&amp;b=2\">",
         "<img src=\"" A "i.png%3Fa%3D1%26b%3D2\">"},
        {"<img src=//c.example/%E4%BF%9D.png>",
         "<img src=\"http%3A%2F%2Fc.example%2F%25E4%25BF%259D.png\">"},
        {"<img src=../../../etc/passwd>", "<img src=\"" A "etc%2Fpasswd\">"},
        {"<img src=javascript:alert(1)>", "<img>"},
        {"<img src=' java\nscript:x'>", "<img>"},
        {"<img src=file:///etc/passwd>", "<img>"},
        {"<img src=data:image/png;base64,AAAA>",
         "<img src=\"data:image/png;base64,AAAA\">"},
        {"<img srcset='a.png 1x, /b.png 2x,javascript:x 3x'>",
         "<img srcset=\"" A "b%2Fa.png 1x, " A "b.png 2x\">"},
        {"<img srcset='a.png, b.png'>",
         "<img srcset=\"" A "b%2Fa.png , " A "b%2Fb.png \">"},
        {"<img srcset='a.png 1x\" onerror=x'>", "<img>"},
        {"<td background=bg.gif>", "<td background=\"" A "b%2Fbg.gif\">"},
        {"<link rel='shortcut icon' href=/f.ico>",
         "<link rel=\"shortcut icon\" href=\"" A "f.ico\">"},
        {"<link rel=stylesheet href=s.css integrity=sha256-x crossorigin>",
         "<link rel=\"stylesheet\" href=\"" A "b%2Fs.css\">"},
        {"<link rel=preload href=s.js as=script>", ""},
        {"<link rel=import href=x.html>", ""},
        {"<link rel='preload icon' as=image imagesrcset='i.png 1x'>",
         "<link rel=\"preload icon\" as=\"image\" imagesrcset=\"" A
         "b%2Fi.png 1x\">"},
        {"<base href=http://evil.example/d/><img src=i.png>",
         "<img src=\"http%3A%2F%2Fevil.example%2Fd%2Fi.png\">"},
        {"<svg><image xlink:href=i.svg /><use href=#g /><use href=o.svg#g />",
         "<svg><image xlink:href=\"" A "b%2Fi.svg\" />"
         "<use href=\"#g\" /><use />"},
        {"<script src=x></script><p src=y>", "<p>"},
    };

    (void)state;
    PAGES(pairs);
}

/* As a DOM has them. The base of a frame is its own. */
static void pages_in_frames_are_written_anew_too(void **state)
{
    static const struct pair pairs[] = {
        {"<iframe src=//e.example/ width=9 srcdoc='<script>x</script>&lt;img "
         "src=i.png>&amp;lt;' onload=x>in</iframe>out",
         "<iframe sandbox width=\"9\" srcdoc=\"&lt;img src=&#34;" A
         "b%2Fi.png&#34;>&amp;lt;\"></iframe>out"},
        {"<iframe srcdoc='<base href=http://c.example/><img src=i.png>'>"
         "</iframe><img src=i.png>",
         "<iframe sandbox srcdoc=\"&lt;img src=&#34;http%3A%2F%2Fc.example"
         "%2Fi.png&#34;>\"></iframe><img src=\"" A "b%2Fi.png\">"},
        {"<iframe srcdoc=''>", ""},
    };

    (void)state;
    PAGES(pairs);
}

static void links_lead_nowhere(void **state)
{
    static const struct pair pairs[] = {
        {"<a href=http://evil.example/ target=_top ping=x>t</a>",
         "<a href=\"#-\">t</a>"},
        {"<a href='javascript:alert(1)'>t</a>", "<a href=\"#-\">t</a>"},
        {"<map><area href=x shape=rect>",
         "<map><area href=\"#-\" shape=\"rect\">"},
        {"<svg><a xlink:href=//e.example/>t</a>",
         "<svg><a xlink:href=\"#-\">t</a>"},
        {"<math href=//e.example/>", "<math>"},
    };

    (void)state;
    PAGES(pairs);
}

static void css_is_taken_to_the_same_folder(void **state)
{
    static const struct pair pairs[] = {
        {"a{background:url(i.png)}", "a{background:url(\"" A "b%2Fi.png\")}"},
        {"a{background:URL( \"/i\\20 j.png\" )}",
         "a{background:url(\"" A "i%2520j.png\")}"},
        {"@import 'x.css' screen;", "@import \"" A "b%2Fx.css\" screen;"},
        {"@import url(//c.example/x.css);",
         "@import url(\"http%3A%2F%2Fc.example%2Fx.css\");"},
        {"a{content:'i.png';b:url(#g)}", "a{content:\"i.png\";b:url(\"#g\")}"},
        {"a{b:url(javascript:x)}", "a{b:url(\"data:,\")}"},
        {"/* url(x) */a/*", "/**/a/**/"},
        {"a{b:url(", "a{b:url(\"data:,\")"},
        {"a{b:'x", "a{b:\"x\""},
        {"myurl(x)", "myurl(x)"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        assert_string_equal(css(pairs[i].in), pairs[i].out);
}

static void a_style_begins_no_tag(void **state)
{
    static const struct pair pairs[] = {
        {"<style>a{b:'</p><img src=x>'}</style>",
         "<style>a{b:\"\\3c /p>\\3c img src=x>\"}</style>"},
        {"<style>a<b{}<img src=x></style>",
         "<style>a\\3c b{}\\3c img src=x></style>"},
        {"<style><!-- a{} --></style>", "<style> a{} --></style>"},
        {"<p style=\"b:url('&quot;)<i>')\">",
         "<p style=\"b:url(&#34;" A "b%2F%2522%29%253Ci%253E&#34;)\">"},
        {"<style>@import url(x.css)",
         "<style>@import url(\"" A "b%2Fx.css\")</style>"},
    };

    (void)state;
    for (size_t i = 0; i < 3; i++)
        assert_string_equal(html(pairs[i].in), pairs[i].out);
    assert_non_null(strstr(html(pairs[3].in), "<p style=\"b:url(&#34;" A));
    assert_null(strstr(out.ptr, "<i>"));
    assert_string_equal(html(pairs[4].in), pairs[4].out);
}

static void text_stays_text(void **state)
{
    static const struct pair pairs[] = {
        {"1 < 2 &amp; 保本", "1 &lt; 2 &amp; 保本"},
        {"<title>a<b", "<title>a</title>"},
        {"<title><p></title>x", "<title>&lt;p></title>x"},
        {"<textarea></p><script>", "<textarea>&lt;/p>&lt;script></textarea>"},
        {"<xmp><b>&lt;</xmp>x", "<pre>&lt;b>&amp;lt;</pre>x"},
        {"<!-- <img src=x> --><p>", "<p>"},
        {"<!DOCTYPE html><p>", "<!DOCTYPE html>\n<p>"},
        {"<p title='\"><script>'>", "<p title=\"&#34;>&lt;script>\">"},
        {"<p title=a\"b>", "<p title=\"a&#34;b\">"},
        {"<noscript><p>t</noscript>", "<noscript><p>t</noscript>"},
        {"<p", ""},
    };

    (void)state;
    PAGES(pairs);
}

static void what_a_browser_wrote_has_no_noscript(void **state)
{
    (void)state;
    html_of(AW_STR("a<noscript><p>t</noscript>b"), true);
    assert_string_equal(out.ptr, "ab");
}

/* The longest name for each of the shortest references; a page of nothing but
 * what is escaped. */
static void a_page_grows_within_its_bounds(void **state)
{
    static const char *const pieces[] = {"<img src=a>", "<", "\"<b c=d>",
                                         "<p style=a:url(b)>"};
    char *url = malloc(2001);
    struct aw_replay_from from = {.url = {url, 2000}};

    (void)state;
    assert_non_null(url);
    memset(url, '/', 2000);
    memcpy(url, "http://a.example/", 17);
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        struct aw_buf page;
        struct aw_err err;

        aw_buf_init(&page, (size_t)2 << 20);
        while (page.len < (size_t)1 << 20)
            aw_buf_puts(&page, pieces[i]);
        aw_buf_deinit(&out);
        aw_buf_init(&out, OUT_MAX);
        assert_int_equal(aw_replay_html(aw_buf_str(&page), &from, &out, &cut,
                                        &err),
                         AW_OK);
        assert_true(out.len <=
                    AW_REPLAY_GROWTH * page.len + AW_REPLAY_FREE + 8192);
        assert_int_equal(cut, i == 0 || i == 3);
        aw_buf_deinit(&page);
    }
    free(url);
}

static void collect(void *self, struct aw_str url)
{
    aw_buf_put(self, url);
    aw_buf_putc(self, '\n');
}

static void assert_references(struct aw_str written, const char *urls)
{
    struct aw_buf seen;

    aw_buf_init(&seen, OUT_MAX);
    aw_replay_references(written, collect, &seen);
    assert_string_equal(seen.ptr ? seen.ptr : "", urls);
    aw_buf_deinit(&seen);
}

static void what_is_referred_to_is_told(void **state)
{
    (void)state;
    html_of(AW_STR("<img src='i?a=%20&amp;b=1#f' srcset='1.png 1x,2.png 2x'>"
                   "<iframe srcdoc='&lt;img src=&quot;3.png&quot;>'></iframe>"
                   "<p style='background:url(https://b.example/4)'>"
                   "<style>@import \"5.css\";</style><a href=/6>http://7/"),
            false);
    assert_references(aw_buf_str(&out), "http://a.example/b/i?a=%20&b=1\n"
                                        "http://a.example/b/1.png\n"
                                        "http://a.example/b/2.png\n"
                                        "http://a.example/b/3.png\n"
                                        "https://b.example/4\n"
                                        "http://a.example/b/5.css\n");
}

/* Which a replay leaves out, and an archive may have. */
static void scripts_and_frames_are_named_for_who_wants_all_parts(void **state)
{
    static const char page[] =
        "<base href=/d/><script src=a.js>alert('x.js')</script>"
        "<iframe src='f.html' srcdoc='<script src=in.js></script>'></iframe>"
        "<frame src=g.html><noscript><img src=lazy.png></noscript>"
        "<a href=/page.html>t</a><script>no.src = "
        "'http://a.example/'</script>";
    struct aw_replay_from from = {.url = AW_STR("http://a.example/b/c.html"),
                                  .parts = true};
    struct aw_err err;

    (void)state;
    assert_null(strstr(html(page), "a.js"));
    aw_buf_reset(&out);
    assert_int_equal(aw_replay_html(AW_STR(page), &from, &out, &cut, &err),
                     AW_OK);
    assert_references(aw_buf_str(&out), "http://a.example/d/a.js\n"
                                        "http://a.example/d/f.html\n"
                                        "http://a.example/b/in.js\n"
                                        "http://a.example/d/g.html\n"
                                        "http://a.example/d/lazy.png\n");
}

static void what_is_no_reference_is_passed_over(void **state)
{
    struct aw_buf url;

    (void)state;
    assert_references(AW_STR(""), "");
    assert_references(AW_STR("xhttp%3A%2F%2Fa http://a HTTP%3A%2F%2Fa "
                             "http%3A%2F%2Fa% http%3A%2F%2Fa%2 "
                             "http%3A%2F%2Fa%zz file%3A%2F%2F%2Fa"),
                      "");
    aw_buf_init(&url, OUT_MAX);
    aw_buf_puts(&url, "http%3A%2F%2F");
    while (url.len <= AW_REPLAY_URL_MAX + 6)
        aw_buf_putc(&url, 'a');
    assert_references(aw_buf_str(&url), "");
    aw_buf_deinit(&url);
}

/* A megabyte of it is read in well under a second. */
static void no_page_takes_long(void **state)
{
    static const char *const pieces[] = {
        "<style>/*",
        "<p a='",
        "url(",
        "<title>",
        "@import '",
        "<iframe>",
        "\\",
        "<img srcset='a,a,a,a",
        "<iframe srcdoc='<iframe srcdoc=&#39;",
        "<textarea>",
        "<link rel='a b c d e"};

    (void)state;
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        const struct aw_clock *clock = aw_clock_processor();
        int64_t began = aw_clock_mono(clock);
        struct aw_buf page;

        aw_buf_init(&page, (size_t)2 << 20);
        while (page.len < (size_t)1 << 20)
            aw_buf_puts(&page, pieces[i]);
        html_of(aw_buf_str(&page), false);
        (void)css(page.ptr);
        aw_buf_deinit(&page);
        assert_true(aw_clock_mono(clock) - began < 10000);
    }
}

static int end(void **state)
{
    (void)state;
    aw_buf_deinit(&out);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_runs_is_left_out),
        cmocka_unit_test(what_is_loaded_comes_from_one_folder),
        cmocka_unit_test(pages_in_frames_are_written_anew_too),
        cmocka_unit_test(links_lead_nowhere),
        cmocka_unit_test(css_is_taken_to_the_same_folder),
        cmocka_unit_test(a_style_begins_no_tag),
        cmocka_unit_test(text_stays_text),
        cmocka_unit_test(what_a_browser_wrote_has_no_noscript),
        cmocka_unit_test(a_page_grows_within_its_bounds),
        cmocka_unit_test(what_is_referred_to_is_told),
        cmocka_unit_test(scripts_and_frames_are_named_for_who_wants_all_parts),
        cmocka_unit_test(what_is_no_reference_is_passed_over),
        cmocka_unit_test(no_page_takes_long),
    };

    return cmocka_run_group_tests(tests, NULL, end);
}
