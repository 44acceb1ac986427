#include "base/gate.h"

#include <stddef.h>
#include <time.h>

struct aw_gate_waiter { /* on the stack of who waits */
    struct aw_gate_waiter *next;
    pthread_cond_t called;
    bool has_turn;
};

void aw_gate_init(struct aw_gate *gate, int at_once)
{
    *gate = (struct aw_gate){.free = at_once};
    (void)pthread_mutex_init(&gate->lock, NULL);
}

void aw_gate_deinit(struct aw_gate *gate)
{
    (void)pthread_mutex_destroy(&gate->lock);
}

static struct timespec in_ms(int64_t wait_ms)
{
    struct timespec until;

    (void)clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += (time_t)(wait_ms / 1000);
    until.tv_nsec += (long)(wait_ms % 1000) * 1000000L;
    until.tv_sec += until.tv_nsec / 1000000000L;
    until.tv_nsec %= 1000000000L;
    return until;
}

static void stand_last(struct aw_gate *gate, struct aw_gate_waiter *waiter)
{
    pthread_condattr_t attr;

    (void)pthread_condattr_init(&attr);
    (void)pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    (void)pthread_cond_init(&waiter->called, &attr);
    (void)pthread_condattr_destroy(&attr);
    if (gate->last)
        gate->last->next = waiter;
    else
        gate->first = waiter;
    gate->last = waiter;
}

static void step_out(struct aw_gate *gate, const struct aw_gate_waiter *waiter)
{
    struct aw_gate_waiter *before = NULL;

    for (struct aw_gate_waiter *at = gate->first; at != waiter; at = at->next)
        before = at;
    if (before)
        before->next = waiter->next;
    else
        gate->first = waiter->next;
    if (gate->last == waiter)
        gate->last = before;
}

/* Under the lock. */
static bool wait_turn(struct aw_gate *gate, int64_t wait_ms)
{
    struct timespec until = in_ms(wait_ms);
    struct aw_gate_waiter waiter = {.next = NULL};
    int failed = 0;

    stand_last(gate, &waiter);
    while (!waiter.has_turn && !failed)
        failed = pthread_cond_timedwait(&waiter.called, &gate->lock, &until);
    if (!waiter.has_turn)
        step_out(gate, &waiter);
    (void)pthread_cond_destroy(&waiter.called);
    return waiter.has_turn;
}

bool aw_gate_enter(struct aw_gate *gate, int64_t wait_ms)
{
    bool taken = true;

    (void)pthread_mutex_lock(&gate->lock);
    if (gate->free > 0) /* then nobody waits */
        gate->free--;
    else
        taken = wait_turn(gate, wait_ms);
    (void)pthread_mutex_unlock(&gate->lock);
    return taken;
}

void aw_gate_leave(struct aw_gate *gate)
{
    struct aw_gate_waiter *next;

    (void)pthread_mutex_lock(&gate->lock);
    next = gate->first;
    if (next) {
        step_out(gate, next);
        next->has_turn = true;
        (void)pthread_cond_signal(&next->called);
    } else {
        gate->free++;
    }
    (void)pthread_mutex_unlock(&gate->lock);
}
