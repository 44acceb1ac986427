/* hint.h - what the attributes of old pages say of looks: <font color size>,
 * bgcolor, background, <body text>. (HTML Living Standard, 15.3)
 */
#ifndef AW_EXTRACT_HINT_H
#define AW_EXTRACT_HINT_H

#include "extract/style.h"
#include "extract/token.h"

/* Sets in style, which has the lowest precedence, what the tag says. */
void aw_hint_style(struct aw_style *style, const struct aw_token *token);

#endif
