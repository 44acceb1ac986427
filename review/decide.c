#include "review/decide.h"

#include <stdio.h>

#include "review/chain.h"
#include "review/replay.h"
#include "review/second.h"
#include "review/stand.h"
#include "review/words.h"

#define ARENA_MAX ((size_t)16 << 20) /* bytes, for one decision */

static const struct {
    const char *name;
    const char *state;
    bool needs_reason;
} actions[] = {
#define X(name, text, state, reason) {text, state, reason},
    AW_ACTION_LIST(X)
#undef X
};

bool aw_action_parse(struct aw_str text, enum aw_action *out)
{
    for (int i = 0; i < AW_ACTION_COUNT; i++) {
        if (aw_str_eq(text, aw_str_of(actions[i].name))) {
            *out = (enum aw_action)i;
            return true;
        }
    }
    return false;
}

const char *aw_action_text(enum aw_action action)
{
    return actions[action].name;
}

const char *aw_action_state(enum aw_action action)
{
    return actions[action].state;
}

/* ---- what is asked for -------------------------------------------------- */

static aw_rc check_texts(const struct aw_decision_input *input,
                         struct aw_err *err)
{
    aw_rc rc = aw_written_check("who", input->who, AW_WHO_MAX, err);

    if (rc == AW_OK)
        rc = aw_written_check("reason", input->reason, AW_REASON_MAX, err);
    if (rc == AW_OK)
        rc = aw_written_check("action", input->action, AW_WHO_MAX, err);
    if (rc == AW_OK && input->class.len > 0)
        rc = aw_class_check(input->class, err);
    if (rc == AW_OK && input->code.len > 0)
        rc = aw_reason_check(input->code, err);
    return rc;
}

/* A code says why, but "other" does not. */
static bool has_reason(const struct aw_decision_input *input)
{
    return aw_str_trim(input->reason).len > 0 ||
           (input->code.len > 0 && !aw_str_eq(input->code, AW_STR("other")));
}

static aw_rc check_user(const struct aw_user *by, struct aw_err *err)
{
    if (!by)
        return AW_OK;
    if (!by->active || by->role == AW_ROLE_ADMIN ||
        by->role == AW_ROLE_AUDITOR)
        return aw_fail(err, AW_INVALID,
                       "'%.*s' may not decide: a reviewer, second officer or "
                       "supervisor may",
                       AW_STR_ARG(by->name));
    return AW_OK;
}

static aw_rc check_input(const struct aw_decision_input *input,
                         enum aw_action *action, struct aw_err *err)
{
    aw_rc rc = check_texts(input, err);

    if (rc == AW_OK)
        rc = check_user(input->by, err);
    if (rc != AW_OK)
        return rc;
    if (aw_str_trim(input->who).len == 0)
        return aw_fail(err, AW_INVALID, "who decides is not given");
    if (!aw_action_parse(input->action, action) || *action >= AW_ACTIONS_ASKED)
        return aw_fail(err, AW_INVALID,
                       "action '%.*s' is not known: use confirm, dismiss, "
                       "escalate or reopen",
                       AW_STR_ARG(input->action));
    if (actions[*action].needs_reason && !has_reason(input))
        return aw_fail(err, AW_INVALID, "to %s needs a reason",
                       actions[*action].name);
    return AW_OK;
}

/* ---- one decision, within its transaction ------------------------------- */

/* A decision on its way. Texts live in the arena or are the caller's. */
struct deciding {
    struct aw_store *store;
    const struct aw_clock *clock;
    const struct aw_user *by;
    struct aw_batch *batch;
    bool repeated;
    struct aw_arena arena;
    struct aw_policy policy;
    struct aw_stand stand;
    struct aw_look look;
    bool has_look;
    struct aw_decision_row row; /* that is written; or what stands there */
    const char *state;          /* that it leads to */
};

/* A name alone decides only where nobody has more than that. */
static aw_rc check_nameless(struct deciding *d, struct aw_err *err)
{
    bool has_users = false;
    aw_rc rc = d->by ? AW_OK : aw_store_has_users(d->store, &has_users, err);

    if (rc == AW_OK && has_users)
        return aw_fail(err, AW_INVALID,
                       "this store has users: say which of them decides");
    return rc;
}

static aw_rc look_around(struct deciding *d, int64_t finding,
                         struct aw_err *err)
{
    aw_rc rc = check_nameless(d, err);

    if (rc == AW_OK)
        rc = aw_stand_for(d->store, &d->arena, d->by, finding, &d->stand, err);

    if (rc == AW_OK)
        rc = aw_policy_load(d->store, &d->policy, err);
    if (rc != AW_OK)
        return rc;
    rc = aw_store_look_newest(d->store, &d->arena, finding, &d->look, err);
    d->has_look = rc == AW_OK;
    return rc == AW_MISSING ? AW_OK : rc;
}

/* What stands there becomes the row; returns AW_BUSY. */
static aw_rc clash(struct deciding *d, const char *why, struct aw_err *err)
{
    aw_rc rc = aw_store_decision_newest(d->store, &d->arena, d->stand.finding,
                                        &d->row, err);

    if (rc != AW_OK && rc != AW_MISSING)
        return rc;
    if (rc == AW_MISSING)
        d->row = (struct aw_decision_row){.finding = d->stand.finding};
    return aw_fail(err, AW_BUSY, "finding %lld %s",
                   (long long)d->stand.finding, why);
}

static aw_rc check_lease(struct deciding *d, struct aw_err *err)
{
    char why[AW_ERR_MAX / 2];

    if (!aw_stand_leased(&d->stand, d->by, aw_clock_wall(d->clock)))
        return AW_OK;
    (void)snprintf(why, sizeof why, "is in the hands of '%.*s'",
                   AW_STR_ARG(d->stand.lease_name));
    return clash(d, why, err);
}

static aw_rc check_seen(struct deciding *d,
                        const struct aw_decision_input *input,
                        struct aw_err *err)
{
    if (input->has_version && input->version != d->stand.version)
        return clash(d, "is not as you saw it: another was there first", err);
    return check_lease(d, err);
}

static aw_rc check_move(const struct deciding *d, enum aw_action asked,
                        enum aw_action does, struct aw_err *err)
{
    if (aw_str_eq(d->stand.state, aw_str_of(actions[does].state)))
        return aw_fail(err, AW_INVALID,
                       "finding %lld is %s already: to %s it again changes "
                       "nothing",
                       (long long)d->stand.finding, actions[does].state,
                       actions[asked].name);
    return AW_OK;
}

/* Who answers a look becomes its second half; who decides anew is kept too, so
 * that it can be undone. */
static aw_rc close_look(struct deciding *d, const struct aw_turn_taken *taken,
                        enum aw_action asked, struct aw_err *err)
{
    struct aw_look *look = &d->look;

    if (!taken->look_state)
        return AW_OK;
    look->state = aw_str_of(taken->look_state);
    look->second_ms = d->row.at_ms;
    look->second_decision = d->row.id;
    look->second_who = d->row.who;
    look->second_action = aw_str_of(actions[asked].name);
    look->second_class = d->row.class;
    return aw_store_look_put(d->store, look, err);
}

static aw_rc open_look(struct deciding *d, enum aw_action asked,
                       const char *why, struct aw_err *err)
{
    struct aw_look look = {.finding = d->row.finding,
                           .why = aw_str_of(why),
                           .blind =
                               d->row.action.len > 0 &&
                               !aw_str_eq(d->row.action, AW_STR("propose")),
                           .first_ms = d->row.at_ms,
                           .first_decision = d->row.id,
                           .first_who = d->row.who,
                           .first_action = aw_str_of(actions[asked].name),
                           .first_class = d->row.class};

    return aw_store_look_add(d->store, &look, err);
}

/* After the decision is in the chain: its hash draws the lot. */
static aw_rc call_second(struct deciding *d, const struct aw_turn_taken *taken,
                         enum aw_action asked, const char *why,
                         struct aw_err *err)
{
    if (*why)
        return open_look(d, asked, why, err);
    if (taken->is_last_word ||
        (asked != AW_ACTION_CONFIRM && asked != AW_ACTION_DISMISS) ||
        !aw_second_is_drawn(&d->policy, d->row.hash))
        return AW_OK;
    return open_look(d, asked, "random", err);
}

static aw_rc keep_batch(struct deciding *d, struct aw_err *err)
{
    aw_rc rc = AW_OK;

    if (d->batch->id == 0)
        rc = aw_store_batch_add(d->store, d->batch, err);
    d->row.batch = d->batch->id;
    return rc;
}

static aw_rc write_down(struct deciding *d, struct aw_err *err)
{
    aw_rc rc = keep_batch(d, err);

    if (rc == AW_OK)
        rc = aw_decision_append(d->store, d->clock, &d->arena, &d->row,
                                d->state, err);
    d->stand.state = aw_str_of(d->state);
    d->stand.version++;
    return rc;
}

static aw_rc find_escalation(struct deciding *d, struct aw_str *by,
                             struct aw_err *err)
{
    aw_rc rc = AW_MISSING;

    if (aw_str_eq(d->stand.state, AW_STR("escalated")))
        rc = aw_store_escalated_by(d->store, &d->arena, d->stand.finding, by,
                                   err);
    return rc == AW_MISSING ? AW_OK : rc;
}

static aw_rc take_turn(struct deciding *d, enum aw_action asked,
                       struct aw_err *err)
{
    struct aw_turn turn = {.by = d->by,
                           .asked = asked,
                           .state = d->stand.state,
                           .look = d->has_look ? &d->look : NULL};
    struct aw_turn_taken taken = {0};
    const char *why = "";
    aw_rc rc = find_escalation(d, &turn.escalated_by, err);

    if (rc == AW_OK)
        rc = aw_second_turn(&turn, &taken, err);

    if (rc == AW_OK && taken.does == AW_ACTION_CONFIRM && !taken.is_last_word)
        rc = aw_second_why(d->store, &d->policy, &d->stand, &why, err);
    if (*why)
        taken.does = AW_ACTION_PROPOSE;
    if (rc == AW_OK)
        rc = check_move(d, asked, taken.does, err);
    if (rc != AW_OK)
        return rc;
    d->row.action = aw_str_of(actions[taken.does].name);
    d->state = *actions[taken.does].state ? actions[taken.does].state
                                          : d->stand.state.ptr;
    rc = write_down(d, err);
    if (rc == AW_OK)
        rc = close_look(d, &taken, asked, err);
    return rc == AW_OK ? call_second(d, &taken, asked, why, err) : rc;
}

/* True where an earlier request of this batch decided the finding. */
static aw_rc was_done(struct deciding *d, bool *out, struct aw_err *err)
{
    struct aw_decision_row row = {0};
    aw_rc rc;

    *out = false;
    if (!d->repeated && !d->batch->taken_up)
        return AW_OK;
    rc = aw_store_decision_of_batch(d->store, &d->arena, d->batch->id,
                                    d->stand.finding, &row, err);
    if (rc == AW_OK) {
        d->row = row;
        *out = true;
    }
    return rc == AW_MISSING ? AW_OK : rc;
}

/* Two requests with one key at one moment: the later one finds the batch of
 * the other, since it is looked for where nobody else writes. */
static aw_rc join_batch(struct deciding *d, struct aw_err *err)
{
    struct aw_batch *batch = d->batch;
    struct aw_batch other = {0};
    aw_rc rc;

    if (batch->id != 0 || batch->key.len == 0)
        return AW_OK;
    rc = aw_store_batch_find(d->store, &d->arena, batch->who, batch->key,
                             &other, err);
    if (rc != AW_OK)
        return rc == AW_MISSING ? AW_OK : rc;
    if (!aw_str_eq(other.action, batch->action))
        return aw_fail(err, AW_INVALID,
                       "the key '%.*s' was used for another order: take a new "
                       "one",
                       AW_STR_ARG(batch->key));
    batch->id = other.id;
    batch->taken_up = true;
    return AW_OK;
}

static aw_rc decide_within(struct deciding *d,
                           const struct aw_decision_input *input,
                           enum aw_action asked, struct aw_err *err)
{
    bool done = false;
    aw_rc rc = look_around(d, input->finding, err);

    if (rc == AW_OK)
        rc = join_batch(d, err);
    if (rc == AW_OK)
        rc = was_done(d, &done, err);
    if (rc != AW_OK || done)
        return rc;
    rc = check_seen(d, input, err);
    return rc == AW_OK ? take_turn(d, asked, err) : rc;
}

/* ---- its transaction ---------------------------------------------------- */

static aw_rc tell(const struct deciding *d, struct aw_arena *arena,
                  struct aw_decided *out, struct aw_err *err)
{
    aw_rc rc = aw_decision_dup(&d->row, arena, &out->row, err);

    out->version = d->stand.version;
    return rc == AW_OK ? aw_arena_dup(arena, d->stand.state, &out->state, err)
                       : rc;
}

typedef aw_rc within_fn(struct deciding *d, const void *self,
                        struct aw_err *err);

/* What can fail for want of memory comes before the commit. A batch that was
 * begun in a transaction that came to nothing is not there. */
static aw_rc in_transaction(struct deciding *d, within_fn *within,
                            const void *self, struct aw_arena *arena,
                            struct aw_decided *out, struct aw_err *err)
{
    int64_t batch = d->batch->id;
    struct aw_decided told = {0};
    struct aw_err ignored;
    aw_rc rc = aw_store_begin(d->store, err);

    if (rc != AW_OK)
        return rc;
    aw_arena_init(&d->arena, ARENA_MAX);
    rc = within(d, self, err);
    if (out && rc == AW_OK)
        rc = tell(d, arena, &told, err);
    else if (out && rc == AW_BUSY && tell(d, arena, &told, &ignored) != AW_OK)
        rc = aw_fail(err, AW_NOMEM, "out of memory");
    if (rc == AW_OK)
        rc = aw_store_commit(d->store, err);
    else
        aw_store_rollback(d->store);
    if (rc != AW_OK)
        d->batch->id = batch;
    if (out && (rc == AW_OK || rc == AW_BUSY))
        *out = told;
    aw_arena_deinit(&d->arena);
    return rc;
}

struct order {
    const struct aw_decision_input *input;
    enum aw_action asked;
};

static aw_rc decide_order(struct deciding *d, const void *self,
                          struct aw_err *err)
{
    const struct order *order = self;

    return decide_within(d, order->input, order->asked, err);
}

aw_rc aw_decide(struct aw_store *store, const struct aw_clock *clock,
                const struct aw_decision_input *input, struct aw_arena *arena,
                struct aw_decided *out, struct aw_err *err)
{
    int64_t now = aw_clock_wall(clock);
    struct aw_batch alone = {.at_ms = now,
                             .who = input->who,
                             .action = input->action};
    struct deciding d = {.store = store,
                         .clock = clock,
                         .by = input->by,
                         .batch = input->batch ? input->batch : &alone,
                         .repeated = input->repeated,
                         .row = {.finding = input->finding,
                                 .at_ms = now,
                                 .who = input->who,
                                 .reason = input->reason,
                                 .class = input->class,
                                 .code = input->code}};
    struct order order = {.input = input, .asked = AW_ACTION_REOPEN};
    aw_rc rc = check_input(input, &order.asked, err);

    return rc == AW_OK
               ? in_transaction(&d, decide_order, &order, arena, out, err)
               : rc;
}

/* ---- taking back -------------------------------------------------------- */

static aw_rc add_to_replay(void *self, const struct aw_decision_row *row,
                           struct aw_err *err)
{
    return aw_replay_add(self, row, err);
}

/* The look that the decision called for, or answered. */
static aw_rc undo_look(struct deciding *d, int64_t decision,
                       struct aw_err *err)
{
    struct aw_look *look = &d->look;

    if (d->has_look && look->second_decision == decision) {
        look->state = AW_STR("open");
        look->second_ms = look->second_decision = 0;
        look->second_who = look->second_action = look->second_class =
            AW_STR("");
        return aw_store_look_put(d->store, look, err);
    }
    if (d->has_look && look->first_decision == decision) {
        look->state = AW_STR("withdrawn");
        return aw_store_look_put(d->store, look, err);
    }
    return AW_OK;
}

/* The batch's decision on the finding. AW_MISSING: it was taken back before.
 */
static aw_rc find_target(struct deciding *d, struct aw_decision_row *target,
                         struct aw_err *err)
{
    bool undone = false;
    aw_rc rc =
        aw_store_decision_of_batch(d->store, &d->arena, d->batch->undoes,
                                   d->stand.finding, target, err);

    if (rc == AW_OK)
        rc = aw_store_decision_undone(d->store, target->id, &undone, err);
    if (rc == AW_OK && undone)
        rc = aw_fail(err, AW_MISSING, "decision %lld was taken back before",
                     (long long)target->id);
    return rc;
}

/* Only the last that counts can be taken back. */
static aw_rc undo_last(struct deciding *d, struct aw_err *err)
{
    struct aw_replay replay = {.arena = &d->arena};
    struct aw_decision_row target = {0};
    aw_rc rc = find_target(d, &target, err);

    if (rc == AW_OK)
        rc = aw_store_decisions(d->store, d->stand.finding, add_to_replay,
                                &replay, err);
    if (rc == AW_OK && aw_replay_last(&replay) != target.id)
        rc = clash(d, "was decided again since: that stands", err);
    if (rc == AW_OK)
        rc = check_lease(d, err);
    if (rc != AW_OK)
        return rc;
    d->row.undoes = target.id;
    d->state = aw_replay_before(&replay);
    rc = write_down(d, err);
    return rc == AW_OK ? undo_look(d, target.id, err) : rc;
}

static aw_rc undo_within(struct deciding *d, const void *self,
                         struct aw_err *err)
{
    const struct aw_undo_input *input = self;
    bool done = false;
    aw_rc rc = look_around(d, input->finding, err);

    if (rc == AW_OK)
        rc = was_done(d, &done, err);
    return rc == AW_OK && !done ? undo_last(d, err) : rc;
}

aw_rc aw_decide_undo(struct aw_store *store, const struct aw_clock *clock,
                     const struct aw_undo_input *input, struct aw_arena *arena,
                     struct aw_decided *out, struct aw_err *err)
{
    struct deciding d = {.store = store,
                         .clock = clock,
                         .by = input->by,
                         .batch = input->batch,
                         .repeated = input->repeated,
                         .row = {.finding = input->finding,
                                 .at_ms = aw_clock_wall(clock),
                                 .who = input->batch->who,
                                 .action =
                                     aw_str_of(actions[AW_ACTION_UNDO].name)}};
    aw_rc rc = check_user(input->by, err);

    return rc == AW_OK
               ? in_transaction(&d, undo_within, input, arena, out, err)
               : rc;
}
