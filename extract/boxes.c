#include "extract/boxes.h"

#include <stdio.h>

#include "extract/image.h"
#include "extract/ocr_library.h"

#define LINE 3 /* pixels of a frame */
#define PAD 4  /* on both sides of a label */
#define FONT 6 /* points at 300 dots an inch: some 20 pixels */
#define LABEL_HEIGHT 24
#define LABEL_FOOT 5 /* below the digits */
#define ZLIB_LEVEL 1 /* the fastest: a copy need not be small */
#define RED 220, 20, 20
#define RED_PIXEL 0xDC141400u /* RGB, and a byte that is not used */
#define WHITE_PIXEL 0xFFFFFF00u

#define lib aw_ocr_library

/* Made once: its making sorts, for which the C library asks how much memory
 * there is, and a cell forbids that. */
static L_BMF *font;

aw_rc aw_boxes_prepare(struct aw_err *err)
{
    aw_rc rc = aw_ocr_library_load(err);

    if (rc == AW_OK && !font) {
        (void)lib.setMsgSeverity(L_SEVERITY_NONE);
        font = lib.bmfCreate(NULL, FONT);
        if (!font)
            rc = aw_fail(err, AW_NOMEM, "out of memory");
    }
    return rc;
}

/* Width and height stand in the first chunk (PNG 11.2.2). */
static aw_rc check_size(struct aw_str png, struct aw_err *err)
{
    const unsigned char *at = (const unsigned char *)png.ptr;
    int64_t width;
    int64_t height;

    if (png.len < 24 || aw_image_sniff(png) != AW_IMAGE_PNG)
        return aw_fail(err, AW_INVALID, "the screenshot is no PNG");
    width = (int64_t)at[16] << 24 | at[17] << 16 | at[18] << 8 | at[19];
    height = (int64_t)at[20] << 24 | at[21] << 16 | at[22] << 8 | at[23];
    if (width == 0 || height == 0 || width * height > AW_BOXES_PIXELS_MAX)
        return aw_fail(err, AW_LIMIT,
                       "a screenshot of %lld x %lld pixels is too large to "
                       "draw on",
                       (long long)width, (long long)height);
    return AW_OK;
}

static l_int32 within(int64_t value, int64_t most)
{
    if (value < 0)
        return 0;
    return (l_int32)(value > most ? most : value);
}

/* White on red, above the box where there is room. */
static void draw_label(PIX *pix, int64_t label, l_int32 x, l_int32 y)
{
    char text[24];
    l_int32 width = 0;
    l_int32 over;
    BOX *box;

    (void)snprintf(text, sizeof text, "%lld",
                   (long long)(label > AW_BOXES_LABEL_MAX ? AW_BOXES_LABEL_MAX
                                                          : label));
    y = y >= LABEL_HEIGHT ? y - LABEL_HEIGHT : y;
    (void)lib.bmfGetStringWidth(font, text, &width);
    box = lib.boxCreate(x, y, width + 2 * PAD, LABEL_HEIGHT);
    if (!box)
        return;
    (void)lib.pixSetInRectArbitrary(pix, box, RED_PIXEL);
    (void)lib.pixSetTextline(pix, font, text, WHITE_PIXEL, x + PAD,
                             y + LABEL_HEIGHT - LABEL_FOOT, &width, &over);
    lib.boxDestroy(&box);
}

static void draw_box(PIX *pix, const struct aw_boxes_item *item)
{
    l_int32 w = lib.pixGetWidth(pix);
    l_int32 h = lib.pixGetHeight(pix);
    l_int32 x = within(item->x - LINE, w - 1);
    l_int32 y = within(item->y - LINE, h - 1);
    l_int32 right = within(item->x + within(item->width, w) + LINE, w);
    l_int32 low = within(item->y + within(item->height, h) + LINE, h);
    BOX *box =
        right > x && low > y ? lib.boxCreate(x, y, right - x, low - y) : NULL;

    if (!box)
        return;
    (void)lib.pixRenderBoxArb(pix, box, LINE, RED);
    draw_label(pix, item->label, x, y);
    lib.boxDestroy(&box);
}

static aw_rc write_png(PIX *pix, struct aw_buf *out, struct aw_err *err)
{
    l_uint8 *data = NULL;
    size_t size = 0;

    (void)lib.pixSetZlibCompression(pix, ZLIB_LEVEL);
    if (lib.pixWriteMemPng(&data, &size, pix, 0) != 0)
        return aw_fail(err, AW_NOMEM, "the picture cannot be written");
    aw_buf_append(out, data, size);
    lib.lept_free(data);
    return aw_buf_check(out, err);
}

/* Four bytes a pixel: most screenshots have them, and are as they were read.
 * NULL: it cannot be decoded. */
static PIX *decode(struct aw_str png)
{
    PIX *read = lib.pixReadMemPng((const l_uint8 *)png.ptr, png.len);
    PIX *pix;

    if (!read || lib.pixGetDepth(read) == 32)
        return read;
    pix = lib.pixConvertTo32(read);
    lib.pixDestroy(&read);
    return pix;
}

aw_rc aw_boxes_draw(struct aw_str png, const struct aw_boxes_item *items,
                    size_t count, struct aw_buf *out, struct aw_err *err)
{
    PIX *pix;
    aw_rc rc = check_size(png, err);

    if (rc != AW_OK)
        return rc;
    pix = decode(png);
    if (!pix)
        rc = aw_fail(err, AW_INVALID, "the screenshot cannot be decoded");
    for (size_t i = 0; i < count && rc == AW_OK; i++)
        draw_box(pix, &items[i]);
    if (rc == AW_OK)
        rc = write_png(pix, out, err);
    lib.pixDestroy(&pix);
    return rc;
}
