#include "extract/style.h"

#include "extract/colour.h"
#include "extract/length.h"

#define FAR 90000 /* hundredths of a pixel: out of any screen */

/* One declaration that is being read. */
struct declaration {
    struct aw_style *style;
    bool important;
    enum aw_css property; /* of the table's row */
};

static void put(const struct declaration *d, enum aw_css property,
                int32_t value)
{
    uint32_t bit = 1u << property;

    if (d->style->important & bit && !d->important)
        return;
    d->style->set |= bit;
    if (d->important)
        d->style->important |= bit;
    d->style->values[property] = value;
}

void aw_style_set(struct aw_style *style, enum aw_css property, int32_t value)
{
    put(&(struct declaration){style, false, property}, property, value);
}

void aw_style_over(struct aw_style *style, const struct aw_style *above)
{
    for (uint32_t left = above->set; left != 0; left &= left - 1) {
        int property = __builtin_ctz(left);
        struct declaration d = {style, (above->important >> property & 1) != 0,
                                (enum aw_css)property};

        put(&d, d.property, above->values[property]);
    }
}

/* --- values --- */

static bool is(struct aw_str value, const char *word)
{
    return aw_str_eq_nocase(value, aw_str_of(word));
}

static bool holds(struct aw_str value, const char *word)
{
    return aw_str_find_nocase(value, aw_str_of(word)) >= 0;
}

static bool take_word(struct aw_str *rest, struct aw_str *word)
{
    size_t n = 0;

    *rest = aw_str_trim(*rest);
    while (n < rest->len && !aw_ascii_space(rest->ptr[n]))
        n++;
    *word = aw_str_sub(*rest, 0, n);
    *rest = aw_str_sub(*rest, n, rest->len);
    return n > 0;
}

static void put_display(const struct declaration *d, struct aw_str value)
{
    put(d, AW_CSS_DISPLAY, is(value, "none"));
}

static void put_visibility(const struct declaration *d, struct aw_str value)
{
    put(d, AW_CSS_VISIBILITY, is(value, "hidden") || is(value, "collapse"));
}

/* "0.5", "50%". */
static void put_opacity(const struct declaration *d, struct aw_str value)
{
    struct aw_number number;

    if (aw_number_take(&value, &number))
        put(d, AW_CSS_OPACITY,
            number.unit.len > 0 ? number.hundredths / 100 : number.hundredths);
}

/* "opacity(0)", and of old browsers "alpha(opacity=0)", in percent. */
static void put_filter(const struct declaration *d, struct aw_str value)
{
    ptrdiff_t at = aw_str_find_nocase(value, AW_STR("opacity"));
    struct aw_number number;
    bool old;

    if (at < 0)
        return;
    value = aw_str_trim(aw_str_sub(value, (size_t)at + 7, value.len));
    old = aw_str_starts(value, AW_STR("="));
    value = aw_str_trim(aw_str_sub(value, 1, value.len));
    if (aw_number_take(&value, &number))
        put(d, AW_CSS_OPACITY,
            old || number.unit.len > 0 ? number.hundredths / 100
                                       : number.hundredths);
}

static void put_font_size(const struct declaration *d, struct aw_str value)
{
    int32_t size = aw_length_font(value);

    if (size != AW_LENGTH_NONE)
        put(d, AW_CSS_FONT_SIZE, size);
}

/* "bold 12px/1.5 SimSun": the first that is a size; a weight of digits is
 * none. */
static void put_font(const struct declaration *d, struct aw_str value)
{
    struct aw_str word = {0};

    while (take_word(&value, &word)) {
        struct aw_str size = {0};
        int32_t weight;

        (void)aw_str_split(&word, '/', &size);
        weight = aw_length_parse(size);
        if (aw_length_font(size) == AW_LENGTH_NONE ||
            (size.len == 3 && weight >= 10000 && weight % 10000 == 0))
            continue;
        put_font_size(d, size);
        return;
    }
}

static void put_colour(const struct declaration *d, struct aw_str value)
{
    if (!is(value, "inherit") && !is(value, "currentcolor"))
        put(d, d->property, aw_colour_parse(value));
}

static bool is_image(struct aw_str value)
{
    return holds(value, "url(") || holds(value, "gradient(") ||
           holds(value, "image");
}

static void put_image(const struct declaration *d, struct aw_str value)
{
    put(d, AW_CSS_IMAGE, is_image(value));
}

/* Of the shorthand the first word that is a colour. What is neither a colour
 * nor an image ("none", "no-repeat") leaves it clear. */
static void put_ground(const struct declaration *d, struct aw_str value)
{
    int32_t colour = aw_colour_parse(value);
    struct aw_str word = {0};
    bool image = is_image(value);

    while (colour == AW_COLOUR_UNKNOWN && take_word(&value, &word))
        colour = aw_colour_parse(word);
    if (colour == AW_COLOUR_UNKNOWN && !holds(word, "("))
        colour = AW_COLOUR_CLEAR;
    put(d, AW_CSS_GROUND, colour);
    put(d, AW_CSS_IMAGE, image);
}

static void put_ground_clip(const struct declaration *d, struct aw_str value)
{
    put(d, AW_CSS_GROUND_CLIP, is(value, "text"));
}

static void put_shadow(const struct declaration *d, struct aw_str value)
{
    put(d, AW_CSS_SHADOW, !is(value, "none"));
}

static void put_position(const struct declaration *d, struct aw_str value)
{
    put(d, AW_CSS_POSITION, is(value, "absolute") || is(value, "fixed"));
}

static void put_length(const struct declaration *d, struct aw_str value)
{
    put(d, d->property, aw_length_parse(value));
}

/* Top, right, bottom, left, of which some may be left out. */
static void put_margin(const struct declaration *d, struct aw_str value)
{
    static const size_t left_of[] = {0, 0, 1, 1, 3};
    int32_t sides[4];
    size_t count = 0;
    struct aw_str word;

    while (count < 4 && take_word(&value, &word))
        sides[count++] = aw_length_parse(word);
    if (count == 0)
        return;
    put(d, AW_CSS_MARGIN_TOP, sides[0]);
    put(d, AW_CSS_MARGIN_LEFT, sides[left_of[count]]);
}

static void put_overflow(const struct declaration *d, struct aw_str value)
{
    put(d, AW_CSS_OVERFLOW, holds(value, "hidden") || holds(value, "clip"));
}

/* The numbers of "name(1px, 2px)", up to `most`; auto is AW_LENGTH_NONE. */
static size_t read_args(struct aw_str value, int32_t *out, size_t most)
{
    struct aw_str name = {0};
    size_t count = 0;

    if (!aw_str_split(&value, '(', &name))
        return 0;
    while (count < most && value.len > 0 && value.ptr[0] != ')') {
        size_t n = 0;

        while (n < value.len && value.ptr[n] != ',' && value.ptr[n] != ')' &&
               !aw_ascii_space(value.ptr[n]))
            n++;
        if (n > 0)
            out[count++] = aw_length_parse(aw_str_sub(value, 0, n));
        while (n < value.len &&
               (value.ptr[n] == ',' || aw_ascii_space(value.ptr[n])))
            n++;
        value = aw_str_sub(value, n, value.len);
    }
    return count;
}

/* "rect(top, right, bottom, left)": a pixel or less is nothing. */
static void put_clip(const struct declaration *d, struct aw_str value)
{
    int32_t side[4];
    bool empty = read_args(value, side, 4) == 4;

    for (size_t i = 0; empty && i < 4; i++)
        empty = side[i] != AW_LENGTH_NONE;
    put(d, AW_CSS_CLIP,
        empty && (side[2] - side[0] <= 100 || side[1] - side[3] <= 100));
}

/* "inset(50%)", "circle(0)", "polygon(0 0, 0 0, 0 0)". */
static void put_clip_path(const struct declaration *d, struct aw_str value)
{
    int32_t args[8];
    size_t count = read_args(value, args, 8);
    bool empty = count > 0;

    if (aw_str_starts_nocase(value, AW_STR("inset("))) {
        empty = empty && args[0] >= 50000;
    } else if (aw_str_starts_nocase(value, AW_STR("polygon("))) {
        for (size_t i = 0; i < count; i++)
            empty = empty && args[i] == 0;
    } else {
        empty = empty && args[0] == 0 &&
                aw_str_starts_nocase(value, AW_STR("circle("));
    }
    put(d, AW_CSS_CLIP_PATH, empty);
}

static bool is_far(int32_t length)
{
    return length != AW_LENGTH_NONE && (length <= -FAR || length >= 5 * FAR);
}

static struct aw_str behind(struct aw_str value, const char *word)
{
    ptrdiff_t at = aw_str_find_nocase(value, aw_str_of(word));

    return aw_str_sub(value, at < 0 ? value.len : (size_t)at, value.len);
}

/* "scale(0)", "translateX(-9999px)"; a share moves by the box's own size. */
static void put_transform(const struct declaration *d, struct aw_str value)
{
    int32_t args[2];
    size_t count = read_args(behind(value, "scale"), args, 2);
    bool scaled = count > 0 && (args[0] == 0 || (count > 1 && args[1] == 0));
    bool shifted = false;

    value = behind(value, "translate");
    count = read_args(value, args, 2);
    for (size_t i = 0; i < count && !holds(value, "%"); i++)
        shifted = shifted || is_far(args[i]);
    put(d, AW_CSS_SCALE, scaled);
    put(d, AW_CSS_SHIFT, shifted);
}

/* --- declarations --- */

typedef void put_fn(const struct declaration *d, struct aw_str value);

static const struct {
    struct aw_str name;
    put_fn *put;
    enum aw_css property;
} properties[] = {
    {AW_STR("display"), put_display, AW_CSS_DISPLAY},
    {AW_STR("visibility"), put_visibility, AW_CSS_VISIBILITY},
    {AW_STR("opacity"), put_opacity, AW_CSS_OPACITY},
    {AW_STR("filter"), put_filter, AW_CSS_OPACITY},
    {AW_STR("font-size"), put_font_size, AW_CSS_FONT_SIZE},
    {AW_STR("font"), put_font, AW_CSS_FONT_SIZE},
    {AW_STR("color"), put_colour, AW_CSS_COLOUR},
    {AW_STR("-webkit-text-fill-color"), put_colour, AW_CSS_COLOUR},
    {AW_STR("background"), put_ground, AW_CSS_GROUND},
    {AW_STR("background-color"), put_colour, AW_CSS_GROUND},
    {AW_STR("background-image"), put_image, AW_CSS_IMAGE},
    {AW_STR("background-clip"), put_ground_clip, AW_CSS_GROUND_CLIP},
    {AW_STR("-webkit-background-clip"), put_ground_clip, AW_CSS_GROUND_CLIP},
    {AW_STR("text-shadow"), put_shadow, AW_CSS_SHADOW},
    {AW_STR("position"), put_position, AW_CSS_POSITION},
    {AW_STR("left"), put_length, AW_CSS_LEFT},
    {AW_STR("right"), put_length, AW_CSS_RIGHT},
    {AW_STR("top"), put_length, AW_CSS_TOP},
    {AW_STR("bottom"), put_length, AW_CSS_BOTTOM},
    {AW_STR("text-indent"), put_length, AW_CSS_INDENT},
    {AW_STR("margin"), put_margin, AW_CSS_MARGIN_LEFT},
    {AW_STR("margin-left"), put_length, AW_CSS_MARGIN_LEFT},
    {AW_STR("margin-top"), put_length, AW_CSS_MARGIN_TOP},
    {AW_STR("width"), put_length, AW_CSS_WIDTH},
    {AW_STR("height"), put_length, AW_CSS_HEIGHT},
    {AW_STR("max-width"), put_length, AW_CSS_MAX_WIDTH},
    {AW_STR("max-height"), put_length, AW_CSS_MAX_HEIGHT},
    {AW_STR("overflow"), put_overflow, AW_CSS_OVERFLOW},
    {AW_STR("overflow-x"), put_overflow, AW_CSS_OVERFLOW},
    {AW_STR("overflow-y"), put_overflow, AW_CSS_OVERFLOW},
    {AW_STR("clip"), put_clip, AW_CSS_CLIP},
    {AW_STR("clip-path"), put_clip_path, AW_CSS_CLIP_PATH},
    {AW_STR("-webkit-clip-path"), put_clip_path, AW_CSS_CLIP_PATH},
    {AW_STR("transform"), put_transform, AW_CSS_SHIFT},
    {AW_STR("-webkit-transform"), put_transform, AW_CSS_SHIFT},
};

static bool is_important(struct aw_str *value)
{
    ptrdiff_t bang = aw_str_find(*value, AW_STR("!"));
    struct aw_str rest;

    if (bang < 0)
        return false;
    rest = aw_str_trim(aw_str_sub(*value, (size_t)bang + 1, value->len));
    *value = aw_str_trim(aw_str_sub(*value, 0, (size_t)bang));
    return aw_str_eq_nocase(rest, AW_STR("important"));
}

static void declare(struct aw_style *style, struct aw_str name,
                    struct aw_str value)
{
    for (size_t i = 0; i < sizeof properties / sizeof properties[0]; i++) {
        struct declaration d = {.style = style,
                                .property = properties[i].property};

        if (name.len != properties[i].name.len ||
            !aw_str_eq_nocase(name, properties[i].name))
            continue;
        d.important = is_important(&value);
        if (value.len > 0)
            properties[i].put(&d, value);
        return;
    }
}

void aw_style_declare(struct aw_style *style, struct aw_str declarations)
{
    struct aw_str part;

    while (aw_str_split(&declarations, ';', &part)) {
        struct aw_str value = part;
        struct aw_str name;

        if (aw_str_split(&value, ':', &name))
            declare(style, aw_str_trim(name), aw_str_trim(value));
    }
}
