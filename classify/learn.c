#include "classify/learn.h"

#include <stdlib.h>

#include "classify/classify_internal.h"
#include "classify/fit.h"

struct learning {
    struct aw_corpus corpus; /* the decisions stand behind it */
    struct aw_samples samples;
    struct aw_lexicon *lexicon;
    struct aw_fitter *fitter;
    bool *use;
    struct aw_learn_report *report;
};

/* The low half of the hash parts the folds of fitting and of eval. */
static bool is_test(const struct learning *l, size_t i)
{
    return i < l->report->corpus &&
           (l->samples.items[i].family >> 32) % AW_LEARN_PARTS == 0;
}

/* ---- measuring -----------------------------------------------------------
 */

static aw_rc judge(struct aw_classifier *classifier,
                   const struct aw_corpus_text *text,
                   struct aw_eval_counts *counts, struct aw_err *err)
{
    struct aw_document doc;
    struct aw_verdict verdict = {0};
    bool is = text->label == AW_VERDICT_SUSPECTED;
    bool found;
    aw_rc rc;

    aw_document_init(&doc, text->channel);
    rc = aw_document_add_block(&doc, AW_BLOCK_BODY, false, text->text, err);
    if (rc == AW_OK)
        rc = aw_classifier_run(classifier, &doc, &verdict, err);
    if (rc == AW_OK) {
        found = verdict.kind == AW_VERDICT_SUSPECTED;
        counts->right += is && found;
        counts->wrong += !is && found;
        counts->missed += is && !found;
        counts->rest += !is && !found;
    }
    aw_verdict_deinit(&verdict);
    aw_document_deinit(&doc);
    return rc;
}

static aw_rc measure(const struct learning *l, const struct aw_model *model,
                     struct aw_eval_counts *counts, struct aw_err *err)
{
    struct aw_classifier *classifier = NULL;
    aw_rc rc = aw_classifier_new_with(&classifier, l->lexicon, model, 0, err);

    for (size_t i = 0; i < l->report->corpus && rc == AW_OK; i++)
        if (is_test(l, i))
            rc = judge(classifier, &l->corpus.texts[i], counts, err);
    aw_classifier_free(classifier);
    return rc;
}

/* ---- fitting -------------------------------------------------------------
 */

/* On the first `count` texts without the test. */
static void fit(struct learning *l, size_t count, struct aw_model *model)
{
    for (size_t i = 0; i < l->samples.count; i++)
        l->use[i] = i < count && !is_test(l, i);
    aw_fitter_run(l->fitter, l->use, model);
}

static aw_rc fit_both(struct learning *l, const char *model_path,
                      struct aw_err *err)
{
    struct aw_model model;
    aw_rc rc;

    fit(l, l->report->corpus, &model);
    rc = measure(l, &model, &l->report->before, err);
    if (rc == AW_OK) {
        fit(l, l->samples.count, &model);
        rc = measure(l, &model, &l->report->after, err);
    }
    return rc == AW_OK ? aw_model_save(&model, model_path, err) : rc;
}

/* ---- all -----------------------------------------------------------------
 */

static aw_rc read_texts(struct learning *l, const char *corpus_path,
                        const char *decisions_path, struct aw_err *err)
{
    aw_rc rc = aw_corpus_read(&l->corpus, corpus_path, err);

    l->report->corpus = l->corpus.count;
    if (rc == AW_OK)
        rc = aw_corpus_read_more(&l->corpus, decisions_path, err);
    l->report->decisions = l->corpus.count - l->report->corpus;
    return rc;
}

static aw_rc prepare(struct learning *l, const char *lexicon_dir,
                     struct aw_err *err)
{
    aw_rc rc = aw_lexicon_new(&l->lexicon, lexicon_dir, err);

    if (rc == AW_OK)
        rc = aw_samples_make(&l->samples, &l->corpus, l->lexicon, err);
    if (rc == AW_OK)
        rc = aw_fitter_new(&l->fitter, &l->samples, err);
    l->use = calloc(l->corpus.count + 1, sizeof *l->use);
    if (rc == AW_OK && !l->use)
        rc = aw_fail(err, AW_NOMEM, "out of memory");
    for (size_t i = 0; i < l->report->corpus && rc == AW_OK; i++)
        l->report->test += is_test(l, i);
    return rc;
}

aw_rc aw_learn(const char *corpus_path, const char *decisions_path,
               const char *lexicon_dir, const char *model_path,
               struct aw_learn_report *report, struct aw_err *err)
{
    struct learning l = {.report = report};
    aw_rc rc;

    *report = (struct aw_learn_report){0};
    rc = read_texts(&l, corpus_path, decisions_path, err);
    if (rc == AW_OK)
        rc = prepare(&l, lexicon_dir, err);
    if (rc == AW_OK)
        rc = fit_both(&l, model_path, err);
    aw_fitter_free(l.fitter);
    free(l.use);
    aw_samples_deinit(&l.samples);
    aw_lexicon_free(l.lexicon);
    aw_corpus_deinit(&l.corpus);
    return rc;
}
