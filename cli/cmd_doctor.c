#include "classify/classify.h"
#include "cli/cli.h"
#include "evidence/environment.h"

static void print_part(void *self, const char *name, const char *version)
{
    (void)self;
    (void)printf("%-11s %s\n", name, version);
}

static void print_check(void *self, const struct aw_check *check)
{
    (void)self;
    (void)printf("%-11s %s%s\n", check->check, check->what,
                 check->ok ? "" : "  [!]");
}

/* The config is the workspace's, where there is one; the browser is the one
 * that it names, or that is found in PATH. */
static aw_rc print_all(const struct aw_cli *cli,
                       struct aw_environment_config *wanted,
                       struct aw_err *err)
{
    struct aw_environment *environment = NULL;
    struct aw_config *config = NULL;
    struct aw_err missing;
    aw_rc rc;

    if (aw_config_load(&config, cli->dir, &missing) == AW_OK)
        wanted->config = config;
    rc = aw_environment_new(&environment, wanted, err);
    if (rc == AW_OK) {
        aw_environment_parts(environment, print_part, NULL);
        aw_environment_checks(environment, NULL, 0, print_check, NULL);
    }
    aw_environment_free(environment);
    if (config)
        aw_config_free(config);
    return rc;
}

/* Rules and model load, and can be told apart later by their digests. */
static aw_rc run(struct aw_cli *cli, struct aw_err *err)
{
    struct aw_classifier *classifier = NULL;
    char lexicon[AW_PATH_MAX];
    char model[AW_PATH_MAX];
    char cache[AW_PATH_MAX];
    struct aw_classifier_config config = {.lexicon_dir = lexicon,
                                          .model_path = model,
                                          .cache_dir = aw_cache_path(cache)};
    struct aw_environment_config wanted = {.clock = cli->clock,
                                           .workspace = cli->dir,
                                           .lexicon = lexicon,
                                           .model = model,
                                           .browser = true};
    aw_rc rc = aw_rules_paths(cli, lexicon, model, err);

    if (rc == AW_OK)
        rc = aw_classifier_new(&classifier, &config, err);
    if (rc == AW_OK) {
        wanted.lexicon_hash = aw_classifier_lexicon_hash(classifier);
        wanted.model_hash = aw_classifier_model_hash(classifier);
        rc = print_all(cli, &wanted, err);
    }
    aw_classifier_free(classifier);
    return rc;
}

const struct aw_command aw_cmd_doctor = {
    .name = "doctor",
    .words = "",
    .summary = "versions, this machine, and what is missing",
    .text = "Each library as it is loaded, the browser, and what whoever "
            "weighs evidence that is\nmade here should know: clock, proxies, "
            "hosts file, resolver, preloaded code, disk.\n[!] stands "
            "behind what is not as it should be. Bundles hold the same.\n",
    .run = run,
};
