/* export_private.h - the forms of an export and the columns that two of them
 * share; for export*.c alone.
 */
#ifndef AW_REPORTS_EXPORT_PRIVATE_H
#define AW_REPORTS_EXPORT_PRIVATE_H

#include "base/buf.h"
#include "reports/export.h"
#include "store/exports.h"

/* One claim of a finding; a finding without claims has an empty one. */
struct aw_export_row {
    const struct aw_finding *finding;
    const struct aw_claim_row *claim;
    const struct aw_export_facts *facts;
    const struct aw_provisions *provisions;
    int64_t due_ms; /* the legal clock's end; 0: not known */
};

/* Has text or number; the other is NULL. */
struct aw_export_column {
    const char *head;
    double width; /* characters, in a worksheet */
    aw_rc (*text)(struct aw_buf *out, const struct aw_export_row *row,
                  struct aw_err *err);
    double (*number)(const struct aw_export_row *row);
    int decimals;
};

extern const struct aw_export_column aw_export_columns[];
extern const size_t aw_export_column_count;

/* An export under way. What is written lies in out until there is enough of
 * it; a worksheet is kept by its library instead. */
struct aw_export {
    struct aw_export_config config;
    struct aw_export_told told;
    const struct aw_export_form *form;
    struct aw_arena arena; /* of the finding that is written */
    struct aw_buf out;     /* not in the file yet; of CSV and JSON Lines */
    struct aw_buf cell;
    int64_t bytes; /* of the rows, so far */
    struct aw_xlsx *xlsx;
};

/* A form: called in this order, put once for each finding. drop comes last of
 * all, failed or not, and frees what the form holds. */
struct aw_export_form {
    aw_rc (*begin)(struct aw_export *export, struct aw_err *err);
    aw_rc (*put)(struct aw_export *export, const struct aw_finding *finding,
                 const struct aw_export_facts *facts, struct aw_err *err);
    aw_rc (*end)(struct aw_export *export, struct aw_err *err);
    void (*drop)(struct aw_export *export); /* may be NULL */
};

extern const struct aw_export_form aw_export_csv, aw_export_xlsx,
    aw_export_jsonl;

/* Calls put for each claim, or once for a finding without any. */
typedef aw_rc aw_export_row_fn(struct aw_export *export,
                               const struct aw_export_row *row,
                               struct aw_err *err);
aw_rc aw_export_rows(struct aw_export *export,
                     const struct aw_finding *finding,
                     const struct aw_export_facts *facts,
                     aw_export_row_fn *put, struct aw_err *err) AW_MUST_USE;

/* The end of the last working day to look into it; 0: not known. */
int64_t aw_export_due(const struct aw_export *export,
                      const struct aw_finding *finding);

/* Counts bytes that the rows have by now; AW_LIMIT: more than there may be. */
aw_rc aw_export_grow(struct aw_export *export, int64_t bytes,
                     struct aw_err *err) AW_MUST_USE;

/* Writes `out` to the file where it is long enough, or in any case. */
aw_rc aw_export_flush(struct aw_export *export, bool all,
                      struct aw_err *err) AW_MUST_USE;

#endif
