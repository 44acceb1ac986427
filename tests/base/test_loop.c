#include "tests/base/base_test.h"

#include <signal.h>
#include <sys/socket.h>
#include <sys/time.h>

#include "base/clock.h"
#include "base/loop.h"

static struct aw_loop *loop;
static struct aw_err err;

/* Counts what it is told. */
struct ear {
    int calls;
    int fd;
    unsigned events;
    char byte;
};

static void hear(void *self, int fd, unsigned events)
{
    struct ear *ear = self;

    ear->calls++;
    ear->fd = fd;
    ear->events = events;
}

static void hear_and_read(void *self, int fd, unsigned events)
{
    struct ear *ear = self;

    hear(self, fd, events);
    assert_int_equal(read(fd, &ear->byte, 1), 1);
}

static int set_up(void **s)
{
    (void)s;
    return aw_loop_new(&loop, &err) == AW_OK ? 0 : -1;
}

static int tear_down(void **s)
{
    (void)s;
    aw_loop_free(loop);
    return 0;
}

static void watch(int fd, unsigned events, aw_loop_fn *call, void *self)
{
    assert_int_equal(aw_loop_watch(loop, fd, events,
                                   (struct aw_loop_watch){call, self}, &err),
                     AW_OK);
}

static void wait_once(int ms)
{
    assert_int_equal(aw_loop_wait(loop, ms, &err), AW_OK);
}

static void close_both(const int fds[2])
{
    (void)close(fds[0]);
    (void)close(fds[1]);
}

static void a_pipe_with_bytes_is_told_readable_until_they_are_read(void **s)
{
    struct ear ear = {0};
    int fds[2];

    (void)s;
    assert_int_equal(pipe(fds), 0);
    watch(fds[0], AW_LOOP_READ, hear_and_read, &ear);
    wait_once(0);
    assert_int_equal(ear.calls, 0);
    assert_int_equal(write(fds[1], "xy", 2), 2);
    wait_once(0);
    wait_once(0);
    wait_once(0);
    assert_int_equal(ear.calls, 2);
    assert_int_equal(ear.byte, 'y');
    assert_int_equal(ear.fd, fds[0]);
    assert_int_equal(ear.events, AW_LOOP_READ);
    close_both(fds);
}

static void a_pipe_with_room_is_told_writable(void **s)
{
    struct ear ear = {0};
    int fds[2];

    (void)s;
    assert_int_equal(pipe(fds), 0);
    watch(fds[1], AW_LOOP_WRITE, hear, &ear);
    wait_once(0);
    assert_int_equal(ear.calls, 1);
    assert_int_equal(ear.events, AW_LOOP_WRITE);
    close_both(fds);
}

static void a_hang_up_is_told_to_whoever_waits(void **s)
{
    struct ear reader = {0};
    struct ear writer = {0};
    int a[2], b[2];

    (void)s;
    assert_int_equal(pipe(a), 0);
    assert_int_equal(pipe(b), 0);
    watch(a[0], AW_LOOP_READ, hear, &reader);
    watch(b[1], AW_LOOP_WRITE, hear, &writer);
    (void)close(a[1]);
    (void)close(b[0]);
    wait_once(0);
    assert_true(reader.events & AW_LOOP_READ);
    assert_true(writer.events & AW_LOOP_WRITE);
    (void)close(a[0]);
    (void)close(b[1]);
}

static void what_is_unwatched_is_told_no_more(void **s)
{
    struct ear ear = {0};
    int fds[2];

    (void)s;
    assert_int_equal(pipe(fds), 0);
    watch(fds[1], AW_LOOP_WRITE, hear, &ear);
    aw_loop_unwatch(loop, fds[1]);
    wait_once(0);
    assert_int_equal(ear.calls, 0);
    aw_loop_unwatch(loop, fds[1]);
    aw_loop_unwatch(loop, -1);
    aw_loop_unwatch(loop, 60000);
    watch(fds[1], AW_LOOP_WRITE, hear, &ear);
    wait_once(0);
    assert_int_equal(ear.calls, 1);
    close_both(fds);
}

static void what_rests_is_told_no_more_until_it_is_watched_again(void **s)
{
    struct ear old = {0};
    struct ear ear = {0};
    int fds[2];

    (void)s;
    assert_int_equal(pipe(fds), 0);
    watch(fds[0], AW_LOOP_READ, hear, &old);
    aw_loop_rest(loop, fds[0]);
    aw_loop_rest(loop, -1);
    aw_loop_rest(loop, 60000);
    assert_int_equal(write(fds[1], "x", 1), 1);
    watch(fds[0], AW_LOOP_READ, hear, &ear);
    wait_once(0);
    assert_int_equal(ear.calls, 1);
    aw_loop_rest(loop, fds[0]);
    wait_once(0);
    assert_int_equal(ear.calls, 1);
    watch(fds[0], AW_LOOP_READ, hear, &ear);
    wait_once(0);
    assert_int_equal(ear.calls, 2);
    assert_int_equal(old.calls, 0);
    aw_loop_unwatch(loop, fds[0]);
    close_both(fds);
}

/* With a byte in the pipe a wait would end at once, again and again. */
static void what_comes_while_it_rests_ends_one_wait_alone(void **s)
{
    struct ear ear = {0};
    int64_t began;
    int fds[2];

    (void)s;
    assert_int_equal(pipe(fds), 0);
    watch(fds[0], AW_LOOP_READ, hear, &ear);
    aw_loop_rest(loop, fds[0]);
    assert_int_equal(write(fds[1], "x", 1), 1);
    wait_once(1000);
    began = aw_clock_mono(aw_clock_system());
    wait_once(50);
    assert_true(aw_clock_mono(aw_clock_system()) - began >= 45);
    assert_int_equal(ear.calls, 0);
    close_both(fds);
}

static void one_that_rested_and_was_closed_leaves_nothing_behind(void **s)
{
    struct ear ear = {0};
    int fds[2], old;

    (void)s;
    assert_int_equal(pipe(fds), 0);
    old = fds[0];
    watch(fds[0], AW_LOOP_READ, hear, &ear);
    aw_loop_rest(loop, fds[0]);
    aw_loop_unwatch(loop, fds[0]);
    close_both(fds);
    assert_int_equal(pipe(fds), 0);
    assert_int_equal(fds[0], old);
    watch(fds[0], AW_LOOP_READ, hear, &ear);
    assert_int_equal(write(fds[1], "x", 1), 1);
    wait_once(0);
    assert_int_equal(ear.calls, 1);
    close_both(fds);
}

/* Closing it behind the loop's back shows whether the kernel is asked. */
static void an_unchanged_watch_does_not_ask_the_kernel(void **s)
{
    struct aw_loop_watch ear = {hear, NULL};
    int fds[2];

    (void)s;
    assert_int_equal(pipe(fds), 0);
    watch(fds[0], 0, hear, NULL);
    watch(fds[0], AW_LOOP_READ, hear, NULL);
    close_both(fds);
    watch(fds[0], AW_LOOP_READ, hear, NULL);
    assert_int_equal(aw_loop_watch(loop, fds[0], AW_LOOP_WRITE, ear, &err),
                     AW_IO);
}

static void a_watch_can_change_events_and_its_call(void **s)
{
    struct ear old = {0};
    struct ear ear = {0};
    int fds[2];

    (void)s;
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
    watch(fds[0], AW_LOOP_READ, hear, &old);
    wait_once(0);
    watch(fds[0], AW_LOOP_READ | AW_LOOP_WRITE, hear, &ear);
    wait_once(0);
    assert_int_equal(ear.events, AW_LOOP_WRITE);
    assert_int_equal(write(fds[1], "x", 1), 1);
    wait_once(0);
    assert_int_equal(ear.events, AW_LOOP_READ | AW_LOOP_WRITE);
    watch(fds[0], 0, hear, &ear);
    wait_once(0);
    assert_int_equal(ear.calls, 2);
    assert_int_equal(old.calls, 0);
    close_both(fds);
}

/* Reads nothing: takes the other watch away, closes it, and watches another
 * pipe that gets its number. */
struct swap {
    int calls;
    int victim[2], fresh[2];
    struct ear ear;
};

static void swap_other(void *self, int fd, unsigned events)
{
    struct swap *swap = self;

    (void)fd;
    (void)events;
    if (swap->calls++ > 0)
        return;
    aw_loop_unwatch(loop, swap->victim[0]);
    close_both(swap->victim);
    assert_int_equal(pipe(swap->fresh), 0);
    assert_int_equal(swap->fresh[0], swap->victim[0]);
    watch(swap->fresh[0], AW_LOOP_READ, hear, &swap->ear);
}

static void an_event_of_a_closed_descriptor_is_not_told_to_the_next(void **s)
{
    struct swap swap = {0};
    int first[2];

    (void)s;
    assert_int_equal(pipe(first), 0);
    assert_int_equal(pipe(swap.victim), 0);
    watch(first[0], AW_LOOP_READ, swap_other, &swap);
    watch(swap.victim[0], AW_LOOP_READ, swap_other, &swap);
    assert_int_equal(write(first[1], "x", 1), 1);
    assert_int_equal(write(swap.victim[1], "x", 1), 1);
    wait_once(0);
    assert_int_equal(swap.calls, 1);
    assert_int_equal(swap.ear.calls, 0);
    assert_int_equal(write(swap.fresh[1], "x", 1), 1);
    wait_once(0);
    assert_int_equal(swap.ear.calls, 1);
    close_both(first);
    close_both(swap.fresh);
}

static void many_descriptors_are_all_told(void **s)
{
    static struct ear ears[300];
    static int fds[300][2];

    (void)s;
    for (int i = 0; i < 300; i++) {
        assert_int_equal(pipe(fds[i]), 0);
        watch(fds[i][1], AW_LOOP_WRITE, hear, &ears[i]);
    }
    wait_once(0);
    wait_once(0);
    for (int i = 0; i < 300; i++) {
        assert_true(ears[i].calls > 0);
        assert_int_equal(ears[i].fd, fds[i][1]);
        aw_loop_unwatch(loop, fds[i][1]);
        close_both(fds[i]);
    }
}

static void a_descriptor_that_is_none_cannot_be_watched(void **s)
{
    struct aw_loop_watch ear = {hear, NULL};

    (void)s;
    assert_int_equal(aw_loop_watch(loop, -1, AW_LOOP_READ, ear, &err),
                     AW_LIMIT);
    assert_int_equal(aw_loop_watch(loop, 65536, AW_LOOP_READ, ear, &err),
                     AW_LIMIT);
    assert_int_equal(aw_loop_watch(loop, 9999, AW_LOOP_READ, ear, &err),
                     AW_IO);
    assert_has(err.msg, "descriptor 9999");
    wait_once(0);
}

static void no_signal(int number)
{
    (void)number;
}

static void a_signal_ends_the_wait_early_without_an_error(void **s)
{
    struct sigaction act = {.sa_handler = no_signal};
    struct itimerval soon = {.it_value = {0, 20000}};
    int64_t start = aw_clock_mono(aw_clock_system());

    (void)s;
    assert_int_equal(sigaction(SIGALRM, &act, NULL), 0);
    assert_int_equal(setitimer(ITIMER_REAL, &soon, NULL), 0);
    wait_once(5000);
    assert_true(aw_clock_mono(aw_clock_system()) - start < 2000);
}

static void a_wait_without_events_ends_after_its_time(void **s)
{
    int64_t start = aw_clock_mono(aw_clock_system());

    (void)s;
    wait_once(30);
    assert_in_range((uintmax_t)(aw_clock_mono(aw_clock_system()) - start), 29,
                    2000);
    aw_loop_free(NULL);
}

#define UNIT(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(a_pipe_with_bytes_is_told_readable_until_they_are_read),
        UNIT(a_pipe_with_room_is_told_writable),
        UNIT(a_hang_up_is_told_to_whoever_waits),
        UNIT(what_is_unwatched_is_told_no_more),
        UNIT(what_rests_is_told_no_more_until_it_is_watched_again),
        UNIT(what_comes_while_it_rests_ends_one_wait_alone),
        UNIT(one_that_rested_and_was_closed_leaves_nothing_behind),
        UNIT(an_unchanged_watch_does_not_ask_the_kernel),
        UNIT(a_watch_can_change_events_and_its_call),
        UNIT(an_event_of_a_closed_descriptor_is_not_told_to_the_next),
        UNIT(many_descriptors_are_all_told),
        UNIT(a_descriptor_that_is_none_cannot_be_watched),
        UNIT(a_signal_ends_the_wait_early_without_an_error),
        UNIT(a_wait_without_events_ends_after_its_time),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
