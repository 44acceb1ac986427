#include <stdlib.h>
#include <string.h>

#include "classify/seen.h"
#include "cli/cli.h"
#include "cli/desk.h"
#include "cli/screen.h"
#include "reports/triage.h"

#define SORT_PIECE 1000
#define WIDTH_PLAIN 100

/* What lasts while the desk is open. */
struct office {
    struct aw_workspace ws;
    struct aw_arena arena;
    struct aw_user user;
    struct aw_desk *desk;
};

/* ---- who works here
 * ----------------------------------------------------------- */

static aw_rc count_user(void *self, const struct aw_user *user,
                        int64_t open_sessions, struct aw_err *err)
{
    int64_t *count = self;

    (void)user;
    (void)open_sessions;
    (void)err;
    ++*count;
    return AW_OK;
}

/* Where there are users, it is one of them who decides. */
static aw_rc set_who(const struct aw_cli *cli, struct office *office,
                     struct aw_err *err)
{
    const char *as = aw_cli_value(cli, "as");
    struct aw_desk *desk = office->desk;
    int64_t users = 0;
    aw_rc rc = aw_users(office->ws.store, cli->clock, count_user, &users, err);

    desk->who = aw_str_of(as ? as : getenv("USER"));
    if (rc == AW_OK && desk->who.len == 0)
        return aw_cli_usage(cli, err, "who decides? use --as NAME");
    if (rc != AW_OK || users == 0)
        return rc;
    rc = aw_user_find(office->ws.store, &office->arena, desk->who,
                      &office->user, err);
    if (rc == AW_OK && !office->user.active)
        rc = aw_fail(err, AW_INVALID, "user '%.*s' is off",
                     AW_STR_ARG(desk->who));
    desk->by = &office->user;
    desk->question.within = office->user.place;
    return rc;
}

/* ---- which findings, in what order
 * ---------------------------------------------- */

static aw_rc set_state(const struct aw_cli *cli, struct aw_question *question,
                       struct aw_err *err)
{
    const char *state = aw_cli_value(cli, "state");

    question->states = 1u << AW_QUEUE_NEW;
    if (!state)
        return AW_OK;
    question->states = 0;
    for (int i = 0; i < AW_QUEUE_STATE_COUNT; i++)
        if (strcmp(state, aw_queue_state_name((enum aw_queue_state)i)) == 0)
            question->states = 1u << i;
    if (question->states == 0 && strcmp(state, "all") != 0)
        return aw_cli_usage(cli, err,
                            "--state '%s' is none of new, second, confirmed, "
                            "dismissed, escalated, all",
                            state);
    return AW_OK;
}

static aw_rc set_order(struct aw_cli *cli, struct aw_question *question,
                       struct aw_err *err)
{
    static const struct {
        const char *name;
        enum aw_queue_order order;
    } orders[] = {{"urgent", AW_QUEUE_URGENT},
                  {"newest", AW_QUEUE_NEWEST},
                  {"uncertain", AW_QUEUE_UNCERTAIN},
                  {"random", AW_QUEUE_RANDOM}};
    const char *order = aw_cli_value(cli, "order");

    question->seed = aw_rng_next(&cli->rng);
    for (size_t i = 0; order && i < sizeof orders / sizeof *orders; i++)
        if (strcmp(order, orders[i].name) == 0) {
            question->order = orders[i].order;
            return AW_OK;
        }
    return order ? aw_cli_usage(cli, err,
                                "--order '%s' is none of urgent, newest, "
                                "uncertain, random",
                                order)
                 : AW_OK;
}

static aw_rc set_question(struct aw_cli *cli, struct aw_question *question,
                          struct aw_err *err)
{
    aw_rc rc;

    *question = AW_QUESTION_ALL;
    question->limit = AW_DESK_PAGE;
    rc = set_state(cli, question, err);
    return rc == AW_OK ? set_order(cli, question, err) : rc;
}

/* ---- open and closed
 * --------------------------------------------------------------- */

/* The queue, with what a crawl left unsorted: rows stand still then. What else
 * is to be done for findings, the desk does while nobody presses a key. */
static aw_rc open_queue(struct aw_cli *cli, struct office *office,
                        struct aw_err *err)
{
    struct aw_queue_config config = {.lexicon_dir = office->ws.lexicon,
                                     .clock = cli->clock,
                                     .fold = aw_seen_once};
    size_t done = 1;
    aw_rc rc = aw_workspace_threshold(&office->ws, &config.threshold, err);

    if (rc == AW_OK)
        rc =
            aw_queue_new(&office->desk->queue, &config, office->ws.store, err);
    while (rc == AW_OK && done > 0)
        rc = aw_queue_sort(office->desk->queue, office->ws.store, SORT_PIECE,
                           &done, err);
    return rc;
}

static aw_rc run_desk(struct aw_cli *cli, struct office *office,
                      struct aw_err *err)
{
    struct aw_provisions *provisions = NULL;
    aw_rc rc = set_who(cli, office, err);

    if (rc == AW_OK)
        rc = aw_provisions_new(&provisions, office->ws.lexicon, err);
    office->desk->provisions = provisions;
    if (rc == AW_OK)
        rc = open_queue(cli, office, err);
    if (rc == AW_OK)
        rc = aw_desk_run(office->desk, err);
    aw_queue_free(office->desk->queue);
    aw_provisions_free(provisions);
    return rc;
}

/* Where there is no terminal to draw on: the table. */
static aw_rc print_list(const struct aw_cli *cli, struct office *office,
                        struct aw_err *err)
{
    struct aw_triage_options o = {.claims = 3, .width = WIDTH_PLAIN};
    struct aw_provisions *provisions = NULL;
    const char *state = aw_cli_value(cli, "state");
    aw_rc rc = aw_provisions_new(&provisions, office->ws.lexicon, err);

    o.provisions = provisions;
    o.state = state ? state : "new";
    if (strcmp(o.state, "all") == 0)
        o.state = NULL;
    if (rc == AW_OK)
        rc = aw_triage_write(office->ws.store, &o, stdout, err);
    aw_provisions_free(provisions);
    return rc;
}

static aw_rc work(struct aw_cli *cli, struct office *office,
                  struct aw_err *err)
{
    struct aw_desk *desk = calloc(1, sizeof *desk);
    aw_rc rc;

    if (!desk)
        return aw_fail(err, AW_NOMEM, "out of memory");
    aw_desk_init(desk);
    office->desk = desk;
    desk->clock = cli->clock;
    rc = set_question(cli, &desk->question, err);
    if (rc == AW_OK) {
        rc = aw_workspace_open(&office->ws, cli, false, err);
        desk->store = office->ws.store;
        if (rc == AW_OK)
            rc = aw_screen_can() ? run_desk(cli, office, err)
                                 : print_list(cli, office, err);
        aw_workspace_close(&office->ws);
    }
    aw_desk_deinit(desk);
    free(desk);
    return rc;
}

static aw_rc run(struct aw_cli *cli, struct aw_err *err)
{
    struct office office = {0};
    aw_rc rc;

    aw_arena_init(&office.arena, (size_t)1 << 20);
    rc = work(cli, &office, err);
    aw_arena_deinit(&office.arena);
    return rc;
}

static const struct aw_option options[] = {
    {"as", "NAME", "who decides (else $USER)"},
    {"state", "NAME",
     "new (the default), second, confirmed, dismissed, escalated, all"},
    {"order", "NAME", "urgent (the default), newest, uncertain, random"},
    {NULL, NULL, NULL}};

const struct aw_command aw_cmd_desk = {
    .name = "desk",
    .words = "",
    .summary = "the review queue on the whole terminal: decide by keys",
    .text = "The keys stand at the foot; ? shows all of them. Where there is "
            "no terminal, or TERM\nis dumb, the queue is printed as triage "
            "does.\n",
    .options = options,
    .run = run,
};
