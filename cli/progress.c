#include "cli/progress.h"

#include <inttypes.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/fs.h"
#include "reports/metrics.h"

#define LINE_MAX_BYTES 512
#define WIDTH_DEFAULT 80
#define SAMPLE_MS INT64_C(1000)
#define NUMBER_MAX 24

/* ---- the rate ----------------------------------------------------------- */

static void drop_oldest(struct aw_progress *p)
{
    p->sample_count--;
    memmove(p->samples, p->samples + 1, p->sample_count * sizeof *p->samples);
}

static void take_sample(struct aw_progress *p, const struct aw_crawl_stats *s)
{
    size_t n = p->sample_count;
    int64_t newest = n > 0 ? p->samples[n - 1].at_ms : 0;

    if (n > 0 && s->now_ms < newest) /* the clock was set back */
        n = p->sample_count = 0;
    if (n > 0 && s->now_ms - newest < SAMPLE_MS)
        return;
    while (p->sample_count == AW_PROGRESS_SAMPLES ||
           (p->sample_count > 1 &&
            s->now_ms - p->samples[0].at_ms > AW_PROGRESS_SAMPLES * SAMPLE_MS))
        drop_oldest(p);
    n = p->sample_count++;
    p->samples[n].at_ms = s->now_ms;
    p->samples[n].pages = s->did.fetched;
}

/* Pages a second, over the last few. */
static double rate_of(const struct aw_progress *p,
                      const struct aw_crawl_stats *s)
{
    int64_t ms = s->now_ms - p->samples[0].at_ms;

    if (ms <= 0)
        return 0;
    return (double)(s->did.fetched - p->samples[0].pages) * 1000 / (double)ms;
}

static int64_t left_s(const struct aw_crawl_stats *s)
{
    return s->until_ms > s->now_ms ? (s->until_ms - s->now_ms) / 1000 : 0;
}

/* ---- on a terminal ------------------------------------------------------ */

static size_t columns_of(const struct aw_progress *p)
{
    struct winsize size = {0};

    if (p->width > 0)
        return (size_t)p->width;
    if (ioctl(fileno(p->terminal), TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
        return WIDTH_DEFAULT;
    return size.ws_col;
}

/* What matters most comes first: a narrow terminal cuts the end off. */
static void put_line(struct aw_buf *out, const struct aw_progress *p,
                     const struct aw_crawl_stats *s)
{
    aw_buf_printf(out, "%" PRId64 " pages, %.1f/s", s->did.fetched,
                  rate_of(p, s));
    if (s->until_ms > 0)
        aw_buf_printf(out, ", %" PRId64 ":%02d:%02d left", left_s(s) / 3600,
                      (int)(left_s(s) / 60 % 60), (int)(left_s(s) % 60));
    aw_buf_printf(out,
                  ", %" PRId64 " queued, %" PRId64 " under way, %" PRId64
                  " errors, %" PRId64 " findings, %.1f MB",
                  s->queued, s->under_way, s->did.failed, s->did.findings,
                  (double)s->did.bytes / 1e6);
}

/* A line that wraps could not be written over. */
static void show_line(struct aw_progress *p, const struct aw_crawl_stats *s)
{
    size_t most = columns_of(p) - 1;
    struct aw_buf line;

    aw_buf_init(&line, LINE_MAX_BYTES);
    put_line(&line, p, s);
    (void)fprintf(p->terminal, "\r%.*s\033[K",
                  (int)(line.len < most ? line.len : most),
                  line.ptr ? line.ptr : "");
    (void)fflush(p->terminal);
    aw_buf_deinit(&line);
}

static void tell_terminal(struct aw_progress *p,
                          const struct aw_crawl_stats *s)
{
    if (s->over && p->shown_ms > 0)
        (void)fputs(AW_PROGRESS_CLEAR, p->terminal);
    if (s->over || s->now_ms - p->shown_ms < AW_PROGRESS_LINE_MS)
        return;
    p->shown_ms = s->now_ms;
    show_line(p, s);
}

/* ---- in the log --------------------------------------------------------- */

enum { PAGES, QUEUED, UNDER_WAY, ERRORS, FINDINGS, BYTES, LEFT, NUMBERS };

static void log_line(const struct aw_progress *p,
                     const struct aw_crawl_stats *s)
{
    const int64_t values[NUMBERS] = {[PAGES] = s->did.fetched,
                                     [QUEUED] = s->queued,
                                     [UNDER_WAY] = s->under_way,
                                     [ERRORS] = s->did.failed,
                                     [FINDINGS] = s->did.findings,
                                     [BYTES] = s->did.bytes,
                                     [LEFT] = left_s(s)};
    char texts[NUMBERS][NUMBER_MAX];
    char rate[NUMBER_MAX];

    for (size_t i = 0; i < NUMBERS; i++)
        (void)snprintf(texts[i], NUMBER_MAX, "%" PRId64, values[i]);
    (void)snprintf(rate, sizeof rate, "%.1f", rate_of(p, s));
    aw_log(p->log, AW_LOG_INFO, "progress", "pages", texts[PAGES], "rate",
           rate, "queued", texts[QUEUED], "under_way", texts[UNDER_WAY],
           "errors", texts[ERRORS], "findings", texts[FINDINGS], "bytes",
           texts[BYTES], s->until_ms > 0 ? "left_s" : (char *)NULL,
           texts[LEFT], (char *)NULL);
}

static void tell_log(struct aw_progress *p, const struct aw_crawl_stats *s)
{
    if (p->logged_ms == 0)
        p->logged_ms = s->began_ms;
    if (s->over || s->run == 0 ||
        s->now_ms - p->logged_ms < AW_PROGRESS_LOG_MS)
        return;
    p->logged_ms = s->now_ms;
    log_line(p, s);
}

/* ---- metrics ------------------------------------------------------------ */

static const struct aw_coverage *source_at(const void *self, size_t i)
{
    return aw_crawl_source(self, i);
}

static const char *state_of(const struct aw_crawl_stats *s)
{
    return !s->over           ? "running"
           : s->ended_ms == 0 ? "broken"
           : s->stopped       ? "stopped"
                              : "done";
}

static aw_rc write_metrics(const struct aw_progress *p,
                           const struct aw_crawl_stats *s, struct aw_err *err)
{
    bool done = s->ended_ms > 0 && !s->stopped;
    struct aw_metrics metrics = {
        .run = s->run,
        .state = state_of(s),
        .started_ms = s->began_ms,
        .ended_ms = s->ended_ms,
        .success_ms = done ? s->ended_ms : p->success_ms,
        .queued = s->queued,
        .under_way = s->under_way,
        .source_at = source_at,
        .self = s,
    };
    struct aw_buf text;
    aw_rc rc;

    aw_buf_init(&text, AW_METRICS_MAX);
    aw_metrics_put(&text, &metrics);
    rc = aw_buf_check(&text, err);
    if (rc == AW_OK)
        rc = aw_file_write(p->metrics, aw_buf_str(&text), err);
    aw_buf_deinit(&text);
    return rc;
}

/* A file that cannot be written is told once; the run goes on. */
static void tell_metrics(struct aw_progress *p, const struct aw_crawl_stats *s)
{
    struct aw_err err = {0};

    if (s->run == 0 ||
        (!s->over && s->now_ms - p->written_ms < AW_PROGRESS_METRICS_MS))
        return;
    p->written_ms = s->now_ms;
    if (write_metrics(p, s, &err) == AW_OK || p->metrics_failed)
        return;
    p->metrics_failed = true;
    aw_log(p->log, AW_LOG_WARN, "metrics not written", "why", err.msg,
           (char *)NULL);
}

void aw_progress_show(void *self, const struct aw_crawl_stats *stats)
{
    struct aw_progress *p = self;

    take_sample(p, stats);
    if (p->terminal)
        tell_terminal(p, stats);
    else
        tell_log(p, stats);
    if (p->metrics)
        tell_metrics(p, stats);
}
