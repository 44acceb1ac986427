#include "base/cache.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/hash.h"

#define SUFFIX ".cache"
#define MAGIC "adwatch cache 2\n"

/* Its size is a multiple of 16: so what follows is aligned. */
struct head {
    char magic[sizeof MAGIC - 1];
    char checksum[AW_CRC64_HEX_MAX - 1]; /* of what follows */
};

static bool path_of(char out[AW_PATH_MAX], const char *dir, const char *key)
{
    int len = snprintf(out, AW_PATH_MAX, "%s/%s" SUFFIX, dir, key);

    return len > 0 && len < AW_PATH_MAX;
}

/* The bytes of a file that is this user's alone, or 0. */
static size_t size_of(int fd)
{
    struct stat st;
    bool ours = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
                st.st_uid == geteuid() && !(st.st_mode & (S_IWGRP | S_IWOTH));

    return ours && st.st_size >= (off_t)sizeof(struct head) &&
                   (uint64_t)st.st_size <= AW_CACHE_FILE_MAX
               ? (size_t)st.st_size
               : 0;
}

static bool is_whole(struct aw_str file, struct aw_str *body)
{
    char checksum[AW_CRC64_HEX_MAX];
    struct head head;

    memcpy(&head, file.ptr, sizeof head);
    *body = aw_str_sub(file, sizeof head, file.len);
    aw_crc64_hex(*body, checksum);
    return memcmp(head.magic, MAGIC, sizeof head.magic) == 0 &&
           memcmp(head.checksum, checksum, sizeof head.checksum) == 0;
}

static bool map(int fd, struct aw_cached *out)
{
    size_t len = size_of(fd);
    void *at = MAP_FAILED;

    if (len > 0)
        at = mmap(NULL, len, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd, 0);
    if (at == MAP_FAILED)
        return false;
    *out = (struct aw_cached){.mapped = at, .mapped_len = len};
    return true;
}

bool aw_cache_get(const char *dir, const char *key, struct aw_cached *out)
{
    char path[AW_PATH_MAX];
    struct aw_cached kept;
    bool ok;
    int fd;

    if (!path_of(path, dir, key))
        return false;
    fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0)
        return false;
    ok = map(fd, &kept);
    (void)close(fd);
    if (!ok)
        return false;
    if (is_whole((struct aw_str){kept.mapped, kept.mapped_len}, &kept.bytes))
        *out = kept;
    else
        aw_cached_drop(&kept);
    return kept.mapped != NULL;
}

void aw_cached_drop(struct aw_cached *cached)
{
    if (cached->mapped)
        (void)munmap(cached->mapped, cached->mapped_len);
    *cached = (struct aw_cached){0};
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
 * fsync, for a file that a crash tore has another checksum. */
static bool write_new(const char *path, struct aw_str bytes)
{
    struct aw_err ignored;
    struct head head = {0};
    char checksum[AW_CRC64_HEX_MAX];
    char made[AW_PATH_MAX + 8];
    bool ok;
    int fd;

    (void)snprintf(made, sizeof made, "%s.XXXXXX", path);
    fd = mkostemp(made, O_CLOEXEC); /* mode 0600 */
    if (fd < 0)
        return false;
    aw_crc64_hex(bytes, checksum);
    memcpy(head.magic, MAGIC, sizeof head.magic);
    memcpy(head.checksum, checksum, sizeof head.checksum);
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
