#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/fs.h"
#include "cli/progress.h"

#define BEGAN INT64_C(1795399980000) /* 2026-11-23T02:13:00Z */

static char text[65536]; /* what was written to the stream */
static FILE *stream;
static struct aw_clock clock_at;
static struct aw_log logger;
static struct aw_progress progress;
static struct aw_crawl_stats stats;

static int set_up(void **state)
{
    (void)state;
    memset(text, 0, sizeof text);
    stream = fmemopen(text, sizeof text, "w");
    assert_non_null(stream);
    clock_at = aw_clock_manual(BEGAN);
    logger = (struct aw_log){.out = stream,
                             .least = AW_LOG_INFO,
                             .clock = &clock_at};
    progress = (struct aw_progress){.log = &logger};
    stats = (struct aw_crawl_stats){
        .did = {.fetched = 10, .failed = 2, .findings = 3, .bytes = 1250000},
        .queued = 40,
        .under_way = 5,
        .began_ms = BEGAN,
        .run = 7,
    };
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    return fclose(stream);
}

/* All that was told until now, after so many pages and ms. */
static const char *told_at(int64_t ms, int64_t pages)
{
    stats.now_ms = BEGAN + ms;
    stats.did.fetched = pages;
    aw_progress_show(&progress, &stats);
    assert_int_equal(fflush(stream), 0);
    return text;
}

static void on_terminal(int width)
{
    progress.terminal = stream;
    progress.width = width;
}

static void test_a_terminal_gets_one_line(void **state)
{
    (void)state;
    on_terminal(120);
    assert_string_equal(told_at(1000, 10),
                        "\r10 pages, 0.0/s, 40 queued, 5 under way, 2 errors, "
                        "3 findings, 1.2 MB\033[K");
    assert_null(strchr(text, '\n'));
}

static void test_it_is_not_written_at_every_turn(void **state)
{
    size_t len;

    (void)state;
    on_terminal(120);
    len = strlen(told_at(1000, 10));
    assert_int_equal(strlen(told_at(1199, 11)), len);
    assert_true(strlen(told_at(1200, 12)) > len);
}

static void test_the_rate_is_that_of_the_last_seconds(void **state)
{
    (void)state;
    on_terminal(120);
    for (int s = 1; s <= 100; s++)
        told_at(s * 1000, 1000);
    for (int s = 101; s <= 110; s++)
        told_at(s * 1000, 1000 + (s - 100) * 25);
    assert_non_null(strstr(text, "\r1250 pages, 25.0/s"));
}

static void test_a_clock_that_is_set_back_does_no_harm(void **state)
{
    (void)state;
    on_terminal(120);
    told_at(10000000, 10);
    progress.shown_ms = 0;
    assert_non_null(strstr(told_at(1000, 20), "\r20 pages, 0.0/s"));
}

static void test_the_time_left_of_the_budget_is_told(void **state)
{
    (void)state;
    on_terminal(120);
    stats.until_ms = BEGAN + INT64_C(8) * 3600 * 1000;
    assert_non_null(strstr(told_at(1000, 10), "/s, 7:59:59 left, 40 queued"));
}

static void test_a_narrow_terminal_cuts_the_line(void **state)
{
    (void)state;
    on_terminal(20);
    assert_string_equal(told_at(1000, 10), "\r10 pages, 0.0/s, 40\033[K");
}

static void test_the_line_is_taken_away_at_the_end(void **state)
{
    size_t len;

    (void)state;
    on_terminal(120);
    len = strlen(told_at(1000, 10));
    stats.over = true;
    assert_string_equal(told_at(2000, 11) + len, "\r\033[K");
}

static void test_without_one_the_log_has_a_line_a_minute(void **state)
{
    (void)state;
    stats.until_ms = BEGAN + INT64_C(3600) * 1000;
    assert_string_equal(told_at(1000, 1), "");
    told_at(58000, 1);
    assert_string_equal(told_at(59999, 1), "");
    assert_string_equal(told_at(60000, 31),
                        "02:13:00 info  progress pages=31 rate=15.0 queued=40 "
                        "under_way=5 errors=2 findings=3 bytes=1250000 "
                        "left_s=3540\n");
    assert_non_null(strchr(told_at(119999, 40), '\n'));
    assert_ptr_equal(strchr(text, '\n'), strrchr(text, '\n'));
}

static void test_the_log_may_be_json(void **state)
{
    (void)state;
    logger.json = true;
    assert_string_equal(
        told_at(60000, 31),
        "{\"time\":\"2026-11-23T02:13:00.000Z\",\"level\":\"info\","
        "\"msg\":\"progress\",\"pages\":\"31\",\"rate\":\"0.0\","
        "\"queued\":\"40\",\"under_way\":\"5\",\"errors\":\"2\","
        "\"findings\":\"3\",\"bytes\":\"1250000\"}\n");
}

static void test_who_is_quiet_is_told_nothing(void **state)
{
    (void)state;
    logger.least = AW_LOG_ERROR;
    assert_string_equal(told_at(60000, 31), "");
}

/* ---- metrics ------------------------------------------------------------ */

static char dir[] = "/tmp/aw-progress-XXXXXX";
static char path[AW_PATH_MAX];

static int make_folder(void **state)
{
    struct aw_err err;

    memcpy(dir + sizeof dir - 7, "XXXXXX", 6);
    assert_non_null(mkdtemp(dir));
    assert_int_equal(aw_path_join(path, dir, "adwatch.prom", &err), AW_OK);
    return set_up(state);
}

static int remove_folder(void **state)
{
    (void)unlink(path);
    assert_int_equal(rmdir(dir), 0); /* no temporary file stays */
    return tear_down(state);
}

static bool file_says(const char *part)
{
    struct aw_buf file;
    struct aw_err err;
    bool says;

    aw_buf_init(&file, 65536);
    assert_int_equal(aw_file_read(path, &file, &err), AW_OK);
    says = aw_str_find(aw_buf_str(&file), aw_str_of(part)) >= 0;
    aw_buf_deinit(&file);
    return says;
}

static void test_metrics_are_written_every_ten_seconds(void **state)
{
    (void)state;
    progress.metrics = path;
    told_at(1000, 1);
    assert_true(file_says("adwatch_queue 40\n"));
    assert_true(file_says("{run=\"7\",state=\"running\""));
    stats.queued = 39;
    told_at(10999, 1);
    assert_true(file_says("adwatch_queue 40\n"));
    told_at(11000, 1);
    assert_true(file_says("adwatch_queue 39\n"));
}

static void test_metrics_are_written_at_the_end(void **state)
{
    (void)state;
    progress.metrics = path;
    progress.success_ms = 5000;
    told_at(1000, 1);
    assert_true(file_says("adwatch_last_success_seconds 5.000\n"));
    stats.over = true;
    told_at(1100, 1);
    assert_true(file_says("state=\"broken\""));
    assert_true(file_says("adwatch_last_success_seconds 5.000\n"));
    stats.ended_ms = 6001;
    stats.stopped = true;
    told_at(1200, 1);
    assert_true(file_says("state=\"stopped\""));
    assert_true(file_says("adwatch_run_ended_seconds 6.001\n"));
    assert_true(file_says("adwatch_last_success_seconds 5.000\n"));
    stats.stopped = false;
    told_at(1300, 1);
    assert_true(file_says("state=\"done\""));
    assert_true(file_says("adwatch_last_success_seconds 6.001\n"));
}

/* The figures of the last run stay until another one begins. */
static void test_a_run_that_did_not_begin_writes_none(void **state)
{
    (void)state;
    progress.metrics = path;
    stats.run = 0;
    stats.over = true;
    told_at(1000, 1);
    assert_false(aw_path_exists(path));
}

static void test_metrics_that_cannot_be_written_are_told_once(void **state)
{
    (void)state;
    progress.metrics = "/proc/no/such/folder/adwatch.prom";
    told_at(1000, 1);
    assert_non_null(strstr(text, "warn  metrics not written why="));
    told_at(20000, 1);
    assert_ptr_equal(strchr(text, '\n'), strrchr(text, '\n'));
}

#define LINES(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
#define FILES(test) \
    cmocka_unit_test_setup_teardown(test, make_folder, remove_folder)

int main(void)
{
    const struct CMUnitTest tests[] = {
        LINES(test_a_terminal_gets_one_line),
        LINES(test_it_is_not_written_at_every_turn),
        LINES(test_the_rate_is_that_of_the_last_seconds),
        LINES(test_a_clock_that_is_set_back_does_no_harm),
        LINES(test_the_time_left_of_the_budget_is_told),
        LINES(test_a_narrow_terminal_cuts_the_line),
        LINES(test_the_line_is_taken_away_at_the_end),
        LINES(test_without_one_the_log_has_a_line_a_minute),
        LINES(test_the_log_may_be_json),
        LINES(test_who_is_quiet_is_told_nothing),
        FILES(test_metrics_are_written_every_ten_seconds),
        FILES(test_metrics_are_written_at_the_end),
        FILES(test_a_run_that_did_not_begin_writes_none),
        LINES(test_metrics_that_cannot_be_written_are_told_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
