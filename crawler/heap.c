#include "crawler/heap.h"

#include <stdlib.h>

static size_t *place_of(const struct aw_heap *heap, void *item)
{
    return (size_t *)((char *)item + heap->kind->place_at);
}

static void put(struct aw_heap *heap, size_t at, void *item)
{
    heap->items[at] = item;
    *place_of(heap, item) = at;
}

static void sift_up(struct aw_heap *heap, size_t at)
{
    void *item = heap->items[at];

    while (at > 0 && heap->kind->before(item, heap->items[(at - 1) / 2])) {
        put(heap, at, heap->items[(at - 1) / 2]);
        at = (at - 1) / 2;
    }
    put(heap, at, item);
}

static void sift_down(struct aw_heap *heap, size_t at)
{
    void *item = heap->items[at];

    for (;;) {
        size_t child = at * 2 + 1;

        if (child >= heap->count)
            break;
        if (child + 1 < heap->count &&
            heap->kind->before(heap->items[child + 1], heap->items[child]))
            child++;
        if (!heap->kind->before(heap->items[child], item))
            break;
        put(heap, at, heap->items[child]);
        at = child;
    }
    put(heap, at, item);
}

void aw_heap_init(struct aw_heap *heap, const struct aw_heap_kind *kind)
{
    *heap = (struct aw_heap){.kind = kind};
}

void aw_heap_deinit(struct aw_heap *heap)
{
    free(heap->items);
}

aw_rc aw_heap_push(struct aw_heap *heap, void *item, struct aw_err *err)
{
    if (heap->count == heap->cap) {
        size_t cap = heap->cap ? heap->cap * 2 : 1;
        void *grown = realloc(heap->items, cap * sizeof(void *));

        if (!grown)
            return aw_fail(err, AW_NOMEM, "out of memory");
        heap->items = grown;
        heap->cap = cap;
    }
    heap->items[heap->count] = item;
    sift_up(heap, heap->count++);
    return AW_OK;
}

void *aw_heap_top(const struct aw_heap *heap)
{
    return heap->count > 0 ? heap->items[0] : NULL;
}

void aw_heap_remove(struct aw_heap *heap, void *item)
{
    size_t at = *place_of(heap, item);
    void *last = heap->items[--heap->count];

    if (last != item) {
        put(heap, at, last);
        sift_up(heap, at);
        sift_down(heap, *place_of(heap, last));
    }
    *place_of(heap, item) = AW_HEAP_NOWHERE;
}
