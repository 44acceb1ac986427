#include "extract/party.h"
#include "extract/party_scan.h"

#define GROUPS_MAX 12
#define SHAPE_GROUPS 3
#define CODE_LEN 18
#define MOBILE_LEN 11

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

/* ---- codes -------------------------------------------------------------- */

/* A code may be parted by blanks or dashes: "91370811 MA00X1Y2N7". Returns its
 * end; start where there is none. */
static size_t read_code(struct aw_str text, size_t start, char code[CODE_LEN])
{
    size_t len = 0;
    size_t pos = start;

    while (len < CODE_LEN && is_alnum(byte_at(text, pos))) {
        char c = text.ptr[pos++];

        code[len++] = c >= 'a' && c <= 'z' ? (char)(c - ('a' - 'A')) : c;
        if (len < CODE_LEN &&
            (byte_at(text, pos) == ' ' || byte_at(text, pos) == '-'))
            pos++;
    }
    return len == CODE_LEN && !is_alnum(byte_at(text, pos)) ? pos : start;
}

/* Who registered it, of what kind, and its place, in figures. */
static bool begins_code(struct aw_str text, size_t start)
{
    char first = byte_at(text, start);

    return (aw_ascii_digit(first) || strchr("ANYany", first)) &&
           aw_ascii_digit(byte_at(text, start + 1)) &&
           text.len - start >= CODE_LEN;
}

static bool try_uscc(struct aw_party_scan *scan, size_t start)
{
    char code[CODE_LEN];
    struct aw_str value = {code, sizeof code};
    size_t end;

    if (!begins_code(scan->text, start))
        return false;
    end = read_code(scan->text, start, code);
    if (end == start || !aw_party_is_uscc(value))
        return false;
    aw_party_found(scan, AW_PARTY_USCC, value, start, end);
    return true;
}

/* ---- telephones --------------------------------------------------------- */

static size_t skip_nothing(struct aw_str text, size_t pos)
{
    while (byte_at(text, pos) == ' ' || byte_at(text, pos) == AW_PARTY_NOTHING)
        pos++;
    return pos;
}

/* One mark between groups of digits, with white space around it. */
static size_t skip_separator(struct aw_str text, size_t pos)
{
    static const char *const marks[] = {"-", ")", "）", "－", "–", "——",
                                        "—", "‐", ".",  "·",  "●", NULL};

    char c;

    pos = skip_nothing(text, pos);
    c = byte_at(text, pos);
    if (aw_is_han(cp_at(text, pos)) || is_alnum(c))
        return pos; /* as nearly always */
    pos += mark_len(text, pos, marks);
    return skip_nothing(text, pos);
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
    uint8_t len[SHAPE_GROUPS]; /* 0: no more groups */
    char head;                 /* one of the forms below */
};

/* Heads: 1 mobile; 0 area code; 4 400 or 800; L a number of this town, and H a
 * hotline, both behind a word like 电话 alone. */
static const struct shape shapes[] = {
    {{11, 0, 0}, '1'}, {{3, 4, 4}, '1'},  {{3, 8, 0}, '1'},  {{4, 8, 0}, '0'},
    {{4, 7, 0}, '0'},  {{3, 8, 0}, '0'},  {{3, 7, 0}, '0'},  {{3, 4, 4}, '0'},
    {{4, 4, 4}, '0'},  {{4, 3, 4}, '0'},  {{3, 3, 4}, '4'},  {{3, 4, 3}, '4'},
    {{3, 7, 0}, '4'},  {{10, 0, 0}, '4'}, {{11, 0, 0}, '0'}, {{12, 0, 0}, '0'},
    {{4, 5, 0}, 'A'},  {{8, 0, 0}, 'L'},  {{7, 0, 0}, 'L'},  {{4, 4, 0}, 'L'},
    {{3, 4, 0}, 'L'},  {{5, 0, 0}, 'H'},  {{6, 0, 0}, 'H'},
};

static bool fits_head(struct aw_str group, char head)
{
    char first = byte_at(group, 0);
    char second = byte_at(group, 1);

    switch (head) {
    case '4':
        return aw_str_starts(group, AW_STR("400")) ||
               aw_str_starts(group, AW_STR("800"));
    case 'L':
        return first >= '2' && first <= '8' &&
               !aw_str_starts(group, AW_STR("20"));
    case 'H':
        return first == '9' && (second == '5' || second == '6');
    case '1':
        return first == '1' && second >= '3';
    default:
        return first == '0' && second != '0';
    }
}

/* How many groups the shape takes; 0 where it does not fit. */
static size_t fit(const struct shape *shape, const struct digits *digits)
{
    size_t n = 0;

    for (; n < SHAPE_GROUPS && shape->len[n] > 0; n++)
        if (n >= digits->count || digits->group[n].len != shape->len[n])
            return 0;
    return fits_head(digits->group[0], shape->head) ? n : 0;
}

/* "1 3 8 0 …", "13 8000 01234": a mobile number in groups of its own; how many
 * they are. */
static size_t fit_loose(const struct digits *digits)
{
    size_t sum = 0;
    size_t n = 0;

    if (digits->group[0].len > 3)
        return 0;
    while (n < digits->count && sum < MOBILE_LEN && digits->group[n].len < 6)
        sum += digits->group[n++].len;
    if (sum != MOBILE_LEN || n < 3 || digits->group[0].ptr[0] != '1')
        return 0;
    return fits_head(digits->group[0].len > 1 ? digits->group[0]
                                              : digits->group[1],
                     '1') ||
                   (digits->group[0].len == 1 &&
                    digits->group[1].ptr[0] >= '3')
               ? n
               : 0;
}

/* Digits of the area code: 010 and 02x have three, all others four. */
static size_t area_len(struct aw_str number)
{
    char second = byte_at(number, 1);

    return second == '1' || second == '2' ? 3 : 4;
}

/* Where dashes go: behind so many digits, and so many again; 0: none. */
static void part(struct aw_str number, size_t parts[2])
{
    parts[0] = parts[1] = 0;
    if (number.ptr[0] == '0') {
        parts[0] = area_len(number);
    } else if (fits_head(number, '4') && number.len == 10) {
        parts[0] = 3;
        parts[1] = 6;
    }
}

static void found_phone(struct aw_party_scan *scan, struct aw_str number,
                        size_t start, size_t end)
{
    char bytes[AW_PARTY_VALUE_MAX];
    struct aw_buf out = {bytes, 0, sizeof bytes, sizeof bytes - 1, AW_OK};
    size_t parts[2];

    part(number, parts);
    for (size_t i = 0; i < number.len; i++) {
        if (i > 0 && (i == parts[0] || i == parts[1]))
            aw_buf_putc(&out, '-');
        aw_buf_putc(&out, number.ptr[i]);
    }
    aw_party_found(scan, AW_PARTY_PHONE, aw_buf_str(&out), start, end);
}

bool aw_party_found_phone(struct aw_party_scan *scan, struct aw_str digits,
                          size_t start, size_t end)
{
    struct digits one = {.group = {digits}, .count = 1};

    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
        if (shapes[i].head > '4' || fit(&shapes[i], &one) == 0)
            continue;
        found_phone(scan, digits, start, end);
        return true;
    }
    return false;
}

static void found_groups(struct aw_party_scan *scan,
                         const struct digits *digits, size_t groups,
                         size_t start)
{
    char bytes[AW_PARTY_VALUE_MAX];
    struct aw_buf all = {bytes, 0, sizeof bytes, sizeof bytes - 1, AW_OK};

    for (size_t i = 0; i < groups; i++)
        aw_buf_put(&all, digits->group[i]);
    found_phone(scan, aw_buf_str(&all), start, digits->end[groups - 1]);
}

static void drop_group(struct digits *digits)
{
    digits->count--;
    for (size_t i = 0; i < digits->count; i++) {
        digits->group[i] = digits->group[i + 1];
        digits->end[i] = digits->end[i + 1];
    }
}

/* 86 in front of a number is the country. */
static void drop_country(struct aw_str text, struct digits *digits,
                         size_t *start)
{
    struct aw_str *first = &digits->group[0];

    if (digits->count > 1 && (aw_str_eq(*first, AW_STR("86")) ||
                              aw_str_eq(*first, AW_STR("0086")))) {
        drop_group(digits);
        *start = (size_t)(digits->group[0].ptr - text.ptr);
    } else if (first->len == 13 && aw_str_starts(*first, AW_STR("861"))) {
        *first = from(*first, 2);
        *start += 2;
    }
}

/* Money and counts are no telephones, nor is what goes on with a fraction. */
static bool is_amount(struct aw_str text, size_t pos)
{
    static const char *const units[] = {"元", "万", "亿", "%",  "次",
                                        "人", "个", "条", "份", "股",
                                        "米", "手", NULL};

    return mark_len(text, pos, units) > 0 ||
           (byte_at(text, pos) == '.' &&
            aw_ascii_digit(byte_at(text, pos + 1)));
}

static bool is_ended(struct aw_str text, size_t end)
{
    return !is_alnum(byte_at(text, end)) &&
           !is_amount(text, skip_spaces(text, end));
}

/* Stands 电话 or the like before? */
static bool is_labelled(struct aw_str text, size_t start)
{
    static const char *const between[] = {"：",   ":",  " ",  "（", "(",
                                          "号码", "号", "为", "是", NULL};
    static const char *const words[] = {"电话", "热线", "座机", "固话",
                                        "传真", "来电", "致电", "Tel",
                                        "TEL",  "tel",  NULL};
    struct aw_str rest = aw_str_sub(text, 0, start);

    for (size_t i = 0; between[i]; i++)
        if (aw_str_ends(rest, aw_str_of(between[i]))) {
            rest.len -= strlen(between[i]);
            i = (size_t)-1;
        }
    for (size_t i = 0; words[i]; i++)
        if (aw_str_ends(rest, aw_str_of(words[i])))
            return true;
    return false;
}

static size_t fit_any(const struct aw_party_scan *scan,
                      const struct digits *digits, size_t start)
{
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
        size_t groups = fit(&shapes[i], digits);

        if (groups > 0 && is_ended(scan->text, digits->end[groups - 1]) &&
            (shapes[i].head <= '4' || is_labelled(scan->text, start)))
            return groups;
    }
    return 0;
}

/* Most numbers begin as no telephone does, and stand behind no label. */
static bool may_begin(const struct aw_party_scan *scan, size_t start)
{
    size_t len = skip_digits(scan->text, start) - start;
    struct aw_str group = aw_str_sub(scan->text, start, len);

    if (fits_head(group, '4') || aw_str_starts(group, AW_STR("86")) ||
        (group.ptr[0] == '0' && len > 2) ||
        (group.ptr[0] == '1' && (len == 1 || group.ptr[1] >= '3')))
        return true;
    return len >= 3 && len <= 8 &&
           aw_party_has_any(scan, AW_PARTY_MARK_CALL) &&
           is_labelled(scan->text, start);
}

/* Returns the place behind the telephone that begins at start, or behind its
 * first digits where there is none. */
static size_t try_phone(struct aw_party_scan *scan, size_t start)
{
    struct digits digits = {0};
    size_t first_end, groups;

    if (!may_begin(scan, start))
        return skip_digits(scan->text, start);
    read_digits(scan->text, start, &digits);
    first_end = digits.end[0];
    drop_country(scan->text, &digits, &start);
    groups = fit_any(scan, &digits, start);
    if (groups == 0) {
        groups = fit_loose(&digits);
        if (groups > 0 && !is_ended(scan->text, digits.end[groups - 1]))
            groups = 0;
    }
    if (groups == 0)
        return first_end;
    found_groups(scan, &digits, groups, start);
    return digits.end[groups - 1];
}

/* "1380000125O": letters in the place of 0 and 1, in a few places. */
static void try_lettered(struct aw_party_scan *scan, size_t start, size_t end)
{
    char number[MOBILE_LEN];
    size_t letters = 0;

    if (end - start != sizeof number)
        return;
    for (size_t i = 0; i < sizeof number; i++) {
        char c = scan->text.ptr[start + i];
        const char *as = c ? strchr("O0o0l1I1", c) : NULL;

        letters += !aw_ascii_digit(c);
        if (!aw_ascii_digit(c) && !as)
            return;
        number[i] = aw_ascii_digit(c) ? c : as[1];
    }
    if (letters <= 3 && aw_ascii_digit(scan->text.ptr[start]))
        (void)aw_party_found_phone(scan,
                                   (struct aw_str){number, sizeof number},
                                   start, end);
}

void aw_party_scan_numbers(struct aw_party_scan *scan)
{
    struct aw_str text = scan->text;
    size_t pos = scan->digits < 5 ? text.len : 0;

    while (pos < text.len) {
        size_t end;

        if (!is_alnum(text.ptr[pos])) {
            pos++;
            continue;
        }
        end = skip_alnum(text, pos);
        if (skip_digits(text, pos) != end)
            try_lettered(scan, pos, end);
        if (!try_uscc(scan, pos) && skip_digits(text, pos) == end)
            end = try_phone(scan, pos);
        pos = end;
    }
}
