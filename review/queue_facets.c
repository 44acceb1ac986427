/* queue_facets.c - how many findings each choice of a filter would show. */
#include <stdlib.h>

#include "base/document.h"
#include "review/queue_private.h"
#include "store/queue_rows.h"

#define DAY_MS (INT64_C(24) * 3600 * 1000)
#define AGES 4

/* Whole days since it was first seen, and the last one of each. */
static const struct {
    const char *name;
    int64_t to;
} ages[AGES] = {{"0-3", 3}, {"4-7", 7}, {"8-15", 15}, {"over", INT64_MAX}};

struct tally {
    int64_t states[AW_QUEUE_STATE_COUNT + 1];
    int64_t channels[AW_CHANNEL_COUNT + 1];
    int64_t classes[AW_SORT_CLASS_COUNT];
    int64_t sectors[AW_TRADES_MAX];
    int64_t ages[AGES];
    uint32_t *places, *publishers; /* by number, by id */
};

static void count_bits(int64_t *counts, uint32_t bits)
{
    while (bits) {
        counts[__builtin_ctz(bits)]++;
        bits &= bits - 1;
    }
}

static size_t age_of(int64_t now_ms, int64_t seen_ms)
{
    int64_t days = (now_ms - seen_ms) / DAY_MS;
    size_t age = 0;

    while (days > ages[age].to)
        age++;
    return age;
}

/* An entry counts in a list where all filters but the list's own let it
 * through. */
static void count_entry(struct tally *t, const struct aw_queue_entry *e,
                        unsigned state, unsigned failed, int64_t now_ms)
{
    if (!(failed & ~AW_FILTER(STATE)))
        t->states[state]++;
    if (!(failed & ~AW_FILTER(CHANNEL)))
        t->channels[e->channel]++;
    if (!(failed & ~AW_FILTER(CLASS)))
        count_bits(t->classes, e->classes & ((1u << AW_SORT_CLASS_COUNT) - 1));
    if (!(failed & ~AW_FILTER(SECTOR)))
        count_bits(t->sectors, e->sectors);
    if (!(failed & ~AW_FILTER(PLACE)))
        t->places[e->place]++;
    if (!(failed & ~AW_FILTER(PUBLISHER)))
        t->publishers[e->publisher]++;
    if (!(failed & ~AW_FILTER(AGE)))
        t->ages[age_of(now_ms, e->first_seen_ms)]++;
}

static aw_rc count_all(struct tally *t, const struct aw_queue *q,
                       const struct aw_queue_match *match, struct aw_err *err)
{
    int64_t now_ms = aw_clock_wall(q->clock);

    t->places = calloc((size_t)q->places.count + 1, sizeof *t->places);
    t->publishers = calloc(q->publisher_cap + 1, sizeof *t->publishers);
    if (!t->places || !t->publishers)
        return aw_fail(err, AW_NOMEM, "out of memory");
    for (size_t i = 0; i < q->count; i++) {
        unsigned failed = aw_queue_failed(match, &q->entries[i], i);

        if (!(failed & (failed - 1))) /* one at most */
            count_entry(t, &q->entries[i],
                        aw_queue_state_of(match, &q->entries[i], i), failed,
                        now_ms);
    }
    return AW_OK;
}

/* ---- told ----------------------------------------------------------------
 */

static int by_count(const void *a, const void *b)
{
    const struct aw_queue_count *x = a, *y = b;

    if (x->count != y->count)
        return x->count > y->count ? -1 : 1;
    return aw_str_cmp(x->value, y->value);
}

static struct aw_queue_count *list_of(struct aw_arena *arena, size_t most,
                                      struct aw_err *err)
{
    struct aw_queue_count *list =
        aw_arena_array(arena, most + 1, sizeof *list);

    if (!list)
        (void)aw_arena_fail(arena, err);
    return list;
}

static const char *state_name(size_t number)
{
    return aw_queue_state_name((enum aw_queue_state)number);
}

static const char *class_name(size_t number)
{
    return aw_sort_class_name((int)number);
}

static const char *channel_name(size_t number)
{
    return aw_channel_name((enum aw_channel)number);
}

static const char *age_name(size_t number)
{
    return ages[number].name;
}

/* Those of a fixed list, in its order. */
static aw_rc tell_fixed(const int64_t *counts, size_t most,
                        const char *(*name)(size_t number),
                        struct aw_arena *arena, struct aw_queue_count **out,
                        size_t *count, struct aw_err *err)
{
    *out = list_of(arena, most, err);
    if (!*out)
        return err->rc;
    for (size_t i = 0; i < most; i++)
        if (counts[i] > 0)
            (*out)[(*count)++] =
                (struct aw_queue_count){.value = aw_str_of(name(i)),
                                        .count = counts[i]};
    return AW_OK;
}

static aw_rc tell_sectors(const struct tally *t, const struct aw_queue *q,
                          struct aw_arena *arena, struct aw_facets *out,
                          struct aw_err *err)
{
    out->sectors = list_of(arena, AW_TRADES_MAX, err);
    if (!out->sectors)
        return err->rc;
    for (size_t i = 0; i < q->trades->sector_count; i++)
        if (t->sectors[i] > 0)
            out->sectors[out->sectors_count++] =
                (struct aw_queue_count){q->trades->sectors[i].id,
                                        q->trades->sectors[i].name,
                                        t->sectors[i]};
    qsort(out->sectors, out->sectors_count, sizeof *out->sectors, by_count);
    return AW_OK;
}

static aw_rc tell_places(const struct tally *t, const struct aw_queue *q,
                         struct aw_arena *arena, struct aw_facets *out,
                         struct aw_err *err)
{
    aw_rc rc = AW_OK;

    out->places = list_of(arena, q->places.count, err);
    if (!out->places)
        return err->rc;
    for (size_t i = 0; i < q->places.count && rc == AW_OK; i++) {
        struct aw_queue_count *place = &out->places[out->places_count];

        if (t->places[i] == 0 || q->places.items[i].len == 0)
            continue;
        rc = aw_arena_dup(arena, q->places.items[i], &place->value, err);
        place->name = aw_places_name(q->place_table, place->value);
        place->count = t->places[i];
        out->places_count++;
    }
    qsort(out->places, out->places_count, sizeof *out->places, by_count);
    return rc;
}

/* The publishers with most findings, by insertion into a short list. */
struct most {
    uint32_t id, count;
};

static size_t find_most(const struct tally *t, size_t publishers,
                        struct most list[AW_QUEUE_PUBLISHERS_SHOWN])
{
    size_t count = 0;

    for (size_t id = 1; id < publishers; id++) {
        struct most new = {(uint32_t)id, t->publishers[id]};

        if (new.count == 0 || (count == AW_QUEUE_PUBLISHERS_SHOWN &&
                               new.count <= list[count - 1].count))
            continue;
        if (count < AW_QUEUE_PUBLISHERS_SHOWN)
            list[count++] = (struct most){0, 0};
        for (size_t i = 0; i < count; i++)
            if (new.count > list[i].count) {
                struct most out = list[i];

                list[i] = new;
                new = out;
            }
    }
    return count;
}

static aw_rc tell_publishers(struct aw_store *store, const struct most *list,
                             size_t count, struct aw_arena *arena,
                             struct aw_facets *out, struct aw_err *err)
{
    aw_rc rc = AW_OK;

    out->publishers = list_of(arena, count, err);
    if (!out->publishers)
        return err->rc;
    for (size_t i = 0; i < count && rc == AW_OK; i++) {
        struct aw_queue_count *publisher = &out->publishers[i];
        char id[16];

        (void)snprintf(id, sizeof id, "%u", list[i].id);
        publisher->count = list[i].count;
        rc = aw_arena_dup(arena, aw_str_of(id), &publisher->value, err);
        if (rc == AW_OK)
            rc = aw_store_publisher_name(store, list[i].id, arena,
                                         &publisher->name, err);
        out->publishers_count++;
    }
    return rc;
}

static aw_rc tell(const struct tally *t, const struct aw_queue *q,
                  struct aw_arena *arena, struct aw_facets *out,
                  struct aw_err *err)
{
    aw_rc rc = tell_fixed(t->states, AW_QUEUE_STATE_COUNT, state_name, arena,
                          &out->states, &out->states_count, err);

    if (rc == AW_OK)
        rc = tell_fixed(t->classes, AW_SORT_CLASS_COUNT, class_name, arena,
                        &out->classes, &out->classes_count, err);
    if (rc == AW_OK)
        rc = tell_fixed(t->channels, AW_CHANNEL_COUNT, channel_name, arena,
                        &out->channels, &out->channels_count, err);
    if (rc == AW_OK)
        rc = tell_fixed(t->ages, AGES, age_name, arena, &out->ages,
                        &out->ages_count, err);
    if (rc == AW_OK)
        rc = tell_sectors(t, q, arena, out, err);
    return rc == AW_OK ? tell_places(t, q, arena, out, err) : rc;
}

aw_rc aw_queue_facets(struct aw_queue *q, struct aw_store *store,
                      const struct aw_question *question,
                      struct aw_arena *arena, struct aw_facets *out,
                      struct aw_err *err)
{
    struct most most[AW_QUEUE_PUBLISHERS_SHOWN];
    struct aw_queue_asking asking;
    struct tally t = {0};
    size_t count = 0;
    aw_rc rc = aw_queue_begin(&asking, q, store, question, err);

    *out = (struct aw_facets){.states = NULL};
    if (rc == AW_OK)
        rc = count_all(&t, q, &asking.match, err);
    if (rc == AW_OK) {
        count = find_most(&t, q->publisher_cap, most);
        rc = tell(&t, q, arena, out, err);
    }
    aw_queue_done(&asking);
    free(t.places);
    free(t.publishers);
    return rc == AW_OK ? tell_publishers(store, most, count, arena, out, err)
                       : rc;
}

/* ---- one publisher -------------------------------------------------------
 */

static void count_publisher(const struct aw_queue *q,
                            const struct aw_queue_match *match,
                            int64_t publisher, int64_t *states)
{
    const struct aw_queue_publisher *p;

    if (publisher < 1 || (size_t)publisher >= q->publisher_cap)
        return;
    p = &q->publishers[publisher];
    for (uint32_t at = p->count > 0 ? p->head : AW_QUEUE_NONE;
         at != AW_QUEUE_NONE; at = q->entries[at].next_of_publisher) {
        const struct aw_queue_entry *e = &q->entries[at];

        if (!aw_queue_failed(match, e, at))
            states[aw_queue_state_of(match, e, at)]++;
    }
}

aw_rc aw_queue_publisher_states(struct aw_queue *q, struct aw_store *store,
                                const struct aw_question *question,
                                int64_t states[AW_QUEUE_STATE_COUNT + 1],
                                struct aw_err *err)
{
    struct aw_queue_asking asking;
    aw_rc rc = aw_queue_begin(&asking, q, store, question, err);

    memset(states, 0, (AW_QUEUE_STATE_COUNT + 1) * sizeof *states);
    if (rc == AW_OK)
        count_publisher(q, &asking.match, question->publisher, states);
    aw_queue_done(&asking);
    return rc;
}
