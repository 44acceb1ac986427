#include "extract/hint.h"

#include "extract/colour.h"

#define FONT_BASE 3 /* the size that "+1" adds to */
#define FONT_SIZES 7

/* "5", "+1", "-2": in hundredths of a pixel; 0 where it is no number. */
static int32_t font_size(struct aw_str text)
{
    static const int32_t sizes[FONT_SIZES] = {1000, 1300, 1600, 1800,
                                              2400, 3200, 4800};
    bool minus;
    bool plus;
    int64_t size;

    text = aw_str_trim(text);
    minus = aw_str_starts(text, AW_STR("-"));
    plus = aw_str_starts(text, AW_STR("+"));
    if (!aw_str_to_int(aw_str_sub(text, minus || plus ? 1 : 0, 4), &size))
        return 0;
    if (minus || plus)
        size = FONT_BASE + (minus ? -size : size);
    if (size < 1)
        size = 1;
    return sizes[(size > FONT_SIZES ? FONT_SIZES : size) - 1];
}

static void set_colour(struct aw_style *style, enum aw_css property,
                       const struct aw_token *token, enum aw_attr_id id)
{
    if (aw_token_has(token, id))
        aw_style_set(style, property,
                     aw_colour_parse_attr(aw_token_attr(token, id)));
}

void aw_hint_style(struct aw_style *style, const struct aw_token *token)
{
    const uint32_t all = 1u << AW_ATTR_BGCOLOR | 1u << AW_ATTR_BACKGROUND |
                         1u << AW_ATTR_COLOR | 1u << AW_ATTR_SIZE |
                         1u << AW_ATTR_TEXT;

    if ((token->has & all) == 0)
        return;
    set_colour(style, AW_CSS_GROUND, token, AW_ATTR_BGCOLOR);
    if (aw_token_has(token, AW_ATTR_BACKGROUND))
        aw_style_set(style, AW_CSS_IMAGE, 1);
    if (token->tag->id == AW_TAG_ROOT)
        set_colour(style, AW_CSS_COLOUR, token, AW_ATTR_TEXT);
    if (token->tag->id != AW_TAG_FONT)
        return;
    set_colour(style, AW_CSS_COLOUR, token, AW_ATTR_COLOR);
    if (font_size(aw_token_attr(token, AW_ATTR_SIZE)) > 0)
        aw_style_set(style, AW_CSS_FONT_SIZE,
                     font_size(aw_token_attr(token, AW_ATTR_SIZE)));
}
