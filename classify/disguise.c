#include "classify/disguise.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "classify/disguise_table.h"
#include "classify/fold_table.h"

#define BYTES AW_DISGUISE_BYTES
#define GAP_MAX 4    /* blanks or marks between two characters */
#define LONG_WORD 4  /* from here on no other word has its letters */
#define TOKENS_MAX 3 /* of Latin letters before a Chinese character */
#define TOKEN_MAX 24 /* bytes of one */
#define RINGS "○◯⭕"  /* for a zero; at the head of a line they are bullets */

/* What a weak disguise may stand next to: the words of adverts that neither
 * begin nor end another word with it. */
#define BEFORE_WEAK "是可都全诺约签型的享真能"
#define BEHIND_WEAK "保宝包理产收高稳型零无躺赚固"

/* What takes the last character away from a word: bao本地, ben金融. */
static const struct {
    const char *last, *behind;
} other_words[] = {{"本", "地人市来次月科身周年校店部站网报公"},
                   {"金", "融额属条华"}};

enum kind { NONE, RIGHT, STRONG, WEAK, LATIN, BRACKETED };

struct piece {
    enum kind kind;
    struct aw_range at;
};

struct found {
    struct piece pieces[AW_GUISE_CHARS];
    size_t count;
};

static uint32_t read(struct aw_str text, size_t at, size_t *next)
{
    *next = at;
    return aw_utf8_next(text, next);
}

static bool is_in(const char *list, const char *ptr, size_t len)
{
    return memmem(list, strlen(list), ptr, len) != NULL;
}

static bool has_at(struct aw_str text, size_t at, const char *want, size_t len)
{
    return text.len - at >= len && memcmp(text.ptr + at, want, len) == 0;
}

static bool is_gap(uint32_t cp)
{
    return (aw_fold_entry(cp) & (AW_FOLD_SPACE | AW_FOLD_MARK)) != 0;
}

static bool is_latin(struct aw_str text, size_t at)
{
    return at < text.len && aw_ascii_alpha(text.ptr[at]);
}

static size_t back(struct aw_str text, size_t at)
{
    do
        at--;
    while (at > 0 && ((unsigned char)text.ptr[at] & 0xC0) == 0x80);
    return at;
}

/* The start of the character before at, gaps aside; false: there is none. */
static bool before(struct aw_str text, size_t *at)
{
    for (int gap = 0; *at > 0 && gap <= GAP_MAX; gap++) {
        size_t next;

        *at = back(text, *at);
        if (!is_gap(read(text, *at, &next)))
            return true;
    }
    return false;
}

static const struct aw_disguise *row_of(const char *right)
{
    for (size_t i = 0; i < aw_disguise_count; i++)
        if (memcmp(aw_disguises[i].right, right, BYTES) == 0)
            return &aw_disguises[i];
    return NULL;
}

/* Where the parts end that stand at `at`, blanks and marks between them; or
 * 0. */
static size_t match_split(struct aw_str text, size_t at, struct aw_str parts)
{
    size_t done = 0, part, next;

    for (int gap = 0; at < text.len && gap <= GAP_MAX; at = next) {
        uint32_t cp = read(text, at, &next);

        if (cp == read(parts, done, &part)) {
            done = part;
            gap = 0;
            if (done == parts.len)
                return next;
        } else if (done == 0 || !is_gap(cp)) {
            return 0;
        } else {
            gap++;
        }
    }
    return 0;
}

/* Nearly no word in Latin letters begins as pinyin or initials do. */
static bool may_begin_latin(struct aw_str text, size_t at)
{
    unsigned first = (unsigned)(text.ptr[at] - 'a'), second;

    if (first >= AW_FOLD_LATIN || !is_latin(text, at + 1))
        return false;
    second = (unsigned)(text.ptr[at + 1] - 'a');
    return second < AW_FOLD_LATIN && aw_fold_latin[first] >> second & 1;
}

/* Nearly all pinyin that is tried begins with another letter. */
static inline bool may_be_pinyin(char first, const struct aw_disguise *row)
{
    return first == *row->latin[0] ||
           (row->latin[1] && first == *row->latin[1]);
}

/* The row's character in pinyin. */
static struct piece match_pinyin(struct aw_str text, size_t at,
                                 const struct aw_disguise *row)
{
    for (size_t i = 0; i < AW_DISGUISE_WAYS && row->latin[i]; i++) {
        const char *latin = row->latin[i];

        if (text.ptr[at] == *latin && has_at(text, at, latin, strlen(latin)))
            return (struct piece){LATIN, {at, at + strlen(latin)}};
    }
    return (struct piece){NONE, {at, at}};
}

/* The row's character in parts or in pinyin. */
static struct piece match_parts(struct aw_str text, size_t at,
                                const struct aw_disguise *row)
{
    if (is_latin(text, at))
        return match_pinyin(text, at, row);
    for (size_t i = 0; i < AW_DISGUISE_WAYS && row->splits[i]; i++) {
        size_t end = 0;

        if (has_at(text, at, row->splits[i], BYTES))
            end = match_split(text, at, aw_str_of(row->splits[i]));
        if (end > 0)
            return (struct piece){STRONG, {at, end}};
    }
    return (struct piece){NONE, {at, at}};
}

/* What stands at `at` for the row's character. */
static struct piece match_disguise(struct aw_str text, size_t at, size_t next,
                                   const struct aw_disguise *row)
{
    const char *ptr = text.ptr + at;

    if (is_in(row->strong, ptr, next - at))
        return (struct piece){STRONG, {at, next}};
    if (is_in(row->weak, ptr, next - at))
        return (struct piece){WEAK, {at, next}};
    return match_parts(text, at, row);
}

/* What stands between the brackets that open at `at` and close before *end, if
 * it is one character; an empty range where it is not. */
static struct aw_range between_brackets(struct aw_str text, size_t at,
                                        size_t *end)
{
    const struct aw_range none = {at, at};
    struct aw_range inner;

    (void)read(text, at, &inner.start);
    if (!is_in(aw_disguise_open, text.ptr + at, inner.start - at) ||
        inner.start == text.len ||
        !aw_is_han(read(text, inner.start, &inner.end)) ||
        inner.end == text.len)
        return none;
    (void)read(text, inner.end, end);
    return is_in(aw_disguise_close, text.ptr + inner.end, *end - inner.end)
               ? inner
               : none;
}

/* The character in brackets. */
static struct piece match_bracketed(struct aw_str text, size_t at,
                                    const char *right)
{
    size_t end = at;
    struct aw_range inner = between_brackets(text, at, &end);

    if (inner.end > inner.start && has_at(text, inner.start, right, BYTES))
        return (struct piece){BRACKETED, {at, end}};
    return (struct piece){NONE, {at, at}};
}

/* What stands at `at` for the character `right`, behind `gaps` at most. */
static struct piece match_piece(struct aw_str text, size_t at,
                                const char *right, int gaps)
{
    const struct aw_disguise *row = row_of(right);
    struct piece piece = {NONE, {at, at}};
    size_t next;

    for (; at < text.len && gaps >= 0; gaps--, at = next) {
        uint32_t cp = read(text, at, &next);

        if (has_at(text, at, right, BYTES))
            return (struct piece){RIGHT, {at, next}};
        if (row)
            piece = match_disguise(text, at, next, row);
        if (piece.kind == NONE)
            piece = match_bracketed(text, at, right);
        if (piece.kind != NONE || !is_gap(cp))
            return piece;
    }
    return piece;
}

static size_t count_of(const struct found *found, enum kind kind)
{
    size_t count = 0;

    for (size_t i = 0; i < found->count; i++)
        count += found->pieces[i].kind == kind;
    return count;
}

/* Is no Latin piece a part of a longer word than that of pieces? */
static bool is_latin_whole(struct aw_str text, const struct found *found)
{
    for (size_t i = 0; i < found->count; i++) {
        struct aw_range at = found->pieces[i].at;

        if (found->pieces[i].kind != LATIN)
            continue;
        if (at.start > 0 && is_latin(text, at.start - 1) &&
            (i == 0 || found->pieces[i - 1].at.end != at.start))
            return false;
        if (is_latin(text, at.end) &&
            (i + 1 == found->count || found->pieces[i + 1].at.start != at.end))
            return false;
    }
    return true;
}

/* May a weak character begin the word there? */
static bool may_begin(struct aw_str text, size_t start)
{
    size_t at = start, next;
    uint32_t first = read(text, start, &next);
    bool is_ring = aw_fold_entry(first) & AW_FOLD_MARK;

    if (!before(text, &at) || !aw_is_han(read(text, at, &next)))
        return !is_ring;
    return is_ring ? next == start
                   : is_in(BEFORE_WEAK, text.ptr + at, next - at);
}

/* The Chinese character behind, gaps aside; false: none. */
static bool han_behind(struct aw_str text, size_t at, struct aw_range *han)
{
    for (int gap = 0; at < text.len && gap <= GAP_MAX; gap++) {
        uint32_t cp = read(text, at, &han->end);

        han->start = at;
        if (!is_gap(cp))
            return aw_is_han(cp);
        at = han->end;
    }
    return false;
}

static bool may_end(struct aw_str text, size_t end, const char *allowed)
{
    struct aw_range han;

    return !han_behind(text, end, &han) ||
           is_in(allowed, text.ptr + han.start, han.end - han.start);
}

/* See disguise.h for when weak ones count. */
static bool are_weak_good(struct aw_str text, const struct found *found,
                          bool allowed)
{
    const struct piece *first = &found->pieces[0];
    const struct piece *last = &found->pieces[found->count - 1];
    size_t weak = count_of(found, WEAK);
    bool is_short = found->count == 2;

    if (weak == 0)
        return true;
    if (!allowed || weak * 2 > found->count)
        return false;
    if (found->count >= LONG_WORD)
        return true;
    if ((first->kind == WEAK || is_short) && !may_begin(text, first->at.start))
        return false;
    if (last->kind == WEAK || is_short || first->kind == WEAK)
        return may_end(text, last->at.end, BEHIND_WEAK);
    return true;
}

/* Does the last character belong to what follows? */
static bool is_taken(struct aw_str text, const struct piece *last)
{
    struct aw_range han;

    if (last->kind != RIGHT || !han_behind(text, last->at.end, &han))
        return false;
    for (size_t i = 0; i < sizeof other_words / sizeof *other_words; i++)
        if (has_at(text, last->at.start, other_words[i].last, BYTES))
            return is_in(other_words[i].behind, text.ptr + han.start,
                         han.end - han.start);
    return false;
}

static bool is_disguised(struct aw_str text, const struct found *found,
                         const struct aw_disguised_word *word)
{
    size_t latin = count_of(found, LATIN);
    size_t brackets = count_of(found, BRACKETED);

    if (found->count == 2 && brackets == 1)
        return false;
    if (count_of(found, RIGHT) == found->count)
        return false;
    if (latin == found->count && !word->latin)
        return false;
    return is_latin_whole(text, found) &&
           are_weak_good(text, found, word->weak) &&
           !is_taken(text, &found->pieces[found->count - 1]);
}

static bool find_word(struct aw_str text, size_t at,
                      const struct aw_disguised_word *word,
                      struct found *found)
{
    found->count = 0;
    for (const char *right = word->word; *right; right += BYTES) {
        struct piece piece =
            match_piece(text, at, right, found->count ? GAP_MAX : 0);

        if (piece.kind == NONE)
            return false;
        found->pieces[found->count++] = piece;
        at = piece.at.end;
    }
    return is_disguised(text, found, word);
}

static bool grow(struct aw_normal *plain)
{
    size_t cap = plain->guise_cap ? plain->guise_cap * 2 : 16;
    struct aw_guise *grown;

    if (plain->guise_count < plain->guise_cap)
        return true;
    grown = realloc(plain->guises, cap * sizeof *grown);
    if (!grown)
        return false;
    plain->guises = grown;
    plain->guise_cap = cap;
    return true;
}

static aw_rc add_guise(struct aw_normal *plain, size_t start, const char *word,
                       const struct found *found, struct aw_err *err)
{
    struct aw_guise guise = {.word = word, .count = found->count};

    for (size_t i = 0; i < found->count; i++) {
        struct aw_range at = found->pieces[i].at;

        guise.at[i] = (struct aw_range){at.start + start, at.end + start};
    }
    if (!grow(plain))
        return aw_fail(err, AW_NOMEM, "out of memory");
    plain->guises[plain->guise_count++] = guise;
    return AW_OK;
}

/* bbbx by itself. */
static bool find_initials(struct aw_str text, size_t at,
                          const struct aw_disguised_word *word,
                          struct found *found)
{
    size_t len = word->initials ? strlen(word->initials) : 0;

    if (len == 0 || !has_at(text, at, word->initials, len) ||
        (at > 0 && is_latin(text, at - 1)) || is_latin(text, at + len))
        return false;
    found->count = len;
    for (size_t i = 0; i < len; i++)
        found->pieces[i] = (struct piece){LATIN, {at + i, at + i + 1}};
    return true;
}

/* The start of a word whose character number `index` stands at `at`, and those
 * before it as they should; false: they do not. */
static bool find_start(struct aw_str text, size_t *at, const char *word,
                       size_t index)
{
    while (index-- > 0)
        if (!before(text, at) ||
            !has_at(text, *at, word + index * BYTES, BYTES))
            return false;
    return true;
}

/* The word with the row's character at `at`. */
static bool find_around(struct aw_str text, size_t at,
                        const struct aw_disguise *row,
                        const struct aw_disguised_word *word,
                        struct found *found)
{
    for (size_t i = 0; word->word[i * BYTES]; i++) {
        size_t start = at;

        if (memcmp(word->word + i * BYTES, row->right, BYTES) == 0 &&
            find_start(text, &start, word->word, i) &&
            find_word(text, start, word, found))
            return true;
    }
    return false;
}

/* The longest word with the disguise of a row at `at`, or NULL. */
static const char *find_by_row(struct aw_str text, size_t at,
                               const struct aw_disguise *row,
                               struct found *found)
{
    uint64_t left = aw_fold_row_words[row - aw_disguises];

    for (; left; left &= left - 1) {
        const struct aw_disguised_word *word =
            &aw_disguised_words[__builtin_ctzll(left)];

        if (find_around(text, at, row, word, found))
            return word->word;
    }
    return NULL;
}

/* The word that begins with Latin letters at `at`. */
static const char *find_latin(struct aw_str text, size_t at,
                              struct found *found)
{
    const char *best = NULL;

    if (!may_begin_latin(text, at))
        return NULL;
    for (size_t i = 0; i < aw_disguised_word_count; i++)
        if (aw_disguised_words[i].initials &&
            find_initials(text, at, &aw_disguised_words[i], found))
            return aw_disguised_words[i].word;
    for (size_t i = 0; i < aw_disguise_count && !best; i++)
        if (may_be_pinyin(text.ptr[at], &aw_disguises[i]) &&
            match_pinyin(text, at, &aw_disguises[i]).kind != NONE)
            best = find_by_row(text, at, &aw_disguises[i], found);
    return best;
}

static const char *find_at(struct aw_str text, size_t at, struct found *found)
{
    size_t next;
    uint32_t row = AW_FOLD_VALUE(aw_fold_entry(read(text, at, &next)));
    const char *best = NULL;

    if (row)
        return find_by_row(text, at, &aw_disguises[row - 1], found);
    if (is_latin(text, at))
        return find_latin(text, at, found);
    for (size_t i = 0; i < aw_disguise_count && !best; i++)
        if (match_parts(text, at, &aw_disguises[i]).kind != NONE)
            best = find_by_row(text, at, &aw_disguises[i], found);
    return best;
}

/* The word with the character in brackets that open at `at`. */
static const char *find_bracketed(struct aw_str text, size_t at,
                                  struct found *found)
{
    size_t end = at;
    struct aw_range inner = between_brackets(text, at, &end);

    if (inner.end == inner.start)
        return NULL;
    for (size_t i = 0; i < aw_disguised_word_count; i++) {
        const struct aw_disguised_word *word = &aw_disguised_words[i];

        for (size_t k = 0; word->word[k * BYTES]; k++) {
            size_t start = at;

            if (has_at(text, inner.start, word->word + k * BYTES, BYTES) &&
                find_start(text, &start, word->word, k) &&
                find_word(text, start, word, found))
                return word->word;
        }
    }
    return NULL;
}

/* Latin letters end before `at`: where they begin, word by word backwards;
 * false: there are none. */
static bool token_before(struct aw_str text, size_t *at)
{
    size_t end;

    if (!before(text, at) || !is_latin(text, *at))
        return false;
    end = *at;
    while (*at > 0 && end - *at < TOKEN_MAX && is_latin(text, *at - 1))
        --*at;
    return true;
}

/* The place of an odd character, or where Latin letters meet Chinese ones. */
static const char *find_odd(struct aw_str text, size_t at, struct found *found)
{
    size_t next;
    const char *word = NULL;
    bool is_han = aw_is_han(read(text, at, &next));

    if (is_in(aw_disguise_open, text.ptr + at, next - at))
        return find_bracketed(text, at, found);
    if (!is_han || aw_fold_entry(read(text, at, &next)) & AW_FOLD_GUISE)
        word = find_at(text, at, found);
    for (int i = 0; is_han && !word && i < TOKENS_MAX; i++) {
        if (!token_before(text, &at))
            return NULL;
        word = find_at(text, at, found);
    }
    return word;
}

aw_rc aw_disguise_find(struct aw_normal *plain, struct aw_range block,
                       struct aw_err *err)
{
    struct aw_str text = aw_normal_str(plain, block);
    size_t done = 0;
    aw_rc rc = AW_OK;

    plain->guise_count = 0;
    for (size_t i = 0; rc == AW_OK && i < plain->odd_count; i++) {
        struct found found = {.count = 0};
        const char *word =
            find_odd(text, plain->odds[i] - block.start, &found);

        if (!word || found.pieces[0].at.start < done)
            continue;
        rc = add_guise(plain, block.start, word, &found, err);
        done = found.pieces[found.count - 1].at.end;
    }
    return rc;
}
