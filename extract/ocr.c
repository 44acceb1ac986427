#include "extract/ocr_private.h"

#include <stdio.h>
#include <stdlib.h>

#define TURN_BELOW 8 /* surely read characters: it may lie on its side */
#define TURNS 4
#define PAGE_ARENA_MAX ((size_t)32 << 20)

static const struct {
    const char *name, *package;
} languages[AW_OCR_TONGUES] = {
    [AW_OCR_SIMPLIFIED] = {"chi_sim+eng", "tesseract-ocr-chi-sim"},
    [AW_OCR_TRADITIONAL] = {"chi_tra+eng", "tesseract-ocr-chi-tra"},
    [AW_OCR_VERTICAL] = {"chi_sim_vert", "tesseract-ocr-chi-sim-vert"},
};

/* Tesseract opens the file with its first message: here, and not later, when
 * no file can be opened any more. */
static void silence(TessBaseAPI *api)
{
    (void)TessBaseAPISetVariable(api, "debug_file", "/dev/null");
    (void)TessBaseAPIRecognize(api, NULL);
}

static aw_rc load(struct aw_ocr *ocr, int tongue, struct aw_err *err)
{
    TessBaseAPI *api = TessBaseAPICreate();

    ocr->tongues[tongue] = api;
    if (!api)
        return aw_fail(err, AW_NOMEM, "out of memory");
    silence(api);
    if (TessBaseAPIInit2(api, ocr->config.data_dir, languages[tongue].name,
                         OEM_LSTM_ONLY) != 0)
        return aw_fail(err, AW_CONFIG,
                       "OCR cannot load '%s': install %s and "
                       "tesseract-ocr-eng",
                       languages[tongue].name, languages[tongue].package);
    return AW_OK;
}

aw_rc aw_ocr_version(char out[AW_OCR_VERSION_MAX], struct aw_err *err)
{
    aw_rc rc = aw_ocr_library_load(err);
    char *leptonica;

    if (rc != AW_OK)
        return rc;
    leptonica = getLeptonicaVersion();
    (void)snprintf(out, AW_OCR_VERSION_MAX, "%s, %s", TessVersion(),
                   leptonica ? leptonica : "leptonica");
    lept_free(leptonica);
    return AW_OK;
}

aw_rc aw_ocr_new(struct aw_ocr **out, const struct aw_ocr_config *config,
                 struct aw_err *err)
{
    aw_rc rc = aw_ocr_library_load(err);
    struct aw_ocr *ocr = rc == AW_OK ? calloc(1, sizeof *ocr) : NULL;

    if (rc != AW_OK)
        return rc;
    if (!ocr)
        return aw_fail(err, AW_NOMEM, "out of memory");
    ocr->config = *config;
    (void)setMsgSeverity(L_SEVERITY_NONE);
    for (int i = 0; i < AW_OCR_TONGUES && rc == AW_OK; i++)
        rc = load(ocr, i, err);
    if (rc != AW_OK)
        aw_ocr_free(ocr);
    else
        *out = ocr;
    return rc;
}

void aw_ocr_free(struct aw_ocr *ocr)
{
    if (!ocr)
        return;
    for (int i = 0; i < AW_OCR_TONGUES; i++)
        if (ocr->tongues[i])
            TessBaseAPIDelete(ocr->tongues[i]);
    free(ocr);
}

bool aw_ocr_has_time(struct aw_ocr *ocr)
{
    bool has = aw_clock_mono(ocr->config.clock) < ocr->end_ms;

    ocr->late |= !has;
    return has;
}

/* ---- a page ------------------------------------------------------------- */

static aw_rc read_sheet(struct aw_ocr *ocr, const struct aw_ocr_sheet *sheet,
                        struct aw_ocr_lines *lines, struct aw_err *err)
{
    aw_rc rc = AW_OK;

    for (int ground = 0; ground < AW_OCR_GROUNDS && rc == AW_OK; ground++)
        if (aw_ocr_has_time(ocr))
            rc = aw_ocr_pass(ocr, sheet, (enum aw_ocr_ground)ground, lines,
                             err);
    aw_ocr_lines_choose(lines);
    return rc;
}

/* The first passes of the image in one position. */
static aw_rc read_turned(struct aw_ocr *ocr, PIX *image, int turns,
                         struct aw_ocr_sheet *sheet,
                         struct aw_ocr_lines *lines, struct aw_err *err)
{
    aw_rc rc = aw_ocr_sheet_init(sheet, image, turns, err);

    if (rc == AW_OK)
        rc = read_sheet(ocr, sheet, lines, err);
    return rc;
}

/* Where next to nothing can be read, the image is turned. */
static aw_rc read_upright(struct aw_ocr *ocr, PIX *image,
                          struct aw_ocr_sheet *sheet,
                          struct aw_ocr_lines *lines, struct aw_err *err)
{
    aw_rc rc = read_turned(ocr, image, 0, sheet, lines, err);
    double best = aw_ocr_lines_sure(lines);

    for (int turns = 1; turns < TURNS && rc == AW_OK; turns++) {
        struct aw_ocr_lines others = {.arena = lines->arena};
        struct aw_ocr_sheet other = {0};

        if (best >= TURN_BELOW || !aw_ocr_has_time(ocr))
            break;
        rc = read_turned(ocr, image, turns, &other, &others, err);
        if (rc == AW_OK && aw_ocr_lines_sure(&others) > best) {
            struct aw_ocr_sheet worse = *sheet;

            best = aw_ocr_lines_sure(&others);
            *sheet = other;
            *lines = others;
            other = worse;
        }
        aw_ocr_sheet_deinit(&other);
    }
    return rc;
}

static aw_rc read_page(struct aw_ocr *ocr, PIX *image, int page,
                       struct aw_document *doc, struct aw_err *err)
{
    struct aw_ocr_sheet sheet = {0};
    struct aw_arena arena;
    struct aw_ocr_lines lines = {.arena = &arena};
    aw_rc rc;

    aw_arena_init(&arena, PAGE_ARENA_MAX);
    rc = read_upright(ocr, image, &sheet, &lines, err);
    if (rc == AW_OK)
        rc = aw_ocr_strips(ocr, &sheet, &lines, err);
    if (rc == AW_OK)
        rc = aw_ocr_pass_again(ocr, &sheet, &lines, err);
    if (rc == AW_OK)
        rc = aw_ocr_regions(&sheet, &lines, page, doc, err);
    aw_ocr_sheet_deinit(&sheet);
    aw_arena_deinit(&arena);
    return rc;
}

/* What is too small to be a poster is left, where it stood on a page. */
static bool is_small(PIX *image, const struct aw_document *doc)
{
    return doc->channel == AW_CHANNEL_WEB &&
           (pixGetWidth(image) < AW_POSTER_WIDTH_MIN ||
            pixGetHeight(image) < AW_POSTER_HEIGHT_MIN);
}

/* Page number `page`, from 0; AW_MISSING where there is none. */
static aw_rc read_page_of(struct aw_ocr *ocr, enum aw_image_type type,
                          struct aw_str bytes, int page,
                          struct aw_document *doc, struct aw_err *err)
{
    bool several = type == AW_IMAGE_TIFF || type == AW_IMAGE_PGM;
    int number = several ? page + 1 : 0;
    PIX *image = NULL;
    aw_rc rc = aw_ocr_decode(type, bytes, page, &image, err);

    ocr->late = false;
    ocr->end_ms = aw_clock_mono(ocr->config.clock) + ocr->config.budget_ms;
    if (rc == AW_OK && is_small(image, doc))
        doc->note = AW_STR("image too small for a poster");
    else if (rc == AW_OK)
        rc = read_page(ocr, image, number, doc, err);
    if (ocr->late)
        doc->note = AW_STR("out of time: not read in all passes");
    pixDestroy(&image);
    return rc;
}

static bool has_page(enum aw_image_type type, struct aw_str bytes, int page)
{
    struct aw_err ignored;
    PIX *image = NULL;
    aw_rc rc = aw_ocr_decode(type, bytes, page, &image, &ignored);

    pixDestroy(&image);
    return rc != AW_MISSING;
}

/* A page that cannot be read does not take those before and behind it along.
 */
static aw_rc read_image(struct aw_ocr *ocr, enum aw_image_type type,
                        struct aw_str bytes, struct aw_document *doc,
                        struct aw_err *err)
{
    aw_rc rc = AW_OK;

    for (int page = 0; page < AW_OCR_PAGES_MAX && rc == AW_OK; page++) {
        rc = read_page_of(ocr, type, bytes, page, doc, err);
        if (page > 0 && (rc == AW_INVALID || rc == AW_LIMIT)) {
            doc->note = AW_STR("a page of it cannot be read");
            rc = AW_OK;
        }
    }
    if (rc == AW_OK && has_page(type, bytes, AW_OCR_PAGES_MAX))
        doc->note = AW_STR("more pages than are read");
    return rc == AW_MISSING ? AW_OK : rc;
}

aw_rc aw_ocr_read(struct aw_ocr *ocr, enum aw_image_type type,
                  struct aw_str bytes, struct aw_document *doc,
                  struct aw_err *err)
{
    if (type == AW_IMAGE_NONE || type == AW_IMAGE_PDF)
        return aw_fail(err, AW_INVALID, "this is no image");
    return read_image(ocr, type, bytes, doc, err);
}
