/* What the reader makes of files that others wrote, or meant to harm it. */
#include "archive_test.h"

#include <libdeflate.h>

#define HEAD_10                                                           \
    "WARC/1.0\r\nWARC-Type: response\r\n"                                 \
    "WARC-Record-ID: <urn:uuid:01234567-89ab-4def-8123-456789abcdef>\r\n" \
    "WARC-Date: 2016-11-23T12:00:00Z\r\n"                                 \
    "WARC-Target-URI: <http://a.example/>\r\n"

#define RESOURCE                                                       \
    "WARC/1.1\r\nWARC-Type: resource\r\nWARC-Record-ID: <urn:x:1>\r\n" \
    "WARC-Date: 2016-11-23T12:00:00Z\r\nWARC-Target-URI: urn:x\r\n"

static void pack(struct aw_buf *out, struct aw_str plain)
{
    struct libdeflate_compressor *c = libdeflate_alloc_compressor(1);
    size_t bound = libdeflate_gzip_compress_bound(c, plain.len);
    char *at = aw_buf_reserve(out, bound);

    assert_non_null(at);
    out->len += libdeflate_gzip_compress(c, plain.ptr, plain.len, at, bound);
    libdeflate_free_compressor(c);
}

/* The answer to text as a plain file, and packed: both must be `want`. */
static void assert_first(struct bench *b, aw_rc want, struct aw_str text)
{
    struct aw_buf packed;

    aw_buf_init(&packed, (size_t)1 << 24);
    pack(&packed, text);
    assert_rc(b, want, bench_first(b, aw_buf_str(&packed)));
    assert_rc(b, want, bench_first(b, text));
    aw_buf_deinit(&packed);
}

static struct aw_warc_reader *open_text(struct bench *b, struct aw_str text)
{
    struct aw_warc_reader *reader = NULL;
    char path[AW_PATH_MAX];

    bench_write(b, "text.warc", text);
    bench_path(b, "text.warc", path);
    assert_ok(b, aw_warc_reader_new(&reader, path, 0, &b->err));
    return reader;
}

/* --- other writers' files
 * ---------------------------------------------------- */

static void plain_file_of_warc_1_0_is_read_record_by_record(void **state)
{
    struct bench *b = *state;
    struct aw_str text =
        AW_STR(HEAD_10 "Content-Type: application/http;msgtype=response\r\n"
                       "Content-Length: 21\r\n\r\n"
                       "HTTP/1.0 404 No\r\n\r\nhi\r\n\r\n" RESOURCE
                       "Content-Length: 3\r\n\r\nabc\r\n\r\n");
    struct aw_warc_reader *reader = open_text(b, text);
    struct aw_warc_record record;
    struct aw_warc_place place;

    assert_ok(b, aw_warc_next(reader, &record, &place, &b->err));
    assert_str(record.target_uri, "http://a.example/");
    assert_str(record.body, "hi");
    assert_int_equal(record.status, 404);
    assert_int_equal(place.offset, 0);
    assert_ok(b, aw_warc_next(reader, &record, &place, &b->err));
    assert_str(record.body, "abc");
    assert_string_equal(record.id, "urn:x:1");
    assert_int_equal(place.offset + place.length, text.len);
    assert_rc(b, AW_MISSING, aw_warc_next(reader, &record, NULL, &b->err));
    aw_warc_reader_free(reader);
}

static void record_of_unknown_type_is_passed_over(void **state)
{
    struct bench *b = *state;
    struct aw_warc_reader *reader = open_text(
        b,
        AW_STR("WARC/1.1\r\nWARC-Type: dream\r\nWARC-Record-ID: <x:1>\r\n"
               "WARC-Date: 2016\r\nContent-Length: 1\r\n\r\n?\r\n\r\n" RESOURCE
               "Content-Length: 3\r\n\r\nabc\r\n\r\n"));
    struct aw_warc_record record;

    assert_ok(b, aw_warc_next(reader, &record, NULL, &b->err));
    assert_str(record.body, "abc");
    aw_warc_reader_free(reader);
}

static void folded_lines_and_odd_case_are_understood(void **state)
{
    struct bench *b = *state;
    struct aw_warc_reader *reader = open_text(
        b, AW_STR("WARC/1.0\r\nwarc-type: Resource\r\nWARC-RECORD-ID:<x:1>"
                  "\r\nwarc-date :2016-11-23T12:00Z\r\n"
                  "WARC-Target-URI:\r\n\t urn:x:y\r\n"
                  "content-length:0\r\n\r\n\r\n\r\n"));
    struct aw_warc_record record;

    assert_ok(b, aw_warc_next(reader, &record, NULL, &b->err));
    assert_str(record.target_uri, "urn:x:y");
    assert_int_equal(record.type, AW_WARC_RESOURCE);
    aw_warc_reader_free(reader);
}

static void block_that_ends_in_its_http_head_is_all_head(void **state)
{
    struct bench *b = *state;
    struct aw_warc_reader *reader =
        open_text(b, AW_STR(HEAD_10 "Content-Length: 15\r\n\r\n"
                                    "HTTP/1.1 200 OK\r\n\r\n"));
    struct aw_warc_record record;

    assert_ok(b, aw_warc_next(reader, &record, NULL, &b->err));
    assert_str(record.head, "HTTP/1.1 200 OK");
    assert_int_equal(record.body.len, 0);
    aw_warc_reader_free(reader);
}

static void digests_are_known_in_hex_and_base32(void **state)
{
    struct bench *b = *state;

    assert_first(b, AW_OK,
                 AW_STR(RESOURCE "WARC-Block-Digest: SHA-256:BA7816BF8F01CFEA4"
                                 "14140DE5DAE2223B00361A396177A9CB410FF61F2001"
                                 "5AD\r\nContent-Length: 3\r\n\r\nabc\r\n"
                                 "\r\n"));
    assert_first(b, AW_OK,
                 AW_STR(RESOURCE
                        "WARC-Payload-Digest: sha256:XJ4BNP4PAHH6UQKBI"
                        "DPF3LRCEOYAGYNDSYLXVHFUCD7WD4QACWWQ====\r\n"
                        "Content-Length: 3\r\n\r\nabc\r\n\r\n"));
    assert_first(b, AW_OK,
                 AW_STR(RESOURCE "WARC-Payload-Digest: whirl:AAAA\r\n"
                                 "Content-Length: 3\r\n\r\nabc\r\n\r\n"));
}

#define OF_NOTHING \
    "WARC-Block-Digest: sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ\r\n"
#define TYPED(type)                                                    \
    "WARC/1.0\r\nWARC-Type: " type "\r\nWARC-Record-ID: <urn:x:1>\r\n" \
    "WARC-Date: 2016-11-23T12:00:00Z\r\nWARC-Target-URI: <urn:x>\r\n"

/* wget 1.21 takes the digest of a revisit's block before it has one. */
static void digest_of_nothing_is_passed_over_in_a_revisit_alone(void **state)
{
    struct bench *b = *state;

    assert_first(b, AW_OK,
                 AW_STR(TYPED("revisit") OF_NOTHING
                        "Content-Length: 3\r\n\r\nabc\r\n\r\n"));
    assert_first(b, AW_INVALID,
                 AW_STR(TYPED("resource") OF_NOTHING
                        "Content-Length: 3\r\n\r\nabc\r\n\r\n"));
    assert_first(b, AW_INVALID,
                 AW_STR(TYPED(
                     "revisit") "WARC-Block-Digest: "
                                "sha1:VGMT4NSHA2AWVOR6EVYXQUGCNSONBWE5\r\n"
                                "Content-Length: 3\r\n\r\nabd\r\n\r\n"));
}

static void false_digest_is_told(void **state)
{
    struct bench *b = *state;

    assert_first(b, AW_INVALID,
                 AW_STR(RESOURCE "WARC-Block-Digest: sha256:ba7816bf8f01cfea4"
                                 "14140de5dae2223b00361a396177a9cb410ff61f2001"
                                 "5ad\r\nContent-Length: 3\r\n\r\nabd\r\n"
                                 "\r\n"));
    assert_first(b, AW_INVALID,
                 AW_STR(RESOURCE
                        "WARC-Payload-Digest: sha256:XJ4BNP4PAHH6UQKBI"
                        "DPF3LRCEOYAGYNDSYLXVHFUCD7WD4QACWWQ====\r\n"
                        "Content-Length: 3\r\n\r\nabd\r\n\r\n"));
    assert_first(b, AW_INVALID,
                 AW_STR(RESOURCE "WARC-Block-Digest: sha256:123\r\n"
                                 "Content-Length: 3\r\n\r\nabc\r\n\r\n"));
}

static void dates_of_every_precision_are_read(void **state)
{
    static const struct {
        const char *text;
        int64_t ms;
    } good[] = {
        {"2016", INT64_C(1451606400000)},
        {"2016-11", INT64_C(1477958400000)},
        {"2016-11-23", INT64_C(1479859200000)},
        {"2016-11-23T12:00Z", INT64_C(1479902400000)},
        {"2016-11-23T12:00:00Z", INT64_C(1479902400000)},
        {"2016-11-23T12:00:00.5Z", INT64_C(1479902400500)},
        {"2016-11-23T12:00:00.123456789Z", INT64_C(1479902400123)},
    };
    static const char *const bad[] = {"",
                                      "Z",
                                      "201",
                                      "2016-13-01",
                                      "2016-02-30",
                                      "2016-11-23T25:00:00Z",
                                      "2016-11-23 12:00:00Z",
                                      "2016-11-23T12:00:00,5Z",
                                      "2016-11-23T12:00:00.Z",
                                      "2016-11-23T12:00:00.1234567890Z",
                                      "2016-11-23T-1:00:00Z",
                                      "aaaa-bb-cc"};
    int64_t ms;

    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        assert_true(aw_warc_date_parse(aw_str_of(good[i].text), &ms));
        assert_int_equal(ms, good[i].ms);
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_false(aw_warc_date_parse(aw_str_of(bad[i]), &ms));
}

/* --- lies
 * ---------------------------------------------------------------------- */

static void empty_file_is_a_clean_end(void **state)
{
    struct bench *b = *state;

    assert_rc(b, AW_MISSING, bench_first(b, AW_STR("")));
}

static void content_length_that_lies_is_told(void **state)
{
    struct bench *b = *state;
    static const char *const lengths[] = {"2",
                                          "4",
                                          "0",
                                          "-1",
                                          "3x",
                                          "",
                                          "3\r\nContent-Length: 4",
                                          "99999999999999999999",
                                          "536870912"};
    char text[1024];

    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        (void)snprintf(text, sizeof text,
                       "%sContent-Length: %s\r\n\r\nabc\r\n\r\n", RESOURCE,
                       lengths[i]);
        assert_first(b, AW_INVALID, aw_str_of(text));
    }
    assert_first(b, AW_LIMIT,
                 AW_STR(RESOURCE
                        "Content-Length: 536870913\r\n\r\nabc\r\n\r\n"));
}

static void header_without_a_needed_field_is_told(void **state)
{
    struct bench *b = *state;
    static const char *const texts[] = {
        "GET / HTTP/1.1\r\n\r\n",
        "WARC/2.0\r\nContent-Length: 0\r\n\r\n\r\n\r\n",
        "WARC/1.1\r\nWARC-Type: resource\r\nContent-Length: 0\r\n\r\n\r\n\r\n",
        ("WARC/1.1\r\nWARC-Type: resource\r\nWARC-Record-ID: <x:1>\r\n"
         "WARC-Date: soon\r\nContent-Length: 0\r\n\r\n\r\n\r\n"),
        "\r\n\r\n",
        "\x1F",
        "\x1F\x8B",
        "WARC/1.1\r\n"};

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        assert_first(b, AW_INVALID, aw_str_of(texts[i]));
}

static void header_without_an_end_meets_its_limit(void **state)
{
    struct bench *b = *state;
    struct aw_buf text;

    aw_buf_init(&text, (size_t)1 << 20);
    aw_buf_puts(&text, RESOURCE "X: ");
    while (text.len < 3 * AW_WARC_HEADER_MAX)
        aw_buf_puts(&text, "aaaaaaaaaaaaaaaa");
    assert_first(b, AW_LIMIT, aw_buf_str(&text));
    aw_buf_deinit(&text);
}

static void member_that_goes_on_behind_its_record_is_told(void **state)
{
    struct bench *b = *state;
    struct aw_buf packed;

    aw_buf_init(&packed, (size_t)1 << 20);
    pack(&packed, AW_STR(RESOURCE "Content-Length: 1\r\n\r\na\r\n\r\n" RESOURCE
                                  "Content-Length: 1\r\n\r\na\r\n\r\n"));
    assert_rc(b, AW_INVALID, bench_first(b, aw_buf_str(&packed)));
    aw_buf_deinit(&packed);
}

/* 40 MB of zeroes in 40 KB: only as much is unpacked as the header said. */
static void gzip_bomb_is_not_unpacked(void **state)
{
    struct bench *b = *state;
    size_t len = (size_t)40 << 20;
    struct aw_buf packed;
    char *zeroes = calloc(1, len);
    struct aw_str head = AW_STR(RESOURCE "Content-Length: 10\r\n\r\n");

    assert_non_null(zeroes);
    memcpy(zeroes, head.ptr, head.len);
    aw_buf_init(&packed, 2 * len);
    pack(&packed, (struct aw_str){zeroes, len});
    assert_rc(b, AW_INVALID, bench_first(b, aw_buf_str(&packed)));
    memset(zeroes, 'a', head.len);
    aw_buf_reset(&packed);
    pack(&packed, (struct aw_str){zeroes, len});
    assert_rc(b, AW_LIMIT, bench_first(b, aw_buf_str(&packed)));
    aw_buf_deinit(&packed);
    free(zeroes);
}

/* A flipped bit is told, or (in the time of gzip's header, or in the bits that
 * fill its last byte up) changes nothing of the record. */
static void assert_flip_harmless(struct bench *b, struct aw_str member,
                                 const char *block_digest)
{
    struct aw_warc_reader *reader = open_text(b, member);
    struct aw_warc_record record;
    aw_rc rc = aw_warc_next(reader, &record, NULL, &b->err);

    if (rc == AW_OK)
        assert_string_equal(record.block_digest, block_digest);
    else
        assert_true(rc == AW_INVALID || rc == AW_LIMIT);
    aw_warc_reader_free(reader);
}

static void no_flipped_bit_changes_what_is_read(void **state)
{
    struct bench *b = *state;
    struct aw_warc_place place = bench_file(b, 1);
    char digest[AW_SHA256_HEX_MAX];
    struct aw_buf member;

    aw_sha256_hex(AW_STR(PAGE_HEAD "http://shop.example/0"), digest);
    aw_buf_init(&member, (size_t)1 << 20);
    assert_ok(b, aw_warc_copy(b->dir, &place, &member, &b->err));
    for (size_t i = 0; i < member.len * 8; i++) {
        member.ptr[i / 8] = (char)(member.ptr[i / 8] ^ 1 << i % 8);
        assert_flip_harmless(b, aw_buf_str(&member), digest);
        member.ptr[i / 8] = (char)(member.ptr[i / 8] ^ 1 << i % 8);
    }
    assert_ok(b, bench_first(b, aw_buf_str(&member)));
    aw_buf_deinit(&member);
}

static void random_damage_does_no_harm(void **state)
{
    struct bench *b = *state;
    struct aw_str text =
        AW_STR(HEAD_10 "Content-Type: application/http;msgtype=response\r\n"
                       "WARC-Block-Digest: sha256:12\r\n"
                       "Content-Length: 21\r\n\r\n"
                       "HTTP/1.0 404 No\r\n\r\nhi\r\n\r\n");
    static const char marks[] = "\r\n :<>0\xFF\t=9Z-";
    struct aw_buf bytes;

    aw_buf_init(&bytes, 4096);
    for (int i = 0; i < 4000; i++) {
        aw_buf_reset(&bytes);
        aw_buf_put(&bytes, text);
        for (int j = 0; j < 4; j++)
            bytes.ptr[aw_rng_below(&b->rng, bytes.len)] =
                marks[aw_rng_below(&b->rng, sizeof marks - 1)];
        bytes.len -= aw_rng_below(&b->rng, 8);
        (void)bench_first(b, aw_buf_str(&bytes));
    }
    aw_buf_deinit(&bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        bench_test(plain_file_of_warc_1_0_is_read_record_by_record),
        bench_test(record_of_unknown_type_is_passed_over),
        bench_test(folded_lines_and_odd_case_are_understood),
        bench_test(block_that_ends_in_its_http_head_is_all_head),
        bench_test(digests_are_known_in_hex_and_base32),
        bench_test(digest_of_nothing_is_passed_over_in_a_revisit_alone),
        bench_test(false_digest_is_told),
        bench_test(dates_of_every_precision_are_read),
        bench_test(empty_file_is_a_clean_end),
        bench_test(content_length_that_lies_is_told),
        bench_test(header_without_a_needed_field_is_told),
        bench_test(header_without_an_end_meets_its_limit),
        bench_test(member_that_goes_on_behind_its_record_is_told),
        bench_test(gzip_bomb_is_not_unpacked),
        bench_test(no_flipped_bit_changes_what_is_read),
        bench_test(random_damage_does_no_harm),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
