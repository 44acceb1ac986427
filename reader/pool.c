#include "reader/pool.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "reader/last_words.h"
#include "reader/pool_private.h"
#include "reader/sanitizer.h"

#define CHILD_FD 3
#define ANSWER_ARENA_MAX ((size_t)256 << 20)
#define READ_PIECE ((size_t)64 << 10)
#define START_MS 30000  /* for a reader to load its rules */
#define FAILED_STARTS 3 /* in a row, before a reader is left dead ... */
#define RETRY_MS 10000  /* ... for this long */
#define JOBS_A_READER 2 /* one is read, one waits in its socket */
#define LARGE ((size_t)512 << 10) /* bytes of a page, codings undone */
#define NO_READER "no reader process can be started"
#define BUDGET_PERCENT 40 /* of an image's time: then no new pass begins */
/* The crawler asks one page at a time of a host: while it waits for the
 * processor, a server does nothing and readers run out of work. */
#define NICE 5 /* more than the crawler */

/* ---- starting and ending --------------------------------------------- */

static void limit_child(const struct aw_reader_config *config)
{
    struct rlimit none = {0, 0};

    (void)setrlimit(RLIMIT_CORE, &none);
#ifndef AW_HAS_ASAN /* whose shadow alone takes more */
    struct rlimit memory = {(rlim_t)config->memory_bytes,
                            (rlim_t)config->memory_bytes};

    (void)setrlimit(RLIMIT_AS, &memory);
#else
    (void)config;
#endif
}

/* A reader ends when its pool does, also one that hangs while the pool is
 * killed. Ctrl-C and the stop of a service reach the whole group: it is for
 * the pool to end in order, with the pages that are being read. */
static void bind_child(pid_t parent)
{
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(127);
    (void)signal(SIGINT, SIG_IGN);
    (void)signal(SIGTERM, SIG_IGN);
    (void)signal(SIGHUP, SIG_IGN);
}

/* In the child, between fork and exec. Tesseract takes threads and memory as
 * it likes where the environment does not say otherwise. */
static void become_reader(const struct aw_reader_config *config, bool images,
                          int fd, pid_t parent)
{
    const char *model = config->model_path ? config->model_path : "";
    const char *words[8] = {"adwatch", "reader", config->lexicon_dir, model};
    int count = 4;
    char cpu_ms[32], image_ms[32];

    (void)snprintf(cpu_ms, sizeof cpu_ms, "--cpu-ms=%lld",
                   (long long)config->cpu_ms);
    (void)snprintf(image_ms, sizeof image_ms, "--image-ms=%lld",
                   (long long)(config->image_ms * BUDGET_PERCENT / 100));
    words[count++] = cpu_ms;
    if (config->cell_optional)
        words[count++] = "--best-effort";
    if (images) {
        words[count++] = image_ms;
        (void)setenv("OMP_THREAD_LIMIT", "1", 1);
    }
    if (fd == CHILD_FD)
        (void)fcntl(fd, F_SETFD, 0);
    else if (dup2(fd, CHILD_FD) < 0)
        _exit(127);
    bind_child(parent);
    (void)!nice(NICE);
    limit_child(config);
    (void)execv(config->program, (char *const *)words);
    _exit(127);
}

static void on_socket(void *self, int fd, unsigned events);

static aw_rc watch(struct aw_worker *w, unsigned events, struct aw_err *err)
{
    return aw_loop_watch(w->pool->config.loop, w->fd, events,
                         (struct aw_loop_watch){on_socket, w}, err);
}

/* Ends the process; its status as waitpid tells it. */
static int end_worker(struct aw_worker *w)
{
    int status = 0;

    if (w->pid <= 0)
        return 0;
    aw_loop_unwatch(w->pool->config.loop, w->fd);
    (void)close(w->fd);
    (void)kill(w->pid, SIGKILL);
    while (waitpid(w->pid, &status, 0) < 0 && errno == EINTR)
        ;
    w->pid = 0;
    w->fd = -1;
    w->ready = false;
    w->since_ms = aw_clock_mono(w->pool->config.clock);
    return status;
}

static aw_rc start_worker(struct aw_worker *w, struct aw_err *err)
{
    const struct aw_reader_config *config = &w->pool->config;
    pid_t parent = getpid();
    aw_rc rc;
    int fds[2];

    w->since_ms = aw_clock_mono(config->clock);
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) != 0)
        return aw_fail_errno(err, AW_READER, "cannot make a socketpair");
    w->pid = fork();
    if (w->pid == 0)
        become_reader(config, w->pool->owner != NULL, fds[1], parent);
    (void)close(fds[1]);
    if (w->pid < 0) {
        (void)close(fds[0]);
        w->pid = 0;
        return aw_fail_errno(err, AW_READER, "cannot start a reader");
    }
    w->fd = fds[0];
    w->ready = false;
    aw_buf_reset(&w->in);
    rc = fcntl(w->fd, F_SETFL, O_NONBLOCK) == 0
             ? watch(w, AW_LOOP_READ, err)
             : aw_fail_errno(err, AW_READER, "cannot set up a reader");
    if (rc != AW_OK)
        (void)end_worker(w);
    return rc;
}

/* What a reader that closed its end died of. */
static void tell_end(int status, char *cause, size_t size)
{
    if (WIFSIGNALED(status) && WTERMSIG(status) != SIGKILL)
        (void)snprintf(cause, size, "crashed (signal %d)", WTERMSIG(status));
    else if (WIFEXITED(status))
        (void)snprintf(cause, size, "ended (status %d)", WEXITSTATUS(status));
    else
        (void)snprintf(cause, size, "closed its end");
}

/* ---- jobs -------------------------------------------------------------- */

static struct aw_job_queue *queue_of(struct aw_reader_pool *pool,
                                     const struct aw_job *job)
{
    return job->is_large ? &pool->large : &pool->small;
}

/* The oldest job of the reader is done with, or ends with it. */
static void charge(const struct aw_worker *w, const struct aw_job *job)
{
    aw_turns_charge(job, aw_clock_mono(w->pool->config.clock) - w->since_ms);
}

/* Great pages go to the first reader alone, in turn with the others: a server
 * that sends many of them does not stop the pages of all other servers. */
static struct aw_job *take_waiting(struct aw_worker *w)
{
    struct aw_reader_pool *pool = w->pool;
    struct aw_job *job = NULL;

    if (w == pool->workers && (pool->large_turn || pool->small.count == 0))
        job = aw_turns_take(&pool->turns, &pool->large);
    if (!job)
        job = aw_turns_take(&pool->turns, &pool->small);
    if (job && w == pool->workers)
        pool->large_turn = !job->is_large;
    return job;
}

static void tell_failed(struct aw_reader_pool *pool, struct aw_job *job,
                        const char *why)
{
    pool->config.done(pool->config.self, job->tag, AW_READER, NULL, why);
    aw_job_end(&pool->idle, job);
}

static bool any_alive(const struct aw_reader_pool *pool)
{
    for (int i = 0; i < pool->config.count; i++)
        if (pool->workers[i].pid > 0)
            return true;
    return false;
}

/* A reader that could not start may have said why. */
static void fail_all(struct aw_reader_pool *pool)
{
    const char *why = pool->start_error[0] ? pool->start_error : NO_READER;
    struct aw_job *job;

    while ((job = aw_job_queue_take(&pool->small)) ||
           (job = aw_job_queue_take(&pool->large)))
        tell_failed(pool, job, why);
}

/* Where it cannot be started, the other readers go on; where there is none
 * left, every page is told as failed. */
static void start_again(struct aw_worker *w)
{
    struct aw_reader_pool *pool = w->pool;
    struct aw_err err;

    if (start_worker(w, &err) != AW_OK)
        pool->failed_starts++;
    if (!any_alive(pool))
        fail_all(pool);
}

static void push_all(struct aw_reader_pool *pool);

/* The oldest job is the guilty one; what waited behind it goes back. why is
 * NULL where the reader closed its end. */
static void replace(struct aw_worker *w, const char *why)
{
    struct aw_reader_pool *pool = w->pool;
    struct aw_job *guilty = w->jobs;
    char cause[AW_ERR_MAX];
    int status;

    if (!w->ready)
        pool->failed_starts++;
    status = end_worker(w);
    if (why)
        (void)snprintf(cause, sizeof cause, "%s", why);
    else
        tell_end(status, cause, sizeof cause);
    w->jobs = NULL;
    if (guilty)
        charge(w, guilty);
    if (guilty && guilty->next)
        aw_job_queue_put_back(queue_of(pool, guilty->next), guilty->next);
    if (pool->failed_starts < FAILED_STARTS)
        start_again(w);
    else if (!any_alive(pool))
        fail_all(pool);
    push_all(pool); /* what was put back may suit an idle reader */
    if (guilty)
        tell_failed(pool, guilty, cause);
}

static size_t job_count(const struct aw_worker *w)
{
    if (!w->jobs)
        return 0;
    return w->jobs->next ? 2 : 1;
}

static void assign(struct aw_worker *w)
{
    struct aw_job *job;

    while (w->ready && job_count(w) < JOBS_A_READER &&
           !(w->jobs && w->jobs->is_large) && (job = take_waiting(w))) {
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
static bool send_some(struct aw_worker *w)
{
    for (struct aw_job *job = w->jobs; job; job = job->next) {
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

static void push(struct aw_worker *w)
{
    struct aw_err err;
    unsigned events = AW_LOOP_READ;

    assign(w);
    if (!send_some(w))
        events |= AW_LOOP_WRITE;
    if (w->pid > 0)
        (void)!watch(w, events, &err);
}

static aw_rc take_ready(struct aw_worker *w, struct aw_str head,
                        struct aw_err *err)
{
    struct aw_reader_pool *pool = w->pool;
    struct aw_str lexicon = {0};
    struct aw_str model = {0};
    aw_rc rc = aw_ready_get(head, &lexicon, &model, err);

    if (rc == AW_CONFIG)
        (void)snprintf(pool->start_error, sizeof pool->start_error, "%s",
                       err->msg);
    if (rc != AW_OK)
        return rc;
    (void)snprintf(w->lexicon_hash, AW_POOL_HASH_MAX, "%.*s",
                   AW_STR_ARG(lexicon));
    (void)snprintf(w->model_hash, AW_POOL_HASH_MAX, "%.*s", AW_STR_ARG(model));
    w->ready = true;
    pool->failed_starts = 0;
    if (!pool->speaking)
        pool->speaking = w;
    return AW_OK;
}

/* How much a coding hides is known once a reader has undone it. */
static void make_large(struct aw_reader_pool *pool, struct aw_job *job)
{
    job->is_large = true;
    job->sent = 0;
    aw_question_set_unhurried(&job->question);
    aw_job_queue_append(&pool->large, job);
    push(&pool->workers[0]);
}

static aw_rc take_answer(struct aw_worker *w, const struct aw_frame *frame,
                         struct aw_err *err)
{
    struct aw_reader_pool *pool = w->pool;
    struct aw_job *job = w->jobs;
    struct aw_answer answer;
    aw_rc rc;

    aw_arena_reset(&pool->arena);
    if (!w->ready)
        return take_ready(w, frame->head, err);
    if (frame->job == 0)
        return aw_last_words_get(frame->head, err);
    if (!job || job->number != frame->job)
        return aw_fail(err, AW_READER, "false answer: to no question");
    rc = aw_answer_get(frame->head, &pool->arena, &answer, err);
    if (rc == AW_OK && answer.is_large && job->is_large)
        rc = aw_fail(err, AW_READER, "large: it was told to take its time");
    if (rc != AW_OK)
        return aw_fail_in(err, "false answer");
    charge(w, job);
    w->jobs = job->next;
    job->next = NULL;
    w->since_ms = aw_clock_mono(pool->config.clock);
    if (answer.is_large) {
        make_large(pool, job);
        return AW_OK;
    }
    pool->speaking = w;
    pool->config.done(pool->config.self, job->tag, AW_OK, &answer, "");
    aw_job_end(&pool->idle, job);
    return AW_OK;
}

static aw_rc take_frames(struct aw_worker *w, struct aw_err *err)
{
    size_t used = 0;
    aw_rc rc = AW_OK;

    while (rc == AW_OK) {
        struct aw_str rest = aw_str_sub(aw_buf_str(&w->in), used, SIZE_MAX);
        struct aw_frame frame;
        size_t size = 0;

        rc = aw_frame_get(rest, &frame, &size, err);
        if (rc == AW_READER)
            return aw_fail_in(err, "false answer");
        if (rc == AW_OK)
            rc = take_answer(w, &frame, err);
        if (rc == AW_OK)
            used += size;
    }
    aw_buf_consume(&w->in, used);
    return rc;
}

/* Takes what came; *closed tells that no more will come. */
static aw_rc receive(struct aw_worker *w, bool *closed, struct aw_err *err)
{
    for (;;) {
        char *at = aw_buf_reserve(&w->in, READ_PIECE);
        ssize_t got;

        if (!at) {
            (void)!aw_buf_check(&w->in, err);
            return aw_fail_in(err, "false answer");
        }
        got = recv(w->fd, at, READ_PIECE, 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got > 0)
            w->in.len += (size_t)got;
        if (got == (ssize_t)READ_PIECE)
            continue;
        if (got > 0) /* all there was; the loop tells of more, or the end */
            return take_frames(w, err);
        *closed = got == 0 || (errno != EAGAIN && errno != EWOULDBLOCK);
        return take_frames(w, err);
    }
}

static void on_socket(void *self, int fd, unsigned events)
{
    struct aw_worker *w = self;
    struct aw_err err;
    bool closed = false;
    aw_rc rc = AW_MISSING; /* no whole frame is left: as it should be */

    (void)fd;
    if (events & AW_LOOP_READ)
        rc = receive(w, &closed, &err);
    if (rc != AW_MISSING)
        replace(w, err.msg);
    else if (closed)
        replace(w, NULL);
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
        if (pool->start_error[0])
            return aw_fail(err, AW_CONFIG, "%s", pool->start_error);
        if (pool->failed_starts >= FAILED_STARTS || !any_alive(pool))
            return aw_fail(err, AW_CONFIG,
                           "the readers cannot start: see 'adwatch lexicon "
                           "check' and 'adwatch doctor'");
    }
    return AW_OK;
}

aw_rc aw_pool_new(struct aw_reader_pool **out,
                  const struct aw_reader_config *config,
                  struct aw_reader_pool *owner, struct aw_err *err)
{
    struct aw_reader_pool *pool = calloc(1, sizeof *pool);
    aw_rc rc = AW_OK;

    if (!pool)
        return aw_fail(err, AW_NOMEM, "out of memory");
    assert(config->count > 0);
    pool->config = *config;
    pool->owner = owner;
    aw_job_queue_init(&pool->small);
    aw_job_queue_init(&pool->large);
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
    if (rc != AW_OK)
        aw_reader_pool_free(pool);
    else
        *out = pool;
    return rc;
}

aw_rc aw_reader_pool_new(struct aw_reader_pool **out,
                         const struct aw_reader_config *config,
                         struct aw_err *err)
{
    struct aw_reader_pool *pool = NULL;
    aw_rc rc = aw_pool_new(&pool, config, NULL, err);

    if (rc == AW_OK)
        rc = wait_ready(pool, err);
    if (rc != AW_OK)
        aw_reader_pool_free(pool);
    else
        *out = pool;
    return rc;
}

void aw_reader_pool_free(struct aw_reader_pool *pool)
{
    if (!pool)
        return;
    aw_reader_pool_free(pool->images);
    for (int i = 0; pool->workers && i < pool->config.count; i++)
        if (pool->workers[i].pid > 0) /* all at once: each takes its time */
            (void)kill(pool->workers[i].pid, SIGKILL);
    for (int i = 0; pool->workers && i < pool->config.count; i++) {
        (void)end_worker(&pool->workers[i]);
        aw_job_free_list(pool->workers[i].jobs);
        aw_buf_deinit(&pool->workers[i].in);
    }
    aw_job_free_list(pool->small.first);
    aw_job_free_list(pool->large.first);
    aw_job_free_list(pool->idle.first);
    aw_arena_deinit(&pool->arena);
    free(pool->workers);
    free(pool);
}

static size_t waiting(const struct aw_reader_pool *pool)
{
    return pool->small.count + pool->large.count;
}

static void push_all(struct aw_reader_pool *pool)
{
    /* One job each first, so that all readers have work. */
    for (size_t fill = 0; fill < JOBS_A_READER; fill++)
        for (int i = 0; i < pool->config.count && waiting(pool) > 0; i++)
            if (pool->workers[i].ready && job_count(&pool->workers[i]) == fill)
                push(&pool->workers[i]);
}

/* ---- asking ------------------------------------------------------------ */

static aw_rc ask(struct aw_reader_pool *pool,
                 const struct aw_extract_input *input, void *tag,
                 struct aw_err *err)
{
    struct aw_job *job = aw_job_new(&pool->idle);
    struct aw_extract_input asked = *input;
    aw_rc rc;

    if (!job)
        return aw_fail(err, AW_NOMEM, "out of memory");
    job->number = ++pool->numbers;
    job->most_ms = aw_pool_most_ms(pool, input);
    job->tag = tag;
    job->is_large = input->bytes.len > LARGE;
    job->host_ms = aw_turns_of(&pool->turns, input->url);
    asked.quick_max = job->is_large ? 0 : (int64_t)LARGE;
    rc = aw_question_put(&job->question, job->number, &asked, err);
    if (rc == AW_OK && !pool->owner && !any_alive(pool))
        rc = aw_fail(err, AW_READER, NO_READER);
    if (rc != AW_OK) {
        aw_job_end(&pool->idle, job);
        return rc;
    }
    aw_job_queue_append(queue_of(pool, job), job);
    push_all(pool);
    return AW_OK;
}

aw_rc aw_reader_pool_ask(struct aw_reader_pool *pool,
                         const struct aw_extract_input *input, void *tag,
                         struct aw_err *err)
{
    aw_rc rc = AW_OK;

    if (!aw_pool_is_image(input))
        return ask(pool, input, tag, err);
    if (!pool->images)
        rc = aw_pool_start_images(pool, err);
    return rc == AW_OK ? ask(pool->images, input, tag, err) : rc;
}

static bool is_late(const struct aw_worker *w, int64_t now)
{
    int64_t most = w->ready && w->jobs ? w->jobs->most_ms : START_MS;

    return w->pid > 0 && (w->jobs || !w->ready) && now - w->since_ms > most;
}

void aw_reader_pool_tick(struct aw_reader_pool *pool)
{
    int64_t now = aw_clock_mono(pool->config.clock);

    for (int i = 0; i < pool->config.count; i++) {
        struct aw_worker *w = &pool->workers[i];

        if (w->pid == 0 && now - w->since_ms > RETRY_MS)
            start_again(w);
        if (is_late(w, now)) /* or was the caller, and the answer is here? */
            on_socket(w, w->fd, AW_LOOP_READ);
        if (is_late(w, now)) {
            replace(w, "timeout");
            push(w);
        }
    }
    /* pages are refused then, images are told: the run goes on without */
    if (pool->owner && !any_alive(pool))
        fail_all(pool);
    if (pool->images)
        aw_reader_pool_tick(pool->images);
}

size_t aw_reader_pool_waiting(const struct aw_reader_pool *pool)
{
    return waiting(pool) + aw_pool_images_waiting(pool);
}

const char *aw_reader_pool_lexicon_hash(const struct aw_reader_pool *pool)
{
    return pool->speaking->lexicon_hash;
}

const char *aw_reader_pool_model_hash(const struct aw_reader_pool *pool)
{
    return pool->speaking->model_hash;
}
