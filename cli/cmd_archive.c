#include <string.h>

#include "archive/warc.h"
#include "cli/cli.h"

static aw_rc check(const char *dir, struct aw_err *err)
{
    struct aw_warc_counts counts = {0};
    aw_rc rc = aw_warc_check(dir, &counts, err);

    if (rc == AW_OK)
        (void)printf("%lld files, %lld records, %lld bytes, %lld lines of "
                     "index: all whole\n",
                     (long long)counts.files, (long long)counts.records,
                     (long long)counts.bytes, (long long)counts.index_lines);
    return rc;
}

static aw_rc print_record(struct aw_warc_reader *reader, struct aw_err *err)
{
    struct aw_warc_record record;
    aw_rc rc = aw_warc_next(reader, &record, NULL, err);

    if (rc == AW_OK)
        rc = aw_cli_print(record.head, err);
    return rc == AW_OK ? aw_cli_print(record.body, err) : rc;
}

static aw_rc get(struct aw_cli *cli, struct aw_workspace *ws,
                 struct aw_err *err)
{
    struct aw_warc_reader *reader = NULL;
    struct aw_capture capture;
    struct aw_warc_place place = {0};
    struct aw_arena arena;
    int64_t id = 0;
    aw_rc rc = AW_OK;

    if (cli->word_count < 2 || !aw_str_to_int(aw_str_of(cli->words[1]), &id))
        return aw_cli_usage(cli, err, "the number of a capture is missing");
    aw_arena_init(&arena, (size_t)1 << 20);
    rc = aw_store_capture_get(ws->store, &arena, id, &capture, err);
    if (rc == AW_OK) {
        (void)snprintf(place.file, sizeof place.file, "%.*s",
                       AW_STR_ARG(capture.warc_file));
        place.offset = capture.warc_offset;
        place.length = capture.warc_length;
        rc = aw_warc_open_place(&reader, ws->archive, &place, err);
    }
    if (rc == AW_OK)
        rc = print_record(reader, err);
    aw_warc_reader_free(reader);
    aw_arena_deinit(&arena);
    return rc;
}

static aw_rc run(struct aw_cli *cli, struct aw_err *err)
{
    struct aw_workspace ws;
    aw_rc rc = aw_workspace_open(&ws, cli, false, err);

    if (rc != AW_OK)
        ;
    else if (strcmp(cli->words[0], "check") == 0)
        rc = check(cli->word_count > 1 ? cli->words[1] : ws.archive, err);
    else if (strcmp(cli->words[0], "get") == 0)
        rc = get(cli, &ws, err);
    else
        rc = aw_cli_usage(cli, err, "'%s' is neither check nor get",
                          cli->words[0]);
    aw_workspace_close(&ws);
    return rc;
}

const struct aw_command aw_cmd_archive = {
    .name = "archive",
    .words = "check | get CAPTURE",
    .words_min = 1,
    .words_max = 2,
    .summary = "check all digests and offsets, or print a capture as it came",
    .text = "",
    .run = run,
};
