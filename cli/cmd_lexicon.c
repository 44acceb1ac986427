#include <string.h>
#include <unistd.h>

#include "classify/lexicon_check.h"
#include "cli/cli.h"
#include "cli/lexicon_test.h"

static void print_report(const struct aw_lexicon_report *r)
{
    for (size_t i = 0; i < r->problems.count; i++)
        (void)fprintf(stderr, "%s%.*s\n",
                      r->problems.items[i].is_warning ? "warning: " : "",
                      AW_STR_ARG(r->problems.items[i].text));
    (void)printf("%zu files: %zu rules, %zu contexts, %zu exemptions, %zu "
                 "provisions, %zu lists, %zu entries of severity; %zu "
                 "examples and %zu texts of the corpus tried, %zu errors, %zu "
                 "warnings\n",
                 r->files, r->rules, r->contexts, r->exemptions, r->provisions,
                 r->lists, r->severities, r->examples, r->texts,
                 r->problems.errors, r->problems.warnings);
}

/* The corpus to ask, or NULL where none is given and none came with adwatch.
 */
static const char *corpus_path(const struct aw_cli *cli,
                               char path[AW_PATH_MAX])
{
    const char *given = aw_cli_value(cli, "corpus");
    struct aw_err none = {0};

    if (given)
        return given;
    return aw_data_path(cli, "corpus", path, &none) == AW_OK &&
                   access(path, R_OK) == 0
               ? path
               : NULL;
}

static aw_rc check(const struct aw_cli *cli, struct aw_err *err)
{
    struct aw_lexicon_report report;
    char lexicon[AW_PATH_MAX], corpus[AW_PATH_MAX];
    aw_rc rc = aw_rules_paths(cli, lexicon, NULL, err);

    if (rc != AW_OK)
        return rc;
    rc = aw_lexicon_check(lexicon, corpus_path(cli, corpus), &report, err);
    print_report(&report);
    aw_lexicon_report_deinit(&report);
    return rc;
}

static aw_rc run(struct aw_cli *cli, struct aw_err *err)
{
    const char *what = cli->words[0];

    if (strcmp(what, "check") == 0 && cli->word_count == 1)
        return check(cli, err);
    if (strcmp(what, "test") == 0 && cli->word_count == 2)
        return aw_lexicon_test(cli, aw_str_of(cli->words[1]), err);
    return aw_cli_usage(cli, err,
                        "say check, or test TEXT with the text as "
                        "one word");
}

static const struct aw_option options[] = {
    {"lexicon", "DIR", "rules (else those that came with adwatch)"},
    {"corpus", "PATH", "check: labelled texts to ask (else adwatch's own)"},
    {"model", "FILE", "test: model (else the one that came with adwatch)"},
    {"no-model", NULL, "test: rules alone"},
    {"json", NULL, "test: as one line of JSON"},
    {NULL, NULL, NULL}};

const struct aw_command aw_cmd_lexicon = {
    .name = "lexicon",
    .words = "check | test TEXT",
    .words_min = 1,
    .words_max = 2,
    .summary = "check all rules, or show what they make of a text",
    .text =
        "check: tries each rule on its own examples and every pattern on\n"
        "hostile text. Every mistake is told with file and line; exit status "
        "5\nwhere there is one. Warnings: rules that nothing in the corpus "
        "hits, and\nrules whose hits all lie within those of another.\n"
        "\n"
        "test: shows step by step why TEXT is flagged or not: its normalised\n"
        "views; each rule that hits, with the contexts and exemptions that "
        "take\nit away, exempt it or weigh it; the verdict with its "
        "reasons.\n",
    .options = options,
    .run = run,
};
