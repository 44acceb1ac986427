#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "reports/diff.h"

static void note(void *self, struct aw_str piece, bool added)
{
    aw_buf_printf(self, "%c%.*s|", added ? '+' : '-', AW_STR_ARG(piece));
}

static void assert_diff(const char *before, const char *after,
                        const char *wanted)
{
    struct aw_buf out;
    struct aw_err err;

    aw_buf_init(&out, 1 << 20);
    aw_buf_puts(&out, "");
    assert_int_equal(aw_diff(aw_str_of(before), aw_str_of(after), note, &out,
                             &err),
                     AW_OK);
    assert_string_equal(out.ptr ? out.ptr : "", wanted);
    aw_buf_deinit(&out);
}

static void a_changed_sentence_goes_and_comes(void **s)
{
    (void)s;
    assert_diff("闲钱好去处。预期收益5%。随存随取！",
                "闲钱好去处。保证收益5%。随存随取！",
                "-预期收益5%。|+保证收益5%。|");
}

static void what_is_new_or_gone_stands_alone(void **s)
{
    (void)s;
    assert_diff("甲。丙。", "甲。乙。丙。", "+乙。|");
    assert_diff("甲。\n乙。\n丙", "甲。\n丙", "-乙。|");
    assert_diff("", "甲", "+甲|");
    assert_diff("甲", "", "-甲|");
    assert_diff("甲。", " 甲。\n\n", "");
}

static void two_changes_leave_what_is_between(void **s)
{
    (void)s;
    assert_diff("a\nb\nc\nd\ne", "a\nB\nc\nD\ne", "-b|+B|-d|+D|");
    assert_diff("a\nb\nc", "c\na\nb", "+c|-c|");
}

static void texts_beyond_the_limit_differ_as_a_whole(void **s)
{
    struct aw_buf before, after, out;
    struct aw_err err;

    (void)s;
    aw_buf_init(&before, 1 << 20);
    aw_buf_init(&after, 1 << 20);
    aw_buf_init(&out, 1 << 20);
    for (int i = 0; i < 2 * AW_DIFF_PIECES_MAX; i++) {
        aw_buf_printf(&before, "a%d\n", i);
        aw_buf_printf(&after, "b%d\n", i);
    }
    assert_int_equal(aw_diff(aw_buf_str(&before), aw_buf_str(&after), note,
                             &out, &err),
                     AW_OK);
    assert_non_null(strstr(out.ptr, "-a1999|+b0|"));
    aw_buf_deinit(&before);
    aw_buf_deinit(&after);
    aw_buf_deinit(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_changed_sentence_goes_and_comes),
        cmocka_unit_test(what_is_new_or_gone_stands_alone),
        cmocka_unit_test(two_changes_leave_what_is_between),
        cmocka_unit_test(texts_beyond_the_limit_differ_as_a_whole),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
