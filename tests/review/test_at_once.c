#include "tests/review/people.h"

#include <signal.h>
#include <sys/wait.h>

/* Several processes at one store, as a server and terminals are. */

#define PROCESSES 6
#define FINDINGS 40
#define KILLS 12

static struct aw_member items[FINDINGS];

static int set_up(void **state)
{
    int failed = office_set_up(state);
    char name[32];

    for (size_t i = 0; i < FINDINGS; i++) {
        (void)snprintf(name, sizeof name, "f%zu", i);
        items[i] = (struct aw_member){fixture_simple(name), 0};
    }
    return failed;
}

#define AT_ONCE(test) \
    cmocka_unit_test_setup_teardown(test, set_up, fixture_tear_down)

static struct aw_order order_all(const struct aw_user *by, const char *key)
{
    struct aw_order order = order_of(by, "confirm");

    order.items = items;
    order.count = FINDINGS;
    order.typed = FINDINGS;
    order.as_seen = true;
    order.key = aw_str_of(key);
    return order;
}

/* Carries the order out in a process with a store of its own, which tells how
 * many findings it decided by its exit status. */
static pid_t start(const struct aw_order *order)
{
    struct outcomes out = {0};
    int64_t batch = 0;
    pid_t pid = fork();

    assert_true(pid >= 0);
    if (pid > 0)
        return pid;
    fixture.store = NULL; /* its parent's */
    if (aw_store_open(&fixture.store, fixture.path, &fixture.err) != AW_OK ||
        aw_order_carry_out(fixture.store, aw_clock_system(), order,
                           note_outcome, &out, &batch,
                           &fixture.err) != AW_OK) {
        (void)fprintf(stderr, "%s\n", fixture.err.msg);
        _exit(255);
    }
    aw_store_close(fixture.store);
    _exit(out.done + out.clashes == FINDINGS ? (int)out.done : 254);
}

static void each_finding_is_decided_once_by_whoever_is_first(void **state)
{
    pid_t pids[PROCESSES];
    int done = 0;

    (void)state;
    for (int i = 0; i < PROCESSES; i++) {
        struct aw_order order =
            order_all(&people[(enum person)(i % PERSON_COUNT)], "");

        pids[i] = start(&order);
    }
    for (int i = 0; i < PROCESSES; i++) {
        int status = 0;

        assert_int_equal(waitpid(pids[i], &status, 0), pids[i]);
        assert_true(WIFEXITED(status));
        assert_true(WEXITSTATUS(status) <= FINDINGS);
        done += WEXITSTATUS(status);
    }
    assert_int_equal(done, FINDINGS);
    assert_whole(FINDINGS);
    assert_int_equal(fixture_number("SELECT count(DISTINCT finding)"
                                    " FROM decision"),
                     FINDINGS);
}

static void assert_chains(void)
{
    struct aw_audit_head head;
    int64_t count;

    ASSERT_OK(
        aw_audit_verify(fixture.store, NULL, &count, &head, &fixture.err));
}

/* The same order is carried out, and killed after a while, again and again. */
static void a_killed_order_loses_and_doubles_nothing(void **state)
{
    struct aw_order order = order_all(&people[WANG], "key-1");
    int status = 0;

    (void)state;
    for (useconds_t i = 0; i < KILLS; i++) {
        pid_t pid = start(&order);

        (void)usleep(2000 + i * 3000);
        (void)kill(pid, SIGKILL);
        assert_int_equal(waitpid(pid, &status, 0), pid);
        assert_chains();
    }
    assert_int_equal(waitpid(start(&order), &status, 0) > 0, 1);
    assert_int_equal(WEXITSTATUS(status), FINDINGS);
    assert_whole(FINDINGS);
    assert_chains();
    assert_int_equal(fixture_number("SELECT count(*) FROM batch"), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        AT_ONCE(each_finding_is_decided_once_by_whoever_is_first),
        AT_ONCE(a_killed_order_loses_and_doubles_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
