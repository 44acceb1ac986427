#include <inttypes.h>

#include "archive/warc.h"
#include "base/json.h"
#include "cli/archive.h"

#define LINE_MAX ((size_t)64 << 10)

struct totals {
    bool json;
    int64_t files, damaged, records, bytes, index_lines, digests, unknown;
    char first[AW_ERR_MAX]; /* what was damaged first */
};

static void put_line(struct aw_buf *out, const struct aw_warc_checked *c)
{
    aw_json_open(out, NULL, '{');
    aw_json_text(out, "file", aw_str_of(c->path));
    aw_json_bool(out, "ok", c->rc == AW_OK);
    aw_json_int(out, "records", c->records);
    aw_json_int(out, "bytes", c->bytes);
    aw_json_int(out, "digests", c->digests);
    aw_json_int(out, "digests_unknown", c->digests_unknown);
    aw_json_int(out, "index_lines", c->index_lines);
    aw_json_bool(out, "indexed", c->indexed);
    aw_json_bool(out, "growing", c->growing);
    if (c->rc != AW_OK && c->offset >= 0)
        aw_json_int(out, "offset", c->offset);
    if (c->rc != AW_OK)
        aw_json_text(out, "why", aw_str_of(c->why));
    aw_json_close(out, '}');
    aw_buf_putc(out, '\n');
}

static aw_rc print_line(const struct aw_warc_checked *checked,
                        struct aw_err *err)
{
    struct aw_buf out;
    aw_rc rc;

    aw_buf_init(&out, LINE_MAX);
    put_line(&out, checked);
    rc = aw_buf_check(&out, err);
    if (rc == AW_OK)
        rc = aw_cli_print(aw_buf_str(&out), err);
    aw_buf_deinit(&out);
    return rc;
}

static aw_rc file_visit(void *self, const struct aw_warc_checked *checked,
                        struct aw_err *err)
{
    struct totals *totals = self;

    totals->files++;
    totals->records += checked->records;
    totals->bytes += checked->bytes;
    totals->index_lines += checked->index_lines;
    totals->digests += checked->digests;
    totals->unknown += checked->digests_unknown;
    if (checked->rc != AW_OK && totals->damaged++ == 0)
        (void)snprintf(totals->first, sizeof totals->first, "%s",
                       checked->why);
    if (totals->json)
        return print_line(checked, err);
    if (checked->rc != AW_OK)
        (void)printf("damaged: %s\n", checked->why);
    return AW_OK;
}

static aw_rc note_index(void *self, const char *path, struct aw_err *err)
{
    (void)path;
    (void)err;
    *(bool *)self = true;
    return AW_OK;
}

/* A folder of other programs' files has no index; where one of ours lies, each
 * file must have its own. */
static aw_rc path_visit(void *self, const char *path, bool own,
                        struct aw_err *err)
{
    bool indexed = own;
    aw_rc rc = AW_OK;

    if (!own && aw_path_is_dir(path))
        rc = aw_dir_walk(path, ".cdxj", note_index, &indexed, err);
    return rc == AW_OK
               ? aw_warc_check_each(path, indexed, file_visit, self, err)
               : rc;
}

static void print_totals(const struct totals *t)
{
    (void)printf("%" PRId64 " files, %" PRId64 " records, %" PRId64 " bytes, "
                 "%" PRId64 " lines of index, %" PRId64 " digests",
                 t->files, t->records, t->bytes, t->index_lines, t->digests);
    if (t->unknown > 0)
        (void)printf(" (and %" PRId64 " by algorithms not known here)",
                     t->unknown);
    if (t->damaged > 0)
        (void)printf(": %" PRId64 " files are damaged\n", t->damaged);
    else
        (void)printf(": all whole\n");
}

aw_rc aw_archive_check(struct aw_cli *cli, char **words, int count,
                       struct aw_err *err)
{
    struct totals totals = {.json = aw_cli_value(cli, "json") != NULL};
    aw_rc rc = aw_archive_each(cli, words, count, path_visit, &totals, err);

    if (rc != AW_OK)
        return rc;
    if (!totals.json)
        print_totals(&totals);
    if (totals.damaged > 0)
        rc = aw_fail(err, AW_INVALID,
                     "%" PRId64 " of %" PRId64
                     " files are damaged; the first: %s",
                     totals.damaged, totals.files, totals.first);
    return rc;
}
