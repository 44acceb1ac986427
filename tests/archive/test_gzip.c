/* What aw_gzip_pack makes, read by zlib. (RFC 1952) */
#include "archive_test.h"

#include <zlib.h>

#include "archive/warc_private.h"

#define PLAIN_MAX ((size_t)3 << 20)

static char plain[PLAIN_MAX];
static unsigned char undone[PLAIN_MAX + 1];

/* One member, whole, and nothing behind it. */
static void assert_unpacks(struct aw_str packed, size_t len)
{
    z_stream z = {.next_in = (Bytef *)(void *)packed.ptr,
                  .avail_in = (uInt)packed.len,
                  .next_out = undone,
                  .avail_out = sizeof undone};

    assert_int_equal(inflateInit2(&z, 15 + 16), Z_OK);
    assert_int_equal(inflate(&z, Z_FINISH), Z_STREAM_END);
    assert_int_equal(z.avail_in, 0);
    assert_int_equal(z.total_out, len);
    assert_memory_equal(undone, plain, len);
    (void)inflateEnd(&z);
}

static size_t packed_size(struct aw_gzip *gzip, size_t plain_len)
{
    struct aw_err err;
    struct aw_buf out;
    size_t len = 0;

    aw_buf_init(&out, 2 * PLAIN_MAX);
    aw_buf_puts(&out, "before");
    assert_int_equal(aw_gzip_pack(gzip, (struct aw_str){plain, plain_len},
                                  &out, &len, &err),
                     AW_OK);
    assert_int_equal(out.len, 6);
    assert_memory_equal(out.ptr, "before", 6);
    assert_unpacks((struct aw_str){out.ptr + 6, len}, plain_len);
    aw_buf_deinit(&out);
    return len;
}

static void fill(uint64_t kinds, uint64_t first)
{
    struct aw_rng rng;

    aw_rng_init(&rng, 1);
    for (size_t i = 0; i < sizeof plain; i++)
        plain[i] = (char)(first + aw_rng_below(&rng, kinds));
}

/* At all lengths at which a block of gzip begins or ends. */
static void assert_all_lengths(int level)
{
    static const size_t lengths[] = {0,     1,     2,      100,     9999,
                                     1000,  2047,  2048,   2049,    4096,
                                     65534, 65535, 65536,  131070,  131071,
                                     20000, 40000, 262144, 1000003, PLAIN_MAX};
    struct aw_gzip *gzip = NULL;
    struct aw_err err;

    assert_int_equal(aw_gzip_new(&gzip, level, &err), AW_OK);
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++)
        (void)packed_size(gzip, lengths[i]);
    aw_gzip_free(gzip);
}

static void noise_fits_in_the_bound_and_is_undone(void **state)
{
    (void)state;
    fill(256, 0);
    assert_all_lengths(0);
    assert_all_lengths(1);
}

static void text_and_zeros_are_undone(void **state)
{
    (void)state;
    fill(3, 'a');
    assert_all_lengths(0);
    assert_all_lengths(6);
    fill(1, 0);
    assert_all_lengths(0);
}

/* Two thirds of the records of a page are no longer than this. */
static void a_short_header_is_packed(void **state)
{
    static const char text[] =
        "WARC/1.1\r\nWARC-Type: metadata\r\n"
        "WARC-Record-ID: <urn:uuid:b2c1d7f0-64a9-4e08-8c35-97f1e0a2d364>\r\n"
        "WARC-Date: 2026-11-24T01:02:03.004Z\r\n"
        "WARC-Target-URI: http://a.example/page/17.html\r\n"
        "WARC-Block-Digest: sha256:"
        "0b1c2d3e4f5061728394a5b6c7d8e9f00b1c2d3e4f5061728394a5b6c7d8e9f0\r\n"
        "Content-Type: application/warc-fields\r\nContent-Length: 20\r\n"
        "\r\nfoundAs: link\r\n";
    struct aw_gzip *gzip = NULL;
    struct aw_err err;

    (void)state;
    memcpy(plain, text, sizeof text);
    assert_int_equal(aw_gzip_new(&gzip, 0, &err), AW_OK);
    assert_in_range(packed_size(gzip, sizeof text - 1), 1,
                    sizeof text * 9 / 10);
    aw_gzip_free(gzip);
}

/* What one member was packed with is nothing to the next. */
static void a_member_does_not_depend_on_those_before(void **state)
{
    struct aw_gzip *gzip = NULL;
    struct aw_err err;
    size_t first;

    (void)state;
    fill(3, 'a');
    assert_int_equal(aw_gzip_new(&gzip, 0, &err), AW_OK);
    first = packed_size(gzip, 14000);
    assert_true(first < 14000 / 3);
    (void)packed_size(gzip, 300000);
    fill(256, 0);
    (void)packed_size(gzip, 300000);
    fill(3, 'a');
    assert_int_equal(packed_size(gzip, 14000), first);
    aw_gzip_free(gzip);
}

static void a_full_buffer_is_told(void **state)
{
    struct aw_gzip *gzip = NULL;
    struct aw_err err;
    struct aw_buf out;
    size_t len = 0;

    (void)state;
    aw_buf_init(&out, 1000);
    assert_int_equal(aw_gzip_new(&gzip, 0, &err), AW_OK);
    assert_int_equal(aw_gzip_pack(gzip, (struct aw_str){plain, 1000}, &out,
                                  &len, &err),
                     AW_LIMIT);
    assert_int_equal(out.len, 0);
    aw_gzip_free(gzip);
    aw_buf_deinit(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(noise_fits_in_the_bound_and_is_undone),
        cmocka_unit_test(text_and_zeros_are_undone),
        cmocka_unit_test(a_short_header_is_packed),
        cmocka_unit_test(a_member_does_not_depend_on_those_before),
        cmocka_unit_test(a_full_buffer_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
