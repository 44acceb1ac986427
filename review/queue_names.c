#include <stdlib.h>

#include "base/hash.h"
#include "review/queue_private.h"

#define NAMES_MAX ((size_t)1 << 30) /* bytes of all texts of a kind */
#define FIRST_CAP 64

void aw_queue_names_init(struct aw_queue_names *names)
{
    *names = (struct aw_queue_names){.count = 0};
    aw_arena_init(&names->arena, NAMES_MAX);
}

void aw_queue_names_deinit(struct aw_queue_names *names)
{
    aw_arena_deinit(&names->arena);
    free(names->items);
    free(names->first_ms);
    free(names->slots);
    *names = (struct aw_queue_names){.count = 0};
}

/* The slot of the text, or the free one where it belongs. */
static uint32_t *slot_of(const struct aw_queue_names *names,
                         struct aw_str text)
{
    size_t mask = (size_t)names->cap * 2 - 1;
    size_t at = aw_hash64(text) & mask;

    while (names->slots[at] != AW_QUEUE_NONE &&
           !aw_str_eq(names->items[names->slots[at]], text))
        at = (at + 1) & mask;
    return &names->slots[at];
}

static bool grow(struct aw_queue_names *names)
{
    uint32_t cap = names->cap ? names->cap * 2 : FIRST_CAP;
    struct aw_str *items = realloc(names->items, cap * sizeof *items);
    int64_t *first_ms;

    if (!items)
        return false;
    names->items = items;
    first_ms = realloc(names->first_ms, cap * sizeof *first_ms);
    if (!first_ms)
        return false;
    names->first_ms = first_ms;
    free(names->slots);
    names->cap = 0;
    names->slots = malloc((size_t)cap * 2 * sizeof *names->slots);
    if (!names->slots)
        return false;
    names->cap = cap;
    memset(names->slots, 0xFF, (size_t)cap * 2 * sizeof *names->slots);
    for (uint32_t i = 0; i < names->count; i++)
        *slot_of(names, names->items[i]) = i;
    return true;
}

aw_rc aw_queue_names_add(struct aw_queue_names *names, struct aw_str text,
                         uint32_t *number, struct aw_err *err)
{
    uint32_t *slot;
    aw_rc rc;

    if (names->count == names->cap && !grow(names))
        return aw_fail(err, AW_NOMEM, "out of memory");
    slot = slot_of(names, text);
    if (*slot != AW_QUEUE_NONE) {
        *number = *slot;
        return AW_OK;
    }
    rc = aw_arena_dup(&names->arena, text, &names->items[names->count], err);
    if (rc != AW_OK)
        return rc;
    names->first_ms[names->count] = INT64_MAX;
    *number = *slot = names->count++;
    return AW_OK;
}

uint32_t aw_queue_names_find(const struct aw_queue_names *names,
                             struct aw_str text)
{
    return names->cap > 0 ? *slot_of(names, text) : AW_QUEUE_NONE;
}
