#include "reports/export_private.h"

#include <archive.h>
#include <archive_entry.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include "base/clock.h"
#include "base/utf8.h"
#include "reports/text.h"

/* libxlsxwriter in its constant-memory mode: a row goes to a file that was
 * set aside as soon as the next begins, and texts stand in their cells. */

#define NOTE_WIDTH 24
#define SHEET "xl/worksheets/sheet1.xml"

/* Closing a book goes by gmtime(), whose answer all threads share. */
static pthread_mutex_t closing = PTHREAD_MUTEX_INITIALIZER;

struct aw_xlsx {
    lxw_workbook *book;
    lxw_worksheet *sheet;
    lxw_format *head;
    struct aw_buf text;
    char path[64]; /* of the file that was handed in */
    lxw_row_t next;
};

static aw_rc said(lxw_error error, struct aw_err *err)
{
    if (error == LXW_NO_ERROR)
        return AW_OK;
    return aw_fail(err, AW_IO, "cannot write the workbook: %s",
                   lxw_strerror(error));
}

/* ---- text in a cell --------------------------------------------------------
 */

/* XML has no place for the last two of the plane. */
static uint32_t fit(uint32_t cp)
{
    return cp == 0xFFFE || cp == 0xFFFF ? AW_REPLACEMENT : aw_text_in_cell(cp);
}

/* A spreadsheet reads "_x0041_" as "A" (ECMA-376, 22.9.2.19): its underscore
 * is written so, too. */
static bool is_escape(struct aw_str text, size_t pos)
{
    struct aw_str at = aw_str_sub(text, pos, 7);

    if (at.len < 7 || at.ptr[0] != '_' || at.ptr[1] != 'x' || at.ptr[6] != '_')
        return false;
    for (size_t i = 2; i < 6; i++)
        if (aw_hex_value(at.ptr[i]) < 0)
            return false;
    return true;
}

/* Fills out with text, as long as a cell may be; true: it was cut. */
static bool put_fit(struct aw_buf *out, struct aw_str text)
{
    const struct aw_str underscore = AW_STR("_x005F_");
    size_t units = 0; /* of UTF-16 */

    for (size_t pos = 0; pos < text.len;) {
        bool escaped = is_escape(text, pos);
        uint32_t cp = fit(aw_utf8_next(text, &pos));

        units += escaped ? underscore.len : cp > 0xFFFF ? 2 : 1;
        if (units > AW_XLSX_CELL_MAX - 1 && pos < text.len) {
            aw_buf_puts(out, "…");
            return true;
        }
        if (escaped)
            aw_buf_put(out, underscore);
        else
            aw_utf8_put(out, cp);
    }
    return false;
}

/* A text by its type: nothing in it is a formula or a link. */
static aw_rc put_text(struct aw_export *export, lxw_worksheet *sheet,
                      lxw_row_t row, lxw_col_t column, struct aw_str text,
                      struct aw_err *err)
{
    struct aw_buf *fitting = &export->xlsx->text;
    aw_rc rc;

    if (text.len == 0)
        return AW_OK;
    aw_buf_reset(fitting);
    if (put_fit(fitting, text))
        export->told.cells_cut++;
    rc = aw_buf_check(fitting, err);
    return rc == AW_OK ? said(worksheet_write_string(sheet, row, column,
                                                     fitting->ptr, NULL),
                              err)
                       : rc;
}

/* ---- the sheet of findings
 * -------------------------------------------------- */

static aw_rc put_heads(struct aw_xlsx *xlsx, struct aw_err *err)
{
    lxw_error error = LXW_NO_ERROR;

    for (lxw_col_t i = 0; i < aw_export_column_count && !error; i++) {
        const struct aw_export_column *column = &aw_export_columns[i];

        error = worksheet_set_column(xlsx->sheet, i, i, column->width, NULL);
        if (!error)
            error = worksheet_write_string(xlsx->sheet, 0, i, column->head,
                                           xlsx->head);
    }
    worksheet_freeze_panes(xlsx->sheet, 1, 0);
    xlsx->next = 1;
    return said(error, err);
}

static aw_rc open_book(struct aw_export *export, struct aw_err *err)
{
    struct aw_xlsx *xlsx = export->xlsx;
    /* Not written to, but not const. */
    char *temp = (char *)(uintptr_t) export->config.temp;
    lxw_workbook_options options = {.constant_memory = LXW_TRUE,
                                    .tmpdir = temp};
    lxw_doc_properties properties = {
        .created = (time_t)(export->config.made_ms / 1000)};

    xlsx->book = workbook_new_opt(xlsx->path, &options);
    if (!xlsx->book)
        return aw_fail(err, AW_NOMEM, "out of memory");
    (void)workbook_set_properties(xlsx->book, &properties);
    xlsx->sheet = workbook_add_worksheet(xlsx->book, "线索");
    xlsx->head = workbook_add_format(xlsx->book);
    if (!xlsx->sheet || !xlsx->head)
        return aw_fail(err, AW_IO,
                       "cannot begin the workbook: is there room in '%s'?",
                       temp);
    format_set_bold(xlsx->head);
    return put_heads(xlsx, err);
}

static aw_rc begin(struct aw_export *export, struct aw_err *err)
{
    struct aw_xlsx *xlsx = calloc(1, sizeof *xlsx);

    if (!xlsx)
        return aw_fail(err, AW_NOMEM, "out of memory");
    export->xlsx = xlsx;
    /* At most four bytes for each unit. */
    aw_buf_init(&xlsx->text, (size_t)4 * AW_XLSX_CELL_MAX);
    (void)snprintf(xlsx->path, sizeof xlsx->path, "/proc/self/fd/%d",
                   export->config.fd);
    return open_book(export, err);
}

static aw_rc put_cell(struct aw_export *export, lxw_col_t i,
                      const struct aw_export_row *row, struct aw_err *err)
{
    const struct aw_export_column *column = &aw_export_columns[i];
    struct aw_xlsx *xlsx = export->xlsx;
    aw_rc rc;

    if (column->number)
        return said(worksheet_write_number(xlsx->sheet, xlsx->next, i,
                                           column->number(row), NULL),
                    err);
    aw_buf_reset(&export->cell);
    rc = column->text(&export->cell, row, err);
    if (rc == AW_OK)
        rc = aw_buf_check(&export->cell, err);
    if (rc == AW_OK)
        rc = put_text(export, xlsx->sheet, xlsx->next, i,
                      aw_buf_str(&export->cell), err);
    return rc;
}

static bool is_full(const struct aw_export *export)
{
    return export->xlsx->next >= export->config.rows_max;
}

static aw_rc put_row(struct aw_export *export, const struct aw_export_row *row,
                     struct aw_err *err)
{
    aw_rc rc = AW_OK;

    if (is_full(export)) {
        export->told.rows_left++;
        return AW_OK;
    }
    for (lxw_col_t i = 0; i < aw_export_column_count && rc == AW_OK; i++)
        rc = put_cell(export, i, row, err);
    export->xlsx->next++;
    export->told.rows++;
    return rc == AW_OK
               ? aw_export_grow(export,
                                ftell(export->xlsx->sheet->optimize_tmpfile),
                                err)
               : rc;
}

static aw_rc put(struct aw_export *export, const struct aw_finding *finding,
                 const struct aw_export_facts *facts, struct aw_err *err)
{
    return aw_export_rows(export, finding, facts, put_row, err);
}

/* ---- the sheet that tells of it
 * --------------------------------------------- */

static aw_rc put_note(struct aw_export *export, lxw_worksheet *sheet,
                      lxw_row_t *row, const char *head, struct aw_str text,
                      struct aw_err *err)
{
    aw_rc rc =
        said(worksheet_write_string(sheet, *row, 0, head, export->xlsx->head),
             err);

    if (rc == AW_OK)
        rc = put_text(export, sheet, *row, 1, text, err);
    ++*row;
    return rc;
}

static aw_rc put_count(struct aw_export *export, lxw_worksheet *sheet,
                       lxw_row_t *row, const char *head, int64_t count,
                       struct aw_err *err)
{
    char text[24];

    (void)snprintf(text, sizeof text, "%lld", (long long)count);
    return put_note(export, sheet, row, head, aw_str_of(text), err);
}

static aw_rc put_notes(struct aw_export *export, struct aw_err *err)
{
    const struct aw_export_told told = export->told;
    lxw_worksheet *sheet = workbook_add_worksheet(export->xlsx->book, "说明");
    char made[AW_TIME_MAX];
    lxw_row_t row = 0;
    aw_rc rc;

    if (!sheet)
        return aw_fail(err, AW_IO, "cannot write the workbook's second sheet");
    (void)worksheet_set_column(sheet, 0, 1, NOTE_WIDTH, NULL);
    aw_time_beijing(export->config.made_ms, made);
    rc = put_note(export, sheet, &row, "内容",
                  AW_STR("涉嫌违法广告线索；是否违法，由人认定。"), err);
    if (rc == AW_OK)
        rc = put_note(export, sheet, &row, "导出时间", aw_str_of(made), err);
    if (rc == AW_OK)
        rc = put_note(export, sheet, &row, "导出人", export->config.who, err);
    if (rc == AW_OK)
        rc = put_note(export, sheet, &row, "范围", export->config.scope, err);
    if (rc == AW_OK)
        rc = put_count(export, sheet, &row, "线索数", told.findings, err);
    if (rc == AW_OK)
        rc = put_count(export, sheet, &row, "行数", told.rows, err);
    if (rc == AW_OK)
        rc = put_count(export, sheet, &row, "超出上限而未写入的行",
                       told.rows_left, err);
    if (rc == AW_OK)
        rc = put_count(export, sheet, &row, "因单元格上限而截短的单元格",
                       told.cells_cut, err);
    return rc;
}

/* ---- the end
 * ----------------------------------------------------------------- */

/* libxlsxwriter does not look whether what it set aside was written: of a
 * full disk only this tells. */
static aw_rc check_rows(FILE *rows, long *bytes, struct aw_err *err)
{
    if (fflush(rows) != 0 || ferror(rows) || (*bytes = ftell(rows)) < 0)
        return aw_fail_errno(err, AW_IO,
                             "cannot set rows of the workbook "
                             "aside");
    return AW_OK;
}

static int64_t size_in(struct archive *zip)
{
    struct archive_entry *entry = NULL;

    while (archive_read_next_header(zip, &entry) == ARCHIVE_OK) {
        const char *name = archive_entry_pathname(entry);

        if (name && strcmp(name, SHEET) == 0)
            return archive_entry_size(entry);
    }
    return -1;
}

/* Are all rows in the file? Its directory tells how long the sheet is. */
static aw_rc check_sheet(int fd, long bytes, struct aw_err *err)
{
    struct archive *zip = archive_read_new();
    int64_t size = -1;

    if (!zip)
        return aw_fail(err, AW_NOMEM, "out of memory");
    if (lseek(fd, 0, SEEK_SET) == 0 &&
        archive_read_support_format_zip_seekable(zip) == ARCHIVE_OK &&
        archive_read_open_fd(zip, fd, 16384) == ARCHIVE_OK)
        size = size_in(zip);
    (void)archive_read_free(zip);
    if (size < bytes)
        return aw_fail(err, AW_IO,
                       "the workbook is not whole: is the disk full?");
    return AW_OK;
}

static aw_rc close_book(struct aw_export *export, struct aw_err *err)
{
    struct aw_xlsx *xlsx = export->xlsx;
    long bytes = 0;
    aw_rc rc = check_rows(xlsx->sheet->optimize_tmpfile, &bytes, err);
    lxw_error error;

    if (rc != AW_OK)
        return rc;
    (void)pthread_mutex_lock(&closing);
    error = workbook_close(xlsx->book); /* and frees it, in any case */
    (void)pthread_mutex_unlock(&closing);
    xlsx->book = NULL;
    rc = said(error, err);
    return rc == AW_OK ? check_sheet(export->config.fd, bytes, err) : rc;
}

static aw_rc end(struct aw_export *export, struct aw_err *err)
{
    struct aw_xlsx *xlsx = export->xlsx;
    aw_rc rc =
        said(worksheet_autofilter(xlsx->sheet, 0, 0, xlsx->next - 1,
                                  (lxw_col_t)(aw_export_column_count - 1)),
             err);

    if (rc == AW_OK)
        rc = put_notes(export, err);
    return rc == AW_OK ? close_book(export, err) : rc;
}

static void drop(struct aw_export *export)
{
    struct aw_xlsx *xlsx = export->xlsx;

    if (!xlsx)
        return;
    if (xlsx->book)
        lxw_workbook_free(xlsx->book);
    aw_buf_deinit(&xlsx->text);
    free(xlsx);
    export->xlsx = NULL;
}

const struct aw_export_form aw_export_xlsx = {begin, put, end, drop};
