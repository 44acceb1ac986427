#include "classify/eval.h"
#include "cli/cli.h"
#include "cli/curve.h"
#include "cli/mistakes.h"

#define REPORT_MAX ((size_t)256 << 20) /* bytes: texts are in it */

static aw_rc print_report(const struct aw_cli *cli,
                          const struct aw_eval_report *report, size_t capacity,
                          struct aw_err *err)
{
    struct aw_buf out;
    aw_rc rc;

    aw_buf_init(&out, REPORT_MAX);
    if (aw_cli_value(cli, "json")) {
        aw_eval_json(report, capacity, &out);
        aw_buf_putc(&out, '\n');
    } else {
        aw_eval_text(report, capacity, &out);
        if (report->mistakes.most > 0)
            aw_mistakes_text(&report->mistakes, &out);
    }
    rc = aw_buf_check(&out, err);
    if (rc == AW_OK)
        rc = aw_cli_print(aw_buf_str(&out), err);
    aw_buf_deinit(&out);
    return rc;
}

static aw_rc draw_curve(const struct aw_cli *cli,
                        const struct aw_eval_report *report,
                        struct aw_err *err)
{
    const char *path = aw_cli_value(cli, "curve");
    struct aw_buf picture;
    aw_rc rc;

    if (!path)
        return AW_OK;
    aw_buf_init(&picture, AW_CURVE_MAX);
    rc = aw_curve_svg(report, aw_str_of(cli->words[0]), &picture, err);
    if (rc == AW_OK)
        rc = aw_file_write(path, aw_buf_str(&picture), err);
    aw_buf_deinit(&picture);
    return rc;
}

static aw_rc evaluate(struct aw_cli *cli, const struct aw_corpus *corpus,
                      struct aw_eval_report *report, size_t worst,
                      struct aw_err *err)
{
    char lexicon[AW_PATH_MAX];
    char model[AW_PATH_MAX];
    struct aw_classifier_config config = {.lexicon_dir = lexicon,
                                          .model_path = model};
    bool cross = aw_cli_value(cli, "cross") != NULL;
    aw_rc rc = aw_rules_paths(cli, lexicon, cross ? NULL : model, err);

    if (rc != AW_OK)
        return rc;
    return cross ? aw_eval_cross(report, corpus, lexicon, worst, err)
                 : aw_eval_model(report, corpus, &config, worst, err);
}

static aw_rc run(struct aw_cli *cli, struct aw_err *err)
{
    struct aw_corpus corpus = {0};
    struct aw_eval_report report = {0};
    int64_t capacity = 0, worst = 0;
    aw_rc rc =
        aw_cli_number(cli, "capacity", 1, AW_CORPUS_TEXTS_MAX, &capacity, err);

    if (rc == AW_OK)
        rc = aw_cli_number(cli, "worst", 1, AW_MISTAKES_MAX, &worst, err);
    if (rc == AW_OK)
        rc = aw_corpus_read(&corpus, cli->words[0], err);
    if (rc == AW_OK)
        rc = evaluate(cli, &corpus, &report, (size_t)worst, err);
    if (rc == AW_OK)
        rc = print_report(cli, &report, (size_t)capacity, err);
    if (rc == AW_OK)
        rc = draw_curve(cli, &report, err);
    aw_eval_deinit(&report);
    aw_corpus_deinit(&corpus);
    return rc;
}

static const struct aw_option options[] = {
    {"cross", NULL,
     "cross-validation: each text by a model that never saw it"},
    {"capacity", "K", "what is found in the K texts of highest score alone"},
    {"worst", "N",
     "the N false alarms of highest score and misses of lowest, with reasons"},
    {"curve", "FILE", "write the precision-recall curve: a picture, SVG"},
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
    .text = "Precision, recall and F1 with intervals of 95 %, by class, "
            "channel and kind of\ndocument; whether scores are probabilities; "
            "and what reviewers find who look at\nthe texts of highest score "
            "alone. Without --cross the model judges CORPUS as it is:\ntext "
            "that it was trained on flatters it.\n",
    .options = options,
    .run = run,
};
