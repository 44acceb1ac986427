#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cli/cli.h"
#include "reports/export.h"
#include "reports/triage.h"

#define CLAIMS_SHOWN 3        /* of a finding, in the table */
#define WIDTH_PLAIN 100       /* where nobody says how wide it is */
#define SEED_BOUND 1000000000 /* one that can be typed again */

static int terminal_width(void)
{
    struct winsize size = {0};

    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
        return WIDTH_PLAIN;
    return size.ws_col > AW_TRIAGE_WIDTH_MIN ? size.ws_col
                                             : AW_TRIAGE_WIDTH_MIN;
}

static bool is_state(const char *name)
{
    static const char *const names[] = {"new", "confirmed", "dismissed",
                                        "escalated", "all"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(name, names[i]) == 0)
            return true;
    return false;
}

static int forms_given(const struct aw_cli *cli)
{
    static const char *const forms[] = {"json", "csv", "xlsx"};
    int given = 0;

    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        given += aw_cli_value(cli, forms[i]) != NULL;
    return given;
}

static aw_rc set_options(struct aw_cli *cli, struct aw_triage_options *o,
                         struct aw_err *err)
{
    const char *state = aw_cli_value(cli, "state");

    if (state && !is_state(state))
        return aw_cli_usage(cli, err,
                            "--state '%s' is none of new, confirmed, "
                            "dismissed, escalated, all",
                            state);
    if (forms_given(cli) > 1)
        return aw_cli_usage(cli, err,
                            "--json, --csv and --xlsx do not go together");

    o->claims = aw_cli_value(cli, "full") ? 0 : CLAIMS_SHOWN;
    o->width = terminal_width();
    o->colour = aw_cli_has_colour(STDOUT_FILENO);
    o->state = state ? state : "new";
    if (strcmp(o->state, "all") == 0)
        o->state = NULL;
    if (aw_cli_value(cli, "json"))
        o->format = AW_TRIAGE_JSON;
    if (aw_cli_value(cli, "csv"))
        o->format = AW_TRIAGE_CSV;
    return aw_cli_number(cli, "limit", 1, INT64_MAX, &o->limit, err);
}

/* ---- the order --------------------------------------------------------- */

/* The seed is told, so that the same draw can be had again. */
static aw_rc set_seed(struct aw_cli *cli, uint64_t *out, struct aw_err *err)
{
    int64_t seed = (int64_t)(aw_rng_next(&cli->rng) % SEED_BOUND);
    char text[24];
    aw_rc rc = aw_cli_number(cli, "seed", 0, INT64_MAX, &seed, err);

    if (rc != AW_OK)
        return rc;
    (void)snprintf(text, sizeof text, "%lld", (long long)seed);
    aw_log(&cli->log, AW_LOG_INFO, "random order", "seed", text, (char *)NULL);
    *out = (uint64_t)seed;
    return AW_OK;
}

static aw_rc set_order(struct aw_cli *cli, const struct aw_workspace *ws,
                       struct aw_findings_order *order, struct aw_err *err)
{
    if (order->by == AW_BY_UNCERTAINTY)
        return aw_workspace_threshold(ws, &order->threshold, err);
    return order->by == AW_BY_CHANCE ? set_seed(cli, &order->seed, err)
                                     : AW_OK;
}

static aw_rc parse_order(struct aw_cli *cli, enum aw_findings_by *out,
                         struct aw_err *err)
{
    static const struct {
        const char *name;
        enum aw_findings_by by;
    } orders[] = {{"urgent", AW_BY_URGENCY},
                  {"uncertain", AW_BY_UNCERTAINTY},
                  {"random", AW_BY_CHANCE}};
    const char *order = aw_cli_value(cli, "order");

    for (size_t i = 0; order && i < sizeof orders / sizeof *orders; i++)
        if (strcmp(order, orders[i].name) == 0) {
            *out = orders[i].by;
            order = NULL;
        }
    if (order)
        return aw_cli_usage(cli, err,
                            "--order '%s' is none of urgent, uncertain, "
                            "random",
                            order);
    if (aw_cli_value(cli, "seed") && *out != AW_BY_CHANCE)
        return aw_cli_usage(cli, err, "--seed goes with --order random");
    return AW_OK;
}

/* ---- as a workbook ------------------------------------------------------ */

struct workbook {
    struct aw_export *export;
    struct aw_store *store;
};

static aw_rc put_finding(void *self, const struct aw_finding *finding,
                         struct aw_err *err)
{
    struct workbook *book = self;

    return aw_export_add(book->export, book->store, finding, err);
}

static aw_rc fill_workbook(struct workbook *book,
                           const struct aw_triage_options *o,
                           const struct aw_export_config *config,
                           struct aw_export_told *told, struct aw_err *err)
{
    aw_rc rc = aw_export_new(&book->export, config, err);

    if (rc == AW_OK)
        rc = aw_store_findings_by(book->store, &o->order, o->state, o->limit,
                                  put_finding, book, err);
    if (rc == AW_OK)
        rc = aw_export_end(book->export, told, err);
    aw_export_free(book->export);
    if (rc == AW_OK && fsync(config->fd) != 0)
        rc = aw_fail_errno(err, AW_IO, "cannot write the workbook");
    return rc;
}

static aw_rc tell_workbook(const struct aw_cli *cli, const char *path,
                           const struct aw_export_told *told,
                           struct aw_err *err)
{
    char findings[24];

    if (told->rows_left > 0)
        return aw_fail(err, AW_PARTLY,
                       "'%s' is full: %lld rows are left out; use --state or "
                       "--limit",
                       path, (long long)told->rows_left);
    (void)snprintf(findings, sizeof findings, "%lld",
                   (long long)told->findings);
    aw_log(&cli->log, AW_LOG_INFO, "workbook written", "file", path,
           "findings", findings, (char *)NULL);
    return AW_OK;
}

/* Whole, or not at all: a file that was there stays until then. */
static aw_rc write_workbook(const struct aw_cli *cli,
                            const struct aw_workspace *ws,
                            const struct aw_triage_options *o,
                            const char *path, struct aw_err *err)
{
    struct workbook book = {.store = ws->store};
    struct aw_export_told told = {0};
    struct aw_workdays *days = NULL;
    char temp[AW_PATH_MAX];
    struct aw_export_config config = {.format = AW_EXPORT_XLSX,
                                      .temp = ws->dir,
                                      .provisions = o->provisions,
                                      .scope = aw_str_of(o->state ? o->state
                                                                  : "all"),
                                      .made_ms = aw_clock_wall(cli->clock)};
    aw_rc rc;

    if (snprintf(temp, sizeof temp, "%s.tmp", path) >= (int)sizeof temp)
        return aw_fail(err, AW_LIMIT, "'%.100s...' is too long", path);
    config.fd = open(temp, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (config.fd < 0)
        return aw_fail_errno(err, AW_IO, "cannot open '%s'", temp);
    rc = aw_workdays_new(&days, ws->lexicon, err);
    config.days = days;
    if (rc == AW_OK)
        rc = fill_workbook(&book, o, &config, &told, err);
    (void)close(config.fd);
    aw_workdays_free(days);
    if (rc == AW_OK && rename(temp, path) != 0)
        rc = aw_fail_errno(err, AW_IO, "cannot name '%s' '%s'", temp, path);
    if (rc != AW_OK)
        (void)unlink(temp);
    return rc == AW_OK ? tell_workbook(cli, path, &told, err) : rc;
}

static aw_rc write_queue(const struct aw_cli *cli,
                         const struct aw_workspace *ws,
                         const struct aw_triage_options *o, struct aw_err *err)
{
    const char *path = aw_cli_value(cli, "xlsx");

    return path ? write_workbook(cli, ws, o, path, err)
                : aw_triage_write(ws->store, o, stdout, err);
}

static aw_rc run(struct aw_cli *cli, struct aw_err *err)
{
    struct aw_triage_options o = {0};
    struct aw_provisions *provisions = NULL;
    struct aw_workspace ws;
    aw_rc rc = set_options(cli, &o, err);

    if (rc == AW_OK)
        rc = parse_order(cli, &o.order.by, err);
    if (rc != AW_OK)
        return rc;
    rc = aw_workspace_open(&ws, cli, false, err);
    if (rc == AW_OK)
        rc = set_order(cli, &ws, &o.order, err);
    if (rc == AW_OK)
        rc = aw_provisions_new(&provisions, ws.lexicon, err);
    o.provisions = provisions;
    if (rc == AW_OK)
        rc = write_queue(cli, &ws, &o, err);
    aw_provisions_free(provisions);
    aw_workspace_close(&ws);
    return rc;
}

static const struct aw_option options[] = {
    {"state", "NAME",
     "new (the default), confirmed, dismissed, escalated, "
     "all"},
    {"order", "NAME",
     "urgent (the default); for labelling, uncertain (scores nearest the "
     "threshold first) or random"},
    {"seed", "N", "of --order random; the same seed, the same order"},
    {"limit", "N", "at most so many findings"},
    {"full", NULL, "all claims of each finding, not the three gravest"},
    {"json", NULL, "print JSON lines"},
    {"csv", NULL, "print CSV, for a spreadsheet"},
    {"xlsx", "FILE", "write a workbook, with decisions and hashes"},
    {NULL, NULL, NULL}};

const struct aw_command aw_cmd_triage = {
    .name = "triage",
    .words = "",
    .summary = "the review queue, most urgent first",
    .text = "",
    .options = options,
    .run = run,
};
