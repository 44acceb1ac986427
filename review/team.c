#include "review/team.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/json.h"
#include "base/utf8.h"
#include "review/audit.h"
#include "review/words.h"

#define ARENA_MAX ((size_t)4 << 20)
#define SUBJECT_MAX 40
#define SPAN_MAX ((size_t)1 << 20) /* bytes, of a claim with its words */

/* ---- what they have in common ------------------------------------------- */

/* One act of one user on one finding, within a transaction. */
struct act {
    struct aw_store *store;
    const struct aw_clock *clock;
    const struct aw_user *by;
    struct aw_stand stand;
    struct aw_arena arena;
};

typedef aw_rc act_fn(struct act *act, void *self, struct aw_err *err);

static aw_rc in_transaction(struct act *act, int64_t finding, act_fn *within,
                            void *self, struct aw_err *err)
{
    aw_rc rc = aw_store_begin(act->store, err);

    if (rc != AW_OK)
        return rc;
    aw_arena_init(&act->arena, ARENA_MAX);
    rc = aw_stand_for(act->store, &act->arena, act->by, finding, &act->stand,
                      err);
    if (rc == AW_OK)
        rc = within(act, self, err);
    if (rc == AW_OK)
        rc = aw_store_commit(act->store, err);
    else
        aw_store_rollback(act->store);
    aw_arena_deinit(&act->arena);
    return rc;
}

static aw_rc audit(const struct act *act, enum aw_audit_action action,
                   const struct aw_buf *detail, struct aw_err *err)
{
    char subject[SUBJECT_MAX];
    aw_rc rc = aw_buf_check(detail, err);

    (void)snprintf(subject, sizeof subject, "finding %" PRId64,
                   act->stand.finding);
    return rc == AW_OK
               ? aw_audit_add(act->store, act->clock, act->by->name,
                              aw_audit_code(action), aw_str_of(subject),
                              aw_buf_str(detail), err)
               : rc;
}

/* ---- leases ------------------------------------------------------------- */

struct taking {
    struct aw_arena *arena; /* of the caller */
    struct aw_lease *out;
};

static aw_rc take_lease(struct act *act, void *self, struct aw_err *err)
{
    struct taking *taking = self;
    int64_t now = aw_clock_wall(act->clock);
    struct aw_lease lease = {act->by->id, act->by->name, now + AW_LEASE_MS};

    if (!aw_stand_leased(&act->stand, act->by, now)) {
        *taking->out = lease;
        return aw_store_lease_put(act->store, act->stand.finding, lease.user,
                                  lease.until_ms, err);
    }
    lease.user = act->stand.lease_user;
    lease.until_ms = act->stand.lease_until_ms;
    if (aw_arena_dup(taking->arena, act->stand.lease_name, &lease.name, err) !=
        AW_OK)
        return AW_NOMEM;
    *taking->out = lease;
    return aw_fail(err, AW_BUSY, "finding %lld is in the hands of '%.*s'",
                   (long long)act->stand.finding, AW_STR_ARG(lease.name));
}

aw_rc aw_lease_take(struct aw_store *store, const struct aw_clock *clock,
                    struct aw_arena *arena, const struct aw_user *by,
                    int64_t finding, struct aw_lease *out, struct aw_err *err)
{
    struct act act = {.store = store, .clock = clock, .by = by};
    struct taking taking = {arena, out};

    return in_transaction(&act, finding, take_lease, &taking, err);
}

aw_rc aw_lease_drop(struct aw_store *store, const struct aw_user *by,
                    int64_t finding, struct aw_err *err)
{
    return aw_store_lease_drop(store, finding, by->id, err);
}

/* ---- comments ----------------------------------------------------------- */

static aw_rc add_comment(struct act *act, void *self, struct aw_err *err)
{
    struct aw_comment *comment = self;
    struct aw_buf detail;
    aw_rc rc;

    comment->at_ms = aw_clock_wall(act->clock);
    rc = aw_store_comment_add(act->store, comment, err);
    aw_buf_init(&detail, AW_AUDIT_DETAIL_MAX);
    aw_json_open(&detail, NULL, '{');
    aw_json_int(&detail, "comment", comment->id);
    aw_json_text(&detail, "text", comment->text);
    aw_json_close(&detail, '}');
    if (rc == AW_OK)
        rc = audit(act, AW_AUDIT_COMMENT, &detail, err);
    aw_buf_deinit(&detail);
    return rc;
}

aw_rc aw_comment_add(struct aw_store *store, const struct aw_clock *clock,
                     const struct aw_user *by, int64_t finding,
                     struct aw_str text, int64_t *id, struct aw_err *err)
{
    struct act act = {.store = store, .clock = clock, .by = by};
    struct aw_comment comment = {.finding = finding,
                                 .who = by->name,
                                 .text = text};
    aw_rc rc = aw_written_check_lines("text", text, AW_COMMENT_MAX, err);

    if (rc == AW_OK && aw_str_trim(text).len == 0)
        rc = aw_fail(err, AW_INVALID, "the comment is empty");
    if (rc == AW_OK)
        rc = in_transaction(&act, finding, add_comment, &comment, err);
    if (rc == AW_OK)
        *id = comment.id;
    return rc;
}

/* ---- assignment --------------------------------------------------------- */

static aw_rc check_assignee(struct act *act, int64_t id, struct aw_err *err)
{
    struct aw_user user = {0};
    aw_rc rc = aw_user_get(act->store, &act->arena, id, &user, err);

    if (rc == AW_MISSING)
        return aw_fail(err, AW_INVALID, "there is no user %lld",
                       (long long)id);
    if (rc == AW_OK && (!user.active || user.role == AW_ROLE_ADMIN ||
                        user.role == AW_ROLE_AUDITOR))
        rc = aw_fail(err, AW_INVALID, "'%.*s' decides nothing here",
                     AW_STR_ARG(user.name));
    if (rc == AW_OK && !aw_user_sees(&user, act->stand.place))
        rc = aw_fail(err, AW_INVALID,
                     "'%.*s' does not see findings of this place",
                     AW_STR_ARG(user.name));
    return rc;
}

static aw_rc assign(struct act *act, void *self, struct aw_err *err)
{
    const int64_t *user = self;
    struct aw_buf detail;
    aw_rc rc = *user > 0 ? check_assignee(act, *user, err) : AW_OK;

    if (rc == AW_OK)
        rc = aw_store_assign(act->store, act->stand.finding, *user, err);
    if (rc != AW_OK)
        return rc;
    aw_buf_init(&detail, AW_AUDIT_DETAIL_MAX);
    aw_json_open(&detail, NULL, '{');
    aw_json_int(&detail, "before", act->stand.assigned);
    aw_json_int(&detail, "user", *user);
    aw_json_close(&detail, '}');
    rc = audit(act, AW_AUDIT_ASSIGNMENT, &detail, err);
    aw_buf_deinit(&detail);
    return rc;
}

aw_rc aw_assign(struct aw_store *store, const struct aw_clock *clock,
                const struct aw_user *by, int64_t finding, int64_t user,
                struct aw_err *err)
{
    struct act act = {.store = store, .clock = clock, .by = by};

    return in_transaction(&act, finding, assign, &user, err);
}

/* ---- corrections -------------------------------------------------------- */

aw_rc aw_claim_span(const struct aw_claim_row *claim, int64_t start,
                    int64_t end, struct aw_arena *arena, struct aw_str *out,
                    struct aw_err *err)
{
    int64_t first = claim->start - (int64_t)aw_utf8_count(claim->before);
    int64_t last = claim->end + (int64_t)aw_utf8_count(claim->after);
    struct aw_buf text;
    struct aw_str whole;
    size_t from, to;
    aw_rc rc;

    if (claim->quote.len == 0)
        return aw_fail(err, AW_INVALID,
                       "claim %lld quotes nothing: it has no place to move",
                       (long long)claim->id);
    if (start < first || end > last || start >= end)
        return aw_fail(err, AW_INVALID,
                       "the quote must lie within %lld to %lld, the words "
                       "that were kept around it",
                       (long long)first, (long long)last);
    aw_buf_init(&text, SPAN_MAX);
    aw_buf_put(&text, claim->before);
    aw_buf_put(&text, claim->quote);
    aw_buf_put(&text, claim->after);
    rc = aw_buf_check(&text, err);
    whole = aw_buf_str(&text);
    from = aw_utf8_offset(whole, (size_t)(start - first));
    to = aw_utf8_offset(whole, (size_t)(end - first));
    if (rc == AW_OK)
        rc = aw_arena_dup(arena, aw_str_sub(whole, from, to - from), out, err);
    aw_buf_deinit(&text);
    return rc;
}

struct correcting {
    const struct aw_correction_input *input;
    struct aw_arena *arena; /* of the caller */
    struct aw_correction *out;
    int64_t *version;
};

static aw_rc fill_in(struct act *act, struct correcting *c,
                     const struct aw_claim_row *claim, struct aw_err *err)
{
    const struct aw_correction_input *input = c->input;
    struct aw_correction *out = c->out;
    struct aw_str class = input->class.len > 0 ? input->class : claim->class;
    aw_rc rc;

    *out = (struct aw_correction){.finding = input->finding,
                                  .claim = input->claim,
                                  .at_ms = aw_clock_wall(act->clock),
                                  .who = act->by->name,
                                  .start = input->has_span ? input->start
                                                           : claim->start,
                                  .end = input->has_span ? input->end
                                                         : claim->end};
    rc = aw_arena_dup(c->arena, class, &out->class, err);
    if (rc == AW_OK && out->start == claim->start && out->end == claim->end)
        return aw_arena_dup(c->arena, claim->quote, &out->quote, err);
    return rc == AW_OK ? aw_claim_span(claim, out->start, out->end, c->arena,
                                       &out->quote, err)
                       : rc;
}

static aw_rc audit_correction(struct act *act, const struct aw_correction *c,
                              struct aw_err *err)
{
    struct aw_buf detail;
    aw_rc rc;

    aw_buf_init(&detail, AW_AUDIT_DETAIL_MAX);
    aw_json_open(&detail, NULL, '{');
    aw_json_int(&detail, "claim", c->claim);
    aw_json_text(&detail, "class", c->class);
    aw_json_int(&detail, "correction", c->id);
    aw_json_int(&detail, "end", c->end);
    aw_json_text(&detail, "quote", c->quote);
    aw_json_int(&detail, "start", c->start);
    aw_json_close(&detail, '}');
    rc = audit(act, AW_AUDIT_CORRECTION, &detail, err);
    aw_buf_deinit(&detail);
    return rc;
}

static aw_rc correct(struct act *act, void *self, struct aw_err *err)
{
    struct correcting *c = self;
    const struct aw_correction_input *input = c->input;
    struct aw_claim_row claim = {0};
    aw_rc rc;

    if (input->has_version && input->version != act->stand.version)
        return aw_fail(err, AW_BUSY,
                       "finding %lld is not as you saw it: look again",
                       (long long)input->finding);
    rc = aw_store_claim_get(act->store, &act->arena, input->finding,
                            input->claim, &claim, err);
    if (rc == AW_OK)
        rc = fill_in(act, c, &claim, err);
    if (rc == AW_OK)
        rc = aw_store_correction_add(act->store, c->out, err);
    *c->version = act->stand.version + 1;
    return rc == AW_OK ? audit_correction(act, c->out, err) : rc;
}

aw_rc aw_correct(struct aw_store *store, const struct aw_clock *clock,
                 struct aw_arena *arena, const struct aw_user *by,
                 const struct aw_correction_input *input,
                 struct aw_correction *out, int64_t *version,
                 struct aw_err *err)
{
    struct act act = {.store = store, .clock = clock, .by = by};
    struct correcting correcting = {input, arena, out, version};

    if (input->class.len == 0 && !input->has_span)
        return aw_fail(err, AW_INVALID,
                       "nothing is corrected: give a class, or start and end");
    if (input->class.len > 0) {
        aw_rc rc = aw_class_check(input->class, err);

        if (rc != AW_OK)
            return rc;
    }
    return in_transaction(&act, input->finding, correct, &correcting, err);
}
