#include "review/replay.h"

static const char *state_of(const struct aw_replay *replay, size_t count)
{
    return count > 0 ? replay->steps[count - 1].state : "new";
}

int64_t aw_replay_last(const struct aw_replay *replay)
{
    return replay->count > 0 ? replay->steps[replay->count - 1].decision : 0;
}

const char *aw_replay_state(const struct aw_replay *replay)
{
    return state_of(replay, replay->count);
}

const char *aw_replay_before(const struct aw_replay *replay)
{
    return state_of(replay, replay->count > 0 ? replay->count - 1 : 0);
}

static aw_rc take_back(struct aw_replay *replay,
                       const struct aw_decision_row *row, struct aw_err *err)
{
    if (replay->count == 0 || aw_replay_last(replay) != row->undoes)
        return aw_fail(err, AW_INVALID,
                       "decision %lld takes back %lld, which is not the last "
                       "that counts",
                       (long long)row->id, (long long)row->undoes);
    replay->count--;
    return AW_OK;
}

aw_rc aw_replay_add(struct aw_replay *replay,
                    const struct aw_decision_row *row, struct aw_err *err)
{
    enum aw_action action = AW_ACTION_REOPEN;
    void *steps = replay->steps;
    const char *state;
    aw_rc rc;

    if (!aw_action_parse(row->action, &action))
        return aw_fail(err, AW_INVALID, "decision %lld has an unknown action",
                       (long long)row->id);
    if (action == AW_ACTION_UNDO)
        return take_back(replay, row, err);
    rc = aw_arena_grow(replay->arena, &steps, replay->count, &replay->cap,
                       sizeof *replay->steps, err);
    if (rc != AW_OK)
        return rc;
    state = aw_action_state(action);
    replay->steps = steps;
    replay->steps[replay->count] =
        (struct aw_replay_step){row->id,
                                *state ? state : aw_replay_state(replay)};
    replay->count++;
    return AW_OK;
}
