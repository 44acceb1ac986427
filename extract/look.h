/* look.h - how an element looks, as far as it decides whether its text is seen
 * and in what size.
 *
 * A look is made of the parent's look and the element's own style. What hides
 * a whole box (display, opacity, size, off-screen, clip) holds for all inside
 * it; visibility, font size and colours are inherited and may be taken back.
 *
 * A text has the colour of its background where both are stated by the page,
 * or where nothing else can state them: a page that links to a style sheet may
 * have its default colours from there, and they count as not known. So does
 * the background below an image and below a box that is placed elsewhere.
 */
#ifndef AW_EXTRACT_LOOK_H
#define AW_EXTRACT_LOOK_H

#include "base/document.h"
#include "extract/style.h"

struct aw_look {
    enum aw_hidden box; /* why the box is not seen, or NONE */
    bool invisible;
    bool shadowed;  /* its text is drawn by a shadow or the background */
    bool sized;     /* the page states the font's size */
    int32_t font;   /* hundredths of a pixel */
    int32_t colour; /* colour.h */
    int32_t ground;
};

/* The look of the page. linked: it links to a style sheet. */
struct aw_look aw_look_root(bool linked);

/* An element of this style inside a parent. */
struct aw_look aw_look_inside(const struct aw_look *parent,
                              const struct aw_style *style);

/* Why text in it is not seen, or NONE. */
enum aw_hidden aw_look_hidden(const struct aw_look *look);

/* The stated size of its font, or 0. */
uint16_t aw_look_font_px(const struct aw_look *look);

#endif
