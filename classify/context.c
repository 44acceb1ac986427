#include "classify/context.h"

#include <stdlib.h>
#include <string.h>

aw_rc aw_contexts_init(struct aw_contexts *contexts,
                       const struct aw_lexicon *lexicon,
                       struct aw_pattern_scratch *scratch, struct aw_err *err)
{
    size_t count = lexicon->context_count;

    *contexts = (struct aw_contexts){lexicon, scratch, NULL};
    contexts->document = malloc(count ? count : 1);
    if (!contexts->document)
        return aw_fail(err, AW_NOMEM, "out of memory");
    aw_contexts_reset(contexts);
    return AW_OK;
}

void aw_contexts_deinit(struct aw_contexts *contexts)
{
    free(contexts->document);
    *contexts = (struct aw_contexts){0};
}

void aw_contexts_reset(struct aw_contexts *contexts)
{
    memset(contexts->document, -1, contexts->lexicon->context_count);
}

static struct aw_range intersect(struct aw_range a, struct aw_range b)
{
    struct aw_range both = {a.start > b.start ? a.start : b.start,
                            a.end < b.end ? a.end : b.end};

    return both;
}

/* The hit that contexts are asked about, and its sentence once one of them
 * wanted it. */
struct asked {
    const struct aw_text *text;
    const struct aw_hit *hit;
    struct aw_range sentence; /* empty: not known yet */
};

static struct aw_range sentence_of(struct asked *asked)
{
    const struct aw_hit *hit = asked->hit;

    if (asked->sentence.end == 0)
        asked->sentence =
            aw_text_sentence(&asked->text->view[hit->view],
                             asked->text->blocks[hit->block].place[hit->view],
                             hit->place);
    return asked->sentence;
}

static struct aw_range window(const struct aw_context *context,
                              struct asked *asked)
{
    const struct aw_text *text = asked->text;
    const struct aw_hit *hit = asked->hit;
    const struct aw_normal *view = &text->view[hit->view];
    struct aw_range block = text->blocks[hit->block].place[hit->view];
    struct aw_range near = {0, view->len};

    if (context->where == AW_WHERE_INSIDE)
        return hit->place;
    if (context->where == AW_WHERE_DOCUMENT)
        return near;
    if (context->where == AW_WHERE_AROUND)
        return aw_text_around(view, block, hit->place, context->within);
    near = sentence_of(asked);
    if (context->within > 0 && context->where != AW_WHERE_SENTENCE)
        near = intersect(near, aw_text_around(view, block, hit->place,
                                              context->within));
    if (context->where == AW_WHERE_BEFORE)
        near.end = hit->place.start;
    if (context->where == AW_WHERE_AFTER)
        near.start = hit->place.end;
    return near;
}

static bool is_found(const struct aw_pattern *pattern,
                     struct aw_pattern_scratch *scratch, struct aw_str subject)
{
    struct aw_range ignored;

    return pattern &&
           aw_pattern_find(pattern, scratch, subject, 0, subject.len,
                           &ignored) == AW_PATTERN_FOUND;
}

static bool holds_in(const struct aw_context *context,
                     struct aw_pattern_scratch *scratch, struct aw_str subject)
{
    for (size_t i = 0; i < context->all_count; i++)
        if (!is_found(context->all[i], scratch, subject))
            return false;
    for (size_t i = 0; i < context->none_count; i++)
        if (is_found(context->none[i], scratch, subject))
            return false;
    return true;
}

static bool holds(struct aw_contexts *contexts,
                  const struct aw_context *context, struct asked *asked)
{
    signed char *known = context->where == AW_WHERE_DOCUMENT
                             ? &contexts->document[context->number]
                             : NULL;
    bool answer;

    if (known && *known >= 0)
        return *known != 0;
    answer = holds_in(context, contexts->scratch,
                      aw_normal_str(&asked->text->view[asked->hit->view],
                                    window(context, asked)));
    if (known)
        *known = answer ? 1 : 0;
    return answer;
}

/* The first context of that effect that holds, from number *from on. */
static const struct aw_context *next(struct aw_contexts *contexts,
                                     struct asked *asked,
                                     enum aw_effect effect, size_t *from)
{
    const struct aw_rule *rule = &contexts->lexicon->rules[asked->hit->rule];

    while (*from < rule->context_count) {
        const struct aw_context *context = rule->contexts[(*from)++];

        if (context->effect == effect && holds(contexts, context, asked))
            return context;
    }
    return NULL;
}

void aw_contexts_apply(struct aw_contexts *contexts,
                       const struct aw_text *text, struct aw_hit *hit)
{
    struct asked asked = {text, hit, {0, 0}};
    const struct aw_context *context;
    size_t from = 0;

    hit->void_by = next(contexts, &asked, AW_EFFECT_VOID, &from);
    if (hit->void_by)
        return;
    from = 0;
    hit->exempt_by = next(contexts, &asked, AW_EFFECT_EXEMPT, &from);
    from = 0;
    while (hit->weighed_count < AW_HIT_WEIGHS_MAX &&
           (context = next(contexts, &asked, AW_EFFECT_WEIGH, &from))) {
        hit->weight += context->weight;
        hit->weighed[hit->weighed_count++] = context;
    }
}
