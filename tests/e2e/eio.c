/* A disk that fails, for test_disk.sh: with LD_PRELOAD, one write or sync of a
 * file below a folder ends in EIO.
 *   EIO_DIR    the folder, as in /proc/self/fd
 *   EIO_NTH    which of them, from 1; counted in each process
 *   EIO_REST   set: all those behind it fail too
 * Readers have no files, and no call that tells what a descriptor is.
 */
#include <dlfcn.h>
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

static bool is_reader;

__attribute__((constructor)) static void begin(int argc, char **argv)
{
    is_reader = argc > 1 && strcmp(argv[1], "reader") == 0;
}

static bool is_below(int fd, const char *dir)
{
    char link[64];
    char path[4096];
    ssize_t len;

    (void)snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    len = readlink(link, path, sizeof path);
    return len > 0 && (size_t)len > strlen(dir) &&
           strncmp(path, dir, strlen(dir)) == 0;
}

static bool fails(int fd)
{
    static long calls;
    const char *dir = getenv("EIO_DIR");
    const char *nth = getenv("EIO_NTH");
    long which = nth ? strtol(nth, NULL, 10) : 0;

    if (is_reader || !dir || which == 0 || !is_below(fd, dir))
        return false;
    calls++;
    if (calls != which && (calls < which || !getenv("EIO_REST")))
        return false;
    errno = EIO;
    return true;
}

/* The function that would have been called. */
#define NEXT(name) ((__typeof__(&name))(uintptr_t)dlsym(RTLD_NEXT, #name))

ssize_t write(int fd, const void *bytes, size_t len)
{
    return fails(fd) ? -1 : NEXT(write)(fd, bytes, len);
}

ssize_t writev(int fd, const struct iovec *pieces, int count)
{
    return fails(fd) ? -1 : NEXT(writev)(fd, pieces, count);
}

ssize_t pwrite(int fd, const void *bytes, size_t len, off_t at)
{
    return fails(fd) ? -1 : NEXT(pwrite)(fd, bytes, len, at);
}

ssize_t pwrite64(int fd, const void *bytes, size_t len, off64_t at)
{
    return fails(fd) ? -1 : NEXT(pwrite64)(fd, bytes, len, at);
}

int fsync(int fd)
{
    return fails(fd) ? -1 : NEXT(fsync)(fd);
}

int fdatasync(int fd)
{
    return fails(fd) ? -1 : NEXT(fdatasync)(fd);
}
