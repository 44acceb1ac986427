#include <string.h>

#include "cli/cli.h"

static aw_rc complete(struct aw_cli *cli, struct aw_err *err)
{
    (void)cli;
    (void)err;
    aw_help_completion(stdout);
    return AW_OK;
}

const struct aw_command aw_cmd_completion = {
    .name = "completion",
    .words = "",
    .summary = "completion for bash",
    .text = "To use it: source <(adwatch completion)\n",
    .run = complete,
};

static void list_commands(void)
{
    for (int i = 0; aw_commands[i]; i++)
        if (!aw_commands[i]->hidden)
            (void)puts(aw_commands[i]->name);
}

static aw_rc man(struct aw_cli *cli, struct aw_err *err)
{
    if (aw_cli_value(cli, "list")) {
        list_commands();
        return AW_OK;
    }
    if (cli->word_count == 0) {
        aw_help_man(stdout, NULL);
        return AW_OK;
    }
    for (int i = 0; aw_commands[i]; i++) {
        if (strcmp(aw_commands[i]->name, cli->words[0]) == 0) {
            aw_help_man(stdout, aw_commands[i]);
            return AW_OK;
        }
    }
    return aw_cli_usage(cli, err, "'%s' is no command", cli->words[0]);
}

static const struct aw_option man_flags[] = {
    {"list", NULL, "the names of all commands, a line each"},
    {NULL, NULL, NULL}};

const struct aw_command aw_cmd_man = {
    .name = "man",
    .words = "[COMMAND]",
    .words_max = 1,
    .summary = "print a man page (troff)",
    .text = "To read it: adwatch man crawl | man -l -\n",
    .options = man_flags,
    .run = man,
};
