#include <stdlib.h>

#include <unicode/ucnv.h>

#include "extract/label.h"
#include "tests/base/base_test.h"

static void assert_name(const char *label, const char *name)
{
    const struct aw_encoding *encoding = aw_encoding_of(aw_str_of(label));

    if (!encoding)
        fail_msg("'%s' is not known", label);
    else if (strcmp(encoding->name, name) != 0)
        fail_msg("'%s' is %s, not %s", label, encoding->name, name);
}

static void labels_mean_what_browsers_read(void **state)
{
    static const char *const pairs[][2] = {
        {"gb2312", "gb18030"},
        {"GBK", "gb18030"},
        {"chinese", "gb18030"},
        {"csISO58GB231280", "gb18030"},
        {"x-gbk", "gb18030"},
        {"gb18030", "gb18030"},
        {"iso-ir-58", "gb18030"},
        {"Big5-HKSCS", "big5"},
        {"x-x-big5", "big5"},
        {"unicode-1-1-utf-8", "utf-8"},
        {"UTF8", "utf-8"},
        {"x-unicode20utf8", "utf-8"},
        {"latin1", "windows-1252"},
        {"us-ascii", "windows-1252"},
        {"ANSI_X3.4-1968", "windows-1252"},
        {"iso_8859-1:1987", "windows-1252"},
        {"iso-8859-9", "windows-1254"},
        {"tis-620", "windows-874"},
        {"l2", "iso-8859-2"},
        {"866", "ibm866"},
        {"sjis", "shift_jis"},
        {"ms932", "shift_jis"},
        {"ks_c_5601-1987", "euc-kr"},
        {"korean", "euc-kr"},
        {"logical", "iso-8859-8-i"},
        {"visual", "iso-8859-8"},
        {"koi", "koi8-r"},
        {"koi8-ru", "koi8-u"},
        {"unicode", "utf-16le"},
        {"ucs-2", "utf-16le"},
        {"unicodeFFFE", "utf-16be"},
        {"x-mac-ukrainian", "x-mac-cyrillic"},
        {"iso-10646-ucs-2", "utf-16le"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++)
        assert_name(pairs[i][0], pairs[i][1]);
}

static void white_space_around_a_label_does_not_count(void **state)
{
    (void)state;
    assert_name(" \t\nGB2312\r\f ", "gb18030");
}

static void other_names_are_not_known(void **state)
{
    static const char *const names[] = {
        "",
        "klingon",
        "utf-7",
        "utf-32",
        "gb 2312",
        "ibm037",
        "scsu",
        "gb2312,",
        "gbk\x01",
        "utf-88",
        "zzz",
        "0",
        "iso-8859-1,utf-8-and-what-else-a-page-may-say-here"};

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (aw_encoding_of(aw_str_of(names[i])))
            fail_msg("'%s' is known", names[i]);
}

static void what_browsers_refuse_is_read_as_what_it_says(void **state)
{
    (void)state;
    assert_name("hz-gb-2312", "hz-gb-2312");
    assert_name("iso-2022-cn", "iso-2022-cn");
    assert_null(aw_encoding_of(AW_STR("replacement")));
}

/* By way of every encoding's own name. */
static void icu_has_a_converter_for_each(void **state)
{
    static const char *const names[] = {
        "utf-8",        "ibm866",       "iso-8859-2",     "iso-8859-3",
        "iso-8859-4",   "iso-8859-5",   "iso-8859-6",     "iso-8859-7",
        "iso-8859-8",   "iso-8859-8-i", "iso-8859-10",    "iso-8859-13",
        "iso-8859-14",  "iso-8859-15",  "iso-8859-16",    "koi8-r",
        "koi8-u",       "macintosh",    "windows-874",    "windows-1250",
        "windows-1251", "windows-1252", "windows-1253",   "windows-1254",
        "windows-1255", "windows-1256", "windows-1257",   "windows-1258",
        "gb18030",      "big5",         "x-mac-cyrillic", "euc-jp",
        "iso-2022-jp",  "shift_jis",    "euc-kr",         "iso-2022-kr",
        "iso-2022-cn",  "hz-gb-2312",   "utf-16be",       "utf-16le"};

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const struct aw_encoding *encoding =
            aw_encoding_of(aw_str_of(names[i]));
        UErrorCode status = U_ZERO_ERROR;
        UConverter *converter;

        assert_non_null(encoding);
        assert_string_equal(encoding->name, names[i]);
        converter = ucnv_open(encoding->icu, &status);
        if (U_FAILURE(status))
            fail_msg("%s: %s", encoding->icu, u_errorName(status));
        ucnv_close(converter);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(labels_mean_what_browsers_read),
        cmocka_unit_test(white_space_around_a_label_does_not_count),
        cmocka_unit_test(other_names_are_not_known),
        cmocka_unit_test(what_browsers_refuse_is_read_as_what_it_says),
        cmocka_unit_test(icu_has_a_converter_for_each),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
