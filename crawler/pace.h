/* pace.h - how long a host is left alone before the next request.
 *
 * One struct aw_pace for each host, told of each answer; it says how long to
 * wait from the end of that request. Pure: time and random numbers come in.
 * Zeroed, it is a host of which nothing is known. Times are ms; those called
 * until are on the wall clock, so that they can be stored.
 *
 * After an answer: pause_factor times the smoothed answer time, no shorter
 * than pause_ms, no longer than pause_most_ms (but pause_ms counts if it is
 * longer). A Crawl-delay counts if it is longer. A pause_ms or pause_factor of
 * 0 switches the stretching off.
 *
 * After 429, 503, a time-out or no answer (a failure): backoff_first_ms,
 * doubled with each further one up to backoff_most_ms, 20 % more or less by
 * chance, and no shorter than after an answer. Each good answer halves the
 * level of failures; a time without failures, as long as the last back-off and
 * no shorter than AW_PACE_QUIET_MS, forgets it.
 *
 * Retry-After is taken whole, however long (up to AW_PACE_RETRY_MOST_MS), and
 * stands in for the first back-off, as the server said how long. When that
 * does not help, the back-off counts again if it is longer.
 */
#ifndef AW_CRAWLER_PACE_H
#define AW_CRAWLER_PACE_H

#include "base/config.h"
#include "base/rng.h"

#define AW_PACE_QUIET_MS ((int64_t)60 * 60 * 1000)
#define AW_PACE_RETRY_MOST_MS ((int64_t)366 * 24 * 60 * 60 * 1000)

/* 2 to this power times a millisecond is above every back-off. */
#define AW_PACE_LEVEL_MAX 32

struct aw_pace {
    int64_t until_ms;   /* the host may be asked again; 0: at any time */
    int64_t quiet_ms;   /* since then there was no failure */
    int32_t answer_ms8; /* smoothed answer time, in eighths; 0: none yet */
    int32_t level;      /* failures, less what good answers took off */
};

enum aw_pace_outcome {
    AW_PACE_OK,        /* any answer but these */
    AW_PACE_SLOW_DOWN, /* 429, 503 */
    AW_PACE_FAILED     /* time-out, no connection, broken off */
};

struct aw_pace_event {
    enum aw_pace_outcome outcome;
    int64_t now_ms;         /* wall: the end of the request */
    int64_t elapsed_ms;     /* that it took */
    int64_t crawl_delay_ms; /* of robots.txt; -1: none */
    int64_t retry_after_ms; /* from now; -1: none */
};

/* Notes the event; returns how long to wait from now_ms, and sets until_ms. */
int64_t aw_pace_after(struct aw_pace *pace,
                      const struct aw_crawl_config *config,
                      const struct aw_source *source,
                      const struct aw_pace_event *event, struct aw_rng *rng);

/* How long to wait from now_ms on; 0: the host may be asked. A clock that was
 * set back makes no wait longer than AW_PACE_RETRY_MOST_MS. */
int64_t aw_pace_wait(const struct aw_pace *pace, int64_t now_ms);

/* A pace from what was stored of one: its level and until_ms, brought within
 * their bounds. */
struct aw_pace aw_pace_restored(int64_t level, int64_t until_ms,
                                int64_t now_ms);

#endif
