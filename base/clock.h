/* clock.h - time that comes in from outside.
 *
 * Times are int64_t milliseconds: wall time since 1970-01-01T00:00:00Z, or
 * monotonic time since some start. Modules take a struct aw_clock so that a
 * test can stand still (aw_clock_manual).
 */
#ifndef AW_BASE_CLOCK_H
#define AW_BASE_CLOCK_H

#include "base/error.h"
#include "base/str.h"

struct aw_clock {
    int64_t (*wall_ms)(const struct aw_clock *self);
    int64_t (*mono_ms)(const struct aw_clock *self);
    int64_t manual_ms; /* what a manual clock shows, for both */
};

/* The machine's clocks; lives for ever. */
const struct aw_clock *aw_clock_system(void);

/* Likewise, but its monotonic time is what this process had of the processor:
 * for a budget of work that does not shrink on a busy machine. */
const struct aw_clock *aw_clock_processor(void);

/* A clock that shows ms until the caller sets clock->manual_ms anew. */
struct aw_clock aw_clock_manual(int64_t ms);

int64_t aw_clock_wall(const struct aw_clock *clock);
int64_t aw_clock_mono(const struct aw_clock *clock);

/* "2026-11-23T02:13:00Z", "2026-11-23T02:13:00.123Z", "20261123021300123",
 * "2026-11-23 10:13:00 +08:00" (Beijing), each with its NUL. Times before
 * the year 0 or after 9999 are shown as the first or last one. */
#define AW_TIME_MAX 32
void aw_time_iso(int64_t wall_ms, char out[AW_TIME_MAX]);
void aw_time_iso_ms(int64_t wall_ms, char out[AW_TIME_MAX]);
void aw_time_compact(int64_t wall_ms, char out[AW_TIME_MAX]);
void aw_time_beijing(int64_t wall_ms, char out[AW_TIME_MAX]);

/* Reads "YYYY-MM-DD" as that day's first millisecond (UTC). */
bool aw_date_parse(struct aw_str text, int64_t *wall_ms);

/* Days of Beijing, "YYYY-MM-DD" of which the first and the last are within:
 * *from_ms is the first's first millisecond, *to_ms that behind the last. An
 * empty text leaves its own as it is; false: one of them is no day. */
bool aw_beijing_days_parse(struct aw_str first, struct aw_str last,
                           int64_t *from_ms, int64_t *to_ms);

#endif
