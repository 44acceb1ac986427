/* hook.h - pages that take their reader over, for tests.
 *
 * A program that includes this and is linked with -Wl,--wrap=aw_extract has
 * readers in which the page /hook/NAME.html, or a file that begins so, does
 * what stands beside NAME below, as a page may that found a hole in what reads
 * it. All other pages are read as
 * ever. The program that is shipped has nothing of this.
 */
#ifndef AW_TESTS_READER_HOOK_H
#define AW_TESTS_READER_HOOK_H

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "extract/extract.h"
#include "reader/protocol.h"

#define HOOK_FD 3
#define HOOK_PIECE ((size_t)1 << 20)

static volatile int hook_sink;
static void *volatile hook_kept;

static void hook_crash(void)
{
    volatile int *volatile nowhere = NULL;

    *nowhere = 1;
}

static void hook_abort(void)
{
    abort();
}

/* Each frame is kept, so that no compiler makes a loop of it. */
static int hook_descend(int depth)
{
    volatile char frame[4096];

    frame[depth % 4096] = (char)depth;
    return depth < 0 ? 0 : hook_descend(depth + 1) + frame[depth % 4096];
}

static void hook_overflow(void)
{
    hook_sink = hook_descend(0);
}

/* As much as there is, all of it used; 2 GiB at most. */
static bool hook_eat(void)
{
    for (int i = 0; i < 2048; i++) {
        hook_kept = malloc(HOOK_PIECE);
        if (!hook_kept)
            return false;
        memset(hook_kept, i + 1, HOOK_PIECE);
    }
    return true;
}

/* Ways to go on without memory. */
static void hook_memory(void)
{
    if (!hook_eat())
        abort();
}

static void hook_memory_null(void)
{
    if (!hook_eat())
        memset(hook_kept, 1, HOOK_PIECE);
}

static void hook_memory_told(void)
{
    (void)hook_eat();
}

/* So large a piece is refused, while much is left. */
static void hook_memory_large(void)
{
    hook_kept = malloc((size_t)1 << 40);
    if (!hook_kept)
        abort();
}

static void hook_spin(void)
{
    for (;;)
        hook_sink = 1;
}

/* Waits for ever, and takes no processor time. */
static void hook_hang(void)
{
    char byte;

    while (read(HOOK_FD, &byte, 1) >= 0)
        ;
}

static void hook_socket(void)
{
    hook_sink = socket(AF_INET, SOCK_STREAM, 0);
}

static void hook_socketpair(void)
{
    int fds[2];

    hook_sink = socketpair(AF_UNIX, SOCK_STREAM, 0, fds);
}

static void hook_open(void)
{
    hook_sink = open("/etc/passwd", O_RDONLY | O_CLOEXEC);
}

static void hook_create(void)
{
    hook_sink =
        open("/tmp/adwatch-hook", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
}

static void hook_unlink(void)
{
    hook_sink = unlink("/tmp/adwatch-hook-that-is-not-there");
}

static void hook_stat(void)
{
    struct stat st;

    hook_sink = stat("/etc/passwd", &st);
}

static void hook_exec(void)
{
    hook_sink = execl("/bin/true", "true", (char *)NULL);
}

static void hook_fork(void)
{
    if (fork() == 0)
        _exit(0);
}

static void hook_kill(void)
{
    hook_sink = kill(1, 0);
}

/* Its own process would be allowed; a number beside it is not. */
static void hook_signal(void)
{
    hook_sink = (int)syscall(SYS_tgkill, getpid() + 1, getpid() + 1, SIGKILL);
}

static void hook_trace(void)
{
    hook_sink = (int)ptrace(PTRACE_TRACEME, 0, NULL, NULL);
}

static void hook_code(void)
{
    hook_kept = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
                     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

static void hook_make_code(void)
{
    void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    hook_sink = mprotect(page, 4096, PROT_READ | PROT_EXEC);
}

static void hook_map_file(void)
{
    hook_kept = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, HOOK_FD, 0);
}

static void hook_write(void)
{
    hook_sink = (int)write(HOOK_FD + 1, "x", 1);
}

static void hook_read(void)
{
    char byte;

    hook_sink = (int)read(0, &byte, 1);
}

static void hook_limits(void)
{
    const struct rlimit most = {RLIM_INFINITY, RLIM_INFINITY};

    hook_sink = setrlimit(RLIMIT_AS, &most);
}

static void hook_timer(void)
{
    hook_sink = signal(SIGXCPU, SIG_IGN) == SIG_ERR;
}

static void hook_unknown(void)
{
    hook_sink = (int)syscall(4000);
}

/* Dates are no reason to look into files. */
static void hook_date(void)
{
    time_t now = time(NULL);
    struct tm tm;
    char text[64];

    for (int i = 0; i < 2; i++) {
        hook_sink = (int)mktime(localtime_r(&now, &tm));
        hook_sink = (int)strftime(text, sizeof text, "%c", &tm);
    }
    errno = 0;
}

static void hook_say(const void *bytes, size_t len)
{
    hook_sink = (int)write(HOOK_FD, bytes, len);
}

static void hook_rubbish(void)
{
    hook_say("this is rubbish, and long enough to be judged", 45);
    hook_hang();
}

static void hook_frame(uint32_t job, const char *head, size_t len)
{
    struct aw_frame frame = {.job = job, .head = {head, len}};
    struct aw_buf out;

    aw_buf_init(&out, HOOK_PIECE);
    aw_frame_put(&out, &frame);
    hook_say(out.ptr, out.len);
    aw_buf_deinit(&out);
    hook_hang();
}

static void hook_lie(void)
{
    hook_frame(4000000000U, "{\"ok\":true}", 11);
}

/* Last words of a cause that there is not, and of a wrong length. */
static void hook_last(void)
{
    static const uint32_t words[2] = {99, 7};

    hook_frame(0, (const char *)words, sizeof words);
}

static void hook_last_long(void)
{
    hook_frame(0, "{\"ok\":true}", 11);
}

static const struct hook {
    const char *name;
    void (*act)(void);
} hooks[] = {
    {"crash", hook_crash},
    {"abort", hook_abort},
    {"overflow", hook_overflow},
    {"memory", hook_memory},
    {"memory-null", hook_memory_null},
    {"memory-told", hook_memory_told},
    {"memory-large", hook_memory_large},
    {"spin", hook_spin},
    {"hang", hook_hang},
    {"socket", hook_socket},
    {"socketpair", hook_socketpair},
    {"open", hook_open},
    {"create", hook_create},
    {"unlink", hook_unlink},
    {"stat", hook_stat},
    {"exec", hook_exec},
    {"fork", hook_fork},
    {"kill", hook_kill},
    {"signal", hook_signal},
    {"trace", hook_trace},
    {"code", hook_code},
    {"make-code", hook_make_code},
    {"map-file", hook_map_file},
    {"write", hook_write},
    {"read", hook_read},
    {"limits", hook_limits},
    {"timer", hook_timer},
    {"unknown", hook_unknown},
    {"date", hook_date},
    {"rubbish", hook_rubbish},
    {"lie", hook_lie},
    {"last", hook_last},
    {"last-long", hook_last_long},
};

/* The name behind /hook/, up to a dot. */
static const struct hook *hook_of(struct aw_str url)
{
    ptrdiff_t at = aw_str_find(url, AW_STR("/hook/"));
    struct aw_str name;

    if (at < 0)
        return NULL;
    name = aw_str_sub(url, (size_t)at + 6, SIZE_MAX);
    at = aw_str_find(name, AW_STR("."));
    name = aw_str_sub(name, 0, at < 0 ? name.len : (size_t)at);
    for (size_t i = 0; i < sizeof hooks / sizeof *hooks; i++)
        if (aw_str_eq(name, aw_str_of(hooks[i].name)))
            return &hooks[i];
    return NULL;
}

aw_rc __real_aw_extract(const struct aw_extract_input *input,
                        struct aw_document *doc, struct aw_err *err);
aw_rc __wrap_aw_extract(const struct aw_extract_input *input,
                        struct aw_document *doc, struct aw_err *err);

aw_rc __wrap_aw_extract(const struct aw_extract_input *input,
                        struct aw_document *doc, struct aw_err *err)
{
    const struct hook *hook = hook_of(input->url);

    if (!hook && aw_str_starts(input->bytes, AW_STR("/hook/")))
        hook = hook_of(input->bytes); /* handed in, without a URL */
    if (!hook)
        return __real_aw_extract(input, doc, err);
    hook->act();
    return aw_fail(err, errno == ENOMEM ? AW_NOMEM : AW_FAIL,
                   "the hook '%s' did no harm: %s", hook->name,
                   strerror(errno));
}

#endif
