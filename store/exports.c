#include "store/exports.h"

#include "store/private.h"

static aw_rc read_digest(struct aw_store *store, struct aw_arena *arena,
                         int64_t capture, struct aw_str *out,
                         struct aw_err *err)
{
    struct aw_rows *rows = NULL;
    aw_rc rc = aw_db_query(store->db, err, &rows,
                           "SELECT payload_digest FROM capture WHERE id = ?",
                           "i", capture);

    if (rc == AW_OK)
        rc = aw_rows_one(rows, "capture", capture, err);
    if (rc == AW_OK)
        rc = aw_rows_dup(rows, 0, arena, out, err);
    aw_rows_end(rows);
    return rc;
}

/* A finding that is not sorted yet has none of these. */
static aw_rc read_sorted(struct aw_store *store, struct aw_arena *arena,
                         int64_t finding, struct aw_export_facts *out,
                         struct aw_err *err)
{
    struct aw_str *const texts[] = {&out->place, &out->sectors,
                                    &out->publisher};
    struct aw_rows *rows = NULL;
    bool more = false;
    aw_rc rc = aw_db_query(
        store->db, err, &rows,
        "SELECT place, sectors, coalesce((SELECT name FROM publisher WHERE"
        " publisher.id = sorted.publisher), '') FROM sorted WHERE finding = ?",
        "i", finding);

    if (rc == AW_OK)
        rc = aw_rows_next(rows, &more, err);
    if (rc == AW_OK && more)
        rc = aw_rows_dup_all(rows, 0, 3, arena, texts, err);
    aw_rows_end(rows);
    return rc;
}

/* ---- what came after one another ---------------------------------------- */

struct list {
    struct aw_arena *arena;
    struct aw_export_facts *facts;
    size_t cap;
};

static aw_rc add_comment(void *self, const struct aw_comment *comment,
                         struct aw_err *err)
{
    struct list *list = self;
    struct aw_export_facts *facts = list->facts;
    void *items = facts->comments;
    struct aw_comment *c;
    aw_rc rc = aw_arena_grow(list->arena, &items, facts->comment_count,
                             &list->cap, sizeof *c, err);

    if (rc != AW_OK)
        return rc;
    facts->comments = items;
    c = &facts->comments[facts->comment_count++];
    *c = *comment;
    rc = aw_arena_dup(list->arena, comment->who, &c->who, err);
    return rc == AW_OK
               ? aw_arena_dup(list->arena, comment->text, &c->text, err)
               : rc;
}

static aw_rc read_comments(struct aw_store *store, struct aw_arena *arena,
                           int64_t finding, struct aw_export_facts *out,
                           struct aw_err *err)
{
    struct list list = {.arena = arena, .facts = out};

    return aw_store_comments(store, finding, add_comment, &list, err);
}

static aw_rc add_decision(void *self, struct aw_rows *rows, struct aw_err *err)
{
    struct list *list = self;
    struct aw_export_facts *facts = list->facts;
    void *items = facts->decisions;
    struct aw_decision_row *d;
    aw_rc rc = aw_arena_grow(list->arena, &items, facts->decision_count,
                             &list->cap, sizeof *d, err);

    if (rc != AW_OK)
        return rc;
    facts->decisions = items;
    d = &facts->decisions[facts->decision_count++];
    d->id = aw_rows_int(rows, 0);
    d->finding = aw_rows_int(rows, 1);
    d->at_ms = aw_rows_int(rows, 2);
    return aw_rows_dup_all(rows, 3, 5, list->arena,
                           (struct aw_str *const[]){&d->who, &d->action,
                                                    &d->reason, &d->previous,
                                                    &d->hash},
                           err);
}

static aw_rc read_decisions(struct aw_store *store, struct aw_arena *arena,
                            int64_t finding, struct aw_export_facts *out,
                            struct aw_err *err)
{
    struct list list = {.arena = arena, .facts = out};
    struct aw_rows *rows = NULL;
    aw_rc rc = aw_db_query(
        store->db, err, &rows,
        "SELECT * FROM (SELECT id, finding, at_ms, who, action, reason,"
        " previous, hash FROM decision WHERE finding = ?"
        " ORDER BY id DESC LIMIT ?) ORDER BY id",
        "ii", finding, (int64_t)AW_EXPORT_DECISIONS_MAX);

    return rc == AW_OK ? aw_rows_each(rows, add_decision, &list, err) : rc;
}

aw_rc aw_store_export_facts(struct aw_store *store, struct aw_arena *arena,
                            const struct aw_finding *finding,
                            struct aw_export_facts *out, struct aw_err *err)
{
    struct aw_export_facts facts = {0};
    aw_rc rc = read_digest(store, arena, finding->first_capture,
                           &facts.first_digest, err);

    if (rc == AW_OK)
        rc = read_digest(store, arena, finding->last_capture,
                         &facts.last_digest, err);
    if (rc == AW_OK)
        rc = read_sorted(store, arena, finding->id, &facts, err);
    if (rc == AW_OK)
        rc = read_comments(store, arena, finding->id, &facts, err);
    if (rc == AW_OK)
        rc = read_decisions(store, arena, finding->id, &facts, err);
    if (rc == AW_OK)
        *out = facts;
    return rc;
}
