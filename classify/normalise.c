#include "classify/normalise.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "classify/fold_table.h"

#define CHAR_BYTES 4  /* at most */
#define GUISE_BYTES 3 /* of each character of a word that was disguised */
#define FIRST_CAP ((size_t)4096)
#define HAN_BYTES 3        /* of common characters */
#define HUNDRED 0x767Eu    /* 百 */
#define PART_END '\x86'    /* the last byte of 分 */
#define OF_END '\x8B'      /* of 之 */
#define WHOLE_BLANKS_MAX 2 /* between 100 and % */
#define FULL_WIDTH                                           \
    0xFEE0u /* from ASCII punctuation to its full-width form \
             */

void aw_normal_init(struct aw_normal *normal)
{
    *normal = (struct aw_normal){.odds_left = AW_NORMAL_ODDS_MAX};
}

void aw_normal_deinit(struct aw_normal *normal)
{
    free(normal->text);
    free(normal->map);
    free(normal->letters);
    free(normal->gaps);
    free(normal->odds);
    free(normal->guises);
    free(normal->mends);
    free(normal->seams);
    *normal = (struct aw_normal){0};
}

void aw_normal_reset(struct aw_normal *normal)
{
    normal->len = 0;
    normal->letter_count = 0;
    normal->gap_count = 0;
    normal->odd_count = 0;
    normal->odds_left = AW_NORMAL_ODDS_MAX;
    normal->guise_count = 0;
    normal->mend_count = 0;
    normal->seam_count = 0;
    normal->cut = false;
}

static bool resize(void **items, size_t count, size_t size)
{
    void *grown = realloc(*items, count * size);

    if (grown)
        *items = grown;
    return grown != NULL;
}

static bool grow(struct aw_normal *normal, size_t need)
{
    size_t cap = normal->cap ? normal->cap : FIRST_CAP;
    void *text = normal->text, *map = normal->map;
    bool ok;

    while (cap < need)
        cap *= 2;
    ok = resize(&text, cap, sizeof *normal->text) &&
         resize(&map, cap, sizeof *normal->map);
    normal->text = text;
    normal->map = map;
    if (ok)
        normal->cap = cap;
    return ok;
}

/* Room for len more bytes; false where the limit or memory ends it. */
static bool reserve(struct aw_normal *normal, size_t len)
{
    if (normal->cap - normal->len >= len)
        return true;
    return grow(normal, normal->len + len);
}

static bool is_full(struct aw_normal *normal)
{
    /* The longest sequence that one code point folds to fits in what the
     * limit leaves below the buffer's last doubling. */
    if (normal->len < AW_NORMAL_MAX)
        return false;
    normal->cut = true;
    return true;
}

static size_t encode(uint32_t cp, char *out)
{
    if (cp < 0x80) {
        out[0] = (char)cp;
        return 1;
    }
    if (cp < 0x800) {
        out[0] = (char)(0xC0 | cp >> 6);
        out[1] = (char)(0x80 | (cp & 0x3F));
        return 2;
    }
    if (cp < 0x10000) {
        out[0] = (char)(0xE0 | cp >> 12);
        out[1] = (char)(0x80 | (cp >> 6 & 0x3F));
        out[2] = (char)(0x80 | (cp & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | cp >> 18);
    out[1] = (char)(0x80 | (cp >> 12 & 0x3F));
    out[2] = (char)(0x80 | (cp >> 6 & 0x3F));
    out[3] = (char)(0x80 | (cp & 0x3F));
    return 4;
}

static bool put(struct aw_normal *normal, uint32_t cp, uint32_t origin)
{
    size_t len;

    if (!reserve(normal, 4))
        return false;
    len = encode(cp, normal->text + normal->len);
    for (size_t i = 0; i < len; i++)
        normal->map[normal->len + i] = origin;
    normal->len += len;
    return true;
}

/* What a block is made with, besides its text. It tells the runs of spaces and
 * marks that the hard view leaves out, and remembers the last character before
 * the run that it is in. */
struct maker {
    struct aw_normal *plain;
    uint32_t before; /* flags of that character */
    uint32_t letter; /* the last one */
    size_t run_at;   /* where the run starts */
    size_t run;      /* its length, in code points */
    bool blank;      /* it is of blanks alone */
    bool no_memory;
    uint32_t *letter_first; /* of the block */
    uint32_t *letter_end;   /* behind plain's letters */
    uint32_t *letter_last;  /* where they may not grow further */
};

static bool joins(struct maker m, uint32_t flags)
{
    if (m.run > AW_NORMAL_RUN_MAX)
        return false;
    if (m.before & flags & AW_FOLD_HAN)
        return true;
    return m.blank && ((m.before & AW_FOLD_HAN && flags & AW_FOLD_DIGIT) ||
                       (m.before & AW_FOLD_DIGIT && flags & AW_FOLD_HAN));
}

/* What is rare is kept out of the loop that copies text. */
#define RARE __attribute__((noinline))

static RARE bool add_gap(struct aw_normal *plain, struct aw_range gap)
{
    void *gaps = plain->gaps;
    size_t cap = plain->gap_cap ? plain->gap_cap * 2 : 16;

    if (plain->gap_count == plain->gap_cap) {
        if (!resize(&gaps, cap, sizeof *plain->gaps))
            return false;
        plain->gaps = gaps;
        plain->gap_cap = cap;
    }
    plain->gaps[plain->gap_count++] = gap;
    return true;
}

static bool add_place(size_t **places, size_t *count, size_t *cap, size_t at)
{
    size_t more = *cap ? *cap * 2 : 16;
    void *grown = *places;

    if (*count == *cap) {
        if (!resize(&grown, more, sizeof **places))
            return false;
        *places = grown;
        *cap = more;
    }
    (*places)[(*count)++] = at;
    return true;
}

static RARE bool add_odd(struct aw_normal *plain, size_t at)
{
    if (plain->odds_left == 0)
        return true;
    plain->odds_left--;
    return add_place(&plain->odds, &plain->odd_count, &plain->odd_cap, at);
}

/* Is it a character of a disguise, or do Latin letters meet Chinese ones? */
static inline bool is_odd(uint32_t before, uint32_t flags)
{
    const uint32_t both = AW_FOLD_HAN | AW_FOLD_LETTER;

    return (flags & AW_FOLD_GUISE) | (((before ^ flags) & both) == both);
}

/* One behind the last is written to and not counted. */
static inline void add_letter(struct maker *m, uint32_t letter)
{
    *m->letter_end = letter;
    m->letter_end += m->letter_end < m->letter_last;
    m->letter = letter;
}

/* Takes a character of the plain view, which lies at `at`. */
static inline __attribute__((always_inline)) void
step(struct maker *m, size_t at, uint32_t cp, uint32_t flags)
{
    if (is_odd(m->before, flags) && !add_odd(m->plain, at))
        m->no_memory = true;
    if (flags & (AW_FOLD_SPACE | AW_FOLD_MARK)) {
        if (m->run++ == 0) {
            m->run_at = at;
            m->blank = true;
        }
        m->blank = m->blank && cp == ' ';
        return;
    }
    if (m->run > 0) {
        if (joins(*m, flags) &&
            !add_gap(m->plain, (struct aw_range){m->run_at, at}))
            m->no_memory = true;
        m->run = 0;
    }
    m->before = flags;
    if (!(flags & AW_FOLD_DIGIT))
        add_letter(m, cp);
    else if (m->letter != '0')
        add_letter(m, '0');
}

static bool put_folded_char(struct maker *m, uint32_t cp, uint32_t origin)
{
    size_t at = m->plain->len;

    if (!put(m->plain, cp, origin))
        return false;
    step(m, at, cp, aw_fold_entry(cp));
    return true;
}

/* ---- a hundred per cent --------------------------------------------------
 *
 * 100 %, 百分百 and 百分之百 become 100%, when their last character comes:
 * what stands before it in the plain view is taken back for that. Its % is no
 * mark.
 */

static bool ends_with(const struct aw_normal *plain, size_t end,
                      struct aw_str words)
{
    return end >= words.len &&
           memcmp(plain->text + end - words.len, words.ptr, words.len) == 0;
}

/* Takes back what stands from `at` on, and that many letters. Where the
 * letters are full nobody knows which were counted: they stay. */
static void take_back(struct maker *m, size_t at, size_t letters)
{
    struct aw_normal *plain = m->plain;

    if (m->letter_end < m->letter_last)
        m->letter_end -= letters;
    if (letters > 0)
        m->letter = m->letter_end > m->letter_first ? m->letter_end[-1] : 0;
    while (plain->odd_count > 0 && plain->odds[plain->odd_count - 1] >= at)
        plain->odd_count--;
    plain->len = at;
    m->run = 0;
}

static bool put_digit(struct maker *m, char digit, uint32_t origin)
{
    size_t at = m->plain->len;

    if (!put(m->plain, (unsigned char)digit, origin))
        return false;
    step(m, at, (unsigned char)digit, AW_FOLD_DIGIT);
    return true;
}

/* Does a number run into the 100 at `at`? */
static bool is_joined(const struct aw_normal *plain, size_t at)
{
    char c = at > 0 ? plain->text[at - 1] : '\n';

    return aw_ascii_digit(c) || c == '.' || c == ',';
}

static RARE bool put_per_cent(struct maker *m, uint32_t origin)
{
    const struct aw_normal *plain = m->plain;
    size_t end = plain->len;

    for (int i = 0; i < WHOLE_BLANKS_MAX && ends_with(plain, end, AW_STR(" "));
         i++)
        end--;
    if (!ends_with(plain, end, AW_STR("100")) || is_joined(plain, end - 3))
        return put_folded_char(m, '%', origin);
    take_back(m, end, 0);
    return put_digit(m, '%', origin);
}

/* Is the 百分 at `at` the end of a number of points: 三百分? */
static bool is_numeral(const struct aw_normal *plain, size_t at)
{
    static const char *const numerals[] = {"一", "二", "两", "三", "四", "五",
                                           "六", "七", "八", "九", "十", "几",
                                           "数", "千", "万", "零"};

    if (at > 0 && aw_ascii_digit(plain->text[at - 1]))
        return true;
    for (size_t i = 0; i < sizeof numerals / sizeof *numerals; i++)
        if (ends_with(plain, at, aw_str_of(numerals[i])))
            return true;
    return false;
}

/* 百, behind a head of so many letters: they become 100%. */
static bool take_hundred(struct maker *m, struct aw_str head, size_t letters,
                         uint32_t origin)
{
    const struct aw_normal *plain = m->plain;
    uint32_t from[] = {origin, origin, origin, origin};
    size_t at = plain->len - head.len;
    bool ok = true;

    for (size_t i = 0; i < letters; i++)
        from[i] = plain->map[at + i * HAN_BYTES];
    take_back(m, at, letters);
    for (size_t i = 0; ok && i < 4; i++)
        ok = put_digit(m, "100%"[i], from[i]);
    return ok;
}

static RARE bool put_hundred(struct maker *m, uint32_t origin)
{
    static const char *const heads[] = {"百分之", "百分"};

    for (size_t i = 0; i < 2; i++) {
        struct aw_str head = aw_str_of(heads[i]);

        if (ends_with(m->plain, m->plain->len, head) &&
            !is_numeral(m->plain, m->plain->len - head.len))
            return take_hundred(m, head, head.len / HAN_BYTES, origin);
    }
    return put_folded_char(m, HUNDRED, origin);
}

static bool put_folded(struct maker *m, uint32_t cp, uint32_t origin)
{
    if (!(aw_fold_entry(cp) & AW_FOLD_WHOLE))
        return put_folded_char(m, cp, origin);
    return cp == '%' ? put_per_cent(m, origin) : put_hundred(m, origin);
}

static bool is_alnum(char c)
{
    return aw_ascii_alpha(c) || aw_ascii_digit(c);
}

/* A comma or colon within 1,000 or 10:30 or a URL is none of a sentence. */
static bool is_within_token(struct aw_str text, size_t at)
{
    return at > 0 && at + 1 < text.len && is_alnum(text.ptr[at - 1]) &&
           (is_alnum(text.ptr[at + 1]) || text.ptr[at + 1] == '/');
}

static bool put_sequence(struct maker *m, uint32_t at, uint32_t origin)
{
    uint32_t count = aw_fold_sequences[at];

    for (uint32_t i = 1; i <= count; i++)
        if (!put_folded(m, aw_fold_sequences[at + i], origin))
            return false;
    return true;
}

static bool fold(struct maker *m, struct aw_str text, size_t at, uint32_t cp,
                 uint32_t origin)
{
    uint32_t entry = aw_fold_entry(cp);

    switch (AW_FOLD_KIND(entry)) {
    case AW_FOLD_SELF:
        if (entry & AW_FOLD_STOP && !is_within_token(text, at))
            cp += FULL_WIDTH;
        return put_folded(m, cp, origin);
    case AW_FOLD_DROP:
        return true;
    case AW_FOLD_ONE:
        return put_folded(m, AW_FOLD_VALUE(entry), origin);
    default:
        return put_sequence(m, AW_FOLD_VALUE(entry), origin);
    }
}

/* Does the character with that entry stay byte by byte? A malformed one is
 * read as another. */
static inline bool stays(uint32_t cp, uint32_t entry)
{
    _Static_assert(AW_FOLD_SELF == 0, "its bits are none");
    return !(entry & (AW_FOLD_KINDS | AW_FOLD_STOP | AW_FOLD_WHOLE)) &&
           cp != AW_REPLACEMENT;
}

/* Is it a % or 百 that the byte before it tells to end no hundred per cent? */
static inline bool is_lone(struct aw_str text, size_t at, uint32_t entry)
{
    char before = text.ptr[at - 1];

    return entry & AW_FOLD_WHOLE && before != '0' && before != ' ' &&
           before != PART_END && before != OF_END;
}

/* Copies the characters that stay, from *pos on, and moves it behind them;
 * most of a text does. There is room for all of it and a character more. */
static uint32_t copy_run(struct maker *maker, struct aw_str text, size_t *pos,
                         uint32_t origin)
{
    struct aw_normal *plain = maker->plain;
    struct maker m = *maker; /* a copy stays in registers */
    uint32_t *map = plain->map + plain->len;
    size_t start = *pos;
    size_t end = start;
    size_t room = AW_NORMAL_MAX - plain->len;
    size_t last = text.len - start < room ? text.len : start + room;
    size_t shift = plain->len - start;

    while (end < last) {
        size_t next = end;
        uint32_t cp = aw_utf8_next(text, &next);
        uint32_t entry = aw_fold_entry(cp);

        if (!stays(cp, entry) && (end == start || !is_lone(text, end, entry)))
            break;
        step(&m, end + shift, cp, entry);
        for (int i = 0; i < CHAR_BYTES; i++) /* one store, whatever its size */
            map[i] = origin;
        map += next - end;
        end = next;
        origin++;
    }
    memcpy(plain->text + plain->len, text.ptr + start, end - start);
    plain->len += end - start;
    *maker = m;
    *pos = end;
    return origin;
}

static bool end_block(struct aw_normal *normal, size_t start, uint32_t origin,
                      struct aw_range *block)
{
    *block = (struct aw_range){start, normal->len};
    return put(normal, '\n', origin);
}

aw_rc aw_normalise(struct aw_normal *plain, struct aw_str text,
                   struct aw_range *block, struct aw_err *err)
{
    struct maker m = {.plain = plain};
    size_t start = plain->len;
    uint32_t origin = 0;
    bool ok = true;

    plain->gap_count = 0;
    plain->odd_count = 0;
    plain->guise_count = 0;
    if (!plain->letters)
        plain->letters =
            malloc((AW_NORMAL_LETTERS_MAX + 1) * sizeof *plain->letters);
    if (!plain->letters)
        return aw_fail(err, AW_NOMEM, "out of memory");
    m.letter_end = plain->letters + plain->letter_count;
    m.letter_first = m.letter_end;
    m.letter_last = plain->letters + AW_NORMAL_LETTERS_MAX;
    for (size_t pos = 0; ok && pos < text.len && !is_full(plain);) {
        size_t at;

        ok = reserve(plain, text.len - pos + CHAR_BYTES);
        if (!ok)
            break;
        origin = copy_run(&m, text, &pos, origin);
        at = pos;
        if (pos < text.len && !is_full(plain))
            ok = fold(&m, text, at, aw_utf8_next(text, &pos), origin++);
    }
    plain->letter_count = (size_t)(m.letter_end - plain->letters);
    if (!ok || m.no_memory || !end_block(plain, start, origin, block))
        return aw_fail(err, AW_NOMEM, "out of memory");
    return AW_OK;
}

static void copy(struct aw_normal *to, const struct aw_normal *from,
                 size_t start, size_t end)
{
    memcpy(to->text + to->len, from->text + start, end - start);
    memcpy(to->map + to->len, from->map + start,
           (end - start) * sizeof *to->map);
    to->len += end - start;
}

/* What was taken over of the plain view's block. */
struct taken {
    size_t end; /* up to there */
    size_t gap; /* the next gap */
};

static bool add_seam(struct aw_normal *hard)
{
    return add_place(&hard->seams, &hard->seam_count, &hard->seam_cap,
                     hard->len);
}

/* Takes over what lies before `end`, without gaps. */
static bool take_until(struct aw_normal *hard, const struct aw_normal *plain,
                       struct taken *taken, size_t end)
{
    while (taken->gap < plain->gap_count &&
           plain->gaps[taken->gap].start < end) {
        struct aw_range gap = plain->gaps[taken->gap++];

        if (gap.start > taken->end)
            copy(hard, plain, taken->end, gap.start);
        if (gap.end > taken->end)
            taken->end = gap.end;
        if (!add_seam(hard))
            return false;
    }
    if (end > taken->end) {
        copy(hard, plain, taken->end, end);
        taken->end = end;
    }
    return true;
}

/* A character of three bytes, from those at `at` in the plain view. */
static bool put_guise_char(struct aw_normal *hard,
                           const struct aw_normal *plain, const char *right,
                           struct aw_range at)
{
    uint32_t first = plain->map[at.start], last = plain->map[at.end - 1];
    size_t len = at.end - at.start;

    if ((len != GUISE_BYTES ||
         memcmp(plain->text + at.start, right, GUISE_BYTES) != 0) &&
        !add_place(&hard->mends, &hard->mend_count, &hard->mend_cap,
                   hard->len))
        return false;
    memcpy(hard->text + hard->len, right, GUISE_BYTES);
    for (size_t i = 0; i < GUISE_BYTES; i++)
        hard->map[hard->len + i] = i + 1 < GUISE_BYTES ? first : last;
    hard->len += GUISE_BYTES;
    return true;
}

static bool put_guise(struct aw_normal *hard, const struct aw_normal *plain,
                      struct taken *taken, const struct aw_guise *guise)
{
    for (size_t i = 0; i < guise->count; i++)
        if (!add_seam(hard) ||
            !put_guise_char(hard, plain, guise->word + i * GUISE_BYTES,
                            guise->at[i]))
            return false;
    taken->end = guise->at[guise->count - 1].end;
    while (taken->gap < plain->gap_count &&
           plain->gaps[taken->gap].end <= taken->end)
        taken->gap++;
    return true;
}

aw_rc aw_normal_harden(struct aw_normal *hard, const struct aw_normal *plain,
                       struct aw_range plain_block, struct aw_range *block,
                       struct aw_err *err)
{
    size_t start = hard->len;
    struct taken taken = {.end = plain_block.start};
    size_t more = plain->guise_count * AW_GUISE_CHARS * GUISE_BYTES;
    uint32_t origin = 0;
    bool ok;

    ok =
        reserve(hard, plain_block.end - plain_block.start + more + CHAR_BYTES);
    for (size_t i = 0; ok && i < plain->guise_count; i++) {
        ok = take_until(hard, plain, &taken, plain->guises[i].at[0].start) &&
             put_guise(hard, plain, &taken, &plain->guises[i]);
    }
    if (!ok || !take_until(hard, plain, &taken, plain_block.end))
        return aw_fail(err, AW_NOMEM, "out of memory");
    if (plain_block.end > plain_block.start)
        origin = plain->map[plain_block.end - 1];
    hard->cut = plain->cut;
    if (!end_block(hard, start, origin + 1, block))
        return aw_fail(err, AW_NOMEM, "out of memory");
    return AW_OK;
}

bool aw_normal_has_seam(const struct aw_normal *hard, struct aw_range range)
{
    size_t low = 0, high = hard->seam_count;

    while (low < high) {
        size_t mid = low + (high - low) / 2;

        if (hard->seams[mid] < range.start)
            low = mid + 1;
        else
            high = mid;
    }
    return low < hard->seam_count && hard->seams[low] <= range.end;
}

aw_rc aw_normal_copy(struct aw_normal *hard, const struct aw_normal *plain,
                     size_t len, struct aw_err *err)
{
    if (!reserve(hard, len + CHAR_BYTES))
        return aw_fail(err, AW_NOMEM, "out of memory");
    copy(hard, plain, 0, len);
    return AW_OK;
}

struct aw_str aw_normal_str(const struct aw_normal *normal,
                            struct aw_range range)
{
    return (struct aw_str){normal->text + range.start,
                           range.end - range.start};
}

struct aw_range aw_normal_origin(const struct aw_normal *normal,
                                 struct aw_range range)
{
    return (struct aw_range){normal->map[range.start],
                             (size_t)normal->map[range.end - 1] + 1};
}

/* The first byte in block that came from code point number cp or later. */
static size_t lower_bound(const struct aw_normal *normal,
                          struct aw_range block, size_t cp)
{
    while (block.start < block.end) {
        size_t mid = block.start + (block.end - block.start) / 2;

        if (normal->map[mid] < cp)
            block.start = mid + 1;
        else
            block.end = mid;
    }
    return block.start;
}

/* To where a character starts: one that was put together has several code
 * points. */
static size_t align(const struct aw_normal *normal, size_t least, size_t at)
{
    while (at > least && ((unsigned char)normal->text[at] & 0xC0) == 0x80)
        at--;
    return at;
}

struct aw_range aw_normal_place(const struct aw_normal *normal,
                                struct aw_range block, struct aw_range origin)
{
    size_t start = lower_bound(normal, block, origin.start);
    size_t end = lower_bound(normal, block, origin.end);

    while (end > start && end < block.end &&
           ((unsigned char)normal->text[end] & 0xC0) == 0x80)
        end++;
    return (struct aw_range){align(normal, block.start, start), end};
}
