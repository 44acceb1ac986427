/* buf.h - a byte buffer that grows up to a limit given at its making.
 *
 * Appending returns nothing: the first failure (limit or memory) sticks in
 * `rc`, later appends do nothing, and aw_buf_check tells at the end. So a
 * caller builds a whole text and asks once.
 *
 *     struct aw_buf out;
 *     aw_buf_init(&out, AW_PAGE_MAX);
 *     aw_buf_printf(&out, "HTTP/1.1 %d\r\n", status);
 *     rc = aw_buf_check(&out, err);
 *     aw_buf_deinit(&out);
 *
 * A zeroed struct is a buffer of limit 0, safe to deinit. The bytes are
 * always followed by a NUL that is not counted in len, but for those that a
 * caller of aw_buf_reserve put there itself.
 */
#ifndef AW_BASE_BUF_H
#define AW_BASE_BUF_H

#include "base/error.h"
#include "base/str.h"

struct aw_buf {
    char *ptr;
    size_t len;
    size_t cap;
    size_t max; /* bytes, without the NUL */
    aw_rc rc;
};

void aw_buf_init(struct aw_buf *buf, size_t max);
void aw_buf_deinit(struct aw_buf *buf);

/* Empties the buffer and forgets a failure; keeps the memory. */
void aw_buf_reset(struct aw_buf *buf);

void aw_buf_append(struct aw_buf *buf, const void *bytes, size_t len);
void aw_buf_put(struct aw_buf *buf, struct aw_str text);
void aw_buf_puts(struct aw_buf *buf, const char *text);
void aw_buf_putc(struct aw_buf *buf, char c);
void aw_buf_printf(struct aw_buf *buf, const char *fmt, ...) AW_PRINTF(2, 3);

/* Makes room for len more bytes and returns where they go, or NULL; the
 * caller adds to buf->len what it used. */
char *aw_buf_reserve(struct aw_buf *buf, size_t len);

/* Takes the first len bytes away. */
void aw_buf_consume(struct aw_buf *buf, size_t len);

struct aw_str aw_buf_str(const struct aw_buf *buf);

/* AW_OK, or the failure that stuck: AW_LIMIT with the limit, AW_NOMEM, or
 * AW_INVALID where printf failed. */
aw_rc aw_buf_check(const struct aw_buf *buf, struct aw_err *err) AW_MUST_USE;

#endif
