#include "tests/store/fixture.h"

#include <cjson/cJSON.h>
#include <csv.h>
#include <fcntl.h>

#include "reports/export.h"
#include "review/decide.h"

#define MADE INT64_C(1795486380000) /* 2026-11-24T02:13:00Z */
#define COLUMNS_MAX 64
#define ROWS_MAX 16

/* What a spreadsheet must not take for a formula. */
static const char *const formulas[] = {"=1+1",     "+86",           "-1",
                                       "@SUM(A1)", "\t=1",          "\r=1",
                                       "＝1",      "=cmd|'/c x'!A1"};
#define FORMULA_COUNT (sizeof formulas / sizeof *formulas)

static struct aw_export_told told;

/* Every finding, into a file of the fixture's folder. */
struct all {
    struct aw_export *export;
};

static aw_rc add(void *self, const struct aw_finding *finding,
                 struct aw_err *err)
{
    struct all *all = self;

    return aw_export_add(all->export, fixture.store, finding, err);
}

static aw_rc export_to(int fd, struct aw_export_config config)
{
    struct all all = {0};
    struct aw_workdays *days = NULL;
    aw_rc rc = aw_workdays_new(&days, "lexicons", &fixture.err);

    config.days = days;
    config.fd = fd;
    config.temp = fixture.dir;
    config.made_ms = MADE;
    config.who = AW_STR("王某");
    config.scope = AW_STR("state=new");
    if (rc == AW_OK)
        rc = aw_export_new(&all.export, &config, &fixture.err);
    if (rc == AW_OK)
        rc =
            aw_store_findings(fixture.store, NULL, 0, add, &all, &fixture.err);
    if (rc == AW_OK)
        rc = aw_export_end(all.export, &told, &fixture.err);
    aw_export_free(all.export);
    aw_workdays_free(days);
    return rc;
}

static const char *export_path(struct aw_export_config config)
{
    static char path[AW_PATH_MAX];
    int fd;

    ASSERT_OK(aw_path_join(path, fixture.dir, "out", &fixture.err));
    fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
    assert_true(fd >= 0);
    ASSERT_OK(export_to(fd, config));
    (void)close(fd);
    return path;
}

/* The file's text; freed by the next call. */
static struct aw_str export_text(struct aw_export_config config)
{
    static struct aw_buf text;

    aw_buf_deinit(&text);
    aw_buf_init(&text, (size_t)16 << 20);
    ASSERT_OK(aw_file_read(export_path(config), &text, &fixture.err));
    return aw_buf_str(&text);
}

static int64_t add_titled(const char *fingerprint, const char *title)
{
    struct aw_claim_row claim = fixture_claim();
    struct aw_capture capture = {.payload_digest = AW_STR("ab12")};
    struct aw_finding made =
        fixture_finding(fingerprint, fixture_capture(capture), &claim);

    made.title = aw_str_of(title);
    return fixture_add(&made);
}

static void decide(int64_t finding, const char *action, const char *reason)
{
    struct aw_clock clock = aw_clock_manual(MADE);
    struct aw_decision_input input = {.finding = finding,
                                      .action = aw_str_of(action),
                                      .reason = aw_str_of(reason),
                                      .who = AW_STR("李某")};

    ASSERT_OK(aw_decide(fixture.store, &clock, &input, &fixture.arena, NULL,
                        &fixture.err));
}

/* ---- CSV, read by libcsv ---------------------------------------------------
 */

struct table {
    char *cells[ROWS_MAX][COLUMNS_MAX];
    size_t rows, columns;
};

static void take_cell(void *text, size_t len, void *self)
{
    struct table *t = self;

    assert_true(t->rows < ROWS_MAX && t->columns < COLUMNS_MAX);
    t->cells[t->rows][t->columns++] = strndup(text ? text : "", len);
}

static void take_row(int end, void *self)
{
    struct table *t = self;

    (void)end;
    assert_int_equal(t->columns, 35);
    t->rows++;
    t->columns = 0;
}

static void read_csv(struct table *t, struct aw_str text)
{
    const struct aw_str bom = AW_STR("\xEF\xBB\xBF");
    struct csv_parser parser;

    memset(t, 0, sizeof *t);
    assert_true(aw_str_starts(text, bom));
    text = aw_str_sub(text, bom.len, text.len);
    assert_int_equal(csv_init(&parser, CSV_STRICT), 0);
    assert_int_equal(csv_parse(&parser, text.ptr, text.len, take_cell,
                               take_row, t),
                     text.len);
    assert_int_equal(csv_fini(&parser, take_cell, take_row, t), 0);
    csv_free(&parser);
}

static void free_table(struct table *t)
{
    for (size_t i = 0; i < ROWS_MAX; i++)
        for (size_t j = 0; j < COLUMNS_MAX; j++)
            free(t->cells[i][j]);
}

static const char *cell_of(const struct table *t, size_t row, const char *head)
{
    for (size_t i = 0; i < COLUMNS_MAX && t->cells[0][i]; i++)
        if (strstr(t->cells[0][i], head))
            return t->cells[row][i];
    fail_msg("no column '%s'", head);
    return NULL;
}

static void csv_holds_what_is_known_of_a_finding(void **state)
{
    static const char *const cells[][2] = {
        {"编号", "1"},
        {"状态", "已排除"},
        {"类别", "保本"},
        {"引文", "保本保息"},
        {"首次发现（北京时间）", "2026-11-23 10:13:00 +08:00"},
        {"首次发现（UTC）", "2026-11-23T02:13:00Z"},
        {"核查期限", "2026-12-14"},
        {"法律依据", "advertising-law-25-1"},
        {"规则版本", "1"},
        {"处理人", "李某"},
        {"处理时间（北京时间）", "2026-11-24 10:13:00 +08:00"},
        {"处理结果", "排除"},
        {"处理理由", "转述, 他人的\"话\""},
        {"备注", "1970-01-01 08:00:00 +08:00 赵某：看过\n"
                 "1970-01-01 08:00:01 +08:00 钱某：同意"},
        {"首次抓取SHA-256", "ab12"},
        {"发布者", "济宁某某公司"},
        {"地区", "370811"}};
    struct table t;

    (void)state;
    decide(add_titled("f", "金汇财富"), "dismiss", "转述, 他人的\"话\"");
    fixture_tamper(
        "INSERT INTO comment (finding, at_ms, who, text) VALUES"
        " (1, 0, '赵某', '看过'), (1, 1000, '钱某', '同意');"
        "INSERT INTO publisher (id, key, name, first_seen_ms)"
        " VALUES (5, 'k', '济宁某某公司', 0);"
        "DELETE FROM sorted;"
        "INSERT INTO sorted (finding, bunch, simhash, creative, publisher,"
        " classes, sectors, place, audience, adverts)"
        " VALUES (1, 1, 0, '', 5, 1, '投资理财', '370811', '', 0)");
    read_csv(&t,
             export_text((struct aw_export_config){.format = AW_EXPORT_CSV}));
    assert_int_equal(t.rows, 2);
    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++)
        assert_string_equal(cell_of(&t, 1, cells[i][0]), cells[i][1]);
    assert_int_equal(strlen(cell_of(&t, 1, "处理记录哈希")), 64);
    assert_int_equal(told.findings, 1);
    assert_int_equal(told.rows, 1);
    free_table(&t);
}

/* Who may answer a blind look does not learn of the first decision here. */
static void a_blind_look_hides_what_was_decided(void **state)
{
    static const enum aw_export_format texts[] = {AW_EXPORT_CSV,
                                                  AW_EXPORT_JSONL};
    static const char *const secrets[] = {"confirmed", "confirm",  "已确认",
                                          "李某",      "确实如此", "先看过"};

    (void)state;
    decide(add_titled("f", "金汇财富"), "confirm", "确实如此");
    fixture_tamper(
        "INSERT INTO comment (finding, at_ms, who, text) VALUES"
        " (1, 0, '赵某', '以前的话'), (1, 1795486380000, '钱某', '先看过');"
        "INSERT INTO second_look (finding, why, blind, state, first_ms,"
        " first_who, first_action, first_class, first_decision) VALUES"
        " (1, 'random', 1, 'open', 1795486380000, '李某', 'confirm', '', 1)");
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct aw_export_config config = {.format = texts[i],
                                          .veiled_from = AW_STR("王某")};
        struct aw_str text = export_text(config);

        for (size_t j = 0; j < sizeof secrets / sizeof *secrets; j++)
            if (memmem(text.ptr, text.len, secrets[j], strlen(secrets[j])))
                fail_msg("'%s' is told: %.*s", secrets[j], AW_STR_ARG(text));
        assert_non_null(
            memmem(text.ptr, text.len, "以前的话", strlen("以前的话")));
        config.veiled_from = AW_STR("李某"); /* the first officer */
        text = export_text(config);
        assert_non_null(
            memmem(text.ptr, text.len, "确实如此", strlen("确实如此")));
    }
}

static void formulas_have_an_apostrophe_in_csv(void **state)
{
    struct table t;

    (void)state;
    for (size_t i = 0; i < FORMULA_COUNT; i++)
        (void)add_titled(formulas[i], formulas[i]);
    read_csv(&t,
             export_text((struct aw_export_config){.format = AW_EXPORT_CSV}));
    assert_int_equal(t.rows, 1 + FORMULA_COUNT);
    for (size_t i = 0; i < FORMULA_COUNT; i++) {
        const char *cell = cell_of(&t, i + 1, "标题");

        assert_int_equal(cell[0], '\'');
        assert_string_equal(cell + 1, formulas[i]);
    }
    free_table(&t);
}

/* ---- XLSX, read by Python's zipfile
 * ----------------------------------------- */

static cJSON *read_xlsx(const char *path)
{
    static char text[1 << 20];
    char command[AW_PATH_MAX + 64];
    size_t len;
    FILE *pipe;

    (void)snprintf(command, sizeof command, "tests/reports/read_xlsx.py '%s'",
                   path);
    pipe = popen(command, "r");
    assert_non_null(pipe);
    len = fread(text, 1, sizeof text - 1, pipe);
    text[len] = '\0';
    assert_int_equal(pclose(pipe), 0);
    return cJSON_Parse(text);
}

static const cJSON *rows_of(const cJSON *book, const char *sheet)
{
    const cJSON *rows =
        cJSON_GetObjectItem(cJSON_GetObjectItem(book, "sheets"), sheet);

    assert_true(cJSON_IsArray(rows));
    return rows;
}

static const cJSON *xlsx_cell(const cJSON *rows, int row, const char *head)
{
    const cJSON *heads = cJSON_GetArrayItem(rows, 0);

    for (int i = 0; i < cJSON_GetArraySize(heads); i++)
        if (strcmp(cJSON_GetArrayItem(heads, i)->valuestring, head) == 0)
            return cJSON_GetArrayItem(cJSON_GetArrayItem(rows, row), i);
    fail_msg("no column '%s'", head);
    return NULL;
}

static const char *note(const cJSON *book, int row)
{
    return cJSON_GetArrayItem(cJSON_GetArrayItem(rows_of(book, "说明"), row),
                              1)
        ->valuestring;
}

static void a_workbook_has_heads_that_stay_and_a_filter(void **state)
{
    struct aw_export_config config = {.format = AW_EXPORT_XLSX};
    cJSON *book;
    const cJSON *rows;

    (void)state;
    (void)add_titled("f", "金汇财富");
    (void)add_titled("g", "另一个");
    book = read_xlsx(export_path(config));
    rows = rows_of(book, "线索");
    assert_int_equal(cJSON_GetArraySize(rows), 3);
    assert_string_equal(cJSON_GetObjectItem(book, "frozen")->valuestring,
                        "A2");
    assert_string_equal(cJSON_GetObjectItem(book, "filter")->valuestring,
                        "A1:AI3");
    assert_true(cJSON_GetObjectItem(book, "widths")->valueint > 5);
    assert_int_equal(xlsx_cell(rows, 1, "编号")->valueint, 1);
    assert_string_equal(xlsx_cell(rows, 2, "标题")->valuestring, "另一个");
    assert_string_equal(xlsx_cell(rows, 2, "引文")->valuestring, "保本保息");
    assert_string_equal(note(book, 2), "王某");
    assert_string_equal(note(book, 3), "state=new");
    assert_string_equal(note(book, 4), "2");
    cJSON_Delete(book);
}

static void nothing_in_a_workbook_is_a_formula_or_a_link(void **state)
{
    struct aw_export_config config = {.format = AW_EXPORT_XLSX};
    cJSON *book;

    (void)state;
    for (size_t i = 0; i < FORMULA_COUNT; i++)
        (void)add_titled(formulas[i], formulas[i]);
    book = read_xlsx(export_path(config));
    assert_int_equal(cJSON_GetObjectItem(book, "formulas")->valueint, 0);
    assert_int_equal(cJSON_GetObjectItem(book, "links")->valueint, 0);
    for (size_t i = 0; i < FORMULA_COUNT; i++) {
        const cJSON *cell =
            xlsx_cell(rows_of(book, "线索"), (int)i + 1, "标题");

        assert_true(cJSON_IsString(cell));
        /* A line end within an element is read as U+000A. (XML 1.0, 2.11) */
        if (formulas[i][0] != '\r')
            assert_string_equal(cell->valuestring, formulas[i]);
    }
    cJSON_Delete(book);
}

static void hostile_text_does_not_break_a_workbook(void **state)
{
    static const char title[] =
        "</t><t>_x0041_ \x01\x1B[2J \xE2\x80\xAE\xEF\xBF\xBF \xFF & ]]> 😀 _x";
    struct aw_export_config config = {.format = AW_EXPORT_XLSX};
    cJSON *book;

    (void)state;
    (void)add_titled("f", title);
    book = read_xlsx(export_path(config));
    assert_non_null(book);
    assert_string_equal(
        xlsx_cell(rows_of(book, "线索"), 1, "标题")->valuestring,
        "</t><t>_x0041_ \uFFFD\uFFFD[2J \uFFFD\uFFFD \uFFFD & ]]> 😀 _x");
    cJSON_Delete(book);
}

/* A text of so many code points of four bytes: two units of UTF-16 each. */
static char *long_title(size_t count)
{
    char *text = calloc(count + 1, 4);

    assert_non_null(text);
    for (size_t i = 0; i < count; i++)
        memcpy(text + 4 * i, "😀", 4);
    return text;
}

static void a_long_cell_is_cut_and_said_to_be(void **state)
{
    struct aw_export_config config = {.format = AW_EXPORT_XLSX};
    char *title = long_title(20000);
    const char *cell;
    cJSON *book;

    (void)state;
    (void)add_titled("f", title);
    book = read_xlsx(export_path(config));
    cell = xlsx_cell(rows_of(book, "线索"), 1, "标题")->valuestring;
    assert_int_equal(strlen(cell), (size_t)4 * 16383 + 3);
    assert_string_equal(cell + (size_t)4 * 16383, "…");
    assert_int_equal(told.cells_cut, 1);
    assert_string_equal(note(book, 7), "1");
    cJSON_Delete(book);
    free(title);
}

static void rows_beyond_the_sheet_are_left_out_and_counted(void **state)
{
    struct aw_export_config config = {.format = AW_EXPORT_XLSX, .rows_max = 3};
    cJSON *book;

    (void)state;
    for (size_t i = 0; i < 5; i++)
        (void)add_titled(formulas[i], "t");
    book = read_xlsx(export_path(config));
    assert_int_equal(cJSON_GetArraySize(rows_of(book, "线索")), 3);
    assert_int_equal(told.findings, 5);
    assert_int_equal(told.rows, 2);
    assert_int_equal(told.rows_left, 3);
    assert_string_equal(note(book, 6), "3");
    cJSON_Delete(book);
}

/* Of each form a limit that the first finding passes and the last does not. */
static void an_export_that_grows_too_large_says_what_to_narrow(void **state)
{
    char path[AW_PATH_MAX];

    (void)state;
    for (size_t i = 0; i < FORMULA_COUNT; i++)
        (void)add_titled(formulas[i], "t");
    ASSERT_OK(aw_path_join(path, fixture.dir, "out", &fixture.err));
    for (int format = 0; format < AW_EXPORT_COUNT; format++) {
        struct aw_export_config config = {.format =
                                              (enum aw_export_format)format};
        int fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);

        assert_true(fd >= 0);
        ASSERT_OK(export_to(fd, config));
        assert_int_equal(ftruncate(fd, 0), 0);
        assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
        config.bytes_max = 1500;
        assert_int_equal(export_to(fd, config), AW_LIMIT);
        assert_non_null(strstr(fixture.err.msg, "narrow it by class"));
        (void)close(fd);
    }
}

/* ---- JSON Lines
 * --------------------------------------------------------------- */

static void a_json_line_has_evidence_decisions_and_provisions(void **state)
{
    struct aw_provisions *laws = NULL;
    struct aw_str text;
    const cJSON *law;
    cJSON *line;

    (void)state;
    ASSERT_OK(aw_provisions_new(&laws, "lexicons", &fixture.err));
    decide(add_titled("f", "金汇财富"), "confirm", "");
    (void)add_titled("g", "另一个");
    text = export_text((struct aw_export_config){.format = AW_EXPORT_JSONL,
                                                 .provisions = laws});
    assert_int_equal(text.ptr[text.len - 1], '\n');
    line = cJSON_ParseWithOpts(text.ptr, NULL, false);
    assert_non_null(line);
    assert_string_equal(
        cJSON_GetObjectItem(
            cJSON_GetObjectItem(cJSON_GetObjectItem(line, "evidence"), "last"),
            "sha256")
            ->valuestring,
        "ab12");
    assert_int_equal(cJSON_GetArraySize(
                         cJSON_GetObjectItem(line, "decisions")),
                     1);
    law = cJSON_GetArrayItem(cJSON_GetObjectItem(line, "provisions"), 0);
    assert_string_equal(cJSON_GetObjectItem(law, "id")->valuestring,
                        "advertising-law-25-1");
    assert_string_equal(cJSON_GetObjectItem(law, "from")->valuestring,
                        "2021-04-29");
    assert_int_equal(told.rows, 2);
    cJSON_Delete(line);
    aw_provisions_free(laws);
}

/* ---- failures
 * ----------------------------------------------------------------- */

static void a_full_disk_is_told_in_every_form(void **state)
{
    (void)state;
    (void)add_titled("f", "金汇财富");
    for (int i = 0; i < AW_EXPORT_COUNT; i++) {
        struct aw_export_config config = {.format = (enum aw_export_format)i};
        int fd = open("/dev/full", O_RDWR);

        assert_true(fd >= 0);
        assert_int_equal(export_to(fd, config), AW_IO);
        (void)close(fd);
    }
}

static void bad_json_in_the_store_names_the_finding(void **state)
{
    (void)state;
    (void)add_titled("f", "金汇财富");
    fixture_tamper("UPDATE claim SET law = '[\"'");
    for (int i = 0; i < AW_EXPORT_COUNT; i++) {
        struct aw_export_config config = {.format = (enum aw_export_format)i};
        int fd = open(fixture.dir, O_RDWR | O_TMPFILE, 0600);

        assert_true(fd >= 0);
        assert_int_equal(export_to(fd, config), AW_STORE);
        ASSERT_SAYS("finding 1: ");
        (void)close(fd);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(csv_holds_what_is_known_of_a_finding),
        UNIT(a_blind_look_hides_what_was_decided),
        UNIT(formulas_have_an_apostrophe_in_csv),
        UNIT(a_workbook_has_heads_that_stay_and_a_filter),
        UNIT(nothing_in_a_workbook_is_a_formula_or_a_link),
        UNIT(hostile_text_does_not_break_a_workbook),
        UNIT(a_long_cell_is_cut_and_said_to_be),
        UNIT(rows_beyond_the_sheet_are_left_out_and_counted),
        UNIT(an_export_that_grows_too_large_says_what_to_narrow),
        UNIT(a_json_line_has_evidence_decisions_and_provisions),
        UNIT(a_full_disk_is_told_in_every_form),
        UNIT(bad_json_in_the_store_names_the_finding),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
