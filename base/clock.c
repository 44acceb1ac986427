#include "base/clock.h"

#include <stdio.h>
#include <time.h>

#define BEIJING_OFFSET_MS (INT64_C(8) * 3600 * 1000)

static int64_t read_clock(clockid_t id)
{
    struct timespec now = {0};

    (void)clock_gettime(id, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int64_t system_wall(const struct aw_clock *self)
{
    (void)self;
    return read_clock(CLOCK_REALTIME);
}

static int64_t system_mono(const struct aw_clock *self)
{
    (void)self;
    return read_clock(CLOCK_MONOTONIC);
}

static int64_t processor_time(const struct aw_clock *self)
{
    (void)self;
    return read_clock(CLOCK_PROCESS_CPUTIME_ID);
}

static int64_t manual_now(const struct aw_clock *self)
{
    return self->manual_ms;
}

const struct aw_clock *aw_clock_system(void)
{
    static const struct aw_clock clock = {system_wall, system_mono, 0};

    return &clock;
}

const struct aw_clock *aw_clock_processor(void)
{
    static const struct aw_clock clock = {system_wall, processor_time, 0};

    return &clock;
}

struct aw_clock aw_clock_manual(int64_t ms)
{
    return (struct aw_clock){manual_now, manual_now, ms};
}

int64_t aw_clock_wall(const struct aw_clock *clock)
{
    return clock->wall_ms(clock);
}

int64_t aw_clock_mono(const struct aw_clock *clock)
{
    return clock->mono_ms(clock);
}

/* Years of four digits: what the formats can hold. */
#define FIRST_MS INT64_C(-62167219200000) /* 0000-01-01T00:00:00Z */
#define LAST_MS INT64_C(253402300799999)  /* 9999-12-31T23:59:59.999Z */

static struct tm split_time(int64_t wall_ms, int *ms)
{
    time_t seconds = (time_t)(wall_ms / 1000);
    struct tm tm = {0};

    *ms = (int)(wall_ms % 1000);
    if (*ms < 0) {
        *ms += 1000;
        seconds--;
    }
    (void)gmtime_r(&seconds, &tm);
    return tm;
}

static int64_t clamp(int64_t ms, int64_t least, int64_t most)
{
    return ms < least ? least : ms > most ? most : ms;
}

/* The year, the rest by strftime's fmt, then milliseconds by ms_fmt where it
 * is not NULL. (glibc's %Y writes the year 33 as "33".) */
static void format_time(int64_t wall_ms, const char *fmt, const char *ms_fmt,
                        char out[AW_TIME_MAX])
{
    int ms;
    struct tm tm = split_time(clamp(wall_ms, FIRST_MS, LAST_MS), &ms);
    size_t len = 4;

    (void)snprintf(out, AW_TIME_MAX, "%04d", tm.tm_year + 1900);
    len += strftime(out + len, AW_TIME_MAX - len, fmt, &tm);
    if (ms_fmt) {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
        (void)snprintf(out + len, AW_TIME_MAX - len, ms_fmt, ms);
#pragma GCC diagnostic pop
    }
}

void aw_time_iso(int64_t wall_ms, char out[AW_TIME_MAX])
{
    format_time(wall_ms, "-%m-%dT%H:%M:%SZ", NULL, out);
}

void aw_time_iso_ms(int64_t wall_ms, char out[AW_TIME_MAX])
{
    format_time(wall_ms, "-%m-%dT%H:%M:%S", ".%03dZ", out);
}

void aw_time_compact(int64_t wall_ms, char out[AW_TIME_MAX])
{
    format_time(wall_ms, "%m%d%H%M%S", "%03d", out);
}

void aw_time_beijing(int64_t wall_ms, char out[AW_TIME_MAX])
{
    wall_ms = clamp(wall_ms, FIRST_MS, LAST_MS) + BEIJING_OFFSET_MS;
    format_time(wall_ms, "-%m-%d %H:%M:%S +08:00", NULL, out);
}

static bool is_date_shape(struct aw_str text)
{
    for (size_t i = 0; i < text.len; i++)
        if (i == 4 || i == 7 ? text.ptr[i] != '-'
                             : !aw_ascii_digit(text.ptr[i]))
            return false;
    return text.len == 10;
}

bool aw_date_parse(struct aw_str text, int64_t *wall_ms)
{
    int64_t year, month, day;
    struct tm tm = {0};
    time_t seconds;

    if (!is_date_shape(text) ||
        !aw_str_to_int(aw_str_sub(text, 0, 4), &year) ||
        !aw_str_to_int(aw_str_sub(text, 5, 2), &month) ||
        !aw_str_to_int(aw_str_sub(text, 8, 2), &day))
        return false;
    tm.tm_year = (int)year - 1900;
    tm.tm_mon = (int)month - 1;
    tm.tm_mday = (int)day;
    seconds = timegm(&tm);
    if (tm.tm_mon != (int)month - 1 || tm.tm_mday != (int)day)
        return false;
    *wall_ms = (int64_t)seconds * 1000;
    return true;
}

#define DAY_MS INT64_C(86400000)

static bool parse_beijing_day(struct aw_str text, int64_t plus_ms,
                              int64_t *wall_ms)
{
    int64_t utc_ms;

    if (text.len == 0)
        return true;
    if (!aw_date_parse(text, &utc_ms))
        return false;
    *wall_ms = utc_ms - BEIJING_OFFSET_MS + plus_ms;
    return true;
}

bool aw_beijing_days_parse(struct aw_str first, struct aw_str last,
                           int64_t *from_ms, int64_t *to_ms)
{
    return parse_beijing_day(first, 0, from_ms) &&
           parse_beijing_day(last, DAY_MS, to_ms);
}
