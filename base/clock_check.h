/* clock_check.h - how far the machine's clock can be trusted, and why.
 *
 * What the kernel says of its own clock (adjtimex(2), which any process may
 * read): whether something keeps it in step with a better one, how far it is
 * off by the last comparison, and how far it may be off at most. Who keeps it
 * is seen from the programs that run; where a container or a virtual machine
 * leaves that to its host, none is found.
 *
 * It tells; it changes nothing, and asks no other machine.
 */
#ifndef AW_BASE_CLOCK_CHECK_H
#define AW_BASE_CLOCK_CHECK_H

#include "base/buf.h"
#include "base/clock.h"

struct aw_clock_check {
    int64_t wall_ms;   /* of the clock, when it was looked at */
    bool known;        /* the kernel told */
    bool synchronised; /* in step with a better clock (STA_UNSYNC clear) */
    int64_t offset_us; /* by the last comparison */
    int64_t error_us;  /* estimated */
    int64_t error_most_us;
    const char *keeper; /* "chronyd", "systemd-timesyncd" ...; "": none */
};

void aw_clock_check(const struct aw_clock *clock, struct aw_clock_check *out);

/* Appends it as fields of a warcinfo record, CRLF behind each:
 *
 *     clock-time: 2026-11-23T02:13:00.123Z
 *     clock-time-beijing: 2026-11-23 10:13:00 +08:00
 *     clock-synchronised: yes
 *     clock-offset-us: -12
 *     clock-error-us: 40
 *     clock-error-most-us: 5210
 *     clock-keeper: chronyd
 *
 * The numbers are left out where the kernel tells none, the keeper where none
 * is found. */
void aw_clock_check_fields(struct aw_buf *out,
                           const struct aw_clock_check *check);

#endif
