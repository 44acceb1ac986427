#include "classify/bayes.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

_Static_assert(sizeof(aw_bayes_row) == 16, "a row is two registers");

/* Where the counts of a yes-no question are. */
enum slot {
    SLOT_SUSPECT = AW_DOC_KIND_COUNT,
    SLOT_NOT_SUSPECT,
    SLOT_PASSAGE,
    SLOT_NOT_PASSAGE
};

#define LAST_KIND (AW_DOC_KIND_COUNT - 1)
#define REASONS_MAX 8
#define PIECE ((size_t)32768)

/* Adds up to PIECE rows, whose sum fits in 32 bits. */
static void add_rows(const aw_bayes_row *table, const uint32_t *ids,
                     size_t count, int64_t sums[AW_COLUMN_COUNT])
{
    int32_t part[AW_COLUMN_COUNT] = {0};

    for (size_t i = 0; i < count; i++)
        for (int c = 0; c < AW_COLUMN_COUNT; c++)
            part[c] += table[ids[i]][c];
    for (int c = 0; c < AW_COLUMN_COUNT; c++)
        sums[c] += part[c];
}

static double unscaled(int64_t sum)
{
    return (double)sum / AW_BAYES_SCALE;
}

struct aw_bayes_sums aw_bayes_score(const aw_bayes_row *table,
                                    const uint32_t *ids, size_t count)
{
    int64_t sums[AW_COLUMN_COUNT] = {0};
    struct aw_bayes_sums out = {0};

    for (size_t i = 0; i < count; i += PIECE)
        add_rows(table, ids + i, count - i < PIECE ? count - i : PIECE, sums);
    for (int k = 0; k < LAST_KIND; k++) {
        out.kind[k] = unscaled(sums[AW_COLUMN_KIND + k]);
        out.kind[LAST_KIND] -= out.kind[k];
    }
    out.suspect = unscaled(sums[AW_COLUMN_SUSPECT]);
    out.passage = unscaled(sums[AW_COLUMN_PASSAGE]);
    out.margin = unscaled(sums[AW_COLUMN_MARGIN]);
    out.known = (size_t)sums[AW_COLUMN_KNOWN];
    return out;
}

enum aw_claim_class aw_bayes_class(const aw_bayes_classes *table,
                                   const uint32_t *ids, size_t count)
{
    int64_t sums[AW_BAYES_CLASSES] = {0};
    int best = AW_CLAIM_ASSURED_PROMISE;

    for (size_t i = 0; i < count; i++)
        for (int c = 0; c < AW_BAYES_CLASSES; c++)
            sums[c] += table[ids[i]][c];
    for (int c = 0; c < AW_BAYES_CLASSES; c++)
        if (sums[c] > sums[best])
            best = c;
    return (enum aw_claim_class)best;
}

struct reason {
    struct aw_str gram;
    int weight;
};

static bool touch(struct aw_str a, struct aw_str b)
{
    return a.ptr < b.ptr + b.len && b.ptr < a.ptr + a.len;
}

static bool same(struct aw_str a, struct aw_str b)
{
    return aw_str_eq(a, b) || touch(a, b);
}

/* Puts a reason among the best, where it is one and touches none better. */
static void place(struct reason *best, size_t *count, size_t most,
                  struct reason reason)
{
    size_t kept = 0, at;

    for (size_t i = 0; i < *count; i++)
        if (same(best[i].gram, reason.gram) && best[i].weight >= reason.weight)
            return;
    for (size_t i = 0; i < *count; i++)
        if (!same(best[i].gram, reason.gram))
            best[kept++] = best[i];
    at = kept;
    while (at > 0 && best[at - 1].weight < reason.weight)
        at--;
    *count = kept < most ? kept + 1 : most;
    if (at >= most)
        return;
    memmove(best + at + 1, best + at, (*count - at - 1) * sizeof *best);
    best[at] = reason;
}

size_t aw_bayes_reasons(const aw_bayes_row *table, struct aw_str text,
                        enum aw_bayes_column column, struct aw_str *out,
                        size_t most)
{
    struct reason best[REASONS_MAX] = {{{0}, 0}};
    struct aw_grams grams;
    struct aw_str gram;
    uint32_t feature;
    size_t count = 0;

    if (most > REASONS_MAX)
        most = REASONS_MAX;
    aw_grams_init(&grams, text);
    while (most > 0 && aw_grams_next(&grams, &feature, &gram)) {
        int weight = table[feature][column];

        if (weight > AW_BAYES_SCALE / 2 && gram.len >= 6 && grams.next > 2)
            place(best, &count, most, (struct reason){gram, weight});
    }
    for (size_t i = 0; i < count; i++)
        out[i] = best[i].gram;
    return count;
}

aw_rc aw_bayes_counts_init(struct aw_bayes_counts *counts, struct aw_err *err)
{
    *counts = (struct aw_bayes_counts){0};
    counts->count = calloc(AW_FEATURES, sizeof *counts->count);
    counts->class_count = calloc(AW_FEATURES, sizeof *counts->class_count);
    return counts->count && counts->class_count
               ? AW_OK
               : aw_fail(err, AW_NOMEM, "out of memory");
}

void aw_bayes_counts_deinit(struct aw_bayes_counts *counts)
{
    free(counts->count);
    free(counts->class_count);
    *counts = (struct aw_bayes_counts){0};
}

void aw_bayes_counts_reset(struct aw_bayes_counts *counts)
{
    memset(counts->count, 0, AW_FEATURES * sizeof *counts->count);
    memset(counts->total, 0, sizeof counts->total);
    memset(counts->class_count, 0, AW_FEATURES * sizeof *counts->class_count);
    memset(counts->class_total, 0, sizeof counts->class_total);
}

static void add(struct aw_bayes_counts *counts, const uint32_t *ids,
                size_t count, int slot)
{
    for (size_t i = 0; i < count; i++)
        counts->count[ids[i]][slot] += 1;
    counts->total[slot] += (double)count;
}

void aw_bayes_add_kind(struct aw_bayes_counts *counts, const uint32_t *ids,
                       size_t count, enum aw_doc_kind kind)
{
    add(counts, ids, count, (int)kind);
}

void aw_bayes_add(struct aw_bayes_counts *counts, const uint32_t *ids,
                  size_t count, enum aw_bayes_column column, bool yes)
{
    int slot = column == AW_COLUMN_SUSPECT ? SLOT_SUSPECT : SLOT_PASSAGE;

    add(counts, ids, count, slot + (yes ? 0 : 1));
}

void aw_bayes_add_class(struct aw_bayes_counts *counts, const uint32_t *ids,
                        size_t count, enum aw_claim_class class)
{
    for (size_t i = 0; i < count; i++)
        counts->class_count[ids[i]][class] += 1;
    counts->class_total[class] += (double)count;
}

int16_t aw_bayes_scaled(double log_odds)
{
    double scaled_value = round(log_odds * AW_BAYES_SCALE);

    if (scaled_value > INT16_MAX)
        return INT16_MAX;
    return scaled_value < -INT16_MAX ? -INT16_MAX : (int16_t)scaled_value;
}

static double log_share(const struct aw_bayes_counts *counts, size_t feature,
                        int slot, double alpha, double features)
{
    return log(((double)counts->count[feature][slot] + alpha) /
               (counts->total[slot] + alpha * features));
}

static float times_seen(const struct aw_bayes_counts *counts, size_t feature,
                        int slot, int last)
{
    float times = 0;

    for (int s = slot; s <= last; s++)
        times += counts->count[feature][s];
    return times;
}

/* In how many documents; each has one kind. */
static float texts_with(const struct aw_bayes_counts *counts, size_t feature)
{
    return times_seen(counts, feature, 0, LAST_KIND);
}

static void make_kinds(const struct aw_bayes_counts *counts, size_t feature,
                       double features, int16_t *row)
{
    double share[AW_DOC_KIND_COUNT], mean = 0;

    for (int k = 0; k < AW_DOC_KIND_COUNT; k++) {
        share[k] =
            log_share(counts, feature, k, AW_BAYES_KIND_ALPHA, features);
        mean += share[k] / AW_DOC_KIND_COUNT;
    }
    for (int k = 0; k < LAST_KIND; k++)
        row[AW_COLUMN_KIND + k] = aw_bayes_scaled(share[k] - mean);
    row[AW_COLUMN_KNOWN] = 1;
}

/* The "no" counts are those of the next slot. */
static int16_t ratio_of(const struct aw_bayes_counts *counts, size_t feature,
                        enum slot yes, double alpha, double features)
{
    return aw_bayes_scaled(
        log_share(counts, feature, (int)yes, alpha, features) -
        log_share(counts, feature, (int)yes + 1, alpha, features));
}

void aw_bayes_make(const struct aw_bayes_counts *counts, aw_bayes_row *table)
{
    double features = 0;

    for (size_t f = 0; f < AW_FEATURES; f++)
        features += times_seen(counts, f, 0, AW_BAYES_SLOTS - 1) > 0;
    memset(table, 0, AW_FEATURES * sizeof *table);
    for (size_t f = 0; f < AW_FEATURES; f++) {
        if (texts_with(counts, f) >= AW_BAYES_TEXTS_LEAST) {
            make_kinds(counts, f, features, table[f]);
            table[f][AW_COLUMN_SUSPECT] =
                ratio_of(counts, f, SLOT_SUSPECT, AW_BAYES_TEXT_ALPHA,
                         features);
        }
        if (times_seen(counts, f, SLOT_PASSAGE, SLOT_NOT_PASSAGE) > 0)
            table[f][AW_COLUMN_PASSAGE] =
                ratio_of(counts, f, SLOT_PASSAGE, AW_BAYES_ALPHA, features);
    }
}

static bool has_class(const struct aw_bayes_counts *counts, size_t feature)
{
    for (int c = 0; c < AW_BAYES_CLASSES; c++)
        if (counts->class_count[feature][c] > 0)
            return true;
    return false;
}

static void make_classes(const struct aw_bayes_counts *counts, size_t feature,
                         double features, int16_t *row)
{
    double share[AW_BAYES_CLASSES], mean = 0;

    for (int c = 0; c < AW_BAYES_CLASSES; c++) {
        share[c] =
            log(((double)counts->class_count[feature][c] + AW_BAYES_ALPHA) /
                (counts->class_total[c] + AW_BAYES_ALPHA * features));
        mean += share[c] / AW_BAYES_CLASSES;
    }
    for (int c = 0; c < AW_BAYES_CLASSES; c++)
        row[c] = aw_bayes_scaled(share[c] - mean);
}

void aw_bayes_make_classes(const struct aw_bayes_counts *counts,
                           aw_bayes_classes *table)
{
    double features = 0;

    for (size_t f = 0; f < AW_FEATURES; f++)
        features += has_class(counts, f);
    memset(table, 0, AW_FEATURES * sizeof *table);
    for (size_t f = 0; f < AW_FEATURES; f++)
        if (has_class(counts, f))
            make_classes(counts, f, features, table[f]);
}
