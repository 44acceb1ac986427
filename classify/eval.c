#include "classify/eval_report.h"

#include <stdlib.h>
#include <string.h>

#include "classify/classify_internal.h"
#include "classify/fit.h"

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

static void tally_text(struct aw_eval_report *report,
                       const struct aw_corpus_text *text,
                       const struct aw_verdict *verdict)
{
    bool is = text->label == AW_VERDICT_SUSPECTED;
    bool found = verdict->kind == AW_VERDICT_SUSPECTED;

    aw_eval_count(&report->verdict, is, found);
    aw_eval_count(&report->by_channel[text->channel], is, found);
    aw_eval_count(&report->by_kind[text->kind], is, found);
    report->of_label[text->label]++;
    report->suspected_of_label[text->label] += found;
    report->kinds[text->kind][verdict->doc_kind]++;
    report->judged[report->texts++] =
        (struct aw_judged){text, verdict->leaning, is, found};
}

static void tally_claims(struct aw_eval_report *report,
                         const struct aw_corpus_text *text,
                         const struct aw_verdict *verdict)
{
    for (int c = 0; c < AW_CLAIM_CLASS_COUNT; c++)
        aw_eval_count(&report->by_class[c],
                      has_span(text, (enum aw_claim_class)c),
                      has_class(verdict, (enum aw_claim_class)c));
    for (size_t i = 0; i < text->span_count; i++) {
        report->spans++;
        report->spans_found += is_found(verdict, &text->spans[i]);
    }
}

static aw_rc judge(struct aw_eval_report *report,
                   struct aw_classifier *classifier,
                   const struct aw_corpus_text *text, struct aw_err *err)
{
    struct aw_document doc;
    struct aw_verdict verdict = {0};
    aw_rc rc;

    aw_document_init(&doc, text->channel);
    rc = aw_document_add_block(&doc, AW_BLOCK_BODY, false, text->text, err);
    if (rc == AW_OK)
        rc = aw_classifier_run(classifier, &doc, &verdict, err);
    if (rc == AW_OK) {
        tally_text(report, text, &verdict);
        tally_claims(report, text, &verdict);
        rc = aw_mistakes_take(&report->mistakes, text, &verdict, err);
    }
    aw_verdict_deinit(&verdict);
    aw_document_deinit(&doc);
    return rc;
}

static aw_rc begin(struct aw_eval_report *report,
                   const struct aw_corpus *corpus, size_t worst,
                   struct aw_err *err)
{
    size_t count = corpus->count + 1;
    aw_rc rc;

    *report = (struct aw_eval_report){0};
    report->judged = calloc(count, sizeof *report->judged);
    report->ranked = calloc(count, sizeof *report->ranked);
    rc = aw_mistakes_init(&report->mistakes, worst, err);
    if (rc == AW_OK && (!report->judged || !report->ranked))
        rc = aw_fail(err, AW_NOMEM, "out of memory");
    return rc;
}

/* What is reckoned from all texts together. */
static aw_rc end(struct aw_eval_report *report, struct aw_err *err)
{
    size_t count = report->texts;

    memcpy(report->ranked, report->judged, count * sizeof *report->judged);
    aw_judged_rank(report->ranked, count);
    report->calibration = aw_calibrate(report->judged, count);
    report->average_precision = aw_average_precision(report->ranked, count);
    return aw_eval_f1_interval(report->judged, count, &report->f1, err);
}

void aw_eval_deinit(struct aw_eval_report *report)
{
    free(report->judged);
    free(report->ranked);
    aw_mistakes_deinit(&report->mistakes);
    *report = (struct aw_eval_report){0};
}

/* What reports ask. */

size_t aw_eval_lawful(const struct aw_eval_counts *counts)
{
    return counts->wrong + counts->rest;
}

size_t aw_eval_kinds_right(const struct aw_eval_report *report)
{
    size_t right = 0;

    for (int k = 0; k < AW_DOC_KIND_COUNT; k++)
        right += report->kinds[k][k];
    return right;
}

void aw_eval_each_capacity(const struct aw_eval_report *report,
                           size_t capacity, aw_eval_put_capacity *put,
                           struct aw_buf *out)
{
    size_t at = capacity ? capacity : aw_capacity_step(0);

    for (; !capacity && at < report->texts; at = aw_capacity_step(at))
        put(out, aw_capacity_at(report->ranked, report->texts, at));
    put(out, aw_capacity_at(report->ranked, report->texts, at));
}

/* Cross-validation. */

struct cross {
    const struct aw_samples *samples;
    struct aw_fitter *fitter;
    struct aw_eval_report *report;
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
            rc = judge(cross->report, classifier, samples->items[i].text, err);
    aw_classifier_free(classifier);
    return rc;
}

static aw_rc judge_folds(const struct aw_samples *samples,
                         struct aw_eval_report *report, struct aw_err *err)
{
    struct cross cross = {.samples = samples, .report = report};
    aw_rc rc = AW_OK;

    cross.use = calloc(samples->count + 1, sizeof *cross.use);
    if (!cross.use)
        rc = aw_fail(err, AW_NOMEM, "out of memory");
    if (rc == AW_OK)
        rc = aw_fitter_new(&cross.fitter, samples, err);
    for (size_t fold = 0; rc == AW_OK && fold < AW_EVAL_FOLDS; fold++)
        rc = judge_fold(&cross, fold, err);
    aw_fitter_free(cross.fitter);
    free(cross.use);
    return rc;
}

aw_rc aw_eval_cross(struct aw_eval_report *report,
                    const struct aw_corpus *corpus, const char *lexicon_dir,
                    size_t worst, struct aw_err *err)
{
    struct aw_samples samples = {0};
    struct aw_lexicon *lexicon = NULL;
    aw_rc rc = begin(report, corpus, worst, err);

    if (rc == AW_OK)
        rc = aw_lexicon_new(&lexicon, lexicon_dir, err);
    if (rc == AW_OK)
        rc = aw_samples_make(&samples, corpus, lexicon, err);
    if (rc == AW_OK)
        rc = judge_folds(&samples, report, err);
    if (rc == AW_OK)
        rc = end(report, err);
    aw_samples_deinit(&samples);
    aw_lexicon_free(lexicon);
    return rc;
}

aw_rc aw_eval_model(struct aw_eval_report *report,
                    const struct aw_corpus *corpus,
                    const struct aw_classifier_config *config, size_t worst,
                    struct aw_err *err)
{
    struct aw_classifier *classifier = NULL;
    aw_rc rc = begin(report, corpus, worst, err);

    if (rc == AW_OK)
        rc = aw_classifier_new(&classifier, config, err);
    for (size_t i = 0; rc == AW_OK && i < corpus->count; i++)
        rc = judge(report, classifier, &corpus->texts[i], err);
    if (rc == AW_OK)
        rc = end(report, err);
    aw_classifier_free(classifier);
    return rc;
}
