/* socket.h - a client that sends just what it is told, for tests. */
#ifndef AW_TESTS_WEB_SOCKET_H
#define AW_TESTS_WEB_SOCKET_H

#include <arpa/inet.h>
#include <poll.h>
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

#include "base/clock.h"

#define ANSWER_MAX (1 << 16)
#define PATIENCE_MS 30000 /* of a test: far more than is needed */

static inline int dial(int port)
{
    struct sockaddr_in to = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    assert_true(fd >= 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof to), 0);
    return fd;
}

/* The other end may have hung up: that is for what is read to tell. */
static inline void say_bytes(int fd, const char *bytes, size_t len)
{
    while (len > 0) {
        ssize_t sent = send(fd, bytes, len, MSG_NOSIGNAL);

        if (sent <= 0)
            return;
        bytes += sent;
        len -= (size_t)sent;
    }
}

static inline void say(int fd, const char *text)
{
    say_bytes(fd, text, strlen(text));
}

static inline int64_t now_ms(void)
{
    return aw_clock_mono(aw_clock_system());
}

/* Reads until the other end hangs up; fails after PATIENCE_MS. What does not
 * fit is thrown away. */
static inline size_t hear_all(int fd, char out[ANSWER_MAX])
{
    struct pollfd wait = {.fd = fd, .events = POLLIN};
    int64_t until = now_ms() + PATIENCE_MS;
    char rest[4096];
    size_t len = 0;

    for (;;) {
        bool full = len + 1 >= ANSWER_MAX;
        ssize_t got;

        assert_true(now_ms() < until);
        if (poll(&wait, 1, 100) == 0)
            continue;
        got = full ? recv(fd, rest, sizeof rest, 0)
                   : recv(fd, out + len, ANSWER_MAX - 1 - len, 0);
        if (got <= 0)
            break;
        len += full ? 0 : (size_t)got;
    }
    out[len] = '\0';
    return len;
}

/* Sends text on a connection of its own and reads the answer, hung up on. */
static inline void ask(int port, const char *text, char out[ANSWER_MAX])
{
    int fd = dial(port);

    say(fd, text);
    (void)hear_all(fd, out);
    (void)close(fd);
}

/* The status of an answer; 0: hung up on without one. */
static inline int status_of(const char *answer)
{
    return strncmp(answer, "HTTP/1.1 ", 9) == 0
               ? (int)strtol(answer + 9, NULL, 10)
               : 0;
}

static inline const char *body_of_answer(const char *answer)
{
    const char *end = strstr(answer, "\r\n\r\n");

    return end ? end + 4 : "";
}

#endif
