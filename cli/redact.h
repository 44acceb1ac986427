/* redact.h - a copy of a bundle without personal data, as a command makes it.
 */
#ifndef AW_CLI_REDACT_H
#define AW_CLI_REDACT_H

#include "cli/cli.h"

/* Makes bundles/NAME-redacted.zip in the workspace (evidence/redacted.h), puts
 * it into the chain of bundles where the whole one is in it, writes down its
 * making, and prints what was done. keep: a file with a value on each line
 * that stays; NULL: none. */
aw_rc aw_cli_redact(const struct aw_cli *cli, const struct aw_workspace *ws,
                    const char *bundle, const char *keep,
                    struct aw_err *err) AW_MUST_USE;

#endif
