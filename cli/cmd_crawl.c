#include <inttypes.h>
#include <signal.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/progress.h"
#include "crawler/crawl.h"
#include "review/audit.h"

static volatile sig_atomic_t stop_asked;

static void on_signal(int number)
{
    (void)number;
    stop_asked = 1;
}

static void catch_signals(void)
{
    struct sigaction action = {.sa_handler = on_signal};

    (void)sigaction(SIGTERM, &action, NULL);
    (void)sigaction(SIGINT, &action, NULL);
    (void)signal(SIGPIPE, SIG_IGN);
}

static double seconds_of(const struct aw_crawl_stats *s)
{
    return (double)(s->now_ms - s->began_ms) / 1000;
}

static void print_summary(const struct aw_crawl_stats *s)
{
    (void)printf("%s: %" PRId64 " answers, %" PRId64 " pages read, %" PRId64
                 " new findings, %" PRId64 " failed, %" PRId64 " skipped",
                 s->resumed ? "resumed run" : "run", s->answers, s->did.read,
                 s->did.findings, s->did.failed,
                 s->did.skipped + s->did.refused);
    if (s->did.rendered > 0)
        (void)printf(", %" PRId64 " rendered", s->did.rendered);
    if (s->did.unchanged > 0)
        (void)printf(", %" PRId64 " not changed", s->did.unchanged);
    if (s->did.left > 0)
        (void)printf(", %" PRId64 " left for the next run", s->did.left);
    (void)printf(", %.1f MB, %.1f s\n", (double)s->did.bytes / 1e6,
                 seconds_of(s));
}

/* The night's log keeps where the audit chain stood: a chain whose end is cut
 * off later is found by it. A crawl is no worse for a head that was not read.
 */
static void log_audit_head(struct aw_cli *cli, struct aw_store *store)
{
    struct aw_audit_head head;
    char text[AW_AUDIT_HEAD_MAX];
    struct aw_err err;

    if (aw_audit_head(store, &head, &err) != AW_OK || head.id == 0)
        return;
    aw_audit_head_text(&head, text);
    aw_log(&cli->log, AW_LOG_INFO, "head of the audit chain", "head", text,
           (char *)NULL);
}

static aw_rc crawl(struct aw_cli *cli, struct aw_workspace *ws,
                   struct aw_progress *progress, struct aw_err *err)
{
    struct aw_crawl_stats stats = {0};
    struct aw_crawl_input input = {
        .config = ws->config,
        .store = ws->store,
        .archive_dir = ws->archive,
        .program = cli->program,
        .lexicon_dir = ws->lexicon,
        .model_path = ws->model,
        .ca_file = ws->ca_file[0] ? ws->ca_file : NULL,
        .clock = cli->clock,
        .rng = &cli->rng,
        .log = &cli->log,
        .stop = &stop_asked,
        .on_progress = aw_progress_show,
        .self = progress,
    };
    aw_rc rc;

    if (!progress->terminal && cli->log.least == AW_LOG_INFO)
        aw_log(&cli->log, AW_LOG_INFO, "run begins", "workspace", ws->dir,
               (char *)NULL);
    rc = aw_crawl(&input, &stats, err);
    if (rc != AW_OK && rc != AW_PARTLY)
        return rc;
    print_summary(&stats);
    log_audit_head(cli, ws->store);
    return rc;
}

/* Who is quiet sees no line on the terminal either. */
static bool shows_line(const struct aw_cli *cli)
{
    return aw_cli_is_terminal(STDERR_FILENO) && !cli->log.json &&
           cli->log.least <= AW_LOG_INFO;
}

static aw_rc watch_and_crawl(struct aw_cli *cli, struct aw_workspace *ws,
                             struct aw_err *err)
{
    const char *metrics = ws->config->crawl.metrics;
    char path[AW_PATH_MAX];
    struct aw_progress progress = {
        .log = &cli->log,
        .terminal = shows_line(cli) ? stderr : NULL,
        .metrics = metrics ? path : NULL,
    };
    aw_rc rc = AW_OK;

    if (progress.terminal)
        cli->log.before = AW_PROGRESS_CLEAR;
    if (metrics)
        rc = aw_path_join(path, ws->dir, metrics, err);
    if (rc == AW_OK)
        rc = aw_store_run_success(ws->store, &progress.success_ms, err);
    return rc == AW_OK ? crawl(cli, ws, &progress, err) : rc;
}

static aw_rc run(struct aw_cli *cli, struct aw_err *err)
{
    struct aw_workspace ws;
    aw_rc rc = aw_workspace_open(&ws, cli, true, err);

    catch_signals();
    if (rc == AW_OK)
        rc = watch_and_crawl(cli, &ws, err);
    aw_workspace_close(&ws);
    return rc;
}

const struct aw_command aw_cmd_crawl = {
    .name = "crawl",
    .words = "",
    .summary = "one nightly run: takes up where a broken one stopped",
    .text = "Fetches the pages of all sources, archives them, reads and "
            "classifies them, and\nqueues findings. SIGTERM and SIGINT end "
            "it within seconds; the next run goes on\nfrom there. Exit status "
            "3: some start page could not be had, or it was stopped.\n",
    .run = run,
};
