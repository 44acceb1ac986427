/* log.h - what happens, told to people or to programs.
 *
 * One event is a message and pairs of key and value. As text:
 *     02:13:07 warn  page not fetched url=http://a.example/ why=timeout
 * as JSON lines:
 *     {"time":"2026-11-23T02:13:07.120Z","level":"warn",
 *      "msg":"page not fetched","url":"http://a.example/","why":"timeout"}
 *
 * Logs go to stderr; data never does. In values, numbers and names of people
 * and firms are masked (mask.h); a value of at most ten digits and nothing
 * else is a count, and stays.
 */
#ifndef AW_BASE_LOG_H
#define AW_BASE_LOG_H

#include <stdio.h>

#include "base/clock.h"

enum aw_log_level { AW_LOG_DEBUG, AW_LOG_INFO, AW_LOG_WARN, AW_LOG_ERROR };

struct aw_log {
    FILE *out;
    enum aw_log_level least;
    bool json;
    const struct aw_clock *clock;
    const char *before; /* of each line: clears what stands there; or NULL */
};

/* Text to stderr from AW_LOG_INFO on. */
void aw_log_init(struct aw_log *log, const struct aw_clock *clock);

/* Pairs of const char *key, const char *value, ended by a NULL key. */
void aw_log(const struct aw_log *log, enum aw_log_level level, const char *msg,
            ...) __attribute__((sentinel));

#endif
