/* Which URLs are part of a trap, and which only look like it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/rng.h"
#include "crawler/trap.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static struct aw_trap *trap;
static struct aw_buf reason;

static int set_up(void **state)
{
    struct aw_err err;

    (void)state;
    aw_buf_init(&reason, 4096);
    return aw_trap_new(&trap, &err) == AW_OK ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    aw_trap_free(trap);
    aw_buf_deinit(&reason);
    return 0;
}

static bool check_from(const char *url, const char *found_on)
{
    aw_buf_reset(&reason);
    return aw_trap_check(trap, aw_str_of(url), aw_str_of(found_on), &reason);
}

static bool check(const char *url)
{
    return check_from(url, "");
}

static void assert_trap(const char *url, const char *why)
{
    if (!check(url))
        fail_msg("%s: no trap", url);
    if (strcmp(reason.ptr, why) != 0)
        fail_msg("%s: \"%s\", not \"%s\"", url, reason.ptr, why);
}

static void assert_none(const char *url)
{
    if (check(url))
        fail_msg("%s: %s", url, reason.ptr);
    assert_int_equal(reason.len, 0);
}

/* The first of many URLs, format with each number from 0, that is a trap; n
 * where none is. */
typedef void make_fn(char *url, size_t size, int i);

static int first_trap(make_fn *make, int n)
{
    char url[256];

    for (int i = 0; i < n; i++) {
        make(url, sizeof url, i);
        if (check(url))
            return i;
    }
    return n;
}

#define MAKER(name, ...)                                           \
    static void name(char *url, size_t size, int i)                \
    {                                                              \
        (void)snprintf(url, size, "http://a.example" __VA_ARGS__); \
    }

static void ordinary_urls_are_no_traps(void **state)
{
    static const char *const urls[] = {
        "http://a.example/",
        "http://a.example/2026/11/24/123.html",
        "http://a.example/2011/11/11/11/11.html",
        "http://a.example/11/11/11/11/a.html",
        "http://a.example/a/a/a/file.pdf",
        "http://a.example/n1/n2/n1/n2/index.html",
        "http://a.example/xxgk/gkml/xxgk/202411/t20241105_1.html",
        "http://a.example/art/2024/3/5/art_123_456.html",
        "http://a.example/thread-123-1-1.html",
        "http://a.example/forum.php?mod=viewthread&tid=1&extra=page%3D1",
        "http://a.example/list?cat=1&cat=2",
        "http://a.example/list?c[]=1&c[]=2&c[]=3&c[]=4",
        "http://a.example/list?c%5B%5D=1&c%5B%5D=2&c%5B%5D=3",
        "http://a.example/go?u=http://b.example/x/y//z",
        "http://a.example/http://b.example/x",
        "http://a.example/a//b//c",
        "http://a.example/?a&b&c&d&e&f&g&h&i&j&k&l&m&n&o&p&q&r&s&t",
        "http://a.example/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17/18/",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(urls); i++)
        assert_none(urls[i]);
}

static void a_segment_that_comes_again_and_again_is_a_trap(void **state)
{
    (void)state;
    assert_trap("http://a.example/kalender/x/kalender/kalender/y/kalender",
                "trap: path segment 'kalender' stands 4 times");
    assert_trap("http://a.example/img/css/img/css/img/",
                "trap: path segment 'img' stands 3 times");
    assert_none("http://a.example/img/css/img/css/");
    assert_trap("http://a.example/7/7/7/7/7/",
                "trap: path segment '7' stands 5 times");
    assert_trap("http://a.example///////x",
                "trap: path segment '' stands 6 times");
    assert_none("http://a.example/imgs/img/img.png/img");
}

static void a_row_of_segments_that_comes_again_and_again_is_a_trap(void **s)
{
    (void)s;
    assert_trap("http://a.example/z/1/2/1/2/1/2/",
                "trap: '1/2' stands 3 times in a row in the path");
    assert_none("http://a.example/z/1/2/1/2/1/3/");
    assert_none("http://a.example/z/1/2/1/2/x/1/2/");
}

static void deep_and_long_urls_are_traps(void **state)
{
    char url[AW_TRAP_URL_MAX + 64] = "http://a.example";
    size_t len = strlen(url);

    (void)state;
    for (int i = 0; i < AW_TRAP_SEGMENTS_MAX; i++)
        len += (size_t)snprintf(url + len, sizeof url - len, "/s%d", i);
    url[len++] = '/';
    assert_none(url);
    url[len] = 'x';
    assert_trap(url, "trap: more than 30 path segments");
    (void)snprintf(url, sizeof url, "http://a.example/?q=%*d", AW_TRAP_URL_MAX,
                   0);
    memset(url + 20, 'q', sizeof url - 20);
    url[AW_TRAP_URL_MAX] = '\0';
    assert_none(url);
    url[AW_TRAP_URL_MAX] = 'q';
    url[AW_TRAP_URL_MAX + 1] = '\0';
    assert_trap(url, "trap: URL of more than 2000 bytes");
}

static void parameters_that_multiply_are_a_trap(void **state)
{
    char url[1024] = "http://a.example/?x";
    size_t len = strlen(url);

    (void)state;
    assert_trap("http://a.example/?page=2&page=3&page=4",
                "trap: parameter 'page' stands 3 times");
    assert_none("http://a.example/?page=2&pages=3&page=4");
    for (int i = 1; i < AW_TRAP_PARAMS_MAX; i++)
        len += (size_t)snprintf(url + len, sizeof url - len, "&p%d=1", i);
    assert_none(url);
    (void)snprintf(url + len, sizeof url - len, "&q");
    assert_trap(url, "trap: more than 30 parameters");
}

MAKER(calendar_by_path, "/kalender/%d/%d", 2026 + i / 12, 1 + i % 12)
MAKER(calendar_by_day, "/cal?date=%d-%02d-%02d", 2000 + i / 372,
      1 + i / 31 % 12, 1 + i % 31)
MAKER(calendar_by_params, "/events?year=%d&month=%d", 1900 + i / 12 % 300,
      1 + i % 12)
MAKER(compact_calendar, "/day/%d%02d%02d.html", 2000 + i / 372,
      1 + i / 31 % 12, 1 + i % 31)

static void calendars_without_end_are_traps(void **state)
{
    static make_fn *const makers[] = {calendar_by_path, calendar_by_day,
                                      calendar_by_params, compact_calendar};

    (void)state;
    for (size_t i = 0; i < COUNT(makers); i++)
        assert_in_range(first_trap(makers[i], 2000),
                        AW_TRAP_DATED_MAX * 6 / 10,
                        AW_TRAP_DATED_MAX * 15 / 10);
    assert_string_equal(
        reason.ptr,
        "trap: more than about 500 pages like '/day/N.html' for a date");
}

MAKER(news, "/2026/%d/%d/%d.html", 1 + i % 12, 1 + i % 28, i)
MAKER(small_news, "/2026/%d/%d/%d.html", 1 + i / 2800, 1 + i / 100 % 28,
      i % 100)
MAKER(gov_articles, "/art/2024/%d/%d/art_%d_%d.html", 1 + i % 12, 1 + i % 28,
      i % 40, 100000 + i)
MAKER(trs_articles, "/zwgk/202411/t20241105_%d.html", i)
MAKER(slugs, "/2024/05/%02d/the-title-%c%c%c.html", 1 + i % 28, 'a' + i % 26,
      'a' + i / 26 % 26, 'a' + i / 676)
MAKER(pages, "/list?page=%d", i)
MAKER(shop, "/shop?cat=%d&page=%d", i / 100, i % 100)
MAKER(threads, "/thread-%d-%d-1.html", i / 3, i % 3)
MAKER(ids_like_months, "/article/%d", 199000 + i)
MAKER(ids_like_years, "/article/%d", i)

static void archives_and_lists_are_no_traps(void **state)
{
    static const struct {
        make_fn *make;
        int count;
    } lists[] = {
        {news, 10000},          {small_news, 10000}, {gov_articles, 10000},
        {trs_articles, 10000},  {slugs, 10000},      {pages, 500},
        {shop, 5000},           {threads, 10000},    {ids_like_months, 10000},
        {ids_like_years, 10000}};

    (void)state;
    for (size_t i = 0; i < COUNT(lists); i++)
        if (first_trap(lists[i].make, lists[i].count) < lists[i].count)
            fail_msg("list %zu: %s", i, reason.ptr);
}

static void numbers_without_end_are_a_trap(void **state)
{
    (void)state;
    assert_in_range(first_trap(pages, 60000), AW_TRAP_NUMBERED_MAX * 6 / 10,
                    AW_TRAP_NUMBERED_MAX * 15 / 10);
    assert_string_equal(reason.ptr, "trap: more than about 20000 pages like "
                                    "'/list?page=N' for a number");
    assert_none("http://b.example/list?page=7"); /* another host */
    assert_none("http://a.example/other?page=7");
}

static void digits_of_escapes_are_no_numbers(void **state)
{
    char url[64];

    (void)state;
    for (int i = 0; i < 60000; i++) {
        (void)snprintf(url, sizeof url, "http://a.example/%%E%d%%B%d%%A%d/",
                       i / 6000, i / 10 % 10, i % 10);
        assert_false(check(url));
    }
}

MAKER(facets, "/filter?color=%d&size=%d&brand=%d&sort=%d", i % 8, i / 8 % 6,
      i / 48 % 10, i / 480)
MAKER(reordered_facets, "/filter?%s", i % 2 ? "a=1&b=2&c=3" : "c=3&a=1&b=2")
MAKER(cms, "/content.jsp?columnId=%d&articleId=%d&type=%d", i % 12, i, i % 3)
MAKER(forum, "/forum.php?mod=viewthread&tid=%d&page=%d", i / 5, i % 5)
MAKER(grid, "/list?cat=%d&page=%d&size=20", i / 100, i % 100)

static void combinations_of_few_values_are_a_trap(void **state)
{
    (void)state;
    assert_in_range(first_trap(facets, 1920), AW_TRAP_FACETS_MAX * 6 / 10,
                    AW_TRAP_FACETS_MAX * 2);
    assert_string_equal(reason.ptr,
                        "trap: more than about 200 combinations of parameters "
                        "of '/filter'");
}

static void parameters_that_name_articles_are_no_facets(void **state)
{
    (void)state;
    assert_int_equal(first_trap(reordered_facets, 1000), 1000);
    assert_int_equal(first_trap(cms, 5000), 5000);
    assert_int_equal(first_trap(forum, 5000), 5000);
    assert_int_equal(first_trap(grid, 5000), 5000);
}

/* Goes on from page to page, each longer by a letter between head and tail;
 * the first that is a trap, or n. */
static int first_in_chain(const char *start, const char *head,
                          const char *tail, int n)
{
    char url[1024], before[1024];

    (void)snprintf(url, sizeof url, "%s", start);
    for (int i = 0; i < n; i++) {
        (void)snprintf(before, sizeof before, "%s", url);
        (void)snprintf(url + strlen(url), sizeof url - strlen(url), "%s%c%s",
                       head, 'a' + i, tail);
        if (check_from(url, before))
            return i;
    }
    return n;
}

static void pages_that_only_lengthen_the_one_before_are_a_trap(void **state)
{
    (void)state;
    assert_int_equal(first_in_chain("http://a.example/", "", "/", 25),
                     AW_TRAP_CHAIN_MAX);
    assert_non_null(
        strstr(reason.ptr, "trap: 13 pages in a row, each longer"));
    assert_int_equal(first_in_chain("http://b.example/?p=1", "&x", "", 25),
                     AW_TRAP_CHAIN_MAX);
}

static void a_shorter_way_to_a_page_counts(void **state)
{
    char url[256] = "http://a.example/", before[256];

    (void)state;
    for (int i = 0; i < 25; i++) {
        (void)snprintf(before, sizeof before, "%s", url);
        (void)snprintf(url + strlen(url), sizeof url - strlen(url), "%c/",
                       'a' + i);
        assert_false(check_from(url, "http://a.example/"));
        assert_false(check_from(url, before));
    }
}

static void pages_beside_each_other_are_no_chain(void **state)
{
    char url[64], before[64] = "http://a.example/a/0.html";

    (void)state;
    for (int i = 1; i < 100; i++) {
        (void)snprintf(url, sizeof url, "http://a.example/a/%d.html", i);
        assert_false(check_from(url, before));
        (void)snprintf(before, sizeof before, "%s", url);
    }
    for (int i = 0; i < 40; i++) { /* from host to host */
        (void)snprintf(url, sizeof url, "http://h%d.example/%.*s", i, i % 25,
                       "a/b/c/d/e/f/g/h/i/j/k/l/m/");
        assert_false(check_from(url, before));
        (void)snprintf(before, sizeof before, "%s", url);
    }
}

static void asking_twice_about_one_url_counts_once(void **state)
{
    (void)state;
    for (int i = 0; i < 100000; i++)
        assert_false(check("http://a.example/kalender/2031/5"));
}

static void many_hosts_do_not_hide_a_calendar(void **state)
{
    char url[64];
    int trapped = 0;

    (void)state;
    for (int i = 0; i < 200000; i++) {
        (void)snprintf(url, sizeof url, "http://h%d.example/page/%d", i, i);
        assert_false(check(url));
        if (i % 100 == 0) {
            calendar_by_path(url, sizeof url, i / 100);
            trapped += check(url);
        }
    }
    assert_in_range(trapped, 1200, 1700);
}

static void any_bytes_can_be_asked(void **state)
{
    static const char *const pieces[] = {"/",  "?", "&",    "=",  "a",  "%",
                                         "%2", "1", "2031", "x/", "[]", ""};
    struct aw_buf url, before;
    struct aw_rng rng;

    (void)state;
    aw_rng_init(&rng, 5);
    aw_buf_init(&url, 8192);
    aw_buf_init(&before, 8192);
    for (int i = 0; i < 20000; i++) {
        aw_buf_reset(&url);
        aw_buf_puts(&url, "http://a.example/");
        for (uint64_t n = aw_rng_below(&rng, 60); n > 0; n--)
            aw_buf_puts(&url, pieces[aw_rng_below(&rng, COUNT(pieces))]);
        aw_buf_reset(&reason);
        if (aw_trap_check(trap, aw_buf_str(&url), aw_buf_str(&before),
                          &reason))
            assert_true(aw_str_starts(aw_buf_str(&reason), AW_STR("trap: ")));
        else
            assert_int_equal(reason.len, 0);
        if (i % 3 == 0) {
            aw_buf_reset(&before);
            aw_buf_put(&before, aw_buf_str(&url));
        }
    }
    assert_false(check("no URL"));
    assert_false(check_from("http://a.example/x", "no URL"));
    aw_buf_deinit(&before);
    aw_buf_deinit(&url);
}

#define UNIT(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(ordinary_urls_are_no_traps),
        UNIT(a_segment_that_comes_again_and_again_is_a_trap),
        UNIT(a_row_of_segments_that_comes_again_and_again_is_a_trap),
        UNIT(deep_and_long_urls_are_traps),
        UNIT(parameters_that_multiply_are_a_trap),
        UNIT(calendars_without_end_are_traps),
        UNIT(archives_and_lists_are_no_traps),
        UNIT(numbers_without_end_are_a_trap),
        UNIT(digits_of_escapes_are_no_numbers),
        UNIT(combinations_of_few_values_are_a_trap),
        UNIT(parameters_that_name_articles_are_no_facets),
        UNIT(pages_that_only_lengthen_the_one_before_are_a_trap),
        UNIT(a_shorter_way_to_a_page_counts),
        UNIT(pages_beside_each_other_are_no_chain),
        UNIT(asking_twice_about_one_url_counts_once),
        UNIT(many_hosts_do_not_hide_a_calendar),
        UNIT(any_bytes_can_be_asked),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
