#include "reports/dashboard.h"

#include <math.h>

#include "base/json.h"

static void put_day(struct aw_buf *out, const char *name, int64_t day)
{
    char text[AW_TIME_MAX];

    aw_dash_day_text(day, text);
    aw_json_text(out, name, aw_str_of(text));
}

static void put_trend(struct aw_buf *out, const struct aw_dashboard *dash)
{
    aw_json_open(out, "trend", '[');
    for (size_t i = 0; i < dash->day_count; i++) {
        const struct aw_dash_day *day = &dash->days[i];

        aw_json_open(out, NULL, '{');
        put_day(out, "day", day->day);
        aw_json_int(out, "found", day->found);
        aw_json_int(out, "confirmed", day->confirmed);
        aw_json_int(out, "dismissed", day->dismissed);
        aw_json_int(out, "escalated", day->escalated);
        aw_json_close(out, '}');
    }
    aw_json_close(out, ']');
}

static void put_part(struct aw_buf *out, const struct aw_dash_part *part)
{
    aw_json_int(out, "found", part->found);
    aw_json_int(out, "confirmed", part->confirmed);
    aw_json_int(out, "dismissed", part->dismissed);
    aw_json_int(out, "escalated", part->escalated);
    aw_json_int(out, "open", part->open);
}

static void put_parts(struct aw_buf *out, const char *name, const char *key,
                      const struct aw_dash_parts *parts)
{
    aw_json_open(out, name, '[');
    for (size_t i = 0; i < parts->count; i++) {
        aw_json_open(out, NULL, '{');
        aw_json_text(out, key, parts->items[i].key);
        put_part(out, &parts->items[i]);
        aw_json_close(out, '}');
    }
    aw_json_close(out, ']');
}

static void put_places(struct aw_buf *out, const struct aw_dash_parts *places,
                       aw_dash_name_fn *name, void *self)
{
    aw_json_open(out, "places", '[');
    for (size_t i = 0; i < places->count; i++) {
        struct aw_str code = places->items[i].key;
        struct aw_str known = name ? name(self, code) : code;

        aw_json_open(out, NULL, '{');
        aw_json_text(out, "place", code);
        aw_json_text(out, "name", known.len > 0 ? known : code);
        put_part(out, &places->items[i]);
        aw_json_close(out, '}');
    }
    aw_json_close(out, ']');
}

static void put_time(struct aw_buf *out, const char *name, int64_t wall_ms)
{
    char text[AW_TIME_MAX];

    aw_time_iso(wall_ms, text);
    if (wall_ms > 0)
        aw_json_text(out, name, aw_str_of(text));
    else
        aw_json_raw(out, name, AW_STR("null"));
}

static void put_source(struct aw_buf *out, const struct aw_coverage *c)
{
    aw_json_open(out, NULL, '{');
    aw_json_text(out, "name", c->name);
    aw_json_int(out, "planned", c->planned);
    aw_json_int(out, "fetched", c->fetched);
    aw_json_int(out, "read", c->read);
    aw_json_int(out, "refused", c->refused);
    aw_json_int(out, "failed", c->failed);
    aw_json_int(out, "left", c->left);
    aw_json_int(out, "findings", c->findings);
    aw_json_close(out, '}');
}

static void put_coverage(struct aw_buf *out, const struct aw_dashboard *dash)
{
    if (!dash->has_run) {
        aw_json_raw(out, "coverage", AW_STR("null"));
        return;
    }
    aw_json_open(out, "coverage", '{');
    aw_json_int(out, "run", dash->run.id);
    aw_json_text(out, "state", dash->run.state);
    put_time(out, "started", dash->run.started_ms);
    put_time(out, "ended", dash->run.ended_ms);
    aw_json_open(out, "sources", '[');
    for (size_t i = 0; i < dash->source_count; i++)
        put_source(out, &dash->sources[i]);
    aw_json_close(out, ']');
    aw_json_close(out, '}');
}

static void put_rules(struct aw_buf *out, const struct aw_dashboard *dash)
{
    aw_json_open(out, "rules", '[');
    for (size_t i = 0; i < dash->rule_count; i++) {
        const struct aw_dash_rule *rule = &dash->rules[i];

        aw_json_open(out, NULL, '{');
        aw_json_text(out, "rule", rule->rule);
        aw_json_int(out, "decided", rule->decided);
        aw_json_int(out, "confirmed", rule->confirmed);
        aw_json_int(out, "dismissed", rule->dismissed);
        aw_json_real(out, "precision", rule->precision);
        aw_json_real(out, "low", rule->low);
        aw_json_bool(out, "below", rule->below);
        aw_json_close(out, '}');
    }
    aw_json_close(out, ']');
}

/* What was not measured is null: aw_json_real writes no number for NaN. */
static double known(double value)
{
    return value < 0 ? (double)NAN : value;
}

static void put_wait(struct aw_buf *out, const char *name,
                     const struct aw_dash_wait *wait)
{
    aw_json_open(out, name, '{');
    aw_json_real(out, "median", known(wait->median));
    aw_json_real(out, "p90", known(wait->p90));
    aw_json_close(out, '}');
}

static void put_load(struct aw_buf *out, const struct aw_dashboard *dash)
{
    aw_json_open(out, "load", '[');
    for (size_t i = 0; i < dash->load_count; i++) {
        const struct aw_dash_load *load = &dash->load[i];

        aw_json_open(out, NULL, '{');
        aw_json_text(out, "who", load->who);
        aw_json_int(out, "decisions", load->decisions);
        aw_json_int(out, "confirmed", load->confirmed);
        aw_json_int(out, "dismissed", load->dismissed);
        aw_json_real(out, "median_seconds", known(load->median_seconds));
        aw_json_close(out, '}');
    }
    aw_json_close(out, ']');
}

void aw_dashboard_json(struct aw_buf *out, const struct aw_dashboard *dash,
                       aw_dash_name_fn *name, void *self)
{
    put_day(out, "from", dash->span.from);
    put_day(out, "to", dash->span.to);
    put_trend(out, dash);
    put_places(out, &dash->places, name, self);
    put_parts(out, "sectors", "sector", &dash->sectors);
    put_parts(out, "classes", "class", &dash->classes);
    put_parts(out, "channels", "channel", &dash->channels);
    put_coverage(out, dash);
    put_rules(out, dash);
    aw_json_open(out, "times", '{');
    put_wait(out, "queued_hours", &dash->queued_hours);
    put_wait(out, "decided_hours", &dash->decided_hours);
    aw_json_close(out, '}');
    put_load(out, dash);
}
