#include "classify/mistakes.h"

#include <stdlib.h>
#include <string.h>

#define VERDICT_MAX ((size_t)64 << 20) /* bytes of one copy */

static aw_rc own_all(struct aw_arena *arena, struct aw_str *texts,
                     size_t count, struct aw_err *err)
{
    aw_rc rc = AW_OK;

    for (size_t i = 0; rc == AW_OK && i < count; i++)
        rc = aw_arena_dup(arena, texts[i], &texts[i], err);
    return rc;
}

static aw_rc own_part(struct aw_arena *arena, struct aw_claim_part *part,
                      struct aw_err *err)
{
    struct aw_str *const texts[] = {&part->id, &part->why, &part->word};
    aw_rc rc = AW_OK;

    for (size_t i = 0; rc == AW_OK && i < sizeof texts / sizeof *texts; i++)
        rc = own_all(arena, texts[i], 1, err);
    return rc;
}

static aw_rc own_claim(struct aw_arena *arena, struct aw_claim *claim,
                       struct aw_err *err)
{
    struct aw_str *const texts[] = {&claim->quote, &claim->rule,
                                    &claim->rule_version, &claim->code,
                                    &claim->exempt_by};
    aw_rc rc = AW_OK;

    for (size_t i = 0; rc == AW_OK && i < sizeof texts / sizeof *texts; i++)
        rc = own_all(arena, texts[i], 1, err);
    for (size_t i = 0; rc == AW_OK && i < claim->part_count; i++)
        rc = own_part(arena, &claim->parts[i], err);
    if (rc == AW_OK)
        rc = own_all(arena, claim->law, claim->law_count, err);
    return rc == AW_OK ? own_all(arena, claim->why, claim->why_count, err)
                       : rc;
}

static aw_rc copy_claims(struct aw_verdict *out, const struct aw_verdict *from,
                         struct aw_err *err)
{
    aw_rc rc = AW_OK;

    if (from->claim_count == 0)
        return AW_OK;
    out->claims =
        aw_arena_array(&out->arena, from->claim_count, sizeof *out->claims);
    if (!out->claims)
        return aw_arena_fail(&out->arena, err);
    memcpy(out->claims, from->claims, from->claim_count * sizeof *out->claims);
    for (size_t i = 0; rc == AW_OK && i < from->claim_count; i++)
        rc = own_claim(&out->arena, &out->claims[i], err);
    if (rc == AW_OK)
        out->claim_count = from->claim_count;
    return rc;
}

static aw_rc copy(struct aw_mistake *out, const struct aw_corpus_text *text,
                  const struct aw_verdict *from, struct aw_err *err)
{
    aw_rc rc;

    *out = (struct aw_mistake){.text = text, .verdict = *from};
    aw_arena_init(&out->verdict.arena, VERDICT_MAX);
    out->verdict.claims = NULL;
    out->verdict.claim_count = 0;
    rc = copy_claims(&out->verdict, from, err);
    if (rc != AW_OK)
        aw_verdict_deinit(&out->verdict);
    return rc;
}

aw_rc aw_mistakes_init(struct aw_mistakes *mistakes, size_t most,
                       struct aw_err *err)
{
    *mistakes = (struct aw_mistakes){.most = most};
    if (most == 0)
        return AW_OK;
    mistakes->alarms.items = calloc(most, sizeof *mistakes->alarms.items);
    mistakes->misses.items = calloc(most, sizeof *mistakes->misses.items);
    return mistakes->alarms.items && mistakes->misses.items
               ? AW_OK
               : aw_fail(err, AW_NOMEM, "out of memory");
}

static void drop(struct aw_mistake_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        aw_verdict_deinit(&list->items[i].verdict);
    free(list->items);
}

void aw_mistakes_deinit(struct aw_mistakes *mistakes)
{
    drop(&mistakes->alarms);
    drop(&mistakes->misses);
    *mistakes = (struct aw_mistakes){0};
}

/* How bad: a false alarm's score, a miss's lack of it. */
static double badness(const struct aw_verdict *verdict)
{
    return verdict->kind == AW_VERDICT_SUSPECTED ? verdict->leaning
                                                 : -verdict->leaning;
}

static size_t place_of(const struct aw_mistake_list *list, double bad)
{
    size_t at = list->count;

    while (at > 0 && badness(&list->items[at - 1].verdict) < bad)
        at--;
    return at;
}

static aw_rc keep(struct aw_mistake_list *list, size_t most,
                  const struct aw_corpus_text *text,
                  const struct aw_verdict *verdict, struct aw_err *err)
{
    size_t at = place_of(list, badness(verdict));
    struct aw_mistake one;
    aw_rc rc;

    if (at == most)
        return AW_OK;
    rc = copy(&one, text, verdict, err);
    if (rc != AW_OK)
        return rc;
    if (list->count == most)
        aw_verdict_deinit(&list->items[--list->count].verdict);
    memmove(list->items + at + 1, list->items + at,
            (list->count - at) * sizeof *list->items);
    list->items[at] = one;
    list->count++;
    return AW_OK;
}

aw_rc aw_mistakes_take(struct aw_mistakes *mistakes,
                       const struct aw_corpus_text *text,
                       const struct aw_verdict *verdict, struct aw_err *err)
{
    bool is = text->label == AW_VERDICT_SUSPECTED;
    bool found = verdict->kind == AW_VERDICT_SUSPECTED;

    if (is == found)
        return AW_OK;
    return keep(found ? &mistakes->alarms : &mistakes->misses, mistakes->most,
                text, verdict, err);
}
