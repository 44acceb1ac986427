/* export.h - findings as a file to hand on: CSV, XLSX or JSON Lines.
 *
 * CSV (RFC 4180, UTF-8 with BOM) and XLSX have a row for each claim, under
 * the same Chinese heads; JSON Lines has an object for each finding: what
 * `triage --json` prints of it and "place", "sectors", "publisher",
 * "comments", "decisions", "provisions", "evidence".
 *
 * What was crawled is harmless in both tables: in CSV a text that a
 * spreadsheet would take for a formula gets an apostrophe in front (text.h);
 * in XLSX a text is a text by its type, whatever it begins with, never a
 * formula nor a link.
 *
 * A worksheet ends at AW_XLSX_ROWS_MAX rows, a cell at AW_XLSX_CELL_MAX
 * UTF-16 units. What is left out or shortened is counted, and said in the
 * workbook's second sheet. Memory is bounded: a row is written before the
 * next is made. So is the file: an export that grows beyond
 * AW_EXPORT_BYTES_MAX fails.
 */
#ifndef AW_REPORTS_EXPORT_H
#define AW_REPORTS_EXPORT_H

#include "reports/provisions.h"
#include "review/workdays.h"
#include "store/store.h"

#define AW_XLSX_ROWS_MAX 1048576 /* with the row of heads */
#define AW_XLSX_CELL_MAX 32767

/* Bytes of one export; of a workbook, of its rows before they are packed. */
#define AW_EXPORT_BYTES_MAX (INT64_C(1) << 30)

/* X(name, word, media type) */
#define AW_EXPORT_LIST(X)                                                  \
    X(CSV, "csv", "text/csv; charset=utf-8")                               \
    X(XLSX, "xlsx",                                                        \
      "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet") \
    X(JSONL, "jsonl", "application/jsonl; charset=utf-8")

enum aw_export_format {
#define X(name, word, type) AW_EXPORT_##name,
    AW_EXPORT_LIST(X)
#undef X
        AW_EXPORT_COUNT
};

bool aw_export_parse(struct aw_str word, enum aw_export_format *out);
const char *aw_export_word(enum aw_export_format format); /* "csv" */
const char *aw_export_type(enum aw_export_format format);

struct aw_export_config {
    enum aw_export_format format;
    int fd;           /* an empty file, written from its start; stays open */
    const char *temp; /* a folder for what XLSX sets aside meanwhile */
    const struct aw_provisions *provisions; /* NULL: ids stand for them */
    const struct aw_workdays *days;         /* NULL: no clue is due */
    struct aw_str who;                      /* for whom; may be empty */
    struct aw_str scope; /* which findings, in words; may be empty */
    /* Who answers second looks: what was decided of a finding at which a blind
     * one of another is open is left out. Empty: nothing is. */
    struct aw_str veiled_from;
    int64_t made_ms;
    int64_t rows_max;  /* of a worksheet; 0: AW_XLSX_ROWS_MAX */
    int64_t bytes_max; /* 0: AW_EXPORT_BYTES_MAX */
};

struct aw_export_told {
    int64_t findings;  /* added */
    int64_t rows;      /* written, without the heads */
    int64_t rows_left; /* did not fit into the worksheet */
    int64_t cells_cut;
};

struct aw_export;

/* Writes the heads. config's pointers live as long as the export. */
aw_rc aw_export_new(struct aw_export **out,
                    const struct aw_export_config *config,
                    struct aw_err *err) AW_MUST_USE;

/* Appends a finding with what the store knows of it. AW_LIMIT: the export has
 * grown beyond bytes_max; the message says what to do. */
aw_rc aw_export_add(struct aw_export *export, struct aw_store *store,
                    const struct aw_finding *finding,
                    struct aw_err *err) AW_MUST_USE;

/* Writes what is left; *told may be NULL. After it, or after a failure, there
 * is only aw_export_free. */
aw_rc aw_export_end(struct aw_export *export, struct aw_export_told *told,
                    struct aw_err *err) AW_MUST_USE;
void aw_export_free(struct aw_export *export); /* NULL is allowed */

#endif
