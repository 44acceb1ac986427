/* Bodies in chunks, as other programs archive them. (RFC 9112, 7.1) */
#include "archive_test.h"

static aw_rc unchunk(struct aw_buf *out, const char *body)
{
    struct aw_err err;

    aw_buf_init(out, 4096);
    aw_buf_puts(out, ">");
    return aw_warc_unchunk(aw_str_of(body), out, &err);
}

static void assert_payload(const char *body, const char *payload)
{
    struct aw_buf out;

    assert_int_equal(unchunk(&out, body), AW_OK);
    assert_string_equal(out.ptr + 1, payload);
    aw_buf_deinit(&out);
}

static void chunks_are_put_together(void **state)
{
    (void)state;
    assert_payload("3\r\nabc\r\nA\r\n0123456789\r\n0\r\n\r\n",
                   "abc0123456789");
    assert_payload("3;name=\"x\"\r\na\nc\r\n0\r\nTrailer: y\r\n\r\n", "a\nc");
    assert_payload("0\r\n\r\n", "");
}

static void what_was_cut_off_gives_what_there_is(void **state)
{
    (void)state;
    assert_payload("3\r\nabc\r\n5\r\nde", "abcde");
    assert_payload("3\r\nabc\r\n", "abc");
    assert_payload("3\r\nabc", "abc");
    assert_payload("fffffffffffffff\r\nabc", "abc");
}

static void what_is_not_in_chunks_is_refused(void **state)
{
    static const char *const bodies[] = {
        "",       "abc",     "<p>page</p>\n", "3\r\nabcd\r\n",
        "-3\r\n", "3 x\r\n", "3\r\nabc\r\nx", "ffffffffffffffff\r\nabc"};

    (void)state;
    for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
        struct aw_buf out;

        assert_int_equal(unchunk(&out, bodies[i]), AW_INVALID);
        assert_int_equal(out.len, 1);
        aw_buf_deinit(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chunks_are_put_together),
        cmocka_unit_test(what_was_cut_off_gives_what_there_is),
        cmocka_unit_test(what_is_not_in_chunks_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
