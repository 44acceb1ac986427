/* lexicon_test.h - `lexicon test TEXT`: why is this text flagged, or not? */
#ifndef AW_CLI_LEXICON_TEST_H
#define AW_CLI_LEXICON_TEST_H

#include "cli/cli.h"

/* Prints the views, each rule that hits with what its contexts made of it,
 * and the verdict with its reasons; as JSON with --json. */
aw_rc aw_lexicon_test(const struct aw_cli *cli, struct aw_str words,
                      struct aw_err *err) AW_MUST_USE;

#endif
