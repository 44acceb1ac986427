/* ocr_private.h - what the files of OCR share, in reading order:
 *
 *     ocr_library.c  the libraries, loaded late
 *     ocr_decode.c   bytes to a grey image, within limits
 *     ocr_sheet.c    the image in one form: upright, scaled, dark on white
 *     ocr_lines.c    lines that were read; of two at one place the surer one
 *     ocr_pass.c     one pass of Tesseract over a sheet or a piece of it
 *     ocr_column.c   a column of characters, laid down as a line
 *     ocr_strip.c    lines and columns that we find ourselves
 *     ocr_region.c   lines to regions, regions to blocks of the document
 *     ocr.c          an image: which passes it gets
 */
#ifndef AW_EXTRACT_OCR_PRIVATE_H
#define AW_EXTRACT_OCR_PRIVATE_H

#include "extract/ocr.h"
#include "extract/ocr_library.h"

/* Each function of the table; one that is called and missing here would link
 * the libraries again (tests/e2e/test_cli.sh). */
#define TessBaseAPIClear aw_ocr_library.TessBaseAPIClear
#define TessBaseAPICreate aw_ocr_library.TessBaseAPICreate
#define TessBaseAPIDelete aw_ocr_library.TessBaseAPIDelete
#define TessBaseAPIGetIterator aw_ocr_library.TessBaseAPIGetIterator
#define TessBaseAPIGetUTF8Text aw_ocr_library.TessBaseAPIGetUTF8Text
#define TessBaseAPIInit2 aw_ocr_library.TessBaseAPIInit2
#define TessBaseAPIMeanTextConf aw_ocr_library.TessBaseAPIMeanTextConf
#define TessBaseAPIRecognize aw_ocr_library.TessBaseAPIRecognize
#define TessBaseAPISetImage2 aw_ocr_library.TessBaseAPISetImage2
#define TessBaseAPISetPageSegMode aw_ocr_library.TessBaseAPISetPageSegMode
#define TessBaseAPISetSourceResolution \
    aw_ocr_library.TessBaseAPISetSourceResolution
#define TessBaseAPISetVariable aw_ocr_library.TessBaseAPISetVariable
#define TessDeleteText aw_ocr_library.TessDeleteText
#define TessPageIteratorBoundingBox aw_ocr_library.TessPageIteratorBoundingBox
#define TessResultIteratorConfidence \
    aw_ocr_library.TessResultIteratorConfidence
#define TessResultIteratorDelete aw_ocr_library.TessResultIteratorDelete
#define TessResultIteratorGetPageIterator \
    aw_ocr_library.TessResultIteratorGetPageIterator
#define TessResultIteratorGetUTF8Text \
    aw_ocr_library.TessResultIteratorGetUTF8Text
#define TessResultIteratorNext aw_ocr_library.TessResultIteratorNext
#define TessVersion aw_ocr_library.TessVersion
#define boxCreate aw_ocr_library.boxCreate
#define boxDestroy aw_ocr_library.boxDestroy
#define boxaAddBox aw_ocr_library.boxaAddBox
#define boxaCreate aw_ocr_library.boxaCreate
#define boxaDestroy aw_ocr_library.boxaDestroy
#define boxaGetBoxGeometry aw_ocr_library.boxaGetBoxGeometry
#define boxaGetCount aw_ocr_library.boxaGetCount
#define boxaSort aw_ocr_library.boxaSort
#define getLeptonicaVersion aw_ocr_library.getLeptonicaVersion
#define lept_free aw_ocr_library.lept_free
#define numaDestroy aw_ocr_library.numaDestroy
#define numaGetCount aw_ocr_library.numaGetCount
#define numaGetFValue aw_ocr_library.numaGetFValue
#define pixAbsDifference aw_ocr_library.pixAbsDifference
#define pixAddBorderGeneral aw_ocr_library.pixAddBorderGeneral
#define pixBlockconv aw_ocr_library.pixBlockconv
#define pixClipRectangle aw_ocr_library.pixClipRectangle
#define pixCloseSafeBrick aw_ocr_library.pixCloseSafeBrick
#define pixConnCompBB aw_ocr_library.pixConnCompBB
#define pixConvertTo8 aw_ocr_library.pixConvertTo8
#define pixCountPixelsByRow aw_ocr_library.pixCountPixelsByRow
#define pixCreate aw_ocr_library.pixCreate
#define pixCreateTemplate aw_ocr_library.pixCreateTemplate
#define pixDestroy aw_ocr_library.pixDestroy
#define pixFindSkewSweepAndSearchScore \
    aw_ocr_library.pixFindSkewSweepAndSearchScore
#define pixGetData aw_ocr_library.pixGetData
#define pixGetHeight aw_ocr_library.pixGetHeight
#define pixGetWidth aw_ocr_library.pixGetWidth
#define pixGetWpl aw_ocr_library.pixGetWpl
#define pixRasterop aw_ocr_library.pixRasterop
#define pixReadHeaderMem aw_ocr_library.pixReadHeaderMem
#define pixReadMem aw_ocr_library.pixReadMem
#define pixReadMemPnm aw_ocr_library.pixReadMemPnm
#define pixReadMemTiff aw_ocr_library.pixReadMemTiff
#define pixRemoveAlpha aw_ocr_library.pixRemoveAlpha
#define pixRotate aw_ocr_library.pixRotate
#define pixRotateOrth aw_ocr_library.pixRotateOrth
#define pixScale aw_ocr_library.pixScale
#define pixSelectBySize aw_ocr_library.pixSelectBySize
#define pixSetAllArbitrary aw_ocr_library.pixSetAllArbitrary
#define pixThresholdToBinary aw_ocr_library.pixThresholdToBinary
#define readHeaderMemTiff aw_ocr_library.readHeaderMemTiff
#define setMsgSeverity aw_ocr_library.setMsgSeverity

enum aw_ocr_tongue {
    AW_OCR_SIMPLIFIED, /* and Latin letters */
    AW_OCR_TRADITIONAL,
    AW_OCR_VERTICAL,
    AW_OCR_TONGUES
};

struct aw_ocr {
    struct aw_ocr_config config;
    TessBaseAPI *tongues[AW_OCR_TONGUES];
    int64_t end_ms; /* no new pass begins behind it */
    bool late;      /* a pass of this page was left out for that */
};

/* Asked before each pass that may be left out. */
bool aw_ocr_has_time(struct aw_ocr *ocr);

/* ---- ocr_decode.c ------------------------------------------------------- */

/* Page number `page` (from 0) of the image as 8 bits of grey, on white where
 * it is transparent. AW_MISSING: it has no such page. The caller destroys
 * *out. */
aw_rc aw_ocr_decode(enum aw_image_type type, struct aw_str bytes, int page,
                    PIX **out, struct aw_err *err) AW_MUST_USE;

/* ---- ocr_sheet.c -------------------------------------------------------- */

/* Text is lighter than its ground, or darker. */
enum aw_ocr_ground { AW_OCR_LIGHT, AW_OCR_DARK, AW_OCR_GROUNDS };

/* How a point of the sheet lies on the image: x' = a x + b y + c, y' = d x +
 * e y + f. */
struct aw_ocr_map {
    double a, b, c, d, e, f;
};

struct aw_ocr_sheet {
    PIX *grey;
    PIX *ink[AW_OCR_GROUNDS]; /* what was the text is dark on white */
    struct aw_ocr_map map;
    int width, height; /* of the image */
    double unit;       /* pixels of the sheet for one of a page 1,000 high */
};

/* Scales the image to what Tesseract reads best and sets it straight; turns
 * is how often it is turned by 90 degrees clockwise before. */
aw_rc aw_ocr_sheet_init(struct aw_ocr_sheet *sheet, PIX *image, int turns,
                        struct aw_err *err) AW_MUST_USE;
void aw_ocr_sheet_deinit(struct aw_ocr_sheet *sheet);

/* The text of one ground, dark on white; window is half the side of the square
 * that a pixel is compared with. NULL: out of memory. */
PIX *aw_ocr_ink(PIX *grey, enum aw_ocr_ground ground, int window);

/* ---- ocr_lines.c -------------------------------------------------------- */

#define AW_OCR_LINES_MAX 4000

struct aw_ocr_line {
    int x, y, w, h; /* pixels of the sheet */
    int confidence; /* 0 to 100 */
    int han;        /* Chinese characters in it */
    int chars;      /* and all that are no blanks */
    bool column;    /* vertical */
    enum aw_ocr_ground ground;
    struct aw_str text;
};

struct aw_ocr_lines {
    struct aw_arena *arena; /* holds it all */
    struct aw_ocr_line *items;
    size_t count, cap;
};

/* Adds a copy, with counts and without the marks at its ends that are no
 * text. What is nothing but marks, or beyond AW_OCR_LINES_MAX, is left
 * out. */
aw_rc aw_ocr_lines_add(struct aw_ocr_lines *lines, struct aw_ocr_line line,
                       struct aw_err *err) AW_MUST_USE;

/* Of lines that lie over one another the better one stays. */
void aw_ocr_lines_choose(struct aw_ocr_lines *lines);

/* How much was read, and how surely; compares readings of one place. */
double aw_ocr_line_worth(const struct aw_ocr_line *line);

/* Chinese characters, and letters by half, in lines that were read surely. */
double aw_ocr_lines_sure(const struct aw_ocr_lines *lines);

/* The share of the smaller one that lies in both. */
double aw_ocr_overlap(const struct aw_ocr_line *a,
                      const struct aw_ocr_line *b);

/* ---- ocr_pass.c --------------------------------------------------------- */

/* Reads the whole of an ink of the sheet: text anywhere on it. */
aw_rc aw_ocr_pass(struct aw_ocr *ocr, const struct aw_ocr_sheet *sheet,
                  enum aw_ocr_ground ground, struct aw_ocr_lines *lines,
                  struct aw_err *err) AW_MUST_USE;

/* A way to read a line: Tesseract is fickle, and reads well at one height of
 * a line what it does not at another. */
struct aw_ocr_way {
    enum aw_ocr_tongue tongue;
    double height; /* pixels that the line is brought to */
    bool grey;     /* from the grey image, where what is thin was not lost */
};

/* Reads a piece of the sheet, at the place of *line, as one line or column;
 * fills confidence and text (in the arena of lines), and adds nothing. Text is
 * empty where there was none. */
aw_rc aw_ocr_pass_line(struct aw_ocr *ocr, const struct aw_ocr_sheet *sheet,
                       const struct aw_ocr_way *way,
                       const struct aw_ocr_lines *lines,
                       struct aw_ocr_line *line,
                       struct aw_err *err) AW_MUST_USE;

/* Reads lines again that were not read surely. */
aw_rc aw_ocr_pass_again(struct aw_ocr *ocr, const struct aw_ocr_sheet *sheet,
                        struct aw_ocr_lines *lines,
                        struct aw_err *err) AW_MUST_USE;

/* ---- ocr_column.c ------------------------------------------------------- */

/* The characters of a column (8 bits, dark on white, no margin) side by side
 * from the left, the top one first: lines are read better than columns. NULL
 * where there are none. */
PIX *aw_ocr_lay_down(PIX *column);

/* Where characters stand one below the other, and none beside them; signs is
 * a mask of what may be characters. NULL: out of memory. */
BOXA *aw_ocr_find_columns(PIX *signs, double unit);

/* ---- ocr_strip.c -------------------------------------------------------- */

/* Reads what looks like a line or a column of text and was not read, or in
 * part. */
aw_rc aw_ocr_strips(struct aw_ocr *ocr, const struct aw_ocr_sheet *sheet,
                    struct aw_ocr_lines *lines,
                    struct aw_err *err) AW_MUST_USE;

/* ---- ocr_region.c ------------------------------------------------------- */

aw_rc aw_ocr_regions(const struct aw_ocr_sheet *sheet,
                     const struct aw_ocr_lines *lines, int page,
                     struct aw_document *doc, struct aw_err *err) AW_MUST_USE;

#endif
