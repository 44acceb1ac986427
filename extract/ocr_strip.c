#include "extract/ocr_private.h"

#define HALF 128
#define SIGN_MAX \
    250.0         /* pixels of a page 1,000 high: no character is larger */
#define SPECK 3.0 /* nor smaller */
#define THICK_MIN 16.0 /* of a line of text */
#define THICK_MAX 150.0
#define SLIM 1.3      /* a line is so many times as long as high */
#define OVERLONG 1.12 /* a strip so much longer than what was read of it */
#define COVERED 0.6   /* of a strip by what was read surely */
#define SURE 80
#define SURE_ENOUGH 86 /* not to be read in another way */
#define COLUMN_SURE 55
#define COLUMN_HAN 3
#define STRIPS_MAX 60 /* read on one sheet in one direction */

/* How lines are found, once and again: gaps along the line and across it are
 * closed (pixels of a page 1,000 high); what is much longer than thick is one.
 * Columns are told by their characters. */
static const struct search {
    bool column;
    double along, across;
} searches[] = {
    {false, 22, 9},
    {false, 44, 13},
    {true, 0, 0},
};

/* What may be characters, without frames, pictures and specks. */
static PIX *signs_of(PIX *ink, double unit)
{
    PIX *mask = pixThresholdToBinary(ink, HALF);
    int most = (int)(SIGN_MAX * unit), least = (int)(SPECK * unit);
    PIX *small = mask ? pixSelectBySize(mask, most, most, 8, L_SELECT_IF_BOTH,
                                        L_SELECT_IF_LT, NULL)
                      : NULL;
    PIX *signs =
        small ? pixSelectBySize(small, least, least, 8, L_SELECT_IF_EITHER,
                                L_SELECT_IF_GTE, NULL)
              : NULL;

    pixDestroy(&mask);
    pixDestroy(&small);
    return signs;
}

static BOXA *find_strips(PIX *signs, const struct search *search, double unit)
{
    PIX *closed;
    BOXA *boxes;

    if (search->column)
        return aw_ocr_find_columns(signs, unit);
    closed = pixCloseSafeBrick(NULL, signs, (int)(search->along * unit) | 1,
                               (int)(search->across * unit) | 1);
    boxes = closed ? pixConnCompBB(closed, 8) : NULL;
    pixDestroy(&closed);
    return boxes;
}

static bool is_strip(const struct aw_ocr_line *at, double unit)
{
    return at->column || (at->w >= SLIM * at->h && at->h >= THICK_MIN * unit &&
                          at->h <= THICK_MAX * unit);
}

/* Was it read well already? What is longer than that, was not. */
static bool is_read(const struct aw_ocr_lines *lines,
                    const struct aw_ocr_line *strip)
{
    int length = strip->column ? strip->h : strip->w;

    for (size_t i = 0; i < lines->count; i++) {
        const struct aw_ocr_line *line = &lines->items[i];
        int read = strip->column ? line->h : line->w;

        if (aw_ocr_overlap(line, strip) < COVERED)
            continue;
        if (line->column != strip->column
                ? line->confidence >= SURE && line->han >= COLUMN_HAN
                : line->confidence >= SURE && read * OVERLONG >= length)
            return true;
    }
    return false;
}

static bool is_text(const struct aw_ocr_line *line)
{
    return !line->column ||
           (line->confidence >= COLUMN_SURE && line->han >= COLUMN_HAN);
}

/* A column is laid down, and read as it stands too. */
static const struct aw_ocr_way ways[] = {
    {AW_OCR_SIMPLIFIED, 52, false},
    {AW_OCR_SIMPLIFIED, 32, false},
    {AW_OCR_SIMPLIFIED, 64, false},
    {AW_OCR_VERTICAL, 44, false},
};

/* True in *sure where no other way is needed. */
static aw_rc read_in_way(struct aw_ocr *ocr, const struct aw_ocr_sheet *sheet,
                         struct aw_ocr_line strip,
                         const struct aw_ocr_way *way,
                         struct aw_ocr_lines *lines, bool *sure,
                         struct aw_err *err)
{
    size_t before = lines->count;
    aw_rc rc = aw_ocr_pass_line(ocr, sheet, way, lines, &strip, err);

    if (rc == AW_OK)
        rc = aw_ocr_lines_add(lines, strip, err);
    if (rc == AW_OK && lines->count > before &&
        !is_text(&lines->items[before]))
        lines->count = before;
    *sure = lines->count > before && strip.confidence >= SURE_ENOUGH;
    return rc;
}

/* The best reading is chosen in the end. */
static aw_rc read_strip(struct aw_ocr *ocr, const struct aw_ocr_sheet *sheet,
                        const struct aw_ocr_line *strip,
                        struct aw_ocr_lines *lines, struct aw_err *err)
{
    bool sure = false;
    aw_rc rc = AW_OK;

    for (size_t i = 0; i < sizeof ways / sizeof *ways && rc == AW_OK; i++)
        if (!sure && aw_ocr_has_time(ocr) &&
            (strip->column || ways[i].tongue != AW_OCR_VERTICAL))
            rc = read_in_way(ocr, sheet, *strip, &ways[i], lines, &sure, err);
    return rc;
}

static aw_rc read_strips(struct aw_ocr *ocr, const struct aw_ocr_sheet *sheet,
                         enum aw_ocr_ground ground, BOXA *boxes,
                         const struct search *search,
                         struct aw_ocr_lines *lines, struct aw_err *err)
{
    int count = boxes ? boxaGetCount(boxes) : 0;
    int left = STRIPS_MAX;
    aw_rc rc = AW_OK;

    for (int i = 0; i < count && left > 0 && rc == AW_OK; i++) {
        struct aw_ocr_line strip = {.column = search->column,
                                    .ground = ground};

        (void)boxaGetBoxGeometry(boxes, i, &strip.x, &strip.y, &strip.w,
                                 &strip.h);
        if (!is_strip(&strip, sheet->unit) || is_read(lines, &strip))
            continue;
        if (!aw_ocr_has_time(ocr))
            break;
        rc = read_strip(ocr, sheet, &strip, lines, err);
        left--;
    }
    return rc;
}

static aw_rc read_ground(struct aw_ocr *ocr, const struct aw_ocr_sheet *sheet,
                         enum aw_ocr_ground ground, struct aw_ocr_lines *lines,
                         struct aw_err *err)
{
    PIX *signs = signs_of(sheet->ink[ground], sheet->unit);
    aw_rc rc = AW_OK;

    for (size_t i = 0; signs && i < sizeof searches / sizeof *searches; i++) {
        BOXA *boxes = find_strips(signs, &searches[i], sheet->unit);

        if (rc == AW_OK)
            rc = read_strips(ocr, sheet, ground, boxes, &searches[i], lines,
                             err);
        boxaDestroy(&boxes);
    }
    pixDestroy(&signs);
    return rc;
}

aw_rc aw_ocr_strips(struct aw_ocr *ocr, const struct aw_ocr_sheet *sheet,
                    struct aw_ocr_lines *lines, struct aw_err *err)
{
    aw_rc rc = AW_OK;

    for (int i = 0; i < AW_OCR_GROUNDS && rc == AW_OK; i++)
        rc = read_ground(ocr, sheet, (enum aw_ocr_ground)i, lines, err);
    aw_ocr_lines_choose(lines);
    return rc;
}
