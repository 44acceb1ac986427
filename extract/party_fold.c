#include "extract/party_fold.h"

#include <stddef.h>

/* Code points from first to last are written as ASCII from `to` on; after
 * `period` of them it begins anew (0: never). to 0: nothing. */
static const struct range {
    uint32_t first, last, to, period;
} ranges[] = {
    {0x200B, 0x200D, 0, 0},   /* joiners */
    {0x2060, 0x2060, 0, 0},   /* word joiner */
    {0x20E3, 0x20E3, 0, 0},   /* keycap */
    {0x2460, 0x2468, '1', 0}, /* circled */
    {0x24B6, 0x24CF, 'A', 0},    {0x24D0, 0x24E9, 'a', 0},
    {0x24EA, 0x24EA, '0', 0},    {0x24FF, 0x24FF, '0', 0},
    {0x2776, 0x277E, '1', 0},    {0x2780, 0x2788, '1', 0},
    {0x278A, 0x2792, '1', 0},    {0x2795, 0x2795, '+', 0},
    {0x2600, 0x27BF, 0, 0}, /* signs and hearts */
    {0xFE0E, 0xFE0F, 0, 0}, /* variation selectors */
    {0xFEFF, 0xFEFF, 0, 0},      {0xFF0B, 0xFF0B, '+', 0},
    {0xFF10, 0xFF19, '0', 0}, /* full width */
    {0xFF20, 0xFF20, '@', 0},    {0xFF21, 0xFF3A, 'A', 0},
    {0xFF3F, 0xFF3F, '_', 0},    {0xFF41, 0xFF5A, 'a', 0},
    {0x1D7CE, 0x1D7FF, '0', 10}, /* mathematical */
    {0x1F130, 0x1F149, 'A', 0},  /* squared, and dark */
    {0x1F150, 0x1F169, 'A', 0},  {0x1F170, 0x1F189, 'A', 0},
    {0x1F300, 0x1FAFF, 0, 0}, /* pictures */
};

static const struct {
    uint32_t cp, to;
} letters[] = {
    {0x3BD, 'v'},  {0x425, 'X'},  {0x445, 'x'},  {0x461, 'w'},
    {0x475, 'v'},  {0x1D0F, 'o'}, {0x1D20, 'v'}, {0x1D21, 'w'},
    {0x2164, 'V'}, {0x2169, 'X'}, {0x2174, 'v'}, {0x2179, 'x'},
};

/* Alphabets of 26 capitals and 26 small letters, one after the other. */
static uint32_t fold_mathematical(uint32_t cp)
{
    uint32_t n = (cp - 0x1D400) % 52;

    return n < 26 ? 'A' + n : 'a' + n - 26;
}

static uint32_t fold_letter(uint32_t cp)
{
    for (size_t i = 0; i < sizeof letters / sizeof *letters; i++)
        if (letters[i].cp == cp)
            return letters[i].to;
    return cp;
}

uint32_t aw_party_fold(uint32_t cp)
{
    if (cp < 0x3BD || (cp >= 0x2E80 && cp < 0xFE0E) ||
        (cp >= 0x2010 && cp <= 0x2030))
        return cp;
    if (cp >= 0x1D400 && cp < 0x1D6A4)
        return fold_mathematical(cp);
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++) {
        const struct range *r = &ranges[i];

        if (cp < r->first || cp > r->last)
            continue;
        if (r->to == 0)
            return AW_PARTY_NOTHING;
        return r->to +
               (r->period ? (cp - r->first) % r->period : cp - r->first);
    }
    return fold_letter(cp);
}

/* By code point. */
static const struct {
    uint32_t cp;
    int digit;
} numerals[] = {
    {0x3007, 0}, {0x4E00, 1}, {0x4E03, 7}, {0x4E09, 3}, {0x4E24, 2},
    {0x4E5D, 9}, {0x4E8C, 2}, {0x4E94, 5}, {0x4F0D, 5}, {0x516B, 8},
    {0x516D, 6}, {0x53C1, 3}, {0x56DB, 4}, {0x58F9, 1}, {0x5E7A, 1},
    {0x634C, 8}, {0x67D2, 7}, {0x7396, 9}, {0x8086, 4}, {0x8D30, 2},
    {0x9646, 6}, {0x96F6, 0},
};

static int find_numeral(uint32_t cp)
{
    const uint64_t low_bits =
        UINT64_C(0x6412810285432cb); /* of them all, the low 6 */
    size_t low = 0;
    size_t high = sizeof numerals / sizeof *numerals;

    if (!(low_bits >> cp % 64 & 1))
        return -1;
    while (low < high) {
        size_t middle = (low + high) / 2;

        if (numerals[middle].cp == cp)
            return numerals[middle].digit;
        if (numerals[middle].cp < cp)
            low = middle + 1;
        else
            high = middle;
    }
    return -1;
}

int aw_party_digit(uint32_t cp)
{
    if (cp < 0x80)
        return cp >= '0' && cp <= '9' ? (int)cp - '0' : -1;
    return find_numeral(cp);
}
