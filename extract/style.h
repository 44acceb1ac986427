/* style.h - the declarations of CSS that decide whether a text is seen.
 *
 * A style holds the value of each property that was declared, as a number:
 * hundredths of a pixel for lengths (length.h), a colour (colour.h), or a
 * flag. Others are passed over. Later declarations overrule earlier ones, and
 * important ones those that are not.
 */
#ifndef AW_EXTRACT_STYLE_H
#define AW_EXTRACT_STYLE_H

#include "base/str.h"

enum aw_css {
    AW_CSS_DISPLAY,    /* 1: none */
    AW_CSS_VISIBILITY, /* 1: hidden */
    AW_CSS_OPACITY,    /* percent */
    AW_CSS_FONT_SIZE,  /* aw_length_font */
    AW_CSS_COLOUR,
    AW_CSS_GROUND,      /* the background's colour */
    AW_CSS_IMAGE,       /* 1: the background has one */
    AW_CSS_GROUND_CLIP, /* 1: the background shows through the text */
    AW_CSS_SHADOW,      /* 1: the text has one */
    AW_CSS_POSITION,    /* 1: absolute or fixed */
    AW_CSS_LEFT,
    AW_CSS_RIGHT,
    AW_CSS_TOP,
    AW_CSS_BOTTOM,
    AW_CSS_INDENT,
    AW_CSS_MARGIN_LEFT,
    AW_CSS_MARGIN_TOP,
    AW_CSS_WIDTH,
    AW_CSS_HEIGHT,
    AW_CSS_MAX_WIDTH,
    AW_CSS_MAX_HEIGHT,
    AW_CSS_OVERFLOW,  /* 1: what is outside is not shown */
    AW_CSS_CLIP,      /* 1: to nothing */
    AW_CSS_CLIP_PATH, /* 1: to nothing */
    AW_CSS_SCALE,     /* 1: to nothing */
    AW_CSS_SHIFT,     /* 1: out of the page */
    AW_CSS_COUNT
};

struct aw_style {
    uint32_t set;       /* bit 1 << property */
    uint32_t important; /* of those */
    int32_t values[AW_CSS_COUNT];
};

/* Adds the declarations of a style attribute or of a rule's block to style,
 * which begins zeroed. */
void aw_style_declare(struct aw_style *style, struct aw_str declarations);

/* Sets one property, as a plain declaration does. */
void aw_style_set(struct aw_style *style, enum aw_css property, int32_t value);

/* Puts a style of higher precedence over another. */
void aw_style_over(struct aw_style *style, const struct aw_style *above);

static inline bool aw_style_has(const struct aw_style *style,
                                enum aw_css property)
{
    return (style->set >> property & 1) != 0;
}

#endif
