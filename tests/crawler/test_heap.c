/* A heap of items that know their place. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/rng.h"
#include "crawler/heap.h"

#define ITEMS 200

struct item {
    int64_t key;
    size_t place;
};

static bool key_before(const void *a, const void *b)
{
    return ((const struct item *)a)->key < ((const struct item *)b)->key;
}

static const struct aw_heap_kind kind = {key_before,
                                         offsetof(struct item, place)};
static struct aw_heap heap;
static struct item items[ITEMS];
static struct aw_err err;

static int set_up(void **state)
{
    (void)state;
    aw_heap_init(&heap, &kind);
    for (size_t i = 0; i < ITEMS; i++)
        items[i] = (struct item){0, AW_HEAP_NOWHERE};
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    aw_heap_deinit(&heap);
    return 0;
}

static void push(struct item *item, int64_t key)
{
    item->key = key;
    assert_int_equal(aw_heap_push(&heap, item, &err), AW_OK);
}

static void an_empty_heap_has_no_top(void **state)
{
    (void)state;
    assert_null(aw_heap_top(&heap));
    push(&items[0], 1);
    aw_heap_remove(&heap, &items[0]);
    assert_null(aw_heap_top(&heap));
    assert_int_equal(heap.count, 0);
}

static void items_come_out_in_their_order(void **state)
{
    static const int64_t keys[] = {5, 3, 8, 3, 1, 9, 2, -4};
    int64_t last = INT64_MIN;

    (void)state;
    for (size_t i = 0; i < 8; i++)
        push(&items[i], keys[i]);
    for (size_t left = 8; left > 0; left--) {
        struct item *top = aw_heap_top(&heap);

        assert_int_equal(heap.count, left);
        assert_true(top->key >= last);
        last = top->key;
        aw_heap_remove(&heap, top);
        assert_int_equal(top->place, AW_HEAP_NOWHERE);
    }
    assert_int_equal(last, 9);
}

static void one_out_of_the_middle_leaves_the_others_in_order(void **state)
{
    (void)state;
    /* 7 stands below 6; the last one, 2, has to rise when 7 goes */
    push(&items[0], 0);
    push(&items[1], 6);
    push(&items[2], 1);
    push(&items[3], 7);
    push(&items[4], 8);
    push(&items[5], 2);
    assert_int_equal(heap.items[3] == &items[3], 1);
    aw_heap_remove(&heap, &items[3]);
    aw_heap_remove(&heap, aw_heap_top(&heap));
    aw_heap_remove(&heap, aw_heap_top(&heap));
    assert_ptr_equal(aw_heap_top(&heap), &items[5]);
}

/* ---- against a list ---------------------------------------------------- */

static void assert_places(void)
{
    size_t inside = 0;

    for (size_t i = 0; i < ITEMS; i++) {
        if (items[i].place == AW_HEAP_NOWHERE)
            continue;
        inside++;
        assert_ptr_equal(heap.items[items[i].place], &items[i]);
    }
    assert_int_equal(inside, heap.count);
}

static int64_t least_key(void)
{
    int64_t least = INT64_MAX;

    for (size_t i = 0; i < ITEMS; i++)
        if (items[i].place != AW_HEAP_NOWHERE && items[i].key < least)
            least = items[i].key;
    return least;
}

static void
any_order_of_pushes_and_removals_keeps_the_least_on_top(void **state)
{
    struct aw_rng rng;

    (void)state;
    for (uint64_t seed = 1; seed <= 5; seed++) {
        aw_rng_init(&rng, seed);
        print_message("seed %d\n", (int)seed);
        for (int step = 0; step < 4000; step++) {
            struct item *item = &items[aw_rng_below(&rng, ITEMS)];

            if (item->place == AW_HEAP_NOWHERE)
                push(item, (int64_t)aw_rng_below(&rng, 50));
            else
                aw_heap_remove(&heap, item);
            assert_places();
            if (heap.count > 0)
                assert_int_equal(((struct item *)aw_heap_top(&heap))->key,
                                 least_key());
        }
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_empty_heap_has_no_top),
        TEST(items_come_out_in_their_order),
        TEST(one_out_of_the_middle_leaves_the_others_in_order),
        TEST(any_order_of_pushes_and_removals_keeps_the_least_on_top),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
