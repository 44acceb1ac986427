/* private.h - what the files of store/ share; for store/ alone. */
#ifndef AW_STORE_PRIVATE_H
#define AW_STORE_PRIVATE_H

#include "base/hash.h"
#include "store/db.h"
#include "store/store.h"

/* An open store. URLs are found by their SipHash under a key of the store's
 * own, made with it: nobody can write URLs that all fall together. */
struct aw_store {
    struct aw_db *db;
    unsigned char url_hash_key[AW_SIPHASH_KEY];
    aw_store_finding_fn *on_added; /* or NULL */
    void *on_added_self;
};

/* Copies column number `column` of the current row into the arena. */
aw_rc aw_rows_dup(struct aw_rows *rows, int column, struct aw_arena *arena,
                  struct aw_str *out, struct aw_err *err) AW_MUST_USE;

/* Copies n text columns from `first` on; stops at the first failure. */
aw_rc aw_rows_dup_all(struct aw_rows *rows, int first, int n,
                      struct aw_arena *arena, struct aw_str *const *outs,
                      struct aw_err *err) AW_MUST_USE;

/* The next row, where exactly one is wanted: AW_MISSING where there is none.
 */
aw_rc aw_rows_one(struct aw_rows *rows, const char *what, int64_t id,
                  struct aw_err *err) AW_MUST_USE;

/* The screenshots of a finding whose claims were read. */
aw_rc aw_finding_read_shots(struct aw_store *store, struct aw_arena *arena,
                            struct aw_finding *finding,
                            struct aw_err *err) AW_MUST_USE;

/* The sectors of a list, "p2p,crypto", as a table with a column `value`. */
#define AW_EACH_SECTOR(sectors)                           \
    "json_each('[\"' || replace(replace(replace(" sectors \
    ", '\"', ''), '\\', ''), ',', '\",\"') || '\"]')"

#endif
