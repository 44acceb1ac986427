#include "cli/custody.h"

#include "cli/who.h"

aw_rc aw_cli_custody(const struct aw_cli *cli, struct aw_store *store,
                     const char *path, enum aw_custody_action action,
                     struct aw_str who, struct aw_err *err)
{
    struct aw_custody_act act = {.action = action, .who = who};
    struct aw_custody_done done = {0};
    struct aw_custody_file file;
    aw_rc rc = aw_custody_file(path, &file, err);

    if (act.who.len == 0)
        act.who = aw_cli_account();
    if (rc == AW_OK)
        rc = aw_custody_add(store, cli->clock, &file, &act, &done, err);
    if (rc == AW_OK && aw_custody_is_false(done.change))
        (void)fprintf(stderr, "adwatch: '%s': %s\n", path,
                      aw_custody_change_text(done.change));
    return rc;
}

static bool is_file(const char *path)
{
    return aw_path_exists(path) && !aw_path_is_dir(path);
}

aw_rc aw_cli_bundle_path(const struct aw_workspace *ws, const char *word,
                         char out[AW_PATH_MAX], struct aw_err *err)
{
    char name[AW_PATH_MAX];
    aw_rc rc = aw_path_join(out, "", word, err);

    if (is_file(word)) {
        (void)snprintf(out, AW_PATH_MAX, "%s", word);
        return rc;
    }
    rc = aw_path_join(out, ws->bundles, word, err);
    if (rc == AW_OK && is_file(out))
        return AW_OK;
    if (snprintf(name, sizeof name, "%s.zip", word) < (int)sizeof name &&
        aw_path_join(out, ws->bundles, name, err) == AW_OK && is_file(out))
        return AW_OK;
    return aw_fail(err, AW_MISSING,
                   "there is no file '%s', and no such bundle in '%s'", word,
                   ws->bundles);
}
