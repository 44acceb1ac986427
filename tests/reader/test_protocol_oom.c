#include "tests/base/base_test.h"

#include <cjson/cJSON.h>

#include "tests/alloc_fail.h"

#include "reader/protocol.h"

static struct aw_err err;
static struct aw_buf frame_bytes;

/* ---- asking
 * ----------------------------------------------------------------- */

static void ask(void)
{
    struct aw_extract_input input = {.url = AW_STR("http://a.example/"),
                                     .content_type = AW_STR("text/html"),
                                     .bytes = AW_STR("<p>")};
    struct aw_extract_input got = {0};
    struct aw_frame frame = {0};
    struct aw_arena arena;
    struct aw_buf out;
    size_t size = 0;
    aw_rc rc;

    aw_buf_init(&out, 1 << 20);
    aw_arena_init(&arena, 1 << 20);
    rc = aw_question_put(&out, 1, &input, &err);
    if (rc == AW_OK)
        rc = aw_frame_get(aw_buf_str(&out), &frame, &size, &err);
    if (rc == AW_OK)
        rc = aw_question_get(&frame, &got, &err);
    alloc_fail_stop();
    assert_int_equal(rc == AW_OK, !alloc_failed);
    assert_str(got.url, alloc_failed ? "" : "http://a.example/");
    aw_buf_deinit(&out);
    aw_arena_deinit(&arena);
}

static void a_question_is_asked_whole_or_not_at_all(void **s)
{
    (void)s;
    alloc_fail_each(ask);
}

/* ---- answering
 * -------------------------------------------------------------- */

static struct aw_document doc;

static struct aw_claim claims[3];
static struct aw_verdict verdict = {.kind = AW_VERDICT_SUSPECTED,
                                    .claims = claims,
                                    .claim_count = 3};

static int set_up(void **s)
{
    (void)s;
    aw_document_init(&doc, AW_CHANNEL_WEB);
    doc.title = AW_STR("t");
    for (int i = 0; i < 20; i++)
        if (aw_document_add_link(&doc,
                                 (struct aw_link){AW_STR("http://a/"), true,
                                                  AW_LINK_SITEMAP, 1},
                                 &err) != AW_OK)
            return -1;
    for (int i = 0; i < 3; i++)
        claims[i] = (struct aw_claim){.quote = AW_STR("保本"),
                                      .start = 1,
                                      .end = 3,
                                      .rule = AW_STR("r")};
    aw_buf_init(&frame_bytes, 1 << 20);
    return aw_answer_put(&frame_bytes, 4, &doc, &verdict, &err) == AW_OK ? 0
                                                                         : -1;
}

static int tear_down(void **s)
{
    (void)s;
    aw_document_deinit(&doc);
    aw_buf_deinit(&frame_bytes);
    return 0;
}

/* A reader is under a limit of memory: an allocation that fails must never
 * give an answer that lacks a link or a claim. */
static void answer(void)
{
    struct aw_buf out;
    aw_rc rc;

    aw_buf_init(&out, 1 << 20);
    rc = aw_answer_put(&out, 4, &doc, &verdict, &err);
    alloc_fail_stop();
    assert_int_equal(rc, alloc_failed ? AW_NOMEM : AW_OK);
    if (rc == AW_OK)
        assert_true(aw_str_eq(aw_buf_str(&out), aw_buf_str(&frame_bytes)));
    aw_buf_deinit(&out);
}

static void an_answer_is_given_whole_or_not_at_all(void **s)
{
    (void)s;
    alloc_fail_each(answer);
}

static void take_answer(void)
{
    struct aw_str head = aw_str_sub(aw_buf_str(&frame_bytes), 16, SIZE_MAX);
    struct aw_answer got = {0};
    struct aw_arena arena;
    aw_rc rc;

    aw_arena_init(&arena, 1 << 20);
    rc = aw_answer_get(head, &arena, &got, &err);
    alloc_fail_stop();
    assert_int_equal(rc == AW_OK, !alloc_failed);
    if (rc == AW_OK) {
        assert_int_equal(got.link_count, 20);
        assert_int_equal(got.claim_count, 3);
    } else {
        assert_int_equal(got.link_count + got.claim_count, 0);
    }
    aw_arena_deinit(&arena);
}

static void an_answer_is_taken_whole_or_not_at_all(void **s)
{
    (void)s;
    alloc_fail_each(take_answer);
}

static void *hook_malloc(size_t size)
{
    return malloc(size);
}

static void hook_free(void *old)
{
    free(old);
}

int main(void)
{
    cJSON_Hooks hooks = {hook_malloc, hook_free}; /* cJSON's are seen, too */
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_question_is_asked_whole_or_not_at_all),
        cmocka_unit_test_setup_teardown(an_answer_is_given_whole_or_not_at_all,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_answer_is_taken_whole_or_not_at_all,
                                        set_up, tear_down),
    };

    cJSON_InitHooks(&hooks);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
