/* token.h - HTML cut into tags and text. (HTML Living Standard, 13.2.5)
 *
 * A tokenizer of our own, and not libxml2's: docs/decisions/0001 has the
 * measurements. In short, libxml2 2.9.14 drops text below 256 nested elements
 * or, told not to, takes quadratic time over stray end tags, as it does over
 * the attributes of one tag. This one is linear in the bytes and allocates
 * nothing; a hostile page costs what a plain page of its size does. It reads
 * what browsers read: "<" before anything but a letter is text.
 *
 * The input must be ASCII-compatible where markup is concerned: UTF-8, and
 * for the search for a charset GB18030 and Big5 too, whose second bytes are
 * never "<", ">" or quotes. Comments and doctypes are skipped, and in HTML
 * CDATA. Views in a token point into the input.
 */
#ifndef AW_EXTRACT_TOKEN_H
#define AW_EXTRACT_TOKEN_H

#include "extract/tags.h"

enum aw_token_kind {
    AW_TOKEN_TEXT,  /* character references not undone */
    AW_TOKEN_OPEN,  /* start tag */
    AW_TOKEN_CLOSE, /* end tag */
    AW_TOKEN_RAW    /* content of an element with AW_TAG_RAW: tag names it */
};

_Static_assert(AW_ATTR_COUNT <= 64, "one bit of `has` for each attribute");

struct aw_token {
    enum aw_token_kind kind;
    struct aw_str text;       /* or the name in a tag, as it was written */
    const struct aw_tag *tag; /* never NULL but for AW_TOKEN_TEXT */
    bool self_closing;        /* ended by "/>" */
    uint64_t has;             /* bit 1 << id of each attribute that is there */
    struct aw_str attrs[AW_ATTR_COUNT]; /* valid where `has` says so */
};

struct aw_tokenizer {
    struct aw_str in;
    size_t pos;
    struct aw_tag_index tags;
    const struct aw_tag *raw; /* inside this element, or NULL */
    bool title_unended;       /* no </title> follows any more */
    bool xml; /* "<script/>" has no content, CDATA is text; may be set */
};

void aw_tokenizer_init(struct aw_tokenizer *t, struct aw_str html);

/* False at the end. A tag that the input breaks off is dropped, as browsers
 * do. */
bool aw_tokenizer_next(struct aw_tokenizer *t, struct aw_token *token);

bool aw_token_has(const struct aw_token *token, enum aw_attr_id id);

/* The value as written (references not undone), or the empty view. Of several
 * attributes of one name the first counts. */
struct aw_str aw_token_attr(const struct aw_token *token, enum aw_attr_id id);

#endif
