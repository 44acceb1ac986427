/* html.h - a page in UTF-8 to blocks, links and title.
 *
 * One pass over the tokens (token.h), without a tree: time is linear in the
 * bytes, memory is the text of one block. A block is the text between two
 * bounds of block-level elements; see flow.h. Elements deeper than
 * AW_HTML_DEPTH_MAX are read as if they were siblings: their text stays, only
 * what hides them is no longer known.
 *
 * Scripts are not run. What they write by plain literals is read in its place
 * (written.h); JSON-LD, and data that scripts hold (state.h), come behind the
 * page's own blocks. The page in a frame's srcdoc is read where the frame
 * is.
 */
#ifndef AW_EXTRACT_HTML_H
#define AW_EXTRACT_HTML_H

#include "base/document.h"

#define AW_HTML_DEPTH_MAX 512
#define AW_HTML_JSONLD_MAX 64  /* scripts; the first ones count */
#define AW_HTML_STATES_MAX 256 /* scripts that may hold data; likewise */

/* Adds to doc, whose url (may be empty) is what links are relative to. html
 * must be well-formed UTF-8. A meta tag named robots, or agent where that is
 * not empty, sets doc->nofollow. Over a limit of the document the rest is left
 * out without an error. */
aw_rc aw_html_read(struct aw_str html, struct aw_str agent,
                   struct aw_document *doc, struct aw_err *err) AW_MUST_USE;

/* The same for XHTML and WML as XML has them: "<x/>" is a whole element, and
 * CDATA is text. What is not well-formed is read as HTML. */
aw_rc aw_html_read_xml(struct aw_str html, struct aw_str agent,
                       struct aw_document *doc,
                       struct aw_err *err) AW_MUST_USE;

#endif
