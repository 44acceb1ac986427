#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <unicode/ucnv.h>

#include "base/utf8.h"
#include "extract/charset.h"

#define BYTES_MAX 65536

static char encoded[BYTES_MAX];
static struct aw_buf scratch;
static struct aw_charset charset;

static const char simplified[] =
    "本店新到一批山东大葱，欢迎街坊邻居前来选购。每斤一块二，买十斤送一斤，"
    "送货上门，价格公道，童叟无欺。";
static const char traditional[] =
    "本店新到一批山東大蔥，歡迎街坊鄰居前來選購。每斤一塊二，買十斤送一斤，"
    "送貨上門，價格公道，童叟無欺。";

/* The text in another charset, by ICU. */
static struct aw_str encode(const char *name, const char *utf8)
{
    UErrorCode status = U_ZERO_ERROR;
    int32_t len =
        ucnv_convert(name, "UTF-8", encoded, BYTES_MAX, utf8, -1, &status);

    assert_true(U_SUCCESS(status));
    return (struct aw_str){encoded, (size_t)len};
}

static struct aw_str decode_as(struct aw_str bytes, const char *forced,
                               const char *http)
{
    struct aw_charset_hints hints = {aw_str_of(forced), aw_str_of(http)};
    struct aw_str text;
    struct aw_err err;

    aw_buf_reset(&scratch);
    assert_int_equal(aw_charset_decide(bytes, &hints, &charset, &err), AW_OK);
    assert_int_equal(aw_charset_decode(bytes, &charset, &scratch, &text, &err),
                     AW_OK);
    assert_true(aw_utf8_valid(text));
    return text;
}

static struct aw_str decode(struct aw_str bytes)
{
    return decode_as(bytes, NULL, NULL);
}

static void assert_holds(struct aw_str text, const char *part)
{
    if (aw_str_find(text, aw_str_of(part)) < 0)
        fail_msg("'%s' is not in '%.*s'", part, AW_STR_ARG(text));
}

static void assert_charset(const char *name, const char *why)
{
    assert_string_equal(charset.name, name);
    assert_string_equal(charset.why, why);
}

static int setup(void **state)
{
    (void)state;
    aw_buf_init(&scratch, 8 * BYTES_MAX);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    aw_buf_deinit(&scratch);
    return 0;
}

static void utf8_without_declaration_is_detected_and_not_copied(void **state)
{
    struct aw_str bytes = aw_str_of(simplified);

    (void)state;
    assert_ptr_equal(decode(bytes).ptr, bytes.ptr);
    assert_charset("utf-8", "detected");
}

static void gb18030_without_declaration_is_detected(void **state)
{
    (void)state;
    assert_holds(decode(encode("gb18030", simplified)), simplified);
    assert_charset("gb18030", "detected");
    assert_holds(decode(encode("gb18030", "保本")), "保本");
    assert_charset("gb18030", "detected");
}

static void a_few_rare_characters_are_told_from_accents(void **state)
{
    static const char *const texts[] = {"<title>歙砚徽墨</title>",
                                        "<b>犇牛</b><i>鱻</i>", "旖旎饕餮"};

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        assert_holds(decode(encode("gb18030", texts[i])), texts[i]);
}

static void big5_without_declaration_is_detected(void **state)
{
    (void)state;
    assert_holds(decode(encode("Big5-HKSCS", traditional)), traditional);
    assert_charset("big5", "detected");
}

static void other_asian_charsets_are_told_from_chinese(void **state)
{
    (void)state;
    decode(encode("EUC-KR", "가게에 새로 들어온 대파를 사러 오세요. 한 단에 "
                            "이천 원이고 열 단을 사면 한 단을 더 드립니다."));
    assert_string_equal(charset.name, "euc-kr");
    decode(encode("EUC-JP", "新しく入荷したネギを買いに来てください。一束二百"
                            "円で、十束買うと一束おまけします。"));
    assert_string_equal(charset.name, "euc-jp");
}

static void western_text_is_windows_1252(void **state)
{
    (void)state;
    assert_holds(decode(encode("windows-1252", "Un café très agréable à la "
                                               "campagne, près du château")),
                 "très agréable");
    assert_true(strcmp(charset.name, "windows-1252") == 0);
}

static void every_gb_label_means_gb18030(void **state)
{
    static const char *const names[] = {"gb2312",     "GBK",     "x-gbk",
                                        "gb_2312-80", "gb18030", "GB2312"};

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        /* 镕 is in GBK and not in GB 2312 */
        assert_holds(decode_as(encode("gb18030", "镕价格公道"), NULL,
                               names[i]),
                     "镕价格");
        assert_charset("gb18030", "http");
    }
}

static void a_forced_charset_is_not_corrected(void **state)
{
    (void)state;
    decode_as(aw_str_of(simplified), "GBK", "utf-8");
    assert_charset("gb18030", "forced");
}

static void an_unknown_forced_charset_is_an_error(void **state)
{
    struct aw_charset_hints hints = {AW_STR("klingon"), {0}};
    struct aw_err err;

    (void)state;
    assert_int_equal(aw_charset_decide(AW_STR("a"), &hints, &charset, &err),
                     AW_INVALID);
    assert_non_null(strstr(err.msg, "klingon"));
}

static void byte_order_marks_decide_and_are_dropped(void **state)
{
    (void)state;
    assert_true(aw_str_eq(decode_as(AW_STR("\xEF\xBB\xBF葱"), NULL, "gbk"),
                          AW_STR("葱")));
    assert_charset("utf-8", "bom");
    assert_true(aw_str_eq(decode(AW_STR("\xFF\xFE\x71\x84")), AW_STR("葱")));
    assert_charset("utf-16le", "bom");
    assert_true(aw_str_eq(decode(encode("UTF-16", "葱a")), AW_STR("葱a")));
    assert_string_equal(charset.why, "bom");
}

static void utf16_without_a_mark_is_detected(void **state)
{
    (void)state;
    assert_holds(decode(encode("UTF-16LE", "<html><body>大葱</body></html>")),
                 "<body>大葱</body>");
    assert_charset("utf-16le", "detected");
    assert_holds(
        decode_as(encode("UTF-16BE",
                         "<html><head><body><p>一万一千一百一十一</p>"),
                  NULL, "utf-16be"),
        "一万一千一百一十一");
    assert_charset("utf-16be", "http");
}

static void meta_and_http_equiv_and_xml_are_read(void **state)
{
    (void)state;
    decode(encode("gb18030", "<title>大葱</title><META charset='GB2312'>"));
    assert_charset("gb18030", "meta");
    decode(encode("Big5", "<meta http-equiv=Content-Type "
                          "content='text/html; charset=big5'>鄰居前來選購"));
    assert_charset("big5", "meta");
    decode(encode("gb18030", "<?xml version='1.0' encoding='GBK'?><p>大葱"));
    assert_charset("gb18030", "xml");
}

static void http_goes_before_meta(void **state)
{
    (void)state;
    decode_as(AW_STR("<meta charset=big5>plain"), NULL, "gb2312");
    assert_charset("gb18030", "http");
}

static void an_unknown_http_charset_leaves_it_to_meta(void **state)
{
    (void)state;
    decode_as(AW_STR("<meta charset=gbk>plain"), NULL, "none,x=y");
    assert_charset("gb18030", "meta");
}

static void a_meta_behind_1024_bytes_is_found(void **state)
{
    char page[8192];

    (void)state;
    (void)snprintf(page, sizeof page,
                   "<html><head><!-- %03000d --><script>var c = '<meta "
                   "charset=big5>';</script><meta charset=gbk>葱",
                   0);
    assert_holds(decode(encode("gb18030", page)), "葱");
    assert_charset("gb18030", "meta");
}

static void a_meta_in_a_comment_does_not_count(void **state)
{
    (void)state;
    decode(AW_STR("<!-- <meta charset=big5> -->plain"));
    assert_charset("utf-8", "detected");
}

static void utf8_mislabelled_as_gb2312_is_corrected(void **state)
{
    (void)state;
    assert_holds(decode_as(aw_str_of(simplified), NULL, "gb2312"), simplified);
    assert_charset("utf-8", "corrected");
}

/* ICU guesses IBM420 here, and cannot read it. */
static void what_icu_cannot_read_is_no_correction(void **state)
{
    (void)state;
    (void)decode_as(AW_STR("\x84\xF1\xB8"), NULL, "utf-16le");
    assert_charset("windows-1252", "corrected");
}

static void gb_mislabelled_as_utf8_is_corrected(void **state)
{
    (void)state;
    assert_holds(decode_as(encode("gb18030", simplified), NULL, "utf-8"),
                 simplified);
    assert_charset("gb18030", "corrected");
}

static void gb_mislabelled_as_latin1_or_big5_is_corrected(void **state)
{
    (void)state;
    assert_holds(decode_as(encode("gb18030", simplified), NULL, "iso-8859-1"),
                 simplified);
    assert_charset("gb18030", "corrected");
    assert_holds(decode_as(encode("gb18030", simplified), NULL, "big5"),
                 simplified);
    assert_charset("gb18030", "corrected");
}

static void big5_mislabelled_as_gb_is_corrected(void **state)
{
    (void)state;
    assert_holds(decode_as(encode("Big5-HKSCS", traditional), NULL, "gbk"),
                 traditional);
    assert_charset("big5", "corrected");
}

static void traditional_text_in_gbk_stays_gbk(void **state)
{
    (void)state;
    assert_holds(decode_as(encode("gb18030", traditional), NULL, "gbk"),
                 traditional);
    assert_charset("gb18030", "http");
}

static void bad_bytes_in_the_middle_stop_nothing(void **state)
{
    struct aw_str text;

    (void)state;
    text = decode_as(AW_STR("大葱\xFF\xE5\x88选购，欢迎前来\xC0<p>送货上门"),
                     NULL, "utf-8");
    assert_charset("utf-8", "http");
    assert_holds(text, "大葱\xEF\xBF\xBD");
    assert_holds(text, "选购");
    assert_holds(text, "<p>送货上门");
}

static void a_bad_lead_byte_in_gb_does_not_swallow_markup(void **state)
{
    struct aw_str text;

    (void)state;
    text = decode_as(AW_STR("\xB4\xF3\xB4\xD0\x81<p>\xB4\xF3\xFF\xB4\xD0"),
                     NULL, "gb2312");
    assert_holds(text, "大葱");
    assert_holds(text, "<p>大");
}

static void bytes_cut_within_a_character_are_still_recognised(void **state)
{
    struct aw_str bytes = aw_str_of(simplified);

    (void)state;
    decode(aw_str_sub(bytes, 0, bytes.len - 1));
    assert_charset("utf-8", "detected");
    bytes = encode("gb18030", simplified);
    assert_holds(decode(aw_str_sub(bytes, 0, bytes.len - 1)), "童叟无欺");
    assert_charset("gb18030", "detected");
}

static void nul_bytes_are_dropped(void **state)
{
    (void)state;
    assert_true(aw_str_eq(decode(AW_STR("大\0葱")), AW_STR("大葱")));
    assert_true(aw_str_eq(decode_as(AW_STR("\xB4\xF3\0\xB4\xD0"), NULL, "gbk"),
                          AW_STR("大葱")));
}

/* Every pair, and bytes that are none, as ICU alone reads them. */
static void the_table_of_gb18030_agrees_with_icu(void **state)
{
    static char all[126 * 256 * 3];
    static char utf8[sizeof all * 4];
    UErrorCode status = U_ZERO_ERROR;
    size_t len = 0;
    int32_t n;

    (void)state;
    for (int lead = 0x80; lead <= 0xFF; lead++) {
        for (int trail = 0x21; trail <= 0xFF; trail += lead % 4 ? 1 : 3) {
            if (len + 3 > sizeof all)
                break;
            all[len++] = (char)lead;
            all[len++] = (char)trail;
            if (trail % 5 == 0)
                all[len++] = ' ';
        }
    }
    n = ucnv_convert("UTF-8", "gb18030", utf8, sizeof utf8, all, (int32_t)len,
                     &status);
    assert_true(U_SUCCESS(status));
    assert_true(
        aw_str_eq(decode_as((struct aw_str){all, len}, "gb18030", NULL),
                  (struct aw_str){utf8, (size_t)n}));
}

static void four_byte_gb18030_is_decoded(void **state)
{
    (void)state;
    assert_holds(decode_as(encode("gb18030", "𠮷大葱😀"), NULL, "gb18030"),
                 "𠮷大葱😀");
}

static void hz_is_read_where_it_is_declared(void **state)
{
    (void)state;
    assert_holds(decode_as(encode("HZ", "<p>大葱</p> one ~"), NULL,
                           "hz-gb-2312"),
                 "<p>大葱</p> one ~");
    assert_charset("hz-gb-2312", "http");
}

static void a_label_that_browsers_do_not_know_is_passed_over(void **state)
{
    (void)state;
    decode_as(AW_STR("<meta charset=gbk>plain"), NULL, "utf-7");
    assert_charset("gb18030", "meta");
    decode_as(AW_STR("<meta charset=ibm037>plain"), NULL, NULL);
    assert_charset("utf-8", "detected");
    decode_as(AW_STR("plain"), "ibm037", NULL);
    assert_charset("ibm037", "forced");
}

static void an_xml_declaration_behind_blank_lines_is_read(void **state)
{
    (void)state;
    decode(AW_STR("\r\n <!-- x --><?xml version='1.0' encoding=\"big5\"?>a"));
    assert_charset("big5", "xml");
    decode(AW_STR("<?xml version='1.0'?><p encoding='big5'>a"));
    assert_charset("utf-8", "detected");
}

/* Two pieces, each in its own charset. */
static struct aw_str join(const char *first, const char *one,
                          const char *second, const char *two)
{
    static char all[4096];
    struct aw_str part = encode(first, one);
    size_t len = part.len;

    memcpy(all, part.ptr, len);
    part = encode(second, two);
    memcpy(all + len, part.ptr, part.len);
    return (struct aw_str){all, len + part.len};
}

static void utf8_within_a_gb_page_is_read(void **state)
{
    char page[2048];

    (void)state;
    (void)snprintf(page, sizeof page, "<meta charset=gb2312>%s<div>",
                   simplified);
    assert_holds(decode(join("gb18030", page, "utf-8",
                             "葱姜蒜，</div><b>特价</b>送")),
                 "公道，童叟无欺。<div>葱姜蒜，</div><b>特价</b>");
    assert_charset("gb18030", "meta");
}

static void gb_within_a_utf8_page_is_read(void **state)
{
    char page[2048];

    (void)state;
    (void)snprintf(page, sizeof page, "<meta charset=utf-8>%s%s<div>",
                   simplified, simplified);
    assert_holds(decode(join("utf-8", page, "gb18030",
                             "葱姜蒜</div><b>特价</b>送")),
                 "公道，童叟无欺。<div>葱姜蒜</div><b>特价</b>");
    assert_charset("utf-8", "meta");
}

static void rare_characters_in_gb_are_no_utf8(void **state)
{
    static const char *const texts[] = {"联通", "琪麟鑫", "犇鱻骉羴猋",
                                        "旖旎缱绻", "饕餮魑魅魍魉"};

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        assert_holds(decode_as(encode("gb18030", texts[i]), NULL, "gbk"),
                     texts[i]);
}

static void an_empty_input_is_utf8(void **state)
{
    (void)state;
    assert_int_equal(decode((struct aw_str){0}).len, 0);
    assert_charset("utf-8", "detected");
}

static void text_longer_than_a_piece_is_whole(void **state)
{
    char page[BYTES_MAX / 2];
    size_t len = 0;

    (void)state;
    while (len + sizeof simplified < sizeof page) {
        memcpy(page + len, simplified, sizeof simplified);
        len += sizeof simplified - 1;
    }
    assert_true(aw_str_eq(decode(encode("gb18030", page)), aw_str_of(page)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(utf8_without_declaration_is_detected_and_not_copied),
        cmocka_unit_test(gb18030_without_declaration_is_detected),
        cmocka_unit_test(a_few_rare_characters_are_told_from_accents),
        cmocka_unit_test(big5_without_declaration_is_detected),
        cmocka_unit_test(other_asian_charsets_are_told_from_chinese),
        cmocka_unit_test(western_text_is_windows_1252),
        cmocka_unit_test(every_gb_label_means_gb18030),
        cmocka_unit_test(a_forced_charset_is_not_corrected),
        cmocka_unit_test(an_unknown_forced_charset_is_an_error),
        cmocka_unit_test(byte_order_marks_decide_and_are_dropped),
        cmocka_unit_test(utf16_without_a_mark_is_detected),
        cmocka_unit_test(meta_and_http_equiv_and_xml_are_read),
        cmocka_unit_test(http_goes_before_meta),
        cmocka_unit_test(an_unknown_http_charset_leaves_it_to_meta),
        cmocka_unit_test(a_meta_behind_1024_bytes_is_found),
        cmocka_unit_test(a_meta_in_a_comment_does_not_count),
        cmocka_unit_test(utf8_mislabelled_as_gb2312_is_corrected),
        cmocka_unit_test(what_icu_cannot_read_is_no_correction),
        cmocka_unit_test(gb_mislabelled_as_utf8_is_corrected),
        cmocka_unit_test(gb_mislabelled_as_latin1_or_big5_is_corrected),
        cmocka_unit_test(big5_mislabelled_as_gb_is_corrected),
        cmocka_unit_test(traditional_text_in_gbk_stays_gbk),
        cmocka_unit_test(bad_bytes_in_the_middle_stop_nothing),
        cmocka_unit_test(a_bad_lead_byte_in_gb_does_not_swallow_markup),
        cmocka_unit_test(bytes_cut_within_a_character_are_still_recognised),
        cmocka_unit_test(nul_bytes_are_dropped),
        cmocka_unit_test(the_table_of_gb18030_agrees_with_icu),
        cmocka_unit_test(four_byte_gb18030_is_decoded),
        cmocka_unit_test(hz_is_read_where_it_is_declared),
        cmocka_unit_test(a_label_that_browsers_do_not_know_is_passed_over),
        cmocka_unit_test(an_xml_declaration_behind_blank_lines_is_read),
        cmocka_unit_test(utf8_within_a_gb_page_is_read),
        cmocka_unit_test(gb_within_a_utf8_page_is_read),
        cmocka_unit_test(rare_characters_in_gb_are_no_utf8),
        cmocka_unit_test(an_empty_input_is_utf8),
        cmocka_unit_test(text_longer_than_a_piece_is_whole),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
