#include "archive/warc_private.h"

#define SIZE_DIGITS_MAX                                 \
    15 /* hex digits of a chunk's size: fits in int64_t \
        */

/* "1f;name=value" gives 31; -1 where it starts with no number. */
static int64_t size_of(struct aw_str line)
{
    int64_t size = 0;
    size_t digits = 0;

    while (digits < line.len && aw_hex_value(line.ptr[digits]) >= 0) {
        if (digits == SIZE_DIGITS_MAX)
            return -1;
        size = size * 16 + aw_hex_value(line.ptr[digits++]);
    }
    line = aw_str_trim(aw_str_sub(line, digits, line.len));
    return digits > 0 && (line.len == 0 || line.ptr[0] == ';') ? size : -1;
}

/* Moves the payload of the first chunk; false where there is none. */
static bool take_chunk(struct aw_str *rest, struct aw_buf *out)
{
    struct aw_str line = {0};
    int64_t size;

    (void)aw_str_split(rest, '\n', &line);
    size = size_of(line);
    if (size <= 0) {
        *rest = (struct aw_str){0}; /* trailers are no part of the payload */
        return size == 0;
    }
    aw_buf_put(out, aw_str_sub(*rest, 0, (size_t)size));
    *rest = aw_str_sub(*rest, (size_t)size, rest->len);
    if (rest->len == 0) /* cut off */
        return true;
    (void)aw_str_split(rest, '\n', &line);
    return aw_str_trim(line).len == 0;
}

aw_rc aw_warc_unchunk(struct aw_str body, struct aw_buf *out,
                      struct aw_err *err)
{
    size_t before = out->len;
    bool ok = aw_str_find(body, AW_STR("\r\n")) > 0;

    while (ok && body.len > 0)
        ok = take_chunk(&body, out);
    if (ok)
        return aw_buf_check(out, err);
    out->len = before;
    return aw_fail(err, AW_INVALID, "the body is not in chunks");
}
