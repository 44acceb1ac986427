#include "base/beneath.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/fs.h"

static aw_rc fail_open(struct aw_str name, struct aw_err *err)
{
    switch (errno) {
    case EXDEV:
    case ELOOP:
        return aw_fail(err, AW_INVALID, "'%.*s' leads out of its folder",
                       AW_STR_ARG(name));
    case ENOENT:
    case ENOTDIR:
        return aw_fail(err, AW_MISSING, "there is no file '%.*s'",
                       AW_STR_ARG(name));
    case ENOSYS:
        return aw_fail(err, AW_FAIL, "this kernel has no openat2 (Linux 5.6)");
    default:
        return aw_fail_errno(err, AW_IO, "cannot open '%.*s'",
                             AW_STR_ARG(name));
    }
}

/* Pipes and devices are not waited for. */
static int open_beneath(int folder, const char *name)
{
    struct open_how how = {
        .flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY,
        .resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS,
    };

    return (int)syscall(SYS_openat2, folder, name, &how, sizeof how);
}

static aw_rc read_file(int fd, struct aw_str name, struct aw_buf *buf,
                       struct aw_file_id *id, struct aw_err *err)
{
    struct stat st;

    if (fstat(fd, &st) != 0)
        return aw_fail_errno(err, AW_IO, "cannot read '%.*s'",
                             AW_STR_ARG(name));
    if (!S_ISREG(st.st_mode))
        return aw_fail(err, AW_INVALID, "'%.*s' is no file", AW_STR_ARG(name));
    *id = (struct aw_file_id){st.st_dev, st.st_ino};
    if (aw_fd_read(fd, buf, err) != AW_OK)
        return aw_fail_in(err, "'%.*s'", AW_STR_ARG(name));
    return AW_OK;
}

aw_rc aw_beneath_read(const char *dir, struct aw_str name, struct aw_buf *buf,
                      struct aw_file_id *id, struct aw_err *err)
{
    char text[AW_PATH_MAX];
    aw_rc rc;
    int folder, fd;

    if (name.len == 0 || name.len >= sizeof text ||
        memchr(name.ptr, '\0', name.len))
        return aw_fail(err, AW_INVALID, "'%.60s' is no name of a file",
                       name.len ? name.ptr : "");
    (void)snprintf(text, sizeof text, "%.*s", AW_STR_ARG(name));
    folder = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0)
        return aw_fail_errno(err, AW_IO, "cannot open folder '%s'", dir);
    fd = open_beneath(folder, text);
    rc = fd < 0 ? fail_open(name, err) : read_file(fd, name, buf, id, err);
    if (fd >= 0)
        (void)close(fd);
    (void)close(folder);
    return rc;
}

bool aw_file_id_of(const char *path, struct aw_file_id *out)
{
    struct stat st;

    if (stat(path, &st) != 0)
        return false;
    *out = (struct aw_file_id){st.st_dev, st.st_ino};
    return true;
}
