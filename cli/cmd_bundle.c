#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/json.h"
#include "cli/custody.h"
#include "cli/sealing.h"
#include "evidence/bundle.h"
#include "evidence/trust.h"
#include "evidence/verify.h"
#include "review/audit.h"

#define STAMPS_MOST 1000 /* that are asked for at once */
#define AW_ORDER_MAX 200 /* findings of one case */

/* Who sealed which bytes: the digest that a recipient can ask for. */
static aw_rc audit_bundle(struct aw_cli *cli, struct aw_store *store,
                          int64_t finding, const char *path,
                          struct aw_err *err)
{
    struct aw_str who = aw_str_of(getenv("USER"));
    const char *slash = strrchr(path, '/');
    char sha256[AW_SHA256_HEX_MAX];
    char subject[40];
    struct aw_buf detail;
    aw_rc rc = aw_sha256_file(path, sha256, err);

    if (rc != AW_OK)
        return rc;
    (void)snprintf(subject, sizeof subject, "finding %lld",
                   (long long)finding);
    aw_buf_init(&detail, AW_AUDIT_DETAIL_MAX);
    aw_json_open(&detail, NULL, '{');
    aw_json_text(&detail, "file", aw_str_of(slash ? slash + 1 : path));
    aw_json_text(&detail, "sha256", aw_str_of(sha256));
    aw_json_close(&detail, '}');
    rc = aw_audit_add(store, cli->clock, who.len > 0 ? who : AW_STR("adwatch"),
                      aw_audit_code(AW_AUDIT_BUNDLE), aw_str_of(subject),
                      aw_buf_str(&detail), err);
    aw_buf_deinit(&detail);
    return rc;
}

/* What is to be bundled, from the words and options. */
struct order {
    int64_t findings[AW_ORDER_MAX];
    size_t count;
    struct aw_str officers[2];
    size_t officer_count;
};

static aw_rc read_words(struct aw_cli *cli, struct order *order,
                        struct aw_err *err)
{
    if (cli->word_count > AW_ORDER_MAX)
        return aw_cli_usage(cli, err, "more than %d findings in one case",
                            AW_ORDER_MAX);
    for (int i = 0; i < cli->word_count; i++) {
        int64_t *finding = &order->findings[order->count++];

        if (!aw_str_to_int(aw_str_of(cli->words[i]), finding) || *finding < 1)
            return aw_cli_usage(cli, err, "'%s' is no number of a finding",
                                cli->words[i]);
    }
    return AW_OK;
}

/* "张三,李四" */
static aw_rc read_officers(struct aw_cli *cli, struct order *order,
                           struct aw_err *err)
{
    struct aw_str rest = aw_str_of(aw_cli_value(cli, "officers"));
    struct aw_str name;

    while (aw_str_split(&rest, ',', &name)) {
        if (order->officer_count == 2)
            return aw_cli_usage(cli, err, "a bundle has two officers");
        order->officers[order->officer_count++] = aw_str_trim(name);
    }
    return AW_OK;
}

/* What no authority gives now is pending, which is said and is no failure. */
static aw_rc stamp(struct aw_cli *cli, struct aw_workspace *ws,
                   struct aw_err *err)
{
    struct aw_err why = {0};
    aw_rc rc = AW_OK;

    if (ws->config->evidence.tsa.url)
        rc = aw_cli_stamp_pending(cli, ws, STAMPS_MOST, stderr, &why);
    if (rc == AW_PARTLY)
        (void)fprintf(stderr, "adwatch: %s: `adwatch seal --retry`\n",
                      why.msg);
    return rc == AW_OK || rc == AW_PARTLY ? AW_OK
                                          : aw_fail(err, rc, "%s", why.msg);
}

static aw_rc make(struct aw_cli *cli, struct aw_workspace *ws,
                  const struct order *order, struct aw_sight *sight,
                  struct aw_err *err)
{
    struct aw_bundle_config config = {
        .workspace = ws->dir,
        .archive_dir = ws->archive,
        .lexicon_dir = ws->lexicon,
        .tool = "adwatch " AW_VERSION,
        .clock = cli->clock,
        .config = ws->config,
        .sight = sight,
        .case_no = aw_str_of(aw_cli_value(cli, "case")),
        .officers = order->officers,
        .officer_count = order->officer_count,
        .findings = order->findings,
        .count = order->count,
    };
    char path[AW_PATH_MAX];
    aw_rc rc = aw_bundle_make(ws->store, &config, path, err);

    for (size_t i = 0; i < order->count && rc == AW_OK; i++)
        rc = audit_bundle(cli, ws->store, order->findings[i], path, err);
    if (rc == AW_OK)
        rc = aw_cli_custody(cli, ws->store, path, AW_CUSTODY_MAKE,
                            (struct aw_str){0}, err);
    if (rc == AW_OK)
        (void)printf("%s\n", path);
    return rc == AW_OK ? stamp(cli, ws, err) : rc;
}

/* Captures are read again by a reader in its cell. */
static aw_rc make_with_sight(struct aw_cli *cli, struct aw_workspace *ws,
                             const struct order *order, struct aw_err *err)
{
    struct aw_sight_config config = {.program = cli->program,
                                     .lexicon_dir = ws->lexicon,
                                     .model_path = ws->model,
                                     .limits = &ws->config->crawl,
                                     .clock = cli->clock,
                                     .log = &cli->log};
    struct aw_sight *sight = NULL;
    aw_rc rc = aw_sight_new(&sight, &config, err);

    if (rc == AW_OK)
        rc = make(cli, ws, order, sight, err);
    aw_sight_free(sight);
    return rc;
}

static aw_rc bundle(struct aw_cli *cli, struct aw_err *err)
{
    struct order order = {0};
    struct aw_workspace ws = {.lock = -1};
    aw_rc rc = read_words(cli, &order, err);

    if (rc == AW_OK)
        rc = read_officers(cli, &order, err);
    if (rc == AW_OK)
        rc = aw_workspace_open(&ws, cli, false, err);
    if (rc == AW_OK)
        rc = make_with_sight(cli, &ws, &order, err);
    aw_workspace_close(&ws);
    return rc;
}

static const struct aw_option bundle_options[] = {
    {"case", "NO", "the number of the case in the office's books"},
    {"officers", "A,B", "users who are to seal it"},
    {NULL, NULL, NULL}};

const struct aw_command aw_cmd_bundle = {
    .name = "bundle",
    .words = "FINDING...",
    .words_min = 1,
    .words_max = -1,
    .summary = "seal the evidence of confirmed findings in one file",
    .text = "Prints where it lies: bundles/*.zip in the workspace. Several "
            "findings make one\ncase. 'adwatch verify' checks it. The audit "
            "keeps its SHA-256.\n",
    .options = bundle_options,
    .run = bundle,
};

static aw_rc print_item(void *self, const struct aw_verify_item *item,
                        struct aw_err *err)
{
    bool json = *(const bool *)self;
    cJSON *line;
    char *text;

    if (!json) {
        (void)printf("%-4s  %-12s %s\n", item->ok ? "ok" : "FAIL", item->name,
                     item->what);
        return AW_OK;
    }
    line = cJSON_CreateObject();
    cJSON_AddStringToObject(line, "item", item->name);
    cJSON_AddBoolToObject(line, "ok", item->ok);
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

    return count > 0 ? aw_trust_new(out, files, count, err) : AW_OK;
}

static aw_rc verify(struct aw_cli *cli, struct aw_err *err)
{
    bool json = aw_cli_value(cli, "json") != NULL;
    struct aw_trust *trust = NULL;
    struct aw_err ignored = {0};
    aw_rc rc = load_trust(cli, &trust, err);

    if (rc != AW_OK)
        return rc;
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
            "false.\n",
    .options = options,
    .run = verify,
};
