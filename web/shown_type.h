/* shown_type.h - as what an archived body is sent to a browser: never in the
 * words of its server.
 */
#ifndef AW_WEB_SHOWN_TYPE_H
#define AW_WEB_SHOWN_TYPE_H

#include "base/str.h"

/* The type of an image or a font that browsers show: by the first bytes or,
 * where there is a coding that browsers undo (gzip, deflate, br), by what is
 * declared. NULL: it is none. */
const char *aw_shown_type(struct aw_str body, struct aw_str declared,
                          struct aw_str coding);
bool aw_shown_is_font(const char *type);

/* What is shown as text, by what is declared. Where nothing is, it is HTML:
 * the crawler takes it for that. */
enum aw_shown_text {
    AW_SHOWN_NONE, /* image, font, sound ... */
    AW_SHOWN_HTML,
    AW_SHOWN_CSS,
    AW_SHOWN_SVG,
    AW_SHOWN_PLAIN /* any other */
};
enum aw_shown_text aw_shown_text(struct aw_str declared);

#endif
