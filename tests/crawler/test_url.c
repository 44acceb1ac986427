/* What a URL becomes before it is queued and fetched. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/rng.h"
#include "crawler/url_private.h"

struct example {
    const char *href;
    const char *want; /* NULL: refused */
};

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static aw_rc canonical(const char *base, const char *href, struct aw_buf *out,
                       struct aw_err *err)
{
    return aw_url_canonical(aw_str_of(base), aw_str_of(href), out, err);
}

static void check_one(const char *base, const struct example *example)
{
    struct aw_err err = {0};
    struct aw_buf out;
    aw_rc rc;

    aw_buf_init(&out, AW_URL_MAX);
    rc = canonical(base, example->href, &out, &err);
    if (rc == AW_INVALID && !example->want)
        assert_true(err.msg[0] != '\0' && out.len == 0);
    else if (rc != AW_OK || !example->want ||
             strcmp(out.ptr, example->want) != 0)
        fail_msg("\"%s\": got \"%s\" (%s), not \"%s\"", example->href,
                 out.len ? out.ptr : "", err.msg,
                 example->want ? example->want : "AW_INVALID");
    aw_buf_deinit(&out);
}

static void check_all(const char *base, const struct example *examples,
                      size_t n)
{
    for (size_t i = 0; i < n; i++)
        check_one(base, &examples[i]);
}

static void assert_message_has(const char *base, const char *href,
                               const char *part)
{
    struct aw_err err = {0};
    struct aw_buf out;

    aw_buf_init(&out, AW_URL_MAX);
    assert_int_equal(canonical(base, href, &out, &err), AW_INVALID);
    assert_non_null(strstr(err.msg, part));
    aw_buf_deinit(&out);
}

static void resolves_the_normal_examples_of_rfc_3986(void **state)
{
    static const struct example examples[] = {
        {"g:h", NULL},
        {"g", "http://a/b/c/g"},
        {"./g", "http://a/b/c/g"},
        {"g/", "http://a/b/c/g/"},
        {"/g", "http://a/g"},
        {"//g", "http://g/"},
        {"?y", "http://a/b/c/d;p?y"},
        {"g?y", "http://a/b/c/g?y"},
        {"#s", "http://a/b/c/d;p?q"},
        {"g#s", "http://a/b/c/g"},
        {"g?y#s", "http://a/b/c/g?y"},
        {";x", "http://a/b/c/;x"},
        {"g;x", "http://a/b/c/g;x"},
        {"g;x?y#s", "http://a/b/c/g;x?y"},
        {"", "http://a/b/c/d;p?q"},
        {".", "http://a/b/c/"},
        {"./", "http://a/b/c/"},
        {"..", "http://a/b/"},
        {"../", "http://a/b/"},
        {"../g", "http://a/b/g"},
        {"../..", "http://a/"},
        {"../../", "http://a/"},
        {"../../g", "http://a/g"},
    };

    (void)state;
    check_all("http://a/b/c/d;p?q", examples, COUNT(examples));
}

static void resolves_the_abnormal_examples_of_rfc_3986(void **state)
{
    static const struct example examples[] = {
        {"../../../g", "http://a/g"},
        {"../../../../g", "http://a/g"},
        {"/./g", "http://a/g"},
        {"/../g", "http://a/g"},
        {"g.", "http://a/b/c/g."},
        {".g", "http://a/b/c/.g"},
        {"g..", "http://a/b/c/g.."},
        {"..g", "http://a/b/c/..g"},
        {"./../g", "http://a/b/g"},
        {"./g/.", "http://a/b/c/g/"},
        {"g/./h", "http://a/b/c/g/h"},
        {"g/../h", "http://a/b/c/h"},
        {"g;x=1/./y", "http://a/b/c/g;x=1/y"},
        {"g;x=1/../y", "http://a/b/c/y"},
        {"g?y/./x", "http://a/b/c/g?y/./x"},
        {"g?y/../x", "http://a/b/c/g?y/../x"},
        {"g#s/./x", "http://a/b/c/g"},
        {"g#s/../x", "http://a/b/c/g"},
        {"http:g", "http://a/b/c/g"},
    };

    (void)state;
    check_all("http://a/b/c/d;p?q", examples, COUNT(examples));
}

static void reads_references_as_browsers_do(void **state)
{
    static const struct example examples[] = {
        {" \t\n g \r\n", "http://a/b/c/g"},
        {"g\n/\th", "http://a/b/c/g/h"},
        {"ht\ntp://x\t/", "http://x/"},
        {"\\g\\h", "http://a/g/h"},
        {"\\\\x\\y", "http://x/y"},
        {"//x//y", "http://x//y"},
        {"///x/y", "http://x/y"},
        {"http:///x/y", "http://x/y"},
        {"http:/g", "http://a/g"},
        {"http:\\\\x\\y?\\z", "http://x/y?\\z"},
        {"https:x", "https://x/"},
        {"https:/x/y", "https://x/y"},
        {"?", "http://a/b/c/d?"},
        {"1:x", "http://a/b/c/1:x"},
        {"./x:y", "http://a/b/c/x:y"},
        {".//x", "http://a/b/c//x"},
        {"..//x", "http://a/b//x"},
        {"%2e%2E/g", "http://a/b/g"},
        {".%2e\\g", "http://a/b/g"},
        {"/..//../g", "http://a/g"},
    };

    (void)state;
    check_all("http://a/b/c/d?q", examples, COUNT(examples));
}

static void the_base_is_made_canonical_first(void **state)
{
    static const struct example examples[] = {
        {"g", "http://a/b/g"},
        {"", "http://a/b/?x"},
        {"//h", "http://h/"},
    };

    (void)state;
    check_all(" HTTP://u:p@A:80\\b/c/%2e.?x#y", examples, COUNT(examples));
}

static void a_base_that_is_no_page_helps_no_relative_url(void **state)
{
    static const struct example examples[] = {
        {"http:x", "http://x/"},
        {"https:/x/y", "https://x/y"},
        {"http://x", "http://x/"},
        {"//x", NULL},
        {"x", NULL},
        {"#x", NULL},
    };

    (void)state;
    check_all("about:blank", examples, COUNT(examples));
    check_all("file:///etc/x", examples, COUNT(examples));
}

static void the_whole_url_keeps_what_tells_visits_apart(void **state)
{
    struct aw_err err;
    struct aw_buf out;

    (void)state;
    aw_buf_init(&out, AW_URL_MAX);
    assert_int_equal(aw_url_whole(AW_STR("http://A/b/"),
                                  AW_STR("./c;jsessionid=1?utm_x=%7e&spm=&#d"),
                                  &out, &err),
                     AW_OK);
    assert_string_equal(out.ptr, "http://a/b/c;jsessionid=1?utm_x=~&spm=&");
    aw_buf_deinit(&out);
}

static void writes_hosts_in_one_way(void **state)
{
    static const struct example examples[] = {
        {"HTTP://WWW.Example.COM", "http://www.example.com/"},
        {"http://user:pa@ss@a.example/", "http://a.example/"},
        {"http://@a.example/", "http://a.example/"},
        {"http://%41.example/", "http://a.example/"},
        {"http://a.example./", "http://a.example./"},
        {"http://a_b.example/", "http://a_b.example/"},
        {"http://中国.example/", "http://xn--fiqs8s.example/"},
        {"http://%E4%B8%AD国。example", "http://xn--fiqs8s.example/"},
        {"http://XN--FIQS8S.example/", "http://xn--fiqs8s.example/"},
        {"http://faß.example/", "http://xn--fa-hia.example/"},
        {"http://Ｇｏ.example/", "http://go.example/"},
        {"http://-a-.example/", "http://-a-.example/"},
        {"http://xn--a.example/", NULL},
        {"http://\xFF.example/", NULL},
        {"http://a b.example/", NULL},
        {"http://a%00b.example/", NULL},
        {"http://a%2Fb.example/", NULL},
        {"http://a%.example/", NULL},
        {"http://a^b.example/", NULL},
        {"http://!\"$&'()*+,-;=_`{}~.example/",
         "http://!\"$&'()*+,-;=_`{}~.example/"},
        {"http://a..b", "http://a..b/"},
        {"http://.", "http://./"},
        {"http://a\xC2\xAD"
         "b.example/",
         "http://ab.example/"},
        {"http://a．b。c/", "http://a.b.c/"},
        {"http://xn--fa-hia.example/", "http://xn--fa-hia.example/"},
        {"http://FASS.example/", "http://fass.example/"},
        {"http://☃.example/", "http://xn--n3h.example/"},
        {"http://a\xE2\x80\x8D"
         "b.example/",
         NULL},                              /* ZWJ out of place */
        {"http://h\xD7\x90.example/", NULL}, /* both directions */
        {"http://xn--fiqs8s-.example/", NULL},
        {"http://%ef%bc%85%ef%bc%94%ef%bc%91.com/", NULL}, /* fullwidth %41 */
        {"http://a<b.example/", NULL},
        {"http://a%7Fb.example/", NULL},
        {"http://\xC2\xAD/", NULL},
        {"http://", NULL},
        {"http:///", NULL},
        {"http://user@/x", NULL},
        {"http://:80/x", NULL},
        {"http://?x", NULL},
    };

    (void)state;
    check_all("", examples, COUNT(examples));
}

static void writes_ip_addresses_in_one_way(void **state)
{
    static const struct example examples[] = {
        {"http://0x7f.1/", "http://127.0.0.1/"},
        {"http://2130706433/", "http://127.0.0.1/"},
        {"http://0300.0250.1/", "http://192.168.0.1/"},
        {"http://127.0.0.1./", "http://127.0.0.1/"},
        {"http://１２７.0.0.1/", "http://127.0.0.1/"},
        {"http://1.2.3.4.example/", "http://1.2.3.4.example/"},
        {"http://0x.0x.0", "http://0.0.0.0/"},
        {"http://0Xc0.0250.01/", "http://192.168.0.1/"},
        {"http://0/", "http://0.0.0.0/"},
        {"http://00/", "http://0.0.0.0/"},
        {"http://1.2/", "http://1.0.0.2/"},
        {"http://1.2.3/", "http://1.2.0.3/"},
        {"http://1.65535/", "http://1.0.255.255/"},
        {"http://255.16777215/", "http://255.255.255.255/"},
        {"http://0xffffffff/", "http://255.255.255.255/"},
        {"http://037777777777/", "http://255.255.255.255/"},
        {"http://1.2.3.4../", "http://1.2.3.4../"},
        {"http://1.16777216/", NULL},
        {"http://1.2.65536/", NULL},
        {"http://0x100000000/", NULL},
        {"http://1..2/", NULL},
        {"http://.1/", NULL},
        {"http://a.09/", NULL},
        {"http://0xg/", "http://0xg/"},
        {"http://18446744073709551616/", NULL},
        {"http://[::]/", "http://[::]/"},
        {"http://[1:0:0:2::]/", "http://[1:0:0:2::]/"},
        {"http://[1:0:2:3:4:5:6:7]/", "http://[1:0:2:3:4:5:6:7]/"},
        {"http://[::1.2.3]/", NULL},
        {"http://[%3A%3A1]/", NULL},
        {"http://256.0.0.1/", NULL},
        {"http://1.2.3.4.5/", NULL},
        {"http://1.2.3.08/", NULL},
        {"http://4294967296/", NULL},
        {"http://a.0x4/", NULL},
        {"http://[::FFFF:1.2.3.4]/", "http://[::ffff:102:304]/"},
        {"http://[0:0::1]:8080", "http://[::1]:8080/"},
        {"http://[2001:DB8:0:0:1:0:0:1]/", "http://[2001:db8::1:0:0:1]/"},
        {"http://[::1", NULL},
        {"http://[]/", NULL},
        {"http://[::1]x/", NULL},
        {"http://[fe80::1%25eth0]/", NULL},
        {"http://[1::2::3]/", NULL},
        {"http://::1/", NULL},
    };

    (void)state;
    check_all("", examples, COUNT(examples));
}

static void leaves_default_ports_out_and_refuses_impossible_ones(void **state)
{
    static const struct example examples[] = {
        {"http://a:80/", "http://a/"},
        {"http://a:/", "http://a/"},
        {"http://a:0000080", "http://a/"},
        {"https://a:443/", "https://a/"},
        {"http://a:443/", "http://a:443/"},
        {"http://a:65535/", "http://a:65535/"},
        {"http://a:65536/", NULL},
        {"http://a:0/", "http://a:0/"},
        {"http://a:000/", "http://a:0/"},
        {"http://a:-1/", NULL},
        {"http://a:8o/", NULL},
        {"http://a:1:2/", NULL},
    };

    (void)state;
    check_all("", examples, COUNT(examples));
}

static void escapes_what_browsers_escape_and_nothing_else(void **state)
{
    static const struct example examples[] = {
        {"http://a/b c", "http://a/b%20c"},
        {"http://a/中?q=中", "http://a/%E4%B8%AD?q=%E4%B8%AD"},
        {"http://a/\xFF", "http://a/%FF"},
        {"http://a/%7e%41%2d?%7e", "http://a/~A-?~"},
        {"http://a/%c3%a9%2f", "http://a/%C3%A9%2F"},
        {"http://a/\"<>^`{}'|[]", "http://a/%22%3C%3E%5E%60%7B%7D'|[]"},
        {"http://a/?\"<>'^`{}|\\", "http://a/?%22%3C%3E%27^`{}|\\"},
        {"http://a/\x01\x7F", "http://a/%01%7F"},
        {"http://a/100%", "http://a/100%"},
        {"http://a/%zz%4", "http://a/%zz%4"},
        {"http://a/%%34%31", "http://a/%%341"},
        {"http://a/%4%31", "http://a/%4%31"},
        {"http://a/%2541", "http://a/%2541"},
        {"http://a/?", "http://a/?"},
        {"http://a?b", "http://a/?b"},
        {"http://a/?b?c", "http://a/?b?c"},
        {"http://a//b///c", "http://a//b///c"},
    };

    (void)state;
    check_all("", examples, COUNT(examples));
}

static void drops_tracking_parameters_and_session_ids(void **state)
{
    static const struct example examples[] = {
        {"http://a/?utm_source=x", "http://a/"},
        {"http://a/?a=1&utm_medium=x&b=2", "http://a/?a=1&b=2"},
        {"http://a/?UTM_x&a&&b", "http://a/?a&&b"},
        {"http://a/?spm=1&gclid=2&fbclid=3&id=4", "http://a/?id=4"},
        {"http://a/?utm%5Fsource=x&a", "http://a/?a"},
        {"http://a/?utm_source=x&", "http://a/"},
        {"http://a/?PHPSESSID=0&ASPSESSIONIDQQ=1", "http://a/"},
        {"http://a/?spmx=1&sid=2&from=3", "http://a/?spmx=1&sid=2&from=3"},
        {"http://a/b;JSESSIONID=1f?x", "http://a/b?x"},
        {"http://a/b;jsessionid=1;v=2/c", "http://a/b;v=2/c"},
        {"http://a/b/..;jsessionid=1/c", "http://a/c"},
        {"http://a/jsessionid=1", "http://a/jsessionid=1"},
    };

    (void)state;
    check_all("", examples, COUNT(examples));
}

static void says_why_a_url_is_refused(void **state)
{
    (void)state;
    assert_message_has("http://a/", "javascript:void(0)", "\"javascript\"");
    assert_message_has("http://a/", "mailto:a@b", "\"mailto\"");
    assert_message_has("", "data:,x", "\"data\"");
    assert_message_has("", "g", "no base");
    assert_message_has("", "//g", "no base");
    assert_message_has("ftp://a/", "g", "base: scheme \"ftp\"");
    assert_message_has("", "http://a%1bb/", "\"a%1Bb\"");
    assert_message_has("", "http://a:99999/", "port");
}

static void refuses_urls_over_the_limit(void **state)
{
    struct aw_err err = {0};
    struct aw_buf href, out;
    struct aw_str none = {0};

    (void)state;
    aw_buf_init(&href, AW_URL_MAX + 1);
    aw_buf_init(&out, AW_URL_MAX);
    aw_buf_puts(&href, "http://a/");
    while (href.len < AW_URL_MAX)
        aw_buf_putc(&href, 'a');
    assert_int_equal(aw_url_canonical(none, aw_buf_str(&href), &out, &err),
                     AW_OK);
    assert_int_equal(out.len, AW_URL_MAX);
    aw_buf_reset(&out);
    href.ptr[AW_URL_MAX - 1] = '<';
    assert_int_equal(aw_url_canonical(none, aw_buf_str(&href), &out, &err),
                     AW_INVALID);
    assert_non_null(strstr(err.msg, "when escaped"));
    aw_buf_putc(&href, 'a');
    assert_int_equal(aw_url_canonical(none, aw_buf_str(&href), &out, &err),
                     AW_INVALID);
    assert_int_equal(out.len, 0);
    aw_buf_deinit(&out);
    aw_buf_deinit(&href);
}

static void appends_and_leaves_a_full_buffer_as_it_was(void **state)
{
    struct aw_err err = {0};
    struct aw_buf out;

    (void)state;
    aw_buf_init(&out, 12);
    aw_buf_puts(&out, "x ");
    assert_int_equal(canonical("", "http://a", &out, &err), AW_OK);
    assert_string_equal(out.ptr, "x http://a/");
    assert_int_equal(canonical("", "http://a", &out, &err), AW_LIMIT);
    assert_string_equal(out.ptr, "x http://a/");
    aw_buf_deinit(&out);
}

/* A URL of pieces that have a meaning somewhere, and of any bytes. */
static void put_random_url(struct aw_rng *rng, struct aw_buf *out)
{
    static const char *const pieces[] = {
        "/",    "/",     "\\",      ".",        "..",  "%2e",
        "%",    "%4",    "%41",     "%34",      "%2F", "?",
        "&",    "=",     "#",       ";",        ":",   "@",
        "a",    "b.c",   "utm_x=1", "spm",      "中",  ";jsessionid=",
        "xn--", "[::1]", "0x1",     "1.2",      " ",   "\t",
        "\xFF", "'",     "http:",   "https://", "^",   "|",
        "~",    "é",     "ß",       "80",       "%5f", "%E4%B8%AD",
    };
    size_t n = (size_t)aw_rng_below(rng, 12);

    if (aw_rng_below(rng, 3) > 0)
        aw_buf_puts(out, "http://h");
    if (aw_rng_below(rng, 2) > 0)
        aw_buf_puts(out, "/");
    for (size_t i = 0; i < n; i++) {
        if (aw_rng_below(rng, 10) == 0)
            aw_buf_putc(out, (char)aw_rng_below(rng, 256));
        else
            aw_buf_puts(out, pieces[aw_rng_below(rng, COUNT(pieces))]);
    }
}

/* Printable ASCII that takes apart and joins to itself. */
static void assert_has_the_shape(struct aw_str url)
{
    struct aw_url_parts parts;
    struct aw_err err;

    for (size_t i = 0; i < url.len; i++)
        assert_true(url.ptr[i] > ' ' && url.ptr[i] < 0x7F &&
                    url.ptr[i] != '#');
    assert_int_equal(aw_url_parse(url, &parts, &err), AW_OK);
    assert_int_equal(parts.origin.len + parts.target.len, url.len);
}

static void the_canonical_form_of_a_canonical_url_is_itself(void **state)
{
    struct aw_str bases[] = {AW_STR("http://h/a/b?c"), AW_STR("")};
    struct aw_buf href, once, twice;
    struct aw_err err;
    struct aw_rng rng;
    size_t accepted = 0;

    (void)state;
    aw_rng_init(&rng, 20261123);
    aw_buf_init(&href, AW_URL_MAX);
    aw_buf_init(&once, AW_URL_MAX);
    aw_buf_init(&twice, AW_URL_MAX);
    for (int i = 0; i < 100000; i++) {
        aw_buf_reset(&href);
        aw_buf_reset(&once);
        aw_buf_reset(&twice);
        put_random_url(&rng, &href);
        if (aw_url_canonical(bases[i % 2], aw_buf_str(&href), &once, &err))
            continue;
        accepted++;
        assert_has_the_shape(aw_buf_str(&once));
        if (aw_url_canonical(bases[1], aw_buf_str(&once), &twice, &err) ||
            !aw_str_eq(aw_buf_str(&once), aw_buf_str(&twice)))
            fail_msg("\"%s\", then \"%s\"", once.ptr,
                     twice.len ? twice.ptr : err.msg);
    }
    assert_true(accepted > 40000);
    aw_buf_deinit(&twice);
    aw_buf_deinit(&once);
    aw_buf_deinit(&href);
}

/* Mostly what the short way takes, at times what it must leave. */
static void put_nearly_plain(struct aw_rng *rng, struct aw_buf *out,
                             bool absolute)
{
    static const char *const origins[] = {
        "http://h.example",     "https://h.example:8443",
        "http://127.0.0.1",     "http://10.1.2.3:81",
        "http://h.example:80",  "https://h.example:443",
        "http://h.example:080", "http://127.0.0.01",
        "http://127.0.1",       "http://1.2.3.4.5",
        "http://a.xn--x",       "http://0x7f.1",
        "http://u@h.example",   "http://H.example",
        "http://h.example.",    "http://h.example..",
        "http://a-b.c1",        "http://-.x",
        "http://h.example:0",   "https://h.example:65536",
        "HTTP://h.example",     "http:/h.example",
        "http:///h.example",    "http://",
    };
    static const char *const pieces[] = {
        "/",
        "/",
        "/",
        "a",
        "b.html",
        "index.php",
        "?",
        "?",
        "&",
        "=",
        "id=7",
        "p1",
        "%E4%B8",
        "%AD",
        "~",
        "-",
        "_",
        "!$()*+,",
        "#",
        ".",
        "..",
        "%2F",
        "%e4",
        "%41",
        "%",
        ":",
        "@",
        ";",
        "'",
        "utm_x=1",
        "UTM_y",
        "spm=1",
        "spmx=1",
        "gclid",
        "中",
        "|",
        "\\",
        " ",
        "[",
        "^",
        "//",
        "/.",
        "/./",
        "/../",
        "&&",
        "sid=%25",
        "\"",
        "\t",
        ";jsessionid=4",
    };
    size_t n = (size_t)aw_rng_below(rng, 7);

    if (absolute)
        aw_buf_puts(
            out,
            origins[aw_rng_below(rng, 2) ? aw_rng_below(rng, 4)
                                         : aw_rng_below(rng, COUNT(origins))]);
    if (aw_rng_below(rng, 2))
        aw_buf_puts(out, "/");
    for (size_t i = 0; i < n; i++)
        aw_buf_puts(out, pieces[aw_rng_below(rng, 5) > 0
                                    ? aw_rng_below(rng, 18)
                                    : aw_rng_below(rng, COUNT(pieces))]);
}

/* A space in front is no part of a URL, and bars the short way. */
static void put_spaced(struct aw_buf *out, const struct aw_buf *url)
{
    aw_buf_puts(out, url->len > 0 ? " " : "");
    aw_buf_put(out, aw_buf_str(url));
}

static void assert_same_by_both_ways(struct aw_buf *texts, size_t *plain)
{
    struct aw_buf *base = &texts[0], *href = &texts[1], *out = &texts[2];
    struct aw_buf *slow_base = &texts[3], *slow_href = &texts[4];
    struct aw_buf *slow = &texts[5];
    struct aw_err err = {0};
    aw_rc rc;

    put_spaced(slow_base, base);
    put_spaced(slow_href, href);
    rc = aw_url_canonical(aw_buf_str(slow_base), aw_buf_str(slow_href), slow,
                          &err);
    if (!aw_url_put_plain(out, aw_buf_str(base), aw_buf_str(href))) {
        assert_int_equal(out->len, 0);
        return;
    }
    ++*plain;
    if (rc != AW_OK || !aw_str_eq(aw_buf_str(out), aw_buf_str(slow)))
        fail_msg("\"%s\" on \"%s\": \"%s\", but the long way \"%s\"",
                 href->ptr, base->ptr, out->ptr,
                 rc == AW_OK ? slow->ptr : err.msg);
}

static void the_short_way_and_the_long_way_give_the_same(void **state)
{
    struct aw_buf texts[6];
    struct aw_rng rng;
    size_t plain = 0;

    (void)state;
    aw_rng_init(&rng, 20261126);
    for (size_t i = 0; i < COUNT(texts); i++)
        aw_buf_init(&texts[i], AW_URL_MAX);
    for (int round = 0; round < 200000; round++) {
        for (size_t i = 0; i < COUNT(texts); i++)
            aw_buf_reset(&texts[i]);
        put_nearly_plain(&rng, &texts[0], aw_rng_below(&rng, 20) > 0);
        put_nearly_plain(&rng, &texts[1], aw_rng_below(&rng, 3) == 0);
        assert_same_by_both_ways(texts, &plain);
    }
    assert_true(plain > 20000);
    for (size_t i = 0; i < COUNT(texts); i++)
        aw_buf_deinit(&texts[i]);
}

static void the_short_way_takes_what_sites_have(void **state)
{
    static const char *const hrefs[] = {
        "/p7.html",
        "p7.html",
        "/",
        "/list?page=2&id=5#top",
        "http://127.0.3.1:18770/p1.html",
        "https://www.h.example/a/%E4%B8%AD.html",
    };
    struct aw_buf out;

    (void)state;
    aw_buf_init(&out, AW_URL_MAX);
    for (size_t i = 0; i < COUNT(hrefs); i++)
        assert_true(aw_url_put_plain(&out, AW_STR("http://h.example:81/a/b"),
                                     aw_str_of(hrefs[i])));
    aw_buf_deinit(&out);
}

/* RFC 3986, 5.2.4 by its effect: a list of segments from which ".." takes the
 * last one; a dot segment at the end leaves a slash. */
static void put_by_segments(struct aw_buf *out, struct aw_str path)
{
    struct aw_str rest = aw_str_sub(path, 1, path.len);
    struct aw_str kept[64], segment;
    bool open = false;
    size_t n = 0;

    while (aw_str_split(&rest, '/', &segment)) {
        open = aw_str_eq(segment, AW_STR(".")) ||
               aw_str_eq(segment, AW_STR(".."));
        if (!open)
            kept[n++] = segment;
        else if (segment.len == 2 && n > 0)
            n--;
    }
    for (size_t i = 0; i < n; i++) {
        aw_buf_putc(out, '/');
        aw_buf_put(out, kept[i]);
    }
    if (open || n == 0)
        aw_buf_putc(out, '/');
}

static void dot_segments_go_as_in_rfc_3986(void **state)
{
    static const char *const pieces[] = {"/",   "/",  ".", "..",
                                         "/..", "/.", "a"};
    struct aw_buf url, want, got;
    struct aw_err err;
    struct aw_rng rng;

    (void)state;
    aw_rng_init(&rng, 1);
    aw_buf_init(&url, AW_URL_MAX);
    aw_buf_init(&want, AW_URL_MAX);
    aw_buf_init(&got, AW_URL_MAX);
    for (int i = 0; i < 50000; i++) {
        aw_buf_reset(&url);
        aw_buf_reset(&want);
        aw_buf_reset(&got);
        aw_buf_puts(&url, "http://h/");
        for (uint64_t n = aw_rng_below(&rng, 12); n > 0; n--)
            aw_buf_puts(&url, pieces[aw_rng_below(&rng, COUNT(pieces))]);
        aw_buf_puts(&want, "http://h");
        put_by_segments(&want, aw_str_sub(aw_buf_str(&url), 8, url.len));
        assert_int_equal(canonical("", url.ptr, &got, &err), AW_OK);
        if (strcmp(got.ptr, want.ptr) != 0)
            fail_msg("\"%s\": got \"%s\", not \"%s\"", url.ptr, got.ptr,
                     want.ptr);
    }
    aw_buf_deinit(&got);
    aw_buf_deinit(&want);
    aw_buf_deinit(&url);
}

static void assert_str(struct aw_str got, const char *want)
{
    assert_true(aw_str_eq(got, aw_str_of(want)));
}

static void takes_a_canonical_url_apart(void **state)
{
    struct aw_url_parts parts;
    struct aw_err err;

    (void)state;
    assert_int_equal(aw_url_parse(AW_STR("http://a:8080/b/c?d=?e"), &parts,
                                  &err),
                     AW_OK);
    assert_str(parts.scheme, "http");
    assert_str(parts.host, "a");
    assert_int_equal(parts.port, 8080);
    assert_str(parts.origin, "http://a:8080");
    assert_str(parts.target, "/b/c?d=?e");
    assert_str(parts.path, "/b/c");
    assert_str(parts.query, "d=?e");
    assert_int_equal(aw_url_parse(AW_STR("https://[::1]/"), &parts, &err),
                     AW_OK);
    assert_str(parts.host, "[::1]");
    assert_int_equal(parts.port, 443);
    assert_str(parts.origin, "https://[::1]");
    assert_str(parts.query, "");
}

static void takes_nothing_else_apart(void **state)
{
    static const char *const texts[] = {
        "",
        "http",
        "http:a/",
        "ftp://a/",
        "HTTP://a/",
        "http://a",
        "http:///",
        "http://a?b",
        "http://:1/",
        "http://a:/",
        "http://a:-1/",
        "http://a:x/",
        "http://a:65536/",
        "http://a#/",
    };
    struct aw_url_parts parts;
    struct aw_err err;

    (void)state;
    for (size_t i = 0; i < COUNT(texts); i++)
        assert_int_equal(aw_url_parse(aw_str_of(texts[i]), &parts, &err),
                         AW_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(resolves_the_normal_examples_of_rfc_3986),
        cmocka_unit_test(resolves_the_abnormal_examples_of_rfc_3986),
        cmocka_unit_test(reads_references_as_browsers_do),
        cmocka_unit_test(the_base_is_made_canonical_first),
        cmocka_unit_test(a_base_that_is_no_page_helps_no_relative_url),
        cmocka_unit_test(the_whole_url_keeps_what_tells_visits_apart),
        cmocka_unit_test(writes_hosts_in_one_way),
        cmocka_unit_test(writes_ip_addresses_in_one_way),
        cmocka_unit_test(leaves_default_ports_out_and_refuses_impossible_ones),
        cmocka_unit_test(escapes_what_browsers_escape_and_nothing_else),
        cmocka_unit_test(drops_tracking_parameters_and_session_ids),
        cmocka_unit_test(says_why_a_url_is_refused),
        cmocka_unit_test(refuses_urls_over_the_limit),
        cmocka_unit_test(appends_and_leaves_a_full_buffer_as_it_was),
        cmocka_unit_test(the_canonical_form_of_a_canonical_url_is_itself),
        cmocka_unit_test(the_short_way_and_the_long_way_give_the_same),
        cmocka_unit_test(the_short_way_takes_what_sites_have),
        cmocka_unit_test(dot_segments_go_as_in_rfc_3986),
        cmocka_unit_test(takes_a_canonical_url_apart),
        cmocka_unit_test(takes_nothing_else_apart),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
