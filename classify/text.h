/* text.h - a document's text in both views, block by block.
 *
 * Made once for each document and read by everything behind it: rules,
 * contexts, model. Keeps its memory for the next document.
 */
#ifndef AW_CLASSIFY_TEXT_H
#define AW_CLASSIFY_TEXT_H

#include "base/document.h"
#include "classify/normalise.h"

struct aw_text_block {
    struct aw_range place[2]; /* by enum aw_view: bytes of that view */
    struct aw_range letters;  /* its part of the plain view's letters */
    bool hidden;              /* a visitor would not see it */
};

struct aw_text {
    /* By enum aw_view. The hard one lies in the plain one's memory where they
     * do not differ, else in `hard`. */
    struct aw_normal view[2];
    struct aw_normal hard;
    bool differ;
    struct aw_text_block *blocks;
    size_t count, cap;
};

void aw_text_init(struct aw_text *text);
void aw_text_deinit(struct aw_text *text);

/* Reads all blocks of doc anew. Numbers of blocks are those of doc. */
aw_rc aw_text_read(struct aw_text *text, const struct aw_document *doc,
                   struct aw_err *err) AW_MUST_USE;

/* The same for one text alone, as block 0. */
aw_rc aw_text_read_one(struct aw_text *text, struct aw_str one,
                       struct aw_err *err) AW_MUST_USE;

/* Did confusion.h put a character in at these code points of the block? */
bool aw_text_is_mended(const struct aw_text *text, size_t block,
                       struct aw_range origin);

/* Did disguise.h put a character in at these, in the hard view? */
bool aw_text_is_unmasked(const struct aw_text *text, size_t block,
                         struct aw_range origin);

/* The characters around `at` in a view, up to `chars` on each side, within
 * the block. */
struct aw_range aw_text_around(const struct aw_normal *view,
                               struct aw_range block, struct aw_range at,
                               size_t chars);

/* The sentence that at lies in: to 。！？； or a line break on both sides, at
 * most AW_SENTENCE_MAX bytes of it on each. */
#define AW_SENTENCE_MAX 3000
struct aw_range aw_text_sentence(const struct aw_normal *view,
                                 struct aw_range block, struct aw_range at);

/* Do the words at `at` stand between quotation marks that opened no more than
 * AW_QUOTATION_MAX bytes before them, and close no more behind them, within
 * the block? A mark that nobody closes quotes nothing. */
#define AW_QUOTATION_MAX 300
bool aw_text_is_quoted(const struct aw_normal *view, struct aw_range block,
                       struct aw_range at);

/* The sentence that starts at *pos, without what ends it; moves *pos behind
 * that, and behind the marks that close a quotation there. It is empty where
 * two ends follow one another. */
struct aw_range aw_text_next_sentence(const struct aw_normal *view,
                                      struct aw_range block, size_t *pos);

#endif
