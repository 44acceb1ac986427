#include <string.h>

#include "cli/cli.h"
#include "crawler/ingest.h"

#define FILES_MAX 100000

struct files {
    struct aw_arena arena;
    const char **paths;
    size_t count, cap;
};

static aw_rc add_file(void *self, const char *path, struct aw_err *err)
{
    struct files *files = self;
    struct aw_str copy;
    void *paths = files->paths;
    aw_rc rc;

    if (files->count == FILES_MAX)
        return aw_fail(err, AW_LIMIT,
                       "more than %d files: hand them in in "
                       "parts",
                       FILES_MAX);
    rc = aw_arena_grow(&files->arena, &paths, files->count, &files->cap,
                       sizeof *files->paths, err);
    if (rc == AW_OK)
        rc = aw_arena_dup(&files->arena, aw_str_of(path), &copy, err);
    if (rc != AW_OK)
        return rc;
    files->paths = paths;
    files->paths[files->count++] = copy.ptr;
    return AW_OK;
}

static aw_rc find_files(struct aw_cli *cli, struct files *files,
                        struct aw_err *err)
{
    aw_rc rc = AW_OK;

    for (int i = 0; i < cli->word_count && rc == AW_OK; i++)
        rc = aw_path_is_dir(cli->words[i])
                 ? aw_dir_walk(cli->words[i], "", add_file, files, err)
                 : add_file(files, cli->words[i], err);
    return rc;
}

static void print_result(void *self, const struct aw_ingest_result *r)
{
    (void)self;
    if (r->again)
        (void)printf("%s: handed in before, capture %lld\n", r->path,
                     (long long)r->capture);
    else if (r->why[0])
        (void)printf("%s: not read: %s\n", r->path, r->why);
    else
        (void)printf("%s: %.*s, capture %lld\n", r->path,
                     AW_STR_ARG(r->verdict), (long long)r->capture);
}

static aw_rc hand_in(struct aw_cli *cli, struct aw_workspace *ws,
                     const struct files *files, struct aw_err *err)
{
    const char *channel = aw_cli_value(cli, "channel");
    const char *source = aw_cli_value(cli, "source");
    struct aw_ingest_input input = {
        .config = ws->config,
        .store = ws->store,
        .archive_dir = ws->archive,
        .program = cli->program,
        .lexicon_dir = ws->lexicon,
        .model_path = ws->model,
        .clock = cli->clock,
        .rng = &cli->rng,
        .log = &cli->log,
        .channel = AW_CHANNEL_POSTER,
        .source = source ? source : "handed in",
    };

    if (channel && !aw_channel_parse(aw_str_of(channel), &input.channel))
        return aw_cli_usage(cli, err, "--channel '%s' is none", channel);
    return aw_ingest(&input, files->paths, files->count, print_result, NULL,
                     err);
}

static aw_rc run(struct aw_cli *cli, struct aw_err *err)
{
    struct aw_workspace ws;
    struct files files = {0};
    aw_rc rc = aw_workspace_open(&ws, cli, true, err);

    aw_arena_init(&files.arena, (size_t)1 << 30);
    if (rc == AW_OK)
        rc = find_files(cli, &files, err);
    if (rc == AW_OK)
        rc = hand_in(cli, &ws, &files, err);
    aw_arena_deinit(&files.arena);
    aw_workspace_close(&ws);
    return rc;
}

static const struct aw_option options[] = {
    {"channel", "NAME", "poster (the default), app, sms, call, seminar, web"},
    {"source", "TEXT", "where it comes from, in words"},
    {NULL, NULL, NULL}};

const struct aw_command aw_cmd_ingest = {
    .name = "ingest",
    .words = "PATH...",
    .words_min = 1,
    .words_max = -1,
    .summary =
        "take in what was handed in: posters' OCR text, listings, texts",
    .text = "Each file is archived as it is, read and classified; a folder "
            "stands for the\nfiles in it. The same bytes again are told, and "
            "not taken twice.\n",
    .options = options,
    .run = run,
};
