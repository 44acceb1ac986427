/* deciding.h - what deciding asks of the store, in a transaction. */
#ifndef AW_STORE_DECIDING_H
#define AW_STORE_DECIDING_H

#include "store/store.h"

/* ---- where a finding stands --------------------------------------------- */

struct aw_stand {
    int64_t finding, version, severity;
    int64_t assigned; /* a user, or 0 */
    struct aw_str state;
    struct aw_str place;    /* GB/T 2260; empty: not known */
    int64_t publisher;      /* 0: not known */
    int64_t lease_user;     /* whose lease is written down; 0: nobody's */
    int64_t lease_until_ms; /* it may be over */
    struct aw_str lease_name;
};

/* Texts live in the arena. AW_MISSING. */
aw_rc aw_store_stand(struct aw_store *store, struct aw_arena *arena,
                     int64_t finding, struct aw_stand *out,
                     struct aw_err *err) AW_MUST_USE;

/* Is there a finding of this publisher, other than this one, that was
 * confirmed? */
aw_rc aw_store_publisher_confirmed(struct aw_store *store, int64_t publisher,
                                   int64_t finding, bool *out,
                                   struct aw_err *err) AW_MUST_USE;

/* Who escalated it, or disagreed with who decided first, in the newest
 * decision of that kind that was not taken back; AW_MISSING. */
aw_rc aw_store_escalated_by(struct aw_store *store, struct aw_arena *arena,
                            int64_t finding, struct aw_str *who,
                            struct aw_err *err) AW_MUST_USE;

/* The findings that stand in the group with a number (the id of its first),
 * in the state 'new', and whose place begins with `within`; at most `most`. */
struct aw_member {
    int64_t finding, version;
};
aw_rc aw_store_members_open(struct aw_store *store, struct aw_arena *arena,
                            int64_t group, struct aw_str within, size_t most,
                            struct aw_member **out, size_t *count,
                            struct aw_err *err) AW_MUST_USE;

/* Has anybody been made a user of this store, active or not? */
aw_rc aw_store_has_users(struct aw_store *store, bool *out,
                         struct aw_err *err) AW_MUST_USE;

/* ---- batches ------------------------------------------------------------ */

/* What one order of one person did: one finding, many, or a group. */
struct aw_batch {
    int64_t id; /* 0: not kept yet */
    int64_t at_ms;
    struct aw_str who, action;
    struct aw_str key; /* of the request, so that it is done once; or empty */
    int64_t undoes;    /* the batch that it takes back; or 0 */
    bool taken_up;     /* it is that of a request at the same moment */
};

/* Fills batch->id. */
aw_rc aw_store_batch_add(struct aw_store *store, struct aw_batch *batch,
                         struct aw_err *err) AW_MUST_USE;

/* That of a person and a key, which is not empty; AW_MISSING. */
aw_rc aw_store_batch_find(struct aw_store *store, struct aw_arena *arena,
                          struct aw_str who, struct aw_str key,
                          struct aw_batch *out,
                          struct aw_err *err) AW_MUST_USE;

/* The newest of a person's last `most` batches that can be taken back: it is
 * open, and has a decision that was not taken back; *left is how many there
 * are. AW_MISSING where there is none. */
aw_rc aw_store_batch_undoable(struct aw_store *store, struct aw_str who,
                              int64_t most, int64_t *batch, int64_t *left,
                              struct aw_err *err) AW_MUST_USE;

/* It was taken back, as far as that could be: it is not tried again. */
aw_rc aw_store_batch_close(struct aw_store *store, int64_t batch,
                           struct aw_err *err) AW_MUST_USE;

/* The findings of a batch, in the order in which they were decided. */
aw_rc aw_store_batch_findings(struct aw_store *store, struct aw_arena *arena,
                              int64_t batch, int64_t **out, size_t *count,
                              struct aw_err *err) AW_MUST_USE;

/* ---- decisions ---------------------------------------------------------- */

/* The newest decision of a finding; AW_MISSING. */
aw_rc aw_store_decision_newest(struct aw_store *store, struct aw_arena *arena,
                               int64_t finding, struct aw_decision_row *out,
                               struct aw_err *err) AW_MUST_USE;

aw_rc aw_store_decision_get(struct aw_store *store, struct aw_arena *arena,
                            int64_t id, struct aw_decision_row *out,
                            struct aw_err *err) AW_MUST_USE;

/* That of a batch on a finding; AW_MISSING. */
aw_rc aw_store_decision_of_batch(struct aw_store *store,
                                 struct aw_arena *arena, int64_t batch,
                                 int64_t finding, struct aw_decision_row *out,
                                 struct aw_err *err) AW_MUST_USE;

/* Was it taken back by a later one? */
aw_rc aw_store_decision_undone(struct aw_store *store, int64_t id, bool *out,
                               struct aw_err *err) AW_MUST_USE;

/* All decisions, those of one finding together, in the order of their ids. */
aw_rc aw_store_decisions_by_finding(struct aw_store *store,
                                    aw_store_decision_fn *visit, void *self,
                                    struct aw_err *err) AW_MUST_USE;

/* The first finding whose state no decision gave it; AW_MISSING. */
aw_rc aw_store_undecided_but_moved(struct aw_store *store, int64_t *finding,
                                   struct aw_err *err) AW_MUST_USE;

#endif
