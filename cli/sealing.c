#include "cli/sealing.h"

aw_rc aw_cli_sealer(const struct aw_cli *cli, const struct aw_workspace *ws,
                    struct aw_sealer **out, struct aw_err *err)
{
    struct aw_sealer_config config = {.workspace = ws->dir,
                                      .evidence = &ws->config->evidence,
                                      .clock = cli->clock};

    return aw_sealer_new(out, ws->store, &config, err);
}

aw_rc aw_cli_note_seal(const struct aw_cli *cli, const struct aw_workspace *ws,
                       struct aw_str bundle, enum aw_custody_action action,
                       struct aw_str who, struct aw_err *err)
{
    char name[AW_PATH_MAX];
    char path[AW_PATH_MAX];
    aw_rc rc;

    (void)snprintf(name, sizeof name, "%.*s.zip", AW_STR_ARG(bundle));
    rc = aw_path_join(path, ws->bundles, name, err);
    return rc == AW_OK ? aw_cli_custody(cli, ws->store, path, action, who, err)
                       : rc;
}

struct telling {
    const struct aw_cli *cli;
    const struct aw_workspace *ws;
    FILE *out;
};

static aw_rc tell(void *self, struct aw_str bundle,
                  const struct aw_stamped *stamped, struct aw_err *err)
{
    const struct telling *telling = self;

    (void)fprintf(telling->out, "%.*s: time stamp %s: %s\n",
                  AW_STR_ARG(bundle), stamped->state, stamped->what);
    return stamped->fresh
               ? aw_cli_note_seal(telling->cli, telling->ws, bundle,
                                  AW_CUSTODY_STAMP, AW_STR("adwatch"), err)
               : AW_OK;
}

aw_rc aw_cli_stamp_pending(const struct aw_cli *cli,
                           const struct aw_workspace *ws, size_t most,
                           FILE *out, struct aw_err *err)
{
    struct telling telling = {cli, ws, out};
    struct aw_sealer *sealer = NULL;
    aw_rc rc = aw_cli_sealer(cli, ws, &sealer, err);

    if (rc == AW_OK)
        rc = aw_sealer_retry(sealer, most, tell, &telling, err);
    aw_sealer_free(sealer);
    return rc;
}
