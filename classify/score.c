#include "classify/score.h"

#include <math.h>
#include <string.h>

/* Chosen by hand, not fitted: the least false alarms on short lawful texts
 * for the same F1 in cross-validation. Short texts, of which little is known,
 * count less than their log-odds say. */
#define LENGTH_PRIOR 300.0 /* features */
#define LENGTH_SCALE 1.5

/* 98 of 100 suspected texts of the corpus lie above it. */
#define IMPLY_LEAST (-0.5)

/* Without a rule's hit a document counts only where it is likely an
 * advertisement and one of its sentences a claim (in log-odds); of a short one
 * little is known, and more is asked. Chosen by hand, against false alarms on
 * headlines. */
#define SHORT_FEATURES 120
static const struct {
    double advert, sentence;
} least_short = {0.4, -0.9}, least_long = {0.2, -1.25};

static bool has_seen(const struct aw_text *text)
{
    for (size_t i = 0; i < text->count; i++)
        if (!text->blocks[i].hidden)
            return true;
    return false;
}

/* Adds at most `left` bytes of a block, and returns how many. */
static size_t add_block(struct aw_word_bag *bag, const struct aw_text *text,
                        const struct aw_text_block *block, size_t left)
{
    struct aw_str part =
        aw_normal_str(&text->view[AW_VIEW_HARD], block->place[AW_VIEW_HARD]);

    if (part.len <= left && block->letters.end < AW_NORMAL_LETTERS_MAX) {
        aw_word_bag_add_letters(bag,
                                text->view[AW_VIEW_PLAIN].letters +
                                    block->letters.start,
                                block->letters.end - block->letters.start);
        return part.len;
    }
    /* A character cut in two is one odd feature and does no harm. */
    part = aw_str_sub(part, 0, left);
    aw_word_bag_add(bag, part);
    return part.len;
}

void aw_score_document_bag(struct aw_word_bag *bag, const struct aw_text *text)
{
    size_t left = AW_DOCUMENT_BYTES;
    bool any_seen = has_seen(text);

    aw_word_bag_reset(bag);
    /* What a page is, its visitors see: words hidden in it decide nothing,
     * unless there are no others. */
    for (size_t i = 0; i < text->count && left > 0; i++)
        if (!text->blocks[i].hidden || !any_seen)
            left -= add_block(bag, text, &text->blocks[i], left);
}

static void around(struct aw_word_bag *bag, const struct aw_text *text,
                   enum aw_view view, size_t block, struct aw_range place,
                   size_t chars)
{
    struct aw_range within = text->blocks[block].place[view];

    aw_word_bag_reset(bag);
    place = aw_text_around(&text->view[view], within, place, chars);
    aw_word_bag_add(bag, aw_normal_str(&text->view[view], place));
}

void aw_score_passage_bag(struct aw_word_bag *bag, const struct aw_text *text,
                          enum aw_view view, size_t block,
                          struct aw_range place)
{
    around(bag, text, view, block, place, AW_PASSAGE_CHARS);
}

void aw_score_words_bag(struct aw_word_bag *bag, const struct aw_text *text,
                        enum aw_view view, size_t block, struct aw_range place)
{
    around(bag, text, view, block, place, 0);
}

void aw_score_around_bag(struct aw_word_bag *bag, const struct aw_text *text,
                         enum aw_view view, size_t block,
                         struct aw_range place)
{
    around(bag, text, view, block, place, AW_AROUND_CHARS);
}

double aw_score_by_length(double log_odds, size_t features)
{
    return LENGTH_SCALE * log_odds / sqrt((double)features + LENGTH_PRIOR);
}

double aw_score_margin(const struct aw_bayes_sums *sums, size_t features)
{
    double known = (double)sums->known;

    return sums->known
               ? sums->margin / sqrt(known) * (known / (double)features)
               : 0;
}

void aw_score_soften(const struct aw_model_params *params,
                     const double raw[AW_DOC_KIND_COUNT],
                     double kind[AW_DOC_KIND_COUNT])
{
    double most = -HUGE_VAL, sum = 0;

    for (int k = 0; k < AW_DOC_KIND_COUNT; k++) {
        kind[k] = params->kind_scale * raw[k] + params->kind_bias[k];
        most = fmax(most, kind[k]);
    }
    for (int k = 0; k < AW_DOC_KIND_COUNT; k++) {
        kind[k] = exp(kind[k] - most);
        sum += kind[k];
    }
    for (int k = 0; k < AW_DOC_KIND_COUNT; k++)
        kind[k] /= sum;
}

void aw_score_settle(const struct aw_model_params *params,
                     const double raw[AW_DOC_KIND_COUNT],
                     struct aw_document_score *score)
{
    aw_score_soften(params, raw, score->kind);
    score->best = AW_DOC_OTHER;
    for (int k = 0; k < AW_DOC_KIND_COUNT; k++)
        if (score->kind[k] > score->kind[score->best])
            score->best = (enum aw_doc_kind)k;
    score->advert = aw_log_odds(score->kind[AW_DOC_ADVERT]);
    score->report =
        aw_log_odds(score->kind[AW_DOC_WARNING] + score->kind[AW_DOC_NEWS] +
                    score->kind[AW_DOC_NOTICE]);
}

struct aw_document_score
aw_score_document(const struct aw_model_params *params,
                  const aw_bayes_row *table, const struct aw_word_bag *bag)
{
    struct aw_bayes_sums sums = aw_bayes_score(table, bag->ids, bag->count);
    struct aw_document_score score = {0};
    double raw[AW_DOC_KIND_COUNT];

    for (int k = 0; k < AW_DOC_KIND_COUNT; k++)
        raw[k] = aw_score_by_length(sums.kind[k], sums.known);
    aw_score_settle(params, raw, &score);
    score.suspect = aw_score_by_length(sums.suspect, sums.known);
    score.features = bag->count;
    score.margin = aw_score_margin(&sums, bag->count);
    return score;
}

bool aw_score_may_imply(const struct aw_document_score *document)
{
    return document->suspect > IMPLY_LEAST;
}

double aw_score_of_severity(int severity)
{
    static const double log_odds[] = {0, 0.2, 1.0, 2.0};

    return log_odds[severity < 1 || severity > 3 ? 0 : severity];
}

static double capped(double value, double most)
{
    return fmax(-most, fmin(most, value));
}

void aw_score_inputs(double input[AW_LOGIT_INPUTS], double rule,
                     double passage, const struct aw_document_score *document,
                     double context, bool is_quoted)
{
    memset(input, 0, AW_LOGIT_INPUTS * sizeof *input);
    input[AW_INPUT_BIAS] = 1;
    input[AW_INPUT_RULE] = rule;
    input[AW_INPUT_PASSAGE] = passage;
    input[AW_INPUT_SUSPECT] = document->suspect;
    input[AW_INPUT_ADVERT] = capped(document->advert, 5);
    input[AW_INPUT_REPORT] = capped(document->report, 5);
    input[AW_INPUT_CONTEXT] = capped(context, 5);
    input[AW_INPUT_QUOTED] = is_quoted;
    input[AW_INPUT_MARGIN] = capped(document->margin, 2);
}

void aw_score_document_inputs(double input[AW_LOGIT_INPUTS], double hit,
                              double sentence,
                              const struct aw_document_score *document)
{
    aw_score_inputs(input, fmax(hit, AW_SCORE_NONE),
                    fmax(sentence, AW_SCORE_NONE), document, 0, false);
}

static bool is_short(const struct aw_document_score *document)
{
    return document->features < SHORT_FEATURES;
}

bool aw_score_may_stand(const struct aw_document_score *document)
{
    double advert =
        is_short(document) ? least_short.advert : least_long.advert;

    return document->kind[AW_DOC_ADVERT] >= advert;
}

double aw_score_sentence(const struct aw_document_score *document,
                         double sentence, double context)
{
    return is_short(document) ? sentence : sentence + context;
}

bool aw_score_may_count(const struct aw_document_score *document, double hit,
                        double sentence)
{
    double least =
        is_short(document) ? least_short.sentence : least_long.sentence;

    return hit > AW_SCORE_NONE ||
           (aw_score_may_stand(document) && sentence > least);
}
