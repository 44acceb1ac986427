#include "base/loop.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#define EVENTS_MAX 256
#define FDS_MAX 65536

struct aw_loop {
    int epoll;
    struct aw_loop_watch *watches; /* by descriptor; call is NULL: none */
    size_t cap;
};

aw_rc aw_loop_new(struct aw_loop **out, struct aw_err *err)
{
    struct aw_loop *loop = calloc(1, sizeof *loop);

    if (!loop)
        return aw_fail(err, AW_NOMEM, "out of memory");
    loop->epoll = epoll_create1(EPOLL_CLOEXEC);
    if (loop->epoll < 0) {
        free(loop);
        return aw_fail_errno(err, AW_IO, "cannot make an epoll");
    }
    *out = loop;
    return AW_OK;
}

void aw_loop_free(struct aw_loop *loop)
{
    if (!loop)
        return;
    (void)close(loop->epoll);
    free(loop->watches);
    free(loop);
}

static aw_rc make_room(struct aw_loop *loop, int fd, struct aw_err *err)
{
    size_t cap = loop->cap ? loop->cap : 64;
    struct aw_loop_watch *grown;

    if (fd < 0 || fd >= FDS_MAX)
        return aw_fail(err, AW_LIMIT, "descriptor %d is not below %d", fd,
                       FDS_MAX);
    while (cap <= (size_t)fd)
        cap *= 2;
    if (cap == loop->cap)
        return AW_OK;
    grown = realloc(loop->watches, cap * sizeof *grown);
    if (!grown)
        return aw_fail(err, AW_NOMEM, "out of memory");
    memset(grown + loop->cap, 0, (cap - loop->cap) * sizeof *grown);
    loop->watches = grown;
    loop->cap = cap;
    return AW_OK;
}

aw_rc aw_loop_watch(struct aw_loop *loop, int fd, unsigned events,
                    struct aw_loop_watch watch, struct aw_err *err)
{
    struct epoll_event event = {0};
    aw_rc rc = make_room(loop, fd, err);
    int how;

    if (rc != AW_OK)
        return rc;
    how = loop->watches[fd].call ? EPOLL_CTL_MOD : EPOLL_CTL_ADD;
    event.data.fd = fd;
    event.events = (events & AW_LOOP_READ ? (uint32_t)EPOLLIN : 0) |
                   (events & AW_LOOP_WRITE ? (uint32_t)EPOLLOUT : 0);
    if (epoll_ctl(loop->epoll, how, fd, &event) != 0)
        return aw_fail_errno(err, AW_IO, "cannot watch descriptor %d", fd);
    loop->watches[fd] = watch;
    return AW_OK;
}

void aw_loop_unwatch(struct aw_loop *loop, int fd)
{
    if (fd < 0 || (size_t)fd >= loop->cap || !loop->watches[fd].call)
        return;
    (void)epoll_ctl(loop->epoll, EPOLL_CTL_DEL, fd, NULL);
    loop->watches[fd] = (struct aw_loop_watch){0};
}

/* A hang-up is told as both, so that whoever waits finds out. */
static unsigned events_of(uint32_t events)
{
    unsigned told = 0;

    if (events & (EPOLLIN | EPOLLERR | EPOLLHUP))
        told |= AW_LOOP_READ;
    if (events & (EPOLLOUT | EPOLLERR | EPOLLHUP))
        told |= AW_LOOP_WRITE;
    return told;
}

aw_rc aw_loop_wait(struct aw_loop *loop, int wait_ms, struct aw_err *err)
{
    struct epoll_event events[EVENTS_MAX];
    int count = epoll_wait(loop->epoll, events, EVENTS_MAX, wait_ms);

    if (count < 0 && errno != EINTR)
        return aw_fail_errno(err, AW_IO, "cannot wait");
    for (int i = 0; i < count; i++) {
        int fd = events[i].data.fd;
        struct aw_loop_watch watch = loop->watches[fd];

        if (watch.call)
            watch.call(watch.self, fd, events_of(events[i].events));
    }
    return AW_OK;
}
