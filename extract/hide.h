/* hide.h - does CSS hide this element?
 *
 * A first, narrow answer: display:none, visibility:hidden, opacity:0 and
 * font-size:0, inline or in a <style> rule whose selector is one tag, class
 * or id, or a tag with one of them. Rules inside @media and the cascade
 * between rules are not weighed. A wrong answer loses nothing: hidden text is
 * kept and marked.
 */
#ifndef AW_EXTRACT_HIDE_H
#define AW_EXTRACT_HIDE_H

#include "base/document.h"

#define AW_HIDE_SLOTS 1024 /* a power of two; selectors that fit in */

/* A zeroed struct is an empty set of rules. */
struct aw_hide {
    uint64_t slots[AW_HIDE_SLOTS]; /* hashes of selectors; 0: free */
    enum aw_hidden why[AW_HIDE_SLOTS];
    size_t count;
};

/* Do the declarations of a style attribute hide? */
enum aw_hidden aw_hide_style(struct aw_str declarations);

/* Takes in the rules of a style sheet that hide. */
void aw_hide_sheet(struct aw_hide *hide, struct aw_str css);

/* Does a rule hide an element? Its name may be in any case; classes
 * are separated by white space. */
enum aw_hidden aw_hide_match(const struct aw_hide *hide, struct aw_str tag,
                             struct aw_str classes, struct aw_str id);

#endif
