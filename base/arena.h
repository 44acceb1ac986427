/* arena.h - memory for what dies together.
 *
 * An arena hands out zeroed memory, aligned for any type, until its limit;
 * nothing is freed singly. Reset drops everything but keeps the first chunk
 * for the next page or request.
 */
#ifndef AW_BASE_ARENA_H
#define AW_BASE_ARENA_H

#include "base/error.h"
#include "base/str.h"

struct aw_arena {
    struct aw_arena_chunk *head;
    size_t used; /* bytes handed out */
    size_t max;
};

void aw_arena_init(struct aw_arena *arena, size_t max);
void aw_arena_deinit(struct aw_arena *arena);
void aw_arena_reset(struct aw_arena *arena);

/* size zeroed bytes, or NULL (limit or memory). */
void *aw_arena_alloc(struct aw_arena *arena, size_t size);

/* An array of count items; NULL also where count * size overflows. */
void *aw_arena_array(struct aw_arena *arena, size_t count, size_t size);

/* Copies text, ended by a NUL that is not counted. The failure is told by
 * AW_NOMEM. */
aw_rc aw_arena_dup(struct aw_arena *arena, struct aw_str text,
                   struct aw_str *out, struct aw_err *err) AW_MUST_USE;

/* Room for one more item in an array that lives in the arena: doubles *items
 * when count reaches *cap. The old array stays in the arena until reset. */
aw_rc aw_arena_grow(struct aw_arena *arena, void **items, size_t count,
                    size_t *cap, size_t size, struct aw_err *err) AW_MUST_USE;

/* What to return when aw_arena_alloc gave NULL. */
aw_rc aw_arena_fail(const struct aw_arena *arena, struct aw_err *err);

#endif
