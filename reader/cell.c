#include "reader/cell.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/landlock.h>
#include <seccomp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "reader/last_words.h"
#include "reader/sanitizer.h"

/* ---- what is looked up in files ----------------------------------------- */

/* The C library reads the time zone where a date is first reckoned with, and
 * again each time where TZ does not name it. A reader's times are UTC. */
static aw_rc read_ahead(struct aw_err *err)
{
    if (setenv("TZ", "UTC0", 1) != 0)
        return aw_fail_errno(err, AW_NOMEM, "cannot set the time zone");
    tzset();
    return AW_OK;
}

/* ---- descriptors -------------------------------------------------------- */

/* What libraries print goes nowhere: a page must not reach a terminal. */
static aw_rc shut_descriptors(int fd, struct aw_err *err)
{
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    bool failed = null < 0;

    for (int i = STDIN_FILENO; i <= STDERR_FILENO && !failed; i++) {
#ifdef AW_HAS_ASAN
        if (i == STDERR_FILENO)
            break;
#endif
        failed = dup2(null, i) < 0;
    }
    if (!failed && fd > STDERR_FILENO + 1)
        failed = close_range(STDERR_FILENO + 1, (unsigned)fd - 1, 0) != 0;
    if (!failed)
        failed = close_range((unsigned)fd + 1, ~0U, 0) != 0;
    return failed ? aw_fail_errno(err, AW_IO, "cannot shut descriptors")
                  : AW_OK;
}

/* ---- limits and rights -------------------------------------------------- */

static const struct {
    __rlimit_resource_t resource;
    const char *name;
} zeroes[] = {
    {RLIMIT_NOFILE, "new descriptors"},
    {RLIMIT_NPROC, "new processes"},
    {RLIMIT_CORE, "core files"},
#ifndef AW_HAS_ASAN /* whose reports may go into a file */
    {RLIMIT_FSIZE, "bytes in files"},
#endif
};

static aw_rc set_limits(struct aw_err *err)
{
    const struct rlimit none = {0, 0};

    for (size_t i = 0; i < sizeof zeroes / sizeof *zeroes; i++)
        if (setrlimit(zeroes[i].resource, &none) != 0)
            return aw_fail_errno(err, AW_IO, "cannot forbid %s",
                                 zeroes[i].name);
    return AW_OK;
}

static aw_rc drop_rights(struct aw_err *err)
{
    struct __user_cap_header_struct head = {.version =
                                                _LINUX_CAPABILITY_VERSION_3};
    const struct __user_cap_data_struct none[2] = {{0}};

    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
        syscall(SYS_capset, &head, none) != 0)
        return aw_fail_errno(err, AW_IO, "cannot give up rights");
    return AW_OK;
}

/* ---- Landlock ----------------------------------------------------------- */

/* What struct landlock_ruleset_attr is from ABI 6 on; Debian 12's header has
 * the first member alone. An earlier kernel is given as much as it knows. */
struct rules {
    uint64_t files, network, scopes;
};

#define RULES_OF(last) (offsetof(struct rules, last) + sizeof(uint64_t))
#define ALL_BITS(count) ((UINT64_C(1) << (count)) - 1)
#define NET_TCP ALL_BITS(2)    /* bind, connect */
#define SCOPE_BOTH ALL_BITS(2) /* abstract sockets, signals */

/* How much each ABI can forbid: so many kinds of access to files. */
static const struct {
    unsigned files;
    uint64_t network, scopes;
    size_t size;
} abis[] = {
    {13, 0, 0, RULES_OF(files)},
    {14, 0, 0, RULES_OF(files)},
    {15, 0, 0, RULES_OF(files)},
    {15, NET_TCP, 0, RULES_OF(network)},
    {16, NET_TCP, 0, RULES_OF(network)},
    {16, NET_TCP, SCOPE_BOTH, RULES_OF(scopes)},
};

/* 0: there is no Landlock here. */
static int landlock_abi(void)
{
    long abi = syscall(SYS_landlock_create_ruleset, NULL, 0,
                       LANDLOCK_CREATE_RULESET_VERSION);

    return abi > 0 ? (int)abi : 0;
}

/* All is handled, and nothing allowed. */
static aw_rc enter_landlock(int socket, struct aw_err *err)
{
    size_t known = sizeof abis / sizeof *abis;
    size_t abi = (size_t)landlock_abi();
    struct rules rules;
    long fd;

    (void)socket; /* which is open, and stays so */
    if (abi == 0)
        return AW_OK;
    abi = abi < known ? abi : known;
    rules = (struct rules){ALL_BITS(abis[abi - 1].files),
                           abis[abi - 1].network, abis[abi - 1].scopes};
    fd = syscall(SYS_landlock_create_ruleset, &rules, abis[abi - 1].size, 0);
    if (fd < 0 || syscall(SYS_landlock_restrict_self, fd, 0) != 0) {
        if (fd >= 0)
            (void)close((int)fd);
        return aw_fail_errno(err, AW_CONFIG, "no Landlock for a reader");
    }
    (void)close((int)fd);
    return AW_OK;
}

/* ---- seccomp ------------------------------------------------------------ */

/* Of a reader's own: memory, clocks, its end. */
static const int calls[] = {
    SCMP_SYS(brk),          SCMP_SYS(munmap),
    SCMP_SYS(mremap),       SCMP_SYS(madvise),
    SCMP_SYS(futex),        SCMP_SYS(clock_gettime),
    SCMP_SYS(gettimeofday), SCMP_SYS(time),
    SCMP_SYS(getrandom),    SCMP_SYS(getpid),
    SCMP_SYS(gettid),       SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(rt_sigreturn), SCMP_SYS(restart_syscall),
    SCMP_SYS(exit),         SCMP_SYS(exit_group),
#ifdef AW_HAS_ASAN
    SCMP_SYS(sched_yield), /* its locks */
    SCMP_SYS(sigaltstack), /* its end */
#endif
};

/* Where arguments decide: each has to hold. */
struct rule {
    int call;
    unsigned count;
    struct scmp_arg_cmp args[2];
};

/* Argument number is value, or has of the bits of mask those of value. */
#define ARG_IS(number, value)         \
    {                                 \
        number, SCMP_CMP_EQ, value, 0 \
    }
#define ARG_HAS(number, mask, value)            \
    {                                           \
        number, SCMP_CMP_MASKED_EQ, mask, value \
    }

static int add_rules(scmp_filter_ctx filter, int fd)
{
    const scmp_datum_t socket = (scmp_datum_t)fd;
    const scmp_datum_t self = (scmp_datum_t)getpid();
    const struct rule rules[] = {
        {SCMP_SYS(read), 1, {ARG_IS(0, socket)}},
        {SCMP_SYS(write), 1, {ARG_IS(0, socket)}},
        {SCMP_SYS(write), 1, {ARG_IS(0, STDERR_FILENO)}},
        {SCMP_SYS(writev), 1, {ARG_IS(0, STDERR_FILENO)}},
        {SCMP_SYS(mmap),
         2,
         {ARG_HAS(2, PROT_EXEC, 0), ARG_HAS(3, MAP_ANONYMOUS, MAP_ANONYMOUS)}},
        {SCMP_SYS(mprotect), 1, {ARG_HAS(2, PROT_EXEC, 0)}},
        {SCMP_SYS(tgkill), 1, {ARG_IS(0, self)}},
    };
    int failed = 0;

    for (size_t i = 0; i < sizeof rules / sizeof *rules && !failed; i++)
        failed = seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, rules[i].call,
                                        rules[i].count, rules[i].args);
    return failed;
}

static int add_calls(scmp_filter_ctx filter)
{
    int failed = 0;

    for (size_t i = 0; i < sizeof calls / sizeof *calls && !failed; i++)
        failed = seccomp_rule_add(filter, SCMP_ACT_ALLOW, calls[i], 0);
    return failed;
}

/* Calls of another architecture's numbers (32 bits) end the process; other
 * forbidden ones raise SIGSYS, so that the call can be told. All threads that
 * there may be come in. */
static int set_attributes(scmp_filter_ctx filter)
{
    static const struct {
        enum scmp_filter_attr name;
        uint32_t value;
    } attributes[] = {
        {SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS},
        {SCMP_FLTATR_CTL_TSYNC, 1},
        {SCMP_FLTATR_API_SYSRAWRC, 1},
        {SCMP_FLTATR_CTL_OPTIMIZE, 2}, /* a tree: mmap waits for no list */
    };
    int failed = 0;

    for (size_t i = 0; i < sizeof attributes / sizeof *attributes && !failed;
         i++)
        failed =
            seccomp_attr_set(filter, attributes[i].name, attributes[i].value);
    return failed;
}

static aw_rc enter_seccomp(int fd, struct aw_err *err)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_TRAP);
    int failed = filter ? set_attributes(filter) : -ENOMEM;

    if (!failed)
        failed = add_calls(filter);
    if (!failed)
        failed = add_rules(filter, fd);
    if (!failed)
        failed = seccomp_load(filter);
    if (filter)
        seccomp_release(filter);
    if (!failed)
        return AW_OK;
    errno = -failed;
    return aw_fail_errno(err, AW_CONFIG, "no seccomp for a reader");
}

/* ---- from outside ------------------------------------------------------- */

/* A wall that the kernel may refuse; the others stand. */
static aw_rc enter_wall(aw_rc (*enter)(int fd, struct aw_err *err),
                        const struct aw_cell_config *config,
                        struct aw_err *err)
{
    struct aw_err refused;
    aw_rc rc = enter(config->fd, &refused);

    if (rc == AW_OK || config->optional)
        return AW_OK;
    return aw_fail(err, rc,
                   "%s: see docs/07-reading.md, or set 'reader_cell: "
                   "best-effort' in adwatch.yaml",
                   refused.msg);
}

aw_rc aw_cell_enter(const struct aw_cell_config *config, struct aw_err *err)
{
    aw_rc rc = read_ahead(err);

    if (rc == AW_OK)
        rc = shut_descriptors(config->fd, err);
    if (rc == AW_OK)
        rc = drop_rights(err);
    if (rc == AW_OK)
        rc = enter_wall(enter_landlock, config, err);
    if (rc == AW_OK)
        rc = set_limits(err);
    if (rc == AW_OK)
        rc = aw_last_words_prepare(config->fd, config->cpu_ms, err);
    if (rc == AW_OK)
        rc = enter_wall(enter_seccomp, config, err);
    return rc;
}

static bool has_seccomp(void)
{
    const uint32_t action = SCMP_ACT_TRAP;

    return syscall(SYS_seccomp, 2 /* SECCOMP_GET_ACTION_AVAIL */, 0,
                   &action) == 0;
}

bool aw_cell_offer(char out[AW_CELL_OFFER_MAX])
{
    bool seccomp = has_seccomp();
    int abi = landlock_abi();

    (void)snprintf(out, AW_CELL_OFFER_MAX, "%s%s", seccomp ? "" : "no ",
                   seccomp && abi > 0 ? "seccomp and " : "seccomp, ");
    if (abi > 0)
        (void)snprintf(out + strlen(out), AW_CELL_OFFER_MAX - strlen(out),
                       "landlock abi %d", abi);
    else
        (void)snprintf(out + strlen(out), AW_CELL_OFFER_MAX - strlen(out),
                       "no landlock");
    return seccomp;
}

void aw_cell_log(const struct aw_log *log)
{
    char offer[AW_CELL_OFFER_MAX];
    bool shut = aw_cell_offer(offer);

    aw_log(log, shut ? AW_LOG_INFO : AW_LOG_WARN, "readers", "cell", offer,
           (char *)NULL);
}

#ifdef AW_HAS_ASAN
/* At the end of a process LeakSanitizer looks at it from outside, by calls
 * that a cell forbids. */
int __lsan_is_turned_off(void);
int __lsan_is_turned_off(void)
{
    return prctl(PR_GET_SECCOMP) > 0;
}
#endif
