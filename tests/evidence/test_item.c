/* What the list of evidence says of each file. */
#include "tests/evidence/case_fixture.h"

#include "evidence/item.h"

static struct aw_case office;

static int set_up(void **state)
{
    (void)state;
    case_parts();
    office = case_whole();
    office.maker = AW_STR("王芳");
    aw_arena_init(&office.kept, 1 << 20);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    aw_arena_deinit(&office.kept);
    return 0;
}

static struct aw_item described(const char *name)
{
    struct aw_item item = {0};
    struct aw_err err;

    assert_int_equal(aw_item_describe(&item, &office, aw_str_of(name), &err),
                     AW_OK);
    return item;
}

static bool has(struct aw_str text, const char *part)
{
    return aw_str_find(text, aw_str_of(part)) >= 0;
}

static void a_page_was_fetched_and_a_person_made_its_file(void **state)
{
    struct aw_item item = described("data/02-网页存档/capture-7.warc.gz");

    (void)state;
    assert_true(has(item.made_how, "网络请求"));
    assert_true(aw_str_eq(item.made_by, AW_STR("王芳（由 adwatch 制作）")));
}

static void nobody_is_named_who_is_not_known(void **state)
{
    (void)state;
    office.maker = AW_STR("");
    office.account = AW_STR("root");
    assert_true(aw_str_eq(described("data/02-网页存档/captures.json").made_by,
                          AW_STR("adwatch（系统账号 root 运行）")));
}

static void what_was_handed_in_was_not_fetched(void **state)
{
    struct aw_hand_in hand_in = {.capture = 7,
                                 .at_ms = CASE_SEEN,
                                 .place = AW_STR("济宁"),
                                 .who = AW_STR("李强")};
    struct aw_item item;

    (void)state;
    case_capture.part = AW_PART_HAND_IN;
    case_finding.finding.hand_ins = &hand_in;
    case_finding.finding.hand_in_count = 1;
    item = described("data/02-网页存档/capture-7.warc.gz");
    assert_true(has(item.made_how, "由李强在济宁移交"));
    assert_true(has(item.made_how, "2026-11-23 "));
    assert_false(has(item.made_how, "通过网络请求取得"));
    assert_false(has(item.proves, "网页"));
    item = described("data/07-原件/hand-in-7-a.txt");
    assert_true(aw_str_eq(item.made_by, AW_STR("李强（移交人）")));
}

static void a_comparison_says_of_how_many_fetches_it_is(void **state)
{
    (void)state;
    assert_true(has(described("data/02-网页存档/capture-7-对比.json").proves,
                    "两次独立取得"));
    case_capture.one_fetch = true;
    assert_true(has(described("data/02-网页存档/capture-7-对比.json").proves,
                    "（同一次获取）"));
}

static void the_chains_are_not_taken_for_each_other(void **state)
{
    (void)state;
    assert_true(
        has(described("data/04-决定/bundle-chain.json").proves, "证据包链"));
    assert_true(
        has(described("data/04-决定/audit-head.json").proves, "审计链"));
    assert_true(aw_str_eq(described("data/04-决定/decisions.json").made_by,
                          AW_STR("王芳（审核人员）")));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_page_was_fetched_and_a_person_made_its_file),
        TEST(nobody_is_named_who_is_not_known),
        TEST(what_was_handed_in_was_not_fetched),
        TEST(a_comparison_says_of_how_many_fetches_it_is),
        TEST(the_chains_are_not_taken_for_each_other),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
