/* score.h - evidence put together into a probability.
 *
 * A claim's log-odds are a weighted sum of what speaks for it: how far its
 * rule was right in training, what the passage model says of the words around
 * it, what the document models say of the whole, and the weighing contexts.
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
    AW_INPUT_SPARE
};
_Static_assert(AW_INPUT_SPARE < AW_LOGIT_INPUTS, "logit.h has room");

struct aw_document_score {
    double kind[AW_DOC_KIND_COUNT]; /* probabilities, sum 1 */
    enum aw_doc_kind best;
    double suspect; /* log-odds by length, as all below */
    double advert;
    double report;
};

/* The features of a document, of at most AW_DOCUMENT_BYTES of what can be
 * seen of it. */
void aw_score_document_bag(struct aw_bag *bag, const struct aw_text *text);

/* The features of the words at and around a place. */
void aw_score_passage_bag(struct aw_bag *bag, const struct aw_text *text,
                          enum aw_view view, size_t block,
                          struct aw_range place);

/* Log-odds grow with length as independence is assumed and does not hold:
 * they are divided by the root of the number of features, and some more. */
double aw_score_by_length(double log_odds, size_t features);

/* The probabilities of the kinds, from their log-odds by length. */
void aw_score_soften(const struct aw_model_params *params,
                     const double raw[AW_DOC_KIND_COUNT],
                     double kind[AW_DOC_KIND_COUNT]);

/* Fills all but suspect. */
void aw_score_settle(const struct aw_model_params *params,
                     const double raw[AW_DOC_KIND_COUNT],
                     struct aw_document_score *score);

struct aw_document_score
aw_score_document(const struct aw_model_params *params,
                  const aw_bayes_row *table, const struct aw_bag *bag);

/* True where the whole speaks for a claim: only then are sentences without a
 * hit worth reading, which is dear. */
bool aw_score_may_imply(const struct aw_document_score *document);

/* What a rule's hits are worth before training has seen any. */
double aw_score_of_severity(int severity);

/* rule: its strength, 0 where there is none. */
void aw_score_inputs(double input[AW_LOGIT_INPUTS], double rule,
                     double passage, const struct aw_document_score *document,
                     double context);

#endif
