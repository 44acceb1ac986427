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
    if (scan->text.len < BYTES_LEAST)
        return false;
    return aw_party_has_all(scan, AW_PARTY_MARK_SPOKEN) ||
           __builtin_popcount(scan->seen & AW_PARTY_MARK_DIGITS) >=
               DIFFERENT_LEAST;
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
