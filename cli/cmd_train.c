#include <stdlib.h>

#include "classify/train.h"
#include "cli/train.h"

static aw_rc check(const char *path, struct aw_err *err)
{
    struct aw_corpus corpus;
    aw_rc rc = aw_corpus_read(&corpus, path, err);

    for (size_t i = 0; i < corpus.problems.count; i++)
        (void)fprintf(stderr, "%.*s\n",
                      AW_STR_ARG(corpus.problems.items[i].text));
    (void)printf("%zu examples in %zu files, %zu spans; ", corpus.count,
                 corpus.files, corpus.spans);
    for (int i = 0; i < AW_VERDICT_COUNT; i++)
        (void)printf("%s %zu%s", aw_verdict_name((enum aw_verdict_kind)i),
                     corpus.by_label[i], i + 1 < AW_VERDICT_COUNT ? ", " : "");
    (void)putchar('\n');
    aw_corpus_deinit(&corpus);
    return rc;
}

static aw_rc read_precision(struct aw_cli *cli, double *out,
                            struct aw_err *err)
{
    const char *text = aw_cli_value(cli, "precision");
    char *end = NULL;

    if (!text)
        return AW_OK;
    *out = strtod(text, &end);
    if (end == text || *end || !(*out > 0 && *out < 1))
        return aw_cli_usage(cli, err,
                            "--precision is a share between 0 and 1: .95");
    return AW_OK;
}

static void print_report(const struct aw_train_report *report, const char *out)
{
    (void)printf("%s: from %zu documents, %zu claims, %zu passages, %zu hits "
                 "of rules\n"
                 "a claim counts from %.2f on, a document from %.2f: in "
                 "cross-validation %.3f of what is found is right, and %.3f "
                 "is found\n",
                 out, report->documents, report->spans, report->passages,
                 report->hits, report->threshold, report->document_threshold,
                 report->precision, report->recall);
}

static aw_rc train(struct aw_cli *cli, const char *corpus, const char *out,
                   struct aw_err *err)
{
    struct aw_train_report report = {0};
    char lexicon[AW_PATH_MAX];
    struct aw_train_config config = {.corpus_path = corpus,
                                     .lexicon_dir = lexicon,
                                     .model_path = out};
    aw_rc rc = read_precision(cli, &config.precision, err);

    if (rc == AW_OK)
        rc = aw_rules_paths(cli, lexicon, NULL, err);
    if (rc == AW_OK)
        rc = aw_train(&config, &report, err);
    if (rc == AW_OK)
        print_report(&report, out);
    return rc;
}

static aw_rc run(struct aw_cli *cli, struct aw_err *err)
{
    const char *out = aw_cli_value(cli, "out");
    bool alone = aw_cli_value(cli, "undo") || aw_cli_value(cli, "decisions") ||
                 aw_cli_value(cli, "check");

    if (alone && aw_cli_value(cli, "precision"))
        return aw_cli_usage(cli, err, "--precision goes with --out alone");
    if (aw_cli_value(cli, "undo"))
        return aw_train_undo(cli, err);
    if (aw_cli_value(cli, "decisions"))
        return aw_train_decisions(cli, err);
    if (cli->word_count == 0)
        return aw_cli_usage(cli, err, "which corpus? name its folder");
    if (aw_cli_value(cli, "use"))
        return aw_cli_usage(cli, err, "--use goes with --decisions");
    if (aw_cli_value(cli, "check"))
        return check(cli->words[0], err);
    if (!out)
        return aw_cli_usage(cli, err, "where to? --out FILE, or --check");
    return train(cli, cli->words[0], out, err);
}

static const struct aw_option options[] = {
    {"out", "FILE", "the model file to write"},
    {"precision", "P", "of what it finds so many shall be right (.95)"},
    {"check", NULL, "only read the corpus and tell its mistakes"},
    {"lexicon", "DIR", "rules (else those that came with adwatch)"},
    {"decisions", NULL, "learn from the workspace's decided findings as well"},
    {"use", NULL, "and make that the workspace's model"},
    {"undo", NULL, "go back to the workspace's model before"},
    {NULL, NULL, NULL}};

const struct aw_command aw_cmd_train = {
    .name = "train",
    .words = "[CORPUS]",
    .words_min = 0,
    .words_max = 1,
    .summary = "make the model from labelled examples",
    .text = "CORPUS is a folder of JSON lines, as corpus/README.md describes "
            "it. The same corpus\nand lexicon give the same model, byte for "
            "byte. Documents count from\nwhere F1 is best in "
            "cross-validation; with "
            "--precision, from where P of what is\nfound is right, so that "
            "reviewers manage it (see eval --capacity).\n\n--decisions takes "
            "what reviewers confirmed and dismissed "
            "in the workspace as examples\nas well (learn/decisions.jsonl), "
            "and shows what they change on a tenth of the corpus\nthat is "
            "never trained on. The model (learn/model-TIME.awm, or --out) is "
            "used by the\nworkspace with --use alone.\n",
    .options = options,
    .run = run,
};
