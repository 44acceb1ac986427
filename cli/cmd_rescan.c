#include <cjson/cJSON.h>
#include <inttypes.h>
#include <signal.h>

#include "archive/warc.h"
#include "base/json.h"
#include "cli/cli.h"
#include "crawler/rescan.h"
#include "reports/text.h"

#define LINE_MAX_BYTES ((size_t)16 << 20)

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

/* ---- told ----------------------------------------------------------------
 */

struct output {
    bool json;
    struct aw_buf out;
};

static void put_json(struct aw_buf *out, const struct aw_rescan_told *t)
{
    aw_json_open(out, NULL, '{');
    aw_json_text(out, "kind", t->kind);
    aw_json_int(out, "capture", t->capture);
    aw_json_int(out, "finding", t->finding);
    aw_json_text(out, "state", t->state);
    aw_json_text(out, "url", t->url);
    aw_json_raw(out, "before", t->before);
    aw_json_raw(out, "after", t->after);
    aw_json_close(out, '}');
}

static struct aw_str member(const cJSON *claim, const char *key)
{
    return aw_str_of(
        cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(claim, key)));
}

static void put_claims(struct aw_buf *out, struct aw_str json)
{
    cJSON *claims = cJSON_ParseWithLength(json.ptr, json.len);
    const cJSON *claim;
    const char *sep = "";

    cJSON_ArrayForEach (claim, claims) {
        struct aw_str quote = member(claim, "quote");

        aw_buf_printf(out, "%s%.*s", sep, AW_STR_ARG(member(claim, "class")));
        if (quote.len > 0) {
            aw_buf_puts(out, "【");
            aw_text_tame(out, quote);
            aw_buf_puts(out, "】");
        }
        sep = ", ";
    }
    if (cJSON_GetArraySize(claims) == 0)
        aw_buf_puts(out, "none");
    cJSON_Delete(claims);
}

static void put_text(struct aw_buf *out, const struct aw_rescan_told *t)
{
    aw_buf_printf(out, "%.*s: ", AW_STR_ARG(t->kind));
    if (t->finding > 0)
        aw_buf_printf(out, "finding %" PRId64 " (%.*s), ", t->finding,
                      AW_STR_ARG(t->state));
    aw_buf_printf(out, "capture %" PRId64 ", ", t->capture);
    aw_text_tame(out, t->url);
    aw_buf_puts(out, ": ");
    put_claims(out, t->before);
    aw_buf_puts(out, " -> ");
    put_claims(out, t->after);
}

static aw_rc flush(struct output *o, struct aw_err *err)
{
    aw_rc rc;

    aw_buf_putc(&o->out, '\n');
    rc = aw_buf_check(&o->out, err);
    if (rc == AW_OK)
        rc = aw_cli_print(aw_buf_str(&o->out), err);
    aw_buf_reset(&o->out);
    return rc;
}

static aw_rc print_told(void *self, const struct aw_rescan_told *told,
                        struct aw_err *err)
{
    struct output *o = self;

    (o->json ? put_json : put_text)(&o->out, told);
    return flush(o, err);
}

static void put_sum_json(struct aw_buf *out, const struct aw_rescan_sum *s)
{
    aw_json_open(out, NULL, '{');
    aw_json_text(out, "kind", AW_STR("sum"));
    aw_json_int(out, "read", s->read);
    aw_json_int(out, "new", s->found);
    aw_json_int(out, "changed", s->changed);
    aw_json_int(out, "gone", s->gone);
    aw_json_int(out, "added", s->added);
    aw_json_int(out, "failed", s->failed);
    aw_json_bool(out, "resumed", s->resumed);
    aw_json_bool(out, "whole", s->is_whole);
    aw_json_int(out, "took_ms", s->took_ms);
    aw_json_close(out, '}');
}

static void put_sum(struct aw_buf *out, const struct aw_rescan_sum *s)
{
    aw_buf_printf(out,
                  "%s: %" PRId64 " captures read, %" PRId64 " new, %" PRId64
                  " changed, %" PRId64 " gone, %" PRId64 " added, %" PRId64
                  " not read, %.1f s",
                  s->resumed ? "resumed rescan" : "rescan", s->read, s->found,
                  s->changed, s->gone, s->added, s->failed,
                  (double)s->took_ms / 1000);
}

/* ---- what is asked for ---------------------------------------------------
 */

static aw_rc set_time(struct aw_cli *cli, const char *option, int64_t *out,
                      struct aw_err *err)
{
    const char *value = aw_cli_value(cli, option);

    if (!value || aw_warc_time_parse(aw_str_of(value), out))
        return AW_OK;
    return aw_cli_usage(cli, err,
                        "--%s '%s' is no time such as 2026-11-23T02:13:00Z",
                        option, value);
}

static aw_rc set_input(struct aw_cli *cli, const struct aw_workspace *ws,
                       struct aw_rescan_input *in, struct aw_err *err)
{
    int64_t jobs = ws->config->crawl.readers;
    aw_rc rc = set_time(cli, "since", &in->scope.since_ms, err);

    in->scope.source = aw_cli_value(cli, "source");
    in->apply = aw_cli_value(cli, "apply") != NULL;
    if (rc == AW_OK)
        rc = set_time(cli, "until", &in->scope.until_ms, err);
    if (rc == AW_OK)
        rc = aw_cli_number(cli, "jobs", 1, AW_RESCAN_JOBS_MAX, &jobs, err);
    if (rc == AW_OK)
        rc = aw_cli_number(cli, "max", 1, INT64_MAX, &in->max, err);
    in->jobs = (int)(jobs < AW_RESCAN_JOBS_MAX ? jobs : AW_RESCAN_JOBS_MAX);
    return rc;
}

static aw_rc rescan(struct aw_cli *cli, struct aw_workspace *ws,
                    struct aw_err *err)
{
    struct output output = {.json = aw_cli_value(cli, "json") != NULL};
    struct aw_rescan_sum sum;
    struct aw_rescan_input input = {
        .config = ws->config,
        .store = ws->store,
        .archive_dir = ws->archive,
        .program = cli->program,
        .lexicon_dir = ws->lexicon,
        .model_path = ws->model,
        .clock = cli->clock,
        .log = &cli->log,
        .stop = &stop_asked,
        .scope = {.until_ms = AW_WARC_NEWEST},
    };
    struct aw_err printed;
    aw_rc rc = set_input(cli, ws, &input, err);

    if (rc != AW_OK)
        return rc;
    aw_buf_init(&output.out, LINE_MAX_BYTES);
    rc = aw_rescan(&input, print_told, &output, &sum, err);
    if (rc == AW_OK || rc == AW_PARTLY) {
        (output.json ? put_sum_json : put_sum)(&output.out, &sum);
        if (flush(&output, &printed) != AW_OK) {
            *err = printed;
            rc = printed.rc;
        }
    }
    aw_buf_deinit(&output.out);
    return rc;
}

static aw_rc run(struct aw_cli *cli, struct aw_err *err)
{
    struct aw_workspace ws;
    aw_rc rc = aw_workspace_open(&ws, cli, true, err);

    catch_signals();
    if (rc == AW_OK)
        rc = rescan(cli, &ws, err);
    aw_workspace_close(&ws);
    return rc;
}

static const struct aw_option options[] = {
    {"source", "NAME", "captures of this source alone"},
    {"since", "TIME", "fetched from then on: 2026-11-23, UTC"},
    {"until", "TIME", "fetched before then"},
    {"jobs", "N", "readers at once (else crawl.readers of the config)"},
    {"max", "N", "read so many captures; the next call goes on"},
    {"apply", NULL, "add what is new to the queue"},
    {"json", NULL, "print JSON lines"},
    {NULL, NULL, NULL}};

const struct aw_command aw_cmd_rescan = {
    .name = "rescan",
    .words = "",
    .summary = "the archive against today's rules and model",
    .text = "Reads what was archived again, and tells what would be found "
            "newly, with other\nclaims, or no longer. No finding is changed, "
            "and without --apply none is added.\nOne that was broken off goes "
            "on where it was, while rules and model are the same.\nExit "
            "status 3: not all was read.\n",
    .options = options,
    .run = run,
};
