#include <stdio.h>

#include "base/json.h"
#include "cli/cli.h"
#include "reports/text.h"

struct output {
    bool json;
    size_t count;
    struct aw_buf out;
};

static void put_json(struct aw_buf *out, const struct aw_url_report *r)
{
    aw_json_open(out, NULL, '{');
    aw_json_text(out, "url", r->url);
    aw_json_text(out, "source", r->source);
    aw_json_int(out, "depth", r->depth);
    aw_json_text(out, "state", r->state);
    aw_json_text(out, "reason", r->reason);
    aw_json_int(out, "status", r->status);
    aw_json_text(out, "found_on", r->found_on);
    aw_json_int(out, "capture", r->capture);
    aw_json_text(out, "title", r->title);
    aw_json_text(out, "charset", r->charset);
    aw_json_text(out, "verdict", r->verdict);
    aw_json_text(out, "kind", r->doc_kind);
    aw_json_int(out, "finding", r->finding);
    aw_json_close(out, '}');
    aw_buf_putc(out, '\n');
}

static void put_tame(struct aw_buf *out, const char *before,
                     struct aw_str text)
{
    aw_buf_puts(out, before);
    aw_text_tame(out, text);
}

static void put_text(struct aw_buf *out, const struct aw_url_report *r)
{
    put_tame(out, "", r->url);
    put_tame(out, "\n  ", r->state);
    if (r->status)
        aw_buf_printf(out, ", http %lld", (long long)r->status);
    if (r->reason.len > 0)
        put_tame(out, ", ", r->reason);
    put_tame(out, "; source ", r->source);
    aw_buf_printf(out, ", depth %lld", (long long)r->depth);
    if (r->found_on.len > 0)
        put_tame(out, ", found on ", r->found_on);
    aw_buf_putc(out, '\n');
    if (r->verdict.len > 0)
        aw_buf_printf(out, "  capture %lld: %.*s (%.*s)",
                      (long long)r->capture, AW_STR_ARG(r->verdict),
                      AW_STR_ARG(r->doc_kind));
    if (r->finding > 0)
        aw_buf_printf(out, ", finding %lld", (long long)r->finding);
    if (r->verdict.len > 0)
        aw_buf_putc(out, '\n');
}

static aw_rc print_report(void *self, const struct aw_url_report *r,
                          struct aw_err *err)
{
    struct output *output = self;
    aw_rc rc;

    output->count++;
    aw_buf_reset(&output->out);
    if (output->json)
        put_json(&output->out, r);
    else
        put_text(&output->out, r);
    rc = aw_buf_check(&output->out, err);
    return rc == AW_OK ? aw_cli_print(aw_buf_str(&output->out), err) : rc;
}

static aw_rc report(struct aw_cli *cli, struct aw_store *store,
                    struct output *output, struct aw_err *err)
{
    aw_rc rc = AW_OK;

    if (cli->word_count == 0)
        return aw_store_url_reports(store, NULL, NULL, print_report, output, err);
    for (int i = 0; i < cli->word_count && rc == AW_OK; i++) {
        output->count = 0;
        rc = aw_store_url_reports(store, cli->words[i], NULL, print_report,
                                  output, err);
        if (rc == AW_OK && output->count == 0)
            rc = aw_fail(err, AW_MISSING,
                         "'%s' was never found: no page links to it, or no "
                         "source holds it",
                         cli->words[i]);
    }
    return rc;
}

static aw_rc run(struct aw_cli *cli, struct aw_err *err)
{
    struct output output = {.json = aw_cli_value(cli, "json") != NULL};
    struct aw_workspace ws;
    aw_rc rc = aw_workspace_open(&ws, cli, false, err);

    aw_buf_init(&output.out, (size_t)1 << 20);
    if (rc == AW_OK)
        rc = report(cli, ws.store, &output, err);
    aw_buf_deinit(&output.out);
    aw_workspace_close(&ws);
    return rc;
}

static const struct aw_option options[] = {{"json", NULL, "print JSON lines"},
                                           {NULL, NULL, NULL}};

const struct aw_command aw_cmd_why = {
    .name = "why",
    .words = "[URL...]",
    .words_max = -1,
    .summary = "what became of a URL, and why it was not fetched or flagged",
    .text = "URL is in the canonical form that 'adwatch url' prints. Without "
            "one, all URLs that\nare known, and what was handed in.\n",
    .options = options,
    .run = run,
};
