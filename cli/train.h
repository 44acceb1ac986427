/* train.h - the parts of `train` that work on a workspace. */
#ifndef AW_CLI_TRAIN_H
#define AW_CLI_TRAIN_H

#include "cli/cli.h"

/* `train --decisions`: learns from what reviewers decided, prints the change
 * on texts that neither model saw, and puts the new one to use with --use. */
aw_rc aw_train_decisions(struct aw_cli *cli, struct aw_err *err) AW_MUST_USE;

/* `train --undo`: goes back to the model that was in use before. */
aw_rc aw_train_undo(struct aw_cli *cli, struct aw_err *err) AW_MUST_USE;

#endif
