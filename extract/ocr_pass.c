#include <string.h>

#include "base/utf8.h"
#include "extract/ocr_private.h"

#define RESOLUTION 150 /* a guess that keeps Tesseract from guessing */
#define LINE_SCALE_MAX 4.0
#define MARGIN 0.18   /* of a line's height, around it */
#define BORDER 8      /* pixels of white beyond */
#define LINES_TRIED 3 /* for whether they are in traditional characters */
#define HAN_TRIED 4
#define SURE_ENOUGH 90 /* lines below are read again */

/* What Tesseract says in UTF-8 may not be. */
static struct aw_str valid_text(const char *text)
{
    struct aw_str view = aw_str_trim(aw_str_of(text));

    return aw_utf8_valid(view) ? view : AW_STR("");
}

/* The line that the iterator stands at. */
static aw_rc take_line(TessResultIterator *at, enum aw_ocr_ground ground,
                       struct aw_ocr_lines *lines, struct aw_err *err)
{
    char *text = TessResultIteratorGetUTF8Text(at, RIL_TEXTLINE);
    struct aw_ocr_line line = {.ground = ground, .text = valid_text(text)};
    int right = 0, bottom = 0;
    aw_rc rc = AW_OK;

    line.confidence = (int)TessResultIteratorConfidence(at, RIL_TEXTLINE);
    if (TessPageIteratorBoundingBox(TessResultIteratorGetPageIterator(at),
                                    RIL_TEXTLINE, &line.x, &line.y, &right,
                                    &bottom)) {
        line.w = right - line.x;
        line.h = bottom - line.y;
        rc = aw_ocr_lines_add(lines, line, err);
    }
    TessDeleteText(text);
    return rc;
}

static aw_rc take_lines(TessBaseAPI *api, enum aw_ocr_ground ground,
                        struct aw_ocr_lines *lines, struct aw_err *err)
{
    TessResultIterator *at = TessBaseAPIGetIterator(api);
    aw_rc rc = AW_OK;

    if (!at)
        return AW_OK; /* there is no text */
    do
        rc = take_line(at, ground, lines, err);
    while (rc == AW_OK && TessResultIteratorNext(at, RIL_TEXTLINE));
    TessResultIteratorDelete(at);
    return rc;
}

static void set_image(TessBaseAPI *api, PIX *pix, TessPageSegMode mode)
{
    TessBaseAPISetPageSegMode(api, mode);
    TessBaseAPISetImage2(api, pix);
    TessBaseAPISetSourceResolution(api, RESOLUTION);
}

/* One image is bounded in time as a whole, by its passes and by the wall time
 * of its reader. */
aw_rc aw_ocr_pass(struct aw_ocr *ocr, const struct aw_ocr_sheet *sheet,
                  enum aw_ocr_ground ground, struct aw_ocr_lines *lines,
                  struct aw_err *err)
{
    TessBaseAPI *api = ocr->tongues[AW_OCR_SIMPLIFIED];
    aw_rc rc = AW_OK;

    set_image(api, sheet->ink[ground], PSM_SPARSE_TEXT);
    if (TessBaseAPIRecognize(api, NULL) == 0)
        rc = take_lines(api, ground, lines, err);
    TessBaseAPIClear(api);
    return rc;
}

/* ---- a piece ------------------------------------------------------------ */

/* Takes pix over. */
static PIX *bring_to_size(PIX *pix, int size, double height)
{
    double scale = height / size;
    PIX *scaled, *framed;

    if (!pix)
        return NULL;
    if (scale > LINE_SCALE_MAX)
        scale = LINE_SCALE_MAX;
    scaled = pixScale(pix, (l_float32)scale, (l_float32)scale);
    framed = scaled ? pixAddBorderGeneral(scaled, BORDER, BORDER, BORDER,
                                          BORDER, 255)
                    : NULL;
    pixDestroy(&scaled);
    pixDestroy(&pix);
    return framed;
}

static PIX *clip(PIX *pix, const struct aw_ocr_line *at, int margin)
{
    BOX *box = boxCreate(at->x - margin, at->y - margin, at->w + 2 * margin,
                         at->h + 2 * margin);
    PIX *piece = box ? pixClipRectangle(pix, box, NULL) : NULL;

    boxDestroy(&box);
    return piece;
}

/* The line's piece of the sheet, as its tongue wants it. */
static PIX *cut_out(const struct aw_ocr_sheet *sheet,
                    const struct aw_ocr_way *way,
                    const struct aw_ocr_line *line)
{
    PIX *pix = way->grey ? sheet->grey : sheet->ink[line->ground];
    int size = line->column ? line->w : line->h;
    PIX *column, *laid;

    if (!line->column || way->tongue == AW_OCR_VERTICAL)
        return bring_to_size(clip(pix, line, (int)(size * MARGIN) + 1), size,
                             way->height);
    column = clip(pix, line, 0);
    laid = column ? aw_ocr_lay_down(column) : NULL;
    pixDestroy(&column);
    return bring_to_size(laid, size, way->height);
}

/* One line, whatever breaks Tesseract sees in it. */
static aw_rc keep_text(const struct aw_ocr_lines *lines, const char *text,
                       struct aw_ocr_line *line, struct aw_err *err)
{
    struct aw_str view = valid_text(text);
    char *copy;
    size_t len = 0;

    copy = aw_arena_alloc(lines->arena, view.len + 1);
    if (!copy)
        return aw_arena_fail(lines->arena, err);
    for (size_t i = 0; i < view.len; i++)
        if (view.ptr[i] != '\n' && !(line->column && view.ptr[i] == ' '))
            copy[len++] = view.ptr[i];
    line->text = (struct aw_str){copy, len};
    return AW_OK;
}

aw_rc aw_ocr_pass_line(struct aw_ocr *ocr, const struct aw_ocr_sheet *sheet,
                       const struct aw_ocr_way *way,
                       const struct aw_ocr_lines *lines,
                       struct aw_ocr_line *line, struct aw_err *err)
{
    TessBaseAPI *api = ocr->tongues[way->tongue];
    PIX *piece = cut_out(sheet, way, line);
    char *text;
    aw_rc rc;

    line->text = AW_STR("");
    line->confidence = 0;
    if (!piece)
        return AW_OK; /* it lies beyond the edge */
    set_image(api, piece,
              way->tongue == AW_OCR_VERTICAL ? PSM_SINGLE_BLOCK_VERT_TEXT
                                             : PSM_SINGLE_LINE);
    text = TessBaseAPIGetUTF8Text(api);
    line->confidence = TessBaseAPIMeanTextConf(api);
    rc = keep_text(lines, text, line, err);
    TessDeleteText(text);
    TessBaseAPIClear(api);
    pixDestroy(&piece);
    return rc;
}

/* ---- again -------------------------------------------------------------- */

static const struct aw_ocr_way simplified[] = {
    {AW_OCR_SIMPLIFIED, 52, false},
    {AW_OCR_SIMPLIFIED, 32, false},
    {AW_OCR_SIMPLIFIED, 60, true},
};
static const struct aw_ocr_way traditional[] = {
    {AW_OCR_TRADITIONAL, 52, false},
    {AW_OCR_TRADITIONAL, 40, false},
};

/* The line read in one more way, where that is better. */
static aw_rc read_in_way(struct aw_ocr *ocr, const struct aw_ocr_sheet *sheet,
                         struct aw_ocr_lines *lines, size_t at,
                         const struct aw_ocr_way *way, struct aw_err *err)
{
    struct aw_ocr_line line = lines->items[at];
    size_t before = lines->count;
    aw_rc rc = aw_ocr_pass_line(ocr, sheet, way, lines, &line, err);

    if (rc == AW_OK)
        rc = aw_ocr_lines_add(lines, line, err);
    if (lines->count > before && aw_ocr_line_worth(&lines->items[before]) >
                                     aw_ocr_line_worth(&lines->items[at]))
        lines->items[at] = lines->items[before];
    lines->count = before;
    return rc;
}

static aw_rc read_in_ways(struct aw_ocr *ocr, const struct aw_ocr_sheet *sheet,
                          struct aw_ocr_lines *lines,
                          const struct aw_ocr_way *ways, size_t count,
                          struct aw_err *err)
{
    aw_rc rc = AW_OK;

    for (size_t at = 0; at < lines->count; at++)
        for (size_t i = 0; i < count && rc == AW_OK; i++)
            if (!lines->items[at].column &&
                lines->items[at].confidence < SURE_ENOUGH &&
                aw_ocr_has_time(ocr))
                rc = read_in_way(ocr, sheet, lines, at, &ways[i], err);
    return rc;
}

/* Is the text in traditional characters? Each of the two tongues knows its own
 * alone, and reads the other's as its own. The best lines tell: they come
 * first. */
static aw_rc is_traditional(struct aw_ocr *ocr,
                            const struct aw_ocr_sheet *sheet,
                            const struct aw_ocr_lines *lines, bool *out,
                            struct aw_err *err)
{
    int tried = 0, more = 0;
    aw_rc rc = AW_OK;

    for (size_t i = 0; i < lines->count && tried < LINES_TRIED && rc == AW_OK;
         i++) {
        struct aw_ocr_line line = lines->items[i];

        if (line.column || line.han < HAN_TRIED || !aw_ocr_has_time(ocr))
            continue;
        rc = aw_ocr_pass_line(ocr, sheet, &traditional[0], lines, &line, err);
        more += line.confidence - lines->items[i].confidence;
        tried++;
    }
    *out = more > 0;
    return rc;
}

aw_rc aw_ocr_pass_again(struct aw_ocr *ocr, const struct aw_ocr_sheet *sheet,
                        struct aw_ocr_lines *lines, struct aw_err *err)
{
    bool other = false;
    aw_rc rc = is_traditional(ocr, sheet, lines, &other, err);

    if (rc == AW_OK && other)
        rc = read_in_ways(ocr, sheet, lines, traditional,
                          sizeof traditional / sizeof *traditional, err);
    if (rc == AW_OK)
        rc = read_in_ways(ocr, sheet, lines, simplified,
                          sizeof simplified / sizeof *simplified, err);
    return rc;
}
