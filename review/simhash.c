#include "review/simhash.h"

#include <stdlib.h>

#include "base/utf8.h"

#define RUN 2 /* characters of a feature */
#define NAME_RUNS_MAX 1024
#define TEXT_MAX 4096 /* characters of a passage that are read */

struct aw_simhash {
    uint64_t names[NAME_RUNS_MAX]; /* runs of names */
    size_t name_count;
    uint64_t features[AW_SIMHASH_FEATURES_MAX];
    size_t count;
    uint32_t text[TEXT_MAX];
    bool left_out[TEXT_MAX];
};

/* splitmix64's last steps: each bit of the sum turns half of the others. */
static uint64_t mix(uint64_t h)
{
    h = (h ^ h >> 30) * 0xBF58476D1CE4E5B9u;
    h = (h ^ h >> 27) * 0x94D049BB133111EBu;
    return h ^ h >> 31;
}

static uint64_t run_of(const uint32_t *text)
{
    return (uint64_t)text[0] << 32 | text[1];
}

/* 五千元 or 一万元, 15% or 百分之十八: it is the same advertisement. */
static bool is_number(uint32_t cp)
{
    static const uint32_t numbers[] = {0x3007, 0x4E00, 0x4E8C, 0x4E09, 0x56DB,
                                       0x4E94, 0x516D, 0x4E03, 0x516B, 0x4E5D,
                                       0x5341, 0x767E, 0x5343, 0x4E07, 0x4EBF,
                                       0x4E24, 0x534A};

    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (numbers[i] == cp)
            return true;
    return false;
}

static size_t read_text(struct aw_simhash *s, struct aw_str text)
{
    size_t count = 0;

    for (size_t pos = 0; pos < text.len && count < TEXT_MAX;) {
        uint32_t cp = aw_utf8_next(text, &pos);

        if (aw_is_han(cp) && !is_number(cp))
            s->text[count++] = cp;
    }
    return count;
}

aw_rc aw_simhash_new(struct aw_simhash **out, struct aw_err *err)
{
    *out = calloc(1, sizeof **out);
    return *out ? AW_OK : aw_fail(err, AW_NOMEM, "out of memory");
}

void aw_simhash_free(struct aw_simhash *simhash)
{
    free(simhash);
}

void aw_simhash_begin(struct aw_simhash *s)
{
    s->name_count = 0;
    s->count = 0;
}

void aw_simhash_name(struct aw_simhash *s, struct aw_str name)
{
    size_t count = read_text(s, name);

    for (size_t i = 0; i + RUN <= count && s->name_count < NAME_RUNS_MAX; i++)
        s->names[s->name_count++] = run_of(s->text + i);
}

static bool is_of_name(const struct aw_simhash *s, uint64_t run)
{
    for (size_t i = 0; i < s->name_count; i++)
        if (s->names[i] == run)
            return true;
    return false;
}

/* Firms write a part of their name: two characters in a row that stand in it
 * are one, and what stands around them moves together. */
static size_t leave_names_out(struct aw_simhash *s, size_t count)
{
    size_t kept = 0;

    memset(s->left_out, 0, count * sizeof *s->left_out);
    for (size_t i = 0; i + RUN <= count; i++)
        if (is_of_name(s, run_of(s->text + i)))
            memset(s->left_out + i, 1, RUN * sizeof *s->left_out);
    for (size_t i = 0; i < count; i++)
        if (!s->left_out[i])
            s->text[kept++] = s->text[i];
    return kept;
}

void aw_simhash_add(struct aw_simhash *s, struct aw_str text)
{
    size_t count = leave_names_out(s, read_text(s, text));

    for (size_t i = 0; i + RUN <= count && s->count < AW_SIMHASH_FEATURES_MAX;
         i++)
        s->features[s->count++] = run_of(s->text + i);
}

static int compare(const void *a, const void *b)
{
    const uint64_t *x = a, *y = b;

    return (*x > *y) - (*x < *y);
}

static void drop_doubles(struct aw_simhash *s)
{
    size_t kept = 0;

    qsort(s->features, s->count, sizeof *s->features, compare);
    for (size_t i = 0; i < s->count; i++)
        if (kept == 0 || s->features[i] != s->features[kept - 1])
            s->features[kept++] = s->features[i];
    s->count = kept;
}

uint64_t aw_simhash_end(struct aw_simhash *s, size_t *features)
{
    int sums[64] = {0};
    uint64_t hash = 0;

    drop_doubles(s);
    for (size_t i = 0; i < s->count; i++) {
        uint64_t bits = mix(s->features[i]);

        for (int k = 0; k < 64; k++)
            sums[k] += bits >> k & 1 ? 1 : -1;
    }
    for (int k = 0; k < 64; k++)
        if (sums[k] > 0)
            hash |= UINT64_C(1) << k;
    *features = s->count;
    return hash;
}

double aw_simhash_overlap(const struct aw_simhash *a,
                          const struct aw_simhash *b)
{
    size_t i = 0, k = 0, both = 0;

    while (i < a->count && k < b->count) {
        uint64_t x = a->features[i], y = b->features[k];

        both += x == y;
        i += x <= y;
        k += y <= x;
    }
    return a->count + b->count > both
               ? (double)both / (double)(a->count + b->count - both)
               : 0;
}

int aw_simhash_distance(uint64_t a, uint64_t b)
{
    return __builtin_popcountll(a ^ b);
}
