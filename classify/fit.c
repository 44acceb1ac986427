#include "classify/fit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "classify/margin.h"

#define PENALTY 1.0
#define STRENGTH_CASES 3.0 /* what severity says counts as so many hits */
#define KIND_ROUNDS 400
#define KIND_RATE 0.3
#define NO_FOLD SIZE_MAX

/* A sentence without a hit is put up a little, so that implied claims are
 * found. Chosen by hand: more of it costs false alarms on lawful text. */
#define SENTENCE_PRIOR 0.25

/* Thresholds, in hundredths. */
#define CLAIM_LEAST 5
#define DOCUMENT_LEAST 30
#define THRESHOLD_MOST 98
/* A claim that a rule found counts by itself from where so many of them were
 * right. The lawful texts of the corpus were written to hold words of claims;
 * of the web's few do, and there a rule's hit says more than the folds think
 * (docs/decisions/0085). */
#define CLAIM_PRECISION 0.84
/* Of all that is found so many shall be right, unless something else is asked
 * for. */
#define PRECISION 0.90

struct aw_fitter {
    const struct aw_samples *samples;
    const bool *use;
    struct aw_bayes_counts counts;
    struct aw_margin *margin;
    aw_bayes_row *table;
    aw_bayes_classes *classes;
    struct aw_model_rule *rules; /* by id */
    size_t *rule_of;             /* lexicon's number to that place */
    struct aw_logit_case *cases;
    size_t case_count, case_cap;
    struct scores *scores; /* by sample */
    struct aw_model_params params;
    double precision; /* asked for; or 0 */
};

/* What tables that had not seen the sample say of it. */
struct scores {
    struct aw_document_score document;
    double kind[AW_DOC_KIND_COUNT]; /* by length, not calibrated */
    double *passages;               /* of hits, then of passages */
    double *strengths;              /* of hits */
    double hit, sentence, absent;   /* log-odds of the strongest */
    double all;                     /* the probability of them together */
};

static bool in_use(const struct aw_fitter *f, size_t sample)
{
    return !f->use || f->use[sample];
}

/* The outer folds of evaluation take the low part of the same hash. */
static size_t fold_of(const struct aw_sample *sample)
{
    return (size_t)(sample->family >> 32) % AW_FIT_FOLDS;
}

static int by_rule_id(const void *a, const void *b)
{
    const struct aw_model_rule *x = a, *y = b;

    return strcmp(x->id, y->id);
}

static void name_rules(struct aw_fitter *f)
{
    const struct aw_lexicon *lexicon = f->samples->lexicon;

    for (size_t i = 0; i < lexicon->rule_count; i++) {
        struct aw_str id = lexicon->rules[i].id;

        memcpy(f->rules[i].id, id.ptr,
               id.len < AW_MODEL_RULE_ID ? id.len : AW_MODEL_RULE_ID - 1);
    }
    qsort(f->rules, lexicon->rule_count, sizeof *f->rules, by_rule_id);
    for (size_t i = 0; i < lexicon->rule_count; i++)
        for (size_t k = 0; k < lexicon->rule_count; k++)
            if (aw_str_eq(aw_str_of(f->rules[k].id), lexicon->rules[i].id))
                f->rule_of[i] = k;
}

static aw_rc make_scores(struct aw_fitter *f, struct aw_err *err)
{
    size_t count = f->samples->count;

    f->scores = calloc(count + 1, sizeof *f->scores);
    if (!f->scores)
        return aw_fail(err, AW_NOMEM, "out of memory");
    for (size_t i = 0; i < count; i++) {
        const struct aw_sample *sample = &f->samples->items[i];
        size_t most = 2 * sample->hit_count + sample->passage_count + 1;

        f->scores[i].passages = calloc(most, sizeof(double));
        if (!f->scores[i].passages)
            return aw_fail(err, AW_NOMEM, "out of memory");
        f->scores[i].strengths =
            f->scores[i].passages + sample->hit_count + sample->passage_count;
        f->case_cap += sample->hit_count + sample->passage_count + 1;
    }
    f->cases = calloc(f->case_cap + 1, sizeof *f->cases);
    return f->cases ? AW_OK : aw_fail(err, AW_NOMEM, "out of memory");
}

aw_rc aw_fitter_new(struct aw_fitter **out, const struct aw_samples *samples,
                    struct aw_err *err)
{
    struct aw_fitter *f = calloc(1, sizeof *f);
    size_t rules = samples->lexicon->rule_count;
    aw_rc rc;

    if (!f)
        return aw_fail(err, AW_NOMEM, "out of memory");
    f->samples = samples;
    f->table = calloc(AW_FEATURES, sizeof *f->table);
    f->classes = calloc(AW_FEATURES, sizeof *f->classes);
    f->rules = calloc(rules + 1, sizeof *f->rules);
    f->rule_of = calloc(rules + 1, sizeof *f->rule_of);
    rc = f->table && f->classes && f->rules && f->rule_of
             ? aw_bayes_counts_init(&f->counts, err)
             : aw_fail(err, AW_NOMEM, "out of memory");
    if (rc == AW_OK)
        rc = aw_margin_new(&f->margin, samples->count, err);
    if (rc == AW_OK)
        rc = make_scores(f, err);
    if (rc == AW_OK) {
        name_rules(f);
        *out = f;
    } else {
        aw_fitter_free(f);
    }
    return rc;
}

void aw_fitter_free(struct aw_fitter *fitter)
{
    if (!fitter)
        return;
    for (size_t i = 0; fitter->scores && i < fitter->samples->count; i++)
        free(fitter->scores[i].passages);
    aw_bayes_counts_deinit(&fitter->counts);
    aw_margin_free(fitter->margin);
    free(fitter->scores);
    free(fitter->cases);
    free(fitter->table);
    free(fitter->classes);
    free(fitter->rules);
    free(fitter->rule_of);
    free(fitter);
}

/* Tables and strengths of all samples in use but those of one fold. */

static void count_sample(struct aw_fitter *f, const struct aw_sample *sample)
{
    const struct aw_ids *ids = &sample->document;
    bool suspected = sample->text->label == AW_VERDICT_SUSPECTED;

    aw_bayes_add_kind(&f->counts, ids->items, ids->count, sample->text->kind);
    aw_bayes_add(&f->counts, ids->items, ids->count, AW_COLUMN_SUSPECT,
                 suspected);
    aw_margin_add(f->margin,
                  (struct aw_margin_case){ids->items, ids->count, suspected});
    for (size_t i = 0; i < sample->passage_count; i++) {
        const struct aw_sample_passage *p = &sample->passages[i];

        if (p->in_training)
            aw_bayes_add(&f->counts, p->ids.items, p->ids.count,
                         AW_COLUMN_PASSAGE, p->is_claim);
        if (p->has_class)
            aw_bayes_add_class(&f->counts, p->sentence.items,
                               p->sentence.count, p->class);
    }
    for (size_t i = 0; i < sample->hit_count; i++) {
        struct aw_model_rule *rule =
            &f->rules[f->rule_of[sample->hits[i].rule]];

        rule->hits += sample->hits[i].is_known;
        rule->right += sample->hits[i].is_claim;
    }
}

static void find_strengths(struct aw_fitter *f)
{
    const struct aw_lexicon *lexicon = f->samples->lexicon;

    for (size_t i = 0; i < lexicon->rule_count; i++) {
        struct aw_model_rule *rule = &f->rules[f->rule_of[i]];
        double before =
            aw_sigmoid(aw_score_of_severity(lexicon->rules[i].severity));

        rule->strength = aw_log_odds((rule->right + STRENGTH_CASES * before) /
                                     (rule->hits + STRENGTH_CASES));
    }
}

static void count_without(struct aw_fitter *f, size_t fold)
{
    const struct aw_samples *samples = f->samples;

    aw_bayes_counts_reset(&f->counts);
    for (size_t i = 0; i < samples->lexicon->rule_count; i++)
        f->rules[i].hits = f->rules[i].right = 0;
    for (size_t i = 0; i < samples->count; i++)
        if (in_use(f, i) && fold_of(&samples->items[i]) != fold)
            count_sample(f, &samples->items[i]);
    aw_bayes_make(&f->counts, f->table);
    aw_margin_fit(f->margin, f->table);
    find_strengths(f);
}

/* Scores by tables that had not seen the text. */

static double score_passage(const struct aw_fitter *f,
                            const struct aw_ids *ids)
{
    struct aw_bayes_sums sums =
        aw_bayes_score(f->table, ids->items, ids->count);

    return aw_score_by_length(sums.passage, ids->count);
}

static void score_sample(struct aw_fitter *f, size_t number)
{
    const struct aw_sample *sample = &f->samples->items[number];
    struct scores *scores = &f->scores[number];
    struct aw_bayes_sums sums =
        aw_bayes_score(f->table, sample->document.items,
                       sample->document.count);

    for (int k = 0; k < AW_DOC_KIND_COUNT; k++)
        scores->kind[k] = aw_score_by_length(sums.kind[k], sums.known);
    scores->document.suspect = aw_score_by_length(sums.suspect, sums.known);
    scores->document.features = sample->document.count;
    scores->document.margin = aw_score_margin(&sums, sample->document.count);
    for (size_t i = 0; i < sample->hit_count; i++) {
        const struct aw_sample_hit *hit = &sample->hits[i];

        scores->passages[i] = score_passage(f, &hit->passage);
        scores->strengths[i] = f->rules[f->rule_of[hit->rule]].strength;
    }
    for (size_t i = 0; i < sample->passage_count; i++)
        scores->passages[sample->hit_count + i] =
            score_passage(f, &sample->passages[i].ids);
}

static void cross_score(struct aw_fitter *f)
{
    for (size_t fold = 0; fold < AW_FIT_FOLDS; fold++) {
        count_without(f, fold);
        for (size_t i = 0; i < f->samples->count; i++)
            if (in_use(f, i) && fold_of(&f->samples->items[i]) == fold)
                score_sample(f, i);
    }
}

/* Calibration of the kind: one scale, and a bias for each. */

static void add_gradient(const struct aw_fitter *f, size_t number,
                         double *scale, double bias[AW_DOC_KIND_COUNT])
{
    const double *raw = f->scores[number].kind;
    double p[AW_DOC_KIND_COUNT];

    aw_score_soften(&f->params, raw, p);
    for (int k = 0; k < AW_DOC_KIND_COUNT; k++) {
        bool is = f->samples->items[number].text->kind == (enum aw_doc_kind)k;
        double slope = (is ? 1 : 0) - p[k];

        *scale += slope * raw[k];
        bias[k] += slope;
    }
}

static void calibrate_kinds(struct aw_fitter *f)
{
    double used = 0;

    f->params.kind_scale = 1;
    for (size_t i = 0; i < f->samples->count; i++)
        used += in_use(f, i);
    for (int round = 0; round < KIND_ROUNDS && used > 0; round++) {
        double scale = 0, bias[AW_DOC_KIND_COUNT] = {0};

        for (size_t i = 0; i < f->samples->count; i++)
            if (in_use(f, i))
                add_gradient(f, i, &scale, bias);
        f->params.kind_scale += KIND_RATE * scale / used;
        for (int k = 0; k < AW_DOC_KIND_COUNT; k++)
            f->params.kind_bias[k] += KIND_RATE * bias[k] / used;
    }
}

static void settle_documents(struct aw_fitter *f)
{
    for (size_t i = 0; i < f->samples->count; i++)
        if (in_use(f, i))
            aw_score_settle(&f->params, f->scores[i].kind,
                            &f->scores[i].document);
}

/* How the evidence is weighed. */

static void add_case(struct aw_fitter *f, size_t sample, size_t passage,
                     double strength, double context, bool is_quoted, bool yes)
{
    struct aw_logit_case *one = &f->cases[f->case_count++];
    const struct scores *scores = &f->scores[sample];

    aw_score_inputs(one->input, strength, scores->passages[passage],
                    &scores->document, context, is_quoted);
    one->weight = 1;
    one->yes = yes;
}

/* What speaks for a claim must not count against it: with few cases a fit may
 * say so, and then that evidence is left out. */
static void fit_cases(struct aw_fitter *f, struct aw_logit *out)
{
    static const enum aw_input must_help[] = {
        AW_INPUT_RULE,   AW_INPUT_PASSAGE, AW_INPUT_SUSPECT,
        AW_INPUT_ADVERT, AW_INPUT_CONTEXT, AW_INPUT_MARGIN};

    aw_logit_fit(out, f->cases, f->case_count, PENALTY);
    for (size_t m = 0; m < sizeof must_help / sizeof must_help[0]; m++) {
        if (out->weight[must_help[m]] >= 0)
            continue;
        for (size_t i = 0; i < f->case_count; i++)
            f->cases[i].input[must_help[m]] = 0;
        aw_logit_fit(out, f->cases, f->case_count, PENALTY);
    }
}

/* A rule that only goes with another claim decides nothing by itself. */
static bool is_beside(const struct aw_fitter *f,
                      const struct aw_sample_hit *hit)
{
    return f->samples->lexicon->rules[hit->rule].beside;
}

static void fit_hits(struct aw_fitter *f, bool absent, struct aw_logit *out)
{
    f->case_count = 0;
    for (size_t i = 0; i < f->samples->count; i++) {
        const struct aw_sample *sample = &f->samples->items[i];

        for (size_t h = 0; in_use(f, i) && h < sample->hit_count; h++)
            if (sample->hits[h].is_absent == absent &&
                sample->hits[h].is_known && !is_beside(f, &sample->hits[h]))
                add_case(f, i, h, f->scores[i].strengths[h],
                         sample->hits[h].context, sample->hits[h].is_quoted,
                         sample->hits[h].is_claim);
    }
    fit_cases(f, out);
}

static void fit_sentences(struct aw_fitter *f, struct aw_logit *out)
{
    f->case_count = 0;
    for (size_t i = 0; i < f->samples->count; i++) {
        const struct aw_sample *sample = &f->samples->items[i];

        for (size_t p = 0; in_use(f, i) && p < sample->passage_count; p++)
            if (sample->passages[p].is_sentence)
                add_case(f, i, sample->hit_count + p, 0, 0, false,
                         sample->passages[p].is_claim);
    }
    fit_cases(f, out);
    out->weight[AW_INPUT_BIAS] += SENTENCE_PRIOR;
}

/* The threshold. */

static double logit_of(const struct aw_fitter *f, const struct aw_logit *logit,
                       size_t sample, size_t passage, double strength,
                       double context, bool is_quoted)
{
    double input[AW_LOGIT_INPUTS];
    const struct scores *scores = &f->scores[sample];

    aw_score_inputs(input, strength, scores->passages[passage],
                    &scores->document, context, is_quoted);
    return aw_logit_log_odds(logit, input);
}

/* The scores of the strongest claims that the classifier would find. */
static void find_strongest(struct aw_fitter *f, size_t number)
{
    const struct aw_sample *sample = &f->samples->items[number];
    struct scores *scores = &f->scores[number];
    bool implies = aw_score_may_imply(&scores->document);

    scores->hit = scores->sentence = scores->absent = AW_SCORE_NONE;
    for (size_t h = 0; h < sample->hit_count; h++) {
        const struct aw_sample_hit *hit = &sample->hits[h];
        double *most = hit->is_absent ? &scores->absent : &scores->hit;

        if (!is_beside(f, hit) && !hit->is_quoted)
            *most = fmax(*most, logit_of(f,
                                         hit->is_absent ? &f->params.absent
                                                        : &f->params.claim,
                                         number, h, scores->strengths[h],
                                         hit->context, hit->is_quoted));
    }
    for (size_t p = 0; implies && p < sample->passage_count; p++)
        if (sample->passages[p].is_sentence)
            scores->sentence =
                fmax(scores->sentence,
                     logit_of(f, &f->params.sentence, number,
                              sample->hit_count + p, 0, 0, false));
    scores->sentence = aw_score_sentence(&scores->document, scores->sentence,
                                         sample->context);
    if (scores->document.best != AW_DOC_ADVERT)
        scores->absent = AW_SCORE_NONE;
}

/* A sentence alone is no more than a sign: it counts in the sum. */
static bool counts_by_itself(const struct scores *scores, double threshold)
{
    return aw_sigmoid(fmax(scores->hit, scores->absent)) >= threshold;
}

static void fit_documents(struct aw_fitter *f)
{
    f->case_count = 0;
    for (size_t i = 0; i < f->samples->count; i++) {
        struct aw_logit_case *one = &f->cases[f->case_count];

        if (!in_use(f, i))
            continue;
        find_strongest(f, i);
        aw_score_document_inputs(one->input, f->scores[i].hit,
                                 f->scores[i].sentence,
                                 &f->scores[i].document);
        one->weight = 1;
        one->yes = f->samples->items[i].text->label == AW_VERDICT_SUSPECTED;
        f->case_count++;
    }
    fit_cases(f, &f->params.document);
    for (size_t i = 0; i < f->samples->count; i++) {
        double input[AW_LOGIT_INPUTS];

        aw_score_document_inputs(input, f->scores[i].hit,
                                 f->scores[i].sentence,
                                 &f->scores[i].document);
        f->scores[i].all =
            aw_score_may_count(&f->scores[i].document, f->scores[i].hit,
                               f->scores[i].sentence)
                ? aw_sigmoid(aw_logit_log_odds(&f->params.document, input))
                : 0;
    }
}

/* What is found where claims count from one threshold on by themselves, and
 * documents from another. */
struct outcome {
    double right, wrong, missed;
};

static struct outcome try_thresholds(const struct aw_fitter *f, double claim,
                                     double document)
{
    struct outcome out = {0};

    for (size_t i = 0; i < f->samples->count; i++) {
        bool is = f->samples->items[i].text->label == AW_VERDICT_SUSPECTED;
        bool found = counts_by_itself(&f->scores[i], claim) ||
                     f->scores[i].all >= document;

        if (!in_use(f, i))
            continue;
        out.right += is && found;
        out.wrong += !is && found;
        out.missed += is && !found;
    }
    return out;
}

static double f1_of(struct outcome o)
{
    return 2 * o.right / fmax(1, 2 * o.right + o.missed + o.wrong);
}

static double precision_of(struct outcome o)
{
    return o.right / fmax(1, o.right + o.wrong);
}

/* Better where it has the precision asked for, or more of it; then by F1. */
static bool is_better(const struct aw_fitter *f, struct outcome a,
                      struct outcome b)
{
    double asked = f->precision > 0 ? f->precision : PRECISION;
    double a_short = fmax(0, asked - precision_of(a));
    double b_short = fmax(0, asked - precision_of(b));

    if (a_short < b_short || a_short > b_short)
        return a_short < b_short;
    return f1_of(a) > f1_of(b);
}

static void choose_claim_threshold(struct aw_fitter *f)
{
    double least = fmax(f->precision, CLAIM_PRECISION);

    f->params.threshold = THRESHOLD_MOST / 100.0;
    for (int t = THRESHOLD_MOST; t >= CLAIM_LEAST; t--) {
        struct outcome o = try_thresholds(f, t / 100.0, HUGE_VAL);

        if (o.right + o.wrong > 0 && precision_of(o) < least)
            break;
        f->params.threshold = t / 100.0;
    }
}

static void choose_thresholds(struct aw_fitter *f)
{
    struct outcome best = {0};

    choose_claim_threshold(f);
    f->params.document_threshold = THRESHOLD_MOST / 100.0;
    for (int t = DOCUMENT_LEAST; t <= THRESHOLD_MOST; t++) {
        struct outcome o = try_thresholds(f, f->params.threshold, t / 100.0);

        if (t > DOCUMENT_LEAST && !is_better(f, o, best))
            continue;
        best = o;
        f->params.document_threshold = t / 100.0;
    }
    f->params.precision = precision_of(best);
    f->params.recall = best.right / fmax(1, best.right + best.missed);
}

static void count_used(struct aw_fitter *f)
{
    for (size_t i = 0; i < f->samples->count; i++) {
        f->params.documents += in_use(f, i);
        if (in_use(f, i))
            f->params.passages += f->samples->items[i].passage_count;
    }
}

void aw_fitter_ask_precision(struct aw_fitter *fitter, double precision)
{
    fitter->precision = precision;
}

void aw_fitter_run(struct aw_fitter *fitter, const bool *use,
                   struct aw_model *model)
{
    fitter->use = use;
    fitter->params = (struct aw_model_params){0};
    /* Where there is too little to fit, evidence counts as it is. */
    for (int i = AW_INPUT_RULE; i < AW_INPUT_COUNT; i++)
        fitter->params.claim.weight[i] = fitter->params.document.weight[i] =
            0.5;
    fitter->params.sentence.weight[AW_INPUT_BIAS] = -9;
    fitter->params.absent.weight[AW_INPUT_BIAS] = -9;
    cross_score(fitter);
    calibrate_kinds(fitter);
    settle_documents(fitter);
    fit_hits(fitter, false, &fitter->params.claim);
    fit_hits(fitter, true, &fitter->params.absent);
    fit_sentences(fitter, &fitter->params.sentence);
    fit_documents(fitter);
    choose_thresholds(fitter);
    count_used(fitter);
    count_without(fitter, NO_FOLD);
    aw_bayes_make_classes(&fitter->counts, fitter->classes);
    *model =
        (struct aw_model){.params = fitter->params,
                          .rules = fitter->rules,
                          .rule_count = fitter->samples->lexicon->rule_count,
                          .table = (const aw_bayes_row *)fitter->table,
                          .classes =
                              (const aw_bayes_classes *)fitter->classes};
}
