/* A table of what was seen for sure. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/rng.h"
#include "crawler/seen.h"

#define SLOTS 64

static struct aw_seen *seen;
static struct aw_err err;

static int set_up(void **state)
{
    (void)state;
    return (int)aw_seen_new(&seen, SLOTS, &err);
}

static int tear_down(void **state)
{
    (void)state;
    aw_seen_free(seen);
    return 0;
}

static void a_hash_is_new_once(void **state)
{
    (void)state;
    assert_false(aw_seen_has(seen, 77));
    assert_true(aw_seen_add(seen, 77));
    assert_true(aw_seen_has(seen, 77));
    assert_false(aw_seen_add(seen, 77));
    assert_false(aw_seen_has(seen, 79));
}

static void a_negative_hash_is_one_as_well(void **state)
{
    (void)state;
    assert_true(aw_seen_add(seen, INT64_MIN + 1));
    assert_true(aw_seen_add(seen, -1));
    assert_true(aw_seen_has(seen, INT64_MIN + 1));
    assert_true(aw_seen_has(seen, -1));
    assert_false(aw_seen_has(seen, 1));
}

static void hashes_that_meet_are_told_apart(void **state)
{
    (void)state;
    for (int64_t i = 0; i < 20; i++)
        assert_true(aw_seen_add(seen, 2 * SLOTS * i + 127)); /* one slot */
    for (int64_t i = 0; i < 20; i++)
        assert_true(aw_seen_has(seen, 2 * SLOTS * i + 127));
    assert_false(aw_seen_has(seen, 2 * SLOTS * 20 + 127));
}

static void a_table_that_is_half_full_forgets_all(void **state)
{
    (void)state;
    for (int64_t i = 1; i <= SLOTS / 2; i++)
        assert_true(aw_seen_add(seen, i));
    for (int64_t i = 1; i <= SLOTS / 2; i++)
        assert_false(aw_seen_add(seen, i));
    assert_true(aw_seen_add(seen, 1000));
    for (int64_t i = 1; i <= SLOTS / 2; i++)
        assert_false(aw_seen_has(seen, i));
    assert_true(aw_seen_has(seen, 1000));
    assert_true(aw_seen_add(seen, 1));
}

static void a_table_that_grows_keeps_all(void **state)
{
    struct aw_seen *large = NULL;

    (void)state;
    assert_int_equal(aw_seen_new(&large, (size_t)1 << 16, &err), AW_OK);
    for (int64_t i = 1; i <= 1 << 15; i++)
        assert_true(aw_seen_add(large, i * 977));
    for (int64_t i = 1; i <= 1 << 15; i++)
        assert_false(aw_seen_add(large, i * 977));
    assert_true(aw_seen_add(large, 1));
    assert_false(aw_seen_has(large, 977));
    aw_seen_free(large);
}

static void a_yes_is_always_true(void **state)
{
    bool was_added[1000] = {false};
    struct aw_rng rng;

    (void)state;
    aw_rng_init(&rng, 7);
    for (int step = 0; step < 20000; step++) {
        int64_t hash = 1 + (int64_t)aw_rng_below(&rng, 999);

        if (aw_seen_has(seen, hash))
            assert_true(was_added[hash]);
        if (step % 2)
            assert_false(aw_seen_add(seen, hash) && aw_seen_add(seen, hash));
        was_added[hash] |= step % 2;
        assert_int_equal(aw_seen_has(seen, hash) && !was_added[hash], 0);
    }
}

static void the_lowest_rank_of_a_hash_is_kept(void **state)
{
    struct aw_seen *ranked = NULL;
    int64_t hash = INT64_C(-0x123456789ABCDEF);

    (void)state;
    assert_int_equal(aw_seen_new_ranked(&ranked, 1 << 12, &err), AW_OK);
    assert_false(aw_seen_has_lower(ranked, hash, AW_SEEN_RANK_MAX));
    assert_true(aw_seen_add_lower(ranked, hash, 9));
    assert_false(aw_seen_add_lower(ranked, hash, 9));
    assert_false(aw_seen_add_lower(ranked, hash, 1000));
    assert_true(aw_seen_add_lower(ranked, hash, 2));
    assert_true(aw_seen_has_lower(ranked, hash, 3));
    assert_false(aw_seen_has_lower(ranked, hash, 1));
    assert_true(aw_seen_has(ranked, hash));
    for (int64_t i = 1; i <= 1 << 10; i++)
        assert_true(aw_seen_add_lower(ranked, (i << 8) | 1, i % 100));
    for (int64_t i = 1; i <= 1 << 10; i++) {
        assert_true(aw_seen_has_lower(ranked, (i << 8) | 1, i % 100));
        assert_true(i % 100 == 0 ||
                    !aw_seen_has_lower(ranked, (i << 8) | 1, i % 100 - 1));
    }
    assert_true(aw_seen_has_lower(ranked, hash, 2));
    aw_seen_free(ranked);
}

static void no_table_can_be_freed(void **state)
{
    (void)state;
    aw_seen_free(NULL);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_hash_is_new_once),
        TEST(a_negative_hash_is_one_as_well),
        TEST(hashes_that_meet_are_told_apart),
        TEST(a_table_that_is_half_full_forgets_all),
        TEST(a_table_that_grows_keeps_all),
        TEST(a_yes_is_always_true),
        TEST(the_lowest_rank_of_a_hash_is_kept),
        TEST(no_table_can_be_freed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
