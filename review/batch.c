#include "review/batch.h"

#define ARENA_MAX ((size_t)4 << 20)

/* ---- telling ------------------------------------------------------------ */

struct telling {
    aw_outcome_fn *visit;
    void *self;
};

/* What is one finding's failure goes to the caller; the others end it all. */
static aw_rc tell(const struct telling *telling, int64_t finding, aw_rc rc,
                  const struct aw_decided *decided, struct aw_err *err)
{
    struct aw_outcome outcome = {.finding = finding,
                                 .rc = rc,
                                 .decided = *decided,
                                 .message = rc == AW_OK ? "" : err->msg};

    if (rc != AW_OK && rc != AW_BUSY && rc != AW_INVALID && rc != AW_MISSING)
        return rc;
    return telling->visit(telling->self, &outcome, err);
}

/* ---- keys --------------------------------------------------------------- */

/* Takes up the batch that an earlier request with this key began. */
static aw_rc take_up(struct aw_store *store, struct aw_arena *arena,
                     struct aw_batch *batch, bool *repeated,
                     struct aw_err *err)
{
    struct aw_batch earlier = {0};
    aw_rc rc = aw_written_check("key", batch->key, AW_ORDER_KEY_MAX, err);

    *repeated = false;
    if (rc != AW_OK || batch->key.len == 0)
        return rc;
    rc = aw_store_batch_find(store, arena, batch->who, batch->key, &earlier,
                             err);
    if (rc == AW_MISSING)
        return AW_OK;
    if (rc == AW_OK && !aw_str_eq(earlier.action, batch->action))
        rc = aw_fail(err, AW_INVALID,
                     "the key '%.*s' was used for another order: take a new "
                     "one",
                     AW_STR_ARG(batch->key));
    if (rc != AW_OK)
        return rc;
    *batch = earlier;
    *repeated = true;
    return AW_OK;
}

/* ---- deciding ----------------------------------------------------------- */

static aw_rc check_count(const struct aw_order *order, struct aw_err *err)
{
    if (order->count == 0)
        return aw_fail(err, AW_INVALID, "no findings are given");
    if (order->count > AW_ORDER_MOST)
        return aw_fail(err, AW_LIMIT, "%zu findings: decide %d at a time",
                       order->count, AW_ORDER_MOST);
    if (order->count > AW_ORDER_UNTYPED &&
        order->typed != (int64_t)order->count)
        return aw_fail(err, AW_INVALID,
                       "these are %zu findings: type that number to decide "
                       "them all",
                       order->count);
    return AW_OK;
}

static aw_rc decide_item(struct aw_store *store, const struct aw_clock *clock,
                         struct aw_decision_input *input,
                         const struct telling *telling, struct aw_err *err)
{
    struct aw_decided decided = {0};
    struct aw_arena arena;
    aw_rc rc;

    aw_arena_init(&arena, ARENA_MAX);
    rc = aw_decide(store, clock, input, &arena, &decided, err);
    rc = tell(telling, input->finding, rc, &decided, err);
    aw_arena_deinit(&arena);
    return rc;
}

static aw_rc decide_items(struct aw_store *store, const struct aw_clock *clock,
                          const struct aw_order *order, struct aw_batch *batch,
                          bool repeated, const struct telling *telling,
                          struct aw_err *err)
{
    struct aw_decision_input input = {.action = order->action,
                                      .reason = order->reason,
                                      .who = order->who,
                                      .class = order->class,
                                      .code = order->code,
                                      .by = order->by,
                                      .has_version = order->as_seen,
                                      .batch = batch,
                                      .repeated = repeated};
    aw_rc rc = AW_OK;

    for (size_t i = 0; i < order->count && rc == AW_OK; i++) {
        input.finding = order->items[i].finding;
        input.version = order->items[i].version;
        rc = decide_item(store, clock, &input, telling, err);
    }
    return rc;
}

aw_rc aw_order_carry_out(struct aw_store *store, const struct aw_clock *clock,
                         const struct aw_order *order, aw_outcome_fn *visit,
                         void *self, int64_t *batch, struct aw_err *err)
{
    struct telling telling = {visit, self};
    struct aw_batch row = {.at_ms = aw_clock_wall(clock),
                           .who = order->who,
                           .action = order->action,
                           .key = order->key};
    struct aw_arena arena;
    bool repeated = false;
    aw_rc rc = check_count(order, err);

    if (rc != AW_OK)
        return rc;
    aw_arena_init(&arena, ARENA_MAX);
    rc = take_up(store, &arena, &row, &repeated, err);
    if (rc == AW_OK)
        rc = decide_items(store, clock, order, &row, repeated, &telling, err);
    *batch = row.id;
    aw_arena_deinit(&arena);
    return rc;
}

/* ---- taking back -------------------------------------------------------- */

/* *leased: another looks at it, and what is to be taken back is still the
 * newest there: it can be later. */
static aw_rc undo_item(struct aw_store *store, const struct aw_clock *clock,
                       const struct aw_undo_input *input,
                       const struct telling *telling, bool *leased,
                       struct aw_err *err)
{
    struct aw_decided decided = {0};
    struct aw_arena arena;
    aw_rc rc;

    aw_arena_init(&arena, ARENA_MAX);
    rc = aw_decide_undo(store, clock, input, &arena, &decided, err);
    if (rc == AW_BUSY && decided.row.batch == input->batch->undoes)
        *leased = true;
    if (rc == AW_MISSING) /* by a request that ended before its answer */
        rc = AW_OK;
    else
        rc = tell(telling, input->finding, rc, &decided, err);
    aw_arena_deinit(&arena);
    return rc;
}

static aw_rc undo_items(struct aw_store *store, const struct aw_clock *clock,
                        struct aw_arena *arena, struct aw_undo_input *input,
                        const struct telling *telling, struct aw_err *err)
{
    int64_t *findings = NULL;
    bool leased = false;
    size_t count = 0;
    aw_rc rc = aw_store_batch_findings(store, arena, input->batch->undoes,
                                       &findings, &count, err);

    for (size_t i = 0; i < count && rc == AW_OK; i++) {
        input->finding = findings[i];
        rc = undo_item(store, clock, input, telling, &leased, err);
    }
    return rc == AW_OK && !leased
               ? aw_store_batch_close(store, input->batch->undoes, err)
               : rc;
}

static aw_rc count_left(struct aw_store *store, struct aw_str who,
                        int64_t *left, struct aw_err *err)
{
    int64_t batch = 0;
    aw_rc rc =
        aw_store_batch_undoable(store, who, AW_UNDO_MOST, &batch, left, err);

    return rc == AW_MISSING ? AW_OK : rc;
}

/* Which one it is about: that of an earlier request with the key, else the
 * newest. */
static aw_rc choose(struct aw_store *store, struct aw_arena *arena,
                    struct aw_batch *batch, bool *repeated, struct aw_err *err)
{
    int64_t left = 0;
    aw_rc rc = take_up(store, arena, batch, repeated, err);

    if (rc != AW_OK || *repeated)
        return rc;
    rc = aw_store_batch_undoable(store, batch->who, AW_UNDO_MOST,
                                 &batch->undoes, &left, err);
    return rc == AW_MISSING
               ? aw_fail(err, AW_MISSING,
                         "'%.*s' has decided nothing that can be taken back",
                         AW_STR_ARG(batch->who))
               : rc;
}

aw_rc aw_order_undo(struct aw_store *store, const struct aw_clock *clock,
                    const struct aw_undo *undo, aw_outcome_fn *visit,
                    void *self, int64_t *left, struct aw_err *err)
{
    struct telling telling = {visit, self};
    struct aw_batch batch = {.at_ms = aw_clock_wall(clock),
                             .who = undo->who,
                             .action =
                                 aw_str_of(aw_action_text(AW_ACTION_UNDO)),
                             .key = undo->key};
    struct aw_undo_input input = {.by = undo->by, .batch = &batch};
    struct aw_arena arena;
    aw_rc rc;

    aw_arena_init(&arena, ARENA_MAX);
    rc = choose(store, &arena, &batch, &input.repeated, err);
    if (rc == AW_OK)
        rc = undo_items(store, clock, &arena, &input, &telling, err);
    if (rc == AW_OK)
        rc = count_left(store, undo->who, left, err);
    aw_arena_deinit(&arena);
    return rc;
}
