#include "classify/features.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "classify/fold_table.h"

_Static_assert(AW_GRAM_MAX == 3, "aw_bag_add knows three lengths");

aw_rc aw_bag_init(struct aw_bag *bag, struct aw_err *err)
{
    *bag = (struct aw_bag){0};
    bag->seen = calloc(AW_FEATURES / 64, sizeof *bag->seen);
    bag->ids = calloc(AW_FEATURES + 1, sizeof *bag->ids);
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

/* Reads the next character that counts, behind `before`; false at the end. Of
 * a run of digits one zero counts. */
static inline bool next_char(struct aw_str text, size_t *pos, uint32_t before,
                             uint32_t *out)
{
    while (*pos < text.len) {
        uint32_t cp = aw_utf8_next(text, pos);
        uint32_t flags = aw_fold_entry(cp);

        if (flags & (AW_FOLD_SPACE | AW_FOLD_MARK))
            continue;
        *out = flags & AW_FOLD_DIGIT ? '0' : cp;
        if (*out != '0' || before != '0')
            return true;
    }
    return false;
}

static size_t start_of_last(struct aw_str text, size_t pos)
{
    do
        pos--;
    while (pos > 0 && ((unsigned char)text.ptr[pos] & 0xC0) == 0x80);
    return pos;
}

/* Reads the next character that counts into last[0]; false at the end. */
static bool shift(struct aw_grams *g)
{
    uint32_t cp;

    if (!next_char(g->text, &g->pos, g->last[0], &cp))
        return false;
    for (size_t i = AW_GRAM_MAX - 1; i > 0; i--) {
        g->last[i] = g->last[i - 1];
        g->start[i] = g->start[i - 1];
    }
    g->last[0] = cp;
    g->start[0] = start_of_last(g->text, g->pos);
    if (g->have < AW_GRAM_MAX)
        g->have++;
    return true;
}

static inline uint64_t mix(uint64_t hash, uint32_t cp)
{
    return (hash ^ cp) * 0x9E3779B97F4A7C15u;
}

static inline uint32_t finish(uint64_t hash)
{
    hash ^= hash >> 29;
    hash *= 0xBF58476D1CE4E5B9u;
    return (uint32_t)(hash >> (64 - AW_FEATURE_BITS));
}

static uint32_t feature_of(const struct aw_grams *g, size_t len)
{
    uint64_t hash = len;

    for (size_t i = 0; i < len; i++)
        hash = mix(hash, g->last[i]);
    return finish(hash);
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

/* Without a branch, which nobody could foretell: the next feature overwrites
 * one that was there. */
static inline void add_feature(struct aw_bag *bag, uint32_t feature)
{
    uint64_t *word = &bag->seen[feature / 64];
    uint64_t bit = (uint64_t)1 << feature % 64;

    bag->ids[bag->count] = feature;
    bag->count += !(*word & bit);
    *word |= bit;
}

/* feature_of, written out: most of a document's time with the model is spent
 * here. The copy of the bag stays in registers. */
void aw_bag_add(struct aw_bag *bag, struct aw_str text)
{
    struct aw_bag own = *bag;
    uint32_t cp, one = 0, two = 0; /* the last, the last but one */
    size_t have = 0;

    for (size_t pos = 0; next_char(text, &pos, one, &cp); have++) {
        add_feature(&own, finish(mix(1, cp)));
        if (have > 0)
            add_feature(&own, finish(mix(mix(2, cp), one)));
        if (have > 1)
            add_feature(&own, finish(mix(mix(mix(3, cp), one), two)));
        two = one;
        one = cp;
    }
    bag->count = own.count;
}
