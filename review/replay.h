/* replay.h - the state that a finding's decisions lead to, one by one.
 *
 * A decision that was taken back counts no more: the state is that of the one
 * before it.
 */
#ifndef AW_REVIEW_REPLAY_H
#define AW_REVIEW_REPLAY_H

#include "review/decide.h"

struct aw_replay_step {
    int64_t decision;
    const char *state; /* since then; a literal */
};

struct aw_replay {
    struct aw_arena *arena; /* of the steps */
    struct aw_replay_step *steps;
    size_t count, cap;
};

/* All zero but the arena is a finding without decisions. The next one, in the
 * order of their ids. AW_INVALID: an unknown action, or it takes back what is
 * not the last one that counts. */
aw_rc aw_replay_add(struct aw_replay *replay,
                    const struct aw_decision_row *row,
                    struct aw_err *err) AW_MUST_USE;

/* The last decision that counts; 0: there is none. */
int64_t aw_replay_last(const struct aw_replay *replay);

/* "new" where no decision counts; a literal. */
const char *aw_replay_state(const struct aw_replay *replay);

/* The same without the last decision that counts. */
const char *aw_replay_before(const struct aw_replay *replay);

#endif
