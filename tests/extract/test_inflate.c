#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <brotli/encode.h>
#include <cmocka.h>
#include <zlib.h>
#include <zstd.h>

#include "base/rng.h"
#include "extract/inflate.h"

#define MB ((size_t)1 << 20)
#define PACKED_MAX (64 * MB)
#define MUTATIONS 200

static struct aw_err err;

/* ---- packing ------------------------------------------------------------ */

typedef void pack_fn(struct aw_str bytes, struct aw_buf *out);

static void pack_zlib(struct aw_str bytes, int bits, struct aw_buf *out)
{
    z_stream z = {.next_in = (Bytef *)(uintptr_t)bytes.ptr,
                  .avail_in = (uInt)bytes.len};
    size_t room = bytes.len + bytes.len / 100 + 1024;
    char *at = aw_buf_reserve(out, room);

    assert_non_null(at);
    assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, bits, 9,
                                  Z_DEFAULT_STRATEGY),
                     Z_OK);
    z.next_out = (Bytef *)at;
    z.avail_out = (uInt)room;
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    out->len += z.total_out;
    assert_int_equal(deflateEnd(&z), Z_OK);
}

static void pack_gzip(struct aw_str bytes, struct aw_buf *out)
{
    pack_zlib(bytes, 31, out);
}

static void pack_deflate(struct aw_str bytes, struct aw_buf *out)
{
    pack_zlib(bytes, 15, out);
}

static void pack_raw(struct aw_str bytes, struct aw_buf *out)
{
    pack_zlib(bytes, -15, out);
}

static void pack_brotli(struct aw_str bytes, struct aw_buf *out)
{
    size_t len = BrotliEncoderMaxCompressedSize(bytes.len);
    char *at = aw_buf_reserve(out, len);

    assert_non_null(at);
    assert_true(BrotliEncoderCompress(3, 22, BROTLI_MODE_GENERIC, bytes.len,
                                      (const uint8_t *)bytes.ptr, &len,
                                      (uint8_t *)at));
    out->len += len;
}

/* As a server does that does not know how much will come. */
static void pack_zstd_window(struct aw_str bytes, int window,
                             struct aw_buf *out)
{
    ZSTD_CCtx *packer = ZSTD_createCCtx();
    ZSTD_inBuffer in = {bytes.ptr, bytes.len, 0};
    ZSTD_outBuffer to = {NULL, ZSTD_compressBound(bytes.len) + 1024, 0};

    assert_non_null(packer);
    assert_false(ZSTD_isError(
        ZSTD_CCtx_setParameter(packer, ZSTD_c_windowLog, window)));
    to.dst = aw_buf_reserve(out, to.size);
    assert_non_null(to.dst);
    assert_int_equal(ZSTD_compressStream2(packer, &to, &in, ZSTD_e_flush), 0);
    assert_int_equal(ZSTD_compressStream2(packer, &to, &in, ZSTD_e_end), 0);
    out->len += to.pos;
    (void)ZSTD_freeCCtx(packer);
}

static void pack_zstd(struct aw_str bytes, struct aw_buf *out)
{
    pack_zstd_window(bytes, 0, out);
}

static const struct {
    const char *name;
    pack_fn *pack;
} codings[] = {
    {"gzip", pack_gzip},   {"x-gzip", pack_gzip}, {"deflate", pack_deflate},
    {"deflate", pack_raw}, {"br", pack_brotli},   {"zstd", pack_zstd},
};

#define CODINGS (sizeof codings / sizeof *codings)

/* Text that does not pack to nothing. */
static void fill(struct aw_buf *out, size_t size)
{
    struct aw_rng rng;

    aw_rng_init(&rng, 7);
    while (out->len < size)
        aw_buf_printf(out, "<p>%u</p>", (unsigned)aw_rng_next(&rng));
    out->len = size;
}

static struct aw_str zeros(size_t size)
{
    static char *bytes;

    if (!bytes)
        bytes = calloc(1, PACKED_MAX);
    assert_non_null(bytes);
    return (struct aw_str){bytes, size};
}

/* ---- what is tested ----------------------------------------------------- */

static struct {
    struct aw_buf page, packed, out;
} f;

static int set_up(void **state)
{
    (void)state;
    aw_buf_init(&f.page, PACKED_MAX);
    aw_buf_init(&f.packed, PACKED_MAX);
    aw_buf_init(&f.out, PACKED_MAX);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    aw_buf_deinit(&f.page);
    aw_buf_deinit(&f.packed);
    aw_buf_deinit(&f.out);
    return 0;
}

static enum aw_inflate_end undo(const char *encoding, struct aw_str bytes,
                                size_t most, int64_t ratio)
{
    struct aw_inflate_limits limits = {most, ratio};
    enum aw_inflate_end end = AW_INFLATE_WHOLE;

    aw_buf_reset(&f.out);
    assert_int_equal(aw_inflate_body(aw_str_of(encoding), bytes, &limits,
                                     &f.out, &end, &err),
                     AW_OK);
    return end;
}

static enum aw_inflate_end undo_packed(size_t coding, size_t most,
                                       int64_t ratio)
{
    return undo(codings[coding].name, aw_buf_str(&f.packed), most, ratio);
}

static void pack(size_t coding, struct aw_str bytes)
{
    aw_buf_reset(&f.packed);
    codings[coding].pack(bytes, &f.packed);
}

static void assert_out(struct aw_str text)
{
    assert_int_equal(f.out.len, text.len);
    if (text.len > 0)
        assert_memory_equal(f.out.ptr, text.ptr, text.len);
}

static void each_coding_is_undone(void **state)
{
    (void)state;
    fill(&f.page, 300000);
    for (size_t i = 0; i < CODINGS; i++) {
        pack(i, aw_buf_str(&f.page));
        assert_int_equal(undo_packed(i, MB, 1000), AW_INFLATE_WHOLE);
        assert_out(aw_buf_str(&f.page));
    }
}

static void what_is_longer_than_the_cap_is_cut_there(void **state)
{
    (void)state;
    fill(&f.page, 200000);
    for (size_t i = 0; i < CODINGS; i++) {
        pack(i, aw_buf_str(&f.page));
        assert_int_equal(undo_packed(i, 200000, 0), AW_INFLATE_WHOLE);
        assert_int_equal(undo_packed(i, 199999, 0), AW_INFLATE_CUT);
        assert_out(aw_str_sub(aw_buf_str(&f.page), 0, 199999));
    }
}

static void a_bomb_of_each_coding_is_cut_and_told(void **state)
{
    (void)state;
    for (size_t i = 0; i < CODINGS; i++) {
        pack(i, zeros(20 * MB));
        assert_true(f.packed.len < 20 * MB / 1000);
        assert_int_equal(undo_packed(i, 20 * MB, 1000), AW_INFLATE_BOMB);
        assert_true(f.out.len >= MB);
        assert_true(f.out.len == MB || f.out.len == f.packed.len * 1000);
        assert_int_equal(undo_packed(i, 16 * MB, 0), AW_INFLATE_CUT);
        assert_int_equal(f.out.len, 16 * MB);
    }
}

static void a_small_page_of_nothing_but_spaces_is_no_bomb(void **state)
{
    (void)state;
    for (size_t i = 0; i < CODINGS; i++) {
        pack(i, zeros(MB));
        assert_int_equal(undo_packed(i, 16 * MB, 1000), AW_INFLATE_WHOLE);
        assert_int_equal(f.out.len, MB);
    }
}

static void two_codings_are_undone_last_one_first(void **state)
{
    (void)state;
    fill(&f.page, 5000);
    pack_gzip(aw_buf_str(&f.page), &f.packed);
    pack_brotli(aw_buf_str(&f.packed), &f.out);
    aw_buf_reset(&f.packed);
    aw_buf_put(&f.packed, aw_buf_str(&f.out));
    assert_int_equal(undo(" gzip ,identity, BR", aw_buf_str(&f.packed), MB,
                          1000),
                     AW_INFLATE_WHOLE);
    assert_out(aw_buf_str(&f.page));
}

/* 20 MB of zeros make 20 KB, and these make some 100 bytes. */
static void a_bomb_within_a_bomb_is_told(void **state)
{
    (void)state;
    pack_gzip(zeros(20 * MB), &f.out);
    pack_gzip(aw_buf_str(&f.out), &f.packed);
    assert_true(f.packed.len < 1000);
    assert_int_equal(undo("gzip, gzip", aw_buf_str(&f.packed), 16 * MB, 1000),
                     AW_INFLATE_BOMB);
    assert_int_equal(f.out.len, MB);
    /* What stands between the codings has the same limit. */
    assert_int_equal(undo("gzip, gzip", aw_buf_str(&f.packed), 10000, 0),
                     AW_INFLATE_CUT);
}

static void more_than_two_codings_are_refused(void **state)
{
    struct aw_inflate_limits limits = {MB, 0};
    enum aw_inflate_end end;

    (void)state;
    assert_int_equal(aw_inflate_body(AW_STR("gzip, br, zstd"), AW_STR("x"),
                                     &limits, &f.out, &end, &err),
                     AW_INVALID);
    assert_non_null(strstr(err.msg, "more than 2"));
}

static void a_coding_that_is_not_known_is_named(void **state)
{
    (void)state;
    assert_int_equal(aw_inflate(AW_STR("gzip, sdch"), AW_STR("x"), 10, &f.out,
                                &err),
                     AW_INVALID);
    assert_string_equal(err.msg, "content-coding \"sdch\" is not read: only "
                                 "gzip, deflate, br and zstd are");
}

static void what_is_not_what_it_says_is_taken_as_it_is(void **state)
{
    static const char *const names[] = {"gzip",     "br", "zstd",
                                        "identity", "",   "gzip,zstd"};
    struct aw_str page = AW_STR("<!doctype html><p>大葱</p>");

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        assert_int_equal(undo(names[i], page, MB, 1000), AW_INFLATE_WHOLE);
        assert_out(page);
        assert_int_equal(undo(names[i], page, 7, 1000), AW_INFLATE_CUT);
        assert_out(aw_str_sub(page, 0, 7));
    }
}

static void a_torn_body_gives_what_there_was(void **state)
{
    (void)state;
    fill(&f.page, 900000);
    for (size_t i = 0; i < CODINGS; i++) {
        pack(i, aw_buf_str(&f.page));
        f.packed.len = f.packed.len / 4 * 3;
        assert_int_equal(undo_packed(i, MB, 1000), AW_INFLATE_WHOLE);
        assert_true(f.out.len > 100000 && f.out.len < f.page.len);
        assert_memory_equal(f.out.ptr, f.page.ptr, f.out.len);
    }
}

static void several_members_or_frames_are_one_body(void **state)
{
    static const size_t which[] = {0, 5}; /* gzip, zstd */

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        aw_buf_reset(&f.packed);
        codings[which[i]].pack(AW_STR("<p>大"), &f.packed);
        codings[which[i]].pack(AW_STR("葱</p>"), &f.packed);
        aw_buf_puts(&f.packed, "what follows is neither");
        (void)undo_packed(which[i], MB, 1000);
        assert_out(AW_STR("<p>大葱</p>"));
    }
}

/* A decoder must not be made to ask for 128 MB. */
static void zstd_with_a_greater_window_is_not_read(void **state)
{
    (void)state;
    pack_zstd_window(zeros(MB), AW_INFLATE_WINDOW_LOG, &f.packed);
    (void)undo("zstd", aw_buf_str(&f.packed), 2 * MB, 0);
    assert_int_equal(f.out.len, MB);
    aw_buf_reset(&f.packed);
    pack_zstd_window(zeros(MB), AW_INFLATE_WINDOW_LOG + 4, &f.packed);
    (void)undo("zstd", aw_buf_str(&f.packed), 2 * MB, 0);
    assert_int_equal(f.out.len, 0);
}

/* Whatever the damage, the caps hold and the reading ends. */
static void damaged_bodies_do_no_harm(void **state)
{
    struct aw_rng rng;

    (void)state;
    aw_rng_init(&rng, 20261126);
    fill(&f.page, 20000);
    for (size_t i = 0; i < CODINGS * MUTATIONS; i++) {
        pack(i % CODINGS, aw_buf_str(&f.page));
        for (int hit = 0; hit < 3; hit++)
            f.packed.ptr[aw_rng_next(&rng) % f.packed.len] =
                (char)aw_rng_next(&rng);
        (void)undo_packed(i % CODINGS, MB, 1000);
        assert_true(f.out.len <= MB);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(each_coding_is_undone),
        TEST(what_is_longer_than_the_cap_is_cut_there),
        TEST(a_bomb_of_each_coding_is_cut_and_told),
        TEST(a_small_page_of_nothing_but_spaces_is_no_bomb),
        TEST(two_codings_are_undone_last_one_first),
        TEST(a_bomb_within_a_bomb_is_told),
        TEST(more_than_two_codings_are_refused),
        TEST(a_coding_that_is_not_known_is_named),
        TEST(what_is_not_what_it_says_is_taken_as_it_is),
        TEST(a_torn_body_gives_what_there_was),
        TEST(several_members_or_frames_are_one_body),
        TEST(zstd_with_a_greater_window_is_not_read),
        TEST(damaged_bodies_do_no_harm),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
