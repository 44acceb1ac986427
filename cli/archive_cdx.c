#include "archive/warc.h"
#include "cli/archive.h"

#define LINE_MAX ((size_t)1 << 20)

static aw_rc print_record(struct aw_warc_reader *reader, struct aw_buf *line,
                          struct aw_err *err)
{
    struct aw_warc_record record;
    struct aw_warc_place place;
    aw_rc rc = aw_warc_next(reader, &record, &place, err);

    aw_buf_reset(line);
    if (rc == AW_OK)
        rc = aw_warc_cdx_put(line, &record, &place, err);
    return rc == AW_OK ? aw_cli_print(aw_buf_str(line), err) : rc;
}

static aw_rc file_visit(void *self, const char *path, struct aw_err *err)
{
    struct aw_warc_reader *reader = NULL;
    aw_rc rc = aw_warc_reader_new(&reader, path, 0, err);

    if (rc != AW_OK)
        return rc;
    while (rc == AW_OK)
        rc = print_record(reader, self, err);
    aw_warc_reader_free(reader);
    return rc == AW_MISSING ? AW_OK : rc;
}

static aw_rc path_visit(void *self, const char *path, bool own,
                        struct aw_err *err)
{
    static const char *const suffixes[] = {".warc.gz", ".warc"};
    aw_rc rc = AW_OK;

    (void)own;
    if (!aw_path_is_dir(path))
        return file_visit(self, path, err);
    for (size_t i = 0; rc == AW_OK && i < sizeof suffixes / sizeof *suffixes;
         i++)
        rc = aw_dir_walk(path, suffixes[i], file_visit, self, err);
    return rc;
}

aw_rc aw_archive_cdx(struct aw_cli *cli, char **words, int count,
                     struct aw_err *err)
{
    struct aw_buf line;
    aw_rc rc = aw_cli_print(AW_STR(AW_WARC_CDX_HEADER), err);

    aw_buf_init(&line, LINE_MAX);
    if (rc == AW_OK)
        rc = aw_archive_each(cli, words, count, path_visit, &line, err);
    aw_buf_deinit(&line);
    return rc;
}
