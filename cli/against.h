/* against.h - what `eval --against` found, for people to read. */
#ifndef AW_CLI_AGAINST_H
#define AW_CLI_AGAINST_H

#include "classify/against.h"

/* Appends both models side by side, how sure the difference is, and the texts
 * on which one alone is right. other: the other model's name. */
void aw_against_text(const struct aw_eval_report *report,
                     const struct aw_against *against, struct aw_str other,
                     struct aw_buf *out);

#endif
