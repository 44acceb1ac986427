#include "extract/length.h"

static const struct {
    struct aw_str unit;
    int64_t hundredths; /* of a pixel */
} units[] = {
    {AW_STR(""), 100},    {AW_STR("px"), 100},   {AW_STR("pt"), 133},
    {AW_STR("em"), 1600}, {AW_STR("rem"), 1600}, {AW_STR("ex"), 800},
    {AW_STR("%"), 1000},  {AW_STR("vw"), 1000},  {AW_STR("vh"), 800},
    {AW_STR("in"), 9600}, {AW_STR("cm"), 3780},  {AW_STR("mm"), 378},
    {AW_STR("pc"), 1600}, {AW_STR("rpx"), 50},   {AW_STR("ch"), 800},
};

static const struct {
    struct aw_str name;
    int32_t value;
} fonts[] = {
    {AW_STR("small"), 1300},    {AW_STR("medium"), 1600},
    {AW_STR("large"), 1800},    {AW_STR("x-small"), 1000},
    {AW_STR("xx-small"), 900},  {AW_STR("x-large"), 2400},
    {AW_STR("xx-large"), 3200}, {AW_STR("smaller"), -8333},
    {AW_STR("larger"), -12000}, {AW_STR("xxx-large"), 4800},
};

static int64_t cap(int64_t value)
{
    return value > AW_LENGTH_MAX ? AW_LENGTH_MAX : value;
}

/* Digits, and up to two behind the point. */
static size_t read_digits(struct aw_str text, size_t pos, int64_t *value)
{
    size_t from = pos;
    int64_t unit = 100;
    bool point = false;

    *value = 0;
    for (; pos < text.len; pos++) {
        char c = text.ptr[pos];

        if (c == '.' && !point) {
            point = true;
        } else if (!aw_ascii_digit(c)) {
            break;
        } else if (point) {
            unit /= 10;
            *value += (c - '0') * unit;
        } else {
            *value = cap(*value * 10 + (int64_t)(c - '0') * 100);
        }
    }
    return pos - from == (size_t)point ? from : pos;
}

bool aw_number_take(struct aw_str *rest, struct aw_number *out)
{
    struct aw_str text = *rest;
    bool minus = aw_str_starts(text, AW_STR("-"));
    size_t from = minus || aw_str_starts(text, AW_STR("+")) ? 1 : 0;
    int64_t value;
    size_t end = read_digits(text, from, &value);
    size_t unit = end;

    if (end == from)
        return false;
    while (unit < text.len &&
           (aw_ascii_alpha(text.ptr[unit]) || text.ptr[unit] == '%'))
        unit++;
    *out = (struct aw_number){(int32_t)(minus ? -value : value),
                              aw_str_sub(text, end, unit - end)};
    *rest = aw_str_sub(text, unit, text.len);
    return true;
}

static int32_t to_px(const struct aw_number *number)
{
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        if (aw_str_eq_nocase(number->unit, units[i].unit)) {
            int64_t px = number->hundredths * units[i].hundredths / 100;

            return (int32_t)(px < -AW_LENGTH_MAX ? -AW_LENGTH_MAX : cap(px));
        }
    }
    return AW_LENGTH_NONE;
}

int32_t aw_length_parse(struct aw_str text)
{
    struct aw_number number;

    text = aw_str_trim(text);
    if (!aw_number_take(&text, &number) || text.len > 0)
        return AW_LENGTH_NONE;
    return to_px(&number);
}

int32_t aw_length_font(struct aw_str text)
{
    struct aw_number number;
    struct aw_str rest = aw_str_trim(text);

    for (size_t i = 0; i < sizeof fonts / sizeof fonts[0]; i++)
        if (aw_str_eq_nocase(rest, fonts[i].name))
            return fonts[i].value;
    if (!aw_number_take(&rest, &number) || rest.len > 0 ||
        number.hundredths < 0)
        return AW_LENGTH_NONE;
    if (aw_str_eq(number.unit, AW_STR("%")))
        return -number.hundredths;
    if (aw_str_eq_nocase(number.unit, AW_STR("em")))
        return (int32_t)-cap((int64_t)number.hundredths * 100);
    return to_px(&number);
}
