#include "base/mask.h"

#include "base/utf8.h"

#define NUMBER_LEAST 8 /* digits */
#define LONG_LEAST 11  /* of these more may be shown */
#define CODE_LEN 18    /* unified social credit code, identity card */
#define FIRM_SHOWN 2   /* characters */

static bool is_alnum(char c)
{
    return aw_ascii_alpha(c) || aw_ascii_digit(c);
}

static char byte_at(struct aw_str text, size_t pos)
{
    return pos < text.len ? text.ptr[pos] : '\0';
}

/* ---- numbers ------------------------------------------------------------ */

static size_t skip_digits(struct aw_str text, size_t pos)
{
    while (aw_ascii_digit(byte_at(text, pos)))
        pos++;
    return pos;
}

/* Groups of digits with a blank or dash between: where they end, and how many
 * digits they are. */
static size_t read_number(struct aw_str text, size_t pos, size_t *digits)
{
    size_t end = skip_digits(text, pos);

    *digits = end - pos;
    for (;;) {
        char c = byte_at(text, end);
        size_t next = skip_digits(text, end + 1);

        if ((c != '-' && c != ' ') || next == end + 1)
            return end;
        *digits += next - end - 1;
        end = next;
    }
}

static int number_of(struct aw_str text, size_t pos)
{
    return (text.ptr[pos] - '0') * 10 + (text.ptr[pos + 1] - '0');
}

/* "20261126", "20261126021307", "2026-11-26": where it ends; pos if none. */
static size_t date_end(struct aw_str text, size_t pos)
{
    size_t end = skip_digits(text, pos);
    size_t dash = end - pos == 4 && byte_at(text, end) == '-';
    size_t month = pos + 4 + dash;
    size_t day = month + 2 + dash;
    int century;

    if (dash &&
        (skip_digits(text, month) != month + 2 ||
         byte_at(text, month + 2) != '-' || skip_digits(text, day) != day + 2))
        return pos;
    if (!dash && end - pos != 8 && end - pos != 14)
        return pos;
    century = number_of(text, pos);
    if ((century != 19 && century != 20) || number_of(text, month) > 12 ||
        number_of(text, day) > 31)
        return pos;
    return dash ? day + 2 : end;
}

static void put_stars(struct aw_buf *out, struct aw_str text, size_t count,
                      size_t first, size_t last)
{
    size_t n = 0;

    for (size_t i = 0; i < text.len; i++) {
        bool counts = is_alnum(text.ptr[i]);
        bool shown = !counts || n < first || n + last >= count;

        aw_buf_putc(out, shown ? text.ptr[i] : '*');
        n += counts;
    }
}

static size_t put_number(struct aw_buf *out, struct aw_str text, size_t pos)
{
    size_t digits;
    size_t end = date_end(text, pos);
    bool is_long;

    if (end == pos)
        end = read_number(text, pos, &digits);
    else
        digits = 0;
    is_long = digits >= LONG_LEAST;
    if (digits < NUMBER_LEAST)
        aw_buf_put(out, aw_str_sub(text, pos, end - pos));
    else
        put_stars(out, aw_str_sub(text, pos, end - pos), digits,
                  is_long ? 3 : 2, is_long ? 4 : 2);
    return end;
}

/* A word of 18 that begins with two digits: where it ends; pos if none. */
static size_t code_end(struct aw_str text, size_t pos)
{
    size_t end = pos;

    if (pos > 0 && is_alnum(text.ptr[pos - 1]))
        return pos;
    while (is_alnum(byte_at(text, end)))
        end++;
    return end - pos == CODE_LEN && aw_ascii_digit(byte_at(text, pos + 1))
               ? end
               : pos;
}

static void put_numbers(struct aw_buf *out, struct aw_str text)
{
    for (size_t pos = 0; pos < text.len;) {
        size_t end;

        if (!aw_ascii_digit(text.ptr[pos])) {
            aw_buf_putc(out, text.ptr[pos++]);
            continue;
        }
        end = code_end(text, pos);
        if (end > pos)
            put_stars(out, aw_str_sub(text, pos, end - pos), CODE_LEN, 3, 4);
        else
            end = put_number(out, text, pos);
        pos = end;
    }
}

/* ---- firms -------------------------------------------------------------- */

static const struct aw_str suffixes[] = {
    AW_STR("有限公司"), AW_STR("有限责任公司"), AW_STR("股份公司"),
    AW_STR("集团公司"), AW_STR("合作社"),       AW_STR("合伙企业"),
    AW_STR("事务所"),
};

static size_t suffix_at(struct aw_str text, size_t pos)
{
    struct aw_str rest = aw_str_sub(text, pos, text.len);

    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++)
        if (aw_str_starts(rest, suffixes[i]))
            return suffixes[i].len;
    return 0;
}

/* What a firm's name is made of. */
static bool is_name(uint32_t cp)
{
    return aw_is_han(cp) || (cp < 0x80 && is_alnum((char)cp)) || cp == '*' ||
           cp == '(' || cp == ')' || cp == 0xFF08 || cp == 0xFF09 ||
           cp == 0xB7;
}

/* A word of such characters: the first ones are shown, then stars up to what
 * tells that it is a firm. */
static size_t put_word(struct aw_buf *out, struct aw_str text, size_t pos)
{
    size_t start = pos;
    size_t shown = pos;
    size_t len = 0;

    for (size_t n = 0; pos < text.len; n++) {
        size_t next = pos;

        if (n > 0 && (len = suffix_at(text, pos)) > 0)
            break;
        if (!is_name(aw_utf8_next(text, &next)))
            break;
        pos = next;
        if (n < FIRM_SHOWN && suffix_at(text, pos) == 0)
            shown = pos;
    }
    if (len == 0)
        shown = pos;
    aw_buf_put(out, aw_str_sub(text, start, shown - start));
    aw_buf_puts(out, len > 0 ? "**" : "");
    aw_buf_put(out, aw_str_sub(text, pos, len));
    return pos + len;
}

static void put_firms(struct aw_buf *out, struct aw_str text)
{
    for (size_t pos = 0; pos < text.len;) {
        size_t next = pos;

        if (is_name(aw_utf8_next(text, &next))) {
            pos = put_word(out, text, pos);
            continue;
        }
        aw_buf_put(out, aw_str_sub(text, pos, next - pos));
        pos = next;
    }
}

void aw_mask_put(struct aw_buf *out, struct aw_str text)
{
    struct aw_buf numbers;

    aw_buf_init(&numbers, text.len);
    put_numbers(&numbers, text);
    put_firms(out, aw_buf_str(&numbers));
    if (out->rc == AW_OK)
        out->rc = numbers.rc;
    aw_buf_deinit(&numbers);
}
