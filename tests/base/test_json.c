#include "base/json.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct aw_buf out;

static int set_up(void **state)
{
    (void)state;
    aw_buf_init(&out, 4096);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    aw_buf_deinit(&out);
    return 0;
}

static void commas_stand_between_values_alone(void **state)
{
    (void)state;
    aw_json_open(&out, NULL, '{');
    aw_json_int(&out, "id", -7);
    aw_json_open(&out, "law", '[');
    aw_json_text(&out, NULL, AW_STR("a"));
    aw_json_text(&out, NULL, AW_STR("b"));
    aw_json_close(&out, ']');
    aw_json_open(&out, "empty", '{');
    aw_json_close(&out, '}');
    aw_json_bool(&out, "ok", true);
    aw_json_raw(&out, "raw", AW_STR("[1]"));
    aw_json_close(&out, '}');
    assert_string_equal(out.ptr, "{\"id\":-7,\"law\":[\"a\",\"b\"],"
                                 "\"empty\":{},\"ok\":true,\"raw\":[1]}");
}

/* Sources have names too, and are members by them. */
static void a_name_is_escaped_as_a_text_is(void **state)
{
    (void)state;
    aw_json_open(&out, NULL, '{');
    aw_json_int(&out, "a \"b\"\n", 1);
    aw_json_close(&out, '}');
    assert_string_equal(out.ptr, "{\"a \\\"b\\\"\\n\":1}");
}

static void a_second_line_begins_without_a_comma(void **state)
{
    (void)state;
    aw_json_int(&out, NULL, 1);
    aw_buf_putc(&out, '\n');
    aw_json_int(&out, NULL, 2);
    assert_string_equal(out.ptr, "1\n2");
}

static void strings_are_escaped_as_rfc_8785_wants(void **state)
{
    (void)state;
    aw_json_text(&out, NULL, AW_STR("\b\t\n\f\r\"\\/\x01\x7F保"));
    assert_string_equal(out.ptr, "\"\\b\\t\\n\\f\\r\\\"\\\\/\\u0001\x7F保\"");
}

static void a_nul_does_not_end_a_text(void **state)
{
    (void)state;
    aw_json_text(&out, NULL, (struct aw_str){"a\0b", 3});
    assert_string_equal(out.ptr, "\"a\\u0000b\"");
}

static void malformed_bytes_become_the_replacement_character(void **state)
{
    (void)state;
    aw_json_text(&out, NULL, AW_STR("a\xFF"));
    assert_string_equal(out.ptr, "\"a\xEF\xBF\xBD\"");
}

static void numbers_are_short_and_read_back_the_same(void **state)
{
    (void)state;
    aw_json_open(&out, NULL, '[');
    aw_json_real(&out, NULL, 0.1);
    aw_json_real(&out, NULL, 1.0 / 3);
    aw_json_real(&out, NULL, 2);
    aw_json_real(&out, NULL, NAN);
    aw_json_close(&out, ']');
    assert_string_equal(out.ptr, "[0.1,0.33333333333333331,2,null]");
}

static void values_are_counted_outside_of_texts(void **state)
{
    (void)state;
    assert_false(aw_json_too_many(AW_STR("{\"a\":[1,2,3]}"), 4));
    assert_true(aw_json_too_many(AW_STR("{\"a\":[1,2,3]}"), 3));
    assert_true(aw_json_too_many(AW_STR("[[[["), 3));
    assert_false(aw_json_too_many(AW_STR("[\",,\\\",[{\"]"), 1));
    assert_false(aw_json_too_many(AW_STR(""), 0));
    assert_false(aw_json_too_many(AW_STR("\"torn\\"), 0));
    assert_false(aw_json_too_many(AW_STR("\"torn, text"), 0));
    assert_false(aw_json_too_many(AW_STR("[\"\\\\\",\"\\\"\\\",,\"]"), 2));
    assert_true(aw_json_too_many(AW_STR("[\"\\\\\",\"\\\"\\\",,\"]"), 1));
}

#define UNIT(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(commas_stand_between_values_alone),
        UNIT(a_name_is_escaped_as_a_text_is),
        UNIT(a_second_line_begins_without_a_comma),
        UNIT(strings_are_escaped_as_rfc_8785_wants),
        UNIT(a_nul_does_not_end_a_text),
        UNIT(malformed_bytes_become_the_replacement_character),
        UNIT(numbers_are_short_and_read_back_the_same),
        UNIT(values_are_counted_outside_of_texts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
