#include "extract/party.h"
#include "extract/party_scan.h"

#define GROUPS_MAX 3

struct digits {
    struct aw_str group[GROUPS_MAX];
    size_t end[GROUPS_MAX]; /* behind each group */
    size_t count;
};

bool aw_party_is_uscc(struct aw_str code)
{
    static const char alphabet[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    static const int weights[] = {1,  3,  9,  27, 19, 26, 16, 17, 20,
                                  29, 25, 13, 8,  24, 10, 30, 28};
    int sum = 0;

    if (code.len != 18)
        return false;
    for (size_t i = 0; i < 18; i++) {
        const char *at = code.ptr[i] ? strchr(alphabet, code.ptr[i]) : NULL;

        if (!at)
            return false;
        if (i == 17)
            return (int)(at - alphabet) == (31 - sum % 31) % 31;
        sum += (int)(at - alphabet) * weights[i];
    }
    return false;
}

static size_t skip_alnum(struct aw_str text, size_t pos)
{
    while (is_alnum(byte_at(text, pos)))
        pos++;
    return pos;
}

static void try_uscc(struct aw_party_scan *scan, size_t start, size_t end)
{
    char code[18];

    if (end - start != sizeof code)
        return;
    for (size_t i = 0; i < sizeof code; i++) {
        char c = scan->text.ptr[start + i];

        code[i] = c >= 'a' && c <= 'z' ? (char)(c - ('a' - 'A')) : c;
    }
    if (aw_party_is_uscc((struct aw_str){code, sizeof code}))
        aw_party_found(scan, AW_PARTY_USCC, (struct aw_str){code, sizeof code},
                       start);
}

/* One mark between groups of digits, with white space around it. */
static size_t skip_separator(struct aw_str text, size_t pos)
{
    static const char *const marks[] = {"-", ")", "）", "－",
                                        "–", "—", "‐",  NULL};

    pos = skip_spaces(text, pos);
    pos += mark_len(text, pos, marks);
    return skip_spaces(text, pos);
}

static void read_digits(struct aw_str text, size_t pos, struct digits *out)
{
    out->count = 0;
    while (out->count < GROUPS_MAX) {
        size_t end = skip_digits(text, pos);

        if (end == pos)
            break;
        out->group[out->count] = aw_str_sub(text, pos, end - pos);
        out->end[out->count++] = end;
        pos = skip_separator(text, end);
    }
}

/* Group lengths of a telephone, and what the first digits must be. */
struct shape {
    uint8_t len[GROUPS_MAX]; /* 0: no more groups */
    const char *head;        /* one of the forms below */
};

/* Heads: "1" mobile; "0" area code; "4" 400 or 800. */
static const struct shape shapes[] = {
    {{11, 0, 0}, "1"}, {{3, 4, 4}, "1"},  {{3, 8, 0}, "1"},  {{4, 8, 0}, "0"},
    {{4, 7, 0}, "0"},  {{3, 8, 0}, "0"},  {{3, 7, 0}, "0"},  {{3, 4, 4}, "0"},
    {{4, 4, 4}, "0"},  {{4, 3, 4}, "0"},  {{3, 3, 4}, "4"},  {{3, 4, 3}, "4"},
    {{3, 7, 0}, "4"},  {{10, 0, 0}, "4"}, {{11, 0, 0}, "0"}, {{12, 0, 0}, "0"},
};

static bool fits_head(struct aw_str group, char head)
{
    char second = byte_at(group, 1);

    if (head == '4')
        return aw_str_starts(group, AW_STR("400")) ||
               aw_str_starts(group, AW_STR("800"));
    if (byte_at(group, 0) != head)
        return false;
    return head == '1' ? second >= '3' : second != '0';
}

/* How many groups the shape takes; 0 where it does not fit. */
static size_t fit(const struct shape *shape, const struct digits *digits)
{
    size_t n = 0;

    for (; n < GROUPS_MAX && shape->len[n] > 0; n++)
        if (n >= digits->count || digits->group[n].len != shape->len[n])
            return 0;
    return fits_head(digits->group[0], shape->head[0]) ? n : 0;
}

/* Digits of the area code: 010 and 02x have three, all others four. */
static size_t area_len(struct aw_str number)
{
    char second = byte_at(number, 1);

    return second == '1' || second == '2' ? 3 : 4;
}

static void found_phone(struct aw_party_scan *scan, char head,
                        const struct digits *digits, size_t groups,
                        size_t start)
{
    char bytes[AW_PARTY_VALUE_MAX];
    char value[AW_PARTY_VALUE_MAX];
    struct aw_buf all = {bytes, 0, sizeof bytes, sizeof bytes - 1, AW_OK};
    struct aw_buf out = {value, 0, sizeof value, sizeof value - 1, AW_OK};
    struct aw_str number;

    for (size_t i = 0; i < groups; i++)
        aw_buf_put(&all, digits->group[i]);
    number = aw_buf_str(&all);
    if (head == '1') {
        aw_buf_put(&out, number);
    } else if (head == '0') {
        size_t area = area_len(number);

        aw_buf_put(&out, aw_str_sub(number, 0, area));
        aw_buf_putc(&out, '-');
        aw_buf_put(&out, from(number, area));
    } else {
        aw_buf_put(&out, aw_str_sub(number, 0, 3));
        aw_buf_putc(&out, '-');
        aw_buf_put(&out, aw_str_sub(number, 3, 3));
        aw_buf_putc(&out, '-');
        aw_buf_put(&out, from(number, 6));
    }
    aw_party_found(scan, AW_PARTY_PHONE, aw_buf_str(&out), start);
}

/* 86 in front of a mobile number is the country. */
static void drop_country(struct digits *digits, size_t *start)
{
    struct aw_str *first = &digits->group[0];

    if (first->len != 13 || !aw_str_starts(*first, AW_STR("861")))
        return;
    *first = from(*first, 2);
    *start += 2;
}

/* Money is no telephone. */
static bool is_amount(struct aw_str text, size_t pos)
{
    static const char *const units[] = {"元", "万", "亿", ".", "%", NULL};

    return mark_len(text, pos, units) > 0;
}

/* Returns the place behind the telephone that begins at start, or behind its
 * first digits where there is none. */
static size_t try_phone(struct aw_party_scan *scan, size_t start)
{
    struct digits digits = {0};

    read_digits(scan->text, start, &digits);
    drop_country(&digits, &start);
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
        size_t groups = fit(&shapes[i], &digits);
        size_t end;

        if (groups == 0)
            continue;
        end = digits.end[groups - 1];
        if (is_alnum(byte_at(scan->text, end)) || is_amount(scan->text, end))
            continue;
        found_phone(scan, shapes[i].head[0], &digits, groups, start);
        return end;
    }
    return digits.end[0];
}

void aw_party_scan_numbers(struct aw_party_scan *scan)
{
    struct aw_str text = scan->text;
    size_t pos = scan->alnum ? 0 : text.len;

    while (pos < text.len) {
        size_t end;

        if (!is_alnum(text.ptr[pos])) {
            pos++;
            continue;
        }
        end = skip_alnum(text, pos);
        try_uscc(scan, pos, end);
        if (skip_digits(text, pos) == end)
            end = try_phone(scan, pos);
        pos = end;
    }
}
