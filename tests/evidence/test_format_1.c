/* A bundle that an older adwatch made: format 1 is accepted for ever. */
#include "tests/store/fixture.h"

#include "base/fs.h"
#include "evidence/verify.h"

#define BUNDLE "tests/evidence/bundles/format-1.zip"

static struct aw_buf bundle;
static struct aw_err err;

static int set_up(void **state)
{
    (void)state;
    aw_buf_init(&bundle, (size_t)1 << 20);
    return aw_file_read(BUNDLE, &bundle, &err) == AW_OK ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    aw_buf_deinit(&bundle);
    return 0;
}

static aw_rc count_item(void *self, const struct aw_verify_item *item,
                        struct aw_err *e)
{
    (void)e;
    assert_true(item->what[0] != '\0');
    ++*(int *)self;
    return AW_OK;
}

static void it_verifies(void **state)
{
    int items = 0;

    (void)state;
    assert_int_equal(aw_bundle_verify(BUNDLE, NULL, count_item, &items, &err),
                     AW_OK);
    assert_true(items >= 9);
}

static void any_changed_byte_is_found(void **state)
{
    (void)state;
    for (size_t at = 0; at < bundle.len; at += at % 64 == 0 ? 1 : 7) {
        int items = 0;

        bundle.ptr[at] ^= 0x20;
        if (aw_bundle_verify_bytes(aw_buf_str(&bundle), NULL, count_item,
                                   &items, &err) != AW_FAIL)
            fail_msg("a change of byte %zu is not found", at);
        assert_true(items > 0 && err.msg[0] != '\0');
        bundle.ptr[at] ^= 0x20;
    }
}

static void cut_off_or_longer_it_is_refused(void **state)
{
    (void)state;
    for (size_t cut = 1; cut < bundle.len; cut += 997) {
        struct aw_str part = {bundle.ptr, bundle.len - cut};
        int items = 0;

        assert_int_equal(aw_bundle_verify_bytes(part, NULL, count_item, &items,
                                                &err),
                         AW_FAIL);
    }
    for (int i = 0; i < 3; i++) {
        int items = 0;

        aw_buf_putc(&bundle, '\0');
        assert_int_equal(aw_bundle_verify_bytes(aw_buf_str(&bundle), NULL,
                                                count_item, &items, &err),
                         AW_FAIL);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(it_verifies, set_up, tear_down),
        cmocka_unit_test_setup_teardown(any_changed_byte_is_found, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(cut_off_or_longer_it_is_refused,
                                        set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
