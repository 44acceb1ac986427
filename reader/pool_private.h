/* pool_private.h - what pool.c and pool_image.c share: the pool inside. */
#ifndef AW_READER_POOL_PRIVATE_H
#define AW_READER_POOL_PRIVATE_H

#include <sys/types.h>

#include "reader/job.h"
#include "reader/pool.h"

#define AW_POOL_HASH_MAX \
    256 /* bytes of a hash that a reader names, with NUL */

struct aw_worker {
    struct aw_reader_pool *pool;
    pid_t pid; /* 0: dead */
    int fd;
    bool ready;
    int64_t since_ms;    /* start or end, or when its oldest job began */
    struct aw_job *jobs; /* oldest first, at most two */
    struct aw_buf in;
    char lexicon_hash[AW_POOL_HASH_MAX], model_hash[AW_POOL_HASH_MAX];
};

struct aw_reader_pool {
    struct aw_reader_config config;
    struct aw_reader_pool *images; /* the pool for them; NULL: none came */
    struct aw_reader_pool *owner;  /* whose images this pool reads, or NULL */
    struct aw_worker *workers;
    struct aw_job_queue small, large; /* jobs that wait */
    struct aw_job_stock idle;
    struct aw_turns turns;
    bool large_turn; /* of the first reader, where both wait */
    uint32_t numbers;
    int failed_starts;
    struct aw_arena arena; /* of one answer */
    const struct aw_worker
        *speaking;                /* who answered last, or got ready first */
    char start_error[AW_ERR_MAX]; /* why a reader could not start */
};

/* A pool whose readers are not ready yet. With an owner it is the one that
 * reads the owner's images. */
aw_rc aw_pool_new(struct aw_reader_pool **out,
                  const struct aw_reader_config *config,
                  struct aw_reader_pool *owner,
                  struct aw_err *err) AW_MUST_USE;

/* ---- images: pool_image.c ------------------------------------------------
 */

bool aw_pool_is_image(const struct aw_extract_input *input);

/* Starts the pool's reader of images. */
aw_rc aw_pool_start_images(struct aw_reader_pool *pool,
                           struct aw_err *err) AW_MUST_USE;

/* Wall time that a reader of this pool has for it. */
int64_t aw_pool_most_ms(const struct aw_reader_pool *pool,
                        const struct aw_extract_input *input);

/* The images that wait, as so many pages: some megabytes of them are one. */
size_t aw_pool_images_waiting(const struct aw_reader_pool *pool);

#endif
