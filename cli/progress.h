/* progress.h - how a run goes, told while it goes: on a terminal one line that
 * is written over; otherwise a line in the log now and then; and a file of
 * metrics, where the config names one.
 */
#ifndef AW_CLI_PROGRESS_H
#define AW_CLI_PROGRESS_H

#include <stdio.h>

#include "crawler/crawl.h"

#define AW_PROGRESS_CLEAR "\r\033[K" /* takes the line away */
#define AW_PROGRESS_LINE_MS 200
#define AW_PROGRESS_LOG_MS 60000
#define AW_PROGRESS_METRICS_MS 10000
#define AW_PROGRESS_SAMPLES 6 /* of a second each, for the rate */

struct aw_progress {
    const struct aw_log *log;
    FILE *terminal;      /* NULL: nobody looks, the log is told */
    int width;           /* columns of the terminal; 0: is asked for */
    const char *metrics; /* path of the file; NULL: none */
    int64_t success_ms;  /* when the last run that was done ended; or 0 */
    /* for progress.c */
    int64_t shown_ms, logged_ms, written_ms;
    bool metrics_failed;
    struct {
        int64_t at_ms, pages;
    } samples[AW_PROGRESS_SAMPLES];
    size_t sample_count;
};

/* For aw_crawl_input.on_progress; self is the struct aw_progress. */
void aw_progress_show(void *self, const struct aw_crawl_stats *stats);

#endif
