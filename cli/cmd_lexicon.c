#include <string.h>

#include "classify/lexicon_check.h"
#include "cli/cli.h"

static void print_report(const struct aw_lexicon_report *r)
{
    for (size_t i = 0; i < r->problems.count; i++)
        (void)fprintf(stderr, "%s%.*s\n",
                      r->problems.items[i].is_warning ? "warning: " : "",
                      AW_STR_ARG(r->problems.items[i].text));
    (void)printf("%zu files: %zu rules, %zu contexts, %zu exemptions, %zu "
                 "provisions, %zu lists; %zu examples tried, %zu errors, %zu "
                 "warnings\n",
                 r->files, r->rules, r->contexts, r->exemptions, r->provisions,
                 r->lists, r->examples, r->problems.errors,
                 r->problems.warnings);
}

static aw_rc run(struct aw_cli *cli, struct aw_err *err)
{
    struct aw_lexicon_report report;
    char lexicon[AW_PATH_MAX];
    aw_rc rc = aw_rules_paths(cli, lexicon, NULL, err);

    if (rc != AW_OK)
        return rc;
    if (strcmp(cli->words[0], "check") != 0)
        return aw_cli_usage(cli, err, "'%s' is not check", cli->words[0]);
    rc = aw_lexicon_check(lexicon, &report, err);
    print_report(&report);
    aw_lexicon_report_deinit(&report);
    return rc;
}

static const struct aw_option options[] = {
    {"lexicon", "DIR", "rules (else those that came with adwatch)"},
    {NULL, NULL, NULL}};

const struct aw_command aw_cmd_lexicon = {
    .name = "lexicon",
    .words = "check",
    .words_min = 1,
    .words_max = 1,
    .summary = "read all rules and try each on its own examples",
    .text = "Every mistake is told with file and line; exit status 5 where "
            "there is one.\n",
    .options = options,
    .run = run,
};
