/* triage.h - the review queue: most urgent first, or for those who label, the
 * most uncertain first or by chance.
 *
 * As a table for a terminal, as JSON Lines (finding_json.h), or as CSV
 * (RFC 4180, UTF-8 with BOM for spreadsheets, a row for each claim). The
 * table and the CSV tame what was crawled (text.h); JSON has it as it is.
 *
 * It says 涉嫌违法广告线索 and never that something is illegal.
 */
#ifndef AW_REPORTS_TRIAGE_H
#define AW_REPORTS_TRIAGE_H

#include <stdio.h>

#include "reports/provisions.h"
#include "store/store.h"

enum aw_triage_format { AW_TRIAGE_TABLE, AW_TRIAGE_JSON, AW_TRIAGE_CSV };

#define AW_TRIAGE_WIDTH_MIN 48 /* columns; less is taken as this */

struct aw_triage_options {
    enum aw_triage_format format;
    const char *state; /* new, confirmed, dismissed, escalated; NULL: all */
    struct aw_findings_order order; /* all zero: by urgency */
    int64_t limit;                  /* findings; 0: all */
    size_t claims; /* of a finding in the table, gravest first; 0: all */
    int width;     /* columns of the terminal; 0: lines are not broken */
    bool colour;
    const struct aw_provisions *provisions; /* NULL: ids stand for them */
};

/* AW_INVALID: no such state. AW_IO: out cannot be written to. */
aw_rc aw_triage_write(struct aw_store *store,
                      const struct aw_triage_options *options, FILE *out,
                      struct aw_err *err) AW_MUST_USE;

#endif
