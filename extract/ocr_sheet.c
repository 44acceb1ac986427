#include <math.h>

#include "extract/ocr_private.h"

#define LONG_SIDE_MAX 2600.0 /* pixels of a sheet; larger costs but time */
#define LONG_SIDE_MIN 1000.0 /* smaller is enlarged ... */
#define ENLARGE_MAX 3.0      /* ... up to this factor */
#define PAGE_SIDE 1000.0     /* the page that sizes below are meant for */
#define WINDOW 38        /* half the side of what a pixel is held against */
#define LEAST_CONTRAST 8 /* grey values; what is less is ground */
#define SKEW_MAX 14.0f   /* degrees */
#define SKEW_MIN 0.25f
#define SKEW_SURE 2.0f
#define HALF 128

static l_uint8 clamp(int value)
{
    return (l_uint8)(value < 0 ? 0 : value > 255 ? 255 : value);
}

static l_uint32 *row_of(PIX *pix, int y)
{
    return pixGetData(pix) + (ptrdiff_t)y * pixGetWpl(pix);
}

/* How far a pixel stands out of its surroundings, in terms of how far pixels
 * stand out there. */
static void put_ink_row(PIX *ink, PIX *grey, PIX *mean, PIX *stray, int y,
                        int sign)
{
    const l_uint32 *g = row_of(grey, y);
    const l_uint32 *m = row_of(mean, y);
    const l_uint32 *s = row_of(stray, y);
    l_uint32 *out = row_of(ink, y);
    int width = pixGetWidth(grey);

    for (int x = 0; x < width; x++) {
        int out_by =
            sign * ((int)GET_DATA_BYTE(m, x) - (int)GET_DATA_BYTE(g, x));
        int usual = (int)GET_DATA_BYTE(s, x);

        if (usual < LEAST_CONTRAST)
            usual = LEAST_CONTRAST;
        SET_DATA_BYTE(out, x, clamp(255 - out_by * 255 / (2 * usual)));
    }
}

PIX *aw_ocr_ink(PIX *grey, enum aw_ocr_ground ground, int window)
{
    PIX *mean = pixBlockconv(grey, window, window);
    PIX *off = mean ? pixAbsDifference(grey, mean) : NULL;
    PIX *stray = off ? pixBlockconv(off, window, window) : NULL;
    PIX *ink = stray ? pixCreateTemplate(grey) : NULL;
    int height = pixGetHeight(grey);

    for (int y = 0; ink && y < height; y++)
        put_ink_row(ink, grey, mean, stray, y, ground == AW_OCR_DARK ? 1 : -1);
    pixDestroy(&mean);
    pixDestroy(&off);
    pixDestroy(&stray);
    return ink;
}

static aw_rc make_inks(struct aw_ocr_sheet *sheet, struct aw_err *err)
{
    int window = (int)(WINDOW * sheet->unit);

    for (int i = 0; i < AW_OCR_GROUNDS; i++) {
        pixDestroy(&sheet->ink[i]);
        sheet->ink[i] = aw_ocr_ink(sheet->grey, (enum aw_ocr_ground)i, window);
        if (!sheet->ink[i])
            return aw_fail(err, AW_NOMEM, "out of memory");
    }
    return AW_OK;
}

/* ---- turning ------------------------------------------------------------ */

/* Points of the image before it was turned by 90 degrees, turns times. */
static struct aw_ocr_map unturn(int turns, double w, double h)
{
    switch (turns) {
    case 1:
        return (struct aw_ocr_map){0, 1, 0, -1, 0, h};
    case 2:
        return (struct aw_ocr_map){-1, 0, w, 0, -1, h};
    case 3:
        return (struct aw_ocr_map){0, -1, w, 1, 0, 0};
    default:
        return (struct aw_ocr_map){1, 0, 0, 0, 1, 0};
    }
}

/* first, then then. */
static struct aw_ocr_map compose(struct aw_ocr_map first,
                                 struct aw_ocr_map then)
{
    return (struct aw_ocr_map){
        then.a * first.a + then.b * first.d,
        then.a * first.b + then.b * first.e,
        then.a * first.c + then.b * first.f + then.c,
        then.d * first.a + then.e * first.d,
        then.d * first.b + then.e * first.e,
        then.d * first.c + then.e * first.f + then.f,
    };
}

/* Turns the sheet by a small angle (radians, clockwise) about its middle; it
 * grows so that nothing is cut. */
static aw_rc tilt(struct aw_ocr_sheet *sheet, double angle, struct aw_err *err)
{
    double w = pixGetWidth(sheet->grey), h = pixGetHeight(sheet->grey);
    double cosine = cos(angle), sine = sin(angle);
    PIX *tilted = pixRotate(sheet->grey, (l_float32)angle, L_ROTATE_AREA_MAP,
                            L_BRING_IN_WHITE, (l_int32)w, (l_int32)h);
    double w2, h2;
    struct aw_ocr_map back;

    if (!tilted)
        return aw_fail(err, AW_NOMEM, "out of memory");
    w2 = pixGetWidth(tilted) / 2.0;
    h2 = pixGetHeight(tilted) / 2.0;
    back = (struct aw_ocr_map){
        cosine, sine,   w / 2 - cosine * w2 - sine * h2,
        -sine,  cosine, h / 2 + sine * w2 - cosine * h2,
    };
    sheet->map = compose(back, sheet->map);
    pixDestroy(&sheet->grey);
    sheet->grey = tilted;
    return AW_OK;
}

struct skew {
    l_float32 angle, sure; /* degrees clockwise, and as Leptonica has it */
};

static struct skew find_skew(PIX *ink)
{
    PIX *mask = pixThresholdToBinary(ink, HALF);
    struct skew skew = {0};
    l_float32 score;

    if (mask &&
        pixFindSkewSweepAndSearchScore(mask, &skew.angle, &skew.sure, &score,
                                       4, 2, 0, SKEW_MAX, 1.0f, 0.02f) != 0)
        skew.sure = 0;
    pixDestroy(&mask);
    return skew;
}

/* Text of both grounds lies the same way; what is no text confuses one. */
static aw_rc set_straight(struct aw_ocr_sheet *sheet, struct aw_err *err)
{
    struct skew skew = find_skew(sheet->ink[AW_OCR_LIGHT]);
    struct skew other = find_skew(sheet->ink[AW_OCR_DARK]);
    aw_rc rc;

    if (other.sure > skew.sure)
        skew = other;
    if (skew.sure < SKEW_SURE || fabsf(skew.angle) < SKEW_MIN)
        return AW_OK;
    rc = tilt(sheet, (double)skew.angle * M_PI / 180, err);
    return rc == AW_OK ? make_inks(sheet, err) : rc;
}

/* ---- making ------------------------------------------------------------- */

static double scale_for(double longest)
{
    double scale = 1;

    if (longest > LONG_SIDE_MAX)
        scale = LONG_SIDE_MAX / longest;
    else if (longest < LONG_SIDE_MIN)
        scale = LONG_SIDE_MIN / longest;
    return scale < ENLARGE_MAX ? scale : ENLARGE_MAX;
}

/* Another image of the same text, scaled and turned. */
static PIX *scale_and_turn(PIX *image, double scale, int turns)
{
    PIX *scaled = pixScale(image, (l_float32)scale, (l_float32)scale);
    PIX *turned = scaled ? pixRotateOrth(scaled, turns) : NULL;

    pixDestroy(&scaled);
    return turned;
}

aw_rc aw_ocr_sheet_init(struct aw_ocr_sheet *sheet, PIX *image, int turns,
                        struct aw_err *err)
{
    double w = pixGetWidth(image), h = pixGetHeight(image);
    double longest = w > h ? w : h;
    double scale = scale_for(longest);
    struct aw_ocr_map enlarge = {1 / scale, 0, 0, 0, 1 / scale, 0};
    aw_rc rc;

    *sheet = (struct aw_ocr_sheet){.width = (int)w, .height = (int)h};
    sheet->grey = scale_and_turn(image, scale, turns);
    if (!sheet->grey)
        return aw_fail(err, AW_NOMEM, "out of memory");
    sheet->map = compose(enlarge, unturn(turns, w, h));
    sheet->unit = longest * scale / PAGE_SIDE;
    rc = make_inks(sheet, err);
    if (rc == AW_OK)
        rc = set_straight(sheet, err);
    if (rc != AW_OK)
        aw_ocr_sheet_deinit(sheet);
    return rc;
}

void aw_ocr_sheet_deinit(struct aw_ocr_sheet *sheet)
{
    pixDestroy(&sheet->grey);
    for (int i = 0; i < AW_OCR_GROUNDS; i++)
        pixDestroy(&sheet->ink[i]);
}
