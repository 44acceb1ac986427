/* jsonld.h - JSON-LD inside a page: its strings as blocks of text.
 *
 * Kept are name, headline and description, and every string that holds
 * Chinese, in the order of the text. Absolute addresses in url, @id,
 * mainEntityOfPage, downloadUrl, installUrl and item are links of kind data,
 * but for those of pictures. A schema.org SoftwareApplication is a listing
 * (schema_app.h): its strings are of kind listing, those of its reviews of
 * kind review; author, creator and publisher are developers.
 */
#ifndef AW_EXTRACT_JSONLD_H
#define AW_EXTRACT_JSONLD_H

#include "extract/discover.h"

#define AW_JSONLD_BYTES_MAX                         \
    ((size_t)1 << 20) /* longer ones: text as it is \
                       */

#define AW_JSONLD_VALUES_MAX ((size_t)20000) /* more: likewise */

/* Adds to links->doc. Where json cannot be parsed, its text is one block. */
aw_rc aw_jsonld_read(struct aw_str json, struct aw_discover *links,
                     struct aw_err *err) AW_MUST_USE;

#endif
