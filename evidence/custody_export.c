#include "evidence/custody_private.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define PIECE ((size_t)1 << 18)
#define TEMPORARY ".adwatch-copy"

/* A copy that has no name of its own yet. */
struct copy {
    char path[AW_PATH_MAX]; /* what it is to be called */
    char temporary[AW_PATH_MAX + sizeof TEMPORARY];
};

static aw_rc copy_bytes(int from, int to, struct aw_err *err)
{
    char piece[PIECE];

    for (;;) {
        ssize_t got = read(from, piece, sizeof piece);
        aw_rc rc;

        if (got == 0)
            return AW_OK;
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return aw_fail_errno(err, AW_IO, "cannot read");
        rc = aw_write_all(to, piece, (size_t)got, err);
        if (rc != AW_OK)
            return rc;
    }
}

static aw_rc copy_open(int from, const struct copy *copy, struct aw_err *err)
{
    int to = open(copy->temporary,
                  O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    aw_rc rc;

    if (to < 0)
        return aw_fail_errno(err, AW_IO, "cannot make '%s'", copy->temporary);
    rc = copy_bytes(from, to, err);
    if (rc == AW_OK && fsync(to) != 0)
        rc = aw_fail_errno(err, AW_IO, "cannot write '%s'", copy->temporary);
    /* What is read back is to come from the disk, where the system can. */
    (void)posix_fadvise(to, 0, 0, POSIX_FADV_DONTNEED);
    if (close(to) != 0 && rc == AW_OK)
        rc = aw_fail_errno(err, AW_IO, "cannot write '%s'", copy->temporary);
    if (rc != AW_OK)
        (void)unlink(copy->temporary);
    return rc;
}

static aw_rc make_copy(const char *bundle, const struct copy *copy,
                       struct aw_err *err)
{
    int from = open(bundle, O_RDONLY | O_CLOEXEC);
    aw_rc rc;

    if (from < 0)
        return aw_fail_errno(err, errno == ENOENT ? AW_MISSING : AW_IO,
                             "cannot open '%s'", bundle);
    rc = copy_open(from, copy, err);
    (void)close(from);
    return rc;
}

/* Gives the copy its name, unless something has it. Not every file system can
 * rename so: a second name does as well. */
static aw_rc name_copy(const struct copy *copy, struct aw_err *err)
{
    int failed = renameat2(AT_FDCWD, copy->temporary, AT_FDCWD, copy->path,
                           RENAME_NOREPLACE);

    if (failed && errno == EINVAL) {
        failed = link(copy->temporary, copy->path);
        if (!failed)
            (void)unlink(copy->temporary);
    }
    if (failed)
        return aw_fail_errno(err, errno == EEXIST ? AW_INVALID : AW_IO,
                             "cannot call the copy '%s'", copy->path);
    aw_sync_folder_of(copy->path);
    return AW_OK;
}

/* The copy has its name before the row is kept, and loses it where the row is
 * not: there is no copy that nobody knows of. */
static aw_rc write_down(struct aw_store *store, const struct aw_clock *clock,
                        const struct aw_custody_file *file,
                        const struct copy *copy,
                        const struct aw_custody_act *act,
                        struct aw_custody_done *done, struct aw_err *err)
{
    struct aw_custody_done row = {0};
    bool named = false;
    aw_rc rc = aw_store_begin(store, err);

    if (rc != AW_OK)
        return rc;
    rc = aw_custody_add(store, clock, file, act, &row, err);
    if (rc == AW_OK) {
        rc = name_copy(copy, err);
        named = rc == AW_OK;
    }
    rc = aw_store_end(store, rc, err);
    if (rc != AW_OK && named)
        (void)unlink(copy->path);
    if (rc == AW_OK)
        *done = row;
    return rc;
}

static aw_rc check_copy(const struct copy *copy,
                        const struct aw_custody_file *file, struct aw_err *err)
{
    char digest[AW_SHA256_HEX_MAX];
    aw_rc rc = aw_sha256_file(copy->temporary, digest, err);

    if (rc == AW_OK && strcmp(digest, file->digest) != 0)
        rc = aw_fail(err, AW_IO,
                     "the copy '%s' is not what was read: try again, or "
                     "another disk",
                     copy->temporary);
    return rc;
}

/* A row tells the whole path, whatever folder somebody worked in. */
static aw_rc whole_path(const char *given, const char *name,
                        char out[AW_PATH_MAX], struct aw_err *err)
{
    char folder[AW_PATH_MAX];
    char real[PATH_MAX];
    const char *slash = strrchr(given, '/');

    if (!name)
        (void)snprintf(folder, sizeof folder, "%.*s",
                       slash ? (int)(slash - given) + 1 : 1,
                       slash ? given : ".");
    else
        (void)snprintf(folder, sizeof folder, "%s", given);
    if (!realpath(folder, real))
        return aw_fail_errno(err, errno == ENOENT ? AW_MISSING : AW_IO,
                             "cannot copy to '%s'", folder);
    if (!name)
        name = slash ? slash + 1 : given;
    return aw_path_join(out, real, name, err);
}

/* Where the copy goes: into a folder under the bundle's name. */
static aw_rc plan(struct copy *copy, const struct aw_custody_file *file,
                  struct aw_str path, struct aw_err *err)
{
    char name[AW_CUSTODY_NAME_MAX + 8];
    char to[AW_PATH_MAX];
    aw_rc rc;

    if (path.len == 0 || path.len >= sizeof to)
        return aw_fail(err, AW_INVALID, "name the path of the copy");
    (void)snprintf(to, sizeof to, "%.*s", AW_STR_ARG(path));
    (void)snprintf(name, sizeof name, "%s.zip", file->name);
    rc = whole_path(to, aw_path_is_dir(to) ? name : NULL, copy->path, err);
    if (rc != AW_OK)
        return rc;
    (void)snprintf(copy->temporary, sizeof copy->temporary, "%s" TEMPORARY,
                   copy->path);
    if (aw_path_exists(copy->path))
        return aw_fail(err, AW_INVALID,
                       "'%s' is there already: nothing is written over",
                       copy->path);
    return AW_OK;
}

aw_rc aw_custody_export(struct aw_store *store, const struct aw_clock *clock,
                        const char *bundle, const struct aw_custody_act *act,
                        struct aw_custody_done *done, struct aw_err *err)
{
    struct aw_custody_act written = *act;
    struct aw_custody_file file;
    struct copy copy = {{0}, {0}};
    aw_rc rc = aw_custody_file(bundle, &file, err);

    if (rc == AW_OK)
        rc = plan(&copy, &file, act->path, err);
    if (rc == AW_OK)
        rc = make_copy(bundle, &copy, err);
    if (rc != AW_OK)
        return rc;
    written.action = AW_CUSTODY_EXPORT;
    written.path = aw_str_of(copy.path);
    rc = check_copy(&copy, &file, err);
    if (rc == AW_OK)
        rc = write_down(store, clock, &file, &copy, &written, done, err);
    if (rc != AW_OK)
        (void)unlink(copy.temporary);
    return rc;
}
