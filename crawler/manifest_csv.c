#include <csv.h>

#include "crawler/manifest_private.h"

/* After a false row its second line is tried as one, and so on: not for
 * ever. */
#define PARSED_TIMES_MAX 8
#define HEADINGS_LINE_MAX 10
#define NO_HEADINGS                                                    \
    "no heading says where the text or the attachments stand: call a " \
    "column 'text' (内容) or 'attachments' (附件)"

struct csv {
    struct aw_manifest_reading *reading;
    struct csv_parser parser;
    unsigned char separator;
    aw_rc rc;
    bool has_headings;
    enum aw_manifest_column columns[AW_MANIFEST_COLUMNS_MAX];
    size_t column_count;
    /* The row under way. */
    bool in_row;
    struct aw_manifest_cells cells;
    struct aw_str behind; /* what comes after its first line */
    int64_t line;         /* that is parsed now, from 1 */
    size_t cell;
    size_t parsed; /* bytes, over all tries */
};

/* ---- what libcsv tells ---------------------------------------------------
 */

static void take_heading(struct csv *csv, struct aw_str text)
{
    enum aw_manifest_column column = aw_manifest_column(text);

    if (csv->column_count == AW_MANIFEST_COLUMNS_MAX) {
        csv->rc = aw_fail(csv->reading->err, AW_LIMIT, "more than %d columns",
                          AW_MANIFEST_COLUMNS_MAX);
        return;
    }
    csv->columns[csv->column_count++] = column;
    csv->rc = aw_manifest_note_heading(csv->reading, text, column);
}

static void take_cell(struct csv *csv, struct aw_str text)
{
    enum aw_manifest_column column = csv->cell < csv->column_count
                                         ? csv->columns[csv->cell]
                                         : AW_COLUMN_UNKNOWN;

    csv->cell++;
    if (csv->cell > csv->column_count && aw_str_trim(text).len > 0)
        csv->cells.error = "the row has more cells than there are headings";
    if (column < AW_COLUMN_COUNT)
        csv->rc =
            aw_manifest_keep_cell(csv->reading, &csv->cells, column, text);
}

static void on_cell(void *bytes, size_t len, void *self)
{
    struct csv *csv = self;
    struct aw_str text = {bytes, len};

    if (csv->rc != AW_OK)
        return;
    if (csv->has_headings)
        take_cell(csv, text);
    else
        take_heading(csv, text);
}

static bool has_column(const struct csv *csv, enum aw_manifest_column column)
{
    for (size_t i = 0; i < csv->column_count; i++)
        if (csv->columns[i] == column)
            return true;
    return false;
}

/* Sheets begin with a title now and then: the headings may stand further
 * down. */
static aw_rc check_headings(struct csv *csv)
{
    csv->has_headings = has_column(csv, AW_COLUMN_TEXT) ||
                        has_column(csv, AW_COLUMN_ATTACHMENTS);
    if (csv->has_headings)
        return AW_OK;
    if (csv->line >= HEADINGS_LINE_MAX)
        return aw_fail(csv->reading->err, AW_INVALID, NO_HEADINGS);
    csv->column_count = 0;
    csv->reading->manifest->unknown = (struct aw_str){0};
    return AW_OK;
}

static void begin_row(struct csv *csv)
{
    csv->in_row = false;
    csv->cell = 0;
    csv->cells = (struct aw_manifest_cells){0};
}

static void on_row(int end, void *self)
{
    struct csv *csv = self;

    (void)end;
    if (csv->rc != AW_OK)
        return;
    csv->cells.last_line = csv->line;
    csv->rc = csv->has_headings
                  ? aw_manifest_add_row(csv->reading, &csv->cells)
                  : check_headings(csv);
    begin_row(csv);
}

/* ---- lines ---------------------------------------------------------------
 */

static aw_rc start_parser(struct csv *csv)
{
    if (csv_init(&csv->parser, CSV_STRICT | CSV_STRICT_FINI) != 0)
        return aw_fail(csv->reading->err, AW_NOMEM, "out of memory");
    csv_set_delim(&csv->parser, csv->separator);
    return AW_OK;
}

/* The row is told as false, and reading goes on behind its first line. */
static void give_up_row(struct csv *csv, struct aw_str *rest)
{
    csv->cells.error = "a quotation mark stands alone: put the cell into "
                       "quotation marks, and double those within it";
    csv->cells.last_line = csv->cells.line;
    csv->line = csv->cells.line;
    *rest = csv->behind;
    if (csv->has_headings)
        csv->rc = aw_manifest_add_row(csv->reading, &csv->cells);
    else
        csv->rc = aw_fail(csv->reading->err, AW_INVALID, "line %lld: %s",
                          (long long)csv->line, csv->cells.error);
    begin_row(csv);
    csv_free(&csv->parser);
    if (csv->rc == AW_OK)
        csv->rc = start_parser(csv);
}

static void false_row(struct csv *csv, struct aw_str *rest)
{
    if (csv->rc != AW_OK)
        return;
    if (csv_error(&csv->parser) == CSV_EPARSE)
        give_up_row(csv, rest);
    else
        csv->rc = aw_fail(csv->reading->err, AW_NOMEM, "%s",
                          csv_strerror(csv_error(&csv->parser)));
}

static void parse_line(struct csv *csv, struct aw_str *rest)
{
    struct aw_str line = aw_manifest_line(rest);

    csv->line++;
    if (!csv->in_row && aw_str_trim(line).len == 0)
        return;
    if (!csv->in_row) {
        begin_row(csv);
        csv->in_row = true;
        csv->cells.line = csv->line;
        csv->behind = *rest;
    }
    csv->parsed += line.len;
    if (csv_parse(&csv->parser, line.ptr, line.len, on_cell, on_row, csv) !=
        line.len)
        false_row(csv, rest);
}

static void parse_lines(struct csv *csv, struct aw_str rest)
{
    size_t most = PARSED_TIMES_MAX * rest.len;

    while (csv->rc == AW_OK && csv->parsed <= most) {
        while (csv->rc == AW_OK && rest.len > 0 && csv->parsed <= most)
            parse_line(csv, &rest);
        if (csv->rc != AW_OK || rest.len > 0)
            break;
        if (csv_fini(&csv->parser, on_cell, on_row, csv) == 0)
            return;
        false_row(csv, &rest);
    }
    if (csv->rc == AW_OK)
        csv->rc = aw_fail(csv->reading->err, AW_INVALID,
                          "line %lld: too many quotation marks stand alone",
                          (long long)csv->line);
}

/* ---- the separator -------------------------------------------------------
 */

static int known_headings(struct aw_str line, char separator)
{
    struct aw_str part;
    int known = 0;

    while (aw_str_split(&line, separator, &part)) {
        part = aw_str_trim(part);
        if (part.len >= 2 && part.ptr[0] == '"')
            part = aw_str_sub(part, 1, part.len - 2);
        known += aw_manifest_column(part) != AW_COLUMN_UNKNOWN;
    }
    return known;
}

/* Spreadsheets may say it in a line of its own: "sep=;". */
static bool is_told(struct aw_str line, unsigned char *separator)
{
    line = aw_str_trim(line);
    if (line.len != 5 || !aw_str_starts_nocase(line, AW_STR("sep=")))
        return false;
    *separator = (unsigned char)line.ptr[4];
    return true;
}

/* The one by which some line at the beginning has most headings. */
static void find_separator(struct csv *csv, struct aw_str *rest)
{
    static const char separators[] = {',', ';', '\t'};
    struct aw_str behind = *rest;
    struct aw_str line = aw_manifest_line(&behind);
    int best = -1;

    if (is_told(line, &csv->separator)) {
        *rest = behind;
        csv->line++;
        return;
    }
    for (int n = 0; n < HEADINGS_LINE_MAX; n++) {
        for (size_t i = 0; i < sizeof separators; i++) {
            int known = known_headings(line, separators[i]);

            if (known > best)
                csv->separator = (unsigned char)separators[i];
            best = known > best ? known : best;
        }
        line = aw_manifest_line(&behind);
    }
}

aw_rc aw_manifest_read_csv(struct aw_manifest_reading *reading)
{
    struct csv csv = {.reading = reading};
    struct aw_str rest = reading->manifest->text;

    find_separator(&csv, &rest);
    csv.rc = start_parser(&csv);
    if (csv.rc != AW_OK)
        return csv.rc;
    parse_lines(&csv, rest);
    csv_free(&csv.parser);
    if (csv.rc == AW_OK && !csv.has_headings)
        csv.rc = aw_fail(reading->err, AW_INVALID, NO_HEADINGS);
    return csv.rc;
}
