#include "extract/mixed.h"

#include "base/utf8.h"
#include "extract/guess.h"

#define EVERYDAY_PERCENT 80

static unsigned char byte_at(struct aw_str bytes, size_t pos)
{
    return (unsigned char)bytes.ptr[pos];
}

static size_t run_end(struct aw_str bytes, size_t pos)
{
    while (pos < bytes.len && byte_at(bytes, pos) >= 0x80)
        pos++;
    return pos;
}

/* Han and its punctuation: U+2000 to U+9FFF and full-width forms. */
static bool is_three(struct aw_str bytes, size_t pos)
{
    unsigned char lead = byte_at(bytes, pos);

    return pos + 2 < bytes.len &&
           ((lead >= 0xE2 && lead <= 0xE9) || lead == 0xEF) &&
           (byte_at(bytes, pos + 1) & 0xC0) == 0x80 &&
           (byte_at(bytes, pos + 2) & 0xC0) == 0x80;
}

/* Behind the last character of that kind. */
static size_t threes_end(struct aw_str bytes, size_t pos)
{
    while (pos < bytes.len && is_three(bytes, pos))
        pos += 3;
    return pos;
}

bool aw_mixed_utf8(struct aw_str bytes, size_t pos, struct aw_mixed_run *run)
{
    while ((pos = aw_utf8_skip_ascii(bytes, pos)) < bytes.len) {
        size_t end = threes_end(bytes, pos);

        if (end >= pos + AW_MIXED_UTF8_MIN &&
            (end == bytes.len || byte_at(bytes, end) < 0x80)) {
            *run = (struct aw_mixed_run){pos, end};
            return true;
        }
        pos = run_end(bytes, pos);
    }
    return false;
}

bool aw_mixed_gb(struct aw_str bytes, size_t from, size_t bad,
                 struct aw_mixed_run *run)
{
    struct aw_guess guess;
    size_t start = bad;
    size_t end = run_end(bytes, bad);

    while (start > from && byte_at(bytes, start - 1) >= 0x80)
        start--;
    *run = (struct aw_mixed_run){start, end};
    if (end - start < AW_MIXED_GB_MIN || (end - start) % 2 != 0)
        return false;
    aw_guess_measure(&guess, aw_str_sub(bytes, start, end - start));
    return guess.gb * 100 >= guess.pairs * EVERYDAY_PERCENT;
}
