#include "cli/sealing.h"

#include <string.h>

aw_rc aw_cli_sealer(const struct aw_cli *cli, const struct aw_workspace *ws,
                    struct aw_sealer **out, struct aw_err *err)
{
    struct aw_sealer_config config = {.workspace = ws->dir,
                                      .evidence = &ws->config->evidence,
                                      .clock = cli->clock};

    return aw_sealer_new(out, ws->store, &config, err);
}

static void say(FILE *out, struct aw_str bundle,
                const struct aw_stamped *stamped)
{
    (void)fprintf(out, "%.*s: time stamp %s: %s\n", AW_STR_ARG(bundle),
                  stamped->state, stamped->what);
}

static aw_rc tell(void *self, struct aw_str bundle,
                  const struct aw_stamped *stamped, struct aw_err *err)
{
    (void)err;
    say(self, bundle, stamped);
    return AW_OK;
}

void aw_cli_stamp(const struct aw_cli *cli, const struct aw_workspace *ws,
                  struct aw_str bundle, FILE *out)
{
    struct aw_stamped stamped = {.state = AW_STAMP_PENDING};
    struct aw_sealer *sealer = NULL;
    struct aw_err why = {0};
    aw_rc rc;

    if (!ws->config->evidence.tsa.url)
        return;
    rc = aw_cli_sealer(cli, ws, &sealer, &why);
    if (rc == AW_OK)
        rc = aw_sealer_stamp(sealer, bundle, &stamped, &why);
    if (rc != AW_OK) {
        stamped = (struct aw_stamped){.state = AW_STAMP_PENDING};
        (void)snprintf(stamped.what, sizeof stamped.what, "%.500s", why.msg);
    }
    say(out, bundle, &stamped);
    if (strcmp(stamped.state, AW_STAMP_PENDING) == 0)
        (void)fprintf(out, "ask again by 'adwatch seal --retry'\n");
    aw_sealer_free(sealer);
}

aw_rc aw_cli_stamp_pending(const struct aw_cli *cli,
                           const struct aw_workspace *ws, size_t most,
                           FILE *out, struct aw_err *err)
{
    struct aw_sealer *sealer = NULL;
    aw_rc rc = aw_cli_sealer(cli, ws, &sealer, err);

    if (rc == AW_OK)
        rc = aw_sealer_retry(sealer, most, tell, out, err);
    aw_sealer_free(sealer);
    return rc;
}
