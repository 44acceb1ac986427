#include "tests/base/base_test.h"

#include "base/str.h"

static const struct aw_str none = {0};

static void a_view_of_null_is_empty(void **s)
{
    (void)s;
    assert_int_equal(aw_str_of(NULL).len, 0);
    assert_int_equal(aw_str_of("").len, 0);
    assert_int_equal(aw_str_of("ab").len, 2);
    assert_int_equal(AW_STR("a\0b").len, 3);
}

static void empty_views_are_equal_whatever_they_point_at(void **s)
{
    (void)s;
    assert_true(aw_str_eq(none, AW_STR("")));
    assert_true(aw_str_eq_nocase(none, AW_STR("")));
    assert_int_equal(aw_str_cmp(none, AW_STR("")), 0);
    assert_true(aw_str_starts(none, none));
    assert_true(aw_str_ends(none, none));
}

static void equality_counts_length_and_nul(void **s)
{
    (void)s;
    assert_true(aw_str_eq(AW_STR("a\0b"), AW_STR("a\0b")));
    assert_false(aw_str_eq(AW_STR("a\0b"), AW_STR("a\0c")));
    assert_false(aw_str_eq(AW_STR("ab"), AW_STR("abc")));
    assert_false(aw_str_eq_nocase(AW_STR("ab"), AW_STR("abc")));
}

static void case_is_folded_for_ascii_letters_alone(void **s)
{
    (void)s;
    assert_true(aw_str_eq_nocase(AW_STR("Charset=GB"), AW_STR("cHARSET=gb")));
    assert_false(aw_str_eq_nocase(AW_STR("@["), AW_STR("`{")));
    assert_false(aw_str_eq_nocase(AW_STR("É"), AW_STR("é")));
    for (int c = 0; c < 256; c++)
        assert_int_equal((unsigned char)aw_ascii_lower((char)c),
                         c >= 'A' && c <= 'Z' ? c + 32 : c);
}

static void classes_of_characters_are_those_of_ascii(void **s)
{
    (void)s;
    for (int c = 0; c < 256; c++) {
        bool letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');

        assert_int_equal(aw_ascii_digit((char)c), c >= '0' && c <= '9');
        assert_int_equal(aw_ascii_alpha((char)c), letter);
        assert_int_equal(aw_ascii_space((char)c),
                         c == ' ' || (c >= 9 && c <= 13));
    }
    assert_int_equal(aw_hex_value('0'), 0);
    assert_int_equal(aw_hex_value('9'), 9);
    assert_int_equal(aw_hex_value('a'), 10);
    assert_int_equal(aw_hex_value('F'), 15);
    assert_int_equal(aw_hex_value('g'), -1);
    assert_int_equal(aw_hex_value('/'), -1);
    assert_int_equal(aw_hex_value('\0'), -1);
}

static void starts_and_ends_need_the_whole_affix(void **s)
{
    (void)s;
    assert_true(aw_str_starts(AW_STR("abc"), AW_STR("ab")));
    assert_false(aw_str_starts(AW_STR("a"), AW_STR("ab")));
    assert_true(aw_str_starts_nocase(AW_STR("HTTP/1"), AW_STR("http")));
    assert_false(aw_str_starts_nocase(AW_STR("HTT"), AW_STR("http")));
    assert_true(aw_str_ends(AW_STR("a.yaml"), AW_STR(".yaml")));
    assert_true(aw_str_ends(AW_STR("abc"), AW_STR("")));
    assert_false(aw_str_ends(AW_STR("aml"), AW_STR("yaml")));
    assert_false(aw_str_ends(AW_STR("a.yamk"), AW_STR(".yaml")));
}

static void order_is_by_unsigned_bytes_then_length(void **s)
{
    (void)s;
    assert_true(aw_str_cmp(AW_STR("a"), AW_STR("b")) < 0);
    assert_true(aw_str_cmp(AW_STR("a"), AW_STR("ab")) < 0);
    assert_true(aw_str_cmp(AW_STR("ab"), AW_STR("a")) > 0);
    assert_true(aw_str_cmp(AW_STR("\xFF"), AW_STR("a")) > 0);
    assert_true(aw_str_cmp(none, AW_STR("a")) < 0);
    assert_int_equal(aw_str_cmp(AW_STR("a"), AW_STR("a")), 0);
}

static void find_gives_the_first_place_or_minus_one(void **s)
{
    (void)s;
    assert_int_equal(aw_str_find(AW_STR("aXbXc"), AW_STR("X")), 1);
    assert_int_equal(aw_str_find(AW_STR("abc"), AW_STR("abc")), 0);
    assert_int_equal(aw_str_find(AW_STR("abc"), AW_STR("abcd")), -1);
    assert_int_equal(aw_str_find(AW_STR("a\0b"), AW_STR("\0b")), 1);
    assert_int_equal(aw_str_find(AW_STR("abc"), none), 0);
    assert_int_equal(aw_str_find(none, AW_STR("a")), -1);
    assert_int_equal(aw_str_find_nocase(AW_STR("<BR><Meta"), AW_STR("<mETA")),
                     4);
    assert_int_equal(aw_str_find_nocase(AW_STR("abc"), AW_STR("BC")), 1);
    assert_int_equal(aw_str_find_nocase(AW_STR("abc"), AW_STR("cd")), -1);
    assert_int_equal(aw_str_find_nocase(none, AW_STR("a")), -1);
    assert_int_equal(aw_str_find_nocase(none, none), 0);
}

static void sub_is_clamped_to_the_text(void **s)
{
    (void)s;
    assert_str(aw_str_sub(AW_STR("abcd"), 1, 2), "bc");
    assert_str(aw_str_sub(AW_STR("abcd"), 1, SIZE_MAX), "bcd");
    assert_str(aw_str_sub(AW_STR("abcd"), 4, 1), "");
    assert_str(aw_str_sub(AW_STR("abcd"), SIZE_MAX, SIZE_MAX), "");
    assert_str(aw_str_sub(none, 0, 1), "");
}

static void trim_takes_white_space_at_both_ends_alone(void **s)
{
    (void)s;
    assert_str(aw_str_trim(AW_STR(" \t\r\n\v\fa b\n ")), "a b");
    assert_str(aw_str_trim(AW_STR(" \n ")), "");
    assert_str(aw_str_trim(none), "");
    assert_str(aw_str_trim(AW_STR("\xC2\xA0")), "\xC2\xA0");
}

static void split_as(const char *text, const char *joined)
{
    struct aw_str rest = aw_str_of(text);
    struct aw_str part;
    struct aw_buf out;

    aw_buf_init(&out, 100);
    aw_buf_puts(&out, "");
    while (aw_str_split(&rest, ',', &part))
        aw_buf_printf(&out, "[%.*s]", AW_STR_ARG(part));
    assert_string_equal(out.ptr, joined);
    aw_buf_deinit(&out);
}

static void split_gives_every_part_the_empty_ones_too(void **s)
{
    (void)s;
    split_as("a,,b", "[a][][b]");
    split_as("a", "[a]");
    split_as("a,", "[a][]");
    split_as(",a", "[][a]");
    split_as("", "[]");
    split_as(NULL, "");
}

static void whole_numbers_are_read_up_to_their_limits(void **s)
{
    int64_t value = 0;

    (void)s;
    assert_true(aw_str_to_int(AW_STR("0"), &value));
    assert_int_equal(value, 0);
    assert_true(aw_str_to_int(AW_STR("007"), &value));
    assert_int_equal(value, 7);
    assert_true(aw_str_to_int(AW_STR("9223372036854775807"), &value));
    assert_true(value == INT64_MAX);
    assert_true(aw_str_to_int(AW_STR("-9223372036854775808"), &value));
    assert_true(value == INT64_MIN);
}

static void what_is_no_whole_number_is_refused_and_leaves_out_alone(void **s)
{
    const char *bad[] = {"",
                         "-",
                         "+1",
                         " 1",
                         "1 ",
                         "1.0",
                         "0x1",
                         "--1",
                         "1-",
                         "9223372036854775808",
                         "-9223372036854775809",
                         "99999999999999999999999",
                         "１"};
    int64_t value = 42;

    (void)s;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(aw_str_to_int(aw_str_of(bad[i]), &value));
    assert_false(aw_str_to_int(AW_STR("1\0"), &value));
    assert_int_equal(value, 42);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_view_of_null_is_empty),
        cmocka_unit_test(empty_views_are_equal_whatever_they_point_at),
        cmocka_unit_test(equality_counts_length_and_nul),
        cmocka_unit_test(case_is_folded_for_ascii_letters_alone),
        cmocka_unit_test(classes_of_characters_are_those_of_ascii),
        cmocka_unit_test(starts_and_ends_need_the_whole_affix),
        cmocka_unit_test(order_is_by_unsigned_bytes_then_length),
        cmocka_unit_test(find_gives_the_first_place_or_minus_one),
        cmocka_unit_test(sub_is_clamped_to_the_text),
        cmocka_unit_test(trim_takes_white_space_at_both_ends_alone),
        cmocka_unit_test(split_gives_every_part_the_empty_ones_too),
        cmocka_unit_test(whole_numbers_are_read_up_to_their_limits),
        cmocka_unit_test(
            what_is_no_whole_number_is_refused_and_leaves_out_alone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
