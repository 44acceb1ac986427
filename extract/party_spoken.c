#include "extract/party_scan.h"

#define DIGITS_MAX 20
#define DIGITS_LEAST 10
#define DIFFERENT_LEAST 4
#define BYTES_LEAST 16   /* three Chinese numerals, seven figures */
#define NUMERALS_LEAST 3 /* Chinese ones of those: else ASCII has it */

/* Digits that are written out one by one, from a place on. */
struct spoken {
    char digits[DIGITS_MAX];
    size_t count, chinese;
    size_t end; /* byte behind the last of them */
};

/* One dash, blank or decoration between digits is passed over. */
static size_t skip_gap(struct aw_str text, size_t pos)
{
    static const char *const gaps[] = {" ", "-", "－", "—", "\1", NULL};

    return pos + mark_len(text, pos, gaps);
}

static void read_spoken(struct aw_str text, size_t pos, struct spoken *out)
{
    *out = (struct spoken){.end = pos};
    while (pos < text.len) {
        size_t at = out->count > 0 ? skip_gap(text, pos) : pos;
        bool chinese = at < text.len && (unsigned char)text.ptr[at] >= 0x80;
        int digit =
            at < text.len ? aw_party_digit(aw_utf8_next_valid(text, &at)) : -1;

        if (digit < 0)
            return;
        if (out->count < DIGITS_MAX)
            out->digits[out->count] = (char)('0' + digit);
        out->count++;
        out->chinese += chinese;
        out->end = pos = at;
    }
}

static bool is_number(const struct spoken *spoken)
{
    return spoken->count >= DIGITS_LEAST && spoken->count <= DIGITS_MAX &&
           spoken->chinese >= NUMERALS_LEAST;
}

/* Numerals that are rare but in numbers, or enough others: most of eleven
 * digits have four different ones. */
static bool may_be_spoken(const struct aw_party_scan *scan)
{
    static const uint16_t rare[] = {0x96F6, 0x3007, 0x5E7A, 0x58F9,
                                    0x53C1, 0x634C, 0x7396}; /* 零 to 玖 */
    static const uint16_t numerals[] = {
        0x4E00, 0x4E8C, 0x4E09, 0x56DB, 0x4E94,
        0x516D, 0x4E03, 0x516B, 0x4E5D}; /* 一 to 九 */
    int different = 0;

    if (scan->text.len < BYTES_LEAST)
        return false;
    for (size_t i = 0; i < sizeof rare / sizeof *rare; i++)
        if (aw_party_has_seen(scan, rare[i]))
            return true;
    for (size_t i = 0; i < sizeof numerals / sizeof *numerals; i++)
        different += aw_party_has_seen(scan, numerals[i]);
    return different >= DIFFERENT_LEAST;
}

/* "一三八零零零零一二三四", also mixed with figures: read out, so that no
 * machine finds it. */
void aw_party_scan_spoken(struct aw_party_scan *scan)
{
    struct aw_str text = scan->text;
    size_t pos = 0;

    if (!may_be_spoken(scan))
        return;
    while (pos < text.len) {
        struct spoken spoken;
        size_t start = pos;

        if (aw_party_digit(aw_utf8_next_valid(text, &pos)) < 0)
            continue;
        read_spoken(text, start, &spoken);
        if (is_number(&spoken))
            (void)aw_party_found_phone(scan,
                                       (struct aw_str){spoken.digits,
                                                       spoken.count},
                                       start, spoken.end);
        pos = spoken.end;
    }
}
