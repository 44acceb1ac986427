#include "base/clock.h"
#include "base/json.h"
#include "reports/night.h"

#define REASONS_MOST 1000 /* of a source; --skipped has all */

static void put_coverage(struct aw_buf *out, const char *name,
                         const struct aw_coverage *c)
{
    aw_json_open(out, name, '{');
#define X(what) aw_json_int(out, #what, c->what);
    AW_COVERAGE_LIST(X)
#undef X
    aw_json_close(out, '}');
}

static void put_states(struct aw_buf *out, const struct aw_night_count *list)
{
    for (const struct aw_night_count *c = list; c; c = c->next)
        aw_json_int(out, c->state.ptr, c->count); /* it ends with a NUL */
}

/* The same reason in two states counts as one. */
static bool came_before(const struct aw_night_count *list,
                        const struct aw_night_count *reason)
{
    for (; list != reason; list = list->next)
        if (aw_str_eq(list->reason, reason->reason))
            return true;
    return false;
}

static int64_t count_all(const struct aw_night_count *reason)
{
    int64_t count = 0;

    for (const struct aw_night_count *c = reason; c; c = c->next)
        count += aw_str_eq(c->reason, reason->reason) ? c->count : 0;
    return count;
}

static void put_reasons(struct aw_buf *out, const struct aw_night_count *list)
{
    const struct aw_night_count *c = list;
    int64_t more = 0;

    aw_json_open(out, "reasons", '{');
    for (int i = 0; c && i < REASONS_MOST; c = c->next, i++)
        if (!came_before(list, c))
            aw_json_int(out, c->reason.ptr, count_all(c));
    aw_json_close(out, '}');
    for (; c; c = c->next)
        more++;
    if (more > 0)
        aw_json_int(out, "more", more);
}

static void put_source(struct aw_buf *out, const struct aw_night_source *s)
{
    aw_json_open(out, s->name.ptr, '{');
    put_states(out, s->states);
    if (s->reasons)
        put_reasons(out, s->reasons);
    if (s->is_now)
        put_coverage(out, "coverage", &s->now);
    if (s->was_before)
        put_coverage(out, "before", &s->before);
    aw_json_close(out, '}');
}

static void put_pair(struct aw_buf *out, struct aw_str source,
                     struct aw_str text)
{
    aw_json_open(out, NULL, '{');
    aw_json_text(out, "source", source);
    aw_json_text(out, "text", text);
    aw_json_close(out, '}');
}

static void put_lists(struct aw_buf *out, const struct aw_night *night)
{
    aw_json_open(out, "notes", '[');
    for (const struct aw_night_note *n = night->notes; n; n = n->next)
        put_pair(out, n->source, n->text);
    aw_json_close(out, ']');
    aw_json_open(out, "warnings", '[');
    for (const struct aw_night_source *s = night->sources; s; s = s->next)
        if (s->warning.len > 0)
            put_pair(out, s->name, s->warning);
    aw_json_close(out, ']');
}

static void put_time(struct aw_buf *out, const char *name, int64_t wall_ms)
{
    char text[AW_TIME_MAX] = "";

    if (wall_ms > 0)
        aw_time_iso(wall_ms, text);
    aw_json_text(out, name, aw_str_of(text));
}

static void put_head(struct aw_buf *out, const struct aw_audit_head *head)
{
    aw_json_open(out, "audit", '{');
    aw_json_int(out, "id", head->id);
    aw_json_text(out, "hash", aw_str_of(head->hash));
    aw_json_close(out, '}');
}

void aw_night_json(struct aw_buf *out, const struct aw_night *night)
{
    aw_json_open(out, NULL, '{');
    aw_json_int(out, "run", night->run.id);
    aw_json_text(out, "state", night->run.state);
    put_time(out, "started", night->run.started_ms);
    put_time(out, "ended", night->run.ended_ms);
    put_coverage(out, "coverage", &night->did);
    aw_json_int(out, "before_run", night->before);
    if (night->before > 0)
        put_coverage(out, "before", &night->did_before);
    aw_json_open(out, "sources", '{');
    for (const struct aw_night_source *s = night->sources; s; s = s->next)
        put_source(out, s);
    aw_json_close(out, '}');
    aw_json_open(out, "findings", '{');
    put_states(out, night->findings);
    aw_json_close(out, '}');
    put_lists(out, night);
    put_head(out, &night->audit);
    aw_json_close(out, '}');
    aw_buf_putc(out, '\n');
}
