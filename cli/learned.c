#include "cli/learned.h"

#include <stdio.h>
#include <unistd.h>

#include "base/buf.h"

#define CURRENT AW_LEARN_DIR "/current"
#define CURRENT_MAX ((size_t)1 << 20)

/* Reads it; AW_MISSING also where it is empty. */
static aw_rc read_current(const char *dir, char path[AW_PATH_MAX],
                          struct aw_buf *lines, struct aw_err *err)
{
    aw_rc rc = aw_path_join(path, dir, CURRENT, err);

    if (rc == AW_OK)
        rc = aw_file_read(path, lines, err);
    while (lines->len > 0 && lines->ptr[lines->len - 1] == '\n')
        lines->len--;
    if (rc == AW_OK && lines->len == 0)
        rc = aw_fail(err, AW_MISSING, "'%s' names no model", path);
    return rc;
}

/* Where the last line begins. */
static size_t last_line(const struct aw_buf *lines)
{
    size_t at = lines->len;

    while (at > 0 && lines->ptr[at - 1] != '\n')
        at--;
    return at;
}

static aw_rc path_of(const char *dir, struct aw_str name,
                     char out[AW_PATH_MAX], struct aw_err *err)
{
    char below[AW_PATH_MAX];
    int len =
        snprintf(below, sizeof below, AW_LEARN_DIR "/%.*s", AW_STR_ARG(name));
    aw_rc rc;

    if (len >= (int)sizeof below || aw_str_find(name, AW_STR("/")) >= 0)
        return aw_fail(err, AW_CONFIG,
                       "'%s/" CURRENT
                       "': '%.*s' is no name of a model in that "
                       "folder: run 'train --undo'",
                       dir, AW_STR_ARG(name));
    rc = aw_path_join(out, dir, below, err);
    if (rc == AW_OK && !aw_path_exists(out))
        rc = aw_fail(err, AW_CONFIG,
                     "'%s/" CURRENT "' names '%.*s', which is not there: run "
                     "'train --undo'",
                     dir, AW_STR_ARG(name));
    return rc;
}

aw_rc aw_learned_model(const char *dir, char out[AW_PATH_MAX],
                       struct aw_err *err)
{
    char path[AW_PATH_MAX];
    struct aw_buf lines;
    aw_rc rc;

    aw_buf_init(&lines, CURRENT_MAX);
    rc = read_current(dir, path, &lines, err);
    if (rc == AW_OK) {
        size_t at = last_line(&lines);

        rc = path_of(dir, aw_str_sub(aw_buf_str(&lines), at, lines.len), out,
                     err);
    }
    aw_buf_deinit(&lines);
    return rc;
}

aw_rc aw_learned_use(const char *dir, const char *name, struct aw_err *err)
{
    char path[AW_PATH_MAX];
    char model[AW_PATH_MAX];
    struct aw_buf lines;
    aw_rc rc = path_of(dir, aw_str_of(name), model, err);

    aw_buf_init(&lines, CURRENT_MAX);
    if (rc == AW_OK)
        rc = read_current(dir, path, &lines, err);
    if (rc == AW_MISSING)
        rc = AW_OK;
    if (lines.len > 0)
        aw_buf_putc(&lines, '\n');
    aw_buf_printf(&lines, "%s\n", name);
    if (rc == AW_OK)
        rc = aw_buf_check(&lines, err);
    if (rc == AW_OK)
        rc = aw_file_write(path, aw_buf_str(&lines), err);
    aw_buf_deinit(&lines);
    return rc;
}

aw_rc aw_learned_undo(const char *dir, struct aw_err *err)
{
    char path[AW_PATH_MAX];
    struct aw_buf lines;
    aw_rc rc;

    aw_buf_init(&lines, CURRENT_MAX);
    rc = read_current(dir, path, &lines, err);
    if (rc == AW_OK) {
        lines.len = last_line(&lines);
        rc = aw_file_write(path, aw_buf_str(&lines), err);
    }
    if (rc == AW_MISSING)
        rc = aw_fail(err, AW_MISSING, "no model that '%s' learned is in use",
                     dir);
    aw_buf_deinit(&lines);
    return rc;
}
