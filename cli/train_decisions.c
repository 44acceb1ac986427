#include <string.h>

#include "classify/learn.h"
#include "cli/learned.h"
#include "cli/train.h"
#include "review/examples.h"

#define EXAMPLES_NAME AW_LEARN_DIR "/decisions.jsonl"

/* ---- the examples --------------------------------------------------------
 */

static aw_rc write_examples(const struct aw_workspace *ws,
                            char path[AW_PATH_MAX], struct aw_err *err)
{
    struct aw_examples_count count;
    char dir[AW_PATH_MAX];
    struct aw_buf out;
    aw_rc rc;

    aw_buf_init(&out, AW_EXAMPLES_MAX);
    rc = aw_examples_put(ws->store, &out, &count, err);
    if (rc == AW_OK && out.len == 0)
        rc = aw_fail(err, AW_MISSING,
                     "no finding was confirmed or dismissed yet: there is "
                     "nothing to learn from");
    if (rc == AW_OK)
        rc = aw_path_join(dir, ws->dir, AW_LEARN_DIR, err);
    if (rc == AW_OK)
        rc = aw_mkdirs(dir, err);
    if (rc == AW_OK)
        rc = aw_path_join(path, ws->dir, EXAMPLES_NAME, err);
    if (rc == AW_OK)
        rc = aw_file_write(path, aw_buf_str(&out), err);
    if (rc == AW_OK)
        (void)printf("%s: %lld confirmed, %lld dismissed, %lld left out "
                     "(nothing is quoted)\n",
                     path, (long long)count.confirmed,
                     (long long)count.dismissed, (long long)count.empty);
    aw_buf_deinit(&out);
    return rc;
}

/* ---- what they change ----------------------------------------------------
 */

static void print_row(const char *name, double before, double after)
{
    (void)printf("%-10s %8.3f %8.3f %+8.3f\n", name, before, after,
                 after - before);
}

static void print_count(const char *name, size_t before, size_t after)
{
    (void)printf("%-10s %8zu %8zu %+8lld\n", name, before, after,
                 (long long)after - (long long)before);
}

static void print_change(const struct aw_learn_report *report)
{
    const struct aw_eval_counts *b = &report->before, *a = &report->after;

    (void)
        printf("\non %zu of %zu texts of the corpus, which neither model was "
               "trained on:\n%-10s %8s %8s %8s\n",
               report->test, report->corpus, "", "before", "after", "change");
    print_row("precision", aw_eval_precision(b), aw_eval_precision(a));
    print_row("recall", aw_eval_recall(b), aw_eval_recall(a));
    print_row("F1", aw_eval_f1(b), aw_eval_f1(a));
    print_count("right", b->right, a->right);
    print_count("wrong", b->wrong, a->wrong);
    print_count("missed", b->missed, a->missed);
    (void)putchar('\n');
}

/* ---- the model -----------------------------------------------------------
 */

struct paths {
    char corpus[AW_PATH_MAX], examples[AW_PATH_MAX], model[AW_PATH_MAX];
    char lexicon[AW_PATH_MAX];
    char name[64]; /* of the model, in the folder; empty: it is elsewhere */
};

static aw_rc set_model(struct aw_cli *cli, const struct aw_workspace *ws,
                       struct paths *paths, struct aw_err *err)
{
    const char *out = aw_cli_value(cli, "out");
    char below[96];
    char time[AW_TIME_MAX];

    if (out)
        return aw_path_join(paths->model, ".", out, err);
    aw_time_compact(aw_clock_wall(cli->clock), time);
    (void)snprintf(paths->name, sizeof paths->name, "model-%s.awm", time);
    (void)snprintf(below, sizeof below, AW_LEARN_DIR "/%s", paths->name);
    return aw_path_join(paths->model, ws->dir, below, err);
}

static aw_rc set_paths(struct aw_cli *cli, const struct aw_workspace *ws,
                       struct paths *paths, struct aw_err *err)
{
    const char *lexicon = aw_cli_value(cli, "lexicon");
    aw_rc rc = cli->word_count > 0
                   ? aw_path_join(paths->corpus, ".", cli->words[0], err)
                   : aw_data_path(cli, "corpus", paths->corpus, err);

    if (rc == AW_OK)
        rc = aw_path_join(paths->lexicon, ".", lexicon ? lexicon : ws->lexicon,
                          err);
    return rc == AW_OK ? set_model(cli, ws, paths, err) : rc;
}

static aw_rc learn(struct aw_cli *cli, struct aw_workspace *ws,
                   struct aw_err *err)
{
    struct aw_learn_report report;
    struct paths paths = {0};
    bool use = aw_cli_value(cli, "use") != NULL;
    aw_rc rc = set_paths(cli, ws, &paths, err);

    if (rc == AW_OK)
        rc = write_examples(ws, paths.examples, err);
    if (rc == AW_OK)
        rc = aw_learn(paths.corpus, paths.examples, paths.lexicon, paths.model,
                      &report, err);
    if (rc != AW_OK)
        return rc;
    print_change(&report);
    (void)printf("%s: from %zu texts of the corpus and %zu decisions\n",
                 paths.model, report.corpus - report.test, report.decisions);
    if (use)
        rc = aw_learned_use(ws->dir, paths.name, err);
    if (rc == AW_OK)
        (void)puts(use ? "it is in use now: 'train --undo' goes back"
                       : "it is not in use: '--use' does that");
    return rc;
}

aw_rc aw_train_decisions(struct aw_cli *cli, struct aw_err *err)
{
    struct aw_workspace ws;
    aw_rc rc;

    if (aw_cli_value(cli, "use") && aw_cli_value(cli, "out"))
        return aw_cli_usage(cli, err,
                            "--use and --out do not go together: what is in "
                            "use lies in the workspace");
    rc = aw_workspace_open(&ws, cli, false, err);
    if (rc == AW_OK)
        rc = learn(cli, &ws, err);
    aw_workspace_close(&ws);
    return rc;
}

aw_rc aw_train_undo(struct aw_cli *cli, struct aw_err *err)
{
    char model[AW_PATH_MAX];
    aw_rc rc = aw_learned_undo(cli->dir, err);

    if (rc != AW_OK)
        return rc;
    rc = aw_learned_model(cli->dir, model, err);
    if (rc == AW_OK)
        (void)printf("in use now: %s\n", model);
    if (rc != AW_MISSING)
        return rc;
    (void)puts("in use now: the model of the config, or the one that came "
               "with adwatch");
    return AW_OK;
}
