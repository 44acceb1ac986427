/* dashboard.h - how the work stands: findings and decisions by day, place,
 * sector, class and channel; the last crawl; how often a rule is right; how
 * long findings wait; who decides how much.
 *
 * Days are of Beijing. A finding counts on the day on which it was first
 * seen, a decision on its own; findings by place and so on are those first
 * seen within the span, in the state in which they are now. A decision that
 * was taken back does not count.
 */
#ifndef AW_REPORTS_DASHBOARD_H
#define AW_REPORTS_DASHBOARD_H

#include "base/buf.h"
#include "base/clock.h"
#include "store/stats.h"

#define AW_DASH_DAYS_MAX 1100  /* of a span */
#define AW_DASH_PEOPLE_MAX 500 /* more are left out */
/* The newest decisions, whose times are measured. */
#define AW_DASH_WAITS_MAX 20000
#define AW_DASH_GAPS_MAX ((size_t)1 << 20) /* decisions, likewise */
#define AW_DASH_RULE_LEAST 10 /* decisions, before a rule is called out */
#define AW_DASH_SITTING_MS INT64_C(600000) /* a longer gap ends a sitting */
#define AW_DASH_ARENA_MAX ((size_t)64 << 20)

struct aw_dash_day {
    int64_t day, found, confirmed, dismissed, escalated;
};

/* Of one place, sector, class or channel. */
struct aw_dash_part {
    struct aw_str key;
    int64_t found, confirmed, dismissed, escalated;
    int64_t open; /* neither confirmed nor dismissed */
};

struct aw_dash_parts {
    struct aw_dash_part *items;
    size_t count, cap;
};

struct aw_dash_rule {
    struct aw_str rule;
    int64_t decided, confirmed, dismissed;
    double precision; /* confirmed of decided */
    double low;       /* Wilson's lower bound, 95 % */
    bool below; /* precision under the bound, of AW_DASH_RULE_LEAST or more */
};

/* By nearest rank; -1: there is nothing to measure. */
struct aw_dash_wait {
    double median, p90;
};

struct aw_dash_load {
    struct aw_str who;
    int64_t decisions, confirmed, dismissed;
    double median_seconds; /* between one order and the next of a sitting */
};

struct aw_dashboard {
    struct aw_stats_span span;
    struct aw_dash_day *days; /* each of the span */
    size_t day_count;
    struct aw_dash_parts places, sectors, classes, channels;
    struct aw_dash_rule *rules; /* the least precise first */
    size_t rule_count;
    struct aw_dash_wait queued_hours, decided_hours;
    struct aw_dash_load *load; /* most decisions first */
    size_t load_count;
    bool has_run;
    struct aw_run run; /* the newest crawl; of all places alone */
    struct aw_coverage *sources;
    size_t source_count;
};

/* Everything lies in the arena (AW_DASH_ARENA_MAX is enough). bound: the
 * precision that a rule should have, 0 to 1. AW_INVALID: the span ends before
 * it begins, or is longer than AW_DASH_DAYS_MAX. */
aw_rc aw_dashboard_make(struct aw_store *store,
                        const struct aw_stats_span *span, double bound,
                        struct aw_arena *arena, struct aw_dashboard *out,
                        struct aw_err *err) AW_MUST_USE;

/* The name of a place for people. */
typedef struct aw_str aw_dash_name_fn(void *self, struct aw_str place);

/* Appends the members of the API's answer without the braces. name may be
 * NULL: then a place's name is its code. */
void aw_dashboard_json(struct aw_buf *out, const struct aw_dashboard *dash,
                       aw_dash_name_fn *name, void *self);

/* The lower bound of a share, with 95 % confidence (Wilson 1927); 0 of 0 is
 * 0. */
double aw_wilson_low(int64_t right, int64_t all);

/* "2026-11-26" as a day of Beijing, and back. */
bool aw_dash_day_parse(struct aw_str text, int64_t *day);
void aw_dash_day_text(int64_t day, char out[AW_TIME_MAX]);

#endif
