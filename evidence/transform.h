/* transform.h - XML to a page of HTML, by a template of XSLT 1.0.
 *
 * Templates are files of one folder, which an office may change. They see the
 * XML, the parameters `to` and `css` (the folder's papers.css), and other
 * files of that folder by xsl:include, xsl:import and document(); no other
 * file, no network, and nothing is written. A document type is refused, in
 * templates as in the XML. Depth, steps and output meet limits.
 *
 * What they make is a tree, whose texts are escaped here, whatever the
 * template says (disable-output-escaping); a content policy that forbids
 * scripts, the network and all but inline styles and pictures beside the page
 * is put first into its head.
 *
 * libxslt keeps some of its settings for the whole process: one lock holds
 * from here while it works.
 */
#ifndef AW_EVIDENCE_TRANSFORM_H
#define AW_EVIDENCE_TRANSFORM_H

#include "base/buf.h"

#define AW_TEMPLATE_MAX                                                  \
    ((size_t)1 << 20)                 /* bytes of one file of the folder \
                                       */
#define AW_TRANSFORM_DEPTH 500        /* templates within each other */
#define AW_TRANSFORM_STEPS 20000000UL /* of XSLT; of XPath likewise */
#define AW_TRANSFORM_HTML_MAX ((size_t)20 << 20)
#define AW_TRANSFORM_NODES_MAX ((size_t)1000000)

struct aw_transform;

/* Parses xml, which may be anybody's. root: the name that its first element
 * must have. AW_INVALID: it is no such XML. templates lives as long. */
aw_rc aw_transform_new(struct aw_transform **out, const char *templates,
                       struct aw_str xml, const char *root,
                       struct aw_err *err) AW_MUST_USE;
void aw_transform_free(struct aw_transform *transform);

/* Appends the page that the template of that file name makes. to: as given to
 * the template. AW_CONFIG: "DIR/name.xsl:12: ..."; AW_LIMIT: the page is too
 * large. */
aw_rc aw_transform_page(struct aw_transform *transform, const char *name,
                        struct aw_str to, struct aw_buf *out,
                        struct aw_err *err) AW_MUST_USE;

#endif
