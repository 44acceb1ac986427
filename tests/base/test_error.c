#include "tests/base/base_test.h"

#include <errno.h>

#include "base/error.h"

static struct aw_err err;

static void every_code_has_a_text_and_the_exit_status_of_the_design(void **s)
{
    (void)s;
    assert_string_equal(aw_rc_text(AW_OK), "ok");
    assert_string_equal(aw_rc_text(AW_STORE), "store error");
    assert_int_equal(aw_rc_exit(AW_OK), 0);
    assert_int_equal(aw_rc_exit(AW_NOMEM), 1);
    assert_int_equal(aw_rc_exit(AW_USAGE), 2);
    assert_int_equal(aw_rc_exit(AW_PARTLY), 3);
    assert_int_equal(aw_rc_exit(AW_FOUND), 4);
    assert_int_equal(aw_rc_exit(AW_CONFIG), 5);
    assert_int_equal(aw_rc_exit(AW_STORE), 6);
}

static void fail_fills_the_error_and_gives_its_code_back(void **s)
{
    (void)s;
    assert_int_equal(aw_fail(&err, AW_LIMIT, "more than %d", 7), AW_LIMIT);
    assert_int_equal(err.rc, AW_LIMIT);
    assert_string_equal(err.msg, "more than 7");
}

static void fail_errno_tells_the_errno_of_its_call(void **s)
{
    (void)s;
    errno = ENOENT;
    assert_int_equal(aw_fail_errno(&err, AW_IO, "'%s'", "a"), AW_IO);
    assert_string_equal(err.msg, "'a': No such file or directory");
}

static void context_goes_in_front_and_keeps_the_code(void **s)
{
    (void)s;
    (void)aw_fail(&err, AW_CONFIG, "bad");
    assert_int_equal(aw_fail_in(&err, "a.yaml:%d", 3), AW_CONFIG);
    (void)aw_fail_in(&err, "rules");
    assert_string_equal(err.msg, "rules: a.yaml:3: bad");
}

static void a_message_that_is_too_long_is_cut(void **s)
{
    char text[3 * AW_ERR_MAX];

    (void)s;
    memset(text, 'x', sizeof text);
    text[sizeof text - 1] = '\0';
    (void)aw_fail(&err, AW_FAIL, "%s", text);
    assert_int_equal(strlen(err.msg), AW_ERR_MAX - 1);
    (void)aw_fail_in(&err, "in");
    assert_int_equal(strlen(err.msg), AW_ERR_MAX - 1);
    assert_memory_equal(err.msg, "in: xx", 6);
    (void)aw_fail_in(&err, "%s", text);
    assert_int_equal(strlen(err.msg), AW_ERR_MAX - 1);
    errno = ENOENT;
    (void)aw_fail_errno(&err, AW_FAIL, "%s", text);
    assert_int_equal(strlen(err.msg), AW_ERR_MAX - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            every_code_has_a_text_and_the_exit_status_of_the_design),
        cmocka_unit_test(fail_fills_the_error_and_gives_its_code_back),
        cmocka_unit_test(fail_errno_tells_the_errno_of_its_call),
        cmocka_unit_test(context_goes_in_front_and_keeps_the_code),
        cmocka_unit_test(a_message_that_is_too_long_is_cut),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
