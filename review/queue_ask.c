/* queue_ask.c - a page of the queue: one pass over all entries. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "review/queue_private.h"
#include "store/queue_rows.h"

#define CURSOR_MAX 64 /* bytes */

/* Where a row stands: the least first, then by id. */
struct rank {
    uint64_t key;
    int64_t id;
    uint32_t number;
};

/* What a bunch shows: of those that are asked for, the first, with its key,
 * and how many. There is one for each bunch, and they are reached at random:
 * they are small, and entries are not reached through them. */
struct face {
    uint64_t key;
    uint32_t number, count;
};

struct asking {
    struct aw_queue_asking common;
    const struct aw_queue *q;
    const struct aw_question *question;
    struct rank after; /* rows up to here were shown */
    bool has_after;
    struct rank *top; /* a heap, the last of them first; then in order */
    size_t top_count, top_max;
    int64_t groups, findings;
};

/* ---- the order -----------------------------------------------------------
 */

static uint64_t draw(uint64_t seed, int64_t id)
{
    uint64_t h = seed * 0x9E3779B97F4A7C15u + (uint64_t)id;

    h = (h ^ h >> 30) * 0xBF58476D1CE4E5B9u;
    h = (h ^ h >> 27) * 0x94D049BB133111EBu;
    return h ^ h >> 31;
}

/* Where it would stand without what is veiled. */
static int veiled_urgency(const struct asking *a, size_t number)
{
    struct aw_urgency_facts facts =
        aw_queue_facts_told(&a->common.match, a->q, number);
    int total = aw_urgency_of(&facts).total;

    return total < INT16_MAX ? total : INT16_MAX;
}

/* Asked for each entry: little is done where nothing is veiled. */
static inline int urgency_of(const struct asking *a,
                             const struct aw_queue_entry *e, size_t number)
{
    return aw_queue_is_touched(&a->common.match, e, number)
               ? veiled_urgency(a, number)
               : e->urgency;
}

static uint64_t key_of(const struct asking *a, const struct aw_queue_entry *e,
                       size_t number)
{
    switch (a->question->order) {
    case AW_QUEUE_NEWEST:
        return (uint64_t)(INT64_MAX - e->first_seen_ms);
    case AW_QUEUE_UNCERTAIN:
        return (uint64_t)abs((int)e->score - (int)a->q->threshold);
    case AW_QUEUE_RANDOM:
        return draw(a->question->seed, e->id);
    case AW_QUEUE_URGENT:
    default:
        return (uint64_t)(INT16_MAX - urgency_of(a, e, number));
    }
}

static struct rank rank_of(const struct asking *a, size_t number)
{
    const struct aw_queue_entry *e = &a->q->entries[number];

    return (struct rank){key_of(a, e, number), e->id, (uint32_t)number};
}

static bool is_before(const struct rank *a, const struct rank *b)
{
    return a->key != b->key ? a->key < b->key : a->id < b->id;
}

static int compare(const void *a, const void *b)
{
    return is_before(a, b) ? -1 : is_before(b, a);
}

/* ---- the cursor: the order, and the place of the last row -----------------
 */

static const char order_letters[] = {[AW_QUEUE_URGENT] = 'u',
                                     [AW_QUEUE_NEWEST] = 'n',
                                     [AW_QUEUE_UNCERTAIN] = 'c',
                                     [AW_QUEUE_RANDOM] = 'r'};

static bool parse_key(struct aw_str text, uint64_t *out)
{
    *out = 0;
    for (size_t i = 0; i < text.len; i++) {
        int digit = aw_hex_value(text.ptr[i]);

        if (digit < 0)
            return false;
        *out = *out << 4 | (uint64_t)digit;
    }
    return text.len > 0 && text.len <= 16;
}

static aw_rc read_cursor(struct asking *a, struct aw_err *err)
{
    const char letter = order_letters[a->question->order];
    struct aw_str text = a->question->after, key;

    if (text.len == 0)
        return AW_OK;
    if (text.ptr[0] == letter) {
        text = aw_str_sub(text, 1, text.len);
        if (aw_str_split(&text, '.', &key) && parse_key(key, &a->after.key) &&
            aw_str_to_int(text, &a->after.id)) {
            a->has_after = true;
            return AW_OK;
        }
    }
    return aw_fail(err, AW_INVALID,
                   "'%.*s' is no place in this list: begin at its first page",
                   AW_STR_ARG(aw_str_sub(a->question->after, 0, CURSOR_MAX)));
}

static aw_rc write_cursor(const struct asking *a, const struct rank *last,
                          struct aw_arena *arena, struct aw_str *out,
                          struct aw_err *err)
{
    char text[CURSOR_MAX];

    (void)snprintf(text, sizeof text, "%c%" PRIx64 ".%" PRId64,
                   order_letters[a->question->order], last->key, last->id);
    return aw_arena_dup(arena, aw_str_of(text), out, err);
}

/* ---- the first rows, in a heap -------------------------------------------
 */

static void sift_down(struct rank *heap, size_t count, size_t at)
{
    for (;;) {
        size_t child = at * 2 + 1;
        struct rank swap;

        if (child >= count)
            return;
        if (child + 1 < count && is_before(&heap[child], &heap[child + 1]))
            child++;
        if (!is_before(&heap[at], &heap[child]))
            return;
        swap = heap[at];
        heap[at] = heap[child];
        heap[child] = swap;
        at = child;
    }
}

static void sift_up(struct rank *heap, size_t at)
{
    while (at > 0) {
        size_t parent = (at - 1) / 2;
        struct rank swap = heap[parent];

        if (!is_before(&heap[parent], &heap[at]))
            return;
        heap[parent] = heap[at];
        heap[at] = swap;
        at = parent;
    }
}

static void offer(struct asking *a, const struct rank *rank)
{
    if (a->has_after && !is_before(&a->after, rank))
        return;
    if (a->top_count < a->top_max) {
        a->top[a->top_count] = *rank;
        sift_up(a->top, a->top_count++);
    } else if (is_before(rank, &a->top[0])) {
        a->top[0] = *rank;
        sift_down(a->top, a->top_count, 0);
    }
}

/* ---- the pass ------------------------------------------------------------
 */

static aw_rc pass_flat(struct asking *a, struct aw_err *err)
{
    const struct aw_queue *q = a->q;
    uint64_t *seen = calloc(q->bunch_count / 64 + 1, sizeof *seen);

    if (!seen)
        return aw_fail(err, AW_NOMEM, "out of memory");
    for (size_t i = 0; i < q->count; i++) {
        const struct aw_queue_entry *e = &q->entries[i];
        uint64_t bit = UINT64_C(1) << e->bunch % 64;
        struct rank rank;

        if (aw_queue_failed(&a->common.match, e, i))
            continue;
        rank = rank_of(a, i);
        offer(a, &rank);
        a->findings++;
        a->groups += !(seen[e->bunch / 64] & bit);
        seen[e->bunch / 64] |= bit;
    }
    free(seen);
    return AW_OK;
}

/* Entries come by id: of equal keys the first stays. */
static void find_faces(struct asking *a, struct face *faces)
{
    const struct aw_queue *q = a->q;

    for (size_t i = 0; i < q->count; i++) {
        const struct aw_queue_entry *e = &q->entries[i];
        struct face *face = &faces[e->bunch];
        uint64_t key;

        if (aw_queue_failed(&a->common.match, e, i))
            continue;
        key = key_of(a, e, i);
        if (face->count++ == 0 || key < face->key) {
            face->key = key;
            face->number = (uint32_t)i;
        }
        a->findings++;
    }
}

/* Most come behind the last of those that are kept, by their key alone. */
static void offer_face(struct asking *a, const struct face *face)
{
    struct rank rank = {face->key, 0, face->number};

    a->groups++;
    if (a->top_count == a->top_max && face->key > a->top[0].key)
        return;
    rank.id = a->q->entries[face->number].id;
    offer(a, &rank);
}

static aw_rc pass_groups(struct asking *a, struct aw_err *err)
{
    struct face *faces = calloc(a->q->bunch_count + 1, sizeof *faces);

    if (!faces)
        return aw_fail(err, AW_NOMEM, "out of memory");
    find_faces(a, faces);
    for (size_t i = 0; i < a->q->bunch_count; i++)
        if (faces[i].count > 0)
            offer_face(a, &faces[i]);
    free(faces);
    return AW_OK;
}

/* ---- what a row says -----------------------------------------------------
 */

static aw_rc fill_sectors(const struct aw_queue *q, uint32_t sectors,
                          struct aw_arena *arena, struct aw_queue_item *item,
                          struct aw_err *err)
{
    item->sectors =
        aw_arena_array(arena, AW_TRADES_MAX, sizeof *item->sectors);
    if (!item->sectors)
        return aw_arena_fail(arena, err);
    for (size_t i = 0; i < q->trades->sector_count; i++)
        if (sectors >> i & 1)
            item->sectors[item->sector_count++] = q->trades->sectors[i].id;
    return AW_OK;
}

/* Its findings that lie within the place. */
static int64_t publisher_findings(const struct aw_queue *q, uint32_t publisher,
                                  struct aw_str within)
{
    const struct aw_queue_publisher *p = &q->publishers[publisher];
    int64_t count = 0;

    if (within.len == 0)
        return p->count;
    for (uint32_t at = p->head; at != AW_QUEUE_NONE;
         at = q->entries[at].next_of_publisher)
        count += aw_str_starts(q->places.items[q->entries[at].place], within);
    return count;
}

/* All but what is said of its group, and the publisher's name. */
static aw_rc fill_item(const struct aw_queue *q,
                       const struct aw_queue_match *match, uint32_t number,
                       struct aw_str within, struct aw_arena *arena,
                       struct aw_queue_item *item, struct aw_err *err)
{
    const struct aw_queue_entry *e = &q->entries[number];
    int64_t due = aw_queue_due(q, e);
    aw_rc rc;

    *item = (struct aw_queue_item){
        .id = e->id,
        .version = e->version,
        .assigned = e->assigned,
        .state = (enum aw_queue_state)aw_queue_state_of(match, e, number),
        .first_seen_ms = e->first_seen_ms,
        .due_ms = aw_beijing_day_end(due),
        .due_known =
            aw_workdays_known(q->workdays, due) &&
            aw_workdays_known(q->workdays, aw_beijing_day(e->first_seen_ms)),
        .score = (double)e->score / AW_QUEUE_SCORE,
        .facts = aw_queue_facts_told(match, q, number),
        .group = e->id,
        .publisher = e->publisher,
    };
    item->days_left = item->facts.days_left;
    item->urgency = aw_urgency_of(&item->facts);
    if (e->publisher != 0)
        item->publisher_findings = publisher_findings(q, e->publisher, within);
    if (e->audience < q->trades->audience_count) {
        item->audience = q->trades->audiences[e->audience].id;
        item->audience_name = q->trades->audiences[e->audience].name;
    }
    rc = aw_arena_dup(arena, q->places.items[e->place], &item->place, err);
    if (rc == AW_OK)
        rc = fill_sectors(q, e->sectors, arena, item, err);
    item->classes = e->classes;
    item->place_name = aw_places_name(q->place_table, item->place);
    return rc;
}

/* A walk over a group: how many of it are asked for, on how many hosts. Its
 * number is the least id of all. */
struct walk {
    uint32_t at;
    uint64_t *hosts; /* that were seen, by bit */
    struct aw_queue_item *item;
};

static void walk_on(const struct aw_queue *q,
                    const struct aw_queue_match *match, struct walk *walk)
{
    const struct aw_queue_entry *e = &q->entries[walk->at];
    uint64_t *hosts = &walk->hosts[e->host / 64];
    uint64_t bit = UINT64_C(1) << e->host % 64;

    if (e->id < walk->item->group)
        walk->item->group = e->id;
    if (!match || !aw_queue_failed(match, e, walk->at)) {
        walk->item->group_findings++;
        walk->item->group_sites += !(*hosts & bit);
        *hosts |= bit;
    }
    walk->at = e->next_in_bunch;
    if (walk->at != AW_QUEUE_NONE)
        __builtin_prefetch(&q->entries[walk->at]);
}

/* Each member is known from the one before it, and lies somewhere in memory:
 * all groups go on by turns, so that their waits are one. */
static aw_rc walk_groups(const struct aw_queue *q,
                         const struct aw_queue_match *match,
                         struct walk *walks, size_t count, struct aw_err *err)
{
    size_t words = q->hosts.count / 64 + 1;
    uint64_t *hosts = calloc(count * words + 1, sizeof *hosts);

    if (!hosts)
        return aw_fail(err, AW_NOMEM, "out of memory");
    for (size_t i = 0; i < count; i++)
        walks[i].hosts = &hosts[i * words];
    while (count > 0)
        for (size_t i = 0; i < count;) {
            walk_on(q, match, &walks[i]);
            if (walks[i].at == AW_QUEUE_NONE)
                walks[i] = walks[--count];
            else
                i++;
        }
    free(hosts);
    return AW_OK;
}

static struct walk walk_of(const struct aw_queue *q, uint32_t number,
                           struct aw_queue_item *item)
{
    return (struct walk){.at = q->bunches[q->entries[number].bunch].head,
                         .item = item};
}

/* Of these rows, the first of the same group. */
static size_t same_group(const struct asking *a, size_t row)
{
    const struct aw_queue_entry *entries = a->q->entries;
    uint32_t bunch = entries[a->top[row].number].bunch;
    size_t first = 0;

    while (entries[a->top[first].number].bunch != bunch)
        first++;
    return first;
}

/* Rows of one group follow each other in a list of its members: it is walked
 * once. */
static aw_rc fill_groups(struct asking *a, struct aw_queue_item *items,
                         struct aw_err *err)
{
    struct walk walks[AW_QUEUE_LIMIT_MAX];
    size_t count = 0;
    aw_rc rc;

    for (size_t i = 0; i < a->top_count; i++)
        if (same_group(a, i) == i)
            walks[count++] = walk_of(a->q, a->top[i].number, &items[i]);
    rc = walk_groups(a->q, &a->common.match, walks, count, err);
    for (size_t i = 0; rc == AW_OK && i < a->top_count; i++) {
        const struct aw_queue_item *first = &items[same_group(a, i)];

        items[i].group = first->group;
        items[i].group_findings = first->group_findings;
        items[i].group_sites = first->group_sites;
    }
    return rc;
}

static aw_rc fill_page(struct asking *a, struct aw_arena *arena,
                       struct aw_queue_page *out, struct aw_err *err)
{
    aw_rc rc = AW_OK;

    out->items = aw_arena_array(arena, a->top_count + 1, sizeof *out->items);
    if (!out->items)
        return aw_arena_fail(arena, err);
    for (size_t i = 0; i < a->top_count && rc == AW_OK; i++) {
        rc = fill_item(a->q, &a->common.match, a->top[i].number,
                       a->question->within, arena, &out->items[i], err);
        out->count++;
    }
    return rc == AW_OK ? fill_groups(a, out->items, err) : rc;
}

/* ---- a page --------------------------------------------------------------
 */

static aw_rc fill_names(struct aw_store *store, struct aw_queue_item *items,
                        size_t count, struct aw_arena *arena,
                        struct aw_err *err)
{
    aw_rc rc = AW_OK;

    for (size_t i = 0; i < count && rc == AW_OK; i++)
        if (items[i].publisher != 0)
            rc = aw_store_publisher_name(store, items[i].publisher, arena,
                                         &items[i].publisher_name, err);
    return rc;
}

/* One row more than the page has tells whether there is a next one. */
static aw_rc look(struct asking *a, struct aw_arena *arena,
                  struct aw_queue_page *out, struct aw_err *err)
{
    aw_rc rc = a->question->flat || a->question->group != AW_QUEUE_ANY
                   ? pass_flat(a, err)
                   : pass_groups(a, err);

    if (rc != AW_OK)
        return rc;
    qsort(a->top, a->top_count, sizeof *a->top, compare);
    if (a->top_count > a->question->limit) {
        a->top_count = a->question->limit;
        rc =
            write_cursor(a, &a->top[a->top_count - 1], arena, &out->next, err);
    }
    out->groups = a->groups;
    out->findings = a->findings;
    return rc == AW_OK ? fill_page(a, arena, out, err) : rc;
}

aw_rc aw_queue_ask(struct aw_queue *q, struct aw_store *store,
                   const struct aw_question *question, struct aw_arena *arena,
                   struct aw_queue_page *out, struct aw_err *err)
{
    struct rank top[AW_QUEUE_LIMIT_MAX + 1];
    struct asking a = {.q = q,
                       .question = question,
                       .top = top,
                       .top_max = question->limit + 1};
    aw_rc rc;

    *out = (struct aw_queue_page){.items = NULL};
    if (question->limit < 1 || question->limit > AW_QUEUE_LIMIT_MAX)
        return aw_fail(err, AW_INVALID, "a page has 1 to %d rows",
                       AW_QUEUE_LIMIT_MAX);
    rc = read_cursor(&a, err);
    if (rc != AW_OK)
        return rc;
    rc = aw_queue_begin(&a.common, q, store, question, err);
    if (rc == AW_OK)
        rc = look(&a, arena, out, err);
    aw_queue_done(&a.common);
    return rc == AW_OK ? fill_names(store, out->items, out->count, arena, err)
                       : rc;
}

/* ---- all ids -------------------------------------------------------------
 */

static aw_rc collect(struct asking *a, size_t most, struct rank **out,
                     size_t *count, struct aw_err *err)
{
    const struct aw_queue *q = a->q;
    struct rank *all = malloc((q->count + 1) * sizeof *all);
    size_t n = 0;

    if (!all)
        return aw_fail(err, AW_NOMEM, "out of memory");
    for (size_t i = 0; i < q->count; i++)
        if (!aw_queue_failed(&a->common.match, &q->entries[i], i))
            all[n++] = rank_of(a, i);
    *out = all;
    *count = n;
    if (n > most)
        return aw_fail(err, AW_LIMIT,
                       "these are %zu findings, and at most %zu are taken at "
                       "once: ask for less",
                       n, most);
    return AW_OK;
}

static aw_rc copy_ids(const struct rank *ranks, size_t count,
                      struct aw_arena *arena, int64_t **out,
                      struct aw_err *err)
{
    int64_t *ids = aw_arena_array(arena, count + 1, sizeof *ids);

    if (!ids)
        return aw_arena_fail(arena, err);
    for (size_t i = 0; i < count; i++)
        ids[i] = ranks[i].id;
    *out = ids;
    return AW_OK;
}

aw_rc aw_queue_ids(struct aw_queue *q, struct aw_store *store,
                   const struct aw_question *question, size_t most,
                   struct aw_arena *arena, int64_t **out, size_t *count,
                   struct aw_err *err)
{
    struct asking a = {.q = q, .question = question};
    struct rank *all = NULL;
    aw_rc rc = aw_queue_begin(&a.common, q, store, question, err);

    if (rc == AW_OK)
        rc = collect(&a, most, &all, count, err);
    aw_queue_done(&a.common);
    if (rc == AW_OK && all) {
        qsort(all, *count, sizeof *all, compare);
        rc = copy_ids(all, *count, arena, out, err);
    }
    free(all);
    return rc;
}

/* ---- one -----------------------------------------------------------------
 */

static aw_rc item_of(struct aw_queue *q, const struct aw_queue_match *match,
                     int64_t id, struct aw_str within, struct aw_arena *arena,
                     struct aw_queue_item *out, struct aw_err *err)
{
    uint32_t number = aw_queue_find(q, id);
    struct walk walk;
    aw_rc rc;

    if (number == AW_QUEUE_NONE ||
        !aw_str_starts(q->places.items[q->entries[number].place], within))
        return aw_fail(err, AW_MISSING, "there is no finding %lld",
                       (long long)id);
    rc = fill_item(q, match, number, within, arena, out, err);
    walk = walk_of(q, number, out);
    return rc == AW_OK ? walk_groups(q, NULL, &walk, 1, err) : rc;
}

aw_rc aw_queue_item(struct aw_queue *q, struct aw_store *store, int64_t id,
                    struct aw_str within, struct aw_str veiled_from,
                    struct aw_arena *arena, struct aw_queue_item *out,
                    struct aw_err *err)
{
    struct aw_question question = AW_QUESTION_ALL;
    struct aw_queue_asking asking;
    aw_rc rc;

    question.within = within;
    question.veiled_from = veiled_from;
    rc = aw_queue_begin(&asking, q, store, &question, err);
    if (rc == AW_OK)
        rc = item_of(q, &asking.match, id, within, arena, out, err);
    aw_queue_done(&asking);
    return rc == AW_OK ? fill_names(store, out, 1, arena, err) : rc;
}
