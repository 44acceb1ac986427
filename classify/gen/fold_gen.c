/* fold_gen.c - prints fold_table.c (see fold_table.h): runs when adwatch is
 * built. Links ICU and OpenCC.
 */
#include <opencc/opencc.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/ucnv.h>
#include <unicode/unorm2.h>
#include <unicode/uscript.h>
#include <unicode/uspoof.h>
#include <unicode/ustring.h>

#include "classify/disguise_table.h"
#include "classify/fold_table.h"

#define HUNDRED 0x767E /* 百 */
#define CODE_POINTS 0x110000
#define SEQUENCES_MAX 65536
#define TEXT_MAX 64

static uint32_t entries[CODE_POINTS];
static uint32_t sequences[SEQUENCES_MAX];
static uint32_t sequence_len;

static const UNormalizer2 *casefold, *decompose, *compose;
static opencc_t simplify, from_japanese;
static UConverter *gb2312;
static USpoofChecker *look;

static void die(const char *what)
{
    (void)fprintf(stderr, "fold_gen: %s\n", what);
    exit(1);
}

/* Written as they stand: Chinese punctuation is the form that rules use. */
static const struct {
    UChar32 from, to;
} fixed[] = {
    {'\n', '\n'},     {'\t', ' '},      {0x0B, '\n'},     {0x0C, '\n'},
    {0x85, '\n'},     {0x2028, '\n'},   {0x2029, '\n'},   {0xFF0C, 0xFF0C},
    {0xFF01, 0xFF01}, {0xFF1F, 0xFF1F}, {0xFF1B, 0xFF1B}, {0xFF1A, 0xFF1A},
    {0xFF08, 0xFF08}, {0xFF09, 0xFF09}, {'(', 0xFF08},    {')', 0xFF09},
    {0xFE59, 0xFF08}, {0xFE5A, 0xFF09}, {0xFE50, 0xFF0C}, {0xFE54, 0xFF1B},
    {0xFE55, 0xFF1A}, {0xFE56, 0xFF1F}, {0xFE57, 0xFF01}, {0xFE10, 0xFF0C},
    {0xFE13, 0xFF1A}, {0xFE14, 0xFF1B}, {0xFE15, 0xFF01}, {0xFE16, 0xFF1F},
    {0xFE35, 0xFF08}, {0xFE36, 0xFF09}, {0x300C, 0x201C}, {0x300D, 0x201D},
    {0x300E, 0x2018}, {0x300F, 0x2019}, {0xFF62, 0x201C}, {0xFF63, 0x201D},
    {0xFE41, 0x201C}, {0xFE42, 0x201D}, {0xFE43, 0x2018}, {0xFE44, 0x2019},
    {0x2026, 0x2026}, {0x22EF, 0x2026}, {0x3007, 0x96F6},
};

static bool find_fixed(UChar32 cp, UChar32 *to)
{
    for (size_t i = 0; i < sizeof fixed / sizeof fixed[0]; i++) {
        if (fixed[i].from == cp) {
            *to = fixed[i].to;
            return true;
        }
    }
    return false;
}

/* Dingbats and enclosed numbers that NFKC leaves alone or puts in brackets,
 * and Roman ones, which it makes letters of. */
static int enclosed_number(UChar32 cp)
{
    bool is_enclosed =
        (cp >= 0x2460 && cp <= 0x2487) || (cp >= 0x24EA && cp <= 0x24FF) ||
        (cp >= 0x2776 && cp <= 0x2793) || (cp >= 0x1F10B && cp <= 0x1F10C) ||
        (cp >= 0x2160 && cp <= 0x2182) || (cp >= 0x3248 && cp <= 0x324F);

    return is_enclosed ? (int)u_getNumericValue(cp) : -1;
}

/* Squared, circled and parenthesised letters, black and white. */
static UChar32 enclosed_letter(UChar32 cp)
{
    static const UChar32 first[] = {0x249C, 0x1F110, 0x1F130, 0x1F150,
                                    0x1F170};

    for (size_t i = 0; i < sizeof first / sizeof first[0]; i++)
        if (cp >= first[i] && cp < first[i] + 26)
            return 'a' + (cp - first[i]);
    return 0;
}

static void check(UErrorCode status)
{
    if (U_FAILURE(status))
        die(u_errorName(status));
}

static int32_t normalise(const UNormalizer2 *how, UChar32 *text, int32_t len)
{
    UErrorCode status = U_ZERO_ERROR;
    UChar in[TEXT_MAX], out[TEXT_MAX];
    int32_t units = 0;

    (void)u_strFromUTF32(in, TEXT_MAX, &units, text, len, &status);
    units = unorm2_normalize(how, in, units, out, TEXT_MAX, &status);
    (void)u_strToUTF32(text, TEXT_MAX, &len, out, units, &status);
    check(status);
    return len;
}

static bool is_dropped(UChar32 cp)
{
    int8_t type = u_charType(cp);

    return type == U_NON_SPACING_MARK || type == U_ENCLOSING_MARK ||
           type == U_CONTROL_CHAR || type == U_FORMAT_CHAR ||
           u_hasBinaryProperty(cp, UCHAR_DEFAULT_IGNORABLE_CODE_POINT);
}

/* By one character; itself where OpenCC makes several of it. */
static UChar32 convert(opencc_t how, UChar32 cp)
{
    UErrorCode status = U_ZERO_ERROR;
    UChar units[4];
    UChar32 out[4];
    char utf8[8];
    char *done;
    int32_t len = 0;

    (void)u_strFromUTF32(units, 4, &len, &cp, 1, &status);
    (void)u_strToUTF8(utf8, sizeof utf8, &len, units, len, &status);
    check(status);
    done = opencc_convert_utf8(how, utf8, (size_t)len);
    if (!done || done == (char *)-1)
        die(opencc_error());
    (void)u_strFromUTF8(units, 4, &len, done, -1, &status);
    (void)u_strToUTF32(out, 4, &len, units, len, &status);
    check(status);
    opencc_convert_utf8_free(done);
    return len == 1 ? out[0] : cp;
}

static bool is_in_gb2312(UChar32 cp)
{
    UErrorCode status = U_ZERO_ERROR;
    UChar units[2];
    char bytes[8];
    int32_t len = 0;

    (void)u_strFromUTF32(units, 2, &len, &cp, 1, &status);
    (void)ucnv_fromUChars(gb2312, bytes, sizeof bytes, units, len, &status);
    return U_SUCCESS(status);
}

/* Traditional ones, and forms of Japan that are no characters of their own in
 * simplified Chinese: 収, 険. */
static UChar32 to_simplified(UChar32 cp)
{
    if (!u_hasBinaryProperty(cp, UCHAR_IDEOGRAPHIC))
        return cp;
    if (!is_in_gb2312(cp))
        cp = convert(from_japanese, cp);
    return convert(simplify, cp);
}

/* What it looks like, of one code point; else 0. */
static UChar32 skeleton(UChar32 cp)
{
    UErrorCode status = U_ZERO_ERROR;
    UChar in[2], out[TEXT_MAX];
    UChar32 seen[TEXT_MAX];
    int32_t len = 0;

    (void)u_strFromUTF32(in, 2, &len, &cp, 1, &status);
    len = uspoof_getSkeleton(look, 0, in, len, out, TEXT_MAX, &status);
    (void)u_strToUTF32(seen, TEXT_MAX, &len, out, len, &status);
    check(status);
    return len == 1 ? seen[0] : 0;
}

/* Radicals that neither NFKC nor ICU's look-alikes know as a character. */
static const struct {
    UChar32 from, to;
} radicals[] = {
    {0x2E9D, 0x6708}, {0x2EAC, 0x793A}, {0x2EB6, 0x7F8A}, {0x2EB7, 0x7F8A},
    {0x2EBC, 0x8089}, {0x2EC6, 0x89D2}, {0x2EC7, 0x89D2}, {0x2ED7, 0x96E8},
    {0x2EDE, 0x98DF}, {0x2EE1, 0x9996}, {0x2EE3, 0x9AA8}, {0x2EE6, 0x9E1F},
    {0x2EE7, 0x5364}, {0x2EEA, 0x9EFE}, {0x2EF1, 0x9F9F},
};

static UChar32 radical(UChar32 cp)
{
    UChar32 seen;

    if (cp < 0x2E80 || cp > 0x2EF3)
        return 0;
    for (size_t i = 0; i < sizeof radicals / sizeof radicals[0]; i++)
        if (radicals[i].from == cp)
            return radicals[i].to;
    seen = skeleton(cp);
    return u_hasBinaryProperty(seen, UCHAR_UNIFIED_IDEOGRAPH) ? seen : 0;
}

/* Small Cyrillic letters whose capitals look like one of ASCII. */
static const struct {
    UChar32 from, to;
} cyrillic[] = {{0x432, 'b'}, {0x43A, 'k'}, {0x43C, 'm'}, {0x43D, 'h'},
                {0x442, 't'}, {0x44C, 'b'}, {0x42C, 'b'}};

/* Letters of other scripts, and odd Latin ones, that look like one of ASCII.
 * Small Greek ones stay: alpha and beta are words of finance. */
static UChar32 ascii_letter(UChar32 cp)
{
    UErrorCode status = U_ZERO_ERROR;
    UScriptCode script = uscript_getScript(cp, &status);
    bool is_small_greek = script == USCRIPT_GREEK && u_islower(cp);
    UChar32 seen;

    if (cp < 0x80 || !u_isalpha(cp) || (is_small_greek && cp != 0x3BF))
        return 0;
    if (script != USCRIPT_CYRILLIC && script != USCRIPT_GREEK &&
        script != USCRIPT_ARMENIAN && script != USCRIPT_LATIN)
        return 0;
    for (size_t i = 0; i < sizeof cyrillic / sizeof cyrillic[0]; i++)
        if (cyrillic[i].from == cp)
            return cyrillic[i].to;
    seen = skeleton(cp);
    if (seen == 'l' && u_isupper(cp))
        return 'i'; /* ICU takes I for l */
    return seen < 0x80 && u_isalpha(seen) ? u_tolower(seen) : 0;
}

static UChar32 fold_part(UChar32 cp)
{
    UChar32 to;
    int digit = u_charDigitValue(cp);

    if (digit >= 0)
        return '0' + digit;
    cp = to_simplified(cp);
    if (ascii_letter(cp))
        return ascii_letter(cp);
    return find_fixed(cp, &to)                ? to
           : u_isWhitespace(cp) && cp != '\n' ? ' '
                                              : cp;
}

/* NFKC_Casefold, then without accents, then simplified. */
static int32_t fold_by_icu(UChar32 cp, UChar32 out[TEXT_MAX])
{
    int32_t len, kept = 0;

    out[0] = cp;
    len = normalise(decompose, out, normalise(casefold, out, 1));
    for (int32_t i = 0; i < len; i++)
        if (!is_dropped(out[i]))
            out[kept++] = out[i];
    len = normalise(compose, out, kept);
    for (int32_t i = 0; i < len; i++)
        out[i] = fold_part(out[i]);
    return len;
}

/* (一) written as one character is 一. */
static int32_t without_brackets(UChar32 cp, UChar32 *out, int32_t count)
{
    if (cp < 0x3200 || cp > 0x3243 || count < 3 || out[0] != 0xFF08)
        return count;
    memmove(out, out + 1, sizeof *out * (size_t)(count - 2));
    return count - 2;
}

static int32_t fold(UChar32 cp, UChar32 out[TEXT_MAX])
{
    int number = enclosed_number(cp);
    char digits[12];

    if (find_fixed(cp, &out[0]))
        return 1;
    if (u_charType(cp) == U_SURROGATE || is_dropped(cp)) /* not in UTF-8 */
        return 0;
    if (number >= 0) {
        int len = snprintf(digits, sizeof digits, "%d", number);

        for (int i = 0; i < len; i++)
            out[i] = (unsigned char)digits[i];
        return len;
    }
    out[0] = enclosed_letter(cp);
    if (out[0])
        return 1;
    if (ascii_letter(cp)) { /* before its case is folded */
        out[0] = ascii_letter(cp);
        return 1;
    }
    if (radical(cp))
        cp = radical(cp);
    return without_brackets(cp, out, fold_by_icu(cp, out));
}

/* Punctuation of the category "other" that divides sentences, quotes, or
 * belongs to a number. */
static bool is_sentence_punctuation(UChar32 cp)
{
    static const UChar32 list[] = {'%',    '"',    '\'',   0x2030,
                                   0x3001, 0x3002, 0xFF0C, 0xFF01,
                                   0xFF1F, 0xFF1B, 0xFF1A};

    for (size_t i = 0; i < sizeof list / sizeof list[0]; i++)
        if (list[i] == cp)
            return true;
    return false;
}

static bool is_mark(UChar32 cp)
{
    switch (u_charType(cp)) {
    case U_MATH_SYMBOL:
    case U_CURRENCY_SYMBOL:
    case U_MODIFIER_SYMBOL:
    case U_OTHER_SYMBOL:
    case U_DASH_PUNCTUATION:
    case U_CONNECTOR_PUNCTUATION:
    case U_PRIVATE_USE_CHAR:
    case U_UNASSIGNED:
        return true;
    case U_OTHER_PUNCTUATION:
        return !is_sentence_punctuation(cp);
    default:
        return false;
    }
}

static uint32_t flags_of(UChar32 cp)
{
    if (cp < 0x80 && cp && strchr(",!?;:", (int)cp))
        return AW_FOLD_STOP;
    if (cp >= '0' && cp <= '9')
        return AW_FOLD_DIGIT;
    if (cp >= 'a' && cp <= 'z')
        return AW_FOLD_LETTER;
    if (u_hasBinaryProperty(cp, UCHAR_UNIFIED_IDEOGRAPH) || cp == 0x3007 ||
        cp == 0x3005)
        return AW_FOLD_HAN;
    if (cp == '\n' || u_isWhitespace(cp))
        return AW_FOLD_SPACE;
    return is_mark(cp) ? AW_FOLD_MARK : 0;
}

static uint32_t add_sequence(const UChar32 *items, int32_t count)
{
    uint32_t at = sequence_len;

    if (at + (uint32_t)count + 1 > SEQUENCES_MAX)
        die("too many sequences");
    sequences[sequence_len++] = (uint32_t)count;
    for (int32_t i = 0; i < count; i++)
        sequences[sequence_len++] = (uint32_t)items[i];
    return at;
}

static uint32_t make_entry(UChar32 cp)
{
    UChar32 out[TEXT_MAX];
    int32_t count = fold(cp, out);
    uint32_t flags = flags_of(cp);

    if (cp == '%' || cp == HUNDRED)
        flags |= AW_FOLD_WHOLE;
    if (count == 0)
        return AW_FOLD_DROP << 21;
    if (count == 1 && out[0] == cp)
        return flags; /* no value, so that more blocks are equal */
    if (count == 1)
        return flags | AW_FOLD_ONE << 21 | (uint32_t)out[0];
    return flags | AW_FOLD_MANY << 21 | add_sequence(out, count);
}

static void flag_guise(UChar32 cp, uint32_t value)
{
    uint32_t *entry = &entries[cp];

    if (AW_FOLD_KIND(*entry) != AW_FOLD_SELF)
        die("a disguise does not stay as it is in the plain view");
    if (value && AW_FOLD_VALUE(*entry))
        die("a disguise stands in two rows");
    *entry |= AW_FOLD_GUISE | value;
}

static int32_t to_code_points(const char *text, UChar32 out[TEXT_MAX])
{
    UErrorCode status = U_ZERO_ERROR;
    UChar units[TEXT_MAX];
    int32_t len = 0;

    (void)u_strFromUTF8(units, TEXT_MAX, &len, text, -1, &status);
    (void)u_strToUTF32(out, TEXT_MAX, &len, units, len, &status);
    check(status);
    return len;
}

/* The first `most` characters. */
static void flag_each(const char *text, uint32_t value, int32_t most)
{
    UChar32 items[TEXT_MAX];
    int32_t len = to_code_points(text, items);

    for (int32_t i = 0; i < len && i < most; i++)
        flag_guise(items[i], value);
}

/* What disguises begin with. */
static void flag_guises(void)
{
    for (size_t i = 0; i < aw_disguise_count; i++) {
        const struct aw_disguise *row = &aw_disguises[i];

        flag_each(row->strong, (uint32_t)i + 1, TEXT_MAX);
        flag_each(row->weak, (uint32_t)i + 1, TEXT_MAX);
        for (size_t k = 0; k < AW_DISGUISE_WAYS && row->splits[k]; k++)
            flag_each(row->splits[k], 0, 1);
    }
    flag_each(aw_disguise_open, 0, TEXT_MAX);
}

static void print_numbers(const char *head, const uint32_t *items,
                          size_t count)
{
    (void)printf("%s", head);
    for (size_t i = 0; i < count; i++)
        (void)printf("%s0x%X,", i % 8 ? " " : "\n    ", (unsigned)items[i]);
    (void)printf("\n};\n");
}

/* Equal blocks are kept once. */
static void print_table(void)
{
    static uint32_t kept[CODE_POINTS], index[AW_FOLD_BLOCKS];
    size_t count = 0;

    for (size_t b = 0; b < AW_FOLD_BLOCKS; b++) {
        const uint32_t *block = entries + b * AW_FOLD_BLOCK;
        size_t k = 0;

        while (k < count && memcmp(kept + k * AW_FOLD_BLOCK, block,
                                   AW_FOLD_BLOCK * sizeof *block) != 0)
            k++;
        if (k == count)
            memcpy(kept + count++ * AW_FOLD_BLOCK, block,
                   AW_FOLD_BLOCK * sizeof *block);
        index[b] = (uint32_t)k;
    }
    print_numbers("const uint16_t aw_fold_blocks[AW_FOLD_BLOCKS] = {", index,
                  AW_FOLD_BLOCKS);
    print_numbers("const uint32_t aw_fold_entries[] = {", kept,
                  count * AW_FOLD_BLOCK);
}

static void add_latin(uint32_t latin[AW_FOLD_LATIN], const char *word)
{
    if (!word)
        return;
    if (word[0] < 'a' || word[0] > 'z' || word[1] < 'a' || word[1] > 'z')
        die("pinyin and initials have two letters at least");
    latin[word[0] - 'a'] |= 1u << (word[1] - 'a');
}

static void print_latin(void)
{
    uint32_t latin[AW_FOLD_LATIN] = {0};

    for (size_t i = 0; i < aw_disguise_count; i++)
        for (size_t k = 0; k < AW_DISGUISE_WAYS; k++)
            add_latin(latin, aw_disguises[i].latin[k]);
    for (size_t i = 0; i < aw_disguised_word_count; i++)
        add_latin(latin, aw_disguised_words[i].initials);
    print_numbers("const uint32_t aw_fold_latin[] = {", latin, AW_FOLD_LATIN);
}

static void print_row_words(void)
{
    if (aw_disguised_word_count > 64)
        die("there are more words than bits: widen aw_fold_row_words");
    (void)printf("const uint64_t aw_fold_row_words[] = {");
    for (size_t i = 0; i < aw_disguise_count; i++) {
        uint64_t words = 0;

        for (size_t k = 0; k < aw_disguised_word_count; k++)
            if (strstr(aw_disguised_words[k].word, aw_disguises[i].right))
                words |= (uint64_t)1 << k;
        (void)printf("%s0x%llX,", i % 4 ? " " : "\n    ",
                     (unsigned long long)words);
    }
    (void)printf("\n};\n");
}

int main(void)
{
    UErrorCode status = U_ZERO_ERROR;

    casefold = unorm2_getNFKCCasefoldInstance(&status);
    decompose = unorm2_getNFDInstance(&status);
    compose = unorm2_getNFCInstance(&status);
    check(status);
    simplify = opencc_open(OPENCC_DEFAULT_CONFIG_TRAD_TO_SIMP);
    if (simplify == (opencc_t)-1)
        die(opencc_error());
    from_japanese = opencc_open("jp2t.json");
    if (from_japanese == (opencc_t)-1)
        die(opencc_error());
    gb2312 = ucnv_open("gb2312", &status);
    check(status);
    ucnv_setFromUCallBack(gb2312, UCNV_FROM_U_CALLBACK_STOP, NULL, NULL, NULL,
                          &status);
    look = uspoof_open(&status);
    check(status);
    for (UChar32 cp = 0; cp < CODE_POINTS; cp++) {
        entries[cp] = make_entry(cp);
    }
    flag_guises();
    (void)printf("/* Made by fold_gen from ICU %s and OpenCC: not to be "
                 "edited. */\n#include \"classify/fold_table.h\"\n\n",
                 U_ICU_VERSION);
    print_table();
    print_numbers("const uint32_t aw_fold_sequences[] = {", sequences,
                  sequence_len ? sequence_len : 1);
    print_latin();
    print_row_words();
    uspoof_close(look);
    ucnv_close(gb2312);
    (void)opencc_close(from_japanese);
    (void)opencc_close(simplify);
    return fflush(stdout) == 0 && !ferror(stdout) ? 0 : 1;
}
