/* bundles.h - the bundles of a workspace and who sealed them, as the store
 * keeps them. How the rows hang together is evidence/chain.h; what a seal is,
 * evidence/seal.h.
 */
#ifndef AW_STORE_BUNDLES_H
#define AW_STORE_BUNDLES_H

#include "store/store.h"

/* Has the bundle a time stamp? */
#define AW_STAMP_NONE "none"       /* no authority was configured */
#define AW_STAMP_PENDING "pending" /* none was had yet; asked again later */
#define AW_STAMP_DONE "stamped"

struct aw_bundle_row {
    int64_t id; /* its number in the chain: 1, 2, 3 ... */
    int64_t made_ms;
    struct aw_str who;
    struct aw_str name;           /* of the file, without .zip */
    struct aw_str case_no;        /* may be empty */
    struct aw_str findings;       /* their ids, as a JSON array: "[7,12]" */
    struct aw_str manifest;       /* SHA-256 of tagmanifest-sha256.txt, hex */
    struct aw_str previous, hash; /* SHA-256, hex; of the row before */
    struct aw_str stamp;          /* AW_STAMP_* */
    int64_t stamp_tries;          /* that gave none */
    struct aw_str stamp_why;      /* the last of them */
};

/* The newest row; AW_MISSING where there is none. */
aw_rc aw_store_bundle_last(struct aw_store *store, struct aw_arena *arena,
                           struct aw_bundle_row *row,
                           struct aw_err *err) AW_MUST_USE;

/* AW_MISSING: the workspace made none of that name. */
aw_rc aw_store_bundle_find(struct aw_store *store, struct aw_arena *arena,
                           struct aw_str name, struct aw_bundle_row *row,
                           struct aw_err *err) AW_MUST_USE;

/* Adds the row under its id. The caller is in a transaction, and reckoned id,
 * previous and hash within it. AW_INVALID: the name is taken. */
aw_rc aw_store_bundle_add(struct aw_store *store,
                          const struct aw_bundle_row *row,
                          struct aw_err *err) AW_MUST_USE;

/* Writes stamp, stamp_tries and stamp_why of row->id; nothing else of a row
 * is ever changed. */
aw_rc aw_store_bundle_stamp(struct aw_store *store,
                            const struct aw_bundle_row *row,
                            struct aw_err *err) AW_MUST_USE;

/* In their order; pending: those alone whose stamp is. A row lasts for the
 * call. */
typedef aw_rc aw_store_bundle_fn(void *self, const struct aw_bundle_row *row,
                                 struct aw_err *err);
aw_rc aw_store_bundles(struct aw_store *store, bool pending,
                       aw_store_bundle_fn *visit, void *self,
                       struct aw_err *err) AW_MUST_USE;

/* ---- seals -------------------------------------------------------------- */

struct aw_seal_row {
    int64_t bundle, at_ms;
    struct aw_str officer, certificate; /* name and number */
    struct aw_str statement;            /* the bytes that were signed */
};

aw_rc aw_store_seal_add(struct aw_store *store, const struct aw_seal_row *row,
                        struct aw_err *err) AW_MUST_USE;

/* In the order in which they sealed. */
typedef aw_rc aw_store_seal_fn(void *self, const struct aw_seal_row *row,
                               struct aw_err *err);
aw_rc aw_store_seals(struct aw_store *store, int64_t bundle,
                     aw_store_seal_fn *visit, void *self,
                     struct aw_err *err) AW_MUST_USE;

#endif
