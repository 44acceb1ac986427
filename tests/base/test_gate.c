#include "tests/base/base_test.h"

#include <pthread.h>
#include <time.h>

#include "base/gate.h"

#define PEOPLE 8
#define LONG_MS 60000

static struct aw_gate gate;
static int order[PEOPLE]; /* of those who had their turn */
static int had;

static int tear_down(void **s)
{
    (void)s;
    aw_gate_deinit(&gate);
    return 0;
}

static void *stand_in_line(void *number)
{
    assert_true(aw_gate_enter(&gate, LONG_MS));
    order[had++] = *(const int *)number; /* one at a time */
    aw_gate_leave(&gate);
    return NULL;
}

/* The last in line, which is another than before. */
static const void *last_in_line(const void *before)
{
    const struct timespec pause = {0, 1000000};
    const void *last = before;

    while (last == before) {
        (void)nanosleep(&pause, NULL);
        (void)pthread_mutex_lock(&gate.lock);
        last = gate.last;
        (void)pthread_mutex_unlock(&gate.lock);
    }
    return last;
}

static void who_came_first_is_first(void **s)
{
    pthread_t threads[PEOPLE];
    int numbers[PEOPLE];
    const void *last = NULL;

    (void)s;
    aw_gate_init(&gate, 1);
    assert_true(aw_gate_enter(&gate, 0));
    for (int i = 0; i < PEOPLE; i++) {
        numbers[i] = i;
        assert_int_equal(pthread_create(&threads[i], NULL, stand_in_line,
                                        &numbers[i]),
                         0);
        last = last_in_line(last);
    }
    aw_gate_leave(&gate);
    for (int i = 0; i < PEOPLE; i++)
        (void)pthread_join(threads[i], NULL);
    assert_int_equal(had, PEOPLE);
    for (int i = 0; i < PEOPLE; i++)
        assert_int_equal(order[i], i);
}

static void as_many_as_may_are_in_at_once(void **s)
{
    (void)s;
    aw_gate_init(&gate, 2);
    assert_true(aw_gate_enter(&gate, 0));
    assert_true(aw_gate_enter(&gate, 0));
    assert_false(aw_gate_enter(&gate, 5));
    aw_gate_leave(&gate);
    assert_true(aw_gate_enter(&gate, 0));
    aw_gate_leave(&gate);
    aw_gate_leave(&gate);
}

/* Its turn goes to who stands behind it. */
static void who_waits_no_longer_is_passed_over(void **s)
{
    pthread_t thread;
    int number = 3;

    (void)s;
    had = 0;
    aw_gate_init(&gate, 1);
    assert_true(aw_gate_enter(&gate, 0));
    assert_false(aw_gate_enter(&gate, 5));
    assert_int_equal(pthread_create(&thread, NULL, stand_in_line, &number), 0);
    (void)last_in_line(NULL);
    assert_false(aw_gate_enter(&gate, 5)); /* the last one leaves */
    aw_gate_leave(&gate);
    (void)pthread_join(thread, NULL);
    assert_int_equal(order[0], 3);
    assert_true(aw_gate_enter(&gate, 0));
    aw_gate_leave(&gate);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(who_came_first_is_first, tear_down),
        cmocka_unit_test_teardown(as_many_as_may_are_in_at_once, tear_down),
        cmocka_unit_test_teardown(who_waits_no_longer_is_passed_over,
                                  tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
