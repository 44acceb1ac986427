/* Requests against a small server of our own, in a child process. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "crawler/fetch.h"
#include "crawler/resolve.h"

#define BODY_MAX 4096
#define HEAD_MAX 8192
#define LINES_MAX 50
#define TIMEOUT_MS 400
#define SPEED_MIN 100
#define SPEED_MS 400
#define LIFE_S 120
#define PATIENCE_MS 60000

static const char agent[] = "adwatch-test/1";

/* ---- the server --------------------------------------------------------- */

static const struct {
    const char *path, *answer;
} answers[] = {
    {"/page", "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=gbk\r\n"
              "Content-Encoding: gzip\r\nContent-Length: 4\r\n\r\npage"},
    {"/chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n"
                "Trailer: X-Late\r\n\r\n5\r\nfirst\r\n3\r\ntwo\r\n0\r\n"
                "X-Late: 1\r\nContent-Type: image/png\r\n\r\n"},
    {"/false-heads", "HTTP/1.1 200 OK\r\nHTTP/1.1: 404\r\n"
                     "Transfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\n"
                     "HTTP/1.1: 204\r\n\r\n"},
    {"/interim", "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"
                 "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nend"},
    {"/aged", "HTTP/1.0 200 OK\r\nContent-Length: 4\r\n\r\naged"},
    {"/bare", "HTTP/1.1 200 OK\nContent-Length: 4\n\nbare"},
    {"/busy",
     "HTTP/1.1 503 No\r\nRetry-After: 7\r\nContent-Length: 0\r\n\r\n"},
    {"/away", "HTTP/1.1 200 OK\r\nRetry-After: 2592000\r\n"
              "Content-Length: 0\r\n\r\n"},
    {"/for-ever", "HTTP/1.1 200 OK\r\nRetry-After: 99999999999\r\n"
                  "Content-Length: 0\r\n\r\n"},
    {"/moved", "HTTP/1.1 302 Found\r\nLocation: /page\r\n"
               "Content-Length: 0\r\n\r\n"},
    {"/short", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nless"},
    {"/old", "no head at all\n"},
    {"/tagged", "HTTP/1.1 200 OK\r\nETag: W/\"a b\"\r\n"
                "Last-Modified: Tue, 24 Nov 2026 08:00:00 GMT\r\n"
                "X-Robots-Tag: noindex\r\nX-Robots-Tag: nofollow\r\n"
                "Content-Encoding: gzip\r\ncontent-encoding: br\r\n"
                "Content-Length: 0\r\n\r\n"},
    {"/false-tag", "HTTP/1.1 200 OK\r\nETag: \"a\001b\"\r\n"
                   "Last-Modified: a\tb\033\r\n"
                   "Content-Length: 0\r\n\r\n"},
    {"/trailers", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                  "3\r\ntwo\r\n0\r\n"},
    {"/told", "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ntold"},
    {"/304", "HTTP/1.1 304 Not Modified\r\nETag: \"a\"\r\n\r\n"},
};

static int told[2]; /* a pipe: a byte for each request of "/told" */

static void put(int fd, const char *text, size_t len)
{
    if (send(fd, text, len, MSG_NOSIGNAL) != (ssize_t)len)
        _exit(0);
}

/* "/big/N": a body of N bytes; "/head/N": a header of N bytes more. */
static void answer_sized(int fd, const char *path)
{
    bool in_head = strncmp(path, "/head/", 6) == 0;
    long size = strtol(strrchr(path, '/') + 1, NULL, 10);
    char text[256];
    int len = snprintf(text, sizeof text,
                       "HTTP/1.1 200 OK\r\nContent-Length: %ld\r\n%s",
                       in_head ? 0 : size, in_head ? "X: " : "\r\n");

    put(fd, text, (size_t)len);
    memset(text, 'x', sizeof text);
    for (long left = size; left > 0; left -= (long)sizeof text)
        put(fd, text, left < (long)sizeof text ? (size_t)left : sizeof text);
    if (in_head)
        put(fd, "\r\n\r\n", 4);
}

/* "/lines/N": N lines in the head. */
static void answer_lines(int fd, long count)
{
    put(fd, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n", 36);
    for (long i = 0; i < count - 3; i++)
        put(fd, "Set-Cookie: a=b\r\n", 17);
    put(fd, "\r\n", 2);
}

/* A byte each 20 ms, of a head or of a body: 50 bytes a second. */
static void trickle(int fd, const char *begin)
{
    put(fd, begin, strlen(begin));
    for (;;) {
        put(fd, "a", 1);
        (void)usleep(20000);
    }
}

/* 150 bytes a second, for a little longer than two spans of the speed. */
static void stroll(int fd)
{
    static const char head[] =
        "HTTP/1.1 200 OK\r\nContent-Length: 135\r\n\r\n";

    put(fd, head, sizeof head - 1);
    for (int i = 0; i < 45; i++) {
        put(fd, "aaa", 3);
        (void)usleep(20000);
    }
}

static void answer(int fd, const char *path)
{
    static const char extension[4096] = {'a'}; /* and NULs: no line's end */

    if (strcmp(path, "/told") == 0 && write(told[1], "x", 1) != 1)
        _exit(0);
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++)
        if (strcmp(answers[i].path, path) == 0)
            put(fd, answers[i].answer, strlen(answers[i].answer));
    if (strncmp(path, "/big/", 5) == 0 || strncmp(path, "/head/", 6) == 0)
        answer_sized(fd, path);
    if (strncmp(path, "/lines/", 7) == 0)
        answer_lines(fd, strtol(path + 7, NULL, 10));
    while (strcmp(path, "/trailers") == 0)
        put(fd, "X-Late: 1\r\n", 11);
    while (strcmp(path, "/interims") == 0)
        put(fd, "HTTP/1.1 100 Continue\r\n\r\n", 25);
    if (strcmp(path, "/extension") == 0)
        put(fd, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4;", 49);
    while (strcmp(path, "/extension") == 0)
        put(fd, extension, sizeof extension);
    if (strcmp(path, "/slow-head") == 0)
        trickle(fd, "HTTP/1.1 200 OK\r\nX: ");
    if (strcmp(path, "/slow-body") == 0)
        trickle(fd, "HTTP/1.1 200 OK\r\nContent-Length: 4000\r\n\r\n");
    if (strcmp(path, "/stroll") == 0)
        stroll(fd);
    if (strcmp(path, "/silent") == 0)
        (void)pause();
}

static void bind_to(pid_t parent)
{
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(0);
    (void)alarm(LIFE_S);
}

/* The next request's path; false where there is none. */
static bool read_request(int fd, char path[256])
{
    char request[4096];
    size_t len = 0;

    while (len < sizeof request - 1) {
        ssize_t got = recv(fd, request + len, sizeof request - 1 - len, 0);

        if (got <= 0)
            return false;
        len += (size_t)got;
        request[len] = '\0';
        if (strstr(request, "\r\n\r\n"))
            return sscanf(request, "GET %255s", path) == 1;
    }
    return false;
}

/* Connections are kept, but after answers that have no end of their own. */
static void serve_one(int fd)
{
    char path[256];

    while (read_request(fd, path)) {
        answer(fd, path);
        if (strcmp(path, "/short") == 0 || strcmp(path, "/old") == 0)
            return;
    }
}

static _Noreturn void serve(int listener, pid_t parent)
{
    bind_to(parent);
    (void)signal(SIGCHLD, SIG_IGN);
    for (;;) {
        int fd = accept(listener, NULL, NULL);
        pid_t self = getpid();

        if (fd >= 0 && fork() == 0) {
            bind_to(self);
            serve_one(fd);
            _exit(0);
        }
        (void)close(fd);
    }
}

/* ---- the client --------------------------------------------------------- */

struct kept { /* copies of what a result shows */
    int count;
    struct aw_fetch_result result;
    char why[256], request[4096], head[HEAD_MAX + 1], body[BODY_MAX + 1];
    char ip[64], protocol[16], type[64], encoding[16], location[64];
    char etag[64], modified[64], robots_tag[64];
    char dns[256], dns_source[32];
};

static struct {
    pid_t server;
    int port;
    struct aw_loop *loop;
    struct aw_address_policy policy;
    struct aw_fetcher *fetcher;
    struct kept kept;
    const char *next; /* URL to ask for while an answer is handed over */
    const char *busy; /* text of the address that must not be connected to */
    char asked[256];  /* addresses that may_connect was asked about */
    struct aw_err err;
} f;

static void keep(char *out, size_t size, struct aw_str text)
{
    (void)snprintf(out, size, "%.*s", AW_STR_ARG(text));
}

#define KEEP(field, text) keep(f.kept.field, sizeof f.kept.field, text)

/* Asks for f.next, and stays until the server has read that: the answer r is
 * still whole. */
static void push_next(const struct aw_fetch_result *r)
{
    struct aw_fetch_request request = {.url = aw_str_of(f.next),
                                       .host = &f.port,
                                       .tag = &f.kept};
    struct pollfd ready = {.fd = told[0], .events = POLLIN};
    char byte;

    f.next = NULL;
    assert_int_equal(aw_fetch_start(f.fetcher, &request, &f.err), AW_OK);
    aw_fetch_push(f.fetcher);
    assert_int_equal(poll(&ready, 1, LIFE_S / 4 * 1000), 1);
    assert_int_equal(read(told[0], &byte, 1), 1);
    assert_true(aw_str_eq(r->x_robots_tag, AW_STR("noindex\nnofollow")));
}

static void on_done(void *self, const struct aw_fetch_result *r)
{
    assert_ptr_equal(self, &f);
    assert_ptr_equal(r->tag, &f.kept);
    assert_ptr_equal(r->host, &f.port);
    f.kept.count++;
    f.kept.result = *r;
    KEEP(why, aw_str_of(r->why));
    KEEP(request, r->request_head);
    KEEP(head, r->response_head);
    KEEP(body, r->body);
    KEEP(ip, r->ip);
    KEEP(protocol, r->protocol);
    KEEP(type, r->content_type);
    KEEP(encoding, r->content_encoding);
    KEEP(location, r->location);
    KEEP(etag, r->etag);
    KEEP(modified, r->last_modified);
    KEEP(robots_tag, r->x_robots_tag);
    KEEP(dns, r->facts.dns);
    KEEP(dns_source, r->facts.dns_source);
    if (f.next)
        push_next(r);
}

static bool on_may_connect(void *self, void *tag, const char *address)
{
    size_t len = strlen(f.asked);

    assert_ptr_equal(self, &f);
    assert_ptr_equal(tag, &f.kept);
    (void)snprintf(f.asked + len, sizeof f.asked - len, "%s ", address);
    return !f.busy || strcmp(f.busy, address) != 0;
}

static struct aw_fetch_config config(void)
{
    return (struct aw_fetch_config){
        .loop = f.loop,
        .clock = aw_clock_system(),
        .policy = &f.policy,
        .user_agent = agent,
        .timeout_ms = TIMEOUT_MS,
        .body_max = BODY_MAX,
        .head_max = HEAD_MAX,
        .lines_max = LINES_MAX,
        .connections = 4,
        .done = on_done,
        .self = &f,
    };
}

static void start_server(void)
{
    struct sockaddr_in at = {.sin_family = AF_INET};
    socklen_t len = sizeof at;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    pid_t parent = getpid();

    assert_int_equal(pipe(told), 0);
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(bind(fd, (struct sockaddr *)&at, len), 0);
    assert_int_equal(listen(fd, 16), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &len), 0);
    f.port = ntohs(at.sin_port);
    f.server = fork();
    if (f.server == 0)
        serve(fd, parent);
    (void)close(fd);
}

static int set_up_all(void **state)
{
    (void)state;
    start_server();
    return f.server > 0 ? 0 : -1;
}

static int tear_down_all(void **state)
{
    (void)state;
    (void)kill(f.server, SIGKILL);
    return waitpid(f.server, NULL, 0) == f.server ? 0 : -1;
}

static int set_up(void **state)
{
    static const char *const allow[] = {"127.0.0.0/8"};
    struct aw_fetch_config made;

    (void)state;
    memset(&f.kept, 0, sizeof f.kept);
    f.busy = f.next = NULL;
    f.asked[0] = '\0';
    assert_int_equal(aw_loop_new(&f.loop, &f.err), AW_OK);
    assert_int_equal(aw_address_policy_init(&f.policy, allow, 1, &f.err),
                     AW_OK);
    made = config();
    assert_int_equal(aw_fetcher_new(&f.fetcher, &made, &f.err), AW_OK);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    aw_fetcher_free(f.fetcher);
    aw_loop_free(f.loop);
    return 0;
}

static void start_request(const struct aw_fetch_request *request)
{
    assert_int_equal(aw_fetch_start(f.fetcher, request, &f.err), AW_OK);
}

static void start(const char *url, bool robots)
{
    start_request(&(struct aw_fetch_request){
        .url = aw_str_of(url),
        .robots = robots,
        .host = &f.port,
        .tag = &f.kept,
    });
    assert_int_equal(f.kept.count, 0); /* done is called later */
}

static void turn(void)
{
    int wait = 0;

    aw_fetch_tick(f.fetcher, &wait);
    assert_int_equal(aw_loop_wait(f.loop, wait < 20 ? wait : 20, &f.err),
                     AW_OK);
    aw_fetch_tick(f.fetcher, &wait);
}

/* By the clock and not by turns: a server may wake the loop for each byte. */
static void await_count(int count)
{
    int64_t until = aw_clock_mono(aw_clock_system()) + PATIENCE_MS;

    while (f.kept.count < count && aw_clock_mono(aw_clock_system()) < until)
        turn();
    assert_int_equal(f.kept.count, count);
}

static const struct kept *await(void)
{
    await_count(1);
    return &f.kept;
}

static const struct kept *fetch_url(const char *url, bool robots)
{
    memset(&f.kept, 0, sizeof f.kept);
    start(url, robots);
    return await();
}

static const struct kept *fetch(const char *path, bool robots)
{
    char url[256];

    (void)snprintf(url, sizeof url, "http://127.0.0.1:%d%s", f.port, path);
    return fetch_url(url, robots);
}

static const struct kept *fetch_if(const char *path, bool robots,
                                   const char *etag, const char *modified)
{
    char url[256];

    (void)snprintf(url, sizeof url, "http://127.0.0.1:%d%s", f.port, path);
    memset(&f.kept, 0, sizeof f.kept);
    start_request(&(struct aw_fetch_request){
        .url = aw_str_of(url),
        .robots = robots,
        .if_none_match = aw_str_of(etag),
        .if_modified_since = aw_str_of(modified),
        .host = &f.port,
        .tag = &f.kept,
    });
    return await();
}

/* A fetcher with these, in the place of the usual one. */
static void make_fetcher(const struct aw_fetch_config *made)
{
    aw_fetcher_free(f.fetcher);
    f.fetcher = NULL;
    assert_int_equal(aw_fetcher_new(&f.fetcher, made, &f.err), AW_OK);
}

static void assert_failed(const struct kept *k, const char *why, bool lasting)
{
    assert_int_equal(k->result.rc, AW_NET);
    if (!strstr(k->why, why))
        fail_msg("\"%s\" does not say \"%s\"", k->why, why);
    assert_int_equal(k->result.lasting, lasting);
}

static void assert_page(const struct kept *k, int status, const char *body)
{
    assert_string_equal(k->why, "");
    assert_int_equal(k->result.rc, AW_OK);
    assert_int_equal(k->result.status, status);
    assert_string_equal(k->body, body);
}

/* ---- tests -------------------------------------------------------------- */

static void an_answer_is_handed_over_as_it_came(void **state)
{
    const struct kept *k = fetch("/page", false);

    (void)state;
    assert_page(k, 200, "page");
    assert_string_equal(k->head, "HTTP/1.1 200 OK\r\n"
                                 "Content-Type: text/html; charset=gbk\r\n"
                                 "Content-Encoding: gzip\r\n"
                                 "Content-Length: 4\r\n\r\n");
    assert_string_equal(k->type, "text/html; charset=gbk");
    assert_string_equal(k->encoding, "gzip");
    assert_string_equal(k->ip, "127.0.0.1");
    assert_string_equal(k->protocol, "http/1.1");
    assert_string_equal(k->result.truncated, "");
}

static void an_answer_of_http_1_0_is_told_as_such(void **state)
{
    const struct kept *k = fetch("/aged", false);

    (void)state;
    assert_page(k, 200, "aged");
    assert_string_equal(k->protocol, "http/1.0");
    assert_memory_equal(k->head, "HTTP/1.0 200 OK\r\n", 17);
}

static void a_request_says_who_asks(void **state)
{
    const struct kept *k = fetch("/page", false);

    (void)state;
    assert_memory_equal(k->request, "GET /page HTTP/1.1\r\n", 20);
    assert_non_null(strstr(k->request, "\r\nUser-Agent: adwatch-test/1\r\n"));
    assert_string_equal(k->request + strlen(k->request) - 4, "\r\n\r\n");
}

static void fields_take_the_place_of_all_others_but_the_agents(void **state)
{
    static const struct aw_fetch_field fields[] = {
        {{"Accept", 6}, {"image/*", 7}},
        {{"Referer", 7}, {"http://a.example/", 17}},
        {{"X-Split", 7}, {"a\r\nX-More: b", 12}},
    };
    const struct kept *k = &f.kept;
    char url[64];

    (void)state;
    (void)snprintf(url, sizeof url, "http://127.0.0.1:%d/page", f.port);
    start_request(&(struct aw_fetch_request){
        .url = aw_str_of(url),
        .fields = fields,
        .field_count = 3,
        .host = &f.port,
        .tag = &f.kept,
    });
    (void)await();
    assert_page(k, 200, "page");
    assert_non_null(strstr(k->request, "\r\nUser-Agent: adwatch-test/1\r\n"));
    assert_non_null(strstr(k->request, "\r\nAccept-Encoding: identity\r\n"));
    assert_non_null(strstr(k->request, "\r\nAccept: image/*\r\n"));
    assert_non_null(strstr(k->request, "\r\nReferer: http://a.example/\r\n"));
    assert_null(strstr(k->request, "text/html"));
    assert_null(strstr(k->request, "X-Split"));
    assert_null(strstr(k->request, "X-More"));
}

static void chunks_are_undone_and_trailers_ignored(void **state)
{
    const struct kept *k = fetch("/chunks", false);

    (void)state;
    assert_page(k, 200, "firsttwo");
    assert_string_equal(k->type, "");
    assert_null(strstr(k->head, "X-Late: 1"));
}

static void a_line_like_a_status_line_begins_no_new_head(void **state)
{
    const struct kept *k = fetch("/false-heads", false);

    (void)state;
    assert_page(k, 200, "body");
    assert_memory_equal(k->head, "HTTP/1.1 200 OK\r\nHTTP/1.1: 404\r\n", 32);
    assert_null(strstr(k->head, "204"));
}

static void an_interim_answer_is_passed_over(void **state)
{
    const struct kept *k = fetch("/interim", false);

    (void)state;
    assert_page(k, 200, "end");
    assert_string_equal(k->head,
                        "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n");
}

static void a_head_of_bare_line_feeds_is_one(void **state)
{
    (void)state;
    assert_page(fetch("/bare", false), 200, "bare");
}

static void a_body_over_its_limit_is_cut_there(void **state)
{
    const struct kept *k = fetch("/big/4096", false);

    (void)state;
    assert_int_equal(k->result.body.len, BODY_MAX);
    assert_string_equal(k->result.truncated, "");
    k = fetch("/big/4097", false);
    assert_int_equal(k->result.rc, AW_OK);
    assert_int_equal(k->result.body.len, BODY_MAX);
    assert_string_equal(k->result.truncated, "length");
}

static void a_page_after_a_cut_one_is_whole(void **state)
{
    (void)state;
    (void)fetch("/big/100000", false);
    assert_page(fetch("/page", false), 200, "page");
    assert_string_equal(f.kept.result.truncated, "");
}

static void a_head_over_its_limit_fails_for_good(void **state)
{
    (void)state;
    assert_int_equal(fetch("/head/8000", false)->result.rc, AW_OK);
    assert_failed(fetch("/head/9000", false), "head_max", true);
    assert_page(fetch("/page", false), 200, "page");
}

static void an_address_that_is_not_allowed_is_refused(void **state)
{
    static const char *const urls[] = {"http://10.0.0.1/",
                                       "http://169.254.169.254/latest",
                                       "http://[::1]:22/",
                                       "http://[::ffff:192.168.0.1]/"};

    (void)state;
    for (size_t i = 0; i < sizeof urls / sizeof *urls; i++)
        assert_failed(fetch_url(urls[i], false), "address not allowed", true);
    f.policy.count = 0;
    assert_failed(fetch("/page", false), "address not allowed", true);
}

static void a_pages_redirect_is_not_followed(void **state)
{
    const struct kept *k = fetch("/moved", false);

    (void)state;
    assert_page(k, 302, "");
    assert_string_equal(k->location, "/page");
}

static void robots_are_asked_for_uncoded(void **state)
{
    (void)state;
    assert_non_null(strstr(fetch("/page", true)->request,
                           "\r\nAccept-Encoding: identity\r\n"));
    assert_non_null(strstr(fetch("/page", false)->request,
                           "\r\nAccept-Encoding: gzip, deflate\r\n"));
}

static void a_redirect_of_robots_is_not_followed_either(void **state)
{
    const struct kept *k = fetch("/moved", true);

    (void)state;
    assert_page(k, 302, "");
    assert_string_equal(k->location, "/page");
}

static void a_wait_that_is_told_is_handed_over(void **state)
{
    const struct kept *k = fetch("/busy", false);

    (void)state;
    assert_page(k, 503, "");
    assert_int_equal(k->result.retry_after_ms, 7000);
    assert_int_equal(fetch("/page", false)->result.retry_after_ms, 0);
    assert_int_equal(fetch("/away", false)->result.retry_after_ms,
                     INT64_C(30) * 86400 * 1000);
    assert_int_equal(fetch("/for-ever", false)->result.retry_after_ms,
                     INT64_C(366) * 86400 * 1000);
}

static void a_server_that_is_silent_is_given_up(void **state)
{
    const struct kept *k = fetch("/silent", false);

    (void)state;
    assert_failed(k, "timeout_ms", false);
    assert_in_range(k->result.elapsed_ms, TIMEOUT_MS - 50, TIMEOUT_MS * 10);
}

static void a_request_that_is_cancelled_is_not_told(void **state)
{
    int other = 0;
    char url[256];

    (void)state;
    (void)snprintf(url, sizeof url, "http://127.0.0.1:%d/silent", f.port);
    memset(&f.kept, 0, sizeof f.kept);
    start(url, false);
    turn();
    aw_fetch_cancel(f.fetcher, &other);
    aw_fetch_cancel(f.fetcher, &f.kept);
    for (int64_t until = aw_clock_mono(aw_clock_system()) + 2 * TIMEOUT_MS;
         aw_clock_mono(aw_clock_system()) < until;)
        turn();
    assert_int_equal(f.kept.count, 0);
    assert_int_equal(fetch("/page", false)->result.status, 200);
}

static void a_broken_answer_is_told(void **state)
{
    (void)state;
    assert_failed(fetch("/short", false), "ended before the body", false);
    assert_failed(fetch("/old", false), "HTTP/0.9", true);
}

static void a_closed_port_is_told(void **state)
{
    (void)state;
    assert_failed(fetch_url("http://127.0.0.1:1/", false), "connect", false);
}

static void a_url_that_is_too_long_is_no_request(void **state)
{
    static char url[10000];
    aw_rc rc;

    (void)state;
    memset(url, 'a', sizeof url - 1);
    rc = aw_fetch_start(f.fetcher,
                        &(struct aw_fetch_request){.url = aw_str_of(url)},
                        &f.err);
    assert_int_equal(rc, AW_LIMIT);
}

static void ending_in_the_middle_tells_nothing(void **state)
{
    char url[64];

    (void)state;
    (void)snprintf(url, sizeof url, "http://127.0.0.1:%d/silent", f.port);
    for (int i = 0; i < 3; i++)
        start(url, false);
    for (int i = 0; i < 3; i++)
        turn();
    aw_fetcher_free(f.fetcher);
    f.fetcher = NULL;
    assert_int_equal(f.kept.count, 0);
}

static void a_name_is_resolved_as_the_config_says(void **state)
{
    struct aw_fetch_config made = config();
    char entry[64];
    char url[64];
    const char *const entries[] = {entry};

    (void)state;
    (void)snprintf(entry, sizeof entry, "some.example:%d:127.0.0.1", f.port);
    (void)snprintf(url, sizeof url, "http://some.example:%d/page", f.port);
    made.resolve = entries;
    made.resolve_count = 1;
    make_fetcher(&made);
    assert_page(fetch_url(url, false), 200, "page");
}

static void a_false_config_is_told(void **state)
{
    static const char *const entries[] = {"",
                                          "a",
                                          "a.example",
                                          "a.example:80",
                                          "a.example:80:",
                                          ":80:127.0.0.1",
                                          "a.example:x:127.0.0.1",
                                          "a.example:0:127.0.0.1",
                                          "a.example:65536:127.0.0.1",
                                          "a.example:80:b.example",
                                          "a.example:80:[::1",
                                          "a.example:80:127.0.0.1,",
                                          "a.example:80:127.0.0.1,,::1"};
    struct aw_fetch_config made = config();
    struct aw_fetcher *none = NULL;

    (void)state;
    for (size_t i = 0; i < sizeof entries / sizeof *entries; i++) {
        made.resolve = &entries[i];
        made.resolve_count = 1;
        assert_int_equal(aw_fetcher_new(&none, &made, &f.err), AW_CONFIG);
        assert_non_null(strstr(f.err.msg, entries[i]));
    }
    made.resolve_count = 0;
    made.ca_file = "/no/such.pem";
    assert_int_equal(aw_fetcher_new(&none, &made, &f.err), AW_CONFIG);
    assert_non_null(strstr(f.err.msg, "/no/such.pem"));
    assert_null(none);
}

static void validators_and_robots_tags_are_handed_over(void **state)
{
    const struct kept *k = fetch("/tagged", false);

    (void)state;
    assert_page(k, 200, "");
    assert_string_equal(k->etag, "W/\"a b\"");
    assert_string_equal(k->modified, "Tue, 24 Nov 2026 08:00:00 GMT");
    assert_string_equal(k->robots_tag, "noindex\nnofollow");
    assert_string_equal(k->encoding, "gzip, br");
    k = fetch("/page", false);
    assert_string_equal(k->etag, "");
    assert_string_equal(k->robots_tag, "");
}

static void a_validator_with_control_characters_is_dropped(void **state)
{
    const struct kept *k = fetch("/false-tag", false);

    (void)state;
    assert_page(k, 200, "");
    assert_string_equal(k->etag, "");
    assert_string_equal(k->modified, "");
}

static void a_condition_is_sent_as_the_server_gave_it(void **state)
{
    static const char date[] = "tue 24 nov 2026";
    const struct kept *k = fetch_if("/304", false, "W/\"a b\"", date);

    (void)state;
    assert_page(k, 304, "");
    assert_string_equal(k->etag, "\"a\"");
    assert_non_null(strstr(k->request, "\r\nIf-None-Match: W/\"a b\"\r\n"));
    assert_non_null(
        strstr(k->request, "\r\nIf-Modified-Since: tue 24 nov 2026\r\n"));
    assert_non_null(strstr(k->request, "\r\nAccept-Language: zh-CN"));
}

static void a_condition_holds_for_one_request(void **state)
{
    (void)state;
    (void)fetch_if("/304", false, "\"a\"", "");
    assert_null(strstr(f.kept.request, "If-Modified-Since"));
    assert_null(strstr(fetch("/page", false)->request, "If-None-Match"));
    assert_non_null(strstr(f.kept.request, "Accept-Language"));
}

static void a_condition_that_no_server_gave_is_not_sent(void **state)
{
    const struct kept *k = fetch_if("/page", false, "\"a\r\nX: b\"", "\n");

    (void)state;
    assert_page(k, 200, "page");
    assert_null(strstr(k->request, "If-"));
    assert_null(strstr(k->request, "X: b"));
    assert_null(strstr(fetch_if("/page", true, "\"a\"", "")->request, "If-"));
}

static void a_head_of_too_many_lines_fails_for_good(void **state)
{
    (void)state;
    assert_page(fetch("/lines/50", false), 200, "");
    assert_failed(fetch("/lines/51", false), "too many lines", true);
    assert_page(fetch("/lines/50", false), 200, "");
}

static void heads_and_trailers_without_an_end_are_given_up(void **state)
{
    (void)state;
    assert_failed(fetch("/trailers", false), "too many lines", true);
    assert_failed(fetch("/interims", false), "too many lines", true);
}

/* Within one chunk, at full speed: no piece of the body ever comes. */
static void an_extension_without_end_is_a_flood(void **state)
{
    struct aw_fetch_config made = config();

    (void)state;
    make_fetcher(&made);
    assert_failed(fetch("/extension", false), "flood", true);
}

static void a_server_that_trickles_is_given_up_before_the_time(void **state)
{
    struct aw_fetch_config made = config();

    (void)state;
    made.timeout_ms = 10000;
    made.speed_min = SPEED_MIN;
    made.speed_ms = SPEED_MS;
    make_fetcher(&made);
    assert_failed(fetch("/slow-head", false), "speed_min", false);
    assert_in_range(f.kept.result.elapsed_ms, SPEED_MS, SPEED_MS * 5);
    assert_string_equal(f.kept.ip, "127.0.0.1");
    assert_failed(fetch("/slow-body", false), "speed_min", false);
    assert_failed(fetch("/silent", false), "speed_min", false);
    assert_int_equal(fetch("/stroll", false)->result.rc, AW_OK);
    assert_in_range(f.kept.result.elapsed_ms, 2 * SPEED_MS, 10000);
}

static void set_up_may_connect(const char *entry)
{
    struct aw_fetch_config made = config();
    char resolve[128];
    const char *const entries[] = {resolve};

    (void)snprintf(resolve, sizeof resolve, "some.example:%d:%s", f.port,
                   entry);
    made.timeout_ms = 5000; /* libcurl takes its time with each address */
    made.may_connect = on_may_connect;
    made.resolve = entries;
    made.resolve_count = 1;
    make_fetcher(&made);
}

static const struct kept *fetch_named(void)
{
    char url[64];

    (void)snprintf(url, sizeof url, "http://some.example:%d/page", f.port);
    return fetch_url(url, false);
}

static void an_answer_tells_how_it_came(void **state)
{
    const struct kept *k;

    (void)state;
    set_up_may_connect("127.0.0.1,[::1]");
    k = fetch_named();
    assert_page(k, 200, "page");
    assert_string_equal(k->dns, "127.0.0.1,[::1]");
    assert_string_equal(k->dns_source, "config");
    assert_int_equal(k->result.facts.port, f.port);
    assert_false(k->result.facts.kept);
    assert_true(fetch_named()->result.facts.kept);
}

/* Of an address in the URL nothing is asked. */
static void an_address_gives_no_dns_answers(void **state)
{
    (void)state;
    assert_page(fetch("/page", false), 200, "page");
    assert_string_equal(f.kept.dns, "");
}

static void a_name_without_an_address_is_told(void **state)
{
    struct aw_fetch_config made = config();

    (void)state;
    made.timeout_ms = 60000; /* some name servers take their time */
    make_fetcher(&made);
    assert_failed(fetch_url("http://nothing.invalid/", false),
                  "could not resolve", false);
    assert_string_equal(f.kept.dns, "");
}

static void what_waits_for_its_name_can_be_cancelled(void **state)
{
    (void)state;
    memset(&f.kept, 0, sizeof f.kept);
    start("http://nothing.invalid/", false);
    aw_fetch_cancel(f.fetcher, &f.kept);
    turn();
    start("http://nobody.invalid/", false);
    aw_fetcher_free(f.fetcher);
    f.fetcher = NULL;
    assert_int_equal(f.kept.count, 0);
}

/* One of the hosts file, if that has any beside localhost. */
static void a_name_that_is_looked_up_tells_all_its_addresses(void **state)
{
    char name[128] = "";
    char url[256];

    (void)state;
    (void)gethostname(name, sizeof name - 1);
    if (!aw_hosts_file_names(aw_str_of(name)) || strstr(name, "localhost"))
        skip();
    (void)snprintf(url, sizeof url, "http://%s:%d/page", name, f.port);
    (void)fetch_url(url, false);
    assert_string_equal(f.kept.dns_source, "hosts file");
    assert_non_null(strstr(f.kept.dns, "127."));
    assert_true(f.kept.result.facts.dns_ms > 0);
}

static void an_address_that_is_busy_is_told(void **state)
{
    (void)state;
    set_up_may_connect("127.0.0.1");
    f.busy = "127.0.0.1";
    assert_failed(fetch_named(), "another host of its address", false);
    assert_true(f.kept.result.address_busy);
    assert_string_equal(f.asked, "127.0.0.1 ");
    f.busy = NULL;
    assert_page(fetch_named(), 200, "page");
    assert_false(f.kept.result.address_busy);
}

static void a_kept_connection_does_not_ask(void **state)
{
    (void)state;
    set_up_may_connect("127.0.0.1");
    assert_page(fetch_named(), 200, "page");
    f.busy = "127.0.0.1";
    assert_page(fetch_named(), 200, "page");
    assert_string_equal(f.asked, "127.0.0.1 ");
}

static void of_several_addresses_one_that_is_free_is_used(void **state)
{
    (void)state;
    set_up_may_connect("127.0.0.2,127.0.0.1");
    f.busy = "127.0.0.2";
    assert_page(fetch_named(), 200, "page");
    assert_string_equal(f.kept.ip, "127.0.0.1");
    assert_string_equal(f.asked, "127.0.0.2 127.0.0.1 ");
}

static void a_busy_address_is_not_what_is_wrong_with_a_dead_one(void **state)
{
    (void)state;
    set_up_may_connect("127.0.0.1,127.0.0.3"); /* nobody listens at .3 */
    f.busy = "127.0.0.1";
    assert_failed(fetch_named(), "connect", false);
    assert_false(f.kept.result.address_busy);
}

static void only_an_address_that_is_allowed_is_asked_for(void **state)
{
    (void)state;
    set_up_may_connect("10.0.0.1,127.0.0.1");
    f.busy = "127.0.0.1";
    (void)fetch_named();
    assert_true(f.kept.result.address_busy); /* it may be free later */
    assert_false(f.kept.result.lasting);
    assert_string_equal(f.asked, "127.0.0.1 ");
}

static void
a_dead_address_beside_one_not_allowed_is_worth_a_retry(void **state)
{
    (void)state;
    set_up_may_connect("10.0.0.1,127.0.0.3");
    assert_failed(fetch_named(), "connect", false);
}

/* However the address is written: as browsers and libc read it. */
static void an_address_in_other_writing_is_the_same_address(void **state)
{
    static const char *const hosts[] = {"127.1",
                                        "2130706433",
                                        "0x7f000001",
                                        "0x7f.1",
                                        "0177.0.0.1",
                                        "017700000001",
                                        "localhost",
                                        "[::ffff:127.0.0.1]",
                                        "[0:0:0:0:0:ffff:7f00:1]",
                                        "0",
                                        "0x0",
                                        "[::]",
                                        "%31%32%37.1"};

    (void)state;
    f.policy.count = 0;
    for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++) {
        char url[128];

        (void)snprintf(url, sizeof url, "http://%s:%d/page", hosts[i], f.port);
        assert_int_equal(fetch_url(url, false)->result.rc, AW_NET);
        if (!strstr(f.kept.why, "address not allowed"))
            fail_msg("%s: %s", url, f.kept.why);
    }
}

static void no_other_scheme_is_fetched(void **state)
{
    static const char *const urls[] = {
        "file:///etc/passwd",      "ftp://127.0.0.1:%d/page",
        "gopher://127.0.0.1:%d/1", "data:text/html,page",
        "dict://127.0.0.1:%d/d:a", "ws://127.0.0.1:%d/page",
        "smb://127.0.0.1:%d/a/b",  "telnet://127.0.0.1:%d/",
        "javascript:alert(1)",     "ldap://127.0.0.1:%d/",
    };

    (void)state;
    for (size_t i = 0; i < sizeof urls / sizeof *urls * 2; i++) {
        char url[128];
        const char *colon = strstr(urls[i / 2], "%d");

        (void)snprintf(url, sizeof url, "%.*s%d%s",
                       colon ? (int)(colon - urls[i / 2])
                             : (int)strlen(urls[i / 2]),
                       urls[i / 2], f.port, colon ? colon + 2 : "");
        assert_int_equal(fetch_url(url, i % 2)->result.rc, AW_NET);
        assert_true(f.kept.result.lasting);
        assert_int_equal(f.kept.result.body.len, 0);
    }
}

static void of_several_addresses_one_that_is_allowed_is_used(void **state)
{
    (void)state;
    set_up_may_connect("10.0.0.1,169.254.169.254,127.0.0.1");
    assert_page(fetch_named(), 200, "page");
    assert_string_equal(f.kept.ip, "127.0.0.1");
    set_up_may_connect("10.0.0.1,169.254.169.254");
    assert_failed(fetch_named(), "address not allowed", true);
}

/* Good at the first request, bad at the next. */
static void each_answer_of_the_name_server_is_judged(void **state)
{
    (void)state;
    set_up_may_connect("127.0.0.1");
    assert_page(fetch_named(), 200, "page");
    set_up_may_connect("169.254.169.254");
    assert_failed(fetch_named(), "address not allowed", true);
    set_up_may_connect("[::ffff:10.0.0.1]");
    assert_failed(fetch_named(), "address not allowed", true);
}

static void the_next_request_leaves_before_an_answer_is_worked_on(void **state)
{
    struct aw_fetch_config patient = config();
    char first[64], url[64];

    (void)state;
    patient.timeout_ms = LIFE_S / 4 * 1000;
    make_fetcher(&patient);
    (void)snprintf(url, sizeof url, "http://127.0.0.1:%d/told", f.port);
    f.next = url;
    (void)snprintf(first, sizeof first, "http://127.0.0.1:%d/tagged", f.port);
    start(first, false);
    await_count(2);
    assert_page(&f.kept, 200, "told");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_answer_is_handed_over_as_it_came),
        TEST(an_answer_of_http_1_0_is_told_as_such),
        TEST(a_request_says_who_asks),
        TEST(fields_take_the_place_of_all_others_but_the_agents),
        TEST(chunks_are_undone_and_trailers_ignored),
        TEST(a_line_like_a_status_line_begins_no_new_head),
        TEST(an_interim_answer_is_passed_over),
        TEST(a_head_of_bare_line_feeds_is_one),
        TEST(a_body_over_its_limit_is_cut_there),
        TEST(a_page_after_a_cut_one_is_whole),
        TEST(a_head_over_its_limit_fails_for_good),
        TEST(an_address_that_is_not_allowed_is_refused),
        TEST(a_pages_redirect_is_not_followed),
        TEST(robots_are_asked_for_uncoded),
        TEST(a_redirect_of_robots_is_not_followed_either),
        TEST(a_wait_that_is_told_is_handed_over),
        TEST(a_server_that_is_silent_is_given_up),
        TEST(a_request_that_is_cancelled_is_not_told),
        TEST(a_broken_answer_is_told),
        TEST(a_closed_port_is_told),
        TEST(a_url_that_is_too_long_is_no_request),
        TEST(ending_in_the_middle_tells_nothing),
        TEST(a_name_is_resolved_as_the_config_says),
        TEST(a_false_config_is_told),
        TEST(validators_and_robots_tags_are_handed_over),
        TEST(a_validator_with_control_characters_is_dropped),
        TEST(a_condition_is_sent_as_the_server_gave_it),
        TEST(a_condition_holds_for_one_request),
        TEST(a_condition_that_no_server_gave_is_not_sent),
        TEST(a_head_of_too_many_lines_fails_for_good),
        TEST(heads_and_trailers_without_an_end_are_given_up),
        TEST(an_extension_without_end_is_a_flood),
        TEST(a_server_that_trickles_is_given_up_before_the_time),
        TEST(an_answer_tells_how_it_came),
        TEST(an_address_gives_no_dns_answers),
        TEST(a_name_without_an_address_is_told),
        TEST(what_waits_for_its_name_can_be_cancelled),
        TEST(a_name_that_is_looked_up_tells_all_its_addresses),
        TEST(an_address_that_is_busy_is_told),
        TEST(a_kept_connection_does_not_ask),
        TEST(of_several_addresses_one_that_is_free_is_used),
        TEST(a_busy_address_is_not_what_is_wrong_with_a_dead_one),
        TEST(only_an_address_that_is_allowed_is_asked_for),
        TEST(a_dead_address_beside_one_not_allowed_is_worth_a_retry),
        TEST(an_address_in_other_writing_is_the_same_address),
        TEST(no_other_scheme_is_fetched),
        TEST(of_several_addresses_one_that_is_allowed_is_used),
        TEST(each_answer_of_the_name_server_is_judged),
        TEST(the_next_request_leaves_before_an_answer_is_worked_on),
    };

    return cmocka_run_group_tests(tests, set_up_all, tear_down_all);
}
