/* mention.h - addresses that are written out in the text a visitor reads:
 * "http://…", "https://…", or a host that begins with "www.".
 *
 * An address ends at the first character that is no ASCII of a URL, since
 * Chinese runs on without a space; full stops, commas and brackets at its end
 * belong to the sentence. Each is a link of kind text, once, and only where it
 * is no link of the document already.
 */
#ifndef AW_EXTRACT_MENTION_H
#define AW_EXTRACT_MENTION_H

#include "base/document.h"

#define AW_MENTIONS_MAX 500 /* of one document; the first ones count */

/* Looks through the visible blocks of doc. */
aw_rc aw_mention_scan(struct aw_document *doc, struct aw_err *err) AW_MUST_USE;

#endif
