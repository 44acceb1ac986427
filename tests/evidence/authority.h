/* authority.h - a time-stamping authority on loopback, in the fixture's
 * folder: tsa.sh and tsa.py.
 */
#ifndef AW_TESTS_EVIDENCE_AUTHORITY_H
#define AW_TESTS_EVIDENCE_AUTHORITY_H

#include <sys/wait.h>

#include "tests/evidence/shell.h"

struct authority {
    pid_t pid;
    int stop; /* its standard input: it ends with it */
    int port;
};

static struct authority authority;

/* Once for a group of tests; the keys take a while. */
static inline void authority_make(const char *dir)
{
    char command[256];

    (void)snprintf(command, sizeof command,
                   "tests/evidence/tsa.sh '%s' >'%s/make.log' 2>&1", dir, dir);
    assert_int_equal(system(command), 0);
}

static inline void authority_start(const char *dir)
{
    char port_file[AW_PATH_MAX];
    struct aw_buf text;
    int64_t port = 0;
    int ends[2];

    (void)snprintf(port_file, sizeof port_file, "%s/port", dir);
    (void)unlink(port_file);
    assert_int_equal(pipe(ends), 0);
    authority.pid = fork();
    assert_true(authority.pid >= 0);
    if (authority.pid == 0) {
        (void)dup2(ends[0], STDIN_FILENO);
        (void)close(ends[0]);
        (void)close(ends[1]);
        execlp("python3", "python3", "tests/evidence/tsa.py", dir, port_file,
               NULL);
        _exit(127);
    }
    (void)close(ends[0]);
    authority.stop = ends[1];
    for (int i = 0; i < 3000 && !aw_path_exists(port_file); i++)
        (void)usleep(10000);
    aw_buf_init(&text, 64);
    ASSERT_OK(aw_file_read(port_file, &text, &fixture.err));
    assert_true(aw_str_to_int(aw_buf_str(&text), &port));
    aw_buf_deinit(&text);
    authority.port = (int)port;
}

static inline void authority_stop(void)
{
    (void)close(authority.stop);
    (void)waitpid(authority.pid, NULL, 0);
}

/* The address of one of its ways; the next call writes over it. */
static inline char *authority_url(const char *way)
{
    static char url[128];

    (void)snprintf(url, sizeof url, "http://127.0.0.1:%d/%s", authority.port,
                   way);
    return url;
}

#endif
