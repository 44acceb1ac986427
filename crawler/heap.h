/* heap.h - a binary heap of items that know their place in it.
 *
 * Items are the caller's structs; each has a size_t member where the heap
 * keeps its place, AW_HEAP_NOWHERE while it is in none. That makes taking one
 * out of the middle, or moving one whose key has changed, a matter of log n.
 */
#ifndef AW_CRAWLER_HEAP_H
#define AW_CRAWLER_HEAP_H

#include "base/error.h"
#include "base/str.h"

#define AW_HEAP_NOWHERE SIZE_MAX

struct aw_heap_kind {
    bool (*before)(const void *a, const void *b);
    size_t place_at; /* offsetof the member */
};

struct aw_heap {
    const struct aw_heap_kind *kind;
    void **items;
    size_t count, cap;
};

void aw_heap_init(struct aw_heap *heap, const struct aw_heap_kind *kind);
void aw_heap_deinit(struct aw_heap *heap); /* not the items */

aw_rc aw_heap_push(struct aw_heap *heap, void *item,
                   struct aw_err *err) AW_MUST_USE;

/* The item that comes first, or NULL. */
void *aw_heap_top(const struct aw_heap *heap);

/* Takes out an item, which is in this heap. */
void aw_heap_remove(struct aw_heap *heap, void *item);

#endif
