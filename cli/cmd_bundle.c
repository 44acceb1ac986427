#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

#include "cli/bundle_order.h"
#include "cli/custody.h"
#include "cli/redact.h"
#include "cli/sealing.h"
#include "evidence/bundle.h"
#include "evidence/sealable.h"
#include "evidence/trust.h"
#include "evidence/verify.h"
#include "reports/text.h"

/* ---- what it is made with -----------------------------------------------
 */

/* All that lives as long as the making. */
struct tools {
    struct aw_sight *sight;
    struct aw_environment *environment;
    char templates[AW_PATH_MAX], browser[AW_PATH_MAX];
    struct aw_papers_config papers;
};

/* Captures are read again by a reader in its cell. */
static aw_rc open_sight(struct tools *tools, struct aw_cli *cli,
                        const struct aw_workspace *ws, struct aw_err *err)
{
    struct aw_sight_config config = {.program = cli->program,
                                     .lexicon_dir = ws->lexicon,
                                     .model_path = ws->model,
                                     .limits = &ws->config->crawl,
                                     .clock = cli->clock,
                                     .log = &cli->log};

    return aw_sight_new(&tools->sight, &config, err);
}

static aw_rc open_environment(struct tools *tools, struct aw_cli *cli,
                              const struct aw_workspace *ws,
                              struct aw_err *err)
{
    struct aw_environment_config config = {.clock = cli->clock,
                                           .workspace = ws->dir,
                                           .config = ws->config,
                                           .lexicon = ws->lexicon,
                                           .model = ws->model,
                                           .browser =
                                               ws->config->render.browsers >
                                               0};

    return aw_environment_new(&tools->environment, &config, err);
}

/* Without a browser the papers are HTML alone. */
static aw_rc find_papers(struct tools *tools, struct aw_cli *cli,
                         const struct aw_workspace *ws, struct aw_err *err)
{
    struct aw_err missing;
    aw_rc rc = aw_papers_path(cli, ws->config, tools->templates, err);

    tools->papers = (struct aw_papers_config){.templates = tools->templates,
                                              .clock = cli->clock};
    if (rc == AW_OK &&
        aw_papers_browser(ws->config, tools->browser, &missing) == AW_OK)
        tools->papers.browser = tools->browser;
    return rc;
}

static aw_rc open_tools(struct tools *tools, struct aw_cli *cli,
                        const struct aw_workspace *ws, struct aw_err *err)
{
    aw_rc rc = open_sight(tools, cli, ws, err);

    if (rc == AW_OK)
        rc = open_environment(tools, cli, ws, err);
    return rc == AW_OK ? find_papers(tools, cli, ws, err) : rc;
}

static void close_tools(struct tools *tools)
{
    aw_environment_free(tools->environment);
    aw_sight_free(tools->sight);
}

/* "bundles/NAME.zip": NAME */
static struct aw_str name_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    struct aw_str name = aw_str_of(slash ? slash + 1 : path);

    name.len -= sizeof ".zip" - 1;
    return name;
}

/* ---- making -------------------------------------------------------------
 */

static aw_rc make(struct aw_cli *cli, struct aw_workspace *ws,
                  const struct aw_bundle_order *order, struct aw_str left_out,
                  const struct tools *tools, struct aw_err *err)
{
    struct aw_bundle_config config = {
        .workspace = ws->dir,
        .archive_dir = ws->archive,
        .lexicon_dir = ws->lexicon,
        .tool = "adwatch " AW_VERSION,
        .clock = cli->clock,
        .config = ws->config,
        .sight = tools->sight,
        .environment = tools->environment,
        .papers = &tools->papers,
        .no_papers = aw_cli_value(cli, "no-papers") != NULL,
        .log = &cli->log,
        .who = order->maker.name,
        .maker = order->maker.person,
        .case_no = aw_str_of(aw_cli_value(cli, "case")),
        .officers = order->officers,
        .officer_count = order->officer_count,
        .left_out = left_out,
        .findings = order->findings,
        .count = order->count,
        .night = order->night,
    };
    char path[AW_PATH_MAX];
    aw_rc rc = aw_bundle_make(ws->store, &config, path, err);

    if (rc == AW_OK)
        (void)printf("%s\n", path);
    if (rc == AW_OK)
        aw_cli_stamp(cli, ws, name_of(path), stderr);
    if (rc == AW_OK && aw_cli_value(cli, "redact"))
        rc = aw_cli_redact(cli, ws, path, aw_cli_value(cli, "keep"), err);
    return rc;
}

static void tell_left_out(void *self, int64_t finding, const char *why)
{
    (void)self;
    (void)fprintf(stderr, "adwatch: finding %lld is left out: %s\n",
                  (long long)finding, why);
}

/* What cannot be sealed is found before anything is written. */
static aw_rc make_night(struct aw_cli *cli, struct aw_workspace *ws,
                        const struct aw_bundle_order *order,
                        const struct tools *tools, struct aw_err *err)
{
    struct aw_bundle_config config = {.archive_dir = ws->archive,
                                      .lexicon_dir = ws->lexicon,
                                      .clock = cli->clock,
                                      .config = ws->config,
                                      .findings = order->findings,
                                      .count = order->count};
    struct aw_bundle_order kept = *order;
    struct aw_sealable sealable;
    aw_rc rc = aw_sealable_check(&sealable, ws->store, &config, tell_left_out,
                                 NULL, err);

    kept.findings = sealable.findings;
    kept.count = sealable.count;
    if (rc == AW_OK && kept.count == 0)
        rc = aw_fail(err, AW_INVALID, "none of %zu findings can be sealed",
                     order->count);
    if (rc == AW_OK)
        rc = make(cli, ws, &kept, aw_buf_str(&sealable.json), tools, err);
    if (rc == AW_OK && sealable.left_out > 0)
        rc = aw_fail(err, AW_PARTLY, "%zu of %zu findings were left out",
                     sealable.left_out, order->count);
    aw_sealable_free(&sealable);
    return rc;
}

static aw_rc bundle(struct aw_cli *cli, struct aw_err *err)
{
    struct aw_bundle_order order = {0};
    struct tools tools = {0};
    struct aw_workspace ws;
    aw_rc rc;

    if (cli->word_count == 0 && !aw_cli_value(cli, "ids") &&
        !aw_cli_value(cli, "night"))
        return aw_cli_usage(cli, err,
                            "name findings, or --ids, or --night, one of "
                            "them");
    rc = aw_workspace_open(&ws, cli, false, err);
    if (rc == AW_OK)
        rc = aw_bundle_order_read(&order, cli, ws.store, err);
    if (rc == AW_OK)
        rc = open_tools(&tools, cli, &ws, err);
    if (rc == AW_OK)
        rc = order.night ? make_night(cli, &ws, &order, &tools, err)
                         : make(cli, &ws, &order, AW_STR(""), &tools, err);
    close_tools(&tools);
    aw_bundle_order_free(&order);
    aw_workspace_close(&ws);
    return rc;
}

static const struct aw_option bundle_options[] = {
    {"case", "NO", "the number of the case in the office's books"},
    {"officer", "NAME", "user who is to seal it; may stand twice"},
    {"as", "NAME", "who makes it (else $USER, where that is a user)"},
    {"no-papers", NULL, "without the papers of data/09-文书"},
    {"ids", "FILE", "findings of a list, a number a line (-: stdin)"},
    {"night", "DAY", "what was confirmed on a day in Beijing"},
    {"redact", NULL, "and a copy without third parties' personal data"},
    {"keep", "FILE", "redact: values that stay, one on each line"},
    {NULL, NULL, NULL}};

const struct aw_command aw_cmd_bundle = {
    .name = "bundle",
    .words = "[FINDING...]",
    .words_min = 0,
    .words_max = -1,
    .summary = "seal the evidence of confirmed findings in one file",
    .text = "Prints where it lies: bundles/*.zip in the workspace. Several "
            "findings make one\ncase. 'adwatch verify' checks it. The audit "
            "keeps its SHA-256.\n\nWith --ids or --night it is a stream of "
            "many findings, without papers: each is\nwritten and let go. What "
            "cannot be "
            "sealed is left out and told, exit status 3.\n",
    .options = bundle_options,
    .run = bundle,
};

/* What an item says may quote the bundle, which a stranger made. */
static void print_tamed(const struct aw_verify_item *item)
{
    struct aw_buf what;

    aw_buf_init(&what, (size_t)64 << 10);
    aw_text_tame(&what, aw_str_of(item->what));
    (void)printf("%-4s  %-12s %s%.*s\n", item->ok ? "ok" : "FAIL", item->name,
                 item->missing ? "missing: " : "",
                 AW_STR_ARG(aw_buf_str(&what)));
    aw_buf_deinit(&what);
}

static const char *state_of(const struct aw_verify_item *item)
{
    if (item->missing)
        return "missing";
    return item->ok ? "ok" : "false";
}

static aw_rc print_item(void *self, const struct aw_verify_item *item,
                        struct aw_err *err)
{
    bool json = *(const bool *)self;
    cJSON *line;
    char *text;

    if (!json) {
        print_tamed(item);
        return AW_OK;
    }
    line = cJSON_CreateObject();
    cJSON_AddStringToObject(line, "item", item->name);
    cJSON_AddBoolToObject(line, "ok", item->ok);
    cJSON_AddStringToObject(line, "state", state_of(item));
    cJSON_AddStringToObject(line, "what", item->what);
    text = cJSON_PrintUnformatted(line);
    cJSON_Delete(line);
    if (!text)
        return aw_fail(err, AW_NOMEM, "out of memory");
    (void)printf("%s\n", text);
    cJSON_free(text);
    return AW_OK;
}

/* Who looks into a bundle of this workspace has opened it. */
static aw_rc note_opening(struct aw_cli *cli, struct aw_err *err)
{
    struct aw_workspace ws;
    aw_rc rc = aw_workspace_open(&ws, cli, false, err);

    if (rc == AW_OK)
        rc = aw_cli_custody(cli, ws.store, cli->words[0], AW_CUSTODY_OPEN,
                            (struct aw_str){0}, err);
    aw_workspace_close(&ws);
    return rc;
}

static aw_rc load_trust(const struct aw_cli *cli, struct aw_trust **out,
                        struct aw_err *err)
{
    const char *files[AW_GIVEN_MAX];
    size_t count = aw_cli_values(cli, "trust", files, AW_GIVEN_MAX);

    aw_rc rc = count > 0 ? aw_trust_new(out, files, count, err) : AW_OK;

    if (rc == AW_OK && *out && aw_cli_value(cli, "no-stamp"))
        aw_trust_go_unstamped(*out);
    return rc;
}

/* libarchive makes a local time of each entry's, and the C library looks each
 * time whether the zone's file has changed, unless that is named. */
static void keep_time_zone(void)
{
    (void)setenv("TZ", ":/etc/localtime", 0);
}

static aw_rc verify(struct aw_cli *cli, struct aw_err *err)
{
    bool json = aw_cli_value(cli, "json") != NULL;
    struct aw_trust *trust = NULL;
    struct aw_err ignored = {0};
    aw_rc rc = load_trust(cli, &trust, err);

    if (rc != AW_OK)
        return rc;
    keep_time_zone();
    rc = aw_bundle_verify(cli->words[0], trust, print_item, &json, err);
    aw_trust_free(trust);
    if (cli->has_dir && rc == AW_OK)
        rc = note_opening(cli, err);
    else if (cli->has_dir && rc == AW_FAIL) /* its own failure says more */
        (void)note_opening(cli, &ignored);
    return rc;
}

static const struct aw_option options[] = {
    {"trust", "FILE", "PEM of who is trusted; may stand several times"},
    {"no-stamp", NULL, "with --trust: a missing time stamp is not false"},
    {"json", NULL, "print JSON lines"},
    {NULL, NULL, NULL}};

const struct aw_command aw_cmd_verify = {
    .name = "verify",
    .words = "BUNDLE",
    .words_min = 1,
    .words_max = 1,
    .summary = "check an evidence bundle, offline",
    .text = "Says item by item what holds and what does not. Exit status 1 "
            "where anything is\nfalse: changed, added, left out or renamed. "
            "With -C WORKSPACE the opening is written\ndown in the bundle's "
            "custody.\n\n"
            "Without --trust, signatures and time stamp hold by the keys and "
            "certificates in\nthe bundle: who has them is not proven. "
            "--trust names certificates (of an\nauthority, or of a key "
            "itself) and public keys that came another way; then each\n"
            "officer's seal and the stamp are proven by one of them, or "
            "false, and so is\nwhat is missing: a seal, the second one, the "
            "stamp (--no-stamp goes without it).\n",
    .options = options,
    .run = verify,
};
