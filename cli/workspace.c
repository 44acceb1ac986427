#include <stdlib.h>
#include <string.h>

#include "classify/model.h"
#include "cli/cli.h"
#include "cli/learned.h"
#include "crawler/render_process.h"
#include "evidence/frozen.h"

#define STORE_NAME "adwatch.db"
#define LOCK_NAME ".lock"

static bool is_there(char out[AW_PATH_MAX], const char *dir, const char *name)
{
    struct aw_err ignored;

    return aw_path_join(out, dir, name, &ignored) == AW_OK &&
           aw_path_exists(out);
}

/* The program's folder, or what lies above it by so many names. */
static void folder_above(const char *program, int names, char out[AW_PATH_MAX])
{
    (void)snprintf(out, AW_PATH_MAX, "%s", program);
    for (int i = 0; i <= names; i++) {
        char *slash = strrchr(out, '/');

        if (slash)
            *slash = '\0';
    }
}

aw_rc aw_data_path(const struct aw_cli *cli, const char *name,
                   char out[AW_PATH_MAX], struct aw_err *err)
{
    const char *data = getenv("ADWATCH_DATA");
    char dir[AW_PATH_MAX];
    char share[AW_PATH_MAX + 16];

    if (data && *data)
        return aw_path_join(out, data, name, err);
    for (int above = 0; above <= 2; above++) {
        folder_above(cli->program, above, dir);
        if (is_there(out, dir, name))
            return AW_OK;
    }
    folder_above(cli->program, 1, dir);
    (void)snprintf(share, sizeof share, "%s/share/adwatch", dir);
    if (strlen(share) < AW_PATH_MAX && is_there(out, share, name))
        return AW_OK;
    return aw_fail(err, AW_CONFIG,
                   "there is no '%s' beside '%s': build with 'make', or set "
                   "ADWATCH_DATA",
                   name, cli->program);
}

const char *aw_cache_path(char out[AW_PATH_MAX])
{
    static const struct {
        const char *name, *below;
    } places[] = {{"ADWATCH_CACHE", ""},
                  {"CACHE_DIRECTORY", ""},
                  {"XDG_CACHE_HOME", "/adwatch"},
                  {"HOME", "/.cache/adwatch"}};

    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        const char *dir = getenv(places[i].name);
        int len;

        if (dir && i == 0 && !*dir)
            return NULL;
        if (!dir || dir[0] != '/')
            continue;
        len = snprintf(out, AW_PATH_MAX, "%s%s", dir, places[i].below);
        return len < AW_PATH_MAX ? out : NULL;
    }
    return NULL;
}

/* What the workspace learned, else what its config names, else what came with
 * adwatch. */
static aw_rc model_path(const struct aw_cli *cli, const char *configured,
                        char out[AW_PATH_MAX], struct aw_err *err)
{
    aw_rc rc = aw_learned_model(cli->dir, out, err);

    if (rc != AW_MISSING)
        return rc;
    return configured ? aw_path_join(out, cli->dir, configured, err)
                      : aw_data_path(cli, "model.awm", out, err);
}

aw_rc aw_rules_paths(const struct aw_cli *cli, char lexicon[AW_PATH_MAX],
                     char model[AW_PATH_MAX], struct aw_err *err)
{
    const char *given_lexicon = aw_cli_value(cli, "lexicon");
    const char *given_model = aw_cli_value(cli, "model");
    aw_rc rc = given_lexicon ? aw_path_join(lexicon, ".", given_lexicon, err)
                             : aw_data_path(cli, "lexicons", lexicon, err);

    if (rc != AW_OK || !model)
        return rc;
    return given_model ? aw_path_join(model, ".", given_model, err)
                       : model_path(cli, NULL, model, err);
}

/* A path of the config counts from the workspace. */
static aw_rc lexicon_path(const struct aw_workspace *ws,
                          const struct aw_cli *cli, char out[AW_PATH_MAX],
                          struct aw_err *err)
{
    const char *given = ws->config->lexicon;

    return given ? aw_path_join(out, ws->dir, given, err)
                 : aw_data_path(cli, "lexicons", out, err);
}

static aw_rc set_paths(struct aw_workspace *ws, const struct aw_cli *cli,
                       struct aw_err *err)
{
    aw_rc rc = aw_path_join(ws->archive, ws->dir, "archive", err);

    if (rc == AW_OK)
        rc = aw_path_join(ws->bundles, ws->dir, "bundles", err);
    if (rc == AW_OK)
        rc = lexicon_path(ws, cli, ws->lexicon, err);
    if (rc == AW_OK)
        rc = model_path(cli, ws->config->model, ws->model, err);
    if (rc == AW_OK && ws->config->network.ca_file)
        rc = aw_path_join(ws->ca_file, ws->dir, ws->config->network.ca_file,
                          err);
    return rc;
}

/* For who cannot wait for a browser, whatever the config says. */
static void set_rendering(struct aw_config *config)
{
    const char *wish = getenv("ADWATCH_RENDER");

    if (wish && strcmp(wish, "no") == 0)
        config->render.browsers = 0;
}

aw_rc aw_papers_path(const struct aw_cli *cli, const struct aw_config *config,
                     char out[AW_PATH_MAX], struct aw_err *err)
{
    const char *own = config ? config->evidence.papers : NULL;

    return own ? aw_path_join(out, cli->dir, own, err)
               : aw_data_path(cli, "papers", out, err);
}

aw_rc aw_papers_browser(const struct aw_config *config, char out[AW_PATH_MAX],
                        struct aw_err *err)
{
    const char *wish = getenv("ADWATCH_RENDER");

    if ((wish && strcmp(wish, "no") == 0) ||
        (config && config->render.browsers == 0))
        return aw_fail(err, AW_MISSING, "no browser is wanted");
    return aw_browser_find(config ? config->render.program : NULL, out, err);
}

aw_rc aw_workspace_open(struct aw_workspace *ws, const struct aw_cli *cli,
                        bool lock, struct aw_err *err)
{
    char path[AW_PATH_MAX];
    aw_rc rc;

    *ws = (struct aw_workspace){.lock = -1};
    (void)snprintf(ws->dir, sizeof ws->dir, "%s", cli->dir);
    rc = aw_config_load(&ws->config, cli->dir, err);
    if (rc == AW_OK)
        set_rendering(ws->config);
    if (rc == AW_OK)
        rc = set_paths(ws, cli, err);
    if (lock) /* a run is one thread, and in a hurry */
        aw_store_one_thread();
    if (rc == AW_OK && lock)
        rc = aw_path_join(path, cli->dir, LOCK_NAME, err);
    if (rc == AW_OK && lock)
        rc = aw_lock_take(path, &ws->lock, err);
    if (rc == AW_OK)
        rc = aw_path_join(ws->store_path, cli->dir, STORE_NAME, err);
    if (rc == AW_OK)
        rc = aw_store_open(&ws->store, ws->store_path, err);
    if (rc == AW_OK && lock)
        rc = aw_freezer_new(&ws->freezer, ws->store, ws->lexicon, err);
    return rc;
}

void aw_workspace_close(struct aw_workspace *ws)
{
    aw_freezer_free(ws->freezer);
    aw_store_close(ws->store);
    if (ws->config)
        aw_config_free(ws->config);
    aw_lock_release(ws->lock);
}

aw_rc aw_workspace_threshold(const struct aw_workspace *ws, double *out,
                             struct aw_err *err)
{
    struct aw_model model;
    aw_rc rc = aw_model_load(&model, ws->model, err);

    if (rc != AW_OK)
        return rc;
    *out = model.params.threshold;
    aw_model_unload(&model);
    return AW_OK;
}
