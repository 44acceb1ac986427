/* schedule.h - when a page is looked at again.
 *
 * A pure function over what a visit showed and the interval before it. An
 * interval of 0 means every run: a page has it until it was seen unchanged.
 * From there intervals grow by half while the visible text stays the same, up
 * to revisit_most_s, and are halved when it changed; what falls below
 * revisit_first_s is every run again. (Cho and Garcia-Molina, "Estimating
 * frequency of change", 2003, is where adapting by halves comes from: no
 * history is kept.)
 *
 * Start pages, sitemaps, pages with findings and pages that failed for now are
 * due in every run; a page that is gone is left alone for longer and longer.
 */
#ifndef AW_CRAWLER_SCHEDULE_H
#define AW_CRAWLER_SCHEDULE_H

#include "base/config.h"

struct aw_visit_facts {
    bool first;          /* it was never visited before */
    bool changed;        /* its visible text, since the last visit */
    bool gone;           /* 404, 410 */
    bool failed_for_now; /* no answer that says anything about the page */
    bool has_finding;    /* ever */
    bool is_start;       /* or a sitemap: new pages show there */
    int64_t interval_s;  /* that the last visit gave it */
    int64_t now_ms;      /* wall */
};

struct aw_next_visit {
    int64_t interval_s;
    int64_t due_ms; /* wall; not above now_ms: in the next run */
};

struct aw_next_visit aw_schedule(const struct aw_crawl_config *config,
                                 const struct aw_visit_facts *facts);

/* A start page that is a list brings new links as long as somebody keeps it.
 * One that did at so many visits in a row, and then at as many did not, has
 * moved elsewhere, or shows us less than it did: people are to look. */
#define AW_LIST_VISITS 3

struct aw_list_visits {
    int64_t grew;  /* in a row, with new links */
    int64_t still; /* then, without */
};

/* After one more visit. */
void aw_list_visited(struct aw_list_visits *list, bool has_new_links);
bool aw_list_has_stopped(const struct aw_list_visits *list);

#endif
