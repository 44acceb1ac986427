#include "tests/base/base_test.h"

#include "reader/job.h"

static struct aw_job_stock stock;
static struct aw_job_queue queue;
static struct aw_turns turns;

static int set_up(void **s)
{
    (void)s;
    memset(&turns, 0, sizeof turns);
    stock = (struct aw_job_stock){0};
    aw_job_queue_init(&queue);
    return 0;
}

static int tear_down(void **s)
{
    (void)s;
    aw_job_free_list(queue.first);
    aw_job_free_list(stock.first);
    return 0;
}

static struct aw_job *add(uint32_t number, const char *url)
{
    struct aw_job *job = aw_job_new(&stock);

    assert_non_null(job);
    job->number = number;
    job->host_ms = aw_turns_of(&turns, aw_str_of(url));
    aw_buf_puts(&job->question, url);
    aw_job_queue_append(&queue, job);
    return job;
}

static uint32_t end(struct aw_job *job)
{
    uint32_t number = job ? job->number : 0;

    if (job)
        aw_job_end(&stock, job);
    return number;
}

static void a_queue_gives_back_what_came_first(void **s)
{
    struct aw_job *job;

    (void)s;
    assert_int_equal(end(aw_job_queue_take(&queue)), 0);
    for (uint32_t i = 1; i <= 3; i++)
        (void)add(i, "http://a.example/");
    assert_int_equal(aw_job_queue_bytes(&queue), 3 * 17);
    job = aw_job_queue_take(&queue);
    job->sent = 9;
    aw_job_queue_put_back(&queue, job);
    assert_int_equal(job->sent, 0);
    for (uint32_t i = 1; i <= 3; i++)
        assert_int_equal(end(aw_job_queue_take(&queue)), i);
    assert_int_equal(queue.count, 0);
    aw_job_queue_put_back(&queue, aw_job_new(&stock));
    (void)add(5, "http://a.example/");
    (void)end(aw_job_queue_take(&queue));
    assert_int_equal(end(aw_job_queue_take(&queue)), 5);
}

static void a_job_from_the_stock_is_as_new(void **s)
{
    struct aw_job *job = add(1, "http://a.example/");

    (void)s;
    job->is_large = true;
    job->sent = 4;
    (void)end(aw_job_queue_take(&queue));
    assert_int_equal(stock.count, 1);
    assert_ptr_equal(aw_job_new(&stock), job);
    assert_int_equal(job->question.len, 0);
    assert_int_equal(job->sent, 0);
    assert_int_equal(job->number, 0);
    assert_false(job->is_large);
    aw_job_free(job);
}

static void the_stock_keeps_no_great_buffers_and_not_many_jobs(void **s)
{
    struct aw_job *job = add(1, "http://a.example/");

    (void)s;
    assert_non_null(aw_buf_reserve(&job->question, (size_t)1 << 20));
    (void)end(aw_job_queue_take(&queue));
    assert_int_equal(stock.count, 0);
    for (uint32_t i = 0; i < 100; i++)
        (void)add(i, "http://a.example/");
    for (int i = 0; i < 100; i++)
        (void)end(aw_job_queue_take(&queue));
    assert_int_equal(stock.count, 64);
}

static void a_host_is_what_stands_before_the_path(void **s)
{
    (void)s;
    assert_ptr_equal(aw_turns_of(&turns, AW_STR("http://a.example/")),
                     aw_turns_of(&turns, AW_STR("http://a.example/b/c?d")));
    assert_ptr_not_equal(aw_turns_of(&turns, AW_STR("http://a.example/")),
                         aw_turns_of(&turns, AW_STR("http://b.example/")));
}

static uint32_t take(int64_t ms)
{
    struct aw_job *job = aw_turns_take(&turns, &queue);

    if (job)
        aw_turns_charge(job, ms);
    return end(job);
}

static void the_host_that_has_had_the_least_comes_first(void **s)
{
    (void)s;
    assert_int_equal(take(0), 0);
    for (uint32_t i = 1; i <= 3; i++)
        (void)add(i, "http://slow.example/");
    for (uint32_t i = 4; i <= 6; i++)
        (void)add(i, "http://quick.example/");
    assert_int_equal(take(100), 1);
    for (uint32_t i = 4; i <= 6; i++)
        assert_int_equal(take(10), i);
    assert_int_equal(take(100), 2);
}

static void a_quiet_host_saves_nothing_up(void **s)
{
    (void)s;
    for (uint32_t i = 1; i <= 2; i++) {
        (void)add(i, "http://busy.example/");
        assert_int_equal(take(100), i);
    }
    (void)add(3, "http://busy.example/");
    (void)add(4, "http://quiet.example/");
    (void)add(5, "http://quiet.example/");
    assert_int_equal(take(150), 4); /* from 100 on, not from 0 */
    assert_int_equal(take(100), 3);
    assert_int_equal(take(100), 5);
}

int main(void)
{
#define UNIT(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        UNIT(a_queue_gives_back_what_came_first),
        UNIT(a_job_from_the_stock_is_as_new),
        UNIT(the_stock_keeps_no_great_buffers_and_not_many_jobs),
        UNIT(a_host_is_what_stands_before_the_path),
        UNIT(the_host_that_has_had_the_least_comes_first),
        UNIT(a_quiet_host_saves_nothing_up),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
