#include "classify/train.h"

#include <stdlib.h>
#include <string.h>

#include "classify/fit.h"

static int by_number(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return (x > y) - (x < y);
}

static aw_rc count_families(const struct aw_samples *samples, size_t *out,
                            struct aw_err *err)
{
    uint64_t *families = calloc(samples->count + 1, sizeof *families);

    if (!families)
        return aw_fail(err, AW_NOMEM, "out of memory");
    for (size_t i = 0; i < samples->count; i++)
        families[i] = samples->items[i].family;
    qsort(families, samples->count, sizeof *families, by_number);
    for (size_t i = 0; i < samples->count; i++)
        *out += i == 0 || families[i] != families[i - 1];
    free(families);
    return AW_OK;
}

static void fill_report(struct aw_train_report *report,
                        const struct aw_corpus *corpus,
                        const struct aw_samples *samples)
{
    report->documents = corpus->count;
    report->spans = corpus->spans;
    memcpy(report->by_channel, corpus->by_channel, sizeof report->by_channel);
    memcpy(report->by_kind, corpus->by_kind, sizeof report->by_kind);
    memcpy(report->by_label, corpus->by_label, sizeof report->by_label);
    for (size_t i = 0; i < samples->count; i++) {
        report->passages += samples->items[i].passage_count;
        report->hits += samples->items[i].hit_count;
    }
}

static aw_rc fit_and_save(const struct aw_samples *samples,
                          const struct aw_train_config *config,
                          struct aw_train_report *report, struct aw_err *err)
{
    struct aw_fitter *fitter = NULL;
    struct aw_model model;
    aw_rc rc = aw_fitter_new(&fitter, samples, err);

    if (rc != AW_OK)
        return rc;
    aw_fitter_ask_precision(fitter, config->precision);
    aw_fitter_run(fitter, NULL, &model);
    report->threshold = model.params.threshold;
    report->document_threshold = model.params.document_threshold;
    report->precision = model.params.precision;
    report->recall = model.params.recall;
    rc = aw_model_save(&model, config->model_path, err);
    aw_fitter_free(fitter);
    return rc;
}

aw_rc aw_train(const struct aw_train_config *config,
               struct aw_train_report *report, struct aw_err *err)
{
    struct aw_corpus corpus;
    struct aw_samples samples = {0};
    struct aw_lexicon *lexicon = NULL;
    aw_rc rc = aw_corpus_read(&corpus, config->corpus_path, err);

    *report = (struct aw_train_report){0};
    if (rc == AW_OK)
        rc = aw_lexicon_new(&lexicon, config->lexicon_dir, err);
    if (rc == AW_OK)
        rc = aw_samples_make(&samples, &corpus, lexicon, err);
    if (rc == AW_OK) {
        fill_report(report, &corpus, &samples);
        rc = count_families(&samples, &report->families, err);
    }
    if (rc == AW_OK)
        rc = fit_and_save(&samples, config, report, err);
    aw_samples_deinit(&samples);
    aw_lexicon_free(lexicon);
    aw_corpus_deinit(&corpus);
    return rc;
}
