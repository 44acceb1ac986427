#include "tests/base/base_test.h"

#include "base/utf8.h"

static struct aw_buf out;

static int set_up(void **s)
{
    (void)s;
    aw_buf_init(&out, 1 << 20);
    aw_buf_puts(&out, "");
    return 0;
}

static int tear_down(void **s)
{
    (void)s;
    aw_buf_deinit(&out);
    return 0;
}

static size_t bytes_of(uint32_t cp)
{
    return cp < 0x80 ? 1 : cp < 0x800 ? 2 : cp < 0x10000 ? 3 : 4;
}

static void every_code_point_comes_back_as_it_was(void **s)
{
    (void)s;
    for (uint32_t cp = 0; cp <= 0x10FFFF; cp++) {
        size_t pos = 0;

        if (cp >= 0xD800 && cp <= 0xDFFF)
            continue;
        aw_buf_reset(&out);
        aw_utf8_put(&out, cp);
        if (out.len != bytes_of(cp) || !aw_utf8_valid(aw_buf_str(&out)) ||
            aw_utf8_next(aw_buf_str(&out), &pos) != cp || pos != out.len)
            fail_msg("U+%04X does not come back", (unsigned)cp);
    }
}

/* Where a fourth byte stands behind them, three are read at once. */
static void three_bytes_are_read_alike_at_the_end_and_before_it(void **s)
{
    (void)s;
    for (uint32_t word = 0; word < 1u << 20; word++) {
        const char bytes[] = {(char)(0xE0 | word >> 16), (char)(word >> 8),
                              (char)word, '.'};
        size_t pos = 0, end = 0;
        uint32_t cp = aw_utf8_next((struct aw_str){bytes, 4}, &pos);

        if (cp != aw_utf8_next((struct aw_str){bytes, 3}, &end) ||
            pos != end ||
            aw_utf8_valid((struct aw_str){bytes, 4}) != (pos == 3))
            fail_msg("E%05X is read as U+%04X", (unsigned)word, (unsigned)cp);
    }
}

static void surrogates_and_what_is_too_large_become_the_replacement(void **s)
{
    const uint32_t bad[] = {0xD800, 0xDBFF,   0xDC00,
                            0xDFFF, 0x110000, UINT32_MAX};

    (void)s;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        aw_buf_reset(&out);
        aw_utf8_put(&out, bad[i]);
        assert_string_equal(out.ptr, "\xEF\xBF\xBD");
    }
}

/* Sequences that RFC 3629 forbids, of every kind. */
static const char *const malformed[] = {
    "\x80",             /* continuation without a lead */
    "\xBF",             /* the last one */
    "\xC0\x80",         /* NUL in two bytes */
    "\xC1\xBF",         /* overlong of two */
    "\xE0\x80\x80",     /* overlong of three */
    "\xE0\x9F\xBF",     /* U+07FF in three */
    "\xF0\x80\x80\x80", /* overlong of four */
    "\xF0\x8F\xBF\xBF", /* U+FFFF in four */
    "\xED\xA0\x80",     /* U+D800 */
    "\xED\xBF\xBF",     /* U+DFFF */
    "\xF4\x90\x80\x80", /* U+110000 */
    "\xF5\x80\x80\x80", /* lead that is never one */
    "\xF8\x88\x80\x80", /* of five bytes, once */
    "\xFC\x84\x80\x80", /* of six */
    "\xFE",             /* never */
    "\xFF",             /* never */
    "\xC2",             /* torn */
    "\xE4\xBF",         /* torn */
    "\xF0\xA0\x80",     /* torn */
    "\xC2\x41",         /* broken by ASCII */
    "\xE4\x41\x80",     /* broken in the second */
    "\xE4\xBF\x41",     /* broken in the third */
    "\xF0\xA0\x80\x41", /* broken in the fourth */
    "\xE4\xBF\xC2\x80", /* broken by a lead */
};

static void each_malformed_byte_counts_one_and_nothing_else_is_eaten(void **s)
{
    (void)s;
    for (size_t i = 0; i < sizeof malformed / sizeof *malformed; i++) {
        struct aw_str text = aw_str_of(malformed[i]);
        size_t pos = 0;

        assert_false(aw_utf8_valid(text));
        assert_int_equal(aw_utf8_next(text, &pos), AW_REPLACEMENT);
        assert_int_equal(pos, 1);
    }
    /* What broke the character stands on its own. */
    assert_int_equal(aw_utf8_count(AW_STR("\xE4\xBF\x41")), 3);
    assert_int_equal(aw_utf8_count(AW_STR("\xE4\xBF\xC2\x80")), 3);
}

static void clean_replaces_every_malformed_byte_and_keeps_the_rest(void **s)
{
    (void)s;
    aw_utf8_clean(&out, AW_STR("保\xE4\xBF"
                               "a\xFF本"));
    assert_string_equal(out.ptr, "保\xEF\xBF\xBD\xEF\xBF\xBD"
                                 "a\xEF\xBF\xBD本");
    for (size_t i = 0; i < sizeof malformed / sizeof *malformed; i++) {
        aw_buf_reset(&out);
        aw_utf8_clean(&out, aw_str_of(malformed[i]));
        assert_true(aw_utf8_valid(aw_buf_str(&out)));
        assert_int_equal(aw_utf8_count(aw_buf_str(&out)),
                         aw_utf8_count(aw_str_of(malformed[i])));
    }
}

static void the_replacement_character_itself_is_valid(void **s)
{
    (void)s;
    assert_true(aw_utf8_valid(AW_STR("a\xEF\xBF\xBD")));
    assert_true(aw_utf8_valid(AW_STR("a\0b")));
    assert_true(aw_utf8_valid((struct aw_str){0}));
}

static void offsets_and_counts_go_both_ways(void **s)
{
    struct aw_str text = AW_STR("a保é😀z");

    (void)s;
    assert_int_equal(aw_utf8_count(text), 5);
    assert_int_equal(aw_utf8_offset(text, 0), 0);
    assert_int_equal(aw_utf8_offset(text, 1), 1);
    assert_int_equal(aw_utf8_offset(text, 2), 4);
    assert_int_equal(aw_utf8_offset(text, 3), 6);
    assert_int_equal(aw_utf8_offset(text, 4), 10);
    assert_int_equal(aw_utf8_offset(text, 5), 11);
    assert_int_equal(aw_utf8_offset(text, SIZE_MAX), 11);
    assert_int_equal(aw_utf8_offset((struct aw_str){0}, 3), 0);
    for (size_t n = 0; n <= 5; n++)
        assert_int_equal(aw_utf8_count(
                             aw_str_sub(text, 0, aw_utf8_offset(text, n))),
                         n);
}

static void a_place_within_a_character_is_moved_behind_it(void **s)
{
    struct aw_str text = AW_STR("a保本");

    (void)s;
    assert_int_equal(aw_utf8_align(text, 0), 0);
    assert_int_equal(aw_utf8_align(text, 1), 1);
    assert_int_equal(aw_utf8_align(text, 2), 4);
    assert_int_equal(aw_utf8_align(text, 5), 7);
    assert_int_equal(aw_utf8_align(text, 7), 7);
}

/* At every place within and behind words of eight bytes. */
static void the_next_byte_above_ascii_is_found_wherever_it_stands(void **s)
{
    char text[40];

    (void)s;
    for (size_t at = 0; at < sizeof text; at++) {
        memset(text, 'a', sizeof text);
        text[at] = (char)0x80;
        for (size_t from = 0; from <= at; from++)
            assert_int_equal(
                aw_utf8_skip_ascii((struct aw_str){text, sizeof text}, from),
                at);
        assert_int_equal(aw_utf8_skip_ascii((struct aw_str){text, at}, 0), at);
    }
}

static void cut_splits_no_character(void **s)
{
    struct aw_str text = AW_STR("a保é😀");
    const size_t expected[] = {0, 1, 1, 1, 4, 4, 6, 6, 6, 6, 10, 10};

    (void)s;
    for (size_t max = 0; max < sizeof expected / sizeof *expected; max++)
        assert_int_equal(aw_utf8_cut(text, max).len, expected[max]);
    assert_int_equal(aw_utf8_cut((struct aw_str){0}, 0).len, 0);
}

static void cut_of_malformed_text_loses_nothing_more(void **s)
{
    (void)s;
    assert_int_equal(aw_utf8_cut(AW_STR("a\x80\x80\x80\x80\x80\x80"), 5).len,
                     5);
    assert_int_equal(aw_utf8_cut(AW_STR("\x80\x80"), 1).len, 1);
    assert_int_equal(aw_utf8_cut(AW_STR("a\xE4\x41\x41"), 2).len, 2);
    assert_int_equal(aw_utf8_cut(AW_STR("\xC3\xA9\x80\x80"), 3).len, 3);
}

static void han_are_the_characters_and_not_the_marks(void **s)
{
    (void)s;
    assert_true(aw_is_han(0x4FDD));
    assert_true(aw_is_han(0x3400));
    assert_true(aw_is_han(0x20000));
    assert_true(aw_is_han(0xF900));
    assert_false(aw_is_han(0x3002)); /* full stop */
    assert_false(aw_is_han(0x3042)); /* hiragana */
    assert_false(aw_is_han(0xAC00)); /* hangul */
    assert_false(aw_is_han('a'));
    assert_false(aw_is_han(0x1F600));
}

#define UNIT(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(every_code_point_comes_back_as_it_was),
        UNIT(three_bytes_are_read_alike_at_the_end_and_before_it),
        UNIT(surrogates_and_what_is_too_large_become_the_replacement),
        UNIT(each_malformed_byte_counts_one_and_nothing_else_is_eaten),
        UNIT(clean_replaces_every_malformed_byte_and_keeps_the_rest),
        UNIT(the_replacement_character_itself_is_valid),
        UNIT(offsets_and_counts_go_both_ways),
        UNIT(a_place_within_a_character_is_moved_behind_it),
        UNIT(the_next_byte_above_ascii_is_found_wherever_it_stands),
        UNIT(cut_splits_no_character),
        UNIT(cut_of_malformed_text_loses_nothing_more),
        UNIT(han_are_the_characters_and_not_the_marks),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
