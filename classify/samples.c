#include "classify/samples.h"

#include <string.h>

#define ARENA_MAX ((size_t)4 << 30)
#define SENTENCE_CHARS_LEAST 6

struct maker {
    struct aw_samples *samples;
    struct aw_matcher *matcher;
    struct aw_text text;
    struct aw_word_bag bag;
    struct aw_sample *sample; /* that is being made */
};

static aw_rc keep_bag(struct maker *m, struct aw_ids *out, struct aw_err *err)
{
    struct aw_arena *arena = &m->samples->arena;

    out->items = aw_arena_array(arena, m->bag.count, sizeof *out->items);
    if (!out->items)
        return aw_arena_fail(arena, err);
    memcpy(out->items, m->bag.ids, m->bag.count * sizeof *out->items);
    out->count = m->bag.count;
    return AW_OK;
}

static bool overlap(struct aw_range a, struct aw_range b)
{
    return a.start < b.end && b.start < a.end;
}

static bool is_in_span(const struct aw_corpus_text *text,
                       struct aw_range origin)
{
    for (size_t i = 0; i < text->span_count; i++) {
        struct aw_range span = {text->spans[i].start, text->spans[i].end};

        if (overlap(span, origin))
            return true;
    }
    return false;
}

static bool owes_warning(const struct aw_corpus_text *text)
{
    for (size_t i = 0; i < text->span_count; i++)
        if (text->spans[i].class == AW_CLAIM_NO_RISK_WARNING)
            return true;
    return false;
}

static aw_rc keep_sentence(struct maker *m, enum aw_view view,
                           struct aw_range place, struct aw_ids *out,
                           struct aw_err *err)
{
    place = aw_text_sentence(&m->text.view[view],
                             m->text.blocks[0].place[view], place);
    aw_score_words_bag(&m->bag, &m->text, view, 0, place);
    return keep_bag(m, out, err);
}

static aw_rc add_passage(struct maker *m, enum aw_view view,
                         struct aw_range place,
                         struct aw_sample_passage passage, struct aw_err *err)
{
    struct aw_sample *sample = m->sample;
    void *items = sample->passages;
    aw_rc rc;

    aw_score_passage_bag(&m->bag, &m->text, view, 0, place);
    rc = keep_bag(m, &passage.ids, err);
    if (rc == AW_OK && passage.has_class)
        rc = keep_sentence(m, view, place, &passage.sentence, err);
    if (rc == AW_OK)
        rc = aw_arena_grow(&m->samples->arena, &items, sample->passage_count,
                           &sample->passage_cap, sizeof passage, err);
    if (rc != AW_OK)
        return rc;
    sample->passages = items;
    sample->passages[sample->passage_count++] = passage;
    return AW_OK;
}

static aw_rc add_hit(struct maker *m, const struct aw_hit *hit,
                     struct aw_err *err)
{
    const struct aw_rule *rule = &m->samples->lexicon->rules[hit->rule];
    struct aw_sample *sample = m->sample;
    bool suspected = sample->text->label == AW_VERDICT_SUSPECTED;
    struct aw_sample_hit kept = {.rule = hit->rule,
                                 .context = hit->weight,
                                 .is_absent = rule->absent != NULL,
                                 .is_claim = rule->absent
                                                 ? owes_warning(sample->text)
                                                 : is_in_span(sample->text,
                                                              hit->origin)};
    void *items = sample->hits;
    aw_rc rc;

    kept.is_quoted =
        aw_text_is_quoted(&m->text.view[hit->view],
                          m->text.blocks[0].place[hit->view], hit->place);
    kept.is_known = kept.is_claim || kept.is_absent || !suspected;
    aw_score_passage_bag(&m->bag, &m->text, hit->view, 0, hit->place);
    rc = keep_bag(m, &kept.passage, err);
    if (rc == AW_OK)
        rc = aw_arena_grow(&m->samples->arena, &items, sample->hit_count,
                           &sample->hit_cap, sizeof kept, err);
    if (rc != AW_OK)
        return rc;
    sample->hits = items;
    sample->hits[sample->hit_count++] = kept;
    return AW_OK;
}

/* Rules on the whole document say nothing of the words that they hit. */
static bool is_absent(const struct maker *m, const struct aw_hit *hit)
{
    return m->samples->lexicon->rules[hit->rule].absent != NULL;
}

/* All hits, also those that contexts took away, show what a claim is not. */
static aw_rc add_hits(struct maker *m, const struct aw_hit *hits, size_t count,
                      struct aw_err *err)
{
    aw_rc rc = AW_OK;

    for (size_t i = 0; rc == AW_OK && i < count; i++) {
        const struct aw_hit *hit = &hits[i];
        bool suspected = m->sample->text->label == AW_VERDICT_SUSPECTED;

        if (!hit->void_by && !hit->exempt_by)
            rc = add_hit(m, hit, err);
        if (rc == AW_OK && !suspected && !is_absent(m, hit))
            rc = add_passage(m, hit->view, hit->place,
                             (struct aw_sample_passage){.in_training = true},
                             err);
    }
    return rc;
}

static aw_rc add_spans(struct maker *m, struct aw_err *err)
{
    const struct aw_corpus_text *text = m->sample->text;
    struct aw_range block = m->text.blocks[0].place[AW_VIEW_PLAIN];
    aw_rc rc = AW_OK;

    for (size_t i = 0; rc == AW_OK && i < text->span_count; i++) {
        struct aw_range origin = {text->spans[i].start, text->spans[i].end};
        struct aw_range place =
            aw_normal_place(&m->text.view[AW_VIEW_PLAIN], block, origin);

        if (place.start < place.end)
            rc = add_passage(
                m, AW_VIEW_PLAIN, place,
                (struct aw_sample_passage){.is_claim = true,
                                           .has_class = true,
                                           .class = text->spans[i].class,
                                           .in_training = true},
                err);
    }
    return rc;
}

static bool is_hit(const struct maker *m, const struct aw_hit *hits,
                   size_t count, struct aw_range origin)
{
    for (size_t i = 0; i < count; i++)
        if (!is_absent(m, &hits[i]) && overlap(hits[i].origin, origin))
            return true;
    return false;
}

static struct aw_range widen(struct aw_range origin)
{
    size_t left =
        origin.start < AW_PASSAGE_CHARS ? origin.start : AW_PASSAGE_CHARS;

    return (struct aw_range){origin.start - left,
                             origin.end + AW_PASSAGE_CHARS};
}

static aw_rc add_sentence(struct maker *m, struct aw_range place,
                          const struct aw_hit *hits, size_t count,
                          struct aw_err *err)
{
    const struct aw_corpus_text *text = m->sample->text;
    struct aw_range origin =
        aw_normal_origin(&m->text.view[AW_VIEW_PLAIN], place);
    struct aw_sample_passage passage = {.is_claim = is_in_span(text, origin),
                                        .is_sentence =
                                            !is_hit(m, hits, count, origin)};

    if (origin.end - origin.start < SENTENCE_CHARS_LEAST)
        return AW_OK;
    /* A neighbour of a claim has the claim's words around it. */
    passage.in_training =
        !passage.is_claim && !is_in_span(text, widen(origin));
    if (!passage.in_training && !passage.is_sentence)
        return AW_OK;
    return add_passage(m, AW_VIEW_PLAIN, place, passage, err);
}

static aw_rc add_sentences(struct maker *m, const struct aw_hit *hits,
                           size_t count, struct aw_err *err)
{
    const struct aw_normal *view = &m->text.view[AW_VIEW_PLAIN];
    struct aw_range block = m->text.blocks[0].place[AW_VIEW_PLAIN];
    aw_rc rc = AW_OK;

    for (size_t pos = block.start; rc == AW_OK && pos < block.end;) {
        struct aw_range place = aw_text_next_sentence(view, block, &pos);

        if (place.start < place.end)
            rc = add_sentence(m, place, hits, count, err);
    }
    return rc;
}

static aw_rc make_sample(struct maker *m, struct aw_sample *sample,
                         struct aw_err *err)
{
    const struct aw_hit *hits;
    struct aw_hit whole;
    size_t count;
    aw_rc rc = aw_text_read_one(&m->text, sample->text->text, err);

    m->sample = sample;
    sample->family = aw_hash64(sample->text->family);
    if (rc == AW_OK)
        rc = aw_matcher_run(m->matcher, &m->text, err);
    if (rc == AW_OK)
        rc = aw_matcher_run_absent(m->matcher, &m->text, true, err);
    if (rc == AW_OK)
        rc = aw_matcher_weigh_whole(m->matcher, &m->text, &whole, err);
    if (rc != AW_OK)
        return rc;
    sample->context = whole.weight;
    hits = aw_matcher_hits(m->matcher, &count);
    aw_score_document_bag(&m->bag, &m->text);
    rc = keep_bag(m, &sample->document, err);
    if (rc == AW_OK)
        rc = add_hits(m, hits, count, err);
    if (rc == AW_OK)
        rc = add_spans(m, err);
    if (rc == AW_OK)
        rc = add_sentences(m, hits, count, err);
    return rc == AW_OK ? AW_OK
                       : aw_fail_in(err, "%.*s", AW_STR_ARG(sample->text->id));
}

static aw_rc make_all(struct maker *m, const struct aw_corpus *corpus,
                      struct aw_err *err)
{
    struct aw_samples *samples = m->samples;
    aw_rc rc = aw_word_bag_init(&m->bag, err);

    if (rc == AW_OK)
        rc = aw_matcher_new(&m->matcher, samples->lexicon, NULL, err);
    for (size_t i = 0; rc == AW_OK && i < corpus->count; i++) {
        samples->items[i].text = &corpus->texts[i];
        rc = make_sample(m, &samples->items[i], err);
        samples->count = i + 1;
    }
    return rc;
}

aw_rc aw_samples_make(struct aw_samples *samples,
                      const struct aw_corpus *corpus,
                      const struct aw_lexicon *lexicon, struct aw_err *err)
{
    struct maker m = {.samples = samples};
    aw_rc rc;

    *samples = (struct aw_samples){.lexicon = lexicon};
    aw_arena_init(&samples->arena, ARENA_MAX);
    samples->items =
        aw_arena_array(&samples->arena, corpus->count, sizeof *samples->items);
    if (!samples->items)
        return aw_arena_fail(&samples->arena, err);
    aw_text_init(&m.text);
    rc = make_all(&m, corpus, err);
    aw_matcher_free(m.matcher);
    aw_word_bag_deinit(&m.bag);
    aw_text_deinit(&m.text);
    return rc;
}

void aw_samples_deinit(struct aw_samples *samples)
{
    aw_arena_deinit(&samples->arena);
    *samples = (struct aw_samples){0};
}
