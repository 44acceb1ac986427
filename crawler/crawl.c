#include "crawler/crawl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fs.h"
#include "crawler/agent.h"
#include "crawler/archive_info.h"
#include "crawler/crawl_private.h"
#include "crawler/url.h"
#include "reader/cell.h"

#define RUN_ARENA_MAX ((size_t)1 << 30)
/* Doubled up to COMMIT_MS: a run that is killed soon, again and again, goes on
 * all the same. */
#define COMMIT_FIRST_MS 25
#define COMMIT_MS 1000
#define COMMIT_STEPS 10000 /* answers of servers and of readers */
#define WAIT_MS 100
#define STOP_MS 3000      /* for what is under way when told to stop */
#define BREATH_US 5000    /* between two transactions, for other writers */
#define START_MOST 500    /* URLs taken up, or skipped, between two turns */
#define READERS_BEHIND 64 /* pages waiting for readers: fetch no more */
#define LOOKED_AT_SLOTS ((size_t)1 << 20)

void aw_crawl_fatal(struct aw_crawl *c, const struct aw_err *err)
{
    if (c->fatal != AW_OK)
        return;
    c->fatal = err->rc;
    c->err = *err;
}

/* ---- committing --------------------------------------------------------- */

/* First the archive's bytes, then the rows that point at them. */
static aw_rc commit(struct aw_crawl *c, struct aw_err *err)
{
    aw_rc rc = aw_warc_sync(c->warc, err);

    if (rc == AW_OK)
        rc = aw_beats_keep(c, err);
    if (rc == AW_OK)
        rc = aw_store_commit(c->in->store, err);
    if (rc != AW_OK)
        return rc;
    c->in_transaction = false;
    aw_renders_committed(c);
    c->uncommitted = 0;
    c->committed_ms = aw_clock_mono(c->in->clock);
    c->commit_ms = c->commit_ms ? c->commit_ms * 2 : COMMIT_FIRST_MS;
    if (c->commit_ms > COMMIT_MS)
        c->commit_ms = COMMIT_MS;
    return AW_OK;
}

static aw_rc commit_and_begin(struct aw_crawl *c, struct aw_err *err)
{
    aw_rc rc = commit(c, err);

    if (rc != AW_OK)
        return rc;
    (void)usleep(BREATH_US); /* or a reviewer's decision would starve */
    rc = aw_store_begin(c->in->store, err);
    c->in_transaction = rc == AW_OK;
    return rc;
}

static aw_rc commit_if_due(struct aw_crawl *c, struct aw_err *err)
{
    int64_t age = aw_clock_mono(c->in->clock) - c->committed_ms;

    if (c->uncommitted == 0 ||
        (c->uncommitted < COMMIT_STEPS && age < c->commit_ms))
        return AW_OK;
    return commit_and_begin(c, err);
}

/* ---- setting up --------------------------------------------------------- */

static aw_rc make_user_agent(struct aw_crawl *c, struct aw_err *err)
{
    struct aw_buf text;
    aw_rc rc;

    aw_buf_init(&text, AW_AGENT_MAX);
    aw_agent_put(&text, &c->in->config->agent);
    rc = aw_buf_check(&text, err);
    c->user_agent = rc == AW_OK ? strdup(text.ptr) : NULL;
    if (rc == AW_OK && !c->user_agent)
        rc = aw_fail(err, AW_NOMEM, "out of memory");
    aw_buf_deinit(&text);
    return rc;
}

/* Each entry by itself, so that the line of a false one can be told. */
static aw_rc check_network(struct aw_crawl *c, struct aw_err *err)
{
    const struct aw_network_config *network = &c->in->config->network;
    aw_rc rc = AW_OK;

    for (unsigned i = 0; i < network->allow_count && rc == AW_OK; i++) {
        const char *range = network->allow[i];

        rc = aw_address_policy_init(&c->policy, &range, 1, err);
        if (rc != AW_OK)
            (void)aw_config_fail_at(c->in->config, err, "network.allow[%u]",
                                    i);
    }
    for (unsigned i = 0; i < network->resolve_count && rc == AW_OK; i++) {
        rc = aw_fetch_check_resolve(network->resolve[i], err);
        if (rc != AW_OK)
            (void)aw_config_fail_at(c->in->config, err, "network.resolve[%u]",
                                    i);
    }
    return rc;
}

struct aw_fetch_config aw_crawl_fetch_config(const struct aw_crawl *c)
{
    const struct aw_config *config = c->in->config;

    return (struct aw_fetch_config){
        .loop = c->loop,
        .clock = c->in->clock,
        .policy = &c->policy,
        .user_agent = c->user_agent,
        .resolve = (const char *const *)config->network.resolve,
        .resolve_count = config->network.resolve_count,
        .ca_file = c->in->ca_file,
        .timeout_ms = config->crawl.timeout_ms,
        .body_max = config->crawl.body_max,
        .head_max = config->crawl.head_max,
        .speed_min = config->crawl.speed_min,
        .speed_ms = config->crawl.speed_ms,
        .connections = config->crawl.concurrency * 2,
    };
}

static aw_rc set_up_network(struct aw_crawl *c, struct aw_err *err)
{
    const struct aw_config *config = c->in->config;
    const struct aw_network_config *network = &config->network;
    struct aw_fetch_config fetch;
    aw_rc rc = check_network(c, err);

    if (rc == AW_OK)
        rc = aw_address_policy_init(&c->policy,
                                    (const char *const *)network->allow,
                                    network->allow_count, err);
    if (rc == AW_OK)
        rc = make_user_agent(c, err);
    if (rc != AW_OK)
        return rc;
    fetch = aw_crawl_fetch_config(c);
    fetch.may_connect = aw_page_may_connect;
    fetch.done = aw_page_fetched;
    fetch.self = c;
    rc = aw_fetcher_new(&c->fetcher, &fetch, err);
    if (rc == AW_CONFIG)
        (void)aw_config_fail_at(config, err, "network.ca_file");
    return rc;
}

static aw_rc set_up_readers(struct aw_crawl *c, struct aw_err *err)
{
    const struct aw_crawl_config *crawl = &c->in->config->crawl;
    struct aw_reader_config config = {
        .program = c->in->program,
        .lexicon_dir = c->in->lexicon_dir,
        .model_path = c->in->model_path,
        .count = crawl->readers,
        .page_ms = crawl->reader_ms,
        .cpu_ms = crawl->reader_cpu_ms,
        .image_ms = crawl->image_ms,
        .memory_bytes = crawl->reader_bytes,
        .cell_optional = crawl->reader_cell == AW_CELL_BEST_EFFORT,
        .clock = c->in->clock,
        .loop = c->loop,
        .done = aw_page_answered,
        .self = c,
    };

    aw_cell_log(c->in->log);
    return aw_reader_pool_new(&c->readers, &config, err);
}

/* What stands at the head of each archive file: who fetched, as whom, by
 * which clock, and on what ground where robots.txt was not obeyed. */
static void put_info(struct aw_buf *out, const struct aw_crawl *c)
{
    const struct aw_config *config = c->in->config;

    aw_archive_info(out, c->in->clock);
    if (config->name)
        aw_buf_printf(out, "operator: %s\r\n", config->name);
    aw_buf_printf(out, "http-header-user-agent: %s\r\n", c->user_agent);
    for (unsigned i = 0; i < config->source_count; i++) {
        const struct aw_source *source = &config->sources[i];

        if (source->robots == AW_ROBOTS_IGNORE)
            aw_buf_printf(out, "robots: ignored for source '%s': %s\r\n",
                          source->name, source->robots_ground);
    }
}

static aw_rc open_archive(struct aw_crawl *c, struct aw_err *err)
{
    struct aw_buf info;
    struct aw_warc_config config = {
        .dir = c->in->archive_dir,
        .prefix = "adwatch",
        .clock = c->in->clock,
        .rng = c->in->rng,
    };
    aw_rc rc;

    aw_buf_init(&info, AW_WARC_INFO_MAX);
    put_info(&info, c);
    rc = aw_buf_check(&info, err);
    config.info = info.ptr;
    if (rc == AW_OK)
        rc = aw_warc_writer_new(&c->warc, &config, err);
    aw_buf_deinit(&info);
    return rc;
}

static aw_rc set_up_archive(struct aw_crawl *c, struct aw_err *err)
{
    int64_t cut = 0;
    char bytes[32];
    aw_rc rc = aw_mkdirs(c->in->archive_dir, err);

    if (rc == AW_OK)
        rc = aw_warc_recover(c->in->archive_dir, &cut, err);
    if (rc == AW_PARTLY)
        aw_log(c->in->log, AW_LOG_ERROR, "archive damaged", "what", err->msg,
               (char *)NULL);
    else if (rc != AW_OK)
        return rc;
    (void)snprintf(bytes, sizeof bytes, "%lld", (long long)cut);
    if (cut > 0)
        aw_log(c->in->log, AW_LOG_WARN, "cut a torn record off the archive",
               "bytes", bytes, (char *)NULL);
    return open_archive(c, err);
}

static aw_rc set_up_frontier(struct aw_crawl *c, struct aw_err *err)
{
    struct aw_frontier_config config = {
        .store = c->in->store,
        .run = c->run,
        .now_ms = aw_clock_wall(c->in->clock),
        .now_mono_ms = aw_clock_mono(c->in->clock),
        .sites = c->sites,
    };

    return aw_frontier_new(&c->frontier, &config, err);
}

static aw_rc begin_run(struct aw_crawl *c, struct aw_err *err)
{
    struct aw_run run = {
        .kind = AW_STR("crawl"),
        .started_ms = aw_clock_wall(c->in->clock),
        .lexicon_hash = aw_str_of(aw_reader_pool_lexicon_hash(c->readers)),
        .model_hash = aw_str_of(aw_reader_pool_model_hash(c->readers)),
        .tool = AW_STR("adwatch " AW_VERSION),
    };
    aw_rc rc = aw_store_begin(c->in->store, err);

    if (rc != AW_OK)
        return rc;
    c->in_transaction = true;
    rc = aw_store_run_begin(c->in->store, &run, &c->stats->resumed, err);
    if (rc != AW_OK)
        return rc;
    c->run = run.id;
    c->began_mono_ms = aw_clock_mono(c->in->clock);
    c->stats->run = run.id;
    c->stats->began_ms = run.started_ms;
    if (c->in->config->crawl.run_max_s > 0)
        c->stats->until_ms =
            run.started_ms + c->in->config->crawl.run_max_s * 1000;
    rc = aw_beats_recall(c, err);
    if (rc == AW_OK)
        rc = set_up_frontier(c, err);
    if (rc == AW_OK)
        rc = aw_beats_start(c, err);
    if (rc == AW_OK)
        rc = aw_renders_start(c, err);
    return rc == AW_OK ? commit_and_begin(c, err) : rc;
}

static aw_rc set_up(struct aw_crawl *c, struct aw_err *err)
{
    aw_rc rc;

    aw_arena_init(&c->arena, RUN_ARENA_MAX);
    aw_buf_init(&c->via_url, AW_URL_MAX);
    rc = aw_beats_init(c, err);
    if (rc == AW_OK)
        rc = aw_trap_new(&c->trap, err);
    if (rc == AW_OK)
        rc = aw_seen_new(&c->looked_at, LOOKED_AT_SLOTS, err);
    if (rc == AW_OK)
        rc = aw_loop_new(&c->loop, err);
    if (rc == AW_OK)
        rc = set_up_network(c, err);
    if (rc == AW_OK)
        rc = set_up_readers(c, err);
    if (rc == AW_OK)
        rc = set_up_archive(c, err);
    return rc == AW_OK ? begin_run(c, err) : rc;
}

/* ---- running ------------------------------------------------------------ */

static bool is_told_to_stop(const struct aw_crawl *c)
{
    return c->in->stop && *c->in->stop;
}

static aw_rc start_due(struct aw_crawl *c, struct aw_err *err)
{
    int most = c->in->config->crawl.concurrency;
    aw_rc rc = AW_OK;

    for (int i = 0; rc == AW_OK && i < START_MOST && c->fetching < most &&
                    aw_reader_pool_waiting(c->readers) < READERS_BEHIND;
         i++) {
        struct aw_frontier_host *host = NULL;
        struct aw_url_row row;

        rc = aw_frontier_next(c->frontier, aw_clock_mono(c->in->clock), &host,
                              &row, err);
        if (rc != AW_OK || !host)
            break;
        rc = aw_page_start(c, host, &row, err);
    }
    return rc;
}

aw_rc aw_crawl_go_on(struct aw_crawl *c, struct aw_err *err)
{
    aw_rc rc = AW_OK;

    if (!c->winds_up && !is_told_to_stop(c))
        rc = start_due(c, err);
    if (rc == AW_OK)
        aw_fetch_push(c->fetcher);
    return rc;
}

static int next_wait(struct aw_crawl *c, int fetch_wait)
{
    int64_t due = aw_frontier_due(c->frontier);
    int64_t wait = fetch_wait < WAIT_MS ? fetch_wait : WAIT_MS;
    bool can_start = c->fetching < c->in->config->crawl.concurrency &&
                     aw_reader_pool_waiting(c->readers) < READERS_BEHIND;

    if (can_start && due != AW_FRONTIER_NEVER) {
        int64_t until = due - aw_clock_mono(c->in->clock);

        wait = until < wait ? until : wait;
    }
    return wait > 0 ? (int)wait : 0;
}

static void tell_progress(struct aw_crawl *c)
{
    c->stats->now_ms = aw_clock_wall(c->in->clock);
    c->stats->crawl = c;
    c->stats->under_way = c->fetching + c->reading + c->rendering;
    if (c->in->on_progress)
        c->in->on_progress(c->in->self, c->stats);
    c->stats->crawl = NULL;
}

static aw_rc turn(struct aw_crawl *c, struct aw_err *err)
{
    int fetch_wait = WAIT_MS;
    aw_rc rc = c->winds_up ? AW_OK : start_due(c, err);

    if (rc != AW_OK)
        return rc;
    aw_fetch_tick(c->fetcher, &fetch_wait);
    rc = aw_renders_turn(c, &fetch_wait, err);
    if (rc == AW_OK)
        rc = aw_loop_wait(c->loop, next_wait(c, fetch_wait), err);
    aw_fetch_tick(c->fetcher, &fetch_wait);
    aw_reader_pool_tick(c->readers);
    tell_progress(c);
    if (rc == AW_OK && c->fatal != AW_OK) {
        *err = c->err;
        return c->fatal;
    }
    return rc == AW_OK ? commit_if_due(c, err) : rc;
}

static bool is_busy(const struct aw_crawl *c)
{
    return c->fetching > 0 || c->reading > 0 || c->rendering > 0;
}

/* A host that may not be asked for longer than patience_ms has its pages left
 * for the next run. */
static bool has_more(const struct aw_crawl *c)
{
    int64_t due = aw_frontier_due(c->frontier);

    return is_busy(c) || aw_renders_wait(c) ||
           (due != AW_FRONTIER_NEVER && due - aw_clock_mono(c->in->clock) <=
                                            c->in->config->crawl.patience_ms);
}

static bool is_over_time(const struct aw_crawl *c)
{
    return c->stats->until_ms > 0 &&
           aw_clock_wall(c->in->clock) >= c->stats->until_ms;
}

static aw_rc wind_up(struct aw_crawl *c, struct aw_err *err)
{
    int64_t until = aw_clock_mono(c->in->clock) + STOP_MS;
    aw_rc rc = AW_OK;

    c->winds_up = true;
    while (rc == AW_OK && is_busy(c) && aw_clock_mono(c->in->clock) < until)
        rc = turn(c, err);
    return rc;
}

static aw_rc run(struct aw_crawl *c, struct aw_err *err)
{
    aw_rc rc = AW_OK;

    while (rc == AW_OK && !is_told_to_stop(c) && !is_over_time(c) &&
           has_more(c))
        rc = turn(c, err);
    if (rc != AW_OK || !has_more(c))
        return rc;
    c->stats->stopped = is_told_to_stop(c);
    return wind_up(c, err);
}

/* ---- ending ------------------------------------------------------------- */

static aw_rc end_run(struct aw_crawl *c, struct aw_err *err)
{
    const char *state = c->stats->stopped ? "stopped" : "done";
    int64_t now = aw_clock_wall(c->in->clock);
    aw_rc rc = aw_beats_end(c, err);

    if (rc == AW_OK)
        rc = aw_renders_note(c, err);
    if (rc == AW_OK)
        rc = aw_store_run_end(c->in->store, c->run, now, state, err);
    if (rc == AW_OK)
        rc = commit(c, err);
    if (rc == AW_OK)
        c->stats->ended_ms = now;
    if (rc == AW_OK)
        rc = aw_warc_close(c->warc, err);
    if (rc == AW_OK && (c->stats->stopped || c->stats->starts_failed > 0))
        rc = aw_fail(err, AW_PARTLY,
                     c->stats->stopped
                         ? "stopped: the next run goes on from here"
                         : "%lld start pages could not be had",
                     (long long)c->stats->starts_failed);
    return rc;
}

static void tear_down(struct aw_crawl *c)
{
    if (c->in_transaction)
        aw_store_rollback(c->in->store);
    aw_fetcher_free(c->fetcher);
    aw_renders_free(c);
    aw_reader_pool_free(c->readers);
    aw_pages_free(c);
    aw_frontier_free(c->frontier);
    aw_warc_writer_free(c->warc);
    aw_robots_forget_all(c);
    aw_beats_deinit(c);
    aw_trap_free(c->trap);
    aw_seen_free(c->looked_at);
    aw_loop_free(c->loop);
    free(c->user_agent);
    aw_buf_deinit(&c->via_url);
    aw_fetch_chains_deinit(&c->chains);
    aw_arena_deinit(&c->arena);
}

aw_rc aw_crawl(const struct aw_crawl_input *input,
               struct aw_crawl_stats *stats, struct aw_err *err)
{
    struct aw_crawl c = {.in = input, .stats = stats};
    aw_rc rc;

    *stats = (struct aw_crawl_stats){0};
    rc = set_up(&c, err);
    if (rc == AW_OK)
        rc = run(&c, err);
    if (rc == AW_OK)
        rc = end_run(&c, err);
    stats->over = true;
    tell_progress(&c);
    tear_down(&c);
    return rc;
}
