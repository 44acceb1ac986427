/* custody.h - the way of bundles through hands, as the store keeps it.
 *
 * Rows are added, and never changed or taken away. What they mean, and how
 * they hang together with the audit chain, is evidence/custody.h.
 */
#ifndef AW_STORE_CUSTODY_H
#define AW_STORE_CUSTODY_H

#include "store/store.h"

/* Texts that say nothing are empty; digests are SHA-256, hex. */
struct aw_custody_row {
    int64_t id, at_ms;
    struct aw_str bundle;   /* its name, without .zip */
    struct aw_str manifest; /* of tagmanifest-sha256.txt: what the bag holds */
    struct aw_str digest;   /* of the whole file, as it was then */
    struct aw_str who, action;
    struct aw_str recipient, person, contact, purpose;
    struct aw_str path;        /* where a copy went */
    int64_t receipt_of;        /* the handing over that was received, or 0 */
    struct aw_str receipt_no;  /* the recipient's number */
    struct aw_str receipt_day; /* YYYY-MM-DD, as the recipient tells it */
    struct aw_str receipt_digest; /* that the recipient confirms */
};

/* Fills row->id. The caller is in a transaction. */
aw_rc aw_store_custody_add(struct aw_store *store, struct aw_custody_row *row,
                           struct aw_err *err) AW_MUST_USE;

typedef aw_rc aw_store_custody_fn(void *self, const struct aw_custody_row *row,
                                  struct aw_err *err);
/* Of one bundle, in their order; a row's texts last for the call alone. */
aw_rc aw_store_custody(struct aw_store *store, struct aw_str bundle,
                       aw_store_custody_fn *visit, void *self,
                       struct aw_err *err) AW_MUST_USE;

#endif
