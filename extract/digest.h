/* digest.h - one digest of what a visitor reads in a document.
 *
 * SHA-256 over the text of its visible blocks (title, heading, body, link,
 * listing, OCR, message) in reading order, without any white space: changes of
 * markup, scripts, comments, hidden text and attributes do not change it,
 * changes of the visible words do.
 *
 * Two things are left out that change on their own: a clock with seconds
 * ("10:20:30"), and the figures behind a word that announces them (a counter
 * or today's date: "浏览次数：1,234", "今天是2026年11月23日"; the table is in
 * digest.c).
 */
#ifndef AW_EXTRACT_DIGEST_H
#define AW_EXTRACT_DIGEST_H

#include "base/buf.h"
#include "base/document.h"

/* Sets doc->text_digest; it stays empty where nothing is to be read. */
aw_rc aw_digest_document(struct aw_document *doc,
                         struct aw_err *err) AW_MUST_USE;

/* What is hashed of one text, appended to out. */
void aw_digest_text(struct aw_buf *out, struct aw_str text);

#endif
