/* pdf.h - the pages of a PDF as images, by pdftoppm of poppler-utils.
 *
 * It runs as a process of its own that gets the file and gives the images by
 * memory alone: without network where the kernel lets it, with limits on
 * memory, processor, output and wall time. Decision 0030 says why so.
 */
#ifndef AW_EXTRACT_PDF_H
#define AW_EXTRACT_PDF_H

#include "base/buf.h"

#define AW_PDF_SIDE 1700 /* pixels of a page's longer side */
#define AW_PDF_BYTES_MAX ((size_t)64 << 20) /* of all images */

/* Appends the first pages, one more than are read (ocr.h), as grey PGM images
 * one behind the other. Waits for it, most_ms at most. AW_INVALID: it cannot
 * be read, or pdftoppm is not there; AW_LIMIT: it takes too long. */
aw_rc aw_pdf_pages(struct aw_str pdf, int64_t most_ms, struct aw_buf *pages,
                   struct aw_err *err) AW_MUST_USE;

#endif
