/* train.h - the parts of `train` that work on a workspace. */
#ifndef AW_CLI_TRAIN_H
#define AW_CLI_TRAIN_H

#include "cli/cli.h"

aw_rc aw_train_decisions(struct aw_cli *cli, struct aw_err *err) AW_MUST_USE;
aw_rc aw_train_undo(struct aw_cli *cli, struct aw_err *err) AW_MUST_USE;

#endif
