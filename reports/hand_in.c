#include "reports/hand_in.h"

#include "base/clock.h"
#include "base/json.h"

/* How much of "2026-11-26 14:05:33 +08:00" is known. */
static size_t known_len(struct aw_str unit)
{
    static const struct {
        struct aw_str unit;
        size_t len;
    } lens[] = {{{"day", 3}, 10}, {{"minute", 6}, 16}, {{"second", 6}, 19}};

    for (size_t i = 0; i < sizeof lens / sizeof lens[0]; i++)
        if (aw_str_eq(unit, lens[i].unit))
            return lens[i].len;
    return 0;
}

void aw_hand_in_seen(struct aw_buf *out, const struct aw_hand_in *hand_in)
{
    char time[AW_TIME_MAX];

    aw_time_beijing(hand_in->seen_ms, time);
    aw_buf_put(out,
               aw_str_sub(aw_str_of(time), 0, known_len(hand_in->seen_unit)));
}

bool aw_hand_in_says(const struct aw_hand_in *hand_in)
{
    return hand_in->seen_unit.len > 0 || hand_in->place.len > 0 ||
           hand_in->who.len > 0 || hand_in->note.len > 0;
}

static void put_seen(struct aw_buf *out, const struct aw_hand_in *h)
{
    char time[AW_TIME_MAX] = "";
    bool day = aw_str_eq(h->seen_unit, AW_STR("day"));

    if (day)
        aw_time_beijing(h->seen_ms, time);
    else if (h->seen_unit.len > 0)
        aw_time_iso(h->seen_ms, time);
    aw_json_text(out, "seen",
                 aw_str_sub(aw_str_of(time), 0, day ? 10 : AW_TIME_MAX));
    aw_json_text(out, "seen_unit", h->seen_unit);
}

void aw_hand_in_json(struct aw_buf *out, const struct aw_hand_in *h)
{
    char at[AW_TIME_MAX];

    aw_time_iso(h->at_ms, at);
    aw_json_int(out, "id", h->id);
    aw_json_text(out, "at", aw_str_of(at));
    aw_json_int(out, "capture", h->capture);
    aw_json_text(out, "place", h->place);
    put_seen(out, h);
    aw_json_text(out, "who", h->who);
    aw_json_text(out, "channel", h->channel);
    aw_json_text(out, "note", h->note);
    aw_json_text(out, "source", h->source);
    aw_json_text(out, "file", h->file);
    aw_json_int(out, "line", h->line);
    aw_json_text(out, "attachment", h->name);
    aw_json_text(out, "same", h->same);
}
