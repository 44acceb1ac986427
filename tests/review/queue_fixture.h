/* queue_fixture.h - a queue over the store of tests/store/fixture.h, on a day
 * that stands still. */
#ifndef AW_TESTS_REVIEW_QUEUE_FIXTURE_H
#define AW_TESTS_REVIEW_QUEUE_FIXTURE_H

#include "review/queue.h"
#include "review/sort.h"
#include "store/sorting.h"
#include "tests/store/fixture.h"

#define DAY_MS (INT64_C(24) * 3600 * 1000)
#define NOW_MS INT64_C(1795662000000) /* 2026-11-26T03:00:00Z, a Thursday */

static struct aw_clock queue_clock;
static struct aw_queue *queue;
static aw_fold_fn *queue_fold; /* of those that are opened from now on */

static inline void queue_open(void)
{
    struct aw_queue_config config = {.lexicon_dir = "lexicons",
                                     .clock = &queue_clock,
                                     .threshold = 0.35,
                                     .fold = queue_fold};

    if (queue_clock.manual_ms == 0)
        queue_clock = aw_clock_manual(NOW_MS);
    ASSERT_OK(aw_queue_new(&queue, &config, fixture.store, &fixture.err));
}

static inline int queue_set_up(void **state)
{
    queue_clock = aw_clock_manual(NOW_MS);
    (void)fixture_set_up(state);
    queue_open();
    return 0;
}

static inline int queue_tear_down(void **state)
{
    aw_queue_free(queue);
    queue = NULL;
    queue_fold = NULL;
    return fixture_tear_down(state);
}

static inline void queue_sort_all(void)
{
    size_t done = 1;
    bool more = true;

    while (done > 0)
        ASSERT_OK(aw_queue_sort(queue, fixture.store, AW_SORT_BATCH_MAX, &done,
                                &fixture.err));
    while (more)
        ASSERT_OK(aw_queue_tend(queue, fixture.store, AW_SORT_BATCH_MAX, &more,
                                &fixture.err));
}

static inline struct aw_queue_page queue_page(const struct aw_question *ask)
{
    struct aw_queue_page page;

    ASSERT_OK(aw_queue_ask(queue, fixture.store, ask, &fixture.arena, &page,
                           &fixture.err));
    return page;
}

static inline struct aw_queue_item queue_item(int64_t id)
{
    struct aw_queue_item item;

    ASSERT_OK(aw_queue_item(queue, fixture.store, id, (struct aw_str){0},
                            (struct aw_str){0}, &fixture.arena, &item,
                            &fixture.err));
    return item;
}

#define QUEUE_UNIT(test) \
    cmocka_unit_test_setup_teardown(test, queue_set_up, queue_tear_down)

#endif
