#include "base/json.h"
#include "cli/cli.h"
#include "reports/night.h"
#include "reports/text.h"

#define LINE_MAX_BYTES ((size_t)1 << 20)

/* ---- the whole run ------------------------------------------------------ */

static aw_rc print_night(const struct aw_cli *cli,
                         const struct aw_night *night, struct aw_err *err)
{
    struct aw_buf out;
    aw_rc rc;

    aw_buf_init(&out, AW_NIGHT_MAX);
    if (aw_cli_value(cli, "json"))
        aw_night_json(&out, night);
    else
        aw_night_text(&out, night, aw_clock_wall(cli->clock));
    rc = aw_buf_check(&out, err);
    if (rc == AW_OK)
        rc = aw_cli_print(aw_buf_str(&out), err);
    aw_buf_deinit(&out);
    return rc;
}

static aw_rc report(const struct aw_cli *cli, struct aw_store *store,
                    struct aw_err *err)
{
    struct aw_night night;
    aw_rc rc = aw_night_load(&night, store, err);

    if (rc == AW_OK)
        rc = print_night(cli, &night, err);
    aw_night_free(&night);
    return rc;
}

/* ---- page by page ------------------------------------------------------- */

struct output {
    bool json;
    struct aw_buf line;
};

/* What is queued has no reason, unless it was tried in vain. */
static struct aw_str reason_of(const struct aw_url_report *r)
{
    return r->reason.len > 0 ? r->reason : AW_STR("its turn did not come yet");
}

static void put_json(struct aw_buf *out, const struct aw_url_report *r)
{
    aw_json_open(out, NULL, '{');
    aw_json_text(out, "url", r->url);
    aw_json_text(out, "source", r->source);
    aw_json_text(out, "state", r->state);
    aw_json_text(out, "reason", reason_of(r));
    aw_json_close(out, '}');
    aw_buf_putc(out, '\n');
}

static void put_text(struct aw_buf *out, const struct aw_url_report *r)
{
    aw_text_tame(out, r->url);
    aw_buf_printf(out, "\t%.*s\t", AW_STR_ARG(r->state));
    aw_text_tame(out, reason_of(r));
    aw_buf_putc(out, '\n');
}

static aw_rc print_url(void *self, const struct aw_url_report *r,
                       struct aw_err *err)
{
    struct output *output = self;
    aw_rc rc;

    aw_buf_reset(&output->line);
    (output->json ? put_json : put_text)(&output->line, r);
    rc = aw_buf_check(&output->line, err);
    return rc == AW_OK ? aw_cli_print(aw_buf_str(&output->line), err) : rc;
}

static aw_rc find_source(const struct aw_cli *cli, struct aw_store *store,
                         int64_t *id, struct aw_err *err)
{
    const char *name = aw_cli_value(cli, "source");
    aw_rc rc;

    if (!name)
        return AW_OK;
    rc = aw_store_source_find(store, aw_str_of(name), id, err);
    if (rc == AW_MISSING)
        return aw_fail(err, AW_MISSING,
                       "no run had a source '%s': 'adwatch status' names them",
                       name);
    return rc;
}

static aw_rc list_unfetched(const struct aw_cli *cli, struct aw_store *store,
                            struct aw_err *err)
{
    struct output output = {.json = aw_cli_value(cli, "json") != NULL};
    struct aw_run run = {0};
    struct aw_arena arena;
    int64_t source = 0;
    aw_rc rc;

    aw_arena_init(&arena, LINE_MAX_BYTES);
    aw_buf_init(&output.line, LINE_MAX_BYTES);
    rc = aw_store_run_last(store, &arena, &run, err);
    if (rc == AW_OK)
        rc = find_source(cli, store, &source, err);
    if (rc == AW_OK)
        rc = aw_store_urls_unfetched(store, run.id, source, print_url, &output,
                                     err);
    aw_buf_deinit(&output.line);
    aw_arena_deinit(&arena);
    return rc;
}

static aw_rc run(struct aw_cli *cli, struct aw_err *err)
{
    bool skipped = aw_cli_value(cli, "skipped") != NULL;
    struct aw_workspace ws;
    aw_rc rc;

    if (aw_cli_value(cli, "source") && !skipped)
        return aw_cli_usage(cli, err, "--source goes with --skipped");
    rc = aw_workspace_open(&ws, cli, false, err);
    if (rc == AW_OK)
        rc = (skipped ? list_unfetched : report)(cli, ws.store, err);
    aw_workspace_close(&ws);
    return rc;
}

static const struct aw_option options[] = {
    {"skipped", NULL, "list each URL that was not fetched, and why"},
    {"source", "NAME", "of --skipped: those of this source alone"},
    {"json", NULL, "print one line of JSON; with --skipped one for each URL"},
    {NULL, NULL, NULL}};

const struct aw_command aw_cmd_status = {
    .name = "status",
    .words = "",
    .summary = "the last run: coverage by source, and why pages are missing",
    .text = "Calls out the sources that gave far less than in the run before. "
            "--skipped prints\nURL, state (failed, skipped, queued) and "
            "reason, with tabs between.\n",
    .options = options,
    .run = run,
};
