#include "reader/job.h"

#include <stdlib.h>

#include "base/hash.h"
#include "reader/protocol.h"

#define IDLE_MAX 64                   /* jobs ... */
#define IDLE_BYTES ((size_t)64 << 10) /* ... with questions up to this */

void aw_job_free(struct aw_job *job)
{
    aw_buf_deinit(&job->question);
    free(job);
}

void aw_job_free_list(struct aw_job *job)
{
    while (job) {
        struct aw_job *next = job->next;

        aw_job_free(job);
        job = next;
    }
}

/* ---- the stock ---------------------------------------------------------- */

struct aw_job *aw_job_new(struct aw_job_stock *stock)
{
    struct aw_job *job = stock->first;
    struct aw_buf question;

    if (!job) {
        job = calloc(1, sizeof *job);
        if (job)
            aw_buf_init(&job->question, AW_FRAME_BODY_MAX + AW_FRAME_HEAD_MAX);
        return job;
    }
    stock->first = job->next;
    stock->count--;
    question = job->question;
    aw_buf_reset(&question);
    *job = (struct aw_job){.question = question};
    return job;
}

void aw_job_end(struct aw_job_stock *stock, struct aw_job *job)
{
    if (stock->count == IDLE_MAX || job->question.cap > IDLE_BYTES) {
        aw_job_free(job);
        return;
    }
    job->next = stock->first;
    stock->first = job;
    stock->count++;
}

/* ---- queues ------------------------------------------------------------- */

void aw_job_queue_init(struct aw_job_queue *queue)
{
    *queue = (struct aw_job_queue){.end = &queue->first};
}

void aw_job_queue_append(struct aw_job_queue *queue, struct aw_job *job)
{
    *queue->end = job;
    queue->end = &job->next;
    queue->count++;
}

void aw_job_queue_put_back(struct aw_job_queue *queue, struct aw_job *job)
{
    job->sent = 0;
    job->next = queue->first;
    queue->first = job;
    if (!job->next)
        queue->end = &job->next;
    queue->count++;
}

static struct aw_job *take(struct aw_job_queue *queue, struct aw_job **at)
{
    struct aw_job *job = *at;

    *at = job->next;
    if (!job->next)
        queue->end = at;
    queue->count--;
    job->next = NULL;
    return job;
}

struct aw_job *aw_job_queue_take(struct aw_job_queue *queue)
{
    return queue->first ? take(queue, &queue->first) : NULL;
}

size_t aw_job_queue_bytes(const struct aw_job_queue *queue)
{
    size_t bytes = 0;

    for (const struct aw_job *job = queue->first; job; job = job->next)
        bytes += job->question.len;
    return bytes;
}

/* ---- turns -------------------------------------------------------------- */

/* What stands before the path of a URL. */
static struct aw_str host_of(struct aw_str url)
{
    size_t end = 0;

    for (int slashes = 0; end < url.len; end++)
        if (url.ptr[end] == '/' && ++slashes == 3)
            break;
    return aw_str_sub(url, 0, end);
}

int64_t *aw_turns_of(struct aw_turns *turns, struct aw_str url)
{
    return &turns->host_ms[aw_hash64(host_of(url)) % AW_TURNS];
}

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

struct aw_job *aw_turns_take(struct aw_turns *turns,
                             struct aw_job_queue *queue)
{
    struct aw_job **best = &queue->first;

    if (!queue->first)
        return NULL;
    for (struct aw_job **at = best; *at; at = &(*at)->next)
        if (later(*(*at)->host_ms, turns->now_ms) <
            later(*(*best)->host_ms, turns->now_ms))
            best = at;
    turns->now_ms = later(*(*best)->host_ms, turns->now_ms);
    (*best)->turn_ms = turns->now_ms;
    return take(queue, best);
}

void aw_turns_charge(const struct aw_job *job, int64_t ms)
{
    *job->host_ms = later(*job->host_ms, job->turn_ms) + ms;
}
