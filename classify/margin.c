#include "classify/margin.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"

#define COST 1.0 /* of an error, against large weights */
#define ROUNDS 20
#define SEED 20161128

struct item {
    struct aw_margin_case one;
    double unit;  /* the value of each of its features */
    double alpha; /* its dual variable */
};

struct aw_margin {
    struct item *items;
    size_t count, most;
    size_t *order;
    float *weights; /* by feature */
    double bias;
};

aw_rc aw_margin_new(struct aw_margin **out, size_t most, struct aw_err *err)
{
    struct aw_margin *m = calloc(1, sizeof *m);

    if (!m)
        return aw_fail(err, AW_NOMEM, "out of memory");
    m->most = most;
    m->items = calloc(most + 1, sizeof *m->items);
    m->order = calloc(most + 1, sizeof *m->order);
    m->weights = calloc(AW_FEATURES, sizeof *m->weights);
    if (!m->items || !m->order || !m->weights) {
        aw_margin_free(m);
        return aw_fail(err, AW_NOMEM, "out of memory");
    }
    *out = m;
    return AW_OK;
}

void aw_margin_free(struct aw_margin *margin)
{
    if (!margin)
        return;
    free(margin->items);
    free(margin->order);
    free(margin->weights);
    free(margin);
}

void aw_margin_add(struct aw_margin *margin, struct aw_margin_case one)
{
    if (margin->count < margin->most)
        margin->items[margin->count++] = (struct item){.one = one};
}

static bool is_known(const aw_bayes_row *table, uint32_t id)
{
    return table[id][AW_COLUMN_KNOWN] != 0;
}

static void measure(struct aw_margin *m, const aw_bayes_row *table)
{
    for (size_t i = 0; i < m->count; i++) {
        struct item *item = &m->items[i];
        size_t known = 0;

        for (size_t k = 0; k < item->one.count; k++)
            known += is_known(table, item->one.ids[k]);
        item->unit = known ? 1 / sqrt((double)known) : 0;
        m->order[i] = i;
    }
}

static double margin_of(const struct aw_margin *m, const struct item *item,
                        const aw_bayes_row *table)
{
    double sum = 0;

    for (size_t k = 0; k < item->one.count; k++)
        if (is_known(table, item->one.ids[k]))
            sum += (double)m->weights[item->one.ids[k]];
    return sum * item->unit + m->bias;
}

/* One step: the dual variable that is best while all others stay. */
static void step(struct aw_margin *m, struct item *item,
                 const aw_bayes_row *table)
{
    const double diagonal = 1 / (2 * COST);
    double sign = item->one.yes ? 1 : -1;
    double gradient =
        sign * margin_of(m, item, table) - 1 + diagonal * item->alpha;
    double length = (item->unit > 0 ? 1 : 0) + 1; /* the bias counts as one */
    double alpha = fmax(0, item->alpha - gradient / (length + diagonal));
    double change = sign * (alpha - item->alpha);

    item->alpha = alpha;
    m->bias += change;
    for (size_t k = 0; k < item->one.count; k++)
        if (is_known(table, item->one.ids[k]))
            m->weights[item->one.ids[k]] += (float)(change * item->unit);
}

static void shuffle(size_t *order, size_t count, struct aw_rng *rng)
{
    for (size_t i = count; i > 1; i--) {
        size_t k = (size_t)aw_rng_below(rng, i);
        size_t swap = order[i - 1];

        order[i - 1] = order[k];
        order[k] = swap;
    }
}

void aw_margin_fit(struct aw_margin *margin, aw_bayes_row *table)
{
    struct aw_rng rng;

    aw_rng_init(&rng, SEED);
    memset(margin->weights, 0, AW_FEATURES * sizeof *margin->weights);
    margin->bias = 0;
    measure(margin, table);
    for (int round = 0; round < ROUNDS; round++) {
        shuffle(margin->order, margin->count, &rng);
        for (size_t i = 0; i < margin->count; i++)
            step(margin, &margin->items[margin->order[i]], table);
    }
    for (size_t f = 0; f < AW_FEATURES; f++)
        table[f][AW_COLUMN_MARGIN] =
            aw_bayes_scaled((double)margin->weights[f]);
    margin->count = 0;
}
