/* html.h - a page in UTF-8 to blocks, links and title.
 *
 * One pass over the tokens (token.h), without a tree: time is linear in the
 * bytes, memory is the text of one block. A block is the text between two
 * bounds of block-level elements; see flow.h. Elements deeper than
 * AW_HTML_DEPTH_MAX are read as if they were siblings: their text stays, only
 * what hides them is no longer known.
 *
 * Scripts and style sheets are no text. JSON-LD comes behind the page's own
 * blocks.
 */
#ifndef AW_EXTRACT_HTML_H
#define AW_EXTRACT_HTML_H

#include "base/document.h"

#define AW_HTML_DEPTH_MAX 512
#define AW_HTML_JSONLD_MAX 64 /* scripts; the first ones count */

/* Adds to doc, whose url (may be empty) is what links are relative to. html
 * must be well-formed UTF-8. A meta tag named robots, or agent where that is
 * not empty, sets doc->nofollow. Over a limit of the document the rest is left
 * out without an error. */
aw_rc aw_html_read(struct aw_str html, struct aw_str agent,
                   struct aw_document *doc, struct aw_err *err) AW_MUST_USE;

#endif
