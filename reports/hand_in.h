/* hand_in.h - what is said of a thing that was handed in, shown.
 *
 * A time that is known to the day is a date, in Beijing; others are shown in
 * the time of Beijing on a terminal, and in UTC in JSON.
 */
#ifndef AW_REPORTS_HAND_IN_H
#define AW_REPORTS_HAND_IN_H

#include "base/buf.h"
#include "store/store.h"

/* Appends the members of one object: "id", "at", "capture", "place", "seen",
 * "seen_unit", "who", "channel", "note", "source", "file", "line",
 * "attachment", "same". */
void aw_hand_in_json(struct aw_buf *out, const struct aw_hand_in *hand_in);

/* "2026-11-26 14:05", "2026-11-26", or nothing. */
void aw_hand_in_seen(struct aw_buf *out, const struct aw_hand_in *hand_in);

/* Is there anything to show: time, place, code or note? */
bool aw_hand_in_says(const struct aw_hand_in *hand_in);

#endif
