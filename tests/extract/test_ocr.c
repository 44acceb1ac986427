#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/utf8.h"
#include "extract/extract.h"
#include "extract/ocr_private.h"

/* Leptonica draws Latin letters alone; posters in Chinese are read in
 * tests/posters. */
#define TEXT "INVEST TODAY 2500 YUAN"

static struct aw_ocr *ocr;
static struct aw_document doc;
static struct aw_err err;

static int load(void **state)
{
    struct aw_ocr_config config = {.budget_ms = 60000,
                                   .clock = aw_clock_processor()};

    (void)state;
    return aw_ocr_new(&ocr, &config, &err) == AW_OK ? 0 : -1;
}

static int unload(void **state)
{
    (void)state;
    aw_ocr_free(ocr);
    return 0;
}

static int set_up(void **state)
{
    (void)state;
    aw_document_init(&doc, AW_CHANNEL_POSTER);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    aw_document_deinit(&doc);
    return 0;
}

/* ---- drawing ------------------------------------------------------------ */

static l_uint32 colour(int red, int green, int blue)
{
    l_uint32 pixel;

    (void)composeRGBPixel(red, green, blue, &pixel);
    return pixel;
}

/* A sheet of 900 x 400 pixels with TEXT on it, its foot at 60, 200. */
static PIX *draw(l_uint32 ground, l_uint32 ink)
{
    PIX *pix = pixCreate(900, 400, 32);
    L_BMF *font = bmfCreate(NULL, 14);
    l_int32 width;

    assert_non_null(font);
    (void)pixSetAllArbitrary(pix, ground);
    (void)pixSetTextline(pix, font, TEXT, ink, 60, 200, &width, NULL);
    bmfDestroy(&font);
    return pix;
}

/* Takes pix over. */
static aw_rc read_pix(PIX *pix, l_int32 format, enum aw_image_type type)
{
    l_uint8 *bytes = NULL;
    size_t size = 0;
    aw_rc rc;

    assert_int_equal(pixWriteMem(&bytes, &size, pix, format), 0);
    pixDestroy(&pix);
    rc = aw_ocr_read(ocr, type, (struct aw_str){(char *)bytes, size}, &doc,
                     &err);
    lept_free(bytes);
    return rc;
}

static bool holds(const char *text)
{
    for (size_t i = 0; i < doc.block_count; i++)
        if (aw_str_find(doc.blocks[i].text, aw_str_of(text)) >= 0)
            return true;
    return false;
}

/* ---- what is read ------------------------------------------------------- */

static void text_is_read_whatever_its_colours(void **state)
{
    static const int colours[][2][3] = {
        {{255, 255, 255}, {0, 0, 0}},
        {{0, 0, 0}, {255, 255, 255}},
        {{170, 10, 10}, {255, 215, 90}},
        {{255, 230, 0}, {220, 0, 0}},
    };

    (void)state;
    for (size_t i = 0; i < sizeof colours / sizeof *colours; i++) {
        const int *g = colours[i][0], *t = colours[i][1];

        aw_document_deinit(&doc);
        aw_document_init(&doc, AW_CHANNEL_POSTER);
        assert_int_equal(read_pix(draw(colour(g[0], g[1], g[2]),
                                       colour(t[0], t[1], t[2])),
                                  IFF_PNG, AW_IMAGE_PNG),
                         AW_OK);
        assert_true(holds("2500"));
    }
}

static void each_kind_of_image_is_read(void **state)
{
    static const struct {
        l_int32 format;
        enum aw_image_type type;
    } kinds[] = {{IFF_PNG, AW_IMAGE_PNG},
                 {IFF_JFIF_JPEG, AW_IMAGE_JPEG},
                 {IFF_WEBP, AW_IMAGE_WEBP},
                 {IFF_TIFF_LZW, AW_IMAGE_TIFF}};

    (void)state;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        aw_document_deinit(&doc);
        aw_document_init(&doc, AW_CHANNEL_POSTER);
        assert_int_equal(read_pix(draw(colour(250, 250, 250), 0),
                                  kinds[i].format, kinds[i].type),
                         AW_OK);
        assert_true(holds("2500"));
    }
}

static void a_block_has_its_place_and_confidence(void **state)
{
    const struct aw_region *at;

    (void)state;
    assert_int_equal(read_pix(draw(colour(255, 255, 255), 0), IFF_PNG,
                              AW_IMAGE_PNG),
                     AW_OK);
    assert_int_equal(doc.block_count, 1);
    at = &doc.blocks[0].region;
    assert_int_equal(doc.blocks[0].kind, AW_BLOCK_OCR);
    assert_in_range(at->x, 40, 90);
    assert_in_range(at->y, 110, 190);
    assert_in_range(at->w, 300, 850);
    assert_in_range(at->h, 15, 80);
    assert_in_range(at->confidence, 50, 100);
    assert_int_equal(at->page, 0);
}

/* The place is one of the image as it came. */
static void an_image_on_its_side_is_turned(void **state)
{
    PIX *upright = draw(colour(255, 255, 255), 0);
    PIX *turned = pixRotateOrth(upright, 1);

    (void)state;
    pixDestroy(&upright);
    assert_int_equal(read_pix(turned, IFF_PNG, AW_IMAGE_PNG), AW_OK);
    assert_true(holds("2500"));
    assert_true(doc.blocks[0].region.h > 3 * doc.blocks[0].region.w);
    assert_in_range(doc.blocks[0].region.x, 150, 320);
}

static void a_tilted_image_is_set_straight(void **state)
{
    PIX *upright = draw(colour(255, 255, 255), 0);
    PIX *tilted = pixRotate(upright, 0.12F, L_ROTATE_AREA_MAP,
                            L_BRING_IN_WHITE, 900, 402);

    (void)state;
    pixDestroy(&upright);
    assert_int_equal(read_pix(tilted, IFF_PNG, AW_IMAGE_PNG), AW_OK);
    assert_true(holds("2500"));
}

static void an_empty_image_has_no_text(void **state)
{
    PIX *pix = pixCreate(600, 400, 8);

    (void)state;
    assert_int_equal(read_pix(pix, IFF_PNG, AW_IMAGE_PNG), AW_OK);
    assert_int_equal(doc.block_count, 0);
}

static void what_time_cut_short_is_noted(void **state)
{
    int64_t budget = ocr->config.budget_ms;

    (void)state;
    ocr->config.budget_ms = 0;
    assert_int_equal(read_pix(draw(colour(255, 255, 255), colour(0, 0, 0)),
                              IFF_PNG, AW_IMAGE_PNG),
                     AW_OK);
    ocr->config.budget_ms = budget;
    assert_true(
        aw_str_eq(doc.note, AW_STR("out of time: not read in all passes")));
    aw_document_deinit(&doc);
    aw_document_init(&doc, AW_CHANNEL_POSTER);
    assert_int_equal(read_pix(draw(colour(255, 255, 255), colour(0, 0, 0)),
                              IFF_PNG, AW_IMAGE_PNG),
                     AW_OK);
    assert_int_equal(doc.note.len, 0);
}

static void pages_of_a_tiff_are_numbered_and_bounded(void **state)
{
    PIXA *pages = pixaCreate(0);
    l_uint8 *bytes = NULL;
    size_t size = 0;

    (void)state;
    for (int i = 0; i < AW_OCR_PAGES_MAX + 2; i++)
        (void)pixaAddPix(pages, draw(colour(255, 255, 255), 0), L_INSERT);
    assert_int_equal(pixaWriteMemMultipageTiff(&bytes, &size, pages), 0);
    pixaDestroy(&pages);
    assert_int_equal(aw_ocr_read(ocr, AW_IMAGE_TIFF,
                                 (struct aw_str){(char *)bytes, size}, &doc,
                                 &err),
                     AW_OK);
    lept_free(bytes);
    assert_int_equal(doc.blocks[0].region.page, 1);
    assert_int_equal(doc.blocks[doc.block_count - 1].region.page,
                     AW_OCR_PAGES_MAX);
    assert_true(aw_str_find(doc.note, AW_STR("pages")) >= 0);
}

/* ---- limits ------------------------------------------------------------- */

/* The head of a PNG of that size, with nothing behind it. */
static struct aw_str png_head(uint32_t width, uint32_t height)
{
    static unsigned char head[] = "\x89PNG\r\n\x1A\n\0\0\0\rIHDR"
                                  "\0\0\0\0\0\0\0\0\x08\x02\0\0\0\0\0\0\0"
                                  "\0\0\0\0IDAT\0\0\0\0";

    for (int i = 0; i < 4; i++) {
        head[16 + i] = (unsigned char)(width >> (24 - 8 * i));
        head[20 + i] = (unsigned char)(height >> (24 - 8 * i));
    }
    return (struct aw_str){(const char *)head, sizeof head - 1};
}

static void what_a_header_says_meets_limits(void **state)
{
    static const struct {
        uint32_t width, height;
        aw_rc rc;
    } cases[] = {
        {8000, 8000, AW_LIMIT},
        {40000, 100, AW_LIMIT},
        {100, 10, AW_LIMIT},
        {300, 200, AW_INVALID}, /* fits, and there is nothing behind it */
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        aw_rc rc =
            aw_ocr_read(ocr, AW_IMAGE_PNG,
                        png_head(cases[i].width, cases[i].height), &doc, &err);

        assert_int_equal(rc, cases[i].rc);
    }
}

static void bad_images_are_refused(void **state)
{
    static const struct {
        struct aw_str bytes;
        enum aw_image_type type;
    } cases[] = {
        {AW_STR("\xFF\xD8\xFF\xE0 and no more"), AW_IMAGE_JPEG},
        {AW_STR("RIFF\x10\0\0\0WEBPVP8 "), AW_IMAGE_WEBP},
        {AW_STR("II*\0\x08\0\0\0\xFF\xFF\xFF"), AW_IMAGE_TIFF},
        {AW_STR("\x89PNG\r\n\x1A\n"), AW_IMAGE_PNG},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(aw_ocr_read(ocr, cases[i].type, cases[i].bytes, &doc,
                                     &err),
                         AW_INVALID);
}

static void a_cut_image_gives_what_is_there_or_an_error(void **state)
{
    PIX *pix = draw(colour(255, 255, 255), 0);
    l_uint8 *bytes = NULL;
    size_t size = 0;

    (void)state;
    assert_int_equal(pixWriteMem(&bytes, &size, pix, IFF_JFIF_JPEG), 0);
    pixDestroy(&pix);
    for (size_t len = 0; len < size; len += size / 12) {
        aw_rc rc =
            aw_ocr_read(ocr, AW_IMAGE_JPEG,
                        (struct aw_str){(char *)bytes, len}, &doc, &err);

        assert_true(rc == AW_OK || rc == AW_INVALID);
    }
    lept_free(bytes);
}

static void without_ocr_an_image_has_no_text(void **state)
{
    struct aw_extract_input input = {.channel = AW_CHANNEL_WEB,
                                     .content_type = AW_STR("text/html"),
                                     .bytes = png_head(300, 200)};

    (void)state;
    assert_int_equal(aw_extract_sniff(&input), AW_EXTRACT_IMAGE);
    assert_int_equal(aw_extract(&input, &doc, &err), AW_OK);
    assert_int_equal(doc.block_count, 0);
}

static void a_missing_language_names_its_package(void **state)
{
    struct aw_ocr_config config = {.data_dir = "/nonexistent",
                                   .clock = aw_clock_processor()};
    struct aw_ocr *none = NULL;

    (void)state;
    assert_int_equal(aw_ocr_new(&none, &config, &err), AW_CONFIG);
    assert_non_null(strstr(err.msg, "tesseract-ocr-chi-sim"));
}

/* ---- columns ------------------------------------------------------------ */

/* Squares one below the other: characters of a column. */
static PIX *draw_column(int count, int size, int pitch)
{
    PIX *pix = pixCreate(200, 60 + count * pitch, 1);

    for (int i = 0; i < count; i++)
        (void)pixRasterop(pix, 80, 30 + i * pitch, size, size, PIX_SET, NULL,
                          0, 0);
    return pix;
}

static void a_column_is_found_and_laid_down(void **state)
{
    PIX *signs = draw_column(6, 40, 52);
    BOXA *columns = aw_ocr_find_columns(signs, 1);
    PIX *grey = pixConvert1To8(NULL, signs, 255, 0);
    BOX *box = boxaGetBox(columns, 0, L_CLONE);
    PIX *piece = pixClipRectangle(grey, box, NULL);
    PIX *line = aw_ocr_lay_down(piece);

    (void)state;
    assert_int_equal(boxaGetCount(columns), 1);
    assert_non_null(line);
    assert_in_range(pixGetWidth(line), 6 * 40, 6 * 60);
    assert_in_range(pixGetHeight(line), 35, 70);
    pixDestroy(&line);
    pixDestroy(&piece);
    boxDestroy(&box);
    pixDestroy(&grey);
    boxaDestroy(&columns);
    pixDestroy(&signs);
}

static void two_signs_are_no_column(void **state)
{
    PIX *signs = draw_column(2, 40, 52);
    BOXA *columns = aw_ocr_find_columns(signs, 1);

    (void)state;
    assert_int_equal(boxaGetCount(columns), 0);
    boxaDestroy(&columns);
    pixDestroy(&signs);
}

#define UNIT(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(text_is_read_whatever_its_colours),
        UNIT(each_kind_of_image_is_read),
        UNIT(a_block_has_its_place_and_confidence),
        UNIT(an_image_on_its_side_is_turned),
        UNIT(a_tilted_image_is_set_straight),
        UNIT(an_empty_image_has_no_text),
        UNIT(what_time_cut_short_is_noted),
        UNIT(pages_of_a_tiff_are_numbered_and_bounded),
        UNIT(what_a_header_says_meets_limits),
        UNIT(bad_images_are_refused),
        UNIT(a_cut_image_gives_what_is_there_or_an_error),
        UNIT(without_ocr_an_image_has_no_text),
        UNIT(a_missing_language_names_its_package),
        UNIT(a_column_is_found_and_laid_down),
        UNIT(two_signs_are_no_column),
    };

    return cmocka_run_group_tests(tests, load, unload);
}
