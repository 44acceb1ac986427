/* text.h - crawled text made fit to be shown: on a terminal, in a page, in a
 * spreadsheet. And the Chinese words for what the store calls by codes.
 *
 * What is shown is never what is proved: the exact text is in the JSON.
 */
#ifndef AW_REPORTS_TEXT_H
#define AW_REPORTS_TEXT_H

#include "base/buf.h"

/* Columns that a code point takes on a terminal: 0, 1 or 2. (UAX #11) */
int aw_text_columns(uint32_t cp);

/* Columns of a whole text. */
int aw_text_width(struct aw_str text);

void aw_text_blanks(struct aw_buf *out, int count);

/* A tamed text in just so many columns; what does not fit ends in an
 * ellipsis. */
void aw_text_cell(struct aw_buf *out, struct aw_str text, int columns);

/* Appends text as one line that does no harm: white space of any kind becomes
 * a blank; controls, bidi controls and malformed bytes become U+FFFD. */
void aw_text_tame(struct aw_buf *out, struct aw_str text);

/* The first, or the last, n code points of text. */
struct aw_str aw_text_first(struct aw_str text, size_t n);
struct aw_str aw_text_last(struct aw_str text, size_t n);

/* As aw_text_tame, with & < > " ' as entities. */
void aw_text_html(struct aw_buf *out, struct aw_str text);

/* Appends one field of CSV (RFC 4180), quoted, without its comma. A text that
 * a spreadsheet would take for a formula gets an apostrophe in front; line
 * breaks and tabs stay, other controls become U+FFFD. */
void aw_text_csv(struct aw_buf *out, struct aw_str text);

/* What a spreadsheet's cell gets for a code point: tabs and line breaks stay,
 * what aw_text_tame takes away becomes U+FFFD. */
uint32_t aw_text_in_cell(uint32_t cp);

/* The Chinese word; a code that is not known is given back as it is. */
struct aw_str aw_text_class(struct aw_str code); /* claim */
struct aw_str aw_text_state(struct aw_str code); /* finding */
struct aw_str aw_text_channel(struct aw_str code);
struct aw_str aw_text_action(struct aw_str code); /* decision */

#endif
