/* mask.h - names and numbers of people and firms, for lines that others see.
 *
 * Of what a page says of somebody, a log needs enough to find it again, and no
 * more: the whole stands in the store and in the archive.
 *
 *   13800001234, +86 138-0000-1234   138****1234, +86 138-****-1234
 *   0537-5550123, 400-000-1234       053*-***0123, 40*-***-**34
 *   91370811MA00X1Y2N7               913***********Y2N7
 *   济宁样例投资有限公司             济宁**有限公司
 *
 * By form alone, as extract/party.h has the forms: eight or more digits in a
 * row, also in groups with a blank or dash between; words of 18 letters and
 * digits that begin with two digits; and firms by what their names end with.
 * So numbers of pages are masked too, where they are as long; dates and times
 * (20261126, 20261126021307, 2026-11-26) stay.
 */
#ifndef AW_BASE_MASK_H
#define AW_BASE_MASK_H

#include "base/buf.h"

/* Appends text with what it hides. Linear in the text; bytes that are no UTF-8
 * go through as they are. */
void aw_mask_put(struct aw_buf *out, struct aw_str text);

#endif
