/* microdata.h - schema.org's SoftwareApplication as microdata of a page.
 * (HTML Living Standard, 5)
 *
 * A second pass over the tokens of a page, and only of one that names such an
 * item: its fields are kept, its makers become developers. No block is added:
 * what stands on the page is in its blocks already. Of properties within one
 * another the outer one counts, but for addresses. A review of an item, with
 * itemscope or without, gives nothing to a field, not to one around it either.
 */
#ifndef AW_EXTRACT_MICRODATA_H
#define AW_EXTRACT_MICRODATA_H

#include "extract/discover.h"

#define AW_MICRODATA_DEPTH_MAX 512 /* elements */

/* Adds to links->doc, whose blocks are there, unless it has apps already.
 * Linear in html, which is well-formed UTF-8. */
aw_rc aw_microdata_read(struct aw_str html, struct aw_discover *links,
                        struct aw_err *err) AW_MUST_USE;

#endif
