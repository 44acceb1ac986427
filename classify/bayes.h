/* bayes.h - naive Bayes over hashed character n-grams (features.h).
 *
 * Multinomial on binary features (Schneider, 2004; "binary multinomial" of
 * Wang and Manning, 2012): a feature counts once in a text. Three questions
 * share one table:
 *   kind     advert, warning, news, notice or other?      (of the document)
 *   suspect  does the document make a forbidden claim?    (of the document)
 *   passage  does this passage make the claim itself?     (of a window)
 *
 * A row holds for each column the feature's log-probability in the class, less
 * the mean over the classes; for the two yes-no questions, the log-ratio. A
 * feature that was never seen says nothing (a row of zeros); of documents, one
 * that stood in fewer than AW_BAYES_TEXTS_LEAST of them does not either.
 * Log-odds are in units of 1 / AW_BAYES_SCALE. Class priors are not in the
 * table: what is common in a corpus is not what is common in the world.
 */
#ifndef AW_CLASSIFY_BAYES_H
#define AW_CLASSIFY_BAYES_H

#include "classify/classify.h"
#include "classify/features.h"

/* Smoothing, and in how many texts a feature must have stood: chosen together
 * by cross-validation (docs/quality.md). */
#define AW_BAYES_ALPHA 0.7
#define AW_BAYES_KIND_ALPHA 0.2
#define AW_BAYES_TEXT_ALPHA 0.7
#define AW_BAYES_TEXTS_LEAST 2
#define AW_BAYES_SCALE 2048

/* A row is 16 bytes: what is asked of it for each feature of a document fits
 * in two registers. The kinds' numbers sum up to zero, so that the last of
 * them need not be kept. */
enum aw_bayes_column {
    AW_COLUMN_KIND, /* all kinds but the last */
    AW_COLUMN_SUSPECT = AW_DOC_KIND_COUNT - 1,
    AW_COLUMN_PASSAGE,
    AW_COLUMN_MARGIN, /* margin.h: of a document */
    AW_COLUMN_KNOWN,  /* 1 where the feature says something of a document */
    AW_COLUMN_COUNT
};

typedef int16_t aw_bayes_row[AW_COLUMN_COUNT];

/* A log-odds as a row holds it. */
int16_t aw_bayes_scaled(double log_odds);

/* Which class of claim a passage makes, given that it makes one: as for the
 * kinds, in a table of its own that only found claims look at. An absent
 * warning is no passage. */
#define AW_BAYES_CLASSES AW_CLAIM_NO_RISK_WARNING
typedef int16_t aw_bayes_classes[AW_BAYES_CLASSES];

/* What a bag's features say together, in log-odds. */
struct aw_bayes_sums {
    double kind[AW_DOC_KIND_COUNT];
    double suspect, passage, margin;
    size_t known; /* how many of the features say something of a document */
};

struct aw_bayes_sums aw_bayes_score(const aw_bayes_row *table,
                                    const uint32_t *ids, size_t count);

/* The likeliest class; AW_CLAIM_ASSURED_PROMISE where nothing is known. */
enum aw_claim_class aw_bayes_class(const aw_bayes_classes *table,
                                   const uint32_t *ids, size_t count);

/* The n-grams of text that speak most for a column, strongest first, none
 * within another, each of at least two characters; at most `most`. Returns
 * their number. */
size_t aw_bayes_reasons(const aw_bayes_row *table, struct aw_str text,
                        enum aw_bayes_column column, struct aw_str *out,
                        size_t most);

/* Counting for a table: by kind, then yes and no of both questions. */
#define AW_BAYES_SLOTS (AW_DOC_KIND_COUNT + 4)

struct aw_bayes_counts {
    float (*count)[AW_BAYES_SLOTS];
    double total[AW_BAYES_SLOTS];
    float (*class_count)[AW_BAYES_CLASSES];
    double class_total[AW_BAYES_CLASSES];
};

aw_rc aw_bayes_counts_init(struct aw_bayes_counts *counts,
                           struct aw_err *err) AW_MUST_USE;
void aw_bayes_counts_deinit(struct aw_bayes_counts *counts);
void aw_bayes_counts_reset(struct aw_bayes_counts *counts);

void aw_bayes_add_kind(struct aw_bayes_counts *counts, const uint32_t *ids,
                       size_t count, enum aw_doc_kind kind);

/* For the columns SUSPECT and PASSAGE. */
void aw_bayes_add(struct aw_bayes_counts *counts, const uint32_t *ids,
                  size_t count, enum aw_bayes_column column, bool yes);

void aw_bayes_add_class(struct aw_bayes_counts *counts, const uint32_t *ids,
                        size_t count, enum aw_claim_class class);

/* Fill tables of AW_FEATURES rows. */
void aw_bayes_make(const struct aw_bayes_counts *counts, aw_bayes_row *table);
void aw_bayes_make_classes(const struct aw_bayes_counts *counts,
                           aw_bayes_classes *table);

#endif
