#include "classify/context.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

static aw_rc init_patterns(struct aw_asked_patterns *asked, size_t most,
                           struct aw_err *err)
{
    asked->texts = calloc(most + 1, sizeof *asked->texts);
    return asked->texts ? AW_OK : aw_fail(err, AW_NOMEM, "out of memory");
}

static void deinit_patterns(struct aw_asked_patterns *asked)
{
    free(asked->texts);
    aw_sights_free(asked->sights[AW_VIEW_PLAIN]);
    aw_sights_free(asked->sights[AW_VIEW_HARD]);
    aw_prefilter_free(asked->prefilter);
}

static size_t count_patterns(const struct aw_lexicon *lexicon)
{
    size_t count = 0;

    for (size_t i = 0; i < lexicon->context_count; i++)
        count +=
            lexicon->contexts[i].all_count + lexicon->contexts[i].none_count;
    return count;
}

/* Numbers the patterns of all contexts and puts their texts in that order; and
 * those of what must be absent, by rule. */
static void number_patterns(struct aw_contexts *c)
{
    struct aw_asked_patterns *patterns = &c->patterns;

    for (size_t i = 0; i < c->lexicon->context_count; i++) {
        const struct aw_context *context = &c->lexicon->contexts[i];

        c->first[i] = patterns->count;
        for (size_t k = 0; k < context->all_count; k++)
            patterns->texts[patterns->count++] = context->all_texts[k];
        for (size_t k = 0; k < context->none_count; k++)
            patterns->texts[patterns->count++] = context->none_texts[k];
    }
    for (size_t i = 0; i < c->lexicon->rule_count; i++)
        c->absent.texts[c->absent.count++] = c->lexicon->rules[i].absent_text;
}

aw_rc aw_contexts_init(struct aw_contexts *contexts,
                       const struct aw_lexicon *lexicon,
                       struct aw_pattern_scratch *scratch,
                       const char *cache_dir, struct aw_err *err)
{
    size_t count = lexicon->context_count;
    aw_rc rc;

    *contexts = (struct aw_contexts){.lexicon = lexicon, .scratch = scratch};
    contexts->cache_dir = cache_dir ? strdup(cache_dir) : NULL;
    contexts->document = malloc(count + 1);
    contexts->first = calloc(count + 1, sizeof *contexts->first);
    if (!contexts->document || !contexts->first ||
        (cache_dir && !contexts->cache_dir))
        return aw_fail(err, AW_NOMEM, "out of memory");
    rc = init_patterns(&contexts->patterns, count_patterns(lexicon), err);
    if (rc == AW_OK)
        rc = init_patterns(&contexts->absent, lexicon->rule_count, err);
    if (rc != AW_OK)
        return rc;
    number_patterns(contexts);
    aw_contexts_reset(contexts);
    return AW_OK;
}

void aw_contexts_deinit(struct aw_contexts *contexts)
{
    free(contexts->cache_dir);
    free(contexts->document);
    free(contexts->first);
    deinit_patterns(&contexts->absent);
    deinit_patterns(&contexts->patterns);
    *contexts = (struct aw_contexts){0};
}

void aw_contexts_reset(struct aw_contexts *contexts)
{
    memset(contexts->document, -1, contexts->lexicon->context_count);
    memset(contexts->absent.is_read, 0, sizeof contexts->absent.is_read);
    memset(contexts->patterns.is_read, 0, sizeof contexts->patterns.is_read);
    contexts->err = (struct aw_err){.rc = AW_OK};
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

static bool is_of_all(const struct aw_context *context)
{
    return context->where == AW_WHERE_DOCUMENT ||
           context->where == AW_WHERE_WHOLE;
}

static struct aw_range window(const struct aw_context *context,
                              struct asked *asked)
{
    const struct aw_text *text = asked->text;
    const struct aw_hit *hit = asked->hit;
    const struct aw_normal *view = &text->view[hit->view];
    struct aw_range near = {0, view->len};
    struct aw_range block;

    if (is_of_all(context))
        return near;
    if (context->where == AW_WHERE_INSIDE)
        return hit->place;
    block = text->blocks[hit->block].place[hit->view];
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

/* What patterns are asked about. */
struct subject {
    struct aw_str text;
    enum aw_view view;
    struct aw_range window;
};

static aw_rc make(const struct aw_contexts *contexts,
                  struct aw_asked_patterns *asked, struct aw_err *err)
{
    aw_rc rc = AW_OK;

    if (!asked->prefilter)
        rc = aw_prefilter_new(&asked->prefilter, asked->texts, asked->count,
                              contexts->cache_dir, err);
    for (int view = 0; rc == AW_OK && view < 2; view++)
        if (!asked->sights[view])
            rc = aw_sights_new(&asked->sights[view], asked->prefilter, err);
    return rc;
}

aw_rc aw_contexts_warm(struct aw_contexts *contexts, struct aw_err *err)
{
    aw_rc rc = make(contexts, &contexts->patterns, err);

    return rc == AW_OK ? make(contexts, &contexts->absent, err) : rc;
}

/* NULL where that failed: contexts->err says why. */
static const struct aw_sights *sights_of(struct aw_contexts *contexts,
                                         struct aw_asked_patterns *asked,
                                         const struct subject *subject)
{
    enum aw_view view = subject->view;
    aw_rc rc = AW_OK;

    if (asked->is_read[view])
        return asked->sights[view];
    if (contexts->err.rc == AW_OK)
        rc = make(contexts, asked, &contexts->err);
    if (rc == AW_OK && contexts->err.rc == AW_OK)
        rc =
            aw_sights_read(asked->sights[view], subject->text, &contexts->err);
    asked->is_read[view] = rc == AW_OK && contexts->err.rc == AW_OK;
    return asked->is_read[view] ? asked->sights[view] : NULL;
}

/* The pattern has that number among those asked about. */
static bool is_found(struct aw_contexts *contexts,
                     struct aw_asked_patterns *asked, size_t number,
                     struct aw_pattern *pattern, const struct subject *subject)
{
    struct aw_range window = subject->window;
    struct aw_str text =
        aw_str_sub(subject->text, window.start, window.end - window.start);
    const struct aw_sights *sights =
        pattern ? sights_of(contexts, asked, subject) : NULL;
    struct aw_stretches stretches;
    struct aw_range start, ignored;
    size_t last;

    if (!sights)
        return false;
    stretches = aw_stretches_of(sights, number, window);
    while (aw_stretches_next(&stretches, &start, &last))
        if (aw_pattern_find(pattern, contexts->scratch, text,
                            aw_utf8_align(text, start.start - window.start),
                            start.end - window.start,
                            &ignored) == AW_PATTERN_FOUND)
            return true;
    return false;
}

/* Does all that the context asks for stand anywhere in the view? Most contexts
 * end here, before a window is made for them. */
static bool may_hold(struct aw_contexts *contexts,
                     const struct aw_context *context,
                     const struct subject *subject)
{
    const struct aw_sights *sights =
        sights_of(contexts, &contexts->patterns, subject);
    size_t number = contexts->first[context->number];

    for (size_t i = 0; sights && i < context->all_count; i++)
        if (!aw_sights_may(sights, number + i))
            return false;
    return sights != NULL;
}

static bool holds_in(struct aw_contexts *contexts,
                     const struct aw_context *context,
                     const struct subject *subject)
{
    size_t number = contexts->first[context->number];

    for (size_t i = 0; i < context->all_count; i++)
        if (!is_found(contexts, &contexts->patterns, number++, context->all[i],
                      subject))
            return false;
    for (size_t i = 0; i < context->none_count; i++)
        if (is_found(contexts, &contexts->patterns, number++, context->none[i],
                     subject))
            return false;
    return true;
}

bool aw_contexts_find_absent(struct aw_contexts *contexts,
                             const struct aw_text *text, enum aw_view view,
                             size_t rule)
{
    struct aw_str all = text_of(text, view);
    struct subject subject = {all, view, {0, all.len}};

    return is_found(contexts, &contexts->absent, rule,
                    contexts->lexicon->rules[rule].absent, &subject);
}

static bool holds(struct aw_contexts *contexts,
                  const struct aw_context *context, struct asked *asked)
{
    signed char *known =
        is_of_all(context) ? &contexts->document[context->number] : NULL;
    enum aw_view view = asked->hit->view;
    struct subject subject = {.text = text_of(asked->text, view),
                              .view = view};
    bool answer;

    if (known && *known >= 0)
        return *known != 0;
    answer = may_hold(contexts, context, &subject);
    if (answer) {
        subject.window = window(context, asked);
        answer = holds_in(contexts, context, &subject);
    }
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

static void weigh(struct aw_hit *hit, const struct aw_context *context)
{
    hit->weight += context->weight;
    hit->weighed[hit->weighed_count++] = context;
}

void aw_contexts_apply(struct aw_contexts *contexts,
                       const struct aw_text *text, struct aw_hit *hit)
{
    struct asked asked = {.text = text, .hit = hit};
    const struct aw_context *context;
    size_t from = 0;

    hit->void_by = next(contexts, &asked, AW_EFFECT_VOID, &from);
    if (hit->void_by)
        return;
    from = 0;
    hit->exempt_by = next(contexts, &asked, AW_EFFECT_EXEMPT, &from);
    from = 0;
    while (hit->weighed_count < AW_HIT_WEIGHS_MAX &&
           (context = next(contexts, &asked, AW_EFFECT_WEIGH, &from)))
        weigh(hit, context);
}

void aw_contexts_weigh_whole(struct aw_contexts *contexts,
                             const struct aw_text *text, struct aw_hit *whole)
{
    struct asked asked = {.text = text, .hit = whole};
    const struct aw_lexicon *lexicon = contexts->lexicon;

    whole->view = AW_VIEW_PLAIN;
    for (size_t i = 0; i < lexicon->context_count &&
                       whole->weighed_count < AW_HIT_WEIGHS_MAX;
         i++)
        if (lexicon->contexts[i].where == AW_WHERE_WHOLE &&
            holds(contexts, &lexicon->contexts[i], &asked))
            weigh(whole, &lexicon->contexts[i]);
}
