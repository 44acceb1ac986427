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

static bool is_growing(const char *path)
{
    return aw_str_ends(aw_str_of(path), AW_STR(AW_OPEN_SUFFIX));
}

static aw_rc check_index(const char *path, struct aw_str lines,
                         struct aw_err *err)
{
    char dir[AW_PATH_MAX], name[AW_WARC_NAME_MAX], index[AW_PATH_MAX];
    aw_rc rc = aw_warc_split_path(path, dir, name, err);

    if (rc == AW_OK)
        rc = aw_warc_name_check(name, err);
    if (rc == AW_OK)
        rc = aw_cdxj_path(index, dir, name, "", err);
    return rc == AW_OK ? compare_index(index, lines, err) : rc;
}

/* A file that grows may be cut off anywhere, and its index is not yet whole:
 * of it, only what is there must be right. */
static aw_rc check_visit(void *self, const char *path, struct aw_err *err)
{
    struct aw_warc_counts *counts = self;
    struct aw_warc_scan scan;
    aw_rc rc;

    aw_warc_scan_init(&scan);
    rc = aw_warc_scan_file(&scan, path, err);
    if (is_growing(path) && rc == AW_INVALID && scan.torn)
        rc = AW_OK;
    if (rc == AW_OK && !is_growing(path))
        rc = check_index(path, aw_buf_str(&scan.lines), err);
    counts->files++;
    counts->records += scan.records;
    counts->bytes += scan.end;
    counts->index_lines += count_lines(aw_buf_str(&scan.lines));
    aw_warc_scan_deinit(&scan);
    return rc;
}

/* An index whose WARC is gone tells of lost evidence. */
static aw_rc index_visit(void *self, const char *path, struct aw_err *err)
{
    size_t stem = strlen(path) - (sizeof AW_CDXJ_SUFFIX - 1);
    char warc[AW_PATH_MAX + sizeof AW_WARC_SUFFIX AW_OPEN_SUFFIX];

    (void)self;
    (void)snprintf(warc, sizeof warc, "%.*s" AW_WARC_SUFFIX, (int)stem, path);
    if (aw_path_exists(warc))
        return AW_OK;
    (void)snprintf(warc, sizeof warc, "%.*s" AW_WARC_SUFFIX AW_OPEN_SUFFIX,
                   (int)stem, path);
    if (aw_path_exists(warc))
        return AW_OK; /* a crash came between the index and the renaming */
    return aw_fail(err, AW_INVALID, "'%s' is there but its WARC is not", path);
}

aw_rc aw_warc_check(const char *dir, struct aw_warc_counts *counts,
                    struct aw_err *err)
{
    struct aw_warc_counts made = {0};
    aw_rc rc = aw_dir_walk(dir, AW_WARC_SUFFIX, check_visit, &made, err);

    if (rc == AW_OK)
        rc = aw_dir_walk(dir, AW_WARC_SUFFIX AW_OPEN_SUFFIX, check_visit,
                         &made, err);
    if (rc == AW_OK)
        rc = aw_dir_walk(dir, AW_CDXJ_SUFFIX, index_visit, NULL, err);
    if (rc == AW_OK)
        *counts = made;
    return rc;
}
