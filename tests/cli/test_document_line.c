#include "cli/document_line.h"

#include "tests/base/base_test.h"

static struct aw_document doc;
static struct aw_err err;

static int tear_down(void **state)
{
    (void)state;
    aw_document_deinit(&doc);
    return 0;
}

static aw_rc take(const char *line)
{
    (void)tear_down(NULL);
    aw_document_init(&doc, AW_CHANNEL_SMS);
    err = (struct aw_err){0};
    return aw_document_line_read(&doc, aw_str_of(line), &err);
}

static void test_a_text_is_one_block_and_a_title_another(void **state)
{
    (void)state;
    assert_int_equal(
        take("{\"id\":\"a\",\"title\":\"t\",\"text\":\"x\\n\\ny\"}"), AW_OK);
    assert_str(doc.id, "a");
    assert_int_equal(doc.channel, AW_CHANNEL_SMS);
    assert_int_equal(doc.block_count, 2);
    assert_str(doc.blocks[0].text, "x\n\ny");
    assert_int_equal(doc.blocks[1].kind, AW_BLOCK_TITLE);
}

static void test_the_lines_channel_counts(void **state)
{
    (void)state;
    assert_int_equal(take("{\"channel\":\"poster\",\"text\":\"x\"}"), AW_OK);
    assert_int_equal(doc.channel, AW_CHANNEL_POSTER);
    assert_int_equal(doc.blocks[0].kind, AW_BLOCK_OCR);
}

static void test_html_is_read_as_a_page(void **state)
{
    (void)state;
    assert_int_equal(take("{\"html\":\"<title>t</title><p>a<b>b</b>\"}"),
                     AW_OK);
    assert_str(doc.title, "t");
    assert_str(doc.blocks[doc.block_count - 1].text, "ab");
}

static void test_other_members_are_passed_over(void **state)
{
    (void)state;
    assert_int_equal(
        take("{\"x\":[{\"text\":1}],\"x\":2,\"Text\":3,\"text\":\"x\"}"),
        AW_OK);
    assert_str(doc.blocks[0].text, "x");
}

static void test_what_cannot_be_taken_whole_is_refused(void **state)
{
    static const struct {
        const char *line, *why;
    } cases[] = {
        {"", "no JSON object"},
        {"[]", "no JSON object"},
        {"{\"text\":\"x\"", "no JSON object"},
        {"{\"text\":\"x\"} {}", "no JSON object"},
        {"{\"text\":\"\\ud800\"}", "no JSON object"},
        {"{}", "\"text\" or \"html\" is missing"},
        {"{\"text\":null}", "\"text\" or \"html\" is missing"},
        {"{\"text\":3}", "\"text\" is no string"},
        {"{\"text\":\"x\",\"title\":[]}", "\"title\" is no string"},
        {"{\"text\":\"x\",\"text\":\"y\"}", "\"text\" stands there twice"},
        {"{\"id\":1,\"id\":2,\"text\":\"y\"}", "\"id\" stands there twice"},
        {"{\"text\":\"x\\u0000y\"}", "a NUL"},
        {"{\"id\":1.5,\"text\":\"x\"}", "\"id\" is neither"},
        {"{\"channel\":\"moon\",\"text\":\"x\"}", "channel 'moon' is none"},
        {"{\"html\":\"\"}", "no text in it"}};

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(take(cases[i].line), AW_INVALID);
        assert_has(err.msg, cases[i].why);
    }
}

static void test_bad_bytes_become_replacements_one_by_one(void **state)
{
    (void)state;
    assert_int_equal(take("{\"text\":\"a\xff\xfe\xe4\xbf\"}"), AW_OK);
    assert_str(doc.blocks[0].text, "a\uFFFD\uFFFD\uFFFD\uFFFD");
}

int main(void)
{
#define TEST(test) cmocka_unit_test_teardown(test, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_a_text_is_one_block_and_a_title_another),
        TEST(test_the_lines_channel_counts),
        TEST(test_html_is_read_as_a_page),
        TEST(test_other_members_are_passed_over),
        TEST(test_what_cannot_be_taken_whole_is_refused),
        TEST(test_bad_bytes_become_replacements_one_by_one),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
