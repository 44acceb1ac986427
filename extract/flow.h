/* flow.h - text on its way into blocks.
 *
 * A page's reader hands over pieces of text as they come; at the end of each
 * block-level element the flow makes a block of them. White space collapses
 * as in CSS, a line break stays "\n", and inline elements leave no trace, so
 * that a claim cut up by markup is whole again.
 *
 * What is seen and what is hidden go into two texts at once: hidden filler
 * between the characters of a claim ends up in a block of its own, and the
 * claim reads as a visitor reads it.
 *
 * What a script writes into the page is in no block of the page's own: a
 * block with it is made twice, once as the bytes have it and once, of the kind
 * script, as a visitor sees it.
 *
 * Failures stick: after the first one nothing more happens, and
 * aw_flow_check tells. Blocks over the document's limit are left out without
 * a word.
 */
#ifndef AW_EXTRACT_FLOW_H
#define AW_EXTRACT_FLOW_H

#include "base/buf.h"
#include "base/document.h"

#define AW_FLOW_TEXT_MAX ((size_t)64 << 20) /* one block, bytes */
#define AW_FLOW_ASIDES_MAX 64               /* until they are written out */

enum aw_flow_flag {
    AW_FLOW_LINK = 1 << 0,
    AW_FLOW_HEADING = 1 << 1,
    AW_FLOW_PRE = 1 << 2 /* white space counts */
};

/* How a piece of text stands. */
struct aw_how {
    unsigned flags;        /* of aw_flow_flag */
    enum aw_hidden hidden; /* why it is not seen */
    uint16_t font_px;      /* where it is stated, else 0 */
};

struct aw_flow_run {
    struct aw_buf text;
    bool space;    /* one is due before the next character */
    bool linked;   /* holds text of a link */
    bool unlinked; /* holds words that are no link */
    bool heading;
    bool written;          /* holds text that a script wrote */
    bool after_link;       /* its last text is a link's */
    enum aw_hidden hidden; /* of its first words, as is font_px */
    uint16_t font_px;
};

/* What is seen, what is hidden, and, where a script wrote into the block, what
 * is seen with it. */
enum { AW_FLOW_SEEN, AW_FLOW_HIDDEN, AW_FLOW_WRITTEN, AW_FLOW_RUNS };

struct aw_flow_aside {
    enum aw_block_kind kind;
    struct aw_how how;
    size_t end; /* in asides_text; it begins where the last one ended */
};

struct aw_flow {
    struct aw_document *doc;
    struct aw_err *err;
    aw_rc rc;
    struct aw_flow_run runs[AW_FLOW_RUNS];
    bool written; /* by a script: what comes now */
    bool mixed;   /* the block holds what a script wrote */
    struct aw_buf asides_text;
    struct aw_flow_aside asides[AW_FLOW_ASIDES_MAX];
    size_t aside_count;
};

/* doc and err stay the caller's and must outlive the flow. */
void aw_flow_init(struct aw_flow *flow, struct aw_document *doc,
                  struct aw_err *err);
void aw_flow_deinit(struct aw_flow *flow);

/* Text with its character references. */
void aw_flow_text(struct aw_flow *flow, struct aw_how how, struct aw_str text);

/* <br>: a line break inside the block. */
void aw_flow_line(struct aw_flow *flow, struct aw_how how);

/* A link begins: where the text before it is another link's, a space keeps
 * the two apart, as their boxes do on the screen. */
void aw_flow_gap(struct aw_flow *flow);

/* A text beside the flow (an attribute, a meta tag): its own block, put
 * behind the block that is being made. References must be undone. */
void aw_flow_aside(struct aw_flow *flow, enum aw_block_kind kind,
                   struct aw_how how, struct aw_str text);

/* Ends the block. */
void aw_flow_end(struct aw_flow *flow);

aw_rc aw_flow_check(const struct aw_flow *flow) AW_MUST_USE;

/* Appends text with white space collapsed and trimmed. */
void aw_flow_collapse(struct aw_buf *out, struct aw_str text);

#endif
