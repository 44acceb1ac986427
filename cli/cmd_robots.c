#include "cli/cli.h"
#include "crawler/robots.h"
#include "crawler/url.h"
#include "reports/text.h"

static void tell_rule(struct aw_str rule)
{
    struct aw_buf line;

    aw_buf_init(&line, (size_t)1 << 20);
    aw_text_tame(&line, rule);
    (void)fprintf(stderr, "%.*s\n", AW_STR_ARG(aw_buf_str(&line)));
    aw_buf_deinit(&line);
}

static aw_rc ask(struct aw_cli *cli, struct aw_str text, struct aw_str url,
                 struct aw_err *err)
{
    struct aw_robots *robots = NULL;
    struct aw_url_parts parts;
    struct aw_str rule = {0};
    bool allowed;
    aw_rc rc = aw_url_parse(url, &parts, err);

    if (rc == AW_OK)
        rc = aw_robots_new(&robots, text, err);
    if (rc != AW_OK)
        return rc;
    allowed = aw_robots_allowed(robots, aw_str_of(cli->words[1]), parts.target,
                                &rule);
    (void)puts(allowed ? "allowed" : "disallowed");
    if (aw_cli_value(cli, "why") && rule.len > 0)
        tell_rule(rule);
    aw_robots_free(robots);
    err->msg[0] = '\0';
    return allowed ? AW_OK : AW_FAIL;
}

/* A path alone stands for a page of some host. "//x" is a path as well: rules
 * are about paths. */
static aw_rc read_url(const char *word, struct aw_buf *url, struct aw_err *err)
{
    struct aw_str base = AW_STR("http://host.invalid/");
    struct aw_buf whole;
    aw_rc rc;

    aw_buf_init(&whole, AW_URL_MAX + base.len);
    if (word[0] == '/')
        aw_buf_put(&whole, aw_str_sub(base, 0, base.len - 1));
    aw_buf_puts(&whole, word);
    rc = aw_buf_check(&whole, err);
    if (rc == AW_OK)
        rc = aw_url_whole(base, aw_buf_str(&whole), url, err);
    aw_buf_deinit(&whole);
    return rc;
}

static aw_rc run(struct aw_cli *cli, struct aw_err *err)
{
    struct aw_buf text;
    struct aw_buf url;
    aw_rc rc;

    aw_buf_init(&text, (size_t)64 << 20);
    aw_buf_init(&url, AW_URL_MAX);
    rc = aw_file_read(cli->words[0], &text, err);
    if (rc == AW_OK)
        rc = read_url(cli->words[2], &url, err);
    if (rc == AW_OK)
        rc = ask(cli, aw_buf_str(&text), aw_buf_str(&url), err);
    aw_buf_deinit(&url);
    aw_buf_deinit(&text);
    return rc;
}

static const struct aw_option options[] = {
    {"why", NULL, "tell the deciding line on standard error"},
    {NULL, NULL, NULL}};

const struct aw_command aw_cmd_robots = {
    .name = "robots",
    .words = "FILE AGENT URL",
    .words_min = 3,
    .words_max = 3,
    .summary = "may this agent fetch this URL, by this robots.txt? (RFC 9309)",
    .text = "Prints 'allowed' (exit status 0) or 'disallowed' (exit status "
            "1). URL is a whole one, or the path of one; all of its\n"
            "parameters count, also those that the crawler drops.\n",
    .options = options,
    .run = run,
};
