/* Which URLs lie on the beat of a source. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/fs.h"
#include "crawler/scope.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static struct aw_sites *sites;
static struct aw_scope *scope;
static struct aw_config *config;
static struct aw_arena arena;
static char dir[32];
static struct aw_err err;

static int set_up_sites(void **state)
{
    (void)state;
    aw_arena_init(&arena, (size_t)64 << 20);
    (void)snprintf(dir, sizeof dir, "/tmp/aw-scope-XXXXXX");
    return mkdtemp(dir) && aw_sites_new(&sites, &err) == AW_OK ? 0 : -1;
}

static void drop_scope(void)
{
    aw_scope_free(scope);
    if (config)
        aw_config_free(config);
    aw_arena_reset(&arena);
    scope = NULL;
    config = NULL;
}

static int tear_down_sites(void **state)
{
    char path[64];

    (void)state;
    aw_sites_free(sites);
    aw_arena_deinit(&arena);
    (void)snprintf(path, sizeof path, "%s/" AW_CONFIG_NAME, dir);
    (void)unlink(path);
    return rmdir(dir);
}

static int tear_down(void **state)
{
    (void)state;
    drop_scope();
    return 0;
}

/* Makes a scope of a source with these lines behind its name. */
static aw_rc make(const char *lines)
{
    char path[64];
    FILE *file;

    drop_scope();
    (void)snprintf(path, sizeof path, "%s/" AW_CONFIG_NAME, dir);
    file = fopen(path, "w");
    assert_non_null(file);
    (void)fprintf(file,
                  "agent: {name: a, purpose: p, contact: c}\n"
                  "sources:\n  - name: s\n%s",
                  lines);
    (void)fclose(file);
    if (aw_config_load(&config, dir, &err) != AW_OK)
        fail_msg("%s", err.msg);
    return aw_scope_new(&scope, config, 0, sites, &arena, &err);
}

static void make_well(const char *lines)
{
    if (make(lines) != AW_OK)
        fail_msg("%s", err.msg);
}

static bool holds(const char *url)
{
    return aw_scope_holds(scope, aw_str_of(url), NULL);
}

static void assert_holds(const char *const *urls, size_t n, bool want)
{
    for (size_t i = 0; i < n; i++)
        if (holds(urls[i]) != want)
            fail_msg("%s: %s the beat", urls[i], want ? "off" : "on");
}

#define ON(...)                                          \
    do {                                                 \
        static const char *const urls[] = {__VA_ARGS__}; \
        assert_holds(urls, COUNT(urls), true);           \
    } while (0)
#define OFF(...)                                         \
    do {                                                 \
        static const char *const urls[] = {__VA_ARGS__}; \
        assert_holds(urls, COUNT(urls), false);          \
    } while (0)

static void a_host_is_covered_on_any_port(void **state)
{
    (void)state;
    make_well("    start: ['http://WWW.a.example/x/y', 'http://b.example']\n");
    ON("http://www.a.example/", "https://www.a.example:8443/z?q",
       "http://b.example/");
    OFF("http://a.example/", "http://x.b.example/", "http://c.example/",
        "http://www.a.example.c.example/");
    assert_true(aw_str_eq(aw_scope_start(scope, 0),
                          AW_STR("http://www.a.example/x/y")));
    assert_true(
        aw_str_eq(aw_scope_start(scope, 1), AW_STR("http://b.example/")));
}

static void a_site_is_covered_with_all_its_hosts(void **state)
{
    (void)state;
    make_well("    start: ['http://www.a.com.cn/', 'http://10.0.0.1/']\n"
              "    scope: site\n");
    ON("http://a.com.cn/", "https://m.a.com.cn:81/x", "http://x.y.a.com.cn/",
       "http://10.0.0.1/x");
    OFF("http://b.com.cn/", "http://com.cn/", "http://a.com/",
        "http://11.0.0.1/", "http://xa.com.cn/");
}

static void a_folder_is_covered_with_what_lies_below(void **state)
{
    (void)state;
    make_well("    start: ['http://a.example/x/y?z=/q/',\n"
              "            'http://a.example/x/deep/', 'http://b.example']\n"
              "    scope: prefix\n");
    ON("http://a.example/x/", "http://a.example/x/other", "http://b.example/z",
       "http://a.example/x/deep/1", "http://a.example/x/zzz");
    OFF("http://a.example/", "http://a.example/xy", "https://a.example/x/",
        "http://a.example:81/x/");
}

static void a_list_covers_what_it_names_and_the_start_pages(void **state)
{
    (void)state;
    make_well(
        "    start: ['http://a.example/x']\n    scope: listed\n"
        "    include: ['host:b.example', 'prefix:http://c.example/d']\n");
    ON("http://a.example/x", "http://b.example/", "http://c.example/dd");
    OFF("http://a.example/", "http://a.example/x?y", "http://c.example/e");
}

static void include_widens_and_exclude_wins(void **state)
{
    (void)state;
    make_well("    start: ['http://a.example/']\n"
              "    include: ['site:b.com.cn']\n"
              "    exclude: ['prefix:http://a.example/print/',\n"
              "              'host:shop.b.com.cn']\n");
    ON("http://a.example/x", "http://b.com.cn/", "http://www.b.com.cn/y");
    OFF("http://a.example/print/1", "https://shop.b.com.cn/",
        "http://c.com.cn/");
}

static void a_start_page_is_asked_whatever_exclude_says(void **state)
{
    (void)state;
    make_well("    start: ['http://a.example/x']\n"
              "    exclude: ['host:a.example']\n");
    ON("http://a.example/x");
    OFF("http://a.example/y");
}

static void the_reason_names_the_pattern(void **state)
{
    const char *why = "none";

    (void)state;
    make_well("    start: ['http://a.example/']\n"
              "    exclude: ['regex:/tag/', 'prefix:http://A.example/p']\n");
    assert_true(aw_scope_holds(scope, AW_STR("http://a.example/q"), &why));
    assert_string_equal(why, "none");
    assert_false(aw_scope_holds(scope, AW_STR("http://a.example/p1"), &why));
    assert_string_equal(
        why, "excluded by 'prefix:http://A.example/p' of its source");
    assert_false(aw_scope_holds(scope, AW_STR("http://b.example/"), &why));
    assert_string_equal(why, "off the beat of its source");
    assert_false(aw_scope_holds(scope, AW_STR("no URL"), &why));
}

static void hosts_and_sites_are_put_into_canonical_form(void **state)
{
    (void)state;
    make_well("    start: ['http://s.example/']\n    scope: listed\n"
              "    include: ['host:中国.A.example', 'host:0x7f.1',\n"
              "              'host:[0::1]', 'site:公司.EXAMPLE']\n");
    ON("http://xn--fiqs8s.a.example/", "http://127.0.0.1:8/", "http://[::1]/",
       "http://x.xn--55qx5d.example/");
    OFF("http://a.example/", "http://127.0.0.2/");
}

static void prefixes_are_put_into_canonical_form(void **state)
{
    (void)state;
    make_well("    start: ['http://s.example/']\n    scope: listed\n"
              "    include: ['prefix:HTTP://b.example:80/公告/%7e',\n"
              "              'prefix:http://c.example',\n"
              "              'prefix:http://d.example/l?cat=3']\n");
    ON("http://b.example/%E5%85%AC%E5%91%8A/~x", "http://c.example/x",
       "http://d.example/l?cat=3&page=2", "http://d.example/l?cat=31");
    OFF("http://b.example/%E5%85%AC%E5%91%8A/x", "http://c.example.org/",
        "http://d.example/l?cat=4");
}

static void globs_look_at_the_whole_url(void **state)
{
    (void)state;
    make_well("    start: ['http://s.example/']\n    scope: listed\n"
              "    include: ['*/print/*', 'https://a.example/?p=?"
              "?',\n"
              "      '*.公告', 'http://b.example/x', '*aab*aab',\n"
              "      'http?://c.example/*']\n");
    ON("http://x.example/print/", "http://x.example/a/print/b?c",
       "https://a.example/?p=12", "https://a.example/xp=12",
       "http://x.example/a.%E5%85%AC%E5%91%8A", "http://b.example/x",
       "http://d.example/aaabaab", "https://c.example/");
    OFF("http://x.example/print", "https://a.example/?p=1",
        "https://a.example/?p=123", "http://b.example/xy", "http://b.example/",
        "http://d.example/aabab", "http://c.example/");
}

static void expressions_are_searched_for(void **state)
{
    (void)state;
    make_well("    start: ['http://s.example/']\n    scope: listed\n"
              "    include: ['regex:/list_[0-9]+\\.html$',\n"
              "              'regex:^https?://[^/]*\\.gov\\.cn/']\n");
    ON("http://a.example/list_12.html", "http://www.x.gov.cn/y");
    OFF("http://a.example/list_.html", "http://a.example/list_1.html?x",
        "http://a.example/LIST_1.html", "http://x.example/www.x.gov.cn/");
}

static void an_expression_that_takes_too_many_steps_does_not_hold(void **state)
{
    struct aw_buf url;

    (void)state;
    make_well("    start: ['http://s.example/']\n    scope: listed\n"
              "    include: ['regex:(a+)+(a+)+(a+)+\\x21']\n");
    aw_buf_init(&url, 8000);
    aw_buf_puts(&url, "http://b.example/");
    while (url.len < 5000)
        aw_buf_putc(&url, 'a');
    assert_false(aw_scope_holds(scope, aw_buf_str(&url), NULL));
    aw_buf_deinit(&url);
    assert_true(holds("http://b.example/aaa!"));
}

static void many_start_pages_are_all_found(void **state)
{
    struct aw_buf lines;
    char url[64];

    (void)state;
    aw_buf_init(&lines, 1 << 20);
    aw_buf_puts(&lines, "    start:\n");
    for (int i = 0; i < 3000; i++)
        aw_buf_printf(&lines, "      - http://h%d.example/a/b%d/\n", i, i);
    aw_buf_puts(&lines, "    scope: prefix\n");
    make_well(lines.ptr);
    aw_buf_deinit(&lines);
    for (int i = 0; i < 3000; i++) {
        (void)snprintf(url, sizeof url, "http://h%d.example/a/b%d/x", i, i);
        assert_true(holds(url));
        (void)snprintf(url, sizeof url, "http://h%d.example/a/c/x", i);
        assert_false(holds(url));
    }
}

/* Each with what its error must name. */
static const struct {
    const char *lines, *where, *what;
} wrong[] = {
    {"    start: ['http://a.example/', 'ftp://x/']\n",
     "adwatch.yaml:4: source 's': start 'ftp://x/'", "ftp"},
    {"    start: ['http://a.example/']\n"
     "    include:\n      - host:a\n      - 'regex:(x'\n",
     "adwatch.yaml:7: source 's': include 'regex:(x'", "after 2 bytes"},
    {"    start: ['http://a.example/']\n    exclude: ['host:a/b']\n",
     "adwatch.yaml:5: source 's': exclude 'host:a/b'", "name of a host"},
    {"    start: ['http://a.example/']\n    exclude: ['host:a:81']\n",
     "exclude 'host:a:81'", "name of a host"},
    {"    start: ['http://a.example/']\n    exclude: ['host:a b']\n",
     "exclude 'host:a b'", "not possible"},
    {"    start: ['http://a.example/']\n    exclude: ['host:']\n",
     "exclude 'host:'", "nothing"},
    {"    start: ['http://a.example/']\n    exclude: ['site:www.a.com.cn']\n",
     "exclude 'site:www.a.com.cn'", "'a.com.cn'"},
    {"    start: ['http://a.example/']\n    exclude: ['site:gov.cn']\n",
     "exclude 'site:gov.cn'", "no site"},
    {"    start: ['http://a.example/']\n    exclude: ['prefix:/x']\n",
     "exclude 'prefix:/x'", "no base"},
    {"    start: ['http://a.example/']\n    exclude: ['hots:a.example']\n",
     "exclude 'hots:a.example'", "begin with host:"},
    {"    start: ['http://a.example/']\n    exclude: ['/print/*']\n",
     "exclude '/print/*'", "begin with host:"},
};

static void a_wrong_pattern_is_told_with_its_line(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(wrong); i++) {
        assert_int_equal(make(wrong[i].lines), AW_CONFIG);
        assert_null(scope);
        if (!strstr(err.msg, wrong[i].where) ||
            !strstr(err.msg, wrong[i].what))
            fail_msg("%s", err.msg);
    }
}

#define UNIT(test) cmocka_unit_test_teardown(test, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(a_host_is_covered_on_any_port),
        UNIT(a_site_is_covered_with_all_its_hosts),
        UNIT(a_folder_is_covered_with_what_lies_below),
        UNIT(a_list_covers_what_it_names_and_the_start_pages),
        UNIT(include_widens_and_exclude_wins),
        UNIT(a_start_page_is_asked_whatever_exclude_says),
        UNIT(the_reason_names_the_pattern),
        UNIT(hosts_and_sites_are_put_into_canonical_form),
        UNIT(prefixes_are_put_into_canonical_form),
        UNIT(globs_look_at_the_whole_url),
        UNIT(expressions_are_searched_for),
        UNIT(an_expression_that_takes_too_many_steps_does_not_hold),
        UNIT(many_start_pages_are_all_found),
        UNIT(a_wrong_pattern_is_told_with_its_line),
    };

    return cmocka_run_group_tests(tests, set_up_sites, tear_down_sites);
}
