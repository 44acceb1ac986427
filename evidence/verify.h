/* verify.h - is this evidence bundle whole, and true to itself? Offline.
 *
 * It trusts nothing in the file: the zip must account for every byte, other
 * readers of zips must see the same (zip.h), the bag's manifests must fit both
 * ways (bag.h), the JSON must parse, every WARC record must have its stated
 * digests and be the one of captures.json, every decision the hash of its
 * text.
 *
 * What it cannot see without a trust (trust.h) is a bundle that was made anew
 * as a whole, with keys of somebody else.
 */
#ifndef AW_EVIDENCE_VERIFY_H
#define AW_EVIDENCE_VERIFY_H

#include "base/error.h"
#include "base/str.h"

#include <stdbool.h>

/* One thing that was looked at. */
struct aw_verify_item {
    const char *name; /* "container", "readers", "bag", "manifest" ... */
    bool ok;
    bool missing;     /* a seal or a stamp is: false where trust asks for it */
    const char *what; /* what was found, or what is false */
};

typedef aw_rc aw_verify_fn(void *self, const struct aw_verify_item *item,
                           struct aw_err *err);

struct aw_trust;

/* trust NULL: signatures and stamp are held against the keys and certificates
 * in the bundle alone. Calls report for each item. AW_OK: all are right.
 * AW_FAIL: one is not, err has the first. A file that cannot be read:
 * AW_MISSING, AW_IO, AW_LIMIT. */
aw_rc aw_bundle_verify(const char *path, const struct aw_trust *trust,
                       aw_verify_fn *report, void *self,
                       struct aw_err *err) AW_MUST_USE;

/* The same over the bytes of such a file. */
aw_rc aw_bundle_verify_bytes(struct aw_str bytes, const struct aw_trust *trust,
                             aw_verify_fn *report, void *self,
                             struct aw_err *err) AW_MUST_USE;

#endif
