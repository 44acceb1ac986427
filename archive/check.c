#include "archive/warc_private.h"

#include <stdio.h>
#include <string.h>

/* The number of the first line in which the two differ; from 1. */
static size_t first_difference(struct aw_str a, struct aw_str b,
                               struct aw_str *line)
{
    struct aw_str left = {0}, right = {0};
    size_t number = 0;
    bool more = true;

    while (more && aw_str_eq(left, right)) {
        bool left_more = aw_str_split(&a, '\n', &left);

        if (!left_more)
            left = (struct aw_str){0};
        more = aw_str_split(&b, '\n', &right) && left_more;
        if (!more && left_more)
            right = (struct aw_str){0};
        number++;
    }
    *line = left;
    return number;
}

static int64_t count_lines(struct aw_str text)
{
    int64_t count = 0;

    for (size_t i = 0; i < text.len; i++)
        count += text.ptr[i] == '\n';
    return count;
}

/* The index must be, byte for byte, what the records give. */
static aw_rc compare_index(const char *path, struct aw_str lines,
                           struct aw_err *err)
{
    struct aw_buf file, sorted;
    struct aw_str line;
    aw_rc rc;

    aw_buf_init(&file, AW_CDXJ_MAX);
    aw_buf_init(&sorted, AW_CDXJ_MAX);
    rc = aw_file_read(path, &file, err);
    if (rc == AW_MISSING)
        rc = aw_fail(err, AW_INVALID, "'%s' is missing", path);
    if (rc == AW_OK)
        rc = aw_cdxj_sort(lines, &sorted, err);
    if (rc == AW_OK && !aw_str_eq(aw_buf_str(&file), aw_buf_str(&sorted))) {
        size_t number =
            first_difference(aw_buf_str(&file), aw_buf_str(&sorted), &line);

        rc = aw_fail(err, AW_INVALID,
                     "'%s' line %zu is not what the records give: '%.*s'",
                     path, number, AW_STR_ARG(aw_str_sub(line, 0, 200)));
    }
    aw_buf_deinit(&file);
    aw_buf_deinit(&sorted);
    return rc;
}

/* --- one file ------------------------------------------------------------ */

static bool ends(const char *path, const char *suffix)
{
    return aw_str_ends(aw_str_of(path), aw_str_of(suffix));
}

/* Compares the index beside path. A name that the writer could not have given
 * has none. */
static aw_rc check_index(struct aw_warc_checked *checked, struct aw_str lines,
                         bool needed, struct aw_err *err)
{
    char dir[AW_PATH_MAX], name[AW_WARC_NAME_MAX], index[AW_PATH_MAX];
    aw_rc rc = aw_warc_split_path(checked->path, dir, name, err);

    if (rc == AW_OK)
        rc = aw_warc_name_check(name, err);
    if (rc == AW_OK)
        rc = aw_cdxj_path(index, dir, name, "", err);
    if (!needed && (rc != AW_OK || !aw_path_exists(index)))
        return AW_OK;
    if (rc == AW_OK)
        rc = compare_index(index, lines, err);
    checked->indexed = rc == AW_OK;
    return rc;
}

/* A file that grows may be cut off anywhere, and its index is not yet whole:
 * of it, only what is there must be right. */
static aw_rc check_records(struct aw_warc_checked *checked, bool index_needed,
                           struct aw_err *err)
{
    struct aw_warc_scan scan;
    aw_rc rc;

    aw_warc_scan_init(&scan);
    rc = aw_warc_scan_file(&scan, checked->path, err);
    if (rc != AW_OK)
        checked->offset = scan.failed_at;
    if (checked->growing && rc == AW_INVALID && scan.torn)
        rc = AW_OK;
    if (rc == AW_OK && !checked->growing)
        rc = check_index(checked, aw_buf_str(&scan.lines), index_needed, err);
    checked->records = scan.records;
    checked->bytes = scan.end;
    checked->index_lines = count_lines(aw_buf_str(&scan.lines));
    checked->digests = scan.sums.digests;
    checked->digests_unknown = scan.sums.unknown;
    aw_warc_scan_deinit(&scan);
    return rc;
}

/* --- all of a folder ------------------------------------------------------
 */

struct checking {
    bool index_needed;
    aw_warc_checked_fn *visit;
    void *self;
};

static aw_rc tell(const struct checking *checking,
                  struct aw_warc_checked *checked, aw_rc rc,
                  struct aw_err *err)
{
    struct aw_err why = *err;

    if (rc == AW_NOMEM)
        return rc;
    checked->rc = rc;
    checked->why = rc == AW_OK ? "" : why.msg;
    if (rc == AW_OK)
        checked->offset = -1;
    rc = checking->visit(checking->self, checked, err);
    checked->why = "";
    return rc;
}

/* The writer may have finished a file since the folder was read. */
static bool was_finished(const char *path, char finished[AW_PATH_MAX])
{
    int len = (int)(strlen(path) - (sizeof AW_OPEN_SUFFIX - 1));

    (void)snprintf(finished, AW_PATH_MAX, "%.*s", len, path);
    return !aw_path_exists(path) && aw_path_exists(finished);
}

static aw_rc file_visit(void *self, const char *path, struct aw_err *err)
{
    const struct checking *checking = self;
    char finished[AW_PATH_MAX];
    struct aw_warc_checked checked = {.path = path,
                                      .offset = -1,
                                      .growing = ends(path, AW_OPEN_SUFFIX)};
    bool needed;
    aw_rc rc;

    if (checked.growing && was_finished(path, finished)) {
        checked.path = finished;
        checked.growing = false;
    }
    needed = checking->index_needed && !ends(checked.path, ".warc");
    rc = check_records(&checked, needed, err);
    return tell(checking, &checked, rc, err);
}

/* An index whose WARC is gone tells of lost evidence. Beside NAME.warc.gz.open
 * it is what a crash left between the index and the renaming. */
static aw_rc index_visit(void *self, const char *path, struct aw_err *err)
{
    static const char *const suffixes[] = {AW_WARC_SUFFIX,
                                           AW_WARC_SUFFIX AW_OPEN_SUFFIX,
                                           ".warc"};
    size_t stem = strlen(path) - (sizeof AW_CDXJ_SUFFIX - 1);
    char warc[AW_PATH_MAX + sizeof AW_WARC_SUFFIX AW_OPEN_SUFFIX];
    struct aw_warc_checked checked = {.path = path, .offset = -1};
    aw_rc rc;

    for (size_t i = 0; i < sizeof suffixes / sizeof suffixes[0]; i++) {
        (void)snprintf(warc, sizeof warc, "%.*s%s", (int)stem, path,
                       suffixes[i]);
        if (aw_path_exists(warc))
            return AW_OK;
    }
    rc = aw_fail(err, AW_INVALID, "'%s' is there but its WARC is not", path);
    return tell(self, &checked, rc, err);
}

aw_rc aw_warc_check_each(const char *path, bool index_needed,
                         aw_warc_checked_fn *visit, void *self,
                         struct aw_err *err)
{
    static const struct {
        const char *suffix;
        aw_visit_fn *visit;
    } kinds[] = {{AW_WARC_SUFFIX, file_visit},
                 {AW_WARC_SUFFIX AW_OPEN_SUFFIX, file_visit},
                 {".warc", file_visit},
                 {AW_CDXJ_SUFFIX, index_visit}};
    struct checking checking = {index_needed, visit, self};
    aw_rc rc = AW_OK;

    if (!aw_path_is_dir(path))
        return file_visit(&checking, path, err);
    for (size_t i = 0; rc == AW_OK && i < sizeof kinds / sizeof kinds[0]; i++)
        rc =
            aw_dir_walk(path, kinds[i].suffix, kinds[i].visit, &checking, err);
    return rc;
}
