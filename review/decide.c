#include "review/decide.h"

#include <string.h>

#include "base/json.h"
#include "base/utf8.h"
#include "review/text.h"

#define ARENA_MAX ((size_t)64 << 20) /* a finding with its claims */
#define CANON_MAX ((size_t)1 << 20)
#define ROW_TEXTS 5 /* of a decision */

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

static aw_rc check_input(const struct aw_decision_input *input,
                         enum aw_action *action, struct aw_err *err)
{
    aw_rc rc = aw_written_check("who", input->who, AW_WHO_MAX, err);

    if (rc == AW_OK)
        rc = aw_written_check("reason", input->reason, AW_REASON_MAX, err);
    if (rc == AW_OK)
        rc = aw_written_check("action", input->action, AW_WHO_MAX, err);
    if (rc != AW_OK)
        return rc;
    if (aw_str_trim(input->who).len == 0)
        return aw_fail(err, AW_INVALID, "who decides is not given");
    if (!aw_action_parse(input->action, action))
        return aw_fail(err, AW_INVALID,
                       "action '%.*s' is not known: use confirm, dismiss, "
                       "escalate or reopen",
                       AW_STR_ARG(input->action));
    if (actions[*action].needs_reason && aw_str_trim(input->reason).len == 0)
        return aw_fail(err, AW_INVALID, "to %s needs a reason",
                       actions[*action].name);
    return AW_OK;
}

aw_rc aw_decision_hash(const struct aw_decision_row *row,
                       char out[AW_SHA256_HEX_MAX], struct aw_err *err)
{
    struct aw_buf canon;
    aw_rc rc;

    if (!aw_utf8_valid(row->reason) || !aw_utf8_valid(row->who))
        return aw_fail(err, AW_INVALID, "decision %lld is not UTF-8",
                       (long long)row->id);
    aw_buf_init(&canon, CANON_MAX);
    aw_json_open(&canon, NULL, '{'); /* keys in the order of RFC 8785 */
    aw_json_text(&canon, "action", row->action);
    aw_json_int(&canon, "at_ms", row->at_ms);
    aw_json_int(&canon, "finding", row->finding);
    aw_json_text(&canon, "previous", row->previous);
    aw_json_text(&canon, "reason", row->reason);
    aw_json_text(&canon, "who", row->who);
    aw_json_close(&canon, '}');
    rc = aw_buf_check(&canon, err);
    if (rc == AW_OK)
        aw_sha256_hex(aw_buf_str(&canon), out);
    aw_buf_deinit(&canon);
    return rc;
}

static aw_rc check_move(struct aw_store *store, struct aw_arena *arena,
                        int64_t id, enum aw_action action, struct aw_err *err)
{
    struct aw_finding finding = {0};
    aw_rc rc = aw_store_finding_get(store, arena, id, &finding, err);

    if (rc == AW_OK &&
        aw_str_eq(finding.state, aw_str_of(actions[action].state)))
        return aw_fail(err, AW_INVALID,
                       "finding %lld is %s already: to %s it again changes "
                       "nothing",
                       (long long)id, actions[action].state,
                       actions[action].name);
    return rc;
}

/* Fills previous and hash, which live in the arena. */
static aw_rc chain(struct aw_store *store, struct aw_arena *arena,
                   struct aw_decision_row *row, struct aw_err *err)
{
    struct aw_decision_row last = {0};
    char hash[AW_SHA256_HEX_MAX];
    aw_rc rc = aw_store_decision_last(store, arena, &last, err);

    if (rc != AW_OK && rc != AW_MISSING)
        return rc;
    row->previous = last.hash;
    rc = aw_decision_hash(row, hash, err);
    return rc == AW_OK ? aw_arena_dup(arena, aw_str_of(hash), &row->hash, err)
                       : rc;
}

/* Within the transaction: no other process writes between look and act. */
static aw_rc append(struct aw_store *store, struct aw_arena *arena,
                    enum aw_action action, struct aw_decision_row *row,
                    struct aw_err *err)
{
    aw_rc rc = check_move(store, arena, row->finding, action, err);

    if (rc == AW_OK)
        rc = chain(store, arena, row, err);
    if (rc == AW_OK)
        rc = aw_store_decision_add(store, row, actions[action].state, err);
    return rc;
}

aw_rc aw_decision_dup(const struct aw_decision_row *row,
                      struct aw_arena *arena, struct aw_decision_row *out,
                      struct aw_err *err)
{
    const struct aw_str *const from[ROW_TEXTS] = {&row->who, &row->action,
                                                  &row->reason, &row->previous,
                                                  &row->hash};
    struct aw_str *const to[ROW_TEXTS] = {&out->who, &out->action,
                                          &out->reason, &out->previous,
                                          &out->hash};
    aw_rc rc = AW_OK;

    *out = *row;
    for (size_t i = 0; i < ROW_TEXTS && rc == AW_OK; i++)
        rc = aw_arena_dup(arena, *from[i], to[i], err);
    return rc;
}

/* What can fail for want of memory comes before the commit. */
static aw_rc decide_once(struct aw_store *store, enum aw_action action,
                         struct aw_decision_row *row, struct aw_arena *arena,
                         struct aw_decision_row *copy, struct aw_err *err)
{
    struct aw_arena scratch;
    aw_rc rc = aw_store_begin(store, err);

    if (rc != AW_OK)
        return rc;
    aw_arena_init(&scratch, ARENA_MAX);
    rc = append(store, &scratch, action, row, err);
    if (rc == AW_OK && arena)
        rc = aw_decision_dup(row, arena, copy, err);
    if (rc == AW_OK)
        rc = aw_store_commit(store, err);
    else
        aw_store_rollback(store);
    aw_arena_deinit(&scratch);
    return rc;
}

aw_rc aw_decide(struct aw_store *store, const struct aw_clock *clock,
                const struct aw_decision_input *input, struct aw_arena *arena,
                struct aw_decision_row *out, struct aw_err *err)
{
    struct aw_decision_row row = {.finding = input->finding,
                                  .at_ms = aw_clock_wall(clock),
                                  .who = input->who,
                                  .action = input->action,
                                  .reason = input->reason};
    struct aw_decision_row copy = {0};
    enum aw_action action = AW_ACTION_REOPEN;
    aw_rc rc = check_input(input, &action, err);

    if (rc == AW_OK)
        rc = decide_once(store, action, &row, out ? arena : NULL, &copy, err);
    if (rc == AW_OK && out)
        *out = copy;
    return rc;
}

/* --- verify ---------------------------------------------------------- */

struct walk {
    char hash[AW_SHA256_HEX_MAX]; /* of the row before; empty at first */
    int64_t count;
};

static aw_rc verify_row(void *self, const struct aw_decision_row *row,
                        struct aw_err *err)
{
    struct walk *walk = self;
    char hash[AW_SHA256_HEX_MAX];
    aw_rc rc = aw_decision_hash(row, hash, err);

    if (rc != AW_OK)
        return rc;
    if (!aw_str_eq(row->previous, aw_str_of(walk->hash)))
        return aw_fail(err, AW_INVALID,
                       "decision %lld does not follow the row before it: one "
                       "was taken out, put in or changed",
                       (long long)row->id);
    if (!aw_str_eq(row->hash, aw_str_of(hash)))
        return aw_fail(err, AW_INVALID,
                       "decision %lld was changed: its hash is not that of "
                       "its text",
                       (long long)row->id);
    memcpy(walk->hash, hash, sizeof hash);
    walk->count++;
    return AW_OK;
}

static aw_rc last_action(void *self, const struct aw_decision_row *row,
                         struct aw_err *err)
{
    enum aw_action *action = self;

    if (aw_action_parse(row->action, action))
        return AW_OK;
    return aw_fail(err, AW_INVALID, "decision %lld has an unknown action",
                   (long long)row->id);
}

static aw_rc verify_state(void *self, const struct aw_finding *finding,
                          struct aw_err *err)
{
    enum aw_action action = AW_ACTION_REOPEN; /* as if: a finding is new */
    aw_rc rc =
        aw_store_decisions(self, finding->id, last_action, &action, err);

    if (rc == AW_OK &&
        !aw_str_eq(finding->state, aw_str_of(actions[action].state)))
        return aw_fail(err, AW_INVALID,
                       "finding %lld is '%.*s', but by its decisions it is "
                       "'%s'",
                       (long long)finding->id, AW_STR_ARG(finding->state),
                       actions[action].state);
    return rc;
}

aw_rc aw_decisions_verify(struct aw_store *store, int64_t *count,
                          struct aw_err *err)
{
    struct walk walk = {0};
    aw_rc rc = aw_store_decisions(store, 0, verify_row, &walk, err);

    *count = walk.count;
    if (rc == AW_OK)
        rc = aw_store_findings(store, NULL, 0, verify_state, store, err);
    return rc;
}
