#include "reader/pool.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define CHILD_FD 3
#define ANSWER_ARENA_MAX ((size_t)256 << 20)
#define READ_PIECE ((size_t)64 << 10)
#define START_MS 30000  /* for a reader to load its rules */
#define FAILED_STARTS 3 /* in a row, before the pool gives up */
#define JOBS_A_READER 2 /* one is read, one waits in its socket */

struct job {
    struct job *next;
    uint32_t number;
    void *tag;
    struct aw_buf question;
    size_t sent;
};

struct worker {
    struct aw_reader_pool *pool;
    pid_t pid;
    int fd;
    bool ready;
    int64_t since_ms; /* start, or when its oldest job began */
    struct job *jobs; /* oldest first, at most JOBS_A_READER */
    struct aw_buf in;
};

struct aw_reader_pool {
    struct aw_reader_config config;
    struct worker *workers;
    struct job *waiting, **waiting_end;
    size_t waiting_count;
    uint32_t numbers;
    int failed_starts;
    struct aw_arena arena; /* of one answer */
    char lexicon_hash[AW_ERR_MAX], model_hash[AW_ERR_MAX];
};

/* ---- starting and ending --------------------------------------------- */

static void limit_child(const struct aw_reader_config *config)
{
    struct rlimit none = {0, 0};
    struct rlimit memory = {(rlim_t)config->memory_bytes,
                            (rlim_t)config->memory_bytes};

    (void)setrlimit(RLIMIT_CORE, &none);
#ifndef __SANITIZE_ADDRESS__
    (void)setrlimit(RLIMIT_AS, &memory);
#else
    (void)memory;
#endif
}

/* In the child, between fork and exec. */
static void become_reader(const struct aw_reader_config *config, int fd)
{
    const char *model = config->model_path ? config->model_path : "";

    if (fd == CHILD_FD)
        (void)fcntl(fd, F_SETFD, 0);
    else if (dup2(fd, CHILD_FD) < 0)
        _exit(127);
    limit_child(config);
    (void)execl(config->program, "adwatch", "reader", config->lexicon_dir,
                model, (char *)NULL);
    _exit(127);
}

static void on_socket(void *self, int fd, unsigned events);

static aw_rc watch(struct worker *w, unsigned events, struct aw_err *err)
{
    return aw_loop_watch(w->pool->config.loop, w->fd, events,
                         (struct aw_loop_watch){on_socket, w}, err);
}

static aw_rc start_worker(struct worker *w, struct aw_err *err)
{
    const struct aw_reader_config *config = &w->pool->config;
    int fds[2];

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) != 0)
        return aw_fail_errno(err, AW_READER, "cannot make a socketpair");
    w->pid = fork();
    if (w->pid == 0)
        become_reader(config, fds[1]);
    (void)close(fds[1]);
    if (w->pid < 0) {
        (void)close(fds[0]);
        return aw_fail_errno(err, AW_READER, "cannot start a reader");
    }
    w->fd = fds[0];
    w->ready = false;
    w->since_ms = aw_clock_mono(config->clock);
    aw_buf_reset(&w->in);
    if (fcntl(w->fd, F_SETFL, O_NONBLOCK) != 0)
        return aw_fail_errno(err, AW_READER, "cannot set up a reader");
    return watch(w, AW_LOOP_READ, err);
}

/* Ends the process; *cause says how it went. */
static void end_worker(struct worker *w, char *cause, size_t cause_size)
{
    int status = 0;

    if (w->pid <= 0)
        return;
    aw_loop_unwatch(w->pool->config.loop, w->fd);
    (void)close(w->fd);
    (void)kill(w->pid, SIGKILL);
    while (waitpid(w->pid, &status, 0) < 0 && errno == EINTR)
        ;
    w->pid = 0;
    w->fd = -1;
    w->ready = false;
    if (WIFSIGNALED(status) && WTERMSIG(status) != SIGKILL)
        (void)snprintf(cause, cause_size, "crashed (signal %d)",
                       WTERMSIG(status));
    else if (WIFEXITED(status))
        (void)snprintf(cause, cause_size, "ended (status %d)",
                       WEXITSTATUS(status));
}

static void free_job(struct job *job)
{
    aw_buf_deinit(&job->question);
    free(job);
}

/* ---- jobs -------------------------------------------------------------- */

static void put_back(struct aw_reader_pool *pool, struct job *job)
{
    job->sent = 0;
    job->next = pool->waiting;
    pool->waiting = job;
    if (!job->next)
        pool->waiting_end = &job->next;
    pool->waiting_count++;
}

static struct job *take_waiting(struct aw_reader_pool *pool)
{
    struct job *job = pool->waiting;

    if (!job)
        return NULL;
    pool->waiting = job->next;
    if (!pool->waiting)
        pool->waiting_end = &pool->waiting;
    pool->waiting_count--;
    job->next = NULL;
    return job;
}

static void tell_failed(struct aw_reader_pool *pool, struct job *job,
                        const char *why)
{
    pool->config.done(pool->config.self, job->tag, AW_READER, NULL, why);
    free_job(job);
}

/* Until no reader can be started any more: then every page is told failed. */
static void fail_all(struct aw_reader_pool *pool, const char *why)
{
    struct job *job;

    while ((job = take_waiting(pool)))
        tell_failed(pool, job, why);
}

static void restart(struct worker *w)
{
    struct aw_reader_pool *pool = w->pool;
    struct aw_err err;

    if (pool->failed_starts >= FAILED_STARTS || start_worker(w, &err) != AW_OK)
        fail_all(pool, "no reader process can be started");
}

/* The oldest job is the guilty one; what waited behind it goes back. */
static void replace(struct worker *w, const char *why)
{
    struct job *guilty = w->jobs;
    char cause[128];

    (void)snprintf(cause, sizeof cause, "%s", why);
    if (!w->ready)
        w->pool->failed_starts++;
    end_worker(w, cause, sizeof cause);
    w->jobs = NULL;
    if (guilty && guilty->next)
        put_back(w->pool, guilty->next);
    if (guilty)
        tell_failed(w->pool, guilty, cause);
    restart(w);
}

static size_t job_count(const struct worker *w)
{
    if (!w->jobs)
        return 0;
    return w->jobs->next ? 2 : 1;
}

static void assign(struct worker *w)
{
    struct job *job;

    while (w->ready && job_count(w) < JOBS_A_READER &&
           (job = take_waiting(w->pool))) {
        if (w->jobs) {
            w->jobs->next = job;
        } else {
            w->jobs = job;
            w->since_ms = aw_clock_mono(w->pool->config.clock);
        }
    }
}

/* ---- the socket -------------------------------------------------------- */

/* Sends what the socket takes; true where all is sent. */
static bool send_some(struct worker *w)
{
    for (struct job *job = w->jobs; job; job = job->next) {
        while (job->sent < job->question.len) {
            ssize_t put = send(w->fd, job->question.ptr + job->sent,
                               job->question.len - job->sent, MSG_NOSIGNAL);

            if (put < 0 && errno == EINTR)
                continue;
            if (put < 0)
                return false;
            job->sent += (size_t)put;
        }
    }
    return true;
}

static void push(struct worker *w)
{
    struct aw_err err;
    unsigned events = AW_LOOP_READ;

    assign(w);
    if (!send_some(w))
        events |= AW_LOOP_WRITE;
    if (w->pid > 0)
        (void)!watch(w, events, &err);
}

static aw_rc take_ready(struct worker *w, struct aw_str head,
                        struct aw_err *err)
{
    struct aw_reader_pool *pool = w->pool;
    struct aw_str lexicon = {0};
    struct aw_str model = {0};
    aw_rc rc = aw_ready_get(head, &pool->arena, &lexicon, &model, err);

    if (rc != AW_OK)
        return rc;
    (void)snprintf(pool->lexicon_hash, sizeof pool->lexicon_hash, "%.*s",
                   AW_STR_ARG(lexicon));
    (void)snprintf(pool->model_hash, sizeof pool->model_hash, "%.*s",
                   AW_STR_ARG(model));
    w->ready = true;
    pool->failed_starts = 0;
    return AW_OK;
}

static aw_rc take_answer(struct worker *w, const struct aw_frame *frame,
                         struct aw_err *err)
{
    struct aw_reader_pool *pool = w->pool;
    struct job *job = w->jobs;
    struct aw_answer answer;
    aw_rc rc;

    aw_arena_reset(&pool->arena);
    if (!w->ready)
        return take_ready(w, frame->head, err);
    if (!job || job->number != frame->job)
        return aw_fail(err, AW_READER, "false answer: to no question");
    rc = aw_answer_get(frame->head, &pool->arena, &answer, err);
    if (rc != AW_OK)
        return aw_fail_in(err, "false answer");
    w->jobs = job->next;
    job->next = NULL;
    w->since_ms = aw_clock_mono(pool->config.clock);
    pool->config.done(pool->config.self, job->tag, AW_OK, &answer, "");
    free_job(job);
    return AW_OK;
}

static aw_rc take_frames(struct worker *w, struct aw_err *err)
{
    size_t used = 0;
    aw_rc rc = AW_OK;

    while (rc == AW_OK) {
        struct aw_str rest = aw_str_sub(aw_buf_str(&w->in), used, SIZE_MAX);
        struct aw_frame frame;
        size_t size = 0;

        rc = aw_frame_get(rest, &frame, &size, err);
        if (rc == AW_OK)
            rc = take_answer(w, &frame, err);
        if (rc == AW_OK)
            used += size;
    }
    aw_buf_consume(&w->in, used);
    return rc == AW_MISSING ? AW_OK : rc;
}

/* AW_MISSING: the reader has closed its end. */
static aw_rc receive(struct worker *w, struct aw_err *err)
{
    for (;;) {
        char *at = aw_buf_reserve(&w->in, READ_PIECE);
        ssize_t got;

        if (!at)
            return aw_buf_check(&w->in, err);
        got = recv(w->fd, at, READ_PIECE, 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
            return take_frames(w, err);
        if (got <= 0)
            return aw_fail(err, AW_MISSING, "closed");
        w->in.len += (size_t)got;
    }
}

static void on_socket(void *self, int fd, unsigned events)
{
    struct worker *w = self;
    struct aw_err err;
    aw_rc rc = AW_OK;

    (void)fd;
    if (events & AW_LOOP_READ)
        rc = receive(w, &err);
    if (rc == AW_MISSING)
        replace(w, "closed its end");
    else if (rc != AW_OK)
        replace(w, err.msg);
    push(w);
}

/* ---- from outside ------------------------------------------------------ */

static bool any_ready(const struct aw_reader_pool *pool)
{
    for (int i = 0; i < pool->config.count; i++)
        if (pool->workers[i].ready)
            return true;
    return false;
}

static aw_rc wait_ready(struct aw_reader_pool *pool, struct aw_err *err)
{
    while (!any_ready(pool)) {
        aw_rc rc = aw_loop_wait(pool->config.loop, 100, err);

        if (rc != AW_OK)
            return rc;
        aw_reader_pool_tick(pool);
        if (pool->failed_starts >= FAILED_STARTS)
            return aw_fail(err, AW_CONFIG,
                           "the readers cannot start: see 'adwatch lexicon "
                           "check' and 'adwatch doctor'");
    }
    return AW_OK;
}

aw_rc aw_reader_pool_new(struct aw_reader_pool **out,
                         const struct aw_reader_config *config,
                         struct aw_err *err)
{
    struct aw_reader_pool *pool = calloc(1, sizeof *pool);
    aw_rc rc = AW_OK;

    if (!pool)
        return aw_fail(err, AW_NOMEM, "out of memory");
    pool->config = *config;
    pool->waiting_end = &pool->waiting;
    aw_arena_init(&pool->arena, ANSWER_ARENA_MAX);
    pool->workers = calloc((size_t)config->count, sizeof *pool->workers);
    if (!pool->workers)
        rc = aw_fail(err, AW_NOMEM, "out of memory");
    for (int i = 0; i < config->count && rc == AW_OK; i++) {
        pool->workers[i].pool = pool;
        pool->workers[i].fd = -1;
        aw_buf_init(&pool->workers[i].in, AW_FRAME_HEAD_MAX + READ_PIECE);
        rc = start_worker(&pool->workers[i], err);
    }
    if (rc == AW_OK)
        rc = wait_ready(pool, err);
    if (rc != AW_OK)
        aw_reader_pool_free(pool);
    else
        *out = pool;
    return rc;
}

static void free_jobs(struct job *job)
{
    while (job) {
        struct job *next = job->next;

        free_job(job);
        job = next;
    }
}

void aw_reader_pool_free(struct aw_reader_pool *pool)
{
    char cause[128];

    if (!pool)
        return;
    for (int i = 0; pool->workers && i < pool->config.count; i++) {
        end_worker(&pool->workers[i], cause, sizeof cause);
        free_jobs(pool->workers[i].jobs);
        aw_buf_deinit(&pool->workers[i].in);
    }
    free_jobs(pool->waiting);
    aw_arena_deinit(&pool->arena);
    free(pool->workers);
    free(pool);
}

static void push_all(struct aw_reader_pool *pool)
{
    /* One job each first, so that all readers have work. */
    for (size_t fill = 0; fill < JOBS_A_READER; fill++)
        for (int i = 0; i < pool->config.count && pool->waiting; i++)
            if (pool->workers[i].ready && job_count(&pool->workers[i]) == fill)
                push(&pool->workers[i]);
}

aw_rc aw_reader_pool_ask(struct aw_reader_pool *pool,
                         const struct aw_extract_input *input, void *tag,
                         struct aw_err *err)
{
    struct job *job = calloc(1, sizeof *job);
    aw_rc rc;

    if (!job)
        return aw_fail(err, AW_NOMEM, "out of memory");
    job->number = ++pool->numbers;
    job->tag = tag;
    aw_buf_init(&job->question, AW_FRAME_BODY_MAX + AW_FRAME_HEAD_MAX);
    rc = aw_question_put(&job->question, job->number, input, err);
    if (rc == AW_OK && pool->failed_starts >= FAILED_STARTS)
        rc = aw_fail(err, AW_READER, "no reader process can be started");
    if (rc != AW_OK) {
        free_job(job);
        return rc;
    }
    *pool->waiting_end = job;
    pool->waiting_end = &job->next;
    pool->waiting_count++;
    push_all(pool);
    return AW_OK;
}

void aw_reader_pool_tick(struct aw_reader_pool *pool)
{
    int64_t now = aw_clock_mono(pool->config.clock);

    for (int i = 0; i < pool->config.count; i++) {
        struct worker *w = &pool->workers[i];
        int64_t most = w->ready ? pool->config.page_ms : START_MS;

        if (w->pid > 0 && (w->jobs || !w->ready) && now - w->since_ms > most) {
            replace(w, "timeout");
            push(w);
        }
    }
}

size_t aw_reader_pool_waiting(const struct aw_reader_pool *pool)
{
    return pool->waiting_count;
}

const char *aw_reader_pool_lexicon_hash(const struct aw_reader_pool *pool)
{
    return pool->lexicon_hash;
}

const char *aw_reader_pool_model_hash(const struct aw_reader_pool *pool)
{
    return pool->model_hash;
}
