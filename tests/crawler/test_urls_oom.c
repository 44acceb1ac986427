/* URLs, robots.txt, scopes and traps where memory runs out: the failure is
 * told, and nothing is half done. */
#include <string.h>

#include "tests/alloc_fail.h"

#include "crawler/robots.h"
#include "crawler/scope.h"
#include "crawler/trap.h"
#include "crawler/url.h"

static struct aw_err err;

static void canonical(void)
{
    struct aw_buf out;
    aw_rc rc;

    aw_buf_init(&out, AW_URL_MAX);
    rc = aw_url_canonical(AW_STR("http://中.example/a/../b?c"),
                          AW_STR("d/./é;jsessionid=1?q=ü&utm_x"), &out, &err);
    alloc_fail_stop();
    assert_int_equal(rc, alloc_failed ? AW_NOMEM : AW_OK);
    assert_int_equal(out.len > 0, rc == AW_OK);
    aw_buf_deinit(&out);
}

static void a_url_is_canonical_or_told_to_be_none(void **state)
{
    (void)state;
    alloc_fail_each(canonical);
}

static void ask_robots(void)
{
    struct aw_robots *robots = NULL;
    bool allowed = false;
    aw_rc rc = aw_robots_new(&robots,
                             AW_STR("user-agent: *\ndisallow: /x\n"
                                    "allow: /y*z$\nsitemap: s\n"),
                             &err);

    if (rc == AW_OK)
        allowed =
            aw_robots_allowed(robots, AW_STR("a"), AW_STR("/z%2F?%2F"), NULL);
    alloc_fail_stop();
    if (!robots)
        assert_int_equal(rc, AW_NOMEM);
    assert_int_equal(allowed, !alloc_failed);
    aw_robots_free(robots);
}

static void without_memory_nothing_is_allowed(void **state)
{
    (void)state;
    alloc_fail_each(ask_robots);
}

static struct aw_sites *sites;

static void ask_scope(void)
{
    static char *starts[] = {"http://a.example/x/", "http://中.example/"};
    static char *includes[] = {"host:b.example", "site:c.example",
                               "prefix:http://d.example/"};
    static char *excludes[] = {"regex:/tag/", "*/公告/*"};
    struct aw_source source = {
        .name = "s",
        .start = starts,
        .start_count = 2,
        .scope = AW_SCOPE_PREFIX,
        .include = includes,
        .include_count = 3,
        .exclude = excludes,
        .exclude_count = 2,
    };
    struct aw_config config = {.sources = &source, .source_count = 1};
    struct aw_scope *scope = NULL;
    struct aw_arena arena;
    aw_rc rc;

    aw_arena_init(&arena, 1 << 20);
    rc = aw_scope_new(&scope, &config, 0, sites, &arena, &err);
    alloc_fail_stop();
    assert_int_equal(rc, alloc_failed ? AW_NOMEM : AW_OK);
    assert_int_equal(scope != NULL, rc == AW_OK);
    if (scope)
        assert_true(
            aw_scope_holds(scope, AW_STR("http://m.c.example/"), NULL));
    aw_scope_free(scope);
    aw_arena_deinit(&arena);
}

static void a_scope_is_made_whole_or_not_at_all(void **state)
{
    (void)state;
    assert_int_equal(aw_sites_new(&sites, &err), AW_OK);
    alloc_fail_each(ask_scope);
    aw_sites_free(sites);
}

static void ask_trap(void)
{
    struct aw_trap *trap = NULL;
    struct aw_buf reason;
    aw_rc rc = aw_trap_new(&trap, &err);

    aw_buf_init(&reason, 1000);
    if (rc == AW_OK)
        assert_false(aw_trap_check(trap, AW_STR("http://a.example/2026/1/1"),
                                   AW_STR("http://a.example/"), &reason));
    alloc_fail_stop();
    assert_int_equal(trap != NULL, rc == AW_OK);
    aw_buf_deinit(&reason);
    aw_trap_free(trap);
}

static void without_memory_nothing_is_called_a_trap(void **state)
{
    (void)state;
    alloc_fail_each(ask_trap);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_url_is_canonical_or_told_to_be_none),
        cmocka_unit_test(without_memory_nothing_is_allowed),
        cmocka_unit_test(a_scope_is_made_whole_or_not_at_all),
        cmocka_unit_test(without_memory_nothing_is_called_a_trap),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
