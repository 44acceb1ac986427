#include "classify/hints.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "classify/literals.h"

#define ARENA_MAX ((size_t)256 << 20)
#define SLOT_BITS 13
#define SLOTS (1u << SLOT_BITS)

struct entry {
    struct aw_str literal;
    size_t pattern;
};

/* A literal of a pattern, and where it stands in the text. */
struct place {
    size_t pattern;
    struct aw_range range;
};

/* The literals lie by their first two characters, or their only one. That is
 * slower than Vectorscan on a long text, but its database takes 30 ms to make
 * at each start, and most texts that are read are a sentence. */
struct aw_hints {
    struct aw_arena arena;
    size_t pattern_count;
    bool *open; /* by pattern: it has no literals */
    bool *seen; /* by pattern: one of its literals is in the range */
    struct entry *entries;
    size_t entry_count, entry_cap;
    uint32_t first[SLOTS + 1]; /* by slot: its first entry; and the end */
    struct place places[AW_HINTS_MAX];
    size_t place_count;
    bool full; /* places has not all of them */
};

static size_t slot_at(uint32_t first, uint32_t second)
{
    return (first * 0x9E3779B1u ^ second * 0x85EBCA6Bu) >> (32 - SLOT_BITS);
}

static size_t slot_of(struct aw_str literal)
{
    size_t pos = 0;
    uint32_t first = aw_utf8_next(literal, &pos);

    return slot_at(first, pos < literal.len ? aw_utf8_next(literal, &pos) : 0);
}

static aw_rc add_pattern(struct aw_hints *hints, size_t pattern,
                         struct aw_str text, struct aw_err *err)
{
    struct aw_literals literals;
    struct aw_err why;
    aw_rc rc = aw_arena_dup(&hints->arena, text, &text, err);

    if (rc == AW_OK &&
        aw_literals_of(&literals, text, &hints->arena, &why) != AW_OK) {
        hints->open[pattern] = true;
        return AW_OK;
    }
    for (size_t i = 0; rc == AW_OK && i < literals.count; i++) {
        void *entries = hints->entries;

        rc = aw_arena_grow(&hints->arena, &entries, hints->entry_count,
                           &hints->entry_cap, sizeof *hints->entries, err);
        if (rc != AW_OK)
            break;
        hints->entries = entries;
        hints->entries[hints->entry_count++] =
            (struct entry){literals.items[i], pattern};
    }
    return rc;
}

static int by_slot(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    size_t first = slot_of(x->literal), second = slot_of(y->literal);

    return (first > second) - (first < second);
}

static void sort_entries(struct aw_hints *hints)
{
    size_t entry = 0;

    if (hints->entry_count > 0)
        qsort(hints->entries, hints->entry_count, sizeof *hints->entries,
              by_slot);
    for (size_t slot = 0; slot <= SLOTS; slot++) {
        while (entry < hints->entry_count &&
               slot_of(hints->entries[entry].literal) < slot)
            entry++;
        hints->first[slot] = (uint32_t)entry;
    }
}

aw_rc aw_hints_new(struct aw_hints **out, const struct aw_str *patterns,
                   size_t count, struct aw_err *err)
{
    struct aw_hints *hints = calloc(1, sizeof *hints);
    aw_rc rc = AW_OK;

    if (!hints)
        return aw_fail(err, AW_NOMEM, "out of memory");
    aw_arena_init(&hints->arena, ARENA_MAX);
    hints->pattern_count = count;
    hints->open = aw_arena_array(&hints->arena, count, sizeof *hints->open);
    hints->seen = aw_arena_array(&hints->arena, count, sizeof *hints->seen);
    if (!hints->open || !hints->seen)
        rc = aw_arena_fail(&hints->arena, err);
    for (size_t i = 0; rc == AW_OK && i < count; i++)
        rc = add_pattern(hints, i, patterns[i], err);
    if (rc != AW_OK) {
        aw_hints_free(hints);
        return rc;
    }
    sort_entries(hints);
    *out = hints;
    return AW_OK;
}

void aw_hints_free(struct aw_hints *hints)
{
    if (!hints)
        return;
    aw_arena_deinit(&hints->arena);
    free(hints);
}

static void note(struct aw_hints *hints, const struct entry *entry, size_t at)
{
    hints->seen[entry->pattern] = true;
    if (hints->place_count == AW_HINTS_MAX)
        hints->full = true;
    else
        hints->places[hints->place_count++] =
            (struct place){entry->pattern, {at, at + entry->literal.len}};
}

/* Notes the literals of one slot that stand at a place. */
static inline void look_at(struct aw_hints *hints, struct aw_str text,
                           size_t at, size_t slot)
{
    for (size_t i = hints->first[slot]; i < hints->first[slot + 1]; i++) {
        const struct entry *entry = &hints->entries[i];

        if (aw_str_starts(aw_str_sub(text, at, text.len), entry->literal))
            note(hints, entry, at);
    }
}

void aw_hints_read(struct aw_hints *hints, struct aw_str text,
                   struct aw_range range)
{
    uint32_t before = 0;
    size_t before_at = range.start;

    memset(hints->seen, 0, hints->pattern_count * sizeof *hints->seen);
    hints->place_count = 0;
    hints->full = false;
    text.len = range.end;
    for (size_t pos = range.start; pos < range.end;) {
        size_t at = pos;
        uint32_t cp = aw_utf8_next(text, &pos);

        if (at > range.start)
            look_at(hints, text, before_at, slot_at(before, cp));
        look_at(hints, text, at, slot_at(cp, 0));
        before = cp;
        before_at = at;
    }
}

bool aw_hints_may_match(const struct aw_hints *hints, size_t pattern,
                        struct aw_range window)
{
    if (hints->open[pattern])
        return true;
    if (!hints->seen[pattern] || hints->full)
        return hints->seen[pattern];
    for (size_t i = 0; i < hints->place_count; i++) {
        const struct place *place = &hints->places[i];

        if (place->pattern == pattern && place->range.start >= window.start &&
            place->range.end <= window.end)
            return true;
    }
    return false;
}
