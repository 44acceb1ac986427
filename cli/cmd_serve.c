#include <signal.h>
#include <string.h>

#include "cli/cli.h"
#include "review/user.h"
#include "web/server.h"

#define PORT 8710
#define CAPTURE_PORT 8711
#define PEM_MAX ((size_t)1 << 20)
#define HTTPS "https://"

/* What the certificate and its key are read into. */
struct pem {
    struct aw_buf certificate, key;
};

static bool is_loopback(const char *address)
{
    return strncmp(address, "127.", 4) == 0 || strcmp(address, "::1") == 0;
}

static bool is_any(const char *address)
{
    return strcmp(address, "0.0.0.0") == 0 || strcmp(address, "::") == 0;
}

/* "https://adwatch.example:8710": a scheme and a host, and nothing behind. */
static aw_rc check_origin(const struct aw_cli *cli, const char *option,
                          struct aw_err *err)
{
    const char *origin = aw_cli_value(cli, option);
    const char *host = origin ? origin + sizeof HTTPS - 1 : NULL;

    if (!origin)
        return AW_OK;
    if (strncmp(origin, HTTPS, sizeof HTTPS - 1) == 0 && *host &&
        strlen(host) < 256 && !strpbrk(host, "/?#@ ;,'\"\\"))
        return AW_OK;
    return aw_cli_usage(cli, err,
                        "--%s '%s' is no origin such as "
                        "https://adwatch.example",
                        option, origin);
}

/* Passwords do not go over a network in the clear. */
static aw_rc check(const struct aw_cli *cli,
                   const struct aw_server_config *config, struct aw_err *err)
{
    bool certificate = aw_cli_value(cli, "certificate") != NULL;
    bool key = aw_cli_value(cli, "key") != NULL;
    aw_rc rc = check_origin(cli, "origin", err);

    if (rc == AW_OK)
        rc = check_origin(cli, "capture-origin", err);
    if (rc != AW_OK)
        return rc;
    if (certificate != key)
        return aw_cli_usage(cli, err,
                            "--certificate and --key are given together");
    if (!is_loopback(config->bind) && !certificate && !config->origin)
        return aw_cli_usage(cli, err,
                            "--bind %s is beyond this machine: give "
                            "--certificate and --key, or --origin "
                            "https://... of a proxy in front",
                            config->bind);
    if (is_any(config->bind) && !config->origin)
        return aw_cli_usage(cli, err,
                            "--bind %s has many names: give --origin "
                            "https://... as browsers name it",
                            config->bind);
    return AW_OK;
}

static aw_rc read_pem(const char *path, struct aw_buf *out, const char **text,
                      struct aw_err *err)
{
    aw_rc rc = path ? aw_file_read(path, out, err) : AW_OK;

    if (rc == AW_OK && path)
        *text = out->ptr;
    return rc;
}

static aw_rc configure(const struct aw_cli *cli, const struct aw_workspace *ws,
                       struct aw_server_config *config, struct pem *pem,
                       struct aw_err *err)
{
    const char *bind = aw_cli_value(cli, "bind");
    int64_t port = PORT;
    int64_t capture_port = CAPTURE_PORT;
    aw_rc rc = aw_cli_number(cli, "port", 0, 65535, &port, err);

    if (rc == AW_OK)
        rc = aw_cli_number(cli, "capture-port", 0, 65535, &capture_port, err);
    *config = (struct aw_server_config){
        .clock = cli->clock,
        .log = &cli->log,
        .config = ws->config,
        .workspace = ws->dir,
        .archive_dir = ws->archive,
        .lexicon_dir = ws->lexicon,
        .model_path = ws->model,
        .program = cli->program,
        .store_path = ws->store_path,
        .bind = bind ? bind : "127.0.0.1",
        .port = (int)port,
        .capture_port = (int)capture_port,
        .origin = aw_cli_value(cli, "origin"),
        .capture_origin = aw_cli_value(cli, "capture-origin"),
    };
    if (rc == AW_OK)
        rc = check(cli, config, err);
    if (rc == AW_OK)
        rc = aw_workspace_threshold(ws, &config->threshold, err);
    if (rc == AW_OK)
        rc = read_pem(aw_cli_value(cli, "certificate"), &pem->certificate,
                      &config->certificate, err);
    return rc == AW_OK ? read_pem(aw_cli_value(cli, "key"), &pem->key,
                                  &config->key, err)
                       : rc;
}

static aw_rc count_user(void *self, const struct aw_user *user,
                        int64_t open_sessions, struct aw_err *err)
{
    int *count = self;

    (void)open_sessions;
    (void)err;
    *count += user->active;
    return AW_OK;
}

/* A server that nobody can enter is no error: users may be made meanwhile. */
static aw_rc look_for_users(struct aw_cli *cli, struct aw_store *store,
                            struct aw_err *err)
{
    int count = 0;
    aw_rc rc = aw_users(store, cli->clock, count_user, &count, err);

    if (rc == AW_OK && count == 0)
        aw_log(&cli->log, AW_LOG_WARN,
               "there is no user yet: make one with 'adwatch user add NAME "
               "--role administrator'",
               (char *)NULL);
    return rc;
}

/* Before the first thread, so that all leave them to sigwait. */
static void block_signals(sigset_t *signals)
{
    (void)sigemptyset(signals);
    (void)sigaddset(signals, SIGTERM);
    (void)sigaddset(signals, SIGINT);
    (void)pthread_sigmask(SIG_BLOCK, signals, NULL);
    (void)signal(SIGPIPE, SIG_IGN);
}

static aw_rc serve(struct aw_cli *cli, const struct aw_server_config *config,
                   struct aw_err *err)
{
    struct aw_server *server = NULL;
    sigset_t signals;
    int number = 0;
    aw_rc rc;

    block_signals(&signals);
    rc = aw_server_new(&server, config, err);
    if (rc != AW_OK)
        return rc;
    (void)printf("adwatch: serving %.*s/ (captures: %.*s/)\n",
                 AW_STR_ARG(aw_server_origin(server)),
                 AW_STR_ARG(aw_server_capture_origin(server)));
    (void)fflush(stdout);
    (void)sigwait(&signals, &number);
    aw_log(&cli->log, AW_LOG_INFO, "server ends", "signal",
           number == SIGINT ? "SIGINT" : "SIGTERM", (char *)NULL);
    aw_server_free(server);
    return AW_OK;
}

static aw_rc run(struct aw_cli *cli, struct aw_err *err)
{
    struct aw_server_config config;
    struct aw_workspace ws;
    struct pem pem;
    aw_rc rc = aw_workspace_open(&ws, cli, false, err);

    aw_buf_init(&pem.certificate, PEM_MAX);
    aw_buf_init(&pem.key, PEM_MAX);
    if (rc == AW_OK)
        rc = configure(cli, &ws, &config, &pem, err);
    if (rc == AW_OK)
        rc = look_for_users(cli, ws.store, err);
    if (rc == AW_OK)
        rc = serve(cli, &config, err);
    aw_buf_deinit(&pem.key);
    aw_buf_deinit(&pem.certificate);
    aw_workspace_close(&ws);
    return rc;
}

static const struct aw_option options[] = {
    {"bind", "ADDR", "the address to listen on (127.0.0.1)"},
    {"port", "N", "of the page and its API (8710; 0: any)"},
    {"capture-port", "N", "of captured pages, apart (8711; 0: any)"},
    {"certificate", "PEM", "file with the certificate, for TLS"},
    {"key", "PEM", "file with its key"},
    {"origin", "URL", "https://..., as browsers name this server"},
    {"capture-origin", "URL", "likewise of the port of captured pages"},
    {NULL, NULL, NULL}};

const struct aw_command aw_cmd_serve = {
    .name = "serve",
    .words = "",
    .words_min = 0,
    .words_max = 0,
    .summary = "the reviewer's web page and its JSON API under /api/v1",
    .text =
        "Prints one line with its address once it listens, and answers until\n"
        "SIGTERM or SIGINT. Who may come in: see 'adwatch user'. Captured\n"
        "pages are shown from the second port, which is another origin.\n\n"
        "Beyond this machine it wants TLS: its own (--certificate, --key), "
        "or\nthat of a proxy in front (--origin).\n",
    .options = options,
    .run = run,
};
