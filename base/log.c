#include "base/log.h"

#include <cjson/cJSON.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static const char *const level_names[] = {"debug", "info", "warn", "error"};

void aw_log_init(struct aw_log *log, const struct aw_clock *clock)
{
    *log = (struct aw_log){stderr, AW_LOG_INFO, false, clock};
}

/* Values come from outside: control characters must not reach a terminal. */
static void put_value(FILE *out, const char *value)
{
    bool quoted = strchr(value, ' ') != NULL;

    if (quoted)
        (void)fputc('"', out);
    for (; *value; value++)
        (void)fputc((unsigned char)*value < 0x20 || *value == 0x7F ? '?'
                                                                   : *value,
                    out);
    if (quoted)
        (void)fputc('"', out);
}

static void log_text(const struct aw_log *log, enum aw_log_level level,
                     const char *msg, va_list args)
{
    char time[AW_TIME_MAX];
    const char *key;

    aw_time_iso(aw_clock_wall(log->clock), time);
    (void)fprintf(log->out, "%.8s %-5s %s", time + 11, level_names[level],
                  msg);
    while ((key = va_arg(args, const char *))) {
        const char *value = va_arg(args, const char *);

        (void)fprintf(log->out, " %s=", key);
        put_value(log->out, value ? value : "");
    }
    (void)fputc('\n', log->out);
}

static void log_json(const struct aw_log *log, enum aw_log_level level,
                     const char *msg, va_list args)
{
    cJSON *line = cJSON_CreateObject();
    char time[AW_TIME_MAX];
    const char *key;
    char *text;

    aw_time_iso_ms(aw_clock_wall(log->clock), time);
    cJSON_AddStringToObject(line, "time", time);
    cJSON_AddStringToObject(line, "level", level_names[level]);
    cJSON_AddStringToObject(line, "msg", msg);
    while ((key = va_arg(args, const char *))) {
        const char *value = va_arg(args, const char *);

        cJSON_AddStringToObject(line, key, value ? value : "");
    }
    text = cJSON_PrintUnformatted(line);
    if (text)
        (void)fprintf(log->out, "%s\n", text);
    cJSON_free(text);
    cJSON_Delete(line);
}

void aw_log(const struct aw_log *log, enum aw_log_level level, const char *msg,
            ...)
{
    va_list args;

    if (level < log->least)
        return;
    va_start(args, msg);
    if (log->json)
        log_json(log, level, msg, args);
    else
        log_text(log, level, msg, args);
    va_end(args);
}
