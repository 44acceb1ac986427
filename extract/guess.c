#include "extract/guess.h"

#include <string.h>
#include <unicode/ucsdet.h>

#include "base/utf8.h"

#define CLEAR_PERCENT 70
#define UTF8_WIDE_FOR_BAD 4 /* so many good characters outweigh a bad byte */
#define PAIRS_MIN 3         /* all in pairs: no letters with accents */
#define ICU_SAMPLE ((size_t)16 * 1024)
#define ICU_CONFIDENCE 40
#define UTF16_SAMPLE ((size_t)1024)

static bool is_high(char c)
{
    return (unsigned char)c >= 0x80;
}

/* s without a lead byte at its end whose character is cut off. */
static struct aw_str without_torn_end(struct aw_str s)
{
    size_t tail = 0;

    while (tail < 3 && tail < s.len &&
           ((unsigned char)s.ptr[s.len - 1 - tail] & 0xC0) == 0x80)
        tail++;
    if (tail < s.len) {
        size_t start = s.len - 1 - tail;
        size_t pos = start;
        bool lead = (unsigned char)s.ptr[start] >= 0xC2;

        if (lead && aw_utf8_next(s, &pos) == AW_REPLACEMENT &&
            pos == start + 1)
            s.len = start;
    }
    return s;
}

/* Can what is left still make it UTF-8 (aw_guess_is_utf8)? */
static bool is_lost(size_t bad, size_t wide, size_t left)
{
    return bad > (wide + left / 3) / UTF8_WIDE_FOR_BAD;
}

/* Stops, with the counts so far, where it can be UTF-8 no more. */
static void measure_utf8(struct aw_guess *guess, struct aw_str bytes)
{
    struct aw_str s = without_torn_end(bytes);
    size_t bad = 0, wide = 0;

    for (size_t pos = aw_utf8_skip_ascii(s, 0); pos < s.len;) {
        size_t start = pos;

        (void)aw_utf8_next(s, &pos);
        bad += pos - start == 1;
        wide += pos - start >= 3;
        if (pos - start == 1 && is_lost(bad, wide, s.len - pos))
            break;
        if (pos < s.len && !is_high(s.ptr[pos]))
            pos = aw_utf8_skip_ascii(s, pos);
    }
    guess->utf8_bad = bad;
    guess->utf8_wide = wide;
    guess->utf8 = bad == 0 && s.len == bytes.len;
}

/* What bytes can be as the two of a pair. Both must have the bit. */
enum {
    GB = 1 << 0,         /* level 1 of GB 2312, and its punctuation */
    BIG5 = 1 << 1,       /* the frequently used characters of Big5 */
    BIG5_MARKS = 1 << 2, /* its punctuation */
    ALONE = 1 << 3       /* of the second byte alone: it is none */
};

static const unsigned char leads[256] = {
    [0xA1 ... 0xA3] = GB | BIG5_MARKS,
    [0xA4 ... 0xAF] = BIG5,
    [0xB0 ... 0xC6] = GB | BIG5,
    [0xC7 ... 0xD7] = GB,
};

static const unsigned char trails[256] = {
    [0x00 ... 0x3F] = ALONE,
    [0x40 ... 0x7E] = BIG5 | BIG5_MARKS,
    [0x7F] = ALONE,
    [0xA1 ... 0xBF] = GB | BIG5 | BIG5_MARKS,
    [0xC0 ... 0xFE] = GB | BIG5,
    [0xFF] = ALONE,
};

static void measure_pairs(struct aw_guess *guess, struct aw_str s)
{
    const unsigned char *at = (const unsigned char *)s.ptr;
    size_t pairs = 0, gb = 0, big5 = 0, lone = 0;

    for (size_t pos = aw_utf8_skip_ascii(s, 0); pos + 1 < s.len;) {
        unsigned trail = trails[at[pos + 1]];
        unsigned both = leads[at[pos]] & trail;

        pairs++;
        lone += (trail & ALONE) != 0;
        gb += (both & GB) != 0;
        big5 += (both & (BIG5 | BIG5_MARKS)) != 0;
        pos += trail & ALONE ? 1 : 2;
        if (pos < s.len && at[pos] < 0x80)
            pos = aw_utf8_skip_ascii(s, pos);
    }
    guess->pairs = pairs;
    guess->gb = gb;
    guess->big5 = big5;
    guess->lone = lone;
}

void aw_guess_measure(struct aw_guess *guess, struct aw_str bytes)
{
    *guess = (struct aw_guess){0};
    measure_utf8(guess, bytes);
    if (guess->utf8_bad > 0)
        measure_pairs(guess, bytes);
}

bool aw_guess_is_utf8(const struct aw_guess *guess)
{
    return guess->utf8_wide > 0 &&
           guess->utf8_bad <= guess->utf8_wide / UTF8_WIDE_FOR_BAD;
}

const char *aw_guess_chinese(const struct aw_guess *guess)
{
    bool gb = guess->gb >= guess->big5;
    size_t most = gb ? guess->gb : guess->big5;

    if (guess->pairs == 0 || most * 100 / guess->pairs < CLEAR_PERCENT)
        return NULL;
    return gb ? "gb18030" : "big5";
}

static bool is_ascii_text(unsigned char c)
{
    return (c >= 0x20 && c < 0x7F) || (c >= '\t' && c <= '\r');
}

/* A zero alone says little: U+4E00, a common character, has one as well. */
const char *aw_guess_utf16(struct aw_str bytes)
{
    size_t little = 0, big = 0;
    size_t units;

    bytes = aw_str_sub(bytes, 0, UTF16_SAMPLE);
    units = bytes.len / 2;
    for (size_t i = 0; i < units; i++) {
        unsigned char first = (unsigned char)bytes.ptr[2 * i];
        unsigned char second = (unsigned char)bytes.ptr[2 * i + 1];

        little += second == 0 && is_ascii_text(first);
        big += first == 0 && is_ascii_text(second);
    }
    if (little > 1 && little * 5 >= units && little > 4 * big)
        return "utf-16le";
    if (big > 1 && big * 5 >= units && big > 4 * little)
        return "utf-16be";
    return NULL;
}

/* ICU's best guess; its names are static strings of ICU. */
static const char *ask_icu(struct aw_str bytes, int32_t *confidence)
{
    UErrorCode status = U_ZERO_ERROR;
    UCharsetDetector *detector = ucsdet_open(&status);
    size_t first = aw_utf8_skip_ascii(bytes, 0);
    const UCharsetMatch *match;
    const char *name = NULL;

    bytes = aw_str_sub(bytes, first, ICU_SAMPLE);
    ucsdet_setText(detector, bytes.ptr, (int32_t)bytes.len, &status);
    match = ucsdet_detect(detector, &status);
    if (U_SUCCESS(status) && match) {
        name = ucsdet_getName(match, &status);
        *confidence = ucsdet_getConfidence(match, &status);
    }
    ucsdet_close(detector);
    return U_SUCCESS(status) ? name : NULL;
}

static bool is_asian(const char *name)
{
    static const char *const names[] = {"EUC-KR", "EUC-JP", "Shift_JIS"};

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(name, names[i]) == 0)
            return true;
    return false;
}

const char *aw_guess_charset(const struct aw_guess *guess, struct aw_str bytes)
{
    const char *chinese = aw_guess_chinese(guess);
    int32_t confidence = 0;
    const char *icu;

    if (guess->utf8_bad == 0 || aw_guess_is_utf8(guess))
        return "utf-8";
    icu = ask_icu(bytes, &confidence);
    if (icu && is_asian(icu) && confidence > 2 * ICU_CONFIDENCE)
        return icu;
    if (chinese)
        return chinese;
    if (guess->pairs >= PAIRS_MIN && guess->lone == 0)
        return guess->gb >= guess->big5 ? "gb18030" : "big5";
    if (icu && confidence >= ICU_CONFIDENCE)
        return icu;
    return "windows-1252";
}
