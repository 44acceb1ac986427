/* chain.h - how a decision becomes a row of its chain; for review/ alone. */
#ifndef AW_REVIEW_CHAIN_H
#define AW_REVIEW_CHAIN_H

#include "base/buf.h"
#include "review/audit.h"
#include "review/decide.h"

/* The subject of a decision's audit row is this and the decision's id. */
#define AW_DECISION_SUBJECT "decision "

/* What a decision's audit row has as its detail. It follows from the decision
 * alone, so that it can be made again and compared. */
void aw_decision_audit_detail(const struct aw_decision_row *row,
                              struct aw_buf *out);

/* Appends the row to the chain, moves its finding to the state, and writes the
 * audit row. Fills previous and hash, which live in the arena, and id. The
 * caller is in a transaction: nobody writes between look and act. */
aw_rc aw_decision_append(struct aw_store *store, const struct aw_clock *clock,
                         struct aw_arena *arena, struct aw_decision_row *row,
                         const char *state, struct aw_err *err) AW_MUST_USE;

#endif
