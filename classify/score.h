/* score.h - evidence put together into a probability.
 *
 * A claim's log-odds are a weighted sum of what speaks for it: how far its
 * rule was right in training, what the passage model says of the words around
 * it, what the document models say of the whole, and the weighing contexts. A
 * document's are a sum of its strongest claims' and of what the models say of
 * the whole: many weak signs together may be enough, and a page full of other
 * things does not hide one that is strong by itself.
 * The weights are fitted in training by cross-validation. Without a model, a
 * rule's severity and its contexts decide alone.
 */
#ifndef AW_CLASSIFY_SCORE_H
#define AW_CLASSIFY_SCORE_H

#include "classify/match.h"
#include "classify/model.h"

#define AW_PASSAGE_CHARS 30 /* on each side of a hit */
#define AW_DOCUMENT_BYTES                              \
    ((size_t)64 << 10) /* of it are read by the models \
                        */

enum aw_input {
    AW_INPUT_BIAS,
    AW_INPUT_RULE,
    AW_INPUT_PASSAGE,
    AW_INPUT_SUSPECT,
    AW_INPUT_ADVERT,
    AW_INPUT_REPORT, /* warning, news or notice */
    AW_INPUT_CONTEXT,
    AW_INPUT_QUOTED, /* the words stand between quotation marks */
    AW_INPUT_MARGIN,
    AW_INPUT_COUNT,
    /* Of a whole document, in place of its claims' */
    AW_INPUT_HIT = AW_INPUT_RULE,        /* the strongest rule's hit */
    AW_INPUT_SENTENCE = AW_INPUT_PASSAGE /* the strongest sentence without */
};
_Static_assert(AW_INPUT_COUNT <= AW_LOGIT_INPUTS, "logit.h has room");

/* A sum of evidence: its parts and their weights. */
struct aw_weighing {
    const struct aw_logit *logit;
    double input[AW_LOGIT_INPUTS];
};

struct aw_document_score {
    double kind[AW_DOC_KIND_COUNT]; /* probabilities, sum 1 */
    enum aw_doc_kind best;
    size_t features;
    double margin;  /* margin.h: from about -1 to 1 */
    double suspect; /* log-odds by length, as all below */
    double advert;
    double report;
};

/* The features of a document, of at most AW_DOCUMENT_BYTES of what can be
 * seen of it. */
void aw_score_document_bag(struct aw_word_bag *bag,
                           const struct aw_text *text);

/* The features of the words at and around a place. */
void aw_score_passage_bag(struct aw_word_bag *bag, const struct aw_text *text,
                          enum aw_view view, size_t block,
                          struct aw_range place);

/* Of the words at the place alone. */
void aw_score_words_bag(struct aw_word_bag *bag, const struct aw_text *text,
                        enum aw_view view, size_t block,
                        struct aw_range place);

/* The same of more words around it, as of a document. */
#define AW_AROUND_CHARS 100 /* on each side */
void aw_score_around_bag(struct aw_word_bag *bag, const struct aw_text *text,
                         enum aw_view view, size_t block,
                         struct aw_range place);

/* Log-odds grow with length as independence is assumed and does not hold:
 * they are divided by the root of the number of features, and some more. */
double aw_score_by_length(double log_odds, size_t features);

/* What is known of the features counts less where most are strange. */
double aw_score_margin(const struct aw_bayes_sums *sums, size_t features);

/* The probabilities of the kinds, from their log-odds by length. */
void aw_score_soften(const struct aw_model_params *params,
                     const double raw[AW_DOC_KIND_COUNT],
                     double kind[AW_DOC_KIND_COUNT]);

/* Fills kind, best, advert and report. */
void aw_score_settle(const struct aw_model_params *params,
                     const double raw[AW_DOC_KIND_COUNT],
                     struct aw_document_score *score);

struct aw_document_score
aw_score_document(const struct aw_model_params *params,
                  const aw_bayes_row *table, const struct aw_word_bag *bag);

/* True where the whole does not speak against a claim: only then are sentences
 * without a hit worth reading, which is dear. */
bool aw_score_may_imply(const struct aw_document_score *document);

/* What a rule's hits are worth before training has seen any. */
double aw_score_of_severity(int severity);

/* rule: its strength, 0 where there is none. */
void aw_score_inputs(double input[AW_LOGIT_INPUTS], double rule,
                     double passage, const struct aw_document_score *document,
                     double context, bool is_quoted);

/* The strongest sentence's log-odds with the weights of the contexts of the
 * whole, which are doubts: they count in a text that is long enough to show
 * what it offers. */
double aw_score_sentence(const struct aw_document_score *document,
                         double sentence, double context);

/* hit, sentence: the log-odds of the strongest ones, AW_SCORE_NONE where there
 * are none. */
#define AW_SCORE_NONE (-6.0)
void aw_score_document_inputs(double input[AW_LOGIT_INPUTS], double hit,
                              double sentence,
                              const struct aw_document_score *document);

/* May it count for its sentences alone, without a rule's hit? */
bool aw_score_may_stand(const struct aw_document_score *document);

/* May the whole count without a claim that counts by itself? Only where
 * something offers: a rule's hit, or a document that reads as an
 * advertisement. Signs are weak in text unlike all that training saw. */
bool aw_score_may_count(const struct aw_document_score *document, double hit,
                        double sentence);

#endif
