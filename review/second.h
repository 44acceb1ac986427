/* second.h - when a second officer answers for a finding, and how.
 *
 * Where the store has users, and its policy (policy.h) asks for it, one
 * officer alone does not confirm:
 *
 * - severity, or the first of its publisher: the confirmation is a proposal,
 *   and the finding is in the state 'second'. Another officer confirms it, or
 *   says no: then it is escalated, and both opinions stay.
 * - at random, blind: the first decision holds, and another officer decides
 *   without seeing it. Where they agree nothing changes; else it is escalated.
 *   What is chosen follows from the hash of the first decision, which nobody
 *   knows before it is taken and everybody can reckon after.
 *
 * The second officer is a user of the role second_officer or supervisor, and
 * never the first one. What was escalated, a supervisor settles, who was
 * neither of two that disagreed; who escalated it is the first officer still.
 */
#ifndef AW_REVIEW_SECOND_H
#define AW_REVIEW_SECOND_H

#include "review/decide.h"
#include "review/policy.h"
#include "store/looks.h"

/* A user asks for an action on a finding that stands so. */
struct aw_turn {
    const struct aw_user *by; /* NULL: the store has no users */
    enum aw_action asked;
    struct aw_str state;        /* of the finding */
    struct aw_str escalated_by; /* where it is that; else empty */
    const struct aw_look *look; /* the newest at it; NULL: there is none */
};

/* What it becomes. */
struct aw_turn_taken {
    enum aw_action does;
    const char *look_state; /* of the open look from now on; NULL: as it is */
    bool is_second;         /* it answers the open look */
    bool is_last_word;      /* no second officer is asked about it */
};

/* AW_INVALID: it is not this user's to decide, with the reason. */
aw_rc aw_second_turn(const struct aw_turn *turn, struct aw_turn_taken *out,
                     struct aw_err *err) AW_MUST_USE;

/* Why a confirmation needs a second officer: "severity" or "new_publisher";
 * empty: it does not. */
aw_rc aw_second_why(struct aw_store *store, const struct aw_policy *policy,
                    const struct aw_stand *stand, const char **out,
                    struct aw_err *err) AW_MUST_USE;

/* Is the decision of this hash one that another looks at blind? */
bool aw_second_is_drawn(const struct aw_policy *policy, struct aw_str hash);

/* Does this user answer looks of others? */
bool aw_second_answers(const struct aw_user *user);

/* What a question is `veiled_from`: his name, or empty where he answers none.
 */
struct aw_str aw_second_veil(const struct aw_user *user);

/* May this user answer the look? */
bool aw_second_may(const struct aw_user *user, const struct aw_look *look);

/* Must what was decided about the finding be kept from this user: its state,
 * its decisions, who took them? True while a blind look is open that is the
 * user's to answer. */
aw_rc aw_second_hides(struct aw_store *store, const struct aw_user *user,
                      int64_t finding, bool *out,
                      struct aw_err *err) AW_MUST_USE;

/* May this user know that a look is open? Who decided first must not learn
 * that a blind one is. */
bool aw_second_shows(const struct aw_user *user, const struct aw_look *look);

#endif
