/* mistakes.h - the worst mistakes of `eval`, for people to read. */
#ifndef AW_CLI_MISTAKES_H
#define AW_CLI_MISTAKES_H

#include "classify/eval.h"

/* Appends each with its label and kind, the beginning of its text, and what
 * the strongest claim that counts (else the strongest) was and why. Texts are
 * made fit for a terminal. */
void aw_mistakes_text(const struct aw_mistakes *mistakes, struct aw_buf *out);

#endif
