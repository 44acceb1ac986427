#include "cli/cli.h"
#include "crawler/url.h"

static aw_rc run(struct aw_cli *cli, struct aw_err *err)
{
    struct aw_buf out;
    aw_rc rc;

    aw_buf_init(&out, AW_URL_MAX + 1);
    rc = aw_url_canonical(aw_str_of(aw_cli_value(cli, "base")),
                          aw_str_of(cli->words[0]), &out, err);
    aw_buf_putc(&out, '\n');
    if (rc == AW_OK)
        rc = aw_cli_print(aw_buf_str(&out), err);
    aw_buf_deinit(&out);
    return rc;
}

static const struct aw_option options[] = {
    {"base", "URL", "what a relative URL is relative to"}, {NULL, NULL, NULL}};

const struct aw_command aw_cmd_url = {
    .name = "url",
    .words = "URL",
    .words_min = 1,
    .words_max = 1,
    .summary = "the canonical form that the crawler would fetch",
    .text = "Exit status 1 where it would not be fetched at all, with the "
            "reason.\n",
    .options = options,
    .run = run,
};
