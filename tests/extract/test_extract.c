#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <zlib.h>

#include "base/rng.h"
#include "base/utf8.h"
#include "extract/extract.h"
#include "extract/inflate.h"
#include "extract/text.h"

#define MUTATIONS 3000
#define GZIP 31
#define ZLIB 15
#define RAW (-15)

static struct aw_document doc;
static struct aw_err err;
static struct aw_buf packed;

static void extract(const struct aw_extract_input *input)
{
    aw_document_deinit(&doc);
    aw_document_init(&doc, input->channel);
    assert_int_equal(aw_extract(input, &doc, &err), AW_OK);
}

static struct aw_str pack(struct aw_str bytes, int bits)
{
    z_stream z = {.next_in = (Bytef *)(uintptr_t)bytes.ptr,
                  .avail_in = (uInt)bytes.len};
    char *at;

    aw_buf_reset(&packed);
    at = aw_buf_reserve(&packed, bytes.len + 1024);
    assert_non_null(at);
    assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, bits, 8,
                                  Z_DEFAULT_STRATEGY),
                     Z_OK);
    z.next_out = (Bytef *)at;
    z.avail_out = (uInt)bytes.len + 1024;
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    packed.len = z.total_out;
    assert_int_equal(deflateEnd(&z), Z_OK);
    return aw_buf_str(&packed);
}

static int setup(void **state)
{
    (void)state;
    aw_buf_init(&packed, (size_t)64 << 20);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    aw_document_deinit(&doc);
    aw_buf_deinit(&packed);
    return 0;
}

static enum aw_extract_type sniff(const char *type, struct aw_str bytes)
{
    struct aw_extract_input input = {.content_type = aw_str_of(type),
                                     .bytes = bytes};

    return aw_extract_sniff(&input);
}

/* --- sniffing --- */

static void the_content_type_decides_where_it_is_particular(void **state)
{
    (void)state;
    assert_int_equal(sniff("Text/HTML; charset=gbk", AW_STR("x")),
                     AW_EXTRACT_HTML);
    assert_int_equal(sniff("image/png", AW_STR("<html>")), AW_EXTRACT_NONE);
    assert_int_equal(sniff("text/css", AW_STR("p{}")), AW_EXTRACT_NONE);
    assert_int_equal(sniff("application/json", AW_STR("{\"results\":[]}")),
                     AW_EXTRACT_LISTING);
    assert_int_equal(sniff("application/json", AW_STR("{\"text\":\"葱\"}")),
                     AW_EXTRACT_NONE);
}

static void the_bytes_decide_where_it_is_general(void **state)
{
    static const char *const general[] = {"", "text/plain; charset=utf-8",
                                          "application/octet-stream"};

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(sniff(general[i], AW_STR(" <!DOCTYPE html><p>x")),
                         AW_EXTRACT_HTML);
        assert_int_equal(sniff(general[i], AW_STR("\xEF\xBB\xBF<HTML>x")),
                         AW_EXTRACT_HTML);
        assert_int_equal(sniff(general[i], AW_STR("葱，一斤 < 两斤")),
                         AW_EXTRACT_TEXT);
        assert_int_equal(sniff(general[i], AW_STR("\x89PNG\r\n\x1a\n\0\0")),
                         AW_EXTRACT_IMAGE);
        assert_int_equal(sniff(general[i], AW_STR("{\"a\":1}")),
                         AW_EXTRACT_NONE);
        assert_int_equal(sniff(general[i],
                               AW_STR("{\"resultCount\":0,\"results\":[]}")),
                         AW_EXTRACT_LISTING);
        assert_int_equal(sniff(general[i], AW_STR("")), AW_EXTRACT_NONE);
    }
    assert_int_equal(sniff("", AW_STR("\xFF\xFE<\0h\0t\0m\0l\0>\0")),
                     AW_EXTRACT_HTML);
}

static void a_page_with_control_bytes_is_a_page(void **state)
{
    (void)state;
    assert_int_equal(sniff("", AW_STR("<!doctype html><p>\x01 葱")),
                     AW_EXTRACT_HTML);
    assert_int_equal(sniff("text/plain",
                           AW_STR("\xEF\xBB\xBF\n<HEAD>\0<title>")),
                     AW_EXTRACT_HTML);
    assert_int_equal(sniff("", AW_STR("GIF89a\x01<html>")), AW_EXTRACT_NONE);
}

static void packed_bytes_are_sniffed_unpacked(void **state)
{
    struct aw_extract_input input = {.content_encoding = AW_STR("gzip")};

    (void)state;
    input.bytes = pack(AW_STR("<html><p>葱"), GZIP);
    assert_int_equal(aw_extract_sniff(&input), AW_EXTRACT_HTML);
}

/* --- channels --- */

static void a_page_becomes_blocks_with_url_and_charset(void **state)
{
    struct aw_extract_input input = {
        .url = AW_STR("http://a.example/x/"),
        .content_type = AW_STR("text/html; charset=\"GB2312\""),
        .bytes = AW_STR("<title>\xB4\xF3\xB4\xD0</title><a href=y>\xB4\xD0"
                        "</a><p>电")};

    (void)state;
    input.bytes = AW_STR("<title>\xB4\xF3\xB4\xD0</title><a href=y>\xB4\xD0");
    extract(&input);
    assert_string_equal(doc.url.ptr, "http://a.example/x/");
    assert_string_equal(doc.charset.ptr, "gb18030");
    assert_string_equal(doc.charset_why.ptr, "http");
    assert_string_equal(doc.title.ptr, "大葱");
    assert_string_equal(doc.links[0].url.ptr, "http://a.example/x/y");
}

static void a_message_becomes_paragraphs_and_parties(void **state)
{
    struct aw_extract_input input = {
        .channel = AW_CHANNEL_SMS,
        .bytes = AW_STR("【样例】大葱\n一斤\r\n \n\n电话13800001234\n")};

    (void)state;
    extract(&input);
    assert_int_equal(doc.block_count, 2);
    assert_string_equal(doc.blocks[0].text.ptr, "【样例】大葱\n一斤");
    assert_int_equal(doc.blocks[0].kind, AW_BLOCK_MESSAGE);
    assert_int_equal(doc.party_count, 1);
    assert_int_equal(doc.parties[0].block, 1);
    assert_int_equal(doc.parties[0].start, 2);
}

static void a_posters_text_is_one_block(void **state)
{
    struct aw_extract_input input = {.channel = AW_CHANNEL_POSTER,
                                     .bytes = AW_STR("稳\n\n赚\n不赔")};

    (void)state;
    extract(&input);
    assert_int_equal(doc.block_count, 1);
    assert_string_equal(doc.blocks[0].text.ptr, "稳\n\n赚\n不赔");
    assert_int_equal(doc.blocks[0].kind, AW_BLOCK_OCR);
}

static void a_listing_makes_the_channel_app(void **state)
{
    struct aw_extract_input input = {
        .content_type = AW_STR("text/javascript; charset=utf-8"),
        .bytes = AW_STR("{\"results\":[{\"trackName\":\"葱宝\"}]}")};

    (void)state;
    extract(&input);
    assert_int_equal(doc.channel, AW_CHANNEL_APP);
    assert_string_equal(doc.title.ptr, "葱宝");
}

static void what_holds_no_text_gives_an_empty_document(void **state)
{
    struct aw_extract_input input = {.content_type = AW_STR("image/gif"),
                                     .bytes = AW_STR("GIF89a")};

    (void)state;
    extract(&input);
    assert_int_equal(doc.block_count, 0);
    assert_int_equal(doc.charset.len, 0);
}

static void a_whole_text_keeps_its_offsets(void **state)
{
    struct aw_str text = AW_STR(" \n保\xFF本\n\n息 ");

    (void)state;
    aw_document_deinit(&doc);
    aw_document_init(&doc, AW_CHANNEL_SMS);
    assert_int_equal(aw_text_whole(&doc, AW_BLOCK_MESSAGE, text, &err), AW_OK);
    assert_int_equal(doc.block_count, 1);
    assert_string_equal(doc.blocks[0].text.ptr, " \n保\xEF\xBF\xBD本\n\n息 ");
    assert_int_equal(aw_utf8_count(doc.blocks[0].text), aw_utf8_count(text));
}

/* --- content-encoding --- */

static void gzip_and_both_deflates_are_undone(void **state)
{
    static const struct {
        const char *name;
        int bits;
    } cases[] = {{"gzip", GZIP},
                 {"X-GZIP", GZIP},
                 {"deflate", ZLIB},
                 {"deflate", RAW}};

    (void)state;
    for (size_t i = 0; i < 4; i++) {
        struct aw_extract_input input = {.content_type = AW_STR("text/html"),
                                         .content_encoding =
                                             aw_str_of(cases[i].name)};

        input.bytes = pack(AW_STR("<p>大葱</p>"), cases[i].bits);
        extract(&input);
        assert_int_equal(doc.block_count, 1);
        assert_string_equal(doc.blocks[0].text.ptr, "大葱");
    }
}

static void a_torn_stream_gives_what_there_was(void **state)
{
    struct aw_buf page;
    struct aw_rng rng;
    struct aw_extract_input input = {.content_type = AW_STR("text/html"),
                                     .content_encoding = AW_STR("gzip")};

    (void)state;
    aw_rng_init(&rng, 7);
    aw_buf_init(&page, 1 << 20);
    for (int i = 0; i < 20000; i++)
        aw_buf_printf(&page, "<p>%u</p>", (unsigned)aw_rng_next(&rng));
    input.bytes = pack(aw_buf_str(&page), GZIP);
    extract(&input);
    assert_int_equal(doc.block_count, 20000);
    input.bytes.len /= 2;
    extract(&input);
    assert_true(doc.block_count > 5000 && doc.block_count < 15000);
    aw_buf_deinit(&page);
}

static void a_bomb_is_cut_at_the_cap(void **state)
{
    size_t size = 4 * AW_EXTRACT_BYTES_MAX;
    char *zeros = calloc(1, size);
    struct aw_buf out;
    struct aw_extract_input input = {.content_type = AW_STR("text/html"),
                                     .content_encoding = AW_STR("gzip")};

    (void)state;
    assert_non_null(zeros);
    memset(zeros, 'a', size);
    input.bytes = pack((struct aw_str){zeros, size - 4096}, GZIP);
    free(zeros);
    assert_true(input.bytes.len < 100000);
    aw_buf_init(&out, 2 * AW_EXTRACT_BYTES_MAX);
    assert_int_equal(aw_inflate(AW_STR("gzip"), input.bytes,
                                AW_EXTRACT_BYTES_MAX, &out, &err),
                     AW_OK);
    assert_int_equal(out.len, AW_EXTRACT_BYTES_MAX);
    aw_buf_deinit(&out);
    extract(&input);
    assert_int_equal(doc.block_count, 1);
    assert_string_equal(doc.note.ptr,
                        "decompression bomb: read up to ratio_max");
    assert_int_equal(doc.blocks[0].text.len, AW_EXTRACT_BYTES_MAX);
    input.ratio_max = 2000;
    extract(&input);
    assert_string_equal(doc.note.ptr, "read up to decoded_max: it is longer");
    assert_int_equal(doc.blocks[0].text.len, AW_EXTRACT_BYTES_MAX);
    input.decoded_max = 5000;
    extract(&input);
    assert_int_equal(doc.blocks[0].text.len, 5000);
    input.decoded_max = INT64_MAX;
    extract(&input);
    assert_int_equal(doc.blocks[0].text.len, AW_EXTRACT_BYTES_MAX);
}

static void a_page_that_is_read_whole_has_no_note(void **state)
{
    struct aw_extract_input input = {.content_type = AW_STR("text/html"),
                                     .content_encoding = AW_STR("gzip")};

    (void)state;
    input.bytes = pack(AW_STR("<p>大葱</p>"), GZIP);
    extract(&input);
    assert_int_equal(doc.note.len, 0);
}

static void several_gzip_members_are_one_body(void **state)
{
    struct aw_buf both;
    struct aw_extract_input input = {.content_type = AW_STR("text/html"),
                                     .content_encoding = AW_STR("gzip")};

    (void)state;
    aw_buf_init(&both, 4096);
    aw_buf_put(&both, pack(AW_STR("<p>大"), GZIP));
    aw_buf_put(&both, pack(AW_STR("葱</p>"), GZIP));
    input.bytes = aw_buf_str(&both);
    extract(&input);
    assert_string_equal(doc.blocks[0].text.ptr, "大葱");
    aw_buf_deinit(&both);
}

static void a_body_that_only_says_gzip_is_taken_as_it_is(void **state)
{
    struct aw_extract_input input = {.content_type = AW_STR("text/html"),
                                     .content_encoding = AW_STR("gzip"),
                                     .bytes = AW_STR("<p>葱</p>")};

    (void)state;
    extract(&input);
    assert_string_equal(doc.blocks[0].text.ptr, "葱");
}

static void an_unknown_encoding_is_a_clear_error(void **state)
{
    struct aw_extract_input input = {.content_type = AW_STR("text/html"),
                                     .content_encoding = AW_STR("sdch"),
                                     .bytes = AW_STR("x")};

    (void)state;
    aw_document_deinit(&doc);
    aw_document_init(&doc, AW_CHANNEL_WEB);
    assert_int_equal(aw_extract(&input, &doc, &err), AW_INVALID);
    assert_non_null(strstr(err.msg, "\"sdch\""));
}

/* --- random bytes --- */

static const char page[] =
    "<!DOCTYPE html><html><head><meta charset=utf-8><title>大葱</title><style>"
    ".h{display:none} #a>p.b,i .c{left:-9999px;color:#fff!important}</style>"
    "<base href='/b/'><meta name=keywords "
    "content='葱'><script type='application/ld+json'>{\"@type\":"
    "\"SoftwareApplication\",\"name\":\"葱\",\"author\":{\"name\":\"甲\"}}"
    "</script></head><body><h1>价&nbsp;目</h1><div class=h>藏&#33905;</div>"
    "<table><tr><td>一<td>二</table><p>电话 0537-5550123 微信：abcdef1 "
    "济宁样例有限公司 鲁ICP备16012345号-1 91370811MA00X1Y2N7<br>"
    "<a href='x?y=1&amp;z#w' rel=nofollow>链</a><img alt='图'><!-- 注 -->"
    "<input type=hidden value=1><script>document.write('<p>写\\u672c'+x);"
    "e.innerHTML=\"<b>内</b>\";s={a:['态',{\"b\":\"二\"}]}</script><p id=a "
    "style='font:12px/1 x;background:#fff url(x)'>末<iframe srcdoc='<p>框'>"
    "</body></html>";

static const char *const pieces[] = {
    "<",        ">",    "\"",          "'",        "&",    "&#",
    "<!--",     "-->",  "</p>",        "<p ",      "\xE5", "\x81",
    "\xFF\xFE", "\xB4", "=",           "/",        "\0",   "<title",
    "<style",   "{",    "charset=gbk", "<a href=", "\\u",  "13800001234"};

static void mutate(struct aw_rng *rng, struct aw_buf *bytes)
{
    size_t at = (size_t)aw_rng_below(rng, bytes->len);
    const char *piece =
        pieces[aw_rng_below(rng, sizeof pieces / sizeof pieces[0])];
    size_t len = strlen(piece);

    switch (aw_rng_below(rng, 4)) {
    case 0:
        bytes->ptr[at] = (char)aw_rng_below(rng, 256);
        break;
    case 1:
        bytes->len = at + 1;
        break;
    default:
        if (at + len <= bytes->len)
            memcpy(bytes->ptr + at, piece, len);
        break;
    }
}

static void assert_well_formed(void)
{
    assert_true(aw_utf8_valid(doc.title));
    for (size_t i = 0; i < doc.block_count; i++) {
        assert_true(aw_utf8_valid(doc.blocks[i].text));
        assert_null(memchr(doc.blocks[i].text.ptr, 0, doc.blocks[i].text.len));
    }
    for (size_t i = 0; i < doc.link_count; i++)
        assert_true(aw_utf8_valid(doc.links[i].url));
    for (size_t i = 0; i < doc.party_count; i++) {
        if (doc.parties[i].end == 0) /* it stands in no text */
            continue;
        assert_true(doc.parties[i].block < doc.block_count);
        assert_true(doc.parties[i].start <
                    aw_utf8_count(doc.blocks[doc.parties[i].block].text));
    }
}

static void every_text_of_a_mutated_page_is_well_formed(void **state)
{
    static const char *const charsets[] = {"", "", "gbk", "big5", "utf-16le"};
    struct aw_buf bytes;
    struct aw_rng rng;

    (void)state;
    aw_rng_init(&rng, 20160412);
    aw_buf_init(&bytes, 1 << 16);
    for (int i = 0; i < MUTATIONS; i++) {
        struct aw_extract_input input = {.url = AW_STR("http://a.example/"),
                                         .content_type = AW_STR("text/html"),
                                         .charset = aw_str_of(
                                             charsets[aw_rng_below(&rng, 5)])};

        aw_buf_reset(&bytes);
        aw_buf_append(&bytes, page, sizeof page - 1);
        for (uint64_t n = aw_rng_below(&rng, 30); n > 0; n--)
            mutate(&rng, &bytes);
        input.bytes = aw_buf_str(&bytes);
        extract(&input);
        assert_well_formed();
    }
    aw_buf_deinit(&bytes);
}

static void every_text_of_random_bytes_is_well_formed(void **state)
{
    static const char *const types[] = {"text/html", "text/plain",
                                        "application/json"};
    static const char *const encodings[] = {"", "gzip", "deflate"};
    struct aw_rng rng;
    char bytes[512];

    (void)state;
    aw_rng_init(&rng, 99);
    for (int i = 0; i < MUTATIONS; i++) {
        struct aw_extract_input input = {
            .content_type = aw_str_of(types[aw_rng_below(&rng, 3)]),
            .content_encoding = aw_str_of(encodings[aw_rng_below(&rng, 3)]),
            .channel = (enum aw_channel)aw_rng_below(&rng, AW_CHANNEL_COUNT),
            .bytes = {bytes, (size_t)aw_rng_below(&rng, sizeof bytes)}};

        for (size_t k = 0; k < sizeof bytes; k++)
            bytes[k] = (char)(aw_rng_next(&rng) & (i % 2 ? 0xFF : 0x7F));
        extract(&input);
        assert_well_formed();
    }
}

static void assert_left(struct aw_extract_input *input, struct aw_str bytes,
                        aw_rc rc)
{
    aw_document_deinit(&doc);
    aw_document_init(&doc, AW_CHANNEL_WEB);
    input->bytes = bytes;
    assert_int_equal(aw_extract(input, &doc, &err), rc);
}

static void what_is_longer_than_quick_max_is_left(void **state)
{
    char plain[10000];
    struct aw_str text = {plain, sizeof plain};
    struct aw_extract_input input = {.content_type = AW_STR("text/html"),
                                     .quick_max = sizeof plain - 1};

    (void)state;
    memset(plain, 'a', sizeof plain);
    assert_left(&input, text, AW_BUSY);
    input.content_encoding = AW_STR("gzip");
    assert_left(&input, pack(text, GZIP), AW_BUSY);
    input.quick_max = sizeof plain;
    assert_left(&input, pack(text, GZIP), AW_OK);
    assert_int_equal(doc.blocks[0].text.len, sizeof plain);
    assert_string_equal(doc.note.len ? doc.note.ptr : "", "");
    input.decoded_max = 5000; /* it is cut before */
    assert_left(&input, pack(text, GZIP), AW_OK);
    assert_int_equal(doc.blocks[0].text.len, 5000);
}

/* Cut between its codings it would be a page without an end. */
static void what_is_coded_twice_is_left_too(void **state)
{
    size_t size = (size_t)1 << 20;
    char *plain = calloc(1, size);
    char once[4096];
    struct aw_str bytes;
    struct aw_extract_input input = {.content_type = AW_STR("text/html"),
                                     .content_encoding = AW_STR("gzip, gzip"),
                                     .quick_max = 500};

    (void)state;
    assert_non_null(plain);
    bytes = pack((struct aw_str){plain, size}, GZIP);
    free(plain);
    assert_true(bytes.len < sizeof once && bytes.len > 500);
    memcpy(once, bytes.ptr, bytes.len);
    assert_left(&input, pack((struct aw_str){once, bytes.len}, GZIP), AW_BUSY);
}

static void what_holds_no_text_is_not_left(void **state)
{
    char image[1000] = "\x89PNG";
    struct aw_extract_input input = {.content_type = AW_STR("image/png"),
                                     .quick_max = 100};

    (void)state;
    assert_left(&input, (struct aw_str){image, sizeof image}, AW_OK);
    assert_int_equal(doc.block_count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_content_type_decides_where_it_is_particular),
        cmocka_unit_test(the_bytes_decide_where_it_is_general),
        cmocka_unit_test(a_page_with_control_bytes_is_a_page),
        cmocka_unit_test(packed_bytes_are_sniffed_unpacked),
        cmocka_unit_test(a_page_becomes_blocks_with_url_and_charset),
        cmocka_unit_test(a_message_becomes_paragraphs_and_parties),
        cmocka_unit_test(a_posters_text_is_one_block),
        cmocka_unit_test(a_listing_makes_the_channel_app),
        cmocka_unit_test(what_holds_no_text_gives_an_empty_document),
        cmocka_unit_test(a_whole_text_keeps_its_offsets),
        cmocka_unit_test(gzip_and_both_deflates_are_undone),
        cmocka_unit_test(a_torn_stream_gives_what_there_was),
        cmocka_unit_test(a_bomb_is_cut_at_the_cap),
        cmocka_unit_test(what_is_longer_than_quick_max_is_left),
        cmocka_unit_test(what_is_coded_twice_is_left_too),
        cmocka_unit_test(what_holds_no_text_is_not_left),
        cmocka_unit_test(a_page_that_is_read_whole_has_no_note),
        cmocka_unit_test(several_gzip_members_are_one_body),
        cmocka_unit_test(a_body_that_only_says_gzip_is_taken_as_it_is),
        cmocka_unit_test(an_unknown_encoding_is_a_clear_error),
        cmocka_unit_test(every_text_of_a_mutated_page_is_well_formed),
        cmocka_unit_test(every_text_of_random_bytes_is_well_formed),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
