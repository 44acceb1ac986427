#include "base/fs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define READ_PIECE ((size_t)65536)
#define LOCK_NAP_MS 20
#define WALK_DEPTH_MAX 32 /* folders; a ring of links is deeper */

aw_rc aw_path_join(char out[AW_PATH_MAX], const char *dir, const char *name,
                   struct aw_err *err)
{
    int len = name[0] == '/' ? snprintf(out, AW_PATH_MAX, "%s", name)
                             : snprintf(out, AW_PATH_MAX, "%s/%s", dir, name);

    if (len < 0 || len >= AW_PATH_MAX)
        return aw_fail(err, AW_LIMIT, "path '%.60s...' is longer than %d", dir,
                       AW_PATH_MAX - 1);
    return AW_OK;
}

bool aw_path_exists(const char *path)
{
    return access(path, F_OK) == 0;
}

bool aw_path_is_dir(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

aw_rc aw_mkdirs(const char *dir, struct aw_err *err)
{
    char path[AW_PATH_MAX];
    aw_rc rc = aw_path_join(path, "", dir, err);

    if (rc != AW_OK)
        return rc;
    (void)snprintf(path, sizeof path, "%s", dir);
    for (char *p = path + 1; *p; p++) {
        if (*p != '/')
            continue;
        *p = '\0';
        if (mkdir(path, 0777) != 0 && errno != EEXIST)
            return aw_fail_errno(err, AW_IO, "cannot make '%s'", path);
        *p = '/';
    }
    if (mkdir(path, 0777) != 0 && errno != EEXIST)
        return aw_fail_errno(err, AW_IO, "cannot make '%s'", path);
    if (!aw_path_is_dir(path))
        return aw_fail(err, AW_IO, "'%s' is there and is no folder", path);
    return AW_OK;
}

aw_rc aw_fd_read(int fd, struct aw_buf *buf, struct aw_err *err)
{
    for (;;) {
        size_t room = buf->max - buf->len;
        char *at = aw_buf_reserve(buf, room < READ_PIECE ? room : READ_PIECE);
        ssize_t got;

        if (!at)
            return aw_buf_check(buf, err);
        got = room ? read(fd, at, room < READ_PIECE ? room : READ_PIECE)
                   : read(fd, &(char){0}, 1);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return aw_fail_errno(err, AW_IO, "cannot read");
        if (got == 0) {
            at[0] = '\0';
            return AW_OK;
        }
        if (room == 0)
            return aw_fail(err, AW_LIMIT, "more than %zu bytes", buf->max);
        buf->len += (size_t)got;
    }
}

aw_rc aw_file_read(const char *path, struct aw_buf *buf, struct aw_err *err)
{
    bool from_stdin = strcmp(path, "-") == 0;
    int fd = from_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    aw_rc rc;

    if (fd < 0)
        return aw_fail_errno(err, errno == ENOENT ? AW_MISSING : AW_IO,
                             "cannot open '%s'", path);
    rc = aw_fd_read(fd, buf, err);
    if (rc != AW_OK)
        rc = aw_fail_in(err, "'%s'", path);
    if (!from_stdin)
        (void)close(fd);
    return rc;
}

aw_rc aw_write_all(int fd, const void *bytes, size_t len, struct aw_err *err)
{
    const char *at = bytes;

    while (len > 0) {
        ssize_t put = write(fd, at, len);

        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return aw_fail_errno(err, AW_IO, "cannot write");
        at += put;
        len -= (size_t)put;
    }
    return AW_OK;
}

void aw_sync_folder_of(const char *path)
{
    char dir[AW_PATH_MAX];
    char *slash;
    int fd;

    (void)snprintf(dir, sizeof dir, "%s", path);
    slash = strrchr(dir, '/');
    if (slash)
        slash[slash == dir] = '\0';
    fd = open(slash ? dir : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return;
    (void)fsync(fd);
    (void)close(fd);
}

aw_rc aw_file_write(const char *path, struct aw_str bytes, struct aw_err *err)
{
    char tmp[AW_PATH_MAX + 8];
    aw_rc rc;
    int fd;

    (void)snprintf(tmp, sizeof tmp, "%s.tmp", path);
    fd = open(tmp, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (fd < 0)
        return aw_fail_errno(err, AW_IO, "cannot make '%s'", tmp);
    rc = aw_write_all(fd, bytes.ptr, bytes.len, err);
    if (rc != AW_OK)
        rc = aw_fail_in(err, "'%s'", tmp);
    else if (fsync(fd) != 0)
        rc = aw_fail_errno(err, AW_IO, "cannot fsync '%s'", tmp);
    (void)close(fd);
    if (rc == AW_OK && rename(tmp, path) != 0)
        rc = aw_fail_errno(err, AW_IO, "cannot rename '%s'", tmp);
    if (rc != AW_OK)
        (void)unlink(tmp);
    else
        aw_sync_folder_of(path);
    return rc;
}

static bool is_plain_name(const char *name)
{
    return name[0] != '.';
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name); /* whatever the locale */
}

struct walk {
    const char *suffix;
    aw_visit_fn *visit;
    void *self;
    int depth;
};

static aw_rc walk_dir(struct walk *walk, const char *dir, struct aw_err *err);

static aw_rc walk_entry(struct walk *walk, const char *dir, const char *name,
                        struct aw_err *err)
{
    char path[AW_PATH_MAX];
    struct stat st;
    aw_rc rc = aw_path_join(path, dir, name, err);

    if (rc != AW_OK || stat(path, &st) != 0)
        return rc;
    if (S_ISDIR(st.st_mode))
        return walk_dir(walk, path, err);
    if (!S_ISREG(st.st_mode) ||
        !aw_str_ends(aw_str_of(name), aw_str_of(walk->suffix)))
        return AW_OK;
    return walk->visit(walk->self, path, err);
}

static aw_rc walk_dir(struct walk *walk, const char *dir, struct aw_err *err)
{
    struct dirent **entries = NULL;
    int count = scandir(dir, &entries, NULL, by_name);
    aw_rc rc = AW_OK;

    if (count < 0)
        return aw_fail_errno(err, errno == ENOENT ? AW_MISSING : AW_IO,
                             "cannot read folder '%s'", dir);
    if (++walk->depth > WALK_DEPTH_MAX)
        rc = aw_fail(err, AW_LIMIT, "'%s' is deeper than %d folders", dir,
                     WALK_DEPTH_MAX);
    for (int i = 0; i < count; i++) {
        if (rc == AW_OK && is_plain_name(entries[i]->d_name))
            rc = walk_entry(walk, dir, entries[i]->d_name, err);
        free(entries[i]);
    }
    free(entries);
    walk->depth--;
    return rc;
}

aw_rc aw_dir_walk(const char *dir, const char *suffix, aw_visit_fn *visit,
                  void *self, struct aw_err *err)
{
    struct walk walk = {suffix, visit, self, 0};

    return walk_dir(&walk, dir, err);
}

static aw_rc lock_busy(int fd, const char *path, struct aw_err *err)
{
    char pid[24] = "?";
    ssize_t got = pread(fd, pid, sizeof pid - 1, 0);

    if (got > 0)
        pid[strcspn(pid, "\n")] = '\0';
    return aw_fail(err, AW_BUSY,
                   "'%s' is held by process %s: wait for it or end it", path,
                   pid);
}

aw_rc aw_lock_take(const char *path, int *fd, struct aw_err *err)
{
    int lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    char pid[24];
    int len = snprintf(pid, sizeof pid, "%d\n", (int)getpid());
    aw_rc rc = AW_OK;

    if (lock < 0)
        return aw_fail_errno(err, AW_IO, "cannot open lock '%s'", path);
    if (flock(lock, LOCK_EX | LOCK_NB) != 0)
        rc = errno == EWOULDBLOCK
                 ? lock_busy(lock, path, err)
                 : aw_fail_errno(err, AW_IO, "cannot lock '%s'", path);
    else if (ftruncate(lock, 0) != 0)
        rc = aw_fail_errno(err, AW_IO, "cannot write lock '%s'", path);
    else
        rc = aw_write_all(lock, pid, (size_t)len, err) == AW_OK
                 ? AW_OK
                 : aw_fail_in(err, "lock '%s'", path);
    if (rc == AW_OK)
        *fd = lock;
    else
        (void)close(lock);
    return rc;
}

aw_rc aw_lock_wait(const char *path, int wait_ms, int *fd, struct aw_err *err)
{
    const struct timespec nap = {0, LOCK_NAP_MS * 1000000L};
    aw_rc rc = aw_lock_take(path, fd, err);

    for (; rc == AW_BUSY && wait_ms > 0; wait_ms -= LOCK_NAP_MS) {
        (void)nanosleep(&nap, NULL);
        rc = aw_lock_take(path, fd, err);
    }
    return rc;
}

void aw_lock_release(int fd)
{
    if (fd >= 0)
        (void)close(fd);
}
