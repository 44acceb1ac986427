#include "classify/eval.h"
#include "cli/cli.h"

static aw_rc print_report(const struct aw_cli *cli,
                          const struct aw_eval_report *report,
                          struct aw_err *err)
{
    struct aw_buf out;
    aw_rc rc;

    aw_buf_init(&out, (size_t)16 << 20);
    if (aw_cli_value(cli, "json")) {
        aw_eval_json(report, &out);
        aw_buf_putc(&out, '\n');
    } else {
        aw_eval_text(report, &out);
    }
    rc = aw_buf_check(&out, err);
    if (rc == AW_OK)
        rc = aw_cli_print(aw_buf_str(&out), err);
    aw_buf_deinit(&out);
    return rc;
}

static aw_rc run(struct aw_cli *cli, struct aw_err *err)
{
    struct aw_eval_report report;
    char lexicon[AW_PATH_MAX];
    char model[AW_PATH_MAX];
    struct aw_classifier_config config = {.lexicon_dir = lexicon,
                                          .model_path = model};
    bool cross = aw_cli_value(cli, "cross") != NULL;
    aw_rc rc = aw_rules_paths(cli, lexicon, cross ? NULL : model, err);

    if (rc == AW_OK)
        rc = cross ? aw_eval_cross(&report, cli->words[0], lexicon, err)
                   : aw_eval_file(&report, cli->words[0], &config, err);
    return rc == AW_OK ? print_report(cli, &report, err) : rc;
}

static const struct aw_option options[] = {
    {"cross", NULL,
     "cross-validation: each text by a model that never saw it"},
    {"json", NULL, "print one line of JSON"},
    {"lexicon", "DIR", "rules (else those that came with adwatch)"},
    {"model", "FILE", "model (likewise)"},
    {NULL, NULL, NULL}};

const struct aw_command aw_cmd_eval = {
    .name = "eval",
    .words = "CORPUS",
    .words_min = 1,
    .words_max = 1,
    .summary = "how well verdicts agree with labels",
    .text = "Precision, recall and F1 with intervals of 95 %, by class and "
            "channel. Without\n--cross the model judges CORPUS as it is: text "
            "that it was trained on flatters it.\n",
    .options = options,
    .run = run,
};
