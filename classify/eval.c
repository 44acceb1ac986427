#include "classify/eval.h"

#include <stdlib.h>

#include "classify/classify_internal.h"
#include "classify/fit.h"

/* What the verdict on each text was, for the bootstrap. */
struct tally {
    struct aw_eval_report *report;
    struct aw_judged *judged;
    size_t count;
};

static bool has_class(const struct aw_verdict *verdict,
                      enum aw_claim_class class)
{
    for (size_t i = 0; i < verdict->claim_count; i++)
        if (verdict->claims[i].class == class &&
            verdict->claims[i].exempt_by.len == 0)
            return true;
    return false;
}

static bool has_span(const struct aw_corpus_text *text,
                     enum aw_claim_class class)
{
    for (size_t i = 0; i < text->span_count; i++)
        if (text->spans[i].class == class)
            return true;
    return false;
}

static bool is_found(const struct aw_verdict *verdict,
                     const struct aw_span *span)
{
    for (size_t i = 0; i < verdict->claim_count; i++) {
        const struct aw_claim *claim = &verdict->claims[i];

        if (claim->exempt_by.len > 0)
            continue;
        if (span->class == AW_CLAIM_NO_RISK_WARNING
                ? claim->class == span->class
                : claim->start < span->end && span->start < claim->end)
            return true;
    }
    return false;
}

static void tally_verdict(struct tally *tally,
                          const struct aw_corpus_text *text,
                          const struct aw_verdict *verdict)
{
    struct aw_eval_report *report = tally->report;
    bool is = text->label == AW_VERDICT_SUSPECTED;
    bool found = verdict->kind == AW_VERDICT_SUSPECTED;

    report->texts++;
    aw_eval_count(&report->verdict, is, found);
    aw_eval_count(&report->by_channel[text->channel], is, found);
    for (int c = 0; c < AW_CLAIM_CLASS_COUNT; c++)
        aw_eval_count(&report->by_class[c],
                      has_span(text, (enum aw_claim_class)c),
                      has_class(verdict, (enum aw_claim_class)c));
    for (size_t i = 0; i < text->span_count; i++) {
        report->spans++;
        report->spans_found += is_found(verdict, &text->spans[i]);
    }
    report->of_label[text->label]++;
    report->suspected_of_label[text->label] += found;
    report->kinds_right += verdict->doc_kind == text->kind;
    tally->judged[tally->count++] =
        (struct aw_judged){text, verdict->score, is, found};
}

static aw_rc judge(struct tally *tally, struct aw_classifier *classifier,
                   const struct aw_corpus_text *text, struct aw_err *err)
{
    struct aw_document doc;
    struct aw_verdict verdict = {0};
    aw_rc rc;

    aw_document_init(&doc, text->channel);
    rc = aw_document_add_block(&doc, AW_BLOCK_BODY, false, text->text, err);
    if (rc == AW_OK)
        rc = aw_classifier_run(classifier, &doc, &verdict, err);
    if (rc == AW_OK)
        tally_verdict(tally, text, &verdict);
    aw_verdict_deinit(&verdict);
    aw_document_deinit(&doc);
    return rc;
}

static aw_rc tally_init(struct tally *tally, struct aw_eval_report *report,
                        size_t texts, struct aw_err *err)
{
    *report = (struct aw_eval_report){0};
    *tally = (struct tally){.report = report};
    tally->judged = calloc(texts + 1, sizeof *tally->judged);
    return tally->judged ? AW_OK : aw_fail(err, AW_NOMEM, "out of memory");
}

/* Cross-validation. */

struct cross {
    const struct aw_samples *samples;
    struct aw_fitter *fitter;
    struct tally tally;
    bool *use;
};

static size_t fold_of(const struct aw_sample *sample)
{
    return (size_t)(sample->family & 0xFFFFFFFFu) % AW_EVAL_FOLDS;
}

static aw_rc judge_fold(struct cross *cross, size_t fold, struct aw_err *err)
{
    const struct aw_samples *samples = cross->samples;
    struct aw_classifier *classifier = NULL;
    struct aw_model model;
    aw_rc rc;

    for (size_t i = 0; i < samples->count; i++)
        cross->use[i] = fold_of(&samples->items[i]) != fold;
    aw_fitter_run(cross->fitter, cross->use, &model);
    rc = aw_classifier_new_with(&classifier, samples->lexicon, &model, 0, err);
    for (size_t i = 0; rc == AW_OK && i < samples->count; i++)
        if (!cross->use[i])
            rc = judge(&cross->tally, classifier, samples->items[i].text, err);
    aw_classifier_free(classifier);
    return rc;
}

static aw_rc judge_folds(const struct aw_samples *samples,
                         struct aw_eval_report *report, struct aw_err *err)
{
    struct cross cross = {.samples = samples};
    aw_rc rc = tally_init(&cross.tally, report, samples->count, err);

    cross.use = calloc(samples->count + 1, sizeof *cross.use);
    if (rc == AW_OK && !cross.use)
        rc = aw_fail(err, AW_NOMEM, "out of memory");
    if (rc == AW_OK)
        rc = aw_fitter_new(&cross.fitter, samples, err);
    for (size_t fold = 0; rc == AW_OK && fold < AW_EVAL_FOLDS; fold++)
        rc = judge_fold(&cross, fold, err);
    if (rc == AW_OK)
        rc = aw_eval_f1_interval(cross.tally.judged, cross.tally.count,
                                 &report->f1, err);
    aw_fitter_free(cross.fitter);
    free(cross.tally.judged);
    free(cross.use);
    return rc;
}

aw_rc aw_eval_cross(struct aw_eval_report *report, const char *corpus_path,
                    const char *lexicon_dir, struct aw_err *err)
{
    struct aw_corpus corpus;
    struct aw_samples samples = {0};
    struct aw_lexicon *lexicon = NULL;
    aw_rc rc = aw_corpus_read(&corpus, corpus_path, err);

    if (rc == AW_OK)
        rc = aw_lexicon_new(&lexicon, lexicon_dir, err);
    if (rc == AW_OK)
        rc = aw_samples_make(&samples, &corpus, lexicon, err);
    if (rc == AW_OK)
        rc = judge_folds(&samples, report, err);
    aw_samples_deinit(&samples);
    aw_lexicon_free(lexicon);
    aw_corpus_deinit(&corpus);
    return rc;
}

/* A given model. */

aw_rc aw_eval_file(struct aw_eval_report *report, const char *corpus_path,
                   const struct aw_classifier_config *config,
                   struct aw_err *err)
{
    struct aw_corpus corpus;
    struct aw_classifier *classifier = NULL;
    struct tally tally = {0};
    aw_rc rc = aw_corpus_read(&corpus, corpus_path, err);

    if (rc == AW_OK)
        rc = aw_classifier_new(&classifier, config, err);
    if (rc == AW_OK)
        rc = tally_init(&tally, report, corpus.count, err);
    for (size_t i = 0; rc == AW_OK && i < corpus.count; i++)
        rc = judge(&tally, classifier, &corpus.texts[i], err);
    if (rc == AW_OK)
        rc = aw_eval_f1_interval(tally.judged, tally.count, &report->f1, err);
    free(tally.judged);
    aw_classifier_free(classifier);
    aw_corpus_deinit(&corpus);
    return rc;
}
