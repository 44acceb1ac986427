#include "reader/boxed.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/fs.h"
#include "reader/cell.h"
#include "reader/sanitizer.h"

/* ---- the process in the cell --------------------------------------------
 */

/* First byte of an answer. */
enum { ANSWER_PNG = 'p', ANSWER_WHY = 'w' };

static void limit_memory(void)
{
#ifndef AW_HAS_ASAN
    const struct rlimit limit = {AW_BOXED_MEMORY_MAX, AW_BOXED_MEMORY_MAX};

    (void)setrlimit(RLIMIT_AS, &limit);
#endif
}

static _Noreturn void draw(int fd, struct aw_str png,
                           const struct aw_boxes_item *items, size_t count,
                           bool optional)
{
    struct aw_cell_config cell = {.fd = fd,
                                  .cpu_ms = AW_BOXED_MS,
                                  .optional = optional};
    struct aw_err err = {0};
    struct aw_buf out;
    aw_rc rc;

    aw_buf_init(&out, AW_BOXED_BYTES_MAX);
    limit_memory();
    rc = aw_cell_enter(&cell, &err);
    aw_buf_putc(&out, ANSWER_PNG);
    if (rc == AW_OK)
        rc = aw_boxes_draw(png, items, count, &out, &err);
    if (rc != AW_OK) {
        aw_buf_reset(&out);
        aw_buf_printf(&out, "%c%s", ANSWER_WHY, err.msg);
    }
    rc = aw_write_all(fd, out.ptr, out.len, &err);
    _exit(rc == AW_OK ? 0 : 1);
}

/* ---- outside ------------------------------------------------------------
 */

static int64_t now_ms(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* The whole answer, or what ended it. */
static aw_rc read_answer(int fd, struct aw_buf *answer, struct aw_err *err)
{
    int64_t end_ms = now_ms() + AW_BOXED_MS;
    struct pollfd poll_fd = {.fd = fd, .events = POLLIN};

    for (;;) {
        int64_t left = end_ms - now_ms();
        char *at = aw_buf_reserve(answer, 65536);
        ssize_t got;

        if (!at)
            return aw_buf_check(answer, err);
        if (left <= 0 || poll(&poll_fd, 1, (int)left) == 0)
            return aw_fail(err, AW_READER, "drawing took too long");
        got = read(fd, at, 65536);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return got == 0 ? AW_OK
                            : aw_fail_errno(err, AW_READER, "cannot read");
        answer->len += (size_t)got;
    }
}

static aw_rc take_answer(const struct aw_buf *answer, struct aw_buf *out,
                         struct aw_err *err)
{
    struct aw_str text = aw_buf_str(answer);

    if (text.len == 0)
        return aw_fail(err, AW_READER, "what draws boxes ended");
    if (text.ptr[0] != ANSWER_PNG)
        return aw_fail(err, AW_READER, "%.*s",
                       AW_STR_ARG(aw_str_sub(text, 1, 500)));
    aw_buf_put(out, aw_str_sub(text, 1, text.len));
    return aw_buf_check(out, err);
}

static aw_rc ask(int fd, pid_t pid, struct aw_buf *out, struct aw_err *err)
{
    struct aw_buf answer;
    int status = 0;
    aw_rc rc;

    aw_buf_init(&answer, AW_BOXED_BYTES_MAX + 65536);
    rc = read_answer(fd, &answer, err);
    if (rc != AW_OK)
        (void)kill(pid, SIGKILL);
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    if (rc == AW_OK && (!WIFEXITED(status) || WEXITSTATUS(status) != 0))
        rc = aw_fail(err, AW_READER, "what draws boxes crashed");
    if (rc == AW_OK)
        rc = take_answer(&answer, out, err);
    aw_buf_deinit(&answer);
    return rc;
}

aw_rc aw_boxed(struct aw_str png, const struct aw_boxes_item *items,
               size_t count, bool optional, struct aw_buf *out,
               struct aw_err *err)
{
    int ends[2];
    pid_t pid;
    aw_rc rc = aw_boxes_prepare(err);

    if (rc != AW_OK)
        return aw_fail(err, AW_READER, "%.500s", err->msg);
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        return aw_fail_errno(err, AW_IO, "cannot make a socket pair");
    pid = fork();
    if (pid == 0)
        draw(ends[1], png, items, count, optional);
    (void)close(ends[1]);
    rc = pid > 0 ? ask(ends[0], pid, out, err)
                 : aw_fail_errno(err, AW_IO, "cannot fork");
    (void)close(ends[0]);
    return rc;
}
