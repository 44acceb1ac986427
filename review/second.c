#include "review/second.h"

#define DRAW_DIGITS 8 /* hex, of the hash: 32 bits */

bool aw_second_answers(const struct aw_user *user)
{
    return user->role == AW_ROLE_SECOND || user->role == AW_ROLE_SUPERVISOR;
}

struct aw_str aw_second_veil(const struct aw_user *user)
{
    return aw_second_answers(user) ? user->name : (struct aw_str){0};
}

bool aw_second_may(const struct aw_user *user, const struct aw_look *look)
{
    return aw_second_answers(user) && !aw_str_eq(user->name, look->first_who);
}

bool aw_second_shows(const struct aw_user *user, const struct aw_look *look)
{
    return !look->blind || !aw_str_eq(user->name, look->first_who);
}

/* ---- whose turn it is --------------------------------------------------- */

static bool is_open(const struct aw_look *look)
{
    return look && aw_str_eq(look->state, AW_STR("open"));
}

static aw_rc answer_proposal(const struct aw_turn *turn,
                             struct aw_turn_taken *out, struct aw_err *err)
{
    static const struct aw_turn_taken answers[AW_ACTIONS_ASKED] = {
        [AW_ACTION_CONFIRM] = {AW_ACTION_CONFIRM, "agreed", true, true},
        [AW_ACTION_DISMISS] = {AW_ACTION_OPPOSE, "opposed", true, true},
        [AW_ACTION_ESCALATE] = {AW_ACTION_ESCALATE, "opposed", true, true},
    };

    if (aw_str_eq(turn->by->name, turn->look->first_who))
        return aw_fail(err, AW_INVALID,
                       "you confirmed it first: another officer answers; "
                       "undo takes your confirmation back");
    if (!aw_second_may(turn->by, turn->look))
        return aw_fail(err, AW_INVALID, "it waits for a second officer");
    *out = answers[turn->asked];
    if (!out->look_state)
        return aw_fail(err, AW_INVALID,
                       "it waits for a second officer: confirm, dismiss or "
                       "escalate it");
    return AW_OK;
}

static void answer_blind(const struct aw_turn *turn, struct aw_turn_taken *out)
{
    enum aw_action first = AW_ACTION_COUNT;
    bool agrees = aw_action_parse(turn->look->first_action, &first) &&
                  first == turn->asked;

    *out = (struct aw_turn_taken){.does = agrees ? AW_ACTION_AGREE
                                          : turn->asked == AW_ACTION_ESCALATE
                                              ? AW_ACTION_ESCALATE
                                              : AW_ACTION_OPPOSE,
                                  .look_state = agrees ? "agreed" : "opposed",
                                  .is_second = true,
                                  .is_last_word = true};
}

/* Two disagreed, and the user is one of them. */
static bool took_part(const struct aw_turn *turn)
{
    const struct aw_look *look = turn->look;

    return look && aw_str_eq(look->state, AW_STR("opposed")) &&
           (aw_str_eq(look->first_who, turn->by->name) ||
            aw_str_eq(look->second_who, turn->by->name));
}

static aw_rc settle(const struct aw_turn *turn, struct aw_turn_taken *out,
                    struct aw_err *err)
{
    if (turn->by->role != AW_ROLE_SUPERVISOR)
        return aw_fail(err, AW_INVALID,
                       "it was escalated: a supervisor settles it");
    if (took_part(turn))
        return aw_fail(err, AW_INVALID,
                       "you are one of the two who disagreed: another "
                       "supervisor settles it");
    *out =
        (struct aw_turn_taken){.does = turn->asked,
                               .is_last_word = !aw_str_eq(turn->escalated_by,
                                                          turn->by->name)};
    return AW_OK;
}

aw_rc aw_second_turn(const struct aw_turn *turn, struct aw_turn_taken *out,
                     struct aw_err *err)
{
    bool open = is_open(turn->look);

    *out =
        (struct aw_turn_taken){.does = turn->asked, .is_last_word = !turn->by};
    if (!turn->by)
        return AW_OK;
    if (open && !turn->look->blind)
        return answer_proposal(turn, out, err);
    if (open && aw_second_may(turn->by, turn->look) &&
        turn->asked != AW_ACTION_REOPEN) {
        answer_blind(turn, out);
        return AW_OK;
    }
    if (aw_str_eq(turn->state, AW_STR("escalated")))
        return settle(turn, out, err);
    out->look_state = open ? "withdrawn" : NULL; /* decided anew */
    return AW_OK;
}

/* ---- when one is needed ------------------------------------------------- */

aw_rc aw_second_why(struct aw_store *store, const struct aw_policy *policy,
                    const struct aw_stand *stand, const char **out,
                    struct aw_err *err)
{
    bool known = false;
    aw_rc rc = AW_OK;

    *out = "";
    if (policy->second_severity > 0 &&
        stand->severity >= policy->second_severity) {
        *out = "severity";
        return AW_OK;
    }
    if (policy->second_new_publisher == 0)
        return AW_OK;
    if (stand->publisher > 0)
        rc = aw_store_publisher_confirmed(store, stand->publisher,
                                          stand->finding, &known, err);
    if (rc == AW_OK && !known)
        *out = "new_publisher";
    return rc;
}

bool aw_second_is_drawn(const struct aw_policy *policy, struct aw_str hash)
{
    uint64_t drawn = 0;

    if (hash.len < DRAW_DIGITS)
        return false;
    for (size_t i = 0; i < DRAW_DIGITS; i++)
        drawn = drawn * 16 + (uint64_t)aw_hex_value(hash.ptr[i]);
    return drawn * 100 < (uint64_t)policy->second_random_percent << 32;
}

aw_rc aw_second_hides(struct aw_store *store, const struct aw_user *user,
                      int64_t finding, bool *out, struct aw_err *err)
{
    struct aw_look look = {0};
    struct aw_arena arena;
    aw_rc rc;

    *out = false;
    aw_arena_init(&arena, (size_t)64 << 10);
    rc = aw_store_look_newest(store, &arena, finding, &look, err);
    if (rc == AW_OK)
        *out = is_open(&look) && look.blind && aw_second_may(user, &look);
    aw_arena_deinit(&arena);
    return rc == AW_MISSING ? AW_OK : rc;
}
