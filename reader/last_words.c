#include "reader/last_words.h"

#include <errno.h>
#include <seccomp.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "reader/protocol.h"
#include "reader/sanitizer.h"

#define FRAME_MAX 64
#define PROBE_BYTES ((size_t)16 << 20) /* less than that is left: starved */
#define STACK_BYTES (64 << 10)         /* of the handlers */
#define CALL_MAX 4095
#define TICKS 10 /* of the timer in a page's processor time */

enum cause { CAUSE_CALL = 1, CAUSE_MEMORY, CAUSE_CPU };

struct words {
    uint32_t cause, call;
};

static struct {
    int fd;
    char frame[FRAME_MAX]; /* ends with its head, struct words */
    size_t size;
    volatile sig_atomic_t ticks; /* since the page began */
} self;

/* ---- in the reader ------------------------------------------------------ */

_Noreturn static void end(enum cause cause, uint32_t call)
{
    struct words words = {(uint32_t)cause, call};

    memcpy(self.frame + self.size - sizeof words, &words, sizeof words);
    (void)!write(self.fd, self.frame, self.size);
    _exit(1);
}

/* malloc leaves ENOMEM in errno, which is 0 at the beginning of a page; many
 * small pieces may leave no room before that. */
static bool is_starved(void)
{
    void *probe;

    if (errno == ENOMEM)
        return true;
    probe = mmap(NULL, PROBE_BYTES, PROT_READ | PROT_WRITE,
                 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (probe == MAP_FAILED)
        return true;
    (void)munmap(probe, PROBE_BYTES);
    return false;
}

void aw_last_words_if_starved(void)
{
    if (is_starved())
        end(CAUSE_MEMORY, 0);
}

static void on_forbidden(int signal, siginfo_t *info, void *context)
{
    (void)signal;
    (void)context;
    end(CAUSE_CALL, (uint32_t)info->si_syscall);
}

static void on_cpu(int signal, siginfo_t *info, void *context)
{
    (void)signal;
    (void)info;
    (void)context;
    if (++self.ticks > TICKS)
        end(CAUSE_CPU, 0);
}

static bool set_handler(int signal, int flags,
                        void (*handler)(int, siginfo_t *, void *))
{
    struct sigaction action = {.sa_sigaction = handler,
                               .sa_flags = SA_SIGINFO | SA_NODEFER | flags};

    return sigaction(signal, &action, NULL) == 0;
}

#ifdef AW_HAS_ASAN
/* ASan tells crashes itself, and its shadow has no memory limit. */
static bool set_crash_handlers(void)
{
    return true;
}
#else
/* Many libraries end by a signal where they get no memory. Where that is not
 * the reason, the signal comes again, and ends the process as it would. */
static void on_crash(int signal, siginfo_t *info, void *context)
{
    (void)info;
    (void)context;
    aw_last_words_if_starved();
    (void)raise(signal);
}

/* On a stack of its own, for a page may have used up the other one. */
static bool set_crash_handlers(void)
{
    static const int signals[] = {SIGSEGV, SIGBUS, SIGABRT, SIGILL, SIGFPE};
    static char bytes[STACK_BYTES];
    const stack_t stack = {.ss_sp = bytes, .ss_size = sizeof bytes};
    bool ok = sigaltstack(&stack, NULL) == 0;

    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
        ok &= set_handler(signals[i], (int)(SA_ONSTACK | SA_RESETHAND),
                          on_crash);
    return ok;
}
#endif

static aw_rc set_handlers(struct aw_err *err)
{
    if (set_handler(SIGSYS, (int)SA_RESETHAND, on_forbidden) &&
        set_handler(SIGXCPU, SA_RESTART, on_cpu) && set_crash_handlers())
        return AW_OK;
    return aw_fail_errno(err, AW_IO, "cannot set up signals");
}

/* It ticks from now on, so that no page costs a system call. */
static aw_rc set_timer(int64_t cpu_ms, struct aw_err *err)
{
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL,
                             .sigev_signo = SIGXCPU};
    int64_t tick_us = cpu_ms * 1000 / TICKS;
    const struct timespec tick = {tick_us / 1000000, tick_us % 1000000 * 1000};
    const struct itimerspec ticks = {tick, tick};
    timer_t timer;

    if (timer_create(CLOCK_PROCESS_CPUTIME_ID, &event, &timer) != 0 ||
        timer_settime(timer, 0, &ticks, NULL) != 0)
        return aw_fail_errno(err, AW_IO, "cannot make a timer");
    return AW_OK;
}

static aw_rc set_frame(struct aw_err *err)
{
    const struct words none = {0};
    struct aw_frame frame = {
        .head = {(const char *)&none, sizeof none},
    };
    struct aw_buf bytes;
    aw_rc rc;

    aw_buf_init(&bytes, FRAME_MAX);
    aw_frame_put(&bytes, &frame);
    rc = aw_buf_check(&bytes, err);
    if (rc == AW_OK) {
        memcpy(self.frame, bytes.ptr, bytes.len);
        self.size = bytes.len;
    }
    aw_buf_deinit(&bytes);
    return rc;
}

aw_rc aw_last_words_prepare(int fd, int64_t cpu_ms, struct aw_err *err)
{
    aw_rc rc = set_frame(err);

    self.fd = fd;
    if (rc == AW_OK)
        rc = set_handlers(err);
    return rc == AW_OK ? set_timer(cpu_ms, err) : rc;
}

void aw_last_words_page(void)
{
    self.ticks = 0;
    errno = 0;
}

/* ---- in the pool -------------------------------------------------------- */

static aw_rc tell_call(uint32_t call, struct aw_err *err)
{
    char *name = seccomp_syscall_resolve_num_arch(SCMP_ARCH_NATIVE, (int)call);

    if (name)
        (void)aw_fail(err, AW_READER, "forbidden call: %s", name);
    else
        (void)aw_fail(err, AW_READER, "forbidden call: number %u", call);
    free(name);
    return AW_READER;
}

aw_rc aw_last_words_get(struct aw_str head, struct aw_err *err)
{
    struct words words;

    if (head.len != sizeof words)
        return aw_fail(err, AW_READER, "false answer: to no question");
    memcpy(&words, head.ptr, sizeof words);
    if (words.cause == CAUSE_CALL && words.call <= CALL_MAX)
        return tell_call(words.call, err);
    if (words.cause == CAUSE_MEMORY)
        return aw_fail(err, AW_READER, "memory limit");
    if (words.cause == CAUSE_CPU)
        return aw_fail(err, AW_READER, "processor time limit");
    return aw_fail(err, AW_READER, "false answer: last words without a cause");
}
