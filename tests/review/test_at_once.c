#include "tests/review/people.h"

#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>

/* Several processes and threads at one store, as a server and terminals are.
 */

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

/* ---- threads of one process ----------------------------------------------
 */

struct thread {
    struct aw_order order;
    struct aw_gate *writers;
    struct outcomes out;
    pthread_t id;
    aw_rc rc;
};

static void *decide_all(void *self)
{
    struct thread *thread = self;
    struct aw_store *store = NULL;
    struct aw_err err;
    int64_t batch = 0;

    thread->rc = aw_store_open(&store, fixture.path, &err);
    if (thread->rc != AW_OK)
        return NULL;
    aw_store_share(store, thread->writers);
    thread->rc = aw_order_carry_out(store, aw_clock_system(), &thread->order,
                                    note_outcome, &thread->out, &batch, &err);
    aw_store_close(store);
    return NULL;
}

/* As a server's do; another process is at it as well. */
static void threads_that_share_a_line_decide_each_finding_once(void **state)
{
    static struct thread threads[PROCESSES];
    struct aw_order order = order_all(&people[LI], "");
    struct aw_gate writers;
    size_t done = 0;
    int status = 0;
    pid_t pid;

    (void)state;
    aw_gate_init(&writers, 1);
    pid = start(&order);
    for (int i = 0; i < PROCESSES; i++) {
        threads[i] = (struct thread){
            .order = order_all(&people[(enum person)(i % PERSON_COUNT)], ""),
            .writers = &writers};
        assert_int_equal(pthread_create(&threads[i].id, NULL, decide_all,
                                        &threads[i]),
                         0);
    }
    for (int i = 0; i < PROCESSES; i++) {
        (void)pthread_join(threads[i].id, NULL);
        assert_int_equal(threads[i].rc, AW_OK);
        assert_int_equal(threads[i].out.done + threads[i].out.clashes,
                         FINDINGS);
        done += threads[i].out.done;
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(done + (size_t)WEXITSTATUS(status), FINDINGS);
    assert_whole(FINDINGS);
    assert_true(aw_gate_enter(&writers, 0)); /* was given back */
    aw_gate_leave(&writers);
    aw_gate_deinit(&writers);
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
        AT_ONCE(threads_that_share_a_line_decide_each_finding_once),
        AT_ONCE(a_killed_order_loses_and_doubles_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
