#include "evidence/leftovers.h"

#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/str.h"

#define SUFFIX ".zip.tmp"

/* Its process may have finished it, and renamed it, in this moment. */
static bool has_name(int fd, const char *path)
{
    struct stat ours;
    struct stat named;

    return fstat(fd, &ours) == 0 && lstat(path, &named) == 0 &&
           ours.st_ino == named.st_ino && ours.st_dev == named.st_dev;
}

/* Whoever wants to write it waits for the lock with the name in mind, and
 * sees that it is gone. */
static void clear(const char *path)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);

    if (fd < 0)
        return;
    if (flock(fd, LOCK_EX | LOCK_NB) == 0 && has_name(fd, path))
        (void)unlink(path);
    (void)close(fd);
}

/* Bundles alone, and none of a folder within. */
static aw_rc visit(void *self, const char *path, struct aw_err *err)
{
    const char *dir = self;
    struct aw_str rest = aw_str_of(path);

    (void)err;
    rest = aw_str_sub(rest, strlen(dir), rest.len);
    if (aw_str_starts(rest, AW_STR("/adwatch-")) && !strchr(rest.ptr + 1, '/'))
        clear(path);
    return AW_OK;
}

aw_rc aw_leftovers_clear(const char *dir, struct aw_err *err)
{
    return aw_dir_walk(dir, SUFFIX, visit, (void *)dir, err);
}
