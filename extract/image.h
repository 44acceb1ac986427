/* image.h - what kind of image some bytes are, by their first ones.
 *
 * Servers and file names lie; the first bytes decide. (WHATWG MIME Sniffing
 * 6.1; PDF 32000-1, annex H 3.4.1: %PDF- within the first 1,024 bytes)
 */
#ifndef AW_EXTRACT_IMAGE_H
#define AW_EXTRACT_IMAGE_H

#include "base/str.h"

#define AW_IMAGE_LIST(X)                                           \
    X(NONE, "")                                                    \
    X(PNG, "image/png")                                            \
    X(JPEG, "image/jpeg")                                          \
    X(WEBP, "image/webp")                                          \
    X(TIFF, "image/tiff")                                          \
    X(PDF, "application/pdf")          /* pdf.h makes PGM of it */ \
    X(PGM, "image/x-portable-graymap") /* pages, one behind the other */

/* Smaller images of a page hold no poster. */
#define AW_POSTER_WIDTH_MIN 300 /* pixels */
#define AW_POSTER_HEIGHT_MIN 200

enum aw_image_type {
#define X(name, mime) AW_IMAGE_##name,
    AW_IMAGE_LIST(X)
#undef X
};

enum aw_image_type aw_image_sniff(struct aw_str bytes);

/* Its Content-Type; empty for AW_IMAGE_NONE. */
const char *aw_image_mime(enum aw_image_type type);

/* The head of a PGM of 8 bits: its sides, and its own bytes. */
bool aw_image_pgm_head(struct aw_str bytes, int *width, int *height,
                       size_t *head);

#endif
