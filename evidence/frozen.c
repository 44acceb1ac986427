#include "evidence/frozen.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/fs.h"
#include "base/json.h"
#include "reports/finding_json.h"
#include "store/wordings.h"

#define TEXT_MAX ((size_t)1 << 20)
#define RULE AW_STR("rule")
#define PROVISION AW_STR("provision")

/* ---- as JSON ------------------------------------------------------------
 */

void aw_rule_json(struct aw_buf *out, const struct aw_rule *rule)
{
    aw_json_open(out, NULL, '{');
    aw_json_text(out, "id", rule->id);
    aw_json_text(out, "version", rule->version);
    aw_json_text(out, "why", rule->why);
    aw_json_text(out, "code", rule->code);
    aw_json_text(out, "provision", rule->provision);
    aw_json_int(out, "severity", rule->severity);
    aw_json_text(out, "pattern", rule->pattern_text);
    if (rule->absent_text.len > 0)
        aw_json_text(out, "absent", rule->absent_text);
    aw_json_bool(out, "beside", rule->beside);
    aw_json_open(out, "contexts", '[');
    for (size_t i = 0; i < rule->context_count; i++)
        aw_json_text(out, NULL, rule->contexts[i]->id);
    aw_json_close(out, ']');
    aw_json_close(out, '}');
}

static void put_short(struct aw_buf *out, const struct aw_provision *p)
{
    struct aw_buf title;

    aw_buf_init(&title, 4096);
    aw_provision_short(&title, p);
    aw_json_text(out, "short", aw_buf_str(&title));
    aw_buf_deinit(&title);
}

static void put_known(struct aw_buf *out, const struct aw_provision *p)
{
    put_short(out, p);
    aw_json_text(out, "law", aw_str_of(p->law));
    aw_json_text(out, "article", aw_str_of(p->article));
    aw_json_text(out, "text", aw_str_of(p->text));
    aw_json_text(out, "summary", aw_str_of(p->summary));
    aw_json_text(out, "from", aw_str_of(p->from));
    aw_json_text(out, "to", aw_str_of(p->to));
    aw_json_text(out, "status", aw_str_of(p->status));
    aw_json_bool(out, "to_be_checked", !aw_provision_checked(p));
    aw_json_text(out, "source", aw_str_of(p->source));
    aw_json_open(out, "codes", '[');
    for (unsigned i = 0; i < p->codes_count; i++)
        aw_json_text(out, NULL, aw_str_of(p->codes[i]));
    aw_json_close(out, ']');
}

void aw_provision_json(struct aw_buf *out, struct aw_str id,
                       const struct aw_provision *provision)
{
    aw_json_open(out, NULL, '{');
    aw_json_text(out, "id", id);
    aw_json_bool(out, "known", provision != NULL);
    if (provision)
        put_known(out, provision);
    aw_json_close(out, '}');
}

/* ---- what a finding goes by ---------------------------------------------
 */

/* Calls for each claim with its rule and what it cites: so ids come again. */
typedef aw_rc word_fn(void *self, struct aw_str kind, struct aw_str id,
                      struct aw_err *err);

struct walk {
    word_fn *visit;
    void *self;
    struct aw_err *err;
    aw_rc rc;
};

static void walk_law(void *self, struct aw_str id)
{
    struct walk *walk = self;

    if (walk->rc == AW_OK)
        walk->rc = walk->visit(walk->self, PROVISION, id, walk->err);
}

static aw_rc walk_words(const struct aw_finding *f, word_fn *visit, void *self,
                        struct aw_err *err)
{
    struct walk walk = {.visit = visit, .self = self, .err = err};

    for (size_t i = 0; i < f->claim_count && walk.rc == AW_OK; i++) {
        aw_rc rc;

        if (!aw_str_eq(f->claims[i].rule, AW_STR(AW_NO_RULE)))
            walk.rc = visit(self, RULE, f->claims[i].rule, err);
        rc = aw_json_texts(f->claims[i].law, walk_law, &walk, err);
        if (rc != AW_OK)
            return rc;
    }
    return walk.rc;
}

/* ---- keeping ------------------------------------------------------------
 */

struct aw_freezer {
    struct aw_store *store;
    char dir[AW_PATH_MAX];
    char tried[AW_SHA256_HEX_MAX]; /* wanted when one was read last */
    struct aw_lexicon *lexicon;    /* NULL: it is not that one */
    struct aw_provisions *provisions;
    const struct aw_finding *finding; /* at hand */
    struct aw_buf json;
};

static void forget(struct aw_freezer *z)
{
    aw_lexicon_free(z->lexicon);
    aw_provisions_free(z->provisions);
    z->lexicon = NULL;
    z->provisions = NULL;
}

/* Read once for each lexicon that is wanted. One that is being changed may not
 * be read at all: that is no reason to lose a finding, and it is read again
 * with the next one. */
static aw_rc load(struct aw_freezer *z, struct aw_str wanted,
                  struct aw_err *err)
{
    struct aw_err why = {0};
    aw_rc rc;

    if (aw_str_eq(wanted, aw_str_of(z->tried)))
        return AW_OK;
    forget(z);
    z->tried[0] = '\0';
    rc = aw_lexicon_new(&z->lexicon, z->dir, &why);
    if (rc == AW_OK)
        rc = aw_provisions_new(&z->provisions, z->dir, &why);
    if (rc == AW_NOMEM)
        return aw_fail(err, rc, "%s", why.msg);
    if (rc == AW_OK)
        (void)snprintf(z->tried, sizeof z->tried, "%.*s", AW_STR_ARG(wanted));
    if (rc != AW_OK || !aw_str_eq(wanted, aw_str_of(z->lexicon->hash)))
        forget(z);
    return AW_OK;
}

static aw_rc keep(struct aw_freezer *z, struct aw_wording *of,
                  struct aw_err *err)
{
    aw_rc rc = aw_buf_check(&z->json, err);

    of->lexicon = z->finding->lexicon_hash;
    if (rc == AW_OK)
        rc = aw_store_wording_keep(z->store, of, aw_buf_str(&z->json), err);
    aw_buf_reset(&z->json);
    return rc;
}

/* The day by which the law of a finding goes. */
static struct aw_str day_of(const struct aw_finding *finding,
                            char text[AW_TIME_MAX])
{
    aw_time_beijing(finding->first_seen_ms, text);
    return aw_str_sub(aw_str_of(text), 0, 10);
}

/* That it was unknown on that day is kept too: else nobody could tell it from
 * one that was not kept. On another day it may be known. */
static aw_rc keep_provision(struct aw_freezer *z, struct aw_str id,
                            struct aw_err *err)
{
    const struct aw_provision *provision =
        aw_provisions_at(z->provisions, id, z->finding->first_seen_ms);
    struct aw_wording of = {.kind = PROVISION, .name = id};
    char day[AW_TIME_MAX];

    if (provision) {
        of.from = aw_str_of(provision->from);
        of.to = aw_str_of(provision->to);
    } else {
        of.from = of.to = day_of(z->finding, day);
    }
    aw_provision_json(&z->json, id, provision);
    return keep(z, &of, err);
}

static aw_rc keep_word(void *self, struct aw_str kind, struct aw_str id,
                       struct aw_err *err)
{
    struct aw_freezer *z = self;
    struct aw_wording of = {.kind = kind, .name = id};
    ptrdiff_t rule;

    if (!aw_str_eq(kind, RULE))
        return keep_provision(z, id, err);
    rule = aw_lexicon_find_rule(z->lexicon, id);
    if (rule < 0)
        return AW_OK;
    aw_rule_json(&z->json, &z->lexicon->rules[rule]);
    return keep(z, &of, err);
}

static aw_rc keep_finding(void *self, const struct aw_finding *finding,
                          struct aw_err *err)
{
    struct aw_freezer *z = self;
    aw_rc rc = load(z, finding->lexicon_hash, err);

    if (rc != AW_OK || !z->lexicon)
        return rc;
    z->finding = finding;
    return walk_words(finding, keep_word, z, err);
}

aw_rc aw_freezer_new(struct aw_freezer **out, struct aw_store *store,
                     const char *lexicon_dir, struct aw_err *err)
{
    struct aw_freezer *z = calloc(1, sizeof *z);

    if (!z)
        return aw_fail(err, AW_NOMEM, "out of memory");
    if (snprintf(z->dir, sizeof z->dir, "%s", lexicon_dir) >=
        (int)sizeof z->dir) {
        free(z);
        return aw_fail(err, AW_LIMIT, "path '%.60s...' is too long",
                       lexicon_dir);
    }
    z->store = store;
    aw_buf_init(&z->json, TEXT_MAX);
    aw_store_on_added(store, keep_finding, z);
    *out = z;
    return AW_OK;
}

void aw_freezer_free(struct aw_freezer *z)
{
    if (!z)
        return;
    aw_store_on_added(z->store, NULL, NULL);
    forget(z);
    aw_buf_deinit(&z->json);
    free(z);
}

/* ---- reading ------------------------------------------------------------
 */

struct reading {
    struct aw_store *store;
    struct aw_arena *arena;
    const struct aw_finding *finding;
    struct aw_frozen out;
    size_t rule_cap, provision_cap;
    bool lacks; /* words that were not kept */
};

static aw_rc take(struct reading *r, struct aw_str **list, size_t *count,
                  size_t *cap, struct aw_str text, struct aw_err *err)
{
    void *items = *list;
    aw_rc rc;

    for (size_t i = 0; i < *count; i++)
        if (aw_str_eq((*list)[i], text))
            return AW_OK;
    rc = aw_arena_grow(r->arena, &items, *count, cap, sizeof text, err);
    *list = items;
    if (rc == AW_OK)
        (*list)[(*count)++] = text;
    return rc;
}

static aw_rc read_word(void *self, struct aw_str kind, struct aw_str id,
                       struct aw_err *err)
{
    struct reading *r = self;
    struct aw_wording of = {r->finding->lexicon_hash, kind, id, {0}, {0}};
    bool is_rule = aw_str_eq(kind, RULE);
    char day[AW_TIME_MAX];
    struct aw_str text;
    struct aw_err why = {0};
    aw_rc rc;

    rc = aw_store_wording_get(r->store, r->arena, &of, day_of(r->finding, day),
                              &text, &why);
    if (rc == AW_MISSING) {
        r->lacks = true;
        return AW_OK;
    }
    if (rc != AW_OK)
        return aw_fail(err, rc, "%s", why.msg);
    return is_rule ? take(r, &r->out.rules, &r->out.rule_count, &r->rule_cap,
                          text, err)
                   : take(r, &r->out.provisions, &r->out.provision_count,
                          &r->provision_cap, text, err);
}

aw_rc aw_frozen_read(struct aw_store *store, struct aw_arena *arena,
                     const struct aw_finding *finding, struct aw_frozen *out,
                     struct aw_err *err)
{
    struct reading r = {.store = store, .arena = arena, .finding = finding};
    aw_rc rc = walk_words(finding, read_word, &r, err);

    if (rc != AW_OK)
        return rc;
    if (r.lacks)
        r.out = (struct aw_frozen){0};
    *out = r.out;
    return AW_OK;
}
