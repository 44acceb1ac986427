#include "cli/redact.h"

#include <fcntl.h>
#include <openssl/rand.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/sealing.h"
#include "cli/who.h"
#include "evidence/chain.h"
#include "evidence/custody.h"
#include "evidence/leftovers.h"
#include "evidence/redacted.h"
#include "evidence/verify.h"

#define ARENA_MAX ((size_t)16 << 20)
#define KEY_LEN 32
#define KEEP_FILE_MAX ((size_t)1 << 20)

/* A copy while it is made. */
struct copying {
    const struct aw_cli *cli;
    const struct aw_workspace *ws;
    struct aw_arena arena;
    struct aw_custody_file whole;
    char path[AW_PATH_MAX];
    struct aw_str *keep;
    size_t keep_count, keep_cap;
    bool chained; /* the whole one is in the chain, and so is the copy */
    struct aw_bundle_row row;
    struct aw_chain_taken taken;
    int64_t made_ms;
    char key[KEY_LEN];
};

static aw_rc read_keep(struct copying *c, const char *path, struct aw_err *err)
{
    struct aw_str text, line;
    struct aw_buf bytes;
    aw_rc rc;

    aw_buf_init(&bytes, KEEP_FILE_MAX);
    rc = aw_file_read(path, &bytes, err);
    if (rc == AW_OK)
        rc = aw_arena_dup(&c->arena, aw_buf_str(&bytes), &text, err);
    aw_buf_deinit(&bytes);
    while (rc == AW_OK && aw_str_split(&text, '\n', &line)) {
        void *items = c->keep;

        line = aw_str_trim(line);
        if (line.len == 0)
            continue;
        rc = aw_arena_grow(&c->arena, &items, c->keep_count, &c->keep_cap,
                           sizeof *c->keep, err);
        c->keep = items;
        if (rc == AW_OK)
            c->keep[c->keep_count++] = line;
    }
    return rc == AW_OK ? AW_OK : aw_fail_in(err, "'%s'", path);
}

static aw_rc plan(struct copying *c, const char *bundle, struct aw_err *err)
{
    char name[AW_CUSTODY_NAME_MAX + sizeof AW_REDACTED_SUFFIX + 4];
    aw_rc rc = aw_custody_file(bundle, &c->whole, err);

    (void)snprintf(name, sizeof name, "%s" AW_REDACTED_SUFFIX ".zip",
                   c->whole.name);
    if (rc == AW_OK)
        rc = aw_mkdirs(c->ws->bundles, err);
    if (rc == AW_OK)
        rc = aw_leftovers_clear(c->ws->store, c->ws->bundles, err);
    if (rc == AW_OK)
        rc = aw_path_join(c->path, c->ws->bundles, name, err);
    if (rc == AW_OK)
        rc = aw_store_bundle_find(c->ws->store, &c->arena,
                                  aw_str_of(c->whole.name), &c->row, err);
    c->chained = rc == AW_OK;
    /* Missing: another office's, or older than the chain. */
    return rc == AW_MISSING ? AW_OK : rc;
}

static aw_rc take_link(void *self, struct aw_buf *out, struct aw_err *err)
{
    struct copying *c = self;
    aw_rc rc;

    if (!c->chained)
        return AW_OK;
    rc = aw_chain_take(c->ws->store, c->ws->dir, &c->taken, err);
    if (rc == AW_OK)
        aw_chain_json(&c->taken.link, c->made_ms, out);
    return rc;
}

/* Nobody is to have what is not known of. */
static aw_rc register_copy(void *self, const struct aw_redacted_told *told,
                           struct aw_bag *bag, struct aw_err *err)
{
    struct copying *c = self;
    struct aw_chain_made made = {.link = c->taken.link,
                                 .made_ms = c->made_ms,
                                 .who = aw_cli_account(),
                                 .name = aw_str_of(told->name),
                                 .case_no = c->row.case_no,
                                 .findings = c->row.findings,
                                 .manifest = told->digests.sha256,
                                 .path = c->path,
                                 .stamp = c->chained &&
                                          c->ws->config->evidence.tsa.url};

    return aw_chain_register(c->ws->store, c->cli->clock, &made, bag, err);
}

/* What is false is not made to look true by a copy. */
static aw_rc ignore_item(void *self, const struct aw_verify_item *item,
                         struct aw_err *err)
{
    (void)self;
    (void)item;
    (void)err;
    return AW_OK;
}

static aw_rc check_whole(const char *bundle, struct aw_err *err)
{
    aw_rc rc = aw_bundle_verify(bundle, NULL, ignore_item, NULL, err);

    return rc == AW_FAIL
               ? aw_fail_in(err, "'%s' is false, no copy is made", bundle)
               : rc;
}

static aw_rc write_secret(const char *path, const char *text,
                          struct aw_err *err)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC,
                  0600);
    aw_rc rc;

    if (fd < 0)
        return aw_fail_errno(err, AW_IO, "'%s'", path);
    rc = aw_write_all(fd, text, strlen(text), err);
    if (close(fd) != 0 && rc == AW_OK)
        rc = aw_fail_errno(err, AW_IO, "'%s'", path);
    return rc;
}

/* The key stays in the workspace, for its user alone. */
static aw_rc make_key(struct copying *c, struct aw_err *err)
{
    char path[AW_PATH_MAX + 8];
    char hex[2 * sizeof c->key + 2];

    if (aw_path_exists(c->path))
        return aw_fail(err, AW_INVALID,
                       "'%s' is there already: nothing is written over",
                       c->path);
    if (RAND_bytes((unsigned char *)c->key, sizeof c->key) != 1)
        return aw_fail(err, AW_IO, "there is no randomness");
    for (size_t i = 0; i < sizeof c->key; i++)
        (void)snprintf(hex + 2 * i, 3, "%02x", (unsigned char)c->key[i]);
    (void)snprintf(path, sizeof path, "%s.key", c->path);
    return write_secret(path, hex, err);
}

static aw_rc make_copy(struct copying *c, const char *bundle,
                       struct aw_err *err)
{
    char templates[AW_PATH_MAX], browser[AW_PATH_MAX];
    struct aw_papers_config papers = {.templates = templates,
                                      .clock = c->cli->clock};
    struct aw_redacted_config config = {.in = bundle,
                                        .out = c->path,
                                        .made_ms = c->made_ms,
                                        .tool = "adwatch " AW_VERSION,
                                        .keep = c->keep,
                                        .keep_count = c->keep_count,
                                        .key = {c->key, sizeof c->key},
                                        .manifest = c->row.manifest,
                                        .papers = &papers,
                                        .link = take_link,
                                        .close = register_copy,
                                        .self = c};
    struct aw_redacted_told told;
    struct aw_err missing;
    aw_rc rc = aw_papers_path(c->cli, c->ws->config, templates, err);

    if (aw_papers_browser(c->ws->config, browser, &missing) == AW_OK)
        papers.browser = browser;
    if (rc == AW_OK)
        rc = make_key(c, err);
    if (rc == AW_OK)
        rc = aw_redacted_make(&config, &told, err);

    aw_chain_let_go(&c->taken);
    if (rc != AW_OK)
        return rc;
    (void)printf("%s\n", c->path);
    if (c->chained)
        aw_cli_stamp(c->cli, c->ws, aw_str_of(told.name), stderr);
    (void)
        fprintf(stderr,
                "%zu places in %zu files were taken, %zu files left out; %zu "
                "values kept as the advertiser's own: look at them "
                "in " AW_REDACTED_LIST "\n",
                told.places, told.changed, told.left_out, told.kept);
    if (told.decisions > 0)
        (void)fprintf(stderr,
                      "adwatch: %zu decisions tell of third parties, or come "
                      "after such: their hashes were taken too, the chain is "
                      "whole in the whole bundle alone\n",
                      told.decisions);
    return AW_OK;
}

aw_rc aw_cli_redact(const struct aw_cli *cli, const struct aw_workspace *ws,
                    const char *bundle, const char *keep, struct aw_err *err)
{
    struct copying c = {.cli = cli,
                        .ws = ws,
                        .taken = {.lock = -1},
                        .made_ms = aw_clock_wall(cli->clock)};
    aw_rc rc = check_whole(bundle, err);

    aw_arena_init(&c.arena, ARENA_MAX);
    if (rc == AW_OK && keep)
        rc = read_keep(&c, keep, err);
    if (rc == AW_OK)
        rc = plan(&c, bundle, err);
    if (rc == AW_OK)
        rc = make_copy(&c, bundle, err);
    aw_arena_deinit(&c.arena);
    return rc;
}
