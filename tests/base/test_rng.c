#include "tests/base/base_test.h"

#include "base/rng.h"

static void the_same_seed_gives_the_same_numbers(void **s)
{
    struct aw_rng a, b, c;

    (void)s;
    aw_rng_init(&a, 7);
    aw_rng_init(&b, 7);
    aw_rng_init(&c, 8);
    for (int i = 0; i < 1000; i++) {
        uint64_t number = aw_rng_next(&a);

        assert_true(number == aw_rng_next(&b));
        assert_true(number != aw_rng_next(&c));
    }
}

static void the_numbers_are_those_of_splitmix64(void **s)
{
    struct aw_rng rng;

    /* The first three of seed 0, as the generator's arithmetic gives them. */
    (void)s;
    aw_rng_init(&rng, 0);
    assert_true(aw_rng_next(&rng) == UINT64_C(0xE220A8397B1DCDAF));
    assert_true(aw_rng_next(&rng) == UINT64_C(0x6E789E6AA1B965F4));
    assert_true(aw_rng_next(&rng) == UINT64_C(0x06C45D188009454F));
}

static void below_stays_below_and_reaches_all(void **s)
{
    struct aw_rng rng;
    int seen[7] = {0};

    (void)s;
    aw_rng_init(&rng, 1);
    for (int i = 0; i < 7000; i++) {
        uint64_t n = aw_rng_below(&rng, 7);

        assert_true(n < 7);
        seen[n]++;
    }
    for (int i = 0; i < 7; i++)
        assert_in_range((uintmax_t)seen[i], 850, 1150);
    for (int i = 0; i < 100; i++) {
        assert_true(aw_rng_below(&rng, 1) == 0);
        assert_true(aw_rng_below(&rng, UINT64_MAX) < UINT64_MAX);
    }
}

static void a_uuid_has_the_shape_of_version_4(void **s)
{
    static const char shape[] =
        "urn:uuid:xxxxxxxx-xxxx-4xxx-Vxxx-xxxxxxxxxxxx";
    char uuid[AW_UUID_URN_MAX], before[AW_UUID_URN_MAX] = "";
    struct aw_rng rng;

    (void)s;
    aw_rng_init(&rng, 3);
    for (int n = 0; n < 2000; n++) {
        aw_rng_uuid_urn(&rng, uuid);
        assert_int_equal(strlen(uuid), strlen(shape));
        for (size_t i = 9; shape[i]; i++) {
            const char *allowed = shape[i] == 'x'   ? "0123456789abcdef"
                                  : shape[i] == 'V' ? "89ab"
                                  : shape[i] == '4' ? "4"
                                                    : "-";

            assert_non_null(strchr(allowed, uuid[i]));
        }
        assert_memory_equal(uuid, shape, 9);
        assert_string_not_equal(uuid, before);
        memcpy(before, uuid, sizeof before);
    }
}

static void seeds_of_the_kernel_differ(void **s)
{
    struct aw_rng a, b;

    (void)s;
    aw_rng_init_entropy(&a);
    aw_rng_init_entropy(&b);
    assert_true(a.state != b.state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_seed_gives_the_same_numbers),
        cmocka_unit_test(the_numbers_are_those_of_splitmix64),
        cmocka_unit_test(below_stays_below_and_reaches_all),
        cmocka_unit_test(a_uuid_has_the_shape_of_version_4),
        cmocka_unit_test(seeds_of_the_kernel_differ),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
