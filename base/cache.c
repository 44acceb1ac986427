#include "base/cache.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/hash.h"

#define SUFFIX ".cache"
#define MAGIC "adwatch cache 1\n"

struct head {
    char magic[sizeof MAGIC - 1];
    char digest[AW_SHA256_HEX_MAX - 1]; /* of what follows */
};

static bool path_of(char out[AW_PATH_MAX], const char *dir, const char *key)
{
    int len = snprintf(out, AW_PATH_MAX, "%s/%s" SUFFIX, dir, key);

    return len > 0 && len < AW_PATH_MAX;
}

static bool is_ours(int fd)
{
    struct stat st;

    return fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
           st.st_uid == geteuid() && !(st.st_mode & (S_IWGRP | S_IWOTH)) &&
           st.st_size >= (off_t)sizeof(struct head) &&
           (uint64_t)st.st_size <= AW_CACHE_FILE_MAX;
}

static bool read_all(int fd, struct aw_buf *out)
{
    for (;;) {
        char *at = aw_buf_reserve(out, 65536);
        ssize_t got = at ? read(fd, at, 65536) : -1;

        if (got <= 0)
            return got == 0;
        out->len += (size_t)got;
    }
}

static bool is_whole(struct aw_str file, struct aw_str *body)
{
    char digest[AW_SHA256_HEX_MAX];
    struct head head;

    if (file.len < sizeof head)
        return false;
    memcpy(&head, file.ptr, sizeof head);
    *body = aw_str_sub(file, sizeof head, file.len);
    aw_sha256_hex(*body, digest);
    return memcmp(head.magic, MAGIC, sizeof head.magic) == 0 &&
           memcmp(head.digest, digest, sizeof head.digest) == 0;
}

bool aw_cache_get(const char *dir, const char *key, struct aw_buf *out)
{
    char path[AW_PATH_MAX];
    struct aw_str body;
    struct aw_buf file;
    bool ok;
    int fd;

    if (!path_of(path, dir, key))
        return false;
    fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0)
        return false;
    aw_buf_init(&file, AW_CACHE_FILE_MAX + 65536);
    ok = is_ours(fd) && read_all(fd, &file) &&
         is_whole(aw_buf_str(&file), &body);
    (void)close(fd);
    if (ok)
        aw_buf_put(out, body);
    aw_buf_deinit(&file);
    return ok && out->rc == AW_OK;
}

/* ---- writing ------------------------------------------------------------ */

struct file {
    char name[NAME_MAX + 1];
    struct timespec written;
};

static int newest_first(const void *a, const void *b)
{
    const struct file *x = a, *y = b;

    if (x->written.tv_sec != y->written.tv_sec)
        return x->written.tv_sec < y->written.tv_sec ? 1 : -1;
    if (x->written.tv_nsec != y->written.tv_nsec)
        return x->written.tv_nsec < y->written.tv_nsec ? 1 : -1;
    return strcmp(x->name, y->name);
}

/* Keeps the newest ones, half-written ones of a killed process among them; of
 * a folder with more than it looks at, the rest is for the next time. */
static void drop_oldest(const char *dir)
{
    struct file files[AW_CACHE_FILES_MAX * 4] = {0};
    size_t count = 0;
    DIR *folder = opendir(dir);
    const struct dirent *entry;
    struct stat st;

    if (!folder)
        return;
    while (count < sizeof files / sizeof *files && (entry = readdir(folder))) {
        if (!strstr(entry->d_name, SUFFIX) ||
            fstatat(dirfd(folder), entry->d_name, &st, AT_SYMLINK_NOFOLLOW))
            continue;
        (void)snprintf(files[count].name, sizeof files[count].name, "%s",
                       entry->d_name);
        files[count++].written = st.st_mtim;
    }
    qsort(files, count, sizeof *files, newest_first);
    for (size_t i = AW_CACHE_FILES_MAX; i < count; i++)
        (void)unlinkat(dirfd(folder), files[i].name, 0);
    (void)closedir(folder);
}

/* A process that may not write files as long would be ended by a signal. */
static bool may_write(size_t len)
{
    struct rlimit most;

    return getrlimit(RLIMIT_FSIZE, &most) == 0 && most.rlim_cur >= len;
}

/* Under a name of its own, for others may write at the same time; without
 * fsync, for a file that a crash tore has another digest. */
static bool write_new(const char *path, struct aw_str bytes)
{
    struct aw_err ignored;
    struct head head = {0};
    char digest[AW_SHA256_HEX_MAX];
    char made[AW_PATH_MAX + 8];
    bool ok;
    int fd;

    (void)snprintf(made, sizeof made, "%s.XXXXXX", path);
    fd = mkostemp(made, O_CLOEXEC); /* mode 0600 */
    if (fd < 0)
        return false;
    aw_sha256_hex(bytes, digest);
    memcpy(head.magic, MAGIC, sizeof head.magic);
    memcpy(head.digest, digest, sizeof head.digest);
    ok = aw_write_all(fd, &head, sizeof head, &ignored) == AW_OK &&
         aw_write_all(fd, bytes.ptr, bytes.len, &ignored) == AW_OK;
    ok = close(fd) == 0 && ok && rename(made, path) == 0;
    if (!ok)
        (void)unlink(made);
    return ok;
}

void aw_cache_put(const char *dir, const char *key, struct aw_str bytes)
{
    struct aw_err ignored;
    char path[AW_PATH_MAX];

    if (bytes.len > AW_CACHE_FILE_MAX - sizeof(struct head) ||
        !path_of(path, dir, key) ||
        !may_write(bytes.len + sizeof(struct head)) ||
        aw_mkdirs(dir, &ignored) != AW_OK)
        return;
    if (write_new(path, bytes))
        drop_oldest(dir);
}
