#include "tests/base/base_test.h"

#include "base/rng.h"
#include "base/sm3_many.h"

#define MOST 400
#define BYTES ((size_t)1 << 16)

static struct aw_err err;
static char bytes[BYTES];
static struct aw_sm3_job jobs[MOST];
static unsigned char digests[MOST][AW_DIGEST_LEN];

static void fill(void)
{
    struct aw_rng rng;

    aw_rng_init(&rng, 5);
    for (size_t i = 0; i < BYTES; i++)
        bytes[i] = (char)aw_rng_below(&rng, 256);
}

static void set(size_t which, size_t from, size_t len)
{
    jobs[which].text = (struct aw_str){bytes + from, len};
    jobs[which].digest = digests[which];
}

/* Each digest is that of its text alone; jobs may be in another order. */
static void check(size_t count)
{
    char want[AW_SM3_HEX_MAX];
    char got[AW_SM3_HEX_MAX];

    memset(digests, 0, sizeof digests);
    assert_int_equal(aw_sm3_many(jobs, count, &err), AW_OK);
    for (size_t i = 0; i < count; i++) {
        aw_sm3_hex(jobs[i].text, want);
        aw_digest_hex(jobs[i].digest, got);
        assert_string_equal(got, want);
    }
}

/* GB/T 32905-2016, annex A. */
static void they_are_those_of_the_standard_s_messages(void **state)
{
    static const char sixteen[] = "abcdabcdabcdabcdabcdabcdabcdabcd"
                                  "abcdabcdabcdabcdabcdabcdabcdabcd";
    char hex[AW_SM3_HEX_MAX];

    (void)state;
    for (size_t i = 0; i < 8; i++) {
        set(i, 0, 0);
        jobs[i].text = i % 2 ? AW_STR("abc") : AW_STR(sixteen);
    }
    assert_int_equal(aw_sm3_many(jobs, 8, &err), AW_OK);
    for (size_t i = 0; i < 8; i++) {
        aw_digest_hex(digests[i], hex);
        assert_string_equal(
            hex,
            i % 2 ? "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b"
                    "8f4ba8e0"
                  : "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba3"
                    "9c0c5732");
    }
}

/* Up to four blocks, with every way in which a text can end in its block. */
static void texts_of_every_length_have_their_own(void **state)
{
    (void)state;
    fill();
    for (size_t i = 0; i < 260; i++)
        set(i, i, i);
    check(260);
}

static void one_or_two_or_none_are_no_exception(void **state)
{
    (void)state;
    fill();
    check(0);
    for (size_t count = 1; count < 20; count++) {
        for (size_t i = 0; i < count; i++)
            set(i, 0, 1000);
        check(count);
    }
}

/* Long ones begin when the lanes are full, and end when they are empty. */
static void lengths_may_differ_much(void **state)
{
    struct aw_rng rng;

    (void)state;
    fill();
    aw_rng_init(&rng, 9);
    for (size_t round = 0; round < 20; round++) {
        for (size_t i = 0; i < MOST; i++) {
            size_t most = (size_t)1 << aw_rng_below(&rng, 16);

            set(i, aw_rng_below(&rng, 100), aw_rng_below(&rng, most));
        }
        check(MOST);
    }
}

static void one_that_is_longer_than_all_others_has_its_own(void **state)
{
    (void)state;
    fill();
    for (size_t i = 0; i < 20; i++)
        set(i, i, 200);
    set(20, 0, BYTES);
    check(21);
    assert_int_equal(jobs[0].text.len, BYTES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(they_are_those_of_the_standard_s_messages),
        cmocka_unit_test(texts_of_every_length_have_their_own),
        cmocka_unit_test(one_or_two_or_none_are_no_exception),
        cmocka_unit_test(lengths_may_differ_much),
        cmocka_unit_test(one_that_is_longer_than_all_others_has_its_own),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
