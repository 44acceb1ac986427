/* What a robots.txt allows, to whom. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/rng.h"
#include "crawler/robots.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static struct aw_robots *make(struct aw_str text)
{
    struct aw_robots *robots = NULL;
    struct aw_err err = {0};

    if (aw_robots_new(&robots, text, &err) != AW_OK)
        fail_msg("%s", err.msg);
    return robots;
}

static bool allows(const char *text, const char *agent, const char *path)
{
    struct aw_robots *robots = make(aw_str_of(text));
    bool allowed =
        aw_robots_allowed(robots, aw_str_of(agent), aw_str_of(path), NULL);

    aw_robots_free(robots);
    return allowed;
}

static int64_t delay(const char *text, const char *agent)
{
    struct aw_robots *robots = make(aw_str_of(text));
    int64_t ms = aw_robots_delay_ms(robots, aw_str_of(agent));

    aw_robots_free(robots);
    return ms;
}

/* True where the one pattern, disallowed, matches path. */
static bool hits(const char *pattern, const char *path)
{
    struct aw_buf text;
    bool hit;

    aw_buf_init(&text, AW_ROBOTS_MAX);
    aw_buf_printf(&text, "user-agent: *\ndisallow: %s\n", pattern);
    hit = !allows(text.ptr, "adwatch", path);
    aw_buf_deinit(&text);
    return hit;
}

static void assert_rule(const char *text, const char *path, const char *want)
{
    struct aw_robots *robots = make(aw_str_of(text));
    struct aw_str rule = AW_STR("before");

    (void)aw_robots_allowed(robots, AW_STR("adwatch"), aw_str_of(path), &rule);
    assert_true(aw_str_eq(rule, aw_str_of(want)));
    aw_robots_free(robots);
}

/* RFC 9309, 5.1. */
static void follows_the_simple_example_of_the_rfc(void **state)
{
    const char *text = "User-Agent: *\n"
                       "Disallow: *.gif$\n"
                       "Disallow: /example/\n"
                       "Allow: /publications/\n"
                       "\n"
                       "User-Agent: foobot\n"
                       "Disallow:/\n"
                       "Allow:/example/page.html\n"
                       "Allow:/example/allowed.gif\n"
                       "\n"
                       "User-Agent: barbot\n"
                       "User-Agent: bazbot\n"
                       "Disallow: /example/page.html\n"
                       "\n"
                       "User-Agent: quxbot\n";

    (void)state;
    assert_false(allows(text, "adwatch", "/x/a.gif"));
    assert_true(allows(text, "adwatch", "/x/a.gif?"));
    assert_false(allows(text, "adwatch", "/example/"));
    assert_true(allows(text, "adwatch", "/publications/"));
    assert_true(allows(text, "adwatch", "/else"));
    assert_false(allows(text, "foobot", "/else"));
    assert_true(allows(text, "foobot", "/example/page.html"));
    assert_true(allows(text, "foobot", "/example/allowed.gif"));
    assert_false(allows(text, "foobot", "/publications/"));
    assert_false(allows(text, "barbot", "/example/page.html"));
    assert_false(allows(text, "bazbot", "/example/page.html"));
    assert_true(allows(text, "bazbot", "/x/a.gif"));
    assert_true(allows(text, "quxbot", "/example/page.html"));
}

/* RFC 9309, 5.2. */
static void the_longest_match_decides(void **state)
{
    const char *text = "User-Agent: foobot\n"
                       "Allow: /example/page/\n"
                       "Disallow: /example/page/disallowed.gif\n";

    (void)state;
    assert_false(allows(text, "foobot", "/example/page/disallowed.gif"));
    assert_true(allows(text, "foobot", "/example/page/x"));
    text = "user-agent: *\nallow: /a*/c\ndisallow: /a/b\nallow: /a/b/c/d\n";
    assert_true(allows(text, "foobot", "/a/b/c"));
    assert_false(allows(text, "foobot", "/a/b"));
}

static void allow_wins_a_tie_in_either_order(void **state)
{
    (void)state;
    assert_true(allows("user-agent:*\nallow:/a\ndisallow:/a\n", "x", "/a"));
    assert_true(allows("user-agent:*\ndisallow:/a\nallow:/a\n", "x", "/a"));
    assert_true(
        allows("user-agent:*\ndisallow:/%7Ea\nallow:/~a\n", "x", "/~a"));
}

/* RFC 9309, 2.2.1. */
static void groups_of_the_same_agent_are_one(void **state)
{
    const char *text = "user-agent: ExampleBot\n"
                       "disallow: /foo\n"
                       "disallow: /bar\n"
                       "user-agent: *\n"
                       "disallow: /all\n"
                       "user-agent: EXAMPLEBOT/2.0 (+http://x)\n"
                       "disallow: /baz\n"
                       "user-agent: *\n"
                       "disallow: /too\n";

    (void)state;
    assert_false(allows(text, "ExampleBot", "/foo"));
    assert_false(allows(text, "examplebot", "/bar"));
    assert_false(allows(text, "examplebot/1", "/baz"));
    assert_true(allows(text, "examplebot", "/all"));
    assert_false(allows(text, "adwatch", "/all"));
    assert_false(allows(text, "adwatch", "/too"));
    assert_true(allows(text, "adwatch", "/foo"));
}

static void agents_match_by_the_whole_token(void **state)
{
    static const char *const others[] = {
        "adwatcher", "ad", "adwatch-image", "myadwatch", "adwatch_x",
        "adwatch2",  "",   "my adwatch",    "*adwatch",  "/adwatch"};
    static const char *const same[] = {
        "adwatch", "AdWatch/1.0", "ADWATCH (+http://x)", "adwatch*", "*",
        "* ",      "* all"};
    struct aw_buf text;

    (void)state;
    aw_buf_init(&text, AW_ROBOTS_MAX);
    for (size_t i = 0; i < COUNT(others) + COUNT(same); i++) {
        bool other = i < COUNT(others);

        aw_buf_reset(&text);
        aw_buf_printf(&text, "user-agent: %s\ndisallow: /\n",
                      other ? others[i] : same[i - COUNT(others)]);
        assert_int_equal(allows(text.ptr, "adwatch", "/"), other);
    }
    aw_buf_deinit(&text);
}

static void a_group_for_the_agent_replaces_the_one_for_all(void **state)
{
    const char *text = "user-agent: *\ndisallow: /\n"
                       "user-agent: adwatch\ndisallow:\n";

    (void)state;
    assert_true(allows(text, "adwatch", "/x"));
    assert_false(allows(text, "other", "/x"));
    assert_false(allows(text, "", "/x"));
}

/* RFC 9309, 2.2.4. */
static void other_records_end_no_group(void **state)
{
    const char *text = "user-agent: a\n"
                       "sitemap: http://x/s.xml\n"
                       "crawl-delay: 1\n"
                       "\n"
                       "foo: bar\n"
                       "user-agent: b\n"
                       "disallow: /x\n"
                       "sitemap: http://x/t.xml\n"
                       "disallow: /y\n";

    (void)state;
    assert_false(allows(text, "a", "/x"));
    assert_false(allows(text, "b", "/x"));
    assert_false(allows(text, "a", "/y"));
}

static void an_empty_rule_matches_nothing_but_ends_the_head(void **state)
{
    const char *text = "user-agent: a\ndisallow:\n"
                       "user-agent: b\ndisallow: /\n";

    (void)state;
    assert_true(allows(text, "a", "/x"));
    assert_false(allows(text, "b", "/x"));
}

static void rules_before_any_agent_are_nobodys(void **state)
{
    (void)state;
    assert_true(allows("disallow: /\n", "a", "/x"));
    assert_true(allows("disallow: /\nuser-agent: *\nallow: /y", "a", "/x"));
    assert_true(allows("", "a", "/x"));
    assert_true(allows("user-agent: *", "a", "/x"));
}

static void robots_txt_itself_is_always_allowed(void **state)
{
    const char *text = "user-agent: *\ndisallow: /\n";

    (void)state;
    assert_true(allows(text, "a", "/robots.txt"));
    assert_true(allows(text, "a", "/robots.txt?x"));
    assert_false(allows(text, "a", "/robots.txt/x"));
    assert_false(allows(text, "a", "/x/robots.txt"));
    assert_false(allows(text, "a", ""));
}

static void stars_and_the_end_mark_match(void **state)
{
    static const struct {
        const char *pattern, *path;
        bool hit;
    } examples[] = {
        {"/", "/x", true},
        {"/x", "/X", false},
        {"/x", "/xy", true},
        {"/x/", "/x", false},
        {"/x$", "/x", true},
        {"/x$", "/xy", false},
        {"/$", "/", true},
        {"/$", "/x", false},
        {"$", "/", false},
        {"*", "/x", true},
        {"*$", "/x", true},
        {"/*$", "/x", true},
        {"/a*", "/a", true},
        {"/a*b", "/axxb", true},
        {"/a*b", "/ab/c", true},
        {"/a*b$", "/abab", true},
        {"/a*b$", "/aba", false},
        {"/a*a$", "/a", false},
        {"/*.php$", "/x.php.php", true},
        {"/*.php$", "/x.php?y", false},
        {"/*.php", "/x.php?y", true},
        {"/a**b", "/axb", true},
        {"/*a*b*c", "/xaxbxc", true},
        {"/*a*b*c", "/xcxbxa", false},
        {"/*ab*ab$", "/ab", false},
        {"/*ab*ab$", "/abab", true},
        {"*/x", "/y/x", true},
        {"x", "/x", false},
        {"/a$b", "/a$b", true},
        {"/a$b", "/a", false},
        {"/*?", "/x", false},
        {"/*?", "/x?", true},
        {"/fish", "/fish.html", true},
        {"/fish", "/catfish", false},
        {"/fish*", "/fishheads/yummy.html", true},
        {"/fish*", "/Fish.asp", false},
        {"/fish/", "/fish/?id=1", true},
        {"/fish/", "/fish.html", false},
        {"/*.php", "/filename.php?parameters", true},
        {"/*.php", "/windows.PHP", false},
        {"/*.php$", "/filename.php5", false},
        {"/fish*.php", "/fishheads/catfish.php?parameters", true},
        {"/$$", "/$", true},
        {"/$$", "/$x", false},
        {"/a$*", "/a$b", true},
        {"/a*$b", "/axx$b", true},
        {"/***a***$", "/bab", true},
        {"*a", "/xa", true},
        {"//x", "//x", true},
        {"/a//b", "/a/b", false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(examples); i++)
        if (hits(examples[i].pattern, examples[i].path) != examples[i].hit)
            fail_msg("%s on %s", examples[i].pattern, examples[i].path);
}

/* RFC 9309, 2.2.2 and 2.2.3: both tables of examples, and what follows. */
static void escapes_are_compared_in_one_form(void **state)
{
    static const struct {
        const char *pattern, *path;
        bool hit;
    } examples[] = {
        {"/foo/bar?baz=quz", "/foo/bar?baz=quz", true},
        {"/foo/bar?baz=https://foo.bar", "/foo/bar?baz=https%3A%2F%2Ffoo.bar",
         true},
        {"/foo/bar?baz=https%3A%2F%2Ffoo.bar", "/foo/bar?baz=https://foo.bar",
         true},
        {"/foo/bar/ツ", "/foo/bar/%E3%83%84", true},
        {"/foo/bar/%e3%83%84", "/foo/bar/ツ", true},
        {"/foo/bar/%62%61%7A", "/foo/bar/baz", true},
        {"/foo/bar/baz", "/foo/bar/%62%61%7a", true},
        {"/path/file-with-a-%2A.html", "/path/file-with-a-*.html", true},
        {"/path/file-with-a-%2A.html", "/path/file-with-a-b.html", false},
        {"/path/foo-%24", "/path/foo-$", true},
        {"/path/foo-%24", "/path/foo-", false},
        {"/a%2Fb", "/a/b", false},
        {"/a/b", "/a%2fb", false},
        {"/a%2fb", "/a%2Fb", true},
        {"/a%3Fb", "/a?b", false},
        {"/?a%26b", "/?a&b", false},
        {"/a b", "/a%20b", true},
        {"/a|b", "/a%7Cb", true},
        {"/100%", "/100%", true},
        {"/*/private", "/page?url=/private", true},
        {"/a%2*", "/a%252", true},
        {"/*%2F", "/?u=a%2Fb", true},
        {"/*%2f", "/?u=a%2Fb", true},
        {"/*a/b", "/?u=a%2Fb", true},
        {"/*%3A", "/?u=a:b", false},
        {"/?u=%2F", "/?u=/", true},
        {"/foo/bar/%E3%83%84", "/foo/bar/ツ", true},
        {"/foo/bar/ツ", "/foo/bar/%e3%83%84", true},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(examples); i++)
        if (hits(examples[i].pattern, examples[i].path) != examples[i].hit)
            fail_msg("%s on %s", examples[i].pattern, examples[i].path);
}

static void lines_may_end_and_be_spaced_in_any_way(void **state)
{
    static const char *const texts[] = {
        "\xEF\xBB\xBFuser-agent: *\ndisallow: /x\nallow: /\n",
        "\xEF\xBBuser-agent: *\ndisallow: /x\nallow: /\n",
        "\xEFuser-agent: *\ndisallow: /x\nallow: /\n",
        "user-agent: *\n\xEF\xBB\xBF"
        "disallow: /y\ndisallow: /x\nallow: /\n",
        "user-agent: *\rdisallow: /x\rallow: /",
        "user-agent: *\n\n\n# between\n\ndisallow: /x\n\n\nallow: /\n",
        "user-agent: *\x0B\ndisallow: /x\nallow: /\n",
        "user-agent: *\r\n\r\ndisallow: /x\r\n\r\nallow: /\r\n",
        "# a\n \t USER-AGENT \t:\t*\t# all\n\n# b\ndisallow:/x#y\nallow:/ #\n",
        "user-agent: *\ndisallow\n: /\ndisallow: /x \t\nallow: /",
        "user-agent: *\ndisallow /y\ndisalow: /y\ndisallow: /x\nallow: /",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(texts); i++) {
        assert_false(allows(texts[i], "a", "/x"));
        assert_true(allows(texts[i], "a", "/y"));
    }
}

static void tells_the_line_that_decided(void **state)
{
    const char *text = "User-agent: *\n"
                       "Disallow: /a   # not this\n"
                       "  ALLOW:/%61/b\r\n";

    (void)state;
    assert_rule(text, "/a", "Disallow: /a");
    assert_rule(text, "/a/b", "ALLOW:/%61/b");
    assert_rule(text, "/c", "");
    assert_rule(text, "/robots.txt", "");
}

static void delays_are_read_and_bounded(void **state)
{
    (void)state;
    assert_int_equal(delay("user-agent: *\ncrawl-delay: 2", "a"), 2000);
    assert_int_equal(delay("user-agent: *\ncrawl-delay: 0", "a"), 0);
    assert_int_equal(delay("user-agent: *\ncrawl-delay: 0.5", "a"), 500);
    assert_int_equal(delay("user-agent: *\ncrawl-delay: 1.2345", "a"), 1234);
    assert_int_equal(delay("user-agent: *\ncrawl-delay: 7.", "a"), 7000);
    assert_int_equal(delay("user-agent: *\ncrawl-delay: 3600", "a"),
                     AW_ROBOTS_DELAY_MAX_MS);
    assert_int_equal(delay("user-agent: *\ncrawl-delay: 99999999999999999999",
                           "a"),
                     AW_ROBOTS_DELAY_MAX_MS);
    assert_int_equal(delay("user-agent: *\ncrawl-delay: -1", "a"), -1);
    assert_int_equal(delay("user-agent: *\ncrawl-delay: x", "a"), -1);
    assert_int_equal(delay("user-agent: *\ncrawl-delay:", "a"), -1);
    assert_int_equal(delay("user-agent: *\ncrawl-delay: 1.x", "a"), -1);
    assert_int_equal(delay("crawl-delay: 1\nuser-agent: *\n", "a"), -1);
}

static void the_longest_delay_of_the_agents_groups_holds(void **state)
{
    const char *text = "user-agent: *\ncrawl-delay: 9\ndisallow:\n"
                       "user-agent: a\nuser-agent: b\ndisallow: /x\n"
                       "crawl-delay: 2\ncrawl-delay: 1\n"
                       "user-agent: b\ndisallow: /x\ncrawl-delay: 3\n"
                       "user-agent: c\ndisallow: /x\n";

    (void)state;
    assert_int_equal(delay(text, "a"), 2000);
    assert_int_equal(delay(text, "b"), 3000);
    assert_int_equal(delay(text, "c"), -1);
    assert_int_equal(delay(text, "d"), 9000);
}

static void sitemaps_are_listed_in_order(void **state)
{
    struct aw_robots *robots =
        make(AW_STR("Sitemap: http://a/1.xml\nuser-agent: *\n"
                    "sitemap:\nSITEMAP:http://a/2.xml # two\n"));

    (void)state;
    assert_int_equal(aw_robots_sitemap_count(robots), 2);
    assert_true(
        aw_str_eq(aw_robots_sitemap(robots, 0), AW_STR("http://a/1.xml")));
    assert_true(
        aw_str_eq(aw_robots_sitemap(robots, 1), AW_STR("http://a/2.xml")));
    aw_robots_free(robots);
}

static void bytes_that_are_no_text_spoil_their_line_alone(void **state)
{
    struct aw_str text = AW_STR("user-agent: *\ndis\0allow: /y\n\xFF\xFE: /\n"
                                "disallow: /a\0b\ndisallow: /x\n");
    struct aw_robots *robots = make(text);
    struct aw_str agent = AW_STR("a");

    (void)state;
    assert_false(aw_robots_allowed(robots, agent, AW_STR("/x"), NULL));
    assert_false(aw_robots_allowed(robots, agent, AW_STR("/a%00b"), NULL));
    assert_true(aw_robots_allowed(robots, agent, AW_STR("/a"), NULL));
    assert_true(aw_robots_allowed(robots, agent, AW_STR("/y"), NULL));
    aw_robots_free(robots);
}

static void the_tag_in_the_head_forbids_to_follow(void **state)
{
    static const struct {
        const char *value;
        bool nofollow;
    } tags[] = {
        {"nofollow", true},
        {"NoFollow", true},
        {"none", true},
        {"noindex", false},
        {"noindex, nofollow", true},
        {" noindex ,\tnofollow ", true},
        {"all", false},
        {"", false},
        {",,:,", false},
        {"nofollowing", false},
        {"adwatch: nofollow", true},
        {"ADWATCH:none", true},
        {"adwatch: noindex, nofollow", true},
        {"googlebot: nofollow", false},
        {"googlebot: noindex, nofollow", false},
        {"googlebot: noindex, adwatch: nofollow", true},
        {"adwatch: noindex, googlebot: nofollow", false},
        {"nofollow, googlebot: noindex", true},
        {"adwatcher: nofollow", false},
        {"*: nofollow", true},
        {"unavailable_after: 25 Jun 2026 15:00:00 PST, nofollow", true},
        {"unavailable_after: Thursday, 25-Jun-26 15:00:00 GMT, none", true},
        {"unavailable_after: 2026-06-25T15:00:00Z", false},
        {"max-snippet: 20, max-image-preview:large, nofollow", true},
        {"googlebot: max-snippet: 20, nofollow", false},
        {"12:30, nofollow", true},
        {"googlebot: noindex\nnofollow", true},
        {"nofollow, googlebot: none\nall", true},
        {"adwatch: all\ngooglebot: nofollow", false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(tags); i++)
        if (aw_robots_tag_nofollow(aw_str_of(tags[i].value),
                                   AW_STR("adwatch/1.0")) != tags[i].nofollow)
            fail_msg("%s", tags[i].value);
}

/* head, then filler lines, then tail across or behind the limit. */
static bool allows_at_limit(size_t tail_at, const char *tail)
{
    struct aw_buf text;
    struct aw_robots *robots;
    bool allowed;

    aw_buf_init(&text, 2 * AW_ROBOTS_MAX);
    aw_buf_puts(&text, "user-agent: *\n");
    while (text.len < tail_at - 1)
        aw_buf_putc(&text, '#');
    aw_buf_puts(&text, "\n");
    aw_buf_puts(&text, tail);
    robots = make(aw_buf_str(&text));
    allowed = aw_robots_allowed(robots, AW_STR("a"), AW_STR("/x"), NULL);
    aw_robots_free(robots);
    aw_buf_deinit(&text);
    return allowed;
}

static void what_is_over_the_limit_is_ignored(void **state)
{
    (void)state;
    assert_false(allows_at_limit(AW_ROBOTS_MAX - 12, "disallow: /x"));
    assert_false(allows_at_limit(AW_ROBOTS_MAX - 13, "disallow: /x\ny"));
    assert_true(allows_at_limit(AW_ROBOTS_MAX - 11, "disallow: /x"));
    assert_true(allows_at_limit(AW_ROBOTS_MAX - 11, "disallow: /xyz"));
    assert_true(allows_at_limit(AW_ROBOTS_MAX + 1, "disallow: /x"));
}

static void paths_over_the_limit_are_not_allowed(void **state)
{
    static char path[AW_ROBOTS_PATH_MAX + 1];
    struct aw_robots *robots = make(AW_STR(""));
    struct aw_str view = {path, AW_ROBOTS_PATH_MAX};

    (void)state;
    memset(path, '"', sizeof path);
    assert_true(aw_robots_allowed(robots, AW_STR("a"), view, NULL));
    view.len++;
    assert_false(aw_robots_allowed(robots, AW_STR("a"), view, NULL));
    aw_robots_free(robots);
}

static void put_times(struct aw_buf *out, const char *text, size_t n)
{
    while (n-- > 0)
        aw_buf_puts(out, text);
}

/* Asks for a path of 8000 "a" and one of "ab" again and again. */
static void ask_long_paths(struct aw_str text)
{
    struct aw_robots *robots = make(text);
    struct aw_buf path;

    aw_buf_init(&path, AW_ROBOTS_PATH_MAX);
    aw_buf_puts(&path, "/");
    put_times(&path, "a", 8000);
    (void)aw_robots_allowed(robots, AW_STR("x"), aw_buf_str(&path), NULL);
    aw_buf_reset(&path);
    put_times(&path, "/ab", 2700);
    (void)aw_robots_allowed(robots, AW_STR("x"), aw_buf_str(&path), NULL);
    aw_buf_deinit(&path);
    aw_robots_free(robots);
}

/* Each would take minutes if matching went back. */
static void hostile_patterns_take_no_time(void **state)
{
    static const struct {
        const char *head, *piece;
        size_t times;
        const char *tail;
    } shapes[] = {
        {"user-agent: *\ndisallow: /", "*", 100000, "b\n"},
        {"user-agent: *\ndisallow: /", "*a", 100000, "*b$\n"},
        {"user-agent: *\ndisallow: /*", "a", 100000, "b\n"},
        {"user-agent: *\n", "disallow:*b*c$\n", 30000, ""},
        {"user-agent: *\n", "disallow:/*a*a*b\n", 28000, ""},
        {"", "user-agent: x\n", 36000, "disallow: /"},
        {"", "user-agent: x\nallow:/\n", 20000, ""},
        {"", "sitemap:x\n", 50000, ""},
        {"", "\n", AW_ROBOTS_MAX, ""},
        {"user-agent: *\ndisallow: /", "中", 160000, "\n"},
    };
    struct aw_buf text;

    (void)state;
    aw_buf_init(&text, 2 * AW_ROBOTS_MAX);
    for (size_t i = 0; i < COUNT(shapes); i++) {
        aw_buf_reset(&text);
        aw_buf_puts(&text, shapes[i].head);
        put_times(&text, shapes[i].piece, shapes[i].times);
        aw_buf_puts(&text, shapes[i].tail);
        ask_long_paths(aw_buf_str(&text));
    }
    aw_buf_deinit(&text);
}

static void put_random(struct aw_rng *rng, struct aw_buf *out, size_t n)
{
    static const char *const pieces[] = {
        "user-agent:", "disallow:", "allow:", "crawl-delay:",
        "sitemap:",    "\n",        "\r",     "*",
        "$",           "/",         "#",      "%",
        "%2",          "%41",       "?",      "a",
        "adwatch",     " ",         ":",      "\xEF\xBB\xBF"};

    for (size_t i = 0; i < n; i++) {
        if (aw_rng_below(rng, 8) == 0)
            aw_buf_putc(out, (char)aw_rng_below(rng, 256));
        else
            aw_buf_puts(out, pieces[aw_rng_below(rng, COUNT(pieces))]);
    }
}

static void any_bytes_make_a_robots_txt(void **state)
{
    struct aw_buf text, path;
    struct aw_rng rng;

    (void)state;
    aw_rng_init(&rng, 9309);
    aw_buf_init(&text, AW_ROBOTS_MAX);
    aw_buf_init(&path, AW_ROBOTS_PATH_MAX);
    for (int i = 0; i < 5000; i++) {
        struct aw_robots *robots;
        struct aw_str rule;

        aw_buf_reset(&text);
        aw_buf_reset(&path);
        put_random(&rng, &text, (size_t)aw_rng_below(&rng, 200));
        put_random(&rng, &path, (size_t)aw_rng_below(&rng, 20));
        robots = make(aw_buf_str(&text));
        if (!aw_robots_allowed(robots, AW_STR("adwatch"), aw_buf_str(&path),
                               &rule))
            assert_true(aw_str_starts_nocase(rule, AW_STR("disallow")));
        assert_in_range(aw_robots_delay_ms(robots, AW_STR("adwatch")) + 1, 0,
                        AW_ROBOTS_DELAY_MAX_MS + 1);
        aw_robots_free(robots);
    }
    aw_buf_deinit(&path);
    aw_buf_deinit(&text);
}

static void the_bytes_may_go_away(void **state)
{
    char *bytes = strdup("user-agent: *\ndisallow: /x\nsitemap: s\n");
    struct aw_robots *robots = make(aw_str_of(bytes));
    struct aw_str rule;

    (void)state;
    free(bytes);
    assert_false(aw_robots_allowed(robots, AW_STR("a"), AW_STR("/x"), &rule));
    assert_true(aw_str_eq(rule, AW_STR("disallow: /x")));
    assert_true(aw_str_eq(aw_robots_sitemap(robots, 0), AW_STR("s")));
    aw_robots_free(robots);
    aw_robots_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(follows_the_simple_example_of_the_rfc),
        cmocka_unit_test(the_longest_match_decides),
        cmocka_unit_test(allow_wins_a_tie_in_either_order),
        cmocka_unit_test(groups_of_the_same_agent_are_one),
        cmocka_unit_test(agents_match_by_the_whole_token),
        cmocka_unit_test(a_group_for_the_agent_replaces_the_one_for_all),
        cmocka_unit_test(other_records_end_no_group),
        cmocka_unit_test(an_empty_rule_matches_nothing_but_ends_the_head),
        cmocka_unit_test(rules_before_any_agent_are_nobodys),
        cmocka_unit_test(robots_txt_itself_is_always_allowed),
        cmocka_unit_test(stars_and_the_end_mark_match),
        cmocka_unit_test(escapes_are_compared_in_one_form),
        cmocka_unit_test(lines_may_end_and_be_spaced_in_any_way),
        cmocka_unit_test(tells_the_line_that_decided),
        cmocka_unit_test(delays_are_read_and_bounded),
        cmocka_unit_test(the_longest_delay_of_the_agents_groups_holds),
        cmocka_unit_test(sitemaps_are_listed_in_order),
        cmocka_unit_test(bytes_that_are_no_text_spoil_their_line_alone),
        cmocka_unit_test(the_tag_in_the_head_forbids_to_follow),
        cmocka_unit_test(what_is_over_the_limit_is_ignored),
        cmocka_unit_test(paths_over_the_limit_are_not_allowed),
        cmocka_unit_test(hostile_patterns_take_no_time),
        cmocka_unit_test(any_bytes_make_a_robots_txt),
        cmocka_unit_test(the_bytes_may_go_away),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
