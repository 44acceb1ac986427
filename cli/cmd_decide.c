#include <stdlib.h>

#include "cli/cli.h"
#include "review/decide.h"

static aw_rc parse_finding(const struct aw_cli *cli, int64_t *finding,
                           struct aw_err *err)
{
    if (!aw_str_to_int(aw_str_of(cli->words[0]), finding) || *finding < 1)
        return aw_cli_usage(cli, err, "'%s' is no number of a finding",
                            cli->words[0]);
    return AW_OK;
}

static aw_rc decide(struct aw_cli *cli, struct aw_store *store,
                    struct aw_err *err)
{
    const char *reason = aw_cli_value(cli, "reason");
    const char *who = aw_cli_value(cli, "as");
    struct aw_decided done = {0};
    struct aw_decision_input input = {
        .action = aw_str_of(cli->words[1]),
        .reason = aw_str_of(reason ? reason : ""),
        .who = aw_str_of(who ? who : getenv("USER")),
    };
    struct aw_arena arena;
    aw_rc rc = parse_finding(cli, &input.finding, err);

    if (rc == AW_OK && input.who.len == 0)
        return aw_cli_usage(cli, err, "who decides? use --as NAME");
    aw_arena_init(&arena, (size_t)1 << 20);
    if (rc == AW_OK)
        rc = aw_decide(store, cli->clock, &input, &arena, &done, err);
    if (rc == AW_OK)
        (void)printf("finding %lld: %.*s by %.*s\n",
                     (long long)done.row.finding, AW_STR_ARG(done.row.action),
                     AW_STR_ARG(done.row.who));
    aw_arena_deinit(&arena);
    return rc;
}

static aw_rc run(struct aw_cli *cli, struct aw_err *err)
{
    struct aw_workspace ws;
    aw_rc rc = aw_workspace_open(&ws, cli, false, err);

    if (rc == AW_OK)
        rc = decide(cli, ws.store, err);
    aw_workspace_close(&ws);
    return rc;
}

static const struct aw_option options[] = {{"reason", "TEXT",
                                            "why; dismiss needs one"},
                                           {"as", "NAME",
                                            "who decides (else $USER)"},
                                           {NULL, NULL, NULL}};

const struct aw_command aw_cmd_decide = {
    .name = "decide",
    .words = "FINDING ACTION",
    .words_min = 2,
    .words_max = 2,
    .summary = "confirm, dismiss, escalate or reopen a finding",
    .text = "ACTION is confirm, dismiss, escalate or reopen. Each decision "
            "stays: a later one\nis added to it.\n",
    .options = options,
    .run = run,
};
