#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/pointer.h"

static void pointers_of_the_standard_are_valid(void **s)
{
    static const char *const good[] = {
        "", "/foo", "/foo/0", "/", "/a~1b", "/c%d", "/i\\j", "/m~0n", "//",
    };
    static const char *const bad[] = {"foo", "foo/", "/a~", "/a~2", "#/a"};

    (void)s;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        assert_true(aw_pointer_valid(aw_str_of(good[i])));
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_false(aw_pointer_valid(aw_str_of(bad[i])));
}

static void a_pointer_comes_part_by_part_unescaped(void **s)
{
    static const char *const parts[] = {"data", "a/b", "~1", "", "名"};
    struct aw_str rest = AW_STR("/data/a~1b/~01//名");
    struct aw_buf part;

    (void)s;
    aw_buf_init(&part, AW_POINTER_MAX);
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        assert_true(aw_pointer_next(&rest, &part));
        assert_true(aw_str_eq(aw_buf_str(&part), aw_str_of(parts[i])));
    }
    assert_false(aw_pointer_next(&rest, &part));
    aw_buf_deinit(&part);
}

static void an_index_has_no_leading_zero(void **s)
{
    (void)s;
    assert_int_equal(aw_pointer_index(AW_STR("0")), 0);
    assert_int_equal(aw_pointer_index(AW_STR("12")), 12);
    assert_int_equal(aw_pointer_index(AW_STR("012")), -1);
    assert_int_equal(aw_pointer_index(AW_STR("-1")), -1);
    assert_int_equal(aw_pointer_index(AW_STR("")), -1);
    assert_int_equal(aw_pointer_index(AW_STR("99999999999")), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pointers_of_the_standard_are_valid),
        cmocka_unit_test(a_pointer_comes_part_by_part_unescaped),
        cmocka_unit_test(an_index_has_no_leading_zero),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
