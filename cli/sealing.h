/* sealing.h - what commands do with seals and time stamps. */
#ifndef AW_CLI_SEALING_H
#define AW_CLI_SEALING_H

#include <stdio.h>

#include "cli/cli.h"
#include "evidence/seal.h"

/* The workspace's; the caller frees it. */
aw_rc aw_cli_sealer(const struct aw_cli *cli, const struct aw_workspace *ws,
                    struct aw_sealer **out, struct aw_err *err) AW_MUST_USE;

/* Asks for the stamp of a bundle that was just made, where an authority is
 * configured, and tells on out how it stands. Whatever keeps it away, the
 * bundle is made: it is pending. */
void aw_cli_stamp(const struct aw_cli *cli, const struct aw_workspace *ws,
                  struct aw_str bundle, FILE *out);

/* Asks for the stamps that are pending, and tells on
 * out how each stands; `most` at most. AW_PARTLY: some still are. */
aw_rc aw_cli_stamp_pending(const struct aw_cli *cli,
                           const struct aw_workspace *ws, size_t most,
                           FILE *out, struct aw_err *err) AW_MUST_USE;

#endif
