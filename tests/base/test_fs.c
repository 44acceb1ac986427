#include "tests/base/base_test.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "base/fs.h"

static char dir[PATH_MAX];
static struct aw_err err;

static int set_up(void **s)
{
    (void)s;
    make_temp(dir);
    return 0;
}

static int tear_down(void **s)
{
    (void)s;
    drop_temp(dir);
    return 0;
}

static void assert_file(const char *path, const char *expected)
{
    struct aw_buf buf;

    aw_buf_init(&buf, 1 << 20);
    assert_int_equal(aw_file_read(path, &buf, &err), AW_OK);
    assert_str(aw_buf_str(&buf), expected);
    aw_buf_deinit(&buf);
}

/* ---- paths -------------------------------------------------------------- */

static void
join_puts_a_slash_between_and_an_absolute_name_stands_alone(void **s)
{
    char out[AW_PATH_MAX];

    (void)s;
    assert_int_equal(aw_path_join(out, "a", "b/c", &err), AW_OK);
    assert_string_equal(out, "a/b/c");
    assert_int_equal(aw_path_join(out, "a", "/b", &err), AW_OK);
    assert_string_equal(out, "/b");
    assert_int_equal(aw_path_join(out, ".", "", &err), AW_OK);
    assert_string_equal(out, "./");
}

static void join_refuses_what_does_not_fit(void **s)
{
    char out[AW_PATH_MAX];
    char name[AW_PATH_MAX];

    (void)s;
    memset(name, 'n', sizeof name);
    name[AW_PATH_MAX - 3] = '\0';
    assert_int_equal(aw_path_join(out, "d", name, &err), AW_OK);
    assert_int_equal(strlen(out), AW_PATH_MAX - 1);
    assert_int_equal(aw_path_join(out, "dd", name, &err), AW_LIMIT);
    assert_has(err.msg, "longer than 4095");
}

static void mkdirs_makes_all_that_is_missing_and_again_is_no_error(void **s)
{
    (void)s;
    assert_false(aw_path_exists(in_dir(dir, "a")));
    assert_int_equal(aw_mkdirs(in_dir(dir, "a/b/c"), &err), AW_OK);
    assert_true(aw_path_is_dir(in_dir(dir, "a/b/c")));
    assert_int_equal(aw_mkdirs(in_dir(dir, "a/b/c"), &err), AW_OK);
    assert_int_equal(aw_mkdirs(in_dir(dir, "a//d/"), &err), AW_OK);
    assert_true(aw_path_is_dir(in_dir(dir, "a/d")));
    assert_int_equal(aw_mkdirs("/", &err), AW_OK);
    assert_int_equal(aw_mkdirs("", &err), AW_IO);
}

static void mkdirs_names_what_stands_in_the_way(void **s)
{
    (void)s;
    put_file(in_dir(dir, "f"), "", 0);
    assert_true(aw_path_exists(in_dir(dir, "f")));
    assert_false(aw_path_is_dir(in_dir(dir, "f")));
    assert_int_equal(aw_mkdirs(in_dir(dir, "f"), &err), AW_IO);
    assert_has(err.msg, "no folder");
    assert_int_equal(aw_mkdirs(in_dir(dir, "f/g"), &err), AW_IO);
    assert_has(err.msg, "/f/g'");
}

/* ---- reading ------------------------------------------------------------ */

static void read_appends_the_whole_file(void **s)
{
    struct aw_buf buf;
    char *bytes = malloc(300000);

    (void)s;
    assert_non_null(bytes);
    for (size_t i = 0; i < 300000; i++)
        bytes[i] = (char)(i * 7);
    put_file(in_dir(dir, "f"), bytes, 300000);
    aw_buf_init(&buf, 400000);
    aw_buf_puts(&buf, "ab");
    assert_int_equal(aw_file_read(in_dir(dir, "f"), &buf, &err), AW_OK);
    assert_int_equal(buf.len, 300002);
    assert_memory_equal(buf.ptr, "ab", 2);
    assert_memory_equal(buf.ptr + 2, bytes, 300000);
    assert_int_equal(buf.ptr[buf.len], '\0');
    aw_buf_deinit(&buf);
    free(bytes);
}

static void read_takes_a_file_as_long_as_the_limit_and_no_longer(void **s)
{
    struct aw_buf buf;

    (void)s;
    put_file(in_dir(dir, "f"), "12345", 5);
    aw_buf_init(&buf, 5);
    assert_int_equal(aw_file_read(in_dir(dir, "f"), &buf, &err), AW_OK);
    assert_string_equal(buf.ptr, "12345");
    aw_buf_deinit(&buf);
    aw_buf_init(&buf, 4);
    assert_int_equal(aw_file_read(in_dir(dir, "f"), &buf, &err), AW_LIMIT);
    assert_has(err.msg, "/f': more than 4 bytes");
    aw_buf_deinit(&buf);
}

static void read_tells_what_is_missing_from_what_is_no_file(void **s)
{
    struct aw_buf buf;

    (void)s;
    aw_buf_init(&buf, 100);
    assert_int_equal(aw_file_read(in_dir(dir, "none"), &buf, &err),
                     AW_MISSING);
    assert_has(err.msg, "/none'");
    assert_int_equal(aw_file_read(dir, &buf, &err), AW_IO);
    put_file(in_dir(dir, "empty"), "", 0);
    assert_int_equal(aw_file_read(in_dir(dir, "empty"), &buf, &err), AW_OK);
    assert_int_equal(buf.len, 0);
    aw_buf_deinit(&buf);
}

static void a_dash_is_standard_input(void **s)
{
    int saved = dup(STDIN_FILENO);
    struct aw_buf buf;
    int fds[2];

    (void)s;
    assert_int_equal(pipe(fds), 0);
    assert_int_equal(write(fds[1], "in", 2), 2);
    (void)close(fds[1]);
    assert_true(dup2(fds[0], STDIN_FILENO) >= 0);
    aw_buf_init(&buf, 100);
    assert_int_equal(aw_file_read("-", &buf, &err), AW_OK);
    assert_str(aw_buf_str(&buf), "in");
    assert_true(fcntl(STDIN_FILENO, F_GETFD) >= 0); /* not closed */
    aw_buf_deinit(&buf);
    (void)dup2(saved, STDIN_FILENO);
    (void)close(saved);
    (void)close(fds[0]);
}

/* ---- writing ------------------------------------------------------------ */

static void write_replaces_the_file_and_leaves_nothing_beside_it(void **s)
{
    (void)s;
    assert_int_equal(aw_file_write(in_dir(dir, "f"), AW_STR("old"), &err),
                     AW_OK);
    assert_int_equal(aw_file_write(in_dir(dir, "f"), AW_STR("new"), &err),
                     AW_OK);
    assert_file(in_dir(dir, "f"), "new");
    assert_false(aw_path_exists(in_dir(dir, "f.tmp")));
    assert_int_equal(aw_file_write(in_dir(dir, "e"), (struct aw_str){0}, &err),
                     AW_OK);
    assert_file(in_dir(dir, "e"), "");
}

/* Runs f in a process of its own; its exit status. */
static int in_child(int (*f)(void))
{
    int status = 0;
    pid_t pid = fork();

    assert_true(pid >= 0);
    if (pid == 0)
        _exit(f());
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static int write_on_a_full_disk(void)
{
    struct rlimit limit = {1000, 1000};
    char bytes[5000] = {0};

    (void)signal(SIGXFSZ, SIG_IGN);
    (void)setrlimit(RLIMIT_FSIZE, &limit);
    if (aw_file_write(in_dir(dir, "f"), (struct aw_str){bytes, sizeof bytes},
                      &err) != AW_IO)
        return 1;
    return strstr(err.msg, "/f.tmp': cannot write: File too large") ? 0 : 2;
}

static void a_write_that_finds_the_disk_full_leaves_the_old_file(void **s)
{
    (void)s;
    put_file(in_dir(dir, "f"), "old", 3);
    assert_int_equal(in_child(write_on_a_full_disk), 0);
    assert_file(in_dir(dir, "f"), "old");
    assert_false(aw_path_exists(in_dir(dir, "f.tmp")));
}

static void a_write_into_a_missing_folder_or_onto_a_folder_fails(void **s)
{
    (void)s;
    assert_int_equal(aw_file_write(in_dir(dir, "no/f"), AW_STR("a"), &err),
                     AW_IO);
    assert_int_equal(aw_mkdirs(in_dir(dir, "d/e"), &err), AW_OK);
    assert_int_equal(aw_file_write(in_dir(dir, "d"), AW_STR("a"), &err),
                     AW_IO);
    assert_has(err.msg, "cannot rename");
    assert_false(aw_path_exists(in_dir(dir, "d.tmp")));
    assert_true(aw_path_is_dir(in_dir(dir, "d/e")));
}

static void no_signal(int number)
{
    (void)number;
}

struct drain {
    int fd;
    size_t got;
    pthread_t writer;
};

/* Reads slowly, and disturbs the writer with signals. */
static void *drain_pipe(void *self)
{
    struct drain *d = self;
    char piece[8192];
    ssize_t got;

    while ((got = read(d->fd, piece, sizeof piece)) > 0) {
        d->got += (size_t)got;
        (void)pthread_kill(d->writer, SIGUSR1);
    }
    return NULL;
}

static void write_all_goes_on_after_short_writes_and_signals(void **s)
{
    struct sigaction act = {.sa_handler = no_signal}; /* no SA_RESTART */
    struct drain d = {.writer = pthread_self()};
    char *bytes = calloc(1, 3000000);
    pthread_t thread;
    int fds[2];

    (void)s;
    assert_non_null(bytes);
    assert_int_equal(sigaction(SIGUSR1, &act, NULL), 0);
    assert_int_equal(pipe(fds), 0);
    d.fd = fds[0];
    assert_int_equal(pthread_create(&thread, NULL, drain_pipe, &d), 0);
    assert_int_equal(aw_write_all(fds[1], bytes, 3000000, &err), AW_OK);
    (void)close(fds[1]);
    (void)pthread_join(thread, NULL);
    assert_int_equal(d.got, 3000000);
    (void)close(fds[0]);
    free(bytes);
}

/* ---- walking ------------------------------------------------------------ */

static aw_rc note(void *self, const char *path, struct aw_err *e)
{
    struct aw_buf *seen = self;

    (void)e;
    aw_buf_printf(seen, "%s ", path + strlen(dir) + 1);
    return AW_OK;
}

static void walk_finds_files_in_order_and_nothing_else(void **s)
{
    const char *files[] = {"b.y",   "a.y",     "B.y",       "c.x", "d/2.y",
                           "d/1.y", "d/e/3.y", ".hidden.y", "é.y"};
    struct aw_buf seen;

    (void)s;
    assert_int_equal(aw_mkdirs(in_dir(dir, "d/e"), &err), AW_OK);
    assert_int_equal(aw_mkdirs(in_dir(dir, "folder.y"), &err), AW_OK);
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        put_file(in_dir(dir, files[i]), "", 0);
    assert_int_equal(mkfifo(in_dir(dir, "fifo.y"), 0600), 0);
    assert_int_equal(symlink("nowhere", in_dir(dir, "dangling.y")), 0);
    assert_int_equal(symlink("c.x", in_dir(dir, "link.y")), 0);
    aw_buf_init(&seen, 10000);
    assert_int_equal(aw_dir_walk(dir, ".y", note, &seen, &err), AW_OK);
    assert_string_equal(seen.ptr, "B.y a.y b.y d/1.y d/2.y d/e/3.y link.y "
                                  "é.y ");
    aw_buf_deinit(&seen);
}

static aw_rc fail_at_second(void *self, const char *path, struct aw_err *e)
{
    int *count = self;

    return ++*count == 2 ? aw_fail(e, AW_INVALID, "%s", path) : AW_OK;
}

static void the_first_failure_of_a_visit_ends_the_walk(void **s)
{
    int count = 0;

    (void)s;
    put_file(in_dir(dir, "1"), "", 0);
    put_file(in_dir(dir, "2"), "", 0);
    put_file(in_dir(dir, "3"), "", 0);
    assert_int_equal(aw_dir_walk(dir, "", fail_at_second, &count, &err),
                     AW_INVALID);
    assert_int_equal(count, 2);
    assert_has(err.msg, "/2");
}

static void a_ring_of_links_is_told_and_not_walked_for_ever(void **s)
{
    struct aw_buf seen;

    (void)s;
    put_file(in_dir(dir, "a"), "", 0);
    assert_int_equal(symlink(".", in_dir(dir, "ring")), 0);
    aw_buf_init(&seen, 100000);
    assert_int_equal(aw_dir_walk(dir, "", note, &seen, &err), AW_LIMIT);
    assert_has(err.msg, "deeper than 32");
    aw_buf_deinit(&seen);
}

static void a_missing_folder_is_told_as_such(void **s)
{
    (void)s;
    assert_int_equal(aw_dir_walk(in_dir(dir, "none"), "", note, NULL, &err),
                     AW_MISSING);
    put_file(in_dir(dir, "f"), "", 0);
    assert_int_equal(aw_dir_walk(in_dir(dir, "f"), "", note, NULL, &err),
                     AW_IO);
}

/* ---- locks -------------------------------------------------------------- */

static void a_lock_that_is_held_names_its_holder_and_ends_with_it(void **s)
{
    char expected[64];
    int ready[2];
    int fd = -1;
    char byte;
    pid_t pid;

    (void)s;
    assert_int_equal(pipe(ready), 0);
    put_file(in_dir(dir, "lock"), "99999999 of an older holder\n", 28);
    pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        bool ok = aw_lock_take(in_dir(dir, "lock"), &fd, &err) == AW_OK;

        (void)!write(ready[1], ok ? "y" : "n", 1);
        for (;;)
            (void)pause();
    }
    assert_int_equal(read(ready[0], &byte, 1), 1);
    assert_int_equal(byte, 'y');
    assert_int_equal(aw_lock_take(in_dir(dir, "lock"), &fd, &err), AW_BUSY);
    assert_int_equal(fd, -1);
    (void)snprintf(expected, sizeof expected, "held by process %d:", (int)pid);
    assert_has(err.msg, expected);
    (void)kill(pid, SIGKILL);
    assert_int_equal(waitpid(pid, NULL, 0), pid);
    assert_int_equal(aw_lock_take(in_dir(dir, "lock"), &fd, &err), AW_OK);
    aw_lock_release(fd);
    (void)close(ready[0]);
    (void)close(ready[1]);
}

static void a_released_lock_can_be_taken_again(void **s)
{
    char expected[24];
    int first = -1;
    int second = -1;

    (void)s;
    assert_int_equal(aw_lock_take(in_dir(dir, "l"), &first, &err), AW_OK);
    assert_true(fcntl(first, F_GETFD) & FD_CLOEXEC);
    (void)snprintf(expected, sizeof expected, "%d\n", (int)getpid());
    assert_file(in_dir(dir, "l"), expected);
    assert_int_equal(aw_lock_take(in_dir(dir, "l"), &second, &err), AW_BUSY);
    aw_lock_release(first);
    assert_int_equal(aw_lock_take(in_dir(dir, "l"), &second, &err), AW_OK);
    aw_lock_release(second);
    aw_lock_release(-1);
}

static void a_lock_in_a_missing_folder_cannot_be_taken(void **s)
{
    int fd = -1;

    (void)s;
    assert_int_equal(aw_lock_take(in_dir(dir, "no/l"), &fd, &err), AW_IO);
    assert_has(err.msg, "/no/l'");
}

#define UNIT(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(join_puts_a_slash_between_and_an_absolute_name_stands_alone),
        UNIT(join_refuses_what_does_not_fit),
        UNIT(mkdirs_makes_all_that_is_missing_and_again_is_no_error),
        UNIT(mkdirs_names_what_stands_in_the_way),
        UNIT(read_appends_the_whole_file),
        UNIT(read_takes_a_file_as_long_as_the_limit_and_no_longer),
        UNIT(read_tells_what_is_missing_from_what_is_no_file),
        UNIT(a_dash_is_standard_input),
        UNIT(write_replaces_the_file_and_leaves_nothing_beside_it),
        UNIT(a_write_that_finds_the_disk_full_leaves_the_old_file),
        UNIT(a_write_into_a_missing_folder_or_onto_a_folder_fails),
        UNIT(write_all_goes_on_after_short_writes_and_signals),
        UNIT(walk_finds_files_in_order_and_nothing_else),
        UNIT(the_first_failure_of_a_visit_ends_the_walk),
        UNIT(a_ring_of_links_is_told_and_not_walked_for_ever),
        UNIT(a_missing_folder_is_told_as_such),
        UNIT(a_lock_that_is_held_names_its_holder_and_ends_with_it),
        UNIT(a_released_lock_can_be_taken_again),
        UNIT(a_lock_in_a_missing_folder_cannot_be_taken),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
