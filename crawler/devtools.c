#include "crawler/devtools.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <math.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/json.h"

#define READ_PIECE ((size_t)256 << 10)
#define READS_A_TURN 16 /* pieces, before others get their turn */
#define KEEP_MAX ((size_t)4 << 20)
#define NAME_MAX_BYTES 64
#define COMMAND_ROOM ((size_t)1024)     /* bytes around its params */
#define BASE64_PIECE ((size_t)48 << 10) /* bytes; a multiple of three */

struct aw_devtools_message {
    const cJSON *root;
};

struct pending {
    struct pending *next;
    int64_t id;
    aw_devtools_reply_fn *on_reply; /* NULL: forgotten */
    void *self;
};

struct aw_devtools {
    struct aw_devtools_config config;
    struct aw_buf in, out;
    size_t scanned; /* bytes of in that hold no NUL */
    size_t sent;    /* bytes of out that are gone */
    int64_t last_id;
    struct pending *pending;
    size_t pending_count;
    bool over;
};

/* ---- reading a message -------------------------------------------------- */

/* The value at a path; NULL where there is none. */
static const cJSON *find(const struct aw_devtools_message *message,
                         const char *path)
{
    const cJSON *at = message ? message->root : NULL;
    struct aw_str rest = aw_str_of(path);
    struct aw_str part = {0};
    char name[NAME_MAX_BYTES];

    while (at && aw_str_split(&rest, '.', &part)) {
        (void)snprintf(name, sizeof name, "%.*s", AW_STR_ARG(part));
        at = cJSON_GetObjectItemCaseSensitive(at, name);
    }
    return at;
}

struct aw_str aw_devtools_text(const struct aw_devtools_message *message,
                               const char *path)
{
    const cJSON *item = find(message, path);

    return cJSON_IsString(item) ? aw_str_of(item->valuestring) : AW_STR("");
}

int64_t aw_devtools_int(const struct aw_devtools_message *message,
                        const char *path, int64_t missing)
{
    const cJSON *item = find(message, path);

    if (!cJSON_IsNumber(item) || !isfinite(item->valuedouble) ||
        fabs(item->valuedouble) > 1e15)
        return missing;
    return (int64_t)item->valuedouble;
}

void aw_devtools_each(const struct aw_devtools_message *message,
                      const char *path, aw_devtools_pair_fn *visit, void *self)
{
    const cJSON *object = find(message, path);
    const cJSON *item;

    if (!cJSON_IsObject(object))
        return;
    cJSON_ArrayForEach (item, object)
        if (cJSON_IsString(item))
            visit(self, aw_str_of(item->string), aw_str_of(item->valuestring));
}

void aw_devtools_items(const struct aw_devtools_message *message,
                       const char *path, aw_devtools_item_fn *visit,
                       void *self)
{
    const cJSON *list = find(message, path);
    struct aw_devtools_message one;

    if (!cJSON_IsArray(list))
        return;
    cJSON_ArrayForEach (one.root, list)
        if (cJSON_IsObject(one.root))
            visit(self, &one);
}

/* ---- what comes --------------------------------------------------------- */

static void end(struct aw_devtools *d, const char *why)
{
    if (d->over)
        return;
    d->over = true;
    aw_loop_unwatch(d->config.loop, d->config.fd);
    d->config.ended(d->config.self, why);
}

static bool take_pending(struct aw_devtools *d, int64_t id,
                         struct pending *taken)
{
    for (struct pending **at = &d->pending; *at; at = &(*at)->next) {
        struct pending *p = *at;

        if (p->id != id)
            continue;
        *taken = *p;
        *at = p->next;
        d->pending_count--;
        free(p);
        return true;
    }
    return false;
}

static void on_reply(struct aw_devtools *d,
                     const struct aw_devtools_message *message, int64_t id)
{
    struct aw_str why = aw_devtools_text(message, "error.message");
    struct pending pending;
    char failed[256];

    if (!take_pending(d, id, &pending) || !pending.on_reply)
        return;
    if (why.len == 0)
        why = AW_STR("no reason given");
    (void)snprintf(failed, sizeof failed, "%.*s",
                   AW_STR_ARG(aw_str_sub(why, 0, sizeof failed - 1)));
    pending.on_reply(pending.self, message,
                     find(message, "error") ? failed : NULL);
}

/* cJSON goes down by recursion, and takes 64 bytes for each value. */
static bool is_too_deep(struct aw_str json)
{
    int depth = 0;
    bool in_text = false;

    for (size_t i = 0; i < json.len; i++) {
        char c = json.ptr[i];

        if (c == '"')
            in_text = !in_text;
        else if (in_text)
            i += c == '\\';
        else if (c == '[' || c == '{')
            depth++;
        else if (c == ']' || c == '}')
            depth--;
        if (depth > AW_DEVTOOLS_NESTING_MAX)
            return true;
    }
    return false;
}

/* The code unit of the escape \\uXXXX that stands first; below 0: there is
 * none. */
static int escaped_unit(const char *at, const char *end)
{
    int unit = 0;

    if (end - at < 6 || at[0] != '\\' || at[1] != 'u')
        return -1;
    for (int i = 2; i < 6; i++) {
        int digit = aw_hex_value(at[i]);

        if (digit < 0)
            return -1;
        unit = unit * 16 + digit;
    }
    return unit;
}

/* Pages have NULs and halves of pairs in their texts, by chance or not: cJSON
 * ends a text at the one and refuses the other. They become U+FFFD. */
static void mend_escapes(char *at, const char *end)
{
    static const char fffd[4] = {'f', 'f', 'f', 'd'};

    while ((at = memchr(at, '\\', (size_t)(end - at)))) {
        int unit = escaped_unit(at, end);
        int next =
            unit >= 0xD800 && unit < 0xDC00 ? escaped_unit(at + 6, end) : -1;

        if (next >= 0xDC00 && next < 0xE000) {
            at += 12;
            continue;
        }
        if (unit == 0 || (unit >= 0xD800 && unit < 0xE000))
            memcpy(at + 2, fffd, sizeof fffd);
        at += unit >= 0 ? 6 : 2;
        if (at >= end)
            return;
    }
}

static void take_message(struct aw_devtools *d, struct aw_str json)
{
    struct aw_devtools_message message;
    struct aw_str method;
    cJSON *root;

    if (aw_json_too_many(json, AW_DEVTOOLS_VALUES_MAX) || is_too_deep(json)) {
        end(d, "the browser sent a message with too many values");
        return;
    }
    root = cJSON_ParseWithLength(json.ptr, json.len);
    if (!cJSON_IsObject(root)) {
        cJSON_Delete(root);
        end(d, "the browser sent what is no message");
        return;
    }
    message.root = root;
    method = aw_devtools_text(&message, "method");
    if (method.len > 0)
        d->config.event(d->config.self, method, &message);
    else
        on_reply(d, &message, aw_devtools_int(&message, "id", -1));
    cJSON_Delete(root);
}

static void take_messages(struct aw_devtools *d)
{
    while (!d->over) {
        const char *nul =
            d->scanned < d->in.len
                ? memchr(d->in.ptr + d->scanned, 0, d->in.len - d->scanned)
                : NULL;
        size_t len;

        if (!nul)
            break;
        len = (size_t)(nul - d->in.ptr);
        mend_escapes(d->in.ptr, d->in.ptr + len);
        take_message(d, (struct aw_str){d->in.ptr, len});
        aw_buf_consume(&d->in, len + 1);
        d->scanned = 0;
    }
    d->scanned = d->in.len;
    if (d->in.len == 0 && d->in.cap > KEEP_MAX) {
        aw_buf_deinit(&d->in);
        aw_buf_init(&d->in, AW_DEVTOOLS_MESSAGE_MAX);
    }
}

/* True where a piece came, and there may be more. */
static bool read_piece(struct aw_devtools *d)
{
    char *room = aw_buf_reserve(&d->in, READ_PIECE);
    ssize_t got;

    if (!room) {
        end(d, "the browser sent a message over the limit");
        return false;
    }
    got = read(d->config.fd, room, READ_PIECE);
    if (got > 0) {
        d->in.len += (size_t)got;
        take_messages(d);
        return !d->over && (size_t)got == READ_PIECE;
    }
    if (got == 0 || (errno != EAGAIN && errno != EINTR))
        end(d, "the browser closed the pipe");
    return false;
}

/* ---- what goes ---------------------------------------------------------- */

static void on_pipe(void *self, int fd, unsigned events);

static void watch(struct aw_devtools *d)
{
    bool more = d->out.len > d->sent || d->out.rc != AW_OK;
    unsigned events = AW_LOOP_READ | (more ? AW_LOOP_WRITE : 0u);
    struct aw_err err;

    if (d->over)
        return;
    if (aw_loop_watch(d->config.loop, d->config.fd, events,
                      (struct aw_loop_watch){on_pipe, d}, &err) != AW_OK)
        end(d, "the pipe cannot be watched");
}

static void drop_sent(struct aw_devtools *d)
{
    aw_buf_consume(&d->out, d->sent);
    d->sent = 0;
}

/* What is left is moved down where it is no more than what went: all in all
 * no byte is moved more than once. */
static void write_out(struct aw_devtools *d)
{
    while (d->sent < d->out.len) {
        ssize_t put = send(d->config.fd, d->out.ptr + d->sent,
                           d->out.len - d->sent, MSG_NOSIGNAL);

        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0 && errno != EAGAIN)
            end(d, "the browser closed the pipe");
        if (put < 0)
            break;
        d->sent += (size_t)put;
    }
    if (d->sent >= d->out.len - d->sent)
        drop_sent(d);
}

static void on_pipe(void *self, int fd, unsigned events)
{
    struct aw_devtools *d = self;

    (void)fd;
    if (d->out.rc != AW_OK) {
        end(d, "the browser takes no more commands");
        return;
    }
    if (events & AW_LOOP_WRITE)
        write_out(d);
    if (events & AW_LOOP_READ)
        for (int i = 0; !d->over && i < READS_A_TURN && read_piece(d); i++)
            ;
    watch(d);
}

static bool add_pending(struct aw_devtools *d, aw_devtools_reply_fn *call,
                        void *self)
{
    struct pending *p;

    if (!call)
        return true;
    p = d->pending_count < AW_DEVTOOLS_PENDING_MAX ? malloc(sizeof *p) : NULL;
    if (!p)
        return false;
    *p = (struct pending){d->pending, d->last_id, call, self};
    d->pending = p;
    d->pending_count++;
    return true;
}

void aw_devtools_send(struct aw_devtools *d, const char *session,
                      const char *method, struct aw_str params,
                      aw_devtools_reply_fn *call, void *self)
{
    struct aw_buf *out = &d->out;

    if (d->over)
        return;
    if (out->len + params.len + COMMAND_ROOM > AW_DEVTOOLS_QUEUE_MAX)
        drop_sent(d);
    d->last_id++;
    aw_buf_printf(out, "{\"id\":%lld,\"method\":\"%s\"", (long long)d->last_id,
                  method);
    if (*session)
        aw_json_text(out, "sessionId", aw_str_of(session));
    if (params.len > 0)
        aw_json_raw(out, "params", params);
    aw_buf_putc(out, '}');
    aw_buf_append(out, "", 1);
    if (!add_pending(d, call, self))
        out->rc = AW_LIMIT;
    watch(d);
}

void aw_devtools_forget(struct aw_devtools *d, const void *self)
{
    for (struct pending *p = d ? d->pending : NULL; p; p = p->next)
        if (p->self == self)
            p->on_reply = NULL;
}

/* ---- life --------------------------------------------------------------- */

aw_rc aw_devtools_new(struct aw_devtools **out,
                      const struct aw_devtools_config *config,
                      struct aw_err *err)
{
    struct aw_devtools *d = calloc(1, sizeof *d);
    aw_rc rc;

    if (!d)
        return aw_fail(err, AW_NOMEM, "out of memory");
    d->config = *config;
    aw_buf_init(&d->in, AW_DEVTOOLS_MESSAGE_MAX);
    aw_buf_init(&d->out, AW_DEVTOOLS_QUEUE_MAX);
    rc = aw_loop_watch(config->loop, config->fd, AW_LOOP_READ,
                       (struct aw_loop_watch){on_pipe, d}, err);
    if (rc != AW_OK) {
        aw_devtools_free(d);
        return rc;
    }
    *out = d;
    return AW_OK;
}

void aw_devtools_free(struct aw_devtools *d)
{
    if (!d)
        return;
    if (!d->over)
        aw_loop_unwatch(d->config.loop, d->config.fd);
    while (d->pending) {
        struct pending *p = d->pending;

        d->pending = p->next;
        free(p);
    }
    aw_buf_deinit(&d->in);
    aw_buf_deinit(&d->out);
    free(d);
}

/* ---- base64 ------------------------------------------------------------- */

void aw_devtools_put_base64(struct aw_buf *out, const char *name,
                            struct aw_str bytes)
{
    aw_json_raw(out, name, AW_STR("\""));
    for (size_t at = 0; at < bytes.len; at += BASE64_PIECE) {
        struct aw_str piece = aw_str_sub(bytes, at, BASE64_PIECE);
        char *room = aw_buf_reserve(out, piece.len / 3 * 4 + 5);

        if (!room)
            return;
        out->len += (size_t)EVP_EncodeBlock((unsigned char *)room,
                                            (const unsigned char *)piece.ptr,
                                            (int)piece.len);
    }
    aw_buf_putc(out, '"');
}

/* EVP_DecodeBlock counts what '=' stands for as bytes. */
static size_t padding_of(struct aw_str text)
{
    if (aw_str_ends(text, AW_STR("==")))
        return 2;
    return aw_str_ends(text, AW_STR("=")) ? 1 : 0;
}

aw_rc aw_devtools_base64(struct aw_str text, struct aw_buf *out,
                         struct aw_err *err)
{
    char *room;
    int len;

    if (text.len % 4 != 0 || text.len > AW_DEVTOOLS_MESSAGE_MAX)
        return aw_fail(err, AW_INVALID, "this is no base64");
    if (text.len == 0)
        return AW_OK;
    room = aw_buf_reserve(out, text.len / 4 * 3 + 1);
    if (!room)
        return aw_buf_check(out, err);
    len = EVP_DecodeBlock((unsigned char *)room,
                          (const unsigned char *)text.ptr, (int)text.len);
    if (len < (int)padding_of(text))
        return aw_fail(err, AW_INVALID, "this is no base64");
    out->len += (size_t)len - padding_of(text);
    return AW_OK;
}
