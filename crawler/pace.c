#include "crawler/pace.h"

/* An answer time above counts as this one, and fits in eighths. */
#define ELAPSED_MOST_MS ((int64_t)24 * 60 * 60 * 1000)

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t most(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* A quarter of the way to the new time: slow answers in a row count, one
 * alone does little. */
static void smooth(struct aw_pace *pace, int64_t elapsed_ms)
{
    int64_t eighths = 8 * least(most(elapsed_ms, 0), ELAPSED_MOST_MS);

    if (pace->answer_ms8 > 0)
        eighths = pace->answer_ms8 + (eighths - pace->answer_ms8) / 4;
    pace->answer_ms8 = (int32_t)most(eighths, 1);
}

static int64_t pause_of(const struct aw_pace *pace,
                        const struct aw_crawl_config *config,
                        const struct aw_source *source, int64_t crawl_delay_ms)
{
    int64_t stretched = config->pause_factor * (int64_t)pace->answer_ms8 / 8;
    int64_t pause = source->pause_ms;

    if (pause > 0)
        pause = most(pause, least(stretched, config->pause_most_ms));
    return most(pause, crawl_delay_ms);
}

/* Of that many failures, without chance; 0 of none. */
static int64_t backoff_of(const struct aw_crawl_config *config, int level)
{
    int64_t backoff = config->backoff_first_ms;

    if (level == 0)
        return 0;
    while (--level > 0 && backoff < config->backoff_most_ms)
        backoff *= 2;
    return least(backoff, config->backoff_most_ms);
}

/* 80 to 120 %, so that hosts which failed together do not come back so. */
static int64_t by_chance(int64_t ms, struct aw_rng *rng)
{
    int64_t span = ms * 2 / 5;

    return ms - span / 2 + (int64_t)aw_rng_below(rng, (uint64_t)span + 1);
}

static void forgive(struct aw_pace *pace, const struct aw_crawl_config *config,
                    int64_t now_ms)
{
    int64_t needed = most(backoff_of(config, pace->level), AW_PACE_QUIET_MS);

    if (now_ms - pace->quiet_ms >= needed)
        pace->level = 0;
}

static int64_t fail(struct aw_pace *pace, const struct aw_crawl_config *config,
                    const struct aw_pace_event *event, struct aw_rng *rng)
{
    bool told = event->retry_after_ms >= 0;
    int level = pace->level;

    if (pace->level < AW_PACE_LEVEL_MAX)
        pace->level++;
    return least(by_chance(backoff_of(config, told ? level : pace->level),
                           rng),
                 config->backoff_most_ms);
}

int64_t aw_pace_after(struct aw_pace *pace,
                      const struct aw_crawl_config *config,
                      const struct aw_source *source,
                      const struct aw_pace_event *event, struct aw_rng *rng)
{
    int64_t wait = least(event->retry_after_ms, AW_PACE_RETRY_MOST_MS);

    forgive(pace, config, event->now_ms);
    if (event->outcome != AW_PACE_FAILED)
        smooth(pace, event->elapsed_ms);
    wait = most(wait, pause_of(pace, config, source, event->crawl_delay_ms));
    if (event->outcome == AW_PACE_OK)
        pace->level /= 2;
    else
        wait = most(wait, fail(pace, config, event, rng));
    pace->until_ms = event->now_ms + wait;
    if (event->outcome != AW_PACE_OK)
        pace->quiet_ms = pace->until_ms;
    return wait;
}

int64_t aw_pace_wait(const struct aw_pace *pace, int64_t now_ms)
{
    return least(most(pace->until_ms - now_ms, 0), AW_PACE_RETRY_MOST_MS);
}

struct aw_pace aw_pace_restored(int64_t level, int64_t until_ms,
                                int64_t now_ms)
{
    struct aw_pace pace = {
        .until_ms = least(most(until_ms, 0), now_ms + AW_PACE_RETRY_MOST_MS),
        .level = (int32_t)least(most(level, 0), AW_PACE_LEVEL_MAX),
    };

    pace.quiet_ms = pace.until_ms;
    return pace;
}
