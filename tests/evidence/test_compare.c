#include "tests/base/base_test.h"

#include <cjson/cJSON.h>

#include "evidence/compare.h"

static struct aw_err err;

#define ASSERT_OK(call)                         \
    do {                                        \
        if ((call) != AW_OK)                    \
            fail_msg("%s: %s", #call, err.msg); \
    } while (0)

/* A document of one visible block, and one that nobody sees. */
static void make_document(struct aw_document *doc, const char *seen,
                          const char *hidden)
{
    aw_document_init(doc, AW_CHANNEL_WEB);
    ASSERT_OK(aw_document_add_block(doc, AW_BLOCK_BODY, AW_HIDDEN_NONE,
                                    aw_str_of(seen), &err));
    ASSERT_OK(aw_document_add_block(doc, AW_BLOCK_BODY, AW_HIDDEN_DISPLAY,
                                    aw_str_of(hidden), &err));
}

static struct aw_compare_input input;
static struct aw_document plain, rendered;
static struct aw_str quotes[] = {{"年化收益 12%", 17}, {"保本保息", 12}};

static void make(const char *seen_plain, const char *seen_rendered)
{
    make_document(&plain, seen_plain, "");
    make_document(&rendered, seen_rendered, "");
    input = (struct aw_compare_input){
        .plain = {1, 0, 200, AW_STR("aa"), &plain},
        .rendered = {2, 60000, 200, AW_STR("aa"), &rendered},
        .independent = true,
        .quotes = quotes,
        .quote_count = 2,
    };
}

static struct aw_comparison compared(void)
{
    struct aw_comparison c;

    ASSERT_OK(aw_compare(&input, &c, &err));
    return c;
}

static void drop(void)
{
    aw_document_deinit(&plain);
    aw_document_deinit(&rendered);
}

static void the_same_bytes_and_text_are_the_same(void **state)
{
    struct aw_comparison c;

    (void)state;
    make("本产品保本保息，年化收益12%。", "本产品 保本保息，年化收益 12%。");
    c = compared();
    assert_int_equal(c.outcome, AW_COMPARED_SAME);
    assert_int_equal(c.in_both, 2);
    assert_int_equal(c.grams_both, c.grams_plain);
    assert_int_equal(c.grams_both, c.grams_rendered);
    drop();
}

static void other_bytes_with_the_same_text_are_told(void **state)
{
    (void)state;
    make("保本保息，年化收益12%", "保本保息，年化收益12%");
    input.rendered.payload_digest = AW_STR("bb");
    assert_int_equal(compared().outcome, AW_COMPARED_SAME_TEXT);
    drop();
}

static void digests_that_are_not_known_are_not_equal(void **state)
{
    (void)state;
    make("保本保息", "保本保息");
    input.plain.payload_digest = input.rendered.payload_digest = AW_STR("");
    assert_false(compared().same_bytes);
    drop();
}

static void quotes_that_one_side_lacks_are_counted(void **state)
{
    struct aw_comparison c;

    (void)state;
    make("欢迎来到金汇财富", "欢迎来到金汇财富，保本保息");
    c = compared();
    assert_int_equal(c.outcome, AW_COMPARED_DIFFERENT);
    assert_int_equal(c.in_rendered, 1);
    assert_int_equal(c.in_none, 1);
    assert_int_equal(c.grams_both, c.grams_plain);
    assert_true(c.grams_rendered > c.grams_plain);
    drop();
}

static void a_quote_may_stand_in_hidden_text(void **state)
{
    (void)state;
    make("欢迎", "欢迎");
    drop();
    make_document(&plain, "欢迎", "保本保息");
    make_document(&rendered, "欢迎", "保本保息");
    assert_int_equal(compared().in_both, 1);
    drop();
}

static void another_status_is_a_difference(void **state)
{
    (void)state;
    make("保本保息", "保本保息");
    input.rendered.status = 404;
    assert_int_equal(compared().outcome, AW_COMPARED_DIFFERENT);
    drop();
}

static void what_was_given_is_one_fetch(void **state)
{
    (void)state;
    make("保本保息", "保本保息");
    input.independent = false;
    assert_int_equal(compared().outcome, AW_COMPARED_ONE_FETCH);
    drop();
}

static void empty_pages_are_equal(void **state)
{
    struct aw_comparison c;

    (void)state;
    make("", "");
    c = compared();
    assert_int_equal(c.outcome, AW_COMPARED_SAME);
    assert_int_equal(c.grams_plain, 0);
    assert_int_equal(c.in_none, 2);
    drop();
}

static void short_texts_are_one_run(void **state)
{
    struct aw_comparison c;

    (void)state;
    make("保本", "保息");
    c = compared();
    assert_int_equal(c.grams_plain, 1);
    assert_int_equal(c.grams_both, 0);
    drop();
}

static void too_many_quotes_are_refused(void **state)
{
    struct aw_comparison c;

    (void)state;
    make("", "");
    input.quote_count = AW_COMPARE_QUOTES_MAX + 1;
    assert_int_equal(aw_compare(&input, &c, &err), AW_LIMIT);
    drop();
}

static void the_sentence_says_what_differs(void **state)
{
    struct aw_buf out;
    cJSON *json;
    const char *what;

    (void)state;
    make("欢迎来到金汇财富", "欢迎来到金汇财富，保本保息");
    input.rendered.status = 503;
    aw_buf_init(&out, 1 << 16);
    ASSERT_OK(aw_compare_json(&out, &input, &err));
    json = cJSON_Parse(out.ptr);
    assert_non_null(json);
    what = cJSON_GetStringValue(cJSON_GetObjectItem(json, "what"));
    assert_non_null(strstr(what, "不一致：状态码 200 与 503 不同"));
    assert_non_null(strstr(what, "仅浏览器所见有 1 处"));
    assert_null(strstr(what, "违法"));
    assert_string_equal(cJSON_GetStringValue(
                            cJSON_GetObjectItem(json, "outcome")),
                        "different");
    cJSON_Delete(json);
    aw_buf_deinit(&out);
    drop();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_bytes_and_text_are_the_same),
        cmocka_unit_test(other_bytes_with_the_same_text_are_told),
        cmocka_unit_test(digests_that_are_not_known_are_not_equal),
        cmocka_unit_test(quotes_that_one_side_lacks_are_counted),
        cmocka_unit_test(a_quote_may_stand_in_hidden_text),
        cmocka_unit_test(another_status_is_a_difference),
        cmocka_unit_test(what_was_given_is_one_fetch),
        cmocka_unit_test(empty_pages_are_equal),
        cmocka_unit_test(short_texts_are_one_run),
        cmocka_unit_test(too_many_quotes_are_refused),
        cmocka_unit_test(the_sentence_says_what_differs),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
