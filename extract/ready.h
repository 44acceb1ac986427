/* ready.h - text that somebody else's OCR read, with its places.
 *
 *     {"regions":[{"text":"...","box":[x,y,w,h],"confidence":91,"page":2}]}
 *
 * It is taken as it is: a block of kind OCR for each region, in the order in
 * which they stand. box (pixels), confidence (0 to 100) and page (from 1 on)
 * may be missing; what is none becomes "not known". Other keys are passed
 * over.
 */
#ifndef AW_EXTRACT_READY_H
#define AW_EXTRACT_READY_H

#include "base/document.h"

#define AW_READY_BYTES_MAX ((size_t)8 << 20)
#define AW_READY_VALUES_MAX ((size_t)400000)

/* By the first bytes, without white space: an object with "regions" before
 * all others. */
bool aw_ready_sniff(struct aw_str head);

/* json is UTF-8. AW_INVALID where it has another shape, AW_LIMIT. Of the
 * limits of a document the first regions are kept. */
aw_rc aw_ready_read(struct aw_str json, struct aw_document *doc,
                    struct aw_err *err) AW_MUST_USE;

#endif
