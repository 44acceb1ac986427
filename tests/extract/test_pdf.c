#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "extract/image.h"
#include "extract/ocr.h"
#include "extract/pdf.h"

#define MOST_MS 120000

static struct aw_buf pages;
static struct aw_err err;

static int set_up(void **s)
{
    (void)s;
    aw_buf_init(&pages, AW_PDF_BYTES_MAX);
    return 0;
}

static int tear_down(void **s)
{
    (void)s;
    aw_buf_deinit(&pages);
    return 0;
}

/* Empty pages; poppler finds its way without a table of references. */
static void put_pdf(struct aw_buf *out, int count)
{
    aw_buf_puts(out, "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n");
    aw_buf_printf(out, "2 0 obj<</Type/Pages/Count %d/Kids[", count);
    for (int i = 0; i < count; i++)
        aw_buf_printf(out, "%d 0 R ", i + 3);
    aw_buf_puts(out, "]>>endobj\n");
    for (int i = 0; i < count; i++)
        aw_buf_printf(out,
                      "%d 0 obj<</Type/Page/Parent 2 0 R"
                      "/MediaBox[0 0 200 400]>>endobj\n",
                      i + 3);
    aw_buf_puts(out, "trailer<</Root 1 0 R>>\n%%EOF\n");
}

static int count_pages(void)
{
    struct aw_str rest = aw_buf_str(&pages);
    int count = 0, width, height;
    size_t head;

    for (; aw_image_pgm_head(rest, &width, &height, &head); count++)
        rest =
            aw_str_sub(rest, head + (size_t)width * (size_t)height, rest.len);
    assert_int_equal(rest.len, 0);
    return count;
}

static aw_rc render(int count)
{
    struct aw_buf pdf;
    aw_rc rc;

    aw_buf_init(&pdf, 1 << 20);
    put_pdf(&pdf, count);
    rc = aw_pdf_pages(aw_buf_str(&pdf), MOST_MS, &pages, &err);
    aw_buf_deinit(&pdf);
    return rc;
}

static void pages_become_images_of_a_bounded_size(void **s)
{
    int width, height;
    size_t head;

    (void)s;
    assert_int_equal(render(2), AW_OK);
    assert_int_equal(aw_image_sniff(aw_buf_str(&pages)), AW_IMAGE_PGM);
    assert_true(aw_image_pgm_head(aw_buf_str(&pages), &width, &height, &head));
    assert_int_equal(height, AW_PDF_SIDE);
    assert_int_equal(width, AW_PDF_SIDE / 2);
    assert_int_equal(count_pages(), 2);
}

static void no_more_pages_than_tell_that_there_are_more(void **s)
{
    (void)s;
    assert_int_equal(render(AW_OCR_PAGES_MAX + 5), AW_OK);
    assert_int_equal(count_pages(), AW_OCR_PAGES_MAX + 1);
}

static void what_is_no_pdf_is_refused(void **s)
{
    (void)s;
    assert_int_equal(aw_pdf_pages(AW_STR("%PDF-1.4\nnot at all"), MOST_MS,
                                  &pages, &err),
                     AW_INVALID);
    assert_int_equal(aw_pdf_pages(AW_STR(""), MOST_MS, &pages, &err),
                     AW_INVALID);
}

static void a_pdf_that_takes_too_long_is_ended(void **s)
{
    struct aw_buf pdf;

    (void)s;
    aw_buf_init(&pdf, 1 << 20);
    put_pdf(&pdf, 8);
    assert_int_equal(aw_pdf_pages(aw_buf_str(&pdf), 0, &pages, &err),
                     AW_LIMIT);
    aw_buf_deinit(&pdf);
}

#define UNIT(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(pages_become_images_of_a_bounded_size),
        UNIT(no_more_pages_than_tell_that_there_are_more),
        UNIT(what_is_no_pdf_is_refused),
        UNIT(a_pdf_that_takes_too_long_is_ended),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
