/* process.h - a reader process, from inside.
 *
 * Loads lexicon and model, and OCR where it is to read images, enters its cell
 * (cell.h), and then reads questions from the cell's socket and answers each,
 * until the other side closes. Errors of a page are answers; only a bad
 * lexicon or model, a cell that cannot be had, and a broken socket end it with
 * an error. The calling process stays in the cell.
 */
#ifndef AW_READER_PROCESS_H
#define AW_READER_PROCESS_H

#include "classify/classify.h"
#include "extract/ocr.h"
#include "reader/cell.h"

/* ocr: for a reader of images; NULL: nothing is read from them. */
aw_rc aw_reader_process(const struct aw_classifier_config *config,
                        const struct aw_ocr_config *ocr,
                        const struct aw_cell_config *cell,
                        struct aw_err *err) AW_MUST_USE;

#endif
