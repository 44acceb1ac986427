#include "review/chain.h"

#include <stdio.h>

#include "base/json.h"
#include "base/utf8.h"
#include "review/replay.h"

#define CANON_MAX ((size_t)1 << 20)
#define ARENA_MAX ((size_t)1 << 20)
#define ROW_TEXTS 7 /* of a decision */

static aw_rc check_utf8(const struct aw_decision_row *row, struct aw_err *err)
{
    const struct aw_str texts[ROW_TEXTS] = {row->who,   row->action,
                                            row->class, row->code,
                                            row->hash,  row->previous,
                                            row->reason};

    for (size_t i = 0; i < ROW_TEXTS; i++)
        if (!aw_utf8_valid(texts[i]))
            return aw_fail(err, AW_INVALID, "decision %lld is not UTF-8",
                           (long long)row->id);
    return AW_OK;
}

/* Members that older rows do not have stand only where they say something. */
static void put_canon(struct aw_buf *out, const struct aw_decision_row *row)
{
    aw_json_open(out, NULL, '{'); /* keys in the order of RFC 8785 */
    aw_json_text(out, "action", row->action);
    aw_json_int(out, "at_ms", row->at_ms);
    if (row->batch != 0)
        aw_json_int(out, "batch", row->batch);
    if (row->class.len > 0)
        aw_json_text(out, "class", row->class);
    if (row->code.len > 0)
        aw_json_text(out, "code", row->code);
    aw_json_int(out, "finding", row->finding);
    aw_json_text(out, "previous", row->previous);
    aw_json_text(out, "reason", row->reason);
    if (row->undoes != 0)
        aw_json_int(out, "undoes", row->undoes);
    aw_json_text(out, "who", row->who);
    aw_json_close(out, '}');
}

aw_rc aw_decision_hash(const struct aw_decision_row *row,
                       char out[AW_SHA256_HEX_MAX], struct aw_err *err)
{
    struct aw_buf canon;
    aw_rc rc = check_utf8(row, err);

    if (rc != AW_OK)
        return rc;
    aw_buf_init(&canon, CANON_MAX);
    put_canon(&canon, row);
    return aw_sha256_buf(&canon, out, err);
}

aw_rc aw_decision_dup(const struct aw_decision_row *row,
                      struct aw_arena *arena, struct aw_decision_row *out,
                      struct aw_err *err)
{
    const struct aw_str *const from[ROW_TEXTS] = {&row->who,    &row->action,
                                                  &row->reason, &row->class,
                                                  &row->code,   &row->previous,
                                                  &row->hash};
    struct aw_str *const to[ROW_TEXTS] = {&out->who,    &out->action,
                                          &out->reason, &out->class,
                                          &out->code,   &out->previous,
                                          &out->hash};
    aw_rc rc = AW_OK;

    *out = *row;
    for (size_t i = 0; i < ROW_TEXTS && rc == AW_OK; i++)
        rc = aw_arena_dup(arena, *from[i], to[i], err);
    return rc;
}

/* ---- appending ---------------------------------------------------------- */

void aw_decision_audit_detail(const struct aw_decision_row *row,
                              struct aw_buf *out)
{
    aw_json_open(out, NULL, '{');
    aw_json_text(out, "action", row->action);
    aw_json_int(out, "finding", row->finding);
    aw_json_text(out, "hash", row->hash);
    aw_json_close(out, '}');
}

static aw_rc audit(struct aw_store *store, const struct aw_clock *clock,
                   const struct aw_decision_row *row, struct aw_err *err)
{
    char subject[40];
    struct aw_buf detail;
    aw_rc rc;

    (void)snprintf(subject, sizeof subject, AW_DECISION_SUBJECT "%lld",
                   (long long)row->id);
    aw_buf_init(&detail, AW_AUDIT_DETAIL_MAX);
    aw_decision_audit_detail(row, &detail);
    rc = aw_buf_check(&detail, err);
    if (rc == AW_OK)
        rc = aw_audit_add(store, clock, row->who,
                          aw_audit_code(AW_AUDIT_DECISION), aw_str_of(subject),
                          aw_buf_str(&detail), err);
    aw_buf_deinit(&detail);
    return rc;
}

aw_rc aw_decision_append(struct aw_store *store, const struct aw_clock *clock,
                         struct aw_arena *arena, struct aw_decision_row *row,
                         const char *state, struct aw_err *err)
{
    struct aw_decision_row last = {0};
    char hash[AW_SHA256_HEX_MAX];
    aw_rc rc = aw_audit_begin(store, clock, err);

    if (rc == AW_OK)
        rc = aw_store_decision_last(store, arena, &last, err);
    if (rc != AW_OK && rc != AW_MISSING)
        return rc;
    row->previous = last.hash;
    rc = aw_decision_hash(row, hash, err);
    if (rc == AW_OK)
        rc = aw_arena_dup(arena, aw_str_of(hash), &row->hash, err);
    if (rc == AW_OK)
        rc = aw_store_decision_add(store, row, state, err);
    return rc == AW_OK ? audit(store, clock, row, err) : rc;
}

/* ---- verifying ---------------------------------------------------------- */

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

/* The findings' decisions come one finding after the other. */
struct states {
    struct aw_store *store;
    struct aw_replay replay; /* of the finding that is being read */
    int64_t finding;
    struct aw_arena arena;
    struct aw_arena stand_arena;
};

static aw_rc verify_state(struct states *s, struct aw_err *err)
{
    const char *state = aw_replay_state(&s->replay);
    struct aw_stand stand = {0};
    aw_rc rc = AW_OK;

    aw_arena_reset(&s->stand_arena);
    if (s->finding > 0)
        rc =
            aw_store_stand(s->store, &s->stand_arena, s->finding, &stand, err);
    if (rc == AW_OK && s->finding > 0 &&
        !aw_str_eq(stand.state, aw_str_of(state)))
        return aw_fail(err, AW_INVALID,
                       "finding %lld is '%.*s', but by its decisions it is "
                       "'%s'",
                       (long long)s->finding, AW_STR_ARG(stand.state), state);
    return rc == AW_MISSING ? err->rc = AW_INVALID : rc;
}

static aw_rc follow(void *self, const struct aw_decision_row *row,
                    struct aw_err *err)
{
    struct states *s = self;
    aw_rc rc = AW_OK;

    if (row->finding != s->finding) {
        rc = verify_state(s, err);
        s->finding = row->finding;
        aw_arena_reset(&s->arena);
        s->replay = (struct aw_replay){.arena = &s->arena};
    }
    return rc == AW_OK ? aw_replay_add(&s->replay, row, err) : rc;
}

static aw_rc verify_undecided(struct aw_store *store, struct aw_err *err)
{
    int64_t finding = 0;
    aw_rc rc = aw_store_undecided_but_moved(store, &finding, err);

    if (rc == AW_MISSING)
        return AW_OK;
    if (rc != AW_OK)
        return rc;
    return aw_fail(err, AW_INVALID,
                   "finding %lld is not 'new', but by its decisions it is "
                   "'new'",
                   (long long)finding);
}

static aw_rc verify_states(struct aw_store *store, struct aw_err *err)
{
    struct states s = {.store = store};
    aw_rc rc;

    aw_arena_init(&s.arena, ARENA_MAX);
    aw_arena_init(&s.stand_arena, ARENA_MAX);
    s.replay.arena = &s.arena;
    rc = aw_store_decisions_by_finding(store, follow, &s, err);
    if (rc == AW_OK)
        rc = verify_state(&s, err);
    if (rc == AW_OK)
        rc = verify_undecided(store, err);
    aw_arena_deinit(&s.arena);
    aw_arena_deinit(&s.stand_arena);
    return rc;
}

aw_rc aw_decisions_verify(struct aw_store *store, int64_t *count,
                          struct aw_err *err)
{
    struct walk walk = {0};
    aw_rc rc = aw_store_decisions(store, 0, verify_row, &walk, err);

    *count = walk.count;
    return rc == AW_OK ? verify_states(store, err) : rc;
}
