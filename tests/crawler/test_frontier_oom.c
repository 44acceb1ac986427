/* Each allocation of the frontier fails in turn: that is told, nothing leaks,
 * and what was committed before is there for the next one. */
#include "tests/alloc_fail.h"

#include "tests/crawler/frontier_fixture.h"

static aw_rc add(const char *url, int64_t priority)
{
    struct aw_url_row row = {.url = aw_str_of(url),
                             .source = 1,
                             .priority = priority};
    enum aw_url_taken taken;

    return aw_frontier_add(frontier, &row, WALL, false, &taken, &fixture.err);
}

static aw_rc take(struct taken *taken)
{
    *taken = (struct taken){0};
    return aw_frontier_next(frontier, NOW, &taken->host, &taken->row,
                            &fixture.err);
}

/* Two hosts at one address: one moves there, the other is refused. */
static aw_rc connect_both(struct taken *a, struct taken *b)
{
    aw_rc rc = take(a);

    if (rc == AW_OK)
        rc = take(b);
    if (rc != AW_OK || !a->host || !b->host)
        return rc;
    (void)aw_frontier_may_connect(frontier, a->host, "192.0.2.1", NOW);
    (void)aw_frontier_may_connect(frontier, b->host, "192.0.2.1", NOW);
    aw_frontier_put_back(b->host);
    rc = aw_frontier_done(frontier, b->host, 0, 0, &fixture.err);
    return rc == AW_OK
               ? aw_frontier_done(frontier, a->host, NOW, NOW, &fixture.err)
               : rc;
}

static aw_rc work(void)
{
    struct aw_url_end end = {.state = "queued", .reason = ""};
    struct taken a;
    struct taken b;
    aw_rc rc = add("http://a.example/1", 1);

    if (rc == AW_OK)
        rc = add("http://b.example/1", 2);
    if (rc == AW_OK)
        rc = connect_both(&a, &b);
    if (rc == AW_OK && a.host)
        rc = aw_frontier_end(frontier, a.host, a.row.id, &end, WALL,
                             &fixture.err);
    if (rc == AW_OK)
        rc = add("http://a.example/2", 0);
    if (rc == AW_OK)
        rc = take(&a);
    return rc;
}

static void reset(void)
{
    aw_frontier_free(frontier);
    frontier = NULL;
    aw_store_rollback(fixture.store);
}

static struct aw_frontier_config config(void)
{
    return (struct aw_frontier_config){.store = fixture.store,
                                       .run = 1,
                                       .now_ms = WALL,
                                       .now_mono_ms = NOW,
                                       .sites = sites};
}

static void work_once(void)
{
    struct aw_frontier_config how = config();
    aw_rc rc;

    ASSERT_OK(aw_store_begin(fixture.store, &fixture.err));
    rc = aw_frontier_new(&frontier, &how, &fixture.err);
    if (rc == AW_OK)
        rc = work();
    alloc_fail_stop();
    /* An address that found no memory is one that is refused for now. */
    assert_true(alloc_failed ? rc == AW_OK || rc == AW_NOMEM : rc == AW_OK);
    if (rc == AW_NOMEM)
        ASSERT_SAYS("out of memory");
    reset();
}

static void every_allocation_that_fails_is_told_and_loses_nothing(void **state)
{
    struct taken taken;

    (void)state;
    assert_int_equal(fixture_source("s"), 1);
    ASSERT_OK(add("http://c.example/", 60));
    aw_frontier_free(frontier);
    frontier = NULL;
    alloc_fail_each(work_once);
    open_frontier(1);
    taken = next_at(NOW);
    assert_non_null(taken.host);
    assert_true(aw_str_eq(taken.row.url, AW_STR("http://c.example/")));
    give_back(taken, NOW, NOW);
    assert_null(next_at(NOW).host); /* no half of a run was kept */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_allocation_that_fails_is_told_and_loses_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
