#include "extract/moment.h"

#include <curl/curl.h>
#include <stdio.h>

#include "base/clock.h"

#define TEXT_MAX 64
#define MINUTE_MS INT64_C(60000)

/* Takes exactly `count` digits off *text. */
static bool take_digits(struct aw_str *text, size_t count, int64_t most,
                        int64_t *out)
{
    struct aw_str digits = aw_str_sub(*text, 0, count);

    for (size_t i = 0; i < digits.len; i++)
        if (!aw_ascii_digit(digits.ptr[i]))
            return false;
    if (digits.len < count || !aw_str_to_int(digits, out) || *out > most)
        return false;
    *text = aw_str_sub(*text, count, text->len);
    return true;
}

static bool take_char(struct aw_str *text, char c)
{
    if (text->len == 0 || text->ptr[0] != c)
        return false;
    *text = aw_str_sub(*text, 1, text->len);
    return true;
}

/* "", "Z", "+08:00", "+0800": its distance from UTC. */
static bool take_zone(struct aw_str *text, int64_t *ms)
{
    int64_t sign = take_char(text, '+') ? 1 : take_char(text, '-') ? -1 : 0;
    int64_t hour;
    int64_t minute;

    *ms = 0;
    if (sign == 0)
        return take_char(text, 'Z') || take_char(text, 'z') || text->len == 0;
    if (!take_digits(text, 2, 14, &hour))
        return false;
    (void)take_char(text, ':');
    if (!take_digits(text, 2, 59, &minute))
        return false;
    *ms = sign * (hour * 60 + minute) * MINUTE_MS;
    return true;
}

/* "10:20", "10:20:30", "10:20:30.45", with a zone. */
static bool take_time(struct aw_str *text, int64_t *ms)
{
    int64_t hour, minute, zone;
    int64_t second = 0;

    if (!take_digits(text, 2, 23, &hour) || !take_char(text, ':') ||
        !take_digits(text, 2, 59, &minute))
        return false;
    if (take_char(text, ':') && !take_digits(text, 2, 60, &second))
        return false;
    if (take_char(text, '.'))
        while (text->len > 0 && aw_ascii_digit(text->ptr[0]))
            *text = aw_str_sub(*text, 1, text->len);
    if (!take_zone(text, &zone))
        return false;
    *ms = (hour * 60 + minute) * MINUTE_MS + second * 1000 - zone;
    return true;
}

static bool parse_w3c(struct aw_str text, int64_t *ms)
{
    int64_t year;
    int64_t month = 1;
    int64_t day = 1;
    int64_t time = 0;
    char date[TEXT_MAX];

    if (!take_digits(&text, 4, 9999, &year))
        return false;
    if (take_char(&text, '-') && !take_digits(&text, 2, 12, &month))
        return false;
    if (take_char(&text, '-') && !take_digits(&text, 2, 31, &day))
        return false;
    if ((take_char(&text, 'T') || take_char(&text, ' ')) &&
        !take_time(&text, &time))
        return false;
    (void)snprintf(date, sizeof date, "%04d-%02d-%02d", (int)year, (int)month,
                   (int)day);
    if (text.len > 0 || !aw_date_parse(aw_str_of(date), ms))
        return false;
    *ms += time;
    return true;
}

static int64_t parse_rfc822(struct aw_str text)
{
    char date[TEXT_MAX];
    time_t seconds;

    (void)snprintf(date, sizeof date, "%.*s", AW_STR_ARG(text));
    seconds = curl_getdate(date, NULL);
    return (int64_t)seconds * 1000;
}

int64_t aw_moment_parse(struct aw_str text)
{
    int64_t ms = 0;

    text = aw_str_trim(text);
    if (text.len == 0 || text.len >= TEXT_MAX)
        return 0;
    if (!parse_w3c(text, &ms))
        ms = aw_str_find(text, AW_STR(" ")) < 0 ? 0 : parse_rfc822(text);
    return ms > 0 ? ms : 0;
}
