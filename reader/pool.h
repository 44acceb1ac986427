/* pool.h - the reader processes, seen from outside.
 *
 * Each reader is this program again (`adwatch reader`), on the other end of a
 * socketpair, in a cell (cell.h), with limits on memory and on processor and
 * wall time for each page. One that crashes, hangs or talks nonsense is ended
 * and replaced; its page is told as failed with the cause, and the pages that
 * waited behind it go to another. Where not one can be started any more, all
 * pages are told as failed.
 *
 * Of several readers the first alone takes pages over half a MiB, so that
 * great ones do not hold all others up. How long a page is that is coded, its
 * reader says when it has undone the coding, and leaves it to the first. Who
 * is next goes by the time that a host's pages have taken, the least first.
 *
 * Images are told by their bytes. They go to one reader of their own, which
 * has OCR loaded and starts when the first image comes, so that they hold no
 * page up.
 *
 * The pool lives in the caller's loop: it calls done from aw_loop_wait or
 * aw_reader_pool_tick, never from aw_reader_pool_ask.
 */
#ifndef AW_READER_POOL_H
#define AW_READER_POOL_H

#include "base/clock.h"
#include "base/loop.h"
#include "reader/protocol.h"

/* rc is AW_OK with an answer, or AW_READER with the cause in why ("crashed
 * (signal 11)", "ended (status 1)", "closed its end", "timeout", "processor
 * time limit", "memory limit", "forbidden call: socket", "false answer:
 * ..."); the answer dies with the call. done may ask for more pages,
 * and must not free the pool. */
typedef void aw_reader_done_fn(void *self, void *job, aw_rc rc,
                               const struct aw_answer *answer,
                               const char *why);

struct aw_reader_config {
    const char *program; /* path of adwatch */
    const char *lexicon_dir;
    const char *model_path;
    int count;
    int64_t page_ms;      /* wall time of one page */
    int64_t cpu_ms;       /* processor time of one page */
    int64_t image_ms;     /* wall time of one image, or a page of an image */
    int64_t memory_bytes; /* address space of a reader */
    bool cell_optional;   /* readers start where the kernel refuses a wall */
    const struct aw_clock *clock;
    struct aw_loop *loop;
    aw_reader_done_fn *done;
    void *self;
};

struct aw_reader_pool;

/* Starts the readers and waits until one is ready; AW_CONFIG with its own
 * words where the lexicon or model is bad. */
aw_rc aw_reader_pool_new(struct aw_reader_pool **out,
                         const struct aw_reader_config *config,
                         struct aw_err *err) AW_MUST_USE;

/* Ends the readers that it started, by their pids. Pages that are not
 * answered are not told. */
void aw_reader_pool_free(struct aw_reader_pool *pool);

/* Hands a page over; the bytes are copied. job comes back in done. */
aw_rc aw_reader_pool_ask(struct aw_reader_pool *pool,
                         const struct aw_extract_input *input, void *job,
                         struct aw_err *err) AW_MUST_USE;

/* Ends readers that are over their time and starts dead ones again; called a
 * few times a second. */
void aw_reader_pool_tick(struct aw_reader_pool *pool);

size_t aw_reader_pool_waiting(const struct aw_reader_pool *pool);

/* What the reader that answered last, in done the one whose answer it is,
 * said of its rules and model; lexicon and model may change on disk between
 * the start of one reader and another. */
const char *aw_reader_pool_lexicon_hash(const struct aw_reader_pool *pool);
const char *aw_reader_pool_model_hash(const struct aw_reader_pool *pool);

#endif
