/* frontier_fixture.h - a frontier over a store of its own, for tests. */
#ifndef AW_TESTS_FRONTIER_FIXTURE_H
#define AW_TESTS_FRONTIER_FIXTURE_H

#include "tests/store/fixture.h"

#include "crawler/frontier.h"
#include "crawler/url.h"

#define WALL INT64_C(1795399980000) /* 2026-11-23T02:13:00Z */
#define NOW 1000                    /* mono, at the beginning of a run */

static struct aw_sites *sites;
static struct aw_frontier *frontier;

static inline void open_frontier(int64_t run)
{
    struct aw_frontier_config config = {.store = fixture.store,
                                        .run = run,
                                        .now_ms = WALL,
                                        .now_mono_ms = NOW,
                                        .sites = sites};

    ASSERT_OK(aw_frontier_new(&frontier, &config, &fixture.err));
}

/* The next run, or this one after a crash. */
static inline void reopen_frontier(int64_t run)
{
    aw_frontier_free(frontier);
    frontier = NULL;
    open_frontier(run);
}

static inline int set_up(void **state)
{
    (void)fixture_set_up(state);
    ASSERT_OK(aw_sites_new(&sites, &fixture.err));
    open_frontier(1);
    return 0;
}

static inline int tear_down(void **state)
{
    aw_frontier_free(frontier);
    frontier = NULL;
    aw_sites_free(sites);
    return fixture_tear_down(state);
}

/* What next gave out. */
struct taken {
    struct aw_frontier_host *host; /* or NULL */
    struct aw_url_row row;
};

static inline struct taken next_at(int64_t now)
{
    struct taken taken = {0};

    ASSERT_OK(aw_frontier_next(frontier, now, &taken.host, &taken.row,
                               &fixture.err));
    return taken;
}

static inline void give_back(struct taken taken, int64_t next_ms,
                             int64_t address_ms)
{
    ASSERT_OK(aw_frontier_done(frontier, taken.host, next_ms, address_ms,
                               &fixture.err));
}

static inline void end(struct taken taken, const char *state, int64_t priority)
{
    struct aw_url_end how = {.state = state,
                             .reason = "",
                             .status = 200,
                             .asked = true,
                             .due_ms = 0,
                             .priority = priority};

    ASSERT_OK(aw_frontier_end(frontier, taken.host, taken.row.id, &how, WALL,
                              &fixture.err));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

#endif
