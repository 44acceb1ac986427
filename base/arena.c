#include "base/arena.h"

#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

#define CHUNK_MIN ((size_t)16 * 1024)
#define ALIGN alignof(max_align_t)

struct aw_arena_chunk {
    struct aw_arena_chunk *next;
    size_t used;
    size_t cap;
    alignas(max_align_t) char bytes[];
};

void aw_arena_init(struct aw_arena *arena, size_t max)
{
    *arena = (struct aw_arena){.max = max < SIZE_MAX / 4 ? max : SIZE_MAX / 4};
}

static void free_chunks(struct aw_arena_chunk *chunk)
{
    while (chunk) {
        struct aw_arena_chunk *next = chunk->next;

        free(chunk);
        chunk = next;
    }
}

void aw_arena_deinit(struct aw_arena *arena)
{
    free_chunks(arena->head);
    *arena = (struct aw_arena){0};
}

void aw_arena_reset(struct aw_arena *arena)
{
    struct aw_arena_chunk *first = arena->head;

    arena->used = 0;
    if (!first)
        return;
    while (first->next) {
        struct aw_arena_chunk *next = first->next;

        free(first);
        first = next;
    }
    first->used = 0;
    arena->head = first;
}

static struct aw_arena_chunk *add_chunk(struct aw_arena *arena, size_t size)
{
    size_t cap = size > CHUNK_MIN ? size : CHUNK_MIN;
    struct aw_arena_chunk *chunk = malloc(sizeof *chunk + cap);

    if (!chunk)
        return NULL;
    chunk->used = 0;
    chunk->cap = cap;
    chunk->next = arena->head;
    arena->head = chunk;
    return chunk;
}

/* As they lie there. */
static void *take(struct aw_arena *arena, size_t size)
{
    struct aw_arena_chunk *chunk = arena->head;
    void *at;

    if (size > arena->max || arena->used > arena->max - size)
        return NULL;
    size = (size + ALIGN - 1) / ALIGN * ALIGN;
    if (!chunk || chunk->cap - chunk->used < size)
        chunk = add_chunk(arena, size);
    if (!chunk)
        return NULL;
    at = chunk->bytes + chunk->used;
    chunk->used += size;
    arena->used += size;
    return at;
}

void *aw_arena_alloc(struct aw_arena *arena, size_t size)
{
    void *bytes = take(arena, size);

    return bytes ? memset(bytes, 0, size) : NULL;
}

void *aw_arena_array(struct aw_arena *arena, size_t count, size_t size)
{
    size_t bytes;

    if (__builtin_mul_overflow(count, size, &bytes))
        return NULL;
    return aw_arena_alloc(arena, bytes);
}

aw_rc aw_arena_fail(const struct aw_arena *arena, struct aw_err *err)
{
    return aw_fail(err, AW_NOMEM, "out of memory (limit %zu bytes, %zu used)",
                   arena->max, arena->used);
}

aw_rc aw_arena_dup(struct aw_arena *arena, struct aw_str text,
                   struct aw_str *out, struct aw_err *err)
{
    char *copy = take(arena, text.len + 1);

    if (!copy)
        return aw_arena_fail(arena, err);
    if (text.len > 0)
        memcpy(copy, text.ptr, text.len);
    copy[text.len] = '\0';
    *out = (struct aw_str){copy, text.len};
    return AW_OK;
}

aw_rc aw_arena_grow(struct aw_arena *arena, void **items, size_t count,
                    size_t *cap, size_t size, struct aw_err *err)
{
    size_t more = *cap ? *cap * 2 : 8;
    void *grown;

    if (count < *cap)
        return AW_OK;
    grown = aw_arena_array(arena, more, size);
    if (!grown)
        return aw_arena_fail(arena, err);
    if (count > 0)
        memcpy(grown, *items, count * size);
    *items = grown;
    *cap = more;
    return AW_OK;
}
