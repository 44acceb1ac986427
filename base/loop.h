/* loop.h - one thread that waits for many file descriptors (epoll).
 *
 * A watch calls back when its descriptor can be read or written, or was hung
 * up. Time is the caller's: aw_loop_wait returns after at most wait_ms, so
 * that due work is done between two waits.
 */
#ifndef AW_BASE_LOOP_H
#define AW_BASE_LOOP_H

#include "base/error.h"
#include "base/str.h"

#define AW_LOOP_FDS_MAX 65536 /* descriptors are below */
#define AW_LOOP_READ 1u
#define AW_LOOP_WRITE 2u

struct aw_loop;

typedef void aw_loop_fn(void *self, int fd, unsigned events);

struct aw_loop_watch {
    aw_loop_fn *call;
    void *self;
};

aw_rc aw_loop_new(struct aw_loop **out, struct aw_err *err) AW_MUST_USE;
void aw_loop_free(struct aw_loop *loop);

/* Watches fd for events (AW_LOOP_READ | AW_LOOP_WRITE), or changes what it is
 * watched for. At most one watch a descriptor. The kernel is asked only where
 * something changes. */
aw_rc aw_loop_watch(struct aw_loop *loop, int fd, unsigned events,
                    struct aw_loop_watch watch,
                    struct aw_err *err) AW_MUST_USE;

/* Before the descriptor is closed. What was not watched is no error. */
void aw_loop_unwatch(struct aw_loop *loop, int fd);

/* Ends the watch of a descriptor that stays open and will be watched again
 * soon: the kernel goes on watching it, so that neither step asks the kernel,
 * unless something comes in between. aw_loop_unwatch before it is closed, for
 * one with the same number would never be heard of. */
void aw_loop_rest(struct aw_loop *loop, int fd);

/* Waits up to wait_ms (0: not at all) and makes the calls. A signal ends the
 * wait early and is no error. */
aw_rc aw_loop_wait(struct aw_loop *loop, int wait_ms,
                   struct aw_err *err) AW_MUST_USE;

#endif
