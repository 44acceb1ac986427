#include "base/buf.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BUF_FIRST 256

void aw_buf_init(struct aw_buf *buf, size_t max)
{
    *buf = (struct aw_buf){.max = max < SIZE_MAX / 4 ? max : SIZE_MAX / 4};
}

void aw_buf_deinit(struct aw_buf *buf)
{
    free(buf->ptr);
    *buf = (struct aw_buf){0};
}

void aw_buf_reset(struct aw_buf *buf)
{
    buf->len = 0;
    buf->rc = AW_OK;
    if (buf->ptr)
        buf->ptr[0] = '\0';
}

static size_t grown_cap(const struct aw_buf *buf, size_t need)
{
    size_t cap = buf->cap ? buf->cap : BUF_FIRST;

    while (cap < need)
        cap *= 2;
    return cap;
}

char *aw_buf_reserve(struct aw_buf *buf, size_t len)
{
    char *grown;
    size_t cap;

    if (buf->rc != AW_OK)
        return NULL;
    if (len > buf->max || buf->len > buf->max - len) {
        buf->rc = AW_LIMIT;
        return NULL;
    }
    if (buf->cap > buf->len + len)
        return buf->ptr + buf->len;
    cap = grown_cap(buf, buf->len + len + 1);
    grown = realloc(buf->ptr, cap);
    if (!grown) {
        buf->rc = AW_NOMEM;
        return NULL;
    }
    buf->ptr = grown;
    buf->cap = cap;
    return buf->ptr + buf->len;
}

void aw_buf_append(struct aw_buf *buf, const void *bytes, size_t len)
{
    char *at = aw_buf_reserve(buf, len);

    if (!at)
        return;
    if (len > 0)
        memcpy(at, bytes, len);
    buf->len += len;
    buf->ptr[buf->len] = '\0';
}

void aw_buf_put(struct aw_buf *buf, struct aw_str text)
{
    aw_buf_append(buf, text.ptr, text.len);
}

void aw_buf_puts(struct aw_buf *buf, const char *text)
{
    aw_buf_append(buf, text, strlen(text));
}

void aw_buf_putc(struct aw_buf *buf, char c)
{
    aw_buf_append(buf, &c, 1);
}

/* Most texts fit where they go: they are written once. */
void aw_buf_printf(struct aw_buf *buf, const char *fmt, ...)
{
    bool has_room = buf->rc == AW_OK && buf->ptr && buf->cap > buf->len;
    size_t room = has_room ? buf->cap - buf->len : 0;
    va_list args;
    char *at;
    int len;

    va_start(args, fmt);
    len = vsnprintf(has_room ? buf->ptr + buf->len : NULL, room, fmt, args);
    va_end(args);
    if (len < 0 && buf->rc == AW_OK)
        buf->rc = AW_INVALID; /* longer than INT_MAX, or bad wide text */
    at = len < 0 ? NULL : aw_buf_reserve(buf, (size_t)len);
    if (!at) {
        if (has_room && buf->ptr)
            buf->ptr[buf->len] = '\0';
        return;
    }
    if ((size_t)len >= room) {
        va_start(args, fmt);
        (void)vsnprintf(at, (size_t)len + 1, fmt, args);
        va_end(args);
    }
    buf->len += (size_t)len;
}

void aw_buf_consume(struct aw_buf *buf, size_t len)
{
    if (len > buf->len)
        len = buf->len;
    if (len == 0)
        return;
    memmove(buf->ptr, buf->ptr + len, buf->len - len);
    buf->len -= len;
    buf->ptr[buf->len] = '\0';
}

struct aw_str aw_buf_str(const struct aw_buf *buf)
{
    return (struct aw_str){buf->ptr, buf->len};
}

aw_rc aw_buf_check(const struct aw_buf *buf, struct aw_err *err)
{
    if (buf->rc == AW_LIMIT)
        return aw_fail(err, AW_LIMIT, "more than %zu bytes", buf->max);
    if (buf->rc != AW_OK)
        return aw_fail(err, buf->rc, "%s", aw_rc_text(buf->rc));
    return AW_OK;
}
