#include "evidence/redact_private.h"

#include <stdlib.h>

#include "base/json.h"
#include "base/utf8.h"

/* A text while it is redacted: which of its bytes are taken. */
struct taking {
    struct aw_redact *redact;
    struct aw_str text;
    char *taken;
    struct aw_redact_places *places;
    size_t first; /* place of this text */
};

/* ---- marking ------------------------------------------------------------ */

static aw_rc add_place(struct aw_redact_places *places,
                       enum aw_redact_kind kind, size_t start, size_t end,
                       struct aw_err *err)
{
    void *items = places->items;
    aw_rc rc;

    if (places->count == AW_REDACT_PLACES_MAX)
        return aw_fail(err, AW_LIMIT,
                       "more than %d places with personal data: bundle "
                       "fewer findings at once",
                       AW_REDACT_PLACES_MAX);
    rc = aw_arena_grow(places->arena, &items, places->count, &places->cap,
                       sizeof *places->items, err);
    places->items = items;
    if (rc == AW_OK)
        places->items[places->count++] =
            (struct aw_redact_place){kind, start, end};
    return rc;
}

/* Places are in bytes until the end. What was taken already is no place of its
 * own. */
static aw_rc take_hit(void *self, const struct aw_redact_hit *hit,
                      struct aw_err *err)
{
    struct taking *t = self;
    const struct aw_redact_cell *cells = t->redact->cells.items;
    const struct aw_redact_cell *last = &cells[hit->end - 1];
    bool fresh = false;

    if ((hit->kind == AW_REDACT_NAME && hit->offered) ||
        aw_redact_is_kept(t->redact, hit->kind, hit->value))
        return AW_OK;
    for (size_t i = hit->start; i < hit->end; i++) {
        fresh = fresh || !t->taken[cells[i].at];
        memset(t->taken + cells[i].at, 1, cells[i].len);
    }
    return fresh ? add_place(t->places, hit->kind, cells[hit->start].at,
                             (size_t)last->at + last->len, err)
                 : AW_OK;
}

static aw_rc take(struct taking *t, enum aw_redact_form form,
                  struct aw_err *err)
{
    aw_rc rc = AW_OK;

    for (int way = 0; way < aw_redact_ways(form) && rc == AW_OK; way++) {
        rc = aw_redact_cells_fill(&t->redact->cells, t->text,
                                  (enum aw_redact_way)way, err);
        if (rc == AW_OK)
            rc = aw_redact_search(t->redact, take_hit, t, err);
    }
    return rc;
}

/* ---- writing ------------------------------------------------------------ */

static int by_start(const void *a, const void *b)
{
    const struct aw_redact_place *one = a;
    const struct aw_redact_place *two = b;

    return (one->start > two->start) - (one->start < two->start);
}

/* From bytes to code points. An end lies in front of the next start, or that
 * is within: so both are counted from the last start. */
static void count_places(const struct taking *t)
{
    struct aw_redact_places *places = t->places;
    size_t at = 0;
    size_t cp = 0;

    if (places->count == t->first)
        return;
    qsort(places->items + t->first, places->count - t->first,
          sizeof *places->items, by_start);
    for (size_t i = t->first; i < places->count; i++) {
        struct aw_redact_place *place = &places->items[i];
        size_t len = place->end - place->start;

        cp += aw_utf8_count(aw_str_sub(t->text, at, place->start - at));
        at = place->start;
        place->start = cp;
        place->end = cp + aw_utf8_count(aw_str_sub(t->text, at, len));
    }
}

static void put_rest(const struct taking *t, struct aw_buf *out)
{
    size_t kept = 0; /* from here on, what was not written yet */

    for (size_t pos = 0; pos < t->text.len;) {
        size_t at = pos;

        (void)aw_utf8_next(t->text, &pos);
        if (!t->taken[at])
            continue;
        aw_buf_put(out, aw_str_sub(t->text, kept, at - kept));
        aw_buf_puts(out, AW_REDACT_MARK);
        kept = pos;
    }
    aw_buf_put(out, aw_str_sub(t->text, kept, t->text.len - kept));
}

static aw_rc redact_bytes(struct aw_redact *redact, struct aw_str text,
                          enum aw_redact_form form, struct aw_buf *out,
                          struct aw_redact_places *places, struct aw_err *err)
{
    struct taking t = {.redact = redact,
                       .text = text,
                       .taken = calloc(text.len + 1, 1),
                       .places = places,
                       .first = places->count};
    aw_rc rc;

    if (!t.taken)
        return aw_fail(err, AW_NOMEM, "out of memory");
    rc = take(&t, form, err);
    if (rc == AW_OK) {
        count_places(&t);
        if (out)
            put_rest(&t, out);
    }
    free(t.taken);
    return rc;
}

/* ---- JSON --------------------------------------------------------------- */

struct rewriting {
    struct aw_redact *redact;
    struct aw_str json;
    size_t kept; /* from here on, what was not written yet */
    struct aw_buf *out;
    struct aw_redact_places *places;
    struct aw_buf text, quoted;
};

static aw_rc redact_string(void *self, struct aw_str raw, struct aw_str text,
                           struct aw_err *err)
{
    struct rewriting *r = self;
    size_t before = r->places->count;
    size_t at = (size_t)(raw.ptr - r->json.ptr);
    aw_rc rc;

    aw_buf_reset(&r->text);
    rc = redact_bytes(r->redact, text, AW_REDACT_TEXT, &r->text, r->places,
                      err);
    if (rc != AW_OK || r->places->count == before)
        return rc;
    for (size_t i = before; i < r->places->count; i++)
        r->places->items[i].start = r->places->items[i].end = 0;
    if (!r->out)
        return AW_OK;
    aw_buf_reset(&r->quoted);
    aw_json_text(&r->quoted, NULL, aw_buf_str(&r->text));
    aw_buf_put(r->out, aw_str_sub(r->json, r->kept, at - r->kept));
    aw_buf_put(r->out, aw_buf_str(&r->quoted));
    r->kept = at + raw.len;
    rc = aw_buf_check(&r->text, err);
    return rc == AW_OK ? aw_buf_check(&r->quoted, err) : rc;
}

static aw_rc redact_json(struct aw_redact *redact, struct aw_str json,
                         struct aw_buf *out, struct aw_redact_places *places,
                         struct aw_err *err)
{
    struct rewriting r = {.redact = redact,
                          .json = json,
                          .out = out,
                          .places = places};
    aw_rc rc;

    aw_buf_init(&r.text, AW_REDACT_TEXT_MAX * 3);
    aw_buf_init(&r.quoted, AW_REDACT_TEXT_MAX * 6);
    rc = aw_redact_json_each(json, redact_string, &r, err);
    if (rc == AW_OK && out)
        aw_buf_put(out, aw_str_sub(json, r.kept, json.len - r.kept));
    aw_buf_deinit(&r.text);
    aw_buf_deinit(&r.quoted);
    return rc;
}

aw_rc aw_redact_text(struct aw_redact *redact, struct aw_str text,
                     enum aw_redact_form form, struct aw_buf *out,
                     struct aw_redact_places *places, struct aw_err *err)
{
    aw_rc rc;

    if (text.len > AW_REDACT_TEXT_MAX)
        return aw_fail(err, AW_LIMIT, "a text of more than %zu bytes",
                       AW_REDACT_TEXT_MAX);
    rc = form == AW_REDACT_JSON
             ? redact_json(redact, text, out, places, err)
             : redact_bytes(redact, text, form, out, places, err);
    return rc == AW_OK && out ? aw_buf_check(out, err) : rc;
}
