#include "tests/base/base_test.h"

#include "base/hash.h"

static struct aw_err err;
static char hex[AW_SHA256_HEX_MAX];

#define EMPTY \
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
#define ABC "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
#define MILLION \
    "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"

static char *million(void)
{
    char *text = malloc(1000000);

    assert_non_null(text);
    memset(text, 'a', 1000000);
    return text;
}

/* FIPS 180-2, appendix B, and the empty message. */
static void sha256_of_the_standard_s_messages(void **s)
{
    char *text = million();

    (void)s;
    aw_sha256_hex((struct aw_str){0}, hex);
    assert_string_equal(hex, EMPTY);
    aw_sha256_hex(AW_STR("abc"), hex);
    assert_string_equal(hex, ABC);
    aw_sha256_hex(
        AW_STR("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
        hex);
    assert_string_equal(
        hex,
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    aw_sha256_hex((struct aw_str){text, 1000000}, hex);
    assert_string_equal(hex, MILLION);
    free(text);
}

static void sha256_of_parts_is_that_of_the_whole(void **s)
{
    const struct aw_str parts[] = {AW_STR("a"), {0}, AW_STR("bc")};

    (void)s;
    aw_sha256_parts(parts, 3, hex);
    assert_string_equal(hex, ABC);
    aw_sha256_parts(NULL, 0, hex);
    assert_string_equal(hex, EMPTY);
}

static void sha256_of_a_file_is_that_of_its_bytes(void **s)
{
    char dir[PATH_MAX];
    char *text = million();

    (void)s;
    make_temp(dir);
    put_file(in_dir(dir, "m"), text, 1000000);
    put_file(in_dir(dir, "empty"), "", 0);
    assert_int_equal(aw_sha256_file(in_dir(dir, "m"), hex, &err), AW_OK);
    assert_string_equal(hex, MILLION);
    assert_int_equal(aw_sha256_file(in_dir(dir, "empty"), hex, &err), AW_OK);
    assert_string_equal(hex, EMPTY);
    drop_temp(dir);
    free(text);
}

static void a_file_that_cannot_be_read_is_named(void **s)
{
    char dir[PATH_MAX];

    (void)s;
    make_temp(dir);
    assert_int_equal(aw_sha256_file(in_dir(dir, "none"), hex, &err), AW_IO);
    assert_has(err.msg, "/none'");
    assert_int_equal(aw_sha256_file(dir, hex, &err), AW_IO);
    assert_has(err.msg, "directory");
    drop_temp(dir);
}

/* The check value of CRC-64/XZ. */
static void crc64_of_the_nine_digits_is_known(void **state)
{
    char crc[AW_CRC64_HEX_MAX];

    (void)state;
    aw_crc64_hex(AW_STR("123456789"), crc);
    assert_string_equal(crc, "995dc9bbdf1939fa");
}

static void hash64_is_fixed_and_tells_texts_apart(void **s)
{
    uint64_t seen[1000];

    (void)s;
    assert_true(aw_hash64(AW_STR("保本")) == aw_hash64(AW_STR("保本")));
    assert_true(aw_hash64((struct aw_str){0}) == aw_hash64(AW_STR("")));
    for (int i = 0; i < 1000; i++) {
        seen[i] = aw_hash64((struct aw_str){(const char *)&i, sizeof i});
        for (int j = 0; j < i; j++)
            assert_true(seen[i] != seen[j]);
    }
}

/* Tables mask the low bits: 4096 keys in 4096 slots fill about 63 % of them
 * (1 - 1/e). */
static void the_low_bits_of_hash64_are_spread(void **s)
{
    static bool used[4096];
    int count = 0;

    (void)s;
    for (uint64_t i = 0; i < 4096; i++) {
        uint64_t key = i << 20;
        size_t slot =
            aw_hash64((struct aw_str){(const char *)&key, sizeof key}) & 4095;

        count += !used[slot];
        used[slot] = true;
    }
    assert_in_range((uintmax_t)count, 2450, 2730);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sha256_of_the_standard_s_messages),
        cmocka_unit_test(sha256_of_parts_is_that_of_the_whole),
        cmocka_unit_test(sha256_of_a_file_is_that_of_its_bytes),
        cmocka_unit_test(a_file_that_cannot_be_read_is_named),
        cmocka_unit_test(crc64_of_the_nine_digits_is_known),
        cmocka_unit_test(hash64_is_fixed_and_tells_texts_apart),
        cmocka_unit_test(the_low_bits_of_hash64_are_spread),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
