/* replay_private.h - what replay.c and replay_css.c share. */
#ifndef AW_EXTRACT_REPLAY_PRIVATE_H
#define AW_EXTRACT_REPLAY_PRIVATE_H

#include "extract/link.h"
#include "extract/replay.h"

#define AW_REPLAY_VALUE_MAX ((size_t)1 << 20) /* bytes of one attribute */

struct aw_replay {
    const struct aw_replay_from *from;
    struct aw_linker *linker;
    struct aw_buf *out;
    size_t end; /* out may not become longer */
};

aw_rc aw_replay_begin(struct aw_replay *r, const struct aw_replay_from *from,
                      size_t bytes, struct aw_buf *out,
                      struct aw_err *err) AW_MUST_USE;
aw_rc aw_replay_end(struct aw_replay *r, struct aw_err *err) AW_MUST_USE;

/* Is out full? Asked between two pieces of which each is small. */
bool aw_replay_is_full(const struct aw_replay *r);

/* Appends to `to` what the reference (without HTML's or CSS's escapes) is
 * named by: a segment, or "#..." and "data:image/..." as they stand. False
 * where it is nothing that a page loads. */
bool aw_replay_put_reference(struct aw_replay *r, struct aw_str reference,
                             struct aw_buf *to);

/* Appends the style sheet to `to`. What might begin or end a tag is escaped
 * where it stands in HTML. *cut: to became too long. */
void aw_replay_put_css(struct aw_replay *r, struct aw_str css, bool in_html,
                       struct aw_buf *to, bool *cut);

#endif
