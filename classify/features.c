#include "classify/features.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "classify/fold_table.h"

_Static_assert(AW_GRAM_MAX == 3, "add_grams knows three lengths");

#define PIECE ((size_t)512) /* letters of a text at a time */

aw_rc aw_word_bag_init(struct aw_word_bag *bag, struct aw_err *err)
{
    *bag = (struct aw_word_bag){0};
    bag->seen = calloc(AW_FEATURES / 64, sizeof *bag->seen);
    bag->ids = calloc(AW_FEATURES + 1, sizeof *bag->ids);
    if (!bag->seen || !bag->ids) {
        aw_word_bag_deinit(bag);
        return aw_fail(err, AW_NOMEM, "out of memory");
    }
    return AW_OK;
}

void aw_word_bag_deinit(struct aw_word_bag *bag)
{
    free(bag->seen);
    free(bag->ids);
    *bag = (struct aw_word_bag){0};
}

void aw_word_bag_reset(struct aw_word_bag *bag)
{
    if (bag->count > AW_FEATURES / 64 / 4) {
        memset(bag->seen, 0, AW_FEATURES / 64 * sizeof *bag->seen);
        bag->count = 0;
    }
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
static inline void add_feature(struct aw_word_bag *bag, uint32_t feature)
{
    uint64_t *word = &bag->seen[feature / 64];
    uint64_t before = *word;

    bag->ids[bag->count] = feature;
    *word = before | (uint64_t)1 << feature % 64;
    bag->count += ~before >> feature % 64 & 1;
}

/* feature_of, written out: most of a document's time with the model is spent
 * here. Adds the n-grams that end with the letters from `first` on, which is
 * no less than 2. The copy of the bag stays in registers. */
static void add_grams(struct aw_word_bag *bag, const uint32_t *letters,
                      size_t first, size_t count)
{
    struct aw_word_bag own = *bag;

    for (size_t i = first; i < count; i++) {
        uint32_t cp = letters[i], one = letters[i - 1], two = letters[i - 2];

        add_feature(&own, finish(mix(1, cp)));
        add_feature(&own, finish(mix(mix(2, cp), one)));
        add_feature(&own, finish(mix(mix(mix(3, cp), one), two)));
    }
    bag->count = own.count;
}

/* The n-grams of a text's first two letters. */
static void add_first(struct aw_word_bag *bag, const uint32_t *letters,
                      size_t count)
{
    if (count > 0)
        add_feature(bag, finish(mix(1, letters[0])));
    if (count > 1) {
        add_feature(bag, finish(mix(1, letters[1])));
        add_feature(bag, finish(mix(mix(2, letters[1]), letters[0])));
    }
}

void aw_word_bag_add_letters(struct aw_word_bag *bag, const uint32_t *letters,
                             size_t count)
{
    add_first(bag, letters, count);
    add_grams(bag, letters, 2, count);
}

void aw_word_bag_add(struct aw_word_bag *bag, struct aw_str text)
{
    uint32_t letters[PIECE + 2]; /* the last two of the piece before first */
    size_t pos = 0, count = 0;
    uint32_t last = 0;
    bool more = true;

    for (bool is_first = true; more; is_first = false) {
        size_t first = count;

        while (count < PIECE + 2 &&
               (more = next_char(text, &pos, last, &letters[count])))
            last = letters[count++];
        if (is_first)
            add_first(bag, letters, count);
        add_grams(bag, letters, first < 2 ? 2 : first, count);
        if (count < 2)
            return;
        letters[0] = letters[count - 2];
        letters[1] = letters[count - 1];
        count = 2;
    }
}
