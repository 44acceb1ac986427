#include "crawler/schedule.h"

static int64_t longer(const struct aw_crawl_config *config, int64_t interval_s,
                      int64_t halves)
{
    int64_t most = config->revisit_most_s;

    if (interval_s < config->revisit_first_s)
        return config->revisit_first_s;
    if (interval_s >= most || interval_s / 2 * halves > most)
        return most;
    return interval_s / 2 * halves;
}

static int64_t shorter(const struct aw_crawl_config *config,
                       int64_t interval_s)
{
    interval_s /= 2;
    return interval_s < config->revisit_first_s ? 0 : interval_s;
}

static int64_t interval_of(const struct aw_crawl_config *config,
                           const struct aw_visit_facts *facts)
{
    if (facts->is_start || facts->has_finding || facts->failed_for_now)
        return 0;
    if (facts->gone)
        return longer(config, facts->interval_s, 4);
    if (facts->first)
        return 0;
    return facts->changed ? shorter(config, facts->interval_s)
                          : longer(config, facts->interval_s, 3);
}

struct aw_next_visit aw_schedule(const struct aw_crawl_config *config,
                                 const struct aw_visit_facts *facts)
{
    int64_t interval_s = interval_of(config, facts);

    return (struct aw_next_visit){interval_s,
                                  facts->now_ms + interval_s * 1000};
}

void aw_list_visited(struct aw_list_visits *list, bool has_new_links)
{
    if (!has_new_links)
        list->still++;
    else
        list->grew = list->still > 0 ? 1 : list->grew + 1;
    if (has_new_links)
        list->still = 0;
}

bool aw_list_has_stopped(const struct aw_list_visits *list)
{
    return list->grew >= AW_LIST_VISITS && list->still >= AW_LIST_VISITS;
}
