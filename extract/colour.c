#include "extract/colour.h"

#include <stdlib.h>

#include "extract/length.h"

#define DIGITS_MAX 8
#define ALPHA_MIN 5 /* percent: below it is as good as clear */

static const struct {
    struct aw_str name;
    int32_t value;
} names[] = {
    {AW_STR("white"), 0xFFFFFF},      {AW_STR("black"), 0x000000},
    {AW_STR("red"), 0xFF0000},        {AW_STR("transparent"), AW_COLOUR_CLEAR},
    {AW_STR("blue"), 0x0000FF},       {AW_STR("gray"), 0x808080},
    {AW_STR("grey"), 0x808080},       {AW_STR("green"), 0x008000},
    {AW_STR("yellow"), 0xFFFF00},     {AW_STR("orange"), 0xFFA500},
    {AW_STR("silver"), 0xC0C0C0},     {AW_STR("maroon"), 0x800000},
    {AW_STR("navy"), 0x000080},       {AW_STR("purple"), 0x800080},
    {AW_STR("teal"), 0x008080},       {AW_STR("lime"), 0x00FF00},
    {AW_STR("aqua"), 0x00FFFF},       {AW_STR("cyan"), 0x00FFFF},
    {AW_STR("fuchsia"), 0xFF00FF},    {AW_STR("magenta"), 0xFF00FF},
    {AW_STR("olive"), 0x808000},      {AW_STR("gold"), 0xFFD700},
    {AW_STR("pink"), 0xFFC0CB},       {AW_STR("brown"), 0xA52A2A},
    {AW_STR("crimson"), 0xDC143C},    {AW_STR("tomato"), 0xFF6347},
    {AW_STR("snow"), 0xFFFAFA},       {AW_STR("ivory"), 0xFFFFF0},
    {AW_STR("beige"), 0xF5F5DC},      {AW_STR("whitesmoke"), 0xF5F5F5},
    {AW_STR("ghostwhite"), 0xF8F8FF}, {AW_STR("lightgray"), 0xD3D3D3},
    {AW_STR("lightgrey"), 0xD3D3D3},  {AW_STR("darkgray"), 0xA9A9A9},
    {AW_STR("dimgray"), 0x696969},    {AW_STR("darkred"), 0x8B0000},
};

static int32_t by_name(struct aw_str text)
{
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (aw_str_eq_nocase(text, names[i].name))
            return names[i].value;
    return AW_COLOUR_UNKNOWN;
}

/* Three, four, six or eight digits; the short forms double each. */
static int32_t by_digits(struct aw_str text)
{
    size_t width = text.len > 4 ? 2 : 1;
    size_t parts = text.len / width;
    int32_t value = 0;
    int alpha = 255;

    if (parts < 3 || parts > 4 || text.len != parts * width)
        return AW_COLOUR_UNKNOWN;
    for (size_t i = 0; i < parts; i++) {
        int high = aw_hex_value(text.ptr[i * width]);
        int low = aw_hex_value(text.ptr[i * width + width - 1]);

        if (high < 0 || low < 0)
            return AW_COLOUR_UNKNOWN;
        if (i < 3)
            value = value * 256 + high * 16 + low;
        else
            alpha = high * 16 + low;
    }
    return alpha * 100 < ALPHA_MIN * 255 ? AW_COLOUR_CLEAR : value;
}

static bool is_between(char c)
{
    return aw_ascii_space(c) || c == ',' || c == '/';
}

/* A channel of 0 to 255, or alpha in percent. */
static bool take_part(struct aw_str *rest, bool alpha, int32_t *out)
{
    struct aw_number number;

    while (rest->len > 0 && is_between(rest->ptr[0]))
        *rest = aw_str_sub(*rest, 1, rest->len);
    if (!aw_number_take(rest, &number))
        return false;
    *out = number.hundredths < 1000000 ? number.hundredths : 1000000;
    if (aw_str_starts(number.unit, AW_STR("%")))
        *out = alpha ? *out : *out * 255 / 100;
    else if (alpha)
        *out *= 100;
    *out /= 100;
    if (*out > 255)
        *out = 255;
    return *out >= 0;
}

static int32_t by_function(struct aw_str text)
{
    int32_t part[4] = {0, 0, 0, 100};
    size_t count = 0;
    struct aw_str name = {0};

    if (!aw_str_split(&text, '(', &name) ||
        (!aw_str_eq_nocase(name, AW_STR("rgb")) &&
         !aw_str_eq_nocase(name, AW_STR("rgba"))))
        return AW_COLOUR_UNKNOWN;
    while (count < 4 && take_part(&text, count == 3, &part[count]))
        count++;
    if (count < 3)
        return AW_COLOUR_UNKNOWN;
    if (part[3] < ALPHA_MIN)
        return AW_COLOUR_CLEAR;
    return part[0] * 65536 + part[1] * 256 + part[2];
}

int32_t aw_colour_parse(struct aw_str text)
{
    text = aw_str_trim(text);
    if (aw_str_starts(text, AW_STR("#")))
        return by_digits(aw_str_sub(text, 1, text.len));
    if (aw_str_find(text, AW_STR("(")) > 0)
        return by_function(text);
    return by_name(text);
}

int32_t aw_colour_parse_attr(struct aw_str text)
{
    int32_t value = aw_colour_parse(text);

    if (value == AW_COLOUR_UNKNOWN && aw_str_trim(text).len == 6)
        return by_digits(aw_str_trim(text));
    return value;
}

bool aw_colour_near(int32_t a, int32_t b)
{
    if (a > 0xFFFFFF || b > 0xFFFFFF)
        return false;
    for (int shift = 0; shift < 24; shift += 8)
        if (abs((a >> shift & 255) - (b >> shift & 255)) > AW_COLOUR_NEAR)
            return false;
    return true;
}
