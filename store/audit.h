/* audit.h - the rows of the audit chain, as the store keeps them.
 *
 * What a row means, and how rows hang together, is review/audit.h.
 */
#ifndef AW_STORE_AUDIT_H
#define AW_STORE_AUDIT_H

#include "store/store.h"

struct aw_audit_row {
    int64_t id; /* 1, 2, 3 ...: none is left out */
    int64_t at_ms;
    struct aw_str who, action, subject;
    struct aw_str detail;         /* a JSON object */
    struct aw_str previous, hash; /* SHA-256, hex; of the row before */
};

/* The newest row; AW_MISSING where there is none. */
aw_rc aw_store_audit_last(struct aw_store *store, struct aw_arena *arena,
                          struct aw_audit_row *row,
                          struct aw_err *err) AW_MUST_USE;

/* Adds the row under its id. The caller is in a transaction, and reckoned id,
 * previous and hash within it. */
aw_rc aw_store_audit_add(struct aw_store *store,
                         const struct aw_audit_row *row,
                         struct aw_err *err) AW_MUST_USE;

struct aw_audit_filter {
    int64_t after;             /* rows with a greater id; 0: from the first */
    int64_t before;            /* rows with a smaller id; 0: to the last */
    int64_t from_ms, to_ms;    /* from the one on, before the other; 0: any */
    struct aw_str who, action; /* empty: any */
    struct aw_str subject;     /* likewise */
    /* The asker's place: rows about findings elsewhere are left out. */
    struct aw_str within;
    /* The asker, who answers second looks: of a finding at which a blind one
     * of another is open, rows since its first decision are left out. */
    struct aw_str veiled_from;
    int64_t limit; /* 0: none */
    bool newest_first;
};

typedef aw_rc aw_store_audit_fn(void *self, const struct aw_audit_row *row,
                                struct aw_err *err);
/* filter NULL: all, in their order. */
aw_rc aw_store_audits(struct aw_store *store,
                      const struct aw_audit_filter *filter,
                      aw_store_audit_fn *visit, void *self,
                      struct aw_err *err) AW_MUST_USE;

#endif
