#include "review/workdays.h"

#include <cyaml/cyaml.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/fs.h"
#include "base/yaml.h"

#define FILE_NAME "calendar.yaml"
#define DAY_MS (INT64_C(24) * 3600 * 1000)
#define BEIJING_MS (INT64_C(8) * 3600 * 1000)
#define YEARS_MAX 100
#define SPANS_MAX 20 /* holidays of a year */
#define DAY_TEXT 10  /* "2026-11-26" */

/* The days that are reckoned with: 2000-01-01 up to 2069-12-31. */
#define FIRST_DAY INT64_C(10957)
#define DAYS ((size_t)25567)

struct aw_workdays {
    bool off[DAYS], known[DAYS];
    int32_t before[DAYS + 1]; /* working days before that one */
};

/* ---- the file ------------------------------------------------------------
 */

struct span {
    char *name, *from, *to;
};

struct year {
    int year;
    char *status, *source;
    struct span *holidays;
    unsigned holidays_count;
    char **worked;
    unsigned worked_count;
};

struct file {
    struct year *years;
    unsigned years_count;
};

#define TEXT_FIELD(type, key, least, most)                               \
    CYAML_FIELD_STRING_PTR(#key, CYAML_FLAG_POINTER, type, key, (least), \
                           (most))

static const cyaml_schema_field_t span_fields[] = {
    TEXT_FIELD(struct span, name, 1, 100),
    TEXT_FIELD(struct span, from, DAY_TEXT, DAY_TEXT),
    TEXT_FIELD(struct span, to, DAY_TEXT, DAY_TEXT), CYAML_FIELD_END};
static const cyaml_schema_value_t span_entry = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct span, span_fields)};
static const cyaml_schema_value_t day_entry = {
    CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char, DAY_TEXT, DAY_TEXT)};
static const cyaml_schema_field_t year_fields[] = {
    CYAML_FIELD_INT("year", CYAML_FLAG_DEFAULT, struct year, year),
    TEXT_FIELD(struct year, status, 1, 20),
    TEXT_FIELD(struct year, source, 0, 500),
    CYAML_FIELD_SEQUENCE("holidays", CYAML_FLAG_POINTER, struct year, holidays,
                         &span_entry, 0, SPANS_MAX),
    CYAML_FIELD_SEQUENCE("worked", CYAML_FLAG_POINTER, struct year, worked,
                         &day_entry, 0, SPANS_MAX),
    CYAML_FIELD_END};
static const cyaml_schema_value_t year_entry = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct year, year_fields)};
static const cyaml_schema_field_t file_fields[] = {
    CYAML_FIELD_SEQUENCE("calendar", CYAML_FLAG_POINTER, struct file, years,
                         &year_entry, 1, YEARS_MAX),
    CYAML_FIELD_END};
static const cyaml_schema_value_t file_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct file, file_fields)};

/* ---- days ----------------------------------------------------------------
 */

static size_t clamp(int64_t day)
{
    if (day < FIRST_DAY)
        return 0;
    return day - FIRST_DAY < (int64_t)DAYS ? (size_t)(day - FIRST_DAY)
                                           : DAYS - 1;
}

/* 1970-01-01 was a Thursday. */
static bool is_weekend(int64_t day)
{
    return (day + 4) % 7 == 0 || (day + 4) % 7 == 6;
}

int64_t aw_beijing_day(int64_t wall_ms)
{
    int64_t ms = wall_ms + BEIJING_MS;

    return ms >= 0 ? ms / DAY_MS : -((-ms + DAY_MS - 1) / DAY_MS);
}

int64_t aw_beijing_day_end(int64_t day)
{
    return (day + 1) * DAY_MS - BEIJING_MS - 1;
}

static aw_rc read_day(const struct year *year, const char *text, int64_t *day,
                      struct aw_err *err)
{
    int64_t ms;
    char of_year[16];

    (void)snprintf(of_year, sizeof of_year, "%d-", year->year);
    if (!aw_date_parse(aw_str_of(text), &ms) ||
        !aw_str_starts(aw_str_of(text), aw_str_of(of_year)))
        return aw_fail(err, AW_CONFIG, "calendar %d: '%s' is no day of it",
                       year->year, text);
    *day = ms / DAY_MS;
    return AW_OK;
}

static aw_rc add_holiday(struct aw_workdays *days, const struct year *year,
                         const struct span *span, struct aw_err *err)
{
    int64_t from = 0, to = 0;
    aw_rc rc = read_day(year, span->from, &from, err);

    if (rc == AW_OK)
        rc = read_day(year, span->to, &to, err);
    if (rc == AW_OK && to < from)
        rc = aw_fail(err, AW_CONFIG,
                     "calendar %d: %s ends on %s, before it begins on %s",
                     year->year, span->name, span->to, span->from);
    for (int64_t day = from; rc == AW_OK && day <= to; day++)
        days->off[clamp(day)] = true;
    return rc;
}

/* A day that is worked instead lies on a weekend, and in no holiday. */
static aw_rc add_worked(struct aw_workdays *days, const struct year *year,
                        const char *text, struct aw_err *err)
{
    int64_t day = 0;
    aw_rc rc = read_day(year, text, &day, err);

    if (rc != AW_OK)
        return rc;
    if (!is_weekend(day))
        return aw_fail(err, AW_CONFIG,
                       "calendar %d: %s is worked anyway: it is no weekend",
                       year->year, text);
    days->off[clamp(day)] = false;
    return AW_OK;
}

static aw_rc add_year(struct aw_workdays *days, const struct year *year,
                      struct aw_err *err)
{
    aw_rc rc = AW_OK;

    if (year->year < 2000 || year->year > 2069)
        return aw_fail(err, AW_CONFIG, "calendar: %d is not 2000 to 2069",
                       year->year);
    for (unsigned i = 0; i < year->holidays_count && rc == AW_OK; i++)
        rc = add_holiday(days, year, &year->holidays[i], err);
    for (unsigned i = 0; i < year->worked_count && rc == AW_OK; i++)
        rc = add_worked(days, year, year->worked[i], err);
    if (rc == AW_OK) {
        char text[16];
        int64_t from = 0, to = 0;

        (void)snprintf(text, sizeof text, "%d-01-01", year->year);
        (void)aw_date_parse(aw_str_of(text), &from);
        (void)snprintf(text, sizeof text, "%d-12-31", year->year);
        (void)aw_date_parse(aw_str_of(text), &to);
        for (int64_t day = from / DAY_MS; day <= to / DAY_MS; day++)
            days->known[clamp(day)] = true;
    }
    return rc;
}

static aw_rc read_file(struct aw_workdays *days, const char *path,
                       struct aw_err *err)
{
    void *data = NULL;
    const struct file *file;
    aw_rc rc;

    if (!aw_path_exists(path))
        return AW_OK;
    rc = aw_yaml_load_file(&data, path, &file_schema, err);
    if (rc != AW_OK)
        return rc;
    file = data;
    for (unsigned i = 0; i < file->years_count && rc == AW_OK; i++)
        rc = add_year(days, &file->years[i], err);
    aw_yaml_free(data, &file_schema);
    return rc == AW_OK ? AW_OK : aw_fail_in(err, "%s", path);
}

aw_rc aw_workdays_new(struct aw_workdays **out, const char *lexicon_dir,
                      struct aw_err *err)
{
    struct aw_workdays *days = calloc(1, sizeof *days);
    char path[AW_PATH_MAX];
    aw_rc rc;

    if (!days)
        return aw_fail(err, AW_NOMEM, "out of memory");
    for (size_t i = 0; i < DAYS; i++)
        days->off[i] = is_weekend(FIRST_DAY + (int64_t)i);
    rc = aw_path_join(path, lexicon_dir, FILE_NAME, err);
    if (rc == AW_OK)
        rc = read_file(days, path, err);
    if (rc != AW_OK) {
        aw_workdays_free(days);
        return rc;
    }
    for (size_t i = 0; i < DAYS; i++)
        days->before[i + 1] = days->before[i] + !days->off[i];
    *out = days;
    return AW_OK;
}

void aw_workdays_free(struct aw_workdays *days)
{
    free(days);
}

bool aw_workdays_is(const struct aw_workdays *days, int64_t day)
{
    return !days->off[clamp(day)];
}

bool aw_workdays_known(const struct aw_workdays *days, int64_t day)
{
    return days->known[clamp(day)];
}

int64_t aw_workdays_between(const struct aw_workdays *days, int64_t from,
                            int64_t to)
{
    return days->before[clamp(to) + 1] - days->before[clamp(from) + 1];
}

int64_t aw_workdays_after(const struct aw_workdays *days, int64_t from,
                          int64_t n)
{
    int32_t wanted = days->before[clamp(from) + 1] + (int32_t)n;
    size_t at = clamp(from) + 1;

    while (at < DAYS && days->before[at + 1] < wanted)
        at++;
    return FIRST_DAY + (int64_t)at;
}
