/* curve.h - the precision-recall curve of `eval`, as a picture. (SVG 1.1,
 * without scripts, fonts or files from elsewhere)
 */
#ifndef AW_CLI_CURVE_H
#define AW_CLI_CURVE_H

#include "classify/eval.h"

#define AW_CURVE_MAX ((size_t)4 << 20) /* bytes of a picture */

/* Appends the picture: the curve in steps, so that the area under it is the
 * average precision; where the verdicts themselves stand; and the precision of
 * chance. AW_INVALID where no text is suspected by its label: there is no
 * recall then. title is any text. */
aw_rc aw_curve_svg(const struct aw_eval_report *report, struct aw_str title,
                   struct aw_buf *out, struct aw_err *err) AW_MUST_USE;

#endif
