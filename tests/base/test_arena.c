#include "tests/base/base_test.h"

#include <stdalign.h>

#include "base/arena.h"

static struct aw_arena arena;
static struct aw_err err;

static int tear_down(void **s)
{
    (void)s;
    aw_arena_deinit(&arena);
    return 0;
}

static bool is_zero(const char *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (bytes[i])
            return false;
    return true;
}

static void memory_is_aligned_for_any_type_and_zeroed(void **s)
{
    (void)s;
    aw_arena_init(&arena, 1 << 20);
    for (size_t size = 0; size < 300; size++) {
        char *at = aw_arena_alloc(&arena, size);

        assert_non_null(at);
        assert_int_equal((uintptr_t)at % alignof(max_align_t), 0);
        assert_true(is_zero(at, size));
        memset(at, 0xAA, size);
    }
}

static void pieces_do_not_overlap(void **s)
{
    unsigned char *at[200];

    (void)s;
    aw_arena_init(&arena, 1 << 20);
    for (size_t i = 0; i < 200; i++) {
        at[i] = aw_arena_alloc(&arena, i * 7);
        assert_non_null(at[i]);
        memset(at[i], (int)i, i * 7);
    }
    for (size_t i = 0; i < 200; i++)
        for (size_t j = 0; j < i * 7; j++)
            assert_int_equal(at[i][j], i);
}

static void the_limit_itself_fits_and_no_more(void **s)
{
    (void)s;
    aw_arena_init(&arena, 64);
    assert_null(aw_arena_alloc(&arena, 65));
    assert_non_null(aw_arena_alloc(&arena, 64));
    assert_null(aw_arena_alloc(&arena, 1));
    assert_int_equal(aw_arena_fail(&arena, &err), AW_NOMEM);
    assert_has(err.msg, "64 bytes");
}

static void many_small_pieces_meet_the_limit_too(void **s)
{
    size_t count = 0;

    (void)s;
    aw_arena_init(&arena, 100000);
    while (aw_arena_alloc(&arena, 1))
        count++;
    assert_true(count >= 100000 / alignof(max_align_t));
    assert_true(count <= 100000 / alignof(max_align_t) + 1);
}

static void reset_gives_zeroed_memory_again(void **s)
{
    char *first;

    (void)s;
    aw_arena_init(&arena, 1 << 20);
    first = aw_arena_alloc(&arena, 1000);
    assert_non_null(first);
    memset(first, 'x', 1000);
    assert_non_null(aw_arena_alloc(&arena, 100000)); /* a second chunk */
    aw_arena_reset(&arena);
    assert_int_equal(arena.used, 0);
    assert_ptr_equal(aw_arena_alloc(&arena, 1000), first);
    assert_true(is_zero(first, 1000));
}

static void reset_and_deinit_of_an_unused_arena_do_nothing(void **s)
{
    (void)s;
    aw_arena_init(&arena, 100);
    aw_arena_reset(&arena);
    assert_non_null(aw_arena_alloc(&arena, 1));
    aw_arena_deinit(&arena);
    assert_null(aw_arena_alloc(&arena, 1));
}

static void sizes_that_overflow_give_null(void **s)
{
    (void)s;
    aw_arena_init(&arena, SIZE_MAX);
    assert_null(aw_arena_alloc(&arena, SIZE_MAX));
    assert_null(aw_arena_alloc(&arena, SIZE_MAX - 8));
    assert_null(aw_arena_array(&arena, SIZE_MAX / 2, 3));
    assert_null(aw_arena_array(&arena, SIZE_MAX / 2 + 2, 2));
    assert_non_null(aw_arena_array(&arena, 3, 5));
}

static void dup_copies_and_ends_with_a_nul(void **s)
{
    char text[] = "a\0b";
    struct aw_str copy = {0};

    (void)s;
    aw_arena_init(&arena, 100);
    assert_int_equal(aw_arena_dup(&arena, (struct aw_str){text, 3}, &copy,
                                  &err),
                     AW_OK);
    text[0] = 'x';
    assert_int_equal(copy.len, 3);
    assert_memory_equal(copy.ptr, "a\0b", 4);
    assert_int_equal(aw_arena_dup(&arena, (struct aw_str){0}, &copy, &err),
                     AW_OK);
    assert_int_equal(copy.len, 0);
    assert_string_equal(copy.ptr, "");
}

static void dup_over_the_limit_leaves_out_alone(void **s)
{
    struct aw_str copy = AW_STR("kept");

    (void)s;
    aw_arena_init(&arena, 4);
    assert_int_equal(aw_arena_dup(&arena, AW_STR("1234"), &copy, &err),
                     AW_NOMEM);
    assert_str(copy, "kept");
}

static void grow_keeps_the_items_and_doubles_the_room(void **s)
{
    int *items = NULL;
    size_t cap = 0;

    (void)s;
    aw_arena_init(&arena, 1 << 20);
    for (size_t count = 0; count < 1000; count++) {
        void *grown = items;

        assert_int_equal(aw_arena_grow(&arena, &grown, count, &cap,
                                       sizeof *items, &err),
                         AW_OK);
        assert_true(cap > count);
        items = grown;
        items[count] = (int)count;
    }
    for (int i = 0; i < 1000; i++)
        assert_int_equal(items[i], i);
    assert_int_equal(cap, 1024);
}

static void grow_over_the_limit_leaves_array_and_cap_alone(void **s)
{
    void *items = NULL;
    size_t cap = 0;
    void *first;

    (void)s;
    aw_arena_init(&arena, 8 * sizeof(int));
    assert_int_equal(aw_arena_grow(&arena, &items, 0, &cap, sizeof(int), &err),
                     AW_OK);
    first = items;
    assert_int_equal(aw_arena_grow(&arena, &items, 8, &cap, sizeof(int), &err),
                     AW_NOMEM);
    assert_ptr_equal(items, first);
    assert_int_equal(cap, 8);
}

#define UNIT(test) cmocka_unit_test_teardown(test, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(memory_is_aligned_for_any_type_and_zeroed),
        UNIT(pieces_do_not_overlap),
        UNIT(the_limit_itself_fits_and_no_more),
        UNIT(many_small_pieces_meet_the_limit_too),
        UNIT(reset_gives_zeroed_memory_again),
        UNIT(reset_and_deinit_of_an_unused_arena_do_nothing),
        UNIT(sizes_that_overflow_give_null),
        UNIT(dup_copies_and_ends_with_a_nul),
        UNIT(dup_over_the_limit_leaves_out_alone),
        UNIT(grow_keeps_the_items_and_doubles_the_room),
        UNIT(grow_over_the_limit_leaves_array_and_cap_alone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
