#include "tests/base/base_test.h"

#include <wchar.h>

#include "base/buf.h"

static struct aw_buf buf;
static struct aw_err err;

static int tear_down(void **s)
{
    (void)s;
    aw_buf_deinit(&buf);
    return 0;
}

static void appended_text_ends_with_a_nul_that_is_not_counted(void **s)
{
    (void)s;
    aw_buf_init(&buf, 100);
    aw_buf_puts(&buf, "ab");
    aw_buf_putc(&buf, 'c');
    aw_buf_put(&buf, AW_STR("\0d"));
    aw_buf_append(&buf, "ef", 1);
    assert_int_equal(buf.len, 6);
    assert_memory_equal(buf.ptr, "abc\0de\0", 7);
    assert_int_equal(aw_buf_check(&buf, &err), AW_OK);
}

static void appending_nothing_makes_an_empty_text(void **s)
{
    (void)s;
    aw_buf_init(&buf, 0);
    aw_buf_append(&buf, NULL, 0);
    assert_non_null(buf.ptr);
    assert_string_equal(buf.ptr, "");
    assert_int_equal(aw_buf_check(&buf, &err), AW_OK);
}

static void the_limit_itself_fits_and_one_more_byte_does_not(void **s)
{
    (void)s;
    aw_buf_init(&buf, 3);
    aw_buf_puts(&buf, "abc");
    assert_int_equal(aw_buf_check(&buf, &err), AW_OK);
    aw_buf_putc(&buf, 'd');
    assert_int_equal(aw_buf_check(&buf, &err), AW_LIMIT);
    assert_string_equal(err.msg, "more than 3 bytes");
    assert_string_equal(buf.ptr, "abc");
}

static void a_failure_sticks_until_reset(void **s)
{
    (void)s;
    aw_buf_init(&buf, 4);
    aw_buf_puts(&buf, "12345");
    aw_buf_puts(&buf, "1");
    aw_buf_printf(&buf, "%d", 1);
    assert_null(aw_buf_reserve(&buf, 0));
    assert_int_equal(buf.len, 0);
    assert_int_equal(aw_buf_check(&buf, &err), AW_LIMIT);
    aw_buf_reset(&buf);
    assert_int_equal(aw_buf_check(&buf, &err), AW_OK);
    aw_buf_puts(&buf, "1234");
    assert_string_equal(buf.ptr, "1234");
}

static void reset_leaves_an_empty_text(void **s)
{
    (void)s;
    aw_buf_init(&buf, 10);
    aw_buf_reset(&buf);
    aw_buf_puts(&buf, "old");
    aw_buf_reset(&buf);
    assert_int_equal(buf.len, 0);
    assert_string_equal(buf.ptr, "");
}

static void printf_is_not_bound_by_any_inner_buffer(void **s)
{
    (void)s;
    aw_buf_init(&buf, 100000);
    aw_buf_printf(&buf, "%s=%d;", "a", -1);
    aw_buf_printf(&buf, "%050000d", 7);
    assert_int_equal(buf.len, 5 + 50000);
    assert_memory_equal(buf.ptr, "a=-1;0", 6);
    assert_string_equal(buf.ptr + 5 + 49998, "07");
}

static void printf_fills_the_room_there_is_to_the_last_byte(void **s)
{
    (void)s;
    for (size_t len = 200; len < 300; len++) {
        aw_buf_init(&buf, 1000);
        aw_buf_puts(&buf, "ab");
        aw_buf_printf(&buf, "%0*d", (int)len, 7);
        assert_int_equal(buf.len, 2 + len);
        assert_int_equal(strlen(buf.ptr), 2 + len);
        assert_memory_equal(buf.ptr, "ab00", 4);
        assert_string_equal(buf.ptr + len, "07");
        aw_buf_deinit(&buf);
    }
}

static void printf_over_the_limit_writes_nothing(void **s)
{
    (void)s;
    aw_buf_init(&buf, 5);
    aw_buf_puts(&buf, "ab");
    aw_buf_printf(&buf, "%s", "cdef");
    assert_string_equal(buf.ptr, "ab");
    assert_int_equal(aw_buf_check(&buf, &err), AW_LIMIT);
}

static void a_printf_that_fails_is_told(void **s)
{
    static const wchar_t wide[] = {0x4FDD, 0}; /* not to be had in "C" */

    (void)s;
    aw_buf_init(&buf, 100);
    aw_buf_puts(&buf, "a");
    aw_buf_printf(&buf, "%ls", wide);
    assert_int_equal(aw_buf_check(&buf, &err), AW_INVALID);
    assert_string_equal(buf.ptr, "a");
}

static void reserve_gives_room_and_counts_nothing(void **s)
{
    char *at;

    (void)s;
    aw_buf_init(&buf, 1000);
    aw_buf_puts(&buf, "ab");
    at = aw_buf_reserve(&buf, 998);
    assert_ptr_equal(at, buf.ptr + 2);
    assert_int_equal(buf.len, 2);
    assert_true(buf.cap > 1000);
    memset(at, 'x', 998);
    buf.len += 998;
    assert_null(aw_buf_reserve(&buf, 1));
    assert_int_equal(buf.rc, AW_LIMIT);
}

static void sizes_that_would_overflow_are_over_the_limit(void **s)
{
    (void)s;
    aw_buf_init(&buf, SIZE_MAX);
    aw_buf_puts(&buf, "ab");
    assert_null(aw_buf_reserve(&buf, SIZE_MAX));
    assert_int_equal(buf.rc, AW_LIMIT);
    aw_buf_reset(&buf);
    aw_buf_puts(&buf, "ab");
    assert_null(aw_buf_reserve(&buf, SIZE_MAX - 1));
    assert_int_equal(buf.rc, AW_LIMIT);
}

static void consume_takes_from_the_front(void **s)
{
    (void)s;
    aw_buf_init(&buf, 10);
    aw_buf_consume(&buf, 1);
    aw_buf_puts(&buf, "abcdef");
    aw_buf_consume(&buf, 2);
    assert_string_equal(buf.ptr, "cdef");
    aw_buf_consume(&buf, 0);
    assert_int_equal(buf.len, 4);
    aw_buf_consume(&buf, 99);
    assert_int_equal(buf.len, 0);
    assert_string_equal(buf.ptr, "");
}

static void a_zeroed_struct_is_a_buffer_of_limit_nought(void **s)
{
    (void)s;
    buf = (struct aw_buf){0};
    assert_int_equal(aw_buf_str(&buf).len, 0);
    aw_buf_putc(&buf, 'a');
    assert_int_equal(aw_buf_check(&buf, &err), AW_LIMIT);
    aw_buf_deinit(&buf);
    aw_buf_deinit(&buf);
}

#define UNIT(test) cmocka_unit_test_teardown(test, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(appended_text_ends_with_a_nul_that_is_not_counted),
        UNIT(appending_nothing_makes_an_empty_text),
        UNIT(the_limit_itself_fits_and_one_more_byte_does_not),
        UNIT(a_failure_sticks_until_reset),
        UNIT(reset_leaves_an_empty_text),
        UNIT(printf_is_not_bound_by_any_inner_buffer),
        UNIT(printf_fills_the_room_there_is_to_the_last_byte),
        UNIT(printf_over_the_limit_writes_nothing),
        UNIT(a_printf_that_fails_is_told),
        UNIT(reserve_gives_room_and_counts_nothing),
        UNIT(sizes_that_would_overflow_are_over_the_limit),
        UNIT(consume_takes_from_the_front),
        UNIT(a_zeroed_struct_is_a_buffer_of_limit_nought),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
