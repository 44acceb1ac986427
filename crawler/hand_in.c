#include "crawler/hand_in.h"

#include <stdio.h>

#include "base/clock.h"
#include "base/utf8.h"

#define HOUR_MS INT64_C(3600000)
#define MINUTE_MS INT64_C(60000)
#define DAY_MS (24 * HOUR_MS)
#define BEIJING_MS (8 * HOUR_MS)
#define TIME_BYTES_MAX 120
#define SHOWN_MAX 60 /* bytes of a text that is told as false */

static const char *const unit_names[] = {
#define X(name, text) text,
    AW_SEEN_UNIT_LIST(X)
#undef X
};

const char *aw_seen_unit_name(enum aw_seen_unit unit)
{
    return unit_names[unit];
}

/* ---- who -----------------------------------------------------------------
 */

struct shape {
    size_t letters, digits, others, wide;
};

static struct shape shape_of(struct aw_str text)
{
    struct shape shape = {0};

    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];

        if (aw_ascii_alpha(c))
            shape.letters++;
        else if (aw_ascii_digit(c))
            shape.digits++;
        else if ((unsigned char)c >= 0x80)
            shape.wide++;
        else if (c != '-' && c != '_')
            shape.others++;
    }
    return shape;
}

/* NULL: like a code. */
static const char *looks_like(struct aw_str text)
{
    struct shape shape = shape_of(text);

    if (shape.digits >= 15)
        return "an identity number";
    if (shape.digits >= 7 && shape.letters == 0)
        return "a telephone number";
    if (shape.wide > 0 || (shape.digits == 0 && shape.letters > 0))
        return "a name";
    if (shape.digits > AW_HAND_IN_CODE_DIGITS_MAX)
        return "a number of a person";
    if (shape.others > 0 || shape.letters == 0 || shape.digits == 0 ||
        text.len < AW_HAND_IN_CODE_MIN || text.len > AW_HAND_IN_CODE_MAX)
        return "no code";
    return NULL;
}

aw_rc aw_hand_in_code(struct aw_str who, struct aw_err *err)
{
    const char *like = looks_like(who);

    if (!like)
        return AW_OK;
    return aw_fail(err, AW_INVALID,
                   "who looks like %s: give a code of letters and digits such "
                   "as WG-012, never a name or a number of a person",
                   like);
}

/* ---- when ----------------------------------------------------------------
 */

/* Full-width digits, letters and marks become those of ASCII. */
static void fold(struct aw_str text, char out[TIME_BYTES_MAX])
{
    size_t len = 0;

    for (size_t pos = 0; pos < text.len && len + 5 < TIME_BYTES_MAX;) {
        size_t start = pos;
        uint32_t cp = aw_utf8_next(text, &pos);

        if (cp >= 0xFF01 && cp <= 0xFF5E)
            out[len++] = (char)(cp - 0xFEE0);
        else if (cp == 0x3000 || cp == 0xA0)
            out[len++] = ' ';
        else
            for (; start < pos; start++)
                out[len++] = text.ptr[start];
    }
    out[len] = '\0';
}

static bool take(struct aw_str *rest, const char *const *words)
{
    for (; *words; words++)
        if (aw_str_starts_nocase(*rest, aw_str_of(*words))) {
            *rest = aw_str_sub(*rest, aw_str_of(*words).len, rest->len);
            return true;
        }
    return false;
}

#define TAKE(rest, ...) take((rest), (const char *const[]){__VA_ARGS__, NULL})

/* At most `most` digits; false where there is not one. */
static bool take_number(struct aw_str *rest, size_t most, int *out)
{
    size_t len = 0;
    int64_t value = 0;

    while (len < rest->len && len < most && aw_ascii_digit(rest->ptr[len]))
        len++;
    if (!aw_str_to_int(aw_str_sub(*rest, 0, len), &value))
        return false;
    *out = (int)value;
    *rest = aw_str_sub(*rest, len, rest->len);
    return true;
}

static void skip_blanks(struct aw_str *rest)
{
    *rest = aw_str_trim(*rest);
}

/* 2026-11-26, 2026/11/26, 2026.11.26, 2026年11月26日, 20261126. */
static bool take_date(struct aw_str *rest, int64_t *day_ms)
{
    int year, month, day;
    char text[40];

    if (!take_number(rest, 4, &year) || year < 1949)
        return false;
    (void)TAKE(rest, "-", "/", ".", "年");
    if (!take_number(rest, 2, &month))
        return false;
    (void)TAKE(rest, "-", "/", ".", "月");
    if (!take_number(rest, 2, &day))
        return false;
    (void)TAKE(rest, "日", "号");
    (void)snprintf(text, sizeof text, "%04d-%02d-%02d", year, month, day);
    return aw_date_parse(aw_str_of(text), day_ms);
}

enum part_of_day { ANY_TIME, BEFORE_NOON, AT_NOON, AFTER_NOON, AT_NIGHT };

static enum part_of_day take_part_of_day(struct aw_str *rest)
{
    if (TAKE(rest, "上午", "早上", "凌晨", "AM"))
        return BEFORE_NOON;
    if (TAKE(rest, "中午"))
        return AT_NOON;
    if (TAKE(rest, "下午", "傍晚", "PM"))
        return AFTER_NOON;
    return TAKE(rest, "晚上") ? AT_NIGHT : ANY_TIME;
}

/* The hour by the part of the day that is named: false where they do not fit,
 * or nobody can tell (晚上12点, 晚上2点). */
static bool to_24(int *hour, enum part_of_day part)
{
    int named = *hour;

    switch (part) {
    case BEFORE_NOON:
        *hour = named == 12 ? 0 : named;
        return named <= 12;
    case AT_NOON:
        *hour = named <= 2 ? named + 12 : named;
        return *hour >= 11 && *hour <= 14;
    case AFTER_NOON:
        *hour = named < 12 ? named + 12 : named;
        return true;
    case AT_NIGHT:
        *hour = named < 12 ? named + 12 : named;
        return named >= 5 && named != 12;
    default:
        return true;
    }
}

/* 14:05, 14:05:33, 14时05分, 下午2点, 2:05 PM. */
static bool take_clock(struct aw_str *rest, int64_t *ms,
                       enum aw_seen_unit *unit)
{
    enum part_of_day part = take_part_of_day(rest);
    int hour, minute = 0, second = 0;

    skip_blanks(rest);
    if (!take_number(rest, 2, &hour) || !TAKE(rest, ":", "点", "时"))
        return false;
    *unit = AW_SEEN_MINUTE;
    if (TAKE(rest, "半"))
        minute = 30;
    else if (take_number(rest, 2, &minute) && TAKE(rest, ":", "分") &&
             take_number(rest, 2, &second)) {
        (void)TAKE(rest, "秒");
        *unit = AW_SEEN_SECOND;
    }
    skip_blanks(rest);
    if (part == ANY_TIME)
        part = take_part_of_day(rest);
    if (!to_24(&hour, part) || hour > 23 || minute > 59 || second > 59)
        return false;
    *ms = hour * HOUR_MS + minute * MINUTE_MS + second * INT64_C(1000);
    return true;
}

/* Z, +08:00; nothing: Beijing's. */
static bool take_zone(struct aw_str *rest, int64_t *ahead_ms)
{
    bool east = TAKE(rest, "+");
    bool west = !east && TAKE(rest, "-");
    int hours, minutes = 0;

    *ahead_ms = TAKE(rest, "Z") ? 0 : BEIJING_MS;
    if (!east && !west)
        return true;
    if (!take_number(rest, 2, &hours))
        return false;
    (void)TAKE(rest, ":");
    (void)take_number(rest, 2, &minutes);
    *ahead_ms = (hours * HOUR_MS + minutes * MINUTE_MS) * (east ? 1 : -1);
    return hours <= 14 && minutes < 60;
}

static bool read_time(struct aw_str rest, struct aw_facts *facts)
{
    int64_t day_ms, clock_ms = 0, ahead_ms = BEIJING_MS;

    if (!take_date(&rest, &day_ms))
        return false;
    facts->seen_unit = AW_SEEN_DAY;
    (void)TAKE(&rest, "T");
    skip_blanks(&rest);
    if (rest.len > 0 && (!take_clock(&rest, &clock_ms, &facts->seen_unit) ||
                         !take_zone(&rest, &ahead_ms)))
        return false;
    facts->seen_ms = day_ms + clock_ms - ahead_ms;
    return rest.len == 0;
}

static bool is_unknown(struct aw_str text)
{
    static const char *const words[] = {"",     "-",    "--",      "/",
                                        "无",   "不详", "未知",    "不明",
                                        "不清", "N/A",  "unknown", "?"};

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (aw_str_eq_nocase(text, aw_str_of(words[i])))
            return true;
    return false;
}

aw_rc aw_hand_in_time(struct aw_str text, int64_t now_ms,
                      struct aw_facts *facts, struct aw_err *err)
{
    char folded[TIME_BYTES_MAX];
    struct aw_facts got = *facts;
    struct aw_str shown;

    fold(aw_str_trim(text), folded);
    text = aw_str_trim(aw_str_of(folded));
    shown = aw_utf8_cut(text, SHOWN_MAX);
    facts->seen_ms = 0;
    facts->seen_unit = AW_SEEN_UNKNOWN;
    if (is_unknown(text))
        return AW_OK;
    if (!read_time(text, &got))
        return aw_fail(err, AW_INVALID,
                       "time '%.*s' is none: write it as 2026-11-26 14:05, "
                       "or leave it out",
                       AW_STR_ARG(shown));
    if (got.seen_ms > now_ms + DAY_MS)
        return aw_fail(err, AW_INVALID, "time '%.*s' is still to come",
                       AW_STR_ARG(shown));
    *facts = got;
    return AW_OK;
}

/* ---- channel, place, note ------------------------------------------------
 */

static const struct {
    const char *word;
    enum aw_channel channel;
} channel_words[] = {
    {"网页", AW_CHANNEL_WEB},        {"网站", AW_CHANNEL_WEB},
    {"公众号", AW_CHANNEL_WEB},      {"海报", AW_CHANNEL_POSTER},
    {"传单", AW_CHANNEL_POSTER},     {"宣传单", AW_CHANNEL_POSTER},
    {"横幅", AW_CHANNEL_POSTER},     {"易拉宝", AW_CHANNEL_POSTER},
    {"户外广告", AW_CHANNEL_POSTER}, {"应用", AW_CHANNEL_APP},
    {"APP", AW_CHANNEL_APP},         {"手机应用", AW_CHANNEL_APP},
    {"短信", AW_CHANNEL_SMS},        {"微信", AW_CHANNEL_SMS},
    {"消息", AW_CHANNEL_SMS},        {"电话", AW_CHANNEL_CALL},
    {"来电", AW_CHANNEL_CALL},       {"会议", AW_CHANNEL_SEMINAR},
    {"讲座", AW_CHANNEL_SEMINAR},    {"宣讲会", AW_CHANNEL_SEMINAR},
    {"推介会", AW_CHANNEL_SEMINAR},
};

aw_rc aw_hand_in_channel(struct aw_str text, enum aw_channel *out,
                         struct aw_err *err)
{
    for (int i = 0; i < AW_CHANNEL_COUNT; i++)
        if (aw_str_eq_nocase(text,
                             aw_str_of(aw_channel_name((enum aw_channel)i)))) {
            *out = (enum aw_channel)i;
            return AW_OK;
        }
    for (size_t i = 0; i < sizeof channel_words / sizeof channel_words[0]; i++)
        if (aw_str_eq_nocase(text, aw_str_of(channel_words[i].word))) {
            *out = channel_words[i].channel;
            return AW_OK;
        }
    return aw_fail(
        err, AW_INVALID,
        "channel '%.*s' is none: use 海报, 短信, 电话, 会议, 应用 or "
        "网页",
        AW_STR_ARG(aw_utf8_cut(text, SHOWN_MAX)));
}

aw_rc aw_hand_in_text(struct aw_str text, const char *what,
                      struct aw_arena *arena, struct aw_str *out,
                      struct aw_err *err)
{
    char *at;
    aw_rc rc;

    text = aw_str_trim(text);
    if (text.len > AW_HAND_IN_TEXT_MAX)
        return aw_fail(err, AW_LIMIT, "%s of more than %zu bytes", what,
                       AW_HAND_IN_TEXT_MAX);
    rc = aw_arena_dup(arena, text, out, err);
    if (rc != AW_OK)
        return rc;
    at = (char *)out->ptr;
    for (size_t i = 0; i < out->len; i++)
        if ((unsigned char)at[i] < 0x20 || at[i] == 0x7F)
            at[i] = ' ';
    return AW_OK;
}
