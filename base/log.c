#include "base/log.h"

#include <stdarg.h>

#include "base/json.h"
#include "base/mask.h"
#include "base/utf8.h"

#define LINE_MAX_BYTES ((size_t)1 << 20)
#define COUNT_DIGITS_MAX 10

static const char *const level_names[] = {"debug", "info", "warn", "error"};

void aw_log_init(struct aw_log *log, const struct aw_clock *clock)
{
    *log =
        (struct aw_log){.out = stderr, .least = AW_LOG_INFO, .clock = clock};
}

/* Values come from outside. What a terminal would obey (C0, DEL, and the C1
 * of Unicode), or what is no UTF-8, is never written as it is. */
static bool is_control(uint32_t cp)
{
    return cp < 0x20 || (cp >= 0x7F && cp <= 0x9F);
}

/* Quoted where a reader could take it for several pairs. */
static void put_value(struct aw_buf *out, struct aw_str value)
{
    bool quoted = aw_str_find(value, AW_STR(" ")) >= 0 ||
                  aw_str_find(value, AW_STR("\"")) >= 0;

    if (quoted)
        aw_buf_putc(out, '"');
    for (size_t pos = 0; pos < value.len;) {
        uint32_t cp = aw_utf8_next(value, &pos);

        if (quoted && (cp == '"' || cp == '\\'))
            aw_buf_putc(out, '\\');
        aw_utf8_put(out, is_control(cp) ? '?' : cp);
    }
    if (quoted)
        aw_buf_putc(out, '"');
}

/* "1048576": how many of something, and nobody's number. */
static bool is_count(struct aw_str value)
{
    for (size_t i = 0; i < value.len; i++)
        if (!aw_ascii_digit(value.ptr[i]))
            return false;
    return value.len <= COUNT_DIGITS_MAX;
}

/* The value as it is logged, in masked. */
static struct aw_str mask(struct aw_buf *masked, const char *text)
{
    struct aw_str value = aw_str_of(text);

    aw_buf_reset(masked);
    if (is_count(value))
        return value;
    aw_mask_put(masked, value);
    return aw_buf_str(masked);
}

static void put_text(struct aw_buf *out, const struct aw_log *log,
                     enum aw_log_level level, const char *msg, va_list args)
{
    char time[AW_TIME_MAX];
    struct aw_buf masked;
    const char *key;

    aw_buf_init(&masked, LINE_MAX_BYTES);
    aw_time_iso(aw_clock_wall(log->clock), time);
    aw_buf_printf(out, "%.8s %-5s %s", time + 11, level_names[level], msg);
    while ((key = va_arg(args, const char *))) {
        aw_buf_printf(out, " %s=", key);
        put_value(out, mask(&masked, va_arg(args, const char *)));
        out->rc = out->rc ? out->rc : masked.rc;
    }
    aw_buf_deinit(&masked);
}

/* JSON text again, with DEL and C1 escaped: they stand in strings alone. */
static void put_escaped(struct aw_buf *out, struct aw_str json)
{
    for (size_t pos = 0; pos < json.len;) {
        uint32_t cp = aw_utf8_next(json, &pos);

        if (is_control(cp))
            aw_buf_printf(out, "\\u%04x", (unsigned)cp);
        else
            aw_utf8_put(out, cp);
    }
}

static void put_json(struct aw_buf *out, const struct aw_log *log,
                     enum aw_log_level level, const char *msg, va_list args)
{
    struct aw_buf line, masked;
    char time[AW_TIME_MAX];
    const char *key;

    aw_buf_init(&line, LINE_MAX_BYTES);
    aw_buf_init(&masked, LINE_MAX_BYTES);
    aw_time_iso_ms(aw_clock_wall(log->clock), time);
    aw_json_open(&line, NULL, '{');
    aw_json_text(&line, "time", aw_str_of(time));
    aw_json_text(&line, "level", aw_str_of(level_names[level]));
    aw_json_text(&line, "msg", aw_str_of(msg));
    while ((key = va_arg(args, const char *)))
        aw_json_text(&line, key, mask(&masked, va_arg(args, const char *)));
    line.rc = line.rc ? line.rc : masked.rc;
    aw_json_close(&line, '}');
    if (line.rc == AW_OK)
        put_escaped(out, aw_buf_str(&line));
    else
        out->rc = line.rc;
    aw_buf_deinit(&masked);
    aw_buf_deinit(&line);
}

/* The whole line in one write, so that lines of several processes do not
 * mix. One that memory or its limit has no room for is told by its message
 * alone. */
void aw_log(const struct aw_log *log, enum aw_log_level level, const char *msg,
            ...)
{
    struct aw_buf line;
    va_list args;

    if (level < log->least)
        return;
    aw_buf_init(&line, LINE_MAX_BYTES);
    if (log->before)
        aw_buf_puts(&line, log->before);
    va_start(args, msg);
    (log->json ? put_json : put_text)(&line, log, level, msg, args);
    va_end(args);
    aw_buf_putc(&line, '\n');
    if (line.rc == AW_OK)
        (void)fwrite(line.ptr, 1, line.len, log->out);
    else if (log->json)
        (void)fprintf(log->out, "{\"level\":\"%s\",\"msg\":\"%s\"}\n",
                      level_names[level], msg);
    else
        (void)fprintf(log->out, "%-5s %s\n", level_names[level], msg);
    aw_buf_deinit(&line);
}
