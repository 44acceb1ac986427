/* text.h - plain text to blocks.
 *
 * The text must be well-formed UTF-8 for its offsets to be its own; malformed
 * bytes become U+FFFD one by one, so that counts of code points stay.
 */
#ifndef AW_EXTRACT_TEXT_H
#define AW_EXTRACT_TEXT_H

#include "base/document.h"

/* One block with exactly that text: offsets in the block are offsets in the
 * text. */
aw_rc aw_text_whole(struct aw_document *doc, enum aw_block_kind kind,
                    struct aw_str text, struct aw_err *err) AW_MUST_USE;

/* One block for each paragraph; they are separated by lines that are empty or
 * blank. Line breaks inside one stay. Over the document's limit of blocks the
 * rest is left out. */
aw_rc aw_text_paragraphs(struct aw_document *doc, enum aw_block_kind kind,
                         struct aw_str text, struct aw_err *err) AW_MUST_USE;

/* By the document's channel: a poster's OCR text is one whole block, since
 * claims run over its lines; the others are paragraphs. */
aw_rc aw_text_by_channel(struct aw_str text, struct aw_document *doc,
                         struct aw_err *err) AW_MUST_USE;

/* Does it hold a Chinese character? */
bool aw_text_has_han(struct aw_str text);

#endif
