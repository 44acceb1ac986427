#include "reader/sight.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#define IN_POOL_MAX 4 /* of these an image holds no page up */
#define TURN_MS 200   /* between two looks at the time */

/* One question. It lies on the stack of who asks, who waits until it is done:
 * once it is with the pool, only the pool ends it, in bounded time. */
struct question {
    struct question *next;
    const struct aw_extract_input *input;
    struct aw_arena *arena;
    struct aw_sighted *out;
    struct aw_err *err;
    aw_rc rc;
    bool done;
};

struct aw_sight {
    struct aw_sight_config config;
    pthread_t thread;
    pthread_mutex_t lock; /* for all up to here */
    pthread_cond_t changed;
    struct question *first, **end; /* that wait to be handed over */
    int waiting;
    bool stop;
    int wake; /* an eventfd: something is waiting, or it is to stop */
    /* Of the service thread alone. */
    struct aw_loop *loop;
    struct aw_reader_pool *pool; /* NULL: none is running */
    int in_pool;
    int64_t used_ms;
};

/* ---- answers, in the service thread --------------------------------------
 */

static void end(struct aw_sight *sight, struct question *q)
{
    (void)pthread_mutex_lock(&sight->lock);
    q->done = true;
    (void)pthread_cond_broadcast(&sight->changed);
    (void)pthread_mutex_unlock(&sight->lock);
}

static aw_rc dup_texts(struct question *q, const struct aw_answer *answer)
{
    struct aw_sighted *out = q->out;
    aw_rc rc = AW_OK;

    out->texts =
        aw_arena_array(q->arena, answer->text_count, sizeof *out->texts);
    if (!out->texts && answer->text_count > 0)
        return aw_arena_fail(q->arena, q->err);
    out->text_count = answer->text_count;
    out->texts_cut = answer->texts_cut;
    for (size_t i = 0; i < answer->text_count && rc == AW_OK; i++) {
        out->texts[i] = answer->texts[i]; /* kind and hidden are literals */
        rc = aw_arena_dup(q->arena, answer->texts[i].text, &out->texts[i].text,
                          q->err);
        if (rc == AW_OK)
            rc = aw_arena_dup(q->arena, answer->texts[i].seen,
                              &out->texts[i].seen, q->err);
    }
    return rc;
}

static aw_rc dup_answer(struct question *q, const struct aw_answer *answer)
{
    struct aw_sighted *out = q->out;
    aw_rc rc = aw_arena_dup(q->arena, answer->charset, &out->charset, q->err);

    if (rc == AW_OK)
        rc = aw_arena_dup(q->arena, answer->charset_why, &out->charset_why,
                          q->err);
    if (rc == AW_OK)
        rc = aw_arena_dup(q->arena, answer->note, &out->note, q->err);
    if (rc == AW_OK)
        rc = aw_arena_dup(q->arena, answer->source, &out->source, q->err);
    if (rc == AW_OK)
        rc = aw_arena_dup(q->arena, answer->text_digest, &out->text_digest,
                          q->err);
    return rc == AW_OK ? dup_texts(q, answer) : rc;
}

static void on_done(void *self, void *job, aw_rc rc,
                    const struct aw_answer *answer, const char *why)
{
    struct aw_sight *sight = self;
    struct question *q = job;

    sight->in_pool--;
    if (rc != AW_OK)
        q->rc = aw_fail(q->err, AW_READER, "the reader failed: %s", why);
    else if (!answer->ok)
        q->rc = aw_fail(q->err, AW_READER, "the page cannot be read: %.*s",
                        AW_STR_ARG(answer->error));
    else
        q->rc = dup_answer(q, answer);
    end(sight, q);
}

/* ---- the pool ------------------------------------------------------------
 */

static aw_rc start_pool(struct aw_sight *sight, struct aw_err *err)
{
    const struct aw_sight_config *config = &sight->config;
    struct aw_reader_config readers = {
        .program = config->program,
        .lexicon_dir = config->lexicon_dir,
        .model_path = config->model_path,
        .count = 1,
        .page_ms = config->limits->reader_ms,
        .cpu_ms = config->limits->reader_cpu_ms,
        .image_ms = config->limits->image_ms,
        .memory_bytes = config->limits->reader_bytes,
        .cell_optional = config->limits->reader_cell == AW_CELL_BEST_EFFORT,
        .clock = config->clock,
        .loop = sight->loop,
        .done = on_done,
        .self = sight,
    };

    return aw_reader_pool_new(&sight->pool, &readers, err);
}

static void hand_over(struct aw_sight *sight, struct question *q)
{
    q->rc = sight->pool ? AW_OK : start_pool(sight, q->err);
    if (q->rc == AW_OK) {
        sight->in_pool++; /* the answer may come before ask returns */
        q->rc = aw_reader_pool_ask(sight->pool, q->input, q, q->err);
        if (q->rc != AW_OK)
            sight->in_pool--;
    }
    sight->used_ms = aw_clock_mono(sight->config.clock);
    if (q->rc == AW_OK)
        return;
    q->rc = aw_fail(q->err, AW_READER, "no reader could be started: %.900s",
                    q->err->msg);
    end(sight, q);
}

static struct question *take(struct aw_sight *sight, bool *stop)
{
    struct question *q;

    (void)pthread_mutex_lock(&sight->lock);
    q = sight->in_pool < IN_POOL_MAX ? sight->first : NULL;
    if (q) {
        sight->first = q->next;
        if (!sight->first)
            sight->end = &sight->first;
        sight->waiting--;
        q->next = q; /* who asked sees that it is taken */
    }
    *stop = sight->stop;
    (void)pthread_mutex_unlock(&sight->lock);
    return q;
}

static void end_idle(struct aw_sight *sight)
{
    int64_t now = aw_clock_mono(sight->config.clock);

    if (!sight->pool || sight->in_pool > 0 ||
        now - sight->used_ms < AW_SIGHT_IDLE_MS)
        return;
    aw_reader_pool_free(sight->pool);
    sight->pool = NULL;
}

static void on_wake(void *self, int fd, unsigned events)
{
    uint64_t count;

    (void)self;
    (void)events;
    (void)!read(fd, &count, sizeof count);
}

/* The pool starts readers by fork in this thread, which lives as long as they
 * do: they end with it (PR_SET_PDEATHSIG). */
static void *serve(void *self)
{
    struct aw_sight *sight = self;
    struct question *q;
    struct aw_err err;
    bool stop = false;

    while (!stop) {
        while ((q = take(sight, &stop)) != NULL)
            hand_over(sight, q);
        if (aw_loop_wait(sight->loop, TURN_MS, &err) != AW_OK &&
            sight->config.log)
            aw_log(sight->config.log, AW_LOG_ERROR, "sight", "why", err.msg,
                   (char *)NULL);
        if (sight->pool)
            aw_reader_pool_tick(sight->pool);
        end_idle(sight);
    }
    aw_reader_pool_free(sight->pool);
    sight->pool = NULL;
    return NULL;
}

/* ---- asking ---------------------------------------------------------------
 */

static void wake(struct aw_sight *sight)
{
    const uint64_t one = 1;

    (void)!write(sight->wake, &one, sizeof one);
}

/* Takes the question back; it was not handed over. */
static void take_back(struct aw_sight *sight, struct question *q)
{
    struct question **at = &sight->first;

    while (*at != q)
        at = &(*at)->next;
    *at = q->next;
    if (!*at)
        sight->end = at;
    sight->waiting--;
}

static struct timespec from_now(int64_t ms)
{
    struct timespec at;

    (void)clock_gettime(CLOCK_MONOTONIC, &at);
    at.tv_sec += ms / 1000;
    at.tv_nsec += ms % 1000 * 1000000;
    if (at.tv_nsec >= 1000000000) {
        at.tv_sec++;
        at.tv_nsec -= 1000000000;
    }
    return at;
}

/* With the lock. */
static aw_rc wait_for(struct aw_sight *sight, struct question *q)
{
    struct timespec until = from_now(AW_SIGHT_WAIT_MS);
    int late = 0;

    while (!q->done && (q->next == q || late != ETIMEDOUT))
        late = q->next == q ? pthread_cond_wait(&sight->changed, &sight->lock)
                            : pthread_cond_timedwait(&sight->changed,
                                                     &sight->lock, &until);
    if (q->done)
        return q->rc;
    take_back(sight, q);
    return aw_fail(q->err, AW_BUSY,
                   "the reader has too much to do: ask again later");
}

aw_rc aw_sight_ask(struct aw_sight *sight,
                   const struct aw_extract_input *input,
                   struct aw_arena *arena, struct aw_sighted *out,
                   struct aw_err *err)
{
    struct question *q = aw_arena_alloc(arena, sizeof *q);
    struct aw_sighted sighted = {0};
    aw_rc rc;

    if (!q)
        return aw_arena_fail(arena, err);
    *q = (struct question){.input = input,
                           .arena = arena,
                           .out = &sighted,
                           .err = err};
    (void)pthread_mutex_lock(&sight->lock);
    if (sight->waiting >= AW_SIGHT_WAITING_MAX) {
        (void)pthread_mutex_unlock(&sight->lock);
        return aw_fail(err, AW_BUSY,
                       "the reader has too much to do: ask again later");
    }
    *sight->end = q;
    sight->end = &q->next;
    sight->waiting++;
    wake(sight);
    rc = wait_for(sight, q);
    (void)pthread_mutex_unlock(&sight->lock);
    if (rc == AW_OK)
        *out = sighted;
    return rc;
}

/* ---- start and end --------------------------------------------------------
 */

static aw_rc open_all(struct aw_sight *sight, struct aw_err *err)
{
    aw_rc rc = aw_loop_new(&sight->loop, err);

    if (rc != AW_OK)
        return rc;
    sight->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (sight->wake < 0)
        return aw_fail_errno(err, AW_IO, "cannot make an eventfd");
    return aw_loop_watch(sight->loop, sight->wake, AW_LOOP_READ,
                         (struct aw_loop_watch){on_wake, sight}, err);
}

static void close_all(struct aw_sight *sight)
{
    if (sight->wake >= 0) {
        aw_loop_unwatch(sight->loop, sight->wake);
        (void)close(sight->wake);
    }
    aw_loop_free(sight->loop);
    (void)pthread_cond_destroy(&sight->changed);
    (void)pthread_mutex_destroy(&sight->lock);
    free(sight);
}

static void init_locks(struct aw_sight *sight)
{
    pthread_condattr_t attributes;

    (void)pthread_mutex_init(&sight->lock, NULL);
    (void)pthread_condattr_init(&attributes);
    (void)pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    (void)pthread_cond_init(&sight->changed, &attributes);
    (void)pthread_condattr_destroy(&attributes);
}

aw_rc aw_sight_new(struct aw_sight **out, const struct aw_sight_config *config,
                   struct aw_err *err)
{
    struct aw_sight *sight = calloc(1, sizeof *sight);
    aw_rc rc;

    if (!sight)
        return aw_fail(err, AW_NOMEM, "out of memory");
    sight->config = *config;
    sight->end = &sight->first;
    sight->wake = -1;
    init_locks(sight);
    rc = open_all(sight, err);
    if (rc == AW_OK && pthread_create(&sight->thread, NULL, serve, sight) != 0)
        rc = aw_fail(err, AW_FAIL, "cannot start a thread");
    if (rc == AW_OK)
        *out = sight;
    else
        close_all(sight);
    return rc;
}

void aw_sight_free(struct aw_sight *sight)
{
    if (!sight)
        return;
    (void)pthread_mutex_lock(&sight->lock);
    sight->stop = true;
    (void)pthread_mutex_unlock(&sight->lock);
    wake(sight);
    (void)pthread_join(sight->thread, NULL);
    close_all(sight);
}
