/* custody.h - what commands write down of a bundle's way. */
#ifndef AW_CLI_CUSTODY_H
#define AW_CLI_CUSTODY_H

#include "cli/cli.h"
#include "evidence/custody.h"

/* Writes down that this person made, sealed, stamped or opened the bundle at
 * path (evidence/custody.h). Says on stderr where the file was touched. who
 * empty: $USER. */
aw_rc aw_cli_custody(const struct aw_cli *cli, struct aw_store *store,
                     const char *path, enum aw_custody_action action,
                     struct aw_str who, struct aw_err *err) AW_MUST_USE;

/* The path of the bundle that a word names: a file, or a bundle of the
 * workspace with or without .zip. AW_MISSING: there is no such file. */
aw_rc aw_cli_bundle_path(const struct aw_workspace *ws, const char *word,
                         char out[AW_PATH_MAX],
                         struct aw_err *err) AW_MUST_USE;

#endif
