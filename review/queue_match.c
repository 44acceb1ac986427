#include <stdlib.h>

#include "base/document.h"
#include "review/queue_private.h"
#include "store/looks.h"

#define DAY_MS (INT64_C(24) * 3600 * 1000)
#define AGE_MOST 36500      /* days */
#define NO_SUCH INT64_C(-2) /* asked for, and there is none */

static aw_rc unknown(const char *what, struct aw_str name, struct aw_err *err)
{
    return aw_fail(err, AW_INVALID, "there is no %s '%.*s'", what,
                   AW_STR_ARG(aw_str_sub(name, 0, 60)));
}

static aw_rc match_class(struct aw_queue_match *m, struct aw_str name,
                         struct aw_err *err)
{
    int class = aw_sort_class(name);

    if (name.len == 0)
        return AW_OK;
    if (class < 0)
        return unknown("class", name, err);
    m->classes = (uint8_t)(1u << class);
    return AW_OK;
}

static aw_rc match_channel(struct aw_queue_match *m, struct aw_str name,
                           struct aw_err *err)
{
    enum aw_channel channel;

    m->channels = ~0u;
    if (name.len == 0)
        return AW_OK;
    if (!aw_channel_parse(name, &channel))
        return unknown("channel", name, err);
    m->channels = 1u << channel;
    return AW_OK;
}

static aw_rc match_sector(struct aw_queue_match *m,
                          const struct aw_trades *trades, struct aw_str name,
                          struct aw_err *err)
{
    int sector = aw_trades_sector(trades, name);

    if (name.len == 0)
        return AW_OK;
    if (sector < 0)
        return unknown("sector", name, err);
    m->sectors = UINT32_C(1) << sector;
    return AW_OK;
}

/* A finding that was seen N whole days ago was seen between N and N + 1 days
 * ago. */
static aw_rc match_age(struct aw_queue_match *m,
                       const struct aw_question *question, int64_t now_ms,
                       struct aw_err *err)
{
    m->seen_from_ms = INT64_MIN;
    m->seen_to_ms = INT64_MAX;
    if (question->age_min > AGE_MOST || question->age_max > AGE_MOST)
        return aw_fail(err, AW_INVALID, "an age is at most %d days", AGE_MOST);
    if (question->age_min > 0)
        m->seen_to_ms = now_ms - question->age_min * DAY_MS;
    if (question->age_max >= 0)
        m->seen_from_ms = now_ms - (question->age_max + 1) * DAY_MS + 1;
    return AW_OK;
}

/* Scores have four digits; a bound is one of them, or between two. */
static aw_rc match_score(struct aw_queue_match *m,
                         const struct aw_question *question,
                         struct aw_err *err)
{
    if (!(question->score_min >= 0 && question->score_max <= 1))
        return aw_fail(err, AW_INVALID, "scores are from 0 to 1");
    m->score_min = (int)(question->score_min * AW_QUEUE_SCORE + 0.9999);
    m->score_max = (int)(question->score_max * AW_QUEUE_SCORE + 0.0001);
    return AW_OK;
}

aw_rc aw_queue_match_init(struct aw_queue_match *m, struct aw_queue *q,
                          struct aw_store *store,
                          const struct aw_question *question,
                          struct aw_err *err)
{
    aw_rc rc;

    *m = (struct aw_queue_match){.publisher = question->publisher,
                                 .assigned = question->assigned};
    m->states = question->states ? question->states : ~0u;
    rc = match_class(m, question->class, err);
    if (rc == AW_OK)
        rc = match_channel(m, question->channel, err);
    if (rc == AW_OK)
        rc = match_sector(m, q->trades, question->sector, err);
    if (rc == AW_OK)
        rc = match_age(m, question, aw_clock_wall(q->clock), err);
    if (rc == AW_OK)
        rc = match_score(m, question, err);
    if (rc == AW_OK && question->text.len > 0)
        rc = aw_queue_search(q, store, question->text, &m->bits, &m->words,
                             err);
    return rc;
}

void aw_queue_match_deinit(struct aw_queue_match *m)
{
    free(m->places);
    free(m->bits);
    free(m->veiled);
    free(m->hidden);
    m->places = NULL;
    m->bits = NULL;
    m->veiled = NULL;
    m->hidden = NULL;
}

struct veiling {
    struct aw_queue_match *match;
    const struct aw_queue *queue;
};

static bool make_veil(struct aw_queue_match *m, const struct aw_queue *q)
{
    if (m->veiled)
        return true;
    m->hidden = calloc(q->publisher_cap + 1, sizeof *m->hidden);
    if (m->hidden)
        m->veiled = calloc(q->count / 64 + 1, sizeof *m->veiled);
    return m->veiled != NULL;
}

static aw_rc veil(void *self, const struct aw_look *look, struct aw_err *err)
{
    struct veiling *v = self;
    struct aw_queue_match *m = v->match;
    uint32_t number = aw_queue_find(v->queue, look->finding);
    const struct aw_queue_entry *e;

    if (!look->blind || number == AW_QUEUE_NONE)
        return AW_OK;
    e = &v->queue->entries[number];
    if (!make_veil(m, v->queue))
        return aw_fail(err, AW_NOMEM, "out of memory");
    if (!aw_queue_is_veiled(m, number) && e->publisher != 0)
        m->hidden[e->publisher] += e->state == AW_QUEUE_CONFIRMED;
    m->veiled[number / 64] |= UINT64_C(1) << number % 64;
    return AW_OK;
}

struct aw_urgency_facts aw_queue_facts_told(const struct aw_queue_match *m,
                                            const struct aw_queue *q, size_t n)
{
    const struct aw_queue_entry *e = &q->entries[n];
    struct aw_urgency_facts facts = aw_queue_facts(q, e);

    if (!m->veiled)
        return facts;
    facts.confirmed -= m->hidden[e->publisher];
    if (aw_queue_is_veiled(m, n)) {
        facts.confirmed += e->publisher != 0 && e->state == AW_QUEUE_CONFIRMED;
        facts.is_open = true;
    }
    return facts;
}

aw_rc aw_queue_match_veil(struct aw_queue_match *m, const struct aw_queue *q,
                          struct aw_store *store,
                          const struct aw_question *question,
                          struct aw_err *err)
{
    struct veiling v = {m, q};

    if (question->veiled_from.len == 0)
        return AW_OK;
    /* Of all places: a publisher's confirmed findings count wherever. */
    return aw_store_looks_open(store, question->veiled_from,
                               (struct aw_str){0}, AW_LOOKS_ALL, veil, &v,
                               err);
}

static int64_t number_of(const struct aw_queue_names *names,
                         struct aw_str text)
{
    uint32_t number = aw_queue_names_find(names, text);

    if (text.len == 0)
        return AW_QUEUE_ANY;
    return number == AW_QUEUE_NONE ? NO_SUCH : (int64_t)number;
}

aw_rc aw_queue_match_bind(struct aw_queue_match *m, const struct aw_queue *q,
                          const struct aw_question *question,
                          struct aw_err *err)
{
    uint32_t group = aw_queue_find(q, question->group);

    m->places = calloc((size_t)q->places.count + 1, 1);
    if (!m->places)
        return aw_fail(err, AW_NOMEM, "out of memory");
    for (uint32_t i = 0; i < q->places.count; i++) {
        struct aw_str place = q->places.items[i];

        m->places[i] = (uint8_t)(aw_str_starts(place, question->within) |
                                 aw_str_starts(place, question->place) << 1);
    }
    m->host = number_of(&q->hosts, question->host);
    m->source = number_of(&q->sources, question->source);
    m->bunch = AW_QUEUE_ANY;
    if (question->group != AW_QUEUE_ANY)
        m->bunch = group == AW_QUEUE_NONE ? NO_SUCH
                                          : (int64_t)q->entries[group].bunch;
    return AW_OK;
}
