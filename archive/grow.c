#include "archive/warc_private.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

/* What one giant record made the buffer grow to is given back. */
#define WAIT_KEEP_MAX ((size_t)8 << 20)

void aw_grow_init(struct aw_grow *grow, size_t max)
{
    *grow = (struct aw_grow){.fd = -1};
    aw_buf_init(&grow->wait, max);
}

void aw_grow_deinit(struct aw_grow *grow)
{
    aw_grow_close(grow);
    aw_buf_deinit(&grow->wait);
}

static void empty_wait(struct aw_grow *grow)
{
    size_t max = grow->wait.max;

    aw_buf_reset(&grow->wait);
    if (grow->wait.cap <= WAIT_KEEP_MAX)
        return;
    aw_buf_deinit(&grow->wait);
    aw_buf_init(&grow->wait, max);
}

aw_rc aw_grow_open(struct aw_grow *grow, const char *path, struct aw_err *err)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);

    if (fd < 0)
        return aw_fail_errno(err, errno == EEXIST ? AW_BUSY : AW_IO,
                             "cannot make '%s'", path);
    (void)snprintf(grow->path, sizeof grow->path, "%s", path);
    grow->fd = fd;
    grow->written = 0;
    grow->kept = 0;
    grow->torn = false;
    empty_wait(grow);
    return AW_OK;
}

void aw_grow_close(struct aw_grow *grow)
{
    if (grow->fd >= 0)
        (void)close(grow->fd);
    grow->fd = -1;
    empty_wait(grow);
}

int64_t aw_grow_size(const struct aw_grow *grow)
{
    return grow->written + (int64_t)grow->wait.len;
}

static aw_rc cut_tail(struct aw_grow *grow, struct aw_err *err)
{
    if (!grow->torn)
        return AW_OK;
    if (ftruncate(grow->fd, grow->written) != 0 ||
        lseek(grow->fd, grow->written, SEEK_SET) != grow->written)
        return aw_fail_errno(err, AW_IO, "cannot cut '%s'", grow->path);
    grow->torn = false;
    return AW_OK;
}

aw_rc aw_grow_flush(struct aw_grow *grow, struct aw_err *err)
{
    aw_rc rc = aw_buf_check(&grow->wait, err);

    if (rc == AW_OK)
        rc = cut_tail(grow, err);
    if (rc != AW_OK || grow->wait.len == 0)
        return rc;
    rc = aw_write_all(grow->fd, grow->wait.ptr, grow->wait.len, err);
    if (rc != AW_OK) {
        grow->torn = true;
        return aw_fail_in(err, "'%s'", grow->path);
    }
    grow->written += (int64_t)grow->wait.len;
    empty_wait(grow);
    return AW_OK;
}

void aw_grow_cut(struct aw_grow *grow)
{
    struct aw_err ignored; /* stays torn, and the next flush tries again */

    empty_wait(grow);
    grow->torn = grow->torn || grow->written != grow->kept;
    grow->written = grow->kept;
    if (cut_tail(grow, &ignored) != AW_OK)
        grow->torn = true;
}
