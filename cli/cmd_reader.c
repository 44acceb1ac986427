#include "cli/cli.h"
#include "reader/process.h"

#define READER_FD 3 /* as pool.c leaves it */

static aw_rc run(struct aw_cli *cli, struct aw_err *err)
{
    char cache[AW_PATH_MAX];
    struct aw_classifier_config config = {
        .lexicon_dir = cli->words[0],
        .model_path = cli->words[1][0] ? cli->words[1] : NULL,
        .cache_dir = aw_cache_path(cache),
    };
    aw_rc rc = aw_reader_process(READER_FD, &config, err);

    if (rc == AW_CONFIG)
        err->msg[0] = '\0'; /* told over the socket: the crawler tells it */
    return rc;
}

const struct aw_command aw_cmd_reader = {
    .name = "reader",
    .words = "LEXICON MODEL",
    .words_min = 2,
    .words_max = 2,
    .summary = "a reader process, as the crawler starts it",
    .text = "",
    .hidden = true,
    .run = run,
};
