#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "crawler/head.h"

static const char head[] = "HTTP/1.1 200 OK\r\n"
                           "Content-Type:  text/html \r\n"
                           "X-Robots-Tag: noindex\r\n"
                           "no field at all\r\n"
                           "Empty:\r\n"
                           "x-robots-tag:nofollow\n"
                           "Content-Type: image/png\r\n"
                           "X-ROBOTS-TAG: adwatch: none\r\n"
                           "\r\n";

static void assert_value(const char *name, const char *value)
{
    struct aw_str got = aw_head_value(AW_STR(head), aw_str_of(name));

    if (!aw_str_eq(got, aw_str_of(value)))
        fail_msg("%s: \"%.*s\"", name, AW_STR_ARG(got));
}

static void the_first_field_of_a_name_counts(void **state)
{
    (void)state;
    assert_value("content-type", "text/html");
    assert_value("Content-TYPE", "text/html");
    assert_value("empty", "");
    assert_value("location", "");
    assert_value("no field at all", "");
}

static void assert_joined(size_t max, const char *joined)
{
    struct aw_buf out;

    aw_buf_init(&out, max);
    aw_head_join(AW_STR(head), AW_STR("x-robots-tag"), ", ", &out);
    assert_int_equal(out.rc, AW_OK);
    assert_string_equal(out.ptr ? out.ptr : "", joined);
    aw_buf_deinit(&out);
}

static void all_fields_of_a_name_are_joined(void **state)
{
    (void)state;
    assert_joined(1000, "noindex, nofollow, adwatch: none");
}

static void what_goes_beyond_the_limit_is_left_out_whole(void **state)
{
    (void)state;
    assert_joined(20, "noindex, nofollow");
    assert_joined(12, "noindex");
    assert_joined(3, "");
}

static void a_validator_is_what_can_be_sent_back(void **state)
{
    static char longest[AW_VALIDATOR_MAX + 2];

    (void)state;
    memset(longest, 'a', sizeof longest - 1);
    assert_true(aw_head_is_validator(AW_STR("\"abc\"")));
    assert_true(aw_head_is_validator(AW_STR("W/\"\xE4\xB8\xAD\"")));
    assert_true(aw_head_is_validator(
        aw_str_sub(aw_str_of(longest), 0, AW_VALIDATOR_MAX)));
    assert_false(aw_head_is_validator(aw_str_of(longest)));
    assert_false(aw_head_is_validator(AW_STR("")));
    assert_false(aw_head_is_validator(AW_STR("\"a\rX: b\"")));
    assert_false(aw_head_is_validator(AW_STR("\"a\0b\"")));
    assert_false(aw_head_is_validator(AW_STR("\"\x7F\"")));
}

static void a_head_is_archived_without_what_was_undone(void **state)
{
    struct aw_buf out;

    (void)state;
    aw_buf_init(&out, 1000);
    aw_head_put_archived(&out, AW_STR("HTTP/1.1 200 OK\r\n"
                                      "transfer-Encoding: chunked\r\n"
                                      "A: b\r\n\r\n"));
    assert_string_equal(out.ptr, "HTTP/1.1 200 OK\r\n"
                                 "X-Archive-transfer-Encoding: chunked\r\n"
                                 "A: b\r\n\r\n");
    aw_buf_deinit(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_field_of_a_name_counts),
        cmocka_unit_test(all_fields_of_a_name_are_joined),
        cmocka_unit_test(what_goes_beyond_the_limit_is_left_out_whole),
        cmocka_unit_test(a_head_is_archived_without_what_was_undone),
        cmocka_unit_test(a_validator_is_what_can_be_sent_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
