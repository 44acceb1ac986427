/* The first line is the agent, the second one the path that is asked for;
 * behind them is robots.txt. */
#include "crawler/robots.h"
#include "tests/fuzz/hold.h"

static void hold_robots(const struct aw_robots *robots, struct aw_str agent,
                        struct aw_str path, struct aw_str file)
{
    int64_t delay = aw_robots_delay_ms(robots, agent);
    struct aw_str rule = {0};

    (void)aw_robots_allowed(robots, agent, path, &rule);
    HOLD(aw_str_find(file, rule) >= 0 || rule.len == 0);
    HOLD(aw_robots_allowed(robots, agent, AW_STR("/robots.txt"), NULL));
    HOLD(delay >= -1 && delay <= AW_ROBOTS_DELAY_MAX_MS);
    for (size_t i = 0; i < aw_robots_sitemap_count(robots); i++)
        HOLD(aw_str_find(file, aw_robots_sitemap(robots, i)) >= 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct aw_str file = {(const char *)data, size};
    struct aw_robots *robots = NULL;
    struct aw_str agent = {0};
    struct aw_str path = {0};
    struct aw_err err;

    (void)aw_str_split(&file, '\n', &agent);
    (void)aw_str_split(&file, '\n', &path);
    HOLD(aw_robots_new(&robots, file, &err) == AW_OK);
    hold_robots(robots, agent, path, file);
    aw_robots_free(robots);
    (void)aw_robots_tag_nofollow(file, agent);
    return 0;
}
