/* entity.h - character references undone: "&yen;", "&#20445;", "&#x4FDD;".
 * (HTML Living Standard, 13.2.5.72 to 13.2.5.80)
 *
 * Numbers 128 to 159 mean windows-1252, as browsers have it; numbers that are
 * no character give U+FFFD.
 */
#ifndef AW_EXTRACT_ENTITY_H
#define AW_EXTRACT_ENTITY_H

#include "base/utf8.h"

/* A named reference: its code point, and AW_ENTITY_BARE where it needs no
 * semicolon. */
struct aw_entity {
    const char *name;
    uint32_t value;
};

#define AW_ENTITY_BARE 0x80000000u

/* The names that stand for one code point, sorted. The 93 of two code points,
 * all of mathematics, are left out. */
extern const struct aw_entity aw_entities[];
extern const size_t aw_entity_count;

/* Bytes that the reference at the beginning of text takes, with its code
 * point; 0 where none begins there. In an attribute's value "&copy=1" is
 * none. */
size_t aw_entity_read(struct aw_str text, bool in_attr, uint32_t *cp);

/* Appends text with its references undone; never longer than text, but for
 * "&#0" and the like, which keep their length. */
void aw_entity_decode(struct aw_buf *out, struct aw_str text, bool in_attr);

#endif
