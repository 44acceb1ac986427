#include "cli/custody.h"
#include "cli/redact.h"

static aw_rc run(struct aw_cli *cli, struct aw_err *err)
{
    struct aw_workspace ws;
    char path[AW_PATH_MAX];
    aw_rc rc = aw_workspace_open(&ws, cli, false, err);

    if (rc == AW_OK)
        rc = aw_cli_bundle_path(&ws, cli->words[0], path, err);
    if (rc == AW_OK)
        rc = aw_cli_redact(cli, &ws, path, aw_cli_value(cli, "keep"), err);
    aw_workspace_close(&ws);
    return rc;
}

static const struct aw_option options[] = {
    {"keep", "FILE", "a number, mailbox or name on each line that stays"},
    {NULL, NULL, NULL}};

const struct aw_command aw_cmd_redact = {
    .name = "redact",
    .words = "BUNDLE",
    .words_min = 1,
    .words_max = 1,
    .summary = "copy a bundle without the personal data of third parties",
    .text =
        "Writes NAME-redacted.zip to bundles/; BUNDLE stays as it is. Numbers "
        "of mobiles,\nidentity and bank cards, mailboxes and names become "
        "marks of the same length;\nrecords, pictures and PDF that hold such "
        "data are left out. What the advertiser\nitself offers as its contact "
        "is kept. data/10-隐私/redactions.json lists both, with\nkeyed "
        "digests of the files as they were, whose key stays in bundles/: look "
        "at "
        "it\nbefore you hand the copy on.\n",
    .options = options,
    .run = run,
};
