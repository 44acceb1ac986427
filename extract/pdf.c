#include "extract/pdf.h"

#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fs.h"
#include "extract/ocr.h"

#define MEMORY_MAX ((rlim_t)1 << 30)
#define PROCESSOR_MAX 60 /* seconds */
#define DESCRIPTORS_MAX 32
#define NOT_THERE 127 /* exit status, as the shell has it */
#define READ_PIECE ((size_t)1 << 16)

static void limit(void)
{
    static const struct {
        __rlimit_resource_t what;
        rlim_t most;
    } limits[] = {
        {RLIMIT_AS, MEMORY_MAX},          {RLIMIT_CPU, PROCESSOR_MAX},
        {RLIMIT_FSIZE, AW_PDF_BYTES_MAX}, {RLIMIT_CORE, 0},
        {RLIMIT_NOFILE, DESCRIPTORS_MAX},
    };

    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        struct rlimit most = {limits[i].most, limits[i].most};

        (void)setrlimit(limits[i].what, &most);
    }
}

/* In the child: without network, where the kernel gives one of its own to who
 * has no rights. */
static void become_renderer(int in, int out, pid_t parent)
{
    static char *const environment[] = {"PATH=/usr/bin:/bin", "LC_ALL=C.UTF-8",
                                        NULL};
    char side[16], last[16];

    (void)snprintf(side, sizeof side, "%d", AW_PDF_SIDE);
    (void)snprintf(last, sizeof last, "%d", AW_OCR_PAGES_MAX + 1);
    if (dup2(in, STDIN_FILENO) < 0 || dup2(out, STDOUT_FILENO) < 0)
        _exit(NOT_THERE);
    (void)close_range(STDERR_FILENO, ~0U, 0);
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(NOT_THERE);
    (void)prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    (void)!unshare(CLONE_NEWUSER | CLONE_NEWNET);
    limit();
    (void)execle("/usr/bin/pdftoppm", "pdftoppm", "-gray", "-scale-to", side,
                 "-l", last, "-", (char *)NULL, environment);
    _exit(NOT_THERE);
}

/* Its exit status; -1 where it was ended by a signal or took too long. */
static int wait_for(pid_t pid, int64_t most_ms, bool *late)
{
    int fd = (int)syscall(SYS_pidfd_open, pid, 0);
    struct pollfd watch = {fd, POLLIN, 0};
    int status = 0;

    *late = fd < 0 || poll(&watch, 1, (int)most_ms) <= 0;
    if (*late)
        (void)kill(pid, SIGKILL);
    if (fd >= 0)
        (void)close(fd);
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static aw_rc read_back(int fd, struct aw_buf *pages, struct aw_err *err)
{
    ssize_t got = 1;

    if (lseek(fd, 0, SEEK_SET) < 0)
        return aw_fail_errno(err, AW_IO, "pdf: cannot read its images");
    while (got > 0) {
        char *at = aw_buf_reserve(pages, READ_PIECE);

        if (!at)
            return aw_buf_check(pages, err);
        got = read(fd, at, READ_PIECE);
        if (got > 0)
            pages->len += (size_t)got;
    }
    return got < 0 ? aw_fail_errno(err, AW_IO, "pdf: cannot read its images")
                   : AW_OK;
}

static aw_rc render(int in, int out, int64_t most_ms, struct aw_buf *pages,
                    struct aw_err *err)
{
    size_t before = pages->len;
    pid_t parent = getpid();
    pid_t pid = fork();
    bool late = false;
    int status;
    aw_rc rc;

    if (pid == 0)
        become_renderer(in, out, parent);
    if (pid < 0)
        return aw_fail_errno(err, AW_IO, "pdf: cannot start pdftoppm");
    status = wait_for(pid, most_ms, &late);
    if (late)
        return aw_fail(err, AW_LIMIT, "pdf: takes longer than %lld ms",
                       (long long)most_ms);
    if (status == NOT_THERE)
        return aw_fail(err, AW_INVALID,
                       "pdf: pdftoppm is missing: install poppler-utils");
    rc = read_back(out, pages, err);
    if (rc == AW_OK && pages->len == before)
        return aw_fail(err, AW_INVALID, "pdf: cannot be read");
    return rc; /* of a damaged one the pages before the damage */
}

aw_rc aw_pdf_pages(struct aw_str pdf, int64_t most_ms, struct aw_buf *pages,
                   struct aw_err *err)
{
    int in = memfd_create("pdf", MFD_CLOEXEC);
    int out = memfd_create("pages", MFD_CLOEXEC);
    aw_rc rc;

    if (in < 0 || out < 0)
        rc = aw_fail_errno(err, AW_IO, "pdf: no memory for it");
    else
        rc = aw_write_all(in, pdf.ptr, pdf.len, err);
    if (rc == AW_OK && lseek(in, 0, SEEK_SET) < 0)
        rc = aw_fail_errno(err, AW_IO, "pdf: no memory for it");
    if (rc == AW_OK)
        rc = render(in, out, most_ms, pages, err);
    if (in >= 0)
        (void)close(in);
    if (out >= 0)
        (void)close(out);
    return rc;
}
