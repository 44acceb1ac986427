/* mend.h - XML as it is found, as XML that a parser can take without harm.
 *
 * Sitemaps are written by all sorts of programs. What comes out of here has
 * elements, attributes and text alone: the XML declaration, processing
 * instructions, comments and a DOCTYPE are gone, CDATA is text, "&" that
 * begins no reference is "&amp;", and control characters are spaces. So a
 * parser behind it never meets an entity of the document's own, an external
 * one or a character that ends it.
 *
 * A tag of more than AW_MEND_TAG_MAX bytes or AW_MEND_ATTRS_MAX attributes
 * ends the text there: libxml2 takes quadratic time over them. So does
 * anything that the end of the text breaks off.
 */
#ifndef AW_EXTRACT_MEND_H
#define AW_EXTRACT_MEND_H

#include "base/buf.h"

#define AW_MEND_TAG_MAX ((size_t)8 << 10)
#define AW_MEND_ATTRS_MAX 64
#define AW_MEND_CDATA_MAX ((size_t)1 << 20) /* the rest of one is dropped */

struct aw_mender {
    struct aw_str in; /* what is left of the text: well-formed UTF-8 */
};

/* Appends the next pieces to out: about `most` bytes, a CDATA section more at
 * most. AW_MISSING at the end, where nothing was appended; AW_INVALID where
 * the text declares entities. */
aw_rc aw_mender_next(struct aw_mender *mender, struct aw_buf *out, size_t most,
                     struct aw_err *err) AW_MUST_USE;

/* The text behind white space, declaration, comments and DOCTYPE: it begins
 * with the root element where there is one. */
struct aw_str aw_mend_root(struct aw_str text);

#endif
