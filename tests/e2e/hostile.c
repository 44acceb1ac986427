/* A server of bad answers, for test_faults.sh; and a process that holds a
 * file locked. On loopback only; ends by itself.
 *   hostile serve PORT FIRST LAST     on 127.0.4.FIRST to 127.0.4.LAST
 *   hostile lock FILE
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>
#include <zlib.h>

#define LIFE_S 120
#define ADDRESSES_MAX 64
#define REQUEST_MAX 65536
#define PIECE 65536
#define MB ((size_t)1 << 20)
#define ENDLESS_ROBOTS                                   \
    "127.0.4.45" /* the host whose robots.txt is endless \
                  */

/* ---- sending: a client that goes away ends the process ------------------ */

static void put(int fd, const void *bytes, size_t len)
{
    const char *at = bytes;

    while (len > 0) {
        ssize_t sent = send(fd, at, len, MSG_NOSIGNAL);

        if (sent <= 0)
            _exit(0);
        at += sent;
        len -= (size_t)sent;
    }
}

__attribute__((format(printf, 2, 3))) static void say(int fd, const char *fmt,
                                                      ...)
{
    char text[4096];
    va_list args;
    int len;

    va_start(args, fmt);
    len = vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    put(fd, text, (size_t)len);
}

static void say_ok(int fd)
{
    say(fd, "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n");
}

static void repeat(int fd, const char *text, size_t total)
{
    char piece[PIECE];
    size_t len = strlen(text);
    size_t whole = PIECE / len * len;

    for (size_t i = 0; i < whole; i++)
        piece[i] = text[i % len];
    for (; total > whole; total -= whole)
        put(fd, piece, whole);
    put(fd, piece, total);
}

/* The text again and again, `total` bytes of it, as gzip. */
static void repeat_gzip(int fd, const char *text, size_t total)
{
    unsigned char in[PIECE];
    unsigned char out[PIECE];
    size_t len = strlen(text);
    size_t whole = PIECE / len * len;
    z_stream z = {0};
    int status = Z_OK;

    for (size_t i = 0; i < whole; i++)
        in[i] = (unsigned char)text[i % len];
    if (deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY))
        _exit(1);
    say_ok(fd);
    say(fd, "Content-Encoding: gzip\r\nConnection: close\r\n\r\n");
    for (size_t done = 0; status != Z_STREAM_END;) {
        if (z.avail_in == 0 && done < total) {
            z.next_in = in;
            z.avail_in = (uInt)whole;
            done += whole;
        }
        z.next_out = out;
        z.avail_out = sizeof out;
        status = deflate(&z, done < total ? Z_NO_FLUSH : Z_FINISH);
        put(fd, out, sizeof out - z.avail_out);
    }
    (void)deflateEnd(&z);
}

/* ---- answers ------------------------------------------------------------ */

static void endless(int fd)
{
    say_ok(fd);
    say(fd, "Transfer-Encoding: chunked\r\n\r\n");
    for (;;) {
        say(fd, "4000\r\n");
        repeat(fd, "<p>text text</p>", 0x4000);
        say(fd, "\r\n");
    }
}

static void huge(int fd)
{
    say_ok(fd);
    say(fd, "Content-Length: %zu\r\n\r\n<title>huge</title>", 200 * MB);
    repeat(fd, "<p>a huge page</p>\n", 200 * MB - 19);
}

static void headers(int fd)
{
    say_ok(fd);
    for (int i = 0; i < 16384; i++)
        say(fd, "X-%05d: %s\r\n", i,
            "0123456789012345678901234567890123456789012345678901");
    say(fd, "Content-Length: 2\r\n\r\nok");
}

static void cookies(int fd)
{
    say_ok(fd);
    for (int i = 0; i < 10000; i++)
        say(fd, "Set-Cookie: a%d=b\r\n", i);
    say(fd, "Content-Length: 2\r\n\r\nok");
}

static void too_short(int fd)
{
    say_ok(fd);
    say(fd, "Content-Length: 1000\r\n\r\n<p>only this");
}

static void too_long(int fd)
{
    say_ok(fd);
    say(fd, "Content-Length: 14\r\n\r\n<p>this counts<p>this does not");
}

static void reset(int fd)
{
    struct linger now = {1, 0};

    say_ok(fd);
    say(fd, "Content-Length: 1000\r\n\r\n<p>and then");
    (void)usleep(100000);
    (void)setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    _exit(0); /* the reset */
}

static void slow(int fd)
{
    say_ok(fd);
    say(fd, "Content-Length: 1000\r\n\r\n");
    for (;;) {
        put(fd, "a", 1);
        (void)sleep(1);
    }
}

static void silent(int fd)
{
    (void)fd;
    (void)pause();
}

static void carry_on(int fd)
{
    for (;;) {
        say(fd, "HTTP/1.1 100 Continue\r\n\r\n");
        (void)usleep(1000);
    }
}

static void old(int fd)
{
    say(fd, "<html><body>an answer without a head</body></html>\n");
}

static void bare_lines(int fd)
{
    say(fd, "HTTP/1.1 200 OK\nContent-Type: text/html\n"
            "Content-Length: 10\n\n<p>bare</p>");
}

static void chunks(int fd)
{
    say_ok(fd);
    say(fd, "Transfer-Encoding: chunked\r\nTrailer: X-Late\r\n\r\n"
            "9\r\n<p>chunks\r\n0\r\nX-Late: 1\r\nContent-Type: x/y\r\n\r\n");
}

/* A trailer and a header that look like the beginning of another head. */
static void false_heads(int fd)
{
    say_ok(fd);
    say(fd, "HTTP/2: x\r\nTransfer-Encoding: chunked\r\n\r\n"
            "d\r\n<p>false head\r\n0\r\nHTTP/1.1: 204\r\n\r\n");
}

/* libcurl takes the line that starts with CR for the end of the head. */
static void torn_head(int fd)
{
    say_ok(fd);
    say(fd, "\rX: y\nContent-Length: 3\r\n\r\n<p>");
}

static void false_chunks(int fd)
{
    say_ok(fd);
    say(fd, "Transfer-Encoding: chunked\r\n\r\nzz\r\nno number\r\n");
}

static void no_type(int fd)
{
    say(fd, "HTTP/1.1 200 OK\r\nContent-Type: text/\001html\002;x\r\n"
            "X: \033[31m\303\r\nContent-Length: 9\r\n\r\n<p>a type");
}

static void brotli(int fd)
{
    say_ok(fd);
    say(fd, "Content-Encoding: br\r\nContent-Length: 4\r\n\r\nabcd");
}

static void bomb(int fd)
{
    repeat_gzip(fd, "<p>boom</p> ", 48 * MB);
}

static void nested(int fd)
{
    repeat_gzip(fd, "<div><b>", 16 * MB);
}

static void claims(int fd)
{
    repeat_gzip(fd, "<p>理财保本保息，年化收益18%，到期保证兑付。</p>\n",
                2 * MB);
}

static void links(int fd)
{
    say_ok(fd);
    say(fd, "Connection: close\r\n\r\n");
    for (int i = 0; i < 60000; i++)
        say(fd, "<a href=x:%d>x</a>", i);
}

static void redirect(int fd, const char *to)
{
    say(fd,
        "HTTP/1.1 302 Found\r\nLocation: %s\r\nContent-Length: 0\r\n"
        "Connection: close\r\n\r\n",
        to);
}

static void to_file(int fd)
{
    redirect(fd, "file:///etc/passwd");
}

static void to_private(int fd)
{
    redirect(fd, "http://10.0.0.1/");
}

static void to_v6(int fd)
{
    redirect(fd, "http://[::1]:22/");
}

static void loop_a(int fd)
{
    redirect(fd, "/loop-b");
}

static void loop_b(int fd)
{
    redirect(fd, "/loop");
}

static void to_far(int fd)
{
    say(fd, "HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: /");
    repeat(fd, "a", 60000);
    say(fd, "\r\n\r\n");
}

static void closed(int fd)
{
    say(fd, "HTTP/1.1 503 Down\r\nContent-Length: 4\r\n\r\ndown");
}

static void missing(int fd)
{
    say(fd, "HTTP/1.1 404 None\r\nContent-Length: 4\r\n\r\nnone");
}

static const struct {
    const char *path;
    void (*answer)(int fd);
} answers[] = {
    {"/endless", endless},
    {"/huge", huge},
    {"/headers", headers},
    {"/cookies", cookies},
    {"/short", too_short},
    {"/long", too_long},
    {"/reset", reset},
    {"/slow", slow},
    {"/silent", silent},
    {"/continue", carry_on},
    {"/old", old},
    {"/bare", bare_lines},
    {"/chunks", chunks},
    {"/false-chunks", false_chunks},
    {"/false-heads", false_heads},
    {"/torn-head", torn_head},
    {"/type", no_type},
    {"/brotli", brotli},
    {"/bomb", bomb},
    {"/nested", nested},
    {"/claims", claims},
    {"/links", links},
    {"/to-file", to_file},
    {"/to-private", to_private},
    {"/to-v6", to_v6},
    {"/loop", loop_a},
    {"/loop-b", loop_b},
    {"/far", to_far},
    {"/closed", closed},
};

/* ---- serving ------------------------------------------------------------ */

static bool is_at(int fd, const char *address)
{
    struct sockaddr_in here = {0};
    socklen_t len = sizeof here;
    char text[INET_ADDRSTRLEN] = "";

    (void)getsockname(fd, (struct sockaddr *)&here, &len);
    (void)inet_ntop(AF_INET, &here.sin_addr, text, sizeof text);
    return strcmp(text, address) == 0;
}

static void answer(int fd, const char *path)
{
    if (strcmp(path, "/robots.txt") == 0 && is_at(fd, ENDLESS_ROBOTS)) {
        endless(fd);
        return;
    }
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
        if (strcmp(path, answers[i].path) == 0) {
            answers[i].answer(fd);
            return;
        }
    }
    missing(fd);
}

/* One request a connection, in a process of its own. */
static void serve_one(int fd)
{
    char request[REQUEST_MAX + 1];
    char path[1024] = "";
    size_t len = 0;

    while (len < REQUEST_MAX) {
        ssize_t got = recv(fd, request + len, REQUEST_MAX - len, 0);

        if (got <= 0)
            return;
        len += (size_t)got;
        request[len] = '\0';
        if (strstr(request, "\r\n\r\n"))
            break;
    }
    if (sscanf(request, "GET %1023s ", path) == 1)
        answer(fd, path);
    (void)shutdown(fd, SHUT_WR);
    (void)close(fd);
}

static int listen_at(int port, int octet)
{
    struct sockaddr_in at = {.sin_family = AF_INET};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int on = 1;

    at.sin_port = htons((uint16_t)port);
    at.sin_addr.s_addr = htonl(0x7F000400u | (unsigned)octet);
    (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(fd, (struct sockaddr *)&at, sizeof at) || listen(fd, 64)) {
        perror("hostile: cannot listen");
        exit(1);
    }
    return fd;
}

static void take(int listener, pid_t parent)
{
    int fd = accept(listener, NULL, NULL);
    pid_t pid = fd < 0 ? -1 : fork();

    if (pid == 0) {
        (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() != parent)
            _exit(0);
        (void)alarm(LIFE_S);
        serve_one(fd);
        _exit(0);
    }
    if (fd >= 0)
        (void)close(fd);
}

static void serve(int port, int first, int last)
{
    struct pollfd fds[ADDRESSES_MAX];
    nfds_t count = 0;

    (void)signal(SIGCHLD, SIG_IGN); /* no child waits to be asked for */
    for (int octet = first; octet <= last && count < ADDRESSES_MAX; octet++)
        fds[count++] = (struct pollfd){listen_at(port, octet), POLLIN, 0};
    (void)puts("ready");
    (void)fflush(stdout);
    for (;;) {
        if (poll(fds, count, -1) < 0)
            continue;
        for (nfds_t i = 0; i < count; i++)
            if (fds[i].revents)
                take(fds[i].fd, getpid());
    }
}

static int lock(const char *path)
{
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    int fd = open(path, O_RDWR | O_CLOEXEC);

    if (fd < 0 || fcntl(fd, F_SETLK, &whole) != 0) {
        perror("hostile: cannot lock");
        return 1;
    }
    (void)puts("ready");
    (void)fflush(stdout);
    (void)pause();
    return 0;
}

int main(int argc, char **argv)
{
    (void)alarm(LIFE_S);
    if (argc == 5 && strcmp(argv[1], "serve") == 0)
        serve(atoi(argv[2]), atoi(argv[3]), atoi(argv[4]));
    if (argc == 3 && strcmp(argv[1], "lock") == 0)
        return lock(argv[2]);
    (void)fputs("hostile serve PORT FIRST LAST | hostile lock FILE\n", stderr);
    return 2;
}
