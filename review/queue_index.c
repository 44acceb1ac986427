/* queue_index.c - the entries of the queue, and how they hang together. */
#include <math.h>
#include <stdlib.h>

#include "base/document.h"
#include "review/queue_private.h"
#include "store/queue_rows.h"

#define ENTRIES_FIRST 1024

/* Room for item number `count`, by doubling; what is new is zero. */
static aw_rc make_room(void **items, size_t count, size_t *cap, size_t size,
                       struct aw_err *err)
{
    size_t grown_cap = *cap ? *cap : ENTRIES_FIRST;
    void *grown;

    if (count < *cap)
        return AW_OK;
    while (grown_cap <= count)
        grown_cap *= 2;
    if (grown_cap >= AW_QUEUE_NONE)
        return aw_fail(err, AW_LIMIT, "more findings than a queue holds");
    grown = realloc(*items, grown_cap * size);
    if (!grown)
        return aw_fail(err, AW_NOMEM, "out of memory");
    memset((char *)grown + *cap * size, 0, (grown_cap - *cap) * size);
    *items = grown;
    *cap = grown_cap;
    return AW_OK;
}

/* Ids are mostly without gaps: the number is guessed first, and known without
 * a look at the entry where there is no gap at all. */
uint32_t aw_queue_find(const struct aw_queue *q, int64_t id)
{
    size_t low = 0, high = q->count, guess;

    if (high == 0 || id < q->entries[0].id || id > q->entries[high - 1].id)
        return AW_QUEUE_NONE;
    guess = (size_t)(id - q->entries[0].id);
    if (q->entries[high - 1].id - q->entries[0].id == (int64_t)high - 1 ||
        (guess < high && q->entries[guess].id == id))
        return (uint32_t)guess;
    while (low < high) {
        size_t mid = low + (high - low) / 2;

        if (q->entries[mid].id < id)
            low = mid + 1;
        else
            high = mid;
    }
    return q->entries[low].id == id ? (uint32_t)low : AW_QUEUE_NONE;
}

void aw_queue_clear(struct aw_queue *q)
{
    q->count = 0;
    q->bunch_count = 0;
    if (q->publishers)
        memset(q->publishers, 0, q->publisher_cap * sizeof *q->publishers);
    aw_queue_names_deinit(&q->hosts);
    aw_queue_names_deinit(&q->sources);
    aw_queue_names_deinit(&q->places);
    aw_queue_names_init(&q->hosts);
    aw_queue_names_init(&q->sources);
    aw_queue_names_init(&q->places);
    q->touched = -1;
    q->disordered = false;
    q->uneven = false;
    q->reading++;
}

/* ---- bunches -------------------------------------------------------------
 */

static aw_rc new_bunch(struct aw_queue *q, uint32_t *number,
                       struct aw_err *err)
{
    void *items = q->bunches;
    aw_rc rc = make_room(&items, q->bunch_count, &q->bunch_cap,
                         sizeof *q->bunches, err);

    q->bunches = items;
    if (rc != AW_OK)
        return rc;
    *number = (uint32_t)q->bunch_count;
    q->bunches[q->bunch_count++] =
        (struct aw_queue_bunch){.head = AW_QUEUE_NONE};
    return AW_OK;
}

static bool is_new_site(const struct aw_queue *q,
                        const struct aw_queue_bunch *bunch, uint32_t host)
{
    uint32_t at = bunch->head;

    for (unsigned i = 0; i < bunch->sites; i++) {
        if (q->entries[at].host == host)
            return false;
        at = q->entries[at].next_in_bunch;
    }
    return bunch->sites < AW_SITES_MOST;
}

static void join(struct aw_queue *q, uint32_t number, uint32_t bunch_number)
{
    struct aw_queue_bunch *bunch = &q->bunches[bunch_number];
    struct aw_queue_entry *entry = &q->entries[number];
    uint32_t last = bunch->head;

    entry->bunch = bunch_number;
    bunch->count++;
    bunch->changed = true;
    if (is_new_site(q, bunch, entry->host)) {
        entry->next_in_bunch = bunch->head;
        bunch->head = number;
        bunch->sites++;
        return;
    }
    for (unsigned i = 1; i < bunch->sites; i++)
        last = q->entries[last].next_in_bunch;
    entry->next_in_bunch = q->entries[last].next_in_bunch;
    q->entries[last].next_in_bunch = number;
}

/* Only one that is not sorted yet goes elsewhere, and it is alone. */
static void leave(struct aw_queue *q, uint32_t number)
{
    q->bunches[q->entries[number].bunch] =
        (struct aw_queue_bunch){.head = AW_QUEUE_NONE};
}

static bool is_alone(const struct aw_queue *q, uint32_t number)
{
    return q->bunches[q->entries[number].bunch].count == 1;
}

/* A group's leader has a lower id and is known before its members. */
static aw_rc place_in_bunch(struct aw_queue *q, uint32_t number,
                            const struct aw_queue_row *row, bool is_new,
                            struct aw_err *err)
{
    uint32_t leader = row->bunch != 0 && row->bunch != row->id
                          ? aw_queue_find(q, row->bunch)
                          : AW_QUEUE_NONE;
    uint32_t bunch = 0;
    aw_rc rc = AW_OK;

    if (leader != AW_QUEUE_NONE && leader != number) {
        bunch = q->entries[leader].bunch;
        if (!is_new &&
            (q->entries[number].bunch == bunch || !is_alone(q, number)))
            return AW_OK;
        if (!is_new)
            leave(q, number);
    } else {
        if (!is_new)
            return AW_OK;
        rc = new_bunch(q, &bunch, err);
    }
    if (rc == AW_OK)
        join(q, number, bunch);
    return rc;
}

/* ---- publishers ----------------------------------------------------------
 */

static aw_rc link_publisher(struct aw_queue *q, uint32_t number,
                            int64_t publisher, struct aw_err *err)
{
    struct aw_queue_entry *entry = &q->entries[number];
    void *items = q->publishers;
    aw_rc rc;

    if (publisher <= 0 || entry->publisher != 0)
        return AW_OK;
    if (publisher >= AW_QUEUE_NONE)
        return aw_fail(err, AW_STORE, "publisher %lld is beyond all limits",
                       (long long)publisher);
    rc = make_room(&items, (size_t)publisher, &q->publisher_cap,
                   sizeof *q->publishers, err);
    q->publishers = items;
    if (rc != AW_OK)
        return rc;
    entry->publisher = (uint32_t)publisher;
    entry->next_of_publisher = q->publishers[publisher].count > 0
                                   ? q->publishers[publisher].head
                                   : AW_QUEUE_NONE;
    q->publishers[publisher].head = number;
    q->publishers[publisher].count++;
    if (entry->state == AW_QUEUE_CONFIRMED)
        q->publishers[publisher].confirmed++;
    q->publishers[publisher].changed = true;
    return AW_OK;
}

static void set_state(struct aw_queue *q, struct aw_queue_entry *entry,
                      uint8_t state)
{
    bool was = entry->state == AW_QUEUE_CONFIRMED;
    bool is = state == AW_QUEUE_CONFIRMED;

    entry->state = state;
    if (was == is || entry->publisher == 0)
        return;
    q->publishers[entry->publisher].confirmed += is ? 1u : -1u;
    q->publishers[entry->publisher].changed = true;
}

/* ---- a row ---------------------------------------------------------------
 */

static uint8_t state_of(struct aw_str name)
{
    int state = 0;

    while (state < AW_QUEUE_STATE_COUNT &&
           !aw_str_eq(name, aw_str_of(aw_queue_state_name(
                                (enum aw_queue_state)state))))
        state++;
    return (uint8_t)state;
}

static uint8_t channel_of(struct aw_str name)
{
    enum aw_channel channel;

    return aw_channel_parse(name, &channel) ? (uint8_t)channel
                                            : AW_CHANNEL_COUNT;
}

static uint32_t sectors_of(const struct aw_trades *trades, struct aw_str ids)
{
    uint32_t sectors = 0;
    struct aw_str id;

    while (aw_str_split(&ids, ',', &id)) {
        int number = aw_trades_sector(trades, id);

        if (number >= 0)
            sectors |= UINT32_C(1) << number;
    }
    return sectors;
}

static int64_t at_most(int64_t value, int64_t most)
{
    return value < most ? value : most;
}

static uint16_t score_of(double score)
{
    if (!(score > 0))
        return 0;
    return score < 1 ? (uint16_t)lround(score * AW_QUEUE_SCORE)
                     : AW_QUEUE_SCORE;
}

static aw_rc number_of(struct aw_queue_names *names, struct aw_str text,
                       uint16_t *out, struct aw_err *err)
{
    uint32_t number = 0;
    aw_rc rc = aw_queue_names_add(names, text, &number, err);

    if (rc == AW_OK && number > UINT16_MAX)
        return aw_fail(err, AW_LIMIT, "more than %d sources or places",
                       UINT16_MAX);
    *out = (uint16_t)number;
    return rc;
}

/* Others of the site keep the points that they have until all are reckoned. */
static void note_first(struct aw_queue *q, uint32_t host, int64_t seen_ms)
{
    int64_t *first_ms = &q->hosts.first_ms[host];

    if (seen_ms >= *first_ms)
        return;
    q->uneven |= *first_ms != INT64_MAX;
    *first_ms = seen_ms;
}

/* What may have changed, or is told with it. */
static aw_rc fill(struct aw_queue *q, struct aw_queue_entry *e,
                  const struct aw_queue_row *row, struct aw_err *err)
{
    int audience = aw_trades_audience(q->trades, row->audience);
    aw_rc rc = aw_queue_names_add(&q->hosts, row->host, &e->host, err);

    if (rc == AW_OK)
        rc = number_of(&q->sources, row->source, &e->source, err);
    if (rc == AW_OK)
        rc = number_of(&q->places, row->place, &e->place, err);
    if (rc != AW_OK)
        return rc;
    e->first_seen_ms = row->first_seen_ms;
    e->version = (int32_t)row->version;
    e->assigned = (int32_t)row->assigned;
    e->score = score_of(row->score);
    e->severity = (uint8_t)at_most(row->severity, UINT8_MAX);
    e->times = (uint8_t)at_most(row->times, AW_TIMES_MOST);
    e->adverts = (uint8_t)at_most(row->adverts, AW_TIMES_MOST);
    e->channel = channel_of(row->channel);
    e->classes = (uint8_t)(row->classes & UINT8_MAX);
    e->sectors = sectors_of(q->trades, row->sectors);
    e->audience = audience < 0 ? AW_AUDIENCES_MAX : (uint8_t)audience;
    note_first(q, e->host, row->first_seen_ms);
    return AW_OK;
}

static aw_rc append(struct aw_queue *q, int64_t id, uint32_t *number,
                    struct aw_err *err)
{
    void *items = q->entries;
    aw_rc rc = make_room(&items, q->count, &q->cap, sizeof *q->entries, err);

    q->entries = items;
    if (rc == AW_OK) {
        *number = (uint32_t)q->count;
        q->entries[q->count] =
            (struct aw_queue_entry){.id = id,
                                    .next_of_publisher = AW_QUEUE_NONE};
    }
    return rc;
}

aw_rc aw_queue_take(struct aw_queue *q, const struct aw_queue_row *row,
                    struct aw_err *err)
{
    uint32_t number = aw_queue_find(q, row->id);
    bool is_new = number == AW_QUEUE_NONE;
    struct aw_queue_entry *entry;
    aw_rc rc = AW_OK;

    if (is_new && q->count > 0 && row->id < q->entries[q->count - 1].id) {
        q->disordered = true;
        return AW_OK;
    }
    if (is_new)
        rc = append(q, row->id, &number, err);
    if (rc != AW_OK)
        return rc;
    entry = &q->entries[number];
    rc = fill(q, entry, row, err);
    if (rc == AW_OK)
        rc = place_in_bunch(q, number, row, is_new, err);
    if (rc != AW_OK)
        return rc;
    q->count += is_new;
    set_state(q, entry, state_of(row->state));
    rc = link_publisher(q, number, row->publisher, err);
    q->bunches[entry->bunch].changed = true;
    return rc;
}

/* ---- urgency -------------------------------------------------------------
 */

static bool is_open(const struct aw_queue_entry *entry)
{
    return entry->state != AW_QUEUE_CONFIRMED &&
           entry->state != AW_QUEUE_DISMISSED;
}

int64_t aw_queue_due(const struct aw_queue *q,
                     const struct aw_queue_entry *entry)
{
    return aw_workdays_after(q->workdays, aw_beijing_day(entry->first_seen_ms),
                             AW_CLUE_DAYS);
}

static int host_days(const struct aw_queue *q, uint32_t host, int64_t today)
{
    int64_t days = today - aw_beijing_day(q->hosts.first_ms[host]);

    if (q->hosts.items[host].len == 0)
        return -1;
    return days < 0 ? 0 : (int)at_most(days, INT32_MAX);
}

struct aw_urgency_facts aw_queue_facts(const struct aw_queue *q,
                                       const struct aw_queue_entry *e)
{
    const struct aw_queue_bunch *bunch = &q->bunches[e->bunch];
    struct aw_urgency_facts facts = {
        .severity = e->severity,
        .score = (double)e->score / AW_QUEUE_SCORE,
        .sites = bunch->sites,
        .times = e->times,
        .adverts = e->adverts,
        .host_days = host_days(q, e->host, q->today),
        .similar = bunch->count,
        .days_left = (int)aw_workdays_between(q->workdays, q->today,
                                              aw_queue_due(q, e)),
        .is_open = is_open(e)};

    if (e->audience < q->trades->audience_count)
        facts.audience = q->trades->audiences[e->audience].points;
    if (e->publisher != 0)
        facts.confirmed = q->publishers[e->publisher].confirmed -
                          (e->state == AW_QUEUE_CONFIRMED);
    return facts;
}

static void reckon(struct aw_queue *q, struct aw_queue_entry *entry)
{
    struct aw_urgency_facts facts = aw_queue_facts(q, entry);
    int total = aw_urgency_of(&facts).total;

    entry->urgency = (int16_t)(total < INT16_MAX ? total : INT16_MAX);
}

static void settle_all(struct aw_queue *q)
{
    for (size_t i = 0; i < q->count; i++)
        reckon(q, &q->entries[i]);
    for (size_t i = 0; i < q->bunch_count; i++)
        q->bunches[i].changed = false;
    for (size_t i = 0; i < q->publisher_cap; i++)
        q->publishers[i].changed = false;
    q->uneven = false;
}

static void settle_bunch(struct aw_queue *q, struct aw_queue_bunch *bunch)
{
    for (uint32_t at = bunch->head; at != AW_QUEUE_NONE;
         at = q->entries[at].next_in_bunch)
        reckon(q, &q->entries[at]);
    bunch->changed = false;
}

static void settle_publisher(struct aw_queue *q,
                             struct aw_queue_publisher *publisher)
{
    for (uint32_t at = publisher->head; at != AW_QUEUE_NONE;
         at = q->entries[at].next_of_publisher)
        reckon(q, &q->entries[at]);
    publisher->changed = false;
}

void aw_queue_settle(struct aw_queue *q, bool all)
{
    if (all) {
        settle_all(q);
        return;
    }
    for (size_t i = 0; i < q->bunch_count; i++)
        if (q->bunches[i].changed)
            settle_bunch(q, &q->bunches[i]);
    for (size_t i = 0; i < q->publisher_cap; i++)
        if (q->publishers[i].changed)
            settle_publisher(q, &q->publishers[i]);
}

/* ---- a new day -----------------------------------------------------------
 */

#define TURN_DAYS 1024 /* of which it is known what they moved by */

static int host_points(const struct aw_queue *q, uint32_t host, int64_t today)
{
    struct aw_urgency_facts facts = {.host_days = host_days(q, host, today)};

    return aw_urgency_of(&facts).points[AW_WHY_NEW_DOMAIN];
}

static int clock_points(const struct aw_queue *q, int64_t due, int64_t today)
{
    struct aw_urgency_facts facts = {.host_days = -1,
                                     .days_left =
                                         (int)aw_workdays_between(q->workdays,
                                                                  today, due),
                                     .is_open = true};

    return aw_urgency_of(&facts).points[AW_WHY_CLOCK];
}

/* By how much the clock of what was first seen on a day moved; few days are
 * those of many findings. */
struct turn {
    int64_t today;
    struct {
        int64_t day;
        int moved;
        bool known;
    } days[TURN_DAYS];
};

static int clock_moved(struct turn *turn, const struct aw_queue *q,
                       const struct aw_queue_entry *e)
{
    int64_t day = aw_beijing_day(e->first_seen_ms);
    size_t slot = (uint64_t)day % TURN_DAYS;

    if (!turn->days[slot].known || turn->days[slot].day != day) {
        int64_t due = aw_queue_due(q, e);

        turn->days[slot].day = day;
        turn->days[slot].moved =
            clock_points(q, due, turn->today) - clock_points(q, due, q->today);
        turn->days[slot].known = true;
    }
    return turn->days[slot].moved;
}

bool aw_queue_turn(struct aw_queue *q, int64_t today)
{
    int *hosts = calloc((size_t)q->hosts.count + 1, sizeof *hosts);
    struct turn *turn = calloc(1, sizeof *turn);
    bool turns = hosts && turn && !q->uneven;

    for (uint32_t i = 0; turns && i < q->hosts.count; i++)
        hosts[i] = host_points(q, i, today) - host_points(q, i, q->today);
    if (turns)
        turn->today = today;
    for (size_t i = 0; turns && i < q->count; i++) {
        struct aw_queue_entry *e = &q->entries[i];

        e->urgency = (int16_t)(e->urgency + hosts[e->host] +
                               (is_open(e) ? clock_moved(turn, q, e) : 0));
    }
    free(hosts);
    free(turn);
    return turns;
}
