/* eval_report.h - what the report for people and the one for programs share.
 */
#ifndef AW_CLASSIFY_EVAL_REPORT_H
#define AW_CLASSIFY_EVAL_REPORT_H

#include "classify/eval.h"

/* Of a kind: texts that are not suspected by their label. */
size_t aw_eval_lawful(const struct aw_eval_counts *counts);

/* Texts whose kind the verdict tells rightly. */
size_t aw_eval_kinds_right(const struct aw_eval_report *report);

/* Calls put for the one row, or, where capacity is 0, for each of the table:
 * at every step, and with all that there is. */
typedef void aw_eval_put_capacity(struct aw_buf *out, struct aw_capacity row);
void aw_eval_each_capacity(const struct aw_eval_report *report,
                           size_t capacity, aw_eval_put_capacity *put,
                           struct aw_buf *out);

#endif
