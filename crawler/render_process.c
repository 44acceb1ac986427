#include "crawler/render_process.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define PIPE_IN 3 /* as Chromium has it: commands */
#define PIPE_OUT 4
#define SPARE_FD 63 /* out of the way of both */
#define ARGUMENTS_MAX 48
#define LOOKS 20 /* at a process that may have ended, LOOK_US apart */
#define LOOK_US 10000
#define FOLDERS_OPEN 16 /* while a profile is removed */
#define FOLDER_MAX 26   /* bytes of $TMPDIR */
#define VERSION_MS 10000
#define PREFIX "adwatch-browser-"
#define TEXT_OF(x) #x
#define TEXT(x) TEXT_OF(x)

static const char features[] =
    "--disable-features=Translate,MediaRouter,OptimizationHints,"
    "InterestFeedContentSuggestions,DialMediaRouteProvider,"
    "AutofillServerCommunication,NetworkPrediction";
static const char heap[] =
    "--js-flags=--max-old-space-size=" TEXT(AW_BROWSER_HEAP_MB);

/* Of no use to a page that is looked at once, or a way out. */
static const char *const arguments[] = {
    "--headless=new",
    "--remote-debugging-pipe",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    /* Nobody sees its windows; on a busy machine they would get next to no
     * time for that. */
    "--disable-renderer-backgrounding",
    "--disable-backgrounding-occluded-windows",
    "--disable-background-timer-throttling",
    "--disable-component-update",
    "--disable-domain-reliability",
    "--disable-sync",
    "--disable-extensions",
    "--disable-default-apps",
    "--disable-breakpad",
    "--disable-dev-shm-usage",
    "--disable-notifications",
    "--deny-permission-prompts",
    features,
    "--hide-scrollbars",
    "--mute-audio",
    "--lang=zh-CN",
    heap,
    /* Nothing listens there, and loopback goes there too. */
    "--proxy-server=http://127.0.0.1:1",
    "--proxy-bypass-list=<-loopback>",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--dns-prefetch-disable",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
};

/* ---- where it is -------------------------------------------------------- */

static bool is_program(const char *path)
{
    struct stat info;

    return stat(path, &info) == 0 && S_ISREG(info.st_mode) &&
           access(path, X_OK) == 0;
}

static bool find_in_path(const char *name, char out[AW_PATH_MAX])
{
    struct aw_str rest = aw_str_of(getenv("PATH"));
    struct aw_str dir = {0};

    while (aw_str_split(&rest, ':', &dir)) {
        int len = snprintf(out, AW_PATH_MAX, "%.*s/%s", AW_STR_ARG(dir), name);

        if (dir.len > 0 && len < AW_PATH_MAX && is_program(out))
            return true;
    }
    return false;
}

aw_rc aw_browser_find(const char *program, char out[AW_PATH_MAX],
                      struct aw_err *err)
{
    const char *name = program ? program : AW_BROWSER_DEFAULT;

    if (!strchr(name, '/') && find_in_path(name, out))
        return AW_OK;
    if (strchr(name, '/') && is_program(name) && strlen(name) < AW_PATH_MAX) {
        (void)snprintf(out, AW_PATH_MAX, "%s", name);
        return AW_OK;
    }
    return aw_fail(err, AW_MISSING,
                   "there is no browser '%.200s': install it (apt install "
                   "chromium), or name it under render.program",
                   name);
}

/* ---- what it is --------------------------------------------------------- */

/* In the child, between fork and exec. */
static void tell_version(const char *path, int out)
{
    int null = open("/dev/null", O_RDWR);
    char *const argv[] = {(char *)path, "--version", NULL};
    char *const environment[] = {"PATH=/usr/local/bin:/usr/bin:/bin", NULL};

    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    (void)setpgid(0, 0);
    if (dup2(null, 0) >= 0 && dup2(out, 1) >= 0 && dup2(null, 2) >= 0)
        (void)execve(path, argv, environment);
    _exit(127);
}

/* The first line that comes in time; how long it is. */
static size_t read_line(int fd, char *out, size_t size)
{
    struct pollfd ready = {.fd = fd, .events = POLLIN};
    size_t len = 0;
    ssize_t got = 1;

    while (got > 0 && len < size - 1 && !memchr(out, '\n', len) &&
           poll(&ready, 1, VERSION_MS) == 1) {
        got = read(fd, out + len, size - 1 - len);
        len += got > 0 ? (size_t)got : 0;
    }
    out[len] = '\0';
    return strcspn(out, "\r\n");
}

aw_rc aw_browser_version(const char *path, char out[AW_BROWSER_VERSION_MAX],
                         struct aw_err *err)
{
    int fds[2];
    size_t len;
    pid_t pid;

    if (pipe2(fds, O_CLOEXEC) != 0)
        return aw_fail_errno(err, AW_FAIL, "cannot make a pipe");
    pid = fork();
    if (pid == 0)
        tell_version(path, fds[1]);
    (void)close(fds[1]);
    if (pid > 0)
        (void)setpgid(pid, pid);
    len = pid > 0 ? read_line(fds[0], out, AW_BROWSER_VERSION_MAX) : 0;
    (void)close(fds[0]);
    if (pid > 0) {
        (void)kill(-pid, SIGKILL);
        (void)waitpid(pid, NULL, 0);
    }
    while (len > 0 && out[len - 1] == ' ')
        len--;
    out[len] = '\0';
    for (size_t i = 0; i < len; i++)
        if ((unsigned char)out[i] < 0x20 || out[i] == 0x7F)
            out[i] = '?';
    return len > 0 ? AW_OK
                   : aw_fail(err, AW_FAIL,
                             "'%.200s' does not tell its version", path);
}

/* ---- the profile -------------------------------------------------------- */

/* A socket of Chromium's lies in it, whose path has 107 bytes at most. */
static const char *temporary_folder(void)
{
    const char *dir = getenv("TMPDIR");

    return dir && *dir && strlen(dir) <= FOLDER_MAX ? dir : "/tmp";
}

/* Its name holds our pid, so that others know whose it is. */
static aw_rc make_profile(char out[AW_PATH_MAX], struct aw_err *err)
{
    int len = snprintf(out, AW_PATH_MAX, "%s/" PREFIX "%d-XXXXXX",
                       temporary_folder(), (int)getpid());

    if (len >= AW_PATH_MAX || !mkdtemp(out)) {
        out[0] = '\0';
        return aw_fail_errno(err, AW_IO, "cannot make a folder in '%.200s'",
                             temporary_folder());
    }
    return AW_OK;
}

static int remove_one(const char *path, const struct stat *info, int kind,
                      struct FTW *place)
{
    (void)info;
    (void)kind;
    (void)place;
    (void)remove(path);
    return 0;
}

static void remove_folder(const char *path)
{
    (void)nftw(path, remove_one, FOLDERS_OPEN,
               FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
}

static bool is_left_behind(int folder, const char *name)
{
    struct stat info;
    long pid;

    if (strncmp(name, PREFIX, strlen(PREFIX)) != 0)
        return false;
    pid = strtol(name + strlen(PREFIX), NULL, 10);
    return pid > 0 && kill((pid_t)pid, 0) != 0 && errno == ESRCH &&
           fstatat(folder, name, &info, AT_SYMLINK_NOFOLLOW) == 0 &&
           S_ISDIR(info.st_mode) && info.st_uid == getuid();
}

void aw_browser_sweep(void)
{
    DIR *dir = opendir(temporary_folder());
    struct dirent *entry;
    char path[AW_PATH_MAX];

    while (dir && (entry = readdir(dir))) {
        int len = snprintf(path, sizeof path, "%s/%s", temporary_folder(),
                           entry->d_name);

        if (len < (int)sizeof path &&
            is_left_behind(dirfd(dir), entry->d_name))
            remove_folder(path);
    }
    if (dir)
        (void)closedir(dir);
}

/* ---- starting ----------------------------------------------------------- */

/* Where we may not, the flags alone hold. */
static void leave_network(void)
{
    uid_t user = geteuid();
    gid_t group = getegid();
    char map[64];
    int fd;

    if (user == 0) {
        (void)unshare(CLONE_NEWNET);
        return;
    }
    if (unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0)
        return;
    (void)snprintf(map, sizeof map, "%u %u 1\n", user, user);
    fd = open("/proc/self/uid_map", O_WRONLY | O_CLOEXEC);
    (void)!write(fd, map, strlen(map));
    (void)close(fd);
    fd = open("/proc/self/setgroups", O_WRONLY | O_CLOEXEC);
    (void)!write(fd, "deny", strlen("deny"));
    (void)close(fd);
    (void)snprintf(map, sizeof map, "%u %u 1\n", group, group);
    fd = open("/proc/self/gid_map", O_WRONLY | O_CLOEXEC);
    (void)!write(fd, map, strlen(map));
    (void)close(fd);
}

static void bind_to(pid_t parent)
{
    struct rlimit none = {0, 0};

    (void)setpgid(0, 0);
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(127);
    (void)setrlimit(RLIMIT_CORE, &none);
}

static void set_descriptors(int fd)
{
    int null = open("/dev/null", O_RDWR);

    if (dup2(fd, SPARE_FD) < 0 || dup2(null, 0) < 0 || dup2(null, 1) < 0 ||
        dup2(null, 2) < 0 || dup2(SPARE_FD, PIPE_IN) < 0 ||
        dup2(SPARE_FD, PIPE_OUT) < 0)
        _exit(127);
    for (int i = PIPE_OUT + 1; i <= SPARE_FD; i++)
        (void)close(i);
}

/* In the child, between fork and exec. */
static void become_browser(const char *path, char *const *argv,
                           char *const *environment, int fd, bool network,
                           pid_t parent)
{
    bind_to(parent);
    set_descriptors(fd);
    if (!network)
        leave_network();
    (void)execve(path, argv, environment);
    _exit(127);
}

struct command {
    char profile[AW_PATH_MAX + 32];
    char home[AW_PATH_MAX + 8], temporary[AW_PATH_MAX + 8];
    const char *argv[ARGUMENTS_MAX];
    const char *environment[8];
};

/* Root has no user namespace of his own for Chromium's sandbox. */
static void fill_command(struct command *c, const char *path,
                         const char *profile)
{
    size_t count = 0;
    size_t known = sizeof arguments / sizeof *arguments;

    _Static_assert(sizeof arguments / sizeof *arguments + 5 < ARGUMENTS_MAX,
                   "too many arguments");
    (void)snprintf(c->profile, sizeof c->profile, "--user-data-dir=%s",
                   profile);
    (void)snprintf(c->home, sizeof c->home, "HOME=%s", profile);
    (void)snprintf(c->temporary, sizeof c->temporary, "TMPDIR=%s", profile);
    c->argv[count++] = path;
    for (size_t i = 0; i < known; i++)
        c->argv[count++] = arguments[i];
    c->argv[count++] = c->profile;
    if (geteuid() == 0)
        c->argv[count++] = "--no-sandbox";
    c->argv[count++] = "about:blank";
    c->argv[count] = NULL;
    c->environment[0] = c->home;
    c->environment[1] = c->temporary;
    c->environment[2] = "PATH=/usr/local/bin:/usr/bin:/bin";
    c->environment[3] = "LANG=C.UTF-8";
    c->environment[4] = "TZ=Asia/Shanghai";
    c->environment[5] = "DBUS_SESSION_BUS_ADDRESS=disabled:";
    c->environment[6] = NULL;
}

static aw_rc fork_browser(struct aw_browser_process *b, const char *path,
                          bool network, struct aw_err *err)
{
    struct command command;
    pid_t parent = getpid();
    int fds[2];

    fill_command(&command, path, b->profile);
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) != 0)
        return aw_fail_errno(err, AW_FAIL, "cannot make a socketpair");
    b->pid = fork();
    if (b->pid == 0)
        become_browser(path, (char *const *)command.argv,
                       (char *const *)command.environment, fds[1], network,
                       parent);
    (void)close(fds[1]);
    if (b->pid < 0) {
        (void)close(fds[0]);
        b->pid = 0;
        return aw_fail_errno(err, AW_FAIL, "cannot start a browser");
    }
    (void)setpgid(b->pid, b->pid); /* whoever is first */
    b->fd = fds[0];
    (void)fcntl(b->fd, F_SETFL, O_NONBLOCK);
    return AW_OK;
}

aw_rc aw_browser_start(struct aw_browser_process *out, const char *path,
                       bool network, struct aw_err *err)
{
    struct aw_browser_process b = {.fd = -1};
    aw_rc rc = make_profile(b.profile, err);

    if (rc == AW_OK)
        rc = fork_browser(&b, path, network, err);
    if (rc == AW_OK)
        *out = b;
    else if (b.profile[0])
        remove_folder(b.profile);
    return rc;
}

/* ---- ending ------------------------------------------------------------- */

/* Looks at the end of a process, and does not reap it: until then the id of
 * its group is its own. The pipe closes a moment before. */
static void look_at_end(pid_t pid, char *cause, size_t size)
{
    siginfo_t info = {0};

    cause[0] = '\0';
    for (int i = 0; i < LOOKS && info.si_pid != pid; i++) {
        if (i > 0)
            (void)usleep(LOOK_US);
        if (waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT) != 0)
            return;
    }
    if (info.si_pid == pid)
        (void)snprintf(cause, size,
                       info.si_code == CLD_EXITED
                           ? "browser ended with status %d"
                           : "browser ended by signal %d",
                       info.si_status);
}

void aw_browser_end(struct aw_browser_process *b, char *cause, size_t size)
{
    int status;

    if (b->pid <= 0)
        return;
    (void)close(b->fd);
    if (cause)
        look_at_end(b->pid, cause, size);
    (void)kill(-b->pid, SIGKILL);
    while (waitpid(b->pid, &status, 0) < 0 && errno == EINTR)
        ;
    remove_folder(b->profile);
    *b = (struct aw_browser_process){.fd = -1};
}

/* ---- memory ------------------------------------------------------------- */

static bool read_small(const char *path, char *out, size_t size)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t got;

    if (fd < 0)
        return false;
    got = read(fd, out, size - 1);
    (void)close(fd);
    if (got <= 0)
        return false;
    out[got] = '\0';
    return true;
}

/* Number n of those with a space between them, from 0; 0 where it is none. */
static int64_t number_of(struct aw_str text, int n)
{
    struct aw_str word = {0};
    int64_t value = 0;

    for (int i = 0; i <= n; i++)
        if (!aw_str_split(&text, ' ', &word))
            return 0;
    return aw_str_to_int(aw_str_trim(word), &value) ? value : 0;
}

/* "pid (name) state ppid pgrp ...": the name may hold anything. */
static bool is_of_group(const char *pid, pid_t group)
{
    char path[64];
    char text[512];
    const char *behind;

    (void)snprintf(path, sizeof path, "/proc/%.20s/stat", pid);
    if (!read_small(path, text, sizeof text))
        return false;
    behind = strrchr(text, ')');
    return behind && number_of(aw_str_of(behind), 3) == group;
}

/* "size resident shared ..." */
static int64_t own_pages(const char *pid)
{
    char path[64];
    char text[256];
    int64_t own;

    (void)snprintf(path, sizeof path, "/proc/%.20s/statm", pid);
    if (!read_small(path, text, sizeof text))
        return 0;
    own = number_of(aw_str_of(text), 1) - number_of(aw_str_of(text), 2);
    return own > 0 ? own : 0;
}

int64_t aw_browser_memory(const struct aw_browser_process *b)
{
    DIR *dir = b->pid > 0 ? opendir("/proc") : NULL;
    struct dirent *entry;
    int64_t pages = 0;

    while (dir && (entry = readdir(dir)))
        if (isdigit((unsigned char)entry->d_name[0]) &&
            is_of_group(entry->d_name, b->pid))
            pages += own_pages(entry->d_name);
    if (dir)
        (void)closedir(dir);
    return pages * sysconf(_SC_PAGESIZE);
}
