#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "store/private.h"

#define QUEUE_MAX ((size_t)256 << 20) /* bytes of a queue and one finding */

/* A finding's place: the least first, then by id. */
struct place {
    double distance;
    uint64_t draw;
    int64_t id;
};

struct queue {
    const struct aw_findings_order *order;
    struct aw_arena arena;
    struct place *places;
    size_t count, cap;
};

/* Each finding draws by seed and id: one more finding moves no other. */
static uint64_t draw_of(uint64_t seed, int64_t id)
{
    char text[48];

    (void)snprintf(text, sizeof text, "%llu %lld", (unsigned long long)seed,
                   (long long)id);
    return aw_hash64(aw_str_of(text));
}

static aw_rc take_row(void *self, struct aw_rows *rows, struct aw_err *err)
{
    struct queue *q = self;
    void *items = q->places;
    struct place place = {.id = aw_rows_int(rows, 0)};
    aw_rc rc =
        aw_arena_grow(&q->arena, &items, q->count, &q->cap, sizeof place, err);

    if (rc != AW_OK)
        return rc;
    if (q->order->by == AW_BY_UNCERTAINTY)
        place.distance = fabs(aw_rows_real(rows, 1) - q->order->threshold);
    else
        place.draw = draw_of(q->order->seed, place.id);
    q->places = items;
    q->places[q->count++] = place;
    return AW_OK;
}

static int by_place(const void *a, const void *b)
{
    const struct place *x = a, *y = b;

    if (x->distance < y->distance || x->distance > y->distance)
        return x->distance < y->distance ? -1 : 1;
    if (x->draw != y->draw)
        return x->draw < y->draw ? -1 : 1;
    return (x->id > y->id) - (x->id < y->id);
}

static aw_rc line_up(struct aw_store *store, struct queue *q,
                     const char *state, struct aw_err *err)
{
    struct aw_rows *rows = NULL;
    aw_rc rc = aw_db_query(store->db, err, &rows,
                           "SELECT id, score FROM finding"
                           " WHERE ?1 IS NULL OR state = ?1",
                           "z", state);

    if (rc == AW_OK)
        rc = aw_rows_each(rows, take_row, q, err);
    if (rc == AW_OK && q->count > 0)
        qsort(q->places, q->count, sizeof *q->places, by_place);
    return rc;
}

static aw_rc visit_in_order(struct aw_store *store, const struct queue *q,
                            int64_t limit, aw_store_finding_fn *visit,
                            void *self, struct aw_err *err)
{
    struct aw_arena arena;
    aw_rc rc = AW_OK;

    aw_arena_init(&arena, QUEUE_MAX);
    for (size_t i = 0; i < q->count && rc == AW_OK; i++) {
        struct aw_finding finding = {0};

        if (limit > 0 && (int64_t)i == limit)
            break;
        aw_arena_reset(&arena);
        rc = aw_store_finding_get(store, &arena, q->places[i].id, &finding,
                                  err);
        if (rc == AW_OK)
            rc = visit(self, &finding, err);
    }
    aw_arena_deinit(&arena);
    return rc;
}

aw_rc aw_store_findings_by(struct aw_store *store,
                           const struct aw_findings_order *order,
                           const char *state, int64_t limit,
                           aw_store_finding_fn *visit, void *self,
                           struct aw_err *err)
{
    struct queue q = {.order = order};
    aw_rc rc;

    if (order->by == AW_BY_URGENCY)
        return aw_store_findings(store, state, limit, visit, self, err);
    aw_arena_init(&q.arena, QUEUE_MAX);
    rc = line_up(store, &q, state, err);
    if (rc == AW_OK)
        rc = visit_in_order(store, &q, limit, visit, self, err);
    aw_arena_deinit(&q.arena);
    return rc;
}
