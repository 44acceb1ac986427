/* rescan_private.h - what the files of one rescan share, in reading order:
 *
 *     rescan.c          setting up; captures on their way, in their order
 *     rescan_read.c     a capture from the archive to a reader and back
 *     rescan_compare.c  what it says now against the findings that there are
 */
#ifndef AW_CRAWLER_RESCAN_PRIVATE_H
#define AW_CRAWLER_RESCAN_PRIVATE_H

#include "base/buf.h"
#include "base/hash.h"
#include "base/loop.h"
#include "crawler/rescan.h"
#include "reader/pool.h"

#define AW_RESCAN_WINDOW 256 /* captures on their way */

/* One capture on its way. */
struct aw_rescan_slot {
    struct aw_rescan *rescan;
    struct aw_arena arena;
    struct aw_capture capture;
    struct aw_str channel; /* of what was handed in, or empty */
    bool is_read;          /* an answer is there, or why there is none */
    struct aw_str why;     /* it could not be read; empty: it was */
    bool is_suspected;
    struct aw_finding now; /* where it is suspected */
    aw_rc rc;              /* what ends the rescan */
    struct aw_err err;
};

struct aw_rescan {
    const struct aw_rescan_input *in;
    aw_rescan_told_fn *tell;
    void *self;
    struct aw_rescan_sum *sum;
    struct aw_rescan_row row;
    char key[AW_SHA256_HEX_MAX];
    struct aw_loop *loop;
    struct aw_reader_pool *readers;
    struct aw_rescan_slot slots[AW_RESCAN_WINDOW]; /* a ring */
    size_t first, count, window;
    int64_t asked; /* the last capture that was handed to a reader */
    int64_t asked_count;
    bool is_end;        /* there are no more captures */
    int64_t settled_ms; /* when rows were written last */
};

/* ---- rescan_read.c -------------------------------------------------------
 */

/* Hands the capture of the slot to a reader; one that the archive does not
 * hold as it should is read at once, with the reason. */
aw_rc aw_rescan_ask(struct aw_rescan_slot *slot,
                    struct aw_err *err) AW_MUST_USE;

/* What the pool calls. */
void aw_rescan_answered(void *self, void *job, aw_rc rc,
                        const struct aw_answer *answer, const char *why);

/* ---- rescan_compare.c ----------------------------------------------------
 */

/* Tells, and with `apply` adds, what is to be said of a slot that was read.
 * The caller is in a transaction. */
aw_rc aw_rescan_compare(struct aw_rescan_slot *slot,
                        struct aw_err *err) AW_MUST_USE;

/* Counts in the sum, and hands on. */
aw_rc aw_rescan_tell(void *self, const struct aw_rescan_told *told,
                     struct aw_err *err) AW_MUST_USE;

#endif
