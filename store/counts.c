#include <search.h>

#include "store/private.h"

/* Counting by GROUP BY sorts all rows, ten million in a large store. There
 * are few different reasons: they are counted while the rows go by. */

#define TALLIES_MAX ((size_t)256 << 20) /* bytes of different reasons */

struct tally {
    struct aw_str source, state, reason;
    int64_t count;
};

struct counting {
    struct aw_arena arena;
    void *tallies; /* tree of tsearch(3) */
    struct tally *last;
    aw_store_count_fn *visit;
    void *self;
    aw_rc rc;
    struct aw_err *err;
};

static int compare(const void *a, const void *b)
{
    const struct tally *x = a;
    const struct tally *y = b;
    int order = aw_str_cmp(x->source, y->source);

    if (order == 0)
        order = aw_str_cmp(x->state, y->state);
    return order != 0 ? order : aw_str_cmp(x->reason, y->reason);
}

static aw_rc add_tally(struct counting *c, const struct tally *key,
                       struct aw_err *err)
{
    struct tally *made = aw_arena_alloc(&c->arena, sizeof *made);
    aw_rc rc;

    if (!made)
        return aw_arena_fail(&c->arena, err);
    rc = aw_arena_dup(&c->arena, key->source, &made->source, err);
    if (rc == AW_OK)
        rc = aw_arena_dup(&c->arena, key->state, &made->state, err);
    if (rc == AW_OK)
        rc = aw_arena_dup(&c->arena, key->reason, &made->reason, err);
    if (rc == AW_OK && !tsearch(made, &c->tallies, compare))
        rc = aw_fail(err, AW_NOMEM, "out of memory");
    c->last = made;
    return rc;
}

/* Rows that lie side by side are often alike. */
static aw_rc count_row(void *self, struct aw_rows *rows, struct aw_err *err)
{
    struct counting *c = self;
    struct tally key = {.source = aw_rows_str(rows, 0),
                        .state = aw_rows_str(rows, 1),
                        .reason = aw_rows_str(rows, 2)};
    struct tally **found;
    aw_rc rc = AW_OK;

    if (!c->last || compare(c->last, &key) != 0) {
        found = tfind(&key, &c->tallies, compare);
        if (found)
            c->last = *found;
        else
            rc = add_tally(c, &key, err);
    }
    if (rc == AW_OK)
        c->last->count++;
    return rc;
}

static void tell(const void *node, VISIT order, void *self)
{
    const struct tally *t = *(struct tally *const *)node;
    struct counting *c = self;

    if (c->rc == AW_OK && (order == postorder || order == leaf))
        c->rc = c->visit(c->self, t->source, t->state, t->reason, t->count,
                         c->err);
}

/* They lie in the arena. */
static void leave(void *tally)
{
    (void)tally;
}

aw_rc aw_store_url_counts(struct aw_store *store, int64_t run,
                          aw_store_count_fn *visit, void *self,
                          struct aw_err *err)
{
    struct counting c = {.visit = visit, .self = self, .err = err};
    struct aw_rows *rows = NULL;

    aw_arena_init(&c.arena, TALLIES_MAX);
    c.rc = aw_db_query(store->db, err, &rows,
                       "SELECT name, state, reason FROM url"
                       " JOIN source ON source.id = url.source"
                       " WHERE run = ? OR state = 'queued'",
                       "i", run);
    if (c.rc == AW_OK)
        c.rc = aw_rows_each(rows, count_row, &c, err);
    twalk_r(c.tallies, tell, &c);
    tdestroy(c.tallies, leave);
    aw_arena_deinit(&c.arena);
    return c.rc;
}
