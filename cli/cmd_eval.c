#include "cli/against.h"
#include "cli/cli.h"
#include "cli/curve.h"
#include "cli/mistakes.h"

#define REPORT_MAX ((size_t)256 << 20) /* bytes: texts are in it */

/* What one run works on. */
struct eval {
    const struct aw_cli *cli;
    struct aw_corpus corpus;
    struct aw_eval_report report, other;
    struct aw_against against;
    int64_t capacity, worst;
};

static void put_report(const struct eval *eval, struct aw_buf *out)
{
    const char *against = aw_cli_value(eval->cli, "against");
    struct aw_eval_shown shown = {(size_t)eval->capacity,
                                  against ? &eval->against : NULL};

    if (aw_cli_value(eval->cli, "json")) {
        aw_eval_json(&eval->report, &shown, out);
        aw_buf_putc(out, '\n');
        return;
    }
    aw_eval_text(&eval->report, &shown, out);
    if (eval->worst > 0)
        aw_mistakes_text(&eval->report.mistakes, out);
    if (against)
        aw_against_text(&eval->report, &eval->against, aw_str_of(against),
                        out);
}

static aw_rc print_report(const struct eval *eval, struct aw_err *err)
{
    struct aw_buf out;
    aw_rc rc;

    aw_buf_init(&out, REPORT_MAX);
    put_report(eval, &out);
    rc = aw_buf_check(&out, err);
    if (rc == AW_OK)
        rc = aw_cli_print(aw_buf_str(&out), err);
    aw_buf_deinit(&out);
    return rc;
}

static aw_rc draw_curve(const struct eval *eval, struct aw_err *err)
{
    const char *path = aw_cli_value(eval->cli, "curve");
    struct aw_buf picture;
    aw_rc rc;

    if (!path)
        return AW_OK;
    aw_buf_init(&picture, AW_CURVE_MAX);
    rc = aw_curve_svg(&eval->report, aw_str_of(eval->cli->words[0]), &picture,
                      err);
    if (rc == AW_OK)
        rc = aw_file_write(path, aw_buf_str(&picture), err);
    aw_buf_deinit(&picture);
    return rc;
}

/* By a given model, and by the one that it is held against. */
static aw_rc by_models(struct eval *eval, struct aw_classifier_config *config,
                       struct aw_err *err)
{
    const char *against = aw_cli_value(eval->cli, "against");
    aw_rc rc = aw_eval_model(&eval->report, &eval->corpus, config,
                             (size_t)eval->worst, err);

    if (rc != AW_OK || !against)
        return rc;
    config->model_path = against;
    rc = aw_eval_model(&eval->other, &eval->corpus, config, 0, err);
    return rc == AW_OK ? aw_against_make(&eval->against, &eval->report,
                                         &eval->other, err)
                       : rc;
}

static aw_rc evaluate(struct eval *eval, struct aw_err *err)
{
    char lexicon[AW_PATH_MAX];
    char model[AW_PATH_MAX];
    struct aw_classifier_config config = {.lexicon_dir = lexicon,
                                          .model_path = model};
    bool cross = aw_cli_value(eval->cli, "cross") != NULL;
    aw_rc rc = aw_rules_paths(eval->cli, lexicon, cross ? NULL : model, err);

    if (rc != AW_OK)
        return rc;
    return cross ? aw_eval_cross(&eval->report, &eval->corpus, lexicon,
                                 (size_t)eval->worst, err)
                 : by_models(eval, &config, err);
}

static aw_rc read_options(struct eval *eval, struct aw_err *err)
{
    const struct aw_cli *cli = eval->cli;
    aw_rc rc = aw_cli_number(cli, "capacity", 1, AW_CORPUS_TEXTS_MAX,
                             &eval->capacity, err);

    if (rc == AW_OK)
        rc =
            aw_cli_number(cli, "worst", 1, AW_MISTAKES_MAX, &eval->worst, err);
    if (rc == AW_OK && aw_cli_value(cli, "cross") &&
        aw_cli_value(cli, "against"))
        rc = aw_cli_usage(cli, err,
                          "--against does not go with --cross, which makes "
                          "its models itself: name one with --model");
    return rc;
}

static aw_rc run(struct aw_cli *cli, struct aw_err *err)
{
    struct eval eval = {.cli = cli};
    aw_rc rc = read_options(&eval, err);

    if (rc == AW_OK)
        rc = aw_corpus_read(&eval.corpus, cli->words[0], err);
    if (rc == AW_OK)
        rc = evaluate(&eval, err);
    if (rc == AW_OK)
        rc = print_report(&eval, err);
    if (rc == AW_OK)
        rc = draw_curve(&eval, err);
    aw_eval_deinit(&eval.report);
    aw_eval_deinit(&eval.other);
    aw_corpus_deinit(&eval.corpus);
    return rc;
}

static const struct aw_option options[] = {
    {"cross", NULL,
     "cross-validation: each text by a model that never saw it"},
    {"capacity", "K", "what is found in the K texts of highest score alone"},
    {"worst", "N",
     "the N false alarms of highest score and misses of lowest, with reasons"},
    {"against", "MODEL", "the same texts by another model file, side by side"},
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
