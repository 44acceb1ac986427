#include "classify/measure.h"

#include <math.h>
#include <stdlib.h>

#include "base/rng.h"

#define SEED 20260101u
#define Z95 1.959964

void aw_eval_count(struct aw_eval_counts *c, bool is, bool found)
{
    c->right += is && found;
    c->wrong += !is && found;
    c->missed += is && !found;
    c->rest += !is && !found;
}

static double share(double yes, size_t of)
{
    return of ? yes / (double)of : 0;
}

double aw_eval_precision(const struct aw_eval_counts *c)
{
    return share((double)c->right, c->right + c->wrong);
}

double aw_eval_recall(const struct aw_eval_counts *c)
{
    return share((double)c->right, c->right + c->missed);
}

double aw_eval_f1(const struct aw_eval_counts *c)
{
    return share(2 * (double)c->right, 2 * c->right + c->wrong + c->missed);
}

struct aw_interval aw_wilson(size_t yes, size_t of)
{
    double n = (double)of, p, mid, half, scale;

    if (of == 0)
        return (struct aw_interval){0, 0, 1};
    p = (double)yes / n;
    scale = 1 + Z95 * Z95 / n;
    mid = (p + Z95 * Z95 / (2 * n)) / scale;
    half = Z95 * sqrt(p * (1 - p) / n + Z95 * Z95 / (4 * n * n)) / scale;
    return (struct aw_interval){p, fmax(0, mid - half), fmin(1, mid + half)};
}

/* Bootstrap. */

/* F1 of a, less that of b where there is a b. */
struct contest {
    const struct aw_judged *a, *b;
    size_t count;
};

static double outcome(const struct contest *contest,
                      const struct aw_eval_counts counts[2])
{
    return aw_eval_f1(&counts[0]) - (contest->b ? aw_eval_f1(&counts[1]) : 0);
}

static void add(const struct contest *contest, size_t i,
                struct aw_eval_counts counts[2])
{
    aw_eval_count(&counts[0], contest->a[i].is, contest->a[i].found);
    if (contest->b)
        aw_eval_count(&counts[1], contest->b[i].is, contest->b[i].found);
}

static double resample(const struct contest *contest, struct aw_rng *rng)
{
    struct aw_eval_counts counts[2] = {{0}};

    for (size_t i = 0; i < contest->count; i++)
        add(contest, aw_rng_below(rng, contest->count), counts);
    return outcome(contest, counts);
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static aw_rc bootstrap(const struct contest *contest, struct aw_interval *out,
                       struct aw_err *err)
{
    double *values = calloc(AW_EVAL_RESAMPLES, sizeof *values);
    struct aw_eval_counts counts[2] = {{0}};
    struct aw_rng rng;

    if (!values)
        return aw_fail(err, AW_NOMEM, "out of memory");
    for (size_t i = 0; i < contest->count; i++)
        add(contest, i, counts);
    aw_rng_init(&rng, SEED);
    for (size_t i = 0; i < AW_EVAL_RESAMPLES; i++)
        values[i] = resample(contest, &rng);
    qsort(values, AW_EVAL_RESAMPLES, sizeof *values, by_value);
    *out = (struct aw_interval){outcome(contest, counts),
                                values[AW_EVAL_RESAMPLES * 25 / 1000],
                                values[AW_EVAL_RESAMPLES * 975 / 1000 - 1]};
    free(values);
    return AW_OK;
}

aw_rc aw_eval_f1_interval(const struct aw_judged *items, size_t count,
                          struct aw_interval *out, struct aw_err *err)
{
    return bootstrap(&(struct contest){items, NULL, count}, out, err);
}

aw_rc aw_eval_f1_difference(const struct aw_judged *a,
                            const struct aw_judged *b, size_t count,
                            struct aw_interval *out, struct aw_err *err)
{
    return bootstrap(&(struct contest){a, b, count}, out, err);
}

double aw_mcnemar(size_t a_alone, size_t b_alone)
{
    size_t few = a_alone < b_alone ? a_alone : b_alone;
    size_t all = a_alone + b_alone;
    double log_term = -(double)all * log(2), sum = 0;

    /* In logarithms: 2 to the power of -all is too small soon. */
    for (size_t k = 0; k <= few; k++) {
        sum += exp(log_term);
        log_term += log((double)(all - k)) - log((double)(k + 1));
    }
    return fmin(1, 2 * sum);
}

/* Calibration. */

static struct aw_calibration_bin *bin_of(struct aw_calibration *calibration,
                                         double score)
{
    double at =
        fmax(0, fmin(AW_CALIBRATION_BINS - 1, score * AW_CALIBRATION_BINS));

    return &calibration->bins[(int)at];
}

struct aw_calibration aw_calibrate(const struct aw_judged *items, size_t count)
{
    struct aw_calibration out = {.count = count};
    double squares = 0, gaps = 0;

    for (size_t i = 0; i < count; i++) {
        struct aw_calibration_bin *bin = bin_of(&out, items[i].score);
        double miss = items[i].score - (items[i].is ? 1 : 0);

        squares += miss * miss;
        bin->count++;
        bin->yes += items[i].is;
        bin->sum += items[i].score;
    }
    for (int b = 0; b < AW_CALIBRATION_BINS; b++)
        gaps += fabs((double)out.bins[b].yes - out.bins[b].sum);
    out.brier = share(squares, count);
    out.ece = share(gaps, count);
    return out;
}

/* Ranking. */

static int by_falling_score(const void *a, const void *b)
{
    const struct aw_judged *x = a, *y = b;

    return (x->score < y->score) - (x->score > y->score);
}

void aw_judged_rank(struct aw_judged *items, size_t count)
{
    if (count > 0)
        qsort(items, count, sizeof *items, by_falling_score);
}

void aw_curve_init(struct aw_curve *curve, const struct aw_judged *ranked,
                   size_t count)
{
    *curve = (struct aw_curve){.ranked = ranked, .count = count};
    for (size_t i = 0; i < count; i++)
        curve->yes += ranked[i].is;
}

bool aw_curve_next(struct aw_curve *curve)
{
    const struct aw_judged *ranked = curve->ranked;

    if (curve->yes == 0 || curve->looked == curve->count)
        return false;
    curve->score = ranked[curve->looked].score;
    do
        curve->right += ranked[curve->looked++].is;
    while (curve->looked < curve->count &&
           ranked[curve->looked].score >= curve->score);
    curve->precision = share((double)curve->right, curve->looked);
    curve->recall = share((double)curve->right, curve->yes);
    return true;
}

double aw_average_precision(const struct aw_judged *ranked, size_t count)
{
    struct aw_curve curve;
    double sum = 0, before = 0;

    aw_curve_init(&curve, ranked, count);
    while (aw_curve_next(&curve)) {
        sum += (curve.recall - before) * curve.precision;
        before = curve.recall;
    }
    return curve.yes ? sum : NAN;
}

/* The range of those that have the score of the one at `at`. */
static void find_equals(const struct aw_judged *ranked, size_t count,
                        size_t at, size_t *from, size_t *to)
{
    *from = at;
    *to = at + 1;
    while (*from > 0 && ranked[*from - 1].score <= ranked[at].score)
        --*from;
    while (*to < count && ranked[*to].score >= ranked[at].score)
        ++*to;
}

static size_t count_yes(const struct aw_judged *items, size_t from, size_t to)
{
    size_t yes = 0;

    for (size_t i = from; i < to; i++)
        yes += items[i].is;
    return yes;
}

struct aw_capacity aw_capacity_at(const struct aw_judged *ranked, size_t count,
                                  size_t capacity)
{
    struct aw_capacity out = {.looked = capacity < count ? capacity : count};
    size_t yes = count_yes(ranked, 0, count), from, to;

    out.recall = yes ? 0 : NAN;
    if (out.looked == 0)
        return out;
    find_equals(ranked, count, out.looked - 1, &from, &to);
    out.right = (double)count_yes(ranked, 0, from) +
                (double)count_yes(ranked, from, to) *
                    share((double)(out.looked - from), to - from);
    out.precision = share(out.right, out.looked);
    if (yes)
        out.recall = share(out.right, yes);
    out.last = ranked[out.looked - 1].score;
    return out;
}

size_t aw_capacity_step(size_t capacity)
{
    static const size_t steps[] = {1, 2, 5};
    size_t scale = 10;

    for (;; scale *= 10)
        for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
            if (steps[i] * scale > capacity)
                return steps[i] * scale;
}
