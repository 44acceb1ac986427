/* ocr.h - the text on images: posters, leaflets, photographs of notices.
 *
 * Wraps Tesseract and Leptonica. An image is brought into one form whatever
 * its colours (light text on a dark ground and the reverse, gradients, uneven
 * light), turned upright, and read in several passes; of two readings of a
 * place the surer one is kept. What stands together becomes one block of kind
 * OCR with its box in pixels of the image as it came, and a confidence;
 * vertical columns are read from right to left.
 *
 * All languages are loaded when an aw_ocr is made: no file is opened after
 * that. Not thread-safe. Tesseract makes threads of its own unless
 * OMP_THREAD_LIMIT=1 is in the environment of the process.
 *
 * Images are hostile: what a header says of an image's size meets a limit
 * before anything is decoded.
 */
#ifndef AW_EXTRACT_OCR_H
#define AW_EXTRACT_OCR_H

#include "base/clock.h"
#include "base/document.h"
#include "extract/image.h"

#define AW_OCR_PIXELS_MAX ((int64_t)40 * 1000 * 1000) /* of one page */
#define AW_OCR_SIDE_MAX 30000                         /* pixels */
#define AW_OCR_SIDE_MIN 24 /* below, no Chinese text can be read */
#define AW_OCR_PAGES_MAX 8 /* of a TIFF or PDF; those behind are left out */
#define AW_OCR_PAGE_TEXT_MAX ((size_t)1 << 20) /* bytes */

struct aw_ocr_config {
    const char *data_dir; /* *.traineddata; NULL: where Tesseract has them */
    int64_t budget_ms;    /* of one page: no new pass begins after that */
    const struct aw_clock *clock; /* aw_clock_processor */
};

/* What is loaded to read images: "5.3.0, leptonica-1.82.0". AW_CONFIG where
 * there is none. */
#define AW_OCR_VERSION_MAX 64
aw_rc aw_ocr_version(char out[AW_OCR_VERSION_MAX],
                     struct aw_err *err) AW_MUST_USE;

struct aw_ocr;

/* AW_CONFIG where a language is missing: it names the package. */
aw_rc aw_ocr_new(struct aw_ocr **out, const struct aw_ocr_config *config,
                 struct aw_err *err) AW_MUST_USE;
void aw_ocr_free(struct aw_ocr *ocr);

/* Adds the text of an image to doc, region by region. Where not all was read
 * doc->note says why. AW_INVALID: it cannot be decoded; AW_LIMIT: it is too
 * large, or small. An image without text adds nothing. A PDF comes as the PGM
 * images of pdf.h. */
aw_rc aw_ocr_read(struct aw_ocr *ocr, enum aw_image_type type,
                  struct aw_str bytes, struct aw_document *doc,
                  struct aw_err *err) AW_MUST_USE;

#endif
