#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "classify/classify_internal.h"
#include "classify/draft.h"
#include "classify/why.h"

#define VERDICT_MAX ((size_t)64 << 20) /* bytes of one verdict */
#define QUOTE_MAX 2000      /* code points of a quote: what is longer is cut */
#define SENTENCES_MAX 5     /* claims by the model alone */
#define SENTENCES_READ 4000 /* of one document */
#define SENTENCE_CHARS_LEAST 6
#define SENTENCE_HAN_LEAST 4
#define SENTENCE_BYTES_MOST 600
#define RULES_ALONE_THRESHOLD 0.5
/* What a claim must reach in a document that reads as a warning, news or a
 * notice: there its words are mostly quoted. Chosen by hand. */
#define REPORT_THRESHOLD 0.9
#define REPORT_LEAST 0.4 /* of the probability of its kind */
/* How far what the whole document looks like may speak against an offer, in
 * log-odds. */
#define OFFER_ADVERT_LEAST (1.0)
/* Of a document that is suspected as a whole, what is shown: claims that have
 * this share of the strongest one's score. */
#define SHOWN_SHARE 0.3
/* A document of fewer letters is judged as a whole. */
#define LONG_LETTERS 120

struct aw_classifier {
    struct aw_lexicon *own_lexicon; /* or NULL: the caller's */
    struct aw_model own_model;
    const struct aw_lexicon *lexicon;
    const struct aw_model *model; /* or NULL */
    double threshold, document_threshold;
    struct aw_matcher *matcher;
    struct aw_text text;
    struct aw_word_bag bag;
    struct aw_draft *drafts;
    size_t draft_count;
};

#define DRAFTS_MAX (AW_HITS_MAX + SENTENCES_MAX)

static aw_rc init(struct aw_classifier *c, const struct aw_lexicon *lexicon,
                  const struct aw_model *model, double threshold,
                  const char *cache_dir, struct aw_err *err)
{
    aw_rc rc;

    c->lexicon = lexicon;
    c->model = model;
    c->threshold = threshold > 0 ? threshold
                   : model       ? model->params.threshold
                                 : RULES_ALONE_THRESHOLD;
    c->document_threshold = threshold > 0 || !model
                                ? c->threshold
                                : model->params.document_threshold;
    aw_text_init(&c->text);
    c->drafts = calloc(DRAFTS_MAX, sizeof *c->drafts);
    if (!c->drafts)
        return aw_fail(err, AW_NOMEM, "out of memory");
    rc = aw_word_bag_init(&c->bag, err);
    if (rc == AW_OK)
        rc = aw_matcher_new(&c->matcher, lexicon, cache_dir, err);
    return rc;
}

aw_rc aw_classifier_new_with(struct aw_classifier **out,
                             const struct aw_lexicon *lexicon,
                             const struct aw_model *model, double threshold,
                             struct aw_err *err)
{
    struct aw_classifier *c = calloc(1, sizeof *c);
    aw_rc rc;

    if (!c)
        return aw_fail(err, AW_NOMEM, "out of memory");
    rc = init(c, lexicon, model, threshold, NULL, err);
    if (rc == AW_OK)
        *out = c;
    else
        aw_classifier_free(c);
    return rc;
}

static aw_rc load(struct aw_classifier *c,
                  const struct aw_classifier_config *config,
                  struct aw_err *err)
{
    aw_rc rc = aw_lexicon_new_kept(&c->own_lexicon, config->lexicon_dir,
                                   config->cache_dir, err);

    if (rc == AW_MISSING)
        rc = err->rc = AW_CONFIG;
    if (rc == AW_OK && config->model_path)
        rc = aw_model_load(&c->own_model, config->model_path, err);
    if (rc != AW_OK)
        return rc;
    if (!config->lazy)
        aw_lexicon_warm(c->own_lexicon);
    rc = init(c, c->own_lexicon, config->model_path ? &c->own_model : NULL,
              config->threshold, config->cache_dir, err);
    return rc == AW_OK && !config->lazy ? aw_matcher_warm(c->matcher, err)
                                        : rc;
}

aw_rc aw_classifier_new(struct aw_classifier **out,
                        const struct aw_classifier_config *config,
                        struct aw_err *err)
{
    struct aw_classifier *c = calloc(1, sizeof *c);
    aw_rc rc;

    if (!c)
        return aw_fail(err, AW_NOMEM, "out of memory");
    rc = load(c, config, err);
    if (rc == AW_OK)
        *out = c;
    else
        aw_classifier_free(c);
    return rc;
}

void aw_classifier_free(struct aw_classifier *classifier)
{
    if (!classifier)
        return;
    aw_matcher_free(classifier->matcher);
    aw_text_deinit(&classifier->text);
    aw_word_bag_deinit(&classifier->bag);
    free(classifier->drafts);
    aw_model_unload(&classifier->own_model);
    aw_lexicon_free(classifier->own_lexicon);
    free(classifier);
}

const char *aw_classifier_lexicon_hash(const struct aw_classifier *c)
{
    return c->lexicon->hash;
}

const char *aw_classifier_model_hash(struct aw_classifier *c)
{
    return aw_model_hash(&c->own_model);
}

/* What one run works on. */
struct run {
    struct aw_classifier *c;
    const struct aw_document *doc;
    struct aw_verdict *verdict;
    const struct aw_hit *hits;
    size_t hit_count;
    struct aw_document_score document; /* with a model */
    struct aw_hit contexts;            /* those of the whole: weights alone */
    struct aw_weighing whole;
    double all; /* the probability of all evidence together, with a model */
    bool suspected; /* for that */
};

/* Scores. */

static double strength_of(const struct aw_classifier *c,
                          const struct aw_rule *rule)
{
    const struct aw_model_rule *known = aw_model_rule(c->model, rule->id);

    return known ? known->strength : aw_score_of_severity(rule->severity);
}

static double passage_of(struct aw_classifier *c, enum aw_view view,
                         size_t block, struct aw_range place)
{
    struct aw_bayes_sums sums;

    aw_score_passage_bag(&c->bag, &c->text, view, block, place);
    sums = aw_bayes_score(c->model->table, c->bag.ids, c->bag.count);
    return aw_score_by_length(sums.passage, c->bag.count);
}

static bool is_quoted(const struct run *run, const struct aw_hit *hit)
{
    const struct aw_text *text = &run->c->text;

    return aw_text_is_quoted(&text->view[hit->view],
                             text->blocks[hit->block].place[hit->view],
                             hit->place);
}

/* Words that are not quoted, and beside them a call to act (a contact, a least
 * sum: a context `around` that speaks for a claim). A sentence of warning
 * makes no report of such an offer. */
static bool is_offer(const struct run *run, const struct aw_hit *hit)
{
    bool calls = false;

    for (size_t i = 0; i < hit->weighed_count; i++)
        calls |= hit->weighed[i]->where == AW_WHERE_AROUND &&
                 hit->weighed[i]->weight > 0;
    return calls && !is_quoted(run, hit);
}

/* What the models say of the hit's surroundings, where these say more of a
 * claim than the whole: a page full of other things does not hide it. Of a
 * report the whole decides. */
static struct aw_document_score document_around(const struct run *run,
                                                const struct aw_hit *hit)
{
    struct aw_classifier *c = run->c;
    struct aw_document_score around;

    if (c->text.view[AW_VIEW_PLAIN].letter_count < LONG_LETTERS ||
        run->c->lexicon->rules[hit->rule].absent)
        return run->document;
    aw_score_around_bag(&c->bag, &c->text, hit->view, hit->block, hit->place);
    around = aw_score_document(&c->model->params, c->model->table, &c->bag);
    return around.suspect > run->document.suspect ? around : run->document;
}

/* What speaks for and against a hit, and how it is weighed. */
static struct aw_weighing weigh_hit(const struct run *run,
                                    const struct aw_hit *hit)
{
    struct aw_classifier *c = run->c;
    const struct aw_rule *rule = &c->lexicon->rules[hit->rule];
    struct aw_document_score document = document_around(run, hit);
    struct aw_weighing out = {.logit = rule->absent ? &c->model->params.absent
                                                    : &c->model->params.claim};

    if (document.advert < OFFER_ADVERT_LEAST && is_offer(run, hit))
        document.advert = OFFER_ADVERT_LEAST;
    aw_score_inputs(out.input, strength_of(c, rule),
                    passage_of(c, hit->view, hit->block, hit->place),
                    &document, hit->weight, is_quoted(run, hit));
    return out;
}

static double score_of(const struct aw_weighing *weighing)
{
    return aw_sigmoid(aw_logit_log_odds(weighing->logit, weighing->input));
}

static void score_hit(const struct run *run, const struct aw_hit *hit,
                      struct aw_draft *draft)
{
    const struct aw_rule *rule = &run->c->lexicon->rules[hit->rule];

    if (!run->c->model) {
        draft->score =
            aw_sigmoid(aw_score_of_severity(rule->severity) + hit->weight);
        return;
    }
    draft->weighing = weigh_hit(run, hit);
    draft->score = score_of(&draft->weighing);
}

/* Drafts. */

static void add_draft(struct aw_classifier *c, struct aw_draft draft)
{
    if (c->draft_count < DRAFTS_MAX)
        c->drafts[c->draft_count++] = draft;
}

static bool is_report(const struct run *run)
{
    enum aw_doc_kind best = run->document.best;

    return run->c->model && best != AW_DOC_ADVERT && best != AW_DOC_OTHER &&
           run->document.kind[best] >= REPORT_LEAST;
}

static double threshold_of(const struct run *run, const struct aw_hit *hit)
{
    if (((is_report(run) && !is_offer(run, hit)) || is_quoted(run, hit)) &&
        run->c->threshold < REPORT_THRESHOLD)
        return REPORT_THRESHOLD;
    return run->c->threshold;
}

static bool is_advert(const struct run *run)
{
    return run->c->model && run->document.best == AW_DOC_ADVERT;
}

/* Says in draft why a hit below the threshold is shown all the same: its
 * words stand in a document that quotes them. */
static bool exempt_by_kind(const struct run *run, struct aw_draft *draft)
{
    static const char *const ids[AW_DOC_KIND_COUNT] = {
        [AW_DOC_WARNING] = "document-warning",
        [AW_DOC_NEWS] = "document-news",
        [AW_DOC_NOTICE] = "document-notice"};

    if (!is_report(run))
        return false;
    draft->exempt_by = ids[run->document.best];
    draft->exempt_len = strlen(draft->exempt_by);
    return true;
}

/* The score of the strongest claim that counts so far, or 0. */
static double strongest(const struct aw_classifier *c)
{
    double most = 0;

    for (size_t i = 0; i < c->draft_count; i++)
        if (!c->drafts[i].exempt_by && c->drafts[i].score > most)
            most = c->drafts[i].score;
    return most;
}

static void draft_hit(const struct run *run, size_t number)
{
    const struct aw_hit *hit = &run->hits[number];
    const struct aw_rule *rule = &run->c->lexicon->rules[hit->rule];
    struct aw_draft draft = {.hit = number,
                             .class = rule->class,
                             .block = hit->block,
                             .origin = hit->origin,
                             .least = threshold_of(run, hit),
                             .severity = rule->severity};

    score_hit(run, hit, &draft);
    if (rule->beside)
        draft.score = strongest(run->c);
    if (rule->absent)
        draft.origin = (struct aw_range){0, 0};
    if (hit->exempt_by) {
        draft.exempt_by = hit->exempt_by->id.ptr;
        draft.exempt_len = hit->exempt_by->id.len;
    }
    add_draft(run->c, draft);
}

static void draft_hits(const struct run *run)
{
    for (size_t i = 0; i < run->hit_count; i++)
        if (!run->hits[i].void_by)
            draft_hit(run, i);
}

/* The whole that is suspected speaks for this as well. */
static void draft_absent_hit(const struct run *run, size_t number)
{
    const struct aw_draft *draft = &run->c->drafts[run->c->draft_count];
    double most = strongest(run->c);

    draft_hit(run, number);
    if (draft < run->c->drafts + run->c->draft_count && !draft->exempt_by &&
        draft->score < draft->least &&
        !(run->suspected && draft->score >= SHOWN_SHARE * most))
        run->c->draft_count--;
}

/* A warning is owed by an advertisement alone; by some only where they claim
 * something besides. */
static aw_rc draft_absent(struct run *run, struct aw_err *err)
{
    bool claims = strongest(run->c) > 0;
    size_t first = run->hit_count;
    aw_rc rc;

    if (run->c->model && !is_advert(run) && !claims)
        return AW_OK;
    rc = aw_matcher_run_absent(run->c->matcher, &run->c->text, claims, err);
    if (rc != AW_OK)
        return rc;
    run->hits = aw_matcher_hits(run->c->matcher, &run->hit_count);
    for (size_t i = first; i < run->hit_count; i++)
        if (!run->hits[i].void_by)
            draft_absent_hit(run, i);
    return AW_OK;
}

/* Sentences that the model alone finds. */

static bool is_hit(const struct run *run, size_t block, struct aw_range origin)
{
    for (size_t i = 0; i < run->hit_count; i++)
        if (run->hits[i].block == block &&
            run->hits[i].origin.start < origin.end &&
            origin.start < run->hits[i].origin.end)
            return true;
    return false;
}

static struct aw_weighing weigh_sentence(const struct run *run, size_t block,
                                         struct aw_range place)
{
    struct aw_weighing out = {.logit = &run->c->model->params.sentence};

    aw_score_inputs(out.input, 0,
                    passage_of(run->c, AW_VIEW_PLAIN, block, place),
                    &run->document, 0, false);
    return out;
}

/* Keeps the best few of them, strongest first. */
static void keep_best(struct aw_draft *best, size_t *count,
                      struct aw_draft draft)
{
    size_t at = *count;

    while (at > 0 && best[at - 1].score < draft.score)
        at--;
    if (at == SENTENCES_MAX)
        return;
    if (*count < SENTENCES_MAX)
        ++*count;
    memmove(best + at + 1, best + at, (*count - at - 1) * sizeof *best);
    best[at] = draft;
}

/* An address, a number or a name in Latin letters promises nothing. */
static bool has_words(struct aw_str text)
{
    size_t han = 0;

    for (size_t pos = 0; pos < text.len && han < SENTENCE_HAN_LEAST;)
        han += aw_is_han(aw_utf8_next(text, &pos));
    return han >= SENTENCE_HAN_LEAST;
}

static void try_sentence(const struct run *run, size_t block,
                         struct aw_range place, struct aw_draft *best,
                         size_t *count)
{
    const struct aw_normal *view = &run->c->text.view[AW_VIEW_PLAIN];
    struct aw_draft draft = {.hit = AW_DRAFT_NO_HIT,
                             .block = block,
                             .place = place,
                             .least = HUGE_VAL, /* no more than a sign */
                             .origin = aw_normal_origin(view, place)};

    if (place.end - place.start > SENTENCE_BYTES_MOST ||
        draft.origin.end - draft.origin.start < SENTENCE_CHARS_LEAST ||
        !has_words(aw_normal_str(view, place)) ||
        is_hit(run, block, draft.origin))
        return;
    draft.weighing = weigh_sentence(run, block, place);
    draft.score = score_of(&draft.weighing);
    keep_best(best, count, draft);
}

/* What a link promises is judged on the page that it leads to; a title holds
 * the site's name more than a sentence. */
static bool is_prose(enum aw_block_kind kind)
{
    return kind != AW_BLOCK_LINK && kind != AW_BLOCK_TITLE;
}

/* What such a sentence claims, by its own words: its neighbours often claim
 * something else. */
static enum aw_claim_class class_of(struct aw_classifier *c,
                                    const struct aw_draft *draft)
{
    aw_score_words_bag(&c->bag, &c->text, AW_VIEW_PLAIN, draft->block,
                       draft->place);
    return aw_bayes_class(c->model->classes, c->bag.ids, c->bag.count);
}

static void draft_sentences(const struct run *run)
{
    const struct aw_text *text = &run->c->text;
    struct aw_draft best[SENTENCES_MAX];
    size_t count = 0, left = SENTENCES_READ;

    for (size_t b = 0; b < text->count; b++) {
        struct aw_range block = text->blocks[b].place[AW_VIEW_PLAIN];
        size_t pos = block.start;

        if (!is_prose(run->doc->blocks[b].kind))
            continue;
        for (; pos < block.end && left > 0; left--) {
            struct aw_range next =
                aw_text_next_sentence(&text->view[AW_VIEW_PLAIN], block, &pos);

            if (next.start < next.end)
                try_sentence(run, b, next, best, &count);
        }
    }
    for (size_t i = 0; i < count; i++)
        add_draft(run->c, best[i]);
}

/* Can a sentence without a hit change anything? Only next to a hit, or in what
 * may be an advertisement (weigh_all). */
static bool may_imply(const struct run *run)
{
    return run->c->model && aw_score_may_imply(&run->document) &&
           (run->c->draft_count > 0 || aw_score_may_stand(&run->document));
}

/* All evidence together. */

static double strongest_of(const struct run *run, bool of_hits)
{
    const struct aw_classifier *c = run->c;
    double most = AW_SCORE_NONE;

    for (size_t i = 0; i < c->draft_count; i++)
        if (!c->drafts[i].exempt_by &&
            (c->drafts[i].hit != AW_DRAFT_NO_HIT) == of_hits &&
            !(of_hits && is_quoted(run, &run->hits[c->drafts[i].hit])))
            most = fmax(most, aw_log_odds(c->drafts[i].score));
    return most;
}

/* Where it cannot count, contexts need not be read: they are no more than
 * doubts. */
static aw_rc weigh_all(struct run *run, struct aw_err *err)
{
    struct aw_classifier *c = run->c;
    double hit = strongest_of(run, true);
    double sentence = strongest_of(run, false);
    aw_rc rc;

    if (!c->model || c->draft_count == 0 ||
        !aw_score_may_count(&run->document, hit, sentence))
        return AW_OK;
    rc = aw_matcher_weigh_whole(c->matcher, &c->text, &run->contexts, err);
    sentence =
        aw_score_sentence(&run->document, sentence, run->contexts.weight);
    if (rc != AW_OK || !aw_score_may_count(&run->document, hit, sentence))
        return rc;
    run->whole.logit = &c->model->params.document;
    aw_score_document_inputs(run->whole.input, hit, sentence, &run->document);
    run->all = score_of(&run->whole);
    run->suspected = run->all >= c->document_threshold && strongest(c) > 0;
    return AW_OK;
}

/* The threshold at and below which the document would be suspected, where its
 * own is below REPORT_THRESHOLD: what must reach that must do so here as well.
 * A warning that is absent is not asked for. */
static double leaning(const struct run *run)
{
    double most = run->all;

    for (size_t i = 0; i < run->c->draft_count; i++) {
        const struct aw_draft *draft = &run->c->drafts[i];

        if (!draft->exempt_by && (draft->least <= run->c->threshold ||
                                  draft->score >= draft->least))
            most = fmax(most, draft->score);
    }
    return most;
}

/* Does the draft stay? One that counts neither by itself nor together with the
 * rest may be shown as one that the kind of document exempts. */
static bool stays(const struct run *run, struct aw_draft *draft, double most)
{
    if (draft->exempt_by || draft->score >= draft->least)
        return true;
    if (run->suspected)
        return draft->score >= SHOWN_SHARE * most;
    return draft->hit != AW_DRAFT_NO_HIT && exempt_by_kind(run, draft);
}

static void settle_drafts(struct run *run)
{
    struct aw_classifier *c = run->c;
    double most = strongest(c);
    size_t kept = 0;

    for (size_t i = 0; i < c->draft_count; i++)
        if (stays(run, &c->drafts[i], most))
            c->drafts[kept++] = c->drafts[i];
    c->draft_count = kept;
    for (size_t i = 0; i < kept; i++)
        if (c->drafts[i].hit == AW_DRAFT_NO_HIT)
            c->drafts[i].class = class_of(c, &c->drafts[i]);
}

/* Claims. */

/* Goes through a document's text, from one code point to a later one. */
struct cursor {
    size_t block, cp, byte;
};

static size_t byte_of(struct cursor *cursor, const struct aw_document *doc,
                      size_t block, size_t cp)
{
    struct aw_str rest;

    if (cursor->block != block || cp < cursor->cp)
        *cursor = (struct cursor){block, 0, 0};
    rest = aw_str_sub(doc->blocks[block].text, cursor->byte, SIZE_MAX);
    cursor->byte += aw_utf8_offset(rest, cp - cursor->cp);
    cursor->cp = cp;
    return cursor->byte;
}

static void fill_rule(struct aw_claim *claim, const struct aw_rule *rule)
{
    claim->rule = rule->id;
    claim->rule_version = rule->version;
    claim->code = rule->code;
    claim->severity = rule->severity;
    claim->law[claim->law_count++] = rule->provision;
}

/* The model's own claims cite what the lexicon's rules of that class cite. */
static void fill_model(struct aw_claim *claim,
                       const struct aw_lexicon *lexicon)
{
    for (size_t i = 0; i < lexicon->rule_count; i++) {
        if (lexicon->rules[i].class != claim->class)
            continue;
        fill_rule(claim, &lexicon->rules[i]);
        break;
    }
    claim->rule = AW_STR("model");
    claim->rule_version = AW_STR("1");
    claim->severity = 1;
}

/* How the score comes about, and that of the whole where it is what counts. */
static aw_rc add_sums(const struct run *run, const struct aw_draft *draft,
                      const struct aw_why *why, struct aw_err *err)
{
    aw_rc rc;

    if (!run->c->model)
        return AW_OK;
    rc = aw_why_sum(why, &draft->weighing, err);
    if (rc == AW_OK && run->suspected && draft->score < draft->least)
        rc = aw_why_whole(why, &run->contexts, &run->whole, err);
    return rc;
}

static aw_rc fill_claim(const struct run *run, const struct aw_draft *draft,
                        struct cursor *cursor, struct aw_claim *claim,
                        struct aw_err *err)
{
    struct aw_classifier *c = run->c;
    struct aw_why why = {claim,      &run->verdict->arena,
                         c->lexicon, c->model,
                         &c->text,   c->model ? &run->document : NULL};
    size_t from = byte_of(cursor, run->doc, draft->block, draft->origin.start);
    struct cursor end = *cursor;
    size_t last = draft->origin.end - draft->origin.start > QUOTE_MAX
                      ? draft->origin.start + QUOTE_MAX
                      : draft->origin.end;
    size_t to = byte_of(&end, run->doc, draft->block, last);

    aw_rc rc;

    *claim =
        (struct aw_claim){.class = draft->class,
                          .block = draft->block,
                          .start = draft->origin.start,
                          .end = last,
                          .quote =
                              aw_str_sub(run->doc->blocks[draft->block].text,
                                         from, to - from),
                          .score = draft->score,
                          .exempt_by = {draft->exempt_by, draft->exempt_len}};
    if (draft->hit == AW_DRAFT_NO_HIT) {
        fill_model(claim, c->lexicon);
        rc = aw_why_sentence(&why, draft->block, draft->place, err);
    } else {
        fill_rule(claim, &c->lexicon->rules[run->hits[draft->hit].rule]);
        rc = aw_why_hit(&why, &run->hits[draft->hit], err);
    }
    return rc == AW_OK ? add_sums(run, draft, &why, err) : rc;
}

/* The document may go away before the verdict: quotes and ids are copied. */
static aw_rc own_texts(struct aw_arena *arena, struct aw_claim *claim,
                       struct aw_err *err)
{
    struct aw_str *texts[] = {&claim->quote, &claim->exempt_by};
    aw_rc rc = AW_OK;

    for (size_t i = 0; rc == AW_OK && i < 2; i++)
        rc = aw_arena_dup(arena, *texts[i], texts[i], err);
    return rc;
}

static aw_rc fill_claims(const struct run *run, struct aw_err *err)
{
    struct aw_verdict *verdict = run->verdict;
    struct cursor cursor = {SIZE_MAX, 0, 0};
    size_t count = run->c->draft_count;
    aw_rc rc = AW_OK;

    if (count == 0)
        return AW_OK;
    verdict->claims =
        aw_arena_array(&verdict->arena, count, sizeof *verdict->claims);
    if (!verdict->claims)
        return aw_arena_fail(&verdict->arena, err);
    for (size_t i = 0; rc == AW_OK && i < count; i++) {
        struct aw_claim *claim = &verdict->claims[i];

        rc = fill_claim(run, &run->c->drafts[i], &cursor, claim, err);
        if (rc == AW_OK)
            rc = own_texts(&verdict->arena, claim, err);
        if (rc == AW_OK)
            verdict->claim_count++;
    }
    return rc;
}

static void settle(const struct run *run)
{
    struct aw_verdict *verdict = run->verdict;

    for (size_t i = 0; i < verdict->claim_count; i++) {
        const struct aw_claim *claim = &verdict->claims[i];

        if (claim->exempt_by.len > 0) {
            if (verdict->kind == AW_VERDICT_CLEAR)
                verdict->kind = AW_VERDICT_EXEMPT;
            continue;
        }
        verdict->kind = AW_VERDICT_SUSPECTED;
        if (claim->score > verdict->score)
            verdict->score = claim->score;
    }
    if (verdict->kind == AW_VERDICT_SUSPECTED && run->all > verdict->score)
        verdict->score = run->all;
    if (verdict->kind == AW_VERDICT_SUSPECTED)
        verdict->leaning = verdict->score;
    verdict->doc_kind = run->document.best;
    verdict->doc_score = run->document.kind[run->document.best];
}

static void score_document(struct run *run)
{
    struct aw_classifier *c = run->c;

    run->document = (struct aw_document_score){.best = AW_DOC_OTHER};
    if (!c->model)
        return;
    aw_score_document_bag(&c->bag, &c->text);
    if (c->bag.count == 0)
        return; /* no text is of no kind */
    run->document =
        aw_score_document(&c->model->params, c->model->table, &c->bag);
}

aw_rc aw_classifier_run(struct aw_classifier *classifier,
                        const struct aw_document *doc,
                        struct aw_verdict *verdict, struct aw_err *err)
{
    struct run run = {.c = classifier, .doc = doc, .verdict = verdict};
    aw_rc rc;

    *verdict = (struct aw_verdict){0};
    aw_arena_init(&verdict->arena, VERDICT_MAX);
    classifier->draft_count = 0;
    rc = aw_text_read(&classifier->text, doc, err);
    if (rc == AW_OK)
        rc = aw_matcher_run(classifier->matcher, &classifier->text, err);
    if (rc != AW_OK)
        return rc;
    run.hits = aw_matcher_hits(classifier->matcher, &run.hit_count);
    score_document(&run);
    draft_hits(&run);
    if (may_imply(&run))
        draft_sentences(&run);
    rc = weigh_all(&run, err);
    verdict->leaning = leaning(&run);
    settle_drafts(&run);
    if (rc == AW_OK)
        rc = draft_absent(&run, err);
    if (rc != AW_OK)
        return rc;
    classifier->draft_count =
        aw_drafts_settle(classifier->drafts, classifier->draft_count);
    rc = fill_claims(&run, err);
    if (rc != AW_OK)
        return rc;
    settle(&run);
    return aw_severity_grade(classifier->lexicon->severity, doc,
                             &classifier->text, verdict, err);
}
