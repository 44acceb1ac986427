/* hand_in.h - what is said of a thing that was handed in: place, time, who,
 * channel, note.
 *
 * Who handed it in is a code that the office gives out ("WG-012"), never a
 * name, a telephone or an identity number in the clear. Times are those of
 * Beijing, kept in UTC; what is not known stays so, a time of day too.
 */
#ifndef AW_CRAWLER_HAND_IN_H
#define AW_CRAWLER_HAND_IN_H

#include "base/document.h"

#define AW_HAND_IN_TEXT_MAX ((size_t)1000) /* bytes of place and note */
#define AW_HAND_IN_CODE_MIN 2              /* bytes of a code */
#define AW_HAND_IN_CODE_MAX 24
#define AW_HAND_IN_CODE_DIGITS_MAX 8

/* How exactly a time is known. */
#define AW_SEEN_UNIT_LIST(X) \
    X(UNKNOWN, "")           \
    X(DAY, "day")            \
    X(MINUTE, "minute")      \
    X(SECOND, "second")

enum aw_seen_unit {
#define X(name, text) AW_SEEN_##name,
    AW_SEEN_UNIT_LIST(X)
#undef X
};

const char *aw_seen_unit_name(enum aw_seen_unit unit);

/* Texts are views of the caller's. */
struct aw_facts {
    struct aw_str place, who, note;
    int64_t seen_ms; /* UTC; of a day its first moment in Beijing */
    enum aw_seen_unit seen_unit;
    enum aw_channel channel;
};

/* Letters and digits of ASCII with - and _ between, at least one letter and
 * one digit, no more than AW_HAND_IN_CODE_DIGITS_MAX digits. AW_INVALID with
 * what it looks like instead; the message does not repeat it. */
aw_rc aw_hand_in_code(struct aw_str who, struct aw_err *err) AW_MUST_USE;

/* "2026-11-26 14:05", "2026/11/26", "2026年11月26日 下午2点05分", "20261126",
 * with Z or +08:00 behind where it is not Beijing's; empty, 不详, 未知 and the
 * like are AW_SEEN_UNKNOWN. AW_INVALID where it is none, or lies more than a
 * day after now_ms. */
aw_rc aw_hand_in_time(struct aw_str text, int64_t now_ms,
                      struct aw_facts *facts, struct aw_err *err) AW_MUST_USE;

/* The names of document.h, or in Chinese: 海报, 短信, 电话, 会议 ... */
aw_rc aw_hand_in_channel(struct aw_str text, enum aw_channel *out,
                         struct aw_err *err) AW_MUST_USE;

/* Place and note: one line each (line breaks become blanks), not longer than
 * AW_HAND_IN_TEXT_MAX. `what` stands in the message. */
aw_rc aw_hand_in_text(struct aw_str text, const char *what,
                      struct aw_arena *arena, struct aw_str *out,
                      struct aw_err *err) AW_MUST_USE;

#endif
