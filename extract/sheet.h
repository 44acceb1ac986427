/* sheet.h - the rules of a page's style elements, and which of them an element
 * meets. (Selectors 4; CSS Cascade 4)
 *
 * Kept are rules with a property of style.h whose selector is made of tags,
 * classes, ids and "*", joined by descendant and child combinators; all others
 * (states, attributes, siblings, generated content) are passed over. Of media
 * blocks those for all and for screens count, of supports blocks all; what
 * depends on the width of a window does not.
 *
 * Specificity and order decide. A page's selectors are tried
 * AW_SHEET_TRIES_MAX times in all, so that crafted ones cost no more than
 * others; after that no rule is met any more. A wrong answer loses nothing:
 * hidden text is kept and marked.
 */
#ifndef AW_EXTRACT_SHEET_H
#define AW_EXTRACT_SHEET_H

#include "base/arena.h"
#include "extract/style.h"

#define AW_SHEET_RULES_MAX 4096 /* the first ones count */
#define AW_SHEET_PARTS_MAX 8    /* of one selector */
#define AW_SHEET_CLASSES_MAX 4  /* of one part */
#define AW_SHEET_SLOTS 1024     /* a power of two */
#define AW_SHEET_TRIES_MAX ((size_t)1 << 24)
#define AW_SHEET_ARENA_MAX ((size_t)64 << 20)
#define AW_SHEET_DEPTH_MAX 16 /* media blocks in one another */

/* An element as selectors see it; views of the page. */
struct aw_element {
    struct aw_str tag, id, classes;
};

struct aw_sheet {
    struct aw_arena arena;
    struct aw_rule *rules;
    size_t count, cap;
    uint32_t heads[AW_SHEET_SLOTS]; /* 1 + index of a chain's last rule */
    size_t tries;
};

void aw_sheet_init(struct aw_sheet *sheet);
void aw_sheet_deinit(struct aw_sheet *sheet);

/* Takes in the text of a style element, which must live as long as the
 * sheet. AW_OK or AW_NOMEM; over a limit the rest is left out. */
aw_rc aw_sheet_add(struct aw_sheet *sheet, struct aw_str css,
                   struct aw_err *err) AW_MUST_USE;

/* Puts the rules that the last of `path` meets over style, in their order;
 * the path leads to it from the root. */
void aw_sheet_style(struct aw_sheet *sheet, const struct aw_element *path,
                    size_t count, struct aw_style *style);

#endif
