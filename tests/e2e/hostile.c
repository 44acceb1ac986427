/* A server of bad answers, for test_hostile.sh; and a process that holds a
 * file locked. On loopback only; ends by itself.
 *   hostile list                      the answers: "http PATH", "robots NAME",
 *                                     "h2 NAME"
 *   hostile serve PORT FIRST PEM KEY  on 127.0.4.FIRST and those behind it,
 *                                     one for each line of the list
 *   hostile lock FILE [BYTE]          the whole of it, or one byte
 */
#include "hostile_h2.h"

#include <arpa/inet.h>
#include <brotli/encode.h>
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
#include <zstd.h>

#define LIFE_S 240
#define ADDRESSES_MAX 100
#define REQUEST_MAX 65536
#define PIECE 65536
#define MB ((size_t)1 << 20)

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

/* ---- packed answers: made before the first request, since packing takes
 * a processor that the crawl beside it should have ---------------------- */

static char *need(char *memory)
{
    if (!memory)
        exit(1);
    return memory;
}

static char *filled(const char *text, size_t total)
{
    char *bytes = need(malloc(total));
    size_t len = strlen(text);

    for (size_t i = 0; i < total; i++)
        bytes[i] = text[i % len];
    return bytes;
}

static size_t pack_gzip(const char *in, size_t total, char **out)
{
    z_stream z = {.next_in = (Bytef *)(uintptr_t)in, .avail_in = (uInt)total};
    size_t room = total / 8 + 1024;

    *out = need(malloc(room));
    z.next_out = (Bytef *)*out;
    z.avail_out = (uInt)room;
    if (deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) ||
        deflate(&z, Z_FINISH) != Z_STREAM_END)
        exit(1);
    (void)deflateEnd(&z);
    return z.total_out;
}

static size_t pack_gzip_twice(const char *in, size_t total, char **out)
{
    char *inner;
    size_t len = pack_gzip(in, total, &inner);

    len = pack_gzip(inner, len, out);
    free(inner);
    return len;
}

static size_t pack_brotli(const char *in, size_t total, char **out)
{
    size_t len = BrotliEncoderMaxCompressedSize(total);

    *out = need(malloc(len));
    if (!BrotliEncoderCompress(3, 22, BROTLI_MODE_TEXT, total,
                               (const uint8_t *)in, &len, (uint8_t *)*out))
        exit(1);
    return len;
}

static size_t pack_zstd(const char *in, size_t total, char **out)
{
    size_t len = ZSTD_compressBound(total);

    *out = need(malloc(len));
    return ZSTD_compress(*out, len, in, total, 3);
}

static struct packed {
    const char *coding;
    size_t (*pack)(const char *in, size_t total, char **out);
    const char *text; /* again and again, total bytes of it */
    size_t total;
    char *bytes; /* once it is packed */
    size_t len;
} packed[] = {
    {"gzip", pack_gzip, "<p>boom</p> ", 20 * MB, NULL, 0},
    {"gzip", pack_gzip, " ", 20 * MB, NULL, 0},
    {"gzip, gzip", pack_gzip_twice, " ", 20 * MB, NULL, 0},
    {"br", pack_brotli, "<p>boom</p> ", 20 * MB, NULL, 0},
    {"zstd", pack_zstd, "<p>boom</p> ", 20 * MB, NULL, 0},
    {"gzip", pack_gzip, "<div><b>", 16 * MB, NULL, 0},
    {"gzip", pack_gzip, "<p>理财保本保息，年化收益18%，到期保证兑付。</p>\n",
     2 * MB, NULL, 0},
    {"br", pack_brotli, "<p>a page in brotli</p> ", 240, NULL, 0},
    {"zstd", pack_zstd, "<p>a page in zstd</p> ", 220, NULL, 0},
};
enum { BOMB, SPACES, TWICE, BROTLI, ZSTD, NESTED, CLAIMS, BR_PAGE, ZSTD_PAGE };

static void pack_all(void)
{
    for (size_t i = 0; i < sizeof packed / sizeof *packed; i++) {
        struct packed *p = &packed[i];
        char *in = filled(p->text, p->total);

        p->len = p->pack(in, p->total, &p->bytes);
        free(in);
    }
}

static void say_coded(int fd, const char *coding, const char *bytes,
                      size_t len)
{
    say_ok(fd);
    say(fd, "Content-Encoding: %s\r\nContent-Length: %zu\r\n\r\n", coding,
        len);
    put(fd, bytes, len);
}

static void put_packed(int fd, int which)
{
    say_coded(fd, packed[which].coding, packed[which].bytes,
              packed[which].len);
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

/* Short ones: few bytes, many lines. */
static void lines(int fd)
{
    say_ok(fd);
    for (int i = 0; i < 30000; i++)
        put(fd, "a:b\r\n", 5);
    say(fd, "Content-Length: 2\r\n\r\nok");
}

static void endless_line(int fd)
{
    say(fd, "HTTP/1.1 200 ");
    for (;;)
        repeat(fd, "OK ", 3 * PIECE);
}

static void endless_header(int fd)
{
    say_ok(fd);
    say(fd, "X: ");
    for (;;)
        repeat(fd, "a", PIECE);
}

static void trailers(int fd)
{
    say_ok(fd);
    say(fd, "Transfer-Encoding: chunked\r\n\r\n5\r\n<p>it\r\n0\r\n");
    for (;;)
        say(fd, "X-Late: it never ends\r\n");
}

static void extension(int fd)
{
    say_ok(fd);
    say(fd, "Transfer-Encoding: chunked\r\n\r\n4;");
    for (;;)
        repeat(fd, "a=b;", PIECE);
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

static void two_lengths(int fd)
{
    say_ok(fd);
    say(fd, "Content-Length: 9\r\nContent-Length: 4\r\n\r\n<p>twice");
}

static void no_length(int fd)
{
    say_ok(fd);
    say(fd, "Content-Length: -7\r\n\r\n<p>less than none");
}

static void great_length(int fd)
{
    say_ok(fd);
    say(fd, "Content-Length: 99999999999999999999\r\n\r\n<p>so much");
}

static void length_and_chunks(int fd)
{
    say_ok(fd);
    say(fd, "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n"
            "9\r\n<p>both<p\r\n0\r\n\r\n");
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

static void trickle(int fd)
{
    for (;;) {
        put(fd, "a", 1);
        (void)usleep(200000);
    }
}

static void slow(int fd)
{
    say_ok(fd);
    say(fd, "Content-Length: 1000\r\n\r\n");
    trickle(fd);
}

static void slow_head(int fd)
{
    say(fd, "HTTP/1.1 200 OK\r\nX: ");
    trickle(fd);
}

/* Enough at a time to pass a watch over the last seconds. */
static void bursts(int fd)
{
    say_ok(fd);
    say(fd, "Content-Length: 100000\r\n\r\n");
    for (;;) {
        repeat(fd, "a", 90);
        (void)sleep(2);
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

static void coding(int fd)
{
    say_coded(fd, "sdch", "abcd", 4);
}

static void codings(int fd)
{
    say_coded(fd, "gzip, gzip, br", "abcd", 4);
}

static void brotli(int fd)
{
    put_packed(fd, BR_PAGE);
}

static void zstd(int fd)
{
    put_packed(fd, ZSTD_PAGE);
}

static void bomb(int fd)
{
    put_packed(fd, BOMB);
}

static void bomb_gzip(int fd)
{
    put_packed(fd, SPACES);
}

static void bomb_twice(int fd)
{
    put_packed(fd, TWICE);
}

static void bomb_brotli(int fd)
{
    put_packed(fd, BROTLI);
}

static void bomb_zstd(int fd)
{
    put_packed(fd, ZSTD);
}

static void nested(int fd)
{
    put_packed(fd, NESTED);
}

static void claims(int fd)
{
    put_packed(fd, CLAIMS);
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

static void to_ftp(int fd)
{
    redirect(fd, "ftp://127.0.4.1/a");
}

static void to_gopher(int fd)
{
    redirect(fd, "gopher://127.0.4.1/1a");
}

static void to_data(int fd)
{
    redirect(fd, "data:text/html,<p>data</p>");
}

static void to_metadata(int fd)
{
    redirect(fd, "http://[::ffff:169.254.169.254]/latest/");
}

static void to_number(int fd)
{
    redirect(fd, "http://0x7f.1:22/");
}

static void schemes(int fd)
{
    say_ok(fd);
    say(fd, "Connection: close\r\n\r\n"
            "<a href=file:///etc/passwd>a</a><a href=FTP://127.0.4.1/>b</a>"
            "<a href=gopher://127.0.4.1/1>c</a><a href=data:text/html,d>d</a>"
            "<a href=' \tfile:/etc/hosts'>e</a><a href=dict://127.0.4.1/>f</a>"
            "<a href='fi\nle:///etc/shadow'>g</a><a href=smb://127.0.4.1/a>h"
            "</a><iframe src=file:///etc/group></iframe>"
            "<meta http-equiv=refresh content='0;url=file:///etc/fstab'>");
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
    {"/lines", lines},
    {"/endless-line", endless_line},
    {"/endless-header", endless_header},
    {"/trailers", trailers},
    {"/extension", extension},
    {"/cookies", cookies},
    {"/short", too_short},
    {"/long", too_long},
    {"/two-lengths", two_lengths},
    {"/no-length", no_length},
    {"/great-length", great_length},
    {"/length-and-chunks", length_and_chunks},
    {"/reset", reset},
    {"/slow", slow},
    {"/slow-head", slow_head},
    {"/bursts", bursts},
    {"/silent", silent},
    {"/continue", carry_on},
    {"/old", old},
    {"/bare", bare_lines},
    {"/chunks", chunks},
    {"/false-chunks", false_chunks},
    {"/false-heads", false_heads},
    {"/torn-head", torn_head},
    {"/type", no_type},
    {"/coding", coding},
    {"/codings", codings},
    {"/brotli", brotli},
    {"/zstd", zstd},
    {"/bomb", bomb},
    {"/bomb-gzip", bomb_gzip},
    {"/bomb-twice", bomb_twice},
    {"/bomb-brotli", bomb_brotli},
    {"/bomb-zstd", bomb_zstd},
    {"/nested", nested},
    {"/claims", claims},
    {"/links", links},
    {"/to-file", to_file},
    {"/to-private", to_private},
    {"/to-v6", to_v6},
    {"/to-ftp", to_ftp},
    {"/to-gopher", to_gopher},
    {"/to-data", to_data},
    {"/to-metadata", to_metadata},
    {"/to-number", to_number},
    {"/schemes", schemes},
    {"/loop", loop_a},
    {"/loop-b", loop_b},
    {"/far", to_far},
    {"/closed", closed},
};

/* ---- robots.txt --------------------------------------------------------- */

static void robots_endless(int fd)
{
    say_ok(fd);
    say(fd, "\r\n");
    for (;;)
        repeat(fd, "Allow: /\n", PIECE);
}

/* What counts stands at its beginning; what would forbid all, at its end. */
static void robots_huge(int fd)
{
    say_ok(fd);
    say(fd, "Connection: close\r\n\r\nUser-agent: *\nDisallow: /no\n");
    repeat(fd, "# a line that says nothing at all\n", MB);
    say(fd, "\nUser-agent: *\nDisallow: /\n");
}

static const struct {
    const char *name;
    void (*answer)(int fd);
} robots[] = {
    {"endless", robots_endless},
    {"huge", robots_huge},
    {"slow", slow},
    {"slow-head", slow_head},
    {"to-file", to_file},
    {"to-private", to_private},
    {"headers", headers},
    {"bomb", bomb_gzip},
};

#define ANSWERS (sizeof answers / sizeof *answers)
#define ROBOTS (sizeof robots / sizeof *robots)

static void list(void)
{
    for (size_t i = 0; i < ANSWERS; i++)
        (void)printf("http %s\n", answers[i].path + 1);
    for (size_t i = 0; i < ROBOTS; i++)
        (void)printf("robots %s\n", robots[i].name);
    for (size_t i = 0; i < hostile_h2_count; i++)
        (void)printf("h2 %s\n", hostile_h2_names[i]);
}

/* ---- serving ------------------------------------------------------------ */

/* number: the line of the list whose address was connected to. */
static void answer(int fd, const char *path, size_t number)
{
    if (strcmp(path, "/robots.txt") == 0 && number >= ANSWERS) {
        robots[number - ANSWERS].answer(fd);
        return;
    }
    for (size_t i = 0; i < ANSWERS; i++) {
        if (strcmp(path, answers[i].path) == 0) {
            answers[i].answer(fd);
            return;
        }
    }
    missing(fd);
}

/* One request a connection, in a process of its own. */
static void serve_one(int fd, size_t number)
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
        answer(fd, path, number);
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

static void take(int listener, size_t number, pid_t parent)
{
    int fd = accept(listener, NULL, NULL);
    pid_t pid = fd < 0 ? -1 : fork();

    if (pid == 0) {
        (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() != parent)
            _exit(0);
        (void)alarm(LIFE_S);
        if (number < ANSWERS + ROBOTS)
            serve_one(fd, number);
        else
            hostile_h2_serve(fd, number - ANSWERS - ROBOTS);
        _exit(0);
    }
    if (fd >= 0)
        (void)close(fd);
}

static void serve(int port, int first)
{
    struct pollfd fds[ADDRESSES_MAX];
    nfds_t count = ANSWERS + ROBOTS + hostile_h2_count;

    (void)signal(SIGCHLD, SIG_IGN); /* no child waits to be asked for */
    for (nfds_t i = 0; i < count; i++)
        fds[i] = (struct pollfd){listen_at(port, first + (int)i), POLLIN, 0};
    (void)puts("ready");
    (void)fflush(stdout);
    for (;;) {
        if (poll(fds, count, -1) < 0)
            continue;
        for (nfds_t i = 0; i < count; i++)
            if (fds[i].revents)
                take(fds[i].fd, i, getpid());
    }
}

/* byte: NULL: all of them; else one, as soon as nobody else has it. */
static int lock(const char *path, const char *byte)
{
    struct flock range = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    int fd = open(path, O_RDWR | O_CLOEXEC);

    if (byte) {
        range.l_start = atol(byte);
        range.l_len = 1;
    }
    if (fd < 0 || fcntl(fd, byte ? F_SETLKW : F_SETLK, &range) != 0) {
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
    if (argc == 6 && strcmp(argv[1], "serve") == 0) {
        pack_all();
        hostile_h2_init(argv[4], argv[5]);
        serve(atoi(argv[2]), atoi(argv[3]));
    }
    if ((argc == 3 || argc == 4) && strcmp(argv[1], "lock") == 0)
        return lock(argv[2], argv[3]);
    if (argc == 2 && strcmp(argv[1], "list") == 0) {
        list();
        return 0;
    }
    (void)fputs("hostile list | serve PORT FIRST PEM KEY | lock FILE [BYTE]\n",
                stderr);
    return 2;
}
