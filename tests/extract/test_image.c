#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "extract/image.h"

static void the_first_bytes_tell_what_it_is(void **state)
{
    static const struct {
        struct aw_str bytes;
        enum aw_image_type type;
    } cases[] = {
        {AW_STR("\x89PNG\r\n\x1A\n\0\0\0\rIHDR"), AW_IMAGE_PNG},
        {AW_STR("\xFF\xD8\xFF\xE0\0\x10JFIF"), AW_IMAGE_JPEG},
        {AW_STR("RIFF\x10\0\0\0WEBPVP8 "), AW_IMAGE_WEBP},
        {AW_STR("RIFF\x10\0\0\0WEBPVP8X"), AW_IMAGE_WEBP},
        {AW_STR("II*\0\x08\0\0\0"), AW_IMAGE_TIFF},
        {AW_STR("MM\0*\0\0\0\x08"), AW_IMAGE_TIFF},
        {AW_STR("%PDF-1.7\n"), AW_IMAGE_PDF},
        {AW_STR("\x1B%-12345X@PJL\n%PDF-1.4\n"), AW_IMAGE_PDF},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(aw_image_sniff(cases[i].bytes), cases[i].type);
}

static void what_is_like_an_image_is_none(void **state)
{
    static const struct aw_str cases[] = {
        AW_STR(""),
        AW_STR("\x89PNG"),
        AW_STR("\xFF\xD8"),
        AW_STR("RIFF\x10\0\0\0WAVEfmt "),
        AW_STR("RIFF"),
        AW_STR("II*"),
        AW_STR("<html>\x89PNG\r\n\x1A\n"),
        AW_STR("a text about %PDF-1.7"),
        AW_STR("\xEF\xBB\xBF%PDF-"),
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(aw_image_sniff(cases[i]), AW_IMAGE_NONE);
}

static void each_has_its_content_type(void **state)
{
    (void)state;
    assert_string_equal(aw_image_mime(AW_IMAGE_NONE), "");
    assert_string_equal(aw_image_mime(AW_IMAGE_WEBP), "image/webp");
    assert_string_equal(aw_image_mime(AW_IMAGE_PDF), "application/pdf");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_bytes_tell_what_it_is),
        cmocka_unit_test(what_is_like_an_image_is_none),
        cmocka_unit_test(each_has_its_content_type),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
