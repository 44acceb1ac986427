#include <math.h>
#include <stdlib.h>

#include "extract/ocr_private.h"

#define HALF 128
#define PITCH_MIN \
    0.92 /* from character to character, in widths of the column */
#define PITCH_MAX 1.75
#define SLACK 0.16    /* of the pitch, by which a cut may be moved */
#define INK_MORE 0.04 /* of a row */
#define GAP 4         /* pixels between characters that are laid down */
#define CELLS_MAX 60

/* Of a character's parts, pixels of a page 1,000 high, that are closed. */
#define PARTS_ACROSS 9
#define PARTS_ALONG 5
#define SIGN_MIN 16.0 /* widths, likewise */
#define SIGN_MAX 150.0
#define SIGNS_MAX 2000
#define WIDE 1.7    /* times its height: more than a character, but a 一 */
#define FLAT 0.3    /* a 一, in widths of its column */
#define ASIDE 0.25  /* widths by which middles are apart */
#define NARROW 0.45 /* the least width in a column, of the widest */
#define APART 0.95  /* widths, from one to the next below */
#define INTO 0.2    /* and by which they lie in one another */
#define SLIM 2.6    /* so many times as high as wide is a column */

/* Where a column is cut into characters: cell i is from at[i] to at[i + 1]. */
struct cells {
    int count;
    int at[CELLS_MAX + 1];
    double ink; /* that the cuts go through, by cut */
};

/* The row with the least ink, as near to `row` as can be. */
static int find_cut(NUMA *rows, double row, double slack, l_float32 *least)
{
    int height = numaGetCount(rows);
    int best = (int)row;

    *least = 1e9F;
    for (int off = 0; off <= (int)slack; off++)
        for (int side = -1; side <= 1; side += 2) {
            int y = (int)row + side * off;
            l_float32 ink = 1e9F;

            if (y > 0 && y < height)
                (void)numaGetFValue(rows, y, &ink);
            if (ink < *least) {
                *least = ink;
                best = y;
            }
        }
    return best;
}

static struct cells cut(NUMA *rows, int count)
{
    int height = numaGetCount(rows);
    double pitch = (double)height / count;
    struct cells cells = {.count = count};

    cells.at[count] = height;
    for (int i = 1; i < count; i++) {
        l_float32 ink;

        cells.at[i] = find_cut(rows, i * pitch, SLACK * pitch, &ink);
        cells.ink += (double)ink / (count - 1);
    }
    return cells;
}

/* The most characters whose cuts meet next to no ink more than the best: with
 * half as many the cuts lie in the same gaps. */
static struct cells find_cells(NUMA *rows, int width)
{
    int height = numaGetCount(rows);
    int most = (int)(height / (PITCH_MIN * width));
    int least = (int)(height / (PITCH_MAX * width));
    struct cells best = {.ink = 1e9};

    for (int count = least > 2 ? least : 2;
         count <= most && count <= CELLS_MAX; count++) {
        struct cells cells = cut(rows, count);

        if (cells.ink < best.ink + INK_MORE * width) {
            double ink = best.ink < cells.ink ? best.ink : cells.ink;

            best = cells;
            best.ink = ink;
        }
    }
    return best;
}

static PIX *lay_cells(PIX *column, const struct cells *cells)
{
    int width = pixGetWidth(column);
    int highest = 0;
    PIX *line;

    for (int i = 0; i < cells->count; i++)
        if (cells->at[i + 1] - cells->at[i] > highest)
            highest = cells->at[i + 1] - cells->at[i];
    line = pixCreate((width + GAP) * cells->count, highest, 8);
    if (!line)
        return NULL;
    (void)pixSetAllArbitrary(line, 255);
    for (int i = 0; i < cells->count; i++) {
        int high = cells->at[i + 1] - cells->at[i];

        (void)pixRasterop(line, i * (width + GAP), (highest - high) / 2, width,
                          high, PIX_SRC, column, 0, cells->at[i]);
    }
    return line;
}

PIX *aw_ocr_lay_down(PIX *column)
{
    PIX *mask = pixThresholdToBinary(column, HALF);
    NUMA *rows = mask ? pixCountPixelsByRow(mask, NULL) : NULL;
    PIX *line = NULL;

    if (rows) {
        struct cells cells = find_cells(rows, pixGetWidth(column));

        if (cells.count > 1)
            line = lay_cells(column, &cells);
    }
    numaDestroy(&rows);
    pixDestroy(&mask);
    return line;
}

/* ---- finding ------------------------------------------------------------ */

struct sign {
    int x, y, w, h;
    bool used;
};

static int most_of(int a, int b)
{
    return a > b ? a : b;
}

/* last is the lowest sign of the column so far: seen from aside a column
 * leans. */
static bool goes_below(const struct sign *column, const struct sign *last,
                       const struct sign *sign)
{
    int width = most_of(last->w, sign->w);
    double aside = (last->x + last->w / 2.0) - (sign->x + sign->w / 2.0);
    int apart = sign->y - (column->y + column->h);

    return fabs(aside) < ASIDE * width && sign->w > NARROW * column->w &&
           column->w > NARROW * sign->w && apart < APART * width &&
           apart > -INTO * width;
}

static void add_below(struct sign *column, const struct sign *sign)
{
    int right = most_of(column->x + column->w, sign->x + sign->w);
    int bottom = most_of(column->y + column->h, sign->y + sign->h);

    column->x = column->x < sign->x ? column->x : sign->x;
    column->w = right - column->x;
    column->h = bottom - column->y;
}

/* The signs come from above. */
static struct sign grow_column(struct sign *signs, int count, int first)
{
    struct sign column = signs[first];
    const struct sign *last = &signs[first];

    for (int i = first + 1; i < count; i++)
        if (!signs[i].used && goes_below(&column, last, &signs[i])) {
            add_below(&column, &signs[i]);
            signs[i].used = true;
            last = &signs[i];
        }
    return column;
}

static int take_signs(BOXA *boxes, double unit, struct sign *signs)
{
    int count = 0;

    for (int i = 0; i < boxaGetCount(boxes) && count < SIGNS_MAX; i++) {
        struct sign *sign = &signs[count];

        *sign = (struct sign){0};
        (void)boxaGetBoxGeometry(boxes, i, &sign->x, &sign->y, &sign->w,
                                 &sign->h);
        count += sign->w >= SIGN_MIN * unit && sign->w <= SIGN_MAX * unit &&
                 (sign->w < WIDE * sign->h || sign->h < FLAT * sign->w);
    }
    return count;
}

static BOXA *chain(BOXA *boxes, double unit)
{
    struct sign *signs = calloc(SIGNS_MAX, sizeof *signs);
    BOXA *columns = signs ? boxaCreate(0) : NULL;
    int count = columns ? take_signs(boxes, unit, signs) : 0;

    for (int i = 0; i < count; i++) {
        struct sign column;

        if (signs[i].used)
            continue;
        column = grow_column(signs, count, i);
        if (column.h >= SLIM * column.w)
            (void)boxaAddBox(columns,
                             boxCreate(column.x, column.y, column.w, column.h),
                             L_INSERT);
    }
    free(signs);
    return columns;
}

BOXA *aw_ocr_find_columns(PIX *signs, double unit)
{
    PIX *closed =
        pixCloseSafeBrick(NULL, signs, (int)(PARTS_ACROSS * unit) | 1,
                          (int)(PARTS_ALONG * unit) | 1);
    BOXA *boxes = closed ? pixConnCompBB(closed, 8) : NULL;
    BOXA *sorted =
        boxes ? boxaSort(boxes, L_SORT_BY_Y, L_SORT_INCREASING, NULL) : NULL;
    BOXA *columns = sorted ? chain(sorted, unit) : NULL;

    boxaDestroy(&sorted);
    boxaDestroy(&boxes);
    pixDestroy(&closed);
    return columns;
}
