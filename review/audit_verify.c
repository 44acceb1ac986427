#include <stdio.h>
#include <stdlib.h>

#include "review/audit.h"
#include "review/chain.h"
#include "store/deciding.h"

#define ARENA_MAX ((size_t)4 << 20)

struct walk {
    struct aw_store *store;
    const struct aw_audit_head *known; /* or NULL */
    bool met_known;
    struct aw_audit_head head; /* the last right row */
    int64_t decision;          /* the last that is vouched for */
    struct aw_arena arena;     /* of one row's check */
};

static aw_rc false_row(const struct aw_audit_row *row, const char *why,
                       struct aw_err *err)
{
    return aw_fail(err, AW_INVALID, "audit row %lld %s", (long long)row->id,
                   why);
}

static aw_rc check_place(const struct walk *walk,
                         const struct aw_audit_row *row, struct aw_err *err)
{
    if (row->id != walk->head.id + 1)
        return aw_fail(err, AW_INVALID,
                       "audit row %lld is missing: the next one is %lld",
                       (long long)walk->head.id + 1, (long long)row->id);
    if (!aw_str_eq(row->previous, aw_str_of(walk->head.hash)))
        return false_row(row,
                         "does not follow the row before it: one was "
                         "taken out, put in or changed",
                         err);
    return AW_OK;
}

static bool is_known(const struct walk *walk, int64_t id)
{
    return walk->known && walk->known->id == id;
}

static aw_rc check_hash(struct walk *walk, const struct aw_audit_row *row,
                        char hash[AW_SHA256_HEX_MAX], struct aw_err *err)
{
    aw_rc rc = aw_audit_hash(row, hash, err);

    if (rc == AW_OK && !aw_str_eq(row->hash, aw_str_of(hash)))
        rc = false_row(row, "was changed: its hash is not that of its text",
                       err);
    if (rc != AW_OK || !is_known(walk, row->id))
        return rc;
    walk->met_known = strcmp(walk->known->hash, hash) == 0;
    return walk->met_known
               ? AW_OK
               : false_row(row,
                           "is not the one that was known: its hash is "
                           "another",
                           err);
}

/* ---- what the rows say of decisions ------------------------------------- */

/* The first row: decisions up to this one have no rows of their own. */
static aw_rc check_begin(struct walk *walk, const struct aw_audit_row *row,
                         struct aw_err *err)
{
    struct aw_str prefix = AW_STR("{\"decision\":");
    struct aw_decision_row decision = {0};
    char want[AW_SHA256_HEX_MAX + 64];
    int64_t id = 0;
    aw_rc rc = AW_OK;

    if (row->id != 1 || !aw_str_starts(row->detail, prefix))
        return false_row(row, "does not begin the chain as it should", err);
    id = strtoll(row->detail.ptr + prefix.len, NULL, 10);
    if (id > 0)
        rc = aw_store_decision_get(walk->store, &walk->arena, id, &decision,
                                   err);
    if (rc != AW_OK && rc != AW_MISSING)
        return rc;
    (void)snprintf(want, sizeof want, "{\"decision\":%lld,\"hash\":\"%.*s\"}",
                   (long long)id, AW_STR_ARG(decision.hash));
    if (rc == AW_MISSING || !aw_str_eq(row->detail, aw_str_of(want)))
        return false_row(row, "names a decision that is not there", err);
    walk->decision = id;
    return AW_OK;
}

/* The decision follows the one before it in the chain, and made this row. */
static aw_rc check_decision(struct walk *walk, const struct aw_audit_row *row,
                            struct aw_err *err)
{
    struct aw_str prefix = AW_STR(AW_DECISION_SUBJECT);
    struct aw_decision_row decision = {0};
    struct aw_buf want;
    bool same;
    int64_t id = 0;
    aw_rc rc;

    if (!aw_str_starts(row->subject, prefix) ||
        !aw_str_to_int(aw_str_sub(row->subject, prefix.len, row->subject.len),
                       &id) ||
        id != walk->decision + 1)
        return false_row(row, "does not tell of the next decision", err);
    rc = aw_store_decision_get(walk->store, &walk->arena, id, &decision, err);
    if (rc == AW_MISSING)
        return false_row(row, "tells of a decision that is not there", err);
    if (rc != AW_OK)
        return rc;
    aw_buf_init(&want, AW_AUDIT_DETAIL_MAX);
    aw_decision_audit_detail(&decision, &want);
    same = aw_str_eq(row->detail, aw_buf_str(&want)) &&
           aw_str_eq(row->who, decision.who);
    aw_buf_deinit(&want);
    walk->decision = id;
    return same ? AW_OK : false_row(row, "tells of another decision", err);
}

static aw_rc check_meaning(struct walk *walk, const struct aw_audit_row *row,
                           struct aw_err *err)
{
    const char *begin = aw_audit_code(AW_AUDIT_BEGIN);
    const char *decision = aw_audit_code(AW_AUDIT_DECISION);

    aw_arena_reset(&walk->arena);
    if (row->id == 1 || aw_str_eq(row->action, aw_str_of(begin)))
        return check_begin(walk, row, err);
    if (aw_str_eq(row->action, aw_str_of(decision)))
        return check_decision(walk, row, err);
    return AW_OK;
}

static aw_rc visit_row(void *self, const struct aw_audit_row *row,
                       struct aw_err *err)
{
    struct walk *walk = self;
    struct aw_audit_head next = {.id = row->id};
    aw_rc rc = check_place(walk, row, err);

    if (rc == AW_OK)
        rc = check_hash(walk, row, next.hash, err);
    if (rc == AW_OK)
        rc = check_meaning(walk, row, err);
    if (rc == AW_OK)
        walk->head = next;
    return rc;
}

/* ---- the whole ---------------------------------------------------------- */

static aw_rc check_end(const struct walk *walk, struct aw_err *err)
{
    struct aw_decision_row last = {0};
    struct aw_arena arena;
    aw_rc rc;

    if (walk->known && !walk->met_known)
        return aw_fail(err, AW_INVALID,
                       "audit row %lld, which was known, is not there: the "
                       "end was cut off",
                       (long long)walk->known->id);
    if (walk->head.id == 0) /* nothing was audited yet */
        return AW_OK;
    aw_arena_init(&arena, ARENA_MAX);
    rc = aw_store_decision_last(walk->store, &arena, &last, err);
    aw_arena_deinit(&arena);
    if (rc != AW_OK && rc != AW_MISSING)
        return rc;
    if (last.id != walk->decision)
        return aw_fail(err, AW_INVALID,
                       "the last decision is %lld, the audit's last is %lld",
                       (long long)last.id, (long long)walk->decision);
    return AW_OK;
}

static aw_rc verify(struct walk *walk, struct aw_err *err)
{
    int64_t decisions = 0;
    aw_rc rc = aw_store_audits(walk->store, NULL, visit_row, walk, err);

    if (rc == AW_OK)
        rc = check_end(walk, err);
    return rc == AW_OK ? aw_decisions_verify(walk->store, &decisions, err)
                       : rc;
}

aw_rc aw_audit_verify(struct aw_store *store,
                      const struct aw_audit_head *known, int64_t *count,
                      struct aw_audit_head *head, struct aw_err *err)
{
    struct walk walk = {.store = store, .known = known};
    aw_rc rc = aw_store_begin_read(store, err);

    *count = 0;
    *head = walk.head;
    if (rc != AW_OK)
        return rc;
    aw_arena_init(&walk.arena, ARENA_MAX);
    rc = verify(&walk, err);
    aw_store_rollback(store);
    aw_arena_deinit(&walk.arena);
    *count = walk.head.id;
    *head = walk.head;
    return rc;
}
