#include "tests/store/fixture.h"

#include <cjson/cJSON.h>

#include "base/clock.h"
#include "reports/text.h"
#include "reports/triage.h"

/* What the queue looks like; NUL-ended, lasts until the next call. */
static const char *triage(struct aw_triage_options options)
{
    static char text[65536];
    FILE *out = fmemopen(text, sizeof text, "w");

    memset(text, 0, sizeof text);
    assert_non_null(out);
    ASSERT_OK(aw_triage_write(fixture.store, &options, out, &fixture.err));
    assert_int_equal(fclose(out), 0);
    return text;
}

static const char *table(int width)
{
    return triage((struct aw_triage_options){.width = width});
}

static void assert_has(const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("'%s' is not in:\n%s", part, text);
}

static void assert_has_not(const char *text, const char *part)
{
    if (strstr(text, part))
        fail_msg("'%s' is in:\n%s", part, text);
}

static int64_t add_with(struct aw_finding finding, struct aw_claim_row claim,
                        const char *fingerprint)
{
    struct aw_finding made =
        fixture_finding(fingerprint, fixture_capture((struct aw_capture){0}),
                        &claim);

    if (finding.title.len > 0)
        made.title = finding.title;
    if (finding.host.len > 0)
        made.host = finding.host;
    if (finding.parties.len > 0)
        made.parties = finding.parties;
    return fixture_add(&made);
}

static struct aw_provisions *provisions(void)
{
    struct aw_provisions *out = NULL;

    ASSERT_OK(aw_provisions_new(&out, "lexicons", &fixture.err));
    return out;
}

/* ---- the table --------------------------------------------------------- */

static void an_empty_queue_says_so(void **state)
{
    (void)state;
    assert_has(table(80), "涉嫌违法广告线索");
    assert_has(table(80), "共 0 条");
}

static void a_finding_shows_what_a_reviewer_needs(void **state)
{
    struct aw_provisions *laws = provisions();
    const char *text;

    (void)state;
    (void)fixture_simple("f");
    text = triage((struct aw_triage_options){.width = 80, .provisions = laws});
    assert_has(text, "     1    0.80  待审");
    assert_has(text, "www.jinhui-wealth.example");
    assert_has(text, "金汇财富");
    assert_has(text, "保本  本公司产品【保本保息】，随存随取");
    assert_has(text, "CP-001 v1 · 广告法第25条第（一）项 · "
                     "同时承诺保住本金和收益");
    assert_has_not(text, "\x1B");
    aw_provisions_free(laws);
}

static void nothing_is_called_illegal(void **state)
{
    const char *text;

    (void)state;
    (void)fixture_simple("f");
    text = table(80);
    assert_has_not(text, "非法集资");
    assert_has_not(text, "违法广告\n");
    assert_has(text, "是否违法，由人认定");
}

static void colour_marks_the_quote_where_it_is_asked_for(void **state)
{
    (void)state;
    (void)fixture_simple("f");
    assert_has(triage((struct aw_triage_options){.colour = true}),
               "\x1B[1;31m保本保息\x1B[0m，随存随取");
}

static void without_provisions_their_ids_stand(void **state)
{
    (void)state;
    (void)fixture_simple("f");
    assert_has(table(0), "CP-001 v1 · advertising-law-25-1 · ");
}

static void an_absent_warning_has_no_quote_marks(void **state)
{
    struct aw_claim_row claim = fixture_claim();

    (void)state;
    claim.class = AW_STR("no_risk_warning");
    claim.quote = claim.before = claim.after = AW_STR("");
    (void)add_with((struct aw_finding){0}, claim, "f");
    assert_has(table(80), "缺风险提示  （未见风险提示，故无引文）");
    assert_has_not(table(80), "【");
}

/* No line of text is wider; control sequences are not counted. */
static void assert_narrow(const char *text, int width)
{
    struct aw_str rest = aw_str_of(text);
    struct aw_str line;

    while (aw_str_split(&rest, '\n', &line))
        if (aw_text_width(line) > width)
            fail_msg("wider than %d: %.*s", width, AW_STR_ARG(line));
}

static void lines_are_broken_at_the_width_of_the_terminal(void **state)
{
    static const int widths[] = {48, 61, 80, 133};
    struct aw_claim_row claim = fixture_claim();
    struct aw_finding finding = {
        .title = AW_STR("稳盈一号稳盈一号稳盈一号稳盈一号稳盈一号稳盈一号abc稳"
                        "盈一号稳盈一号稳盈一号稳盈一号稳盈一号稳盈一号"),
        .host = AW_STR("a.very.long.host.name.of.many.labels.example.test")};

    (void)state;
    claim.quote = AW_STR("保本保息保本保息保本保息保本保息保本保息保本保息保本"
                         "保息保本保息保本保息保本保息保本保息保本保息");
    (void)add_with(finding, claim, "f");
    for (size_t i = 0; i < sizeof widths / sizeof *widths; i++)
        assert_narrow(table(widths[i]), widths[i]);
    assert_narrow(table(1), AW_TRIAGE_WIDTH_MIN);
    assert_has(table(0), claim.quote.ptr);
}

static void context_is_cut_to_twenty_characters(void **state)
{
    struct aw_claim_row claim = fixture_claim();

    (void)state;
    claim.before = AW_STR("零一二三四五六七八九一二三四五六七八九十甲");
    claim.after = AW_STR("甲一二三四五六七八九一二三四五六七八九十乙");
    (void)add_with((struct aw_finding){0}, claim, "f");
    assert_has(table(0), "保本  一二三四五六七八九一二三四五六七八九十甲【");
    assert_has(table(0), "】甲一二三四五六七八九一二三四五六七八九十\n");
}

static void crawled_text_cannot_speak_to_the_terminal(void **state)
{
    struct aw_claim_row claim = fixture_claim();
    struct aw_finding finding = {
        .title = AW_STR("\x1B]0;own\x07\x1B[2J\r\nline\xC2\x9B"
                        "31m \xE2\x80\xAEturned\xE2\x81\xA9\xFF\tend"),
        .host = AW_STR("a\nb\x7F")};
    const char *text;

    (void)state;
    claim.quote = AW_STR("保\n本\x1B[31m");
    (void)add_with(finding, claim, "f");
    text = table(0);
    assert_has(text, "\uFFFD]0;own\uFFFD\uFFFD[2J  line\uFFFD31m "
                     "\uFFFDturned\uFFFD\uFFFD end\n");
    assert_has(text, "a b\uFFFD\n");
    assert_has(text, "【保 本\uFFFD[31m】");
    for (const char *p = text; *p; p++)
        assert_true((unsigned char)*p >= 0x20 || *p == '\n');
}

static void the_queue_can_be_cut_by_state_and_limit(void **state)
{
    (void)state;
    (void)fixture_simple("f");
    (void)fixture_simple("g");
    fixture_tamper("UPDATE finding SET state = 'dismissed' WHERE id = 1");
    assert_has(triage((struct aw_triage_options){.state = "dismissed"}),
               "已排除");
    assert_has(triage((struct aw_triage_options){.state = "dismissed"}),
               "共 1 条");
    assert_has(triage((struct aw_triage_options){.limit = 1}), "共 1 条");
    assert_has(triage((struct aw_triage_options){0}), "共 2 条");
}

static void an_unknown_state_is_refused(void **state)
{
    struct aw_triage_options options = {.state = "open"};

    (void)state;
    assert_int_equal(aw_triage_write(fixture.store, &options, stdout,
                                     &fixture.err),
                     AW_INVALID);
    ASSERT_SAYS("'open' is not known");
}

static void a_full_disk_is_an_error(void **state)
{
    struct aw_triage_options options = {0};
    FILE *full = fopen("/dev/full", "w");

    (void)state;
    assert_non_null(full);
    assert_int_equal(aw_triage_write(fixture.store, &options, full,
                                     &fixture.err),
                     AW_IO);
    (void)fclose(full);
}

/* ---- JSON -------------------------------------------------------------- */

static cJSON *json_line(const char *text)
{
    cJSON *line = cJSON_Parse(text);

    assert_non_null(line);
    return line;
}

static const char *member(const cJSON *object, const char *name)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);

    if (!cJSON_IsString(item))
        fail_msg("no text '%s'", name);
    return item->valuestring;
}

static double number(const cJSON *object, const char *name)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);

    if (!cJSON_IsNumber(item))
        fail_msg("no number '%s'", name);
    return item->valuedouble;
}

static void a_json_line_holds_the_whole_finding(void **state)
{
    static const char *const texts[][2] = {
        {"state", "new"},
        {"url", "http://www.jinhui-wealth.example/"},
        {"host", "www.jinhui-wealth.example"},
        {"source", "jinhui"},
        {"channel", "web"},
        {"title", "金汇财富"},
        {"first_seen", "2026-11-23T02:13:00Z"},
        {"last_seen", "2026-11-23T02:13:00Z"},
        {"lexicon", "l"},
        {"model", "m"},
        {"tool", "adwatch test"}};
    cJSON *line;
    const cJSON *claim;

    (void)state;
    (void)fixture_simple("f");
    line = json_line(
        triage((struct aw_triage_options){.format = AW_TRIAGE_JSON}));
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_string_equal(member(line, texts[i][0]), texts[i][1]);
    assert_int_equal(number(line, "id"), 1);
    assert_int_equal(number(line, "capture"), 1);
    assert_string_equal(member(cJSON_GetObjectItem(line, "document"), "kind"),
                        "advert");
    claim = cJSON_GetArrayItem(cJSON_GetObjectItem(line, "claims"), 0);
    assert_string_equal(member(claim, "quote"), "保本保息");
    assert_string_equal(member(claim, "before"), "本公司产品");
    assert_int_equal(number(claim, "start"), 5);
    assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItem(claim, "law")), 1);
    assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItem(claim, "why")), 1);
    assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItem(line, "parties")),
                     1);
    cJSON_Delete(line);
}

static void take_off(const char *why)
{
    ASSERT_OK(
        aw_store_findings_gone(fixture.store,
                               AW_STR("http://www.jinhui-wealth.example/"), 0,
                               why, INT64_C(1795486380000), &fixture.err));
}

static void what_is_gone_from_its_page_is_told_in_json(void **state)
{
    struct aw_triage_options options = {.format = AW_TRIAGE_JSON};
    cJSON *line;

    (void)state;
    (void)fixture_simple("f");
    assert_has_not(triage(options), "gone");
    take_off("http 404");
    line = json_line(triage(options));
    assert_string_equal(member(line, "gone"), "2026-11-24T02:13:00Z");
    assert_string_equal(member(line, "gone_why"), "http 404");
    cJSON_Delete(line);
    (void)fixture_simple("f");
    assert_has_not(triage(options), "gone");
}

static void what_is_gone_from_its_page_has_a_line_in_the_table(void **state)
{
    (void)state;
    (void)fixture_simple("f");
    assert_has_not(table(80), "下线或改动");
    take_off("http \x1B[2J404");
    assert_has(table(80),
               "\n        已于 2026-11-24 10:13:00 +08:00 下线或改动: http ");
    assert_has_not(table(80), "\x1B");
}

static void each_finding_is_one_line_of_json_with_the_exact_text(void **state)
{
    struct aw_claim_row claim = fixture_claim();
    struct aw_finding finding = {.title = AW_STR("a\n\x1B\xE2\x80\xAE\"b"),
                                 .parties = AW_STR("{\n\"qq\": []\n}")};
    const char *text;
    cJSON *line;

    (void)state;
    (void)add_with(finding, claim, "f");
    text = triage((struct aw_triage_options){.format = AW_TRIAGE_JSON});
    assert_ptr_equal(strchr(text, '\n'), text + strlen(text) - 1);
    line = json_line(text);
    assert_string_equal(member(line, "title"), finding.title.ptr);
    cJSON_Delete(line);
}

static void a_row_with_bad_json_is_a_store_error(void **state)
{
    struct aw_triage_options options = {.format = AW_TRIAGE_JSON};

    (void)state;
    (void)fixture_simple("f");
    fixture_tamper("UPDATE claim SET why = '[\"'");
    assert_int_equal(aw_triage_write(fixture.store, &options, stderr,
                                     &fixture.err),
                     AW_STORE);
    ASSERT_SAYS("finding 1: why");
}

/* ---- CSV --------------------------------------------------------------- */

static void csv_begins_with_a_bom_and_ends_lines_with_crlf(void **state)
{
    const char *text;

    (void)state;
    (void)fixture_simple("f");
    text = triage((struct aw_triage_options){.format = AW_TRIAGE_CSV});
    assert_memory_equal(text, "\xEF\xBB\xBF\"编号\",\"状态\"", 20);
    assert_has(text,
               "\"报送人代码\"\r\n\"1\",\"待审\",0.8000,0.9700,3,\"www.");
    assert_has(text, ",\"2026-11-23 10:13:00 +08:00\",\"保本\","
                     "\"保本保息\",");
    assert_has(text, ",\"同时承诺保住本金和收益\",\"\",\"\",\"\"\r\n");
}

/* The field as a CSV of one cell. */
static const char *cell(const char *text)
{
    static char out[256];
    struct aw_buf buf;

    aw_buf_init(&buf, sizeof out);
    aw_text_csv(&buf, aw_str_of(text));
    (void)snprintf(out, sizeof out, "%s", buf.ptr);
    aw_buf_deinit(&buf);
    return out;
}

static void a_formula_is_disarmed_by_an_apostrophe(void **state)
{
    (void)state;
    assert_string_equal(cell("=1+1"), "\"'=1+1\"");
    assert_string_equal(cell("+86"), "\"'+86\"");
    assert_string_equal(cell("-1"), "\"'-1\"");
    assert_string_equal(cell("@SUM(A1)"), "\"'@SUM(A1)\"");
    assert_string_equal(cell("\tx"), "\"'\tx\"");
    assert_string_equal(cell("\rx"), "\"'\rx\"");
    assert_string_equal(cell("  =1"), "\"'  =1\"");
    assert_string_equal(cell("＝1"), "\"'＝1\"");
    assert_string_equal(cell("\u200B=1"), "\"'\u200B=1\"");
    assert_string_equal(cell("a=1"), "\"a=1\"");
    assert_string_equal(cell("保本-"), "\"保本-\"");
    assert_string_equal(cell(""), "\"\"");
}

static void quotes_are_doubled_and_controls_are_tamed_in_csv(void **state)
{
    (void)state;
    assert_string_equal(cell("a\"b,c\r\nd"), "\"a\"\"b,c\r\nd\"");
    assert_string_equal(cell("a\x1B\xE2\x80\xAE"), "\"a\uFFFD\uFFFD\"");
}

/* ---- text and provisions ----------------------------------------------- */

static void chinese_is_two_columns_wide(void **state)
{
    (void)state;
    assert_int_equal(aw_text_width(AW_STR("保本a")), 5);
    assert_int_equal(aw_text_width(AW_STR("（１）")), 6);
    assert_int_equal(aw_text_width(AW_STR("e\u0301\u200B")), 1);
    assert_int_equal(aw_text_width(AW_STR("\U0001F4B0")), 2);
}

static void html_is_escaped(void **state)
{
    struct aw_buf buf;

    (void)state;
    aw_buf_init(&buf, 256);
    aw_text_html(&buf, AW_STR("<b a='1' c=\"2\">&\n\x01"));
    assert_string_equal(buf.ptr, "&lt;b a=&#39;1&#39; c=&quot;2&quot;&gt;"
                                 "&amp; \uFFFD");
    aw_buf_deinit(&buf);
}

static const char *version_on(const struct aw_provisions *laws, const char *id,
                              const char *utc_day, int64_t plus_ms)
{
    const struct aw_provision *found;
    int64_t ms = 0;

    assert_true(aw_date_parse(aw_str_of(utc_day), &ms));
    found = aw_provisions_at(laws, aw_str_of(id), ms + plus_ms);
    return found ? found->from : "none";
}

static void the_version_of_the_day_in_beijing_is_cited(void **state)
{
    const int64_t four_pm = INT64_C(16) * 3600 * 1000; /* midnight there */
    struct aw_provisions *laws = provisions();
    const char *id = "advertising-law-25-1";

    (void)state;
    assert_string_equal(version_on(laws, id, "2021-04-28", four_pm),
                        "2021-04-29");
    assert_string_equal(version_on(laws, id, "2021-04-28", four_pm - 1),
                        "2015-09-01");
    assert_string_equal(version_on(laws, id, "2026-11-23", 0), "2021-04-29");
    assert_string_equal(version_on(laws, id, "2010-01-01", 0), "none");
    assert_string_equal(version_on(laws, "no-such", "2026-11-23", 0), "none");
    aw_provisions_free(laws);
}

static void assert_short(const char *law, const char *article,
                         const char *want)
{
    struct aw_provision provision = {.law = (char *)(uintptr_t)law,
                                     .article = (char *)(uintptr_t)article};
    struct aw_buf buf;

    aw_buf_init(&buf, 256);
    aw_provision_short(&buf, &provision);
    assert_string_equal(buf.ptr, want);
    aw_buf_deinit(&buf);
}

static void a_provision_has_a_short_title(void **state)
{
    (void)state;
    assert_short("中华人民共和国广告法", "第二十五条第（一）项",
                 "广告法第25条第（一）项");
    assert_short("广告法", "第九条", "广告法第9条");
    assert_short("民法典", "第一百一十条、第十条", "民法典第110条、第10条");
    assert_short("资管新规", "", "资管新规");
    assert_short("规定", "第", "规定第");
}

static aw_rc load_text(const char *yaml)
{
    struct aw_provisions *laws = NULL;
    char path[AW_PATH_MAX];
    aw_rc rc;

    ASSERT_OK(aw_path_join(path, fixture.dir, "provisions", &fixture.err));
    ASSERT_OK(aw_mkdirs(path, &fixture.err));
    ASSERT_OK(
        aw_path_join(path, fixture.dir, "provisions/a.yaml", &fixture.err));
    ASSERT_OK(aw_file_write(path, aw_str_of(yaml), &fixture.err));
    rc = aw_provisions_new(&laws, fixture.dir, &fixture.err);
    aw_provisions_free(laws);
    return rc;
}

#define PROVISION(from, to)                                            \
    "  - {id: x, law: l, article: '', from: '" from "', to: '" to "'," \
    " status: general, source: ''}\n"

static void bad_days_of_a_provision_are_told(void **state)
{
    (void)state;
    ASSERT_OK(load_text("provisions:\n" PROVISION("2020-01-01", "2020-12-31")
                            PROVISION("2021-01-01", "")));
    assert_int_equal(load_text("provisions:\n" PROVISION("2020-13-01", "")),
                     AW_CONFIG);
    ASSERT_SAYS("a.yaml: provision 'x': from '2020-13-01'");
    assert_int_equal(load_text("provisions:\n" PROVISION("2020-01-02",
                                                         "2020-01-01")),
                     AW_CONFIG);
    ASSERT_SAYS("before it begins");
    assert_int_equal(load_text("provisions:\n" PROVISION("2020-01-01", "")
                                   PROVISION("2021-01-01", "")),
                     AW_CONFIG);
    ASSERT_SAYS("two versions on one day");
}

static void a_lexicon_that_is_not_there_is_a_config_error(void **state)
{
    struct aw_provisions *laws = NULL;

    (void)state;
    assert_int_equal(aw_provisions_new(&laws, fixture.dir, &fixture.err),
                     AW_CONFIG);
    ASSERT_SAYS("name the lexicon's folder");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(an_empty_queue_says_so),
        UNIT(a_finding_shows_what_a_reviewer_needs),
        UNIT(nothing_is_called_illegal),
        UNIT(colour_marks_the_quote_where_it_is_asked_for),
        UNIT(without_provisions_their_ids_stand),
        UNIT(an_absent_warning_has_no_quote_marks),
        UNIT(lines_are_broken_at_the_width_of_the_terminal),
        UNIT(context_is_cut_to_twenty_characters),
        UNIT(crawled_text_cannot_speak_to_the_terminal),
        UNIT(the_queue_can_be_cut_by_state_and_limit),
        UNIT(an_unknown_state_is_refused),
        UNIT(a_full_disk_is_an_error),
        UNIT(a_json_line_holds_the_whole_finding),
        UNIT(each_finding_is_one_line_of_json_with_the_exact_text),
        UNIT(what_is_gone_from_its_page_is_told_in_json),
        UNIT(what_is_gone_from_its_page_has_a_line_in_the_table),
        UNIT(a_row_with_bad_json_is_a_store_error),
        UNIT(csv_begins_with_a_bom_and_ends_lines_with_crlf),
        UNIT(a_formula_is_disarmed_by_an_apostrophe),
        UNIT(quotes_are_doubled_and_controls_are_tamed_in_csv),
        UNIT(chinese_is_two_columns_wide),
        UNIT(html_is_escaped),
        UNIT(the_version_of_the_day_in_beijing_is_cited),
        UNIT(a_provision_has_a_short_title),
        UNIT(bad_days_of_a_provision_are_told),
        UNIT(a_lexicon_that_is_not_there_is_a_config_error),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
