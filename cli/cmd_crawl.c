#include <inttypes.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "crawler/crawl.h"

#define PROGRESS_MS 200

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

struct progress {
    int64_t shown_ms;
    bool terminal;
};

static double seconds_of(const struct aw_crawl_stats *s)
{
    return (double)(s->now_ms - s->began_ms) / 1000;
}

/* One line that is written over, on a terminal only. */
static void show_progress(void *self, const struct aw_crawl_stats *s)
{
    struct progress *progress = self;
    double seconds = seconds_of(s);

    if (!progress->terminal || s->now_ms - progress->shown_ms < PROGRESS_MS)
        return;
    progress->shown_ms = s->now_ms;
    (void)fprintf(stderr,
                  "\r%" PRId64 " pages, %.0f/s, %" PRId64 " queued, %" PRId64
                  " under way, %" PRId64 " findings, %" PRId64
                  " failed, %" PRId64 " skipped, %.1f MB",
                  s->did.fetched,
                  seconds > 0 ? (double)s->did.fetched / seconds : 0,
                  s->queued, s->under_way, s->did.findings, s->did.failed,
                  s->did.skipped + s->did.refused, (double)s->did.bytes / 1e6);
    if (s->until_ms > 0)
        (void)fprintf(stderr, ", %" PRId64 " min left",
                      (s->until_ms - s->now_ms) / 60000);
    (void)fputs("\033[K", stderr);
}

static void clear_progress(const struct progress *progress)
{
    if (progress->terminal && progress->shown_ms > 0)
        (void)fputs("\r\033[K", stderr);
}

static void print_summary(const struct aw_crawl_stats *s)
{
    (void)printf("%s: %" PRId64 " answers, %" PRId64 " pages read, %" PRId64
                 " new findings, %" PRId64 " failed, %" PRId64 " skipped",
                 s->resumed ? "resumed run" : "run", s->answers, s->did.read,
                 s->did.findings, s->did.failed,
                 s->did.skipped + s->did.refused);
    if (s->did.unchanged > 0)
        (void)printf(", %" PRId64 " not changed", s->did.unchanged);
    if (s->did.left > 0)
        (void)printf(", %" PRId64 " left for the next run", s->did.left);
    (void)printf(", %.1f MB, %.1f s\n", (double)s->did.bytes / 1e6,
                 seconds_of(s));
}

static aw_rc crawl(struct aw_cli *cli, struct aw_workspace *ws,
                   struct aw_err *err)
{
    struct progress progress = {
        .terminal = aw_cli_is_terminal(STDERR_FILENO) && !cli->log.json};
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
        .on_progress = show_progress,
        .self = &progress,
    };
    aw_rc rc;

    if (!progress.terminal && cli->log.least == AW_LOG_INFO)
        aw_log(&cli->log, AW_LOG_INFO, "run begins", "workspace", ws->dir,
               (char *)NULL);
    rc = aw_crawl(&input, &stats, err);
    clear_progress(&progress);
    if (rc == AW_OK || rc == AW_PARTLY)
        print_summary(&stats);
    return rc;
}

static aw_rc run(struct aw_cli *cli, struct aw_err *err)
{
    struct aw_workspace ws;
    aw_rc rc = aw_workspace_open(&ws, cli, true, err);

    catch_signals();
    if (rc == AW_OK)
        rc = crawl(cli, &ws, err);
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
