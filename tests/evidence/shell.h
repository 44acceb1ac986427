/* shell.h - commands of the system in tests of sealing: openssl, softhsm2. */
#ifndef AW_TESTS_EVIDENCE_SHELL_H
#define AW_TESTS_EVIDENCE_SHELL_H

#include "tests/store/fixture.h"

/* Runs a command of bash with $D set to the fixture's folder; its output goes
 * to $D/log. True where it ended well. */
static inline bool shell_ok(const char *command)
{
    char *line = NULL;
    int status;

    assert_true(asprintf(&line,
                         "D='%s'; cd \"$D\" || exit 9; { %s\n} >>log"
                         " 2>&1",
                         fixture.dir, command) > 0);
    assert_int_equal(setenv("LC_ALL", "C.UTF-8", 1), 0);
    status = system(line);
    free(line);
    return status == 0;
}

static inline void shell(const char *command)
{
    if (shell_ok(command))
        return;
    (void)shell_ok("exec >&2; tail -n 20 log");
    (void)fprintf(stderr, "log: %s/log\n", fixture.dir);
    fail_msg("failed: %s", command);
}

static inline const char *in_fixture(const char *name)
{
    static char path[AW_PATH_MAX];

    ASSERT_OK(aw_path_join(path, fixture.dir, name, &fixture.err));
    return path;
}

static inline void put_bytes(const char *name, struct aw_str bytes)
{
    ASSERT_OK(aw_file_write(in_fixture(name), bytes, &fixture.err));
}

/* The caller deinits it. */
static inline struct aw_buf get_bytes(const char *name)
{
    struct aw_buf buf;

    aw_buf_init(&buf, (size_t)16 << 20);
    ASSERT_OK(aw_file_read(in_fixture(name), &buf, &fixture.err));
    return buf;
}

#endif
