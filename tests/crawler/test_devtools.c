/* The other end of the pipe is the test itself. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "crawler/devtools.h"

#define TURNS 50

struct fixture {
    struct aw_loop *loop;
    struct aw_devtools *devtools;
    int here, there;
    struct aw_buf seen; /* what was called back, in words */
};

static void on_event(void *self, struct aw_str method,
                     const struct aw_devtools_message *event)
{
    struct fixture *f = self;

    aw_buf_printf(&f->seen, "event %.*s", AW_STR_ARG(method));
    aw_buf_printf(&f->seen, " %.*s",
                  AW_STR_ARG(aw_devtools_text(event, "params.a.b")));
    aw_buf_printf(&f->seen, " %d\n",
                  (int)aw_devtools_int(event, "params.n", -1));
}

static void on_ended(void *self, const char *why)
{
    struct fixture *f = self;

    aw_buf_printf(&f->seen, "ended: %s\n", why);
}

static void on_reply(void *self, const struct aw_devtools_message *reply,
                     const char *failed)
{
    struct fixture *f = self;

    aw_buf_printf(&f->seen, "reply %.*s %s\n",
                  AW_STR_ARG(aw_devtools_text(reply, "result.text")),
                  failed ? failed : "ok");
}

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    struct aw_devtools_config config = {.event = on_event,
                                        .ended = on_ended,
                                        .self = f};
    struct aw_err err;
    int fds[2];

    assert_non_null(f);
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
    assert_int_equal(fcntl(fds[0], F_SETFL, O_NONBLOCK), 0);
    f->here = fds[0];
    f->there = fds[1];
    aw_buf_init(&f->seen, 4096);
    assert_int_equal(aw_loop_new(&f->loop, &err), AW_OK);
    config.loop = f->loop;
    config.fd = f->here;
    assert_int_equal(aw_devtools_new(&f->devtools, &config, &err), AW_OK);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;

    aw_devtools_free(f->devtools);
    aw_loop_free(f->loop);
    aw_buf_deinit(&f->seen);
    (void)close(f->here);
    if (f->there >= 0)
        (void)close(f->there);
    free(f);
    return 0;
}

static void turn(struct fixture *f)
{
    struct aw_err err;

    for (int i = 0; i < TURNS && f->seen.len == 0; i++)
        assert_int_equal(aw_loop_wait(f->loop, 20, &err), AW_OK);
}

/* With the NUL behind it. */
static void say(struct fixture *f, const char *message)
{
    size_t len = strlen(message) + 1;

    assert_int_equal(write(f->there, message, len), (ssize_t)len);
}

static void expect(struct fixture *f, const char *seen)
{
    turn(f);
    assert_string_equal(f->seen.len ? f->seen.ptr : "", seen);
    aw_buf_reset(&f->seen);
}

static void test_events_and_their_values(void **state)
{
    struct fixture *f = *state;

    say(f, "{\"method\":\"Page.x\",\"params\":{\"a\":{\"b\":\"\\u4fdd\"},"
           "\"n\":7.9}}");
    expect(f, "event Page.x 保 7\n");
    say(f, "{\"method\":\"Page.y\",\"params\":{\"a\":5,\"n\":1e300}}");
    expect(f, "event Page.y  -1\n");
}

static void test_texts_that_are_none_lose_no_more_than_that(void **state)
{
    struct fixture *f = *state;

    say(f, "{\"method\":\"P\",\"params\":{\"a\":{\"b\":\"x\\u0000y\\ud800z"
           "\\udc00\\ud83d\\ude00\\\\u0000\\\"\"}}}");
    expect(f, "event P x\xEF\xBF\xBDy\xEF\xBF\xBDz\xEF\xBF\xBD\xF0\x9F\x98\x80"
              "\\u0000\" -1\n");
}

static void test_commands_and_replies_by_id(void **state)
{
    struct fixture *f = *state;
    char got[256] = "";
    struct aw_err err;

    aw_devtools_send(f->devtools, "S1", "Page.go", AW_STR("{\"url\":\"x\"}"),
                     on_reply, f);
    aw_devtools_send(f->devtools, "", "Page.stop", AW_STR(""), on_reply, f);
    assert_int_equal(aw_loop_wait(f->loop, 1000, &err), AW_OK);
    assert_true(read(f->there, got, sizeof got - 1) > 0);
    assert_string_equal(got, "{\"id\":1,\"method\":\"Page.go\","
                             "\"sessionId\":\"S1\",\"params\":{\"url\":\"x\"}"
                             "}");
    assert_string_equal(got + strlen(got) + 1,
                        "{\"id\":2,\"method\":\"Page.stop\"}");
    say(f, "{\"id\":2,\"error\":{\"message\":\"no such page\"}}");
    expect(f, "reply  no such page\n");
    say(f, "{\"id\":1,\"result\":{\"text\":\"done\"}}");
    expect(f, "reply done ok\n");
}

static void test_a_reply_that_nobody_waits_for(void **state)
{
    struct fixture *f = *state;

    aw_devtools_send(f->devtools, "", "A.b", AW_STR(""), on_reply, f);
    aw_devtools_forget(f->devtools, f);
    say(f, "{\"id\":1,\"result\":{}}");
    say(f, "{\"id\":77,\"result\":{}}");
    say(f, "{\"id\":-1}");
    say(f, "{\"method\":\"last\"}");
    expect(f, "event last  -1\n");
}

static void test_messages_in_pieces(void **state)
{
    struct fixture *f = *state;
    struct aw_err err;

    assert_int_equal(write(f->there, "{\"meth", 6), 6);
    assert_int_equal(aw_loop_wait(f->loop, 1000, &err), AW_OK);
    say(f, "od\":\"one\"}");
    expect(f, "event one  -1\n");
}

static void test_what_is_no_message_ends_the_pipe(void **state)
{
    struct fixture *f = *state;

    say(f, "[1]");
    expect(f, "ended: the browser sent what is no message\n");
    say(f, "{\"method\":\"late\"}");
    expect(f, "");
}

static void test_deep_nesting_ends_the_pipe(void **state)
{
    struct fixture *f = *state;
    char deep[2 * AW_DEVTOOLS_NESTING_MAX + 16];

    memset(deep, '[', sizeof deep - 1);
    deep[sizeof deep - 1] = '\0';
    say(f, deep);
    expect(f, "ended: the browser sent a message with too many values\n");
}

static void test_many_values_end_the_pipe(void **state)
{
    struct fixture *f = *state;
    struct aw_buf many;

    aw_buf_init(&many, 2 * AW_DEVTOOLS_VALUES_MAX + 64);
    aw_buf_puts(&many, "{\"method\":\"x\",\"a\":[0");
    for (size_t i = 0; i < AW_DEVTOOLS_VALUES_MAX; i++)
        aw_buf_puts(&many, ",0");
    aw_buf_puts(&many, "]}");
    assert_int_equal(many.rc, AW_OK);
    say(f, many.ptr);
    expect(f, "ended: the browser sent a message with too many values\n");
    aw_buf_deinit(&many);
}

static void test_a_closed_pipe_is_told(void **state)
{
    struct fixture *f = *state;

    (void)close(f->there);
    f->there = -1;
    expect(f, "ended: the browser closed the pipe\n");
}

/* Some of what is there; adds to *ends how many NULs. */
static size_t take_bytes(int fd, int *ends)
{
    char piece[8192];
    ssize_t got = recv(fd, piece, sizeof piece, MSG_DONTWAIT);

    for (ssize_t i = 0; i < got; i++)
        *ends += piece[i] == '\0';
    return got > 0 ? (size_t)got : 0;
}

/* Were the rest moved down after each piece, this would take minutes. */
static void test_a_great_command_goes_in_small_pieces(void **state)
{
    struct fixture *f = *state;
    size_t most = AW_DEVTOOLS_QUEUE_MAX - 4096;
    int small = 4096;
    clock_t began = clock();
    struct aw_buf great;
    size_t got = 0;
    int ends = 0;
    struct aw_err err;

    aw_buf_init(&great, most);
    assert_non_null(aw_buf_reserve(&great, most - 1));
    memset(great.ptr, 'x', most - 1);
    great.len = most - 1;
    assert_int_equal(setsockopt(f->here, SOL_SOCKET, SO_SNDBUF, &small,
                                sizeof small),
                     0);
    aw_devtools_send(f->devtools, "", "A.great", aw_buf_str(&great), NULL, f);
    for (bool told = false; got < most || ends < 2;) {
        assert_int_equal(aw_loop_wait(f->loop, 20, &err), AW_OK);
        got += take_bytes(f->there, &ends);
        if (!told && got > most / 4)
            aw_devtools_send(f->devtools, "", "A.next", AW_STR("{}"), NULL, f);
        told = got > most / 4;
        assert_true((clock() - began) / CLOCKS_PER_SEC < 10);
    }
    assert_int_equal(ends, 2);
    assert_int_equal(f->seen.len, 0);
    aw_buf_deinit(&great);
}

static void test_base64_there_and_back(void **state)
{
    static const char bytes[] = "\0\1\2保本\xff";
    struct aw_buf text;
    struct aw_buf back;
    struct aw_err err;

    (void)state;
    aw_buf_init(&text, 1 << 20);
    aw_buf_init(&back, 1 << 20);
    for (size_t len = 0; len < sizeof bytes; len++) {
        struct aw_str quoted;

        aw_buf_reset(&text);
        aw_buf_reset(&back);
        aw_devtools_put_base64(&text, NULL, (struct aw_str){bytes, len});
        quoted = aw_buf_str(&text);
        assert_int_equal(aw_devtools_base64(aw_str_sub(quoted, 1,
                                                       quoted.len - 2),
                                            &back, &err),
                         AW_OK);
        assert_true(aw_str_eq(aw_buf_str(&back), (struct aw_str){bytes, len}));
    }
    assert_int_equal(aw_devtools_base64(AW_STR("a!=="), &back, &err),
                     AW_INVALID);
    assert_int_equal(aw_devtools_base64(AW_STR("abc"), &back, &err),
                     AW_INVALID);
    aw_buf_deinit(&text);
    aw_buf_deinit(&back);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_events_and_their_values),
        TEST(test_texts_that_are_none_lose_no_more_than_that),
        TEST(test_commands_and_replies_by_id),
        TEST(test_a_reply_that_nobody_waits_for),
        TEST(test_messages_in_pieces),
        TEST(test_what_is_no_message_ends_the_pipe),
        TEST(test_deep_nesting_ends_the_pipe),
        TEST(test_many_values_end_the_pipe),
        TEST(test_a_closed_pipe_is_told),
        TEST(test_a_great_command_goes_in_small_pieces),
        cmocka_unit_test(test_base64_there_and_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
