#include "tests/base/base_test.h"

#include "classify/seen.h"

static struct aw_text scratch;

static void sees(const char *original, const char *seen)
{
    struct aw_buf out;
    struct aw_err err;

    aw_buf_init(&out, 4096);
    assert_int_equal(aw_seen(&scratch, aw_str_of(original), &out, &err),
                     AW_OK);
    assert_string_equal(out.len > 0 ? out.ptr : "", seen);
    aw_buf_deinit(&out);
}

static void what_is_disguised_is_shown(void **state)
{
    (void)state;
    sees("亻呆本保息", "保本保息");
    sees("保*本*保*息", "保本保息");
    sees("保\xE2\x80\x8B本", "保本");
    sees("\xE2\x80\xAE保本", "保本");
    sees("保証無風險", "保证无风险");
}

static void what_only_looks_otherwise_is_not(void **state)
{
    (void)state;
    sees("", "");
    sees("本产品保本保息, 年化12%!", "");
    sees("ABC年化收益１２％。", "");
    sees("第一行\n第二行 第三行", "");
    sees("a-b c/d * e", "");
}

static int end(void **state)
{
    (void)state;
    aw_text_deinit(&scratch);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_disguised_is_shown),
        cmocka_unit_test(what_only_looks_otherwise_is_not),
    };

    return cmocka_run_group_tests(tests, NULL, end);
}
