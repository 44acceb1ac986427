/* confusion.h - mistakes of OCR in the words that claims hang on.
 *
 * Characters that look alike are taken for one another: 保木, 零凤险,
 * 国定收益. Where the characters of a block, blanks and marks between them
 * aside, are a claim's word but for such mistakes, the plain view gets the
 * right ones, so that rules see the word. The block's text stays as it was
 * read: a quote is what OCR said, and the reason says how it was understood.
 *
 * A word of two characters is mended only where no Chinese character stands
 * next to it: letters of 环保木材 are no claim.
 *
 * Only for text that was read from an image: people who write 保木 on purpose
 * are for the rules.
 */
#ifndef AW_CLASSIFY_CONFUSION_H
#define AW_CLASSIFY_CONFUSION_H

#include "classify/normalise.h"

/* Mends the last block of plain in its place; plain->mends says where. The
 * only failure is memory. */
aw_rc aw_confusion_mend(struct aw_normal *plain, struct aw_range block,
                        struct aw_err *err) AW_MUST_USE;

#endif
