/* job.h - the pages that a pool was handed: questions, queues, and turns.
 *
 * A job is one page with its question as it goes over the wire. It belongs to
 * one list at a time: a queue, a reader's own, or the stock of those that are
 * done with.
 */
#ifndef AW_READER_JOB_H
#define AW_READER_JOB_H

#include "base/buf.h"

/* Slots of hosts; two that share one share its turns. */
#define AW_TURNS 4096

struct aw_job {
    struct aw_job *next;
    uint32_t number;
    void *tag;       /* the caller's */
    int64_t most_ms; /* of wall time */
    struct aw_buf question;
    size_t sent; /* bytes of it */
    bool is_large;
    int64_t *host_ms; /* in the turns of its pool */
    int64_t turn_ms;
};

/* Jobs are freed one by one or, with what follows them, as a list. */
void aw_job_free(struct aw_job *job);
void aw_job_free_list(struct aw_job *job);

/* Jobs to be used again, for each has a buffer of the size of a page: some of
 * them, and none with a large buffer. All zero is an empty stock. */
struct aw_job_stock {
    struct aw_job *first;
    int count;
};

/* A job with an empty question, or NULL without memory. */
struct aw_job *aw_job_new(struct aw_job_stock *stock);
void aw_job_end(struct aw_job_stock *stock, struct aw_job *job);

/* Jobs that wait, in the order in which they came. */
struct aw_job_queue {
    struct aw_job *first, **end;
    size_t count;
};

void aw_job_queue_init(struct aw_job_queue *queue);
void aw_job_queue_append(struct aw_job_queue *queue, struct aw_job *job);
/* In front of all others; it is sent anew. */
void aw_job_queue_put_back(struct aw_job_queue *queue, struct aw_job *job);
/* The first one, or NULL. */
struct aw_job *aw_job_queue_take(struct aw_job_queue *queue);
/* Of all questions. */
size_t aw_job_queue_bytes(const struct aw_job_queue *queue);

/* Start-time fair queueing (Goyal, Vin, Cheng, 1996), in ms of readers: what
 * each host has had up to now, none less than the one served last. All zero
 * is the beginning. */
struct aw_turns {
    int64_t host_ms[AW_TURNS];
    int64_t now_ms;
};

/* Whose turn counts for this URL: its host's. */
int64_t *aw_turns_of(struct aw_turns *turns, struct aw_str url);

/* A job of the host that has had the least, or the first of such, or NULL:
 * pages that take long are waited for by other pages of their host. */
struct aw_job *aw_turns_take(struct aw_turns *turns,
                             struct aw_job_queue *queue);

/* The job has had that much of a reader's time. */
void aw_turns_charge(const struct aw_job *job, int64_t ms);

#endif
