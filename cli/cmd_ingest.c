#include <string.h>

#include "base/json.h"
#include "cli/cli.h"
#include "crawler/ingest.h"
#include "reports/text.h"

#define FILES_MAX 100000
#define LINE_MAX_BYTES ((size_t)1 << 20)

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

/* ---- told --------------------------------------------------------------- */

struct output {
    bool json;
    struct aw_buf out;
    aw_rc rc;
    struct aw_err err;
};

static void put_json(struct aw_buf *out, const struct aw_ingest_result *r)
{
    aw_json_open(out, NULL, '{');
    aw_json_text(out, "path", aw_str_of(r->path));
    aw_json_int(out, "line", r->line);
    aw_json_text(out, "attachment", r->name);
    aw_json_int(out, "capture", r->capture);
    aw_json_text(out, "verdict", r->verdict);
    aw_json_text(out, "why", r->why);
    aw_json_bool(out, "again", r->again);
    aw_json_text(out, "same", r->same);
    aw_json_int(out, "first_capture", r->first_capture);
    aw_json_int(out, "times", r->times);
    aw_json_close(out, '}');
}

static void put_place(struct aw_buf *out, const struct aw_ingest_result *r)
{
    aw_text_tame(out, aw_str_of(r->path));
    if (r->line > 0)
        aw_buf_printf(out, ":%lld", (long long)r->line);
    if (r->name.len > 0)
        aw_buf_puts(out, ": ");
    aw_text_tame(out, r->name);
    aw_buf_puts(out, ": ");
}

/* A capture of 0: it was not even archived. */
static void put_text(struct aw_buf *out, const struct aw_ingest_result *r)
{
    put_place(out, r);
    if (r->why.len > 0) {
        aw_buf_puts(out, r->capture > 0 ? "not read: " : "not taken: ");
        aw_text_tame(out, r->why);
    } else if (r->again) {
        aw_buf_puts(out, "handed in before");
    } else {
        aw_text_tame(out, r->verdict);
    }
    if (r->capture > 0)
        aw_buf_printf(out, ", capture %lld", (long long)r->capture);
    if (r->same.len > 0 && !r->again)
        aw_buf_printf(out, ": same %.*s as capture %lld, handed in %lld times",
                      AW_STR_ARG(r->same), (long long)r->first_capture,
                      (long long)r->times);
}

static void print_result(void *self, const struct aw_ingest_result *r)
{
    struct output *o = self;

    if (o->rc != AW_OK)
        return;
    aw_buf_reset(&o->out);
    (o->json ? put_json : put_text)(&o->out, r);
    aw_buf_putc(&o->out, '\n');
    o->rc = aw_buf_check(&o->out, &o->err);
    if (o->rc == AW_OK)
        o->rc = aw_cli_print(aw_buf_str(&o->out), &o->err);
    (void)fflush(stdout); /* a long list is watched */
}

/* ---- what is said of all ------------------------------------------------ */

static aw_rc set_facts(struct aw_cli *cli, struct aw_arena *arena,
                       struct aw_facts *facts, struct aw_err *err)
{
    const char *channel = aw_cli_value(cli, "channel");
    const char *time = aw_cli_value(cli, "time");
    char why[AW_ERR_MAX];
    aw_rc rc = AW_OK;

    facts->channel = AW_CHANNEL_POSTER;
    facts->who = aw_str_of(aw_cli_value(cli, "who"));
    if (channel)
        rc = aw_hand_in_channel(aw_str_of(channel), &facts->channel, err);
    if (rc == AW_OK && facts->who.len > 0)
        rc = aw_hand_in_code(facts->who, err);
    if (rc == AW_OK && time)
        rc = aw_hand_in_time(aw_str_of(time), aw_clock_wall(cli->clock), facts,
                             err);
    if (rc == AW_OK)
        rc = aw_hand_in_text(aw_str_of(aw_cli_value(cli, "place")), "place",
                             arena, &facts->place, err);
    if (rc == AW_OK)
        rc = aw_hand_in_text(aw_str_of(aw_cli_value(cli, "note")), "note",
                             arena, &facts->note, err);
    if (rc != AW_INVALID && rc != AW_LIMIT)
        return rc;
    (void)snprintf(why, sizeof why, "%s", err->msg);
    return aw_cli_usage(cli, err, "%s", why);
}

static aw_rc hand_in(struct aw_cli *cli, struct aw_workspace *ws,
                     struct files *files, struct aw_err *err)
{
    const char *source = aw_cli_value(cli, "source");
    struct output output = {.json = aw_cli_value(cli, "json") != NULL};
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
        .source = source ? source : "handed in",
    };
    aw_rc rc = set_facts(cli, &files->arena, &input.facts, err);

    if (rc != AW_OK)
        return rc;
    aw_buf_init(&output.out, LINE_MAX_BYTES);
    rc = aw_ingest(&input, files->paths, files->count, print_result, &output,
                   err);
    aw_buf_deinit(&output.out);
    if (output.rc == AW_OK)
        return rc;
    *err = output.err;
    return output.rc;
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
    {"place", "TEXT", "where it was seen"},
    {"time", "TIME", "when it was seen: 2026-11-26 14:05, time of Beijing"},
    {"who", "CODE", "who hands it in: a code such as WG-012, never a name"},
    {"note", "TEXT", "what else is to be said"},
    {"json", NULL, "print JSON lines"},
    {NULL, NULL, NULL}};

const struct aw_command aw_cmd_ingest = {
    .name = "ingest",
    .words = "PATH...",
    .words_min = 1,
    .words_max = -1,
    .summary = "take in what was handed in: posters' OCR text, listings, "
               "texts, lists",
    .text = "Each file is archived as it is, read and classified; a folder "
            "stands for the\nfiles in it. *.csv, *.tsv and *.jsonl are lists: "
            "of each row place, time, who (a\ncode), channel, text, "
            "attachments and note. The same thing again is told and linked;"
            "\nthe very same hand-in is not taken twice, so that a broken run "
            "is simply run again.\n",
    .options = options,
    .run = run,
};
