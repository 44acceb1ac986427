/* triage_private.h - the three forms of the queue; for triage*.c alone.
 *
 * triage.c walks the store and calls one of these for each finding; the JSON
 * form is finding_json.h. Texts come from hostile pages: the table makes them
 * harmless for a terminal, the CSV for a spreadsheet.
 */
#ifndef AW_REPORTS_TRIAGE_PRIVATE_H
#define AW_REPORTS_TRIAGE_PRIVATE_H

#include "reports/triage.h"

/* Each appends one finding. */
aw_rc aw_triage_table(struct aw_buf *out,
                      const struct aw_triage_options *options,
                      const struct aw_finding *finding,
                      struct aw_err *err) AW_MUST_USE;
aw_rc aw_triage_csv(struct aw_buf *out,
                    const struct aw_triage_options *options,
                    const struct aw_finding *finding,
                    struct aw_err *err) AW_MUST_USE;

/* What stands before the first finding. */
void aw_triage_table_head(struct aw_buf *out,
                          const struct aw_triage_options *options);
void aw_triage_csv_head(struct aw_buf *out);

/* Appends the short titles of a claim's provisions in force at that moment;
 * an id stands for itself where its provision is not known. */
aw_rc aw_triage_laws(struct aw_buf *out,
                     const struct aw_provisions *provisions,
                     const struct aw_claim_row *claim, int64_t wall_ms,
                     struct aw_err *err) AW_MUST_USE;

#endif
