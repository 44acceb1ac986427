#include "reports/diff.h"

#include <stdlib.h>

#include "base/arena.h"

#define PIECES_MEMORY ((size_t)64 << 20)

struct pieces {
    struct aw_str *at;
    size_t count;
};

struct diff {
    struct pieces old, new;
    uint16_t *table; /* of common pieces behind old i and new j */
    aw_diff_fn *visit;
    void *self;
};

static size_t end_len(struct aw_str text, size_t at)
{
    static const char *const ends[] = {"\n", "。", "！", "？", "；"};

    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++)
        if (aw_str_starts(aw_str_sub(text, at, text.len), aw_str_of(ends[i])))
            return aw_str_of(ends[i]).len;
    return 0;
}

/* The next piece that is not blank; false at the end. */
static bool next_piece(struct aw_str *rest, struct aw_str *piece)
{
    *piece = (struct aw_str){0};
    while (rest->len > 0 && piece->len == 0) {
        size_t at = 0;
        size_t end = 0;

        while (at < rest->len && end == 0) {
            end = end_len(*rest, at);
            at += end > 0 ? end : 1;
        }
        *piece = aw_str_trim(aw_str_sub(*rest, 0, at));
        *rest = aw_str_sub(*rest, at, rest->len);
    }
    return piece->len > 0;
}

static aw_rc cut(struct aw_str text, struct aw_arena *arena,
                 struct pieces *out, struct aw_err *err)
{
    struct aw_str piece;
    void *at = NULL;
    size_t cap = 0;
    aw_rc rc = AW_OK;

    while (rc == AW_OK && next_piece(&text, &piece)) {
        rc = aw_arena_grow(arena, &at, out->count, &cap, sizeof piece, err);
        out->at = at;
        if (rc == AW_OK)
            out->at[out->count++] = piece;
    }
    return rc;
}

/* What both begin and end with needs no table. */
static void trim_common(struct pieces *a, struct pieces *b)
{
    while (a->count > 0 && b->count > 0 && aw_str_eq(a->at[0], b->at[0])) {
        a->at++;
        b->at++;
        a->count--;
        b->count--;
    }
    while (a->count > 0 && b->count > 0 &&
           aw_str_eq(a->at[a->count - 1], b->at[b->count - 1])) {
        a->count--;
        b->count--;
    }
}

static uint16_t *cell(const struct diff *d, size_t i, size_t j)
{
    return &d->table[i * (d->new.count + 1) + j];
}

static void fill(const struct diff *d)
{
    for (size_t i = d->old.count; i-- > 0;)
        for (size_t j = d->new.count; j-- > 0;) {
            uint16_t down = *cell(d, i + 1, j);
            uint16_t right = *cell(d, i, j + 1);

            *cell(d, i, j) = aw_str_eq(d->old.at[i], d->new.at[j])
                                 ? (uint16_t)(*cell(d, i + 1, j + 1) + 1)
                             : down >= right ? down
                                             : right;
        }
}

/* What went is told first, as long as nothing common is lost by it. */
static void walk(const struct diff *d)
{
    size_t i = 0;
    size_t j = 0;

    while (i < d->old.count || j < d->new.count) {
        bool both = i < d->old.count && j < d->new.count;

        if (both && aw_str_eq(d->old.at[i], d->new.at[j])) {
            i++;
            j++;
        } else if (i < d->old.count &&
                   (!both || *cell(d, i + 1, j) >= *cell(d, i, j + 1))) {
            d->visit(d->self, d->old.at[i++], false);
        } else {
            d->visit(d->self, d->new.at[j++], true);
        }
    }
}

static void all_differ(const struct diff *d)
{
    for (size_t i = 0; i < d->old.count; i++)
        d->visit(d->self, d->old.at[i], false);
    for (size_t j = 0; j < d->new.count; j++)
        d->visit(d->self, d->new.at[j], true);
}

static aw_rc compare(struct diff *d, struct aw_err *err)
{
    trim_common(&d->old, &d->new);
    if (d->old.count == 0 || d->new.count == 0 ||
        d->old.count > AW_DIFF_PIECES_MAX ||
        d->new.count > AW_DIFF_PIECES_MAX) {
        all_differ(d);
        return AW_OK;
    }
    d->table =
        calloc((d->old.count + 1) * (d->new.count + 1), sizeof *d->table);
    if (!d->table)
        return aw_fail(err, AW_NOMEM, "out of memory");
    fill(d);
    walk(d);
    free(d->table);
    return AW_OK;
}

aw_rc aw_diff(struct aw_str before, struct aw_str after, aw_diff_fn *visit,
              void *self, struct aw_err *err)
{
    struct diff d = {.visit = visit, .self = self};
    struct aw_arena arena;
    aw_rc rc;

    aw_arena_init(&arena, PIECES_MEMORY);
    rc = cut(before, &arena, &d.old, err);
    if (rc == AW_OK)
        rc = cut(after, &arena, &d.new, err);
    if (rc == AW_OK)
        rc = compare(&d, err);
    aw_arena_deinit(&arena);
    return rc;
}
