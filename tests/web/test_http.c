#include "tests/web/socket.h"

#include <fcntl.h>
#include <pthread.h>

#include "web/http.h"

#define BODY_MAX 1000
#define CLOSE "Connection: close\r\n"
#define HOST "Host: a.example\r\n"

static struct aw_http *http;
static struct aw_err err;
static char answer[ANSWER_MAX];
static int seen_refused;
static volatile int entered;

/* Tells what came; "/slow", "/large" and "/file" as their tests say. */
static void echo(void *self, const struct aw_http_request *request,
                 struct aw_http_reply *reply)
{
    struct aw_buf *out = &reply->body;

    (void)self;
    seen_refused = request->refused;
    entered = 1;
    if (request->refused) {
        reply->status = request->refused;
        return;
    }
    if (aw_str_eq(request->path, AW_STR("/slow")))
        (void)usleep(500 * 1000);
    if (aw_str_eq(request->path, AW_STR("/large")))
        for (int i = 0; i < 32; i++)
            (void)memset(aw_buf_reserve(out, 1 << 20), 'x', 1 << 20),
                out->len += 1 << 20;
    if (aw_str_eq(request->path, AW_STR("/file")))
        reply->fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
    reply->type = "text/plain";
    aw_buf_printf(out, "%d %.*s q=%.*s x=%.*s c=%.*s peer=%.*s body=%.*s",
                  request->method, AW_STR_ARG(request->path),
                  AW_STR_ARG(aw_http_query(request, "q")),
                  AW_STR_ARG(aw_http_field(request, "x-word")),
                  AW_STR_ARG(aw_http_cookie(request, "c")),
                  AW_STR_ARG(request->peer), AW_STR_ARG(request->body));
}

static struct aw_http_config config_of(void)
{
    return (struct aw_http_config){.bind = "127.0.0.1",
                                   .connections_max = 8,
                                   .idle_s = 1,
                                   .body_max = BODY_MAX,
                                   .reply_max = (size_t)64 << 20,
                                   .answer = echo};
}

static void start(const struct aw_http_config *config)
{
    assert_int_equal(aw_http_new(&http, config, &err), AW_OK);
    assert_int_equal(aw_http_start(http, &err), AW_OK);
    entered = 0;
}

static int set_up(void **state)
{
    struct aw_http_config config = config_of();

    (void)state;
    start(&config);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    aw_http_free(http);
    http = NULL;
    return 0;
}

static int port(void)
{
    return aw_http_port(http);
}

static void assert_status(const char *request, int status)
{
    ask(port(), request, answer);
    if (status_of(answer) != status)
        fail_msg("status %d, not %d, of: %.200s", status_of(answer), status,
                 request);
}

static void assert_body(const char *request, const char *body)
{
    assert_status(request, 200);
    assert_string_equal(body_of_answer(answer), body);
}

/* ---- what comes over -----------------------------------------------------
 */

static void a_request_comes_with_all_its_parts(void **state)
{
    (void)state;
    assert_body(
        "GET /a%20b/%E4%BF%9D?q=1+2%2B3&q=later HTTP/1.1\r\n" HOST CLOSE
        "X-WORD: w\r\nCookie: b=1; c=tok; c=2\r\n\r\n",
        "0 /a b/保 q=1 2+3 x=w c=tok peer=127.0.0.1 body=");
}

static void each_method_is_known_and_others_are_refused(void **state)
{
    static const char *const words[] = {"GET", "POST", "PUT", "PATCH",
                                        "DELETE"};
    char request[200], want[100];

    (void)state;
    for (int i = 0; i < AW_METHOD_COUNT; i++) {
        (void)snprintf(request, sizeof request,
                       "%s / HTTP/1.1\r\n" HOST CLOSE "\r\n", words[i]);
        (void)snprintf(want, sizeof want,
                       "%d / q= x= c= peer=127.0.0.1 body=", i);
        assert_body(request, want);
    }
    assert_status("BREW / HTTP/1.1\r\n" HOST CLOSE "\r\n", 501);
    assert_status("TRACE / HTTP/1.1\r\n" HOST CLOSE "\r\n", 501);
}

static void head_is_get_without_its_body(void **state)
{
    (void)state;
    assert_body("HEAD / HTTP/1.1\r\n" HOST CLOSE "\r\n", "");
    assert_non_null(strstr(answer, "Content-Length: 33\r\n"));
}

static void a_body_comes_whole_however_it_is_cut(void **state)
{
    int fd = dial(port());

    (void)state;
    say(fd, "POST / HTTP/1.1\r\n" HOST CLOSE "Content-Length: 6\r\n\r\nab");
    (void)usleep(50 * 1000);
    say(fd, "cdef");
    (void)hear_all(fd, answer);
    (void)close(fd);
    assert_string_equal(body_of_answer(answer),
                        "1 / q= x= c= peer=127.0.0.1 body=abcdef");
    assert_body(
        "POST / HTTP/1.1\r\n" HOST CLOSE
        "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n3;x=y\r\ndef\r\n"
        "0\r\nTrailer: t\r\n\r\n",
        "1 / q= x= c= peer=127.0.0.1 body=abcdef");
}

static void a_connection_serves_several_requests(void **state)
{
    (void)state;
    ask(port(),
        "POST /1 HTTP/1.1\r\n" HOST "Content-Length: 1\r\n\r\nx"
        "GET /2 HTTP/1.1\r\n" HOST CLOSE "\r\n",
        answer);
    assert_non_null(strstr(answer, "1 /1 q="));
    assert_non_null(strstr(answer, "0 /2 q="));
}

static void a_file_is_sent_whole(void **state)
{
    int fd = dial(port());
    int size = 0;

    (void)state;
    say(fd, "GET /file HTTP/1.1\r\n" HOST CLOSE "\r\n");
    (void)hear_all(fd, answer);
    (void)close(fd);
    assert_int_equal(status_of(answer), 200);
    assert_memory_equal(body_of_answer(answer), "\177ELF", 4);
    assert_non_null(strstr(answer, "Content-Length: "));
    size = atoi(strstr(answer, "Content-Length: ") + 16);
    assert_true(size > ANSWER_MAX);
}

/* ---- bodies that are too long --------------------------------------------
 */

static void post(char *out, size_t size, int length, int sent)
{
    int at =
        snprintf(out, size,
                 "POST / HTTP/1.1\r\n" HOST CLOSE "Content-Length: %d\r\n\r\n",
                 length);

    memset(out + at, 'x', (size_t)sent);
    out[at + sent] = '\0';
}

static void a_body_of_just_the_limit_is_taken_and_one_more_is_not(void **state)
{
    char request[BODY_MAX + 200];

    (void)state;
    post(request, sizeof request, BODY_MAX, BODY_MAX);
    assert_status(request, 200);
    post(request, sizeof request, BODY_MAX + 1, BODY_MAX + 1);
    assert_status(request, 413);
    assert_int_equal(seen_refused, 413);
}

static void a_body_that_is_said_to_be_huge_is_not_waited_for(void **state)
{
    (void)state;
    assert_status("POST / HTTP/1.1\r\n" HOST
                  "Content-Length: 9999999999\r\n\r\n",
                  413);
    assert_status("POST / HTTP/1.1\r\n" HOST "Expect: 100-continue\r\n"
                  "Content-Length: 2000\r\n\r\n",
                  413);
}

static void chunks_over_the_limit_are_refused(void **state)
{
    char request[4000];
    int at = snprintf(request, sizeof request,
                      "POST / HTTP/1.1\r\n" HOST CLOSE
                      "Transfer-Encoding: chunked\r\n\r\n");

    (void)state;
    for (int i = 0; i < 11; i++)
        at += snprintf(request + at, sizeof request - (size_t)at,
                       "64\r\n%0100d\r\n", i);
    (void)snprintf(request + at, sizeof request - (size_t)at, "0\r\n\r\n");
    assert_status(request, 413);
}

static void chunks_without_end_are_hung_up_on(void **state)
{
    static char chunk[(1 << 16) + 16];
    int fd = dial(port());
    int at = snprintf(chunk, sizeof chunk, "10000\r\n");

    (void)state;
    memset(chunk + at, 'x', 1 << 16);
    memcpy(chunk + at + (1 << 16), "\r\n", 3);
    say(fd, "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n");
    for (int i = 0; i < 64; i++)
        say_bytes(fd, chunk, (size_t)at + (1 << 16) + 2);
    (void)hear_all(fd, answer);
    (void)close(fd);
    assert_int_equal(status_of(answer), 0);
    assert_int_equal(entered, 0);
}

static void a_body_shorter_than_it_is_said_is_no_request(void **state)
{
    (void)state;
    ask(port(),
        "POST / HTTP/1.1\r\n" HOST CLOSE "Content-Length: 10\r\n\r\nabc",
        answer);
    assert_int_not_equal(status_of(answer), 200);
    assert_int_equal(entered, 0);
}

/* ---- what is malformed ---------------------------------------------------
 */

static void what_has_two_meanings_is_refused(void **state)
{
    (void)state;
    assert_status("POST / HTTP/1.1\r\n" HOST CLOSE "Content-Length: 3\r\n"
                  "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                  400);
    assert_status("GET / HTTP/1.1\r\n" HOST "Host: b.example\r\n" CLOSE "\r\n",
                  400);
    assert_status("POST / HTTP/1.1\r\n" HOST CLOSE "Content-Length: 1\r\n"
                  "Content-Length: 2\r\n\r\nxx",
                  400);
}

static void addresses_that_are_malformed_are_refused(void **state)
{
    static const char *const targets[] = {"/%zz",   "/%4",
                                          "/a%00b", "/%0a",
                                          "/%ff",   "/?q=%00",
                                          "/?%",    "/?%C0",
                                          "*",      "http://a.example/"};
    char request[200];

    (void)state;
    for (size_t i = 0; i < sizeof targets / sizeof *targets; i++) {
        (void)snprintf(request, sizeof request,
                       "GET %s HTTP/1.1\r\n" HOST CLOSE "\r\n", targets[i]);
        assert_status(request, 400);
    }
}

static void heads_that_are_too_large_are_refused(void **state)
{
    static const size_t sizes[] = {AW_HTTP_HEAD_MAX, AW_HTTP_HEAD_MAX * 2,
                                   (size_t)1 << 20};

    (void)state;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        char *request = calloc(1, sizes[i] + 100);
        int status;

        assert_non_null(request);
        (void)strcpy(request, "GET / HTTP/1.1\r\n" HOST CLOSE "X: ");
        memset(request + strlen(request), 'x', sizes[i]);
        (void)strcat(request, "\r\n\r\n");
        ask(port(), request, answer);
        free(request);
        status = status_of(answer);
        assert_true(status == 431 || status == 413 || status == 0);
    }
    assert_body("GET / HTTP/1.1\r\n" HOST CLOSE "\r\n",
                "0 / q= x= c= peer=127.0.0.1 body=");
}

static void what_is_no_http_is_not_handed_over(void **state)
{
    (void)state;
    ask(port(), "\x16\x03\x01 hello\r\n\r\n", answer);
    ask(port(), "GET /\r\n\r\n", answer);
    assert_int_not_equal(status_of(answer), 200);
    assert_int_equal(entered, 0);
}

/* ---- who takes too long --------------------------------------------------
 */

static void silence_is_hung_up_on(void **state)
{
    (void)state;
    ask(port(), "", answer);
    ask(port(), "GET / HTTP/1.1\r\nHost:", answer);
    assert_int_equal(entered, 0);
}

/* A byte now and then is no silence. */
static void trickles_are_hung_up_on(void **state)
{
    int fd = dial(port());
    int64_t until = now_ms() + PATIENCE_MS;
    struct pollfd over = {.fd = fd, .events = POLLIN};

    (void)state;
    say(fd, "GET / HTTP/1.1\r\n");
    while (poll(&over, 1, 200) == 0) {
        assert_true(now_ms() < until);
        say(fd, "X: y\r\n");
    }
    (void)close(fd);
    assert_int_equal(entered, 0);
}

static void connections_over_the_limit_are_hung_up_on(void **state)
{
    static const char request[] = "GET / HTTP/1.1\r\n" HOST CLOSE "\r\n";
    int64_t until = now_ms() + PATIENCE_MS;
    int idle[8];

    (void)state;
    for (int i = 0; i < 8; i++)
        idle[i] = dial(port());
    (void)usleep(100 * 1000);
    ask(port(), request, answer);
    assert_int_equal(status_of(answer), 0);
    do { /* until the idle ones were hung up on */
        assert_true(now_ms() < until);
        ask(port(), request, answer);
    } while (status_of(answer) != 200);
    for (int i = 0; i < 8; i++)
        (void)close(idle[i]);
}

/* ---- the end -------------------------------------------------------------
 */

static void *free_it(void *self)
{
    (void)self;
    aw_http_free(http);
    http = NULL;
    return NULL;
}

static void what_is_asked_is_answered_before_the_end(void **state)
{
    pthread_t other;
    int fd = dial(port());

    (void)state;
    say(fd, "GET /slow HTTP/1.1\r\n" HOST "\r\n");
    while (!entered)
        (void)usleep(1000);
    assert_int_equal(pthread_create(&other, NULL, free_it, NULL), 0);
    (void)hear_all(fd, answer);
    (void)close(fd);
    assert_int_equal(pthread_join(other, NULL), 0);
    assert_int_equal(status_of(answer), 200);
    assert_non_null(strstr(answer, "Connection: close"));
}

static void who_does_not_read_does_not_hold_up_the_end(void **state)
{
    int fd = dial(port());
    int64_t began;

    (void)state;
    say(fd, "GET /large HTTP/1.1\r\n" HOST "\r\n");
    while (!entered)
        (void)usleep(1000);
    began = now_ms();
    (void)free_it(NULL);
    assert_true(now_ms() - began < PATIENCE_MS);
    (void)close(fd);
}

/* ---- starting ------------------------------------------------------------
 */

static void a_port_that_is_taken_is_told(void **state)
{
    struct aw_http_config config = config_of();
    struct aw_http *second = NULL;

    (void)state;
    config.port = port();
    assert_int_equal(aw_http_new(&second, &config, &err), AW_BUSY);
    assert_non_null(strstr(err.msg, "cannot listen on 127.0.0.1 port"));
}

static void an_address_that_is_none_is_told(void **state)
{
    struct aw_http_config config = config_of();
    struct aw_http *second = NULL;

    (void)state;
    config.bind = "localhost";
    assert_int_equal(aw_http_new(&second, &config, &err), AW_INVALID);
}

static void a_certificate_that_is_none_is_told(void **state)
{
    struct aw_http_config config = config_of();
    struct aw_http *second = NULL;

    (void)state;
    config.certificate = "no certificate";
    config.key = "no key";
    assert_int_equal(aw_http_new(&second, &config, &err), AW_OK);
    assert_int_equal(aw_http_start(second, &err), AW_INVALID);
    assert_non_null(strstr(err.msg, "certificate"));
    aw_http_free(second);
}

static void a_field_with_a_line_break_is_refused(void **state)
{
    struct aw_http_reply reply = {0};

    (void)state;
    aw_arena_init(&reply.arena, 1000);
    assert_int_equal(aw_http_reply_field(&reply, "X",
                                         AW_STR("a\r\nSet-Cookie: b"), &err),
                     AW_INVALID);
    assert_int_equal(reply.field_count, 0);
    for (int i = 0; i < AW_HTTP_FIELDS_MAX; i++)
        assert_int_equal(aw_http_reply_field(&reply, "X", AW_STR("a"), &err),
                         AW_OK);
    assert_int_equal(aw_http_reply_field(&reply, "X", AW_STR("a"), &err),
                     AW_LIMIT);
    aw_arena_deinit(&reply.arena);
}

#define UNIT(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(a_request_comes_with_all_its_parts),
        UNIT(each_method_is_known_and_others_are_refused),
        UNIT(head_is_get_without_its_body),
        UNIT(a_body_comes_whole_however_it_is_cut),
        UNIT(a_connection_serves_several_requests),
        UNIT(a_file_is_sent_whole),
        UNIT(a_body_of_just_the_limit_is_taken_and_one_more_is_not),
        UNIT(a_body_that_is_said_to_be_huge_is_not_waited_for),
        UNIT(chunks_over_the_limit_are_refused),
        UNIT(chunks_without_end_are_hung_up_on),
        UNIT(a_body_shorter_than_it_is_said_is_no_request),
        UNIT(what_has_two_meanings_is_refused),
        UNIT(addresses_that_are_malformed_are_refused),
        UNIT(heads_that_are_too_large_are_refused),
        UNIT(what_is_no_http_is_not_handed_over),
        UNIT(silence_is_hung_up_on),
        UNIT(trickles_are_hung_up_on),
        UNIT(connections_over_the_limit_are_hung_up_on),
        UNIT(what_is_asked_is_answered_before_the_end),
        UNIT(who_does_not_read_does_not_hold_up_the_end),
        UNIT(a_port_that_is_taken_is_told),
        UNIT(an_address_that_is_none_is_told),
        UNIT(a_certificate_that_is_none_is_told),
        UNIT(a_field_with_a_line_break_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
