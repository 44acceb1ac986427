#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "evidence/bag_private.h"

/* A file that is cut off while it is mapped has no pages where it had some:
 * who reads there gets SIGBUS, and ends. Reading all of it into memory instead
 * would want as much of that as the file has bytes. So the signal puts zeros
 * there and tells it to the map: what is read is then false, and
 * aw_bag_unchanged says why. (docs/decisions/0077) */

struct aw_bag_map {
    struct aw_bag_map *next;
    char *bytes; /* NULL: the file is empty */
    size_t len;
    int fd;
    struct timespec changed; /* when the file was, at the beginning */
    volatile sig_atomic_t cut;
};

/* The signal comes to the thread that reads. */
static _Thread_local struct aw_bag_map *maps;
static struct sigaction before; /* what SIGBUS did */
static size_t page_len;

/* All behind the place is gone with it. mmap is a mere system call. */
static bool put_zeros(struct aw_bag_map *map, const char *place)
{
    size_t at = (size_t)(place - map->bytes) & ~(page_len - 1);

    if (mmap(map->bytes + at, map->len - at, PROT_READ,
             MAP_FIXED | MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED)
        return false;
    map->cut = 1;
    return true;
}

static bool holds(const struct aw_bag_map *map, const char *place)
{
    return place >= map->bytes && place < map->bytes + map->len;
}

static void on_sigbus(int number, siginfo_t *info, void *context)
{
    int kept = errno;
    struct aw_bag_map *map = maps;
    bool mended;

    (void)number;
    (void)context;
    while (map && !holds(map, info->si_addr))
        map = map->next;
    mended = map && put_zeros(map, info->si_addr);
    errno = kept;
    if (!mended) /* it comes again, and is none of ours */
        (void)sigaction(SIGBUS, &before, NULL);
}

/* Anew for each map: others may have set it since. */
static void catch_sigbus(void)
{
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    struct sigaction action = {.sa_sigaction = on_sigbus,
                               .sa_flags = SA_SIGINFO};
    struct sigaction now;

    (void)sigemptyset(&action.sa_mask);
    (void)pthread_mutex_lock(&lock);
    page_len = (size_t)sysconf(_SC_PAGESIZE);
    if (sigaction(SIGBUS, NULL, &now) == 0 && now.sa_sigaction != on_sigbus) {
        before = now;
        (void)sigaction(SIGBUS, &action, NULL);
    }
    (void)pthread_mutex_unlock(&lock);
}

static void hold(struct aw_bag_map *map)
{
    catch_sigbus();
    map->next = maps;
    maps = map;
}

static void let_go(const struct aw_bag_map *map)
{
    struct aw_bag_map **at = &maps;

    while (*at && *at != map)
        at = &(*at)->next;
    if (*at)
        *at = map->next;
}

static aw_rc map_fd(struct aw_bag_map *map, struct aw_err *err)
{
    struct stat st;
    void *bytes;

    if (fstat(map->fd, &st) != 0 || !S_ISREG(st.st_mode))
        return aw_fail(err, AW_INVALID, "it is no regular file");
    if ((uint64_t)st.st_size > AW_ZIP_MAX)
        return aw_fail(err, AW_LIMIT, "more than %zu bytes", AW_ZIP_MAX);
    map->changed = st.st_mtim;
    if (st.st_size == 0)
        return AW_OK;
    bytes = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, map->fd, 0);
    if (bytes == MAP_FAILED)
        return aw_fail_errno(err, AW_IO, "cannot map it");
    map->bytes = bytes;
    map->len = (size_t)st.st_size;
    hold(map);
    return AW_OK;
}

aw_rc aw_bag_map_new(struct aw_bag_map **out, const char *path,
                     struct aw_err *err)
{
    struct aw_bag_map *map = calloc(1, sizeof *map);
    aw_rc rc;

    if (!map)
        return aw_fail(err, AW_NOMEM, "out of memory");
    map->fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    rc = map->fd < 0 ? aw_fail_errno(err, errno == ENOENT ? AW_MISSING : AW_IO,
                                     "cannot open it")
                     : map_fd(map, err);
    if (rc == AW_OK)
        *out = map;
    else
        aw_bag_map_free(map);
    return rc == AW_OK ? AW_OK : aw_fail_in(err, "'%s'", path);
}

void aw_bag_map_free(struct aw_bag_map *map)
{
    if (!map)
        return;
    let_go(map);
    if (map->bytes)
        (void)munmap(map->bytes, map->len);
    if (map->fd >= 0)
        (void)close(map->fd);
    free(map);
}

struct aw_str aw_bag_map_bytes(const struct aw_bag_map *map)
{
    return (struct aw_str){map->bytes, map->len};
}

void aw_bag_map_read_on(const struct aw_bag_map *map, bool on)
{
    if (map->bytes)
        (void)madvise(map->bytes, map->len,
                      on ? MADV_SEQUENTIAL : MADV_NORMAL);
}

aw_rc aw_bag_map_unchanged(const struct aw_bag_map *map, struct aw_err *err)
{
    struct stat st;

    if (fstat(map->fd, &st) != 0)
        return aw_fail_errno(err, AW_IO, "cannot look at it");
    if (map->cut || (uint64_t)st.st_size != map->len ||
        st.st_mtim.tv_sec != map->changed.tv_sec ||
        st.st_mtim.tv_nsec != map->changed.tv_nsec)
        return aw_fail(err, AW_IO, "it was changed while it was read");
    return AW_OK;
}
