#include "evidence/custody_private.h"

#include <stdio.h>

/* ---- the way so far ----------------------------------------------------- */

static bool is_sealing(struct aw_str action)
{
    return aw_str_eq(action, aw_custody_code(AW_CUSTODY_SEAL)) ||
           aw_str_eq(action, aw_custody_code(AW_CUSTODY_STAMP));
}

static enum aw_custody_change compare(const struct aw_custody_row *last,
                                      struct aw_str manifest,
                                      struct aw_str digest, bool sealing)
{
    if (!last)
        return AW_CUSTODY_FIRST;
    if (!aw_str_eq(last->manifest, manifest))
        return AW_CUSTODY_OTHER;
    if (aw_str_eq(last->digest, digest))
        return AW_CUSTODY_SAME;
    return sealing ? AW_CUSTODY_SEALED : AW_CUSTODY_TOUCHED;
}

/* The handing over of that id, among the first steps of a way. */
static const struct aw_custody_row *
handed_over(const struct aw_custody_way *way, int64_t id)
{
    for (size_t i = 0; i < way->count; i++) {
        const struct aw_custody_row *row = &way->steps[i].row;

        if (row->id == id &&
            aw_str_eq(row->action, aw_custody_code(AW_CUSTODY_HAND_OVER)))
            return row;
    }
    return NULL;
}

bool aw_custody_was_sent(const struct aw_custody_way *way, int64_t row)
{
    return handed_over(way, row) != NULL;
}

static bool receipt_differs(const struct aw_custody_way *way,
                            const struct aw_custody_row *row)
{
    const struct aw_custody_row *sent = handed_over(way, row->receipt_of);

    return row->receipt_of > 0 &&
           (!sent || !aw_str_eq(sent->digest, row->receipt_digest));
}

/* A row's step, at the end of the way. */
struct aw_custody_step aw_custody_step(const struct aw_custody_way *way,
                                       const struct aw_custody_row *row)
{
    const struct aw_custody_row *last =
        way->count > 0 ? &way->steps[way->count - 1].row : NULL;

    return (struct aw_custody_step){.row = *row,
                                    .change = compare(last, row->manifest,
                                                      row->digest,
                                                      is_sealing(row->action)),
                                    .differs = receipt_differs(way, row)};
}

struct reading {
    struct aw_arena *arena;
    struct aw_custody_way *way;
    size_t cap;
    /* of the audit rows */
    size_t audited;
    struct aw_buf detail;
};

static aw_rc dup_row(struct aw_arena *arena, const struct aw_custody_row *from,
                     struct aw_custody_row *to, struct aw_err *err)
{
    struct aw_str *const texts[] = {&to->bundle,        &to->manifest,
                                    &to->digest,        &to->who,
                                    &to->action,        &to->recipient,
                                    &to->person,        &to->contact,
                                    &to->purpose,       &to->path,
                                    &to->receipt_no,    &to->receipt_day,
                                    &to->receipt_digest};
    aw_rc rc = AW_OK;

    *to = *from;
    for (size_t i = 0; rc == AW_OK && i < sizeof texts / sizeof *texts; i++)
        rc = aw_arena_dup(arena, *texts[i], texts[i], err);
    return rc;
}

static aw_rc add_step(void *self, const struct aw_custody_row *row,
                      struct aw_err *err)
{
    struct reading *r = self;
    struct aw_custody_way *way = r->way;
    struct aw_custody_row mine;
    void *items = way->steps;
    aw_rc rc;

    if (way->count == AW_CUSTODY_ROWS_MAX)
        return aw_fail(err, AW_LIMIT, "more than %d rows of one bundle",
                       AW_CUSTODY_ROWS_MAX);
    rc = aw_arena_grow(r->arena, &items, way->count, &r->cap,
                       sizeof *way->steps, err);
    way->steps = items;
    if (rc == AW_OK)
        rc = dup_row(r->arena, row, &mine, err);
    if (rc != AW_OK)
        return rc;
    way->steps[way->count] = aw_custody_step(way, &mine);
    way->count++;
    return AW_OK;
}

aw_rc aw_custody_steps(struct aw_store *store, struct aw_arena *arena,
                       struct aw_str bundle, struct aw_custody_way *way,
                       struct aw_err *err)
{
    struct reading r = {.arena = arena, .way = way};

    return aw_store_custody(store, bundle, add_step, &r, err);
}

/* ---- against the audit chain -------------------------------------------- */

static aw_rc not_audited(struct reading *r, struct aw_err *err,
                         const char *what, int64_t id)
{
    char text[128];

    if (!r->way->audited)
        return AW_OK;
    r->way->audited = false;
    (void)snprintf(text, sizeof text, what, (long long)id);
    return aw_arena_dup(r->arena, aw_str_of(text), &r->way->audit_why, err);
}

static aw_rc audit_step(void *self, const struct aw_audit_row *audit,
                        struct aw_err *err)
{
    struct reading *r = self;
    const struct aw_custody_row *row;
    aw_rc rc;

    if (r->audited == r->way->count)
        return not_audited(r, err,
                           "audit row %lld tells of a row that is gone",
                           audit->id);
    row = &r->way->steps[r->audited++].row;
    aw_buf_reset(&r->detail);
    aw_custody_detail(&r->detail, row);
    rc = aw_buf_check(&r->detail, err);
    if (rc != AW_OK)
        return rc;
    if (row->at_ms != audit->at_ms || !aw_str_eq(row->who, audit->who) ||
        !aw_str_eq(aw_buf_str(&r->detail), audit->detail))
        return not_audited(r, err,
                           "row %lld is not as the audit chain tells it",
                           row->id);
    return AW_OK;
}

static aw_rc check_audit(struct aw_store *store, struct aw_arena *arena,
                         struct aw_str bundle, struct aw_custody_way *way,
                         struct aw_err *err)
{
    struct reading r = {.arena = arena, .way = way};
    char subject[AW_CUSTODY_SUBJECT_MAX];
    struct aw_audit_filter filter = {
        .action = aw_str_of(aw_audit_code(AW_AUDIT_CUSTODY))};
    aw_rc rc;

    aw_custody_subject(bundle, subject);
    filter.subject = aw_str_of(subject);
    way->audited = true;
    aw_buf_init(&r.detail, AW_AUDIT_DETAIL_MAX);
    rc = aw_store_audits(store, &filter, audit_step, &r, err);
    aw_buf_deinit(&r.detail);
    if (rc == AW_OK && r.audited < way->count)
        rc = not_audited(&r, err, "row %lld is not in the audit chain",
                         way->steps[r.audited].row.id);
    return rc;
}

aw_rc aw_custody_read(struct aw_store *store, struct aw_arena *arena,
                      struct aw_str bundle, struct aw_custody_way *out,
                      struct aw_err *err)
{
    struct aw_custody_way way = {0};
    aw_rc rc = aw_store_begin_read(store, err);

    if (rc != AW_OK)
        return rc;
    rc = aw_custody_steps(store, arena, bundle, &way, err);
    if (rc == AW_OK)
        rc = check_audit(store, arena, bundle, &way, err);
    aw_store_rollback(store);
    if (rc == AW_OK)
        *out = way;
    return rc;
}

enum aw_custody_change aw_custody_compare(const struct aw_custody_way *way,
                                          const struct aw_custody_file *file)
{
    return compare(way->count > 0 ? &way->steps[way->count - 1].row : NULL,
                   aw_str_of(file->manifest), aw_str_of(file->digest), false);
}
