#include "cli/flat_line.h"

#include "tests/base/base_test.h"

static struct aw_flat_line got;

static bool take(const char *line)
{
    return aw_flat_line_read(&got, aw_str_of(line));
}

static void test_strings_are_told_where_they_stand(void **state)
{
    (void)state;
    assert_true(take("{\"id\":\"a\", \"text\" : \"保本\",\"sector\":\"x\"}"));
    assert_str(got.value[AW_FLAT_ID], "a");
    assert_str(got.value[AW_FLAT_TEXT], "保本");
    assert_false(got.is_there[AW_FLAT_TITLE]);
    assert_true(take("{\"text\":\"\"}"));
    assert_true(got.is_there[AW_FLAT_TEXT]);
    assert_int_equal(got.value[AW_FLAT_TEXT].len, 0);
}

static void test_an_id_may_be_a_whole_number(void **state)
{
    (void)state;
    assert_true(take("{\"id\":120,\"text\":\"x\"}"));
    assert_str(got.value[AW_FLAT_ID], "120");
    assert_true(take("{\"id\":0}"));
    assert_true(take("{\"id\":999999999999999}"));
}

static void test_all_else_is_left_to_cjson(void **state)
{
    static const char *const others[] = {
        "",
        "{",
        "{}",
        "[\"text\"]",
        "{\"text\"}",
        "{\"text\":}",
        "{\"text\":\"x\"",
        "{\"text\":\"x}",
        "{\"text\":\"x\",}",
        "{\"text\":\"x\"}}",
        "{\"text\":\"x\"} {}",
        "{\"text\":\"a\\n\"}",
        "{\"te\\u0078t\":\"a\"}",
        "{\"text\":\"a\",\"text\":\"b\"}",
        "{\"text\":null}",
        "{\"text\":1}",
        "{\"x\":[1]}",
        "{\"x\":1}",
        "{\"id\":01}",
        "{\"id\":-1}",
        "{\"id\":1.5}",
        "{\"id\":1e3}",
        "{\"id\":}",
        "{\"id\":1000000000000000}",
    };

    (void)state;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (take(others[i]))
            fail_msg("taken: %s", others[i]);
    assert_false(aw_flat_line_read(&got, AW_STR("{\"text\":\"a\0b\"}")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_strings_are_told_where_they_stand),
        cmocka_unit_test(test_an_id_may_be_a_whole_number),
        cmocka_unit_test(test_all_else_is_left_to_cjson),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
