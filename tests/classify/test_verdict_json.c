#include "classify/classify.h"

#include <cjson/cJSON.h>

#include "tests/base/base_test.h"

static struct aw_document doc;
static struct aw_claim claim;
static struct aw_verdict verdict;
static struct aw_buf out;

static int set_up(void **state)
{
    (void)state;
    aw_document_init(&doc, AW_CHANNEL_WEB);
    doc.id = AW_STR("a1");
    claim = (struct aw_claim){.class = AW_CLAIM_NO_RISK,
                              .block = 1,
                              .start = 3,
                              .end = 6,
                              .quote = AW_STR("零\"风险"),
                              .rule = AW_STR("NR-001"),
                              .rule_version = AW_STR("1"),
                              .code = AW_STR("ZH39"),
                              .law = {AW_STR("law-1")},
                              .law_count = 1,
                              .severity = 2,
                              .score = 0.123456,
                              .why = {AW_STR("一"), AW_STR("二")},
                              .why_count = 2};
    verdict = (struct aw_verdict){.kind = AW_VERDICT_SUSPECTED,
                                  .score = 0.99996,
                                  .doc_kind = AW_DOC_ADVERT,
                                  .doc_score = 0.5,
                                  .claims = &claim,
                                  .claim_count = 1};
    aw_buf_init(&out, 65536);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    aw_buf_deinit(&out);
    aw_document_deinit(&doc);
    return 0;
}

static void write_json(void)
{
    struct aw_err err = {0};

    if (aw_verdict_json(&doc, &verdict, &out, &err) != AW_OK)
        fail_msg("%s", err.msg);
}

static void test_a_verdict_is_the_line_of_the_contract(void **state)
{
    (void)state;
    write_json();
    assert_string_equal(
        out.ptr,
        "{\"id\":\"a1\",\"verdict\":\"suspected\",\"score\":1,"
        "\"document\":{\"kind\":\"advert\",\"score\":0.5},\"claims\":[{"
        "\"class\":\"no_risk\",\"quote\":\"零\\\"风险\",\"start\":3,"
        "\"end\":6,\"rule\":\"NR-001\",\"rule_version\":\"1\","
        "\"code\":\"ZH39\",\"law\":[\"law-1\"],\"score\":0.1235,"
        "\"why\":[\"一\",\"二\"],\"severity\":2}]}");
}

static void test_what_a_grade_comes_from_is_told_beside_it(void **state)
{
    (void)state;
    claim.points = 5;
    claim.part_count = 2;
    claim.parts[0] = (struct aw_claim_part){
        "class", AW_STR("no_risk"), AW_STR("称无风险"), 2, {0}};
    claim.parts[1] =
        (struct aw_claim_part){"audience", AW_STR("elderly"), AW_STR("对老人"),
                               3, AW_STR("晚年")};
    write_json();
    assert_has(out.ptr,
               "\"severity\":2,\"severity_points\":5,\"severity_parts\":["
               "{\"part\":\"class\",\"id\":\"no_risk\",\"points\":2,"
               "\"why\":\"称无风险\"},"
               "{\"part\":\"audience\",\"id\":\"elderly\",\"points\":3,"
               "\"why\":\"对老人\",\"word\":\"晚年\"}]}]}");
}

static void test_a_block_is_told_where_there_are_several(void **state)
{
    struct aw_err err;

    (void)state;
    for (int i = 0; i < 2; i++)
        assert_int_equal(aw_document_add_block(&doc, AW_BLOCK_BODY, false,
                                               AW_STR("x"), &err),
                         AW_OK);
    write_json();
    assert_has(out.ptr, "\"block\":1,");
}

static void test_an_exempt_claim_says_by_what(void **state)
{
    (void)state;
    claim.exempt_by = AW_STR("bonds");
    verdict.kind = AW_VERDICT_EXEMPT;
    write_json();
    assert_has(out.ptr, "\"verdict\":\"exempt\"");
    assert_has(out.ptr, "\"exempt\":\"bonds\"");
}

static void test_any_bytes_make_json(void **state)
{
    cJSON *read;

    (void)state;
    claim.quote = (struct aw_str){"\0\x01\n\xFF\\保", 8};
    write_json();
    read = cJSON_ParseWithLength(out.ptr, out.len);
    assert_non_null(read);
    cJSON_Delete(read);
    assert_null(strchr(out.ptr, '\n'));
}

static void test_no_claim_is_an_empty_list(void **state)
{
    (void)state;
    verdict = (struct aw_verdict){0};
    write_json();
    assert_has(out.ptr, "\"verdict\":\"clear\",\"score\":0,");
    assert_has(out.ptr, "\"claims\":[]}");
}

static void test_a_limit_is_told(void **state)
{
    struct aw_err err;

    (void)state;
    aw_buf_deinit(&out);
    aw_buf_init(&out, 20);
    assert_int_equal(aw_verdict_json(&doc, &verdict, &out, &err), AW_LIMIT);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_a_verdict_is_the_line_of_the_contract),
        TEST(test_what_a_grade_comes_from_is_told_beside_it),
        TEST(test_a_block_is_told_where_there_are_several),
        TEST(test_an_exempt_claim_says_by_what),
        TEST(test_any_bytes_make_json),
        TEST(test_no_claim_is_an_empty_list),
        TEST(test_a_limit_is_told)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
