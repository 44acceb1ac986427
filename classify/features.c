#include "classify/features.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "classify/fold_table.h"

aw_rc aw_bag_init(struct aw_bag *bag, struct aw_err *err)
{
    *bag = (struct aw_bag){0};
    bag->seen = calloc(AW_FEATURES / 64, sizeof *bag->seen);
    bag->ids = calloc(AW_FEATURES, sizeof *bag->ids);
    if (!bag->seen || !bag->ids) {
        aw_bag_deinit(bag);
        return aw_fail(err, AW_NOMEM, "out of memory");
    }
    return AW_OK;
}

void aw_bag_deinit(struct aw_bag *bag)
{
    free(bag->seen);
    free(bag->ids);
    *bag = (struct aw_bag){0};
}

void aw_bag_reset(struct aw_bag *bag)
{
    for (size_t i = 0; i < bag->count; i++)
        bag->seen[bag->ids[i] / 64] = 0;
    bag->count = 0;
}

void aw_grams_init(struct aw_grams *grams, struct aw_str text)
{
    *grams = (struct aw_grams){.text = text};
}

/* Reads the next character that counts into last[0]; false at the end. */
static bool shift(struct aw_grams *g)
{
    while (g->pos < g->text.len) {
        size_t at = g->pos;
        uint32_t cp = aw_utf8_next(g->text, &g->pos);
        uint32_t flags = aw_fold_entry(cp);

        if (flags & (AW_FOLD_SPACE | AW_FOLD_MARK))
            continue;
        if (flags & AW_FOLD_DIGIT)
            cp = '0';
        if (cp == '0' && g->have > 0 && g->last[0] == '0')
            continue;
        for (size_t i = AW_GRAM_MAX - 1; i > 0; i--) {
            g->last[i] = g->last[i - 1];
            g->start[i] = g->start[i - 1];
        }
        g->last[0] = cp;
        g->start[0] = at;
        if (g->have < AW_GRAM_MAX)
            g->have++;
        return true;
    }
    return false;
}

static uint32_t feature_of(const struct aw_grams *g, size_t len)
{
    uint64_t h = len;

    for (size_t i = 0; i < len; i++)
        h = (h ^ g->last[i]) * 0x9E3779B97F4A7C15u;
    h ^= h >> 29;
    h *= 0xBF58476D1CE4E5B9u;
    return (uint32_t)(h >> (64 - AW_FEATURE_BITS));
}

bool aw_grams_next(struct aw_grams *grams, uint32_t *feature,
                   struct aw_str *gram)
{
    if (grams->next == 0 || grams->next > grams->have) {
        if (!shift(grams))
            return false;
        grams->next = 1;
    }
    *feature = feature_of(grams, grams->next);
    *gram = aw_str_sub(grams->text, grams->start[grams->next - 1],
                       grams->pos - grams->start[grams->next - 1]);
    grams->next++;
    return true;
}

static void add_feature(struct aw_bag *bag, uint32_t feature)
{
    uint64_t bit = (uint64_t)1 << feature % 64;

    if (bag->seen[feature / 64] & bit)
        return;
    bag->seen[feature / 64] |= bit;
    bag->ids[bag->count++] = feature;
}

void aw_bag_add(struct aw_bag *bag, struct aw_str text)
{
    struct aw_grams grams;

    aw_grams_init(&grams, text);
    while (shift(&grams))
        for (size_t len = 1; len <= grams.have; len++)
            add_feature(bag, feature_of(&grams, len));
}
