#include "review/examples.h"

#include <stdio.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/utf8.h"
#include "review/team.h"

#define EXAMPLE_MAX ((size_t)4 << 20) /* bytes of one */
#define ARENA_MAX ((size_t)16 << 20)

/* One example on its way. */
struct making {
    struct aw_store *store;
    struct aw_buf *out;
    struct aw_examples_count *count;
    bool is_suspected;
    struct aw_buf text, spans;
    int span_count;
    int64_t block, end; /* of the last place: code points of its block */
    struct aw_arena arena;
    struct aw_claim_row *claims; /* as reviewers corrected them */
    size_t claim_count;
    struct aw_str by; /* of the last decision */
    int64_t at_ms;
};

/* ---- the text ------------------------------------------------------------
 */

/* Which occurrence it is, as the corpus counts. */
static int nth_of(struct aw_str text, size_t at, struct aw_str quote)
{
    int nth = 0;

    for (size_t from = 0; from <= at;) {
        ptrdiff_t next = aw_str_find(aw_str_sub(text, from, text.len), quote);

        if (next < 0 || from + (size_t)next > at)
            break;
        nth++;
        from += (size_t)next + 1;
    }
    return nth;
}

static void put_span(struct making *m, const struct aw_claim_row *c, size_t at)
{
    if (m->span_count++ >= AW_EXAMPLE_SPANS_MAX)
        return;
    aw_json_open(&m->spans, NULL, '{');
    aw_json_text(&m->spans, "class", c->class);
    aw_json_text(&m->spans, "quote", c->quote);
    if (c->quote.len > 0)
        aw_json_int(&m->spans, "nth",
                    nth_of(aw_buf_str(&m->text), at, c->quote));
    aw_json_close(&m->spans, '}');
}

/* The words around it that do not stand there yet: claims near one another
 * share them. */
static void put_place(struct making *m, const struct aw_claim_row *c)
{
    size_t before = aw_utf8_count(c->before);
    int64_t start = c->start - (int64_t)before;
    bool shared = c->block == m->block && start < m->end && c->start >= m->end;
    size_t skip = shared ? (size_t)(m->end - start) : 0;
    size_t at;

    if (m->text.len > 0 && !shared)
        aw_buf_putc(&m->text, '\n');
    at = aw_utf8_offset(c->before, skip);
    aw_buf_put(&m->text, aw_str_sub(c->before, at, c->before.len));
    at = m->text.len;
    aw_buf_put(&m->text, c->quote);
    aw_buf_put(&m->text, c->after);
    m->block = c->block;
    m->end = c->end + (int64_t)aw_utf8_count(c->after);
    put_span(m, c, at);
}

/* A quote that lies in the last place, words around it and all. */
static bool lies_within(struct making *m, const struct aw_claim_row *c,
                        size_t *at)
{
    struct aw_str text = aw_buf_str(&m->text);
    size_t left, points;

    if (c->block != m->block || c->end > m->end)
        return false;
    points = aw_utf8_count(text);
    left = (size_t)(m->end - c->start);
    if (left > points)
        return false;
    *at = aw_utf8_offset(text, points - left);
    return aw_str_starts(aw_str_sub(text, *at, text.len), c->quote);
}

static void put_claim(struct making *m, const struct aw_claim_row *c)
{
    size_t at = 0;

    if (c->quote.len == 0)
        put_span(m, c, 0);
    else if (lies_within(m, c, &at))
        put_span(m, c, at);
    else
        put_place(m, c);
}

/* ---- what was corrected --------------------------------------------------
 */

/* The same text, parted anew: the words around a quote are as many as before,
 * but the quote lies elsewhere among them. */
static aw_rc move_span(struct making *m, struct aw_claim_row *c,
                       const struct aw_correction *to, struct aw_err *err)
{
    int64_t first = c->start - (int64_t)aw_utf8_count(c->before);
    int64_t last = c->end + (int64_t)aw_utf8_count(c->after);
    struct aw_claim_row moved = *c;
    aw_rc rc =
        aw_claim_span(c, to->start, to->end, &m->arena, &moved.quote, err);

    moved.before = moved.after = AW_STR("");
    if (rc == AW_OK && to->start > first)
        rc = aw_claim_span(c, first, to->start, &m->arena, &moved.before, err);
    if (rc == AW_OK && to->end < last)
        rc = aw_claim_span(c, to->end, last, &m->arena, &moved.after, err);
    moved.start = to->start;
    moved.end = to->end;
    if (rc == AW_OK)
        *c = moved;
    return rc;
}

static aw_rc apply_correction(void *self, const struct aw_correction *to,
                              struct aw_err *err)
{
    struct making *m = self;

    for (size_t i = 0; i < m->claim_count; i++) {
        struct aw_claim_row *c = &m->claims[i];
        aw_rc rc;

        if (c->id != to->claim)
            continue;
        rc = aw_arena_dup(&m->arena, to->class, &c->class, err);
        if (rc == AW_OK && (c->start != to->start || c->end != to->end))
            rc = move_span(m, c, to, err);
        if (rc != AW_OK)
            return rc;
    }
    return AW_OK;
}

static aw_rc correct_claims(struct making *m, const struct aw_finding *f,
                            struct aw_err *err)
{
    m->claim_count = f->claim_count;
    m->claims =
        aw_arena_array(&m->arena, f->claim_count > 0 ? f->claim_count : 1,
                       sizeof *m->claims);
    if (!m->claims)
        return aw_arena_fail(&m->arena, err);
    for (size_t i = 0; i < f->claim_count; i++)
        m->claims[i] = f->claims[i];
    return aw_store_corrections(m->store, f->id, apply_correction, m, err);
}

/* ---- who decided ---------------------------------------------------------
 */

static aw_rc take_decision(void *self, const struct aw_decision_row *row,
                           struct aw_err *err)
{
    struct making *m = self;

    m->at_ms = row->at_ms;
    return aw_arena_dup(&m->arena, row->who, &m->by, err);
}

/* ---- the example ---------------------------------------------------------
 */

static void put_example(struct making *m, const struct aw_finding *f)
{
    struct aw_str kind = m->is_suspected ? AW_STR("advert") : f->doc_kind;
    char id[48];
    char at[AW_TIME_MAX];

    (void)snprintf(id, sizeof id, "decision-%lld", (long long)f->id);
    aw_time_iso(m->at_ms, at);
    aw_json_open(m->out, NULL, '{');
    aw_json_text(m->out, "id", aw_str_of(id));
    aw_json_text(m->out, "family", f->host.len > 0 ? f->host : f->url);
    aw_json_text(m->out, "channel", f->channel);
    aw_json_text(m->out, "kind", kind);
    aw_json_text(m->out, "label",
                 m->is_suspected ? AW_STR("suspected") : AW_STR("clear"));
    aw_json_text(m->out, "text", aw_buf_str(&m->text));
    aw_json_raw(m->out, "spans",
                m->is_suspected ? aw_buf_str(&m->spans) : AW_STR("[]"));
    aw_json_int(m->out, "finding", f->id);
    aw_json_text(m->out, "by", m->by);
    aw_json_text(m->out, "at", aw_str_of(at));
    aw_json_close(m->out, '}');
    aw_buf_putc(m->out, '\n');
}

static void put_text(struct making *m)
{
    aw_buf_reset(&m->text);
    aw_buf_reset(&m->spans);
    m->span_count = 0;
    m->block = -1;
    m->end = 0;
    aw_json_open(&m->spans, NULL, '[');
    for (size_t i = 0; i < m->claim_count; i++)
        put_claim(m, &m->claims[i]);
    aw_json_close(&m->spans, ']');
}

static aw_rc make_example(void *self, const struct aw_finding *f,
                          struct aw_err *err)
{
    struct making *m = self;
    aw_rc rc;

    aw_arena_reset(&m->arena);
    rc = correct_claims(m, f, err);
    if (rc != AW_OK)
        return rc;
    put_text(m);
    if (m->text.len == 0) {
        m->count->empty++;
        return AW_OK;
    }
    rc = aw_store_decisions(m->store, f->id, take_decision, m, err);
    if (rc == AW_OK)
        rc = aw_buf_check(&m->text, err);
    if (rc == AW_OK)
        rc = aw_buf_check(&m->spans, err);
    if (rc != AW_OK)
        return rc;
    put_example(m, f);
    m->count->confirmed += m->is_suspected;
    m->count->dismissed += !m->is_suspected;
    return aw_buf_check(m->out, err);
}

aw_rc aw_examples_put(struct aw_store *store, struct aw_buf *out,
                      struct aw_examples_count *count, struct aw_err *err)
{
    struct making m = {.store = store, .out = out, .count = count};
    aw_rc rc;

    *count = (struct aw_examples_count){0};
    aw_buf_init(&m.text, EXAMPLE_MAX);
    aw_buf_init(&m.spans, EXAMPLE_MAX);
    aw_arena_init(&m.arena, ARENA_MAX);
    m.is_suspected = true;
    rc = aw_store_findings(store, "confirmed", 0, make_example, &m, err);
    m.is_suspected = false;
    if (rc == AW_OK)
        rc = aw_store_findings(store, "dismissed", 0, make_example, &m, err);
    aw_buf_deinit(&m.text);
    aw_buf_deinit(&m.spans);
    aw_arena_deinit(&m.arena);
    return rc;
}
