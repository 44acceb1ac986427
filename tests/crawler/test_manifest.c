#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "crawler/manifest.h"

#define NOW INT64_C(1795752000000) /* 2026-11-27 12:00 in Beijing */
#define SLOW_MS 60000              /* under sanitizers, on a busy machine */

static struct aw_manifest m;
static struct aw_err err;

static aw_rc read_as(enum aw_manifest_form form, struct aw_str bytes)
{
    const struct aw_facts missing = {.channel = AW_CHANNEL_POSTER,
                                     .place = AW_STR("某街道")};

    aw_manifest_deinit(&m);
    return aw_manifest_read(&m, bytes, form, &missing, NOW, &err);
}

static void csv(const char *text)
{
    if (read_as(AW_MANIFEST_CSV, aw_str_of(text)) != AW_OK)
        fail_msg("%s", err.msg);
}

static void jsonl(const char *text)
{
    if (read_as(AW_MANIFEST_JSONL, aw_str_of(text)) != AW_OK)
        fail_msg("%s", err.msg);
}

static int teardown(void **s)
{
    (void)s;
    aw_manifest_deinit(&m);
    return 0;
}

#define assert_str(str, text)                                      \
    do {                                                           \
        if (!aw_str_eq((str), aw_str_of(text)))                    \
            fail_msg("'%.*s' is not '%s'", AW_STR_ARG(str), text); \
    } while (0)

static void assert_error(size_t row, int64_t line, const char *part)
{
    assert_true(row < m.row_count);
    assert_int_equal(m.rows[row].line, line);
    if (!m.rows[row].error.ptr || !strstr(m.rows[row].error.ptr, part))
        fail_msg("row %zu: '%.*s'", row, AW_STR_ARG(m.rows[row].error));
}

static void assert_good(size_t row, int64_t line, const char *text)
{
    assert_true(row < m.row_count);
    if (m.rows[row].error.len > 0)
        fail_msg("row %zu: %s", row, m.rows[row].error.ptr);
    assert_int_equal(m.rows[row].line, line);
    assert_str(m.rows[row].text, text);
}

/* ---- headings ------------------------------------------------------------
 */

static void headings_are_known_in_both_languages(void **s)
{
    static const struct {
        const char *heading;
        enum aw_manifest_column column;
    } headings[] = {
        {"地点", AW_COLUMN_PLACE},
        {" 发现时间（必填） ", AW_COLUMN_TIME},
        {"Time", AW_COLUMN_TIME},
        {"报送人代码*", AW_COLUMN_WHO},
        {"WHO", AW_COLUMN_WHO},
        {"ｗｈｏ", AW_COLUMN_WHO},
        {"渠道：", AW_COLUMN_CHANNEL},
        {"广告内容(原文)", AW_COLUMN_TEXT},
        {"附件", AW_COLUMN_ATTACHMENTS},
        {"files", AW_COLUMN_ATTACHMENTS},
        {"备注", AW_COLUMN_NOTE},
        {"序号", AW_COLUMN_UNKNOWN},
        {"", AW_COLUMN_UNKNOWN},
        {"报送人姓名", AW_COLUMN_PERSONAL},
        {"联系电话", AW_COLUMN_PERSONAL},
        {"电话", AW_COLUMN_PERSONAL},
        {"身份证号码", AW_COLUMN_PERSONAL},
        {"Phone", AW_COLUMN_PERSONAL},
        {"Name", AW_COLUMN_PERSONAL},
    };

    (void)s;
    for (size_t i = 0; i < sizeof headings / sizeof headings[0]; i++)
        if (aw_manifest_column(aw_str_of(headings[i].heading)) !=
            headings[i].column)
            fail_msg("'%s'", headings[i].heading);
}

static void a_sheet_may_begin_with_a_title(void **s)
{
    (void)s;
    csv("任城样例街道线索表,,\n\n内容,代码,序号\n保本,g1,1\n");
    assert_int_equal(m.row_count, 1);
    assert_good(0, 4, "保本");
    assert_str(m.unknown, "序号");
}

static void a_list_without_known_headings_is_refused(void **s)
{
    (void)s;
    assert_int_equal(read_as(AW_MANIFEST_CSV, AW_STR("a,b\n1,2\n")),
                     AW_INVALID);
    assert_non_null(strstr(err.msg, "附件"));
    assert_int_equal(read_as(AW_MANIFEST_CSV, AW_STR("")), AW_INVALID);
    assert_int_equal(read_as(AW_MANIFEST_JSONL, AW_STR("\n")), AW_INVALID);
}

static void a_column_for_names_refuses_the_whole(void **s)
{
    (void)s;
    assert_int_equal(read_as(AW_MANIFEST_CSV,
                             AW_STR("内容,报送人姓名\n保本,王样例\n")),
                     AW_INVALID);
    assert_non_null(strstr(err.msg, "报送人姓名"));
    assert_null(strstr(err.msg, "王样例"));
    assert_int_equal(read_as(AW_MANIFEST_JSONL,
                             AW_STR("{\"text\":\"a\",\"phone\":\"1\"}")),
                     AW_INVALID);
}

/* ---- rows ----------------------------------------------------------------
 */

static void a_row_has_its_facts(void **s)
{
    const struct aw_manifest_row *row;

    (void)s;
    csv("地点,时间,报送人代码,渠道,内容,附件,备注\r\n"
        "样例路1号,2026/11/26 14:05,WG-012,短信,保本保息,"
        "照片\\a.jpg；b.txt、c.png,墙上\r\n"
        ",,,,只有文字,,\r\n");
    assert_int_equal(m.row_count, 2);
    row = &m.rows[0];
    assert_good(0, 2, "保本保息");
    assert_str(row->facts.place, "样例路1号");
    assert_str(row->facts.who, "WG-012");
    assert_str(row->facts.note, "墙上");
    assert_int_equal(row->facts.channel, AW_CHANNEL_SMS);
    assert_int_equal(row->facts.seen_unit, AW_SEEN_MINUTE);
    assert_int_equal(row->attachment_count, 3);
    assert_str(row->attachments[0], "照片/a.jpg");
    assert_str(row->attachments[1], "b.txt");
    assert_str(row->attachments[2], "c.png");
    row = &m.rows[1];
    assert_good(1, 3, "只有文字");
    assert_str(row->facts.place, "某街道");
    assert_int_equal(row->facts.channel, AW_CHANNEL_POSTER);
    assert_int_equal(row->facts.seen_unit, AW_SEEN_UNKNOWN);
}

static void each_separator_is_found(void **s)
{
    static const char *const texts[] = {
        "内容,代码\n\"保本,保息\",g1\n",
        "内容;代码\n保本,保息;g1\n",
        "内容\t代码\n保本,保息\tg1\n",
        "sep=;\n内容;代码\n保本,保息;g1\n",
        "\xEF\xBB\xBF\"内容\";\"代码\"\r\n\"保本,保息\";\"g1\"\r\n",
        "内容,代码\r\"保本,保息\",g1\r",
    };

    (void)s;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        csv(texts[i]);
        assert_int_equal(m.row_count, 1);
        assert_str(m.rows[0].text, "保本,保息");
        assert_str(m.rows[0].facts.who, "g1");
    }
}

static void gb18030_of_a_spreadsheet_is_read(void **s)
{
    (void)s;
    csv("\xC4\xDA\xC8\xDD,\xB1\xB8\xD7\xA2\r\n"
        "\xB1\xA3\xB1\xBE\xB1\xA3\xCF\xA2\xA3\xAC\xC4\xEA\xBB\xAF\xCA\xD5"
        "\xD2\xE6,\xC7\xBD\xC9\xCF\r\n");
    assert_string_equal(m.charset, "gb18030");
    assert_good(0, 2, "保本保息，年化收益");
    assert_str(m.rows[0].facts.note, "墙上");
}

static void a_cell_may_hold_lines_and_quotation_marks(void **s)
{
    (void)s;
    csv("text,who\n\"保本\n\n\"\"保息\"\"\n\",g1\n\n第二,g2\n");
    assert_int_equal(m.row_count, 2);
    assert_good(0, 2, "保本\n\n\"保息\"");
    assert_int_equal(m.rows[0].last_line, 5);
    assert_good(1, 7, "第二");
}

static void a_false_row_does_not_stop_the_others(void **s)
{
    (void)s;
    csv("text,who,time,channel\n"
        "a,g1,2026-11-26,海报\n"
        "b,王样例,,\n"
        "c,g1,昨天,\n"
        "d,g1,,电报\n"
        ",g1,,\n"
        "e,g1,,,,x\n"
        "f\"f,g1,,\n"
        "g,g1,,\n"
        "h,\"g1\"x,,\n"
        "i,g1,,\n"
        "\"j,g1,,\n"
        "k,g1,,\n");
    assert_int_equal(m.row_count, 12);
    assert_good(0, 2, "a");
    assert_error(1, 3, "who looks like a name");
    assert_error(2, 4, "time '昨天'");
    assert_error(3, 5, "channel '电报'");
    assert_error(4, 6, "neither a text nor");
    assert_error(5, 7, "more cells");
    assert_error(6, 8, "quotation mark");
    assert_good(7, 9, "g");
    assert_error(8, 10, "quotation mark");
    assert_good(9, 11, "i");
    assert_error(10, 12, "quotation mark");
    assert_good(11, 13, "k");
}

static void assert_kept(const char *kept)
{
    struct aw_buf out;

    aw_buf_init(&out, 1 << 20);
    assert_int_equal(aw_manifest_kept(&m, &out, &err), AW_OK);
    aw_buf_puts(&out, "");
    assert_string_equal(out.len ? out.ptr : "", kept);
    aw_buf_deinit(&out);
}

static void only_what_is_taken_is_archived(void **s)
{
    (void)s;
    csv("线索表（填表人：王样例）\n"
        "内容,序号,代码（王样例填）,时间,附件,登记\n"
        "a,1,g1,2026年11月26日 14:05,x.jpg；y\\z.jpg,王样例\r\n"
        "\"b\nb\",2,王样例,,,\n"
        "\"c\nc\",3,g2,,,王样例\n"
        "d,4,g3,王样例,,\n"
        "e\"王样例\n"
        "f,6,g4,,,,王样例\n"
        "g\n");
    assert_kept("{\"line\":3,\"time\":\"2026年11月26日 14:05\",\"who\":\"g1\","
                "\"text\":\"a\",\"attachments\":[\"x.jpg\",\"y/z.jpg\"]}\n"
                "{\"line\":6,\"who\":\"g2\",\"text\":\"c\\nc\"}\n"
                "{\"line\":11,\"text\":\"g\"}\n");
    jsonl(
        "{\"x\":\"王样例\",\"text\":\"a\",\"text\":\"王样例\"}\n[\"王样例\"]\n"
        "{\"text\":\"b\",\"time\":\"王样例\"}\n"
        "{\"text\":\"c\",\"files\":[\"王.jpg\",5]}\n");
    assert_kept("{\"line\":1,\"text\":\"a\"}\n");
    csv("text\n,\n");
    assert_kept("");
}

static void each_column_of_codes_is_looked_at(void **s)
{
    (void)s;
    csv("内容,报送人代码,网格员编号,代码\n"
        "a,g1,王样例,\n"
        "b,,王样例,g1\n"
        "c,g1,g2,13800138000\n"
        "d,g1,,g2\n"
        "e,,,g2\n");
    assert_error(0, 2, "who looks like a name");
    assert_error(1, 3, "who looks like a name");
    assert_error(2, 4, "who looks like a telephone");
    assert_good(3, 5, "d");
    assert_str(m.rows[3].facts.who, "g1");
    assert_str(m.rows[4].facts.who, "g2");
    assert_kept("{\"line\":5,\"who\":\"g1\",\"text\":\"d\"}\n"
                "{\"line\":6,\"who\":\"g2\",\"text\":\"e\"}\n");
    jsonl("{\"text\":\"a\",\"who\":\"g1\",\"代码\":\"王样例\"}");
    assert_error(0, 1, "who looks like a name");
}

static void limits_are_told(void **s)
{
    char *text = malloc(AW_MANIFEST_CELL_MAX + 200);
    struct aw_buf all;

    (void)s;
    assert_non_null(text);
    (void)snprintf(text, 100, "text,who\na,g1\n");
    memset(text + strlen(text), 'x', AW_MANIFEST_CELL_MAX + 1);
    (void)snprintf(text + 14 + AW_MANIFEST_CELL_MAX + 1, 20, ",g1\nb,g1\n");
    csv(text);
    assert_good(0, 2, "a");
    assert_error(1, 3, "a cell of more than 65536 bytes");
    assert_good(2, 4, "b");
    free(text);
    csv("text,files\na,1;2;3;4;5;6;7;8;9;10;11;12;13;14;15;16;17;18;19;20;"
        "21\n");
    assert_error(0, 2, "more than 20 attachments");
    aw_buf_init(&all, 1 << 20);
    aw_buf_puts(&all, "text");
    for (int i = 0; i < AW_MANIFEST_COLUMNS_MAX; i++)
        aw_buf_printf(&all, ",c%d", i);
    aw_buf_puts(&all, "\na\n");
    assert_int_equal(read_as(AW_MANIFEST_CSV, aw_buf_str(&all)), AW_LIMIT);
    aw_buf_deinit(&all);
}

static void too_many_rows_are_refused(void **s)
{
    struct aw_buf all;

    (void)s;
    aw_buf_init(&all, 1 << 20);
    aw_buf_puts(&all, "text\n");
    for (int i = 0; i <= AW_MANIFEST_ROWS_MAX; i++)
        aw_buf_puts(&all, "a\n");
    assert_int_equal(read_as(AW_MANIFEST_CSV, aw_buf_str(&all)), AW_LIMIT);
    assert_non_null(strstr(err.msg, "100000 rows"));
    aw_buf_deinit(&all);
}

static void lone_quotation_marks_end_in_bounded_time(void **s)
{
    struct aw_buf all;
    int64_t began = aw_clock_mono(aw_clock_system());
    aw_rc rc;

    (void)s;
    aw_buf_init(&all, 8 << 20);
    aw_buf_puts(&all, "text,who\n");
    for (int i = 0; i < 90000; i++)
        aw_buf_puts(&all, "x,\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n\n");
    rc = read_as(AW_MANIFEST_CSV, aw_buf_str(&all));
    assert_true(rc == AW_OK || rc == AW_INVALID);
    assert_true(aw_clock_mono(aw_clock_system()) - began < SLOW_MS);
    aw_buf_deinit(&all);
}

static void every_prefix_ends(void **s)
{
    static const char text[] =
        "\xEF\xBB\xBF"
        "内容;\"代码\"\r\n\"保本\n\"\"保息\"\"\";g1\r\n a;\"\"\n";

    (void)s;
    for (size_t i = 0; i < sizeof text; i++) {
        (void)!read_as(AW_MANIFEST_CSV, (struct aw_str){text, i});
        (void)!read_as(AW_MANIFEST_JSONL, (struct aw_str){text, i});
    }
}

/* ---- JSON Lines ----------------------------------------------------------
 */

static void json_lines_have_the_same_columns(void **s)
{
    (void)s;
    jsonl("{\"place\":\"样例路\",\"who\":\"g1\",\"channel\":\"call\",\"text\":"
          "\"保本\",\"attachments\":[\"a.jpg\",\"b/c.jpg\"],\"time\":null}\n"
          "\n"
          "{\"内容\":\"保息\",\"附件\":\"a.jpg;b.jpg\"}\r\n");
    assert_int_equal(m.row_count, 2);
    assert_good(0, 1, "保本");
    assert_int_equal(m.rows[0].facts.channel, AW_CHANNEL_CALL);
    assert_str(m.rows[0].attachments[1], "b/c.jpg");
    assert_good(1, 3, "保息");
    assert_int_equal(m.rows[1].attachment_count, 2);
}

static void names_of_an_array_are_taken_whole(void **s)
{
    (void)s;
    jsonl(
        "{\"附件\":[\"店招、门头;一.jpg\",\"\",\" b|c.jpg\",\"d\\\\e.jpg\"]}\n"
        "{\"text\":\"a\",\"files\":[]}\n"
        "{\"files\":[\"1\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\",\"8\",\"9\","
        "\"10\",\"11\","
        "\"12\",\"13\",\"14\",\"15\",\"16\",\"17\",\"18\",\"19\",\"20\","
        "\"21\"]}\n");
    assert_int_equal(m.rows[0].attachment_count, 3);
    assert_str(m.rows[0].attachments[0], "店招、门头;一.jpg");
    assert_str(m.rows[0].attachments[1], " b|c.jpg");
    assert_str(m.rows[0].attachments[2], "d/e.jpg");
    assert_good(1, 2, "a");
    assert_error(2, 3, "more than 20 attachments");
}

static void a_false_line_does_not_stop_the_others(void **s)
{
    (void)s;
    jsonl(
        "{\"text\":\"a\"}\n[1]\n{\"text\":5}\n{\"text\":\"b\"} x\n"
        "{\"files\":[1]}\n{\"text\":\"c\",\"who\":\"王\"}\n{\"text\":\"d\"}");
    assert_int_equal(m.row_count, 7);
    assert_good(0, 1, "a");
    assert_error(1, 2, "no JSON object");
    assert_error(2, 3, "no text");
    assert_error(3, 4, "no JSON object");
    assert_error(4, 5, "no array of texts");
    assert_error(5, 6, "a name");
    assert_good(6, 7, "d");
}

static void a_form_is_told_by_the_name(void **s)
{
    (void)s;
    assert_int_equal(aw_manifest_form(AW_STR("a/b.CSV")), AW_MANIFEST_CSV);
    assert_int_equal(aw_manifest_form(AW_STR("b.tsv")), AW_MANIFEST_CSV);
    assert_int_equal(aw_manifest_form(AW_STR("b.jsonl")), AW_MANIFEST_JSONL);
    assert_int_equal(aw_manifest_form(AW_STR("b.json")), AW_MANIFEST_NONE);
    assert_int_equal(aw_manifest_form(AW_STR("csv")), AW_MANIFEST_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(headings_are_known_in_both_languages),
        cmocka_unit_test(a_sheet_may_begin_with_a_title),
        cmocka_unit_test(a_list_without_known_headings_is_refused),
        cmocka_unit_test(a_column_for_names_refuses_the_whole),
        cmocka_unit_test(a_row_has_its_facts),
        cmocka_unit_test(each_separator_is_found),
        cmocka_unit_test(gb18030_of_a_spreadsheet_is_read),
        cmocka_unit_test(a_cell_may_hold_lines_and_quotation_marks),
        cmocka_unit_test(a_false_row_does_not_stop_the_others),
        cmocka_unit_test(only_what_is_taken_is_archived),
        cmocka_unit_test(each_column_of_codes_is_looked_at),
        cmocka_unit_test(limits_are_told),
        cmocka_unit_test(too_many_rows_are_refused),
        cmocka_unit_test(lone_quotation_marks_end_in_bounded_time),
        cmocka_unit_test(every_prefix_ends),
        cmocka_unit_test(json_lines_have_the_same_columns),
        cmocka_unit_test(names_of_an_array_are_taken_whole),
        cmocka_unit_test(a_false_line_does_not_stop_the_others),
        cmocka_unit_test(a_form_is_told_by_the_name),
    };

    return cmocka_run_group_tests(tests, NULL, teardown);
}
