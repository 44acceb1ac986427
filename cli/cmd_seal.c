#include <string.h>

#include "cli/cli.h"
#include "cli/hidden.h"
#include "cli/sealing.h"

#define RETRY_MOST 100000

/* "bundles/NAME.zip", "NAME.zip" or "NAME" */
static struct aw_str bundle_name(const char *word)
{
    struct aw_str name = aw_str_of(word);
    const char *slash = strrchr(word, '/');

    if (slash)
        name = aw_str_of(slash + 1);
    if (aw_str_ends(name, AW_STR(".zip")))
        name.len -= sizeof ".zip" - 1;
    return name;
}

static void tell(const struct aw_sealed_by *done, struct aw_str bundle)
{
    (void)printf("%.*s: officer %d sealed it by %s%s\n", AW_STR_ARG(bundle),
                 done->officer, done->key,
                 done->officer == 1
                     ? "; half sealed: a second officer is missing"
                     : "; two officers sealed it");
    (void)printf("%.*s: time stamp %s: %s\n", AW_STR_ARG(bundle),
                 done->stamped.state, done->stamped.what);
}

static aw_rc ask_and_seal(struct aw_cli *cli, struct aw_sealer *sealer,
                          struct aw_str bundle, struct aw_sealed_by *done,
                          struct aw_err *err)
{
    char password[AW_CLI_HIDDEN_MAX];
    struct aw_login login = {.name = aw_str_of(aw_cli_value(cli, "as")),
                             .peer = AW_STR("terminal")};
    int64_t wait_ms;
    aw_rc rc;

    if (!aw_cli_hidden("password: ", password))
        return aw_fail(err, AW_INVALID,
                       "there is no password on standard input");
    login.password = aw_str_of(password);
    rc = aw_sealer_seal(sealer, bundle, &login, &wait_ms, done, err);
    explicit_bzero(password, sizeof password);
    return rc;
}

static aw_rc seal_one(struct aw_cli *cli, struct aw_workspace *ws,
                      struct aw_err *err)
{
    struct aw_str bundle = bundle_name(cli->words[0]);
    struct aw_sealer *sealer = NULL;
    struct aw_sealed_by done = {0};
    aw_rc rc = aw_cli_sealer(cli, ws, &sealer, err);

    if (rc == AW_OK)
        rc = ask_and_seal(cli, sealer, bundle, &done, err);
    if (rc == AW_OK)
        tell(&done, bundle);
    aw_sealer_free(sealer);
    return rc;
}

static aw_rc seal(struct aw_cli *cli, struct aw_err *err)
{
    struct aw_workspace ws = {.lock = -1};
    bool retry = aw_cli_value(cli, "retry") != NULL;
    aw_rc rc;

    if (retry ? cli->word_count > 0 : cli->word_count == 0)
        return aw_cli_usage(cli, err, "give a BUNDLE, or --retry alone");
    if (!retry && !aw_cli_value(cli, "as"))
        return aw_cli_usage(cli, err, "who seals? give --as");
    rc = aw_workspace_open(&ws, cli, false, err);
    if (rc == AW_OK)
        rc = retry ? aw_cli_stamp_pending(cli, &ws, RETRY_MOST, stdout, err)
                   : seal_one(cli, &ws, err);
    aw_workspace_close(&ws);
    return rc;
}

static const struct aw_option options[] = {
    {"as", "NAME", "the officer, who is asked for her password"},
    {"retry", NULL, "ask for the time stamps that are pending"},
    {NULL, NULL, NULL}};

const struct aw_command aw_cmd_seal = {
    .name = "seal",
    .words = "BUNDLE | --retry",
    .words_min = 0,
    .words_max = 1,
    .summary = "sign a bundle as one of two officers; stamp it",
    .text =
        "BUNDLE is one of this workspace. Two officers seal it, each by her "
        "own password\n(one line of standard input where that is no "
        "terminal) and with a certificate\nnumber. The workspace's key signs "
        "each statement, and the officer's own where\nadwatch.yaml names it."
        "\n\n"
        "--retry asks for the time stamps that no authority gave yet; exit "
        "status 3 where\nsome are still missing.\n",
    .options = options,
    .run = seal,
};
