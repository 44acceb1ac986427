/* sitemap.h - lists of URLs that a site gives out: sitemaps.org's protocol
 * 0.9 (urlset, sitemapindex, plain text) and feeds (RSS 2.0, RSS 1.0, Atom).
 *
 * Every entry becomes a link of kind sitemap with its lastmod; doc->sitemap
 * says which list it is. The entries of an index are sitemaps themselves.
 * Names of elements count, their namespaces do not; the loc of an image or a
 * video is no entry, since it is no child of one. A page in other languages
 * (xhtml:link rel=alternate) is a link of kind alternate. changefreq and
 * priority are passed over.
 *
 * Behind mend.h, libxml2's push parser reads it without its tree: nothing is
 * loaded from elsewhere, and a text that declares entities is refused. Of a
 * damaged one the entries before the damage are kept.
 */
#ifndef AW_EXTRACT_SITEMAP_H
#define AW_EXTRACT_SITEMAP_H

#include "base/document.h"

#define AW_SITEMAP_BYTES_MAX ((size_t)50 << 20)   /* undone; the rest is cut */
#define AW_SITEMAP_URLS_MAX AW_DOCUMENT_LINKS_MAX /* 50,000, likewise */

/* What the root element at the beginning of a text says, or NONE. */
enum aw_sitemap_kind aw_sitemap_sniff(struct aw_str head);

/* Adds the entries of XML in well-formed UTF-8 to doc, whose url (may be
 * empty) is what relative ones are relative to. doc->links_cut where there
 * were more. AW_INVALID where the text declares entities. */
aw_rc aw_sitemap_read(struct aw_str xml, struct aw_document *doc,
                      struct aw_err *err) AW_MUST_USE;

/* The same for a list with a URL on each line; other lines are passed over.
 * Where no line is a URL, doc stays as it was. */
aw_rc aw_sitemap_read_lines(struct aw_str text, struct aw_document *doc,
                            struct aw_err *err) AW_MUST_USE;

#endif
