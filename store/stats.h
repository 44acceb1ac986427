/* stats.h - numbers over all findings and decisions, for the dashboard.
 *
 * Counts of findings are kept in a table as findings are sorted and decided
 * (schema.c, tally), so that a million of them are not read anew. One that is
 * not sorted yet is not counted.
 *
 * A day is one of Beijing, counted from 1970-01-01. A finding belongs to the
 * day on which it was first seen, in whatever state it is now.
 */
#ifndef AW_STORE_STATS_H
#define AW_STORE_STATS_H

#include "store/store.h"

#define AW_DAY_MS INT64_C(86400000)
#define AW_BEIJING_MS INT64_C(28800000) /* ahead of UTC */

/* Days from and to, both included, and places that begin so; empty: all. */
struct aw_stats_span {
    int64_t from, to;
    struct aw_str place;
    /* Who reads, and answers second looks: a finding at which a blind one of
     * another is open counts in the state 'second', and its first decision
     * does not count yet. Empty: all is told. */
    struct aw_str veiled_from;
};

/* By what findings are counted. */
enum aw_tally_by {
    AW_TALLY_DAY,
    AW_TALLY_PLACE,
    AW_TALLY_CHANNEL,
    AW_TALLY_CLASS,
    AW_TALLY_SECTOR,
    AW_TALLY_RULE
};

/* key: the day in digits, the place, the channel ...; rows with the same key
 * stand together, and none has a count of 0. */
typedef aw_rc aw_tally_fn(void *self, struct aw_str key, struct aw_str state,
                          int64_t count, struct aw_err *err);
aw_rc aw_store_tally(struct aw_store *store, enum aw_tally_by by,
                     const struct aw_stats_span *span, aw_tally_fn *visit,
                     void *self, struct aw_err *err) AW_MUST_USE;

/* A decision that was not taken back, and takes none back. */
struct aw_decided_row {
    int64_t at_ms, finding;
    int64_t batch; /* decisions of one order; 0: alone */
    struct aw_str who, action;
};

/* Those of the span's days, in the order of their times. */
typedef aw_rc aw_decided_fn(void *self, const struct aw_decided_row *decided,
                            struct aw_err *err);
aw_rc aw_store_decided(struct aw_store *store,
                       const struct aw_stats_span *span, aw_decided_fn *visit,
                       void *self, struct aw_err *err) AW_MUST_USE;

/* Of the newest decisions of the span that settled something, at most `most`:
 * how long after it was first seen the run ended that found it (-1: it has
 * not), and how long after that it was decided. */
typedef aw_rc aw_waited_fn(void *self, int64_t queued_ms, int64_t decided_ms,
                           struct aw_err *err);
aw_rc aw_store_waited(struct aw_store *store, const struct aw_stats_span *span,
                      int64_t most, aw_waited_fn *visit, void *self,
                      struct aw_err *err) AW_MUST_USE;

/* The newest crawl; AW_MISSING. */
aw_rc aw_store_crawl_last(struct aw_store *store, struct aw_arena *arena,
                          struct aw_run *run, struct aw_err *err) AW_MUST_USE;

#endif
