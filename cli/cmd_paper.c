#include <string.h>

#include "cli/cli.h"
#include "crawler/render_process.h"
#include "evidence/bag.h"
#include "evidence/papers.h"

#define DATA "data/"

/* Papers that are made anew from a bundle. */
struct making {
    struct aw_bag_view *bag;
    const char *out; /* folder */
};

/* Files lie as they do below data/ in the bundle, so that pages find their
 * pictures. */
static aw_rc write_file(const struct making *m, struct aw_str name,
                        struct aw_str bytes, struct aw_err *err)
{
    char below[AW_PATH_MAX];
    char path[AW_PATH_MAX];
    char *slash;
    aw_rc rc;

    (void)snprintf(below, sizeof below, "%.*s",
                   AW_STR_ARG(aw_str_sub(name, strlen(DATA), name.len)));
    rc = aw_path_join(path, m->out, below, err);
    slash = rc == AW_OK ? strrchr(path, '/') : NULL;
    if (slash) {
        *slash = '\0';
        rc = aw_mkdirs(path, err);
        *slash = '/';
    }
    return rc == AW_OK ? aw_file_write(path, bytes, err) : rc;
}

static aw_rc add(void *self, struct aw_str name, struct aw_str bytes,
                 struct aw_err *err)
{
    struct making *m = self;
    aw_rc rc = write_file(m, name, bytes, err);

    if (rc == AW_OK)
        (void)printf("%s/%.*s\n", m->out,
                     AW_STR_ARG(aw_str_sub(name, strlen(DATA), name.len)));
    return rc;
}

static aw_rc picture(void *self, struct aw_str name, struct aw_str *bytes,
                     struct aw_err *err)
{
    const struct making *m = self;

    return aw_bag_find(m->bag, name, bytes)
               ? AW_OK
               : aw_fail(err, AW_MISSING, "the bundle has no '%.*s'",
                         AW_STR_ARG(name));
}

/* What the pages show beside their text. */
static aw_rc copy_pictures(const struct making *m, struct aw_err *err)
{
    aw_rc rc = AW_OK;

    for (size_t i = 0; i < m->bag->count && rc == AW_OK; i++)
        if (aw_str_starts(m->bag->files[i].name,
                          AW_STR(AW_BUNDLE_SCREENS_DIR)) &&
            aw_str_ends(m->bag->files[i].name, AW_STR(".png")))
            rc = write_file(m, m->bag->files[i].name, m->bag->files[i].bytes,
                            err);
    return rc;
}

/* --templates, what the workspace names, or what came with adwatch; and the
 * browser, where there is one. */
static aw_rc set_config(struct aw_cli *cli, struct aw_papers_config *config,
                        char templates[AW_PATH_MAX], char browser[AW_PATH_MAX],
                        struct aw_err *err)
{
    const char *given = aw_cli_value(cli, "templates");
    struct aw_config *office = NULL;
    struct aw_err missing;
    aw_rc rc;

    rc = aw_path_join(templates, cli->dir, AW_CONFIG_NAME, err);
    if (rc == AW_OK && aw_path_exists(templates))
        rc = aw_config_load(&office, cli->dir, err);
    if (rc == AW_OK && given)
        rc = aw_path_join(templates, ".", given, err);
    else if (rc == AW_OK)
        rc = aw_papers_path(cli, office, templates, err);
    if (rc == AW_OK && aw_papers_browser(office, browser, &missing) == AW_OK)
        config->browser = browser;
    if (office)
        aw_config_free(office);
    config->templates = templates;
    return rc;
}

static aw_rc make(struct aw_cli *cli, struct making *m, struct aw_err *err)
{
    char templates[AW_PATH_MAX];
    char browser[AW_PATH_MAX];
    struct aw_papers_config config = {.clock = cli->clock,
                                      .to = aw_str_of(aw_cli_value(cli, "to")),
                                      .head = m->bag->folder};
    struct aw_papers_calls calls = {.add = add, .picture = picture, .self = m};
    struct aw_papers_told told;
    struct aw_str xml;
    aw_rc rc = set_config(cli, &config, templates, browser, err);

    if (rc == AW_OK && !aw_bag_find(m->bag, AW_STR(AW_PAPERS_XML), &xml))
        rc = aw_fail(err, AW_MISSING,
                     "'%s' has no " AW_PAPERS_XML ": it was made by an older "
                     "adwatch, or for a night",
                     cli->words[0]);
    if (rc == AW_OK)
        rc = copy_pictures(m, err);
    if (rc == AW_OK)
        rc = aw_papers_again(xml, &config, &calls, &told, err);
    if (rc == AW_OK && told.no_pdf[0])
        (void)fprintf(stderr, "adwatch: HTML alone, no PDF: %s\n",
                      told.no_pdf);
    return rc;
}

static aw_rc run(struct aw_cli *cli, struct aw_err *err)
{
    const char *out = aw_cli_value(cli, "out");
    struct making m = {.out = out ? out : "."};
    aw_rc rc = aw_bag_open(&m.bag, cli->words[0], err);

    if (rc == AW_OK)
        rc = make(cli, &m, err);
    aw_bag_view_free(m.bag);
    return rc;
}

static const struct aw_option options[] = {
    {"to", "WHOM", "who gets the 移送函"},
    {"templates", "DIR", "the office's own .xsl files"},
    {"out", "DIR", "where 09-文书/ and 05-截图/ go; nothing: here"},
    {NULL, NULL, NULL}};

const struct aw_command aw_cmd_paper = {
    .name = "paper",
    .words = "BUNDLE",
    .words_min = 1,
    .words_max = 1,
    .summary = "make the papers of a bundle anew",
    .text = "From the bundle's case.xml, by templates: 移送函, 提取笔录, "
            "证据清单, 截图固定页 and\n监测情况说明, as HTML, and as PDF "
            "where there is a browser. Prints where they lie.\nThe bundle is "
            "not changed and not checked: 'adwatch verify' does that. "
            "Templates are\nthose of --templates, of the workspace "
            "(evidence: papers:), or of adwatch.\n",
    .options = options,
    .run = run,
};
