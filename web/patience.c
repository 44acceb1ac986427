#include "web/patience.h"

#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

#include "base/clock.h"

#define TICK_MS 250

struct aw_link {
    struct aw_link *next, *before;
    int fd;
    int64_t due_ms; /* monotonic; 0: any time */
};

static int64_t mono_ms(void)
{
    return aw_clock_mono(aw_clock_system());
}

static int64_t due_ms(const struct aw_patience *p, int factor)
{
    return mono_ms() + (int64_t)p->idle_s * 1000 * factor;
}

void aw_patience_init(struct aw_patience *p, int idle_s)
{
    pthread_condattr_t attr;

    *p = (struct aw_patience){.idle_s = idle_s};
    (void)pthread_mutex_init(&p->lock, NULL);
    (void)pthread_condattr_init(&attr);
    (void)pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    (void)pthread_cond_init(&p->changed, &attr);
    (void)pthread_condattr_destroy(&attr);
}

void aw_patience_deinit(struct aw_patience *p)
{
    (void)pthread_cond_destroy(&p->changed);
    (void)pthread_mutex_destroy(&p->lock);
}

/* ---- connections ---------------------------------------------------------
 */

struct aw_link *aw_patience_add(struct aw_patience *p, int fd)
{
    struct aw_link *link = calloc(1, sizeof *link);

    if (!link)
        return NULL;
    link->fd = fd;
    link->due_ms = due_ms(p, AW_PATIENCE_RECEIVE);
    (void)pthread_mutex_lock(&p->lock);
    link->next = p->links;
    if (link->next)
        link->next->before = link;
    p->links = link;
    (void)pthread_mutex_unlock(&p->lock);
    return link;
}

void aw_patience_drop(struct aw_patience *p, struct aw_link *link)
{
    if (!link)
        return;
    (void)pthread_mutex_lock(&p->lock);
    if (link->before)
        link->before->next = link->next;
    else
        p->links = link->next;
    if (link->next)
        link->next->before = link->before;
    (void)pthread_mutex_unlock(&p->lock);
    free(link);
}

void aw_patience_grant(struct aw_patience *p, struct aw_link *link, int factor)
{
    if (!link)
        return;
    (void)pthread_mutex_lock(&p->lock);
    link->due_ms = factor == AW_PATIENCE_ANY ? 0 : due_ms(p, factor);
    (void)pthread_mutex_unlock(&p->lock);
}

/* ---- requests ------------------------------------------------------------
 */

static void count(struct aw_patience *p, int change)
{
    (void)pthread_mutex_lock(&p->lock);
    p->busy += change;
    if (p->ending)
        (void)pthread_cond_broadcast(&p->changed);
    (void)pthread_mutex_unlock(&p->lock);
}

void aw_patience_busy(struct aw_patience *p)
{
    count(p, 1);
}

void aw_patience_done(struct aw_patience *p)
{
    count(p, -1);
}

bool aw_patience_is_ending(struct aw_patience *p)
{
    bool ending;

    (void)pthread_mutex_lock(&p->lock);
    ending = p->ending;
    (void)pthread_mutex_unlock(&p->lock);
    return ending;
}

/* ---- the watcher ---------------------------------------------------------
 */

static void hang_up_late(struct aw_patience *p)
{
    int64_t now = mono_ms();
    bool all = p->ending && p->end_ms <= now;

    for (struct aw_link *link = p->links; link; link = link->next)
        if (link->due_ms > 0 && (all || link->due_ms <= now))
            (void)shutdown(link->fd, SHUT_RDWR);
}

/* Waits on the lock for a change, or some milliseconds. */
static void wait_tick(struct aw_patience *p)
{
    struct timespec until;

    (void)clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += TICK_MS * 1000000L;
    until.tv_sec += until.tv_nsec / 1000000000L;
    until.tv_nsec %= 1000000000L;
    (void)pthread_cond_timedwait(&p->changed, &p->lock, &until);
}

static void *watch(void *self)
{
    struct aw_patience *p = self;

    (void)pthread_mutex_lock(&p->lock);
    while (!p->ending || p->busy > 0) {
        hang_up_late(p);
        wait_tick(p);
    }
    (void)pthread_mutex_unlock(&p->lock);
    return NULL;
}

aw_rc aw_patience_start(struct aw_patience *p, struct aw_err *err)
{
    if (pthread_create(&p->watcher, NULL, watch, p) != 0)
        return aw_fail(err, AW_NOMEM, "cannot start a thread");
    p->has_watcher = true;
    return AW_OK;
}

void aw_patience_end(struct aw_patience *p)
{
    (void)pthread_mutex_lock(&p->lock);
    p->ending = true;
    p->end_ms = due_ms(p, 1);
    (void)pthread_cond_broadcast(&p->changed);
    (void)pthread_mutex_unlock(&p->lock);
    if (p->has_watcher)
        (void)pthread_join(p->watcher, NULL);
    p->has_watcher = false;
}
