/* rescan.h - the archive against today's rules and model.
 *
 * Captures that a reader had before are read again from the archive, by
 * readers in their cells as in a crawl, several at once; what they say now is
 * held against the findings that there are. Told is what would be found
 * newly, what would be found with other claims, and what no longer. Findings
 * stay as they are, decided or not. With `apply` what is new is added to the
 * queue, with the rules and the model that it was found by.
 *
 * What is done is committed every few captures (store/rescans.h): a rescan of
 * the same rules, model and scope that was ended, in whatever way, is taken up
 * there, and tells first what the broken one had told. The caller holds the
 * workspace's lock.
 */
#ifndef AW_CRAWLER_RESCAN_H
#define AW_CRAWLER_RESCAN_H

#include <signal.h>

#include "base/clock.h"
#include "base/config.h"
#include "base/log.h"
#include "store/store.h"

#define AW_RESCAN_JOBS_MAX 64

struct aw_rescan_input {
    const struct aw_config *config;
    struct aw_store *store;
    const char *archive_dir, *program, *lexicon_dir, *model_path;
    const struct aw_clock *clock;
    const struct aw_log *log;
    const volatile sig_atomic_t *stop; /* not 0: end soon */
    struct aw_rescan_scope scope;
    int jobs;    /* readers */
    int64_t max; /* captures read by this call; 0: all */
    bool apply;
};

/* Of the whole rescan, the parts before this call too. */
struct aw_rescan_sum {
    int64_t read, failed;
    int64_t found, changed, gone;
    int64_t added;   /* to the queue, by this call */
    int64_t took_ms; /* of this call */
    bool resumed;
    bool is_whole; /* false: stopped, or max came first */
};

/* Told in the order of the captures; views die with the call. A failure of
 * tell ends the rescan. AW_PARTLY where it is not whole, or captures could not
 * be read (each is logged). */
aw_rc aw_rescan(const struct aw_rescan_input *input, aw_rescan_told_fn *tell,
                void *self, struct aw_rescan_sum *sum,
                struct aw_err *err) AW_MUST_USE;

#endif
