/* measure.h - figures of how well judgements agree with labels.
 *
 * Arithmetic alone: no texts, no models. A judgement is a yes or a no, and a
 * score from 0 to 1. Functions that take `ranked` want the highest score
 * first (aw_judged_rank). Texts of equal score have no order among them: the
 * figures do not depend on the one that they happen to stand in.
 */
#ifndef AW_CLASSIFY_MEASURE_H
#define AW_CLASSIFY_MEASURE_H

#include "base/error.h"
#include "base/str.h"

struct aw_corpus_text;

struct aw_judged {
    const struct aw_corpus_text *text; /* the caller's; is not looked at */
    double score;
    bool is;    /* by its label */
    bool found; /* by the judgement */
};

struct aw_eval_counts {
    size_t right;  /* found, and there */
    size_t wrong;  /* found, and not there */
    size_t missed; /* there, and not found */
    size_t rest;   /* neither */
};

struct aw_interval {
    double value, low, high;
};

void aw_eval_count(struct aw_eval_counts *counts, bool is, bool found);
double aw_eval_precision(const struct aw_eval_counts *counts);
double aw_eval_recall(const struct aw_eval_counts *counts);
double aw_eval_f1(const struct aw_eval_counts *counts);

/* A share with its interval of 95 % (Wilson, 1927). */
struct aw_interval aw_wilson(size_t yes, size_t of);

/* F1 with its interval of 95 %: percentiles of a bootstrap over texts (Efron,
 * 1979) from a fixed seed. */
#define AW_EVAL_RESAMPLES 2000
aw_rc aw_eval_f1_interval(const struct aw_judged *items, size_t count,
                          struct aw_interval *out,
                          struct aw_err *err) AW_MUST_USE;

/* F1 of a less that of b, likewise: a[i] and b[i] are the same text, and are
 * drawn together. */
aw_rc aw_eval_f1_difference(const struct aw_judged *a,
                            const struct aw_judged *b, size_t count,
                            struct aw_interval *out,
                            struct aw_err *err) AW_MUST_USE;

/* How likely it is that two judges who are equally good part as unevenly as
 * this, or more so: a is right alone in so many texts, b in so many. Two-sided
 * and exact, by the binomial distribution (McNemar, 1947). */
double aw_mcnemar(size_t a_alone, size_t b_alone);

/* Are scores probabilities? */
#define AW_CALIBRATION_BINS 10

struct aw_calibration_bin {
    size_t count;
    size_t yes; /* by their labels */
    double sum; /* of scores */
};

struct aw_calibration {
    size_t count;
    double brier; /* mean squared error of the score (Brier, 1950) */
    /* Expected calibration error: by bins of equal width, how far the share of
     * yes lies from the mean score, weighed by count. (Naeini, Cooper and
     * Hauskrecht, 2015) */
    double ece;
    struct aw_calibration_bin bins[AW_CALIBRATION_BINS];
};

/* A score of .1 is in the second bin, one of 1 in the last. */
struct aw_calibration aw_calibrate(const struct aw_judged *items,
                                   size_t count);

/* Sorts them: the highest score first. */
void aw_judged_rank(struct aw_judged *items, size_t count);

/* The points of a precision-recall curve, one for each score that there is,
 * from the highest on. Without a yes among the labels there is none. */
struct aw_curve {
    const struct aw_judged *ranked;
    size_t count;
    size_t yes; /* of all */
    size_t looked, right;
    double score; /* of the last that was looked at */
    double precision, recall;
};

void aw_curve_init(struct aw_curve *curve, const struct aw_judged *ranked,
                   size_t count);
bool aw_curve_next(struct aw_curve *curve);

/* The mean of precision over the steps of recall (Buckley and Voorhees,
 * 2000). By steps, not by straight lines, which flatter (Davis and Goadrich,
 * 2006). NAN without a yes. */
double aw_average_precision(const struct aw_judged *ranked, size_t count);

/* What a reviewer finds who looks at the so many of highest score alone. Of
 * those that have the last one's score, and of which only some are looked at,
 * the mean counts (McSherry and Najork, 2008): so `right` may be a fraction.
 */
struct aw_capacity {
    size_t looked; /* all, where there are no more */
    double right;
    double precision;
    double recall; /* NAN without a yes */
    double last;   /* score */
};

struct aw_capacity aw_capacity_at(const struct aw_judged *ranked, size_t count,
                                  size_t capacity);

/* 10, 20, 50, 100 and so on: the first of them that is more than `capacity`.
 */
size_t aw_capacity_step(size_t capacity);

#endif
