#include "cli/cli.h"

static aw_rc write_config(const char *dir, struct aw_err *err)
{
    char path[AW_PATH_MAX];
    aw_rc rc = aw_path_join(path, dir, AW_CONFIG_NAME, err);

    if (rc == AW_OK && aw_path_exists(path))
        rc = aw_fail(err, AW_FAIL,
                     "'%s' is there already: '%s' is a workspace", path, dir);
    if (rc == AW_OK)
        rc = aw_file_write(path, aw_str_of(aw_config_template()), err);
    return rc;
}

static aw_rc run(struct aw_cli *cli, struct aw_err *err)
{
    const char *dir = cli->words[0];
    aw_rc rc = aw_mkdirs(dir, err);

    if (rc == AW_OK)
        rc = write_config(dir, err);
    if (rc == AW_OK)
        (void)printf("made workspace '%s'\nnext: name your sources in "
                     "%s/" AW_CONFIG_NAME ", then 'adwatch -C %s crawl'\n",
                     dir, dir, dir);
    return rc;
}

const struct aw_command aw_cmd_init = {
    .name = "init",
    .words = "DIR",
    .words_min = 1,
    .words_max = 1,
    .summary = "make a workspace",
    .text = "Makes DIR with an adwatch.yaml to fill in: who watches, and "
            "which sources.\nAn adwatch.yaml that is there is never touched."
            "\n",
    .run = run,
};
