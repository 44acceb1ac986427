/* ocr_library.h - Tesseract and Leptonica, loaded when the first image is
 * read.
 *
 * They pull in some dozens of libraries, and each start of the program had to
 * load and relocate them; hardly any start reads an image. So they are not
 * linked: aw_ocr_library_load looks their functions up, and ocr_private.h lets
 * calls go through the table, written as their manuals have them. Who calls
 * them includes ocr_private.h, and has loaded them before: a function of a
 * table that is empty is NULL.
 *
 * Images, boxes and engines are theirs, and are given back to them
 * (pixDestroy, boxaDestroy, TessBaseAPIDelete, TessDeleteText). Their types
 * stand in no other header of ours but ocr_private.h.
 */
#ifndef AW_EXTRACT_OCR_LIBRARY_H
#define AW_EXTRACT_OCR_LIBRARY_H

#include <leptonica/allheaders.h>
#include <tesseract/capi.h>

#include "base/error.h"

/* X(name): all that we call, by the names and types of the two headers above.
 * One that is new needs its line in ocr_private.h, too. */
/* clang-format off */
#define AW_OCR_FUNCTIONS(X) \
    X(TessBaseAPIClear) \
    X(TessBaseAPICreate) \
    X(TessBaseAPIDelete) \
    X(TessBaseAPIGetIterator) \
    X(TessBaseAPIGetUTF8Text) \
    X(TessBaseAPIInit2) \
    X(TessBaseAPIMeanTextConf) \
    X(TessBaseAPIRecognize) \
    X(TessBaseAPISetImage2) \
    X(TessBaseAPISetPageSegMode) \
    X(TessBaseAPISetSourceResolution) \
    X(TessBaseAPISetVariable) \
    X(TessDeleteText) \
    X(TessPageIteratorBoundingBox) \
    X(TessResultIteratorConfidence) \
    X(TessResultIteratorDelete) \
    X(TessResultIteratorGetPageIterator) \
    X(TessResultIteratorGetUTF8Text) \
    X(TessResultIteratorNext) \
    X(TessVersion) \
    X(bmfCreate) \
    X(bmfGetStringWidth) \
    X(boxCreate) \
    X(boxDestroy) \
    X(boxaAddBox) \
    X(boxaCreate) \
    X(boxaDestroy) \
    X(boxaGetBoxGeometry) \
    X(boxaGetCount) \
    X(boxaSort) \
    X(getLeptonicaVersion) \
    X(lept_free) \
    X(numaDestroy) \
    X(numaGetCount) \
    X(numaGetFValue) \
    X(pixAbsDifference) \
    X(pixAddBorderGeneral) \
    X(pixBlockconv) \
    X(pixClipRectangle) \
    X(pixCloseSafeBrick) \
    X(pixConnCompBB) \
    X(pixConvertTo32) \
    X(pixConvertTo8) \
    X(pixCountPixelsByRow) \
    X(pixCreate) \
    X(pixCreateTemplate) \
    X(pixDestroy) \
    X(pixFindSkewSweepAndSearchScore) \
    X(pixGetData) \
    X(pixGetDepth) \
    X(pixGetHeight) \
    X(pixGetWidth) \
    X(pixGetWpl) \
    X(pixRasterop) \
    X(pixReadHeaderMem) \
    X(pixReadMem) \
    X(pixReadMemPng) \
    X(pixReadMemPnm) \
    X(pixReadMemTiff) \
    X(pixRemoveAlpha) \
    X(pixRenderBoxArb) \
    X(pixRotate) \
    X(pixRotateOrth) \
    X(pixScale) \
    X(pixSelectBySize) \
    X(pixSetAllArbitrary) \
    X(pixSetInRectArbitrary) \
    X(pixSetTextline) \
    X(pixThresholdToBinary) \
    X(pixSetZlibCompression) \
    X(pixWriteMemPng) \
    X(readHeaderMemTiff) \
    X(setMsgSeverity)
/* clang-format on */

struct aw_ocr_library {
#define AW_OCR_MEMBER(name) __typeof__(name) *name;
    AW_OCR_FUNCTIONS(AW_OCR_MEMBER)
#undef AW_OCR_MEMBER
};

/* Empty before it is loaded, and never changed after. */
extern struct aw_ocr_library aw_ocr_library;

/* Loads it for the rest of the process; again, it does nothing. All is bound
 * then, and no file is opened later: a reader loads it before it goes into its
 * cell. By one thread, before others use the table.
 *
 * AW_CONFIG: the library is not there, with the package to install, or lacks a
 * function, which is named; the table is empty still. */
aw_rc aw_ocr_library_load(struct aw_err *err) AW_MUST_USE;

#endif
