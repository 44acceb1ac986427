#include "cli/cli.h"
#include "crawler/render_once.h"
#include "crawler/url.h"

#define OUTPUT_MAX ((size_t)4 << 20)
#define FIND_MAX 100 /* texts to find */

static aw_rc render(const struct aw_cli *cli, const struct aw_workspace *ws,
                    struct aw_str url, struct aw_buf *out, struct aw_err *err)
{
    struct aw_str quotes[FIND_MAX];
    struct aw_str rest = aw_str_of(aw_cli_value(cli, "find"));
    struct aw_render_once_input input = {
        .config = ws->config,
        .ca_file = ws->ca_file[0] ? ws->ca_file : NULL,
        .out_dir = aw_cli_value(cli, "out"),
        .clock = cli->clock,
        .rng = (struct aw_rng *)&cli->rng,
        .url = url,
        .quotes = quotes,
    };
    aw_rc failed;
    aw_rc rc;

    while (input.quote_count < FIND_MAX &&
           aw_str_split(&rest, '\n', &quotes[input.quote_count]))
        input.quote_count++;
    failed = aw_render_once(&input, out, err);
    if (out->len == 0 || aw_buf_check(out, err) != AW_OK)
        return failed;
    rc = aw_cli_print(aw_buf_str(out), err);
    return rc == AW_OK ? failed : rc;
}

static aw_rc run(struct aw_cli *cli, struct aw_err *err)
{
    struct aw_workspace ws = {.lock = -1};
    struct aw_buf url;
    struct aw_buf out;
    aw_rc rc;

    if (!aw_cli_value(cli, "out"))
        return aw_cli_usage(cli, err, "--out DIR is missing");
    aw_buf_init(&url, AW_URL_MAX);
    aw_buf_init(&out, OUTPUT_MAX);
    rc = aw_url_whole(AW_STR(""), aw_str_of(cli->words[0]), &url, err);
    if (rc == AW_OK)
        rc = aw_workspace_open(&ws, cli, false, err);
    if (rc == AW_OK)
        rc = render(cli, &ws, aw_buf_str(&url), &out, err);
    aw_workspace_close(&ws);
    aw_buf_deinit(&url);
    aw_buf_deinit(&out);
    return rc;
}

static const struct aw_option options[] = {
    {"out", "DIR", "where page.html, first.png, full.png and archive/ go"},
    {"find", "TEXT", "tell the boxes of this text in the screenshots"},
    {NULL, NULL, NULL}};

const struct aw_command aw_cmd_render = {
    .name = "render",
    .words = "URL",
    .words_min = 1,
    .words_max = 1,
    .summary = "a page as a browser shows it: HTML, screenshots, archive",
    .text = "Looks at one page with the agent, the network rules and the "
            "limits of the workspace;\nnothing is put into its store. Prints "
            "one line of JSON. robots.txt is obeyed. Exit\nstatus 1: there "
            "is no browser, or the page could not be looked at.\n",
    .options = options,
    .run = run,
};
