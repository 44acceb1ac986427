/* sealing.h - what commands do with seals and time stamps. */
#ifndef AW_CLI_SEALING_H
#define AW_CLI_SEALING_H

#include <stdio.h>

#include "cli/cli.h"
#include "cli/custody.h"
#include "evidence/seal.h"

/* The workspace's; the caller frees it. */
aw_rc aw_cli_sealer(const struct aw_cli *cli, const struct aw_workspace *ws,
                    struct aw_sealer **out, struct aw_err *err) AW_MUST_USE;

/* Writes down in its custody that the bundle was sealed or stamped: the file
 * has other bytes now. */
aw_rc aw_cli_note_seal(const struct aw_cli *cli, const struct aw_workspace *ws,
                       struct aw_str bundle, enum aw_custody_action action,
                       struct aw_str who, struct aw_err *err) AW_MUST_USE;

/* Asks for the stamps that are pending, the newest bundle's too, and tells on
 * out how each stands; `most` at most. AW_PARTLY: some still are. */
aw_rc aw_cli_stamp_pending(const struct aw_cli *cli,
                           const struct aw_workspace *ws, size_t most,
                           FILE *out, struct aw_err *err) AW_MUST_USE;

#endif
