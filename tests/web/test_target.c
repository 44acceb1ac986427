#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "web/target.h"

static struct aw_arena arena;
static struct aw_target target;
static struct aw_err err;

static aw_rc parse(const char *raw)
{
    aw_arena_reset(&arena);
    return aw_target_parse(&target, aw_str_of(raw), &arena, &err);
}

static void assert_text(struct aw_str got, const char *want)
{
    if (!aw_str_eq(got, aw_str_of(want)))
        fail_msg("'%.*s', not '%s'", AW_STR_ARG(got), want);
}

static void paths_and_queries_are_decoded_once(void **state)
{
    (void)state;
    assert_int_equal(parse("/a+b%2Fc%2541?x=1+%2B%26&=e&n&&y=a=b"), AW_OK);
    assert_text(target.path, "/a+b/c%41");
    assert_int_equal(target.count, 4);
    assert_text(aw_target_query(&target, "x"), "1 +&");
    assert_text(aw_target_query(&target, ""), "e");
    assert_text(aw_target_query(&target, "n"), "");
    assert_text(aw_target_query(&target, "y"), "a=b");
    assert_text(aw_target_query(&target, "z"), "");
}

static void the_first_of_two_counts(void **state)
{
    (void)state;
    assert_int_equal(parse("/?a=1&a=2"), AW_OK);
    assert_text(aw_target_query(&target, "a"), "1");
}

static void what_is_malformed_is_refused(void **state)
{
    static const char *const raws[] = {
        "",       "a",       "?a",      "%2F",     "/%",
        "/%1",    "/%g0",    "/%0",     "/%00",    "/%7f",
        "/\x01",  "/%1F",    "/%ff",    "/%c0%af", "/%e4%bf",
        "/\xE4x", "/?a=%0d", "/?%0a=1", "/?a=%",   "/?a=%ed%a0%80"};

    (void)state;
    for (size_t i = 0; i < sizeof raws / sizeof *raws; i++)
        if (parse(raws[i]) != AW_INVALID)
            fail_msg("'%s' is taken", raws[i]);
}

static void more_pairs_than_there_is_room_for_are_refused(void **state)
{
    char raw[2 * (AW_TARGET_PAIRS_MAX + 2) + 2] = "/?";

    (void)state;
    for (int i = 0; i < AW_TARGET_PAIRS_MAX; i++)
        (void)strcat(raw, "a&");
    assert_int_equal(parse(raw), AW_OK);
    (void)strcat(raw, "a");
    assert_int_equal(parse(raw), AW_LIMIT);
}

static void cookies_are_found_by_their_whole_name(void **state)
{
    struct aw_str field = AW_STR("xa=0; a = 1 ;a=2;;b; c=d=e");

    (void)state;
    assert_text(aw_cookie_find(field, "a"), "1");
    assert_text(aw_cookie_find(field, "b"), "");
    assert_text(aw_cookie_find(field, "c"), "d=e");
    assert_text(aw_cookie_find(field, "x"), "");
    assert_text(aw_cookie_find((struct aw_str){0}, "a"), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paths_and_queries_are_decoded_once),
        cmocka_unit_test(the_first_of_two_counts),
        cmocka_unit_test(what_is_malformed_is_refused),
        cmocka_unit_test(more_pairs_than_there_is_room_for_are_refused),
        cmocka_unit_test(cookies_are_found_by_their_whole_name),
    };
    int failed;

    aw_arena_init(&arena, (size_t)1 << 20);
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    aw_arena_deinit(&arena);
    return failed;
}
