#include "hostile_h2.h"

#include <openssl/ssl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FRAME_HEAD 9
#define FRAME_MAX 16384 /* what a client takes unless it says more */
#define PAGE "<p>a page in two parts"

/* RFC 9113, 6 */
enum type {
    DATA = 0,
    HEADERS = 1,
    RST_STREAM = 3,
    SETTINGS = 4,
    PUSH_PROMISE = 5,
    PING = 6,
    GOAWAY = 7,
    CONTINUATION = 9
};

enum { END_STREAM = 1, ACK = 1, END_HEADERS = 4 };
enum { INTERNAL_ERROR = 2, CALM_DOWN = 11 };

static SSL_CTX *context;

struct connection {
    SSL *ssl;
    uint32_t stream; /* of the request */
};

/* ---- frames ------------------------------------------------------------- */

static void put(struct connection *c, const void *bytes, size_t len)
{
    if (len > 0 && SSL_write(c->ssl, bytes, (int)len) <= 0)
        _exit(0);
}

static void get(struct connection *c, void *bytes, size_t len)
{
    char *at = bytes;

    while (len > 0) {
        int got = SSL_read(c->ssl, at, (int)len);

        if (got <= 0)
            _exit(0);
        at += got;
        len -= (size_t)got;
    }
}

static void put_u32(unsigned char *at, uint32_t value)
{
    at[0] = (unsigned char)(value >> 24);
    at[1] = (unsigned char)(value >> 16);
    at[2] = (unsigned char)(value >> 8);
    at[3] = (unsigned char)value;
}

static uint32_t get_u32(const unsigned char *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 |
           (uint32_t)at[2] << 8 | at[3];
}

static void frame(struct connection *c, enum type type, int flags,
                  uint32_t stream, const void *bytes, size_t len)
{
    unsigned char whole[FRAME_HEAD + FRAME_MAX];

    put_u32(whole, (uint32_t)len << 8 | (uint32_t)type);
    whole[4] = (unsigned char)flags;
    put_u32(whole + 5, stream);
    if (len > 0)
        memcpy(whole + FRAME_HEAD, bytes, len);
    put(c, whole, FRAME_HEAD + len);
}

/* Until the client hangs up: libcurl takes the end of a connection for the
 * end of a page, and would not see what was sent just before it. */
static void await_end(struct connection *c)
{
    char byte;

    for (;;)
        get(c, &byte, 1);
}

/* Up to the head of the request; what else comes is passed over. */
static void read_request(struct connection *c)
{
    unsigned char head[FRAME_HEAD];
    char preface[24];
    static char payload[1 << 24];

    get(c, preface, sizeof preface);
    frame(c, SETTINGS, 0, 0, NULL, 0);
    do {
        get(c, head, sizeof head);
        get(c, payload, get_u32(head) >> 8);
    } while (head[3] != HEADERS);
    c->stream = get_u32(head + 5);
}

/* ":status: 200" and "content-type: text/html". (RFC 7541) */
static const unsigned char ok_head[] = {0x88, 0x0F, 0x10, 9,   't', 'e', 'x',
                                        't',  '/',  'h',  't', 'm', 'l'};

static void begin_page(struct connection *c)
{
    frame(c, HEADERS, END_HEADERS, c->stream, ok_head, sizeof ok_head);
    frame(c, DATA, 0, c->stream, PAGE, sizeof PAGE - 1);
}

/* ---- answers ------------------------------------------------------------ */

static void whole(struct connection *c)
{
    begin_page(c);
    frame(c, DATA, END_STREAM, c->stream, "</p>", 4);
}

static void rst(struct connection *c)
{
    unsigned char code[4];

    begin_page(c);
    put_u32(code, INTERNAL_ERROR);
    frame(c, RST_STREAM, 0, c->stream, code, sizeof code);
    await_end(c);
}

static void goaway(struct connection *c)
{
    unsigned char code[8] = {0}; /* no stream was served */

    begin_page(c);
    put_u32(code + 4, CALM_DOWN);
    frame(c, GOAWAY, 0, 0, code, sizeof code);
}

static void continuation(struct connection *c)
{
    frame(c, HEADERS, 0, c->stream, ok_head, sizeof ok_head);
    for (;;)
        frame(c, CONTINUATION, 0, c->stream, NULL, 0);
}

/* Headers without an end, none of them twice. */
static void headers(struct connection *c)
{
    unsigned char line[] = "\x00\x05x-000\x05value";

    frame(c, HEADERS, 0, c->stream, ok_head, sizeof ok_head);
    for (unsigned i = 0;; i++) {
        line[4] = (unsigned char)('0' + i / 100 % 10);
        line[5] = (unsigned char)('0' + i / 10 % 10);
        line[6] = (unsigned char)('0' + i % 10);
        frame(c, CONTINUATION, 0, c->stream, line, sizeof line - 1);
    }
}

/* A header of 3,000 bytes that is put into the table once, and then named by
 * a single byte 12,000 times. */
static void list(struct connection *c)
{
    static unsigned char block[FRAME_MAX];
    size_t len = sizeof ok_head;

    memcpy(block, ok_head, len);
    memcpy(block + len, "\x40\x03x-a\x7F\xB9\x16", 8); /* 127 + 57 + 22*128 */
    len += 8;
    memset(block + len, 'a', 3000);
    len += 3000;
    memset(block + len, 0xBE, 12000);
    len += 12000;
    frame(c, HEADERS, END_HEADERS, c->stream, block, len);
    frame(c, DATA, END_STREAM, c->stream, PAGE, sizeof PAGE - 1);
}

static void ping(struct connection *c)
{
    for (;;)
        frame(c, PING, 0, 0, "12345678", 8);
}

static void settings(struct connection *c)
{
    static const unsigned char value[] = {0, 3, 0, 0, 0, 100};

    for (;;)
        frame(c, SETTINGS, 0, 0, value, sizeof value);
}

static void endless(struct connection *c)
{
    static char text[FRAME_MAX];

    begin_page(c);
    memset(text, 'a', sizeof text);
    for (;;)
        frame(c, DATA, 0, c->stream, text, sizeof text);
}

static void empty(struct connection *c)
{
    begin_page(c);
    for (;;)
        frame(c, DATA, 0, c->stream, NULL, 0);
}

static void push(struct connection *c)
{
    static const unsigned char promise[] = {0, 0, 0, 2, 0x82, 0x84, 0x87};

    frame(c, PUSH_PROMISE, END_HEADERS, c->stream, promise, sizeof promise);
    whole(c);
}

static void garbage(struct connection *c)
{
    char noise[FRAME_MAX];

    memset(noise, 0xA5, sizeof noise);
    put(c, noise, sizeof noise);
}

static void no_status(struct connection *c)
{
    frame(c, HEADERS, END_HEADERS | END_STREAM, c->stream, ok_head + 1,
          sizeof ok_head - 1);
}

static void silent(struct connection *c)
{
    begin_page(c);
    (void)pause();
}

static void (*const answers[])(struct connection *) = {
    whole,    rst,     goaway, continuation, headers, list,      ping,
    settings, endless, empty,  push,         garbage, no_status, silent};

const char *const hostile_h2_names[] = {"whole",        "rst",      "goaway",
                                        "continuation", "headers",  "list",
                                        "ping",         "settings", "endless",
                                        "empty",        "push",     "garbage",
                                        "no-status",    "silent"};

const size_t hostile_h2_count = sizeof answers / sizeof *answers;

/* ---- serving ------------------------------------------------------------ */

static int choose_h2(SSL *ssl, const unsigned char **out, unsigned char *len,
                     const unsigned char *offered, unsigned offered_len,
                     void *self)
{
    static const unsigned char h2[] = "\x02h2";

    (void)ssl;
    (void)self;
    return SSL_select_next_proto((unsigned char **)(uintptr_t)out, len, h2,
                                 sizeof h2 - 1, offered,
                                 offered_len) == OPENSSL_NPN_NEGOTIATED
               ? SSL_TLSEXT_ERR_OK
               : SSL_TLSEXT_ERR_ALERT_FATAL;
}

void hostile_h2_init(const char *pem, const char *key)
{
    context = SSL_CTX_new(TLS_server_method());
    if (!context ||
        SSL_CTX_use_certificate_file(context, pem, SSL_FILETYPE_PEM) != 1 ||
        SSL_CTX_use_PrivateKey_file(context, key, SSL_FILETYPE_PEM) != 1) {
        (void)fprintf(stderr, "hostile: cannot read '%s' or '%s'\n", pem, key);
        exit(1);
    }
    SSL_CTX_set_alpn_select_cb(context, choose_h2, NULL);
}

void hostile_h2_serve(int fd, size_t number)
{
    struct connection c = {.ssl = SSL_new(context)};

    if (!c.ssl || SSL_set_fd(c.ssl, fd) != 1 || SSL_accept(c.ssl) != 1)
        return;
    read_request(&c);
    answers[number](&c);
    (void)SSL_shutdown(c.ssl);
    SSL_free(c.ssl);
}
