/* crawl.h - one nightly run, from sources to findings.
 *
 * Takes up where a broken run stopped. A page's way: frontier, robots.txt,
 * fetch, WARC, reader process, rows. Rows are committed in groups, each after
 * the archive's bytes are on disk: a crash loses no more than pages that are
 * fetched again. A page that cannot be had, or that kills its reader, is
 * recorded with the reason, and the run goes on; a store or an archive that
 * cannot be written ends it.
 */
#ifndef AW_CRAWLER_CRAWL_H
#define AW_CRAWLER_CRAWL_H

#include <signal.h>

#include "base/clock.h"
#include "base/config.h"
#include "base/log.h"
#include "base/rng.h"
#include "store/store.h"

struct aw_crawl;

struct aw_crawl_stats {
    struct aw_coverage did;       /* of all sources, since this start */
    int64_t answers;              /* whatever their status */
    int64_t queued;               /* URLs that wait, in the store */
    int64_t under_way;            /* requests, and pages with the readers */
    int64_t began_ms, now_ms;     /* wall: this start of the run, and now */
    int64_t until_ms;             /* when run_max_s ends it; 0: never */
    int64_t ended_ms;             /* wall: when it ended; 0: it goes on */
    int64_t run;                  /* its id; 0: it did not begin yet */
    const struct aw_crawl *crawl; /* within on_progress: aw_crawl_source */
    bool resumed, stopped;
    bool over;             /* on_progress is called for the last time */
    int64_t starts_failed; /* start pages that could not be had */
};

struct aw_crawl_input {
    const struct aw_config *config;
    struct aw_store *store;
    const char *archive_dir;
    const char *program;     /* path of adwatch, for the readers */
    const char *lexicon_dir; /* the config's, or the one that came with it */
    const char *model_path;
    const char *ca_file; /* of network.ca_file, or NULL */
    const struct aw_clock *clock;
    struct aw_rng *rng; /* for the ids of records */
    const struct aw_log *log;
    const volatile sig_atomic_t *stop; /* not 0: end soon */
    void (*on_progress)(void *self, const struct aw_crawl_stats *stats);
    void *self;
};

/* AW_OK; AW_PARTLY where a start page could not be had or the run was
 * stopped. stats is filled in any case. */
aw_rc aw_crawl(const struct aw_crawl_input *input,
               struct aw_crawl_stats *stats, struct aw_err *err) AW_MUST_USE;

/* What source number i did in the whole run, with its name; NULL where there
 * are not so many. Within on_progress alone. */
const struct aw_coverage *aw_crawl_source(const struct aw_crawl_stats *stats,
                                          size_t i);

#endif
