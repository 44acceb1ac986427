#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "crawler/crawl_render.h"

#define SOURCES 3

static struct fixture {
    struct aw_config config;
    struct aw_source sources[SOURCES];
    struct aw_crawl_input in;
    struct aw_beat beats[SOURCES];
    struct aw_renders renders;
    struct aw_crawl c;
    struct aw_err err;
} f;

static int set_up(void **state)
{
    (void)state;
    f = (struct fixture){0};
    f.in.config = &f.config;
    f.in.clock = aw_clock_system();
    f.c.in = &f.in;
    f.c.beats = f.beats;
    f.c.beat_count = SOURCES;
    f.c.renders = &f.renders;
    f.renders.pool = (struct aw_render_pool *)&f; /* there is one */
    for (int i = 0; i < SOURCES; i++)
        f.beats[i].source = &f.sources[i];
    aw_arena_init(&f.c.arena, 1 << 20);
    return aw_render_turns_init(&f.c, &f.err) == AW_OK ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    aw_render_turns_deinit(&f.c);
    aw_arena_deinit(&f.c.arena);
    return 0;
}

static void enqueue(int source, int64_t id, const char *cause)
{
    assert_int_equal(aw_render_enqueue(&f.c, &f.beats[source], id,
                                       aw_str_of(cause), &f.err),
                     AW_OK);
}

static void expect(const int64_t *ids)
{
    do
        assert_int_equal(aw_render_dequeue(&f.c, INT64_MAX), *ids);
    while (*ids++);
}

static void sources_have_turns_and_findings_come_first(void **state)
{
    (void)state;
    for (int64_t id = 1; id <= 4; id++)
        enqueue(0, id, "source");
    enqueue(1, 5, "scripts");
    enqueue(1, 6, "finding");
    enqueue(2, 7, "seen so before");
    enqueue(2, 8, "finding");
    expect((const int64_t[]){6, 8, 1, 5, 7, 2, 3, 4, 0});
    assert_false(aw_renders_wait(&f.c));
}

static void what_is_not_committed_waits(void **state)
{
    (void)state;
    enqueue(0, 5, "source");
    assert_int_equal(aw_render_dequeue(&f.c, 4), 0);
    assert_true(aw_renders_wait(&f.c));
    assert_int_equal(aw_render_dequeue(&f.c, 5), 5);
}

static void budgets_leave_the_rest(void **state)
{
    (void)state;
    f.sources[0].pages_max = 1;
    f.sources[1].time_max_s = 1;
    f.beats[1].began_ms = 1;
    f.sources[2].bytes_max = 10;
    f.beats[2].did.bytes = 10;
    for (int i = 0; i < SOURCES; i++) {
        enqueue(i, 10 + i, "finding");
        enqueue(i, 20 + i, "source");
    }
    expect((const int64_t[]){10, 0});
    assert_false(aw_renders_wait(&f.c));
    assert_int_equal(aw_render_left(&f.c, &f.beats[0]), 1);
    assert_int_equal(aw_render_left(&f.c, &f.beats[1]), 2);
    assert_string_equal(aw_render_over(&f.c, &f.beats[0]),
                        "pages_max of its source");
    assert_string_equal(aw_render_over(&f.c, &f.beats[1]),
                        "time_max_s of its source");
    assert_string_equal(aw_render_over(&f.c, &f.beats[2]),
                        "bytes_max of its source");
}

static void the_time_of_browsers_has_an_end(void **state)
{
    (void)state;
    f.config.render.time_max_s = 2;
    enqueue(0, 1, "finding");
    enqueue(0, 2, "finding");
    f.renders.spent_ms = 1999;
    assert_int_equal(aw_render_dequeue(&f.c, INT64_MAX), 1);
    f.renders.spent_ms = 2000;
    assert_int_equal(aw_render_dequeue(&f.c, INT64_MAX), 0);
    assert_false(aw_renders_wait(&f.c));
    assert_int_equal(aw_render_left(&f.c, &f.beats[0]), 1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(sources_have_turns_and_findings_come_first),
        TEST(what_is_not_committed_waits),
        TEST(budgets_leave_the_rest),
        TEST(the_time_of_browsers_has_an_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
