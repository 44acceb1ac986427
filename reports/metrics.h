/* metrics.h - a run in numbers for a monitoring system: OpenMetrics text 1.0
 * that is also Prometheus' text format 0.0.4, as node_exporter's textfile
 * collector reads it. (openmetrics.io, 2020; so there is no type `info`, which
 * 0.0.4 does not know)
 *
 * Counters are those of one run and begin anew with the next, as those of a
 * program that was started again.
 */
#ifndef AW_REPORTS_METRICS_H
#define AW_REPORTS_METRICS_H

#include "base/buf.h"
#include "store/store.h"

#define AW_METRICS_MAX ((size_t)128 << 20) /* bytes: 10,000 sources fit */

struct aw_metrics {
    int64_t run;
    const char *state; /* running, done, stopped, broken */
    int64_t started_ms;
    int64_t ended_ms;   /* 0: it goes on, or is broken */
    int64_t success_ms; /* when the last run that was done ended; 0: none */
    int64_t queued, under_way;
    /* Source number i, with its name; NULL behind the last one. */
    const struct aw_coverage *(*source_at)(const void *self, size_t i);
    const void *self;
};

void aw_metrics_put(struct aw_buf *out, const struct aw_metrics *metrics);

#endif
