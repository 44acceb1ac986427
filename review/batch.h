/* batch.h - one, many or a group decided by one order, and taken back.
 *
 * Whoever decides, on the page or on the terminal, comes through here. Each
 * finding is decided in a transaction of its own: where the program ends in
 * between, those before are decided, the others are not, and the same order
 * with the same key goes on where it stopped. No finding is decided twice.
 */
#ifndef AW_REVIEW_BATCH_H
#define AW_REVIEW_BATCH_H

#include "review/decide.h"

#define AW_ORDER_MOST 2000   /* findings of one order */
#define AW_ORDER_UNTYPED 20  /* above it their number has to be typed */
#define AW_ORDER_KEY_MAX 100 /* code points */
#define AW_UNDO_MOST 10      /* the last orders of a person */

struct aw_order {
    struct aw_str action; /* confirm, dismiss, escalate, reopen */
    struct aw_str reason, code, class, who; /* as struct aw_decision_input */
    const struct aw_user *by;               /* NULL: the store has no users */
    struct aw_str key; /* of the request: done once; or empty */
    const struct aw_member *items;
    size_t count;
    bool as_seen;  /* their versions were seen, and have to hold */
    int64_t typed; /* their number, by hand */
};

/* What became of one finding. rc is AW_OK: decided, or taken back; AW_BUSY: a
 * clash, and `decided` is what the other did; AW_INVALID, AW_MISSING: neither,
 * for the reason in the message. */
struct aw_outcome {
    int64_t finding;
    aw_rc rc;
    struct aw_decided decided;
    const char *message; /* empty on AW_OK */
};

/* Texts last for the call. */
typedef aw_rc aw_outcome_fn(void *self, const struct aw_outcome *outcome,
                            struct aw_err *err);

/* Decides the findings in their order. *batch: its id, 0 where nothing was
 * decided. AW_INVALID: no findings; more than AW_ORDER_UNTYPED, and `typed` is
 * not their number; the key was used for another order. AW_LIMIT: more than
 * AW_ORDER_MOST. On a failure of the store what was decided before stays. */
aw_rc aw_order_carry_out(struct aw_store *store, const struct aw_clock *clock,
                         const struct aw_order *order, aw_outcome_fn *visit,
                         void *self, int64_t *batch,
                         struct aw_err *err) AW_MUST_USE;

struct aw_undo {
    struct aw_str who;
    const struct aw_user *by; /* NULL: the store has no users */
    struct aw_str key;        /* as in struct aw_order */
};

/* Takes back the newest of a person's last AW_UNDO_MOST orders that was not
 * taken back yet, finding by finding; what another decided since stays, as a
 * clash. *left: how many orders can be taken back after it. AW_MISSING: there
 * is none. */
aw_rc aw_order_undo(struct aw_store *store, const struct aw_clock *clock,
                    const struct aw_undo *undo, aw_outcome_fn *visit,
                    void *self, int64_t *left, struct aw_err *err) AW_MUST_USE;

#endif
