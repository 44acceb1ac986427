#include "classify/context.h"

#include <stdlib.h>
#include <string.h>

/* Numbers the patterns of all contexts and puts their texts in that order,
 * those of the rules' `absent` behind them. */
static void number_patterns(struct aw_contexts *c, struct aw_str *texts)
{
    size_t n = 0;

    for (size_t i = 0; i < c->lexicon->context_count; i++) {
        const struct aw_context *context = &c->lexicon->contexts[i];

        c->first[i] = n;
        for (size_t k = 0; k < context->all_count; k++)
            texts[n++] = context->all_texts[k];
        for (size_t k = 0; k < context->none_count; k++)
            texts[n++] = context->none_texts[k];
        if (context->where == AW_WHERE_AROUND && context->within > c->within)
            c->within = context->within;
    }
    c->pattern_count = n;
    for (size_t i = 0; i < c->lexicon->rule_count; i++)
        texts[n++] = c->lexicon->rules[i].absent_text;
}

static aw_rc make_hints(struct aw_contexts *c, struct aw_err *err)
{
    size_t count = c->lexicon->rule_count;
    struct aw_str *texts;
    aw_rc rc;

    for (size_t i = 0; i < c->lexicon->context_count; i++)
        count += c->lexicon->contexts[i].all_count +
                 c->lexicon->contexts[i].none_count;
    texts = calloc(count + 1, sizeof *texts);
    if (!texts)
        return aw_fail(err, AW_NOMEM, "out of memory");
    number_patterns(c, texts);
    rc = aw_hints_new(&c->hints, texts, count, err);
    free(texts);
    return rc;
}

aw_rc aw_contexts_init(struct aw_contexts *contexts,
                       const struct aw_lexicon *lexicon,
                       struct aw_pattern_scratch *scratch, struct aw_err *err)
{
    size_t count = lexicon->context_count;

    *contexts = (struct aw_contexts){.lexicon = lexicon, .scratch = scratch};
    contexts->document = malloc(count + 1);
    contexts->first = calloc(count + 1, sizeof *contexts->first);
    if (!contexts->document || !contexts->first)
        return aw_fail(err, AW_NOMEM, "out of memory");
    aw_contexts_reset(contexts);
    return make_hints(contexts, err);
}

void aw_contexts_deinit(struct aw_contexts *contexts)
{
    free(contexts->document);
    free(contexts->first);
    aw_hints_free(contexts->hints);
    *contexts = (struct aw_contexts){0};
}

void aw_contexts_reset(struct aw_contexts *contexts)
{
    memset(contexts->document, -1, contexts->lexicon->context_count);
    contexts->whole_view = -1;
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

static struct aw_str text_of(const struct aw_text *text, enum aw_view view)
{
    return (struct aw_str){text->view[view].text, text->view[view].len};
}

static void read_whole(struct aw_contexts *contexts,
                       const struct aw_text *text, enum aw_view view)
{
    struct aw_str all = text_of(text, view);

    if (contexts->whole_view == (int)view)
        return;
    aw_hints_read(contexts->hints, all, (struct aw_range){0, all.len});
    contexts->whole_view = (int)view;
    contexts->near_read = false;
}

/* Reads the widest window that a context of the hit has. */
static void read_near(struct aw_contexts *contexts, struct asked *asked)
{
    const struct aw_hit *hit = asked->hit;
    const struct aw_normal *view = &asked->text->view[hit->view];
    struct aw_range block, sentence, around;

    if (contexts->near_read)
        return;
    block = asked->text->blocks[hit->block].place[hit->view];
    sentence = sentence_of(asked);
    around = aw_text_around(view, block, hit->place, contexts->within);
    if (sentence.start < around.start)
        around.start = sentence.start;
    if (sentence.end > around.end)
        around.end = sentence.end;
    aw_hints_read(contexts->hints, text_of(asked->text, hit->view), around);
    contexts->near_read = true;
    contexts->whole_view = -1;
}

/* What patterns are asked about. */
struct subject {
    struct aw_str text;
    struct aw_range window;
};

static bool is_found(struct aw_contexts *contexts, size_t number,
                     struct aw_pattern *pattern, const struct subject *subject)
{
    struct aw_str text =
        aw_str_sub(subject->text, subject->window.start,
                   subject->window.end - subject->window.start);
    struct aw_range ignored;

    return pattern &&
           aw_hints_may_match(contexts->hints, number, subject->window) &&
           aw_pattern_find(pattern, contexts->scratch, text, 0, text.len,
                           &ignored) == AW_PATTERN_FOUND;
}

static bool holds_in(struct aw_contexts *contexts,
                     const struct aw_context *context,
                     const struct subject *subject)
{
    size_t number = contexts->first[context->number];

    for (size_t i = 0; i < context->all_count; i++)
        if (!is_found(contexts, number++, context->all[i], subject))
            return false;
    for (size_t i = 0; i < context->none_count; i++)
        if (is_found(contexts, number++, context->none[i], subject))
            return false;
    return true;
}

bool aw_contexts_find_absent(struct aw_contexts *contexts,
                             const struct aw_text *text, enum aw_view view,
                             size_t rule)
{
    struct aw_str all = text_of(text, view);
    struct subject subject = {all, {0, all.len}};

    read_whole(contexts, text, view);
    return is_found(contexts, contexts->pattern_count + rule,
                    contexts->lexicon->rules[rule].absent, &subject);
}

static bool holds(struct aw_contexts *contexts,
                  const struct aw_context *context, struct asked *asked)
{
    signed char *known = context->where == AW_WHERE_DOCUMENT
                             ? &contexts->document[context->number]
                             : NULL;
    enum aw_view view = asked->hit->view;
    struct subject subject = {.text = text_of(asked->text, view)};
    bool answer;

    if (known && *known >= 0)
        return *known != 0;
    subject.window = window(context, asked);
    if (known)
        read_whole(contexts, asked->text, view);
    else
        read_near(contexts, asked);
    answer = holds_in(contexts, context, &subject);
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
    struct asked asked = {.text = text, .hit = hit};
    const struct aw_context *context;
    size_t from = 0;

    contexts->near_read = false;
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
