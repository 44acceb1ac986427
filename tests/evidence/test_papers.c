#include "tests/evidence/case_fixture.h"

#include "evidence/papers.h"
#include "evidence/transform.h"

#define FILES_MAX 16

struct file {
    char name[256];
    struct aw_buf bytes;
};

static struct file files[FILES_MAX];
static size_t file_count;

static aw_rc keep(void *self, struct aw_str name, struct aw_str bytes,
                  struct aw_err *err)
{
    struct file *file = &files[file_count++];

    (void)self;
    (void)err;
    assert_true(file_count < FILES_MAX);
    (void)snprintf(file->name, sizeof file->name, "%.*s", AW_STR_ARG(name));
    aw_buf_init(&file->bytes, (size_t)32 << 20);
    aw_buf_put(&file->bytes, bytes);
    return AW_OK;
}

static struct aw_str named(const char *part)
{
    for (size_t i = 0; i < file_count; i++)
        if (strstr(files[i].name, part))
            return aw_buf_str(&files[i].bytes);
    fail_msg("no file '%s'", part);
    return (struct aw_str){0};
}

static int set_up(void **state)
{
    file_count = 0;
    case_parts();
    return fixture_set_up(state);
}

static int tear_down(void **state)
{
    for (size_t i = 0; i < file_count; i++)
        aw_buf_deinit(&files[i].bytes);
    return fixture_tear_down(state);
}

#define PAPERS_UNIT(test) \
    cmocka_unit_test_setup_teardown(test, set_up, tear_down)

static bool has(struct aw_str text, const char *part)
{
    return aw_str_find(text, aw_str_of(part)) >= 0;
}

static struct aw_papers_told told;

static aw_rc make(const struct aw_case *of, const char *templates)
{
    struct aw_papers_config config = {.templates = templates,
                                      .clock = aw_clock_system(),
                                      .to = AW_STR("样例处非办")};
    struct aw_papers_calls calls = {.add = keep};

    return aw_papers_add(of, &config, &calls, &told, &fixture.err);
}

static struct aw_str xml_of(const struct aw_case *of, struct aw_buf *out)
{
    aw_buf_init(out, AW_PAPERS_XML_MAX);
    ASSERT_OK(aw_papers_xml(of, out, &fixture.err));
    return aw_buf_str(out);
}

/* ---- the XML ------------------------------------------------------------ */

static void test_xml_has_what_the_case_has(void **state)
{
    struct aw_case of = case_whole();
    struct aw_buf out;
    struct aw_str xml = xml_of(&of, &out);

    (void)state;
    assert_true(has(xml, "<quote>保本保息</quote>"));
    assert_true(has(xml, "<class>保本</class>"));
    assert_true(has(xml, "beijing=\"2026-11-23 10:13:00 +08:00\""));
    assert_true(has(xml, "hanzi=\"二〇二六年十一月二十三日\""));
    assert_true(has(xml, "checked=\"no\""));
    assert_true(
        has(xml, "<party kind=\"names\">济宁金汇财富管理有限公司</party>"));
    assert_true(has(xml, "<file>" CASE_SHOT "</file>"));
    assert_false(has(xml, "<run "));
    aw_buf_deinit(&out);
}

static void test_papers_say_what_the_case_says(void **state)
{
    struct aw_case of = case_whole();
    struct aw_str text;

    (void)state;
    ASSERT_OK(make(&of, "papers"));
    assert_non_null(strstr(told.no_pdf, "no browser"));
    text = named("移送函.html");
    assert_true(has(text, "样例处非办"));
    assert_true(has(text, "<mark>保本保息</mark>"));
    assert_true(has(text, "待核对"));
    assert_true(has(text, "样例市市场监督管理局"));
    text = named("证据清单.html");
    assert_true(has(text, "capture-7.warc.gz"));
    assert_true(has(text, "页面在该时间的外观"));
    text = named("提取笔录.html");
    assert_true(has(text, "王芳"));
    assert_true(has(named("截图固定页.html"), "src=\"../05-"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PAPERS_UNIT(test_xml_has_what_the_case_has),
        PAPERS_UNIT(test_papers_say_what_the_case_says),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
