#include "reports/dashboard.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MS_OF_HOUR 3600000.0
#define MS_OF_SECOND 1000.0

double aw_wilson_low(int64_t right, int64_t all)
{
    const double z = 1.959963984540054; /* of 95 %, on both sides */
    double n = (double)all;
    double p, middle, half;

    if (all <= 0)
        return 0;
    p = (double)right / n;
    middle = p + z * z / (2 * n);
    half = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n));
    return fmax(0, (middle - half) / (1 + z * z / n));
}

bool aw_dash_day_parse(struct aw_str text, int64_t *day)
{
    int64_t ms;

    if (!aw_date_parse(text, &ms))
        return false;
    *day = ms / AW_DAY_MS;
    return true;
}

void aw_dash_day_text(int64_t day, char out[AW_TIME_MAX])
{
    aw_time_iso(day * AW_DAY_MS, out);
    out[strlen("2026-11-26")] = '\0';
}

/* What is made, and where. */
struct making {
    struct aw_arena *arena;
    struct aw_dashboard *dash;
    double bound;
};

/* ---- what happened by day
 * ---------------------------------------------------- */

static aw_rc make_days(struct making *m, struct aw_err *err)
{
    struct aw_dashboard *dash = m->dash;

    dash->day_count = (size_t)(dash->span.to - dash->span.from + 1);
    dash->days = aw_arena_array(m->arena, dash->day_count, sizeof *dash->days);
    if (!dash->days)
        return aw_arena_fail(m->arena, err);
    for (size_t i = 0; i < dash->day_count; i++)
        dash->days[i].day = dash->span.from + (int64_t)i;
    return AW_OK;
}

static aw_rc add_found(void *self, struct aw_str key, struct aw_str state,
                       int64_t count, struct aw_err *err)
{
    struct making *m = self;
    int64_t day;

    (void)state;
    if (!aw_str_to_int(key, &day) || day < m->dash->span.from ||
        day > m->dash->span.to)
        return aw_fail(err, AW_STORE, "a day of the tally is none");
    m->dash->days[day - m->dash->span.from].found += count;
    return AW_OK;
}

/* ---- findings by what they are
 * ----------------------------------------------- */

/* Where a count goes, by the state or the action that it is of. */
static int64_t *count_of(struct aw_str word, int64_t *confirmed,
                         int64_t *dismissed, int64_t *escalated)
{
    const struct {
        struct aw_str state, action;
        int64_t *count;
    } counts[] = {{AW_STR("confirmed"), AW_STR("confirm"), confirmed},
                  {AW_STR("dismissed"), AW_STR("dismiss"), dismissed},
                  {AW_STR("escalated"), AW_STR("escalate"), escalated},
                  {AW_STR(""), AW_STR("oppose"), escalated}};

    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        if (aw_str_eq(word, counts[i].state) ||
            aw_str_eq(word, counts[i].action))
            return counts[i].count;
    return NULL;
}

struct parting {
    struct aw_arena *arena;
    struct aw_dash_parts *parts;
};

/* Rows of the same key stand together. */
static aw_rc part_of(const struct parting *p, struct aw_str key,
                     struct aw_dash_part **out, struct aw_err *err)
{
    struct aw_dash_parts *parts = p->parts;
    void *items = parts->items;
    aw_rc rc;

    if (parts->count == 0 ||
        !aw_str_eq(parts->items[parts->count - 1].key, key)) {
        rc = aw_arena_grow(p->arena, &items, parts->count, &parts->cap,
                           sizeof *parts->items, err);
        parts->items = items;
        if (rc == AW_OK)
            rc = aw_arena_dup(p->arena, key, &parts->items[parts->count++].key,
                              err);
        if (rc != AW_OK)
            return rc;
    }
    *out = &parts->items[parts->count - 1];
    return AW_OK;
}

static aw_rc add_part(void *self, struct aw_str key, struct aw_str state,
                      int64_t count, struct aw_err *err)
{
    struct aw_dash_part *part = NULL;
    aw_rc rc = part_of(self, key, &part, err);
    int64_t *to;

    if (rc != AW_OK)
        return rc;
    part->found += count;
    to = count_of(state, &part->confirmed, &part->dismissed, &part->escalated);
    if (to)
        *to += count;
    part->open = part->found - part->confirmed - part->dismissed;
    return AW_OK;
}

static int by_found(const void *a, const void *b)
{
    const struct aw_dash_part *x = a;
    const struct aw_dash_part *y = b;

    if (x->found != y->found)
        return x->found > y->found ? -1 : 1;
    return aw_str_cmp(x->key, y->key);
}

static aw_rc make_parts(struct aw_store *store, struct making *m,
                        enum aw_tally_by by, struct aw_dash_parts *parts,
                        struct aw_err *err)
{
    struct parting parting = {m->arena, parts};
    aw_rc rc =
        aw_store_tally(store, by, &m->dash->span, add_part, &parting, err);

    if (rc == AW_OK && parts->count > 0)
        qsort(parts->items, parts->count, sizeof *parts->items, by_found);
    return rc;
}

/* ---- rules
 * --------------------------------------------------------------------- */

static int by_precision(const void *a, const void *b)
{
    const struct aw_dash_rule *x = a;
    const struct aw_dash_rule *y = b;

    if (x->precision != y->precision)
        return x->precision < y->precision ? -1 : 1;
    if (x->decided != y->decided)
        return x->decided > y->decided ? -1 : 1;
    return aw_str_cmp(x->rule, y->rule);
}

static struct aw_dash_rule rule_of(const struct aw_dash_part *part,
                                   double bound)
{
    struct aw_dash_rule rule = {.rule = part->key,
                                .confirmed = part->confirmed,
                                .dismissed = part->dismissed,
                                .decided = part->confirmed + part->dismissed};

    rule.precision = (double)rule.confirmed / (double)rule.decided;
    rule.low = aw_wilson_low(rule.confirmed, rule.decided);
    rule.below = rule.decided >= AW_DASH_RULE_LEAST && rule.precision < bound;
    return rule;
}

/* Those by which something was decided. */
static aw_rc make_rules(struct aw_store *store, struct making *m,
                        struct aw_err *err)
{
    struct aw_dashboard *dash = m->dash;
    struct aw_dash_parts parts = {0};
    aw_rc rc = make_parts(store, m, AW_TALLY_RULE, &parts, err);

    if (rc != AW_OK || parts.count == 0)
        return rc;
    dash->rules = aw_arena_array(m->arena, parts.count, sizeof *dash->rules);
    if (!dash->rules)
        return aw_arena_fail(m->arena, err);
    for (size_t i = 0; i < parts.count; i++)
        if (parts.items[i].confirmed + parts.items[i].dismissed > 0)
            dash->rules[dash->rule_count++] =
                rule_of(&parts.items[i], m->bound);
    qsort(dash->rules, dash->rule_count, sizeof *dash->rules, by_precision);
    return AW_OK;
}

/* ---- people
 * -------------------------------------------------------------------- */

struct gap {
    uint32_t person, ms;
};

/* The dashboard's load, while decisions come in the order of their times. */
struct people {
    struct making *m;
    struct {
        int64_t last_ms, batch;
    } at[AW_DASH_PEOPLE_MAX];
    void *gaps; /* struct gap */
    size_t gap_count, gap_cap;
};

static aw_rc person_of(struct people *p, struct aw_str who, size_t *out,
                       struct aw_err *err)
{
    struct aw_dashboard *dash = p->m->dash;

    for (*out = 0; *out < dash->load_count; ++*out)
        if (aw_str_eq(dash->load[*out].who, who))
            return AW_OK;
    if (dash->load_count == AW_DASH_PEOPLE_MAX)
        return AW_OK;
    return aw_arena_dup(p->m->arena, who, &dash->load[dash->load_count++].who,
                        err);
}

/* What was decided by one order was decided at once. */
static aw_rc add_gap(struct people *p, size_t person,
                     const struct aw_decided_row *d, struct aw_err *err)
{
    int64_t gap_ms = d->at_ms - p->at[person].last_ms;
    bool same = d->batch != 0 && d->batch == p->at[person].batch;
    bool sits = p->at[person].last_ms > 0 && gap_ms < AW_DASH_SITTING_MS;
    aw_rc rc = AW_OK;

    p->at[person].last_ms = d->at_ms;
    p->at[person].batch = d->batch;
    if (same || !sits || p->gap_count >= AW_DASH_GAPS_MAX)
        return AW_OK;
    rc = aw_arena_grow(p->m->arena, &p->gaps, p->gap_count, &p->gap_cap,
                       sizeof(struct gap), err);
    if (rc == AW_OK)
        ((struct gap *)p->gaps)[p->gap_count++] =
            (struct gap){(uint32_t)person, (uint32_t)gap_ms};
    return rc;
}

static aw_rc add_decided(void *self, const struct aw_decided_row *d,
                         struct aw_err *err)
{
    struct people *p = self;
    struct aw_dashboard *dash = p->m->dash;
    struct aw_dash_day *day =
        &dash->days[(d->at_ms + AW_BEIJING_MS) / AW_DAY_MS - dash->span.from];
    int64_t *of_day =
        count_of(d->action, &day->confirmed, &day->dismissed, &day->escalated);
    struct aw_dash_load *load;
    int64_t ignored = 0;
    int64_t *of_person;
    size_t person;
    aw_rc rc = person_of(p, d->who, &person, err);

    if (of_day)
        ++*of_day;
    if (rc != AW_OK || person == AW_DASH_PEOPLE_MAX)
        return rc;
    load = &dash->load[person];
    load->decisions++;
    of_person =
        count_of(d->action, &load->confirmed, &load->dismissed, &ignored);
    if (of_person)
        ++*of_person;
    return add_gap(p, person, d, err);
}

static int by_person_and_gap(const void *a, const void *b)
{
    const struct gap *x = a;
    const struct gap *y = b;

    if (x->person != y->person)
        return x->person < y->person ? -1 : 1;
    return (x->ms > y->ms) - (x->ms < y->ms);
}

static void set_medians(struct people *p)
{
    struct gap *gaps = p->gaps;
    size_t end, middle;

    for (size_t i = 0; i < p->m->dash->load_count; i++)
        p->m->dash->load[i].median_seconds = -1;
    if (p->gap_count > 0)
        qsort(gaps, p->gap_count, sizeof *gaps, by_person_and_gap);
    for (size_t start = 0; start < p->gap_count; start = end) {
        for (end = start; end < p->gap_count; end++)
            if (gaps[end].person != gaps[start].person)
                break;
        middle = start + (end - start - 1) / 2;
        p->m->dash->load[gaps[start].person].median_seconds =
            gaps[middle].ms / MS_OF_SECOND;
    }
}

static int by_decisions(const void *a, const void *b)
{
    const struct aw_dash_load *x = a;
    const struct aw_dash_load *y = b;

    if (x->decisions != y->decisions)
        return x->decisions > y->decisions ? -1 : 1;
    return aw_str_cmp(x->who, y->who);
}

static aw_rc make_load(struct aw_store *store, struct making *m,
                       struct aw_err *err)
{
    struct aw_dashboard *dash = m->dash;
    struct people *people = aw_arena_alloc(m->arena, sizeof *people);
    aw_rc rc;

    dash->load =
        aw_arena_array(m->arena, AW_DASH_PEOPLE_MAX, sizeof *dash->load);
    if (!people || !dash->load)
        return aw_arena_fail(m->arena, err);
    people->m = m;
    rc = aw_store_decided(store, &dash->span, add_decided, people, err);
    if (rc != AW_OK)
        return rc;
    set_medians(people);
    qsort(dash->load, dash->load_count, sizeof *dash->load, by_decisions);
    return AW_OK;
}

/* ---- times
 * ----------------------------------------------------------------------- */

struct waits {
    double *queued, *decided; /* hours */
    size_t queued_count, decided_count;
};

static aw_rc add_wait(void *self, int64_t queued_ms, int64_t decided_ms,
                      struct aw_err *err)
{
    struct waits *w = self;

    (void)err;
    if (queued_ms >= 0)
        w->queued[w->queued_count++] = (double)queued_ms / MS_OF_HOUR;
    w->decided[w->decided_count++] = (double)decided_ms / MS_OF_HOUR;
    return AW_OK;
}

static int by_size(const void *a, const void *b)
{
    const double *x = a;
    const double *y = b;

    return (*x > *y) - (*x < *y);
}

static struct aw_dash_wait wait_of(double *hours, size_t count)
{
    if (count == 0)
        return (struct aw_dash_wait){-1, -1};
    qsort(hours, count, sizeof *hours, by_size);
    return (struct aw_dash_wait){hours[(count - 1) / 2],
                                 hours[(count * 9 + 9) / 10 - 1]};
}

static aw_rc make_waits(struct aw_store *store, struct making *m,
                        struct aw_err *err)
{
    struct waits waits = {.queued = aw_arena_array(m->arena, AW_DASH_WAITS_MAX,
                                                   sizeof(double)),
                          .decided =
                              aw_arena_array(m->arena, AW_DASH_WAITS_MAX,
                                             sizeof(double))};
    aw_rc rc;

    if (!waits.queued || !waits.decided)
        return aw_arena_fail(m->arena, err);
    rc = aw_store_waited(store, &m->dash->span, AW_DASH_WAITS_MAX, add_wait,
                         &waits, err);
    m->dash->queued_hours = wait_of(waits.queued, waits.queued_count);
    m->dash->decided_hours = wait_of(waits.decided, waits.decided_count);
    return rc;
}

/* ---- the crawl
 * -------------------------------------------------------------------- */

struct sources {
    struct making *m;
    size_t cap;
};

static aw_rc add_source(void *self, const struct aw_coverage *row,
                        struct aw_err *err)
{
    struct sources *s = self;
    struct aw_dashboard *dash = s->m->dash;
    void *items = dash->sources;
    aw_rc rc = aw_arena_grow(s->m->arena, &items, dash->source_count, &s->cap,
                             sizeof *row, err);

    if (rc != AW_OK)
        return rc;
    dash->sources = items;
    dash->sources[dash->source_count] = *row;
    return aw_arena_dup(s->m->arena, row->name,
                        &dash->sources[dash->source_count++].name, err);
}

static aw_rc make_coverage(struct aw_store *store, struct making *m,
                           struct aw_err *err)
{
    struct sources sources = {.m = m};
    aw_rc rc;

    if (m->dash->span.place.len > 0) /* sources are of no place */
        return AW_OK;
    rc = aw_store_crawl_last(store, m->arena, &m->dash->run, err);
    if (rc == AW_MISSING)
        return AW_OK;
    m->dash->has_run = rc == AW_OK;
    return rc == AW_OK ? aw_store_coverages(store, m->dash->run.id, add_source,
                                            &sources, err)
                       : rc;
}

/* ---- all of it
 * --------------------------------------------------------------------- */

static aw_rc check_span(const struct aw_stats_span *span, struct aw_err *err)
{
    if (span->to < span->from)
        return aw_fail(err, AW_INVALID, "'to' lies before 'from'");
    if (span->to - span->from >= AW_DASH_DAYS_MAX)
        return aw_fail(err, AW_INVALID, "more than %d days", AW_DASH_DAYS_MAX);
    return AW_OK;
}

aw_rc aw_dashboard_make(struct aw_store *store,
                        const struct aw_stats_span *span, double bound,
                        struct aw_arena *arena, struct aw_dashboard *out,
                        struct aw_err *err)
{
    struct aw_dashboard dash = {.span = *span};
    struct making m = {arena, &dash, bound};
    const struct {
        enum aw_tally_by by;
        struct aw_dash_parts *parts;
    } parts[] = {{AW_TALLY_PLACE, &dash.places},
                 {AW_TALLY_SECTOR, &dash.sectors},
                 {AW_TALLY_CLASS, &dash.classes},
                 {AW_TALLY_CHANNEL, &dash.channels}};
    aw_rc rc = check_span(span, err);

    if (rc == AW_OK)
        rc = make_days(&m, err);
    if (rc == AW_OK)
        rc = aw_store_tally(store, AW_TALLY_DAY, span, add_found, &m, err);
    for (size_t i = 0; i < sizeof parts / sizeof *parts && rc == AW_OK; i++)
        rc = make_parts(store, &m, parts[i].by, parts[i].parts, err);
    if (rc == AW_OK)
        rc = make_rules(store, &m, err);
    if (rc == AW_OK)
        rc = make_load(store, &m, err);
    if (rc == AW_OK)
        rc = make_waits(store, &m, err);
    if (rc == AW_OK)
        rc = make_coverage(store, &m, err);
    if (rc == AW_OK)
        *out = dash;
    return rc;
}
