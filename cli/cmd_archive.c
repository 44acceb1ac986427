#include <string.h>

#include "cli/archive.h"

static const struct {
    const char *name;
    aw_rc (*run)(struct aw_cli *cli, char **words, int count,
                 struct aw_err *err);
} parts[] = {{"check", aw_archive_check},
             {"get", aw_archive_get},
             {"cdx", aw_archive_cdx}};

aw_rc aw_archive_each(struct aw_cli *cli, char **words, int count,
                      aw_archive_path_fn *visit, void *self,
                      struct aw_err *err)
{
    struct aw_workspace ws;
    aw_rc rc = AW_OK;

    for (int i = 0; rc == AW_OK && i < count; i++)
        rc = visit(self, words[i], false, err);
    if (count > 0)
        return rc;
    rc = aw_workspace_open(&ws, cli, false, err);
    if (rc == AW_OK)
        rc = visit(self, ws.archive, true, err);
    aw_workspace_close(&ws);
    return rc;
}

static aw_rc run(struct aw_cli *cli, struct aw_err *err)
{
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (strcmp(cli->words[0], parts[i].name) == 0)
            return parts[i].run(cli, cli->words + 1, cli->word_count - 1, err);
    return aw_cli_usage(cli, err, "'%s' is neither check, get nor cdx",
                        cli->words[0]);
}

static const struct aw_option options[] = {
    {"json", NULL, "check: print a JSON line for each file"},
    {"at", "TIME",
     "get: the record nearest to this time, UTC: ISO 8601 or 14 digits"},
    {"file", "FILE", "get: look in this WARC file, of whatever program"},
    {"headers", NULL, "get: the HTTP head alone"},
    {"body", NULL, "get: the body alone"},
    {"record", NULL, "get: the whole WARC record, unpacked"},
    {"request", NULL, "get: the request that was sent"},
    {"decode", NULL, "get: undo the body's chunks, gzip, deflate"},
    {NULL, NULL, NULL}};

const struct aw_command aw_cmd_archive = {
    .name = "archive",
    .words = "check [PATH...] | get URL | get CAPTURE | cdx [PATH...]",
    .words_min = 1,
    .words_max = -1,
    .summary = "check digests and offsets, print what was archived",
    .text =
        "check reads WARC files whole, of this program or of others: "
        "lengths,\n"
        "gzip, the digests that are stated, and the index beside a file. "
        "PATH\n"
        "is a file or a folder; without one, the workspace's archive. Exit\n"
        "status 1 where a file is damaged.\n\n"
        "get prints the newest record of a URL, or the record of a capture's\n"
        "number: HTTP head and body as they came, without transfer-coding,\n"
        "with content-coding. Of a page that had not changed the head is "
        "that\n"
        "of the answer, and the body that of the record it refers to.\n\n"
        "cdx prints a classic CDX, for wget --warc-dedup.\n",
    .options = options,
    .run = run,
};
