#include "cli/cli.h"
#include "reader/process.h"

#define READER_FD 3 /* as pool.c leaves it */
#define CPU_MS 10000
#define MOST_MS 7200000 /* more than 8 pages of the longest image_ms */

static aw_rc run(struct aw_cli *cli, struct aw_err *err)
{
    char cache[AW_PATH_MAX];
    struct aw_classifier_config config = {
        .lexicon_dir = cli->words[0],
        .model_path = cli->words[1][0] ? cli->words[1] : NULL,
        .cache_dir = aw_cache_path(cache),
    };
    struct aw_cell_config cell = {
        .fd = READER_FD,
        .cpu_ms = CPU_MS,
        .optional = aw_cli_value(cli, "best-effort") != NULL,
    };
    struct aw_ocr_config ocr = {.clock = aw_clock_processor()};
    bool images = aw_cli_value(cli, "image-ms") != NULL;
    aw_rc rc = aw_cli_number(cli, "cpu-ms", 1, MOST_MS, &cell.cpu_ms, err);

    if (rc == AW_OK)
        rc = aw_cli_number(cli, "image-ms", 1, MOST_MS, &ocr.budget_ms, err);
    if (rc == AW_OK)
        rc = aw_reader_process(&config, images ? &ocr : NULL, &cell, err);
    if (rc == AW_CONFIG)
        err->msg[0] = '\0'; /* told over the socket: the crawler tells it */
    return rc;
}

static const struct aw_option options[] = {
    {"cpu-ms", "N", "processor time for one page"},
    {"best-effort", NULL, "go on where the kernel has no cell for a reader"},
    {"image-ms", "N", "reads images too, with so much processor time for one"},
    {NULL, NULL, NULL}};

const struct aw_command aw_cmd_reader = {
    .name = "reader",
    .words = "LEXICON MODEL",
    .words_min = 2,
    .words_max = 2,
    .summary = "a reader process, as the crawler starts it",
    .text = "",
    .options = options,
    .hidden = true,
    .run = run,
};
