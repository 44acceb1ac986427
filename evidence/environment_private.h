/* environment_private.h - what the files of environment.h share:
 *
 *     environment.c         what was looked at, once; the JSON
 *     environment_parts.c   the program, its libraries, the browser
 *     environment_checks.c  the machine
 *     commands_log.c        runs, decisions, audit
 */
#ifndef AW_EVIDENCE_ENVIRONMENT_PRIVATE_H
#define AW_EVIDENCE_ENVIRONMENT_PRIVATE_H

#include "crawler/render_process.h"
#include "evidence/environment.h"

#define AW_CHECKS_MAX 32

struct aw_environment {
    int64_t looked_ms; /* wall */
    char build[AW_SHA256_HEX_MAX];
    char browser[AW_BROWSER_VERSION_MAX]; /* or why there is none */
    bool has_browser;
    struct aw_check checks[AW_CHECKS_MAX];
    size_t check_count;
};

/* ---- environment_checks.c ----------------------------------------------- */

/* Fills checks. */
void aw_environment_look(struct aw_environment *environment,
                         const struct aw_environment_config *config);

/* Whether the hosts file names any of them. */
void aw_environment_check_hosts(struct aw_check *check,
                                const struct aw_str *hosts, size_t count);

#endif
