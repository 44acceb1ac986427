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

/* How it was fetched comes from the capture's own records. */
static void test_the_record_tells_how_each_was_fetched(void **state)
{
    static const char *const told_of[] = {
        "192.0.2.7、192.0.2.8；来源：域名服务器；解析时间：UTC "
        "2026-11-23T02:12:59Z",
        "192.0.2.7 端口 443",
        "经 1 次跳转到达，上一地址 http://go.example/",
        "TLSv1.3",
        "证书链 SHA-256 ",
        "主体：CN=www.jinhui-wealth.example",
        "颁发者：CN=Example CA",
        "2026-11-22 10:13:00 至 2026-11-24 10:13:00",
        "已与时间源同步；同步程序：chronyd；偏差 -120 微秒",
        "Chromium 156",
        "由程序普通获取后交给浏览器",
        "一致；可见文字相同。",
        "host-a Example Book；Debian；Linux 6"};
    struct aw_case of = case_whole();
    struct aw_str text;

    (void)state;
    of.environment_json =
        AW_STR("{\"checks\":["
               "{\"check\":\"host\",\"ok\":true,\"what\":\"host-a Example "
               "Book\"},{\"check\":\"os\",\"ok\":true,\"what\":\"Debian\"},"
               "{\"check\":\"kernel\",\"ok\":true,\"what\":\"Linux 6\"}]}");
    ASSERT_OK(make(&of, "papers"));
    text = named("提取笔录.html");
    for (size_t i = 0; i < sizeof told_of / sizeof *told_of; i++)
        if (!has(text, told_of[i]))
            fail_msg("no '%s'", told_of[i]);
    assert_false(has(text, "存档未记录"));
    assert_false(has(text, "设备名称、型号"));
}

static void test_what_no_record_tells_is_said_to_be_so(void **state)
{
    struct aw_case of = case_whole();
    struct aw_str text;

    (void)state;
    case_capture.facts = NULL;
    case_capture.rendered = false;
    case_capture.compared_json = AW_STR("");
    ASSERT_OK(make(&of, "papers"));
    text = named("提取笔录.html");
    assert_true(has(text, "存档未记录"));
    assert_true(has(text, "设备名称、型号"));
    assert_false(has(text, "与普通获取比对"));
}

/* ---- hostile texts ------------------------------------------------------ */

static void test_hostile_texts_stay_text_and_whole(void **state)
{
    static char quote[40000];
    struct aw_case of = case_whole();
    struct aw_str html;

    (void)state;
    for (size_t i = 0; i < 10000; i++)
        memcpy(quote + 3 * i, "\xE4\xBF\x9D", 3); /* 保 */
    case_claim.quote = aw_str_of(quote);
    case_claim.before = AW_STR("<script>alert(1)</script>]]>&lt;\x01\x1b[31m");
    case_claim.after = AW_STR("\xE2\x80\xAE\xEF\xBF\xBE\xFF"
                              "--><img src=x onerror=alert(1)>");
    case_finding.finding.title = AW_STR("]]><!-- {$css} '\"");
    ASSERT_OK(make(&of, "papers"));
    html = named("移送函.html");
    assert_true(has(html, quote));
    assert_true(has(html, "&lt;script&gt;alert(1)&lt;/script&gt;]]&gt;"));
    assert_false(has(html, "<script"));
    assert_false(has(html, "<img"));
    assert_false(has(html, "\x01"));
    assert_false(has(html, "\xE2\x80\xAE"));
    assert_true(has(html, "Content-Security-Policy"));
}

/* ---- no verdict --------------------------------------------------------- */

static void test_no_paper_says_that_it_is_illegal(void **state)
{
    static const char *const verdicts[] = {"违法事实成立", "构成非法集资",
                                           "系违法",       "属于违法",
                                           "认定违法",     "构成违法",
                                           "违法行为人",   "已经违反",
                                           "违法广告主"};
    struct aw_case of = case_whole();

    (void)state;
    ASSERT_OK(make(&of, "papers"));
    for (size_t i = 0; i < file_count; i++)
        for (size_t j = 0; j < sizeof verdicts / sizeof *verdicts; j++)
            if (has(aw_buf_str(&files[i].bytes), verdicts[j]))
                fail_msg("%s says %s", files[i].name, verdicts[j]);
}

static void test_what_is_not_known_is_left_blank_and_listed(void **state)
{
    struct aw_case of = case_whole();
    struct aw_str html;

    (void)state;
    ASSERT_OK(make(&of, "papers"));
    html = named("提取笔录.html");
    assert_true(has(html, "class=\"blank"));
    assert_true(has(html, "<li>案号</li>"));
    assert_true(has(html, "<li>执法证号</li>"));
    assert_true(has(html, "见证人"));
}

/* ---- templates ---------------------------------------------------------- */

#define XSL(body)                                                \
    "<xsl:stylesheet version=\"1.0\" "                           \
    "xmlns:xsl=\"http://www.w3.org/1999/XSL/Transform\">\n" body \
    "</xsl:stylesheet>"
#define PAGE_XSL(body)                                \
    XSL("<xsl:template match=\"/\"><html><body>" body \
        "</body></html></xsl:template>\n")

/* The page that a template makes of <case>text</case>. */
static aw_rc transform(const char *xsl, struct aw_buf *out)
{
    struct aw_transform *t = NULL;
    char path[AW_PATH_MAX];
    aw_rc rc;

    ASSERT_OK(aw_path_join(path, fixture.dir, "t.xsl", &fixture.err));
    ASSERT_OK(aw_file_write(path, aw_str_of(xsl), &fixture.err));
    aw_buf_init(out, (size_t)1 << 20);
    rc = aw_transform_new(&t, fixture.dir, AW_STR("<case>a&lt;b&gt;</case>"),
                          "case", &fixture.err);
    assert_int_equal(rc, AW_OK);
    rc =
        aw_transform_page(t, "t.xsl", AW_STR("it's \"x\""), out, &fixture.err);
    aw_transform_free(t);
    return rc;
}

static void test_texts_are_escaped_whatever_the_template_says(void **state)
{
    struct aw_buf out;

    (void)state;
    ASSERT_OK(
        transform(PAGE_XSL("<p><xsl:value-of disable-output-escaping=\"yes\" "
                           "select=\"case\"/></p><xsl:comment>c"
                           "</xsl:comment>"),
                  &out));
    assert_true(has(aw_buf_str(&out), "<p>a&lt;b&gt;</p>"));
    assert_false(has(aw_buf_str(&out), "<b>"));
    assert_false(has(aw_buf_str(&out), "<!--"));
    assert_true(has(aw_buf_str(&out), "<head><meta http-equiv=\"Content-"
                                      "Security-Policy\""));
    aw_buf_deinit(&out);
}

static void test_templates_read_and_write_nothing_else(void **state)
{
    static const char *const ways[] = {
        XSL("<xsl:include href=\"/etc/passwd\"/>"),
        XSL("<xsl:include href=\"../x.xsl\"/>"),
        XSL("<xsl:import href=\"http://127.0.0.1:9/x.xsl\"/>"),
        PAGE_XSL("<xsl:copy-of select=\"document('/etc/passwd')\"/>"),
        PAGE_XSL("<xsl:copy-of select=\"document('file:///etc/hosts')\"/>"),
        PAGE_XSL("<xsl:copy-of "
                 "select=\"document('http://127.0.0.1:9/')\"/>"),
        "<!DOCTYPE x [<!ENTITY e SYSTEM \"/etc/passwd\">]>" XSL("&e;"),
    };

    (void)state;
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        struct aw_buf out;
        aw_rc rc = transform(ways[i], &out);

        if (rc == AW_OK)
            fail_msg("allowed: %s: %s", ways[i], out.ptr);
        assert_int_equal(rc, AW_CONFIG);
        aw_buf_deinit(&out);
    }
}

static void test_a_fault_names_file_and_line(void **state)
{
    struct aw_buf out;

    (void)state;
    assert_int_equal(
        transform(XSL("\n<xsl:template match=\"/\">\n"
                      "<xsl:value-of select=\"foo(\"/></xsl:template>"),
                  &out),
        AW_CONFIG);
    ASSERT_SAYS("t.xsl:4: ");
    aw_buf_deinit(&out);
    assert_int_equal(transform("<a>\n<b></a>", &out), AW_CONFIG);
    ASSERT_SAYS("t.xsl:2: ");
    aw_buf_deinit(&out);
}

static void test_a_template_without_end_ends(void **state)
{
    struct aw_buf out;

    (void)state;
    assert_int_equal(
        transform(XSL("<xsl:template match=\"/\"><html><xsl:call-template "
                      "name=\"a\"/></html></xsl:template><xsl:template "
                      "name=\"a\"><xsl:call-template name=\"a\"/>"
                      "</xsl:template>"),
                  &out),
        AW_CONFIG);
    aw_buf_deinit(&out);
}

/* ---- XML of others ------------------------------------------------------ */

static void test_xml_of_others_is_refused_where_it_is_none(void **state)
{
    static const char *const bad[] = {
        "",
        "<case>",
        "<other/>",
        "<!DOCTYPE case><case/>",
        "<!DOCTYPE case [<!ENTITY a \"b\">]><case>&a;</case>",
        "<case>\x01</case>"};
    struct aw_papers_config config = {.templates = "papers",
                                      .clock = aw_clock_system()};
    struct aw_papers_calls calls = {.add = keep};

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(aw_papers_again(aw_str_of(bad[i]), &config, &calls,
                                         &told, &fixture.err),
                         AW_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PAPERS_UNIT(test_xml_has_what_the_case_has),
        PAPERS_UNIT(test_papers_say_what_the_case_says),
        PAPERS_UNIT(test_the_record_tells_how_each_was_fetched),
        PAPERS_UNIT(test_what_no_record_tells_is_said_to_be_so),
        PAPERS_UNIT(test_hostile_texts_stay_text_and_whole),
        PAPERS_UNIT(test_no_paper_says_that_it_is_illegal),
        PAPERS_UNIT(test_what_is_not_known_is_left_blank_and_listed),
        PAPERS_UNIT(test_texts_are_escaped_whatever_the_template_says),
        PAPERS_UNIT(test_templates_read_and_write_nothing_else),
        PAPERS_UNIT(test_a_fault_names_file_and_line),
        PAPERS_UNIT(test_a_template_without_end_ends),
        PAPERS_UNIT(test_xml_of_others_is_refused_where_it_is_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
