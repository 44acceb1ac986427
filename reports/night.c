#include "reports/night.h"

#include <inttypes.h>

#define SIZE_FALL 4 /* the mean size of pages by which fewer bytes tell */

/* ---- far less than last time -------------------------------------------- */

static int64_t given(const struct aw_coverage *c)
{
    return c->read + c->unchanged;
}

static int64_t wanted(const struct aw_coverage *c)
{
    int64_t wanted = c->planned - c->skipped;

    return wanted > given(c) ? wanted : given(c);
}

static int64_t missing(const struct aw_coverage *c)
{
    return wanted(c) - given(c);
}

static void tell_pages(struct aw_buf *why, const char *what,
                       const struct aw_night_source *s)
{
    aw_buf_printf(why,
                  "%s: %" PRId64 " of %" PRId64 " pages (last time %" PRId64
                  " of %" PRId64 ")",
                  what, given(&s->now), wanted(&s->now), given(&s->before),
                  wanted(&s->before));
}

static bool has_fewer(const struct aw_night_source *s, struct aw_buf *why)
{
    int64_t newly = missing(&s->now) - missing(&s->before);

    if (newly <= given(&s->now))
        return false;
    if (given(&s->now) < given(&s->before))
        tell_pages(why, "far less than last time", s);
    else
        aw_buf_printf(why,
                      "far more pages than last time are missing: %" PRId64
                      " of %" PRId64 " (last time %" PRId64 " of %" PRId64 ")",
                      missing(&s->now), wanted(&s->now), missing(&s->before),
                      wanted(&s->before));
    return true;
}

static double mean_size(const struct aw_coverage *c)
{
    return (double)c->read_bytes / (double)c->read;
}

static bool has_smaller(const struct aw_night_source *s, struct aw_buf *why)
{
    if (!s->was_rich || s->now.read < AW_NIGHT_PAGES_LEAST ||
        mean_size(&s->now) * SIZE_FALL >= mean_size(&s->rich))
        return false;
    aw_buf_printf(why,
                  "far smaller pages than in run %" PRId64
                  ": %.0f bytes each, in the mean (then %.0f)",
                  s->rich.run, mean_size(&s->now), mean_size(&s->rich));
    return true;
}

bool aw_night_has_fallen(const struct aw_night_source *s, struct aw_buf *why)
{
    bool gave = s->was_before && given(&s->before) > 0;

    if (gave && !s->is_now) {
        aw_buf_printf(why,
                      "not there any more (last time %" PRId64 " of %" PRId64
                      " pages): is it still in adwatch.yaml?",
                      given(&s->before), wanted(&s->before));
        return true;
    }
    if (gave && given(&s->now) == 0) {
        tell_pages(why, "no page at all", s);
        return true;
    }
    return (s->was_before && has_fewer(s, why)) || has_smaller(s, why);
}

/* ---- reading ------------------------------------------------------------ */

struct load {
    struct aw_night *night;
    struct aw_night_source *last; /* they come in their order */
    struct aw_night_note *last_note;
    bool before; /* whose coverage comes */
};

static void *take(struct load *load, size_t size, struct aw_err *err)
{
    void *item = aw_arena_alloc(&load->night->arena, size);

    if (!item)
        (void)aw_arena_fail(&load->night->arena, err);
    return item;
}

/* Where the source of this name stands, or is to be put. */
static struct aw_night_source **place_of(struct load *load, struct aw_str name)
{
    struct aw_night_source **at = &load->night->sources;

    if (load->last && aw_str_cmp(load->last->name, name) < 0)
        at = &load->last->next;
    while (*at && aw_str_cmp((*at)->name, name) < 0)
        at = &(*at)->next;
    return at;
}

static aw_rc source_of(struct load *load, struct aw_str name,
                       struct aw_night_source **out, struct aw_err *err)
{
    struct aw_night_source **at;
    struct aw_night_source *made;
    aw_rc rc;

    if (load->last && aw_str_eq(load->last->name, name)) {
        *out = load->last;
        return AW_OK;
    }
    at = place_of(load, name);
    if (!*at || !aw_str_eq((*at)->name, name)) {
        made = take(load, sizeof *made, err);
        if (!made)
            return AW_NOMEM;
        rc = aw_arena_dup(&load->night->arena, name, &made->name, err);
        if (rc != AW_OK)
            return rc;
        made->next = *at;
        *at = made;
    }
    *out = load->last = *at;
    return AW_OK;
}

static void add_up(struct aw_coverage *sum, const struct aw_coverage *c)
{
#define X(what) sum->what += c->what;
    AW_COVERAGE_LIST(X)
#undef X
}

static aw_rc take_coverage(void *self, const struct aw_coverage *c,
                           struct aw_err *err)
{
    struct load *load = self;
    struct aw_night_source *source = NULL;
    aw_rc rc = source_of(load, c->name, &source, err);

    if (rc != AW_OK)
        return rc;
    *(load->before ? &source->before : &source->now) = *c;
    *(load->before ? &source->was_before : &source->is_now) = true;
    add_up(load->before ? &load->night->did_before : &load->night->did, c);
    return AW_OK;
}

static aw_rc put_count(struct load *load, struct aw_night_count **list,
                       struct aw_str state, struct aw_str reason,
                       int64_t count, struct aw_err *err)
{
    struct aw_night_count *made = take(load, sizeof *made, err);
    aw_rc rc;

    if (!made)
        return AW_NOMEM;
    rc = aw_arena_dup(&load->night->arena, state, &made->state, err);
    if (rc == AW_OK)
        rc = aw_arena_dup(&load->night->arena, reason, &made->reason, err);
    made->count = count;
    while (*list && (*list)->count >= count)
        list = &(*list)->next;
    made->next = *list;
    *list = made;
    return rc;
}

static aw_rc add_state(struct load *load, struct aw_night_count **list,
                       struct aw_str state, int64_t count, struct aw_err *err)
{
    for (struct aw_night_count *at = *list; at; at = at->next) {
        if (aw_str_eq(at->state, state)) {
            at->count += count;
            return AW_OK;
        }
    }
    return put_count(load, list, state, AW_STR(""), count, err);
}

/* A trap may bring a hundred thousand, of one URL each: they go to the end
 * without a walk. */
static aw_rc put_reason(struct load *load, struct aw_night_source *source,
                        struct aw_str state, struct aw_str reason,
                        int64_t count, struct aw_err *err)
{
    struct aw_night_count *last = source->last_reason;
    aw_rc rc = put_count(load,
                         last && last->count >= count ? &last->next
                                                      : &source->reasons,
                         state, reason, count, err);

    if (rc != AW_OK)
        return rc;
    last = last ? last : source->reasons;
    source->last_reason = last->next ? last->next : last;
    return AW_OK;
}

static aw_rc take_urls(void *self, struct aw_str name, struct aw_str state,
                       struct aw_str reason, int64_t count, struct aw_err *err)
{
    struct load *load = self;
    struct aw_night_source *source = NULL;
    aw_rc rc = source_of(load, name, &source, err);

    if (rc == AW_OK)
        rc = add_state(load, &source->states, state, count, err);
    if (rc == AW_OK && reason.len > 0)
        rc = put_reason(load, source, state, reason, count, err);
    return rc;
}

static aw_rc take_findings(void *self, struct aw_str source,
                           struct aw_str state, struct aw_str reason,
                           int64_t count, struct aw_err *err)
{
    struct load *load = self;

    (void)source;
    (void)reason;
    return add_state(load, &load->night->findings, state, count, err);
}

static aw_rc take_note(void *self, struct aw_str source, struct aw_str text,
                       struct aw_err *err)
{
    struct load *load = self;
    struct aw_night_note *note = take(load, sizeof *note, err);
    aw_rc rc;

    if (!note)
        return AW_NOMEM;
    rc = aw_arena_dup(&load->night->arena, source, &note->source, err);
    if (rc == AW_OK)
        rc = aw_arena_dup(&load->night->arena, text, &note->text, err);
    *(load->last_note ? &load->last_note->next : &load->night->notes) = note;
    load->last_note = note;
    return rc;
}

/* ---- comparing ---------------------------------------------------------- */

static aw_rc load_before(struct load *load, struct aw_store *store,
                         struct aw_err *err)
{
    struct aw_night *night = load->night;
    aw_rc rc = aw_store_run_before(store, night->run.id, &night->before, err);

    if (rc == AW_MISSING) {
        night->before = 0;
        return AW_OK;
    }
    load->before = true;
    load->last = NULL;
    return rc == AW_OK ? aw_store_coverages(store, night->before,
                                            take_coverage, load, err)
                       : rc;
}

static aw_rc load_rich(struct aw_night *night, struct aw_night_source *source,
                       struct aw_store *store, struct aw_err *err)
{
    aw_rc rc;

    if (source->now.read < AW_NIGHT_PAGES_LEAST)
        return AW_OK;
    rc = aw_store_coverage_rich(store, night->run.id, source->now.source,
                                AW_NIGHT_PAGES_LEAST, &source->rich, err);
    source->was_rich = rc == AW_OK;
    return rc == AW_MISSING ? AW_OK : rc;
}

/* Only what went to its end can be less than before. */
static aw_rc compare(struct aw_night *night, struct aw_store *store,
                     struct aw_err *err)
{
    struct aw_buf why;
    aw_rc rc = AW_OK;

    if (!aw_str_eq(night->run.state, AW_STR("done")))
        return AW_OK;
    aw_buf_init(&why, AW_ERR_MAX);
    for (struct aw_night_source *s = night->sources; s && rc == AW_OK;
         s = s->next) {
        aw_buf_reset(&why);
        rc = load_rich(night, s, store, err);
        if (rc == AW_OK && aw_night_has_fallen(s, &why))
            rc = aw_arena_dup(&night->arena, aw_buf_str(&why), &s->warning,
                              err);
    }
    aw_buf_deinit(&why);
    return rc;
}

aw_rc aw_night_load(struct aw_night *night, struct aw_store *store,
                    struct aw_err *err)
{
    struct load load = {.night = night};
    aw_rc rc;

    *night = (struct aw_night){0};
    aw_arena_init(&night->arena, AW_NIGHT_MAX);
    rc = aw_store_run_last(store, &night->arena, &night->run, err);
    if (rc == AW_OK)
        rc = aw_store_coverages(store, night->run.id, take_coverage, &load,
                                err);
    if (rc == AW_OK)
        rc = aw_store_url_counts(store, night->run.id, take_urls, &load, err);
    if (rc == AW_OK)
        rc = aw_store_finding_counts(store, take_findings, &load, err);
    if (rc == AW_OK)
        rc = aw_store_notes(store, night->run.id, take_note, &load, err);
    if (rc == AW_OK)
        rc = aw_audit_head(store, &night->audit, err);
    if (rc == AW_OK)
        rc = load_before(&load, store, err);
    return rc == AW_OK ? compare(night, store, err) : rc;
}

void aw_night_free(struct aw_night *night)
{
    aw_arena_deinit(&night->arena);
}
