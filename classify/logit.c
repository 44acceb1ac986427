#include "classify/logit.h"

#include <math.h>
#include <string.h>

#define N AW_LOGIT_INPUTS
#define ROUNDS 40
#define LOG_ODDS_MAX 12.0

double aw_sigmoid(double log_odds)
{
    return 1 / (1 + exp(-log_odds));
}

double aw_log_odds(double probability)
{
    double least = aw_sigmoid(-LOG_ODDS_MAX);

    if (probability < least)
        return -LOG_ODDS_MAX;
    if (probability > 1 - least)
        return LOG_ODDS_MAX;
    return log(probability / (1 - probability));
}

double aw_logit_log_odds(const struct aw_logit *logit, const double *input)
{
    double sum = 0;

    for (int i = 0; i < N; i++)
        sum += logit->weight[i] * input[i];
    return sum;
}

/* Solves a x = b in place by elimination; a is positive definite. */
static void solve(double a[N][N], double b[N])
{
    for (int i = 0; i < N; i++) {
        for (int k = i + 1; k < N; k++) {
            double factor = a[k][i] / a[i][i];

            for (int j = i; j < N; j++)
                a[k][j] -= factor * a[i][j];
            b[k] -= factor * b[i];
        }
    }
    for (int i = N - 1; i >= 0; i--) {
        for (int j = i + 1; j < N; j++)
            b[i] -= a[i][j] * b[j];
        b[i] /= a[i][i];
    }
}

static void add_case(const struct aw_logit *logit,
                     const struct aw_logit_case *one, double hessian[N][N],
                     double gradient[N])
{
    double p = aw_sigmoid(aw_logit_log_odds(logit, one->input));
    double curve = one->weight * (p * (1 - p) + 1e-9);
    double slope = one->weight * ((one->yes ? 1 : 0) - p);

    for (int i = 0; i < N; i++) {
        gradient[i] += slope * one->input[i];
        for (int j = 0; j < N; j++)
            hessian[i][j] += curve * one->input[i] * one->input[j];
    }
}

static double step(struct aw_logit *logit, const struct aw_logit_case *cases,
                   size_t count, double penalty)
{
    double hessian[N][N] = {{0}}, move[N] = {0}, size = 0;

    for (size_t i = 0; i < count; i++)
        add_case(logit, &cases[i], hessian, move);
    for (int i = 0; i < N; i++) {
        double here = i == 0 ? 1e-6 : penalty;

        hessian[i][i] += here;
        move[i] -= here * logit->weight[i];
    }
    solve(hessian, move);
    for (int i = 0; i < N; i++) {
        double capped = fmax(-2, fmin(2, move[i]));

        logit->weight[i] += capped;
        size += fabs(capped);
    }
    return size;
}

void aw_logit_fit(struct aw_logit *logit, const struct aw_logit_case *cases,
                  size_t count, double penalty)
{
    size_t yes = 0;

    for (size_t i = 0; i < count; i++)
        yes += cases[i].yes;
    if (yes == 0 || yes == count)
        return;
    memset(logit, 0, sizeof *logit);
    for (int round = 0; round < ROUNDS; round++)
        if (step(logit, cases, count, penalty) < 1e-9)
            break;
}
