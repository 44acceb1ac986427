/* Digests as other programs state them. The values are those of "abc" in FIPS
 * 180-4 and RFC 1321, in other spellings made by another program. */
#include "archive_test.h"

static const char *const of_abc[] = {
    "md5:900150983cd24fb0d6963f7d28e17f72",
    "sha1:VGMT4NSHA2AWVOR6EVYXQUGCNSONBWE5",
    "sha1:vgmt4nsha2awvor6evyxqugcnsonbwe5",
    "SHA-1:A9993E364706816ABA3E25717850C26C9CD0D89D",
    "sha1:qZk+NkcGgWq6PiVxeFDCbJzQ2J0=",
    "sha1:qZk-NkcGgWq6PiVxeFDCbJzQ2J0",
    "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    "sha-256:XJ4BNP4PAHH6UQKBIDPF3LRCEOYAGYNDSYLXVHFUCD7WD4QACWWQ====",
    "sha256:ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=",
    "sha384:ywB1P0WjXou1oD1pmsZQBycsMqsO3tFjGotgWkP/"
    "W+2AhgcroefMI1i67KE0yCWn",
    "sha512:3a81oZNherrMQXNJriBBMRLm+k6JqX6iCp7u5ktV05ohkpkqJ0/"
    "BqDa6PCOj/uu9RU1EI2Q86A4qmslPpUyknw==",
};

static bool is_digest_of(struct bench *b, const char *stated,
                         struct aw_str text)
{
    const struct aw_str parts[] = {aw_str_sub(text, 0, 1),
                                   aw_str_sub(text, 1, text.len)};
    struct aw_warc_digest read, made;

    assert_ok(b, aw_warc_digest_parse(aw_str_of(stated), &read, &b->err));
    assert_non_null(read.algorithm);
    made.algorithm = read.algorithm;
    assert_ok(b, aw_warc_digest_make(&made, parts, 2, &b->err));
    return aw_warc_digest_same(&read, &made);
}

static void every_algorithm_and_spelling_is_checked(void **state)
{
    struct bench *b = *state;

    for (size_t i = 0; i < sizeof of_abc / sizeof of_abc[0]; i++) {
        if (!is_digest_of(b, of_abc[i], AW_STR("abc")))
            fail_msg("not that of abc: %s", of_abc[i]);
        assert_false(is_digest_of(b, of_abc[i], AW_STR("abd")));
    }
}

static void other_algorithms_are_passed_over(void **state)
{
    struct bench *b = *state;
    const char *texts[] = {"", "abc", "blake3:0011", "sha3-256:00", ":"};
    struct aw_warc_digest read;

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        assert_ok(b,
                  aw_warc_digest_parse(aw_str_of(texts[i]), &read, &b->err));
        assert_null(read.algorithm);
    }
}

static void what_has_no_such_length_or_letter_is_refused(void **state)
{
    struct bench *b = *state;
    const char *texts[] = {"sha1:",
                           "sha1:AAAA",
                           "sha256:====",
                           "sha1:VGMT4NSHA2AWVOR6EVYXQUGCNSONBWE1",
                           "sha1:A9993E364706816ABA3E25717850C26C9CD0D89G",
                           "md5:900150983cd24fb0d6963f7d28e17f72 "};
    struct aw_warc_digest read;

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        assert_rc(b, AW_INVALID,
                  aw_warc_digest_parse(aw_str_of(texts[i]), &read, &b->err));
}

static void sha256_comes_as_hex_and_others_do_not(void **state)
{
    struct bench *b = *state;
    char hex[AW_SHA256_HEX_MAX];
    struct aw_warc_digest read;

    assert_ok(b, aw_warc_digest_parse(aw_str_of(of_abc[7]), &read, &b->err));
    aw_warc_digest_hex(&read, hex);
    assert_string_equal(hex, strchr(of_abc[6], ':') + 1);
    assert_ok(b, aw_warc_digest_parse(aw_str_of(of_abc[1]), &read, &b->err));
    aw_warc_digest_hex(&read, hex);
    assert_string_equal(hex, "");
}

static void base32_is_written_as_it_is_read(void **state)
{
    struct bench *b = *state;
    struct aw_warc_digest read;
    struct aw_buf out;

    aw_buf_init(&out, 256);
    assert_ok(b, aw_warc_digest_parse(aw_str_of(of_abc[1]), &read, &b->err));
    aw_warc_digest_base32(&out, &read);
    assert_string_equal(out.ptr, strchr(of_abc[1], ':') + 1);
    aw_buf_reset(&out);
    assert_ok(b, aw_warc_digest_parse(aw_str_of(of_abc[6]), &read, &b->err));
    aw_warc_digest_base32(&out, &read);
    assert_string_equal(
        out.ptr, "XJ4BNP4PAHH6UQKBIDPF3LRCEOYAGYNDSYLXVHFUCD7WD4QACWWQ");
    aw_buf_deinit(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        bench_test(every_algorithm_and_spelling_is_checked),
        bench_test(other_algorithms_are_passed_over),
        bench_test(what_has_no_such_length_or_letter_is_refused),
        bench_test(sha256_comes_as_hex_and_others_do_not),
        bench_test(base32_is_written_as_it_is_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
