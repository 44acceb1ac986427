/* looks.h - second looks: findings that another officer has to answer for,
 * or has answered for. What they mean is review/second.h. */
#ifndef AW_STORE_LOOKS_H
#define AW_STORE_LOOKS_H

#include "store/store.h"

struct aw_look {
    int64_t id, finding;
    struct aw_str why;   /* severity, new_publisher, random */
    bool blind;          /* who answers must not see the first decision */
    struct aw_str state; /* open, agreed, opposed, withdrawn */
    int64_t first_ms, first_decision;
    struct aw_str first_who, first_action, first_class;
    int64_t second_ms, second_decision; /* 0: not answered */
    struct aw_str second_who, second_action, second_class;
};

/* Fills look->id; the state is 'open'. */
aw_rc aw_store_look_add(struct aw_store *store, struct aw_look *look,
                        struct aw_err *err) AW_MUST_USE;

/* The newest look at a finding; AW_MISSING. */
aw_rc aw_store_look_newest(struct aw_store *store, struct aw_arena *arena,
                           int64_t finding, struct aw_look *out,
                           struct aw_err *err) AW_MUST_USE;

/* Writes its state and its second half. */
aw_rc aw_store_look_put(struct aw_store *store, const struct aw_look *look,
                        struct aw_err *err) AW_MUST_USE;

typedef aw_rc aw_store_look_fn(void *self, const struct aw_look *look,
                               struct aw_err *err);

#define AW_LOOKS_ALL INT64_C(-1) /* as a limit */

/* The open ones, oldest first, whose first officer is not `not_by`, at
 * findings whose place begins with `within`. */
aw_rc aw_store_looks_open(struct aw_store *store, struct aw_str not_by,
                          struct aw_str within, int64_t limit,
                          aw_store_look_fn *visit, void *self,
                          struct aw_err *err) AW_MUST_USE;

/* Those that were answered from from_ms on and before to_ms, at findings whose
 * place begins with `within`. first_class is
 * never empty: where the officer named none, it is that of the finding's first
 * claim. */
aw_rc aw_store_looks_answered(struct aw_store *store, int64_t from_ms,
                              int64_t to_ms, struct aw_str within,
                              aw_store_look_fn *visit, void *self,
                              struct aw_err *err) AW_MUST_USE;

#endif
