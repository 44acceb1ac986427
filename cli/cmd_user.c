#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/json.h"
#include "cli/cli.h"
#include "cli/hidden.h"
#include "review/password.h"
#include "review/user.h"

#define LINE_MAX_BYTES ((size_t)4096)

/* What a part of the command works with. */
struct work {
    struct aw_cli *cli;
    struct aw_store *store;
    struct aw_arena arena;
    struct aw_str who; /* for the audit chain */
};

/* ---- the password --------------------------------------------------------
 */

/* Never as an argument: those are seen by all on this machine. */
static aw_rc read_password(struct work *work, struct aw_str *out,
                           struct aw_err *err)
{
    char first[AW_CLI_HIDDEN_MAX], again[AW_CLI_HIDDEN_MAX];

    if (!aw_cli_hidden("password: ", first))
        return aw_fail(err, AW_INVALID,
                       "there is no password on standard input");
    if (aw_cli_is_terminal(STDIN_FILENO) &&
        (!aw_cli_hidden("once more: ", again) || strcmp(first, again) != 0))
        return aw_fail(err, AW_INVALID, "the two are not the same");
    return aw_arena_dup(&work->arena, aw_str_of(first), out, err);
}

/* ---- the parts -----------------------------------------------------------
 */

static aw_rc parse_role(const struct aw_cli *cli, const char *code,
                        enum aw_role *out, struct aw_err *err)
{
    if (!code)
        return aw_cli_usage(cli, err, "which role? give --role");
    if (!aw_role_parse(aw_str_of(code), out))
        return aw_cli_usage(cli, err,
                            "'%s' is no role: reviewer, second_officer, "
                            "supervisor, administrator or auditor",
                            code);
    return AW_OK;
}

static aw_rc add(struct work *work, char **words, struct aw_err *err)
{
    const struct aw_cli *cli = work->cli;
    struct aw_user user = {.name = aw_str_of(words[0]),
                           .place = aw_str_of(aw_cli_value(cli, "place")),
                           .certificate =
                               aw_str_of(aw_cli_value(cli, "certificate")),
                           .active = true};
    struct aw_str password = {0};
    aw_rc rc = parse_role(cli, aw_cli_value(cli, "role"), &user.role, err);

    if (rc == AW_OK)
        rc = read_password(work, &password, err);
    if (rc == AW_OK)
        rc = aw_user_add(work->store, cli->clock, work->who, &user, password,
                         err);
    if (rc == AW_OK)
        (void)printf("user %lld: %.*s, %s\n", (long long)user.id,
                     AW_STR_ARG(user.name), aw_role_code(user.role));
    return rc;
}

static aw_rc change(struct work *work, const char *name,
                    const struct aw_user_change *change, const char *done,
                    struct aw_err *err)
{
    struct aw_user user = {0};
    aw_rc rc =
        aw_user_find(work->store, &work->arena, aw_str_of(name), &user, err);

    if (rc == AW_OK)
        rc = aw_user_change(work->store, work->cli->clock, work->who, user.id,
                            change, err);
    if (rc == AW_OK)
        (void)printf("user %lld: %s: %s\n", (long long)user.id, name, done);
    return rc;
}

static aw_rc set_password(struct work *work, char **words, struct aw_err *err)
{
    struct aw_str password = {0};
    struct aw_user_change wish = {.password = &password};
    aw_rc rc = read_password(work, &password, err);

    return rc == AW_OK ? change(work, words[0], &wish, "new password", err)
                       : rc;
}

static aw_rc set_role(struct work *work, char **words, struct aw_err *err)
{
    enum aw_role role;
    struct aw_user_change wish = {.role = &role};
    aw_rc rc = parse_role(work->cli, words[1], &role, err);

    return rc == AW_OK ? change(work, words[0], &wish, words[1], err) : rc;
}

static aw_rc set_active(struct work *work, const char *name, bool active,
                        struct aw_err *err)
{
    struct aw_user_change wish = {.active = &active};

    return change(work, name, &wish, active ? "on" : "off", err);
}

static aw_rc switch_off(struct work *work, char **words, struct aw_err *err)
{
    return set_active(work, words[0], false, err);
}

static aw_rc switch_on(struct work *work, char **words, struct aw_err *err)
{
    return set_active(work, words[0], true, err);
}

static aw_rc print_row(void *self, const struct aw_user *user,
                       int64_t open_sessions, struct aw_err *err)
{
    const struct aw_cli *cli = self;
    struct aw_buf out;
    aw_rc rc;

    aw_buf_init(&out, LINE_MAX_BYTES);
    if (aw_cli_value(cli, "json")) {
        aw_json_open(&out, NULL, '{');
        aw_json_int(&out, "id", user->id);
        aw_json_text(&out, "name", user->name);
        aw_json_text(&out, "role", aw_str_of(aw_role_code(user->role)));
        aw_json_text(&out, "place", user->place);
        aw_json_text(&out, "certificate", user->certificate);
        aw_json_bool(&out, "active", user->active);
        aw_json_int(&out, "open_sessions", open_sessions);
        aw_json_close(&out, '}');
    } else {
        aw_buf_printf(&out, "%-4lld %-16.*s %-14s %-10.*s %s",
                      (long long)user->id, AW_STR_ARG(user->name),
                      aw_role_code(user->role), AW_STR_ARG(user->place),
                      user->active ? "on" : "off");
    }
    aw_buf_putc(&out, '\n');
    rc = aw_buf_check(&out, err);
    if (rc == AW_OK)
        rc = aw_cli_print(aw_buf_str(&out), err);
    aw_buf_deinit(&out);
    return rc;
}

static aw_rc list(struct work *work, char **words, struct aw_err *err)
{
    (void)words;
    return aw_users(work->store, work->cli->clock, print_row, work->cli, err);
}

static const struct {
    const char *name;
    int words; /* behind it */
    aw_rc (*run)(struct work *work, char **words, struct aw_err *err);
} parts[] = {{"add", 1, add},       {"passwd", 1, set_password},
             {"role", 2, set_role}, {"off", 1, switch_off},
             {"on", 1, switch_on},  {"list", 0, list}};

/* ---- the command ---------------------------------------------------------
 */

static aw_rc find_part(const struct aw_cli *cli, size_t *out,
                       struct aw_err *err)
{
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (strcmp(cli->words[0], parts[i].name) != 0)
            continue;
        if (cli->word_count - 1 != parts[i].words)
            return aw_cli_usage(cli, err, "'user %s' takes %d more words",
                                parts[i].name, parts[i].words);
        *out = i;
        return AW_OK;
    }
    return aw_cli_usage(cli, err,
                        "'%s' is neither add, passwd, role, off, on nor list",
                        cli->words[0]);
}

static aw_rc run(struct aw_cli *cli, struct aw_err *err)
{
    const char *as = aw_cli_value(cli, "as");
    const char *login = getenv("USER");
    struct work work = {.cli = cli};
    struct aw_workspace ws;
    size_t part = 0;
    aw_rc rc = find_part(cli, &part, err);

    if (rc != AW_OK)
        return rc;
    work.who = aw_str_of(as ? as : login ? login : "root");
    aw_arena_init(&work.arena, (size_t)1 << 20);
    rc = aw_workspace_open(&ws, cli, false, err);
    work.store = ws.store;
    if (rc == AW_OK)
        rc = parts[part].run(&work, cli->words + 1, err);
    aw_workspace_close(&ws);
    aw_arena_deinit(&work.arena);
    return rc;
}

static const struct aw_option options[] = {
    {"role", "ROLE",
     "add: reviewer, second_officer, supervisor, administrator, auditor"},
    {"place", "CODE", "add: sees findings of this place alone, such as 3708"},
    {"certificate", "N", "add: number of the officer's certificate"},
    {"as", "NAME", "who does it, for the audit chain (else $USER)"},
    {"json", NULL, "list: a JSON line for each"},
    {NULL, NULL, NULL}};

const struct aw_command aw_cmd_user = {
    .name = "user",
    .words = "add NAME | passwd NAME | role NAME ROLE | off NAME | on NAME | "
             "list",
    .words_min = 1,
    .words_max = 3,
    .summary = "who may come in: add, passwd, role, off, on, list",
    .text =
        "The password is asked for twice at a terminal; else it is the first\n"
        "line of standard input. It has 10 characters or more, and 128 bytes\n"
        "at most. Each change is a row of the audit chain, and ends the open\n"
        "sessions of the user.\n",
    .options = options,
    .run = run,
};
