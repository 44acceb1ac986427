#include <math.h>
#include <stdlib.h>

#include "base/buf.h"
#include "extract/ocr_private.h"

#define SAME_ROW 0.5   /* of the lower line's height, that they share */
#define NEXT_GAP 1.3   /* heights of the higher line, to the next below */
#define COLUMN_GAP 4.0 /* widths, to the next column of the same text */
#define PART_GAP "  "  /* between what stands apart in one row */

static int middle_y(const struct aw_ocr_line *line)
{
    return line->y + line->h / 2;
}

static int least(int a, int b)
{
    return a < b ? a : b;
}

static int most(int a, int b)
{
    return a > b ? a : b;
}

/* Rows from above, the lines of a row from the left; columns from the
 * right. */
static bool is_before(const struct aw_ocr_line *a, const struct aw_ocr_line *b)
{
    int apart = middle_y(a) - middle_y(b);

    if (a->column && b->column)
        return a->x > b->x;
    if (!a->column && !b->column && abs(apart) < SAME_ROW * least(a->h, b->h))
        return a->x < b->x;
    return a->column || b->column ? a->y < b->y : apart < 0;
}

/* Being in one row is not transitive: a sort by insertion ends whatever it is
 * told. */
static void sort(struct aw_ocr_line *lines, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        struct aw_ocr_line line = lines[i];
        size_t at = i;

        for (; at > 0 && is_before(&line, &lines[at - 1]); at--)
            lines[at] = lines[at - 1];
        lines[at] = line;
    }
}

static bool in_one_row(const struct aw_ocr_line *a,
                       const struct aw_ocr_line *b)
{
    return !a->column && !b->column &&
           abs(middle_y(a) - middle_y(b)) < SAME_ROW * least(a->h, b->h);
}

/* Does b go on where a ended? */
static bool goes_on(const struct aw_ocr_line *a, const struct aw_ocr_line *b)
{
    if (a->column != b->column)
        return false;
    if (a->column)
        return a->x - (b->x + b->w) < COLUMN_GAP * most(a->w, b->w);
    return in_one_row(a, b) ||
           b->y - (a->y + a->h) < NEXT_GAP * most(a->h, b->h);
}

/* ---- a region ----------------------------------------------------------- */

struct region {
    struct aw_buf text;
    double x1, y1, x2, y2; /* of the image */
    double sure;           /* by character */
    int chars;
};

static void widen(struct region *region, const struct aw_ocr_map *map,
                  double x, double y)
{
    double ix = map->a * x + map->b * y + map->c;
    double iy = map->d * x + map->e * y + map->f;

    region->x1 = fmin(region->x1, ix);
    region->y1 = fmin(region->y1, iy);
    region->x2 = fmax(region->x2, ix);
    region->y2 = fmax(region->y2, iy);
}

static void take(struct region *region, const struct aw_ocr_sheet *sheet,
                 const struct aw_ocr_line *line)
{
    aw_buf_put(&region->text, line->text);
    region->sure += (double)line->confidence * line->chars;
    region->chars += line->chars;
    for (int i = 0; i < 4; i++)
        widen(region, &sheet->map, line->x + (i & 1 ? line->w : 0),
              line->y + (i & 2 ? line->h : 0));
}

static double within(double value, double top)
{
    return value < 0 ? 0 : value > top ? top : value;
}

static struct aw_region place_of(const struct region *region,
                                 const struct aw_ocr_sheet *sheet, int page)
{
    int x1 = (int)floor(within(region->x1, sheet->width));
    int y1 = (int)floor(within(region->y1, sheet->height));
    int x2 = (int)ceil(within(region->x2, sheet->width));
    int y2 = (int)ceil(within(region->y2, sheet->height));

    return (struct aw_region){
        .page = page,
        .x = x1,
        .y = y1,
        .w = x2 - x1,
        .h = y2 - y1,
        .confidence = (int)lround(region->sure / region->chars),
    };
}

/* The lines from first up to end. */
static aw_rc put_region(const struct aw_ocr_sheet *sheet,
                        const struct aw_ocr_lines *lines, size_t first,
                        size_t end, int page, struct aw_document *doc,
                        struct aw_err *err)
{
    struct region region = {.x1 = INFINITY, .y1 = INFINITY};
    aw_rc rc;

    aw_buf_init(&region.text, AW_OCR_PAGE_TEXT_MAX);
    for (size_t i = first; i < end; i++) {
        if (i > first)
            aw_buf_puts(&region.text,
                        in_one_row(&lines->items[i - 1], &lines->items[i])
                            ? PART_GAP
                            : "\n");
        take(&region, sheet, &lines->items[i]);
    }
    rc = aw_buf_check(&region.text, err);
    if (rc == AW_OK)
        rc = aw_document_add_region(doc, aw_buf_str(&region.text),
                                    place_of(&region, sheet, page), err);
    aw_buf_deinit(&region.text);
    return rc;
}

aw_rc aw_ocr_regions(const struct aw_ocr_sheet *sheet,
                     const struct aw_ocr_lines *lines, int page,
                     struct aw_document *doc, struct aw_err *err)
{
    size_t first = 0;
    aw_rc rc = AW_OK;

    sort(lines->items, lines->count);
    for (size_t i = 1; i <= lines->count && rc == AW_OK; i++) {
        if (i < lines->count &&
            goes_on(&lines->items[i - 1], &lines->items[i]))
            continue;
        rc = put_region(sheet, lines, first, i, page, doc, err);
        first = i;
    }
    return rc;
}
