#include "classify/normalise.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "classify/fold_table.h"

#define CHAR_BYTES 4 /* at most */
#define FIRST_CAP ((size_t)4096)
#define FULL_WIDTH                                           \
    0xFEE0u /* from ASCII punctuation to its full-width form \
             */

void aw_normal_init(struct aw_normal *normal)
{
    *normal = (struct aw_normal){0};
}

void aw_normal_deinit(struct aw_normal *normal)
{
    free(normal->text);
    free(normal->map);
    *normal = (struct aw_normal){0};
}

void aw_normal_reset(struct aw_normal *normal)
{
    normal->len = 0;
    normal->cut = false;
}

static bool grow(struct aw_normal *normal, size_t need)
{
    size_t cap = normal->cap ? normal->cap : FIRST_CAP;
    void *grown;

    while (cap < need)
        cap *= 2;
    grown = realloc(normal->text, cap);
    if (!grown)
        return false;
    normal->text = grown;
    grown = realloc(normal->map, cap * sizeof *normal->map);
    if (!grown)
        return false;
    normal->map = grown;
    normal->cap = cap;
    return true;
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

static bool put_folded(struct aw_normal *plain, uint32_t cp, uint32_t origin)
{
    plain->flags |= aw_fold_entry(cp);
    return put(plain, cp, origin);
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

static bool put_sequence(struct aw_normal *normal, uint32_t at,
                         uint32_t origin)
{
    uint32_t count = aw_fold_sequences[at];

    for (uint32_t i = 1; i <= count; i++)
        if (!put_folded(normal, aw_fold_sequences[at + i], origin))
            return false;
    return true;
}

static bool fold(struct aw_normal *plain, struct aw_str text, size_t at,
                 uint32_t cp, uint32_t origin)
{
    uint32_t entry = aw_fold_entry(cp);

    switch (AW_FOLD_KIND(entry)) {
    case AW_FOLD_SELF:
        if (entry & AW_FOLD_STOP && !is_within_token(text, at))
            cp += FULL_WIDTH;
        return put_folded(plain, cp, origin);
    case AW_FOLD_DROP:
        return true;
    case AW_FOLD_ONE:
        return put_folded(plain, AW_FOLD_VALUE(entry), origin);
    default:
        return put_sequence(plain, AW_FOLD_VALUE(entry), origin);
    }
}

/* Does the character with that entry stay byte by byte? A malformed one is
 * read as another. */
static inline bool stays(uint32_t cp, uint32_t entry)
{
    return AW_FOLD_KIND(entry) == AW_FOLD_SELF && !(entry & AW_FOLD_STOP) &&
           cp != AW_REPLACEMENT;
}

/* Copies the characters that stay, from *pos on, and moves it behind them;
 * most of a text does. There is room for all of it and a character more. */
static uint32_t copy_run(struct aw_normal *plain, struct aw_str text,
                         size_t *pos, uint32_t origin)
{
    uint32_t *map = plain->map + plain->len;
    size_t start = *pos;
    size_t end = start;
    size_t room = AW_NORMAL_MAX - plain->len;
    uint32_t flags = 0;

    while (end < text.len && end - start < room) {
        size_t next = end;
        uint32_t cp = aw_utf8_next(text, &next);
        uint32_t entry = aw_fold_entry(cp);

        if (!stays(cp, entry))
            break;
        flags |= entry;
        for (int i = 0; i < CHAR_BYTES; i++) /* one store, whatever its size */
            map[i] = origin;
        map += next - end;
        end = next;
        origin++;
    }
    memcpy(plain->text + plain->len, text.ptr + start, end - start);
    plain->len += end - start;
    plain->flags |= flags;
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
    size_t start = plain->len;
    uint32_t origin = 0;
    bool ok = true;

    plain->flags = 0;
    for (size_t pos = 0; ok && pos < text.len && !is_full(plain);) {
        size_t at;

        ok = reserve(plain, text.len - pos + CHAR_BYTES);
        if (!ok)
            break;
        origin = copy_run(plain, text, &pos, origin);
        at = pos;
        if (pos < text.len && !is_full(plain))
            ok = fold(plain, text, at, aw_utf8_next(text, &pos), origin++);
    }
    if (!ok || !end_block(plain, start, origin, block))
        return aw_fail(err, AW_NOMEM, "out of memory");
    return AW_OK;
}

/* Tells the runs of spaces and marks that the hard view leaves out. It
 * remembers the last character before the run that it is in. */
struct hardener {
    uint32_t before; /* flags of that character */
    size_t run_at;   /* where the run starts */
    size_t run;      /* its length, in code points */
    bool blank;      /* it is of blanks alone */
};

static bool joins(const struct hardener *h, uint32_t flags)
{
    if (h->run > AW_NORMAL_RUN_MAX)
        return false;
    if (h->before & flags & AW_FOLD_HAN)
        return true;
    return h->blank && ((h->before & AW_FOLD_HAN && flags & AW_FOLD_DIGIT) ||
                        (h->before & AW_FOLD_DIGIT && flags & AW_FOLD_HAN));
}

/* Takes the character at `at`; true where the run before it goes. */
static inline bool harden_step(struct hardener *h, size_t at, uint32_t cp)
{
    uint32_t flags = aw_fold_entry(cp);
    bool goes;

    if (flags & (AW_FOLD_SPACE | AW_FOLD_MARK)) {
        if (h->run++ == 0) {
            h->run_at = at;
            h->blank = true;
        }
        h->blank = h->blank && cp == ' ';
        return false;
    }
    goes = h->run > 0 && joins(h, flags);
    h->run = 0;
    h->before = flags;
    return goes;
}

static void copy(struct aw_normal *to, const struct aw_normal *from,
                 size_t start, size_t end)
{
    memcpy(to->text + to->len, from->text + start, end - start);
    memcpy(to->map + to->len, from->map + start,
           (end - start) * sizeof *to->map);
    to->len += end - start;
}

/* Copies the block without the runs that go. */
static void harden(struct aw_normal *hard, const struct aw_normal *plain,
                   struct aw_range block)
{
    struct aw_str text = {plain->text, block.end};
    struct hardener h = {0};
    size_t kept = block.start; /* what lies before it was seen to */

    for (size_t pos = block.start; pos < block.end;) {
        size_t at = pos;

        if (harden_step(&h, at, aw_utf8_next_valid(text, &pos))) {
            copy(hard, plain, kept, h.run_at);
            kept = at;
        }
    }
    copy(hard, plain, kept, block.end);
}

aw_rc aw_normal_harden(struct aw_normal *hard, const struct aw_normal *plain,
                       struct aw_range plain_block, struct aw_range *block,
                       struct aw_err *err)
{
    size_t start = hard->len;
    uint32_t origin = 0;

    if (!reserve(hard, plain_block.end - plain_block.start + CHAR_BYTES))
        return aw_fail(err, AW_NOMEM, "out of memory");
    if (plain->flags & (AW_FOLD_SPACE | AW_FOLD_MARK))
        harden(hard, plain, plain_block);
    else
        copy(hard, plain, plain_block.start, plain_block.end);
    if (plain_block.end > plain_block.start)
        origin = plain->map[plain_block.end - 1];
    hard->cut = plain->cut;
    if (!end_block(hard, start, origin + 1, block))
        return aw_fail(err, AW_NOMEM, "out of memory");
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

struct aw_range aw_normal_place(const struct aw_normal *normal,
                                struct aw_range block, struct aw_range origin)
{
    return (struct aw_range){lower_bound(normal, block, origin.start),
                             lower_bound(normal, block, origin.end)};
}
