/* Who is silent is hung up on, whose request is under way is waited for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "web/patience.h"

#define IDLE_S 1
#define RECEIVE_MS ((int64_t)(AW_PATIENCE_RECEIVE) * (IDLE_S)*1000)
#define LONG_MS 60000 /* a machine that is never so slow */

/* A connection: ours, and the end of who asks. */
struct caller {
    int fds[2];
    struct aw_link *link;
};

static struct aw_patience patience;

static int64_t now_ms(void)
{
    return aw_clock_mono(aw_clock_system());
}

static struct caller call(void)
{
    struct caller caller = {.fds = {-1, -1}};

    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, caller.fds), 0);
    caller.link = aw_patience_add(&patience, caller.fds[0]);
    assert_non_null(caller.link);
    return caller;
}

static void hang_up(struct caller *caller)
{
    aw_patience_drop(&patience, caller->link);
    (void)close(caller->fds[0]);
    (void)close(caller->fds[1]);
}

/* Is it hung up on, within this time? */
static bool is_ended(const struct caller *caller, int ms)
{
    struct pollfd poll_fd = {.fd = caller->fds[1], .events = POLLIN};
    char byte;

    return poll(&poll_fd, 1, ms) == 1 && read(caller->fds[1], &byte, 1) == 0;
}

static void start(void)
{
    struct aw_err err;

    assert_int_equal(aw_patience_start(&patience, &err), AW_OK);
}

static void who_is_silent_is_hung_up_on(void **state)
{
    int64_t began = now_ms();
    struct caller silent = call(), served = call();

    (void)state;
    aw_patience_grant(&patience, served.link, AW_PATIENCE_ANY);
    start();
    assert_true(is_ended(&silent, LONG_MS));
    assert_true(now_ms() - began >= RECEIVE_MS);
    assert_false(is_ended(&served, 0));
    aw_patience_grant(&patience, served.link, AW_PATIENCE_RECEIVE);
    assert_true(is_ended(&served, LONG_MS));
    hang_up(&silent);
    hang_up(&served);
}

static void who_is_slow_to_take_his_reply_has_longer(void **state)
{
    struct caller asks = call(), takes = call();

    (void)state;
    aw_patience_grant(&patience, takes.link, AW_PATIENCE_SEND);
    start();
    assert_true(is_ended(&asks, LONG_MS));
    assert_false(is_ended(&takes, 0));
    hang_up(&takes);
    hang_up(&asks);
}

static void a_dropped_one_is_left_alone(void **state)
{
    struct caller first = call(), second = call(), third = call();

    (void)state;
    aw_patience_drop(&patience, second.link);
    second.link = NULL;
    start();
    assert_true(is_ended(&first, LONG_MS));
    assert_true(is_ended(&third, LONG_MS));
    assert_false(is_ended(&second, 0));
    hang_up(&third);
    hang_up(&first);
    hang_up(&second);
}

static void *end(void *self)
{
    (void)self;
    aw_patience_end(&patience);
    return NULL;
}

static void the_end_waits_for_requests_alone(void **state)
{
    struct caller slow = call(), served = call();
    pthread_t thread;
    void *unused;

    (void)state;
    aw_patience_grant(&patience, slow.link, AW_PATIENCE_SEND);
    aw_patience_grant(&patience, served.link, AW_PATIENCE_ANY);
    start();
    aw_patience_busy(&patience);
    assert_false(aw_patience_is_ending(&patience));
    assert_int_equal(pthread_create(&thread, NULL, end, NULL), 0);
    assert_true(is_ended(&slow, LONG_MS)); /* long before its time */
    assert_true(aw_patience_is_ending(&patience));
    assert_int_not_equal(pthread_tryjoin_np(thread, &unused), 0);
    assert_false(is_ended(&served, 0));
    aw_patience_done(&patience);
    assert_int_equal(pthread_join(thread, NULL), 0);
    hang_up(&slow);
    hang_up(&served);
}

static int set_up(void **state)
{
    (void)state;
    aw_patience_init(&patience, IDLE_S);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    aw_patience_end(&patience);
    aw_patience_deinit(&patience);
    return 0;
}

#define PATIENCE_UNIT(test) \
    cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        PATIENCE_UNIT(who_is_silent_is_hung_up_on),
        PATIENCE_UNIT(who_is_slow_to_take_his_reply_has_longer),
        PATIENCE_UNIT(a_dropped_one_is_left_alone),
        PATIENCE_UNIT(the_end_waits_for_requests_alone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
