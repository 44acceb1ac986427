#include <stdio.h>

#include "base/json.h"
#include "crawler/rescan_private.h"

#define CLAIMS_TEXT_MAX ((size_t)4 << 20) /* bytes of JSON */

/* What is known of the URL of a slot. */
struct known {
    struct aw_rescan_slot *slot;
    struct aw_finding *findings;
    size_t count, cap;
    const struct aw_finding *same; /* that says just the same */
    const struct aw_finding *here; /* whose page this capture is */
    bool is_edge;                  /* of here the first capture or the last */
};

/* ---- the findings that there are -----------------------------------------
 */

static aw_rc take_span(void *self, const struct aw_finding_span *span,
                       struct aw_err *err)
{
    struct known *k = self;
    void *items = k->findings;
    aw_rc rc = aw_arena_grow(&k->slot->arena, &items, k->count, &k->cap,
                             sizeof *k->findings, err);

    if (rc != AW_OK)
        return rc;
    k->findings = items;
    k->findings[k->count++] = (struct aw_finding){.id = span->id};
    return AW_OK;
}

static bool is_edge(const struct aw_finding *f, int64_t capture)
{
    return f->first_capture == capture || f->last_capture == capture;
}

static void place(struct known *k, const struct aw_finding *f)
{
    const struct aw_rescan_slot *slot = k->slot;
    int64_t id = slot->capture.id;

    if (slot->is_suspected && aw_str_eq(f->fingerprint, slot->now.fingerprint))
        k->same = f;
    if (k->is_edge || f->first_capture > id || f->last_capture < id)
        return;
    k->is_edge = is_edge(f, id);
    k->here = f;
}

static aw_rc load_known(struct known *k, struct aw_err *err)
{
    struct aw_rescan_slot *slot = k->slot;
    struct aw_store *store = slot->rescan->in->store;
    aw_rc rc =
        aw_store_finding_spans(store, slot->capture.url, take_span, k, err);

    for (size_t i = 0; i < k->count && rc == AW_OK; i++) {
        rc = aw_store_finding_get(store, &slot->arena, k->findings[i].id,
                                  &k->findings[i], err);
        if (rc == AW_OK)
            place(k, &k->findings[i]);
    }
    return rc;
}

/* ---- claims --------------------------------------------------------------
 */

static size_t next_char(struct aw_str text, size_t at)
{
    while (at < text.len && aw_ascii_space(text.ptr[at]))
        at++;
    return at;
}

/* Space within a quote may be another one in a browser. */
static bool is_same_quote(struct aw_str a, struct aw_str b)
{
    size_t i = next_char(a, 0), j = next_char(b, 0);

    while (i < a.len && j < b.len && a.ptr[i] == b.ptr[j]) {
        i = next_char(a, i + 1);
        j = next_char(b, j + 1);
    }
    return i == a.len && j == b.len;
}

static bool has_claim(const struct aw_finding *f, const struct aw_claim_row *c)
{
    for (size_t i = 0; i < f->claim_count; i++)
        if (aw_str_eq(f->claims[i].class, c->class) &&
            is_same_quote(f->claims[i].quote, c->quote))
            return true;
    return false;
}

static bool is_among(const struct known *k, const struct aw_claim_row *c)
{
    for (size_t i = 0; i < k->count; i++)
        if (has_claim(&k->findings[i], c))
            return true;
    return false;
}

static aw_rc claims_json(struct aw_arena *arena, const struct aw_finding *f,
                         struct aw_str *out, struct aw_err *err)
{
    struct aw_buf json;
    aw_rc rc;

    aw_buf_init(&json, CLAIMS_TEXT_MAX);
    aw_json_open(&json, NULL, '[');
    for (size_t i = 0; f && i < f->claim_count; i++) {
        aw_json_open(&json, NULL, '{');
        aw_json_text(&json, "class", f->claims[i].class);
        aw_json_text(&json, "quote", f->claims[i].quote);
        aw_json_close(&json, '}');
    }
    aw_json_close(&json, ']');
    rc = aw_buf_check(&json, err);
    if (rc == AW_OK)
        rc = aw_arena_dup(arena, aw_buf_str(&json), out, err);
    aw_buf_deinit(&json);
    return rc;
}

/* ---- what is to be said --------------------------------------------------
 */

/* What a browser shows is news where the page as fetched does not have it:
 * neither its findings, nor what this rescan told of it. */
struct told_claims {
    struct aw_buf json;
    bool found;
};

static aw_rc look_told(void *self, const struct aw_rescan_told *told,
                       struct aw_err *err)
{
    struct told_claims *t = self;

    (void)err;
    t->found |= aw_str_find(told->after, aw_buf_str(&t->json)) >= 0;
    return AW_OK;
}

static aw_rc was_told(struct aw_rescan_slot *slot,
                      const struct aw_claim_row *claim, bool *told,
                      struct aw_err *err)
{
    const struct aw_rescan *r = slot->rescan;
    struct told_claims t = {.found = false};
    aw_rc rc;

    aw_buf_init(&t.json, CLAIMS_TEXT_MAX);
    aw_json_open(&t.json, NULL, '{');
    aw_json_text(&t.json, "class", claim->class);
    aw_json_text(&t.json, "quote", claim->quote);
    aw_json_close(&t.json, '}');
    rc = aw_buf_check(&t.json, err);
    if (rc == AW_OK)
        rc = aw_store_rescan_told(r->in->store, r->row.id, slot->capture.url,
                                  look_told, &t, err);
    aw_buf_deinit(&t.json);
    *told = t.found;
    return rc;
}

static aw_rc shows_more(const struct known *k, bool *more, struct aw_err *err)
{
    struct aw_rescan_slot *slot = k->slot;
    aw_rc rc = AW_OK;

    *more = slot->capture.plain == 0 || k->is_edge;
    for (size_t i = 0; i < slot->now.claim_count && rc == AW_OK && !*more;
         i++) {
        bool told = false;

        if (is_among(k, &slot->now.claims[i]))
            continue;
        rc = was_told(slot, &slot->now.claims[i], &told, err);
        *more = rc == AW_OK && !told;
    }
    return rc;
}

static aw_rc tell(const struct known *k, const char *kind, struct aw_str key,
                  bool *is_new, struct aw_err *err)
{
    struct aw_rescan_slot *slot = k->slot;
    struct aw_rescan *r = slot->rescan;
    struct aw_rescan_told told = {
        .key = key,
        .kind = aw_str_of(kind),
        .capture = slot->capture.id,
        .finding = k->here ? k->here->id : 0,
        .state = k->here ? k->here->state : AW_STR(""),
        .url = slot->capture.url,
    };
    aw_rc rc = claims_json(&slot->arena, k->here, &told.before, err);

    if (rc == AW_OK)
        rc = claims_json(&slot->arena, slot->is_suspected ? &slot->now : NULL,
                         &told.after, err);
    if (rc == AW_OK)
        rc = aw_store_rescan_tell(r->in->store, r->row.id, &told, is_new, err);
    return rc == AW_OK && *is_new ? aw_rescan_tell(r, &told, err) : rc;
}

aw_rc aw_rescan_tell(void *self, const struct aw_rescan_told *told,
                     struct aw_err *err)
{
    struct aw_rescan *r = self;

    r->sum->found += aw_str_eq(told->kind, AW_STR("new"));
    r->sum->changed += aw_str_eq(told->kind, AW_STR("changed"));
    r->sum->gone += aw_str_eq(told->kind, AW_STR("gone"));
    return r->tell(r->self, told, err);
}

/* ---- the queue -----------------------------------------------------------
 */

/* Who decided on a finding need not decide on a part of it again. */
static bool adds_claims(const struct known *k)
{
    const struct aw_finding *now = &k->slot->now;

    for (size_t i = 0; i < now->claim_count; i++)
        if (!k->here || !has_claim(k->here, &now->claims[i]))
            return true;
    return false;
}

static aw_rc add(struct aw_rescan_slot *slot, struct aw_err *err)
{
    struct aw_rescan *r = slot->rescan;
    bool added = false;
    aw_rc rc = aw_store_finding_add(r->in->store, &slot->now, &added, err);

    r->sum->added += rc == AW_OK && added;
    return rc;
}

struct own_key {
    struct aw_str key;
    bool found;
};

static aw_rc look_own(void *self, const struct aw_rescan_told *told,
                      struct aw_err *err)
{
    struct own_key *own = self;

    (void)err;
    own->found |= aw_str_eq(told->key, own->key);
    return AW_OK;
}

/* A later capture shows a finding that this rescan added: it moves on, as in
 * a crawl. Those that were there before are not touched. */
static aw_rc move_on(struct aw_rescan_slot *slot, struct aw_err *err)
{
    struct aw_rescan *r = slot->rescan;
    struct own_key own = {.key = slot->now.fingerprint};
    aw_rc rc = aw_store_rescan_told(r->in->store, r->row.id, slot->capture.url,
                                    look_own, &own, err);

    return rc == AW_OK && own.found ? add(slot, err) : rc;
}

static aw_rc mark_gone(struct aw_rescan_slot *slot, struct aw_err *err)
{
    struct aw_rescan *r = slot->rescan;

    if (!r->in->apply || slot->capture.plain > 0)
        return AW_OK;
    return aw_store_rescan_gone(r->in->store, r->row.id, slot->capture.url,
                                slot->capture.id, slot->capture.fetched_ms,
                                err);
}

/* ---- all -----------------------------------------------------------------
 */

static aw_rc compare_suspected(const struct known *k, struct aw_err *err)
{
    struct aw_rescan_slot *slot = k->slot;
    bool is_new = false;
    bool more = false;
    aw_rc rc;

    if (k->same)
        return slot->rescan->in->apply ? move_on(slot, err) : AW_OK;
    rc = shows_more(k, &more, err);
    if (rc == AW_OK && more)
        rc = tell(k, k->here ? "changed" : "new", slot->now.fingerprint,
                  &is_new, err);
    if (rc == AW_OK && is_new && slot->rescan->in->apply && adds_claims(k))
        rc = add(slot, err);
    return rc;
}

static aw_rc compare_clear(const struct known *k, struct aw_err *err)
{
    char key[40];
    bool is_new = false;

    if (!k->is_edge)
        return AW_OK;
    (void)snprintf(key, sizeof key, "gone %lld", (long long)k->here->id);
    return tell(k, "gone", aw_str_of(key), &is_new, err);
}

aw_rc aw_rescan_compare(struct aw_rescan_slot *slot, struct aw_err *err)
{
    struct known known = {.slot = slot};
    aw_rc rc = load_known(&known, err);

    if (rc == AW_OK)
        rc = slot->is_suspected ? compare_suspected(&known, err)
                                : compare_clear(&known, err);
    return rc == AW_OK ? mark_gone(slot, err) : rc;
}
