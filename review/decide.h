/* decide.h - what a reviewer decides about a finding, kept in a chain.
 *
 * A decision is never changed or taken away; a later one takes its place.
 * Each row holds the hash of the row before it, of whatever finding, and its
 * own: SHA-256 over the canonical JSON (RFC 8785) of
 *
 *     {"action","at_ms","batch","class","code","finding","previous",
 *      "reason","undoes","who"}
 *
 * where "previous" is empty in the first row, and "batch", "class", "code" and
 * "undoes" are left out where they are empty or 0 (so are they in the rows of
 * an older adwatch). So a row that is changed, put in or taken out between
 * others is found without any secret. Each decision has its row in the audit
 * chain too (audit.h), in the same transaction.
 *
 * What a person asks for is one thing, what it becomes may be another: where
 * a second officer is needed (second.h), who confirms first proposes.
 */
#ifndef AW_REVIEW_DECIDE_H
#define AW_REVIEW_DECIDE_H

#include "base/clock.h"
#include "base/hash.h"
#include "review/text.h"
#include "review/user.h"
#include "store/deciding.h"

#define AW_REASON_MAX 2000 /* code points */

/* X(name, text, the state that a finding goes to, a reason is needed)
 * People ask for the first four. The others are what these become: PROPOSE is
 * the first officer's confirmation, OPPOSE the second one's no, AGREE the
 * blind second's yes, which leaves the state as it is; UNDO gives the state
 * back that was before the decision that it undoes. */
#define AW_ACTION_LIST(X)                       \
    X(CONFIRM, "confirm", "confirmed", false)   \
    X(DISMISS, "dismiss", "dismissed", true)    \
    X(ESCALATE, "escalate", "escalated", false) \
    X(REOPEN, "reopen", "new", false)           \
    X(PROPOSE, "propose", "second", false)      \
    X(OPPOSE, "oppose", "escalated", false)     \
    X(AGREE, "agree", "", false)                \
    X(UNDO, "undo", "", false)

enum aw_action {
#define X(name, text, state, reason) AW_ACTION_##name,
    AW_ACTION_LIST(X)
#undef X
        AW_ACTION_COUNT
};
#define AW_ACTIONS_ASKED 4 /* the first ones: what people ask for */

/* Any of them, as it stands in a row. */
bool aw_action_parse(struct aw_str text, enum aw_action *out);
const char *aw_action_text(enum aw_action action);
/* The state that it leads to; empty: that depends. */
const char *aw_action_state(enum aw_action action);

/* Texts as review/text.h wants them; who is not empty. */
struct aw_decision_input {
    int64_t finding;
    struct aw_str action;
    struct aw_str reason;
    struct aw_str who;
    struct aw_str class;      /* words.h; or empty */
    struct aw_str code;       /* of the reason, words.h; or empty */
    const struct aw_user *by; /* NULL: the store has no users */
    bool has_version;         /* decides on what was seen, and no other */
    int64_t version;          /* of the finding, as it was seen */
    struct aw_batch *batch;   /* that it belongs to; NULL: one of its own */
    bool repeated;            /* the batch was begun by an earlier request */
};

/* A decision, and where the finding stands since. */
struct aw_decided {
    struct aw_decision_row row;
    struct aw_str state;
    int64_t version;
};

/* Writes the decision and moves the finding, in a transaction of its own: one
 * fsync. *out gets the row, its texts in the arena; both may be NULL. With
 * `repeated`, a finding that the batch decided already is not decided again:
 * *out tells what was.
 *
 * AW_BUSY: another was there first, the finding is not as it was seen, or it
 * is in another's hands. Then *out tells where it stands, and the decision
 * that was the last (its id is 0 where there is none).
 * AW_MISSING: there is no such finding, or not for this user. AW_INVALID: an
 * unknown action, class or code, bad text, a dismissal without reason, the
 * finding is in that state already, or it is not this user's to decide. */
aw_rc aw_decide(struct aw_store *store, const struct aw_clock *clock,
                const struct aw_decision_input *input, struct aw_arena *arena,
                struct aw_decided *out, struct aw_err *err) AW_MUST_USE;

struct aw_undo_input {
    int64_t finding;
    const struct aw_user *by; /* NULL: the store has no users */
    /* That of the taking back: `undoes` is the one whose decision on the
     * finding is taken back. */
    struct aw_batch *batch;
    bool repeated; /* as in struct aw_decision_input */
};

/* Takes a decision back, by one that says so and gives the finding the state
 * that it had before; in a transaction of its own. *out and AW_BUSY as for
 * aw_decide: something came after. AW_MISSING: it was taken back before. */
aw_rc aw_decide_undo(struct aw_store *store, const struct aw_clock *clock,
                     const struct aw_undo_input *input, struct aw_arena *arena,
                     struct aw_decided *out, struct aw_err *err) AW_MUST_USE;

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
 * that its decisions gave it. *count gets the number of rows that are right
 * before the first false one, also on failure. AW_INVALID names the false
 * row. */
aw_rc aw_decisions_verify(struct aw_store *store, int64_t *count,
                          struct aw_err *err) AW_MUST_USE;

#endif
