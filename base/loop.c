#include "base/loop.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#define EVENTS_MAX 256
#define ALWAYS ((uint32_t)EPOLLERR | (uint32_t)EPOLLHUP) /* told unasked */

/* An event of this wait may be for a descriptor that was closed in a call
 * before it, and given out anew: round tells one from the other. */
struct slot {
    struct aw_loop_watch watch; /* call is NULL: none, or it rests */
    uint32_t round;
    uint32_t asked; /* what the kernel watches it for; 0: not at all */
};

struct aw_loop {
    int epoll;
    struct slot *slots; /* by descriptor */
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
    free(loop->slots);
    free(loop);
}

static aw_rc make_room(struct aw_loop *loop, int fd, struct aw_err *err)
{
    size_t cap = loop->cap ? loop->cap : 64;
    struct slot *grown;

    if (fd < 0 || fd >= AW_LOOP_FDS_MAX)
        return aw_fail(err, AW_LIMIT, "descriptor %d is not below %d", fd,
                       AW_LOOP_FDS_MAX);
    while (cap <= (size_t)fd)
        cap *= 2;
    if (cap == loop->cap)
        return AW_OK;
    grown = realloc(loop->slots, cap * sizeof *grown);
    if (!grown)
        return aw_fail(err, AW_NOMEM, "out of memory");
    memset(grown + loop->cap, 0, (cap - loop->cap) * sizeof *grown);
    loop->slots = grown;
    loop->cap = cap;
    return AW_OK;
}

/* Asks the kernel to watch fd for these events of epoll, and no others. */
static aw_rc ask(struct aw_loop *loop, int fd, uint32_t events,
                 struct aw_err *err)
{
    struct slot *slot = &loop->slots[fd];
    struct epoll_event event = {0};
    int how = slot->asked ? EPOLL_CTL_MOD : EPOLL_CTL_ADD;

    event.data.u64 = (uint64_t)slot->round << 32 | (uint32_t)fd;
    event.events = events;
    if (epoll_ctl(loop->epoll, how, fd, &event) != 0)
        return aw_fail_errno(err, AW_IO, "cannot watch descriptor %d", fd);
    slot->asked = events;
    return AW_OK;
}

aw_rc aw_loop_watch(struct aw_loop *loop, int fd, unsigned events,
                    struct aw_loop_watch watch, struct aw_err *err)
{
    uint32_t wanted = ALWAYS |
                      (events & AW_LOOP_READ ? (uint32_t)EPOLLIN : 0) |
                      (events & AW_LOOP_WRITE ? (uint32_t)EPOLLOUT : 0);
    aw_rc rc = make_room(loop, fd, err);

    if (rc == AW_OK && loop->slots[fd].asked != wanted)
        rc = ask(loop, fd, wanted, err);
    if (rc == AW_OK)
        loop->slots[fd].watch = watch;
    return rc;
}

static bool is_known(const struct aw_loop *loop, int fd)
{
    return fd >= 0 && (size_t)fd < loop->cap;
}

void aw_loop_rest(struct aw_loop *loop, int fd)
{
    if (is_known(loop, fd))
        loop->slots[fd].watch = (struct aw_loop_watch){0};
}

void aw_loop_unwatch(struct aw_loop *loop, int fd)
{
    if (!is_known(loop, fd) || !loop->slots[fd].asked)
        return;
    (void)epoll_ctl(loop->epoll, EPOLL_CTL_DEL, fd, NULL);
    loop->slots[fd].watch = (struct aw_loop_watch){0};
    loop->slots[fd].asked = 0;
    loop->slots[fd].round++;
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

/* A descriptor that rests would be told of at each wait: no more. */
static void tell(struct aw_loop *loop, const struct epoll_event *event)
{
    int fd = (int)(uint32_t)event->data.u64;
    struct slot slot = loop->slots[fd];

    if (slot.round != event->data.u64 >> 32)
        return;
    if (slot.watch.call)
        slot.watch.call(slot.watch.self, fd, events_of(event->events));
    else
        aw_loop_unwatch(loop, fd);
}

aw_rc aw_loop_wait(struct aw_loop *loop, int wait_ms, struct aw_err *err)
{
    struct epoll_event events[EVENTS_MAX];
    int count = epoll_wait(loop->epoll, events, EVENTS_MAX, wait_ms);

    if (count < 0 && errno != EINTR)
        return aw_fail_errno(err, AW_IO, "cannot wait");
    for (int i = 0; i < count; i++)
        tell(loop, &events[i]);
    return AW_OK;
}
