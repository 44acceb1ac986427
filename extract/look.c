#include "extract/look.h"

#include "extract/colour.h"
#include "extract/length.h"

/* In hundredths of a pixel. */
#define FONT_UNSEEN 100 /* of that size or less */
#define BOX_UNSEEN 100
#define FAR 90000
#define FAR_MARGIN 200000 /* half a wide banner is pulled left by less */
#define FONT_MAX 6500000

#define OPACITY_UNSEEN 5 /* percent: less is */

struct aw_look aw_look_root(bool linked)
{
    return (struct aw_look){.font = AW_LENGTH_EM,
                            .colour = linked ? AW_COLOUR_UNKNOWN : 0,
                            .ground = linked ? AW_COLOUR_UNKNOWN : 0xFFFFFF};
}

static bool is_on(const struct aw_style *style, enum aw_css property)
{
    return aw_style_has(style, property) && style->values[property] != 0;
}

static bool is_length(const struct aw_style *style, enum aw_css property)
{
    return aw_style_has(style, property) &&
           style->values[property] != AW_LENGTH_NONE;
}

static bool is_at_most(const struct aw_style *style, enum aw_css property,
                       int32_t most)
{
    return is_length(style, property) && style->values[property] <= most;
}

static bool is_at_least(const struct aw_style *style, enum aw_css property,
                        int32_t least)
{
    return is_length(style, property) && style->values[property] >= least;
}

static bool has_no_size(const struct aw_style *style)
{
    return is_on(style, AW_CSS_SCALE) ||
           (is_on(style, AW_CSS_OVERFLOW) &&
            (is_at_most(style, AW_CSS_WIDTH, BOX_UNSEEN) ||
             is_at_most(style, AW_CSS_HEIGHT, BOX_UNSEEN) ||
             is_at_most(style, AW_CSS_MAX_WIDTH, BOX_UNSEEN) ||
             is_at_most(style, AW_CSS_MAX_HEIGHT, BOX_UNSEEN)));
}

/* Without position, left and top move nothing; but what is set to -9999px is
 * meant. */
static bool is_off_screen(const struct aw_style *style)
{
    return is_on(style, AW_CSS_SHIFT) ||
           is_at_most(style, AW_CSS_LEFT, -FAR) ||
           is_at_most(style, AW_CSS_TOP, -FAR) ||
           is_at_most(style, AW_CSS_RIGHT, -FAR) ||
           is_at_most(style, AW_CSS_BOTTOM, -FAR) ||
           is_at_most(style, AW_CSS_INDENT, -FAR) ||
           is_at_least(style, AW_CSS_LEFT, 5 * FAR) ||
           is_at_least(style, AW_CSS_INDENT, 5 * FAR) ||
           is_at_most(style, AW_CSS_MARGIN_LEFT, -FAR_MARGIN) ||
           is_at_most(style, AW_CSS_MARGIN_TOP, -FAR_MARGIN);
}

static bool is_clipped(const struct aw_style *style)
{
    return is_on(style, AW_CSS_CLIP_PATH) ||
           (is_on(style, AW_CSS_CLIP) && is_on(style, AW_CSS_POSITION));
}

static enum aw_hidden why_box(const struct aw_style *style)
{
    if (is_on(style, AW_CSS_DISPLAY))
        return AW_HIDDEN_DISPLAY;
    if (aw_style_has(style, AW_CSS_OPACITY) &&
        style->values[AW_CSS_OPACITY] < OPACITY_UNSEEN)
        return AW_HIDDEN_OPACITY;
    if (is_clipped(style))
        return AW_HIDDEN_CLIP;
    if (is_off_screen(style))
        return AW_HIDDEN_OFFSCREEN;
    return has_no_size(style) ? AW_HIDDEN_SIZE : AW_HIDDEN_NONE;
}

static int32_t font_of(const struct aw_look *parent, int32_t stated)
{
    int64_t size = stated;

    if (stated < 0)
        size = -(int64_t)stated * parent->font / 10000;
    return (int32_t)(size > FONT_MAX ? FONT_MAX : size);
}

static int32_t ground_of(const struct aw_look *parent,
                         const struct aw_style *style)
{
    if (is_on(style, AW_CSS_IMAGE))
        return AW_COLOUR_UNKNOWN;
    if (aw_style_has(style, AW_CSS_GROUND) &&
        style->values[AW_CSS_GROUND] != AW_COLOUR_CLEAR)
        return style->values[AW_CSS_GROUND];
    return is_on(style, AW_CSS_POSITION) ? AW_COLOUR_UNKNOWN : parent->ground;
}

struct aw_look aw_look_inside(const struct aw_look *parent,
                              const struct aw_style *style)
{
    struct aw_look look = *parent;

    if (style->set == 0)
        return look;
    if (look.box == AW_HIDDEN_NONE)
        look.box = why_box(style);
    if (aw_style_has(style, AW_CSS_VISIBILITY))
        look.invisible = style->values[AW_CSS_VISIBILITY] != 0;
    if (aw_style_has(style, AW_CSS_FONT_SIZE)) {
        look.font = font_of(parent, style->values[AW_CSS_FONT_SIZE]);
        look.sized = true;
    }
    if (aw_style_has(style, AW_CSS_COLOUR))
        look.colour = style->values[AW_CSS_COLOUR];
    if (aw_style_has(style, AW_CSS_SHADOW))
        look.shadowed = is_on(style, AW_CSS_SHADOW);
    look.shadowed = look.shadowed || is_on(style, AW_CSS_GROUND_CLIP);
    look.ground = ground_of(parent, style);
    return look;
}

static bool has_grounds_colour(const struct aw_look *look)
{
    return !look->shadowed && (look->colour == AW_COLOUR_CLEAR ||
                               aw_colour_near(look->colour, look->ground));
}

enum aw_hidden aw_look_hidden(const struct aw_look *look)
{
    if (look->box != AW_HIDDEN_NONE)
        return look->box;
    if (look->invisible)
        return AW_HIDDEN_VISIBILITY;
    if (look->font <= FONT_UNSEEN)
        return AW_HIDDEN_SIZE;
    return has_grounds_colour(look) ? AW_HIDDEN_COLOUR : AW_HIDDEN_NONE;
}

uint16_t aw_look_font_px(const struct aw_look *look)
{
    return look->sized ? (uint16_t)((look->font + 50) / 100) : 0;
}
