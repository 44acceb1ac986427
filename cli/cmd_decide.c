#include <string.h>

#include "cli/cli.h"
#include "cli/who.h"
#include "review/batch.h"

#define ARENA_MAX ((size_t)1 << 20)

/* ---- what became of them -------------------------------------------------
 */

struct telling {
    const char *name; /* of the command, for what goes to stderr */
    bool alone;       /* one finding: its failure is the command's */
    size_t done, others;
};

static aw_rc tell(void *self, const struct aw_outcome *o, struct aw_err *err)
{
    struct telling *t = self;
    const struct aw_decision_row *row = &o->decided.row;

    if (o->rc == AW_OK) {
        t->done++;
        (void)printf("finding %lld: %.*s by %.*s\n", (long long)o->finding,
                     AW_STR_ARG(row->action), AW_STR_ARG(row->who));
        return AW_OK;
    }
    t->others++;
    if (t->alone)
        return aw_fail(err, o->rc, "%s", o->message);
    (void)fprintf(stderr, "adwatch %s: finding %lld: %s\n", t->name,
                  (long long)o->finding, o->message);
    return AW_OK;
}

static aw_rc sum_up(const struct telling *t, struct aw_err *err)
{
    if (t->others == 0)
        return AW_OK;
    return aw_fail(err, t->done > 0 ? AW_PARTLY : AW_FAIL,
                   "%zu findings were decided, %zu were not", t->done,
                   t->others);
}

/* ---- deciding ------------------------------------------------------------
 */

static aw_rc parse_findings(const struct aw_cli *cli, struct aw_member *items,
                            size_t count, struct aw_err *err)
{
    for (size_t i = 0; i < count; i++)
        if (!aw_str_to_int(aw_str_of(cli->words[i]), &items[i].finding) ||
            items[i].finding < 1)
            return aw_cli_usage(cli, err, "'%s' is no number of a finding",
                                cli->words[i]);
    return AW_OK;
}

static struct aw_str value_of(const struct aw_cli *cli, const char *option)
{
    return aw_str_of(aw_cli_value(cli, option));
}

static aw_rc decide(struct aw_cli *cli, struct aw_store *store,
                    const struct aw_cli_who *who, struct aw_arena *arena,
                    struct aw_err *err)
{
    size_t count = (size_t)cli->word_count - 1;
    struct aw_member *items = aw_arena_array(arena, count, sizeof *items);
    struct aw_order order = {.action = aw_str_of(cli->words[count]),
                             .reason = value_of(cli, "reason"),
                             .code = value_of(cli, "code"),
                             .class = value_of(cli, "class"),
                             .who = who->name,
                             .by = who->by,
                             .items = items,
                             .count = count};
    struct telling telling = {.name = cli->command->name, .alone = count == 1};
    int64_t batch = 0;
    aw_rc rc;

    if (!items)
        return aw_arena_fail(arena, err);
    rc = parse_findings(cli, items, count, err);
    if (rc == AW_OK)
        rc = aw_cli_number(cli, "count", 1, AW_ORDER_MOST, &order.typed, err);
    if (rc == AW_OK)
        rc = aw_order_carry_out(store, cli->clock, &order, tell, &telling,
                                &batch, err);
    return rc == AW_OK ? sum_up(&telling, err) : rc;
}

static aw_rc undo(struct aw_cli *cli, struct aw_store *store,
                  const struct aw_cli_who *who, struct aw_err *err)
{
    struct aw_undo order = {.who = who->name, .by = who->by};
    struct telling telling = {.name = cli->command->name};
    int64_t left = 0;
    aw_rc rc =
        aw_order_undo(store, cli->clock, &order, tell, &telling, &left, err);

    return rc == AW_OK ? sum_up(&telling, err) : rc;
}

static aw_rc work(struct aw_cli *cli, struct aw_store *store,
                  struct aw_err *err)
{
    struct aw_arena arena;
    struct aw_cli_who who;
    aw_rc rc;

    aw_arena_init(&arena, ARENA_MAX);
    rc = aw_cli_who(cli, store, &arena, &who, err);
    if (rc == AW_OK && cli->word_count == 1)
        rc = undo(cli, store, &who, err);
    else if (rc == AW_OK)
        rc = decide(cli, store, &who, &arena, err);
    aw_arena_deinit(&arena);
    return rc;
}

static aw_rc run(struct aw_cli *cli, struct aw_err *err)
{
    struct aw_workspace ws;
    aw_rc rc;

    if (cli->word_count == 1 && strcmp(cli->words[0], "undo") != 0)
        return aw_cli_usage(cli, err, "what about finding '%s'? give ACTION",
                            cli->words[0]);
    rc = aw_workspace_open(&ws, cli, false, err);
    if (rc == AW_OK)
        rc = work(cli, ws.store, err);
    aw_workspace_close(&ws);
    return rc;
}

static const struct aw_option options[] = {
    {"reason", "TEXT", "why; dismiss needs one, or a code"},
    {"code", "CODE", "the reason by its code: warning, negated ..."},
    {"class", "CLASS", "the class of claim, where another one is right"},
    {"count", "N", "how many findings these are; needed above 20"},
    {"as", "NAME", "who decides (else $USER)"},
    {NULL, NULL, NULL}};

const struct aw_command aw_cmd_decide = {
    .name = "decide",
    .words = "FINDING... ACTION | undo",
    .words_min = 1,
    .words_max = -1,
    .summary = "confirm, dismiss, escalate or reopen findings",
    .text =
        "ACTION is confirm, dismiss, escalate or reopen. Each decision stays: "
        "a later one\nis added to it. undo takes back what NAME decided last, "
        "of the last ten orders,\nwhere nobody decided since.\n\n"
        "Where the workspace has users, NAME is one of them, and a second "
        "officer may be\nneeded: then confirm proposes. Exit status 3 where "
        "some findings were decided and\nothers not.\n",
    .options = options,
    .run = run,
};
