/* decide.h - what a reviewer decides about a finding, kept in a chain.
 *
 * A decision is never changed or taken away; a later one takes its place.
 * Each row holds the hash of the row before it, of whatever finding, and its
 * own: SHA-256 over the canonical JSON (RFC 8785) of
 *
 *     {"action","at_ms","finding","previous","reason","who"}
 *
 * where "previous" is empty in the first row. So a row that is changed, put
 * in or taken out between others is found without any secret. Rows cut off
 * at the end are not: the hash of the last row has to be known elsewhere (a
 * bundle carries it).
 */
#ifndef AW_REVIEW_DECIDE_H
#define AW_REVIEW_DECIDE_H

#include "base/clock.h"
#include "base/hash.h"
#include "review/text.h"
#include "store/store.h"

#define AW_REASON_MAX 2000 /* code points */

/* X(name, text, the state that a finding goes to, a reason is needed) */
#define AW_ACTION_LIST(X)                       \
    X(CONFIRM, "confirm", "confirmed", false)   \
    X(DISMISS, "dismiss", "dismissed", true)    \
    X(ESCALATE, "escalate", "escalated", false) \
    X(REOPEN, "reopen", "new", false)

enum aw_action {
#define X(name, text, state, reason) AW_ACTION_##name,
    AW_ACTION_LIST(X)
#undef X
        AW_ACTION_COUNT
};

bool aw_action_parse(struct aw_str text, enum aw_action *out);

/* Texts as review/text.h wants them; who is not empty. */
struct aw_decision_input {
    int64_t finding;
    struct aw_str action;
    struct aw_str reason;
    struct aw_str who;
};

/* Writes the decision and moves the finding, in a transaction of its own.
 * *out, where not NULL, gets the row, its texts in the arena.
 *
 * AW_MISSING: there is no such finding. AW_INVALID: an unknown action, bad
 * text, a dismissal without reason, or the finding is in that state already.
 */
aw_rc aw_decide(struct aw_store *store, const struct aw_clock *clock,
                const struct aw_decision_input *input, struct aw_arena *arena,
                struct aw_decision_row *out, struct aw_err *err) AW_MUST_USE;

/* Reckons the hash of a row from its other fields; row->hash is not read.
 * AW_INVALID where a text is not UTF-8. */
aw_rc aw_decision_hash(const struct aw_decision_row *row,
                       char out[AW_SHA256_HEX_MAX],
                       struct aw_err *err) AW_MUST_USE;

/* Copies a row with its texts into the arena. */
aw_rc aw_decision_dup(const struct aw_decision_row *row,
                      struct aw_arena *arena, struct aw_decision_row *out,
                      struct aw_err *err) AW_MUST_USE;

/* Walks the whole chain, and looks whether every finding is in the state
 * that its last decision gave it. *count gets the number of rows that are
 * right before the first false one, also on failure. AW_INVALID names the
 * false row. */
aw_rc aw_decisions_verify(struct aw_store *store, int64_t *count,
                          struct aw_err *err) AW_MUST_USE;

#endif
